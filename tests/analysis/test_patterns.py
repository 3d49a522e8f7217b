"""Each firing pattern is what it is called, and a train is called what it shows."""

import numpy as np
import pytest

from neuro_lib import filter_pattern, firing_pattern, naud_pattern, simulate, step_current
from tests.models.test_adex import NAUD


@pytest.mark.parametrize("name", NAUD)
def test_each_pattern_of_naud_is_what_it_is_called(name):
    m, I = naud_pattern(name)
    for duration in (600.0, 1000.0):
        step = step_current(I, start=50.0, stop=50 + duration, duration=duration + 100, dt=0.2)
        spikes = simulate(m, step).spike_times
        assert firing_pattern(spikes, start=50.0, stop=50.0 + duration) == name


@pytest.mark.parametrize(
    "name", ["tonic", "adapting", "bursting", "rebound", "delayed accelerating"]
)
def test_each_pattern_of_the_filters_is_what_it_is_called(name):
    m, I = filter_pattern(name)
    step = step_current(I, start=50.0, stop=450.0, duration=600.0, dt=0.5)
    assert firing_pattern(simulate(m, step).spike_times, start=50.0, stop=450.0) == name


def test_other_trains_get_other_names():
    rng = np.random.default_rng(3)
    poisson = np.sort(rng.uniform(0, 1000, 40))
    assert firing_pattern(poisson, start=0.0, stop=1000.0) == "irregular"
    assert firing_pattern([], start=0.0, stop=1000.0) == "silent"
    assert firing_pattern([5.0], start=10.0, stop=1000.0) == "silent"
    assert firing_pattern([400.0, 800.0], start=0.0, stop=1000.0) == "too few"
    assert firing_pattern(np.arange(9.0), start=0.0, stop=1000.0) == "transient"
    with pytest.raises(ValueError, match="stop = 5 ms: the end of the step must be finite and > 9"):
        firing_pattern([], start=9.0, stop=5.0)


def test_rounding_moves_no_spike_out_of_the_step():
    assert firing_pattern([0.1 + 0.2], start=0.0, stop=0.3) == "too few"  # not a rebound
    assert firing_pattern([0.3], start=0.1 + 0.2, stop=1.0) == "transient"  # not silent


def test_the_paper_and_the_course_use_the_same_units():
    m, I = naud_pattern("initial burst")
    assert pytest.approx(0.130) == m.C  # nF
    assert pytest.approx(0.018) == 1 / m.R  # µS
    assert (m.a, m.b, I) == (0.004, 0.12, 0.4)


def test_an_unknown_pattern_is_refused():
    for pattern, message in (
        (naud_pattern, "name = 'tonics': the pattern must be one of tonic, adapting, initial"),
        (filter_pattern, "name = 'tonics': the pattern must be one of tonic, adapting, bursting"),
    ):
        with pytest.raises(ValueError) as refused:
            pattern("tonics")
        assert str(refused.value).startswith(message)
