"""What the chapter on the integrate-and-fire model says, against the explorers."""

import pytest

from neuro_lib import LIF
from neuro_lib.explorers import explore_euler, explore_input
from tests.chapters.prose import said

CHAPTER = "if_model"


def test_steps_that_give_the_same_wrong_first_spike():
    *steps, time = said(
        CHAPTER,
        r"not each time: ([\d.]+), ([\d.]+) and ([\d.]+) ms give the "
        r"same ([\d.]+) ms",
    )
    for dt in steps:
        run = explore_euler(dt=dt).run()
        assert run.first_euler == pytest.approx(time) and run.first < time
    first = explore_euler().run()
    assert first.first_euler < first.first


def test_euler_fires_below_the_rheobase_only_with_steps_longer_than_the_time_constant():
    for dt in (0.5, 5.0, 10.0):
        assert explore_euler(dt=dt, I=0.25).run().count_euler == 0
    assert explore_euler(dt=12.5, I=0.25).run().count_euler > 0


def test_at_the_rheobase_itself_the_neuron_never_fires():
    said(CHAPTER, "exactly there \\$u\\$ creeps up to the threshold without end")
    lif = LIF()
    assert lif.firing_rate(lif.rheobase) == 0.0 < lif.firing_rate(lif.rheobase * (1 + 1e-12))


def test_fast_inputs_lose_their_spikes_first():
    assert explore_input(A=0.0).run().count == 0
    counts = [explore_input(T=T).run().count for T in (50.0, 20.0, 10.0, 2.0)]
    assert counts[0] > 0 and counts[1:] == [0, 0, 0]
    slow, fast = (
        [explore_input(T=T, tau_m=tau_m).run().count for tau_m in (5.0, 10.0)] for T in (50.0, 20.0)
    )
    assert min(slow) > 0 and fast[0] > 0 and fast[1] == 0
