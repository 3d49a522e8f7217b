"""The leaky integrate-and-fire neuron obeys its closed forms, whatever the time step."""

from dataclasses import replace
from itertools import pairwise
from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from neuro_lib import (
    LIF,
    Current,
    constant_current,
    euler,
    ou_current,
    pulse_train_current,
    ramp_current,
    simulate,
    sine_current,
    step_current,
)
from neuro_lib.models.lif import euler_run, fire, rate, relax, run, time_to_threshold
from tests.cases import each
from tests.engines import assert_engines_agree

POWERS_OF_TWO = [2.0**k for k in range(-8, 2)]  # ms, up to 2 ms

# The sliders' full ranges, and values between their notches
TAU_M, R, THETA = st.floats(5, 50), st.floats(10, 200), st.floats(-60, -40)
AMPLITUDE, T_REF = st.floats(0, 1), st.floats(0, 10)
NEURONS = st.builds(LIF, tau_m=TAU_M, R=R, theta=THETA, t_ref=T_REF)

quick = settings(derandomize=True, deadline=None, max_examples=60)


# Two independent solutions: the textbook's logarithm, and the same from edge to edge


def spikes_of_constant(lif, I, duration):
    """Spike times under a constant current, from rest, by the formula of the textbook."""
    goal = lif.u_rest + lif.R * I
    if goal <= lif.theta:
        return np.empty(0)
    first = lif.tau_m * log((goal - lif.u_rest) / (goal - lif.theta))
    interval = lif.t_ref + lif.tau_m * log((goal - lif.u_r) / (goal - lif.theta))
    return np.arange(first, duration, interval)


def spikes_between_edges(lif, edges, amplitudes):
    """Spike times under a current that changes at `edges` only: no time step at all."""
    u, spikes, ready = lif.u_rest, [], 0.0
    for (t, end), I in zip(pairwise(edges), amplitudes, strict=True):
        goal = lif.u_rest + lif.R * I
        while max(t, ready) < end:
            t = max(t, ready)
            left = (goal - u) * exp(-(end - t) / lif.tau_m)
            if goal - left < lif.theta or goal <= lif.theta:
                u = goal - left
                break
            t += lif.tau_m * log((goal - u) / (goal - lif.theta))
            u, ready = lif.u_r, t + lif.t_ref
            spikes.append(t)
    return np.array(spikes)


def far_from_rheobase(lif, I):
    """At the rheobase a spike's time is a matter of the last digit of the drive."""
    return abs(lif.u_rest + lif.R * I - lif.theta) > 0.5


LIVELY = [
    LIF(),
    LIF(t_ref=3.3),  # ends inside of most steps
    LIF(tau_m=5.0, R=200.0, theta=-60.0),  # fires 15 times within 2 ms
    LIF(tau_m=5.0, R=200.0, theta=-60.0, t_ref=0.3),
    LIF(tau_m=37.0, R=90.0, u_rest=-70.0, theta=-52.5, u_r=-61.0, t_ref=10.0),
    LIF(u_r=-80.0, t_ref=2.0),
]


@each("dt", POWERS_OF_TWO)
@each("lif", LIVELY)
def test_spikes_of_a_step_current_match_the_closed_form_at_every_dt(lif, dt):
    I = step_current(0.8, start=20.0, stop=180.0, duration=200.0, dt=dt)
    expected = 20.0 + spikes_of_constant(lif, 0.8, 160.0)
    assert expected.size > 3
    np.testing.assert_allclose(simulate(lif, I).spike_times, expected, rtol=0, atol=1e-9)


