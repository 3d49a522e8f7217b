"""The linear membrane's closed forms solve its equation, add up, and go over into each other."""

from decimal import Decimal, localcontext
from math import exp, inf, pi

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from neuro_lib import (
    LIF,
    alpha_psp,
    exponential_psp,
    green_function,
    impulse_response,
    initial_response,
    pulse_response,
    reset_kernel,
    sine_response,
    step_response,
)
from neuro_lib.analysis.responses import (
    add_alpha_psp,
    add_decay,
    add_exponential_psp,
    add_pulse,
    add_sine,
    impedance_parts,
)
from neuro_lib.models.series import first_mean, rest_of_mean
from tests.engines import assert_engines_agree

# The sliders' full ranges, and values between their notches
TAU_M, R, TAU_S = st.floats(5, 50), st.floats(10, 200), st.floats(0, 50)
FREQUENCY, PHASE, CHARGE = st.floats(0, 1000), st.floats(-7, 7), st.floats(-5, 5)
NEURONS = st.builds(LIF, tau_m=TAU_M, R=R)

quick = settings(derandomize=True, deadline=None, max_examples=40)

LIVELY = [LIF(), LIF(tau_m=5.0, R=200.0, u_rest=-70.0), LIF(tau_m=37.0, R=90.0, u_r=-58.0)]
T = np.linspace(0.0, 60.0, 61)


def solve(lif, I, t, *, start=0.0):
    """Deflection (mV) at times t of the first one's `start`, by an independent solver."""
    solution = solve_ivp(
        lambda s, u: (-u + lif.R * I(s)) / lif.tau_m,
        (t[0], t[-1]),
        [start],
        method="DOP853",
        t_eval=t,
        max_step=0.5,  # between its steps the solver interpolates, with fewer digits
        rtol=1e-12,
        atol=1e-13,
    )
    assert solution.success
    return solution.y[0]


def assert_solves(found, expected):
    assert np.abs(expected).max() > 0.1
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


# Each closed form against an independent solver


@pytest.mark.parametrize("lif", LIVELY, ids=repr)
def test_decay_of_a_start_away_from_rest(lif):
    assert_solves(
        initial_response(lif, -52.0, T), solve(lif, lambda t: 0.0, T, start=-52 - lif.u_rest)
    )


@pytest.mark.parametrize("lif", LIVELY, ids=repr)
def test_impulse_is_a_jump_by_charge_over_capacitance_and_decays(lif):
    assert_solves(impulse_response(lif, 1.5, T), solve(lif, lambda t: 0.0, T, start=1.5 / lif.C))


@pytest.mark.parametrize("lif", LIVELY, ids=repr)
def test_step(lif):
    assert_solves(step_response(lif, 0.4, T), solve(lif, lambda t: 0.4, T))


@pytest.mark.parametrize("width", [0.3, 7.0, 59.5])
@pytest.mark.parametrize("lif", LIVELY, ids=repr)
def test_pulse(lif, width):
    on, off = np.linspace(0.0, width, 7), np.linspace(width, 70.0, 7)
    during = solve(lif, lambda t: 0.4, on)
    after = solve(lif, lambda t: 0.0, off, start=during[-1])
    assert_solves(pulse_response(lif, 0.4, on, width=width), during)
    assert_solves(pulse_response(lif, 0.4, off, width=width), after)


@pytest.mark.parametrize("frequency", [0.0, 3.0, 40.0, 200.0])
@pytest.mark.parametrize("phase", [0.0, 1.1, -pi / 2])
def test_sine_with_its_transient(frequency, phase):
    lif = LIF(tau_m=8.0, R=150.0)
    expected = solve(lif, lambda t: 0.4 * np.sin(2 * pi * frequency * t / 1000 + phase), T)
    found = sine_response(lif, 0.4, T, frequency=frequency, phase=phase)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("tau_s", [0.5, 9.99, 10.0, 10.01, 35.0])
def test_psp_of_an_exponential_current(tau_s):
    lif = LIF(tau_m=10.0, R=90.0)
    expected = solve(lif, lambda t: -2.0 / tau_s * np.exp(-t / tau_s), T)
    assert_solves(exponential_psp(lif, -2.0, T, tau_s=tau_s), expected)


