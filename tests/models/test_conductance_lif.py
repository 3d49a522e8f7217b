"""Synapses: closed forms, the order of the scheme, limits, and an independent solver."""

import pickle
from itertools import product
from math import e, exp

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from neuro_lib import (
    LIF,
    AlphaSynapse,
    Current,
    ExponentialSynapse,
    alpha_psp,
    conductance_psp,
    constant_current,
    effective_time_constant,
    exponential_psp,
    poisson_train,
    psp_amplitude,
    simulate,
    simulate_synapses,
    sine_current,
    steady_potential,
    step_current,
)
from neuro_lib.analysis.synaptic_responses import add_psp_share, peak_share
from neuro_lib.models.conductance_lif import (
    Synapses,
    SynapticArrivals,
    SynapticCourse,
    magnus_step,
    run_synapses,
    shunted,
)
from tests.engines import assert_engines_agree

SHAPES = [ExponentialSynapse, AlphaSynapse]
TAU_M, TAU_S, G_MAX = st.floats(5, 50), st.floats(0.5, 20), st.floats(0, 0.1)
SILENT = LIF(tau_m=20.0, R=100.0, theta=1e4)
EXCITATORY = ExponentialSynapse(g_max=0.015, tau_s=3.0, E_syn=0.0)
INHIBITORY = ExponentialSynapse(g_max=0.030, tau_s=10.0, E_syn=-65.0)
BUSY = [
    (ExponentialSynapse(g_max=0.012, tau_s=3.0, E_syn=0.0), [3.03, 10.0, 11.777, 30.0, 55.5]),
    (AlphaSynapse(g_max=0.02, tau_s=7.0, E_syn=-75.0), [8.8, 40.0]),
    (AlphaSynapse(g_max=0.01, tau_s=2.5, E_syn=0.0), [0.0, 12.0, 44.1234, 44.1234]),
]

quick = settings(derandomize=True, deadline=None, max_examples=30)


def rest(duration=60.0, dt=0.1):
    return constant_current(0.0, duration=duration, dt=dt)


def conductances(inputs, t):
    """Sum of g and of g E_syn, by the formulas of the two shapes."""
    total = pull = 0.0
    for synapse, arrivals in inputs:
        for s in (t - arrival for arrival in arrivals if t >= arrival):
            g = synapse.g_max * exp(-s / synapse.tau_s)
            if isinstance(synapse, AlphaSynapse):
                g *= e * s / synapse.tau_s
            total, pull = total + g, pull + g * synapse.E_syn
    return total, pull


def by_solve_ivp(lif, inputs, t, *, drive=0.0, shunting=True):
    """Spike times, and potential at times t: a fresh start at each arrival and each spike."""

    def slope(now, u):
        total, pull = conductances(inputs, now)
        at = u[0] if shunting else lif.u_rest
        return [(-(u[0] - lif.u_rest) / lif.R + pull - total * at + drive) / lif.C]

    def reaches(now, u):
        return u[0] - lif.theta

    reaches.terminal, reaches.direction = True, 1
    edges = sorted({t[0], t[-1], *(a for _, train in inputs for a in train if a < t[-1])})
    now, u, found, spikes, ready = t[0], lif.u_rest, np.empty(t.size), [], -1.0
    found[0] = u
    for end in edges[1:]:
        while now < end:
            if ready > now:
                stop = min(ready, end)
                found[(t > now) & (t <= stop)] = lif.u_r
                now = stop
                continue
            inside = t[(t > now) & (t <= end)]
            at = np.unique(np.append(inside, end))
            solution = solve_ivp(
                slope,
                (now, end),
                [u],
                "DOP853",
                at,
                events=reaches,
                rtol=1e-12,
                atol=1e-12,
                max_step=0.3,
            )
            if len(solution.t):
                seen = np.isin(t, inside) & np.isin(t, solution.t)
                found[seen] = solution.y[0][np.isin(solution.t, t[seen])]
            if solution.status == 1:
                now = solution.t_events[0][0]
                spikes.append(now)
                u, ready = lif.u_r, now + lif.t_ref
            else:
                now, u = end, solution.y[0][-1]
    return np.array(spikes), found


