"""Spike trains: intervals, rate, variation and coincidences are what their definitions say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from neuro_lib import LIF, constant_current, simulate
from neuro_lib.analysis.spikes import (
    best_delay,
    coincidence_factor,
    coincidences,
    count_error,
    fano_factor,
    interval_cv,
    intervals,
    mean_rate,
)
from neuro_lib.inputs.trains import poisson_train as drawn_train

quick = settings(derandomize=True, deadline=None, max_examples=100)

# Half milliseconds, so that a distance of exactly the window occurs and is exact
TRAINS = st.lists(st.integers(0, 199), max_size=25, unique=True).map(
    lambda k: np.sort(np.array(k, dtype=float)) / 2
)


def poisson_train(rate, duration, rng):
    """Firing times of a Poisson process of so many Hz (ms)."""
    return np.sort(rng.uniform(0, duration, rng.poisson(rate * duration / 1000.0)))


def test_intervals_and_rate_of_a_regular_train_are_those_of_the_closed_form():
    lif, I = LIF(t_ref=2.0), constant_current(0.5, duration=5000.0, dt=1.0)
    spikes = simulate(lif, I).spike_times
    np.testing.assert_allclose(intervals(spikes), 1000.0 / lif.firing_rate(0.5), rtol=1e-9)
    assert mean_rate(spikes, duration=5000.0) == pytest.approx(lif.firing_rate(0.5), abs=0.2)
    assert mean_rate(spikes, duration=5000.0) == pytest.approx(simulate(lif, I).rate, rel=1e-15)
    assert interval_cv(spikes) == pytest.approx(0.0, abs=1e-9)


def test_rate_counts_spikes_per_second():
    assert mean_rate([1.0, 2.0, 3.0], duration=1000.0) == 3.0
    assert mean_rate([], duration=10.0) == 0.0


def test_variation_of_alternating_intervals_is_a_half_and_of_a_poisson_train_one():
    assert interval_cv(np.cumsum([0.0] + [10.0, 30.0] * 50)) == pytest.approx(0.5, rel=1e-12)
    train = poisson_train(50.0, 400_000.0, np.random.default_rng(0))
    assert interval_cv(train) == pytest.approx(1.0, abs=0.02)


@given(one=TRAINS, factor=st.floats(0.1, 10))
@quick
def test_variation_has_no_unit(one, factor):
    if one.size > 2:
        assert interval_cv(factor * one) == pytest.approx(interval_cv(one), rel=1e-9)


@given(one=TRAINS, other=TRAINS, window=st.sampled_from([0.0, 0.5, 1.0, 2.0, 7.0]))
@quick
def test_coincidences_are_the_best_of_all_pairings(one, other, window):
    close = np.abs(one[:, None] - other[None, :]) <= window
    best = close[linear_sum_assignment(close, maximize=True)].sum()
    assert coincidences(one, other, window=window) == best
    assert coincidences(other, one, window=window) == best


def test_a_burst_around_one_spike_coincides_once():
    assert coincidences([9.0, 10.0, 11.0], [10.0]) == 1
    assert coincidences([8.0], [10.0]) == 1 and coincidences([7.99], [10.0]) == 0


@given(k=st.integers(0, 5000), steps=st.integers(1, 40), dt=st.sampled_from([0.1, 0.3, 0.05, 0.7]))
@quick
def test_spikes_on_a_grid_coincide_if_they_are_a_window_apart(k, steps, dt):
    one, other = [k * dt], [(k + steps) * dt]
    assert coincidences(one, other, window=steps * dt) == 1
    assert coincidences(one, other, window=(steps - 1) * dt) == 0


@given(train=TRAINS)
@quick
def test_a_train_predicts_itself_perfectly(train):
    if train.size:
        factor = coincidence_factor(train, train, duration=200.0)
        assert factor == pytest.approx(1.0, abs=1e-14)


@given(one=TRAINS, other=TRAINS, window=st.sampled_from([0.25, 1.0, 2.0]))
@quick
def test_the_factor_is_at_most_one(one, other, window):
    if one.size + other.size:
        assert coincidence_factor(one, other, duration=200.0, window=window) <= 1.0


def test_the_factor_by_hand():
    # 4 of 5 in time, within 2 ms, in 1 s: chance 2 · 0.004 per ms · 2 ms · 5 = 0.08
    reference = [100.0, 300.0, 500.0, 700.0, 900.0]
    predicted = [101.0, 299.0, 502.0, 720.0]
    expected = (3 - 0.08) / 4.5 / (1 - 0.016)
    factor = coincidence_factor(predicted, reference, duration=1000.0)
    assert factor == pytest.approx(expected, rel=1e-14)
    # The other way round the chance is that of five spikes: 2 · 0.005 · 2 · 4 = 0.08 as well,
    swapped = coincidence_factor(reference, predicted, duration=1000.0)
    assert swapped == pytest.approx((3 - 0.08) / 4.5 / (1 - 0.02), rel=1e-14)


def test_a_train_without_coincidences_scores_below_zero():
    assert coincidence_factor([50.0], [10.0, 20.0], duration=100.0) == pytest.approx(
        -0.08 / 1.5 / 0.96
    )
    assert coincidence_factor([], [10.0], duration=100.0) == 0.0
    assert coincidence_factor([10.0], [], duration=100.0) == 0.0


@pytest.mark.parametrize("rate", [5.0, 20.0])
def test_chance_scores_zero(rate):
    rng = np.random.default_rng(1)
    reference = simulate(LIF(), constant_current(0.31, duration=2000.0, dt=1.0)).spike_times
    scores = [
        coincidence_factor(poisson_train(rate, 2000.0, rng), reference, duration=2000.0)
        for _ in range(800)
    ]
    # Pairs are one to one, so a Poisson train scores a little less than first order says.
    second_order = rate / 1000.0 * 2.0 * np.mean(reference.size > 0)
    assert -second_order < np.mean(scores) < 3 * np.std(scores) / 28


def test_jitter_lowers_the_factor_as_spikes_leave_the_window():
    rng = np.random.default_rng(2)
    reference = np.arange(50.0, 100_000.0, 100.0)
    jittered = reference + rng.uniform(-8, 8, reference.size)
    factor = coincidence_factor(jittered, reference, duration=100_000.0)
    chance = 2 * 2.0 * reference.size / 100_000.0
    assert factor == pytest.approx((0.25 - chance) / (1 - chance), abs=0.03)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: intervals([3.0, 2.0]), "spike_times[1] = 2 ms: firing times must increase"),
        (lambda: intervals([3.0, 3.0]), "spike_times[1] = 3 ms: firing times must increase"),
        (lambda: intervals([[1.0, 2.0]]), "spike_times has shape (1, 2): a spike train is"),
        (lambda: intervals(3.0), "spike_times has shape (): a spike train is"),
        (lambda: intervals([np.nan]), "spike_times = nan ms: the firing times must be finite"),
        (lambda: intervals([-1.0]), "spike_times = -1 ms: the firing times must be finite and ≥"),
        (lambda: interval_cv([1.0, 2.0]), "spike_times has 2 spikes: a coefficient of variation"),
        (lambda: mean_rate([1.0], duration=0.0), "duration = 0 ms: the time that was watched"),
        (
            lambda: mean_rate([1.0], duration=[1.0]),
            "duration has shape (1,): the time that was watched must be one",
        ),
        (lambda: mean_rate([5.0], duration=4.0), "spike_times = 5 ms: firing times must be ≤"),
        (lambda: coincidences([1.0], ["a"]), "reference = ['a']: the firing times must be"),
        (lambda: coincidences([], [], window=-1.0), "window = -1 ms: the coincidence window"),
        (
            lambda: coincidence_factor([], [], duration=9.0),
            "spike_times and reference are both empty",
        ),
        (
            lambda: coincidence_factor([1.0, 2.0], [1.0], duration=8.0),
            "window = 2 ms: the coincidence window must be < duration / (2 n) = 2 ms",
        ),
        (
            lambda: coincidence_factor([1.0], [1.0], duration=8.0, window=0.0),
            "window = 0 ms: the coincidence window must be finite and > 0 ms",
        ),
        (
            lambda: coincidence_factor([1.0], [9.0], duration=8.0),
            "reference = 9 ms: firing times must be ≤ duration = 8 ms",
        ),
    ],
)
def test_what_is_no_spike_train_is_refused(call, message):
    with pytest.raises(ValueError) as refused:
        call()
    assert str(refused.value).startswith(message)


# The Fano factor


def test_a_clock_has_a_fano_factor_of_zero():
    clock = np.arange(5.0, 1000.0, 10.0)
    assert fano_factor(clock, duration=1000.0, window=50.0) == 0.0


def test_a_poisson_process_has_a_fano_factor_of_one():
    train = drawn_train(50.0, duration=1e6, seed=1)
    for window in (10.0, 100.0, 1000.0):
        assert fano_factor(train, duration=1e6, window=window) == pytest.approx(1.0, abs=0.1)


def test_the_fano_factor_is_variance_over_mean_of_the_counts():
    train = drawn_train(30.0, duration=950.0, seed=2)
    counts = [np.sum((train >= t) & (train < t + 100.0)) for t in np.arange(0.0, 900.0, 100.0)]
    expected = np.var(counts) / np.mean(counts)  # what is left of 950 ms is left out
    assert fano_factor(train, duration=950.0, window=100.0) == pytest.approx(expected)


def test_rounding_moves_no_spike_into_another_window():
    # 0.3 is the start of the fourth window of 0.1, whose edge is 0.30000000000000004.
    assert fano_factor([0.3, 0.35], duration=0.5, window=0.1) == pytest.approx(4 / 2 - 2 / 5)
    assert fano_factor([0.1 + 0.2], duration=0.3, window=0.1) == pytest.approx(1 - 1 / 3)


def test_any_number_of_windows_is_counted_at_once():
    for duration, window in ((1e12, 1e-3), (9e99, 1e-300)):
        factor = fano_factor([1.0, 1.0 + 1e-9, 5.0], duration=duration, window=window)
        assert factor == pytest.approx(5 / 3 if window == 1e-3 else 1.0)


def test_in_long_windows_a_renewal_process_has_the_fano_factor_of_its_intervals():
    """Cox: it goes to the square of the coefficient of variation."""
    gaps = np.random.default_rng(3).gamma(4.0, 5.0, size=50_000)
    train = np.cumsum(gaps)
    factor = fano_factor(train, duration=train[-1], window=2000.0)
    assert factor == pytest.approx(interval_cv(train) ** 2, rel=0.15)


def test_windows_that_do_not_fit_or_hold_no_spike_are_refused():
    with pytest.raises(ValueError, match=r"window = 60 ms: .* must be ≤ duration / 2 = 50 ms"):
        fano_factor([1.0], duration=100.0, window=60.0)
    with pytest.raises(ValueError, match="no spikes in the windows"):
        fano_factor([], duration=100.0, window=10.0)
    with pytest.raises(ValueError, match="no spikes in the windows"):
        fano_factor([99.0], duration=100.0, window=40.0)


# The delay


@given(TRAINS, st.integers(0, 16), st.integers(0, 8))
@quick
def test_no_delay_on_a_fine_grid_pairs_more(reference, later, window):
    """Pairs within the window, each spike in as many as it has partners."""
    train, longest, window = reference + later / 4, 4.0, window / 4
    found = best_delay(reference, train, longest=longest, window=window)
    assert 0.0 <= found <= longest

    def pairs(delay):
        late = np.subtract.outer(train, reference) - delay
        return np.sum(np.abs(late) <= window)

    between = np.arange(0.0625, longest, 0.125)  # at the others a pair enters or leaves
    assert pairs(found) >= max(pairs(delay) for delay in between)


def test_a_train_that_was_shifted_is_shifted_back():
    train = np.sort(np.random.default_rng(4).uniform(0.0, 5000.0, 100))
    for delay in (0.0, 1.3, 3.9):
        found = best_delay(train, train + delay, longest=4.0, window=0.3)
        assert found == pytest.approx(delay, abs=0.3)
        score = coincidence_factor(train, train + delay, duration=5010.0, window=0.5, delay=found)
        assert score == 1.0
    assert best_delay([], train, longest=4.0) == best_delay(train, [], longest=4.0) == 0.0


# The number of spikes so far


@given(TRAINS, TRAINS.filter(len))
@quick
def test_the_count_error_is_the_integral_of_its_definition(one, other):
    t = np.arange(0.125, 100.0, 0.25)  # between two times at which a count can change
    ahead = np.searchsorted(one, t, side="right") - np.searchsorted(other, t, side="right")
    expected = np.abs(ahead).mean() / len(other)
    assert count_error(one, other, duration=100.0) == pytest.approx(expected)


def test_a_count_error_needs_a_reference():
    with pytest.raises(ValueError, match="reference is empty: there is nothing to compare with"):
        count_error([1.0], [], duration=10.0)