@pytest.mark.parametrize("tau_s", [0.5, 5.0, 9.99, 10.0, 10.01, 35.0])
def test_psp_of_an_alpha_shaped_current(tau_s):
    lif = LIF(tau_m=10.0, R=90.0)
    expected = solve(lif, lambda t: 2.0 * t / tau_s**2 * np.exp(-t / tau_s), T)
    assert_solves(alpha_psp(lif, 2.0, T, tau_s=tau_s), expected)


# PSPs keep their digits near τ_s = τ_m: the textbook's formulas, with 80 digits


def exact_psps(t, tau_m, tau_s):
    """PSPs of unit charge and resistance, the α-shaped one in second place."""
    with localcontext() as context:
        context.prec = 80
        t, m, s = Decimal(t), Decimal(tau_m), Decimal(tau_s)
        if m == s:
            from_exponential = t / m / m * (-t / m).exp()
            return float(from_exponential), float(from_exponential * t / m / 2)
        slow, fast = (-t / m).exp(), (-t / s).exp()
        tau = 1 / (1 / s - 1 / m)
        from_alpha = tau**2 / (m * s**2) * (slow - (1 + t / tau) * fast)
        return float((slow - fast) / (m - s)), float(from_alpha)


@given(
    tau_m=st.floats(5, 50),
    distance=st.floats(-16, 0.5),
    side=st.sampled_from([-1, 1]),
    periods=st.floats(1e-6, 30),
)
@example(tau_m=10.0, distance=-16.0, side=1, periods=1.0)  # equal
@example(tau_m=10.0, distance=-15.5, side=1, periods=1.0)  # neighbouring numbers
@example(tau_m=10.0, distance=0.5, side=1, periods=2.0)
@settings(quick, max_examples=300)
def test_psps_keep_13_digits_however_near_the_time_constants_are(tau_m, distance, side, periods):
    tau_s = tau_m * (1 + 10.0**distance) ** side
    t, lif = tau_m * periods, LIF(tau_m=tau_m, R=1.0)
    from_exponential, from_alpha = exact_psps(t, tau_m, tau_s)
    assert exponential_psp(lif, 1.0, t, tau_s=tau_s) == pytest.approx(from_exponential, rel=2e-13)
    assert alpha_psp(lif, 1.0, t, tau_s=tau_s) == pytest.approx(from_alpha, rel=2e-13)


@given(tau_m=TAU_M, tau_s=st.floats(0, 50), t=st.floats(0, 500))
@example(tau_m=10.0, tau_s=5e-324, t=0.0)
@example(tau_m=10.0, tau_s=5e-324, t=1.0)
@example(tau_m=10.0, tau_s=1e-200, t=500.0)
@example(tau_m=1e-99, tau_s=1e-99, t=1e99)
@quick
def test_psps_are_finite_positive_and_below_the_jump_of_their_charge(tau_m, tau_s, t):
    lif = LIF(tau_m=tau_m)
    jump = 1 / lif.C
    for psp in (exponential_psp, alpha_psp):
        assert 0.0 <= psp(lif, 1.0, t, tau_s=tau_s) <= jump * (1 + 1e-12)


# Limits


@pytest.mark.parametrize("psp", [exponential_psp, alpha_psp])
def test_a_fast_synapse_does_what_its_charge_does_at_once(psp):
    t = np.array([1.0, 10.0, 30.0])
    at_once = impulse_response(LIF(), 0.7, t)
    errors = [np.abs(psp(LIF(), 0.7, t, tau_s=x) - at_once).max() for x in (1e-3, 1e-6, 1e-9)]
    np.testing.assert_allclose(errors[0] / np.array(errors[1:]), [1e3, 1e6], rtol=1e-3)
    without_delay = psp(LIF(), 0.7, T, tau_s=0.0)
    np.testing.assert_allclose(without_delay, impulse_response(LIF(), 0.7, T), rtol=1e-15)


