"""The unknown neuron: it can be recorded, the same way again, and tells nothing by itself."""

import re

import numpy as np
import pytest

from neuro_lib import Current, constant_current, simulate, step_current
from neuro_lib.analysis.prediction import noise_of
from neuro_lib.coursework import Student, unknown
from neuro_lib.coursework.problems_4 import FULL
from neuro_lib.coursework.unknown import UnknownNeuron, truth_of
from tests.coursework.notebooks import ME, OTHER

MINE = UnknownNeuron(ME)
STEP = step_current(0.4, start=20.0, stop=120.0, duration=200.0, dt=0.1)
SILENCE = constant_current(0.0, duration=5000.0, dt=0.1)
EVERYBODY = [Student(f"s{i}") for i in range(300)]


def test_the_same_trial_is_the_same_recording():
    one, again = MINE.record(STEP, trial=2), UnknownNeuron(Student(" ADA-01")).record(STEP, 2)
    assert np.array_equal(one.u, again.u)
    assert np.array_equal(one.spike_times, again.spike_times)


@pytest.mark.parametrize(
    "other",
    [
        lambda: MINE.record(STEP, trial=2),
        lambda: UnknownNeuron(OTHER).record(STEP),
        lambda: MINE.record(-1.0 * STEP + 0.0),
        lambda: MINE.record(1.001 * STEP),
        lambda: MINE.record(Current(STEP.values[::-1], STEP.dt)),
    ],
)
def test_noise_is_new_for_another_trial_student_and_current(other):
    before = slice(0, 200)  # no current has come yet
    one = MINE.record(STEP).u[before]
    assert abs(np.corrcoef(one, other().u[before])[0, 1]) < 0.5
    assert not np.array_equal(one, other().u[before])


def test_the_last_digit_of_a_current_changes_no_noise():
    """A browser's exponential may differ in it: what was right there is right when marked."""
    noise = noise_of(1, duration=2000.0)
    digits = np.random.default_rng(0).choice([-1e-16, 0.0, 1e-16], noise.values.size)
    same = Current(noise.values + digits, noise.dt)
    one, other = MINE.record(noise), MINE.record(same)
    assert one.u == pytest.approx(other.u, abs=1e-9)
    assert one.spike_times == pytest.approx(other.spike_times, abs=1e-9)


def test_without_noise_it_is_the_neuron(monkeypatch):
    truth = truth_of(ME)
    monkeypatch.setattr(unknown, "truth_of", lambda student: truth._replace(noise=0.0))
    monkeypatch.setattr(unknown, "BLUR", 0.0)
    recorded, expected = MINE.record(STEP), simulate(truth.model, STEP)
    assert np.array_equal(recorded.u, expected.u)
    assert np.array_equal(recorded.spike_times, expected.spike_times)
    assert expected.spike_count >= 3


def test_the_noise_is_as_large_as_it_says():
    """The neuron's own noise and the amplifier's are independent: their variances add."""
    truth = truth_of(ME)
    u = np.concatenate([MINE.record(SILENCE, trial).u for trial in range(1, 9)])
    assert u.mean() == pytest.approx(truth.model.u_rest, abs=0.1)
    assert u.var() == pytest.approx(truth.noise**2 + unknown.BLUR**2, rel=0.15)
    assert np.diff(u).std() == pytest.approx(np.sqrt(2) * unknown.BLUR, rel=0.1)


@pytest.mark.parametrize("dt", [0.05, 0.5])
def test_the_noise_does_not_depend_on_the_step(dt):
    duration = unknown.MAX_SAMPLES // 3 * dt
    runs = [
        MINE.record(constant_current(0.0, duration=duration, dt=dt), trial)
        for trial in range(1, round(60_000 / duration))
    ]
    expected = truth_of(ME).noise ** 2 + unknown.BLUR**2
    assert np.mean([run.u.var() for run in runs]) == pytest.approx(expected, rel=0.15)


def test_nothing_that_a_student_holds_tells_a_parameter():
    model, noise = truth_of(ME)
    shown = repr(MINE) + str(MINE) + repr(vars(MINE)) + repr(MINE.record(STEP))
    assert vars(MINE).keys() == {"student"}
    for value in (*(getattr(model, name) for name in FULL), noise):
        assert not re.search(rf"(?<![\d.]){abs(value):.3g}", shown), value
    assert MINE.record(STEP).w is None


@pytest.mark.parametrize(
    ("I", "trial", "error", "said"),
    [
        (0.4, 1, TypeError, "must be a Current"),
        (constant_current([0.1, 0.2], duration=10.0, dt=0.1), 1, ValueError, r"\(2, 101\)"),
        (constant_current(0.1, duration=5001.0, dt=0.1), 1, ValueError, "at most 50,001"),
        (constant_current(400.0, duration=10.0, dt=0.1), 1, ValueError, "I = 400 nA: .* to 5 nA"),
        (constant_current(-2.0, duration=10.0, dt=0.1), 1, ValueError, "I = -2 nA: .* from -1"),
        (STEP, 0, ValueError, "trial = 0: .* ≥ 1"),
        (STEP, 1.5, ValueError, "trial = 1.5"),
        (STEP, True, ValueError, "trial = True"),
    ],
)
def test_what_cannot_be_recorded_is_refused(I, trial, error, said):
    with pytest.raises(error, match=said):
        MINE.record(I, trial)


def test_everybody_has_a_neuron_of_their_own_that_the_problems_suit():
    models = [truth_of(student).model for student in EVERYBODY]
    assert len({model.arguments() for model in models}) == len(models)
    for model in models:
        assert 0.1 < model.theta / model.R - model.u_rest / model.R < 0.2  # rheobase, nA
        assert model.tau_w > 2 * model.tau_m  # its tail outlasts the membrane's
        assert model.t_ref > 1.6  # the solution averages 1.5 ms of it
        assert simulate(model, STEP).spike_count >= 3
