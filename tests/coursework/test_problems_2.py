"""Problem set 2 is fair: right answers in any style count, wrong ones get what they deserve."""

import numpy as np
import pytest
from scipy import integrate, signal

from coursework.unseen.problems_2 import inputs_filtered, mark_filtered, trials
from neuro_lib import LIF, Current, constant_current, decompose, simulate, sine_current
from neuro_lib.coursework import Student
from neuro_lib.coursework.problems_2 import given
from tests.coursework.notebooks import ME, OTHER, checks
from tests.effort import examples, some

MINE, THEIRS = given(ME), given(OTHER)
L = MINE.lif
CHECKS = checks("problems_2")
EVERYBODY = [Student(f"s{i}") for i in range(300)]


def marked(answer):
    """The marks that a function earns: run on the hidden inputs, judged from what it returns."""
    return mark_filtered([answer(*args) for args in inputs_filtered(ME)], ME)


def fading(t):
    return np.exp(-np.asarray(t) / L.tau_m)


# What the checks take for right, by another way than theirs: the differential equation itself


def test_the_pulse_is_that_of_the_differential_equation():
    u = [L.u_rest]
    for I, start, stop in ((MINE.I_pulse, 0, MINE.width), (0.0, MINE.width, MINE.t_pulse)):
        u_inf = L.u_rest + L.R * I
        exact = {"rtol": 1e-10, "atol": 1e-10}
        done = integrate.solve_ivp(
            lambda _, u, to=u_inf: (to - u) / L.tau_m, (start, stop), u, **exact
        )
        u = done.y[:, -1]
    assert CHECKS["after_pulse"](u[0], ME).right


def test_the_charges_are_short_pulses():
    short = 1e-3
    I = np.zeros(round(MINE.t_charges / short) + 1)
    for charge, arrival in zip(MINE.charges, MINE.arrivals, strict=True):
        I[round(arrival / short)] = charge / short
    u = L.u_rest + signal.lfilter([0, L.R * short / L.tau_m], [1, -fading(short)], I)[-1]
    assert CHECKS["two_charges"](u, ME).right


def test_the_sine_is_what_a_simulated_membrane_does():
    period = 1000 / MINE.frequency
    high = LIF(tau_m=L.tau_m, R=L.R, u_rest=L.u_rest, theta=L.u_rest + 1e3, u_r=L.u_r)
    I = sine_current(MINE.amplitude, frequency=MINE.frequency, duration=12 * period, dt=0.01)
    trace = simulate(high, I)
    last = trace.t >= 11 * period
    u, t = trace.u[last], trace.t[last] - 11 * period
    measured = [(u.max() - u.min()) / 2, t[np.argmax(u)] - period / 4]
    assert CHECKS["sine"](measured, ME).right


@pytest.mark.parametrize("student", EVERYBODY[: examples(20)])
def test_the_parts_add_up_to_the_simulation(student):
    mine = given(student)
    I = constant_current(mine.I_strong, duration=mine.t_spikes, dt=0.1)
    parts, trace = decompose(mine.lif, I), simulate(mine.lif, I)
    assert trace.spike_times == pytest.approx(mine.spike_times, abs=0.006)
    ends = [float(parts.input[-1]), float(parts.resets[-1])]
    assert CHECKS["parts"](ends, student).right
    assert mine.lif.u_rest + sum(ends) == pytest.approx(trace.u[-1])


@pytest.mark.parametrize("student", EVERYBODY[: examples(20)])
def test_the_pause_costs_what_sum_and_simulation_differ_by(student):
    mine = given(student)
    lif = mine.lif
    pausing = LIF(
        tau_m=lif.tau_m,
        R=lif.R,
        u_rest=lif.u_rest,
        theta=lif.theta,
        u_r=lif.u_r,
        t_ref=mine.t_ref,
    )
    long = constant_current(mine.I_strong, duration=5 * lif.tau_m, dt=0.01)
    spike = simulate(pausing, long).spike_times[0]
    end = spike + mine.t_ref
    claimed = (
        lif.u_rest
        + lif.R * mine.I_strong * -np.expm1(-end / lif.tau_m)
        + (lif.u_r - lif.theta) * np.exp(-mine.t_ref / lif.tau_m)
    )
    held = np.interp(end - 0.02, long.t, simulate(pausing, long).u)
    assert held == lif.u_r
    assert CHECKS["pause_error"](claimed - held, student).right


# Values

