"""The scene lif_step shows what the package computes."""

import pytest
from hypothesis import given, settings

from neuro_lib import (
    LIF,
    simulate,
    step_current,
)
from tests.explorers.bench import explorer, settings_of


@given(params=settings_of(explorer("lif_step").scene))
@settings(max_examples=25)
def test_step_scene_is_the_simulation(params):
    outcome = explorer("lif_step").scene(**params)
    lif = LIF(tau_m=params["tau_m"], R=params["R"], theta=params["theta"])
    ends = {"start": params["t_on"], "stop": params["t_off"]}
    trace = simulate(lif, step_current(params["I"], **ends, duration=200.0, dt=0.1))
    assert outcome.u == pytest.approx(trace.u, rel=1e-9)
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-9)
    assert outcome.rate == pytest.approx(lif.firing_rate(params["I"]), rel=1e-12)
    assert outcome.rheobase == lif.rheobase
    assert outcome.goal == pytest.approx(lif.u_rest + params["R"] * params["I"])
    assert outcome.span.tolist() == list(ends.values())
    assert outcome.first == (outcome.spikes[0] - params["t_on"] if outcome.spikes.size else -1.0)
