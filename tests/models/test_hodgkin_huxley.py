"""The reference neuron obeys its equations, to the stated order, and fires as a cortical cell."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from neuro_lib import (
    LIF,
    Current,
    HodgkinHuxley,
    constant_current,
    count_spikes,
    simulate,
    step_current,
)
from neuro_lib.models.hodgkin_huxley import (
    LONGEST,
    Gates,
    HodgkinHuxleyState,
    advance,
    bounded_exp,
    crossing,
    gate_rates,
    ratio,
    run_hodgkin_huxley,
    slope,
    split_step,
)
from tests.engines import assert_engines_agree

quick = settings(derandomize=True, deadline=None, max_examples=40)

CELL = HodgkinHuxley()
EDGES = [0.0, 20.0, 40.0, 60.0, 80.0]
FIRING = HodgkinHuxley(E_L=-10.0, g_K=0.01, g_M=0.0)  # by itself
AMPLITUDES = [0.3, -0.1, 1.0, 0.2]


def textbook(cell, y, I):
    """Time derivative of u, m, h, n and p, written out as the paper prints it."""
    u, m, h, n, p = y
    v = u - cell.u_T
    a_m = -0.32 * (v - 13) / (np.exp(-(v - 13) / 4) - 1)
    b_m = 0.28 * (v - 40) / (np.exp((v - 40) / 5) - 1)
    a_h = 0.128 * np.exp(-(v - 17) / 18)
    b_h = 4 / (1 + np.exp(-(v - 40) / 5))
    a_n = -0.032 * (v - 15) / (np.exp(-(v - 15) / 5) - 1)
    b_n = 0.5 * np.exp(-(v - 10) / 40)
    p_inf = 1 / (1 + np.exp(-(u + 35) / 10))
    tau_p = cell.tau_max / (3.3 * np.exp((u + 35) / 20) + np.exp(-(u + 35) / 20))
    ions = (
        cell.g_L * (u - cell.E_L)
        + cell.g_Na * m**3 * h * (u - cell.E_Na)
        + cell.g_K * n**4 * (u - cell.E_K)
        + cell.g_M * p * (u - cell.E_K)
    )
    return [
        (I - ions) / cell.C,
        a_m * (1 - m) - b_m * m,
        a_h * (1 - h) - b_h * h,
        a_n * (1 - n) - b_n * n,
        (p_inf - p) / tau_p,
    ]


def by_solve_ivp(cell):
    """Spike times, and the state at each edge, of an independent solver."""

    def fires(t, y, I):
        return y[0] - cell.theta

    fires.direction = 1
    states = [np.array([cell.u_rest, *cell.gates(cell.u_rest)[0]])]
    spikes = []
    for ends, I in zip(pairwise(EDGES), AMPLITUDES, strict=True):
        solution = solve_ivp(
            lambda t, y, I: textbook(cell, y, I),
            ends,
            states[-1],
            args=(I,),
            events=fires,
            rtol=1e-10,
            atol=1e-12,
            method="DOP853",
        )
        spikes += solution.t_events[0].tolist()
        states.append(solution.y[:, -1])
    return np.array(spikes), np.array(states)


def staircase(dt):
    steps = np.round(np.diff(EDGES) / dt).astype(int)
    return Current(np.append(np.repeat(AMPLITUDES, steps), 0.0), dt)


def at_rest(cell):
    """State of the cell at rest: an array, as a solver has it."""
    return np.array([cell.u_rest, *cell.gates(cell.u_rest)[0]])


def as_record(state):
    return HodgkinHuxleyState(state[0], Gates(*state[1:]))


@pytest.mark.parametrize("cell", [CELL, replace(CELL, g_M=0.0, u_T=-58.0)], ids=repr)
def test_spikes_and_potential_match_an_independent_solver(cell):
    expected, states = by_solve_ivp(cell)
    assert expected.size >= 5
    for dt in (0.02, 0.1, 0.5, 2.0):
        trace = simulate(cell, staircase(dt))
        np.testing.assert_allclose(trace.spike_times, expected, rtol=0, atol=1e-4)
        at_edges = trace.u[np.round(np.array(EDGES) / dt).astype(int)]
        np.testing.assert_allclose(at_edges, states[:, 0], rtol=0, atol=1e-2)  # 1e-4 ms of a spike


def test_the_scheme_is_of_fourth_order_in_spike_times_and_in_all_variables():
    expected, states = by_solve_ivp(CELL)
    off_spikes, off_state = [], []
    for h in (0.02, 0.01, 0.005):
        state, spikes = as_record(at_rest(CELL)), []
        for ends, I in zip(pairwise(EDGES), AMPLITUDES, strict=True):
            for k in range(round((ends[1] - ends[0]) / h)):
                u, du = state.u, slope(I, state, CELL)
                state = advance(h, I, state, CELL)
                if u < CELL.theta <= state.u:
                    end = state.u, slope(I, state, CELL)
                    late = crossing(h, u, du, *end, CELL.theta, np.zeros(4))
                    spikes.append(ends[0] + k * h + late)
        off_spikes.append(np.abs(np.array(spikes) - expected).max())
        off_state.append(np.abs(np.array([state.u, *state.gates]) - states[-1]).max())
    for off in (off_spikes, off_state):
        orders = np.log2(np.array(off[:-1]) / off[1:])
        np.testing.assert_allclose(orders, 4.0, atol=0.3)
    assert off_spikes[-1] < 1e-6


def test_one_split_step_is_of_second_order():
    start = at_rest(CELL)
    start[0] = -45.0  # in the upswing
    reference = solve_ivp(
        lambda t, y: textbook(CELL, y, 0.3), (0.0, 0.2), start, rtol=1e-11, atol=1e-13
    ).y[:, -1]
    off = []
    for steps in (40, 80, 160):
        state = as_record(start)
        for _ in range(steps):
            state = split_step(0.2 / steps, 0.3, state, CELL)
        off.append(abs(state.u - reference[0]))
    np.testing.assert_allclose(np.log2(np.array(off[:-1]) / off[1:]), 2.0, atol=0.1)


@given(u=st.floats(-120, 60))
@quick
def test_the_gates_are_those_of_the_paper(u):
    steady, tau = CELL.gates(u)
    for x in (0.2, 0.7):
        slopes = textbook(CELL, [u, x, x, x, x], 0.0)[1:]
        np.testing.assert_allclose((steady - x) / tau, slopes, rtol=1e-9, atol=1e-12)
    assert np.all((steady >= 0) & (steady <= 1) & (tau > 0))


def test_where_a_rate_is_0_over_0_it_is_its_limit():
    # a_m at u_T + 13 is 0.32 · 4, b_m at u_T + 40 is 0.28 · 5, a_n at u_T + 15 is 0.032 · 5.
    for v in (13.0, 40.0, 15.0):
        u = CELL.u_T + v
        sides = np.array([CELL.gates(u + e) for e in (-1e-6, 0.0, 1e-6)])
        assert np.all(np.isfinite(sides))
        np.testing.assert_allclose(sides[1], 0.5 * (sides[0] + sides[2]), rtol=1e-10)
    assert ratio(0.0) == 1.0
    assert ratio(1e-300) == 1.0
    x = np.array([-3.0, -1e-9, 1e-9, 1e-3, 3.0])
    series = 1 - x / 2 + x**2 / 12 - x**4 / 720
    np.testing.assert_allclose([ratio(float(k)) for k in x[1:4]], series[1:4], rtol=1e-15)
    assert ratio(3.0) == pytest.approx(3.0 / (np.exp(3.0) - 1), rel=1e-15)
    assert ratio(-3.0) == pytest.approx(3.0 + ratio(3.0), rel=1e-15)


def test_at_rest_nothing_changes():
    for cell in (CELL, replace(CELL, g_M=0.0), replace(CELL, E_L=-80.0)):
        state = [cell.u_rest, *cell.gates(cell.u_rest)[0]]
        np.testing.assert_allclose(textbook(cell, state, 0.0), 0.0, atol=1e-12)
        trace = simulate(cell, constant_current(0.0, duration=50.0, dt=0.5))
        np.testing.assert_allclose(trace.u, cell.u_rest, rtol=0, atol=1e-9)
    assert pytest.approx(-71.9, abs=0.05) == CELL.u_rest
    assert replace(CELL, E_L=[-80.0, -70.3]).u_rest[1] == pytest.approx(CELL.u_rest, abs=1e-12)


def test_a_constant_current_holds_the_potential_that_steady_current_says():
    I = CELL.steady_current(-66.0)
    trace = simulate(CELL, constant_current(I, duration=3000.0, dt=1.0))
    assert trace.u[-1] == pytest.approx(-66.0, abs=1e-4)
    assert CELL.steady_current([-66.0, -60.0]).shape == (2,)


def test_without_channels_it_is_a_passive_membrane():
    passive = replace(CELL, g_Na=0.0, g_K=0.0, g_M=0.0)
    lif = LIF(tau_m=CELL.C / CELL.g_L, R=1 / CELL.g_L, u_rest=CELL.E_L, u_r=-75.0, theta=1e3)
    I = step_current(0.05, start=10.0, stop=60.0, duration=120.0, dt=0.5)
    np.testing.assert_allclose(simulate(passive, I).u, simulate(lif, I).u, rtol=0, atol=1e-10)


def test_it_fires_as_a_regular_spiking_cell_does():
    I = step_current([0.05, 0.1, 0.2, 0.3], start=50.0, stop=550.0, duration=600.0, dt=0.1)
    trace = simulate(CELL, I)
    assert trace.spike_count[0] == 0 and np.all(np.diff(trace.spike_count) > 0)
    np.testing.assert_array_equal(count_spikes(CELL, I), trace.spike_count)
    between = np.diff(trace.spike_times[2])
    assert np.all(np.diff(between) > -0.1) and between[-1] > 1.5 * between[0]
    above = np.flatnonzero(trace.u[2] > CELL.theta)
    width = np.flatnonzero(np.diff(above) > 1)[0] + 1  # samples of the first spike, 0.1 ms each
    assert 30.0 < trace.u[2].max() < 50.0 and 5 <= width <= 15


def test_the_m_current_is_what_adapts_it():
    I = step_current(0.2, start=0.0, stop=600.0, duration=600.0, dt=0.1)
    growth = []
    for g_M in (0.0, CELL.g_M):
        between = np.diff(simulate(replace(CELL, g_M=g_M), I).spike_times)
        growth.append(between[-1] / between[0])
    assert growth[0] == pytest.approx(1.0, abs=0.02) and growth[1] > 1.5


def test_too_much_current_silences_it():
    I = constant_current([0.5, 1e3, -1e3, 1e30], duration=100.0, dt=0.1)
    trace = simulate(CELL, I)
    assert trace.spike_count[0] > 5 and np.all(trace.spike_count[1:] <= 1)
    assert np.all(np.isfinite(trace.u))


# In every engine

SLIDERS = st.builds(
    HodgkinHuxley,
    C=st.floats(0.05, 0.5),
    g_L=st.floats(0.001, 0.01),
    g_M=st.floats(0.0, 0.03),
    u_T=st.floats(-62, -50),
    tau_max=st.floats(100, 2000),
)


@given(
    cell=SLIDERS,
    amplitudes=st.lists(st.floats(-0.5, 1.0), min_size=15, max_size=15).map(np.array),
    dt=st.sampled_from([0.02, 0.1, 0.5]),
)
@settings(quick, max_examples=15)
def test_the_loop_agrees_in_every_engine(cell, amplitudes, dt):
    u, spikes = np.zeros(60), np.zeros(8)
    n, (_, u, found) = assert_engines_agree(
        run_hodgkin_huxley,
        np.repeat(amplitudes, 4),
        dt,
        cell,
        -70.0,
        u,
        spikes,
        rel=1e-7,
    )
    assert np.all((u > -150) & (u < 500)) and n == np.count_nonzero(found)


@given(u=st.one_of(st.floats(-150, 100), st.sampled_from([-43.2, -16.2, -41.2, 1e9, -1e9])))
@quick
def test_the_rates_agree_in_every_engine(u):
    rates, _ = assert_engines_agree(gate_rates, u, -56.2, 608.0)
    steady, speed = map(np.array, rates)
    assert np.all((steady >= 0) & (steady <= 1) & (speed > 0) & np.isfinite(speed))


@pytest.mark.parametrize("x", [-1e9, -1.0, 0.0, 1e-300, 1e-9, 1.0, 700.0, 701.0, 1e9])
def test_the_functions_behind_the_rates_agree_in_every_engine(x):
    assert_engines_agree(ratio, x)
    assert np.isfinite(assert_engines_agree(bounded_exp, x)[0])


def test_a_step_is_divided_into_pieces_that_fit():
    # 0.05 ms is no multiple of the longest piece: three of a third each
    one = simulate(CELL, constant_current(0.3, duration=60.0, dt=0.05))
    other = simulate(CELL, constant_current(0.3, duration=60.0, dt=LONGEST))
    np.testing.assert_allclose(one.spike_times, other.spike_times, rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: HodgkinHuxley(C=0.0), "C = 0 nF: the membrane capacitance must be finite and > 0"),
        (lambda: HodgkinHuxley(g_L=0.0), "g_L = 0 µS: the leak conductance must be finite and > 0"),
        (lambda: HodgkinHuxley(g_M=-1.0), "g_M = -1 µS: the conductance of the M current must be"),
        (lambda: HodgkinHuxley(tau_max=0.0), "tau_max = 0 ms: the slowness of the M current must"),
        (lambda: HodgkinHuxley(E_K=np.nan), "E_K = nan mV: the reversal potential of potassium mu"),
        (lambda: CELL.gates(np.inf), "u = inf mV: the potential must be finite"),
        (lambda: CELL.steady_current(["x"]), "u = ['x']: the potential must be a number or an ar"),
        (
            lambda: simulate(CELL, constant_current(0.0, duration=1.0, dt=0.1), u_start=-20.0),
            "u_start = -20 mV: the potential at the start must be < theta = -20 mV",
        ),
        (lambda: FIRING.u_rest, "the neuron has no resting potential below the"),
    ],
)
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises(ValueError) as refused:
        call()
    assert str(refused.value).startswith(message)
