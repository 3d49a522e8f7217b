"""Euler's method beside the exact solution."""

from math import floor
from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Line, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.scenes import sliders
from neuro_lib.explorers.scenes.pieces import legend, part, times
from neuro_lib.explorers.scenes.shared_lif import (
    R_FIXED,
    SPIKE_HEIGHT,
    SPIKE_TOP,
    THETA,
    U_REST,
    draw_membrane,
)
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.models.lif import LIF, euler_run, euler_step, run
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_euler"]


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    spikes: Array
    u_euler: Array
    t_drawn: Array
    drawn: Array
    spikes_euler: Array
    count: int
    count_euler: int
    first: float
    first_euler: float


@portable
def lif_euler(dt: float, tau_m: float, I: float) -> Outcome:
    """A neuron under a constant current for 120 ms: exact, and by Euler's steps of dt."""
    fine = 0.1
    t = times(1201, fine)
    current = zeros(1201)
    for k in range(1201):
        current[k] = I
    u = zeros(1201)
    spikes = zeros(1201)
    lif = LIF(tau_m=tau_m)
    count = run(current, fine, lif, lif.u_rest, u, spikes)
    n = floor(120.0 / dt + 1e-9) + 1
    t_euler = times(n, dt)
    u_euler = zeros(n)
    spikes_euler = zeros(n)
    count_euler = euler_run(part(current, 0, n), dt, lif, lif.u_rest, u_euler, spikes_euler)
    # As it is drawn, each step goes to where its slope leads, and only then falls to the reset.
    t_drawn = zeros(len(t_euler) + n - 1)
    drawn = zeros(len(t_drawn))
    drawn[0] = u_euler[0]
    at = 1
    for k in range(1, n):
        t_drawn[at] = t_euler[k]
        drawn[at] = euler_step(u_euler[k - 1], I, dt, tau_m, R_FIXED, U_REST)
        t_drawn[at + 1] = t_euler[k]
        drawn[at + 1] = u_euler[k]
        at += 2
    first = -1.0
    if count > 0:
        first = spikes[0]
    first_euler = -1.0
    if count_euler > 0:
        first_euler = spikes_euler[0]
    return Outcome(
        t=t,
        u=u,
        spikes=part(spikes, 0, count),
        u_euler=u_euler,
        t_drawn=t_drawn,
        drawn=drawn,
        spikes_euler=part(spikes_euler, 0, count_euler),
        count=count,
        count_euler=count_euler,
        first=first,
        first_euler=first_euler,
    )


def _draw_euler(values):
    figure, axes = plt.subplots(figsize=(5.6, 3.2))
    draw_membrane(axes, {**values, "spike_top": SPIKE_TOP}, theta=THETA)
    axes.plot(
        values["t_drawn"], values["drawn"], color=ink("filter"), lw=1.2, gid="euler", label="Euler"
    )
    draw_spikes(
        axes,
        values["spikes_euler"],
        SPIKE_TOP + 1,
        SPIKE_TOP + SPIKE_HEIGHT,
        color=ink("filter"),
        gid="spikes_euler",
    )
    axes.set(xlabel="time t (ms)", xlim=(0, 121), ylim=(-70, -15))
    legend(axes, 4)
    return figure


SCENE = Scene(
    name="lif_euler",
    title="Euler's method beside the exact solution",
    run=lif_euler,
    parameters=(
        Slider("dt", "Δt", "ms", "Euler's time step", low=0.5, high=20.0, step=0.5, default=4.0),
        sliders.TAU_M,
        sliders.I,
    ),
    marks=(
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", THETA, SPIKE_TOP),
        Line("euler", "t_drawn", "drawn"),
        Ticks("spikes_euler", "spikes_euler", SPIKE_TOP + 1, SPIKE_TOP + SPIKE_HEIGHT),
    ),
    readouts=(
        Readout("count", "exact: spikes", "", 0),
        Readout("first", "the first at", "ms", 2, "none"),
        Readout("count_euler", "Euler: spikes", "", 0),
        Readout("first_euler", "the first at", "ms", 2, "none"),
    ),
    draw=_draw_euler,
    alt="The membrane potential under a constant current, exact and by Euler's method, with the "
    "spikes of each above. Euler's broken line leaves the curve, more so for longer steps, "
    "overshoots the threshold, and its spikes fall on other times.",
)


def explore_euler(**values):
    """Explore what Euler's method makes of the neuron (Δt, τ_m, I).

    Parameters
    ----------
    **values
        First values of the sliders ``dt`` (ms), ``tau_m`` (ms), ``I`` (nA).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_euler(dt=20.0, I=0.25)
    exact: spikes 0
    none
    Euler: spikes 6
    the first at 20.00 ms
    """
    return Explorer(SCENE, **values)
