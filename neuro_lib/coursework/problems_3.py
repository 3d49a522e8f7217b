"""Problem set 3, limitations and their repair: what is given, and the checks."""

from typing import NamedTuple

import numpy as np

from neuro_lib.analysis.patterns import firing_pattern
from neuro_lib.analysis.spikes import intervals
from neuro_lib.analysis.synaptic_responses import psp_amplitude
from neuro_lib.coursework.judges import (
    amount,
    average,
    follow_through,
    judge_course,
    judge_function,
    judge_parts,
    recognise_slip,
    sees_plain,
    verdict_on,
)
from neuro_lib.coursework.student import draws, listed
from neuro_lib.coursework.verdict import Verdict, judge_array, judge_number
from neuro_lib.inputs.currents import constant_current, step_current
from neuro_lib.models.adex import AdEx, meeting_potential, settled_pull
from neuro_lib.models.branched_lif import BranchedLIF
from neuro_lib.models.conductance_lif import (
    effective_time_constant,
    simulate_synapses,
    steady_potential,
)
from neuro_lib.models.filtered_lif import FilteredLIF
from neuro_lib.models.lif import LIF, relax
from neuro_lib.models.simulation import simulate
from neuro_lib.models.synapses import ExponentialSynapse
from neuro_lib.portable import Array, portable
from neuro_lib.units import hertz

__all__ = [
    "Given",
    "check_attenuation",
    "check_b_steady",
    "check_filters",
    "check_merging",
    "check_open_state",
    "check_potential",
    "check_reversal",
    "check_shunting",
    "conductances",
    "given",
    "judge_potentials",
    "step_spikes",
    "with_filters",
]

STEP_TIMES = {"start": 50.0, "stop": 450.0}  # ms
DT = 0.05  # ms, of the currents and conductances in problems 6 and 7
READ_OFF = {"rtol": 0.0, "atol": 0.05}  # mV; 1 % of a potential would be half a millivolt
FITTED = {"rtol": 0.0, "atol": 0.3}  # mV; the peaks are given to 0.01 mV
# A row of filters: name, lowest and highest value, unit; the unit of a slip, and how many of those
# make one. Wider ranges would hold no other pattern, but checks that take seconds without Numba.
ROW = (
    ("a", -0.1, 0.1, "µS", "nS", 1000.0),
    ("tau_w", 5.0, 1000.0, "ms", "s", 0.001),
    ("b", 0.0, 10.0, "nA", "pA", 1000.0),
    ("A", 0.0, 5.0, "nA", "pA", 1000.0),
    ("tau_f", 1.0, 1000.0, "ms", "s", 0.001),
)


FROZEN = "The driving force follows u; yours is that at rest."
SLOW = "It goes to the right place, but too slowly."


