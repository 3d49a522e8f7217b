"""Counting spikes of many neurons side by side gives what each gives alone."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuro_lib import (
    LIF,
    AdEx,
    Current,
    FilteredLIF,
    constant_current,
    count_spikes,
    pulse_train_current,
    simulate,
    sine_current,
    step_current,
)
from neuro_lib.models.population import LANES, STRIDE, TILE, VECTOR, LIFs, count_block
from neuro_lib.models.simulation import _parts
from tests.effort import examples

SIZES = [1, 2, LANES - 1, LANES, LANES + 1, 2 * LANES + 2]
LENGTHS = [1, 2, STRIDE, STRIDE + 1, TILE - 1, TILE, TILE + 1, 3 * TILE, 3 * TILE + 1]  # in steps


@pytest.fixture(scope="module", autouse=True)
def blocks():
    """Count in blocks however little work there is, and in one part: else a few run one by one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("neuro_lib.models.simulation.LITTLE", 0)
        patch.setattr("neuro_lib.models.simulation._parts", lambda size, grain: [slice(0, size)])
        yield


def neurons(size, rng, **fixed):
    """A population at random within the sliders' ranges."""
    ranges = {"tau_m": (5, 50), "R": (10, 200), "theta": (-60, -40), "t_ref": (0, 10)}
    drawn = {name: rng.uniform(*ends, size) for name, ends in ranges.items()}
    drawn["u_r"] = rng.uniform(-75, -61, size)
    return LIF(**drawn | fixed)


def inputs(size, steps, dt, rng):
    times = {"duration": steps * dt, "dt": dt}
    some = rng.uniform(0.0, 1.0, size)
    return {
        "constant": constant_current(some, **times),
        "pulses": pulse_train_current(some, width=7.3 * dt, period=17.1 * dt, **times),
        "sine": sine_current(some, mean=0.5, frequency=9 / dt, **times),
        "noise": Current(rng.normal(0.4, 0.5, (size, steps + 1)), dt),
        "one for all": Current(rng.normal(0.4, 0.5, steps + 1), dt),
    }


def assert_counts(lif, I):
    """Count and simulate; return the total."""
    counts = count_spikes(lif, I)
    np.testing.assert_array_equal(counts, simulate(lif, I).spike_count)
    return np.sum(counts)


@pytest.mark.parametrize("size", SIZES)
def test_counts_are_those_of_simulate_for_any_size(size):
    rng = np.random.default_rng(size)
    kinds = inputs(size, 400, 0.5, rng).values()
    assert sum(assert_counts(neurons(size, rng), I) for I in kinds) > 0


@pytest.mark.parametrize("steps", LENGTHS)
def test_counts_are_those_of_simulate_for_any_length(steps):
    rng = np.random.default_rng(steps)
    for I in inputs(70, steps, 2.0, rng).values():
        assert_counts(neurons(70, rng), I)
        assert assert_counts(neurons(70, rng, theta=-60.9, t_ref=0.0, R=200.0), I) > 0


@given(
    seed=st.integers(0, 1000),
    dt=st.sampled_from([0.1, 0.5, 5.0]),
    t_ref=st.sampled_from([0.0, 0.05, 0.5, 5.0, 7.7]),
    kind=st.sampled_from(["constant", "pulses", "sine", "noise", "one for all"]),
)
@settings(derandomize=True, deadline=None, max_examples=40)
def test_counts_are_those_of_simulate_with_any_refractory_time(seed, dt, t_ref, kind):
    rng = np.random.default_rng(seed)
    I = inputs(66, 150, dt, rng)[kind]
    assert_counts(neurons(66, rng, t_ref=t_ref), I)


def test_refractory_neurons_wake_on_time_beside_ones_that_never_fire():
    t_ref = np.where(np.arange(100) % 3 == 0, 4.9, 50.0)
    theta = np.where(np.arange(100) % 2 == 0, -50.0, 1e4)
    lif = LIF(t_ref=t_ref, theta=theta)
    counts = count_spikes(lif, constant_current(0.5, duration=1000.0, dt=0.1))
    expected = 1000.0 / (t_ref + 10.0 * np.log(25.0 / 10.0))
    np.testing.assert_array_equal(counts, np.where(theta > 0, 0, np.round(expected)))


