"""Marking of problem set 3: the membrane meets synapses it has not seen."""

import numpy as np

from neuro_lib import LIF, AlphaSynapse, ExponentialSynapse
from neuro_lib.coursework.problems_3 import DT, conductances, given, judge_potentials

STEPS = 1001


def trials(student):
    """Membranes, conductances and reversal potentials, the student's own membrane among them."""
    mine = given(student).lif
    other = LIF(tau_m=13.0, R=85.0, u_rest=-58.0, theta=-40.0, u_r=-58.0)
    fast = ExponentialSynapse(g_max=0.006, tau_s=4.0, E_syn=0.0)
    slow = AlphaSynapse(g_max=0.012, tau_s=6.0, E_syn=-77.0)
    late = ExponentialSynapse(g_max=0.009, tau_s=11.0, E_syn=mine.u_rest)
    mixed = [(fast, [6.0, 9.0, 31.0]), (slow, [4.0, 20.0]), (late, [17.0])]
    t = np.arange(STEPS) * DT
    return [
        (mine, conductances(mixed, STEPS), np.array([0.0, -77.0, mine.u_rest])),
        (mine, conductances([(slow, [3.0, 8.0, 35.0])], STEPS), np.array([-77.0])),
        (other, np.array([0.02 * (t > 12), 0.01 * (t < 30)]), np.array([-20.0, -81.0])),
        (other, conductances([(fast, [2.0, 4.5]), (slow, [2.0])], STEPS), np.array([0.0, -77.0])),
    ]


def inputs_potential(student):
    """Arguments of the function's calls: numbers and lists of them."""
    return [
        (g.tolist(), E.tolist(), DT, float(m.tau_m), float(m.R), float(m.u_rest))
        for m, g, E in trials(student)
    ]


def mark_potential(answers, student):
    """Mark the potentials that came out of the sandbox."""
    return judge_potentials(answers, trials(student))