class Given(NamedTuple):
    """What a student's problems start from; every student has numbers of their own.

    Parameters
    ----------
    lif : LIF
        The neuron, without refractory time and without filters.
    I_step, I_down : float
        Currents of a step, above the rheobase and negative (nA).
    growth : float
        How much longer the last interval is to be than the first (a pure number).
    burst_size : int
        How many spikes a burst is to have.
    tau_w, interval : float
        Time constant of the adaptation, and the interval that it is to lead to (ms).
    adex : AdEx
        A neuron like `lif`, with an upswing and a filter that u drives.
    holds, peaks : tuple of float
        Where the neuron is held, and the peak of the PSP there (mV).
    g_open, E_open : tuple of float
        Two open synapses: conductances (µS) and reversal potentials (mV).
    excitation, inhibition : ExponentialSynapse
        Two synapses; the second reverses at rest.
    t_e, t_i : float
        When a spike arrives at each (ms).
    branched : BranchedLIF
        A neuron like `lif`, with two branches.
    """

    lif: LIF
    I_step: float
    I_down: float
    growth: float
    burst_size: int
    tau_w: float
    interval: float
    adex: AdEx
    holds: tuple
    peaks: tuple
    g_open: tuple
    E_open: tuple
    excitation: ExponentialSynapse
    inhibition: ExponentialSynapse
    t_e: float
    t_i: float
    branched: BranchedLIF

    def __str__(self):
        lif, adex, e, i = self.lif, self.adex, self.excitation, self.inhibition
        return "\n".join(
            [
                f"tau_m = {lif.tau_m:g} ms, R = {lif.R:g} MΩ, u_rest = {lif.u_rest:g} mV, "
                f"theta = {lif.theta:g} mV, u_r = {lif.u_r:g} mV",
                f"1: I_step = {self.I_step:g} nA, growth = {self.growth:g}, "
                f"burst_size = {self.burst_size}, I_down = {self.I_down:g} nA",
                f"2: tau_w = {self.tau_w:g} ms, interval = {self.interval:g} ms",
                f"3: adex, with theta_rh = {adex.theta_rh:g} mV, Delta_T = {adex.Delta_T:g} mV, "
                f"a = {adex.a:g} µS",
                f"4: holds = {listed(self.holds)} mV, peaks = {listed(self.peaks)} mV",
                f"5: g_open = {listed(self.g_open)} µS, E_open = {listed(self.E_open)} mV",
                f"7: excitation, with g_max = {e.g_max:g} µS, tau_s = {e.tau_s:g} ms, "
                f"E_syn = {e.E_syn:g} mV, at t_e = {self.t_e:g} ms",
                f"   inhibition, with g_max = {i.g_max:g} µS, tau_s = {i.tau_s:g} ms, "
                f"E_syn = {i.E_syn:g} mV, at t_i = {self.t_i:g} ms",
                f"8: branched, with p = {self.branched.p:g}, g_c = {self.branched.g_c:g} µS",
            ]
        )


@draws
def given(pick):
    """Give the numbers that a student's problems start from."""
    tau_m = pick("tau_m", 12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0)
    R = pick("R", 60.0, 70.0, 75.0, 80.0, 90.0, 100.0, 110.0, 120.0, 125.0, 140.0, 150.0)
    u_rest = pick("u_rest", -70.0, -69.0, -68.0, -67.0, -66.0, -65.0, -64.0, -63.0, -62.0)
    lif = LIF(
        tau_m=tau_m,
        R=R,
        u_rest=u_rest,
        theta=u_rest + pick("theta", 10.0, 11.0, 12.0, 13.0, 14.0, 15.0),
        u_r=u_rest + pick("u_r", -4.0, -3.0, -2.0, 2.0, 3.0),
    )
    I_step = round(lif.rheobase * pick("I_step", 2.4, 2.5, 2.6, 2.7, 2.8, 2.9, 3.0), 2)
    plain = hertz(float(lif.firing_rate(I_step)))
    interval = round(2 * plain * pick("interval", 2.4, 2.7, 3.0, 3.4, 3.8, 4.2)) / 2
    adex = AdEx(
        tau_m=tau_m,
        R=R,
        u_rest=u_rest,
        theta_rh=lif.theta,
        Delta_T=pick("Delta_T", 1.5, 2.0, 2.5, 3.0),
        u_r=lif.u_r,
        a=round(pick("a", 0.5, 0.6, 0.7, 0.8, 0.9, 1.0) / R, 4),
    )
    measured = ExponentialSynapse(
        g_max=pick("g measured", 1.5, 2.0, 2.5, 3.0) / R,
        tau_s=pick("tau measured", 4.0, 5.0, 6.0, 8.0),
        # Not near rest, which is a common guess.
        E_syn=u_rest + pick("E measured", *np.arange(-11.5, -3.0, 0.7), *np.arange(3.5, 6.0, 0.7)),
    )
    shift = pick("holds", -2.0, -1.0, 0.0, 1.0, 2.0)
    holds = tuple(hold + shift for hold in (-45.0, -54.0, -88.0, -96.0))
    t_i = pick("t_i", 8.0, 10.0, 12.0)
    p = pick("p", 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.12)
    return Given(
        lif=lif,
        I_step=I_step,
        I_down=-round(lif.rheobase * pick("I_down", 2.7, 2.8, 2.9, 3.0), 2),
        growth=pick("growth", 1.5, 1.7, 1.9, 2.1, 2.4),
        burst_size=pick("burst_size", 3, 4, 5, 6),
        tau_w=round(interval * pick("tau_w", 1.9, 2.0, 2.1, 2.2, 2.3)),
        interval=interval,
        adex=adex,
        holds=holds,
        peaks=tuple(round(float(p), 2) for p in psp_amplitude(lif, measured, holds)),
        g_open=(
            round(pick("g_e", 0.5, 0.58, 0.66, 0.74, 0.82, 0.9) / R, 4),
            round(pick("g_i", 1.8, 2.1, 2.4, 2.7, 3.0, 3.3) / R, 4),
        ),
        E_open=(pick("E_e", -5.0, 0.0, 5.0), u_rest + pick("E_i", -6.0, -5.0, -4.0, -3.0, 4.0)),
        excitation=ExponentialSynapse(
            g_max=round(pick("shunted g", 0.6, 0.7, 0.8, 1.0) / R, 4),
            tau_s=pick("shunted tau", 2.0, 2.5, 3.0),
            E_syn=0.0,
        ),
        inhibition=ExponentialSynapse(
            g_max=round(pick("shunting g", 1.2, 1.7, 2.4, 3.2, 4.2, 5.4) / R, 4),
            tau_s=pick("shunting tau", 6.0, 8.0, 10.0, 12.0, 15.0),
            E_syn=u_rest,
        ),
        t_e=t_i + pick("lead", 1.0, 2.0, 3.0, 5.0, 7.0),
        t_i=t_i,
        branched=BranchedLIF(
            tau_m=tau_m,
            R=R,
            u_rest=u_rest,
            theta=lif.theta,
            u_r=lif.u_r,
            p=p,
            # Shares are far from one half, so that none is also what it leaves.
            g_c=round(pick("g_c", *np.geomspace(1.3, 6.0, 14)) * p / R, 6),
        ),
    )


