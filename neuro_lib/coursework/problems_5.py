"""Problem set 5, many spikes in and few out: what is given, and the checks."""

from typing import NamedTuple

import numpy as np

from neuro_lib.analysis.spikes import interval_cv, intervals
from neuro_lib.analysis.volleys import spikes_to_fire
from neuro_lib.coursework.judges import (
    amount,
    average,
    follow_through,
    judge_function,
    judge_parts,
    recognise_slip,
    sees_plain,
)
from neuro_lib.coursework.student import draws
from neuro_lib.coursework.verdict import Verdict, judge_number
from neuro_lib.models.lif import LIF
from neuro_lib.models.nmda import MG_HALF, MG_STEEPNESS, magnesium_block

__all__ = [
    "Given",
    "check_cv",
    "check_half_block",
    "check_second_volley",
    "check_together",
    "check_unblocked",
    "given",
    "judge_cvs",
    "train",
]

COUNTED = {"rtol": 0.0, "atol": 1e-6}  # spikes; nobody measures them
READ_OFF = {"rtol": 0.0, "atol": 0.1}  # mV
NOT_ROUNDED = "There are no parts of a spike: round up."
BLOCKED = "This is the part that magnesium blocks."
PERCENT = "This is in percent. A pure number is wanted."


class Given(NamedTuple):
    """What a student's problems start from; every student has numbers of their own.

    Parameters
    ----------
    lif : LIF
        The neuron.
    epsp : float
        Height of one EPSP (mV); it rises at once, and decays with the membrane.
    pause : float
        Time between two volleys (ms).
    Mg : float
        Magnesium outside (mM).
    u_branch : float
        Potential of an active branch (mV).
    """

    lif: LIF
    epsp: float
    pause: float
    Mg: float
    u_branch: float

    def __str__(self):
        lif = self.lif
        return "\n".join(
            [
                f"tau_m = {lif.tau_m:g} ms, u_rest = {lif.u_rest:g} mV, theta = {lif.theta:g} mV",
                f"epsp = {self.epsp:g} mV, pause = {self.pause:g} ms",
                f"Mg = {self.Mg:g} mM, u_branch = {self.u_branch:g} mV",
            ]
        )


@draws
def given(pick):
    """Give the numbers that a student's problems start from."""
    tau_m = pick("tau_m", 8.0, 10.0, 12.0, 15.0, 18.0, 20.0, 25.0)
    u_rest = pick("u_rest", -72.0, -70.0, -68.0, -66.0, -65.0, -64.0)
    theta = u_rest + pick("theta", 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0)
    return Given(
        lif=LIF(tau_m=tau_m, u_rest=u_rest, theta=theta, u_r=u_rest),
        # No multiple of them is a whole number of millivolts, up to any threshold.
        epsp=pick("epsp", 0.37, 0.41, 0.43, 0.47, 0.53, 0.59, 0.61, 0.67, 0.71, 0.73),
        pause=round(2 * tau_m * pick("pause", 0.3, 0.4, 0.5, 0.6, 0.8)) / 2,
        Mg=pick("Mg", *np.arange(6, 25) / 10),
        u_branch=pick("u_branch", -48.0, -45.0, -42.0, -39.0, -36.0, -33.0, -30.0),
    )


@sees_plain
def check_together(answer, student):
    """Check how many EPSPs fire the neuron that arrive at once.

    Parameters
    ----------
    answer : float
        Number of EPSPs.
    student : Student
        Whose answer it is.
    """
    lif, epsp = given(student)[:2]
    gap = lif.theta - lif.u_rest
    right = spikes_to_fire(lif, epsp, tau_s=1.0)  # at once, whatever the synapse's own pace
    return recognise_slip(
        judge_number(answer, right, "", **COUNTED),
        answer,
        (gap / epsp, 0.5, NOT_ROUNDED),
        (right - 1, 0.0, "So many come close, and do not reach it."),
        (np.ceil(abs(lif.theta) / epsp), 0.0, "The way is from rest to the threshold."),
        (np.ceil(gap), 0.0, "That would be EPSPs of 1 mV."),
        **COUNTED,
    )


@sees_plain
def check_second_volley(answer, student, together=None):
    """Check how many EPSPs a second volley needs, when one was missing in the first.

    Parameters
    ----------
    answer : float
        Number of EPSPs.
    student : Student
        Whose answer it is.
    together : float, optional
        The answer to the problem before, from which this one may follow.
    """
    mine = given(student)
    right = spikes_to_fire(mine.lif, mine.epsp, tau_s=1.0)
    parts, rounded = _second(mine, right)
    verdict = recognise_slip(
        judge_number(answer, rounded, "", **COUNTED),
        answer,
        (parts, 0.5, NOT_ROUNDED),
        (1, 0.0, "In the pause the membrane forgets a part of the first volley."),
        (right, 0.0, "Something of the first volley is left."),
        (rounded - 1, 0.0, "So many come close, and do not reach it."),
        (_second(mine, right + 1)[1], 0.0, "In the first volley one was missing."),
        **COUNTED,
    )
    parts, rounded = _second(mine, amount(together))
    return follow_through(
        verdict,
        answer,
        "together",
        lambda: check_together(together, student),
        lambda _: [(rounded, 1.0, ""), (parts, 0.5, NOT_ROUNDED)] if parts > 0 else [],
        **COUNTED,
    )