# Independent solver


@pytest.mark.parametrize("shunting", [True, False])
def test_potential_is_that_of_an_independent_solver(shunting):
    trace = simulate_synapses(SILENT, rest(dt=0.01), BUSY, conductance_based=shunting)
    _, expected = by_solve_ivp(SILENT, BUSY, trace.t[::50], shunting=shunting)
    assert np.ptp(expected) > 5.0
    np.testing.assert_allclose(trace.u[::50], expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("t_ref", [0.0, 2.2])
@pytest.mark.parametrize("u_r", [-65.0, -58.0])
def test_spikes_are_those_of_an_independent_solver(t_ref, u_r):
    lif = LIF(tau_m=20.0, R=100.0, theta=-55.0, u_r=u_r, t_ref=t_ref)
    I = constant_current(0.05, duration=60.0, dt=0.05)
    trace = simulate_synapses(lif, I, BUSY)
    spikes, _ = by_solve_ivp(lif, BUSY, np.array([0.0, 60.0]), drive=0.05)
    assert spikes.size >= 3
    np.testing.assert_allclose(trace.spike_times, spikes, rtol=0, atol=1e-6)


@pytest.mark.parametrize("dt", [0.5, 0.25])
def test_a_crossing_that_is_over_before_the_step_ends_is_found(dt):
    arrival = [(ExponentialSynapse(g_max=0.1, tau_s=0.5, E_syn=0.0), [1.0])]
    silent = LIF(tau_m=5.0, R=100.0, theta=1e4)
    top = simulate_synapses(silent, rest(10.0, 0.001), arrival).u.max()
    for below, count in ((1e-2, 1), (-1e-2, 0)):
        lif = LIF(tau_m=5.0, R=100.0, theta=top - below)
        assert simulate_synapses(lif, rest(10.0, dt), arrival).spike_count == count


# Order of the scheme


@pytest.mark.parametrize("shunting", [True, False])
def test_error_falls_with_the_fourth_power_of_the_step(shunting):
    def last(dt):
        trace = simulate_synapses(SILENT, rest(64.0, dt), BUSY, conductance_based=shunting)
        return trace.u[:: round(2.0 / dt)]

    exact = last(2.0**-7)
    errors = [np.abs(last(2.0**-k) - exact).max() for k in (0, 1, 2, 3)]
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert errors[-1] < 1e-4
    np.testing.assert_allclose(orders, 4.0, atol=0.5)


@given(
    v=st.floats(-50, 50), h=st.floats(0.001, 100), leak=st.floats(0.001, 10), b=st.floats(-50, 50)
)
@quick
def test_a_step_is_exact_for_constant_conductance(v, h, leak, b):
    expected = b / leak + (v - b / leak) * exp(-h * leak)
    found = magnus_step(v, h, leak, b, leak, b)
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-9)


def test_arrivals_between_the_grid_points_count_from_when_they_arrive():
    on, off = [(EXCITATORY, [10.0])], [(EXCITATORY, [10.3])]
    early = simulate_synapses(SILENT, rest(60.0, 0.02), on).u
    late = simulate_synapses(SILENT, rest(60.0, 0.02), off).u
    np.testing.assert_allclose(late[15:], early[:-15], rtol=0, atol=1e-8)


# Closed forms


@given(tau_m=TAU_M, tau_s=TAU_S, shape=st.sampled_from(SHAPES), g_max=st.floats(0.001, 0.1))
@example(tau_m=10.0, tau_s=10.0, shape=AlphaSynapse, g_max=0.01)
@quick
def test_current_based_psp_is_the_closed_form(tau_m, tau_s, shape, g_max):
    lif = LIF(tau_m=tau_m, theta=1e4)
    synapse = shape(g_max=g_max, tau_s=tau_s)
    I = rest(60.0, 0.05)
    u = simulate_synapses(lif, I, [(synapse, [7.01])], conductance_based=False).u
    psp = alpha_psp if shape is AlphaSynapse else exponential_psp
    expected = psp(lif, synapse.charge(lif.u_rest), I.t - 7.01, tau_s=tau_s)
    np.testing.assert_allclose(u - lif.u_rest, expected, rtol=0, atol=1e-6 * np.abs(expected).max())


