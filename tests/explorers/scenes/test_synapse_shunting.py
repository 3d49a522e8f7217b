"""The scene synapse_shunting shows what the package computes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuro_lib import (
    LIF,
    ExponentialSynapse,
    constant_current,
    simulate_synapses,
)
from neuro_lib.explorers import explore_shunting

SILENT = LIF(tau_m=20.0, R=100.0, theta=1e4)
quick = settings(derandomize=True, deadline=None, max_examples=15)


@given(
    g_e=st.floats(0, 0.03), g_i=st.floats(0, 0.06), E_i=st.floats(-80, -55), lead=st.floats(-20, 35)
)
@quick
def test_shunting_is_the_simulation_and_current_based_effects_add(g_e, g_i, E_i, lead):
    outcome = explore_shunting().scene(g_e=g_e, g_i=g_i, E_i=E_i, lead=lead)
    e = ExponentialSynapse(g_max=g_e, tau_s=3.0, E_syn=0.0), [40.0]
    i = ExponentialSynapse(g_max=g_i, tau_s=10.0, E_syn=E_i), [40.0 - lead]
    I = constant_current(0.0, duration=100.0, dt=0.5)
    for u, based in ((outcome.u, True), (outcome.v, False)):
        expected = simulate_synapses(SILENT, I, [e, i], conductance_based=based).u
        np.testing.assert_allclose(u, expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(outcome.v, outcome.v_sum, rtol=0, atol=1e-9)
    assert outcome.v_together == pytest.approx(outcome.v_alone, abs=1e-9)
    if E_i >= -65.0:  # below rest, inhibition adds to the driving force of the excitation
        assert outcome.together <= outcome.alone + 1e-9
