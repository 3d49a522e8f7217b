"""The scene dendrites_plateau shows what the package computes."""

import numpy as np
import pytest
from hypothesis import given, settings

from neuro_lib import (
    BranchedLIF,
    SynapticInput,
    constant_current,
    simulate_branches,
)
from tests.explorers.bench import explorer, settings_of


@given(params=settings_of(explorer("dendrites_plateau").scene))
@settings(max_examples=25)
def test_plateau_scene_is_the_simulation(params):
    outcome = explorer("dendrites_plateau").scene(**params)
    n = params["n"]
    neuron = BranchedLIF(g_c=params["g_c"] / 1000, tau_nmda=params["tau_nmda"])
    nmda = 0.0 if params["receptors"] else 0.0006 * n
    cluster = SynapticInput(site=1, times=100.0, ampa=0.0002 * n, nmda=nmda)
    trace = simulate_branches(
        neuron, [cluster], constant_current(params["I"], duration=250.0, dt=0.25)
    )
    assert outcome.u == pytest.approx(trace.u, rel=1e-9)
    assert outcome.u_1 == pytest.approx(trace.u_d[0], rel=1e-9)
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-9)
    assert outcome.before == np.sum(trace.spike_times < 100)
    assert outcome.before + outcome.after == trace.spike_count
