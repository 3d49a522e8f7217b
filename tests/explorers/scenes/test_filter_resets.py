"""The scene filter_resets shows what the package computes."""

import numpy as np
import pytest

from neuro_lib import (
    LIF,
    Current,
    convolve,
    decompose,
    simulate,
)
from tests.explorers.bench import anywhere, inside, scene


@anywhere("filter_resets")
def test_resets_scene_is_the_simulation_and_its_decomposition(params):
    outcome = scene("filter_resets")(**params)
    rising = 1 + 0.5 * np.sin(2 * np.pi * outcome.t / 60.0)
    current = Current(np.where(outcome.t >= 5.0, params["I"] * rising, 0.0), 0.25)
    parameters = {name: params[name] for name in ("tau_m", "u_r", "t_ref")}
    lif = LIF(**parameters)
    trace = simulate(lif, current)
    assert outcome.u == pytest.approx(trace.u, rel=1e-9)
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-9)
    assert outcome.count == trace.spike_count
    assert outcome.free == pytest.approx(convolve(lif, current).u - lif.u_rest, abs=1e-9)
    if params["t_ref"] == 0.0 or outcome.count == 0:
        assert outcome.error == -1.0
        assert not outcome.gap.any()
        if params["t_ref"] == 0.0:
            parts = decompose(lif, current)
            assert outcome.resets == pytest.approx(parts.resets, abs=1e-9)
    else:
        assert outcome.error == pytest.approx(np.abs(outcome.gap).max())
        assert outcome.gap == pytest.approx(outcome.total - trace.u, abs=1e-9)
    inside(outcome.free, (-60, 48))
    inside(outcome.resets, (-60, 48))
    inside(outcome.gap, (-2, 40))
    inside(outcome.u, (-77, -25))


def test_a_pause_makes_the_sum_wrong():
    assert scene("filter_resets")(t_ref=0.5).error > 1.0
