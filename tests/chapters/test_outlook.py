"""What the outlook says, against the network, the score and the predictions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neuro_lib import HodgkinHuxley, coincidence_factor, simulate
from neuro_lib.analysis.prediction import noise_of
from neuro_lib.explorers import explore_competition, explore_network, explore_prediction
from neuro_lib.explorers.scenes.competition import MEAN
from tests.chapters.prose import prints, said, words

CHAPTER = "outlook"


compete = explore_competition().scene


# Ten thousand


def test_the_network_balances_at_g_4_and_answers_as_is_said():
    (balance, more, less) = said(
        CHAPTER,
        r"At \$g\$ = (\d+): (\d+) \$J\$ against (\d+) \$gJ\$",
    )
    assert balance * less == more

    def rate(**values):
        return explore_network(**values).run().mean_E

    first = rate()
    low, high = said(CHAPTER, r"at \$g\$ = (\d) it fires three times as fast as at (\d)")
    assert rate(g=low) / rate(g=high) == pytest.approx(3.0, abs=0.3)
    assert first > rate(g=6.0) > rate(g=8.0) > 0.3 * first  # "gently"
    (near,) = said(CHAPTER, r"the rate stays near (\d+) Hz")
    assert [first, rate(J=1.0)] == pytest.approx([near] * 2, rel=0.2)
    (less,) = said(CHAPTER, r"You take the input down to ([\d.]+)")
    assert 3.0 < rate(drive=less) < first


# Winner take all


def test_without_noise_both_pools_fire_as_copies_and_nobody_wins():
    said(CHAPTER, "Nobody wins: both pools fire, as copies of each other")
    run = compete(sigma=0.0, difference=0.0)
    assert run.last_A == run.last_B > 10.0
    np.testing.assert_array_equal(run.A, run.B)


def test_without_noise_inhibition_alone_silences_the_weaker_pool():
    said(CHAPTER, "Pool B has enough input to fire, too; what silences it is the inhibition")
    alone = compete(sigma=0.0, difference=0.01, w_E=0.0, w_I=0.0)
    assert alone.last_A > alone.last_B > 10.0
    both = compete(sigma=0.0, difference=0.01)
    assert both.last_A > 10.0 and both.last_B == 0.0
    assert compete(sigma=0.0, difference=0.01, trial=7).A.tolist() == both.A.tolist()


def test_without_noise_a_difference_decides_from_the_size_on_that_is_said():
    (most,) = said(CHAPTER, r"Up to ([\d.]+) nA a difference decides nothing here")
    for steps in range(1, 31):
        run = compete(sigma=0.0, difference=0.002 * steps)
        assert (run.decided >= 0.0) == (0.002 * steps > most + 1e-9), run
        assert (run.last_B > 0.0) == (0.002 * steps < most + 1e-9)


def test_either_pool_alone_has_more_than_its_rheobase():
    run = compete(sigma=0.0, difference=0.0, w_E=0.0, w_I=0.0)
    assert run.last_A == run.last_B > 10.0


def test_two_winners_are_none():
    (rate,) = said(CHAPTER, r"Without inhibition both pools run up to some (\d+) Hz")
    run = compete(w_I=0.0)
    assert run.last_A == pytest.approx(rate, abs=2) and run.last_B == pytest.approx(rate, abs=2)
    run = compete(w_E=0.0)
    assert 5.0 < run.last_B < run.last_A < 1.2 * run.last_B


def test_the_first_difference_is_the_share_of_the_mean_that_is_said():
    said(CHAPTER, "input A is 0.01 nA stronger: one thirtieth of the mean")
    assert pytest.approx(1 / 30, rel=0.05) == 0.01 / MEAN


def test_how_often_and_how_soon_the_stronger_input_wins():
    slow, fast = said(CHAPTER, r"four trials in five, after some (\d+) ms, .* after (\d+) ms")
    for difference, share, time in ((0.005, 0.8, slow), (0.04, 1.0, fast)):
        runs = [compete(difference=difference, trial=k) for k in range(1, 51)]
        assert np.mean([run.last_A > run.last_B for run in runs]) == pytest.approx(share, abs=0.04)
        assert np.median([run.decided for run in runs]) == time


# The score


@given(
    reference=st.lists(st.integers(1, 60), min_size=1, max_size=20, unique=True),
    vain=st.lists(st.integers(0, 60), max_size=30, unique=True),
)
def test_chance_cancels_where_every_spike_is_hit(reference, vain):
    reference = 30.0 * np.array(sorted(reference))
    predicted = np.sort(np.concatenate([reference, 30.0 * np.array(vain) + 15.0]))
    score = coincidence_factor(predicted, reference, duration=2000.0)
    assert score == pytest.approx(2 * len(reference) / (len(predicted) + len(reference)))


def test_the_chapter_says_that_chance_cancels_and_what_is_left():
    formula = r"\Gamma = 2 N_\mathrm{ref}/(N_\mathrm{pred} + N_\mathrm{ref})"
    assert words(CHAPTER).count(formula) == 2
    assert "Both lower Γ" not in words(CHAPTER)
    assert prints(CHAPTER, r"two more after each: Γ = ([\d.]+)") == [0.5]


def test_a_clock_finds_what_chance_finds():
    said(CHAPTER, "so finds three of the five spikes; by chance alone it would be two or three")
    reference = np.array([100.0, 303.0, 498.0, 702.0, 898.0])
    clock = np.arange(2.0, 1000.0, 8.0)
    found = np.abs(np.subtract.outer(reference, clock)).min(axis=1) <= 2.0
    assert (len(clock), found.sum()) == (125, 3)
    assert 2 < 2 * 0.125 * 2.0 * 5 < 3
    assert abs(prints(CHAPTER, r"a fast clock: Γ = ([−\d.-]+)")[0]) < 0.05


# The prediction


def score(**values):
    return explore_prediction(**values).run().factor


def test_what_the_prediction_loses_with_each_change():
    full, plain = score(), score(without="all filters (LIF)")
    said(CHAPTER, "The plain LIF scores about three fifths of that")
    assert plain / full == pytest.approx(0.6, abs=0.03)
    said(CHAPTER, "each of the three costs a little more than 0.1")
    costs = (
        plain - score(without="all filters and the leak"),
        full - score(without="refractory time"),
        full - score(without="spike-triggered adaptation"),
    )
    assert all(0.1 < cost < 0.13 for cost in costs)
    said(CHAPTER, "Less than a tenth of it. .* Five millivolts take more than half")
    assert 0.9 * full < score(theta=-49.0) < full and score(theta=-45.0) < 0.5 * full
    off = explore_prediction(strength=0.0).run()
    assert off.factor < plain and off.fired > 1.3 * explore_prediction().run().fired
    assert full < score(window_ms=8.0) < 0.9


def test_the_short_fit_sees_as_many_spikes_as_is_said():
    said(CHAPTER, "it has bent itself to some forty spikes")
    train = simulate(HodgkinHuxley(), noise_of(1, duration=2000.0)).spike_times
    assert len(train) == pytest.approx(40, abs=3)