@pytest.mark.parametrize("shape", SHAPES)
def test_without_synapses_or_with_closed_ones_it_is_the_lif(shape):
    lif, I = LIF(t_ref=1.7), sine_current(0.3, frequency=30.0, mean=0.5, duration=100.0, dt=0.1)
    expected = simulate(lif, I)
    for inputs in ([], [(shape(g_max=0.0), [5.0, 20.0])], [(shape(g_max=1.0), [])]):
        trace = simulate_synapses(lif, I, inputs)
        np.testing.assert_allclose(trace.spike_times, expected.spike_times, rtol=0, atol=1e-9)
        np.testing.assert_allclose(trace.u, expected.u, rtol=0, atol=1e-8)


def test_a_potential_that_comes_to_rest_at_threshold_never_fires():
    for tau_m, rest in product((3.0, 11.0, 37.0), np.arange(5.0, 15.0)):
        lif = LIF(tau_m=tau_m, R=64.0, u_rest=-64.0, u_r=-64.0, theta=-64.0 + rest)
        for inputs, dt in product(([], [(ExponentialSynapse(), [])]), (0.1, 1.0)):
            I = constant_current(rest / 64.0, duration=100 * tau_m, dt=dt)
            assert simulate_synapses(lif, I, inputs).spike_count == 0
            above = constant_current(rest / 64.0 * (1 + 1e-11), duration=100 * tau_m, dt=dt)
            assert simulate_synapses(lif, above, inputs).spike_count > 0


def test_a_steady_conductance_settles_at_its_mean_with_the_effective_time_constant():
    g, slow = 0.02, 1e9
    tonic = ExponentialSynapse(g_max=g, tau_s=slow, E_syn=-20.0)
    I = constant_current(0.1, duration=100.0, dt=0.5)
    trace = simulate_synapses(SILENT, I, [(tonic, [0.0])])
    goal = (-65.0 / 100.0 + g * -20.0 + 0.1) / (1 / 100.0 + g)
    assert steady_potential(SILENT, g, -20.0, I=0.1) == pytest.approx(goal, rel=1e-12)
    tau = SILENT.C / (1 / SILENT.R + g)
    assert effective_time_constant(SILENT, g) == pytest.approx(tau, rel=1e-12)
    expected = goal + (-65.0 - goal) * np.exp(-trace.t / tau)
    np.testing.assert_allclose(trace.u, expected, rtol=0, atol=1e-4)


def test_steady_potential_sums_over_the_last_axis():
    g = np.array([[0.0, 0.0], [0.01, 0.0], [0.01, 0.04]])
    found = steady_potential(SILENT, g, [0.0, -80.0])
    np.testing.assert_allclose(found, [-65.0, -32.5, (-0.65 - 3.2) / 0.06], rtol=1e-12)
    assert isinstance(steady_potential(SILENT, 0.01, 0.0), float)
    assert effective_time_constant(LIF(tau_m=[10.0, 20.0]), 0.02).tolist() == [5.0, 10.0]


@pytest.mark.parametrize("shape", SHAPES)
def test_charge_and_mean_conductance_are_integrals(shape):
    synapse = shape(g_max=0.02, tau_s=4.0, E_syn=-10.0)
    t = np.linspace(0.0, 200.0, 200_001)
    area = np.trapezoid(synapse.conductance(t), t)
    assert synapse.charge(-60.0) == pytest.approx(area * 50.0, rel=1e-6)
    assert np.trapezoid(synapse.current(t, -60.0), t) == pytest.approx(area * 50.0, rel=1e-6)
    assert synapse.mean_conductance(250.0) == pytest.approx(0.25 * area, rel=1e-6)
    assert synapse.conductance(t).max() == pytest.approx(0.02, rel=1e-9)
    assert synapse.conductance(-1e-9) == 0.0


