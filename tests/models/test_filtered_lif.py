"""Neurons with linear filters obey their equations exactly."""

from dataclasses import replace
from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.optimize import brentq, minimize_scalar

from neuro_lib import (
    LIF,
    Current,
    constant_current,
    count_spikes,
    filter_pattern,
    simulate,
    step_current,
)
from neuro_lib.models.filtered_lif import (
    SHORT,
    FilteredLIF,
    FilteredState,
    bend_of,
    crossing,
    march,
    matrix_of,
    moved,
    norm,
    propagator,
    run_filtered,
    slope_at,
    stiffness,
)
from neuro_lib.models.population import FilteredLIFs, count_filtered_block
from tests.cases import each
from tests.engines import assert_engines_agree

quick = settings(derandomize=True, deadline=None, max_examples=40)

# LIF with further filters

BASE = FilteredLIF(tau_m=20.0, R=100.0, b=0.0)
TONIC, ADAPTING, BURSTING, REBOUND, DELAYED = (
    filter_pattern(name)[0]
    for name in ("tonic", "adapting", "bursting", "rebound", "delayed accelerating")
)

LIVELY = [
    ADAPTING,
    BURSTING,
    replace(BURSTING, t_ref=2.3),
    replace(BASE, a=0.05, tau_w=40.0, b=0.005, A=0.8),  # rings: complex eigenvalues
    replace(BASE, tau_w=20.0, tau_f=20.0, b=0.02, A=0.1),  # three equal time constants
    replace(BASE, tau_w=20.0, a=0.01, b=0.02, A=-0.2, tau_f=3.0, u_r=-60.0, t_ref=3.0),
    replace(DELAYED, b=0.001),
]


def matrix(m):
    """Matrix of (u - u_rest, w, f, I): I is constant."""
    return np.array(
        [
            [-1 / m.tau_m, -m.R / m.tau_m, m.R / m.tau_m, m.R / m.tau_m],
            [m.a / m.tau_w, -1 / m.tau_w, 0.0, 0.0],
            [0.0, 0.0, -1 / m.tau_f, 0.0],
            [0.0, 0.0, 0.0, 0.0],
        ]
    )


def spikes_between_edges(m, edges, amplitudes, look=0.05):
    """Spike times by SciPy's matrix exponential: looked for every `look` ms, found by Brent."""
    M, level = matrix(m), m.theta - m.u_rest
    peek = expm(look * M)
    held = np.array([m.a * (m.u_r - m.u_rest), 0.0])
    state, spikes, ready = np.zeros(4), [], 0.0
    for (t, end), I in zip(pairwise(edges), amplitudes, strict=True):
        state[3] = I
        while t < end:
            if t < ready:
                stop = min(ready, end)
                keep = np.exp(-(stop - t) / np.array([m.tau_w, m.tau_f]))
                state[1:3] = held + (state[1:3] - held) * keep
                t = stop
                continue
            short = min(look, end - t)
            after = (peek if short == look else expm(short * M)) @ state
            if after[0] < level:
                state, t = after, t + short
                continue

            def above(s, state=state):
                return (expm(s * M) @ state)[0] - level

            s = brentq(above, 0.0, short, xtol=1e-14)
            state = expm(s * M) @ state
            state = np.array([m.u_r - m.u_rest, state[1] + m.b, m.A, I])
            t += s
            ready = t + m.t_ref
            spikes.append(t)
    return np.array(spikes), state[0] + m.u_rest, state[1]


EDGES = [0.0, 20.0, 90.0, 120.0, 180.0]
AMPLITUDES = [0.1, 0.45, -0.3, 0.3]


def staircase(dt):
    steps = np.diff(EDGES) / dt
    return Current(np.append(np.repeat(AMPLITUDES, np.round(steps).astype(int)), 0.0), dt)


@pytest.mark.parametrize("m", LIVELY, ids=repr)
def test_filtered_spikes_match_the_matrix_exponential_at_every_dt(m):
    expected, u, w = spikes_between_edges(m, EDGES, AMPLITUDES)
    assert expected.size > 2
    for dt in (0.05, 0.1, 0.25, 1.0, 2.5):
        trace = simulate(m, staircase(dt))
        np.testing.assert_allclose(trace.spike_times, expected, rtol=0, atol=1e-9, err_msg=dt)
        assert trace.u[-1] == pytest.approx(u, abs=1e-8)
        assert trace.w[-1] == pytest.approx(w, abs=1e-10)