def with_filters(lif, row):
    """Return a neuron with two further linear filters.

    Parameters
    ----------
    lif : LIF
        The neuron without them.
    row : array_like, shape (5,)
        The coupling a (µS), tau_w (ms), b (nA), A (nA) and tau_f (ms).

    Returns
    -------
    FilteredLIF
        The same neuron with filters.

    Examples
    --------
    >>> with_filters(LIF(), [0.0, 100.0, 0.03, 0.0, 5.0]).b
    0.03
    """
    membrane = {name: getattr(lif, name) for name in lif.quantities()}
    return FilteredLIF(**membrane, **{name: x for (name, *_), x in zip(ROW, row, strict=True)})


def step_spikes(lif, row, I):
    """Return when a neuron with filters fires under a step of current, from 50 to 450 ms.

    Parameters
    ----------
    lif : LIF
        The neuron without filters.
    row : array_like, shape (5,)
        The coupling a (µS), tau_w (ms), b (nA), A (nA) and tau_f (ms).
    I : float
        Height of the step (nA).

    Returns
    -------
    ndarray, shape (number of spikes,)
        Spike times, up to 600 ms (ms).

    Examples
    --------
    >>> step_spikes(LIF(), [0.0, 100.0, 0.0, 0.0, 5.0], 0.4)[:3].round(1)
    array([63.9, 77.7, 91.6])
    """
    current = step_current(I, **STEP_TIMES, duration=600.0, dt=0.5)
    return simulate(with_filters(lif, row), current).spike_times


@sees_plain
def check_filters(answer, student):
    """Check the settings of the filters by what the neuron does with them.

    Parameters
    ----------
    answer : array_like
        A row of a (µS), tau_w (ms), b (nA), A (nA) and tau_f (ms) for each of adaptation, bursts
        and rebound, shape ``(3, 5)``.
    student : Student
        Whose answer it is.

    Returns
    -------
    Verdict
        A third of the marks for each row, and what is to be said of the others.
    """
    mine = given(student)

    def shows(row, I, wanted, more):
        if trouble := _trouble_in(row):
            return Verdict(0.0, trouble)
        try:
            spikes = step_spikes(mine.lif, row, I)
        except ValueError as error:  # a below -1/R
            return Verdict(0.0, str(error))
        called = firing_pattern(spikes, **STEP_TIMES)
        if called != wanted:
            return Verdict(0.0, f"What your neuron does is called {called}.")
        return more(intervals(spikes[spikes <= STEP_TIMES["stop"]]))

    judges = {
        "adapting row": lambda row: shows(
            row, mine.I_step, "adapting", lambda found: _judge_growth(found, mine.growth)
        ),
        "bursting row": lambda row: shows(
            row, mine.I_step, "bursting", lambda found: _judge_bursts(found, mine.burst_size)
        ),
        "rebound row": lambda row: shows(row, mine.I_down, "rebound", lambda found: Verdict(1.0)),
    }
    return judge_parts(answer, "three rows", judges)


