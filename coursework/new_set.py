"""Write a problem set to start from: `make new-set NAME=problems_6`.

It is whole: a notebook with solutions, what is given and the checks, hidden inputs for a function,
right and wrong answers to test the checks with, and the goals. `make test-set SET=problems_6`
proves it; then each part is replaced by what the set is to be about.
"""

import argparse
import re
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursework.problem_set import ROOT

# Of each kind of cell: whether it is code, is locked, is graded, holds a solution.
KINDS = {
    "text": (False, True, False, False),
    "code": (True, True, False, False),
    "answer": (True, False, False, True),
    "check": (True, True, True, False),
    "words": (False, False, True, True),
}
SOLUTION = "### BEGIN SOLUTION\n{}\n### END SOLUTION"
WELCOME = """# Problem set {number}: what it is about

Two problems that the notebook can check and one that a person reads: 7 points, about half an hour.

Write only where a cell says `YOUR CODE HERE` or `YOUR ANSWER HERE`. The cell below each problem
tells you at once whether the answer is right, or what kind of wrong it is. Run it as often as you
like; trying costs nothing. What counts is what these names hold when the notebook has run from top
to bottom: *Kernel → Restart Kernel and Run All Cells* before you hand it in, under the name it
has.

Units throughout: ms, mV, nA, MΩ, nF. Numbers may be off by 1 %, unless a problem says otherwise."""
YOU = """## You

Write your id between the quotes, as the course knows you. It decides the numbers you work with,
so another student's results will not be yours."""
GIVEN = """if not me.named:
    print("There is no id yet: these are the numbers of an example.")
mine = given(me)
print(mine)"""
TIME_CONSTANT = """## 1. A value · 2 points · 5 minutes

What is the time constant of your membrane? The time after which half of a deflection is left earns
half of the points.

`time_constant`: in ms."""
DECAY = """## 2. A function · 3 points · 15 minutes

Write a function that gives what is left of a deflection after some time. Use Python and NumPy, and
nothing of `neuro_lib`. You will be marked on other membranes than the ones that the check tries.

- `u0`: the deflection at the start (mV).
- `t`: array of times (ms).
- `tau_m`: the time constant of the membrane (ms).
- Return the deflections in mV, one for each time."""
WORDS = """## 3. Say it in words · 2 points · 10 minutes

In two to four sentences: why does a deflection decay, and what sets its pace?

| points | for |
|---|---|
| 1 | the charge leaks off through the resistance |
| 1 | resistance and capacitance together set the time, and the size of the deflection does not |"""
MODEL_ANSWER = """The charge on the membrane leaks off through its resistance, so that the
deflection shrinks, the faster the larger it is. In a time R C it falls to 37 %, however large it
was."""
# Each cell: its nbgrader id, its kind, its points, its source.
CELLS = (
    ("welcome", "text", 0, WELCOME),
    (
        "imports",
        "code",
        0,
        "import numpy as np\nfrom neuro_lib.coursework import Student\n"
        "from neuro_lib.coursework.{name} import check_decay, check_time_constant, given",
    ),
    ("you", "text", 0, YOU),
    ("me_answer", "answer", 0, 'me = Student("")\n### BEGIN SOLUTION\n### END SOLUTION'),
    ("given", "code", 0, GIVEN),
    ("time_constant_text", "text", 0, TIME_CONSTANT),
    (
        "time_constant_answer",
        "answer",
        0,
        "time_constant = None  # ms\n" + SOLUTION.format("time_constant = mine.R * mine.C"),
    ),
    ("time_constant", "check", 2, "check_time_constant(time_constant, me)"),
    ("decay_text", "text", 0, DECAY),
    (
        "decay_answer",
        "answer",
        0,
        'def decay(u0, t, tau_m):\n    """Return what is left of a deflection (mV)."""\n'
        "    ### BEGIN SOLUTION\n"
        "    return u0 * np.exp(-np.asarray(t) / tau_m)\n"
        "    ### END SOLUTION",
    ),
    ("decay", "check", 3, "check_decay(decay, me)"),
    ("explanation_text", "text", 0, WORDS),
    ("explanation", "words", 2, MODEL_ANSWER),
)
CHECKS = '''"""Problem set {number}: what is given, and the checks."""

from typing import NamedTuple

import numpy as np

from neuro_lib.coursework.judges import average, judge_function, recognise_slip, sees_plain
from neuro_lib.coursework.student import draws
from neuro_lib.coursework.verdict import Verdict, judge_array, judge_number

__all__ = ["Given", "check_decay", "check_time_constant", "given", "judge_decays"]


class Given(NamedTuple):
    """What a student's problems start from; every student has numbers of their own.

    Parameters
    ----------
    R, C : float
        Resistance (MΩ) and capacitance (nF) of the membrane.
    """

    R: float
    C: float

    def __str__(self):
        return f"R = {{self.R:g}} MΩ, C = {{self.C:g}} nF"


@draws
def given(pick):
    """Give the numbers that a student's problems start from."""
    return Given(
        R=pick("R", 40.0, 45.0, 54.0, 60.0, 70.0, 80.0, 90.0, 105.0, 120.0),
        C=pick("C", 0.1, 0.13, 0.16, 0.2, 0.23, 0.26, 0.29),
    )


@sees_plain
def check_time_constant(answer, student):
    """Check the time constant of the membrane.

    Parameters
    ----------
    answer : float
        Time constant (ms).
    student : Student
        Whose answer it is.
    """
    mine = given(student)
    right = mine.R * mine.C
    return recognise_slip(
        judge_number(answer, right, "ms"),
        answer,
        (np.log(2) * right, 0.5, "After this time, half is left. After a time constant, less."),
        (mine.R / mine.C, 0.0, "Does a larger capacitor make it faster?"),
    )


def check_decay(function, student):
    """Try a student's function on a few times.

    Parameters
    ----------
    function : callable
        ``decay(u0, t, tau_m)``, returning deflections (mV).
    student : Student
        Whose function it is.
    """
    mine = given(student)
    t = np.linspace(0.0, 50.0, 21)
    trials = [(10.0, t, mine.R * mine.C), (-4.0, t[::2], 30.0)]
    copies = [(u0, t.copy(), tau_m) for u0, t, tau_m in trials]
    return judge_function(function, copies, lambda results: judge_decays(results, trials))


def judge_decays(results, trials):
    """Judge what a function gave.

    Parameters
    ----------
    results : list
        For each trial, what the function returned: deflections (mV), or anything else.
    trials : list of tuple
        What it was asked: deflection (mV), times (ms), time constant (ms).

    Returns
    -------
    Verdict
        The share of the trials that are right.
    """
    return average(_one_decay(u, *trial) for u, trial in zip(results, trials, strict=True))


def _one_decay(found, u0, t, tau_m):
    """Judge one course."""
    if found is None:
        return Verdict(0.0, "The function returns nothing yet.")
    return recognise_slip(
        judge_array(found, u0 * np.exp(-t / tau_m), "mV"),
        found,
        (u0 * np.exp(t / tau_m), 0.0, "It grows."),
    )
'''
UNSEEN = '''"""Marking of problem set {number}: the function meets membranes it has not seen."""

import numpy as np

from neuro_lib.coursework.{name} import judge_decays


def trials(student):
    """Deflections, times and time constants."""
    return [(7.0, np.array([0.0, 1.5, 40.0]), 23.0), (-3.0, np.linspace(2.0, 9.0, 8), 6.0)]


def inputs_decay(student):
    """Arguments of the function's calls: numbers and lists of them."""
    return [(u0, t.tolist(), tau_m) for u0, t, tau_m in trials(student)]


def mark_decay(answers, student):
    """Mark the deflections that the calls returned."""
    return judge_decays(answers, trials(student))
'''
TESTS = '''"""Problem set {number} is fair: right answers count, wrong ones get what they deserve.

`tests/coursework/test_sets.py` asks the checks of the answers below: they are those of `ME`.
"""

import numpy as np

from neuro_lib.coursework.{name} import given
from tests.coursework.notebooks import ME, checks

MINE = given(ME)
TAU = MINE.R * MINE.C
WRONG = [  # task, answer, a part of what is said
    ("time_constant", TAU / 1000, "is it in s?"),
    ("time_constant", MINE.R / MINE.C, "larger capacitor"),
    ("time_constant", "soon", "text"),
]
HALF = [("time_constant", np.log(2) * TAU, "half is left")]
RIGHT = [("time_constant", np.float32(TAU)), ("time_constant", float(f"{{TAU:.3g}}"))]
FOLLOWS = []  # task, a wrong earlier answer, what follows from it, its share of the marks


def test_the_decay_is_that_of_the_membrane_equation():
    """In small steps, by du/dt = -u/tau_m."""
    check = checks("{name}")["decay"]

    def euler(u0, t, tau_m):
        steps = [np.prod(np.full(4000, 1 - x / tau_m / 4000)) for x in t]
        return u0 * np.array(steps)

    assert check(euler, ME).right
    assert "It grows" in check(lambda u0, t, tau_m: u0 * np.exp(t / tau_m), ME).message
'''
TAKEN = r"(?m)^\| set \| taken \| of \|\n(\|.*\n)+"
GOALS = """{name}:
  time_constant: compute the time constant of a membrane
  decay: compute how a deflection decays, in code
  explanation: say what sets the pace of the decay
"""


