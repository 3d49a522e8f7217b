"""The scene lif_fI shows what the package computes."""

import pytest
from hypothesis import given, settings

from neuro_lib import (
    LIF,
    constant_current,
    simulate,
)
from tests.explorers.bench import explorer, settings_of


@given(params=settings_of(explorer("lif_fI").scene))
@settings(max_examples=25)
def test_fI_scene_is_the_closed_form_and_the_simulation(params):
    outcome = explorer("lif_fI").scene(**params)
    I = params.pop("I")
    lif = LIF(**params)
    trace = simulate(lif, constant_current(I, duration=100.0, dt=0.1))
    assert outcome.curve == pytest.approx(lif.firing_rate(outcome.currents), rel=1e-12)
    without = LIF(**{**params, "t_ref": 0.0})
    assert outcome.without == pytest.approx(without.firing_rate(outcome.currents), rel=1e-12)
    assert outcome.u == pytest.approx(trace.u, rel=1e-9)
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-9)
    assert outcome.rate == pytest.approx(lif.firing_rate(I), rel=1e-12)
    if outcome.rate:
        assert outcome.interval == pytest.approx(1000.0 / outcome.rate)
    else:
        assert outcome.interval == -1.0
