"""The scene filter_pulse shows what the package computes."""

import numpy as np
import pytest

from neuro_lib import (
    LIF,
    impulse_response,
    pulse_response,
)
from tests.explorers.bench import anywhere, inside, scene


@anywhere("filter_pulse")
def test_pulse_scene_is_the_closed_form_of_one_charge(params):
    outcome, lif = scene("filter_pulse")(**params), LIF(tau_m=params["tau_m"])
    width = params["width"]
    expected = pulse_response(lif, 1.0 / width, outcome.s, width=width)
    assert outcome.u == pytest.approx(expected, rel=1e-12)
    assert outcome.kernel[1:] == pytest.approx(impulse_response(lif, 1.0, outcome.s), rel=1e-12)
    assert outcome.kernel[0] == outcome.kernel_s[0] == outcome.kernel_s[1] == 0.0
    assert np.trapezoid(outcome.current, outcome.edges) == pytest.approx(1.0)
    assert outcome.peak == pytest.approx(pulse_response(lif, 1 / width, width, width=width))
    assert outcome.peak < outcome.at_once == pytest.approx(1.0 / lif.C)
    inside(outcome.kernel, (-0.3, 10.5))
    inside(outcome.current, (-0.05, 1.08))