def _trouble_in(row):
    """What is wrong with a row of filters before it is tried, in words; nothing if it can be."""
    verdict = judge_array(row, np.zeros(len(ROW)), "", atol=np.inf)
    if not verdict.right:
        return verdict.message
    for value, (name, low, high, unit, other, factor) in zip(row, ROW, strict=True):
        if not low <= value <= high:
            slip = f" Is it in {other}?" if low <= value / factor <= high else ""
            return f"{name} may be from {low:g} to {high:g} {unit}.{slip}"
    return ""


def _judge_growth(found, growth):
    """Judge by how much the intervals (ms) have grown."""
    ratio = found[-1] / found[0]
    if abs(ratio / growth - 1) <= 0.05:
        return Verdict(1.0)
    return Verdict(0.0, f"It adapts, but too {'little' if ratio < growth else 'much'}.")


def _judge_bursts(found, size):
    """Judge the number of spikes between the last two pauses, from all intervals (ms)."""
    pauses = np.flatnonzero(found > np.sqrt(found.min() * found.max()))
    if pauses.size < 2:
        return Verdict(0.0, "It bursts, but without two pauses to tell a burst by.")
    spikes = pauses[-1] - pauses[-2]
    if spikes == size:
        return Verdict(1.0)
    return Verdict(0.0, f"It bursts, but with too {'few' if spikes < size else 'many'} spikes.")


@sees_plain
def check_b_steady(answer, student):
    """Check the adaptation step by the interval that it leads to.

    Parameters
    ----------
    answer : float
        What each spike adds to w (nA).
    student : Student
        Whose answer it is.
    """
    verdict = judge_number(answer, 0.0, "nA", atol=np.inf)
    if not verdict.right:
        return verdict
    mine = given(student)
    b = float(answer)
    kept = float(np.exp(-mine.interval / mine.tau_w))
    slips = {
        1.0: "",
        0.001: "The number is a thousand times too large: is it in pA? It is wanted in nA.",
        1000.0: "The number is a thousand times too small: is it in µA? It is wanted in nA.",
        -1.0: "The size is right, the sign is not.",
        1 - kept: "This is w right after a spike. How much of it does the spike add?",
        1 / kept - 1: "This is w right before a spike. How much does the spike add?",
    }
    for factor, message in slips.items():
        if abs(_steady_interval(mine, factor * b) - mine.interval) <= 0.01 * mine.interval:
            return Verdict(float(factor == 1.0), message)
    if b < 0:
        return Verdict(0.0, "So each spike would help the next: the intervals would shrink.")
    early = _steady_interval(mine, b) < mine.interval
    return Verdict(0.0, f"The neuron still fires too {'often' if early else 'rarely'}.")


def _steady_interval(mine, b):
    """The interval (ms) that a neuron with this adaptation step (nA) comes to; infinite if none."""
    if not 0 <= b <= 10:
        return np.inf
    neuron = with_filters(mine.lif, [0.0, mine.tau_w, b, 0.0, 5.0])
    current = constant_current(mine.I_step, duration=20 * mine.tau_w, dt=1.0)
    found = intervals(simulate(neuron, current).spike_times)
    return found[-1] if found.size else np.inf