KERNEL = L.R / L.tau_m * np.where(np.array(MINE.lags) < 0, 0, fading(MINE.lags))
FIRST = MINE.charges[0] / L.C * fading(MINE.t_charges)
SECOND = MINE.charges[1] / L.C * fading(MINE.t_charges - MINE.arrivals[1])
TOP = L.R * MINE.I_pulse * (1 - fading(MINE.width))
PULSE = TOP * fading(MINE.t_pulse - MINE.width)
CUTOFF = 1000 / (2 * np.pi * L.tau_m)
X = 2 * np.pi * MINE.frequency * L.tau_m / 1000
SWING, LAG = L.R * MINE.amplitude / np.hypot(1, X), np.arctan(X) * L.tau_m / X
SINCE = MINE.t_spikes - np.array(MINE.spike_times)
INPUT = L.R * MINE.I_strong * (1 - fading(MINE.t_spikes))
RESETS = (L.u_r - L.theta) * fading(SINCE).sum()
PAUSE = (L.u_rest + L.R * MINE.I_strong - L.u_r) * (1 - fading(MINE.t_ref))

WRONG = [
    ("kernel", KERNEL * L.tau_m, "how far does 1 pC lift"),
    ("kernel", KERNEL * L.C, "How high is it at its start?"),
    ("kernel", -KERNEL, "the sign is not"),
    ("kernel", KERNEL[1:], "The shape is (2,)"),
    ("kernel", KERNEL[::-1], "different numbers"),
    ("kernel", L.R / L.tau_m / fading(MINE.lags), "different numbers"),  # it grows
    ("kernel", KERNEL.sum(), "The shape is ()"),
    ("kernel", "R / tau_m", "text"),
    ("two_charges", FIRST + SECOND, "measured from the resting potential"),
    ("two_charges", L.u_rest + FIRST - SECOND, "sign of the second charge"),
    ("two_charges", L.u_rest + sum(MINE.charges) / L.C * fading(MINE.t_charges), "came later"),
    ("two_charges", L.u_rest + SECOND, "has not been forgotten"),
    ("two_charges", L.u_rest + FIRST, "two charges"),
    ("two_charges", (L.u_rest + FIRST + SECOND) / 1000, "is it in V?"),
    ("two_charges", L.u_rest, "different number"),
    ("after_pulse", PULSE, "measured from the resting potential"),
    ("after_pulse", L.u_rest - PULSE, "different number"),
    ("after_pulse", L.u_rest + L.R * MINE.I_pulse * (1 - fading(MINE.t_pulse)), "pulse is over"),
    ("after_pulse", L.u_rest + TOP * fading(MINE.t_pulse), "different number"),
    ("cutoff", 2 * np.pi * CUTOFF, "radians per second"),
    ("cutoff", 1 / L.tau_m, "radians per second"),
    ("cutoff", CUTOFF / 1000, "is it in kHz?"),
    ("cutoff", L.tau_m, "different number"),
    ("cutoff", 1000 / (2 * np.pi * THEIRS.lif.tau_m * 1.05), "different number"),
    ("sine", SWING, "list of two numbers"),
    ("sine", [SWING, LAG, 0.0], "list of two numbers"),
    ("sine", {"amplitude": SWING}, "list of two numbers"),
    ("sine", [LAG, SWING], "amplitude"),
    ("parts", [INPUT + RESETS, L.u_rest], "different number"),
    ("parts", INPUT + RESETS, "list of two numbers"),
    ("pause_error", -PAUSE, "the sign is not"),
    ("pause_error", L.u_r + PAUSE, "This is the sum"),
    ("pause_error", L.R * MINE.I_strong * (1 - fading(MINE.t_ref)), "does not start at rest"),
    ("pause_error", 0.0, "different number"),
]
HALF = [
    ("kernel", L.R / L.tau_m * fading(MINE.lags), "no answer comes before its question"),
    ("after_pulse", L.u_rest + TOP, "when the pulse ends"),
    ("sine", [SWING, LAG / 1000], "The lag: ✗ Not yet. The number is a thousand times too small"),
    ("sine", [SWING, np.arctan(X)], "an angle"),
    ("sine", [SWING, -np.rad2deg(np.arctan(X))], "an angle"),
    ("sine", [SWING, None], "The lag: ✗ Not yet. There is nothing"),
    ("sine", [L.R * MINE.amplitude, LAG], "very slow sine"),
    ("sine", [SWING / MINE.amplitude, LAG], "the gain"),
    ("sine", [2 * SWING, LAG], "from end to end"),
    ("parts", [INPUT + L.u_rest, RESETS], "not from rest"),
    ("parts", [L.R * MINE.I_strong, RESETS], "on its way"),
    ("parts", [INPUT, -RESETS], "the sign is not"),
    ("parts", [INPUT, (L.u_r - L.theta) * fading(SINCE[-1])], "earlier spikes"),
    ("parts", [INPUT, (L.u_r - L.u_rest) * fading(SINCE).sum()], "when it is reset"),
    ("parts", [INPUT, 3 * (L.u_r - L.theta)], "decays"),
]
FOLLOWS = [
    ("two_charges", KERNEL * L.tau_m, L.u_rest + L.tau_m * (FIRST + SECOND), 1.0),
    ("two_charges", 0.9 * KERNEL, L.u_rest + 0.9 * (FIRST + SECOND), 1.0),
]
RIGHT = [
    ("kernel", list(KERNEL)),
    ("kernel", tuple(float(f"{x:.3g}") for x in KERNEL)),
    ("kernel", KERNEL.astype(np.float32)),
    ("two_charges", np.float64(L.u_rest + FIRST + SECOND)),
    ("two_charges", round(L.u_rest + FIRST + SECOND, 2)),
    ("after_pulse", np.array(L.u_rest + PULSE)),
    ("cutoff", round(CUTOFF, 2)),
    ("sine", (SWING, LAG)),
    ("sine", [SWING, -LAG]),  # the phase of the impedance
    ("sine", np.array([SWING, LAG])),
    ("parts", np.array([INPUT, RESETS])),
    ("parts", [round(INPUT, 2), round(RESETS, 2)]),
    ("pause_error", round(PAUSE, 2)),
]


