"""Problem set 1, numbers and the integrate-and-fire model: what is given, and the checks."""

from typing import NamedTuple

import numpy as np

from neuro_lib.coursework.answers import numbers, plain
from neuro_lib.coursework.judges import (
    amount,
    follow_through,
    judge_function,
    recognise_slip,
    sees_plain,
    verdict_on,
)
from neuro_lib.coursework.student import draws, listed
from neuro_lib.coursework.verdict import Verdict, judge_array, judge_number
from neuro_lib.data.counts import synapse_count
from neuro_lib.inputs.currents import constant_current, step_current
from neuro_lib.models.lif import LIF
from neuro_lib.models.simulation import simulate
from neuro_lib.units import hertz

__all__ = [
    "Given",
    "check_capacitance",
    "check_first_spike",
    "check_integrate",
    "check_rates",
    "check_rheobase",
    "check_steady_potential",
    "check_strong_rate",
    "check_synapses",
    "given",
    "judge_spikes",
]


RESTLESS = "It forgets the refractory time."
RESTLESS_RATE = "So often it would fire if it never had to recover from a spike."


class Given(NamedTuple):
    """What a student's problems start from; every student has numbers of their own.

    Parameters
    ----------
    lif : LIF
        The neuron.
    I_weak, I_strong : float
        A current below the rheobase, and one above it (nA).
    currents : tuple of float
        Currents for the f–I curve (nA).
    neurons, synapses_each, granule_share, granule_inputs : float
        A brain: its neurons; the synapses that each receives which is no granule cell; the share
        of granule cells (from 0 to 1); the synapses that a granule cell receives.
    """

    lif: LIF
    I_weak: float
    I_strong: float
    currents: tuple
    neurons: float
    synapses_each: float
    granule_share: float
    granule_inputs: float

    def __str__(self):
        lif = self.lif
        return "\n".join(
            [
                f"tau_m = {lif.tau_m:g} ms, R = {lif.R:g} MΩ, t_ref = {lif.t_ref:g} ms",
                f"u_rest = u_r = {lif.u_rest:g} mV, theta = {lif.theta:g} mV",
                f"I_weak = {self.I_weak:g} nA, I_strong = {self.I_strong:g} nA",
                f"currents = {listed(self.currents)} nA",
                f"a brain of {self.neurons:g} neurons: {self.granule_share:.0%} are granule cells, "
                f"each with {self.granule_inputs:g} synapses;",
                f"the others receive {self.synapses_each:g} synapses each",
            ]
        )


@draws
def given(pick):
    """Give the numbers that a student's problems start from."""
    u_rest = pick("u_rest", -72.0, -70.0, -68.0, -66.0, -65.0, -64.0)
    lif = LIF(
        tau_m=pick("tau_m", 8.0, 10.0, 12.5, 16.0, 20.0, 25.0),
        R=pick("R", 40.0, 50.0, 64.0, 80.0, 100.0),
        u_rest=u_rest,
        theta=u_rest + pick("theta", 12.0, 14.0, 15.0, 16.0, 18.0, 20.0),
        u_r=u_rest,
        t_ref=pick("t_ref", 1.5, 2.0, 2.5, 3.0),
    )
    I_strong = round(lif.rheobase * pick("I_strong", 1.5, 1.75, 2.0, 2.5), 2)
    return Given(
        lif=lif,
        I_weak=round(lif.rheobase * pick("I_weak", 0.4, 0.5, 0.6, 0.8), 2),
        I_strong=I_strong,
        currents=tuple(round(x * I_strong, 2) for x in (0.25, 0.5, 1.0, 2.0, 4.0)),
        neurons=pick("neurons", 2e9, 3e9, 6.4e9, 9e9, 86e9),
        synapses_each=pick("synapses", 4e3, 5e3, 7e3, 8e3, 1e4),
        granule_share=pick("granule share", 0.6, 0.7, 0.75, 0.8),
        granule_inputs=4.0,
    )


