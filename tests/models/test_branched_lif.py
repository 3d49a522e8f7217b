"""Soma and branches obey their equations: exactly without synapses, to fourth order with them."""

import copy
import pickle
from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import eigvals, expm
from scipy.optimize import brentq

from neuro_lib import (
    LIF,
    BranchedLIF,
    Current,
    SynapticInput,
    constant_current,
    magnesium_block,
    simulate,
    simulate_branches,
    step_current,
)
from neuro_lib.models.branched_lif import (
    Arrivals,
    BranchedState,
    Branches,
    Channels,
    Gates,
    Sites,
    free_modes,
    phi,
    run_branches,
    soma_slope,
)
from neuro_lib.models.nmda import nmda_norm, unblocked
from tests.engines import assert_engines_agree

quick = settings(derandomize=True, deadline=None, max_examples=30)

NEURON = BranchedLIF()
NEURONS = [
    NEURON,
    replace(NEURON, g_c=0.05, p=0.3, tau_m=20.0, R=100.0),
    replace(NEURON, g_c=0.01, p=0.2, t_ref=0.0, u_r=-58.0),
    replace(NEURON, u_rest=-70.0, theta=-52.0, u_r=-75.0, t_ref=3.3),
]


def matrix(m):
    """Matrix of dv/dt = M v + J/C, straight from Kirchhoff's law; and C."""
    whole = m.tau_m / m.R
    C = np.array([1 - 2 * m.p, m.p, m.p]) * whole
    G = np.diag(C / m.tau_m + m.g_c * np.array([2.0, 1.0, 1.0]))
    G[0, 1:] = G[1:, 0] = -m.g_c
    return -G / C[:, None], C


# The passive neuron: closed forms


@pytest.mark.parametrize("m", NEURONS, ids=repr)
def test_modes_are_the_eigenvalues_of_the_matrix(m):
    M, C = matrix(m)
    np.testing.assert_allclose(m.capacitances, C, rtol=1e-14)
    expected = np.sort(-eigvals(M).real)
    np.testing.assert_allclose(np.sort(1 / m.mode_time_constants), expected, rtol=1e-12)


@pytest.mark.parametrize("m", NEURONS, ids=repr)
def test_the_somas_slope_is_kirchhoffs_law(m):
    M, C = matrix(m)
    v, inject = np.array([3.0, 8.0, -2.0]), np.array([0.2, 0.1, 0.4])
    modes = free_modes(m.tau_m, m.R, m.p, m.g_c)
    state = BranchedState(Sites(*v), Channels(*[Gates(0.0, 0.0, 0.0)] * 3))
    slope = soma_slope(modes, state, Sites(*inject), m)
    assert slope == pytest.approx((M @ v)[0] + inject[0] / C[0], rel=1e-12)


@pytest.mark.parametrize("m", NEURONS, ids=repr)
def test_transfer_resistance_is_the_inverse_of_the_conductances(m):
    M, C = matrix(m)
    Z = m.transfer_impedance()
    np.testing.assert_allclose(Z, np.linalg.inv(-M * C[:, None]), rtol=1e-12)
    f = np.array([1.0, 20.0, 300.0])
    expected = [np.linalg.inv((2j * np.pi * x / 1000 * np.eye(3) - M) * C[:, None]) for x in f]
    np.testing.assert_allclose(m.transfer_impedance(f), expected, rtol=1e-12)


@pytest.mark.parametrize("m", NEURONS, ids=repr)
def test_green_matrix_is_the_matrix_exponential_over_c(m):
    M, C = matrix(m)
    s = np.array([-1.0, 0.0, 0.3, 4.0, 30.0])
    expected = [np.zeros((3, 3)), *(expm(x * M) / C for x in s[1:])]
    np.testing.assert_allclose(m.green_matrix(s), expected, rtol=1e-11, atol=1e-13)