FILTERED = st.builds(
    FilteredLIF,
    tau_m=st.floats(5, 50),
    R=st.floats(10, 200),
    theta=st.floats(-60, -40),
    t_ref=st.sampled_from([0.0, 0.3, 4.0]),
    a=st.floats(-0.0045, 0.05),
    tau_w=st.floats(5, 300),
    b=st.floats(0, 0.2),
    A=st.floats(-1, 1.5),
    tau_f=st.floats(2, 20),
)
STAIRS = st.lists(st.floats(-1, 1), min_size=20, max_size=20).map(np.array)


@given(m=FILTERED, amplitudes=STAIRS)
@quick
def test_filtered_spikes_do_not_depend_on_dt(m, amplitudes):
    traces = [
        simulate(m, Current(np.append(np.repeat(amplitudes, int(2 / dt)), 0.0), dt))
        for dt in (0.0625, 0.5, 2.0)
    ]
    margin = max(abs(trace.u.max() - m.theta) for trace in traces)
    assume(margin > 1e-9)  # a spike may hang on the last digit
    for trace in traces[1:]:
        np.testing.assert_allclose(trace.spike_times, traces[0].spike_times, rtol=0, atol=1e-8)
        assert trace.u[-1] == pytest.approx(traces[0].u[-1], abs=1e-6)


@given(
    m=FILTERED,
    amplitudes=STAIRS,
    t_ref=st.sampled_from([0.0, 2.7]),
    dt=st.sampled_from([0.1, 1.0, 5.0]),
)
@quick
def test_without_its_filters_it_is_the_lif(m, amplitudes, t_ref, dt):
    shared = {name: getattr(m, name) for name in LIF.quantities()} | {"t_ref": t_ref}
    assume(np.all(np.abs(m.u_rest + m.R * amplitudes - m.theta) > 0.5))
    bare = FilteredLIF(**shared, a=0.0, b=0.0, A=0.0, tau_w=m.tau_w + 5, tau_f=m.tau_f + 5)
    I = Current(np.append(np.repeat(amplitudes, 4), 0.0), dt)
    one, lif = simulate(bare, I), simulate(LIF(**shared), I)
    np.testing.assert_allclose(one.spike_times, lif.spike_times, rtol=0, atol=1e-9)
    np.testing.assert_allclose(one.u, lif.u, rtol=0, atol=1e-8)
    assert np.all(one.w == 0.0)


def test_at_the_rheobase_it_never_fires_and_just_above_it_does():
    m = FilteredLIF(tau_m=8.0, R=64.0, u_rest=-64.0, u_r=-64.0, theta=-48.0, b=0.0)
    for dt in (0.0625, 1.0, 5.0):
        at, above = constant_current([0.25, 0.25 * (1 + 1e-9)], duration=4000.0, dt=dt).values[
            :, :1
        ]
        for I, fires in ((at[0], False), (above[0], True)):
            current = constant_current(float(I), duration=4000.0, dt=dt)
            assert (simulate(m, current).spike_count > 0) == fires
            assert (count_spikes(m, current) > 0) == fires


@each("A", [0.0, 0.1, -0.1])
@each("tau_m", [2.0, 11.0, 37.0])
@each("scale", [2.0**-10, 1.0, 2.0**10])
def test_a_population_that_comes_to_rest_at_threshold_never_fires(A, tau_m, scale):
    # There rounding, which differs from one way of counting to another, decides all differences.
    rest = np.arange(5.0, 15.0) * scale  # mV
    m = FilteredLIF(
        tau_m=tau_m,
        R=64.0,
        u_rest=-64.0,
        u_r=-64.0,
        theta=-64.0 + rest,
        b=0.01 * scale,
        A=A * scale,
    )
    for dt in (0.1, 1.0):
        I = constant_current(rest / 64.0, duration=100 * tau_m, dt=dt)
        assert np.all(count_spikes(m, I) == 0)
        assert all(spikes.size == 0 for spikes in simulate(m, I).spike_times)