# Limits


@pytest.mark.parametrize("shape", SHAPES)
def test_far_from_the_reversal_potential_it_is_current_based(shape):
    inputs = [4.0, 9.0]
    gaps = []
    for far in (1e2, 1e4, 1e6):  # mV, at the same current at rest
        synapse = shape(g_max=1.0 / far, tau_s=4.0, E_syn=-65.0 + far)
        one = simulate_synapses(SILENT, rest(), [(synapse, inputs)])
        other = simulate_synapses(SILENT, rest(), [(synapse, inputs)], conductance_based=False)
        gaps.append(np.abs(one.u - other.u).max() / np.ptp(other.u))
    assert gaps[0] > 0.1
    np.testing.assert_allclose(np.divide(gaps[1:], gaps[:-1]), 0.01, rtol=0.5)


@pytest.mark.parametrize("g_max", [0.01, 10.0])
def test_a_very_short_conductance_takes_u_towards_the_reversal_potential_at_once(g_max):
    share = [exp(-1.0)] * 2
    for tau_s, atol in ((1e-2, 0.02), (1e-4, 2e-4)):
        synapse = ExponentialSynapse(g_max=SILENT.C / tau_s, tau_s=tau_s, E_syn=-20.0)
        after = conductance_psp(SILENT, synapse, [40 * tau_s])[0] / 45.0
        share.append(after)
        assert after == pytest.approx(1 - exp(-1.0), abs=atol)
    synapse = ExponentialSynapse(g_max=g_max, tau_s=1e-3, E_syn=-20.0)
    jump = 1 - exp(-g_max * 1e-3 / SILENT.C)
    assert psp_amplitude(SILENT, synapse, -60.0) == pytest.approx(40 * jump, rel=1e-3)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_weak_synapse_has_the_psp_of_its_charge(shape):
    synapse = shape(g_max=1e-8, tau_s=4.0)
    psp = alpha_psp if shape is AlphaSynapse else exponential_psp
    t = np.linspace(-5.0, 80.0, 50)
    expected = psp(SILENT, synapse.charge(-65.0), t, tau_s=4.0)
    found = conductance_psp(SILENT, synapse, t)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=0)


# Reversal potential


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("E_syn", [0.0, -65.0, -73.0])
def test_amplitude_is_zero_at_the_reversal_potential_and_changes_sign_there(shape, E_syn):
    synapse = shape(g_max=0.02, tau_s=5.0, E_syn=E_syn)
    hold = np.linspace(-100.0, 20.0, 25)
    amplitude = psp_amplitude(SILENT, synapse, hold)
    assert psp_amplitude(SILENT, synapse, E_syn) == 0.0
    assert np.array_equal(np.sign(amplitude), np.sign(E_syn - hold))
    assert np.all(np.abs(amplitude) <= np.abs(E_syn - hold))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("hold", [-90.0, -65.0, -30.0])
def test_amplitude_is_the_peak_of_a_run_that_is_held_there_by_a_current(shape, hold):
    synapse = shape(g_max=0.02, tau_s=5.0, E_syn=-50.0)
    I = constant_current((hold + 65.0) / SILENT.R, duration=100.0, dt=0.02)
    trace = simulate_synapses(SILENT, I, [(synapse, [10.0])], u_start=hold)
    moved = trace.u - hold
    peak = moved[np.argmax(np.abs(moved))]
    assert psp_amplitude(SILENT, synapse, hold) == pytest.approx(peak, abs=1e-4)
    psp = conductance_psp(SILENT, synapse, I.t[::-1] - 10.0, u_hold=hold)[::-1]
    np.testing.assert_allclose(psp, moved, rtol=0, atol=1e-7)


