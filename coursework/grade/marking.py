"""Mark a submission by what it computed. Nothing of the submission runs in this process."""

import builtins
import json
from dataclasses import dataclass, field

from coursework.grade.cells import changes, id_said, read_cells, to_run
from coursework.grade.collect import Submission
from coursework.grade.sandbox import Limits, run
from coursework.problem_set import ROOT, ProblemSet
from neuro_lib.coursework import Student, Verdict


@dataclass(frozen=True)
class Result:
    """What a submission earned, what was said of it, and what went wrong.

    `troubles` are for everybody. `errors`, by cell, are in words of the submission's own: it may
    have put into them what it was called with, so that students only learn their `kinds`.
    """

    student: str
    verdicts: dict
    troubles: tuple = ()
    errors: dict = field(default_factory=dict)
    cells: tuple = ()

    def kinds(self):
        """Return the kind of each cell's error."""
        return {name: _kind(error) for name, error in self.errors.items()}


def one_line(text, most=300):
    """Return a text on one line, without signs that a terminal or a file would stumble on."""
    text = " ".join(str(text)[:most].split())
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def mark(submission: Submission, problem_set: ProblemSet, limits: Limits, walled=True) -> Result:
    """Run and mark a submission; whatever is wrong with it ends up in the result."""
    try:
        return _mark(submission, problem_set, limits, walled)
    except Exception as error:  # a mistake of ours: one student's, and nobody else's
        said = one_line(f"the grader itself failed, {type(error).__name__}: {error}")
        return Result(submission.student, _nothing(problem_set), (said,))


def _mark(submission, problem_set, limits, walled):
    troubles = [one_line(submission.trouble)] if submission.trouble else []
    student = Student(submission.student)
    nothing = _nothing(problem_set)
    if not submission.notebook.strip():
        return Result(submission.student, nothing, tuple(troubles))
    try:
        cells = read_cells(submission.notebook)
    except ValueError as error:
        troubles.append(one_line(f"it is not a notebook: {error}"))
        return Result(submission.student, nothing, tuple(troubles))
    if not any(cell.name in problem_set.cells for cell in cells):
        troubles.append(f"it is another notebook: nothing in it belongs to {problem_set.name}")
        return Result(submission.student, nothing, tuple(troubles), cells=tuple(cells))
    troubles += changes(cells, problem_set)
    if (said := id_said(cells)) and said != student.id:
        troubles.append(one_line(f"the notebook is filled in for {said}, not for {student.id}"))
    answers, errors, trouble = _computed(cells, problem_set, student, limits, walled)
    troubles += [trouble] if trouble else []
    verdicts = {task: _judge(task, answers, problem_set, student) for task in nothing}
    return Result(submission.student, verdicts, tuple(troubles), errors, tuple(cells))


def _nothing(problem_set):
    return {task: Verdict(0.0, "There is nothing to mark.") for task in problem_set.points("code")}


def _computed(cells, problem_set, student, limits, walled):
    """Run a submission; return its answers and errors by name, and why it was ended."""
    tasks = problem_set.points("code")
    inputs = {t: ask(student) for t in tasks if (ask := problem_set.marker("inputs", t))}
    request = {
        "cells": to_run(cells, problem_set, student),
        "values": [task for task in tasks if task not in inputs],
        "inputs": inputs,
        "project": str(ROOT),
    }
    outcome = run(json.dumps(request).encode(), limits, walled=walled)
    if outcome.trouble:
        return {}, {}, outcome.trouble
    try:
        said = json.loads(outcome.output)
        answers, errors = dict(said["answers"]), dict(said["errors"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}, {}, "it ended without a result that can be read"
    for task, calls in inputs.items():
        if not isinstance(answers.get(task), list) or len(answers[task]) != len(calls):
            answers[task] = [None] * len(calls)
    names = [*(name for name, _ in request["cells"]), *inputs]
    return answers, {one_line(n): one_line(errors[n]) for n in names if n in errors}, ""


def _judge(task, answers, problem_set, student):
    if task not in answers:
        return Verdict(0.0, "There is nothing to mark.")
    try:
        verdict = problem_set.checker(task)(answers[task], student)
        return Verdict(verdict.score, one_line(verdict.message))
    except Exception as error:  # a mistake of ours: one task's, and no other's
        return Verdict(0.0, f"This could not be marked ({type(error).__name__}): ask for it.")


def _kind(error):
    """Return the kind of an error, if it is one of Python's own."""
    name = error.partition(":")[0]
    kind = getattr(builtins, name, None)
    return name if isinstance(kind, type) and issubclass(kind, BaseException) else "another error"
