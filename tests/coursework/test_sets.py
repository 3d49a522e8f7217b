"""Every problem set is fair: full marks for its solution, and what they deserve for answers.

The answers stand beside what is particular to a set: right ones in any dress, half right ones, and
wrong ones with a part of what is said of them, each with its task. They are those of `ME`.
"""

import re
from importlib import import_module

import numpy as np
import pytest

from coursework.grade.runner import call
from coursework.problem_set import ProblemSet
from coursework.release import problem_sets, student_version
from neuro_lib.coursework import Student
from tests.coursework.notebooks import ME, checks, run, source

SETS = problem_sets()
every_set = pytest.mark.parametrize("name", SETS)


def answers(*kinds):
    """Set, task, answer, and what follows, of the answers of some kinds."""
    listed = {name: import_module(f"tests.coursework.test_{name}") for name in SETS}
    return [
        (name, *answer)
        for name, module in listed.items()
        for kind in kinds
        for answer in getattr(module, kind)
    ]


def verdicts(name, names, student):
    """What is said of each task: by its check, and of a function also by its marking."""
    problem_set = ProblemSet.load(name)
    for task, check in checks(name).items():
        yield task, check(names[task], student)
        if ask := problem_set.marker("inputs", task):
            results = [call(names[task], arguments)[0] for arguments in ask(student)]
            yield f"marking of {task}", problem_set.checker(task)(results, student)


@every_set
@pytest.mark.parametrize("who", ["", ME.id, "grace-02", "s3", "s4", "s5"])
def test_the_model_solution_is_right_for_everybody(name, who):
    for task, verdict in verdicts(name, run(source(name), who), Student(who)):
        assert verdict.right, task


@every_set
def test_a_notebook_that_nobody_filled_in_runs_through_and_earns_nothing(name):
    for task, verdict in verdicts(name, run(student_version(name), ""), Student()):
        assert verdict.score == 0, task
        assert "nothing" in verdict.message, task


@pytest.mark.parametrize(("name", "task", "answer", "said"), answers("WRONG"))
def test_a_wrong_answer_earns_nothing_and_is_told_why(name, task, answer, said):
    verdict = checks(name)[task](answer, ME)
    assert verdict.score == 0
    assert said in verdict.message


@pytest.mark.parametrize(("name", "task", "answer", "said"), answers("HALF"))
def test_half_right_earns_half(name, task, answer, said):
    verdict = checks(name)[task](answer, ME)
    assert verdict.score == 0.5
    assert said in verdict.message


@pytest.mark.parametrize(("name", "task", "answer"), answers("RIGHT"))
def test_a_right_answer_counts_in_any_dress(name, task, answer):
    assert checks(name)[task](answer, ME).right


@every_set
def test_what_is_said_never_tells_the_answer(name):
    """No number of the right answer stands in a message."""
    names = run(source(name), ME.id)
    for of, task, answer, _ in answers("WRONG", "HALF"):
        if of == name:
            message = checks(name)[task](answer, ME).message
            for number in np.ravel(np.asarray(names[task], dtype=float)):
                if len(f"{number:.3g}") > 1:  # a digit tells nothing
                    assert not re.search(rf"(?<![\d.]){number:.3g}(?![\d.])", message), message


@every_set
@pytest.mark.parametrize(
    ("answer", "said"),
    [(3.0, "A function is wanted"), (lambda: [], "TypeError"), (lambda *a: 1 / 0, "Zero")],
)
def test_a_function_that_cannot_be_tried_is_told_why(name, answer, said):
    for task, check in checks(name).items():
        if ProblemSet.load(name).marker("inputs", task):
            verdict = check(answer, ME)
            assert verdict.score == 0
            assert said in verdict.message