def test_attenuation_is_the_divider_of_two_conductances():
    g = 1 / NEURON.R
    dangling = 1 / (1 / NEURON.g_c + 1 / (NEURON.p * g))  # the other branch, as the soma sees it
    load = (1 - 2 * NEURON.p) * g + dangling
    assert NEURON.attenuation(1, 0) == pytest.approx(NEURON.g_c / (NEURON.g_c + load), rel=1e-12)
    outwards = NEURON.g_c / (NEURON.g_c + NEURON.p * g)
    assert NEURON.attenuation(0, 1) == pytest.approx(outwards, rel=1e-12)
    assert NEURON.attenuation(1, 2) == pytest.approx(
        NEURON.attenuation(1, 0) * NEURON.attenuation(0, 2), rel=1e-12
    )


def test_fast_potentials_are_attenuated_more():
    falling = NEURON.attenuation(1, 0, [0.0, 10.0, 100.0, 1000.0])
    assert np.all(np.diff(falling) < 0)


@pytest.mark.parametrize("dt", [0.1, 0.25, 1.0, 5.0])
@pytest.mark.parametrize("m", NEURONS, ids=repr)
def test_injected_currents_are_integrated_exactly_at_every_dt(m, dt):
    amplitudes = np.array([[0.1, -0.2, 0.05], [0.02, 0.0, -0.03], [0.0, 0.05, 0.01]])
    values = np.repeat(amplitudes, round(20 / dt), axis=1)
    values = np.concatenate([values, values[:, -1:]], axis=1)
    trace = simulate_branches(m, [], Current(values, dt))
    assert not trace.spike_count
    M, C = matrix(m)
    v = np.zeros(3)
    found = np.vstack([trace.u, trace.u_d]) - m.u_rest
    for k, J in enumerate(amplitudes.T):
        goal = -np.linalg.solve(M, J / C)
        v = goal + expm(20.0 * M) @ (v - goal)
        np.testing.assert_allclose(found[:, (k + 1) * round(20 / dt)], v, rtol=0, atol=1e-10)


# Two independent solvers: matrix exponential and solve_ivp, with the spikes looked for


def spikes_by_matrix_exponential(m, J, duration, look=0.05):
    """Spike times under a constant current into the three compartments."""
    M, C = matrix(m)
    goal, level = -np.linalg.solve(M, J / C), m.theta - m.u_rest
    held = M[1, 1]
    held_goal = -(J[1:] + m.g_c * (m.u_r - m.u_rest)) / C[1:] / held
    v, t, spikes, peek = np.zeros(3), 0.0, [], expm(look * M)
    while t < duration:
        after = goal + peek @ (v - goal)
        if after[0] < level:
            v, t = after, t + look
            continue

        def above(s, v=v):
            return (goal + expm(s * M) @ (v - goal))[0] - level

        s = brentq(above, 0.0, look, xtol=1e-14)
        v = goal + expm(s * M) @ (v - goal)
        spikes.append(t + s)
        v[0] = m.u_r - m.u_rest
        v[1:] = held_goal + (v[1:] - held_goal) * np.exp(held * m.t_ref)
        t += s + m.t_ref
    return np.array([s for s in spikes if s < duration])


@pytest.mark.parametrize("dt", [0.05, 0.1, 0.5, 2.0])
@pytest.mark.parametrize("m", NEURONS, ids=repr)
def test_spikes_match_the_matrix_exponential_at_every_dt(m, dt):
    J = np.array([0.45, 0.05, 0.02])
    expected = spikes_by_matrix_exponential(m, J, 80.0)
    assert expected.size > 3
    I = Current(np.tile(J[:, None], round(80 / dt) + 1), dt)
    found = simulate_branches(m, [], I).spike_times
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def conductances(m, inputs, t):
    """AMPA and NMDA conductance of each site at t, by their definitions."""
    g = np.zeros((2, 3))
    s = log(m.tau_nmda / m.tau_rise) * m.tau_nmda * m.tau_rise / (m.tau_nmda - m.tau_rise)
    top = np.exp(-s / m.tau_nmda) - np.exp(-s / m.tau_rise)
    for x in inputs:
        for arrival in x.times[x.times <= t]:
            s = t - arrival
            g[0, x.site] += x.ampa * np.exp(-s / m.tau_ampa)
            g[1, x.site] += x.nmda * (np.exp(-s / m.tau_nmda) - np.exp(-s / m.tau_rise)) / top
    return g


