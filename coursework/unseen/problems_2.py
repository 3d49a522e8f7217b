"""Marking of problem set 2: the convolution meets neurons and currents it has not seen."""

from neuro_lib import LIF, ou_current, pulse_train_current, sine_current, step_current
from neuro_lib.coursework.problems_2 import given, judge_filtered


def trials(student):
    """Membranes and their input, the student's own membrane among them."""
    mine = given(student).lif
    other = LIF(tau_m=13.0, R=70.0, u_rest=-58.0, theta=-40.0, u_r=-58.0)
    return [
        (mine, ou_current(0.1, 0.1, tau=10.0, duration=80.0, dt=0.05, seed=11)),
        (mine, step_current(-0.17, start=55.0, stop=80.0, duration=80.0, dt=0.05)),
        (other, pulse_train_current(0.3, period=31.0, width=9.0, duration=80.0, dt=0.05)),
        (other, sine_current(0.13, frequency=33.0, duration=80.0, dt=0.05)),
    ]


def inputs_filtered(student):
    """Arguments of the function's calls: numbers and lists of them."""
    return [
        (I.values.tolist(), I.dt, float(m.tau_m), float(m.R), float(m.u_rest))
        for m, I in trials(student)
    ]


def mark_filtered(answers, student):
    """Mark the potentials that came out of the sandbox."""
    return judge_filtered(answers, trials(student))
