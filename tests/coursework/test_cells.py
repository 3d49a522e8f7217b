"""A cell finds its place in the set by its id, its text, what it defines, or where it stands."""

import json
from copy import deepcopy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from coursework.grade.cells import (
    answer,
    belongs,
    changes,
    flags,
    placed,
    read_cells,
    stray,
    to_run,
)
from coursework.problem_set import ProblemSet
from coursework.release import problem_sets, student_version
from neuro_lib.coursework import Student
from tests.coursework.notebooks import source

SET = ProblemSet.load("problems_1")


def names(notebook, problem_set=SET):
    """Where the cells of a notebook find their places."""
    given = read_cells(nbformat.writes(notebook).encode())
    return [cell.name for cell in placed(given, problem_set)]


def without_ids(notebook):
    for cell in notebook.cells:
        cell.metadata = {}
    return notebook


@pytest.mark.parametrize("name", problem_sets())
@pytest.mark.parametrize("change", [str, lambda text: text + "\n", lambda text: f"\n{text}  "])
def test_a_notebook_without_ids_is_recognised(name, change):
    notebook = source(name)
    ids = [cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells]
    for cell in notebook.cells:
        cell.source = change(cell.source)
    found = names(without_ids(notebook), ProblemSet.load(name))
    optional = {"report_figure"}  # whatever the student draws stands there
    assert [n for n in found if n] == [n for n in ids if n not in optional]


def test_cells_pasted_into_another_notebook_are_recognised():
    notebook = without_ids(source("problems_1"))
    notebook.cells = [new_markdown_cell("# Mine")] + [
        cell for cell in notebook.cells if cell.cell_type == "code" or "Below the" in cell.source
    ]
    found = names(notebook)
    assert found[0] == ""
    assert {f"{task}_answer" for task in SET.points("code")} <= set(found)


def test_a_heading_is_enough_to_find_what_is_written_below_it():
    notebook = without_ids(source("problems_1"))
    for cell in notebook.cells:
        if cell.source.startswith("## 9."):
            cell.source = cell.source.partition("\n")[0] + "\n\nI have changed this text."
    assert names(notebook)[-1] == "explanation"


def test_an_answer_below_the_cell_for_it_counts():
    notebook = student_version("problems_1")
    notebook.cells.append(new_markdown_cell("Below the rheobase, nothing happens."))
    cells = placed(read_cells(nbformat.writes(notebook).encode()), SET)
    assert "nothing happens" in answer(cells, "explanation")["source"]
    assert not stray(cells)


def test_what_has_no_place_is_kept():
    notebook = source("problems_1")
    notebook.cells.insert(0, new_markdown_cell("Dear reader"))
    cells = placed(read_cells(nbformat.writes(notebook).encode()), SET)
    assert stray(cells) == ["Dear reader"]


def test_an_answer_in_a_cell_of_another_kind_is_run():
    notebook = source("problems_1")
    for cell in notebook.cells:
        if cell.metadata["nbgrader"]["grade_id"] == "rheobase_answer":
            cell.cell_type = "markdown"
            cell.source = f"```python\n{cell.source}\n```"
            del cell["outputs"], cell["execution_count"]
    cells = placed(read_cells(nbformat.writes(notebook).encode()), SET)
    run = dict(to_run(cells, SET, Student("ada")))
    assert "```" not in run["rheobase_answer"]
    assert "mine.lif.theta" in run["rheobase_answer"]


def test_prose_is_not_run_in_whatever_cell_it_stands():
    notebook = source("problems_1")
    text = notebook.cells[-1].source
    notebook.cells[-1] = new_code_cell(text, metadata=notebook.cells[-1].metadata)
    cells = placed(read_cells(nbformat.writes(notebook).encode()), SET)
    assert text not in dict(to_run(cells, SET, Student("ada"))).values()
    assert answer(cells, "explanation")["source"] == text


def test_a_check_that_is_pasted_is_not_run_and_not_taken_for_an_answer():
    notebook = without_ids(source("problems_1"))
    cells = placed(read_cells(nbformat.writes(notebook).encode()), SET)
    run = to_run(cells, SET, Student("ada"))
    assert not any("check_rheobase(rheobase" in text for _, text in run)
    assert dict(run)["me_answer"] == "me = Student('ada')"


@pytest.mark.parametrize("other", ["problems_2", "problems_3", "problems_4"])
def test_another_set_is_another_notebook(other):
    cells = placed(read_cells(nbformat.writes(source(other)).encode()), SET)
    assert not belongs(cells, SET)


def test_code_below_a_copied_check_is_run():
    notebook = without_ids(source("problems_1"))
    notebook.cells.append(new_code_cell("check_rates(rates, me)\nrates = [1.0] * 5"))
    cells = placed(read_cells(nbformat.writes(notebook).encode()), SET)
    assert "rates = [1.0] * 5" in to_run(cells, SET, Student("ada"))[-1][1]


def test_what_lost_its_id_is_told():
    notebook = source("problems_1")
    given = read_cells(nbformat.writes(without_ids(deepcopy(notebook))).encode())
    assert "lost their ids" in changes(given, placed(given, SET), SET)[0]
    given = read_cells(nbformat.writes(notebook).encode())
    assert changes(given, placed(given, SET), SET) == []


@pytest.mark.parametrize(
    ("name", "where", "code", "said"),
    [
        ("problems_4", "plain_answer", "from neuro_lib.coursework.unknown import truth_of", True),
        ("problems_4", "gamma_answer", "return coincidence_factor(a, b, duration=c)", True),
        ("problems_4", "itself_answer", "coincidence_factor(a, b, duration=c)", False),
        ("problems_1", "integrate_answer", "from neuro_lib import simulate", True),
        ("problems_1", "rates_answer", "LIF(tau_m=10.0)", False),
        ("problems_5", "cv_answer", "    intervals = np.diff(spike_times)  # interval_cv", False),
        ("problems_5", "cv_answer", "def intervals(x):\n    return np.diff(x)", False),
        ("problems_5", "cv_answer", "    return interval_cv(spike_times)", True),
        ("problems_5", "cv_answer", "import neuro_lib as n\nn.interval_cv(1)", True),
        ("problems_1", "rates_answer", "v._slip = lambda *a: None", True),
        ("problems_1", "rates_answer", "check_rates.__wrapped__", True),
    ],
)
def test_what_is_not_the_students_business_is_pointed_to(name, where, code, said):
    problem_set = ProblemSet.load(name)
    notebook = source(name)
    for cell in notebook.cells:
        if cell.metadata["nbgrader"]["grade_id"] == where:
            cell.source += f"\n{code}"
    cells = placed(read_cells(nbformat.writes(notebook).encode()), problem_set)
    found = flags(cells, problem_set)
    assert bool(found) is said
    assert all(where in one for one in found)


@pytest.mark.parametrize("name", problem_sets())
def test_the_model_solution_is_not_pointed_to(name):
    problem_set = ProblemSet.load(name)
    cells = placed(read_cells(nbformat.writes(source(name)).encode()), problem_set)
    assert flags(cells, problem_set) == []


def test_a_mark_of_the_encoding_is_no_part_of_a_text():
    cells = [{"cell_type": "code", "source": ["\ufeffx = 1\n", "y = 2"]}]
    (cell,) = read_cells(json.dumps({"cells": cells}).encode("utf-8-sig"))
    assert cell.source == "x = 1\ny = 2"
