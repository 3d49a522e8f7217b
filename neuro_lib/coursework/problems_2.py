"""Problem set 2, the analytic solution: what is given, and the checks."""

from typing import NamedTuple

import numpy as np

from neuro_lib.analysis.filters import convolve, cutoff_frequency, impedance
from neuro_lib.analysis.responses import (
    green_function,
    impulse_response,
    pulse_response,
    step_response,
)
from neuro_lib.coursework.judges import (
    amount,
    average,
    follow_through,
    judge_course,
    judge_function,
    judge_parts,
    recognise_slip,
    sees_plain,
)
from neuro_lib.coursework.student import draws, listed
from neuro_lib.coursework.verdict import judge_array, judge_number
from neuro_lib.inputs.currents import constant_current, sine_current, step_current
from neuro_lib.models.lif import LIF
from neuro_lib.models.simulation import simulate
from neuro_lib.units import MS_PER_S

__all__ = [
    "Given",
    "check_after_pulse",
    "check_cutoff",
    "check_filtered",
    "check_kernel",
    "check_parts",
    "check_pause_error",
    "check_sine",
    "check_two_charges",
    "given",
    "judge_filtered",
]

READ_OFF = {"rtol": 0.0, "atol": 0.05}  # mV; 1 % of a potential would be half a millivolt


class Given(NamedTuple):
    """What a student's problems start from; every student has numbers of their own.

    Parameters
    ----------
    lif : LIF
        The neuron, without refractory time.
    lags : tuple of float
        Where to take the kernel (ms); the first is negative.
    charges, arrivals : tuple of float
        Two charges (pC), and when they arrive (ms).
    t_charges : float
        When the potential after both is wanted (ms).
    I_pulse, width, t_pulse : float
        A current (nA) that flows from 0 ms on for `width` (ms), and when the potential is
        wanted (ms).
    amplitude, frequency : float
        Of a sine current (nA, Hz).
    I_strong : float
        A constant current above the rheobase (nA), from 0 ms on.
    spike_times : tuple of float
        The first three spikes under `I_strong` (ms).
    t_spikes : float
        A time between the third spike and the fourth (ms).
    t_ref : float
        A refractory time for the last of the computed problems (ms).
    """

    lif: LIF
    lags: tuple
    charges: tuple
    arrivals: tuple
    t_charges: float
    I_pulse: float
    width: float
    t_pulse: float
    amplitude: float
    frequency: float
    I_strong: float
    spike_times: tuple
    t_spikes: float
    t_ref: float

    def __str__(self):
        lif = self.lif
        return "\n".join(
            [
                f"tau_m = {lif.tau_m:g} ms, R = {lif.R:g} MΩ",
                f"u_rest = {lif.u_rest:g} mV, theta = {lif.theta:g} mV, u_r = {lif.u_r:g} mV",
                f"lags = {listed(self.lags)} ms",
                f"charges = {listed(self.charges)} pC at arrivals = {listed(self.arrivals)} ms; "
                f"t_charges = {self.t_charges:g} ms",
                f"I_pulse = {self.I_pulse:g} nA for width = {self.width:g} ms; "
                f"t_pulse = {self.t_pulse:g} ms",
                f"amplitude = {self.amplitude:g} nA, frequency = {self.frequency:g} Hz",
                f"I_strong = {self.I_strong:g} nA; spike_times = {listed(self.spike_times)} ms; "
                f"t_spikes = {self.t_spikes:g} ms",
                f"t_ref = {self.t_ref:g} ms, in problem 8 only",
            ]
        )