def test_spikes_at_the_very_end_of_a_step_count():
    I = Current(np.where(np.arange(101) < 24, 0.4, 0.0), 0.5)
    highest = simulate(LIF(theta=1e4), I).u[24]
    assert count_spikes(LIF(theta=[highest, highest + 1e-9]), I).tolist() == [1, 0]


def test_start_and_shape_are_those_of_simulate():
    I = constant_current([[0.3], [0.5]], duration=100.0, dt=0.5)
    lif, u_start = LIF(tau_m=[5.0, 10.0, 20.0]), [[[-51.0]], [[-90.0]]]
    counts = count_spikes(lif, I, u_start=u_start)
    assert counts.shape == (2, 2, 3) and counts.dtype == np.int64
    np.testing.assert_array_equal(counts, simulate(lif, I, u_start=u_start).spike_count)
    one = count_spikes(LIF(), constant_current(0.4, duration=100.0, dt=0.5))
    assert isinstance(one, int) and one == 7


def test_one_source_for_numba_and_plain_python():
    rng = np.random.default_rng(0)
    lif = neurons(70, rng)
    columns = np.array([np.broadcast_to(x, 70) for x in (*lif.arguments(), lif.u_rest)])
    for I in inputs(70, 70, 1.0, rng).values():
        rows = np.atleast_2d(I.values)
        which = np.arange(70) % len(rows)
        counts = np.zeros(70, dtype=np.int64), np.zeros(70, dtype=np.int64)
        count_block(rows, which, I.dt, LIFs(*columns[:-1]), columns[-1], counts[0])
        count_block.python(rows, which, I.dt, LIFs(*columns[:-1]), columns[-1], counts[1])
        np.testing.assert_array_equal(*counts)
        assert counts[0].sum() > 0


def filtered(size, rng):
    """Neurons with filters at random, every other with a refractory time."""
    return FilteredLIF(
        tau_m=rng.uniform(5, 50, size),
        R=rng.uniform(50, 200, size),
        a=rng.uniform(-0.004, 0.05, size),
        b=rng.uniform(0, 0.1, size),
        A=rng.uniform(-0.5, 0.8, size),
        t_ref=np.where(np.arange(size) % 2 == 0, 0.0, rng.uniform(0, 10)),
        tau_w=rng.uniform(5, 200, size),
    )


def adaptive(size, rng):
    """Neurons with an upswing at random, some of which burst."""
    return AdEx(
        tau_m=rng.uniform(5, 50, size),
        R=rng.uniform(50, 200, size),
        Delta_T=rng.uniform(0.9, 4, size),
        u_r=rng.uniform(-70, -47, size),
        a=rng.uniform(-0.004, 0.05, size),
        b=rng.uniform(0, 0.1, size),
        tau_w=rng.uniform(5, 200, size),
    )


@pytest.mark.parametrize("model", [filtered, adaptive])
@given(
    seed=st.integers(0, 1000),
    size=st.sampled_from(SIZES),
    steps=st.sampled_from(LENGTHS) | st.integers(2, 150),
    dt=st.sampled_from([0.1, 0.5, 4.0]),
    kind=st.sampled_from(["constant", "pulses", "sine", "noise", "one for all"]),
)
@settings(derandomize=True, deadline=None, max_examples=30)
def test_counts_with_memory_are_those_of_each_neuron_alone(model, seed, size, steps, dt, kind):
    rng = np.random.default_rng(seed)
    assert_counts(model(size, rng), inputs(size, steps, dt, rng)[kind])


def counted_but_for_chaos(population, I):
    """Count, and compare with each neuron alone; return where they differ: only by chaos."""
    counts, alone = count_spikes(population, I), simulate(population, I)
    differ = counts != alone.spike_count
    if np.any(differ):
        nudged = simulate(population, I, u_start=population.u_rest + 1e-9)
        for i in np.flatnonzero(differ):
            one, other = alone.spike_times[i], nudged.spike_times[i]
            shared = min(len(one), len(other))
            assert np.abs(one[:shared] - other[:shared]).max() > 1e-3
    return counts, differ


