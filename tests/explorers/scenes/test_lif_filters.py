"""The scene lif_filters shows what the package computes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

from neuro_lib import (
    FilteredLIF,
    firing_pattern,
    intervals,
    simulate,
    step_current,
)
from tests.explorers.bench import explorer, settings_of


@given(params=settings_of(explorer("lif_filters").scene))
@settings(max_examples=25)
def test_filters_scene_is_the_simulation(params):
    outcome = explorer("lif_filters").scene(**params)
    given = {name: params[name] for name in ("theta", "a", "tau_w", "b", "A", "tau_f")}
    neuron = FilteredLIF(tau_m=20.0, R=100.0, **given)
    step = step_current(params["I"], start=50.0, stop=450.0, duration=600.0, dt=0.5)
    trace = simulate(neuron, step)  # at another time step, which must not matter
    assert outcome.u == pytest.approx(trace.u[::2], rel=1e-8)
    assert outcome.w == pytest.approx(trace.w[::2], rel=1e-8, abs=1e-12)
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-8)
    times = trace.spike_times
    between = intervals(times[times <= 450.0]) if np.sum(times <= 450.0) > 1 else [-1.0]
    assert (outcome.during, outcome.shortest, outcome.longest) == pytest.approx(
        (np.sum(times <= 450.0), min(between), max(between)), rel=1e-6
    )
    late = times[times > 450.0]
    assert outcome.release == pytest.approx(late[0] - 450.0 if late.size else -1.0, rel=1e-6)
    for t, f in zip(outcome.t, outcome.f, strict=True):
        before = times[times <= t - 1e-6]
        if before.size and not np.any(np.abs(times - t) < 1e-6):
            assert f == pytest.approx(params["A"] * math.exp((before[-1] - t) / params["tau_f"]))


@pytest.mark.parametrize("name", ["tonic", "adapting", "bursting", "rebound"])
def test_each_preset_of_the_filters_is_what_it_is_called(name):
    spikes = explorer("lif_filters").scene(pattern=name).spikes
    assert firing_pattern(spikes, start=50.0, stop=450.0) == name


@pytest.mark.parametrize("I", [-0.4, -0.2])
@pytest.mark.parametrize("b, A", [(0.0, 0.0), (0.15, 1.6)])
def test_filters_scene_never_rebounds_without_a_filter_that_u_drives(I, b, A):
    scene = explorer("lif_filters").scene
    assert scene(pattern="rebound", a=0.0, I=I, b=b, A=A, theta=-58.0).spikes.size == 0
    assert scene(pattern="rebound", I=-0.4, b=b, A=A).release > 0.0