@each("m", [*LIVELY, replace(BASE, a=-0.009, tau_w=40.0)])
@each("I", [0.3, 1.0, 5.0])
def test_no_two_spikes_are_closer_than_the_highest_rate_allows(m, I):
    spikes = simulate(m, constant_current(I, duration=500.0, dt=0.1)).spike_times
    shortest = np.diff(spikes).min(initial=np.inf)
    assert 1000 / shortest <= m.highest_rate(I) * (1 + 1e-9)


@pytest.mark.parametrize("m", [ADAPTING, BURSTING, replace(BASE, a=0.2, tau_w=40.0)], ids=repr)
def test_filtered_potential_matches_an_independent_solver(m):
    def slope(t, y, I):
        u, w, f = y
        return [
            (-(u - m.u_rest) + m.R * (I - w + f)) / m.tau_m,
            (m.a * (u - m.u_rest) - w) / m.tau_w,
            -f / m.tau_f,
        ]

    def fires(t, y, I):
        return y[0] - m.theta

    fires.terminal, fires.direction = True, 1
    y, spikes = [m.u_rest, 0.0, 0.0], []
    for (t, end), I in zip(pairwise(EDGES), AMPLITUDES, strict=True):
        while t < end:
            s = solve_ivp(
                slope, (t, end), y, args=(I,), events=fires, rtol=1e-10, atol=1e-12, method="DOP853"
            )
            t, y = s.t[-1], s.y[:, -1]
            if s.status == 1:
                spikes.append(t)
                y = [m.u_r, y[1] + m.b, m.A]
    trace = simulate(m, staircase(0.5))
    np.testing.assert_allclose(trace.spike_times, spikes, rtol=0, atol=1e-6)
    assert trace.u[-1] == pytest.approx(y[0], abs=1e-5)
    assert trace.w[-1] == pytest.approx(y[1], abs=1e-7)


# A crossing that is over before the step ends


@pytest.mark.parametrize("dt", [0.1, 1.0, 10.0, 30.0])
def test_a_crossing_within_a_step_is_not_missed(dt):
    ringing = replace(BASE, tau_m=30.0, a=0.4, tau_w=30.0, tau_f=30.0)  # overshoots, then settles
    I = step_current(0.9, start=30.0, stop=300.0, duration=300.0, dt=dt)
    M, start = matrix(ringing), np.array([0.0, 0.0, 0.0, 0.9])
    peak = minimize_scalar(
        lambda s: -(expm(s * M) @ start)[0], bounds=(1.0, 30.0), options={"xatol": 1e-9}
    )
    top = ringing.u_rest - peak.fun
    assert 5.0 < peak.x < 25.0 and simulate(replace(ringing, theta=1e3), I).u[-1] < top - 1.0
    (hit,) = simulate(replace(ringing, theta=top - 1e-10), I).spike_times[:1]
    assert hit == pytest.approx(30.0 + peak.x, abs=1e-3)
    assert simulate(replace(ringing, theta=top + 1e-10), I).spike_count == 0
    assert count_spikes(replace(ringing, theta=[top - 1e-10, top + 1e-10]), I)[1] == 0
    assert count_spikes(replace(ringing, theta=top - 1e-10), I) >= 1


def test_a_bump_right_after_a_spike_fires_within_the_same_step():
    # The afterdepolarisation carries u over threshold and dies within a step of 4 ms.
    m = replace(BASE, tau_w=50.0, b=0.5, A=8.0, tau_f=4.0)
    I = step_current(0.4, start=4.0, stop=16.0, duration=60.0, dt=4.0)
    expected, _, _ = spikes_between_edges(m, [0.0, 4.0, 16.0, 60.0], [0.0, 0.4, 0.0])
    assert np.any(np.diff(expected) < 2.0)
    np.testing.assert_allclose(simulate(m, I).spike_times, expected, rtol=0, atol=1e-9)


# The five patterns, in the figures of their table


def driven(m, I, duration=600.0):
    return simulate(m, constant_current(I, duration=duration, dt=0.1)).spike_times


def test_tonic_intervals_are_tau_m_ln_4():
    np.testing.assert_allclose(np.diff(driven(TONIC, 0.2)), 20.0 * log(4.0), rtol=0, atol=1e-9)
    assert round(20.0 * log(4.0), 1) == 27.7


