"""A fit finds the neuron that made a spike train, and tells a better model from a worse."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from neuro_lib import (
    LIF,
    FilteredLIF,
    HodgkinHuxley,
    coincidence_factor,
    constant_current,
    ou_current,
    simulate,
    step_current,
)
from neuro_lib.analysis.fit import RANGES, fit_counts, fit_spikes

REFERENCE = HodgkinHuxley()
START = {"u_rest": -72.0, "u_r": -72.0}


def noise(seed, duration=10_000.0):
    return ou_current(0.1, 0.2, tau=10.0, duration=duration, dt=0.5, seed=seed)


@cache
def reference(seed):
    """Spike times of the reference neuron under noise."""
    return simulate(REFERENCE, noise(seed)).spike_times


def score(model, seed, window=2.0):
    """Coincidence factor with the reference neuron under noise."""
    I = noise(seed)
    predicted = simulate(model, I).spike_times
    return coincidence_factor(predicted, reference(seed), duration=I.duration, window=window)


@pytest.fixture(scope="module")
def fitted():
    """LIF and FilteredLIF fitted to the reference neuron under the same noise."""
    I, spikes = noise(1), reference(1)
    return [fit_spikes(model, I, spikes) for model in (LIF(**START), FilteredLIF(**START))]


def test_a_lif_is_found_again_from_its_own_spikes():
    hidden = LIF(tau_m=17.0, R=80.0, u_r=-58.0, t_ref=3.0)
    I = ou_current(0.2, 0.2, tau=5.0, duration=10_000.0, dt=0.5, seed=4)
    spikes = simulate(hidden, I).spike_times
    found = fit_spikes(LIF(), I, spikes, window=0.2, generations=60)
    for name, tolerance in {"tau_m": 0.5, "R": 1.5, "u_r": 1.0, "t_ref": 0.3}.items():
        assert getattr(found, name) == pytest.approx(getattr(hidden, name), abs=tolerance), name
    predicted = simulate(found, I).spike_times
    assert coincidence_factor(predicted, spikes, duration=I.duration, window=0.5) > 0.99


@pytest.mark.slow
def test_filters_predict_the_reference_neuron_better_under_noise_not_seen_before(fitted):
    lif, filtered = ([score(model, seed) for seed in (2, 3)] for model in fitted)
    assert min(lif) > 0.25
    assert np.all(np.array(filtered) > np.array(lif) + 0.1)


@pytest.mark.slow
def test_a_fit_beats_the_model_that_it_starts_from(fitted):
    assert score(fitted[0], 1) > score(LIF(**START), 1) + 0.2


def test_what_is_not_fitted_stays_and_the_rest_is_in_its_range():
    I = noise(5, 2000.0)
    spikes = simulate(REFERENCE, I).spike_times
    start = FilteredLIF(**START, tau_w=70.0)
    ranges = {"R": (100.0, 400.0), "b": (0.0, 0.1)}
    found = fit_spikes(start, I, spikes, ranges=ranges, generations=3)
    assert found != start
    for name, (low, high) in ranges.items():
        assert low <= getattr(found, name) <= high
    assert replace(found, R=start.R, b=start.b) == start
    free = fit_spikes(start, I, spikes, generations=2)
    assert (free.u_rest, free.theta) == (start.u_rest, start.theta)
    for name in RANGES.keys() & free.quantities().keys() - {"u_r"}:
        assert RANGES[name][0] <= getattr(free, name) <= RANGES[name][1]


def test_a_range_is_searched_up_to_its_ends():
    I = constant_current(0.4, duration=2000.0, dt=0.5)
    for hidden in (0.55, 2.95):
        spikes = simulate(LIF(t_ref=hidden), I).spike_times
        found = fit_spikes(LIF(), I, spikes, ranges={"t_ref": (0.5, 3.0)}, generations=10)
        assert found.t_ref == pytest.approx(hidden, abs=0.02)


def test_a_model_that_fires_all_the_time_predicts_nothing():
    I = constant_current(0.4, duration=2000.0, dt=0.5)
    spikes = np.sort(np.random.default_rng(1).uniform(0.0, 2000.0, 40))
    found = fit_spikes(LIF(), I, spikes, ranges={"R": (45.0, 5000.0)}, generations=10)
    assert found.firing_rate(0.4) < 250.0  # where windows of 4 ms fill all the time


def test_the_same_seed_gives_the_same_model():
    I = noise(6, 2000.0)
    spikes = simulate(REFERENCE, I).spike_times
    one, again, other = (
        fit_spikes(LIF(**START), I, spikes, generations=3, seed=seed) for seed in (7, 7, 8)
    )
    assert one == again and one != other


def test_scale_of_the_potentials_leaves_the_spikes_alone():
    lif = LIF(tau_m=17.0, R=80.0, u_rest=-70.0, theta=-50.0, u_r=-60.0, t_ref=2.0)
    doubled = replace(lif, R=160.0, theta=-30.0, u_r=-50.0)
    I = noise(3, 2000.0)
    np.testing.assert_allclose(
        simulate(doubled, I).spike_times, simulate(lif, I).spike_times, rtol=0, atol=1e-9
    )


def test_a_delay_of_the_reference_does_not_spoil_the_fit():
    hidden, I = LIF(tau_m=20.0), ou_current(0.3, 0.2, tau=10.0, duration=4000.0, dt=0.5, seed=1)
    late = simulate(hidden, I).spike_times + 3.0
    late = late[late < I.duration]
    ranges = {"tau_m": (2.0, 100.0)}
    found = fit_spikes(LIF(), I, late, ranges=ranges, window=0.5, delay=4.0, generations=20)
    assert found.tau_m == pytest.approx(20.0, abs=0.3)


def test_counts_find_a_lif_again_from_its_steps():
    hidden = LIF(tau_m=17.0, theta=-52.0, t_ref=6.0)
    I = step_current([0.3, 0.4, 0.6], start=50.0, stop=1050.0, duration=1100.0, dt=1.0)
    trains = simulate(hidden, I).spike_times
    ranges = {"tau_m": (5.0, 50.0), "theta": (-60.0, -45.0), "t_ref": (0.0, 15.0)}
    found = fit_counts(LIF(u_r=-65.0), I, trains, ranges=ranges, generations=40)
    assert simulate(found, I).spike_count.tolist() == [train.size for train in trains]
    assert found.t_ref == pytest.approx(6.0, abs=1.0)


@pytest.mark.parametrize("trains", [[[9.0]], [[9.0], []]])
def test_counts_need_a_train_for_each_current(trains):
    I = step_current([0.3, 0.4], start=5.0, stop=40.0, duration=50.0, dt=1.0)
    with pytest.raises(ValueError, match=r"a train for each of several currents|an empty train"):
        fit_counts(LIF(), I, trains)


I_SHORT = constant_current(0.4, duration=50.0, dt=0.5)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: fit_spikes(LIF(), I_SHORT, []), "spike_times is empty: there is nothing to fit"),
        (lambda: fit_spikes(LIF(), I_SHORT, [60.0]), "spike_times = 60 ms: firing times must be ≤"),
        (
            lambda: fit_spikes(LIF(R=[50.0, 60.0]), I_SHORT, [9.0]),
            "fit_spikes takes one neuron and one current; got shapes (2,) and ()",
        ),
        (
            lambda: fit_spikes(LIF(), I_SHORT, [9.0], ranges={"b": (0.0, 1.0)}),
            "ranges has 'b', which LIF does not have",
        ),
        (
            lambda: fit_spikes(LIF(), I_SHORT, [9.0], ranges={"R": (9.0, 9.0)}),
            "ranges['R'] = 9 to 9 MΩ: the lowest value must be < the highest",
        ),
        (
            lambda: fit_spikes(LIF(), I_SHORT, [9.0], ranges={"tau_m": (-5.0, 2.0)}),
            "ranges reach too far: tau_m = -",
        ),
        (
            lambda: fit_spikes(LIF(), I_SHORT, [9.0], ranges={"tau_m": (1e-5, 2.0)}),
            "ranges reach too far: dt = 0.5 ms: the time step of the current must be ≤ tau_m = ",
        ),
        (
            lambda: fit_spikes(LIF(), I_SHORT, [9.0], window=0.0, generations=1),
            "window = 0 ms: the coincidence window must be finite and > 0 ms",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused(call, message):
    with pytest.raises(ValueError) as refused:
        call()
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("ranges", [0, 5.0, "R", [], [("R", (50.0, 100.0))], np.array([1.0, 2.0])])
def test_ranges_that_are_no_dict_are_refused(ranges):
    with pytest.raises(TypeError, match=r"^ranges must be a dict, not "):
        fit_spikes(LIF(), I_SHORT, [9.0], ranges=ranges)


@pytest.mark.parametrize("trains", [0, 9.0, None, LIF()])
def test_trains_that_are_no_sequence_are_refused(trains):
    with pytest.raises(TypeError, match=r"^spike_times must be a sequence of trains, not "):
        fit_counts(LIF(), I_SHORT, trains)


def test_trains_may_come_one_by_one():
    I = constant_current([0.4, 0.5], duration=50.0, dt=0.5)
    with pytest.raises(ValueError, match="spike_times has an empty train"):
        fit_counts(LIF(), I, iter([[9.0], []]))