def test_a_short_pulse_does_what_its_charge_does_at_once():
    t = np.array([1.0, 10.0, 30.0])
    at_once = impulse_response(LIF(), 0.7, t)
    errors = [
        np.abs(pulse_response(LIF(), 0.7 / width, t, width=width) - at_once).max()
        for width in (1e-3, 1e-6, 1e-9)
    ]
    np.testing.assert_allclose(errors[0] / np.array(errors[1:]), [1e3, 1e6], rtol=1e-3)


def test_a_long_pulse_is_a_step_and_a_long_step_is_ohms_law():
    step = step_response(LIF(), 0.4, T)
    np.testing.assert_array_equal(pulse_response(LIF(), 0.4, T, width=60.5), step)
    assert step_response(LIF(R=50.0), 0.4, 1e4) == pytest.approx(20.0, abs=1e-12)


def test_the_start_of_a_step_keeps_its_digits():
    t = 1e-12
    assert step_response(LIF(), 0.4, t) == pytest.approx(0.4 * t / LIF().C, rel=1e-12)


def test_a_sine_without_frequency_is_a_step():
    found = sine_response(LIF(), 0.4, T, frequency=0.0, phase=pi / 2)
    np.testing.assert_allclose(found, step_response(LIF(), 0.4, T), rtol=0, atol=1e-12)


@given(lif=NEURONS, frequency=FREQUENCY, phase=PHASE)
@quick
def test_the_transient_of_a_sine_is_the_decay_of_minus_its_steady_start(lif, frequency, phase):
    sine = {"frequency": frequency, "phase": phase}
    steady = sine_response(lif, 0.4, T, **sine, steady=True)
    settling = sine_response(lif, 0.4, T, **sine) - steady
    np.testing.assert_allclose(settling, -steady[0] * np.exp(-T / lif.tau_m), rtol=0, atol=1e-11)


def test_a_steady_sine_has_always_been_on():
    period = 1000 / 40.0
    u = sine_response(LIF(), 0.4, [3.0 - period, 3.0, 3.0 + period], frequency=40.0, steady=True)
    np.testing.assert_allclose(u, u[1], rtol=1e-12)


# Green's function, and what is made of it


@given(lif=NEURONS)
@quick
def test_the_kernels_integral_is_the_resistance(lif):
    area, _ = quad(lambda s: green_function(lif, s), 0, 40 * lif.tau_m)
    assert area == pytest.approx(lif.R, rel=1e-9)
    assert green_function(lif, 0.0) == pytest.approx(1 / lif.C, rel=1e-14)


@given(lif=NEURONS, t=st.floats(0.1, 100), width=st.floats(0.1, 50), tau_s=st.floats(1, 50))
@quick
def test_responses_are_integrals_over_the_kernel(lif, t, width, tau_s):
    def filtered(current, start=0.0):
        integrand = lambda s: green_function(lif, s) * current(t - s)  # noqa: E731
        return quad(integrand, start, t, epsabs=1e-12, epsrel=1e-12)[0]

    step = filtered(lambda x: 0.4)
    assert step_response(lif, 0.4, t) == pytest.approx(step, rel=1e-9)
    pulse = filtered(lambda x: 0.4, start=max(t - width, 0.0))
    assert pulse_response(lif, 0.4, t, width=width) == pytest.approx(pulse, rel=1e-9)
    decaying = filtered(lambda x: exp(-x / tau_s) / tau_s)
    assert exponential_psp(lif, 1.0, t, tau_s=tau_s) == pytest.approx(decaying, rel=1e-9)
    alpha = filtered(lambda x: x * exp(-x / tau_s) / tau_s**2)
    assert alpha_psp(lif, 1.0, t, tau_s=tau_s) == pytest.approx(alpha, rel=1e-9)


def test_the_kernel_is_the_slope_of_the_step_response_per_current():
    s, h = np.linspace(1.0, 50.0, 20), 1e-4
    slope = (step_response(LIF(), 1.0, s + h) - step_response(LIF(), 1.0, s - h)) / (2 * h)
    np.testing.assert_allclose(green_function(LIF(), s), slope, rtol=1e-8)


