"""Marking of problem set 5: the coefficient of variation meets spike trains it has not seen."""

import numpy as np

from neuro_lib.coursework.problems_5 import judge_cvs, train


def trials(student):
    """Spike trains, from a clock that skips a beat to bursts; the same for every student."""
    bursts = np.sort(np.concatenate([train(31, 2.0, mean=90.0) + k for k in (0.0, 3.0, 6.5)]))
    skipping = np.delete(np.arange(8.0, 2000.0, 12.5), slice(3, None, 5))
    return [train(30, 6.0), train(29, 1.0, mean=33.0), bursts, skipping]


def inputs_cv(student):
    """Arguments of the function's calls: lists of numbers."""
    return [(times.tolist(),) for times in trials(student)]


def mark_cv(answers, student):
    """Mark the coefficients that the calls returned."""
    return judge_cvs(answers, trials(student))