def test_amplitude_saturates_at_the_driving_force():
    peaks = [
        psp_amplitude(SILENT, ExponentialSynapse(g_max=g, tau_s=5.0, E_syn=0.0), -65.0)
        for g in (0.01, 0.02, 0.04, 1.0, 1000.0)
    ]
    assert np.all(np.diff(peaks) > 0) and peaks[1] < 1.9 * peaks[0]
    assert 64.5 < peaks[-1] < 65.0
    assert psp_amplitude(LIF(tau_m=[10.0, 20.0]), EXCITATORY, [[-65.0], [0.0]]).shape == (2, 2)
    assert psp_amplitude(SILENT, AlphaSynapse(g_max=0.0), -65.0) == 0.0


def test_long_after_the_spike_nothing_is_left_of_the_psp():
    assert conductance_psp(SILENT, EXCITATORY, [1e9, 1e5, -1.0]).tolist() == [0.0, 0.0, 0.0]


# Shunting


def epsp(inhibitory, lead=5.0, **how):
    """Peak of the EPSP above what inhibition alone does (mV)."""
    I = rest(120.0, 0.05)
    inhibition = [(inhibitory, [25.0 - lead])]
    both = simulate_synapses(SILENT, I, [(EXCITATORY, [25.0]), *inhibition], **how).u
    alone = simulate_synapses(SILENT, I, inhibition, **how).u
    return (both - alone).max()


def test_shunting_inhibition_moves_nothing_and_yet_cuts_the_epsp():
    alone = simulate_synapses(SILENT, rest(), [(INHIBITORY, [20.0])])
    assert np.ptp(alone.u) == 0.0 and np.all(alone.I_syn == 0.0) and alone.g.max() == 0.03
    full = epsp(ExponentialSynapse(g_max=0.0))
    assert round(full, 1) == 9.5
    assert round(epsp(INHIBITORY), 1) == 7.7


@pytest.mark.parametrize("E_syn", [-75.0, -65.0, -55.0])
def test_a_current_based_neuron_cannot_shunt(E_syn):
    full = epsp(ExponentialSynapse(g_max=0.0), conductance_based=False)
    inhibitory = ExponentialSynapse(g_max=0.5, tau_s=10.0, E_syn=E_syn)
    assert epsp(inhibitory, conductance_based=False) == pytest.approx(full, abs=1e-9)
    assert epsp(inhibitory) < 0.5 * full


def test_shunting_depends_on_the_order_though_nothing_is_seen_of_the_inhibition():
    after, at, before = (epsp(INHIBITORY, lead=lead) for lead in (-15.0, 0.0, 5.0))
    assert at < before < after
    assert epsp(INHIBITORY, lead=-40.0) == pytest.approx(epsp(ExponentialSynapse(g_max=0.0)))


# Poisson input


def test_poisson_counts_have_equal_mean_and_variance_and_intervals_are_exponential():
    rng = np.random.default_rng(7)
    counts = [poisson_train(200.0, duration=100.0, seed=rng).size for _ in range(2000)]
    assert np.mean(counts) == pytest.approx(20.0, abs=0.4)
    assert np.var(counts) == pytest.approx(20.0, abs=2.5)
    train = poisson_train(1000.0, duration=20_000.0, seed=3)
    assert np.all(np.diff(train) >= 0) and train.min() >= 0 and train.max() <= 20_000
    intervals = np.diff(train)
    assert np.mean(intervals) == pytest.approx(1.0, abs=0.04)
    assert np.std(intervals) == pytest.approx(1.0, abs=0.04)
    assert poisson_train(0.0, duration=10.0, seed=1).size == 0
    np.testing.assert_array_equal(train, poisson_train(1000.0, duration=20_000.0, seed=3))