def by_solve_ivp(m, inputs, J, duration):
    """Potentials at the end, and spike times: no step, no propagator."""
    M, C = matrix(m)
    edges = sorted({0.0, duration, *(t for x in inputs for t in x.times if t < duration)})
    v, t, spikes, ready = np.zeros(3), 0.0, [], -1.0

    def slope(t, v, held):
        ampa, nmda = conductances(m, inputs, t)
        u = m.u_rest + v
        B = 1 / (1 + m.Mg / 3.57 * np.exp(-0.062 * u))
        dv = M @ v + (J + (ampa + nmda * B) * (0 - u)) / C
        return dv * [0.0, 1.0, 1.0] if held else dv

    def crossing(t, v, held):
        return v[0] - (m.theta - m.u_rest) if not held else -1.0

    crossing.terminal, crossing.direction = True, 1
    while t < duration:
        held = t < ready
        stop = min([e for e in edges if e > t] + ([ready] if held else []))
        run = solve_ivp(
            slope, (t, stop), v, "DOP853", rtol=1e-10, atol=1e-11, events=crossing, args=(held,)
        )
        t, v = run.t[-1], run.y[:, -1].copy()
        if run.status == 1:
            spikes.append(t)
            v[0], ready = m.u_r - m.u_rest, t + m.t_ref
    return m.u_rest + v, np.array(spikes)


BURST = [
    SynapticInput(site=1, times=[5.0, 8.33], ampa=0.003, nmda=0.008),
    SynapticInput(site=2, times=11.0, ampa=0.002, nmda=0.002),
    SynapticInput(site=0, times=30.0, ampa=0.004),
]


def at_rest_but_for(J, duration, dt):
    return Current(np.tile(np.reshape(J, (3, 1)), round(duration / dt) + 1), dt)


@pytest.mark.parametrize("m", [NEURON, NEURONS[2], replace(NEURON, Mg=0.0)], ids=repr)
def test_synapses_match_solve_ivp(m):
    J = np.array([0.2, 0.0, 0.01])
    u, spikes = by_solve_ivp(m, BURST, J, 60.0)
    trace = simulate_branches(m, BURST, at_rest_but_for(J, 60.0, 0.01))
    assert spikes.size > 1
    np.testing.assert_allclose(trace.spike_times, spikes, rtol=0, atol=1e-6)
    np.testing.assert_allclose([trace.u[-1], *trace.u_d[:, -1]], u, rtol=0, atol=1e-6)


def test_error_falls_with_the_fourth_power_of_dt():
    J = np.zeros(3)
    u, spikes = by_solve_ivp(NEURON, BURST, J, 40.0)
    assert not spikes.size

    def error(dt):
        trace = simulate_branches(NEURON, BURST, at_rest_but_for(J, 40.0, dt))
        return np.abs([trace.u[-1], *trace.u_d[:, -1]] - u).max()

    errors = [error(dt) for dt in (0.4, 0.2, 0.1)]  # then solve_ivp's own error takes over
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert errors[-1] < 1e-8
    assert np.all(np.abs(orders - 4) < 0.3), (errors, orders)


# Limits


def test_strong_coupling_makes_it_the_lif():
    I = step_current(0.5, start=5.0, stop=90.0, duration=100.0, dt=0.1)
    lif = LIF(t_ref=2.0)
    expected = simulate(lif, I)
    assert expected.spike_count > 4
    errors = []
    for g_c in (1.0, 10.0, 100.0):
        trace = simulate_branches(replace(NEURON, g_c=g_c), [], I)
        assert trace.spike_count == expected.spike_count
        errors.append(np.abs(trace.spike_times - expected.spike_times).max())
    np.testing.assert_allclose(np.divide(errors[:-1], errors[1:]), 10.0, rtol=0.2)
    assert errors[-1] < 1e-2


def test_without_refractory_time_strong_coupling_makes_it_a_lif_of_higher_reset():
    I = step_current(0.5, start=5.0, stop=40.0, duration=50.0, dt=0.1)
    m = replace(NEURON, g_c=1.0, t_ref=0.0, p=0.2)
    shared = m.theta - (1 - 2 * m.p) * (m.theta - m.u_r)
    expected = simulate(LIF(u_r=shared), I).spike_times
    found = simulate_branches(m, [], I).spike_times
    assert expected.size > 4
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.5)


