"""The programs in tools/, and what web/_ext/ asks of Sphinx."""

import gzip
import importlib.util
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

ROOT = Path(__file__).parents[2]


def load(path):
    """Import a file that belongs to no package."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


clean_notebooks = load("tools/clean_notebooks.py")
serve = load("tools/serve.py")


# Style


def test_format_breaks_a_line_that_is_too_long(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "long.py"
    path.write_text(
        f'"""Add."""\n\nsum_ = sum([{", ".join(map(str, range(1000, 1020)))}])\n', "utf-8"
    )
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = re.search(r"^format:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)[1]
    for command in re.findall(r"^\t\$\(BIN\)/(ruff .*)", recipe, re.MULTILINE):
        subprocess.run([sys.executable, "-m", *command.split()], cwd=tmp_path, check=True)
    assert max(map(len, path.read_text("utf-8").splitlines())) <= 100


# Notebooks


def executed_notebook():
    """Return a notebook as an editor leaves it: one cell with every kind of output."""
    v4 = nbformat.v4
    outputs = [
        v4.new_output("stream", name="stdout", text="51.4"),
        v4.new_output("stream", name="stdout", text=" Hz\n"),
        v4.new_output("display_data", data={"text/plain": "<Figure>", "image/png": "aGk="}),
        v4.new_output("display_data", data={"application/javascript": "alert()"}),
        v4.new_output(
            "execute_result",
            execution_count=7,
            data={
                "text/plain": "rate 51.4 Hz",
                "text/html": "<figure></figure>",
                "application/vnd.jupyter.widget-view+json": {"model_id": "abc"},
            },
            metadata={"isolated": True},
        ),
    ]
    code = v4.new_code_cell(
        "1 + 1",
        outputs=outputs,
        execution_count=7,
        metadata={"execution": {"iopub.execute_input": "2026"}, "tags": ["hide-input"]},
    )
    return v4.new_notebook(
        cells=[v4.new_markdown_cell("# Title", metadata={"tags": []}), code],
        metadata={
            "kernelspec": {"name": "mine", "display_name": "Mine"},
            "widgets": {"application/vnd.jupyter.widget-state+json": {}},
        },
    )


@pytest.fixture
def dirty(tmp_path):
    path = tmp_path / "dirty.ipynb"
    nbformat.write(executed_notebook(), path)
    return path


def test_cleaning_keeps_text_and_drops_what_a_build_makes_anew(dirty):
    assert clean_notebooks.main([str(dirty)]) == 0
    text = dirty.read_text()
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    stream, figure, result = notebook.cells[1].outputs
    assert stream.text == "51.4 Hz\n"
    assert figure.data == {"text/plain": "<Figure>"}
    assert result.data == {"text/plain": "rate 51.4 Hz"}
    assert (result.execution_count, notebook.cells[1].execution_count) == (1, 1)
    assert notebook.cells[1].metadata == {"tags": ["hide-input"]}
    assert notebook.cells[0].metadata == {}
    assert notebook.metadata.kernelspec.name == "python3"
    assert "widgets" not in notebook.metadata
    assert text.endswith("}\n")


def test_cleaning_changes_no_word_of_source(dirty):
    before = [(cell.id, cell.source) for cell in nbformat.read(dirty, 4).cells]
    clean_notebooks.main([str(dirty)])
    assert [(cell.id, cell.source) for cell in nbformat.read(dirty, 4).cells] == before


def test_cleaning_twice_is_cleaning_once(dirty):
    clean_notebooks.main([str(dirty)])
    once = dirty.read_bytes()
    clean_notebooks.main([str(dirty)])
    assert dirty.read_bytes() == once


def test_check_names_offenders_and_leaves_them_alone(dirty, capsys):
    before = dirty.read_bytes()
    assert clean_notebooks.main(["--check", str(dirty.parent)]) == 1
    assert "dirty.ipynb" in capsys.readouterr().out
    assert dirty.read_bytes() == before
    clean_notebooks.main([str(dirty)])
    assert clean_notebooks.main(["--check", str(dirty.parent)]) == 0


@pytest.mark.parametrize(
    ("output", "complaint"),
    [
        (
            nbformat.v4.new_output(
                "execute_result", data={"text/plain": "<Line2D at 0x7f3a5c0d1e10>"}
            ),
            "memory address",
        ),
        (nbformat.v4.new_output("error", ename="NameError", evalue="x"), "NameError"),
    ],
    ids=["address", "error"],
)
def test_check_refuses_outputs_that_no_second_run_repeats(tmp_path, capsys, output, complaint):
    path = tmp_path / "notebook.ipynb"
    cell = nbformat.v4.new_code_cell("x", outputs=[output])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    clean_notebooks.main([str(path)])
    assert clean_notebooks.main(["--check", str(path)]) == 1
    assert complaint in capsys.readouterr().out


def test_execute_runs_in_the_notebooks_own_folder(tmp_path):
    (tmp_path / "data.txt").write_text("found")
    path = tmp_path / "notebook.ipynb"
    cell = nbformat.v4.new_code_cell("print(open('data.txt').read())")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    assert clean_notebooks.main(["--execute", str(path)]) == 0
    assert nbformat.read(path, 4).cells[0].outputs[0].text == "found\n"
    assert clean_notebooks.main(["--check", str(path)]) == 0


# The server


@pytest.fixture
def book(tmp_path):
    (tmp_path / "index.html").write_text("<h1>τ_m</h1>" * 100, encoding="utf-8")
    return tmp_path


@pytest.fixture
def address(book):
    server = serve.BookServer((serve.HOST, 0), partial(serve.BookHandler, directory=str(book)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{serve.HOST}:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_taken_port_gets_a_message_and_status_1(book):
    with socket.create_server((serve.HOST, 0)) as holder:
        port = holder.getsockname()[1]
        run = subprocess.run(
            [sys.executable, ROOT / "tools/serve.py", "--port", str(port), "--directory", book],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert run.returncode == 1
    assert f"Port {port} is taken" in run.stderr
    assert f"make serve PORT={port + 1}" in run.stderr
    assert "Traceback" not in run.stderr


def test_missing_book_gets_a_message_and_status_1(tmp_path):
    assert "make book" in serve.main(["--directory", str(tmp_path), "--port", "0"])


def test_unless_a_port_is_named_the_next_free_one_is_taken(book, monkeypatch, capsys):
    monkeypatch.setattr(serve.BookServer, "serve_forever", lambda self: None)
    with socket.create_server((serve.HOST, 0)) as holder:
        taken = holder.getsockname()[1]
        monkeypatch.setattr(serve, "PORTS", [taken, 0])
        assert serve.main(["--directory", str(book)]) is None
        assert f"{serve.HOST}:{taken}/" not in capsys.readouterr().out
        monkeypatch.setattr(serve, "PORTS", [taken])
        assert f"Port {taken} is taken" in serve.main(["--directory", str(book)])


@pytest.mark.parametrize("port", ["-1", "65536", "eighty"])
def test_impossible_port_is_refused(port, capsys):
    with pytest.raises(SystemExit):
        serve.main(["--port", port])
    assert "--port" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_pages_arrive_whole_and_are_asked_for_again(address, book, encoding):
    request = urllib.request.Request(f"{address}/index.html", headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(request) as reply:
        body = reply.read()
        assert reply.headers["Cache-Control"] == "no-cache"
        assert reply.headers["Content-Type"].startswith("text/html")
        assert int(reply.headers["Content-Length"]) == len(body)
        if encoding == "gzip":
            assert reply.headers["Content-Encoding"] == "gzip"
            body = gzip.decompress(body)
    assert body == (book / "index.html").read_bytes()


LONG = 50_000_000  # bytes; more than waits between two ends of a connection


def answering():
    """Whether a thread still sends an answer."""
    return any("process_request" in thread.name for thread in threading.enumerate())


def test_reader_who_goes_on_before_all_has_come_is_no_error(address, book, capfd):
    (book / "long.wasm").write_bytes(bytes(LONG))
    port = int(address.rpartition(":")[2])
    with socket.create_connection((serve.HOST, port)) as reader:
        reader.sendall(b"GET /long.wasm HTTP/1.1\r\nHost: here\r\n\r\n")
        assert reader.recv(100).startswith(b"HTTP/1.1 200")
    while answering():
        time.sleep(0.01)
    assert capfd.readouterr().err == ""


def test_what_goes_wrong_in_an_answer_is_told(address, monkeypatch, capfd):
    monkeypatch.setattr(serve.BookHandler, "send_head", lambda self: 1 / 0)
    with pytest.raises(ConnectionError):
        urllib.request.urlopen(f"{address}/index.html")
    while answering():
        time.sleep(0.01)
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_unchanged_page_is_not_sent_twice(address):
    with urllib.request.urlopen(f"{address}/index.html") as reply:
        stamp = reply.headers["Last-Modified"]
    request = urllib.request.Request(
        f"{address}/index.html",
        headers={"If-Modified-Since": stamp, "Accept-Encoding": "gzip"},
    )
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(request)
    answer.value.close()
    assert answer.value.code == 304


# The book's own Sphinx extension


book_extension = load("web/_ext/book.py")


@pytest.fixture
def sources(tmp_path):
    """A folder of sources with a package and a style sheet."""
    for name in ("neuro_lib/lif.py", "web/_static/book.css"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("first")
    return tmp_path


@pytest.fixture
def env(monkeypatch):
    """What Sphinx remembers of a book with one page that executes code and one that does not."""
    monkeypatch.setattr(
        book_extension.NbMetadataCollector,
        "get_exec_data",
        lambda env, page: {"runtime": 1.0} if page == "chapter" else None,
    )
    return SimpleNamespace(all_docs=["chapter", "references"])


def test_pages_with_code_are_executed_when_the_package_changed(sources, env):
    def to_execute():
        return book_extension.pages_to_execute(SimpleNamespace(srcdir=sources), env, (), (), ())

    assert to_execute() == ["chapter", "references"]  # a first build reads all
    assert to_execute() == []
    (sources / "neuro_lib" / "__pycache__").mkdir()
    (sources / "neuro_lib" / "__pycache__" / "lif.pyc").write_text("")
    (sources / "web" / "_static" / "book.css").write_text("second")
    assert to_execute() == []
    (sources / "neuro_lib" / "lif.py").write_text("second")
    assert to_execute() == ["chapter"]
    (sources / "web" / "_ext").mkdir()
    (sources / "web" / "_ext" / "book.py").write_text("second")
    assert to_execute() == ["chapter", "references"]


def test_all_pages_are_written_when_their_look_changed(sources, env):
    def to_write():
        return book_extension.pages_to_write(SimpleNamespace(srcdir=sources), env)

    assert to_write() == ["chapter", "references"]
    assert to_write() == []
    (sources / "web" / "_static" / "book.css").write_text("second")
    assert to_write() == ["chapter", "references"]
