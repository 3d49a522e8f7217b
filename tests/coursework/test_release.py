"""What students get: complete, runnable, without a word of what instructors keep."""

import html
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.nbgraderformat import MetadataValidator
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

import neuro_lib
from coursework import problem_set, release
from coursework.problem_set import ProblemSet
from coursework.release import ROOT, problem_sets, student_version
from tests.coursework.leaks import SECRETS, leaks
from tests.coursework.notebooks import source, tasks

SETS = problem_sets()


@pytest.mark.parametrize("name", SETS)
def test_the_search_finds_what_is_there(name):
    assert len(SECRETS) > 20
    assert len(leaks(nbformat.writes(source(name)))) > 3
    marking = ROOT / "coursework" / "unseen" / f"{name}.py"
    if marking.exists():
        assert leaks(marking.read_text("utf-8"))


@pytest.mark.parametrize(
    "dress",
    [
        lambda line: f"before\n\t{line}\nafter",
        lambda line: nbformat.writes(new_notebook(cells=[new_code_cell(line)])),
        lambda line: highlight(line, PythonLexer(), HtmlFormatter()),  # as the book paints it
        lambda line: f"<p>{html.escape(line)}</p>",  # as the feedback shows it
    ],
    ids=["text", "notebook", "painted", "escaped"],
)
def test_the_search_finds_a_planted_leak_in_any_dress(dress):
    missed = [line for line in SECRETS if line not in leaks(dress(line))]
    assert not missed


def test_the_search_finds_nothing_where_nothing_is():
    assert not leaks("The rheobase is the smallest current that can take u to the threshold.")


@pytest.mark.parametrize("name", SETS)
def test_students_get_no_solution(name):
    text = nbformat.writes(student_version(name))
    assert not leaks(text)
    for word in ("SOLUTION", "HIDDEN", "unseen", "inputs_", "mark_"):
        assert word not in text


def test_the_package_holds_no_solution():
    for folder in neuro_lib.__path__:
        for path in Path(folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert not leaks(path.read_text("utf-8", errors="replace")), path


@pytest.mark.parametrize("name", SETS)
def test_nbgrader_accepts_the_notebook(name):
    for notebook in (source(name), student_version(name)):
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)
        ids = [cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells]
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", SETS)
def test_each_task_says_its_points_and_all_add_up(name):
    notebook = student_version(name)
    texts = {c.metadata["nbgrader"]["grade_id"]: c.source for c in notebook.cells}
    machine, by_hand = tasks(notebook)
    for task, points in {**machine, **by_hand}.items():
        assert re.search(rf"· {points} points · \d+ minutes$", texts[f"{task}_text"], re.M), task
    assert f"{sum(machine.values()) + sum(by_hand.values())} points" in notebook.cells[0].source
    for task in machine:
        earlier = ProblemSet.load(name).follows(task)
        assert texts[task] == f"check_{task}({', '.join([task, 'me', *earlier])})"
    for task in by_hand:
        assert "| points | for |" in texts[f"{task}_text"]


@pytest.fixture(scope="module")
def execute(tmp_path_factory):
    """A function that runs a notebook in a kernel, whose other notebooks leave it no names."""
    resources = {"metadata": {"path": str(tmp_path_factory.mktemp("kernel"))}}
    client = NotebookClient(new_notebook(), timeout=120, resources=resources)

    def execute(notebook):
        client.nb = new_notebook(cells=[new_code_cell("%reset -f"), *notebook.cells])
        for number, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, number)

    with client.setup_kernel():
        yield execute


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("make", [source, student_version])
def test_it_runs_in_a_kernel_and_says_what_is_missing(name, make, execute):
    notebook = make(name)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    execute(notebook)
    said = [
        output["data"]["text/plain"]
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata["nbgrader"]["grade"]
        for output in cell.outputs
    ]
    assert len(said) == len(tasks(notebook)[0])
    for verdict in said:
        assert verdict.startswith("✓ Right." if make is source else "✗ Not yet."), verdict


def test_the_zip_holds_every_set_and_is_the_same_each_time(tmp_path, monkeypatch, capsys):
    made = []
    for folder in ("one", "two"):
        monkeypatch.setattr(release, "OUT", tmp_path / folder)
        release.main()
        made.append((tmp_path / folder / "coursework.zip").read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "one" / "coursework.zip") as packed:
        assert packed.namelist() == [f"{name}.ipynb" for name in SETS]
    assert "to upload" in capsys.readouterr().out


@pytest.mark.slow
def test_nbgrader_makes_the_same_of_it_and_refuses_to_run_submissions(tmp_path):
    """As an instructor would who knows nbgrader: in the folder of its configuration."""
    shutil.copy(ROOT / "coursework" / "nbgrader_config.py", tmp_path)
    shutil.copytree(problem_set.SOURCE / SETS[0], tmp_path / "source" / SETS[0])
    found = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # its alembic
    folders = {
        f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")
    }

    def nbgrader(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=tmp_path,
            env={**os.environ, **folders, "PATH": found},
            capture_output=True,
            text=True,
        )

    made = nbgrader("generate_assignment", SETS[0])
    assert made.returncode == 0, made.stderr
    theirs = nbformat.read(tmp_path / "release" / SETS[0] / f"{SETS[0]}.ipynb", as_version=4)
    ours = student_version(SETS[0])
    assert [c.source for c in theirs.cells] == [c.source for c in ours.cells]
    assert [c.metadata for c in theirs.cells] == [c.metadata for c in ours.cells]

    theirs.cells.append(new_code_cell("open('it-ran', 'w').close()"))
    handed_in = tmp_path / "submitted" / "ada" / SETS[0]
    handed_in.mkdir(parents=True)
    nbformat.write(theirs, handed_in / f"{SETS[0]}.ipynb")
    refused = nbgrader("autograde", SETS[0])
    assert refused.returncode != 0
    assert "make grade" in refused.stderr
    assert not list(tmp_path.rglob("it-ran"))
    assert not list(tmp_path.rglob("autograded/**/*.ipynb"))
