"""A model is fitted to a recorded neuron step by step, and each step finds what it should."""

from functools import partial

import numpy as np
import pytest

from neuro_lib import LIF, FilteredLIF, recorded_steps, simulate
from neuro_lib.analysis.recorded_fit import (
    fit_membrane,
    fit_recorded,
    recorded_drive,
    recorded_fit,
    rise_error,
    spread,
)
from neuro_lib.data.recordings import RecordedSteps

HIDDEN = LIF(tau_m=16.0, R=210.0, u_rest=-70.0, theta=-46.0, u_r=-70.0, t_ref=12.0)


@pytest.fixture(scope="module")
def made():
    """A recording of a known neuron under the steps of B6, with noise."""
    real = recorded_steps("B6")
    I, _ = recorded_drive(real)
    trains = simulate(HIDDEN, I).spike_times
    t = real.t
    s = t - real.start
    x = HIDDEN.R * real.amplitudes[:, None] * -np.expm1(-np.maximum(s, 0.0) / HIDDEN.tau_m)
    noise = np.random.default_rng(0).normal(0.0, 0.3, x.shape)
    spikes = np.empty(5, dtype=object)
    spikes[:] = [train - 100.0 + real.start for train in trains]
    return RecordedSteps("made", t, real.I, HIDDEN.u_rest + x + noise, spikes)


def test_the_membrane_of_a_known_neuron_is_found(made):
    found = fit_membrane(made)
    assert found.tau_m == pytest.approx(HIDDEN.tau_m, rel=0.02)
    assert pytest.approx(HIDDEN.R, rel=0.01) == found.R
    assert found.u_rest == pytest.approx(HIDDEN.u_rest, abs=0.1)
    assert rise_error(found, made) == pytest.approx(0.3, abs=0.05)


def test_a_fit_to_four_sweeps_predicts_the_fifth_of_a_known_neuron(made):
    model = fit_recorded(made, [0, 1, 2, 4], adaptation=False, generations=30)
    I, trains = recorded_drive(made)
    assert np.abs(simulate(model, I).spike_count - [x.size for x in trains]).max() <= 1
    assert model.t_ref == pytest.approx(HIDDEN.t_ref, abs=1.5)


def test_the_drive_is_that_of_the_recording():
    steps = recorded_steps("B8")
    I, trains = recorded_drive(steps, [4, 1])
    assert I.values.max(axis=1) == pytest.approx(steps.amplitudes[[4, 1]])
    assert (I.values > 0.0).sum(axis=1) * I.dt == pytest.approx(steps.stop - steps.start)
    first = np.flatnonzero(I.values[0])[0] * I.dt
    assert trains[0] - first == pytest.approx(steps.spike_times[4] - steps.start)


@pytest.mark.parametrize("adaptation", [False, True])
def test_the_recorded_fits_are_of_their_kind_and_better_than_a_quick_one(adaptation):
    steps, sweeps = recorded_steps("B8"), [0, 1, 2, 4]
    recorded = recorded_fit("B8", 3, adaptation=adaptation)
    assert isinstance(recorded, FilteredLIF if adaptation else LIF)
    membrane = fit_membrane(steps, sweeps)
    assert recorded.tau_m == pytest.approx(membrane.tau_m, rel=1e-3)
    assert pytest.approx(membrane.R, rel=1e-3) == recorded.R
    quick = fit_recorded(steps, sweeps, adaptation=adaptation, generations=2)
    I, _ = recorded_drive(steps, sweeps)
    n = steps.spike_count[sweeps]
    off = [np.abs(simulate(model, I).spike_count - n).sum() for model in (recorded, quick)]
    assert off[0] <= off[1]


def test_spread_is_where_the_error_has_doubled():
    lif = LIF(R=50.0)
    low, high = spread(lambda m: 1.0 + ((m.R - 50.0) / 4.0) ** 2, lif, "R")
    assert (low, high) == (pytest.approx(46.0, abs=1e-4), pytest.approx(54.0, abs=1e-4))
    low, high = spread(lambda m: 1.0, lif, "u_r")  # there is no neuron with u_r above theta
    assert low == pytest.approx(-130.0, abs=1e-3) and high == pytest.approx(-50.0, abs=1e-3)


@pytest.mark.parametrize("left_out", [5, -1, 2.0, True, "2"])
def test_no_fit_leaves_out_a_sweep_that_is_not_there(left_out):
    with pytest.raises(
        ValueError, match=r"left_out = .*: the sweep must be an integer ≥ 0 and < 5"
    ):
        recorded_fit("B6", left_out, adaptation=True)


ASK_FOR_SWEEPS = (
    recorded_drive,
    fit_membrane,
    partial(rise_error, HIDDEN),
    partial(fit_recorded, adaptation=False),
)


@pytest.mark.parametrize("ask", ASK_FOR_SWEEPS)
def test_what_is_no_recording_or_no_sweep_of_it_is_refused(ask):
    steps = recorded_steps("B6")
    with pytest.raises(TypeError, match="steps must be a RecordedSteps, not str"):
        ask("B6", [0])
    for sweeps in ([5], [-1], [0, 1.0], [True], ["0"]):
        with pytest.raises(ValueError, match=r"^sweeps = .*: the number of a sweep must be an int"):
            ask(steps, sweeps)
    for sweeps in ([], 3, "0", {0, 1}, [[0, 1]]):
        with pytest.raises(ValueError, match=r"^sweeps = .*: must be a list of sweeps, each of 0 "):
            ask(steps, sweeps)
    assert recorded_drive(steps, np.arange(5))[0] == recorded_drive(steps)[0]


def test_a_sweep_without_spikes_rises_to_the_end_of_its_step(made):
    silent = np.empty(5, dtype=object)
    silent[:] = [np.array([])] * 5
    found = fit_membrane(RecordedSteps("silent", made.t, made.I, made.u, silent))
    assert found.tau_m == pytest.approx(HIDDEN.tau_m, rel=0.01)


@pytest.mark.parametrize("factor", [1.0, 0.5, np.nan, "2", True])
def test_a_spread_is_that_of_an_error_that_grows(factor):
    with pytest.raises(ValueError, match=r"^factor = .*: the growth of the error must be .* > 1"):
        spread(lambda m: 1.0, LIF(), "R", factor=factor)
