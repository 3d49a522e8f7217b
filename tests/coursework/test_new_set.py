"""A set that is begun with `make new-set` runs, is fair, and keeps its secrets as it is."""

import importlib
import importlib.util
import shutil
import sys

import nbformat
import pytest
import yaml
from nbgrader.nbgraderformat import MetadataValidator

import coursework.unseen
import neuro_lib.coursework
from coursework import new_set, problem_set, release
from coursework.grade.runner import call
from coursework.problem_set import ROOT, ProblemSet
from coursework.release import student_version
from neuro_lib.coursework import Student
from tests.coursework.notebooks import ME, run, source

NAME = "problems_new"


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A new set in a folder of its own, known to the course as long as the test lasts."""
    (tmp_path / "docs" / "guide").mkdir(parents=True)
    for name in ("goals.yml", "coursework.md"):
        shutil.copy(ROOT / "docs" / "guide" / name, tmp_path / "docs" / "guide")
    paths = new_set.make(NAME, tmp_path)
    for package, folder in (
        (neuro_lib.coursework, tmp_path / "neuro_lib" / "coursework"),
        (coursework.unseen, tmp_path / "coursework" / "unseen"),
    ):
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    for module in (problem_set, release):
        monkeypatch.setattr(module, "SOURCE", tmp_path / "coursework" / "source", raising=False)
    yield paths
    for name in [name for name in sys.modules if name.endswith(f".{NAME}")]:
        del sys.modules[name]


def answers(path):
    """The module of right and wrong answers that was written."""
    spec = importlib.util.spec_from_file_location(f"tests.{NAME}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_its_solution_is_right_and_its_slips_are_known(written):
    new = ProblemSet.load(NAME)
    module = importlib.import_module(f"neuro_lib.coursework.{NAME}")
    for who in ("", ME.id, "s3"):
        names = run(source(NAME), who)
        for task in new.points("code"):
            assert getattr(module, f"check_{task}")(names[task], Student(who)).right
        inputs = new.marker("inputs", "decay")(Student(who))
        results = [call(names["decay"], arguments)[0] for arguments in inputs]
        assert new.checker("decay")(results, Student(who)).right
    theirs = answers(written[3])
    theirs.test_the_decay_is_that_of_the_membrane_equation()
    for kind, score in (("WRONG", 0), ("HALF", 0.5)):
        for task, answer, said in getattr(theirs, kind):
            verdict = new.checker(task)(answer, ME)
            assert (verdict.score, said in verdict.message) == (score, True)
    assert all(new.checker(task)(answer, ME).right for task, answer in theirs.RIGHT)


def test_students_get_it_without_its_solutions(written):
    notebook = student_version(NAME)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    text = nbformat.writes(notebook)
    assert "mine.R * mine.C" in nbformat.writes(source(NAME))
    assert "mine.R * mine.C" not in text and "SOLUTION" not in text
    names = run(notebook, "")
    assert names["time_constant"] is None and names["decay"](1.0, [0.0], 1.0) is None


def test_the_guide_has_its_goals_and_what_its_checks_give_away(written):
    assert yaml.safe_load(written[4].read_text("utf-8"))[NAME].keys() == {
        "time_constant",
        "decay",
        "explanation",
    }
    before = (ROOT / "docs" / "guide" / "coursework.md").read_text("utf-8").splitlines()
    after = written[5].read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == ["| new | 2 | 5 |"]


@pytest.mark.parametrize("name", ["", "new", "../problems_9", "problems_A", "problems_1"])
def test_what_is_no_name_or_there_already_is_refused(name, capsys):
    said = new_set.main([name])
    assert said.startswith(f"NAME = {name!r}: ")
    assert capsys.readouterr().out == ""
