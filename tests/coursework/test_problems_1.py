"""Problem set 1 is fair: right answers in any style count, wrong ones get what they deserve."""

import numpy as np
import pytest

from coursework.unseen.problems_1 import inputs_integrate, mark_integrate
from neuro_lib import LIF, Current, simulate
from neuro_lib.coursework import Student
from neuro_lib.coursework.problems_1 import given
from tests.coursework.notebooks import ME, OTHER, checks

MINE = given(ME)
L = MINE.lif
CHECKS = checks("problems_1")


def marked(answer):
    """The marks that a function earns: run on the hidden inputs, judged from what it returns."""
    return mark_integrate([answer(*args) for args in inputs_integrate(ME)], ME)


def euler(I, dt, tau_m, R, u_rest, theta, u_r, t_ref, *, late=0, scale=1.0, keep_reset=True):
    """Spike times by Euler's method, with the slips that the options name."""
    u, held, found = u_rest, 0, []
    pause = round(t_ref / dt)
    for k in range(len(I)):
        if held:
            held -= 1
            continue
        u += dt / tau_m * (u_rest - u + R * I[k])
        if u >= theta:
            found.append((k + 1 + late) * scale * dt)
            held = pause
            u = u_r if keep_reset else u_rest
    return found


ODD = 1000 / (1000 / L.firing_rate(MINE.I_strong) - L.t_ref)  # Hz, without a pause
FIRST = 1000 / ODD
GAP = L.theta - L.u_rest
WRONG = [
    ("synapses", MINE.neurons * MINE.synapses_each, "granule cells as many"),
    ("synapses", MINE.neurons, "different number"),
    ("capacitance", L.tau_m * L.R, "different number"),
    ("capacitance", 1000 * L.tau_m / L.R, "is it in pF?"),
    ("capacitance", L.R / L.tau_m, "different number"),
    ("steady_potential", L.R * MINE.I_weak, "measured from the resting potential"),
    ("steady_potential", L.u_rest - L.R * MINE.I_weak, "different number"),
    ("steady_potential", (L.u_rest + L.R * MINE.I_weak) / 1000, "is it in V?"),
    ("rheobase", GAP / L.R * 1000, "is it in pA?"),
    ("rheobase", -GAP / L.R, "the sign is not"),
    ("rheobase", L.theta / L.R, "from 0 mV"),
    ("rheobase", given(OTHER).lif.rheobase, "different number"),
    ("rheobase", f"{GAP / L.R} nA", "text"),
    ("first_spike", FIRST / 1000, "is it in s?"),
    ("first_spike", FIRST + L.t_ref, "nothing to recover from"),
    ("first_spike", -FIRST, "the sign is not"),
    ("first_spike", [FIRST], "a list"),
    ("strong_rate", L.firing_rate(MINE.I_strong) / 1000, "is it in kHz?"),
    ("strong_rate", 1000 / L.firing_rate(MINE.I_strong), "different number"),
    ("strong_rate", given(OTHER).lif.firing_rate(given(OTHER).I_strong), "different number"),
    ("rates", L.firing_rate(np.array(MINE.currents))[1:], "The shape is (4,)"),
    ("rates", L.firing_rate(np.array(MINE.currents)) / 1000, "is it in kHz?"),
    ("rates", L.firing_rate(np.array(MINE.currents))[::-1], "different numbers"),
]


HALF = [("strong_rate", ODD, "never had to recover")]
RIGHT = [
    ("synapses", int(MINE.neurons * (1 - MINE.granule_share) * MINE.synapses_each)),
    ("capacitance", np.float64(L.C)),
    ("steady_potential", np.array(L.u_rest + L.R * MINE.I_weak)),
    ("rheobase", round(GAP / L.R, 4)),
    ("first_spike", -L.tau_m * np.log(1 - GAP / (L.R * MINE.I_strong))),
    ("rates", tuple(L.firing_rate(I) for I in MINE.currents)),
    ("rates", [float(f"{L.firing_rate(I):.3g}") for I in MINE.currents]),
]


