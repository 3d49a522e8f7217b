"""Pack what the browser's Python needs into few archives, compiled beforehand.

As it comes, Pyodide fetches some forty packages, unpacks and compiles them in the reader's browser
at each start. Here that is done once, when the book is built, and what no notebook uses is left
out. What every notebook needs is put behind each other in packs: `python.js` unpacks these in a
tenth of the time that Python takes for a zip. SciPy, which few need, keeps Pyodide's own format:
its loader reads it by a lock file of ours.
"""

import json
import shutil
import subprocess
import zipfile
from gzip import compress
from hashlib import sha256
from pathlib import Path

from web.lite.fetch import MANIFEST

HERE = Path(__file__).parent
CORE = "pyodide.asm.js", "pyodide.asm.wasm", "pyodide.js", "pyodide.mjs"
STDLIB = "python_stdlib.zip"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same files make the same archives
# Packages by archive: SciPy waits until a cell wants it, the packs come before the first.
ARCHIVES = {
    "kernel": "asttokens comm decorator executing ipykernel ipython matplotlib_inline micropip "
    "packaging piplite pure_eval pygments pyodide_kernel six sqlite3 stack_data traitlets",
    "numerics": "contourpy cycler kiwisolver matplotlib numpy pillow pyparsing python_dateutil",
    "course": "anywidget ipywidgets psygnal schemdraw typing_extensions",
    "scipy": "scipy",
}
PACKS = "kernel", "numerics", "course"
# The kernel asks for these by name at its start: they are in its pack, or not needed.
ASKED_FOR = [
    "comm",
    "ipykernel",
    "ipython",
    "jedi",
    "micropip",
    "piplite",
    "pyodide_kernel",
    "sqlite3",
    "ssl",
]
NOT_NEEDED = [
    "**/tests",
    "**/*.pyi",
    "**/*.pxd",
    "**/*.pyx",
    "**/*.h",
    "**/*.a",
    "IPython/sphinxext",
    "PIL/_imagingcms*",
    "PIL/_imagingft*",
    "PIL/_webp*",
    "anywidget/nbextension",
    "dateutil/zoneinfo/*.tar.gz",
    "matplotlib/backends/*_cairo.py",
    "matplotlib/backends/*_gtk*.py",
    "matplotlib/backends/*_macosx.py",
    "matplotlib/backends/*_qt*.py",
    "matplotlib/backends/*_tk*.py",
    "matplotlib/backends/*_wx*.py",
    "matplotlib/backends/_backend_[gt]*",
    "matplotlib/backends/qt_*",
    "matplotlib/backends/web_backend",
    "matplotlib/sphinxext",
    "mpl_toolkits",
    "matplotlib/mpl-data/fonts/afm",
    "matplotlib/mpl-data/fonts/pdfcorefonts",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSerif*",
    "matplotlib/mpl-data/images",
    "matplotlib/mpl-data/plot_directive",
    "matplotlib/mpl-data/sample_data",
    "numpy/distutils",
    "pygments/lexers/_*_builtins.py",
    "scipy/datasets",
    "scipy/io",
    "scipy/misc",
]


def bundle(pyodide: Path, wheels: list[Path], node: Path, package: Path, out: Path):
    """Write Pyodide's core, the archives and their lock file into the folder `out`."""
    tree = out.with_name("tree")
    _gather(tree, pyodide, wheels, package)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for name in (*CORE, STDLIB):
        shutil.copy(pyodide / name, out)

    def run(script, *packages):
        """Run a script in Pyodide, as far as it is there."""
        _write_lock(out, files)
        subprocess.run([node, HERE / "python.mjs", out, tree, HERE / script, *packages], check=True)

    openblas = next(name for name in MANIFEST["files"] if name.startswith("openblas-"))
    files = {"openblas": _named(shutil.copy(pyodide / openblas, out))}
    run("compile.py")
    files["scipy"] = _zip(tree / "scipy", out / "scipy.zip")
    run("prepare.py", "scipy")
    for name in PACKS:
        _pack(tree / name, out / f"{name}.pack")
    _zip(tree / "stdlib", out / STDLIB)
    _named(_write_lock(out, files))


def _gather(tree, pyodide, wheels, package):
    """Unpack all that goes into the archives, without what is not needed."""
    shutil.rmtree(tree, ignore_errors=True)
    for archive, names in ARCHIVES.items():
        for name in names.split():
            _unzip(_wheel_of(name, wheels), tree / archive)
        for pattern in NOT_NEEDED:
            for path in list((tree / archive).glob(pattern)):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    # IPython imports its terminal at each start; here is none.
    (tree / "kernel" / "IPython" / "terminal" / "embed.py").write_text("embed = None\n")
    plain = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, tree / "course" / package.name, ignore=plain)
    shutil.copytree(HERE / "browser", tree / "course" / "browser", ignore=plain)
    _unzip(pyodide / STDLIB, tree / "stdlib")


def _unzip(archive, folder):
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)


def _wheel_of(name, wheels):
    """Find the wheel of a package: the only one, for of two one is stale."""
    found = [wheel for wheel in wheels if wheel.name.partition("-")[0].lower() == name]
    if len(found) != 1:
        raise ValueError(f"{name} must have one wheel, not {[wheel.name for wheel in found]}")
    return found[0]


def _contents(folder):
    """Names and bytes of all files below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def _zip(folder, archive):
    """Zip what is below a folder; return the archive."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in _contents(folder).items():
            packed.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return _named(archive)


def _pack(folder, archive):
    """Put what is below a folder into a pack: its files, after a list of their names and sizes."""
    contents = _contents(folder)
    listed = json.dumps([[name, len(content)] for name, content in contents.items()]).encode()
    body = b"".join([len(listed).to_bytes(4, "little"), listed, *contents.values()])
    archive.write_bytes(compress(body, mtime=0))
    return _named(archive)


def _named(path):
    """Put a hash of its content into a file's name: what an address holds never changes."""
    path = Path(path)
    digest = sha256(path.read_bytes()).hexdigest()[:12]
    return path.rename(path.with_stem(f"{path.stem}-{digest}"))


def _entry(name, file):
    """What Pyodide's loader is told of an archive."""
    shared = name == "openblas"
    return {
        "name": name.replace("_", "-"),
        "version": MANIFEST["version"],
        "file_name": file.name,
        "install_dir": "dynlib" if shared else "site",
        "package_type": "shared_library" if shared else "package",
        "sha256": sha256(file.read_bytes()).hexdigest(),
        "depends": [] if shared else ["openblas"],
        "imports": [] if shared else [name],
        "unvendored_tests": False,
    }


def _write_lock(folder, files):
    """Tell Pyodide's loader which archive has what."""
    entries = [_entry(name, file) for name, file in files.items()]
    packages = {entry["name"]: entry for entry in entries}
    path = folder / "pyodide-lock.json"
    path.write_text(json.dumps({"info": MANIFEST["info"], "packages": packages}, indent=1), "utf-8")
    return path