def _second(mine, together):
    """How many EPSPs are missing after a volley of one too few, and a pause; and rounded up."""
    lif, epsp = mine.lif, mine.epsp
    left = (together - 1) * epsp * np.exp(-mine.pause / lif.tau_m)
    missing = (lif.theta - lif.u_rest - left) / epsp
    return missing, np.ceil(missing)


@sees_plain
def check_unblocked(answer, student):
    """Check how many NMDA channels are free of magnesium, half of the marks for each potential.

    Parameters
    ----------
    answer : array_like
        Share of free channels at rest, and in the branch (pure numbers), shape ``(2,)``.
    student : Student
        Whose answer it is.
    """
    mine = given(student)

    def judge(u):
        right = float(magnesium_block(u, Mg=mine.Mg))
        flipped = float(magnesium_block(-u, Mg=mine.Mg))
        reference = float(magnesium_block(u, Mg=MG_HALF))
        return lambda x: recognise_slip(
            judge_number(x, right, ""),
            x,
            (1 - right, 0.0, BLOCKED),
            (100 * right, 0.0, PERCENT),
            (flipped, 0.0, "Mind the sign of the potential: at rest most channels are blocked."),
            (reference, 0.0, "How much magnesium is outside?"),
        )

    judges = {"share at rest": judge(mine.lif.u_rest), "share in the branch": judge(mine.u_branch)}
    return judge_parts(answer, "two numbers", judges)


@sees_plain
def check_half_block(answer, student):
    """Check the potential at which half of the NMDA channels are free.

    Parameters
    ----------
    answer : float
        Potential (mV).
    student : Student
        Whose answer it is.
    """
    mine = given(student)
    ratio = mine.Mg / MG_HALF
    by_ten = np.log10(ratio) / MG_STEEPNESS
    return recognise_slip(
        judge_number(answer, np.log(ratio) / MG_STEEPNESS, "mV", **READ_OFF),
        answer,
        (by_ten, 0.0, "The logarithm that undoes e is the natural one."),
        **READ_OFF,
    )


def check_cv(function, student):
    """Try a student's coefficient of variation on a few spike trains.

    Parameters
    ----------
    function : callable
        ``cv(spike_times)``, returning a pure number.
    student : Student
        Whose function it is.
    """
    trials = [train(1, 1.0), train(2, 4.0), np.arange(5.0, 1500.0, 7.5)]
    copies = [(times.copy(),) for times in trials]
    return judge_function(function, copies, lambda results: judge_cvs(results, trials))


def train(seed, order, mean=20.0):
    """Make a spike train of 300 spikes that is more regular, the higher its order.

    Parameters
    ----------
    seed : int
        Same seed, same train.
    order : float
        Of the gamma distribution of its intervals (a pure number): 1 for a Poisson process.
    mean : float, optional
        Mean interval (ms).

    Returns
    -------
    ndarray, shape (300,)
        Spike times (ms), the first one late.

    Examples
    --------
    >>> round(interval_cv(train(2, 4.0)), 2)
    0.52
    """
    rng = np.random.default_rng(seed)
    return 10 * mean + np.cumsum(rng.gamma(order, mean / order, 300))


def judge_cvs(results, trials):
    """Judge the coefficients of variation that a function gave.

    Parameters
    ----------
    results : list
        For each trial, what the function returned: a number, or anything else.
    trials : list of ndarray
        What it was asked: spike times (ms).

    Returns
    -------
    Verdict
        The share of the trials that are right.

    Notes
    -----
    1 % leaves room for a standard deviation that is divided by one interval less.
    """
    return average(_one_cv(x, times) for x, times in zip(results, trials, strict=True))


def _one_cv(found, times):
    """Judge one coefficient of variation."""
    if found is None:
        return Verdict(0.0, "The function returns nothing yet.")
    between = intervals(times)
    right = interval_cv(times)
    tolerance = {"rtol": 0.01, "atol": 1e-6}  # of a clock, which has 0, the last digits are chance
    slips = [
        (right**2, "This is the variance over the square of the mean. Take the root."),
        (np.std(times) / np.mean(times), "It is the intervals that vary, not the times."),
        (np.std(between), "A spread in ms says little: compare it with the mean."),
        (np.var(between) / np.mean(between), "Is this still a pure number?"),
    ]
    if right > 1e-6:
        slips.append((1 / right, "This is the other way round."))
    return recognise_slip(
        judge_number(found, right, "", **tolerance),
        found,
        *((wrong, 0.0, said) for wrong, said in slips),
        **tolerance,
    )
