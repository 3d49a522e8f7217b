"""Currents deliver the charge that their waveform promises, whatever the time step."""

import copy
import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from neuro_lib import (
    LIF,
    Current,
    constant_current,
    ou_current,
    pulse_train_current,
    ramp_current,
    simulate,
    sine_current,
    spike_train_current,
    step_current,
    white_noise_current,
)
from neuro_lib.inputs.currents import (
    decay,
    first_state,
    normal_draws,
    ou_noise,
    park_miller,
    require_current,
    require_step,
    uniform_draws,
)
from tests.cases import each
from tests.engines import assert_engines_agree

T = 40.0  # ms; a whole number of steps of each of these
STEPS = [0.1, 0.125, 0.4, 1.0, 1.25, 2.0, 8.0]

ONSETS = [1.3, 8.45, 15.6, 22.75, 29.9, 37.05]  # of the pulse train below
ARRIVALS = [0.0, 4.0, 4.1, 13.37, 13.37, 39.99]


def charge_of_ramp(t):
    """Area below a polygon: the trapezoidal rule is exact between its corners."""
    corners = np.unique(np.clip([0.0, 3.3, 21.7, t], 0.0, t))
    return np.trapezoid(np.interp(corners, [3.3, 21.7], [-0.2, 0.5]), corners)


def charge_of_sine(t):
    omega = 2 * np.pi * 0.035  # rad/ms, 35 Hz
    return 0.1 * t + 0.3 * (np.cos(0.7) - np.cos(omega * t + 0.7)) / omega


# Each input, and the charge (pC) that its waveform has delivered by the time t.
INPUTS = {
    "constant": (constant_current, {"amplitude": 0.4}, lambda t: 0.4 * t),
    "step": (
        step_current,
        {"amplitude": 0.4, "start": 3.3, "stop": 21.77},
        lambda t: 0.4 * np.clip(t - 3.3, 0, 18.47),
    ),
    "step within a step": (
        step_current,
        {"amplitude": 0.4, "start": 3.31, "stop": 3.37},
        lambda t: 0.4 * np.clip(t - 3.31, 0, 0.06),
    ),
    "step that outlasts the input": (
        step_current,
        {"amplitude": -0.4, "start": 0.0, "stop": 1e4},
        lambda t: -0.4 * t,
    ),
    "step that comes too late": (
        step_current,
        {"amplitude": 0.4, "start": 50.0, "stop": 60.0},
        lambda t: 0.0,
    ),
    "pulses": (
        pulse_train_current,
        {"amplitude": 0.7, "width": 2.2, "period": 7.15, "start": 1.3},
        lambda t: 0.7 * sum(np.clip(t - onset, 0, 2.2) for onset in ONSETS),
    ),
    "pulses that touch": (
        pulse_train_current,
        {"amplitude": 0.7, "width": 3.3, "period": 3.3},
        lambda t: 0.7 * t,
    ),
    "ramp": (
        ramp_current,
        {"first": -0.2, "last": 0.5, "start": 3.3, "stop": 21.7},
        charge_of_ramp,
    ),
    "sine": (
        sine_current,
        {"amplitude": 0.3, "frequency": 35.0, "mean": 0.1, "phase": 0.7},
        charge_of_sine,
    ),
    "sine of zero frequency": (
        sine_current,
        {"amplitude": 0.3, "frequency": 0.0, "phase": np.pi / 2},
        lambda t: 0.3 * t,
    ),
    "spikes, at once": (
        spike_train_current,
        {"spike_times": ARRIVALS, "charge": 1.5},
        lambda t: 1.5 * np.sum(np.array(ARRIVALS) < t - 1e-9),
    ),
    "spikes, decaying": (
        spike_train_current,
        {"spike_times": ARRIVALS, "charge": -1.5, "tau_s": 3.0},
        lambda t: 1.5 * np.sum(np.expm1(-np.clip(t - np.array(ARRIVALS), 0, None) / 3.0)),
    ),
}


def delivered(I):
    """Charge delivered by the start of each sample (pC), by the definition of a `Current`."""
    return I.dt * np.concatenate([[0.0], np.cumsum(I.values[:-1])])


