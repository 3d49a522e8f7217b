"""The scene filter_psp shows what the package computes."""

import numpy as np
import pytest

from neuro_lib import (
    LIF,
    alpha_psp,
    exponential_psp,
)
from tests.explorers.bench import anywhere, inside, scene


@anywhere("filter_psp")
def test_psp_scene_is_the_closed_form(params):
    outcome, lif = scene("filter_psp")(**params), LIF(tau_m=params["tau_m"])
    form, tau_s = (exponential_psp, alpha_psp)[params["kind"]], params["tau_s"]
    assert outcome.psp == pytest.approx(form(lif, 1.0, outcome.s, tau_s=tau_s), rel=1e-12)
    grid = np.arange(0.0, 80.0, 0.01)
    best = form(lif, 1.0, grid, tau_s=tau_s)
    assert outcome.peak == pytest.approx(best.max(), rel=1e-3)
    assert outcome.peak_time == pytest.approx(grid[best.argmax()], abs=0.02)
    assert outcome.peak < outcome.at_once
    inside(outcome.psp, (-0.3, 10.5))


@pytest.mark.parametrize("kind", [0, 1])
def test_synaptic_current_carries_one_picocoulomb(kind):
    outcome = scene("filter_psp")(kind=kind, tau_s=8.0)
    area = np.trapezoid(outcome.current, outcome.from_zero)
    assert area == pytest.approx(1.0, abs=2e-3)