@pytest.mark.parametrize("shape", SHAPES)
def test_under_poisson_input_mean_and_spread_are_campbells(shape):
    synapse = shape(g_max=0.001, tau_s=4.0)
    train = poisson_train(2000.0, duration=20_000.0, seed=11)
    I = rest(20_000.0, 0.5)
    trace = simulate_synapses(SILENT, I, [(synapse, train)], conductance_based=False)
    g = trace.g[0, 400:]
    square = synapse.g_max**2 * 4.0 * (e**2 / 4 if shape is AlphaSynapse else 0.5)
    assert g.mean() == pytest.approx(synapse.mean_conductance(2000.0), rel=0.02)
    assert g.std() == pytest.approx(np.sqrt(2.0 * square), rel=0.1)
    mean = SILENT.R * 2.0 * synapse.charge(SILENT.u_rest)
    assert trace.u[400:].mean() - SILENT.u_rest == pytest.approx(mean, rel=0.02)


# Results and refusals


def test_the_trace_holds_each_conductance_and_current_read_only():
    trace = simulate_synapses(SILENT, rest(), BUSY)
    assert trace.g.shape == trace.I_syn.shape == (3, 601)
    for j, one in enumerate(BUSY):
        expected = [conductances([one], t)[0] for t in trace.t[::30]]
        np.testing.assert_allclose(trace.g[j, ::30], expected, rtol=0, atol=1e-14)
        driving = one[0].E_syn - trace.u
        np.testing.assert_allclose(trace.I_syn[j], trace.g[j] * driving, rtol=1e-12)
    again = pickle.loads(pickle.dumps(trace))
    for array in (trace.g, trace.I_syn, again.g, again.u):
        assert not array.flags.writeable
    assert repr(trace) == "<SynapticTrace: 1 neuron, 60 ms, 0 spikes>"


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: ExponentialSynapse(g_max=-1.0), "g_max = -1 µS: .* ≥ 0 µS"),
        (lambda: AlphaSynapse(tau_s=0.0), "tau_s = 0 ms: .* > 0 ms"),
        (lambda: AlphaSynapse(tau_s=[1.0, 2.0]), "one number for each parameter"),
        (lambda: simulate_synapses(LIF(), rest(), [(EXCITATORY, [-1.0])]), "arrivals = -1 ms"),
        (lambda: simulate_synapses(LIF(), rest(), [], u_start=-50.0), "u_start = -50.*theta"),
        (lambda: simulate_synapses(LIF(tau_m=[1.0, 2.0]), rest(), []), "one neuron"),
        (lambda: simulate_synapses(LIF(), rest(60.0, 4.0), BUSY), "dt = 4 ms: .* tau_s = 3 ms"),
        (
            lambda: simulate_synapses(LIF(), rest(1.0), [(ExponentialSynapse(g_max=1e9), [0.0])]),
            "are these µS",
        ),
        (lambda: conductance_psp(LIF(), EXCITATORY, [np.inf]), "t = inf ms"),
        (lambda: psp_amplitude(LIF(tau_m=[1.0, 2.0]), EXCITATORY, [1.0] * 3), "broadcast"),
        (lambda: effective_time_constant(LIF(), -0.1), "g = -0.1 µS"),
        (lambda: poisson_train(-1.0, duration=1.0, seed=1), "rate = -1 Hz"),
    ],
)
def test_bad_values_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: simulate_synapses(LIF(), 0.3, []),
        lambda: simulate_synapses(None, rest(), []),
        lambda: simulate_synapses(LIF(), rest(), [(LIF(), [1.0])]),
        lambda: psp_amplitude(LIF(), None, -65.0),
    ],
)
def test_wrong_kinds_are_named(call):
    with pytest.raises(TypeError, match="must be a"):
        call()


# The engines