@draws
def given(pick):
    """Give the numbers that a student's problems start from."""
    # Many time constants: some answers depend on nothing else.
    tau_m = pick("tau_m", 8.0, 9.0, 10.0, 11.0, 12.0, 14.0, 16.0, 18.0, 20.0, 22.0, 25.0, 28.0)
    u_rest = pick("u_rest", -72.0, -70.0, -68.0, -66.0, -65.0, -64.0)
    lif = LIF(
        tau_m=tau_m,
        R=pick("R", 40.0, 50.0, 60.0, 75.0, 80.0, 100.0),
        u_rest=u_rest,
        theta=u_rest + pick("theta", 12.0, 14.0, 15.0, 16.0, 18.0, 20.0),
        u_r=u_rest + pick("u_r", -6.0, -5.0, -4.0, 4.0, 5.0),
    )
    second = _half(tau_m * pick("second", 0.4, 0.5, 0.6, 0.8))
    width = _half(tau_m * pick("width", 0.5, 0.75, 1.0, 1.5))
    I_strong = round(lif.rheobase * pick("I_strong", 2.0, 2.25, 2.5, 3.0), 2)
    current = constant_current(I_strong, duration=20 * tau_m, dt=tau_m)
    spike_times = simulate(lif, current).spike_times[:3]
    interval = spike_times[2] - spike_times[1]
    return Given(
        lif=lif,
        lags=(
            -pick("lag before", 3.0, 4.0, 5.0),
            _half(tau_m * pick("short lag", 0.2, 0.3, 0.4)),
            _half(tau_m * pick("long lag", 1.0, 1.25, 1.5)),
        ),
        charges=(
            round(lif.C * pick("first charge", 4.0, 5.0, 6.0), 2),
            -round(lif.C * pick("second charge", 7.0, 8.0, 9.0), 2),
        ),
        arrivals=(0.0, second),
        t_charges=second + _half(tau_m * pick("t_charges", 0.5, 0.6, 0.75, 0.9)),
        I_pulse=round(lif.rheobase * pick("I_pulse", 0.5, 0.6, 0.7, 0.8), 2),
        width=width,
        t_pulse=width + _half(tau_m * pick("t_pulse", 0.5, 0.6, 0.75, 0.9)),
        amplitude=pick("amplitude", 0.1, 0.12, 0.15, 0.2, 0.25),
        frequency=pick("frequency", 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0),
        I_strong=I_strong,
        spike_times=tuple(round(float(t), 2) for t in spike_times),
        t_spikes=round(float(spike_times[2] + pick("t_spikes", 0.3, 0.5, 0.7) * interval), 1),
        t_ref=pick("t_ref", 1.5, 2.0, 2.5, 3.0, 4.0),
    )


def _half(time):
    """A time to half a millisecond."""
    return round(2 * time) / 2


@sees_plain
def check_kernel(answer, student):
    """Check the kernel at the given lags.

    Parameters
    ----------
    answer : array_like
        Values of the Green's function (mV/pC), shape ``(3,)``.
    student : Student
        Whose answer it is.
    """
    lif, lags = given(student)[:2]
    right = green_function(lif, lags)
    early = np.exp(-np.array(lags) / lif.tau_m)
    return recognise_slip(
        judge_array(answer, right, "mV/pC"),
        answer,
        (early / lif.C, 0.5, "But no answer comes before its question: look at the first lag."),
        (right * lif.tau_m, 0.0, "Not so high: how far does 1 pC lift a capacitor?"),
        (right * lif.C, 0.0, "It decays as it should. How high is it at its start?"),
    )


@sees_plain
def check_two_charges(answer, student, kernel=None):
    """Check the potential after two charges.

    Parameters
    ----------
    answer : float
        Potential (mV).
    student : Student
        Whose answer it is.
    kernel : array_like, optional
        The answer to the problem before (mV/pC), from which this one may follow.
    """
    mine = given(student)
    lif, t = mine.lif, mine.t_charges
    first, second = (
        impulse_response(lif, q, t - arrival)
        for q, arrival in zip(mine.charges, mine.arrivals, strict=True)
    )
    verdict = recognise_slip(
        judge_number(answer, lif.u_rest + first + second, "mV", **READ_OFF, u_rest=lif.u_rest),
        answer,
        (lif.u_rest + first - second, 0.0, "Mind the sign of the second charge."),
        (
            lif.u_rest + impulse_response(lif, sum(mine.charges), t),
            0.0,
            "The second charge came later, and has had less time to decay.",
        ),
        (lif.u_rest + second, 0.0, "The first charge has not been forgotten yet."),
        (lif.u_rest + first, 0.0, "There are two charges."),
        **READ_OFF,
    )
    return follow_through(
        verdict,
        answer,
        "kernel",
        lambda: check_kernel(kernel, student),
        lambda _: [(_after_charges(mine, kernel), 1.0, "")],
        **READ_OFF,
    )