def test_a_pulse_is_a_step_and_the_opposite_step_later():
    expected = step_response(LIF(), 0.4, T) - step_response(LIF(), 0.4, T - 7.5)
    found = pulse_response(LIF(), 0.4, T, width=7.5)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("lif", LIVELY, ids=repr)
def test_the_reset_kernel_takes_the_threshold_to_reset_and_is_forgotten(lif):
    assert lif.theta + reset_kernel(lif, 0.0) == pytest.approx(lif.u_r, abs=1e-12)
    assert reset_kernel(lif, -1e-9) == 0.0
    charge = (lif.u_r - lif.theta) * lif.C
    np.testing.assert_allclose(reset_kernel(lif, T), impulse_response(lif, charge, T), rtol=1e-13)


RESPONSES = {
    "impulse": lambda lif, x, t: impulse_response(lif, x, t),
    "step": lambda lif, x, t: step_response(lif, x, t),
    "pulse": lambda lif, x, t: pulse_response(lif, x, t, width=5.0),
    "sine": lambda lif, x, t: sine_response(lif, x, t, frequency=40.0, phase=0.5),
    "exponential": lambda lif, x, t: exponential_psp(lif, x, t, tau_s=4.0),
    "alpha": lambda lif, x, t: alpha_psp(lif, x, t, tau_s=4.0),
    "start": lambda lif, x, t: initial_response(lif, lif.u_rest + x, t),
    "reset": lambda lif, x, t: reset_kernel(lif, t),
    "kernel": lambda lif, x, t: green_function(lif, t),
}


@pytest.mark.parametrize("name", [name for name in RESPONSES if name not in ("reset", "kernel")])
@given(one=CHARGE, other=CHARGE)
@settings(quick, max_examples=10)
def test_responses_superpose(name, one, other):
    response = RESPONSES[name]
    both = response(LIF(), one + other, T)
    np.testing.assert_allclose(
        both, response(LIF(), one, T) + response(LIF(), other, T), rtol=0, atol=1e-11
    )


@pytest.mark.parametrize("name", RESPONSES)
def test_nothing_happens_before_the_input(name):
    before, at, after = RESPONSES[name](LIF(), 2.0, [-1e-6, 0.0, 3.0])
    assert before == 0.0 and after != 0.0
    jumps = name in ("impulse", "start", "reset", "kernel")
    assert (abs(at) > 1.0) if jumps else (abs(at) < 1e-14)


@pytest.mark.parametrize("name", RESPONSES)
def test_neurons_come_before_times(name):
    response, tau_m = RESPONSES[name], [[5.0], [10.0]]
    lif, t = LIF(tau_m=tau_m, R=[50.0, 60.0, 70.0]), np.array([1.0, 2.0, 3.0, 4.0])
    found = response(lif, 2.0, t)
    assert found.shape == (2, 3, 4)
    np.testing.assert_array_equal(found[1, 2], response(LIF(tau_m=10.0, R=70.0), 2.0, t))
    assert response(lif, 2.0, 1.0).shape == (2, 3)
    assert isinstance(response(LIF(), 2.0, 1.0), float)
    if name not in ("reset", "kernel"):
        assert response(LIF(), np.array([1.0, 2.0]), t).shape == (2, 4)


# The same in every engine


@given(t=st.lists(st.floats(-50, 500), min_size=1, max_size=8), size=CHARGE, tau=TAU_M)
@quick
def test_add_decay_agrees_in_every_engine(t, size, tau):
    assert_engines_agree(add_decay, np.ones(len(t)), np.array(t), size, tau)


@given(
    t=st.lists(st.floats(-50, 500), min_size=1, max_size=8),
    width=st.floats(1e-3, 500) | st.just(inf),
    tau_m=TAU_M,
    R=R,
)
@quick
def test_add_pulse_agrees_in_every_engine(t, width, tau_m, R):
    assert_engines_agree(add_pulse, np.ones(len(t)), np.array([*t]), 0.4, width, tau_m, R)


