"""What the chapter on dendrites says, against the cable and the model."""

from math import pi

import numpy as np
import pytest

from neuro_lib import BranchedLIF, magnesium_block
from neuro_lib.explorers import explore_branches, explore_plateau
from tests.chapters.prose import said

CHAPTER = "dendrites"
NEURON = BranchedLIF()


def test_the_coupling_is_that_of_the_piece_of_dendrite_that_is_described():
    nS, length, thick, resistivity = said(
        CHAPTER,
        r"And (\d+) nS is what (\d+) µm of dendrite, ([\d.]+) µm thick, conduct along their "
        r"length if the inside has a resistivity of (\d+) Ω·cm",
    )
    ohm = resistivity * 1e-2 * length * 1e-6 / (pi * (thick * 1e-6 / 2) ** 2)
    assert 1e9 / ohm == pytest.approx(nS, rel=0.03)
    assert nS == pytest.approx(1000 * NEURON.g_c)


def test_the_branch_has_the_membrane_that_is_said():
    pF, area = said(CHAPTER, r"(\d+) pF are about (\d+) µm² of membrane at 1 µF/cm²")
    assert pF == pytest.approx(1000 * NEURON.capacitances[1])
    assert area * 1e-8 * 1e6 == pytest.approx(pF)  # cm², and µF in pF


def test_numbers_of_the_text_are_those_of_the_model():
    (mV,) = said(CHAPTER, r"depolarisation, up to some (−\d+) mV")
    u = np.linspace(-60.0, 0.0, 60_001)
    assert u[np.argmax(magnesium_block(u) * (0.0 - u))] == pytest.approx(mV, abs=0.5)
    said(CHAPTER, "A steady potential loses six sevenths on its way in")
    assert 1 - NEURON.attenuation(1, 0) == pytest.approx(6 / 7, abs=0.01)
    soma, branch, _ = NEURON.transfer_impedance().real.diagonal()
    said(CHAPTER, "moves a thin branch five times as far as the soma")
    assert branch / soma == pytest.approx(5, abs=0.5)
    (limit,) = said(CHAPTER, r"here ([\d.]+) ms\. It is the mode")
    assert 2 * min(NEURON.mode_time_constants) == pytest.approx(limit, abs=0.05)


def test_where_two_inputs_add_up_to_what():
    def gain(**values):
        return explore_branches(**values).run().gain

    assert gain() == pytest.approx(150, abs=10)  # half as much again
    assert gain(where="different branches") == pytest.approx(100, abs=5)
    assert (
        gain(receptors="AMPA alone") < 95 < gain(receptors="AMPA alone", where="different branches")
    )
    assert gain(n=1) == pytest.approx(100, abs=2) and gain(n=30) < 70
    assert 120 < gain(delay=30.0) < gain()
    assert -12.0 < explore_branches(n=30).run().u_1.max() < 0.0


def test_what_a_plateau_does_to_the_soma():
    assert explore_plateau().run().after > 1
    assert explore_plateau(I=0.0).run().after == 0
    assert explore_plateau(I=0.0).run().width == pytest.approx(60, abs=5)
    with_nmda, without = (
        next(n for n in range(61) if explore_plateau(n=n, receptors=r).run().after)
        for r in ("AMPA and NMDA", "AMPA alone")
    )
    said(CHAPTER, "Many more, and then it is one spike")
    assert without > 3 * with_nmda
    assert explore_plateau(n=60, receptors="AMPA alone").run().after == 1
    widths = [explore_plateau(tau_nmda=tau).run() for tau in (20.0, 50.0, 100.0)]
    assert np.all(np.diff([run.width for run in widths]) > 0)
    assert np.all(np.diff([run.after for run in widths]) > 0)
