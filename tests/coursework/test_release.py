"""What students get: complete, runnable, without a word of what instructors keep."""

import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.nbgraderformat import MetadataValidator

import neuro_lib
from coursework import release
from coursework.release import ROOT, problem_sets, student_version
from tests.coursework.leaks import SECRETS, leaks
from tests.coursework.notebooks import source, tasks

SETS = problem_sets()


def test_the_search_finds_what_is_there():
    assert len(SECRETS) > 20
    assert len(leaks(nbformat.writes(source("problems_1")))) > 10
    assert leaks((ROOT / "coursework/marking/problems_1.py").read_text("utf-8"))


@pytest.mark.parametrize("name", SETS)
def test_students_get_no_solution(name):
    text = nbformat.writes(student_version(name))
    assert not leaks(text)
    for word in ("SOLUTION", "HIDDEN", "marking", "inputs_", "mark_"):
        assert word not in text


def test_the_package_holds_no_solution():
    for folder in neuro_lib.__path__:
        for path in Path(folder).rglob("*"):
            if path.suffix in {".py", ".js", ".css", ".mplstyle"}:
                assert not leaks(path.read_text("utf-8")), path


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
        assert texts[task] == f"check_{task}({task}, me)"
    for task in by_hand:
        assert "| points | for |" in texts[f"{task}_text"]


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("make", [source, student_version])
def test_it_runs_in_a_kernel_and_says_what_is_missing(name, make, tmp_path):
    notebook = make(name)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, resources=resources).execute()
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
