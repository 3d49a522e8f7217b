"""The scene synapse_budget shows what the package computes."""

import pytest

from tests.explorers.bench import explorer


def test_synapse_budget_agrees_with_pencil_and_paper():
    scene = explorer("synapse_budget").scene
    cortex = scene(neurons=16, synapses=10.0, granule=0, size=2.0)
    assert cortex.count == pytest.approx(160.0)
    assert cortex.terabytes == pytest.approx(320.0)
    assert 10.0**cortex.end == pytest.approx(320e12)
    brain = scene(neurons=86, synapses=10.0, granule=80, size=2.0)
    assert brain.count == pytest.approx(86e9 * (0.2 * 1e4 + 0.8 * 4) / 1e12)