@sees_plain
def check_synapses(answer, student):
    """Check the number of synapses of the brain.

    Parameters
    ----------
    answer : float
        Number of synapses.
    student : Student
        Whose answer it is.
    """
    mine = given(student)
    right = synapse_count(*mine[-4:])
    if _is(answer, mine.neurons * mine.synapses_each):
        return Verdict(0.0, "This gives granule cells as many synapses as the other neurons.")
    return judge_number(answer, right, "")


@sees_plain
def check_rheobase(answer, student):
    """Check the smallest current that takes the potential to the threshold.

    Parameters
    ----------
    answer : float
        Rheobase (nA).
    student : Student
        Whose answer it is.
    """
    lif = given(student).lif
    if _is(answer, lif.theta / lif.R):
        return Verdict(0.0, "The current need not lift the potential from 0 mV.")
    return judge_number(answer, lif.rheobase, "nA")


@sees_plain
def check_capacitance(answer, student):
    """Check the capacitance of the membrane.

    Parameters
    ----------
    answer : float
        Capacitance (nF).
    student : Student
        Whose answer it is.
    """
    return judge_number(answer, given(student).lif.C, "nF")


@sees_plain
def check_steady_potential(answer, student):
    """Check where the potential settles under the weak current.

    Parameters
    ----------
    answer : float
        Potential (mV).
    student : Student
        Whose answer it is.
    """
    lif, I_weak = given(student)[:2]
    current = constant_current(I_weak, duration=50 * lif.tau_m, dt=lif.tau_m)
    settled = float(simulate(lif, current).u[-1])
    return judge_number(answer, settled, "mV", rtol=0.0, atol=0.1, u_rest=lif.u_rest)


@sees_plain
def check_first_spike(answer, student):
    """Check when the strong current, switched on at 0 ms, makes the neuron fire first.

    Parameters
    ----------
    answer : float
        Time (ms).
    student : Student
        Whose answer it is.
    """
    lif, _, I_strong = given(student)[:3]
    current = constant_current(I_strong, duration=10 * lif.tau_m, dt=lif.tau_m)
    right = float(simulate(lif, current).spike_times[0])
    if _is(answer, right + lif.t_ref):
        return Verdict(0.0, "Before the first spike there is nothing to recover from.")
    return judge_number(answer, right, "ms")


@sees_plain
def check_strong_rate(answer, student, first_spike=None):
    """Check the firing rate under the strong current.

    Parameters
    ----------
    answer : float
        Rate (Hz).
    student : Student
        Whose answer it is.
    first_spike : float, optional
        The answer to the problem before (ms), from which this one may follow.
    """
    lif, _, I_strong = given(student)[:3]
    right = lif.firing_rate(I_strong)
    climb = amount(first_spike)
    verdict = recognise_slip(
        judge_number(answer, right, "Hz"),
        answer,
        (hertz(hertz(right) - lif.t_ref), 0.5, RESTLESS_RATE),
    )
    return follow_through(
        verdict,
        answer,
        "first_spike",
        lambda: check_first_spike(first_spike, student),
        lambda _: [(hertz(climb + lif.t_ref), 1.0, ""), (hertz(climb), 0.5, RESTLESS_RATE)],
    )


def check_integrate(function, student):
    """Try a student's integrator on a few currents.

    Parameters
    ----------
    function : callable
        ``integrate(I, dt, tau_m, R, u_rest, theta, u_r, t_ref)``, returning spike times (ms).
    student : Student
        Whose function it is.
    """
    lif, I_weak, I_strong = given(student)[:3]
    trials = [
        (lif, constant_current(I_weak, duration=200.0, dt=0.02)),
        (lif, constant_current(I_strong, duration=200.0, dt=0.02)),
        (lif, step_current(I_strong, start=50.0, stop=120.0, duration=200.0, dt=0.02)),
    ]
    neuron = lif.tau_m, lif.R, lif.u_rest, lif.theta, lif.u_r, lif.t_ref
    calls = [(I.values[:-1].copy(), I.dt, *neuron) for _, I in trials]
    return judge_function(function, calls, lambda results: judge_spikes(results, trials))


