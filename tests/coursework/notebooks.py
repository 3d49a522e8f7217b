"""Run the code of a problem set in this process, and ask its checks."""

from functools import cache
from importlib import import_module

from coursework.problem_set import ProblemSet, source
from neuro_lib.coursework import Student

FORMS = ("code", "markdown")
ME, OTHER = Student("ada-01"), Student("grace-02")


def tasks(notebook):
    """Points by task, of the tasks that are marked: by the machine, by hand."""
    found = {form: {} for form in FORMS}
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade"):
            found[cell.cell_type][about["grade_id"]] = about["points"]
    return found["code"], found["markdown"]


# To read a notebook is to validate it: done once, since no test changes it.
read, load = cache(source), cache(ProblemSet.load)


@cache
def checks(problem_set):
    """What checks an answer, by task."""
    module = import_module(f"neuro_lib.coursework.{problem_set}")
    return {task: getattr(module, f"check_{task}") for task in tasks(read(problem_set))[0]}


def run(notebook, who, tasks=None, checked=True):
    """Names that a notebook's code cells leave, run for a student; figures are not shown.

    With tasks, only these are answered; unchecked, answers are not shown to their checks.
    """
    names = {}
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or about["grade_id"].endswith("_figure"):
            continue
        if about["grade"] and not checked:
            continue
        task, _, part = about["grade_id"].rpartition("_")
        if tasks and task and part in ("given", "answer") and task not in ("me", *tasks):
            continue
        if about["grade_id"] == "me_answer":
            exec(f"me = Student({who!r})", names)
        else:
            exec(cell.source, names)
    return names


@cache
def solved(problem_set, who, *tasks):
    """Names that the model solution leaves, run once for all tests, which ask the checks."""
    return run(read(problem_set), who, tasks, checked=False)
