"""What the chapter on recorded neurons says, against the recordings and the fits."""

import re

import numpy as np
import pytest

from neuro_lib import count_spikes, recorded_steps, recorded_trains
from neuro_lib.analysis.recorded_fit import fit_membrane, recorded_drive, recorded_fit
from neuro_lib.explorers import explore_recorded_B6, explore_recorded_B8
from tests.chapters.prose import printed, said

CHAPTER = "recorded"


def test_the_hand_fits_that_are_told_reach_the_goal():
    numbers = ("ms", "MΩ", "mV", "mV", "ms")
    four, five = (
        rf"{k}\. {told}: " + "".join(rf".*?= (−?[\d.]+) {unit}" for unit in numbers)
        for k, told in ((4, "Yes"), (5, "A little"))
    )
    names = ("tau_m", "R", "theta", "u_r", "t_ref")
    plain = dict(zip(names, said(CHAPTER, four), strict=True))
    full = dict(zip(names, said(CHAPTER, five), strict=True))
    full["b"], full["tau_w"] = said(CHAPTER, r"\$b\$ = ([\d.]+) nA, \$\\tau_w\$ = (\d+) ms")
    recorded = recorded_steps("B6").spike_count
    for values in (plain, full):
        outcome = explore_recorded_B6(**values).run()
        counts = [getattr(outcome, f"count_{k}") for k in range(1, 6)]
        assert np.abs(counts - recorded).max() <= 2
    told = said(CHAPTER, r"falls from ([\d.]+) to ([\d.]+) mV, because after the step")
    errors = [explore_recorded_B6(**values).run().error for values in (plain, full)]
    assert told == pytest.approx(errors, abs=0.051)
    other = explore_recorded_B8(**plain).run()
    counts = [getattr(other, f"count_{k}") for k in range(1, 6)]
    said(CHAPTER, "too few spikes on every sweep")
    assert np.all(counts < recorded_steps("B8").spike_count - 2)
    said(CHAPTER, "But that .* is twice what the trace says")
    membrane = fit_membrane(recorded_steps("B6"))
    assert plain["tau_m"] == pytest.approx(2 * membrane.tau_m, rel=0.05)
    said(CHAPTER, r"1\. \$\\tau_m\$ near 18 ms, \$R\$ near 220 MΩ")
    assert (membrane.tau_m, membrane.R) == (pytest.approx(18, abs=0.5), pytest.approx(220, abs=5))


def test_adaptation_pays_on_the_trained_and_not_always_on_the_unseen():
    better = 0
    for cell in ("B6", "B8"):
        steps = recorded_steps(cell)
        I, n = recorded_drive(steps)[0], steps.spike_count
        for k in range(5):
            off = [
                np.abs(count_spikes(recorded_fit(cell, k, adaptation=a), I) - n)
                for a in (False, True)
            ]
            seen = [np.delete(x / n, k).mean() for x in off]
            assert seen[1] < seen[0]
            better += off[1][k] < off[0][k]
            if (cell, k) == ("B8", 4):
                lif, adapting = said(CHAPTER, r"the LIF predicts (\d+) spikes, .* model (\d+)\.")
                assert (lif - 81, adapting - 81) == (off[0][k], off[1][k])
                assert off[1][k] > off[0][k]
            if k == 0:
                said(CHAPTER, "the LIF stays silent, and adaptation finds a part of the spikes")
                assert off[0][k] == n[0] and 0 < off[1][k] < n[0]
    assert 5 < better < 10


def test_the_locust_adapts_and_is_more_regular_than_chance_in_short_windows():
    said(CHAPTER, "Within 20 ms the locust's receptor is much more regular than chance")
    rows = re.findall(r"C_V = (\S+), F = (\S+) in 20 ms, (\S+) in 1 s", printed(CHAPTER))
    (first, second, poisson) = [tuple(map(float, row)) for row in rows]
    assert max(first[1], second[1]) < 0.5 < 0.8 < poisson[1] < 1.2
    assert min(first[2], second[2]) > 1.5
    said(CHAPTER, "even the Poisson train is off by a third there")
    assert poisson[2] == pytest.approx(2 / 3, abs=0.05)
    for train in recorded_trains().spike_times:
        counts = np.histogram(train, np.arange(0, 10_001, 1000))[0]
        assert counts[0] > 1.4 * counts[-1]


@pytest.mark.parametrize("cell", ["B6", "B8"])
def test_what_is_seen_in_the_traces_is_there(cell):
    steps = recorded_steps(cell)
    for k, (u, spikes) in enumerate(zip(steps.u, steps.spike_times, strict=True)):
        between = np.diff(spikes)
        if k > 0:
            said(CHAPTER, "The intervals grow while a step lasts")
            assert between[-5:].mean() > 1.2 * between[:3].mean()
        said(CHAPTER, "the potential falls below where it came from")
        after = (steps.t > steps.stop + 100.0) & (steps.t < steps.stop + 200.0)
        assert np.median(u[after]) < np.median(u[steps.t < steps.start]) - 1.0
        places = np.searchsorted(steps.t, spikes)
        feet = [u[p - 12 : p][np.argmax(np.diff(u[p - 12 : p + 1]) > 2.5)] for p in places]
        if k > 1:
            said(CHAPTER, "the later spikes take off from higher up than the first")
            assert np.mean(feet[-5:]) > feet[0] + 1.0
