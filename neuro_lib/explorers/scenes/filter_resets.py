"""Resets: a spiking neuron's potential, layer by layer. 120 ms."""

from math import pi, sin
from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.analysis.filters import add_resets, relax_run
from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Line, Readout, Scene, Slider
from neuro_lib.explorers.scenes import sliders
from neuro_lib.explorers.scenes.pieces import legend, part, times
from neuro_lib.explorers.scenes.shared_filters import R_FIXED, SAME_POTENTIAL, U_REST
from neuro_lib.figures import ink
from neuro_lib.models.lif import LIF, run
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_resets"]

THETA = LIF().theta


# Resets: a spiking neuron's potential, layer by layer. 120 ms.


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    total: Array
    free: Array
    resets: Array
    gap: Array
    spikes: Array
    count: int
    error: float


@portable
def filter_resets(I: float, tau_m: float, u_r: float, t_ref: float) -> Outcome:
    """A spiking neuron, its filtered input, the rests of its resets, and how well they add up."""
    n = 481
    dt = 0.25
    t = times(n, dt)
    current = zeros(n)
    for k in range(20, n):
        current[k] = I * (1.0 + 0.5 * sin(2.0 * pi * t[k] / 60.0))
    u = zeros(n)
    spikes = zeros(n)
    lif = LIF(tau_m=tau_m, u_r=u_r, t_ref=t_ref)
    count = run(current, dt, lif, lif.u_rest, u, spikes)
    fired = part(spikes, 0, count)
    free = zeros(n)
    relax_run(current, dt, tau_m, R_FIXED, 0.0, 0.0, free)
    resets = zeros(n)
    add_resets(resets, fired, dt, u_r - THETA, tau_m)
    total = zeros(n)
    gap = zeros(n)
    error = 0.0
    for k in range(n):
        total[k] = U_REST + free[k] + resets[k]
        gap[k] = total[k] - u[k]
        error = max(error, abs(gap[k]))
    if error < SAME_POTENTIAL:
        error = -1.0
        for k in range(n):
            gap[k] = 0.0
    return Outcome(
        t=t,
        u=u,
        total=total,
        free=free,
        resets=resets,
        gap=gap,
        spikes=fired,
        count=count,
        error=error,
    )


def _draw_resets(values):
    figure, (above, middle, below) = plt.subplots(
        3, 1, sharex=True, height_ratios=(3, 3, 2), figsize=(5.6, 5.4)
    )
    t = values["t"]
    above.axhline(THETA, color=ink("threshold"), lw=1.2, label="θ")
    above.plot(t, values["u"], color=ink("voltage"), lw=3.5, alpha=0.5, gid="u", label="u")
    above.plot(t, values["total"], color=ink("spikes"), lw=1, gid="total", label="sum")
    above.set(ylabel="u (mV)", ylim=(-77, -25))
    legend(above, 3, spacing=3)
    middle.plot(t, values["free"], color=ink("current"), gid="free", label="κ∗I")
    middle.plot(t, values["resets"], color=ink("filter"), gid="resets", label="Σ η")
    middle.set(ylabel="layers (mV)", ylim=(-60, 48))
    legend(middle, 2, spacing=3)
    below.plot(t, values["gap"], color=ink("threshold"), gid="gap", label="sum − u")
    below.set(xlabel="time t (ms)", ylabel="error (mV)", xlim=(0, 120), ylim=(-2, 40))
    legend(below, 1, spacing=3)
    return figure


SCENE = Scene(
    name="filter_resets",
    title="Input and resets as a sum of layers",
    run=filter_resets,
    parameters=(
        Slider("I", "I", "nA", "mean input current", low=0.0, high=0.6, step=0.01, default=0.4),
        sliders.TAU_M,
        Slider.of(LIF, "u_r", -75.0, -55.0, 0.5),
        Slider.of(LIF, "t_ref", 0.0, 5.0, 0.5),
    ),
    marks=(
        Line("u", "t", "u"),
        Line("total", "t", "total"),
        Line("free", "t", "free"),
        Line("resets", "t", "resets"),
        Line("gap", "t", "gap"),
    ),
    readouts=(
        Readout("count", "spikes:", "", 0),
        Readout(
            "error",
            "sum and simulation differ by up to",
            "mV",
            2,
            "sum and simulation agree within 1e-9 mV",
        ),
    ),
    draw=_draw_resets,
    alt="Above, the simulated potential of a spiking neuron, and on it the sum of the layers. In "
    "the middle the layers: the filtered input, which rises far above the threshold, and the sum "
    "of the reset kernels, which takes it down again at each spike. Below, the difference between "
    "sum and simulation: none without refractory time.",
    challenges=(
        Challenge(
            "Have it fire exactly four times, with the sum still exact.",
            (
                Goal("count", low=4, high=4),
                Goal("error", high=0.001),
            ),
            locked=("I",),
            hint="A refractory time spoils the sum. What else makes the neuron fire less?",
        ),
    ),
)


def explore_resets(**values):
    """Explore a spiking neuron as a sum of filtered input and reset kernels (I, τ_m, u_r, t_ref).

    Parameters
    ----------
    **values
        First values of the sliders ``I`` (mean current, nA), ``tau_m`` (ms), ``u_r`` (mV),
        ``t_ref`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_resets(I=0.1)
    spikes: 0
    sum and simulation agree within 1e-9 mV
    """
    return Explorer(SCENE, **values)
