"""Every problem set is fair: full marks for its solution, and what they deserve for answers.

The answers stand beside what is particular to a set: right ones in any dress, half right ones, and
wrong ones with a part of what is said of them, each with its task. They are those of `ME`.
"""

import re
from importlib import import_module
from itertools import permutations

import numpy as np
import pytest

from coursework.grade.runner import call
from coursework.release import problem_sets, student_version
from neuro_lib.coursework import Student
from neuro_lib.coursework.answers import plain
from tests.coursework.notebooks import ME, checks, load, run, solved
from tests.effort import some

SETS = problem_sets()
every_set = pytest.mark.parametrize("name", SETS)


def answers(name, *kinds):
    """Task, answer, and what follows, of the answers of some kinds to a set."""
    listed = import_module(f"tests.coursework.test_{name}")
    return [answer for kind in kinds for answer in getattr(listed, kind)]


def verdicts(name, names, student):
    """What is said of each task: by its check, and of a function also by its marking."""
    problem_set = load(name)
    for task, check in checks(name).items():
        yield task, check(names[task], student)
        if ask := problem_set.marker("inputs", task):
            results = [call(names[task], arguments)[0] for arguments in ask(student)]
            yield f"marking of {task}", problem_set.checker(task)(results, student)


@every_set
@pytest.mark.parametrize("who", some(["", ME.id, "grace-02", "s3", "s4", "s5"]))
def test_the_model_solution_is_right_for_everybody(name, who):
    for task, verdict in verdicts(name, solved(name, who), Student(who)):
        assert verdict.right, task


@every_set
def test_another_students_answers_are_not_ones_own(name):
    """Of a value; functions are for all neurons, and a model may predict more than its own."""
    for task, check in checks(name).items():
        if not load(name).marker("inputs", task):
            pairs = permutations((ME.id, "grace-02", "s3", "s4"), 2)
            shared = [check(solved(name, one)[task], Student(other)).right for one, other in pairs]
            assert sum(shared) <= 6, task  # half of them


@every_set
def test_a_notebook_that_nobody_filled_in_runs_through_and_earns_nothing(name):
    for task, verdict in verdicts(name, run(student_version(name), ""), Student()):
        assert verdict.score == 0, task
        assert "nothing" in verdict.message, task


@every_set
@pytest.mark.parametrize("kind, score", [("WRONG", 0), ("HALF", 0.5)])
def test_an_answer_earns_what_it_is_worth_and_is_told_why(name, kind, score):
    for task, answer, said in answers(name, kind):
        verdict = checks(name)[task](answer, ME)
        assert verdict.score == score, (task, answer)
        assert said in verdict.message, (task, answer)


@every_set
def test_a_right_answer_counts_in_any_dress(name):
    for task, answer in answers(name, "RIGHT"):
        assert checks(name)[task](answer, ME).right, (task, answer)


FOLLOWS = [(name, *answer) for name in SETS for answer in answers(name, "FOLLOWS")]


@pytest.mark.parametrize(("name", "task", "earlier", "answer", "score"), FOLLOWS)
def test_a_wrong_answer_does_not_cost_what_follows_from_it(name, task, earlier, answer, score):
    """In the notebook, and by the grader, who sees plain data, and of a function what it gave."""
    problem_set, check = load(name), checks(name)[task]
    (before,) = problem_set.follows(task)
    assert not checks(name)[before](earlier, ME).right
    assert check(answer, ME).score < score
    verdict = check(answer, ME, earlier)
    assert verdict.score == score
    assert "which is not right yet" in verdict.message
    if ask := problem_set.marker("inputs", before):
        results = [call(earlier, arguments)[0] for arguments in ask(ME)]
        earlier = problem_set.checker(before)(results, ME)
    assert check(plain(answer), ME, earlier if ask else plain(earlier)) == verdict


@pytest.mark.parametrize(("name", "task", "earlier", "answer", "score"), FOLLOWS)
def test_nothing_follows_from_what_is_right_or_nothing(name, task, earlier, answer, score):
    (before,) = load(name).follows(task)
    alone = checks(name)[task](answer, ME)
    right = solved(name, ME.id)[before]
    for other in (right, None, np.nan, 0, -1.0, [], "soon", [0.0] * 3, [None] * 3, lambda *a: 1.0):
        assert checks(name)[task](answer, ME, other) == alone


@every_set
def test_only_an_earlier_answer_can_have_consequences(name):
    problem_set = load(name)
    order = list(problem_set.points("code"))
    for k, task in enumerate(order):
        assert set(problem_set.follows(task)) <= set(order[:k]), task
        assert bool(problem_set.follows(task)) == any(f[:2] == (name, task) for f in FOLLOWS)


@every_set
def test_a_problem_says_which_slip_earns_a_part(name):
    for task in {task for task, _, _ in answers(name, "HALF")}:
        text = load(name).cells[f"{task}_text"].source
        assert re.search(r"\bhalf\b|its half|a third", " ".join(text.split())), task


@every_set
def test_what_is_said_never_tells_the_answer(name):
    """No number of the right answer stands in a message."""
    names = solved(name, ME.id)
    for task, answer, _ in answers(name, "WRONG", "HALF"):
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
        if load(name).marker("inputs", task):
            verdict = check(answer, ME)
            assert verdict.score == 0
            assert said in verdict.message