def notebook(cells) -> nbformat.NotebookNode:
    """Return a notebook in nbgrader's form, of cells by id, kind, points and source."""
    return new_notebook(
        cells=[_cell(*cell, number) for number, cell in enumerate(cells)],
        metadata={
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
    )


def make(name: str, root: Path = ROOT) -> list[Path]:
    """Write a set of this name below a folder; return what was written.

    ValueError if it is no name, or anything of that name is there.
    """
    if not re.fullmatch(r"problems_[a-z0-9_]+", name):
        raise ValueError(f"NAME = {name!r}: a set is called problems_6, problems_synapses, ...")
    about = {"name": name, "number": name.removeprefix("problems_")}
    goals, guide = (root / "docs" / "guide" / file for file in ("goals.yml", "coursework.md"))
    cells = [(key, kind, points, _filled(text, about)) for key, kind, points, text in CELLS]
    texts = {
        root / "coursework" / "source" / name / f"{name}.ipynb": nbformat.writes(notebook(cells)),
        root / "neuro_lib" / "coursework" / f"{name}.py": CHECKS.format(**about),
        root / "coursework" / "unseen" / f"{name}.py": UNSEEN.format(**about),
        root / "tests" / "coursework" / f"test_{name}.py": TESTS.format(**about),
    }
    if there := [str(path) for path in texts if path.exists()]:
        raise ValueError(f"NAME = {name!r}: {there[0]} is there already")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.rstrip("\n") + "\n", "utf-8")
    with open(goals, "a", encoding="utf-8") as file:
        file.write(GOALS.format(**about))
    # What a script takes from the checks: the value of problem 1, and not the function.
    rows = re.sub(
        TAKEN, rf"\g<0>| {about['number']} | 2 | 5 |\n", guide.read_text("utf-8"), count=1
    )
    guide.write_text(rows, "utf-8")
    return [*texts, goals, guide]


def _cell(key, kind, points, source, number):
    code, locked, graded, solution = KINDS[kind]
    about = {
        "cell_type": "code" if code else "markdown",
        "grade": graded,
        "grade_id": key,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    about |= {"points": points} if graded else {}
    make_cell = new_code_cell if code else new_markdown_cell
    return make_cell(source, id=f"c{number:02}", metadata={"nbgrader": about})


def _filled(text, about):
    return text.replace("{name}", about["name"]).replace("{number}", about["number"])


def main(words=None):
    """Write the set, and say what comes next."""
    parser = argparse.ArgumentParser(prog="python -m coursework.new_set", description=__doc__)
    parser.add_argument("name", help="problems_6, for instance")
    name = parser.parse_args(words).name
    try:
        written = make(name)
    except ValueError as error:
        return str(error)
    for path in written:
        print(path)
    print(f"Now: make test-set SET={name}; then replace part by part, and try again.")


if __name__ == "__main__":
    sys.exit(main())