def test_adapting_intervals_grow_from_16_to_28_ms():
    between = np.diff(driven(ADAPTING, 0.3))
    assert np.all(np.diff(between) > 0)
    assert round(between[0]) == 16 and round(between[-1]) == 28


def test_a_burst_has_five_spikes_and_then_a_gap_of_142_ms():
    between = np.diff(driven(BURSTING, 0.2))
    assert np.all(between[:4] < 5.0) and round(between[4]) == 142


def test_rebound_is_one_spike_20_8_ms_after_release():
    I = step_current(-0.3, start=100.0, stop=500.0, duration=1000.0, dt=0.1)
    (spike,) = simulate(REBOUND, I).spike_times
    assert spike - 500.0 == pytest.approx(20.771, abs=1e-3)


@given(m=FILTERED)
@quick
def test_rebound_needs_a_filter_driven_by_the_potential(m):
    I = step_current(-0.3, start=100.0, stop=500.0, duration=800.0, dt=1.0)
    trace = simulate(replace(m, a=0.0), I)
    assert trace.spike_count == 0 and trace.u.max() <= m.u_rest


def test_delayed_firing_starts_at_133_ms_and_then_accelerates():
    spikes = driven(DELAYED, 0.12)
    assert round(spikes[0]) == 133
    assert np.all(np.diff(np.diff(spikes)) < 0)


# A population


@pytest.mark.parametrize("size", [1, 63, 64, 130])
@pytest.mark.parametrize("dt", [0.1, 1.0, 4.0])
def test_filtered_counts_are_those_of_simulate(size, dt):
    rng = np.random.default_rng(size)
    m = FilteredLIF(
        tau_m=rng.uniform(5, 50, size),
        R=rng.uniform(50, 200, size),
        a=rng.uniform(-0.004, 0.05, size),
        b=rng.uniform(0, 0.1, size),
        A=rng.uniform(-0.5, 0.8, size),
        t_ref=np.where(np.arange(size) % 2 == 0, 0.0, 3.3),
        tau_w=rng.uniform(5, 200, size),
    )
    for I in (
        constant_current(rng.uniform(0.3, 1.0, size), duration=200.0, dt=dt),
        Current(rng.normal(0.5, 0.7, int(200 / dt)), dt),
        Current(rng.normal(0.5, 0.7, (size, 100)), dt),
    ):
        counts = count_spikes(m, I)
        np.testing.assert_array_equal(counts, simulate(m, I).spike_count)
        assert counts.sum() > 0


def test_each_filtered_neuron_of_a_population_is_exactly_its_own_run():
    m = replace(BURSTING, b=[0.0, 0.06, 0.12], A=[[0.0], [1.5]])
    I = constant_current(0.2, duration=200.0, dt=0.5)
    trace = simulate(m, I)
    assert trace.u.shape == trace.w.shape == (2, 3, I.t.size)
    for i, A in enumerate([0.0, 1.5]):
        for j, b in enumerate([0.0, 0.06, 0.12]):
            own = simulate(replace(BURSTING, b=b, A=A), I)
            np.testing.assert_array_equal(trace.u[i, j], own.u)
            np.testing.assert_array_equal(trace.w[i, j], own.w)
            np.testing.assert_array_equal(trace.spike_times[i, j], own.spike_times)
    with pytest.raises(ValueError):
        trace.w[0, 0, 0] = 1.0


def test_one_source_of_the_filtered_block_for_numba_and_plain_python():
    rng = np.random.default_rng(0)
    m = FilteredLIF(b=rng.uniform(0, 0.1, 66), A=0.5, R=100.0, t_ref=1.0)
    columns = np.array([np.broadcast_to(x, 66) for x in (*m.arguments(), m.u_rest)])
    rows, which = rng.normal(0.4, 0.4, (2, 40)), np.arange(66) % 2
    counts = np.zeros(66, dtype=np.int64), np.zeros(66, dtype=np.int64)
    count_filtered_block(rows, which, 1.0, FilteredLIFs(*columns[:-1]), columns[-1], counts[0])
    count_filtered_block.python(
        rows, which, 1.0, FilteredLIFs(*columns[:-1]), columns[-1], counts[1]
    )
    np.testing.assert_array_equal(*counts)
    assert counts[0].sum() > 0