@sees_plain
def check_merging(answer, student):
    """Check where and when the fixed points of AdEx meet, half of the marks for each.

    Parameters
    ----------
    answer : array_like
        Potential (mV) and current (nA), shape ``(2,)``.
    student : Student
        Whose answer it is.
    """
    mine = given(student)
    adex, u_rest = mine.adex, mine.lif.u_rest
    u = meeting_potential(adex)
    distance = adex.theta_rh - u_rest
    without_a = (distance - adex.Delta_T) / adex.R
    potentials = [(adex.theta_rh, 0.0, "There the slope is that of the leak. w pulls, too.")]
    load = 1 + adex.a * adex.R
    currents = [
        (distance / adex.R, 0.0, "So it would be with a sharp threshold."),
        (without_a, 0.0, "So it would be with a = 0."),
        (load * without_a, 0.0, "The points do not meet at theta_rh."),
    ]
    judges = {
        "potential": lambda x: recognise_slip(
            judge_number(x, u, "mV", **READ_OFF, u_rest=u_rest), x, *potentials, **READ_OFF
        ),
        "current": lambda x: follow_through(
            recognise_slip(judge_number(x, adex.rheobase, "nA"), x, *currents),
            x,
            "potential",
            lambda: judges["potential"](answer[0]),
            lambda _: [(current, 1.0, "") for current in _holding(adex, answer[0], u)],
        ),
    }
    return judge_parts(answer, "two numbers", judges)


def _holding(adex, answer, meeting):
    """Currents (nA) that hold AdEx where a student takes the fixed points to meet."""
    u = min(amount(answer, positive=False), adex.theta_rh + 50 * adex.Delta_T)  # NaN stays NaN
    slope = adex.a + 1 / adex.R
    pull = settled_pull(u, 0.0, adex)
    # By the current that flows there, or by the one at which nothing bends any more.
    return [-pull / adex.R, adex.rheobase + slope * (u - meeting)]


@sees_plain
def check_reversal(answer, student):
    """Check the reversal potential that was read off the PSPs.

    Parameters
    ----------
    answer : float
        Potential (mV).
    student : Student
        Whose answer it is.
    """
    mine = given(student)
    slope, held_at_zero = np.polyfit(mine.holds, mine.peaks, 1)
    nearest = mine.holds[np.argmin(np.abs(mine.peaks))]
    return recognise_slip(
        judge_number(answer, -held_at_zero / slope, "mV", **FITTED, u_rest=mine.lif.u_rest),
        answer,
        (held_at_zero, 0.0, "This is the PSP of a neuron that is held at 0 mV."),
        (nearest, 0.0, "There the smallest of the PSPs was measured. Where would there be none?"),
        (mine.lif.u_rest, 0.0, "A synapse need not reverse where the neuron rests."),
        **FITTED,
    )


@sees_plain
def check_open_state(answer, student):
    """Check what two open synapses make of the membrane, half of the marks for each part.

    Parameters
    ----------
    answer : array_like
        Effective time constant (ms) and the potential that u relaxes to (mV), shape ``(2,)``.
    student : Student
        Whose answer it is.
    """
    mine = given(student)
    lif, g, E = mine.lif, np.array(mine.g_open), np.array(mine.E_open)
    load = lif.R * g.sum()
    pull = lif.R * g @ E
    times = [
        (lif.tau_m / load, 0.0, "The membrane's own leak stays open, too."),
        (lif.tau_m * (1 + load), 0.0, "Open channels make the membrane faster."),
        *((lif.tau_m / (1 + lif.R * one), 0.0, "There are two synapses.") for one in g),
        (lif.tau_m, 0.0, "So it is when all synapses are closed."),
    ]
    potentials = [
        (pull / load, 0.0, "The membrane's own battery pulls, too."),
        (pull / (1 + load), 0.0, "The membrane's own battery pulls, too."),
        (lif.u_rest + pull - load * lif.u_rest, 0.0, "So it would be with current-based synapses."),
        (np.mean([lif.u_rest, *E]), 0.0, "The batteries do not count alike."),
    ]
    u = steady_potential(lif, g, E)
    judges = {
        "time constant": lambda x: recognise_slip(
            judge_number(x, effective_time_constant(lif, g.sum()), "ms"), x, *times
        ),
        "potential": lambda x: follow_through(
            recognise_slip(
                judge_number(x, u, "mV", **READ_OFF, u_rest=lif.u_rest), x, *potentials, **READ_OFF
            ),
            x,
            "time constant",
            lambda: judges["time constant"](answer[0]),
            # What is open, the membrane's own leak counted in, divides the pull, too.
            lambda _: [((lif.u_rest + pull) * amount(answer[0]) / lif.tau_m, 1.0, "")],
            **READ_OFF,
        ),
    }
    return judge_parts(answer, "two numbers", judges)


