"""Fetching Pyodide: in order, whole, and only the right files."""

import http.server
import threading
import zipfile
from functools import partial
from hashlib import sha256

import pytest

from web.lite import fetch as fetching
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
