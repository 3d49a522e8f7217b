"""Mark a submission by what it computed. Nothing of the submission runs in this process."""

import json
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec

import nbformat

from coursework.grade.collect import Submission
from coursework.grade.sandbox import Limits, run
from coursework.release import ROOT, SOURCE
from neuro_lib.coursework import Student, Verdict


@dataclass(frozen=True)
class ProblemSet:
    """A problem set: its cells by nbgrader's ids, and its tasks with their points."""

    name: str
    cells: dict = field(repr=False)

    @classmethod
    def load(cls, name):
        """Read a problem set from its source."""
        notebook = nbformat.read(SOURCE / name / f"{name}.ipynb", as_version=4)
        return cls(name, {_id(cell): cell for cell in notebook.cells})

    def points(self, form):
        """Points of each task that is marked by the machine ("code") or by hand ("markdown")."""
        return {
            name: cell.metadata.nbgrader.points
            for name, cell in self.cells.items()
            if cell.metadata.nbgrader.grade and cell.cell_type == form
        }

    def marker(self, kind, task):
        """Return a private `inputs_<task>` or `mark_<task>`, if there is one."""
        name = f"coursework.marking.{self.name}"
        return getattr(import_module(name), f"{kind}_{task}", None) if find_spec(name) else None

    def checker(self, task):
        """Return what marks a task."""
        public = import_module(f"neuro_lib.coursework.{self.name}")
        return self.marker("mark", task) or getattr(public, f"check_{task}")


@dataclass(frozen=True)
class Result:
    """What a submission earned, what was said of it, and what went wrong."""

    student: str
    verdicts: dict
    troubles: tuple = ()
    essays: dict = field(default_factory=dict)


def mark(submission: Submission, problem_set: ProblemSet, limits: Limits, walled=True) -> Result:
    """Run and mark a submission; whatever is wrong with it ends up in the result."""
    troubles = [submission.trouble] if submission.trouble else []
    student = Student(submission.student)
    tasks = problem_set.points("code")
    nothing = {task: Verdict(0.0, "There is nothing to mark.") for task in tasks}
    if not submission.notebook:
        return Result(submission.student, nothing, tuple(troubles))
    try:
        cells = _cells(submission.notebook)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        troubles.append(f"it is not a notebook: {type(error).__name__}")
        return Result(submission.student, nothing, tuple(troubles))
    known = [_id(cell) for cell in cells if _id(cell) in problem_set.cells]
    if not known:
        troubles.append(f"it is another notebook: nothing in it belongs to {problem_set.name}")
        return Result(submission.student, nothing, tuple(troubles))
    if len(set(known)) < len(known):
        troubles.append("some cells are there twice; of a check, ours counts")
    if lost := [task for task in tasks if task not in known]:
        troubles.append(f"checks were deleted, and put back: {', '.join(lost)}")
    inputs = {t: ask(student) for t in tasks if (ask := problem_set.marker("inputs", t))}
    request = {
        "cells": _to_run(cells, problem_set, student),
        "values": [task for task in tasks if task not in inputs],
        "inputs": inputs,
        "project": str(ROOT),
    }
    outcome = run(json.dumps(request).encode(), limits, walled=walled)
    answers, errors = {}, {}
    if outcome.trouble:
        troubles.append(outcome.trouble)
    else:
        try:
            said = json.loads(outcome.output)
            answers, errors = dict(said["answers"]), dict(said["errors"])
        except (ValueError, KeyError, TypeError, RecursionError):
            troubles.append("it ended without a result that can be read")
    troubles += [f"{name}: {error}"[:400] for name, error in errors.items()]
    verdicts = {task: _judge(task, answers, inputs, problem_set, student) for task in tasks}
    essays = {_id(c): c.source for c in cells if _id(c) in problem_set.points("markdown")}
    return Result(submission.student, verdicts, tuple(troubles), essays)


def _judge(task, answers, inputs, problem_set, student):
    answer = answers.get(task)
    if task in inputs and not (isinstance(answer, list) and len(answer) == len(inputs[task])):
        return Verdict(0.0, "There is nothing to mark.")
    try:
        return problem_set.checker(task)(answer, student)
    except Exception as error:  # a mistake of ours: one task's, and nobody else's
        return Verdict(0.0, f"This could not be marked ({type(error).__name__}): ask for it.")


def _cells(notebook):
    """Return the cells of a notebook, each with its text; nothing asks for unique ids."""
    given = json.loads(notebook)
    cells = [nbformat.from_dict(cell) for cell in given["cells"]]
    for cell in cells:
        cell.source = "".join(cell.source)
        cell.metadata = cell.get("metadata", {})
    return cells


def _to_run(cells, problem_set, student):
    """Names and sources of the cells to run: answers and what was added; of all else, ours."""
    ours = {
        name: cell.source
        for name, cell in problem_set.cells.items()
        if cell.cell_type == "code"
        and cell.metadata.nbgrader.locked
        and not cell.metadata.nbgrader.grade
    }
    ours["me_answer"] = f"me = Student({student.id!r})"  # whatever the notebook says
    order = [name for name in problem_set.cells if name in ours]
    there = {_id(cell) for cell in cells}
    to_run = [(name, ours[name]) for name in order if name not in there]
    done = {name for name, _ in to_run}
    for number, cell in enumerate(cells):
        name = _id(cell)
        if cell.get("cell_type") != "code" or name in problem_set.points("code"):
            continue
        if name not in ours:
            to_run.append((name or f"cell {number + 1}", cell.source))
        elif name not in done:
            to_run.append((name, ours[name]))
            done.add(name)
    return to_run


def _id(cell):
    about = cell.metadata.get("nbgrader")
    name = about.get("grade_id") if isinstance(about, dict) else None
    return name if isinstance(name, str) else ""
