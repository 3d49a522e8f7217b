"""The scene volley shows what the package computes."""

import pytest

from tests.explorers.bench import explorer


@pytest.mark.parametrize("tau_m", [5.0, 10.0, 50.0])
def test_simultaneous_spikes_fire_the_neuron_from_the_number_that_is_said_to_be_needed(tau_m):
    scene = explorer("volley").scene
    enough = scene(epsp=0.5, jitter=0.0, tau_m=tau_m).enough
    assert enough == 30  # 15 mV at 0.5 mV each
    assert scene(n=enough - 1, epsp=0.5, jitter=0.0, tau_m=tau_m).fired.size == 0
    at = scene(n=enough, epsp=0.5, jitter=0.0, tau_m=tau_m)
    assert at.fired.size == 1
    assert at.peak == pytest.approx(-50.0)


def test_jitter_raises_the_number_that_is_needed():
    scene = explorer("volley").scene
    needed = [scene(jitter=jitter).enough for jitter in (0.0, 2.0, 5.0, 10.0)]
    assert needed == sorted(set(needed))