# The same in every engine


@given(m=FILTERED, amplitudes=STAIRS, dt=st.sampled_from([0.1, 0.5, 2.0]))
@quick
def test_run_filtered_agrees_in_every_engine(m, amplitudes, dt):
    u, w, spikes = np.zeros(100), np.zeros(100), np.zeros(400)
    I = np.repeat(amplitudes, 5)
    n, _ = assert_engines_agree(run_filtered, I, dt, m, m.u_rest, u, w, spikes, rel=1e-8)
    assert n <= 400


def neuron_of(tau_m, g, tau_w, tau_f):
    """Neuron of which the loops take no more than these."""
    return FilteredLIF(tau_m=tau_m, R=1.0, a=g, tau_w=tau_w, A=1.0, tau_f=tau_f)


LINEAR = st.tuples(
    st.floats(5, 50), st.floats(-0.9, 10), st.floats(5, 300), st.floats(2, 20)
)  # tau_m, g, tau_w, tau_f
STATE = st.tuples(st.floats(-30, 14), st.floats(-30, 30), st.floats(0, 100), st.floats(-50, 50))


def system(tau_m, g, tau_w, tau_f):
    """Matrix of x, W, F and J."""
    return np.array(
        [
            [-1 / tau_m, -1 / tau_m, 1 / tau_m, 1 / tau_m],
            [g / tau_w, -1 / tau_w, 0, 0],
            [0, 0, -1 / tau_f, 0],
            [0, 0, 0, 0],
        ]
    )


@given(linear=LINEAR, state=STATE, part=st.floats(0.001, 1.0))
@quick
def test_the_series_is_the_matrix_exponential_in_every_engine(linear, state, part):
    M, start, J = matrix_of(neuron_of(*linear)), FilteredState(*state[:3]), state[3]
    stiff, _ = assert_engines_agree(stiffness, M)
    assert stiff == pytest.approx(np.abs(system(*linear)[:, :3]).sum(axis=1).max(), rel=1e-12)
    h = 0.5 * part / stiff
    course = np.array([expm(s * h * system(*linear)) @ state for s in np.linspace(-1, 1, 41)])
    for s in (-1.0, 0.3, 1.0):
        end, _ = assert_engines_agree(moved, s * h, start, J, M)
        np.testing.assert_allclose(end, course[round(20 + 20 * s), :3], rtol=0, atol=1e-12)
    # The bound on how far x leaves its chord holds.
    slope, _ = assert_engines_agree(slope_at, start, J, M)
    np.testing.assert_allclose(slope, (system(*linear) @ state)[:3], rtol=0, atol=1e-12)
    bend, _ = assert_engines_agree(bend_of, h * stiff, h * norm(slope))
    x = course[20:, 0]
    assert np.all(np.abs(x - np.linspace(x[0], x[-1], 21)) <= 0.125 * bend + 1e-12)


@given(linear=LINEAR)
@quick
def test_a_filter_that_nothing_drives_makes_no_neuron_stiffer(linear):
    M = matrix_of(replace(neuron_of(*linear), A=0.0))
    stiff, _ = assert_engines_agree(stiffness, M)
    assert stiff == pytest.approx(np.abs(system(*linear)[:2, :2]).sum(axis=1).max(), rel=1e-12)


@given(linear=LINEAR, state=STATE, part=st.floats(0.001, 1.0), height=st.floats(0, 1))
@quick
def test_a_crossing_is_where_the_matrix_exponential_is_at_the_level(linear, state, part, height):
    M, start, J = matrix_of(neuron_of(*linear)), FilteredState(*state[:3]), state[3]
    h = part * SHORT / stiffness(M)
    slope = slope_at(start, J, M)
    assume(slope.x * h > 2.0 * bend_of(h * stiffness(M), norm(slope) * h) and slope.x * h > 1e-6)
    end = moved(h, start, J, M)
    level = start.x + height * (end.x - start.x)
    (s, W), _ = assert_engines_agree(crossing, h, start, end, J, level, M)
    expected = expm(s * system(*linear)) @ state
    assert -1e-9 * h <= s <= (1.0 + 1e-9) * h
    np.testing.assert_allclose([level, W], expected[:2], rtol=0, atol=1e-12)


