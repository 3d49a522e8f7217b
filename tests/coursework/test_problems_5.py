"""Problem set 5 is fair: right answers in any style count, wrong ones get what they deserve.

`tests/coursework/test_sets.py` asks the checks of the answers below: they are those of `ME`.
"""

from itertools import pairwise
from statistics import fmean, pstdev, stdev

import numpy as np
import pytest
from scipy.optimize import brentq

from coursework.unseen.problems_5 import inputs_cv, mark_cv
from neuro_lib import magnesium_block, volley_peak
from neuro_lib.coursework import Student
from neuro_lib.coursework.problems_5 import given
from tests.coursework.notebooks import ME, checks, solved

MINE = given(ME)
L = MINE.lif
CHECKS = checks("problems_5")
GAP = L.theta - L.u_rest
ENOUGH = int(np.ceil(GAP / MINE.epsp))
KEPT = np.exp(-MINE.pause / L.tau_m)


def second(enough):
    """EPSPs that are missing after the pause."""
    return (GAP - (enough - 1) * MINE.epsp * KEPT) / MINE.epsp


MORE = int(np.ceil(second(ENOUGH)))
FREE = np.array([1 / (1 + MINE.Mg / 3.57 * np.exp(-0.062 * u)) for u in (L.u_rest, MINE.u_branch)])
HALFWAY = np.log(MINE.Mg / 3.57) / 0.062

WRONG = [
    ("together", ENOUGH - 1, "do not reach it"),
    ("together", np.ceil(-L.theta / MINE.epsp), "from rest to the threshold"),
    ("together", GAP, "of 1 mV"),
    ("together", 1.0, "different number"),
    ("together", [ENOUGH], "a list"),
    ("second_volley", 1, "forgets a part"),
    ("second_volley", ENOUGH, "is left"),
    ("second_volley", MORE - 1, "do not reach it"),
    ("unblocked", 1 - FREE, "that magnesium blocks"),
    ("unblocked", 100 * FREE, "in percent"),
    ("unblocked", FREE[::-1], "different number"),
    ("unblocked", FREE[0], "two numbers"),
    (
        "unblocked",
        magnesium_block([-L.u_rest, -MINE.u_branch], Mg=MINE.Mg),
        "sign of the potential",
    ),
    ("half_block", -HALFWAY, "the sign is not"),
    ("half_block", np.log10(MINE.Mg / 3.57) / 0.062, "natural one"),
    ("half_block", HALFWAY / 1000, "is it in V?"),
]
HALF = [
    ("together", GAP / MINE.epsp, "round up"),
    ("second_volley", second(ENOUGH), "round up"),
    ("unblocked", [FREE[0], 1 - FREE[1]], "share in the branch: ✗ Not yet. This is the part"),
    ("unblocked", [None, FREE[1]], "nothing here yet"),
]
RIGHT = [
    ("together", float(ENOUGH)),
    ("together", np.int64(ENOUGH)),
    ("second_volley", np.array(MORE)),
    ("unblocked", tuple(FREE)),
    ("unblocked", [float(f"{x:.3g}") for x in FREE]),
    ("half_block", round(HALFWAY, 1)),
]
FOLLOWS = [
    ("second_volley", ENOUGH - 3, np.ceil(second(ENOUGH - 3)), 1.0),
    ("second_volley", GAP / MINE.epsp - 4, second(GAP / MINE.epsp - 4), 0.5),
]
SOME = [Student(f"s{i}") for i in range(20)]


@pytest.mark.parametrize("student", SOME)
def test_so_many_fire_the_neuron_and_one_fewer_does_not(student):
    """By the package's own volleys, with a synapse that is all but instantaneous."""
    mine, names = given(student), solved("problems_5", student.id)
    lif, gap = mine.lif, mine.lif.theta - mine.lif.u_rest
    n, m = int(names["together"]), int(names["second_volley"])

    def peak(first, later):
        arrivals = [0.0] * first + [mine.pause] * later
        return volley_peak(lif, mine.epsp, arrivals, tau_s=1e-3)

    assert peak(n - 1, 0) < gap <= peak(n, 0)
    assert peak(n - 1, m - 1) < gap <= peak(n - 1, m) + 0.01


def test_half_of_the_channels_are_free_where_the_answer_says():
    halfway = brentq(lambda u: magnesium_block(u, Mg=MINE.Mg) - 0.5, -100.0, 50.0)
    assert CHECKS["half_block"](halfway, ME).right


def marked(answer):
    """The marks that a function earns: run on the hidden inputs, judged from what it returns."""
    return mark_cv([answer(np.array(times)) for (times,) in inputs_cv(ME)], ME)


@pytest.mark.parametrize(
    "style",
    [
        lambda t: np.std(np.diff(t)) / np.mean(np.diff(t)),
        lambda t: stdev(np.diff(t).tolist()) / fmean(np.diff(t)),  # over one interval less
        lambda t: pstdev([float(b - a) for a, b in pairwise(t)]) / np.diff(t).mean(),
        lambda t: np.sqrt(np.mean(np.diff(t) ** 2) / np.mean(np.diff(t)) ** 2 - 1 + 1e-14),
    ],
)
def test_a_coefficient_counts_in_any_style(style):
    assert CHECKS["cv"](style, ME).right
    assert marked(style).right


@pytest.mark.parametrize(
    ("slip", "most", "said"),
    [
        (lambda t: np.var(np.diff(t)) / np.mean(np.diff(t)) ** 2, 0.25, "Take the root"),
        (lambda t: np.std(t) / np.mean(t), 0, "not the times"),
        (lambda t: np.std(np.diff(t)), 0, "compare it with the mean"),
        (lambda t: np.var(np.diff(t)) / np.mean(np.diff(t)), 0, "a pure number"),
        (lambda t: np.mean(np.diff(t)) / np.std(np.diff(t)), 0.25, "other way round"),
        (lambda t: None, 0, "returns nothing yet"),
        (lambda t: np.diff(t), 0, "One number is wanted"),
        (lambda t: 1.0, 0.25, ""),
    ],
)
def test_a_slip_in_the_coefficient_costs_what_it_breaks(slip, most, said):
    verdict = marked(slip)
    assert verdict.score <= most
    assert said in verdict.message