# What a branch does to its inputs

QUIET = constant_current(0.0, duration=200.0, dt=0.1)


def pair(ampa, nmda, sites, delay=0.0):
    """Two inputs, or one, at these compartments."""
    return [
        SynapticInput(site=site, times=10.0 + k * delay, ampa=ampa, nmda=nmda)
        for k, site in enumerate(sites)
    ]


def peak(inputs, m=NEURON):
    return simulate_branches(m, inputs, QUIET).u.max() - m.u_rest


def half_width(u):
    above = np.flatnonzero(u - u[0] > (u.max() - u[0]) / 2)
    return QUIET.dt * (above[-1] - above[0])


def test_ampa_inputs_on_one_branch_add_up_to_less_than_on_two():
    one, apart, together = (peak(pair(0.004, 0.0, sites)) for sites in ([1], [1, 2], [1, 1]))
    assert together < 0.9 * apart
    assert apart == pytest.approx(2 * one, rel=0.01)


def test_nmda_inputs_on_one_branch_add_up_to_more_than_on_two():
    one, apart, together = (peak(pair(0.002, 0.006, sites)) for sites in ([1], [1, 2], [1, 1]))
    assert together > 1.4 * apart
    assert apart == pytest.approx(2 * one, rel=0.04)


def test_without_magnesium_there_is_no_more_supralinearity():
    bare = replace(NEURON, Mg=0.0)
    apart, together = (peak(pair(0.002, 0.006, sites), bare) for sites in ([1, 2], [1, 1]))
    assert together < apart


def test_inputs_on_one_branch_help_each_other_for_tens_of_milliseconds():
    gains = [
        peak(pair(0.002, 0.006, [1, 1], d)) / peak(pair(0.002, 0.006, [1, 2], d))
        for d in (0.0, 20.0, 40.0, 150.0)
    ]
    assert np.all(np.diff(gains) < 0)
    assert gains[1] > 1.3 and gains[3] < 1.05


def test_a_plateau_is_what_schiller_and_others_measured():
    trace = simulate_branches(NEURON, pair(0.003, 0.009, [1, 1]), QUIET)
    assert abs(trace.u.max() + 65 - 5.9) < 1.5  # mV at the soma, Schiller et al. 2000
    assert abs(half_width(trace.u) - 64.4) < 19.8  # ms
    assert trace.u_d[0].max() > -30 and half_width(trace.u_d[0]) > 40
    assert trace.u_d[1].max() < -55  # the other branch hardly hears of it


def test_a_plateau_makes_a_depolarised_soma_fire_while_it_lasts():
    I = constant_current(0.22, duration=250.0, dt=0.1)
    assert not simulate_branches(NEURON, [], I).spike_count
    late = [SynapticInput(site=1, times=100.0, ampa=0.006, nmda=0.018)]
    spikes = simulate_branches(NEURON, late, I).spike_times
    assert spikes.size >= 2
    assert spikes[0] > 100 and spikes[-1] < 200


@pytest.mark.parametrize("u, expected", [(0.0, 3.57 / 4.57), (1e9, 1.0), (-1e9, 0.0)])
def test_magnesium_block_has_its_closed_form(u, expected):
    assert magnesium_block(u) == pytest.approx(expected, rel=1e-12)
    assert unblocked(u, 1.0) == pytest.approx(expected, rel=1e-12)


def test_half_of_the_channels_are_free_where_the_formula_says():
    for Mg in (0.1, 1.0, 2.0):
        assert magnesium_block(log(Mg / 3.57) / 0.062, Mg) == pytest.approx(0.5, rel=1e-12)
    assert magnesium_block(-80.0, 0.0) == 1.0
    with pytest.raises(ValueError, match=r"shapes must broadcast .*; got u \(2,\), Mg \(3,\)"):
        magnesium_block([-80.0, -60.0], [0.5, 1.0, 2.0])


# Engines


