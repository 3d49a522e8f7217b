"""Marking of problem set 4: Γ meets new spike trains, and the models noise they have not seen."""

from neuro_lib.analysis.prediction import noise_of
from neuro_lib.coursework.problems_4 import (
    given,
    judge_full,
    judge_gamma,
    judge_plain,
    two_trains,
)

UNSEEN = 7411, 963  # seeds
# Seed, duration and window (ms); with these trains each slip has a value of its own.
TRAINS = (511, 2500.0, 2.0), (549, 1200.0, 3.0), (592, 4000.0, 1.5), (523, 1800.0, 5.0)


def trials(student):
    """Spike trains and how they are compared; the same for every student."""
    return [two_trains(*each) for each in TRAINS]


def inputs_gamma(student):
    """Arguments of the function's calls: numbers and lists of them."""
    return [(p.tolist(), r.tolist(), *rest) for p, r, *rest in trials(student)]


def mark_gamma(answers, student):
    """Mark the coincidence factors that the calls returned."""
    return judge_gamma(answers, trials(student))


def recordings(student):
    """Noise that only the marking knows, and what the student's neuron fires under it."""
    mine = given(student)
    noises = [noise_of(seed, duration=20_000.0) for seed in UNSEEN]
    return [(I, [mine.record(I, trial).spike_times for trial in (1, 2)]) for I in noises]


def mark_plain(answer, student):
    """Mark the spikes that a plain neuron predicts."""
    return judge_plain(answer, student, recordings(student))


def mark_full(answer, student, firing=None):
    """Mark the spikes that a neuron with adaptation predicts."""
    return judge_full(answer, student, recordings(student), firing)