def check_potential(function, student):
    """Try a student's membrane with synapses on a few conductances.

    Parameters
    ----------
    function : callable
        ``potential(g, E, dt, tau_m, R, u_rest)``, returning the potential (mV), one value for
        each column of `g`.
    student : Student
        Whose function it is.
    """
    mine = given(student)
    lif, n = mine.lif, 801
    steps = np.outer(mine.g_open, np.arange(n) * DT >= 5.0)
    spikes = [(mine.excitation, [mine.t_e, mine.t_e + 4.0]), (mine.inhibition, [mine.t_i])]
    trials = [
        (lif, steps, np.array(mine.E_open)),
        (lif, conductances(spikes, n), np.array([0.0, lif.u_rest])),
        (lif, 2 * steps[1:], np.array(mine.E_open[1:])),
    ]
    return judge_function(
        function,
        [(g.copy(), E.copy(), DT, m.tau_m, m.R, m.u_rest) for m, g, E in trials],
        lambda results: judge_potentials(results, trials),
    )


def conductances(inputs, n):
    """Return the conductances that presynaptic spikes open, at each of n steps of 0.05 ms.

    Parameters
    ----------
    inputs : sequence of (Synapse, sequence of float)
        Each synapse with the times at which spikes arrive (ms).
    n : int
        Number of time steps.

    Returns
    -------
    ndarray, shape (number of synapses, n)
        Conductances (µS).

    Examples
    --------
    >>> conductances([(ExponentialSynapse(g_max=0.01), [0.1])], 4).round(5)
    array([[0.     , 0.     , 0.01   , 0.00983]])
    """
    t = np.arange(n) * DT
    return np.array(
        [sum(synapse.conductance(t - arrival) for arrival in train) for synapse, train in inputs]
    )


def judge_potentials(results, trials):
    """Judge the potentials of a membrane with synapses, within 5 % of the largest deflection.

    Parameters
    ----------
    results : list
        For each trial, what the function returned: potentials (mV), or anything else.
    trials : list of (LIF, ndarray, ndarray)
        What it was asked: neuron; conductances (µS), constant within each step of 0.05 ms, shape
        (number of synapses, n); reversal potentials (mV).

    Returns
    -------
    Verdict
        The share of the trials that are right.

    Notes
    -----
    5 % leave room for Euler's method, and for a potential that belongs to either end of a step.
    """
    return average(_one_potential(u, *trial) for u, trial in zip(results, trials, strict=True))


def _one_potential(found, lif, g, E):
    """Judge one potential."""
    u_rest = lif.u_rest
    u_inf = steady_potential(lif, g.T, E)
    tau = effective_time_constant(lif, g.sum(axis=0))

    def slips():
        frozen = u_rest + lif.R * (E - u_rest) @ g
        yield (
            FROZEN,
            _course(u_rest, frozen, lif.tau_m),
        )
        yield SLOW, _course(u_rest, u_inf, lif.tau_m)
        numbers = judge_array(found, u_inf, "mV", atol=np.inf).right
        if numbers and abs(found[0] - u_rest) < 1 and _beyond(found, u_rest, *E):
            yield "No synapse takes u beyond its battery. Mind the driving force.", np.array(found)

    return judge_course(found, _course(u_rest, u_inf, tau), u_rest, slips(), share=0.05)


def _beyond(u, *batteries):
    """Whether a potential (mV) leaves the range of the batteries by more than a millivolt."""
    return np.min(u) < min(batteries) - 1 or np.max(u) > max(batteries) + 1


def _course(u, u_inf, tau):
    """Potential (mV) that sets out from u, and in each step goes on to u_inf with tau (ms)."""
    course = np.full(u_inf.shape, u)
    _go_on(course, u_inf, np.broadcast_to(np.exp(-DT / tau), u_inf.shape))
    return course