def _after_charges(mine, kernel):
    """The potential (mV) after both charges, by the exponential that a kernel (mV/pC) shows."""
    values = [amount(x) for x in kernel] if isinstance(kernel, list) else []
    if len(values) != len(mine.lags) or not values[1] > values[2]:
        return np.nan
    (_, s, later), (_, K, less) = mine.lags, values
    tau = (later - s) / np.log(K / less)
    ago = mine.t_charges - np.array(mine.arrivals)
    return mine.lif.u_rest + K * np.dot(mine.charges, np.exp((s - ago) / tau))


@sees_plain
def check_after_pulse(answer, student):
    """Check the potential some time after a pulse.

    Parameters
    ----------
    answer : float
        Potential (mV).
    student : Student
        Whose answer it is.
    """
    mine = given(student)
    lif = mine.lif
    right, at_end = lif.u_rest + pulse_response(
        lif, mine.I_pulse, [mine.t_pulse, mine.width], width=mine.width
    )
    still_on = lif.u_rest + step_response(lif, mine.I_pulse, mine.t_pulse)
    return recognise_slip(
        judge_number(answer, right, "mV", **READ_OFF, u_rest=lif.u_rest),
        answer,
        (at_end, 0.5, "Here u stands when the pulse ends. What does it do then?"),
        (still_on, 0.0, "By then the pulse is over."),
        **READ_OFF,
    )


@sees_plain
def check_cutoff(answer, student):
    """Check the cutoff frequency of the membrane.

    Parameters
    ----------
    answer : float
        Frequency (Hz).
    student : Student
        Whose answer it is.
    """
    right = cutoff_frequency(given(student).lif)
    in_radians = "This counts radians per second. The cutoff is wanted in Hz: turns per second."
    return recognise_slip(
        judge_number(answer, right, "Hz"),
        answer,
        (2 * np.pi * right, 0.0, in_radians),
        (2 * np.pi * right / MS_PER_S, 0.0, in_radians),
    )


@sees_plain
def check_sine(answer, student):
    """Check size and lag of the answer to a sine, half of the marks for each.

    Parameters
    ----------
    answer : array_like
        Amplitude (mV) and lag (ms), shape ``(2,)``; the lag with either sign.
    student : Student
        Whose answer it is.
    """
    mine = given(student)
    Z = impedance(mine.lif, mine.frequency)
    phase = -np.angle(Z)
    lag = MS_PER_S * phase / (2 * np.pi * mine.frequency)
    swings = [
        (mine.amplitude * mine.lif.R, 0.0, "So far a very slow sine would swing."),
        (abs(Z), 0.0, "This is the gain. How large is the current?"),
        (2 * mine.amplitude * abs(Z), 0.0, "The amplitude is wanted, not the way from end to end."),
    ]
    angles = [
        (s * a, 0.0, "This is an angle.") for s in (1, -1) for a in (phase, np.rad2deg(phase))
    ]
    judges = {
        "amplitude": lambda x: recognise_slip(
            judge_number(x, mine.amplitude * abs(Z), "mV"), x, *swings
        ),
        "lag": lambda x: recognise_slip(judge_number(x, lag, "ms"), x, (-lag, 1.0, ""), *angles),
    }
    return judge_parts(answer, "two numbers", judges)


