"""Postsynaptic potentials: the charge of a spike, by an exponential or an α-shaped current."""

from math import exp
from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.analysis.responses import add_alpha_psp, add_decay, add_exponential_psp
from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Choice, Line, Point, Readout, Scene, Slider
from neuro_lib.explorers.scenes import sliders
from neuro_lib.explorers.scenes.pieces import legend, times
from neuro_lib.explorers.scenes.shared_filters import AT_ONCE, CHARGE, R_FIXED, jump_to
from neuro_lib.figures import ink
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_psp"]


@portable
def place_of_largest(x: Array):
    """Index of the largest element."""
    best = 0
    for k in range(len(x)):
        if x[k] > x[best]:
            best = k
    return best


# Postsynaptic potentials: the charge of one spike, by an exponential or an α-shaped current.


class Outcome(NamedTuple):
    """What the figure shows."""

    s: Array
    psp: Array
    from_zero: Array
    current: Array
    kernel: Array
    peak_time: float
    peak: float
    at_once: float


@portable
def filter_psp(kind: int, tau_s: float, tau_m: float) -> Outcome:
    """An exponential (0) or α-shaped (1) synaptic current of 1 pC, and the potential it makes."""
    s = times(201, 0.4)
    current = zeros(201)
    psp = zeros(201)
    for k in range(201):
        current[k] = CHARGE / tau_s * exp(-s[k] / tau_s)
        if kind == 1:
            current[k] *= s[k] / tau_s
    fine = times(4001, 0.02)
    curve = zeros(4001)
    if kind == 0:
        add_exponential_psp(psp, s, CHARGE, tau_s, tau_m, R_FIXED)
        add_exponential_psp(curve, fine, CHARGE, tau_s, tau_m, R_FIXED)
    else:
        add_alpha_psp(psp, s, CHARGE, tau_s, tau_m, R_FIXED)
        add_alpha_psp(curve, fine, CHARGE, tau_s, tau_m, R_FIXED)
    best = place_of_largest(curve)
    kernel = zeros(201)
    add_decay(kernel, s, CHARGE * R_FIXED / tau_m, tau_m)
    from_zero = jump_to(s)
    at_once = kernel[0]
    return Outcome(
        s=s,
        psp=psp,
        from_zero=from_zero,
        current=jump_to(current),
        kernel=jump_to(kernel),
        peak_time=fine[best],
        peak=curve[best],
        at_once=at_once,
    )


def _draw_psp(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(1, 2), figsize=(5.6, 3.9)
    )
    above.plot(
        values["from_zero"], values["current"], color=ink("current"), gid="current", label="I"
    )
    above.set(ylabel="I (nA)", ylim=(-0.03, 0.55))
    legend(above, 1, spacing=3)
    below.plot(
        values["from_zero"],
        values["kernel"],
        "--",
        color=ink("filter"),
        lw=1.2,
        gid="kernel",
        label="q κ",
    )
    below.plot(values["s"], values["psp"], color=ink("voltage"), gid="psp", label="PSP")
    below.plot([values["peak_time"]], [values["peak"]], "o", color=ink("voltage"), gid="top")
    below.set(xlabel="time t (ms)", ylabel="u − u_rest (mV)", xlim=(-4, 80), ylim=(-0.3, 10.5))
    legend(below, 2, spacing=3)
    return figure


SCENE = Scene(
    name="filter_psp",
    title="Postsynaptic potential",
    run=filter_psp,
    parameters=(
        Choice("kind", "synaptic current", options=("exponential", "α-shaped")),
        Slider(
            "tau_s",
            "τ_s",
            "ms",
            "time constant of the synapse",
            low=0.2,
            high=20.0,
            step=0.2,
            default=5.0,
        ),
        sliders.TAU_M,
    ),
    marks=(
        Line("current", "from_zero", "current"),
        Line("kernel", "from_zero", "kernel"),
        Line("psp", "s", "psp"),
        Point("top", "peak_time", "peak"),
    ),
    readouts=(
        Readout("peak", "the PSP peaks at", "mV", 2),
        Readout("peak_time", "after", "ms", 1),
        AT_ONCE,
    ),
    draw=_draw_psp,
    alt="Above, the current of one synapse, which carries 1 pC. Below, the postsynaptic potential: "
    "it rises, peaks and decays. A dashed curve, the answer to the same charge all at once, jumps "
    "higher and decays earlier; for a fast synapse the two are alike.",
    challenges=(
        Challenge(
            "Have the PSP peak later than 12 ms, and above 2 mV.",
            (
                Goal("peak_time", low=12.0),
                Goal("peak", low=2.0),
            ),
            hint="Two filters of like pace, one behind the other, delay more than a fast and a "
            "slow one.",
        ),
    ),
)


def explore_psp(**values):
    """Explore the postsynaptic potential of one presynaptic spike (kind, τ_s, τ_m).

    Parameters
    ----------
    **values
        First values: ``kind`` (``"exponential"`` or ``"α-shaped"``) and the sliders ``tau_s``
        (time constant of the synaptic current, ms), ``tau_m`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_psp(tau_s=10.0)
    the PSP peaks at 1.84 mV
    after 10.0 ms
    all at once 5.00 mV
    """
    return Explorer(SCENE, **values)
