"""The scene dendrites_pair shows what the package computes."""

import numpy as np
import pytest
from hypothesis import given, settings

from neuro_lib import (
    BranchedLIF,
    SynapticInput,
    constant_current,
    simulate_branches,
)
from neuro_lib.explorers.scenes.shared_dendrites import half_width
from tests.explorers.bench import explorer, settings_of


@given(params=settings_of(explorer("dendrites_pair").scene))
@settings(max_examples=25)
def test_pair_scene_is_the_simulation_and_the_sum_of_its_parts(params):
    outcome = explorer("dendrites_pair").scene(**params)
    neuron, n = BranchedLIF(theta=1e6), params["n"]
    nmda = 0.0 if params["receptors"] else 0.0006 * n
    inputs = [
        SynapticInput(site=site, times=10.0 + lag, ampa=0.0002 * n, nmda=nmda)
        for site, lag in ((1, 0.0), (1 + params["where"], params["delay"]))
    ]
    quiet = constant_current(0.0, duration=150.0, dt=0.25)
    trace, one, other = (simulate_branches(neuron, x, quiet) for x in (inputs, *zip(inputs)))
    curves = (outcome.u, outcome.u_1, outcome.u_2, outcome.expected)
    expected = (trace.u, *trace.u_d, one.u + other.u - neuron.u_rest)
    np.testing.assert_allclose(curves, expected, rtol=1e-9)
    assert outcome.place == (-1.0, 1.0)[params["where"]]
    assert outcome.peak == pytest.approx(trace.u.max() - neuron.u_rest)
    assert outcome.gain == pytest.approx(100 * outcome.peak / outcome.of_sum)
    above = outcome.t[trace.u - neuron.u_rest >= outcome.peak / 2]
    assert outcome.width == pytest.approx(above[-1] - above[0], abs=0.5) or above[-1] == 150


def test_half_width_is_that_of_a_triangle():
    triangle = np.maximum(0.0, 1.0 - np.abs(np.arange(0.0, 10.0, 0.5) - 4.0) / 2.0)
    assert half_width(triangle, 0.5) == pytest.approx(2.0)
    assert half_width(np.zeros(5), 0.5) == -1.0