@pytest.mark.parametrize("model", [neurons, filtered, adaptive])
@pytest.mark.parametrize("kind", ["constant", "step", "one step", "noise after a rest"])
def test_counts_are_those_of_each_neuron_alone_where_currents_rest(model, kind):
    rng = np.random.default_rng(1)
    times = {"duration": 400.0, "dt": 0.1}
    edges = {"start": 10.03, "stop": 333.3}
    some = rng.uniform(0.0, 1.0, 140)
    noise = np.where(np.arange(4001) < 2000, 0.5, rng.normal(0.4, 0.5, (140, 4001)))
    I = {
        "constant": constant_current(some, **times),
        "step": step_current(some, **edges, **times),
        "one step": step_current(0.6, **edges, **times),
        "noise after a rest": Current(noise, 0.1),
    }[kind]
    counts, differ = counted_but_for_chaos(model(140, rng), I)
    assert np.mean(differ) < 0.02 and counts.sum() > 0


def of_round_numbers(model, size, rng):
    """Neurons such as people write them down, each with values of its own."""

    def one_of(*values):
        return rng.choice(values, size)

    rest, above, R = (
        one_of(-65.0, -64.0, 0.0),
        one_of(1.0, 10.0, 15.0, 16.0),
        one_of(20.0, 50.0, 64.0),
    )
    shared = {"tau_m": one_of(5.0, 8.0, 10.0, 20.0), "R": R, "u_rest": rest}
    a = one_of(0.0, 0.0, -0.5, 1.0) / R
    adapts = {"a": a, "tau_w": one_of(10.0, 20.0, 100.0), "b": one_of(0.0, 0.01, 0.1)}
    if model is AdEx:
        shared |= {"u_r": rest, "Delta_T": one_of(1.0, 2.0), "u_peak": rest + above + 30}
        return AdEx(theta_rh=rest + above, **shared, **adapts)
    low = np.where(rng.random(size) < 0.3, above - 0.5, 0.0)
    shared |= {"theta": rest + above, "u_r": rest + low, "t_ref": one_of(0.0, 0.0, 0.1, 2.0, 5.0)}
    if model is LIF:
        return LIF(**shared)
    return FilteredLIF(A=one_of(0.0, 0.1, -0.1), tau_f=one_of(1.0, 5.0, 10.0), **shared, **adapts)


@pytest.mark.parametrize("model", [LIF, FilteredLIF, AdEx])
@given(seed=st.integers(0, 1000), dt=st.sampled_from([0.1, 0.5, 1.0]), parts=st.integers(1, 3))
@settings(derandomize=True, deadline=None, max_examples=examples(30))
def test_neurons_and_currents_of_round_numbers_are_counted_as_each_alone(model, seed, dt, parts):
    """With them things coincide: u comes to rest at threshold, or is there at the end of a step."""
    rng = np.random.default_rng(seed)
    m = of_round_numbers(model, 24, rng)
    rheobase = m.rheobase if model is AdEx else (m.theta - m.u_rest) / m.R
    if model is FilteredLIF:
        rheobase = rheobase * (1 + m.a * m.R)
    amplitudes = rng.choice([0.0, 0.5, 1.0, 1.0, 1.0, 1.5, 2.0, -1.0], (24, parts))
    I = Current(np.repeat(amplitudes * rheobase[:, None], 2000 // parts, axis=1), dt)
    _, differ = counted_but_for_chaos(m, I)
    assert np.sum(differ) <= 1


def test_time_runs_for_who_fires_fast_at_rest_as_it_does_alone():
    """Each spike ends in a leap that may reach u_peak: taken twice, its time would be lost."""
    I = constant_current(np.linspace(1.0, 3.0, 140), duration=1000.0, dt=0.1)
    assert assert_counts(AdEx(b=0.0, u_peak=-48.0), I) > 140 * 100


@given(size=st.integers(0, 3000), grain=st.sampled_from([1, VECTOR]))
@settings(derandomize=True, deadline=None)
def test_parts_are_all_neurons_in_whole_vectors(size, grain):
    parts = _parts(size, grain)
    assert [i for part in parts for i in range(size)[part]] == list(range(size))
    assert all(part.start % grain == 0 for part in parts)
    assert len(parts) <= 8 * os.cpu_count()
