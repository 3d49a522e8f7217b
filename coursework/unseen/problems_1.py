"""Marking of problem set 1: the integrator meets neurons and currents it has not seen."""

from neuro_lib import LIF, constant_current, ou_current, step_current
from neuro_lib.coursework.problems_1 import given, judge_spikes


def trials(student):
    """Neurons and their input, the student's own neuron among them."""
    mine = given(student)
    other = LIF(tau_m=17.0, R=90.0, u_rest=-71.0, theta=-54.0, u_r=-75.0, t_ref=4.0)
    noise = ou_current(0.3, 0.08, tau=20.0, duration=300.0, dt=0.02, seed=7)
    return [
        (mine.lif, constant_current(1.7 * mine.I_strong, duration=150.0, dt=0.02)),
        (mine.lif, step_current(-mine.I_strong, start=30.0, stop=80.0, duration=150.0, dt=0.02)),
        (other, step_current(0.41, start=13.0, stop=190.0, duration=250.0, dt=0.02)),
        (other, noise),
    ]


def inputs_integrate(student):
    """Arguments of the calls, as plain data."""
    return [
        (
            I.values[:-1].tolist(),
            I.dt,
            *(float(x) for x in (m.tau_m, m.R, m.u_rest, m.theta, m.u_r, m.t_ref)),
        )
        for m, I in trials(student)
    ]


def mark_integrate(answers, student):
    """Mark the spike times that the calls returned."""
    return judge_spikes(answers, trials(student))
