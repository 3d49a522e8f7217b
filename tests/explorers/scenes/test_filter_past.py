"""The scene filter_past shows what the package computes."""

import numpy as np
import pytest

from neuro_lib import (
    LIF,
    initial_response,
    simulate,
    step_current,
)
from tests.explorers.bench import anywhere, inside, scene


@anywhere("filter_past")
def test_gap_is_the_initial_term(params):
    outcome, lif = scene("filter_past")(**params), LIF(tau_m=params["tau_m"])
    n = outcome.s.size
    gap = outcome.seen_u[-n:] - outcome.without
    assert outcome.left == pytest.approx(gap, abs=1e-9)
    assert outcome.left == pytest.approx(initial_response(lif, outcome.start, outcome.s), abs=1e-9)
    assert outcome.gap == pytest.approx(outcome.left_at_20, abs=1e-9)
    assert outcome.left_at_20 == outcome.left[outcome.s == 20.0]
    lasting = lif.R * params["past"] * -np.expm1(-params["since"] / lif.tau_m)
    assert outcome.start == pytest.approx(lif.u_rest + lasting, abs=1e-9)
    inside(outcome.seen_u, (-76, -50))
    inside(outcome.left, (-11, 13.5))


def test_past_scene_is_the_simulation_of_its_current():
    outcome = scene("filter_past")(past=-0.1, since=30.0)
    before = step_current(-0.1, start=30.0, stop=60.0, duration=140.0, dt=0.5)
    after = step_current(0.2, start=80.0, stop=100.0, duration=140.0, dt=0.5)
    assert outcome.seen_current == pytest.approx((before + after).values)
    assert outcome.seen_u == pytest.approx(simulate(LIF(), before + after).u)