@portable
def _go_on(u: Array, u_inf: Array, keep: Array):
    """Fill `u` behind its first value."""
    for k in range(len(u) - 1):
        u[k + 1] = relax(u[k], u_inf[k], keep[k])


@sees_plain
def check_shunting(answer, student, potential=None):
    """Check what an inhibition that moves nothing leaves of an EPSP.

    Parameters
    ----------
    answer : float
        Peak of the EPSP with inhibition over the peak without (a pure number).
    student : Student
        Whose answer it is.
    potential : callable or Verdict, optional
        The membrane of problem 6, from which the answer may follow.
    """
    mine = given(student)
    lif = mine.lif
    quiet = constant_current(0.0, duration=mine.t_e + 30.0, dt=0.1)
    e, i = (mine.excitation, [mine.t_e]), (mine.inhibition, [mine.t_i])
    alone, both = (simulate_synapses(lif, quiet, x).u.max() for x in ([e], [e, i]))
    right = float((both - lif.u_rest) / (alone - lif.u_rest))
    verdict = recognise_slip(
        judge_number(answer, right, ""),
        answer,
        (1.0, 0.0, "So it would be if the synapses were current-based."),
        (1 / right, 0.0, "This is the other way round."),
        (1 - right, 0.0, "This is the part that is lost."),
        (100 * right, 0.0, "This is in percent. A pure number is wanted."),
        (both / alone, 0.0, "A PSP is measured from rest."),
        (1 / (1 + lif.R * mine.inhibition.g_max), 0.0, "The inhibition does not stay at its peak."),
    )
    return follow_through(
        verdict,
        answer,
        "potential",
        lambda: verdict_on(potential, check_potential, student),
        lambda before: _shunted_by(mine, before.message),
    )


def _shunted_by(mine, slip):
    """What is left of the EPSP in a membrane that was written with a slip."""
    if slip == FROZEN:  # without a driving force the inhibition does nothing
        return [(1.0, 1.0, "")]
    if slip != SLOW:
        return []
    lif, n = mine.lif, round((mine.t_e + 40.0) / DT)
    g = conductances([(mine.excitation, [mine.t_e]), (mine.inhibition, [mine.t_i])], n)
    batteries = np.array([synapse.E_syn for synapse in (mine.excitation, mine.inhibition)])
    both, alone = (
        _course(lif.u_rest, steady_potential(lif, opened.T, batteries), lif.tau_m).max()
        - lif.u_rest
        for opened in (g, g * [[1.0], [0.0]])
    )
    return [(both / alone, 1.0, "")]


@sees_plain
def check_attenuation(answer, student):
    """Check what soma and branch see of each other, half of the marks for each direction.

    Parameters
    ----------
    answer : array_like
        Share of a steady potential that gets from a branch to the soma, and from the soma to a
        branch (pure numbers), shape ``(2,)``.
    student : Student
        Whose answer it is.
    """
    neuron = given(student).branched
    inwards, outwards = neuron.attenuation(1, 0), neuron.attenuation(0, 1)
    g_c, soma = neuron.g_c, neuron.soma_leak

    def judge(x, right, *slips):
        return recognise_slip(
            judge_number(x, right, ""),
            x,
            *slips,
            (100 * right, 0.0, "This is in percent. A pure number is wanted."),
            (1 - right, 0.0, "This is the part that is lost."),
            (1 / right, 0.0, "This is the other way round."),
        )

    judges = {
        "way in": lambda x: judge(
            x,
            inwards,
            (outwards, 0.0, "This is the way out."),
            (g_c / (g_c + soma), 0.0, "The soma has two branches to feed."),
            (g_c / (g_c + soma + g_c), 0.0, "The other branch is no short circuit."),
        ),
        "way out": lambda x: judge(
            x,
            outwards,
            (inwards, 0.0, "This is the way in."),
            (g_c / (g_c + 1 / neuron.R), 0.0, "Only its own membrane is in the branch's way."),
            (g_c / (g_c + soma), 0.0, "Which compartment is the load?"),
        ),
    }
    return judge_parts(answer, "two numbers", judges)
