"""The scene filter_frequency shows what the package computes."""

import numpy as np
import pytest

from neuro_lib import (
    LIF,
    cutoff_frequency,
    impedance,
    sine_response,
)
from tests.explorers.bench import anywhere, inside, scene


@anywhere("filter_frequency")
def test_frequency_scene_is_the_impedance(params):
    outcome = scene("filter_frequency")(**params)
    f, lif = params["f"], LIF(tau_m=params["tau_m"], R=params["R"])
    Z = impedance(lif, 10.0**outcome.decade)
    assert 10.0**outcome.gain == pytest.approx(abs(Z), rel=1e-9)
    assert outcome.phase == pytest.approx(np.angle(Z, deg=True), rel=1e-9)
    here = impedance(lif, f)
    assert (outcome.Z, outcome.share) == pytest.approx((abs(here), 100 * abs(here) / lif.R))
    assert (outcome.f_decade, outcome.gain_here) == pytest.approx(tuple(np.log10((f, abs(here)))))
    assert outcome.phase_here == pytest.approx(np.angle(here, deg=True))
    assert outcome.lag == pytest.approx(-np.angle(here, deg=True) / 360 / f * 1000)
    assert outcome.cutoff == pytest.approx(cutoff_frequency(lif))
    assert 10.0**outcome.cutoff_decade == pytest.approx(outcome.cutoff)
    steady = sine_response(lif, 1.0 / lif.R, outcome.t, frequency=f, steady=True)
    assert outcome.sine_out == pytest.approx(steady, abs=1e-9)
    assert outcome.sine_in == pytest.approx(np.sin(2e-3 * np.pi * f * outcome.t), abs=1e-9)
    inside(outcome.gain, (-2.2, 2.6))
