"""One charge, in a pulse that becomes shorter and shorter."""

from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.analysis.responses import add_green, add_pulse, step_at
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Handle, Line, Readout, Scene, Slider
from neuro_lib.explorers.scenes import sliders
from neuro_lib.explorers.scenes.pieces import legend, times
from neuro_lib.explorers.scenes.shared_filters import AT_ONCE, CHARGE, R_FIXED, jump_to
from neuro_lib.figures import ink
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_pulse"]


class Outcome(NamedTuple):
    """What the figure shows."""

    edges: Array
    current: Array
    s: Array
    u: Array
    kernel_s: Array
    kernel: Array
    peak: float
    at_once: float


@portable
def filter_pulse(width: float, tau_m: float) -> Outcome:
    """A pulse of 1 pC, the membrane's answer, and its answer to all of the charge at once."""
    s = times(201, 0.4)
    height = CHARGE / width
    u = zeros(201)
    add_pulse(u, s, height, width, tau_m, R_FIXED)
    kernel = zeros(201)
    add_green(kernel, s, CHARGE, tau_m, R_FIXED)
    edges = zeros(6)
    current = zeros(6)
    edges[0] = -8.0
    edges[3] = width
    edges[4] = width
    edges[5] = 80.0
    current[2] = height
    current[3] = height
    peak = step_at(width, height, tau_m, R_FIXED)
    at_once = kernel[0]
    return Outcome(
        edges=edges,
        current=current,
        s=s,
        u=u,
        kernel_s=jump_to(s),
        kernel=jump_to(kernel),
        peak=peak,
        at_once=at_once,
    )


def _draw_pulse(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(1, 2), figsize=(5.6, 3.9)
    )
    above.plot(values["edges"], values["current"], color=ink("current"), gid="current", label="I")
    above.set(ylabel="I (nA)", ylim=(-0.05, 1.08))
    legend(above, 1, spacing=3)
    below.plot(
        values["kernel_s"],
        values["kernel"],
        "--",
        color=ink("filter"),
        lw=1.2,
        gid="kernel",
        label="q κ",
    )
    below.plot(values["s"], values["u"], color=ink("voltage"), gid="u", label="u − u_rest")
    below.set(xlabel="time t (ms)", ylabel="u − u_rest (mV)", xlim=(-8, 80), ylim=(-0.3, 10.5))
    legend(below, 2, spacing=3)
    return figure


SCENE = Scene(
    name="filter_pulse",
    title="A short pulse of current",
    run=filter_pulse,
    parameters=(
        Slider(
            "width", "w", "ms", "length of the pulse", low=1.0, high=40.0, step=0.5, default=5.0
        ),
        sliders.TAU_M,
    ),
    marks=(
        Line("current", "edges", "current"),
        Line("kernel", "kernel_s", "kernel"),
        Line("u", "s", "u"),
    ),
    readouts=(Readout("peak", "the pulse lifts u by", "mV", 2), AT_ONCE),
    handles=(Handle("width", axis="x", mark="current", at=0.0),),
    draw=_draw_pulse,
    alt="Above, a rectangular pulse of current that carries a charge of 1 pC. Below, the "
    "deflection of the membrane potential: it climbs during the pulse and decays after it. The "
    "shorter the pulse, the closer the curve comes to a dashed one that jumps at once and decays.",
)


def explore_pulse(**values):
    """Explore a charge of 1 pC that arrives in a pulse, longer or shorter (w, τ_m).

    Parameters
    ----------
    **values
        First values of the sliders ``width`` (ms), ``tau_m`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_pulse(width=1.0)
    the pulse lifts u by 4.76 mV
    all at once 5.00 mV
    """
    return Explorer(SCENE, **values)
