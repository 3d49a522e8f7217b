"""The scene lif_euler shows what the package computes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

from neuro_lib import (
    LIF,
    constant_current,
    euler,
    simulate,
)
from tests.explorers.bench import explorer, settings_of


@given(params=settings_of(explorer("lif_euler").scene))
@settings(max_examples=25)
def test_euler_scene_is_the_exact_solution_beside_eulers(params):
    outcome = explorer("lif_euler").scene(**params)
    lif, dt, I = LIF(tau_m=params["tau_m"]), params["dt"], params["I"]
    exact = simulate(lif, constant_current(I, duration=120.0, dt=0.1))
    steps = math.floor(120.0 / dt + 1e-9)
    wrong = euler(lif, constant_current(I, duration=steps * dt, dt=dt))
    assert outcome.spikes == pytest.approx(exact.spike_times, rel=1e-9)
    assert outcome.u_euler == pytest.approx(wrong.u, rel=1e-9)
    assert outcome.spikes_euler == pytest.approx(wrong.spike_times)
    assert np.array_equal(outcome.drawn[::2], outcome.u_euler)
    over = outcome.drawn[1::2] >= lif.theta  # before the reset
    assert outcome.t_drawn[1::2][over] == pytest.approx(wrong.spike_times)
    assert (outcome.count, outcome.count_euler) == (exact.spike_count, wrong.spike_count)