# The convolution


def loop(I, dt, tau_m, R, u_rest):
    """The sum as it is written, with the kernel at the middle of each slice."""
    u = []
    for k in range(len(I)):
        ago = dt * (k - np.arange(k)) - dt / 2
        u.append(u_rest + np.sum(R / tau_m * np.exp(-ago / tau_m) * I[:k]) * dt)
    return u


def naive(I, dt, tau_m, R, u_rest):
    t = np.arange(len(I)) * dt
    return u_rest + dt * np.convolve(I, R / tau_m * np.exp(-t / tau_m))[: len(I)]


def from_the_next_step_on(*args):
    return np.append(args[4], naive(*args)[:-1])


def transformed(I, dt, tau_m, R, u_rest):
    t = np.arange(len(I)) * dt
    return u_rest + dt * signal.fftconvolve(I, R / tau_m * np.exp(-t / tau_m))[: len(I)]


def recurrent(I, dt, tau_m, R, u_rest):
    a = np.exp(-dt / tau_m)
    return u_rest + signal.lfilter([0, R * (1 - a)], [1, -a], I)


def euler(I, dt, tau_m, R, u_rest):
    u = [u_rest]
    for current in I[:-1]:
        u.append(u[-1] + dt / tau_m * (u_rest - u[-1] + R * current))
    return tuple(u)


@pytest.mark.parametrize(
    "style", [loop, naive, from_the_next_step_on, transformed, recurrent, euler]
)
def test_a_convolution_counts_in_any_style(style):
    assert CHECKS["filtered"](style, ME).right
    assert marked(style).right


@pytest.mark.parametrize("student", EVERYBODY[: examples(60)])
def test_the_plainest_convolution_is_right_for_everybody(student):
    """The tolerance has room for the step, whatever neuron and current a student gets."""
    for style in (naive, from_the_next_step_on):
        assert CHECKS["filtered"](style, student).right
        assert mark_filtered([style(*args) for args in inputs_filtered(student)], student).right


def circular(I, dt, tau_m, R, u_rest):
    kernel = R / tau_m * np.exp(-dt * np.arange(len(I)) / tau_m)
    return u_rest + dt * np.fft.irfft(np.fft.rfft(I) * np.fft.rfft(kernel), len(I))


def slipped(**slip):
    """The plain convolution, on arguments that a slip has changed."""

    def function(I, dt, tau_m, R, u_rest):
        return naive(
            **({"I": np.array(I), "dt": dt, "tau_m": tau_m, "R": R, "u_rest": u_rest}) | slip
        )

    return function