@sees_plain
def check_parts(answer, student):
    """Check the two parts of a spiking neuron's potential, half of the marks for each.

    Parameters
    ----------
    answer : array_like
        Filtered input and sum of the reset kernels (mV), shape ``(2,)``.
    student : Student
        Whose answer it is.
    """
    mine = given(student)
    lif, t = mine.lif, mine.t_spikes
    jump = lif.u_r - lif.theta
    left = np.exp(-(t - np.array(mine.spike_times)) / lif.tau_m)
    filtered = step_response(lif, mine.I_strong, t)
    inputs = [
        (filtered + lif.u_rest, 0.0, "This is measured from 0 mV, not from rest."),
        (mine.I_strong * lif.R, 0.0, "It is still on its way there."),
    ]
    resets = [
        (jump * left[-1], 0.0, "Of the earlier spikes something is left, too."),
        ((lif.u_r - lif.u_rest) * left.sum(), 0.0, "Where is the potential when it is reset?"),
        (3 * jump, 0.0, "The kernel decays."),
    ]
    judges = {
        "filtered input": lambda x: recognise_slip(judge_number(x, filtered, "mV"), x, *inputs),
        "sum of the resets": lambda x: recognise_slip(
            judge_number(x, jump * left.sum(), "mV"), x, *resets
        ),
    }
    return judge_parts(answer, "two numbers", judges)


@sees_plain
def check_pause_error(answer, student):
    """Check by how much the sum of kernels is wrong at the end of a pause.

    Parameters
    ----------
    answer : float
        The sum less the true potential (mV).
    student : Student
        Whose answer it is.
    """
    mine = given(student)
    lif = mine.lif
    climb = 1 - np.exp(-mine.t_ref / lif.tau_m)
    u_inf = lif.u_rest + lif.R * mine.I_strong
    return recognise_slip(
        judge_number(answer, (u_inf - lif.u_r) * climb, "mV", rtol=0.02),
        answer,
        (lif.R * mine.I_strong * climb, 0.0, "After a spike the potential does not start at rest."),
        (
            lif.u_r + (u_inf - lif.u_r) * climb,
            0.0,
            "This is the sum. How far is it from the truth?",
        ),
        rtol=0.02,
    )


def check_filtered(function, student):
    """Try a student's convolution on a few currents.

    Parameters
    ----------
    function : callable
        ``filtered(I, dt, tau_m, R, u_rest)``, returning the potential (mV), one value for each
        of `I`.
    student : Student
        Whose function it is.
    """
    mine = given(student)
    lif = mine.lif
    trials = [
        (lif, step_current(mine.I_pulse, start=10.0, stop=30.0, duration=60.0, dt=0.05)),
        (lif, step_current(-mine.I_pulse, start=25.0, stop=50.0, duration=50.0, dt=0.05)),
        (lif, sine_current(mine.amplitude, frequency=mine.frequency, duration=60.0, dt=0.05)),
    ]
    calls = [(I.values.copy(), I.dt, lif.tau_m, lif.R, lif.u_rest) for _, I in trials]
    return judge_function(function, calls, lambda results: judge_filtered(results, trials))


def judge_filtered(results, trials):
    """Judge the potentials that a convolution gave, within 2 % of the largest deflection.

    Parameters
    ----------
    results : list
        For each trial, what the function returned: potentials (mV), or anything else.
    trials : list of (LIF, Current)
        What it was asked.

    Returns
    -------
    Verdict
        The share of the trials that are right.

    Notes
    -----
    At steps of a two-hundredth of the time constant, 2 % leave room for the kernel taken at one
    end of each step, and for a potential that belongs to either end of it.
    """
    return average(_one_filtered(u, lif, I) for u, (lif, I) in zip(results, trials, strict=True))


def _one_filtered(found, lif, I):
    """Judge one potential."""
    deflection = convolve(lif, I).u - lif.u_rest
    by_area = "The kernel is too high by a factor, or too low: what is the area under it?"
    by_slice = "Each value stands for a slice of length dt."
    factors = {
        -1.0: "The deflection has the wrong sign.",
        1 / I.dt: by_slice,
        lif.tau_m / I.dt: by_slice,
        lif.tau_m: by_area,
        1 / lif.R: by_area,
    }
    slips = ((said, lif.u_rest + factor * deflection) for factor, said in factors.items())
    return judge_course(found, lif.u_rest + deflection, lif.u_rest, slips)
