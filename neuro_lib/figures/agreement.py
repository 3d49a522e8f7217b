"""Closed forms laid on simulations: the responses of the membrane, and how far they are apart."""

import matplotlib.pyplot as plt
import numpy as np

from neuro_lib.analysis.responses import (
    alpha_psp,
    exponential_psp,
    impulse_response,
    pulse_response,
    sine_response,
    step_response,
)
from neuro_lib.figures.svg import Picture, house_style, ink
from neuro_lib.inputs.currents import Current
from neuro_lib.models.lif import LIF
from neuro_lib.models.simulation import simulate

__all__ = ["compare_responses", "draw_agreement"]

ALT = (
    "Six panels of 60 ms, one for each input: all charge at once, a step, a pulse, a sine, an "
    "exponential and an α-shaped synaptic current. In each, the closed form is a line, and the "
    "dots of the simulation lie on it; the largest error is written above."
)
DURATION = 60.0  # ms
EVERY = 2.5  # ms from one dot to the next


def compare_responses(*, dt):
    """Simulate six inputs and hold their closed forms against it.

    The simulation takes a current that is constant in each step: the mean of the true one there.
    For a step and a pulse that changes nothing; for the others the error falls with dt.

    Parameters
    ----------
    dt : float
        Time step (ms); a whole number of steps makes 2.5 ms.

    Returns
    -------
    dict
        By the input's name: times (ms), closed form (mV), simulation (mV), each of shape (n,).

    Examples
    --------
    >>> t, formula, simulation = compare_responses(dt=0.5)["step"]
    >>> bool(np.abs(formula - simulation).max() < 1e-9)
    True
    """
    lif = LIF()
    t = dt * np.arange(round(DURATION / dt) + 1)
    turn = 2 * np.pi * 0.02 * t  # of a sine of 20 Hz
    s = t / 5.0  # in time constants of the synapse
    # For each input: its charge up to t (pC), and the response to it (mV).
    inputs = {
        "at once": (2.0 * (t > 0), impulse_response(lif, 2.0, t)),
        "step": (0.2 * t, step_response(lif, 0.2, t)),
        "pulse": (0.2 * np.minimum(t, 20.0), pulse_response(lif, 0.2, t, width=20.0)),
        "sine": (
            0.2 * (1 - np.cos(turn)) / (2 * np.pi * 0.02),
            sine_response(lif, 0.2, t, frequency=20.0),
        ),
        "exponential": (-3.0 * np.expm1(-s), exponential_psp(lif, 3.0, t, tau_s=5.0)),
        "α-shaped": (3.0 * (1 - (1 + s) * np.exp(-s)), alpha_psp(lif, 3.0, t, tau_s=5.0)),
    }
    compared = {}
    for name, (charge, response) in inputs.items():
        current = Current(np.append(np.diff(charge), 0.0) / dt, dt)
        compared[name] = t, response, simulate(lif, current).u - lif.u_rest
    return compared


def draw_agreement(*, dt=0.05):
    """Draw the closed forms on the simulation, with the largest error of each.

    Parameters
    ----------
    dt : float
        Time step of the simulation (ms), as for `compare_responses`.

    Returns
    -------
    Picture
        Display it as the last line of a cell.

    Examples
    --------
    >>> draw_agreement().alt[:10]
    'Six panels'
    """
    every = round(EVERY / dt)
    with house_style():
        figure, grid = plt.subplots(2, 3, sharex=True, sharey=True, figsize=(5.6, 3.8))
        compared = compare_responses(dt=dt).items()
        for axes, (name, (t, formula, simulation)) in zip(grid.flat, compared, strict=True):
            seen = slice(every, None, every)  # at t = 0 a charge has jumped, or is about to
            axes.plot(t, formula, color=ink("voltage"))
            axes.plot(t[seen], simulation[seen], ".", ms=5, color=ink("spikes"))
            error = np.abs(formula - simulation)[1:].max()
            difference = "< 1e-6 µV" if error < 1e-9 else f"{1000 * error:.2g} µV"
            axes.set_title(f"{name}\n{difference}", fontsize=9, linespacing=1.4)
            axes.set(xlim=(0, DURATION), ylim=(-7, 11.5), xticks=(0, 20, 40))
        figure.supxlabel("time t (ms)", fontsize=10)
        figure.supylabel("u − u_rest (mV)", fontsize=10)
    return Picture(figure, alt=ALT, name="agreement")