@pytest.mark.parametrize(
    ("slip", "least", "most", "said"),
    [
        (lambda *a: naive(*a) - a[4], 0, 0, "measured from the resting potential"),
        (lambda *a: a[4] + (naive(*a) - a[4]) / a[1], 0, 0, "slice of length dt"),
        (lambda *a: a[4] + (naive(*a) - a[4]) * a[2], 0, 0, "the area under it"),
        (lambda *a: a[4] + (naive(*a) - a[4]) / a[3], 0, 0, "the area under it"),
        (lambda *a: 2 * a[4] - naive(*a), 0, 0, "wrong sign"),
        (lambda *a: naive(*a) / 1000, 0, 0, "is it in V?"),
        (lambda *a: np.convolve(a[0], a[0]), 0, 0, "The shape is"),
        (lambda *a: naive(*a)[1:], 0, 0, "The shape is"),
        (lambda *a: naive(*a)[::-1], 0, 0, ""),
        (lambda *a: naive(a[0][::-1], *a[1:]), 0, 0, ""),
        (lambda *a: np.full(len(a[0]), a[4]), 0, 0, "different numbers"),
        (lambda *a: a[4] + a[3] * np.array(a[0]), 0, 0, "different numbers"),  # no memory
        (lambda *a: 7.0, 0, 0, "The shape is not"),
        (lambda *a: "rising", 0, 0, "text"),
        (lambda *a: [np.nan] * len(a[0]), 0, 0, "not a finite number"),
        (lambda *a: None, 0, 0, "returns nothing yet"),
        (circular, 0, 0.25, ""),
        (slipped(tau_m=L.tau_m, R=L.R, u_rest=L.u_rest), 0.5, 0.5, ""),  # one's own membrane
        (slipped(u_rest=L.u_rest), 0.5, 0.5, ""),
        (lambda *a: simulate_with_threshold(*a), 0.5, 1, ""),
    ],
)
def test_a_slip_in_the_convolution_costs_what_it_breaks(slip, least, most, said):
    verdict = marked(slip)
    assert least <= verdict.score <= most
    assert said in verdict.message


def simulate_with_threshold(I, dt, tau_m, R, u_rest):
    lif = LIF(tau_m=tau_m, R=R, u_rest=u_rest, theta=u_rest + 15, u_r=u_rest)
    return simulate(lif, Current(I, dt)).u


def test_a_call_that_fails_costs_its_own_share_only():
    answers = [naive(*args) for args in inputs_filtered(ME)]
    answers[1] = None
    assert mark_filtered(answers, ME).score == 0.75


def test_the_hidden_currents_do_not_tell_by_themselves():
    """Each trial moves the potential by far more than it may be off."""
    for lif, I in trials(ME):
        assert np.ptp(naive(I.values, I.dt, lif.tau_m, lif.R, lif.u_rest)) > 1.0


# Everybody's own


ANSWERS = {
    "kernel": lambda g: (
        g.lif.R
        / g.lif.tau_m
        * np.where(np.array(g.lags) < 0, 0, np.exp(-np.array(g.lags) / g.lif.tau_m))
    ),
    "two_charges": lambda g: (
        g.lif.u_rest
        + sum(
            q / g.lif.C * np.exp(-(g.t_charges - t) / g.lif.tau_m)
            for q, t in zip(g.charges, g.arrivals, strict=True)
        )
    ),
    "cutoff": lambda g: 1000 / (2 * np.pi * g.lif.tau_m),
    "pause_error": lambda g: (
        (g.lif.u_rest + g.lif.R * g.I_strong - g.lif.u_r) * (1 - np.exp(-g.t_ref / g.lif.tau_m))
    ),
}


@pytest.mark.parametrize("task", ANSWERS)
def test_neighbours_have_numbers_of_their_own(task):
    answers = [ANSWERS[task](given(student)) for student in EVERYBODY]
    assert all(CHECKS[task](a, s).right for a, s in zip(answers, EVERYBODY, strict=True))
    same = sum(CHECKS[task](a, s).right for a, s in zip(answers, EVERYBODY[1:], strict=False))
    assert same < 40


def test_everybody_stays_below_threshold_where_the_text_says_so():
    for student in some(EVERYBODY):
        g = given(student)
        room = g.lif.theta - g.lif.u_rest
        assert g.charges[0] / g.lif.C < room
        assert g.lif.R * g.I_pulse < room
        assert g.lif.R * g.amplitude < 30  # a sine out of play of the threshold, by the text
        assert g.spike_times[2] < g.t_spikes
        third_interval = g.spike_times[2] - g.spike_times[1]
        assert g.t_spikes < g.spike_times[2] + third_interval
