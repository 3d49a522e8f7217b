"""The scene synapse_background shows what the package computes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuro_lib import (
    LIF,
    effective_time_constant,
    steady_potential,
)
from neuro_lib.explorers import explore_background

SILENT = LIF(tau_m=20.0, R=100.0, theta=1e4)
quick = settings(derandomize=True, deadline=None, max_examples=15)


@given(nu_e=st.floats(0, 4000), nu_i=st.floats(0, 2000), E_i=st.floats(-80, -66))
@quick
def test_background_stays_between_the_reversal_potentials(nu_e, nu_i, E_i):
    outcome = explore_background().scene(nu_e=nu_e, nu_i=nu_i, E_i=E_i)
    assert E_i <= outcome.u.min() and outcome.u.max() <= 0.0
    g = np.array([nu_e * 0.001 * 3.0, nu_i * 0.002 * 10.0]) / 1000.0
    assert outcome.mean == pytest.approx(steady_potential(SILENT, g, [0.0, E_i]))
    assert outcome.tau == pytest.approx(effective_time_constant(SILENT, g.sum()))
    assert outcome.u[200:].mean() == pytest.approx(outcome.mean, abs=6.0)
