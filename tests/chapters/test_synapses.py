"""What the chapter on synapses says, against the explorers."""

import numpy as np
import pytest

from neuro_lib.explorers import explore_background, explore_shunting
from tests.chapters.prose import prints, said

CHAPTER = "synapses"


@pytest.mark.parametrize("E_i", [-80.0, -73.0, -65.0, -60.0, -55.0])
def test_inhibition_alone_goes_from_rest_towards_its_reversal_and_never_beyond(E_i):
    said(CHAPTER, r"It goes from rest towards \$E_i\$, wherever you put that, and never beyond")
    u = explore_background(nu_e=0.0, nu_i=2000.0, E_i=E_i).run().u
    low, high = sorted((-65.0, E_i))
    assert low - 1e-9 <= u.min() and u.max() <= high + 1e-9
    assert abs(u[-1] - E_i) <= 0.4 * abs(-65.0 - E_i)


def test_the_current_based_neuron_goes_as_far_beyond_as_is_said():
    E_i, beyond = said(CHAPTER, r"with the first \$E_i\$, −(\d+) mV, it sinks some (\d+) mV below")
    run = explore_background(nu_e=0.0, nu_i=2000.0).run()
    assert -E_i - run.v.min() == pytest.approx(beyond, abs=2)
    assert explore_background(nu_e=4000.0, nu_i=0.0).run().v.max() > 0.0
    assert explore_background(nu_e=4000.0, nu_i=0.0).run().u.max() < 0.0


def test_a_shunt_takes_about_a_fifth_of_any_epsp():
    said(CHAPTER, "it takes off about the same share, a fifth")
    for g_e in np.arange(0.001, 0.0305, 0.001):
        run = explore_shunting(g_e=round(float(g_e), 3)).run()
        assert 1 - run.together / run.alone == pytest.approx(0.2, abs=0.015)


def test_noise_flattens_the_curve_and_its_mean_alone_shifts_it():
    line = r"{} ×{}: 20 Hz at +([\d.]+) nA, then +(\d+) Hz/nA"
    noisy, calm = (
        np.array([prints(CHAPTER, line.format(k, which)) for k in (0, 1, 2, 4)])
        for which in ("", ", mean only")
    )
    said(CHAPTER, "from none to the strongest it falls to less than half")
    assert np.all(np.diff(noisy[:, 1]) < 0) and noisy[-1, 1] < 0.5 * noisy[0, 1]
    said(CHAPTER, r"falls, too, by less than 0\.1 nA")
    assert np.all((noisy[0, 0] - noisy[1:, 0] > 0) & (noisy[0, 0] - noisy[1:, 0] < 0.1))
    said(CHAPTER, "The mean alone does the opposite")
    assert np.all(np.diff(calm, axis=0) > 0)
    np.testing.assert_allclose(calm[0], noisy[0], rtol=0.05)  # no background: the same neuron