@given(linear=LINEAR, dt=st.sampled_from([0.01, 0.1, 1.0, 5.0]))
@quick
def test_the_propagator_is_the_matrix_exponential_in_every_engine(linear, dt):
    neuron = neuron_of(*linear)
    step, _ = assert_engines_agree(propagator, dt, neuron, rel=1e-12)
    expected = expm(dt * system(*linear))
    np.testing.assert_allclose([step.x, step.W], expected[:2], rtol=0, atol=1e-13)
    assert pytest.approx(expected[2, 2], rel=1e-13) == step.F


@given(linear=LINEAR, state=STATE, dt=st.sampled_from([0.01, 0.1, 0.5]))
@quick
def test_the_propagators_bound_holds_between_the_ends_of_a_step(linear, state, dt):
    off = propagator(dt, neuron_of(*linear)).off_chord
    assume(off < 1e300)
    course = np.array([expm(s * dt * system(*linear)) @ state for s in np.linspace(0, 1, 21)])
    change = np.abs(course[-1, :3] - course[0, :3]).max()
    assert course[:, 0].max() <= max(course[0, 0], course[-1, 0]) + off * change + 1e-12


@given(m=FILTERED, state=STATE, dt=st.sampled_from([0.1, 3.0]), late=st.floats(-1, 4))
@quick
def test_march_agrees_in_every_engine(m, state, dt, late):
    level = m.theta - m.u_rest
    assume(state[0] < level - 0.01)
    start, J = FilteredState(*state[:3]), state[3]
    # With room for 3 spikes: the others are counted only.
    (end, ready, n), (spikes,) = assert_engines_agree(
        march, 5.0, 5.0 + dt, start, 5.0 + late, J, m, np.zeros(3), 0, rel=1e-8
    )
    assert end.x < level and (n > 0 or ready == 5.0 + late)
    assert np.all(np.diff(spikes[: min(n, 3)]) > 0)


# What is refused


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"tau_w": 0.0}, "tau_w = 0 ms: the adaptation time constant must be finite and > 0 ms"),
        ({"tau_f": -1.0}, "tau_f = -1 ms: the afterdepolarisation time constant must be"),
        ({"b": -0.1}, "b = -0.1 nA: the adaptation added by a spike must be finite and ≥ 0 nA"),
        ({"A": np.inf}, "A = inf nA: the afterdepolarising current must be finite"),
        ({"a": np.nan}, "a = nan µS: the coupling of the adaptation to the potential must be"),
        (
            {"a": -0.03},
            "a = -0.03 µS: the coupling of the adaptation to the potential must be ≥ -1/R",
        ),
        ({"R": [10.0, 100.0], "a": -0.011}, "a = -0.011 µS: the coupling of the adaptation to"),
        ({"theta": -65.0}, "theta = -65 mV: the firing threshold must be > u_r = -65 mV"),
        ({"b": [0.0, 0.1], "A": [0.0] * 3}, "shapes must broadcast against each other; got b (2,)"),
    ],
)
def test_a_filter_out_of_range_is_refused(wrong, message):
    with pytest.raises(ValueError) as refused:
        FilteredLIF(**wrong)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    "m, dt, message",
    [
        (replace(BASE, tau_f=0.5), 1.0, "dt = 1 ms: the time step of the current must be ≤ tau_f"),
        (replace(BASE, tau_w=0.5), 1.0, "dt = 1 ms: the time step of the current must be ≤ tau_w"),
        (BASE, 25.0, "dt = 25 ms: the time step of the current must be ≤ tau_m = 20 ms"),
        (replace(BASE, A=1e7), 0.5, "I = 0.3 nA: the current must be so small that"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(m, dt, message):
    with pytest.raises(ValueError) as refused:
        simulate(m, constant_current(0.3, duration=100.0, dt=dt))
    assert str(refused.value).startswith(message)


def test_a_start_at_threshold_is_refused():
    with pytest.raises(ValueError, match="u_start = -50 mV: the potential at the start must be < "):
        simulate(BASE, constant_current(0.3, duration=1.0, dt=0.1), u_start=-50.0)
