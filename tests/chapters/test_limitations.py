"""What the chapter on limitations says, against the models."""

import re

import numpy as np
import pytest
from scipy.optimize import brentq

from neuro_lib import AdEx, Current, constant_current, intervals, simulate
from neuro_lib.explorers import explore_adex, explore_filters
from tests.chapters.prose import chapters, said, words

CHAPTER = "limitations"
STOPS = {"tau_m": 10.0, "R": 100.0, "u_rest": -65.0, "u_r": -54.0, "a": 0.01, "tau_w": 90.0}
STOPS = AdEx(**STOPS, b=0.02)  # the neuron of the text


def test_all_four_limitations_are_named_with_a_repair_each():
    table = re.findall(r"\| \*\*(\d)\*\* ([^|]+)\| ([^|]+)\| ([^|]+)\|", words(CHAPTER))
    assert [row[0] for row in table] == ["1", "2", "3", "4"]
    for row, name in zip(
        table, ("adaptation", "reversal", "after a spike", "spatial"), strict=True
    ):
        assert name in row[1] and row[3].strip()
    said(CHAPTER, r"Section 1\.4 of \{cite:t\}`gerstner2014` lists these four")
    every = " ".join(words(chapter) for chapter in chapters())
    assert not re.search(r"three limitations|third limitation", every)


def test_rest_and_firing_coexist_below_the_rheobase():
    (border,) = said(CHAPTER, r"from ([\d.]+) nA down it is stable")
    (I,) = said(CHAPTER, r"At ([\d.]+) nA the neuron goes on firing, although the full dot")
    (rheobase,) = said(CHAPTER, r"the rheobase that the readout names, ([\d.]+) nA")
    assert rheobase == pytest.approx(STOPS.rheobase, abs=5e-4) and I < border < rheobase

    def trace(I):
        E = np.exp((STOPS.fixed_points(I=I)[0].u - STOPS.theta_rh) / STOPS.Delta_T)
        return (E - 1) / STOPS.tau_m - 1 / STOPS.tau_w

    assert brentq(trace, 0.25, 0.287) == pytest.approx(border, abs=5e-5)
    assert STOPS.fixed_points(I=I)[0].kind == "stable"
    sudden = constant_current(I, duration=12_000.0, dt=0.5)
    slow = Current(sudden.values * np.minimum(sudden.t / 8000.0, 1.0), dt=0.5)
    assert np.sum(simulate(STOPS, sudden).spike_times > 11_000.0) > 3
    assert simulate(STOPS, slow).spike_count == 0


def test_the_explorer_shows_firing_beside_a_stable_fixed_point_at_the_current_that_is_named():
    run = explore_adex(I=0.28).run()
    assert run.points == 2 and run.u_stable > -60.0
    assert run.spikes[-1] > 300.0  # to the end of the step
    assert explore_adex(I=0.29).run().points == 0


@pytest.mark.parametrize("gap", [1e-4, 0.01, 0.1, 0.5, 1.0, 3.0, 10.0])
def test_rheobase_holds_for_every_coupling_above_the_limit(gap):
    said(CHAPTER, r"It follows from \{eq\}`eq:nullclines` for \$1 \+ aR > 0\$")
    neuron = AdEx(a=(gap - 1.0) / 100.0)  # 1 + aR = gap
    near = 1e-6 * max(abs(neuron.rheobase), 1e-3)
    assert len(neuron.fixed_points(I=neuron.rheobase - near)) == 2
    assert neuron.fixed_points(I=neuron.rheobase + near) == []


def test_a_coupling_beyond_the_limit_is_refused():
    said(CHAPTER, r"With \$aR < -1\$ the adaptation .* The package refuses that")
    with pytest.raises(ValueError, match="a = "):
        AdEx(a=-0.0101)


def test_left_of_the_valley_spikes_come_alone_after_the_first_few():
    said(CHAPTER, "after the first few spikes each comes alone")
    for u_r in np.arange(-70.0, -50.5, 2.0):
        late = intervals(explore_adex(pattern="bursting", u_r=u_r).run().spikes)[2:]
        assert late.min() > 0.7 * late.max() > 30.0


def test_what_ends_a_burst_and_what_makes_one():
    pauses = [explore_filters(tau_w=tau_w).run().longest for tau_w in (50.0, 75.0, 100.0)]
    assert np.all(np.diff(pauses) > 30.0)
    assert explore_filters(A=0.0).run().shortest > 60.0
    groups = [
        np.sum(intervals(explore_filters(tau_f=tau_f).run().spikes) < 15.0)
        for tau_f in (5.0, 4.0, 3.0, 2.0)
    ]
    assert np.all(np.diff(groups) < 0) and groups[-1] == 0