@pytest.mark.parametrize("z", [0.0, -1e-9, -0.3, -0.5, -0.500001, -3.0, -800.0])
def test_phi_functions_match_their_series_or_quotients(z):
    found = assert_engines_agree(phi, z)[0]
    expected = [
        sum(z**j / np.prod(np.arange(1.0, j + k + 1)) for j in range(25)) for k in (1, 2, 3)
    ]
    if z < -5:
        expected = [-1 / z, (-1 / z - 1) / z, ((-1 / z - 1) / z - 0.5) / z]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_nmda_conductance_peaks_at_one():
    s = np.linspace(0, 60, 600001)
    course = nmda_norm(5.0, 50.0) * (np.exp(-s / 50.0) - np.exp(-s / 5.0))
    assert course.max() == pytest.approx(1.0, abs=1e-9)


@given(
    g_c=st.floats(0.001, 0.02),
    p=st.floats(0.02, 0.3),
    theta=st.floats(-60.0, -40.0),
    t_ref=st.sampled_from([0.0, 2.0]),
    ampa=st.floats(0.0, 0.01),
    nmda=st.floats(0.0, 0.03),
    delay=st.floats(0.0, 30.0),
    I=st.floats(0.0, 0.6),
)
@quick
def test_engines_agree(g_c, p, theta, t_ref, ampa, nmda, delay, I):
    m = BranchedLIF(g_c=g_c, p=p, theta=theta, t_ref=t_ref)
    n = 161
    zeros = np.zeros(n)
    events = ([5.0, 5.0 + delay], [1.0, 2.0], [ampa] * 2, [nmda] * 2)
    spikes = np.zeros(200)
    count, arrays = assert_engines_agree(
        run_branches,
        Branches(np.full(n, I), zeros, zeros),
        0.25,
        m,
        Arrivals(*map(np.array, events)),
        Branches(*np.zeros((3, n))),
        spikes,
        rel=1e-8,
    )
    assert count <= 200
    assert all(np.isfinite(a).all() for a in arrays)


# What is refused


@pytest.mark.parametrize(
    "bad, message",
    [
        (dict(p=0.5), "p = 0.5"),
        (dict(p=-0.1), "p = -0.1"),
        (dict(g_c=0.0), "g_c = 0 µS"),
        (dict(tau_nmda=5.0), "tau_nmda = 5 ms.*tau_rise"),
        (dict(Mg=-1.0), "Mg = -1 mM"),
        (dict(R=[50.0, 60.0]), "R has shape"),
    ],
)
def test_bad_parameters_are_named(bad, message):
    with pytest.raises(ValueError, match=message):
        BranchedLIF(**bad)


@pytest.mark.parametrize(
    "bad, message",
    [
        (dict(site=3), "site = 3"),
        (dict(site=1.0), "site = 1.0"),
        (dict(times=-1.0), "times = -1 ms"),
        (dict(times=[[1.0]]), "times has shape"),
        (dict(ampa=-0.1), "ampa = -0.1 µS"),
        (dict(nmda=[0.1]), "nmda has shape"),
    ],
)
def test_bad_inputs_are_named(bad, message):
    with pytest.raises(ValueError, match=message):
        SynapticInput(**{"site": 1, "times": 1.0, **bad})


@pytest.mark.parametrize(
    "inputs, I, message",
    [
        ([], Current(np.zeros((2, 10)), 0.1), "I has shape"),
        ([], Current(np.zeros(10), 11.0), "dt = 11 ms"),
        ([], constant_current(1e20, duration=1.0, dt=0.1), "1e\\+20 nA"),
        ([SynapticInput(site=1, times=1.0, ampa=1e9)], QUIET, "1e\\+09 µS"),
    ],
)
def test_bad_runs_are_refused(inputs, I, message):
    with pytest.raises(ValueError, match=message):
        simulate_branches(replace(NEURON, t_ref=0.0), inputs, I)
    with pytest.raises(TypeError, match="Current"):
        simulate_branches(NEURON, inputs, 0.3)


def test_a_trace_is_read_only_and_can_be_copied():
    trace = simulate_branches(NEURON, [], constant_current(0.4, duration=50.0, dt=0.1))
    for other in (trace, copy.deepcopy(trace), pickle.loads(pickle.dumps(trace))):
        assert repr(other) == "<BranchedTrace: soma and 2 branches, 50 ms, 3 spikes>"
        for array in (other.u, other.u_d, other.I, other.spike_times):
            assert not array.flags.writeable
