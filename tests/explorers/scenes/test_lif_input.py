"""The scene lif_input shows what the package computes."""

import math

import pytest
from hypothesis import given, settings

from neuro_lib import (
    LIF,
    constant_current,
    ou_current,
    pulse_train_current,
    simulate,
    sine_current,
)
from tests.explorers.bench import explorer, settings_of


@given(params=settings_of(explorer("lif_input").scene))
@settings(max_examples=25)
def test_input_scene_counts_the_spikes_of_its_current(params):
    outcome = explorer("lif_input").scene(**params)
    lif = LIF(tau_m=params["tau_m"])
    trace = simulate(lif, type(constant_current(0, duration=1.0, dt=0.5))(outcome.current, 0.25))
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-9)
    assert outcome.count == len(outcome.spikes)
    assert outcome.rate == pytest.approx(outcome.count / 0.4)
    assert outcome.steady == pytest.approx(lif.firing_rate(params["I"]), rel=1e-12)


@given(params=settings_of(explorer("lif_input").scene))
@settings(max_examples=25)
def test_regular_inputs_are_those_of_the_package(params):
    I, A, T = params["I"], params["A"], params["T"]
    grid = {"duration": 400.0, "dt": 0.25}
    sine = sine_current(A, mean=I, frequency=1000.0 / T, **grid)
    pulses = (I - A) + pulse_train_current(2 * A, width=T / 2, period=T, **grid)
    for kind, current in (("sine", sine), ("pulses", pulses)):
        scene = explorer("lif_input").scene
        shown = scene(**{**params, "kind": kind}).current
        assert shown == pytest.approx(current.values, rel=1e-9, abs=1e-12), kind


def test_noise_has_its_mean_size_and_memory():
    scene = explorer("lif_input").scene
    current = scene(kind="noise", I=0.3, A=0.2, T=2.0).current
    assert current.mean() == pytest.approx(0.3, abs=0.1)
    assert current.std() == pytest.approx(0.2, rel=0.2)
    x = current - current.mean()
    correlation = (x[:-8] * x[8:]).mean() / x.var()  # at a lag of T
    assert correlation == pytest.approx(math.exp(-1), abs=0.15)
    same_law = ou_current(0.3, 0.2, tau=2.0, duration=400.0, dt=0.25, seed=1)
    assert current.size == same_law.values.size
