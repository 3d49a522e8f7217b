"""The scene synapse_reversal shows what the package computes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuro_lib import (
    LIF,
    ExponentialSynapse,
    conductance_psp,
    psp_amplitude,
)
from neuro_lib.explorers import explore_reversal

SILENT = LIF(tau_m=20.0, R=100.0, theta=1e4)
quick = settings(derandomize=True, deadline=None, max_examples=15)


@given(
    E_syn=st.floats(-90, 0),
    u_hold=st.floats(-100, 0),
    g_max=st.floats(0, 0.02),
    tau_s=st.floats(1, 8),
)
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
