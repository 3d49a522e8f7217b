"""The experiment of the outlook: what was recorded for the page is what the package computes."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings

from neuro_lib import HodgkinHuxley, best_delay, coincidence_factor, simulate
from neuro_lib.analysis.prediction import (
    ADEX,
    DELAY,
    MEAN,
    MEMORY,
    NOISE_DT,
    SIGMA,
    VARIANTS,
    fit_variant,
    noise_of,
    recorded_delay,
    recorded_variant,
)
from neuro_lib.analysis.spikes import coincidences
from neuro_lib.data.recorded import recorded_prediction
from neuro_lib.explorers import explore_prediction
from tests.explorers.bench import explorer, settings_of

RECORDED = recorded_prediction()
SEEN, UNSEEN = noise_of(1, duration=20_000.0), noise_of(2, duration=10_000.0)


@cache
def reference():
    """The reference neuron under noise that no model has seen."""
    return simulate(HodgkinHuxley(), UNSEEN)


@cache
def training():
    """Spikes of the reference neuron under the noise that the models were fitted to."""
    return simulate(HodgkinHuxley(), SEEN).spike_times


def score(model, I, spikes, delay):
    predicted = simulate(model, I).spike_times
    return coincidence_factor(predicted, spikes, duration=I.duration, delay=delay)


def test_noise_has_the_mean_size_and_memory_that_it_says():
    x = noise_of(5, duration=100_000.0).values
    assert x.mean() == pytest.approx(MEAN, abs=0.01)
    assert x.std() == pytest.approx(SIGMA, rel=0.05)
    lag = round(MEMORY / NOISE_DT)
    x = x - x.mean()
    assert (x[:-lag] * x[lag:]).mean() / x.var() == pytest.approx(np.exp(-1.0), abs=0.05)


def test_the_recorded_spikes_and_potential_are_those_of_the_reference_neuron():
    assert reference().spike_times.size == len(RECORDED["spikes"])
    np.testing.assert_allclose(RECORDED["spikes"], reference().spike_times, rtol=0, atol=0.05)
    shown = reference().u[::4][: len(RECORDED["potential"])].clip(max=-40.0)
    np.testing.assert_allclose(RECORDED["potential"], shown, rtol=0, atol=0.5)


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIANTS)
def test_each_recorded_model_lacks_what_it_is_said_to_lack_and_is_fitted(name):
    model, train = recorded_variant(name), training()
    for parameter, value in VARIANTS[name].items():
        assert getattr(model, parameter) == value
    quick = fit_variant(name, SEEN, train, generations=5)
    delays = [
        best_delay(simulate(m, SEEN).spike_times, train, longest=DELAY) for m in (model, quick)
    ]
    assert recorded_delay(name) == pytest.approx(delays[0], abs=0.05)
    assert score(model, SEEN, train, delays[0]) > score(quick, SEEN, train, delays[1])


def test_the_full_model_is_best_and_the_leakless_worst_on_what_none_has_seen():
    scores = {
        name: score(recorded_variant(name), UNSEEN, reference().spike_times, recorded_delay(name))
        for name in VARIANTS
    }
    assert max(scores.values()) == pytest.approx(scores["nothing"], abs=0.01)
    assert min(scores, key=scores.get) == "all filters and the leak"
    assert scores["nothing"] > scores["all filters (LIF)"] + 0.15 > 0.4


def test_a_fit_can_start_from_another():
    I = noise_of(1, duration=1000.0)
    spikes = simulate(HodgkinHuxley(), I).spike_times
    start = recorded_variant("afterdepolarisation")
    found = fit_variant("nothing", I, spikes, start=start, generations=1)
    scores = [
        score(m, I, spikes, best_delay(simulate(m, I).spike_times, spikes, longest=DELAY))
        for m in (found, start)
    ]
    assert scores[0] >= scores[1] - 1e-6


def test_an_unknown_variant_is_refused():
    message = "name = 'nose': the variant must be one of nothing, spi"
    with pytest.raises(ValueError, match=message):
        fit_variant("nose", UNSEEN, [1.0])
    with pytest.raises(ValueError, match=message):
        recorded_variant("nose")


# The scene


@given(params=settings_of(explorer("lif_prediction").scene))
@settings(max_examples=25)
def test_the_scene_is_the_simulation_and_its_score(params):
    outcome = explorer("lif_prediction").scene(**params)
    name = list(VARIANTS)[params["without"]]
    model = recorded_variant(name)
    values = {"a": params["strength"] * model.a, "b": params["strength"] * model.b}
    if name != ADEX:
        values["A"] = params["strength"] * model.A
    values["theta_rh" if name == ADEX else "theta"] = params["theta"]
    values["u_r"] = min(model.u_r, params["theta"] - 0.5)
    trace = simulate(replace(model, **values), UNSEEN)
    assert outcome.fired == trace.spike_count
    assert outcome.u == pytest.approx(trace.u[: 2 * outcome.u.size : 2], rel=1e-9)
    late = trace.spike_times + recorded_delay(name)
    shown = np.sort(np.append(outcome.spikes, outcome.misses))
    assert shown == pytest.approx(late[late < 1500.0], rel=1e-9)
    if 2.0 * params["window_ms"] * trace.spike_count < 0.9 * UNSEEN.duration:
        # The scene leaves the delay out of the duration: carried back to there.
        one, two = (
            coincidence_factor(
                late, RECORDED["spikes"], duration=duration, window=params["window_ms"]
            )
            for duration in UNSEEN.duration + DELAY * np.array([1.0, 2.0])
        )
        paired = coincidences(late, RECORDED["spikes"], window=params["window_ms"])
        assert outcome.pairs == paired
        assert outcome.factor == pytest.approx(2.0 * one - two, abs=1e-4)


def test_what_the_text_says_of_the_sliders():
    def gamma(**values):
        return explore_prediction(**values).run().factor

    full = gamma()
    assert gamma(strength=0.0) < gamma(without="all filters (LIF)") - 0.1
    assert 0.7 * full < gamma(theta=-49.0) < full
    assert gamma(theta=-45.0) < 0.5 * full
    assert np.all(np.diff([gamma(window_ms=w) for w in (0.5, 1.0, 2.0, 4.0)]) > 0.1)