def judge_spikes(results, trials):
    """Judge the spike times that an integrator found, allowing for the error of Euler's method.

    Parameters
    ----------
    results : list
        For each trial, what the integrator returned: spike times (ms), or anything else.
    trials : list of (LIF, Current)
        What it was asked.

    Returns
    -------
    Verdict
        The share of the trials that are right; nothing, if none with a spike in it is.

    Notes
    -----
    A spike may be off by 1 % of its time, and for each spike so far by two time steps: a little
    more than Euler's method is at steps of a five-hundredth of the time constant.
    """
    right = fired = 0
    message = ""
    for result, (lif, I) in zip(results, trials, strict=True):
        if result is None:  # of one trial: the others still count
            message = message or "The function returns nothing yet."
            continue
        expected = simulate(lif, I).spike_times
        found = numbers(plain(result))
        if found is None or found.size != max(found.shape, default=0):
            return Verdict(0.0, "It should return a list or an array of spike times, in ms.")
        found = found.ravel()  # one column or one row
        good, said = _same_spikes(found, expected, lif, I)
        right += good
        fired += good and len(expected) > 0
        message = message or said
    return Verdict(right / len(trials) if fired else 0.0, message)


def _same_spikes(found, expected, lif, I):
    """Whether spike times are right, and what kind of wrong they are."""

    def near(times):
        # A last spike that is near the end may be seen or not.
        n = min(len(times), len(expected))
        longer = expected if len(expected) > n else times
        allowed = 0.01 * longer + 2 * I.dt * np.arange(1, len(longer) + 1)
        same = np.all(np.abs(times[:n] - expected[:n]) <= allowed[:n])
        return bool(same and np.all(I.duration - longer[n:] <= allowed[n:]))

    if not np.all(np.isfinite(found)):
        return False, "A spike time is not a finite number."
    if near(found):
        return True, ""
    if len(found) and near(found * 1000):
        return False, "The times seem to be in s. They are wanted in ms."
    if len(found) and near(found * I.dt):
        return False, "The times seem to be counted in steps. They are wanted in ms."
    if not len(expected):
        return False, "It fires where the current is below the rheobase."
    if not len(found):
        return False, "It does not fire where the current is above the rheobase."
    if lif.t_ref and _is_restless(found, lif, I):
        return False, RESTLESS
    return False, "Some spikes are not where they should be."


def _is_restless(found, lif, I):
    """Whether these are about as many spikes as without a refractory time."""
    count = len(simulate(_restless(lif), I).spike_times)
    return abs(len(found) - count) <= 1 + count / 50


def _restless(lif):
    """The same neuron without a refractory time."""
    return LIF(tau_m=lif.tau_m, R=lif.R, u_rest=lif.u_rest, theta=lif.theta, u_r=lif.u_r)


@sees_plain
def check_rates(answer, student, integrate=None):
    """Check the points of the f–I curve.

    Parameters
    ----------
    answer : array_like
        Rates at the given currents (Hz), shape ``(5,)``.
    student : Student
        Whose answer it is.
    integrate : callable or Verdict, optional
        The integrator of the problem before, from which the rates may follow.
    """
    mine = given(student)
    right, restless = (
        lif.firing_rate(np.array(mine.currents)) for lif in (mine.lif, _restless(mine.lif))
    )
    verdict = recognise_slip(
        judge_array(answer, right, "Hz", rtol=0.03),
        answer,
        (restless, 0.5, RESTLESS_RATE),
        rtol=0.03,
    )
    return follow_through(
        verdict,
        answer,
        "integrate",
        lambda: verdict_on(integrate, check_integrate, student),
        lambda before: [(restless, 1.0, "")] if RESTLESS in before.message else [],
        rtol=0.03,
    )


def _is(answer, wrong):
    """Whether an answer is a particular wrong number."""
    return judge_number(answer, wrong, "").right
