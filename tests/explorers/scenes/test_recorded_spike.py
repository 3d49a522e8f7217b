"""The cursors read off what was recorded."""

import numpy as np
import pytest

from neuro_lib import recorded_steps
from neuro_lib.data.facts import FACTS
from tests.explorers.bench import anywhere, scene


@anywhere("recorded_spike")
def test_a_cursor_tells_the_recorded_potential(params):
    outcome = scene("recorded_spike")(**params)
    steps = recorded_steps("B6")
    t = steps.t - steps.start
    for k in (1, 2):
        expected = np.interp(params[f"t_{k}"], t, steps.u[0])
        assert getattr(outcome, f"u_{k}") == pytest.approx(expected, abs=1e-9)
    assert outcome.later == pytest.approx(params["t_2"] - params["t_1"])
    assert outcome.higher == pytest.approx(outcome.u_2 - outcome.u_1)


def test_the_bands_are_named_as_they_are():
    alt = scene("recorded_spike").alt
    for name in ("pyramidal_rest", "pyramidal_threshold"):
        assert str(FACTS[name]) in alt