@given(
    tau_m=TAU_M,
    tau_s=TAU_S,
    g_max=G_MAX,
    E_i=st.floats(-90, -50),
    theta=st.floats(-60, -40),
    t_ref=st.floats(0, 5),
    shunting=st.booleans(),
    arrivals=st.lists(st.floats(0, 50), max_size=12),
)
@settings(quick, max_examples=15)
def test_engines_agree(tau_m, tau_s, g_max, E_i, theta, t_ref, shunting, arrivals):
    when = np.sort(np.array(arrivals, dtype=float))
    kicks = np.array([0.0, e * g_max]), np.array([g_max, 0.0])
    tau, gap = np.array([tau_s, 5.0]), np.array([65.0, E_i + 65.0])
    assert_engines_agree(
        run_synapses,
        np.full(101, 0.1),
        0.5,
        LIF(tau_m=tau_m, theta=theta, t_ref=t_ref),
        -65.0,
        SynapticArrivals(when, np.arange(when.size) % 2 * 1.0),
        Synapses(*kicks, tau, gap, shunting),
        1e5,
        SynapticCourse(np.zeros(101), np.zeros(202), np.zeros(101)),
        rel=1e-8,
    )
    assert_engines_agree(shunted, tau_m, 50.0, g_max)
    assert_engines_agree(peak_share, 0.0, g_max, tau_s, tau_m, tau_m / 50.0)
    t = np.linspace(-1.0, 20.0, 7)
    assert_engines_agree(add_psp_share, np.zeros(7), t, e * g_max, 0.0, tau_s, tau_m, tau_m / 50.0)


def test_spikes_beyond_the_room_for_them_are_all_kept():
    lif = LIF(tau_m=5.0, R=200.0, theta=-60.0)
    I = Current(np.full(11, 0.9), dt=5.0)
    inputs = [(ExponentialSynapse(g_max=0.05, tau_s=30.0), [0.0])]
    trace = simulate_synapses(lif, I, inputs)
    assert trace.spike_count > 11 and np.all(np.diff(trace.spike_times) > 0)
    assert simulate_synapses(
        lif, step_current(0.9, start=0.0, stop=50.0, duration=50.0, dt=0.05), inputs
    ).spike_count == pytest.approx(trace.spike_count, abs=1)


@pytest.mark.parametrize("kind", [ExponentialSynapse, AlphaSynapse])
@pytest.mark.parametrize("tau_s, g_max", [(1e-5, 0.015), (1e-9, 1e3), (3.0, 1e3), (1e3, 0.015)])
def test_a_psp_of_any_length_is_right_and_takes_no_time(kind, tau_s, g_max):
    lif, synapse = LIF(), kind(tau_s=tau_s, g_max=g_max)
    t = np.array([0.01, 0.5, 3.0, 30.0])
    psp = conductance_psp(lif, synapse, t)
    if tau_s < 1e-3:  # a spike of conductance takes u towards E_syn, by exp(-area / C)
        area = g_max * tau_s * (np.e if kind is AlphaSynapse else 1.0)
        expected = 65.0 * -np.expm1(-area / lif.C) * np.exp(-t / lif.tau_m)
        np.testing.assert_allclose(psp, expected, rtol=20 * tau_s)
    else:

        def slope(s, v):
            return synapse.conductance(s) / lif.C * (65.0 - v) - v / lif.tau_m

        solved = solve_ivp(slope, (0, 30.0), [0.0], "Radau", t, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(psp, solved.y[0], rtol=1e-7, atol=1e-9)
    peak = psp_amplitude(lif, synapse, -65.0)
    assert psp.max() * (1 - 1e-9) <= peak <= 65.0


@pytest.mark.parametrize("call", [conductance_psp, psp_amplitude])
def test_a_psp_that_would_not_end_is_refused(call):
    with pytest.raises(
        ValueError, match=r"^tau_s = 1e\+07 ms: .* must be ≤ .* where g_max = 0.015"
    ):
        call(LIF(), ExponentialSynapse(tau_s=1e7), 1.0)
    with pytest.raises(ValueError, match=r"^tau_s = 3 ms: .* must be ≤ .* where g_max = 1e\+09 µS"):
        call(LIF(), ExponentialSynapse(g_max=1e9), 1.0)


@pytest.mark.parametrize("duration", [0.0, -1.0])
def test_a_poisson_train_takes_some_time(duration):
    with pytest.raises(ValueError, match=r"^duration = .*: the length of the train must be .* > 0"):
        poisson_train(10.0, duration=duration, seed=1)
