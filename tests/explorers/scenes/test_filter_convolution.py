"""The scene filter_convolution shows what the package computes."""

import numpy as np
import pytest

from neuro_lib import (
    LIF,
    Current,
    convolve,
    green_function,
)
from tests.explorers.bench import anywhere, inside, scene


@anywhere("filter_convolution")
def test_shaded_area_is_the_potential(params):
    outcome, lif = scene("filter_convolution")(**params), LIF(tau_m=params["tau_m"])
    t, current = params["t"], Current(outcome.current, 0.25)
    for method in ("recurrence", "convolution", "fft"):
        u = convolve(lif, current, method=method).u
        assert outcome.u == pytest.approx(u, abs=1e-9)
        assert outcome.by_area == pytest.approx(u[round(t / 0.25)], abs=1e-9)
    assert outcome.error == -1.0
    assert outcome.u_now == outcome.drawn[-1] == outcome.u[outcome.drawn.size - 1]
    assert outcome.drawn_s[-1] == t
    expected = green_function(lif, t - outcome.s) * outcome.current
    n = outcome.drawn.size
    assert outcome.product[1:-1] == pytest.approx(expected[:n], abs=1e-12)
    assert outcome.product[0] == outcome.product[-1] == 0.0  # the area is closed on the axis
    expected = green_function(lif, t - outcome.kernel_s[1:])
    assert outcome.kernel[1:] == pytest.approx(expected, rel=1e-9)
    inside(outcome.current, (-0.02, 0.34))
    inside(outcome.kernel, (-0.62, 10.5))
    inside(outcome.product, (-0.12, 3.1))
    inside(outcome.u, (-66, -48))


def test_drawn_area_is_the_potential():
    for kind in range(3):
        outcome = scene("filter_convolution")(kind=kind, t=60.0)
        area = np.trapezoid(outcome.product, outcome.product_s)
        assert area == pytest.approx(outcome.by_area - LIF().u_rest, abs=0.1)