@each("dt", POWERS_OF_TWO)
@each("lif", LIVELY)
def test_spikes_of_a_pulse_train_match_the_solution_without_steps_at_every_dt(lif, dt):
    I = pulse_train_current(0.9, width=12.0, period=28.0, start=6.0, duration=240.0, dt=dt)
    I = 0.1 + I
    on = np.arange(6.0, 240.0, 28.0)
    edges = [0.0, *np.column_stack([on, on + 12.0]).ravel()]
    edges = [*edges[: np.searchsorted(edges, 240.0)], 240.0]
    amplitudes = [1.0 if k % 2 else 0.1 for k in range(len(edges) - 1)]
    expected = spikes_between_edges(lif, edges, amplitudes)
    assert expected.size > 3
    np.testing.assert_allclose(simulate(lif, I).spike_times, expected, rtol=0, atol=1e-9)


@given(lif=NEURONS, I=AMPLITUDE, dt=st.sampled_from([0.1, 0.25, 1.0, 5.0]))
@quick
def test_spikes_match_the_closed_form_over_all_sliders(lif, I, dt):
    assume(far_from_rheobase(lif, I))
    trace = simulate(lif, constant_current(I, duration=200.0, dt=dt))
    expected = spikes_of_constant(lif, I, 200.0)
    np.testing.assert_allclose(trace.spike_times, expected, rtol=0, atol=1e-9)


