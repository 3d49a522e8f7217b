"""What the chapter on numbers says, against facts and computations."""

from functools import cache

import numpy as np
import pytest

from neuro_lib import LIF
from neuro_lib.analysis.volleys import spikes_to_fire, volley_peak
from neuro_lib.data.facts import FACTS
from neuro_lib.explorers import explore_spike, explore_volley
from tests.chapters.prose import prints, said, words

CHAPTER = "numbers"
NEEDED = 15.0 * (1 - 1e-9)  # mV, from rest to threshold


@cache
def fire(n):
    """Share of the volleys of n EPSPs of 0.5 mV, with a jitter of 10 ms, that fire the neuron."""
    volleys = np.random.default_rng(5).normal(0.0, 10.0, size=(800, n))
    return np.mean([volley_peak(LIF(), 0.5, v, tau_s=2.0) >= NEEDED for v in volleys])


def test_66_spikes_are_the_number_of_the_average_volley_and_fire_three_single_ones_in_four():
    (average,) = said(CHAPTER, r"More, (\d+) instead of 30, for the average volley")
    assert average == spikes_to_fire(LIF(), 0.5, jitter=10.0, tau_s=2.0) == 66
    said(CHAPTER, "Of the volleys of 66 spikes three in four fire the neuron")
    assert fire(66) == pytest.approx(0.76, abs=0.04)
    said(CHAPTER, "with 63 more than half do already")
    assert 0.5 < fire(63) < 0.63
    for n in (63, 66):
        (percent,) = prints(CHAPTER, rf"{n} spikes: (\d+)% fire it")
        assert percent / 100 == pytest.approx(fire(n), abs=0.05)


def test_the_volley_that_is_drawn_fires_from_the_number_on_that_is_said():
    (first,) = said(CHAPTER, r"it fires the neuron from (\d+) spikes on")
    peaks = [explore_volley(n=n, jitter=10.0).run().peak for n in range(60, 80)]
    fires = [n for n, peak in zip(range(60, 80), peaks, strict=True) if peak >= -50.0]
    assert fires[0] == first and len(fires) == 80 - first


def test_the_peak_of_the_average_is_lower_than_the_average_of_the_peaks():
    said(CHAPTER, r"\*the peak of the average is lower than the average of the peaks\.\*")
    volleys = np.random.default_rng(5).normal(0.0, 10.0, size=(400, 66))
    peaks = [volley_peak(LIF(), 0.5, v, tau_s=2.0) for v in volleys]
    assert np.mean(peaks) > 15.5  # that of the average is 15 mV


def test_the_orca_was_not_counted_and_is_in_no_list():
    said(CHAPTER, r"extrapolated from the density of cells in four areas")
    said(CHAPTER, "no stereology, so the orca stands in no list here")
    assert "ridgway2019" not in {fact.source for fact in FACTS.values()}
    assert FACTS["pilot_whale_neocortex_neurons"].method == "stereology"


def test_by_the_cortex_we_are_ahead_of_the_elephant_alone():
    said(CHAPTER, "by the cortex we are ahead of the elephant. ")
    said(CHAPTER, "by the cortex the pilot whale is ahead of us both")
    cortex = [FACTS["elephant_cortex_neurons"].value, FACTS["pilot_whale_neocortex_neurons"].value]
    fractionator = FACTS["human_neurons"].value * FACTS["human_cortex_share"].value / 100
    for human in (fractionator, FACTS["human_neocortex_neurons"].value):
        assert cortex[0] < human < cortex[1]
    assert FACTS["elephant_neurons"].value > FACTS["human_neurons"].value


def test_seven_thousand_synapses_are_as_many_percent_fewer_as_is_said():
    (percent,) = said(CHAPTER, r"To 112 × 10¹²\. (\d+) % less")
    assert percent == pytest.approx(100 * (1 - 7000 / 10_000))


def test_the_notes_assumption_gives_20_to_30_spikes_at_once():
    low, high = said(CHAPTER, r"and 20 to 30 mV to the threshold: (\d+) to (\d+) spikes at once")
    for distance, n in ((20.0, low), (30.0, high)):
        assert spikes_to_fire(LIF(theta=-65.0 + distance), 1.0, tau_s=2.0) == n


def test_a_human_cell_fires_in_half_of_the_cases_where_its_fact_says_so():
    assert "half of the cases" in FACTS["human_synapses_to_fire"].meaning
    assert "at the same time to fire the cell in half of the cases" in words(CHAPTER)


def test_what_is_read_off_the_recorded_spike_is_what_is_printed_and_where_it_lies():
    rest, threshold = said(CHAPTER, r"rests at (−\d+) mV, and the spike takes off near (−\d+) mV")
    height, width = said(CHAPTER, r"(\d+) mV from rest, at the lower .* ([\d.]+) ms wide: twice")
    printed_rest, printed_foot = prints(CHAPTER, r"rest (-[\d.]+) mV, threshold (-\d+) mV")
    printed_height, printed_width = prints(CHAPTER, r"height (\d+) mV, half-width ([\d.]+) ms")
    assert (rest, threshold) == (pytest.approx(printed_rest, abs=0.5), printed_foot)
    assert (height, width) == (printed_height, printed_width)
    said(CHAPTER, "Both lie in the measured ranges")
    for value, name in (
        (rest, "pyramidal_rest"),
        (threshold, "pyramidal_threshold"),
        (height, "spike_height"),
    ):
        assert FACTS[name].low <= value <= FACTS[name].high
    assert width == pytest.approx(2 * FACTS["spike_half_width"].high, rel=0.1)
    drop, lowest = said(CHAPTER, r"By about (\d+) mV, to (−\d+) mV")
    assert threshold - lowest == drop
    spike = explore_spike(t_1=41.25, t_2=47.25).run()
    assert spike.u_2 == pytest.approx(lowest, abs=0.5) and lowest > rest