@given(f=FREQUENCY, phase=PHASE, tau_m=TAU_M, R=R, settling=st.booleans())
@quick
def test_add_sine_agrees_in_every_engine(f, phase, tau_m, R, settling):
    t = np.linspace(-10, 200, 9)
    assert_engines_agree(add_sine, np.ones(9), t, 0.4, f, phase, tau_m, R, settling)
    assert_engines_agree(impedance_parts, f, tau_m, R)


@given(tau_s=TAU_S, tau_m=TAU_M, R=R)
@example(tau_s=10.0, tau_m=10.0, R=50.0)
@example(tau_s=10.0000001, tau_m=10.0, R=50.0)
@example(tau_s=0.0, tau_m=10.0, R=50.0)
@quick
def test_psps_agree_in_every_engine(tau_s, tau_m, R):
    t = np.linspace(-10, 200, 9)
    assert_engines_agree(add_exponential_psp, np.ones(9), t, 0.7, tau_s, tau_m, R)
    assert_engines_agree(add_alpha_psp, np.ones(9), t, 0.7, tau_s, tau_m, R)


@given(x=st.floats(0, 1))
@example(x=0.0)
@quick
def test_means_agree_in_every_engine(x):
    assert_engines_agree(first_mean, x)
    assert_engines_agree(rest_of_mean, x)


# What is refused


def refusal(call):
    with pytest.raises(ValueError) as refused:
        call()
    return str(refused.value)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: green_function(LIF(), np.nan), "s = nan ms: the time since the input must"),
        (lambda: reset_kernel(LIF(), inf), "s = inf ms: the time since the spike must be finite"),
        (lambda: step_response(LIF(), 0.4, [0.0, np.nan]), "t = nan ms: the time must be finite"),
        (lambda: step_response(LIF(), np.nan, 0.0), "I = nan nA: the current must be finite"),
        (lambda: step_response(LIF(), "0.4", 0.0), "I = '0.4': the current must be a number"),
        (lambda: impulse_response(LIF(), inf, 0.0), "charge = inf pC: the charge must be finite"),
        (
            lambda: initial_response(LIF(), np.nan, 0.0),
            "u_start = nan mV: the potential at the start must be finite",
        ),
        (
            lambda: pulse_response(LIF(), 0.4, 0.0, width=0.0),
            "width = 0 ms: the length of the pulse must be finite and > 0 ms",
        ),
        (
            lambda: pulse_response(LIF(), 0.4, 0.0, width=inf),
            "width = inf ms: the length of the pulse must be finite and > 0 ms",
        ),
        (
            lambda: sine_response(LIF(), np.nan, 0.0, frequency=1.0),
            "amplitude = nan nA: the amplitude must be finite",
        ),
        (
            lambda: sine_response(LIF(), 0.4, 0.0, frequency=-1.0),
            "frequency = -1 Hz: the frequency must be finite and ≥ 0 Hz",
        ),
        (
            lambda: sine_response(LIF(), 0.4, 0.0, frequency=1.0, phase=inf),
            "phase = inf rad: the phase at t = 0 must be finite",
        ),
        (
            lambda: exponential_psp(LIF(), 1.0, 0.0, tau_s=-1.0),
            "tau_s = -1 ms: the decay time of the synaptic current must be finite and ≥ 0 ms",
        ),
        (
            lambda: alpha_psp(LIF(), 1.0, 0.0, tau_s=np.nan),
            "tau_s = nan ms: the peak time of the synaptic current must be finite and ≥ 0 ms",
        ),
        (
            lambda: alpha_psp(LIF(), np.nan, 0.0, tau_s=1.0),
            "charge = nan pC: the charge of the synaptic current must be finite",
        ),
        (
            lambda: step_response(LIF(R=[50.0, 60.0]), [0.1, 0.2, 0.3], 0.0),
            "shapes must broadcast against each other; got neurons (2,), I (3,)",
        ),
        (
            lambda: alpha_psp(LIF(), [1.0, 2.0], 0.0, tau_s=[1.0, 2.0, 3.0]),
            "shapes must broadcast against each other; got charge (2,), tau_s (3,)",
        ),
    ],
)
def test_bad_input_is_refused_by_name_value_unit_and_what_is_allowed(call, message):
    assert refusal(call).startswith(message)
