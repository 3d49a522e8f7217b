"""The scenes of the chapter on synapses show what the package computes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuro_lib import (
    LIF,
    ExponentialSynapse,
    conductance_psp,
    constant_current,
    effective_time_constant,
    psp_amplitude,
    simulate_synapses,
    steady_potential,
)
from neuro_lib.explorers import explore_background, explore_reversal, explore_shunting

SILENT = LIF(tau_m=20.0, R=100.0, theta=1e4)
quick = settings(derandomize=True, deadline=None, max_examples=15)


@given(
    E_syn=st.floats(-90, 0), u_hold=st.floats(-100, 0), g_max=st.floats(0, 0.02),
    tau_s=st.floats(1, 8),
)  # fmt: skip
@quick
def test_reversal_is_the_psp_and_its_amplitude(E_syn, u_hold, g_max, tau_s):
    values = {"E_syn": E_syn, "g_max": g_max, "tau_s": tau_s}
    outcome = explore_reversal().scene(u_hold=u_hold, **values)
    synapse = ExponentialSynapse(**values)
    psp = conductance_psp(SILENT, synapse, outcome.t, u_hold=u_hold)
    np.testing.assert_allclose(outcome.psp, psp, rtol=0, atol=1e-12)
    ends = psp_amplitude(SILENT, synapse, [-100.0, 0.0])
    np.testing.assert_allclose(outcome.ends, ends, rtol=0, atol=1e-12)
    assert outcome.peak == pytest.approx(psp_amplitude(SILENT, synapse, u_hold), abs=1e-12)
    assert abs(outcome.psp).max() == pytest.approx(abs(outcome.peak), abs=0.05)


@given(
    g_e=st.floats(0, 0.03), g_i=st.floats(0, 0.06), E_i=st.floats(-80, -55),
    lead=st.floats(-20, 35),
)  # fmt: skip
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


@given(nu_e=st.floats(0, 4000), nu_i=st.floats(0, 2000), E_i=st.floats(-80, -66))
@quick
def test_background_stays_between_the_reversal_potentials(nu_e, nu_i, E_i):
    outcome = explore_background().scene(nu_e=nu_e, nu_i=nu_i, E_i=E_i)
    assert E_i <= outcome.u.min() and outcome.u.max() <= 0.0
    g = np.array([nu_e * 0.001 * 3.0, nu_i * 0.002 * 10.0]) / 1000.0
    assert outcome.mean == pytest.approx(steady_potential(SILENT, g, [0.0, E_i]))
    assert outcome.tau == pytest.approx(effective_time_constant(SILENT, g.sum()))
    assert outcome.u[200:].mean() == pytest.approx(outcome.mean, abs=6.0)