@given(
    lif=st.builds(
        LIF,
        tau_m=TAU_M,
        R=R,
        u_rest=st.floats(-80, -61),
        u_r=st.floats(-90, -61),
        theta=THETA,
        t_ref=T_REF,
    ),
    amplitudes=st.lists(st.floats(-1, 1), min_size=2, max_size=12),
    steps=st.sampled_from([1, 3, 16]),
)
@quick
def test_spikes_match_the_solution_without_steps_for_any_staircase(lif, amplitudes, steps):
    assume(all(far_from_rheobase(lif, I) for I in amplitudes))
    edges = 5.0 * np.arange(len(amplitudes) + 1)
    I = Current(np.append(np.repeat(amplitudes, steps), 0.0), dt=5.0 / steps)
    expected = spikes_between_edges(lif, edges, amplitudes)
    np.testing.assert_allclose(simulate(lif, I).spike_times, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("dt", [0.1, 1.0])
@pytest.mark.parametrize("lif", LIVELY, ids=repr)
def test_potential_between_spikes_is_the_closed_form(lif, dt):
    trace = simulate(lif, constant_current(0.8, duration=100.0, dt=dt))
    goal = lif.u_rest + lif.R * 0.8
    for t, u in zip(trace.t, trace.u, strict=True):
        before = trace.spike_times[trace.spike_times <= t]
        since, start = (t - before[-1] - lif.t_ref, lif.u_r) if before.size else (t, lif.u_rest)
        expected = goal + (start - goal) * exp(-max(since, 0.0) / lif.tau_m)
        assert u == pytest.approx(expected, abs=1e-9)


def test_potential_is_held_at_reset_for_the_refractory_time():
    lif = LIF(t_ref=4.0, u_r=-70.0)
    trace = simulate(lif, constant_current(0.8, duration=200.0, dt=0.1))
    for spike in trace.spike_times[:-1]:
        refractory = (trace.t >= spike) & (trace.t <= spike + 4.0)
        assert np.sum(refractory) >= 39
        assert set(trace.u[refractory]) == {-70.0}


@given(lif=NEURONS, I=AMPLITUDE)
@quick
def test_refractory_time_lengthens_each_interval_by_itself(lif, I):
    assume(far_from_rheobase(lif, I))
    current = constant_current(I, duration=300.0, dt=0.5)
    intervals = np.diff(simulate(lif, current).spike_times)
    without = np.diff(simulate(replace(lif, t_ref=0.0), current).spike_times)
    n = intervals.size
    np.testing.assert_allclose(intervals - without[:n], lif.t_ref, rtol=0, atol=1e-9)


def test_refractory_input_is_ignored():
    lif = LIF(t_ref=10.0)
    base = constant_current(0.5, duration=40.0, dt=0.5)
    first = simulate(lif, base).spike_times[0]
    start = np.ceil(first)
    jolt = step_current(0.9, start=start, stop=start + 8.0, duration=40.0, dt=0.5)
    np.testing.assert_array_equal(
        simulate(lif, base + jolt).spike_times, simulate(lif, base).spike_times
    )


# Rheobase and rate

EXACT = LIF(tau_m=8.0, R=64.0, u_rest=-64.0, u_r=-64.0, theta=-48.0)  # rheobase 1/4, no rounding


@pytest.mark.parametrize("dt", [2.0**-4, 1.0, 8.0])
def test_at_the_rheobase_it_never_fires_and_just_above_it_does(dt):
    assert EXACT.rheobase == 0.25 and EXACT.firing_rate(0.25) == 0.0
    assert simulate(EXACT, constant_current(0.25, duration=4000.0, dt=dt)).spike_count == 0
    barely = 0.25 * (1 + 1e-12)
    trace = simulate(EXACT, constant_current(barely, duration=4000.0, dt=dt))
    assert trace.spike_count == int(4.0 * EXACT.firing_rate(barely)) > 0


@pytest.mark.parametrize("lif", LIVELY, ids=repr)
def test_the_rheobase_parts_silent_from_firing_whatever_the_reset(lif):
    below, above = 0.999 * lif.rheobase, 1.001 * lif.rheobase
    assert lif.firing_rate(below) == 0.0 < lif.firing_rate(above)
    for I, fires in ((below, False), (above, True)):
        trace = simulate(lif, constant_current(I, duration=1000.0, dt=1.0))
        assert (trace.spike_count > 0) == fires


def test_rate_falls_to_zero_at_the_rheobase():
    gap = 10.0 ** -np.arange(1, 13)
    rates = EXACT.firing_rate(EXACT.rheobase * (1 + gap))
    np.testing.assert_allclose(rates, 1000 / (8.0 * np.log((1 + gap) / gap)), rtol=1e-3)
    assert np.all(np.diff(rates) < 0)
    assert np.all(EXACT.firing_rate([0.25, 0.2499, 0.0, -1.0]) == 0.0)


def test_just_reaching_the_threshold_fires_even_if_the_current_ends_there():
    I = step_current(0.4, start=0.0, stop=12.0, duration=50.0, dt=0.5)
    highest = simulate(LIF(theta=1e4), I).u[24]
    trace = simulate(LIF(theta=highest), I)
    np.testing.assert_allclose(trace.spike_times, [12.0], rtol=0, atol=1e-9)
    assert trace.u[24] == -65.0


@given(lif=NEURONS, I=AMPLITUDE)
@quick
def test_rate_is_that_of_a_long_run_over_all_sliders(lif, I):
    trace = simulate(lif, constant_current(I, duration=2000.0, dt=2.0))
    assert abs(trace.spike_count - 2.0 * lif.firing_rate(I)) <= 1.0 + 1e-9


def test_strong_drive_is_limited_by_the_refractory_time_alone():
    assert LIF(t_ref=2.0).firing_rate(1e9) == pytest.approx(500.0, rel=1e-6)


def test_weak_reset_gives_the_small_interval_without_loss_of_digits():
    lif = LIF(theta=-50.0, u_r=-50.0 - 1e-9)
    slope = (-65.0 + 50.0 - lif.theta) / lif.tau_m  # mV/ms, at threshold, for 1 nA
    interval = (lif.theta - lif.u_r) / slope
    assert lif.firing_rate(1.0) == pytest.approx(1000 / interval, rel=1e-9)


def test_rates_broadcast_over_currents_and_parameters():
    lif, I = LIF(tau_m=[[5.0], [10.0], [20.0]]), np.array([0.2, 0.4, 0.5, 0.9])
    rates = lif.firing_rate(I)
    assert rates.shape == (3, 4)
    for i, tau_m in enumerate([5.0, 10.0, 20.0]):
        assert rates[i].tolist() == [LIF(tau_m=tau_m).firing_rate(x) for x in I]
    assert isinstance(LIF().firing_rate(0.4), float)


def test_capacitance_is_farad_in_coherent_units():
    lif = LIF(tau_m=10.0, R=50.0)
    seconds = (lif.R * 1e6) * (lif.C * 1e-9)
    assert seconds == pytest.approx(lif.tau_m * 1e-3, rel=1e-15)
    np.testing.assert_array_equal(LIF(tau_m=[10.0, 20.0]).C, [0.2, 0.4])
    np.testing.assert_array_equal(LIF(theta=[-50.0, -45.0]).rheobase, [0.3, 0.4])


# Linearity, scaling and symmetry

WAVES = st.builds(
    lambda *x: Current(np.array(x).reshape(2, -1).sum(axis=0), dt=0.5),
    *[st.floats(-1, 1)] * 60,
)


@given(one=WAVES, other=WAVES, lif=NEURONS)
@quick
def test_below_threshold_responses_add(one, other, lif):
    silent = replace(lif, theta=1e4)

    def response(I):
        return simulate(silent, I).u - silent.u_rest

    np.testing.assert_allclose(
        response(one + 3 * other), response(one) + 3 * response(other), rtol=0, atol=1e-9
    )


@given(lif=NEURONS, I=AMPLITUDE)
@quick
def test_below_threshold_the_potential_settles_at_rest_plus_R_I(lif, I):
    silent = replace(lif, theta=1e4)
    trace = simulate(silent, constant_current(I, duration=2000.0, dt=5.0))
    assert trace.u[0] == lif.u_rest
    assert trace.u[-1] == pytest.approx(lif.u_rest + lif.R * I, abs=1e-9)


RHYTHM = sine_current(0.3, frequency=30.0, mean=0.5, duration=200.0, dt=0.5)


@pytest.mark.parametrize("lif", LIVELY, ids=repr)
@pytest.mark.parametrize("k", [0.25, 3.0])
def test_stretched_time_stretches_spike_times(lif, k):
    slow = replace(lif, tau_m=k * lif.tau_m, t_ref=k * lif.t_ref)
    spikes = simulate(slow, Current(RHYTHM.values, dt=k * RHYTHM.dt)).spike_times
    expected = simulate(lif, RHYTHM).spike_times
    assert expected.size > 3
    np.testing.assert_allclose(spikes, k * expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("lif", LIVELY, ids=repr)
def test_spikes_do_not_depend_on_where_zero_millivolts_are(lif):
    names = ("u_rest", "u_r", "theta")
    shifted = replace(lif, **{name: getattr(lif, name) + 65.0 for name in names})
    there, here = simulate(shifted, RHYTHM), simulate(lif, RHYTHM)
    np.testing.assert_allclose(there.spike_times, here.spike_times, rtol=0, atol=1e-9)
    np.testing.assert_allclose(there.u, here.u + 65.0, rtol=0, atol=1e-9)


@pytest.mark.parametrize("lif", LIVELY, ids=repr)
def test_only_the_product_of_resistance_and_current_matters(lif):
    scaled = simulate(replace(lif, R=4 * lif.R), 0.25 * RHYTHM)
    np.testing.assert_array_equal(scaled.spike_times, simulate(lif, RHYTHM).spike_times)


def test_after_hyperpolarisation_it_returns_without_overshoot():
    I = step_current(-0.8, start=10.0, stop=60.0, duration=200.0, dt=0.1)
    trace = simulate(LIF(), I)
    assert trace.u.min() == pytest.approx(-65 - 50 * 0.8 * (1 - exp(-5.0)), abs=1e-9)
    assert trace.u.max() == -65.0 and np.all(np.diff(trace.u[600:]) > -1e-12)


# An independent solver


def spikes_by_solve_ivp(lif, I):
    """Spike times and last potential, each step of the current and each spike a fresh start."""

    def reaches_threshold(t, u, drive):
        return u[0] - lif.theta

    reaches_threshold.terminal = True
    reaches_threshold.direction = 1
    u, spikes, ready = lif.u_rest, [], 0.0
    for t, value in zip(I.t[:-1], I.values, strict=False):
        end = t + I.dt
        while max(t, ready) < end:
            solution = solve_ivp(
                lambda t, u, drive: (-(u - lif.u_rest) + drive) / lif.tau_m,
                (max(t, ready), end),
                [u],
                args=(lif.R * value,),
                events=reaches_threshold,
                rtol=1e-10,
                atol=1e-12,
            )
            assert solution.success
            u, t = solution.y[0, -1], end
            if solution.status == 1:
                t = solution.t[-1]
                spikes.append(t)
                u, ready = lif.u_r, t + lif.t_ref
    return np.array(spikes), u


@pytest.mark.parametrize(
    "I",
    [
        ramp_current(0.0, 0.8, start=5.0, stop=50.0, duration=60.0, dt=0.5),
        sine_current(0.4, frequency=40.0, mean=0.35, duration=60.0, dt=0.5),
    ],
    ids=["ramp", "sine"],
)
@pytest.mark.parametrize("t_ref", [0.0, 2.3])
def test_spikes_match_an_independent_solver(I, t_ref):
    lif = LIF(tau_m=8.0, t_ref=t_ref, u_r=-68.0)
    expected, last = spikes_by_solve_ivp(lif, I)
    trace = simulate(lif, I)
    assert expected.size >= 3
    np.testing.assert_allclose(trace.spike_times, expected, rtol=0, atol=1e-7)
    assert trace.u[-1] == pytest.approx(last, abs=1e-6)


# Euler, the lesson


def euler_error(dt):
    """Error of u after one time constant below threshold (mV)."""
    I = constant_current(0.25, duration=10.0, dt=dt)
    exact = -65 + 50 * 0.25 * -np.expm1(-1.0)
    return euler(LIF(), I).u[-1] - exact


def test_eulers_error_halves_with_the_step():
    errors = [euler_error(dt) for dt in (0.5, 0.25, 0.125, 0.0625)]
    assert errors[0] > 0.1
    for coarse, fine in pairwise(errors):
        assert coarse / fine == pytest.approx(2.0, rel=0.03)


@pytest.mark.parametrize("dt", [1.0, 0.1, 0.01, 0.001])
def test_eulers_spikes_lie_on_the_grid_and_go_astray_by_up_to_a_step_each(dt):
    lif = LIF(t_ref=1.0)
    spikes = euler(lif, constant_current(0.4, duration=95.0, dt=dt)).spike_times
    exact = spikes_of_constant(lif, 0.4, 95.0)
    off = np.abs(spikes - exact) / dt
    np.testing.assert_allclose(spikes / dt, np.round(spikes / dt), rtol=0, atol=1e-6)
    assert np.all(off < np.arange(1, exact.size + 1)) and np.all(np.diff(off) > 0)


def test_eulers_refractory_neuron_stays_at_reset():
    trace = euler(LIF(t_ref=4.0, u_r=-70.0), constant_current(0.8, duration=30.0, dt=0.5))
    for spike in trace.spike_times[:-1]:
        assert set(trace.u[(trace.t >= spike) & (trace.t <= spike + 4.0)]) == {-70.0}


def test_euler_with_a_step_beyond_tau_m_fires_below_the_rheobase_and_simulate_never_does():
    below, coarse = 0.9 * LIF().rheobase, 1.5 * LIF().tau_m
    wrong = euler(LIF(), constant_current(below, duration=300.0, dt=coarse))
    assert wrong.spike_count > 0
    with pytest.raises(ValueError, match=r"^dt = 15 ms: the time step .* ≤ tau_m = 10 ms"):
        simulate(LIF(), constant_current(below, duration=300.0, dt=coarse))
    for dt in (0.1, 1.0, 10.0):
        assert simulate(LIF(), constant_current(below, duration=300.0, dt=dt)).spike_count == 0


def test_euler_with_a_step_beyond_two_tau_m_explodes():
    jolt = step_current(-0.1, start=0.0, stop=25.0, duration=150.0, dt=25.0)
    u = euler(LIF(theta=1e4), jolt).u + 65.0
    growth = u[2:] / u[1:-1]
    np.testing.assert_allclose(growth, -1.5, rtol=1e-9)


@pytest.mark.parametrize(
    "lif, I", [(LIF(tau_m=[5.0, 10.0]), 0.4), (LIF(), [0.1, 0.4])], ids=["neurons", "currents"]
)
def test_euler_takes_one_neuron_and_one_current(lif, I):
    with pytest.raises(ValueError, match=r"one neuron and one current; got shapes .*\(2,\)"):
        euler(lif, constant_current(I, duration=10.0, dt=0.1))


# The same in every engine


KINDS = st.sampled_from(["constant", "step", "pulses", "sine", "noise"])


def current_of(kind, I, dt):
    times = {"duration": 200 * dt, "dt": dt}
    return {
        "constant": lambda: constant_current(I, **times),
        "step": lambda: step_current(I, start=10.3 * dt, stop=170.1 * dt, **times),
        "pulses": lambda: pulse_train_current(I, width=11 * dt, period=29.5 * dt, **times),
        "sine": lambda: sine_current(I / 2, mean=I / 2, frequency=8 / dt, **times),
        "noise": lambda: ou_current(I, 0.2, tau=5.0, seed=1, **times),
    }[kind]()


@given(lif=NEURONS, I=AMPLITUDE, kind=KINDS, dt=st.sampled_from([0.1, 0.5, 2.0]))
@quick
def test_run_agrees_in_every_engine(lif, I, kind, dt):
    assume(far_from_rheobase(lif, I))
    current = current_of(kind, I, dt).values.copy()
    u, spikes = np.zeros(201), np.zeros(3000)
    n, _ = assert_engines_agree(run, current, dt, lif, lif.u_rest, u, spikes)
    assert n <= 3000


@given(lif=NEURONS, I=AMPLITUDE, kind=KINDS, dt=st.sampled_from([0.1, 1.0, 15.0]))
@quick
def test_euler_run_agrees_in_every_engine(lif, I, kind, dt):
    current = current_of(kind, I, dt).values.copy()
    u, spikes = np.zeros(201), np.zeros(201)
    assert_engines_agree(euler_run, current, dt, lif, lif.u_rest, u, spikes)


@given(lif=NEURONS, I=AMPLITUDE)
@example(lif=EXACT, I=0.25)
@quick
def test_rate_agrees_in_every_engine(lif, I):
    assert_engines_agree(rate, I, *lif.arguments())


@given(
    lif=NEURONS,
    t=st.floats(0, 1000),
    dt=st.floats(0.01, 5),
    below=st.floats(0, 30),
    drive=st.floats(-20, 100),
    n=st.integers(0, 3),
)
@quick
def test_fire_agrees_in_every_engine(lif, t, dt, below, drive, n):
    assume(abs(drive) > 0.5)
    u, u_inf = lif.theta - below, lif.theta + drive
    u_end = relax(u, u_inf, exp(-dt / lif.tau_m))
    # With room for 5 spikes: the others are counted only.
    (_, ready, total), (spikes,) = assert_engines_agree(
        fire, t, t + dt, u, u_end, u_inf, lif, np.zeros(5), n
    )
    placed = spikes[n : min(total, 5)]
    assert np.all(np.diff(placed) > 0) and np.all((placed >= t) & (placed <= t + dt))
    assert ready == t or total > n


@given(u=st.floats(-90, -61), above=st.floats(0.1, 100), tau_m=TAU_M)
@quick
def test_time_to_threshold_is_when_relax_arrives(u, above, tau_m):
    theta = -60.0
    time, _ = assert_engines_agree(time_to_threshold, u, theta + above, theta, tau_m)
    arrived, _ = assert_engines_agree(relax, u, theta + above, exp(-time / tau_m))
    assert arrived == pytest.approx(theta, abs=1e-9)


# What is refused

UNITS = {"tau_m": "ms", "R": "MΩ", "u_rest": "mV", "theta": "mV", "u_r": "mV", "t_ref": "ms"}


def refusal(call):
    with pytest.raises(ValueError) as refused:
        call()
    return str(refused.value)


@each("name", UNITS)
@each("value", ["10", None, True, 1j, [1.0, [2.0]]])
def test_a_parameter_that_is_no_number_is_refused(name, value):
    message = refusal(lambda: LIF(**{name: value}))
    assert message.startswith(f"{name} = {value!r}: the ")
    assert f"must be a number or an array of numbers in {UNITS[name]}, finite" in message


@each("name", UNITS)
@each("value", [np.nan, inf, -inf, [1e3, np.nan]])
def test_a_parameter_that_is_not_finite_is_refused(name, value):
    message = refusal(lambda: LIF(**{name: value}))
    assert message.startswith(f"{name} = {np.atleast_1d(value)[-1]:g} {UNITS[name]}: the ")
    assert "must be finite" in message


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"tau_m": 0.0}, "tau_m = 0 ms: the membrane time constant must be finite and > 0 ms"),
        ({"tau_m": -10}, "tau_m = -10 ms: the membrane time constant must be finite and > 0 ms"),
        ({"tau_m": [5.0, -1.0]}, "tau_m = -1 ms: the membrane time constant must be finite and"),
        ({"R": 0.0}, "R = 0 MΩ: the membrane resistance must be finite and > 0 MΩ"),
        ({"t_ref": -0.1}, "t_ref = -0.1 ms: the absolute refractory time must be finite and ≥"),
        ({"theta": -65.0}, "theta = -65 mV: the firing threshold must be > u_r = -65 mV"),
        ({"theta": -66.0}, "theta = -66 mV: the firing threshold must be > u_r = -65 mV"),
        ({"u_r": -50.0}, "theta = -50 mV: the firing threshold must be > u_r = -50 mV"),
        ({"u_rest": -40.0}, "theta = -50 mV: the firing threshold must be > u_rest = -40 mV"),
        (
            {"theta": [-50.0, -70.0], "u_r": [[-80.0], [-75.0]]},
            "theta = -70 mV: the firing threshold must be > u_rest = -65 mV",
        ),
        (
            {"R": [1.0, 2.0], "theta": [-50.0] * 3},
            "shapes must broadcast against each other; got R (2,), theta (3,)",
        ),
    ],
)
def test_a_parameter_out_of_range_is_refused(wrong, message):
    assert refusal(lambda: LIF(**wrong)).startswith(message)


@pytest.mark.parametrize("value", ["0.4", None, True, 1j], ids=repr)
def test_a_rate_needs_a_current_that_is_a_number(value):
    message = refusal(lambda: LIF().firing_rate(value))
    assert message.startswith(f"I = {value!r}: the constant current must be a number")


def test_a_rate_needs_a_current_that_is_finite_and_fits():
    assert refusal(lambda: LIF().firing_rate(np.nan)) == (
        "I = nan nA: the constant current must be finite"
    )
    message = refusal(lambda: LIF(R=[1.0, 2.0]).firing_rate([0.1, 0.2, 0.3]))
    assert message.endswith("got I (3,), neurons (2,)")


def test_no_number_that_is_accepted_gives_nan_or_a_division_by_zero():
    big, small = 9e99, 1e-99
    for R, I in [(big, big), (small, big), (big, small), (small, small)]:
        assert LIF(R=R, t_ref=1.0).firing_rate([I, -I]).tolist() == pytest.approx(
            [1000.0 if R * I > 15 else 0.0, 0.0]
        )
        u = simulate(LIF(R=R, t_ref=1.0), constant_current([I, -I], duration=3.0, dt=0.5)).u
        assert np.all(np.isfinite(u))