@each("dt", STEPS)
@each("name", INPUTS)
def test_charge_is_that_of_the_waveform_at_every_step(name, dt):
    make, arguments, charge = INPUTS[name]
    I = make(**arguments, duration=T, dt=dt)
    np.testing.assert_allclose(delivered(I), [charge(t) for t in I.t], rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", INPUTS)
def test_the_last_sample_goes_on_with_the_waveform(name):
    make, arguments, charge = INPUTS[name]
    I = make(**arguments, duration=T, dt=0.5)
    onward = (charge(T + 0.5) - charge(T)) / 0.5
    assert I.values[-1] == pytest.approx(onward, abs=1e-10)


@pytest.mark.parametrize("dt", STEPS)
def test_samples_start_at_whole_steps_from_0_to_the_end(dt):
    I = constant_current(0.4, duration=T, dt=dt)
    assert I.t[0] == 0.0 and I.duration == pytest.approx(T, rel=1e-15)
    assert I.t[-1] == pytest.approx(T, rel=1e-15)
    np.testing.assert_allclose(np.diff(I.t), dt, rtol=1e-11)
    assert I.t.shape == I.values.shape


@pytest.mark.parametrize("dt", [0.1, 0.3, 0.7, 1 / 3, 0.025])
def test_an_edge_on_a_time_step_leaves_no_partial_sample(dt):
    times = {"duration": 60 * dt, "dt": dt}
    step = step_current(0.4, start=7 * dt, stop=33 * dt, **times)
    assert set(step.values) == {0.0, 0.4} and np.sum(step.values == 0.4) == 26
    pulses = pulse_train_current(0.4, width=3 * dt, period=7 * dt, start=dt, **times)
    assert set(pulses.values) == {0.0, 0.4}


def test_an_edge_within_a_time_step_leaves_its_share_there():
    I = step_current(0.8, start=1.25, stop=2.5, duration=4.0, dt=1.0)
    np.testing.assert_allclose(I.values, [0.0, 0.6, 0.4, 0.0, 0.0], rtol=1e-14)


@given(spike_times=st.lists(st.floats(0.0, 20.0), max_size=8), dt=st.sampled_from(STEPS))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_each_spike_brings_its_charge_however_it_decays(spike_times, dt):
    for tau_s in (0.0, 1e-3, 0.5):
        I = spike_train_current(spike_times, 0.3, tau_s=tau_s, duration=T, dt=dt)
        assert delivered(I)[-1] == pytest.approx(0.3 * len(spike_times), rel=1e-9, abs=1e-12)


def test_spikes_may_come_in_any_order_and_add_up():
    times, rest = [3.0, 17.5, 3.0, 9.2], {"duration": T, "dt": 0.1}
    for tau_s in (0.0, 2.0):
        together = spike_train_current(times, 0.3, tau_s=tau_s, **rest)
        apart = [spike_train_current([t], 0.3, tau_s=tau_s, **rest).values for t in times]
        np.testing.assert_allclose(together.values, sum(apart), rtol=1e-12, atol=1e-15)


def test_synaptic_current_decays_exponentially():
    I = spike_train_current([2.0], 0.6, tau_s=4.0, duration=T, dt=0.1)
    after = I.values[20:]
    assert np.all(I.values[:20] == 0.0)
    np.testing.assert_allclose(after[1:] / after[:-1], np.exp(-0.1 / 4.0), rtol=1e-12)
    assert after[0] == pytest.approx(0.6 / 4.0, rel=0.02)  # q / tau_s at its peak


def test_a_population_of_currents_has_one_row_per_neuron():
    some, times = np.array([0.1, -0.2, 0.3]), {"duration": 4.0, "dt": 0.5}
    calls = [
        lambda x: constant_current(x, **times),
        lambda x: step_current(x, start=1.1, stop=3.0, **times),
        lambda x: pulse_train_current(x, width=0.3, period=1.1, **times),
        lambda x: ramp_current(x, 0.5, start=1.0, stop=2.0, **times),
        lambda x: ramp_current(0.5, x, start=1.0, stop=2.0, **times),
        lambda x: sine_current(x, frequency=200.0, **times),
        lambda x: sine_current(0.5, mean=x, frequency=200.0, **times),
    ]
    for call in calls:
        rows = [call(float(x)).values for x in some]
        np.testing.assert_array_equal(call(some).values, rows)
        np.testing.assert_array_equal(call(some[:, None]).values, np.array(rows)[:, None])


def test_largest_is_each_neurons_largest_value():
    waves = sine_current([0.1, 0.3], frequency=100.0, mean=[[0.0], [1.0]], duration=10.0, dt=0.1)
    assert waves.largest.shape == (2, 2)
    np.testing.assert_array_equal(waves.largest, np.max(waves.values, axis=-1))
    np.testing.assert_array_equal(constant_current([-1, 2], duration=9, dt=1).largest, [-1, 2])


def test_a_constant_current_takes_no_memory_over_time():
    I = constant_current(np.arange(4.0), duration=1e8, dt=1.0)
    assert I.values.shape == (4, 10**8 + 1)
    assert I.values.strides[-1] == 0 and I.values[3, -1] == 3.0


# Arithmetic and immutability

STEP = step_current(0.4, start=1.0, stop=3.0, duration=4.0, dt=0.5)
SINE = sine_current(0.2, frequency=100.0, duration=4.0, dt=0.5)


def test_currents_add_and_scale_sample_by_sample():
    np.testing.assert_array_equal((STEP + 0.5 * SINE).values, STEP.values + 0.5 * SINE.values)
    np.testing.assert_array_equal((0.1 + STEP).values, STEP.values + 0.1)
    np.testing.assert_array_equal((STEP + SINE).values, (SINE + STEP).values)
    np.testing.assert_array_equal((STEP * -2).values, (-2 * STEP).values)
    np.testing.assert_array_equal(sum([STEP, SINE]).values, (STEP + SINE).values)
    assert (STEP + SINE).dt == 0.5 and (2 * STEP).dt == 0.5


class Series:
    """A row of pandas, which multiplies element by element whoever has no higher priority."""

    def __init__(self, values):
        self.values = np.array(values)

    def __array__(self, dtype=None, copy=None):
        return self.values

    def __mul__(self, other):
        if getattr(other, "__pandas_priority__", 0) > 4000:  # as pandas asks, whose highest it is
            return NotImplemented
        return [value * other for value in self.values]


def test_a_row_of_pandas_scales_sample_by_sample():
    assert Series(STEP.values) * STEP == STEP * STEP.values


@pytest.mark.parametrize("factor", [2.0, np.float64(2.0), np.array([[1.0], [2.0]])])
def test_numbers_and_arrays_of_numpy_scale_from_either_side(factor):
    for product in (factor * STEP, STEP * factor):
        assert isinstance(product, Current)
        np.testing.assert_array_equal(product.values, STEP.values * factor)
    for total in (factor + STEP, STEP + factor):
        np.testing.assert_array_equal(total.values, STEP.values + factor)


@pytest.mark.parametrize(
    "other",
    [
        step_current(0.4, start=1.0, stop=3.0, duration=4.0, dt=0.25),
        step_current(0.4, start=1.0, stop=3.0, duration=4.5, dt=0.5),
    ],
)
def test_currents_add_only_on_the_same_steps(other):
    with pytest.raises(ValueError, match=r"same time steps: dt = 0.5 ms and .* duration = 4 ms"):
        STEP + other


def test_populations_of_different_sizes_do_not_add():
    with pytest.raises(ValueError, match="broadcast"):
        STEP * np.ones((2, 1)) + STEP * np.ones((3, 1))


def test_a_sum_that_is_no_current_is_refused():
    with pytest.raises(ValueError, match=r"values = nan nA: the current must be finite"):
        STEP * np.nan
    with pytest.raises(ValueError, match=r"values = nan nA: the current must be finite"):
        STEP * np.inf  # of which 0 nA have no share
    with pytest.raises(ValueError, match=r"values = inf nA: the current must be finite"):
        (1e90 * STEP) * 1e300
    with pytest.raises(ValueError, match=r"values = inf nA: the current must be finite"):
        STEP + np.inf
    with pytest.raises(TypeError):
        STEP * SINE


def through_pickle(I):
    return pickle.loads(pickle.dumps(I))


@each("passed_on", [lambda x: x, copy.copy, copy.deepcopy, through_pickle])
@each("name", INPUTS)
def test_a_current_is_unchangeable_also_in_a_copy(name, passed_on):
    make, arguments, _ = INPUTS[name]
    original = make(**arguments, duration=T, dt=0.5)
    I = passed_on(original)
    np.testing.assert_array_equal(I.values, original.values)
    assert I.dt == original.dt
    for array in (I.values, I.t):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
    with pytest.raises(FrozenInstanceError):
        I.dt = 1.0


def test_the_callers_array_is_neither_kept_nor_locked():
    mine = np.array([0.0, 0.4, 0.4])
    I, constant = Current(mine, dt=0.5), constant_current(mine, duration=1.0, dt=0.5)
    mine[0] = 9.0
    assert I.values[0] == 0.0 and constant.values[0, 0] == 0.0


# Noise: seeds are fixed, so each bound of four standard errors is passed for good.

TAU, SIGMA = 5.0, 0.2


@pytest.mark.parametrize("dt", [0.1, 0.5, 2.0])
def test_ou_noise_has_its_mean_spread_and_correlation_whatever_the_step(dt):
    duration = 40_000.0
    I = ou_current(0.3, SIGMA, tau=TAU, duration=duration, dt=dt, seed=7)
    x = (I.values - 0.3) / SIGMA
    independent = duration / (2 * TAU)  # draws that would tell as much about the mean
    assert abs(x.mean()) < 4 / np.sqrt(independent)
    assert abs(x.var() - 1) < 4 * np.sqrt(2 / independent)
    for lag in (2.0, 4.0, 10.0):
        k = round(lag / dt)
        assert np.mean(x[k:] * x[:-k]) == pytest.approx(np.exp(-lag / TAU), abs=0.06)


def test_ou_noise_starts_in_its_stationary_state():
    ends = [
        ou_current(0.3, SIGMA, tau=TAU, duration=20.0, dt=0.5, seed=seed).values[[0, -1]]
        for seed in range(2000)
    ]
    np.testing.assert_allclose(np.std(ends, axis=0), SIGMA, rtol=4 / np.sqrt(2 * 2000))
    np.testing.assert_allclose(np.mean(ends, axis=0), 0.3, atol=4 * SIGMA / np.sqrt(2000))


@pytest.mark.parametrize("dt", [0.05, 0.2, 1.0])
def test_white_noise_shakes_the_membrane_as_theory_says_whatever_the_step(dt):
    lif = LIF(tau_m=10.0, R=50.0, theta=1000.0)
    I = white_noise_current(0.2, 0.4, duration=40_000.0, dt=dt, seed=3)
    u = simulate(lif, I).u[round(100 / dt) :]
    independent = 40_000.0 / (2 * lif.tau_m)
    expected = lif.R * 0.4 / np.sqrt(2 * lif.tau_m)
    assert np.std(u) == pytest.approx(expected, rel=4 / np.sqrt(2 * independent))
    assert np.mean(u) == pytest.approx(-65 + 50 * 0.2, abs=4 * expected / np.sqrt(independent))


@pytest.mark.parametrize("dt", [0.05, 1.0])
def test_white_noise_brings_charge_with_variance_in_proportion_to_time(dt):
    I = white_noise_current(0.0, 0.4, duration=20_000.0, dt=dt, seed=4)
    charges = np.diff(delivered(I)[:: round(10 / dt)])
    assert np.var(charges) == pytest.approx(0.4**2 * 10, rel=4 * np.sqrt(2 / charges.size))


@pytest.mark.parametrize(
    "noise",
    [
        lambda seed: ou_current(0.3, 0.1, tau=5.0, duration=50.0, dt=0.1, seed=seed),
        lambda seed: white_noise_current(0.3, 0.1, duration=50.0, dt=0.1, seed=seed),
    ],
    ids=["ou", "white"],
)
def test_same_seed_same_noise(noise):
    np.testing.assert_array_equal(noise(1).values, noise(1).values)
    np.testing.assert_array_equal(noise(1).values, noise(np.random.default_rng(1)).values)
    assert abs(np.corrcoef(noise(1).values, noise(2).values)[0, 1]) < 0.5
    generator = np.random.default_rng(1)
    assert np.any(noise(generator).values != noise(generator).values)


def test_noise_without_strength_is_constant():
    times = {"duration": 5.0, "dt": 0.5, "seed": 1}
    assert set(white_noise_current(0.3, 0.0, **times).values) == {0.3}
    assert set(ou_current(0.3, 0.0, tau=2.0, **times).values) == {0.3}


# The explorers' own generator

DRAWS, EVEN = np.empty((2, 20, 10_000))
for seed in range(20):
    normal_draws(DRAWS[seed], seed)
    uniform_draws(EVEN[seed], 1.0, first_state(seed))


def test_draws_are_standard_normal():
    n = DRAWS.size
    assert abs(DRAWS.mean()) < 4 / np.sqrt(n)
    assert abs(DRAWS.var() - 1) < 4 * np.sqrt(2 / n)
    assert abs(stats.skew(DRAWS, axis=None)) < 4 * np.sqrt(6 / n)
    assert abs(stats.kurtosis(DRAWS, axis=None)) < 4 * np.sqrt(24 / n)
    assert stats.kstest(DRAWS.ravel(), "norm").pvalue > 0.01


def test_uniform_draws_are_spread_evenly_with_standard_deviation_one():
    assert abs(EVEN.var() - 1) < 4 * np.sqrt(0.8 / EVEN.size)  # the kurtosis is 1.8
    assert stats.kstest(EVEN.ravel(), "uniform", args=(-np.sqrt(3), np.sqrt(12))).pvalue > 0.01


@pytest.mark.parametrize("draws", [DRAWS, EVEN], ids=["normal", "uniform"])
def test_draws_are_independent_within_and_between_seeds(draws):
    for lag in range(1, 6):
        assert abs(np.mean(draws[:, lag:] * draws[:, :-lag])) < 4 / np.sqrt(draws.size)
    between = np.corrcoef(draws)[np.triu_indices(len(draws), 1)]
    assert np.max(np.abs(between)) < 5 / np.sqrt(draws.shape[1])
    assert abs(np.corrcoef(draws[:-1, 0], draws[1:, 0])[0, 1]) < 4 / np.sqrt(len(draws))


def test_the_generator_is_that_of_park_and_miller():
    state = 1.0
    for _ in range(10_000):
        state = park_miller(state)
    assert state == 1043618065.0  # as their paper says


@given(seed=st.integers(0, 5_000_000), n=st.integers(0, 50))
@settings(derandomize=True, deadline=None, max_examples=30)
def test_draws_are_the_same_in_every_engine(seed, n):
    state, _ = assert_engines_agree(first_state, seed)
    runs = (normal_draws, np.zeros(n), seed), (uniform_draws, np.zeros(n), 0.2, state)
    for run in runs:
        _, (draws,) = assert_engines_agree(*run)
        assert np.all(np.isfinite(draws))


@given(
    draws=st.lists(st.floats(-5, 5), min_size=1, max_size=30).map(np.array),
    sigma=st.floats(0, 1),
    tau=st.floats(0.1, 50),
    dt=st.floats(0.01, 2),
)
@settings(derandomize=True, deadline=None, max_examples=30)
def test_ou_noise_and_decay_are_the_same_in_every_engine(draws, sigma, tau, dt):
    assert_engines_agree(ou_noise, draws, sigma, tau, dt)
    assert_engines_agree(decay, draws, float(np.exp(-dt / tau)))


# What is refused: each argument of each function, with a value out of its range.

GOOD = {
    Current: {"values": [0.0, 0.4], "dt": 0.5},
    constant_current: {"amplitude": 0.4},
    step_current: {"amplitude": 0.4, "start": 1.0, "stop": 3.0},
    pulse_train_current: {"amplitude": 0.4, "width": 1.0, "period": 2.0, "start": 0.0},
    ramp_current: {"first": 0.0, "last": 0.4, "start": 1.0, "stop": 3.0},
    sine_current: {"amplitude": 0.4, "frequency": 5.0, "mean": 0.0, "phase": 0.0},
    white_noise_current: {"mean": 0.3, "intensity": 0.1, "seed": 1},
    ou_current: {"mean": 0.3, "sigma": 0.1, "tau": 5.0, "seed": 1},
    spike_train_current: {"spike_times": [1.0], "charge": 0.3, "tau_s": 2.0},
}
for make, arguments in GOOD.items():
    if make is not Current:
        arguments |= {"duration": 4.0, "dt": 0.5}

UNITS = {
    "nA": {"values", "amplitude", "first", "last", "mean", "sigma"},
    "ms": {"dt", "duration", "start", "stop", "width", "period", "tau", "tau_s", "spike_times"},
    "Hz": {"frequency"},
    "rad": {"phase"},
    "nA·√ms": {"intensity"},
    "pC": {"charge"},
}
UNIT = {name: unit for unit, names in UNITS.items() for name in names}
ARGUMENTS = [(make, name) for make in GOOD for name in GOOD[make] if name != "seed"]
ARRAYS = {"values", "amplitude", "first", "last", "spike_times"}
PER_NEURON = {x for x in ARGUMENTS if x[1] in ARRAYS} | {(sine_current, "mean")}


def refusal(make, **wrong):
    with pytest.raises(ValueError) as refused:
        make(**GOOD[make] | wrong)
    return str(refused.value)


@each("make, name", ARGUMENTS)
@each("value", ["10", None, True, 1j, [1.0, [2.0, 3.0]]])
def test_what_is_no_number_is_refused(make, name, value):
    message = refusal(make, **{name: value})
    assert message.startswith(f"{name} = {value!r}: the ")
    assert f"in {UNIT[name]}, finite" in message


@each("make, name", ARGUMENTS)
@each("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(make, name, value):
    message = refusal(make, **{name: value})
    assert message.startswith(f"{name} = {value} {UNIT[name]}: the ")
    assert "must be finite" in message


@each("make, name", [x for x in ARGUMENTS if x not in PER_NEURON])
def test_an_array_in_place_of_one_number_is_refused(make, name):
    message = refusal(make, **{name: [5.0, 6.0]})
    assert message.startswith(f"{name} has shape (2,): the ")
    assert message.endswith(f"must be one number, in {UNIT[name]}")


OUT_OF_RANGE = [
    (step_current, "start", -1.0, "finite and ≥ 0 ms"),
    (step_current, "stop", 0.5, "finite and ≥ 1 ms"),
    (ramp_current, "start", -1.0, "finite and ≥ 0 ms"),
    (ramp_current, "stop", 1.0, "finite and > 1 ms"),
    (pulse_train_current, "width", 0.0, "finite and > 0 ms"),
    (pulse_train_current, "period", 0.5, "finite and ≥ 1 ms"),
    (pulse_train_current, "start", -1.0, "finite and ≥ 0 ms"),
    (sine_current, "frequency", -1.0, "finite and ≥ 0 Hz"),
    (white_noise_current, "intensity", -1.0, "finite and ≥ 0 nA·√ms"),
    (ou_current, "sigma", -1.0, "finite and ≥ 0 nA"),
    (ou_current, "tau", 0.0, "finite and > 0 ms"),
    (spike_train_current, "tau_s", -1.0, "finite and ≥ 0 ms"),
    (spike_train_current, "spike_times", -2.0, "finite and ≥ 0 ms"),
    (spike_train_current, "spike_times", 4.1, "≤ duration = 4 ms"),
]
for make in GOOD:
    OUT_OF_RANGE.append((make, "dt", 0.0, "finite and > 0 ms"))
    OUT_OF_RANGE.append((make, "dt", -0.1, "finite and > 0 ms"))
    if make is not Current:
        whole = "a whole number of time steps of dt = 0.5 ms"
        OUT_OF_RANGE.append((make, "duration", 0.1, "finite and ≥ 0.5 ms"))
        OUT_OF_RANGE.append((make, "duration", 4.2, whole))


@each("make, name, value, allowed", OUT_OF_RANGE)
def test_what_is_out_of_range_is_refused(make, name, value, allowed):
    message = refusal(make, **{name: value})
    assert message.startswith(f"{name} = {value:g} {UNIT[name]}: the ")
    assert message.endswith(f" must be {allowed}")


@pytest.mark.parametrize(
    "make, one, other", [(ramp_current, "first", "last"), (sine_current, "amplitude", "mean")]
)
def test_shapes_that_do_not_fit_are_named(make, one, other):
    message = refusal(make, **{one: [0.0, 1.0], other: [0.0, 1.0, 2.0]})
    assert message.endswith(f"got {one} (2,), {other} (3,)")


@pytest.mark.parametrize("values", [0.4, [0.4], [[0.4], [0.4]], []], ids=repr)
def test_fewer_than_two_samples_are_refused(values):
    message = refusal(Current, values=values)
    assert message.startswith(f"values has shape {np.shape(values)}: a current must have at least")


@pytest.mark.parametrize("make", [white_noise_current, ou_current])
@pytest.mark.parametrize("seed", [None, -1, 1.5, "1", True], ids=repr)
def test_what_is_no_seed_is_refused(make, seed):
    message = refusal(make, seed=seed)
    assert message.startswith(f"seed = {seed!r}: the seed must be an integer ≥ 0")


@pytest.mark.parametrize("time_constant", [0.5, [10.0, 0.5]])
def test_a_step_may_be_as_long_as_a_time_constant_and_no_longer(time_constant):
    require_step(0.5, "tau_m", time_constant)
    with pytest.raises(ValueError, match=r"dt = 0\.6 ms: .* must be ≤ tau_m = 0\.5 ms"):
        require_step(0.6, "tau_m", time_constant)


def test_what_is_no_current_is_refused_by_its_type():
    with pytest.raises(TypeError, match="must be a Current, as step_current gives, not list"):
        require_current([0.1, 0.2])