RESTLESS = LIF(tau_m=L.tau_m, R=L.R, u_rest=L.u_rest, theta=L.theta, u_r=L.u_r)
RESTLESS_RATES = RESTLESS.firing_rate(np.array(MINE.currents))
HALF.append(("rates", RESTLESS_RATES, "never had to recover"))


# The integrator


def in_steps(*args):
    return np.array(euler(*args)) / args[1]


def exact(I, dt, tau_m, R, u_rest, theta, u_r, t_ref):
    model = LIF(tau_m=tau_m, R=R, u_rest=u_rest, theta=theta, u_r=u_r, t_ref=t_ref)
    return simulate(model, Current([*I, 0.0], dt)).spike_times


FOLLOWS = [
    ("strong_rate", 1.3 * FIRST, 1000 / (1.3 * FIRST + L.t_ref), 1.0),
    ("strong_rate", 1.3 * FIRST, 1000 / (1.3 * FIRST), 0.5),
    ("strong_rate", FIRST + L.t_ref, 1000 / (FIRST + 2 * L.t_ref), 1.0),
    ("rates", lambda *args: euler(*args[:7], 0.0), RESTLESS_RATES, 1.0),
]


@pytest.mark.parametrize(
    "style",
    [
        euler,
        exact,
        lambda *args: np.array(euler(*args)),
        lambda *args: tuple(euler(*args)),
        lambda *args: [np.float32(t) for t in euler(*args)],
        lambda *args: euler(*args, late=-1),  # a spike belongs to the start of its step
        lambda *args: euler(*args, late=1),
    ],
)
def test_an_integrator_counts_in_any_style(style):
    assert CHECKS["integrate"](style, ME).right
    assert marked(style).right


@pytest.mark.parametrize(
    ("slip", "least", "most", "said"),
    [
        (lambda *args: euler(*args, scale=0.001), 0, 0, "in s"),
        (in_steps, 0, 0, "counted in steps"),
        (lambda *args: euler(*args[:7], 0.0), 0, 0.25, "refractory time"),
        (lambda *args: [], 0, 0, "does not fire"),
        (lambda *args: 7.0, 0, 0, "a list or an array"),
        (lambda *args: ["soon"], 0, 0, "a list or an array"),
        (lambda *args: [np.nan], 0, 0, "not a finite number"),
        (lambda *args: None, 0, 0, "returns nothing yet"),
        (lambda *args: euler(-np.array(args[0]), *args[1:]), 0, 0, ""),
        (lambda *args: euler(*args[:2], L.tau_m, *args[3:]), 0.5, 0.5, ""),  # one's own τ_m
        (lambda *args: euler(*args, keep_reset=False), 0.5, 0.5, ""),  # to rest, not to u_r
        (lambda *args: exact(*args)[:1], 0, 0, ""),
    ],
)
def test_a_slip_in_the_integrator_costs_what_it_breaks(slip, least, most, said):
    verdict = marked(slip)
    assert least <= verdict.score <= most
    assert said in verdict.message


def test_a_call_that_fails_costs_its_own_share_only():
    answers = [euler(*args) for args in inputs_integrate(ME)]
    answers[2] = None
    verdict = mark_integrate(answers, ME)
    assert verdict.score == 0.75
    assert "nothing" in verdict.message


def test_neighbours_have_numbers_of_their_own():
    everybody = [given(Student(f"s{i}")) for i in range(300)]
    firsts = [g.lif.tau_m * np.log(1 / (1 - g.lif.rheobase / g.I_strong)) for g in everybody]
    same = sum(
        CHECKS["first_spike"](first, Student(f"s{i + 1}")).right
        for i, first in enumerate(firsts[:-1])
    )
    assert same < 30
    for g in everybody:
        assert g.I_weak < 0.9 * g.lif.rheobase < g.lif.rheobase < 0.8 * g.I_strong
