"""The past: a current before t = 0, and what a formula that starts at t = 0 knows of it."""

from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.analysis.filters import relax_run
from neuro_lib.analysis.responses import add_decay
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Line, Readout, Scene, Slider
from neuro_lib.explorers.scenes import sliders
from neuro_lib.explorers.scenes.pieces import legend, part, times
from neuro_lib.explorers.scenes.shared_filters import R_FIXED, U_REST
from neuro_lib.figures import ink
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_past"]

LATER = 40  # steps from t = 0 to 20 ms


class Outcome(NamedTuple):
    """What the figure shows."""

    seen: Array
    seen_current: Array
    seen_u: Array
    s: Array
    without: Array
    left: Array
    start: float
    gap: float
    left_at_20: float


@portable
def filter_past(past: float, since: float, tau_m: float) -> Outcome:
    """A membrane with a past, a formula that leaves the past out, and what it leaves out."""
    n = 561
    dt = 0.5  # from -200 to 80 ms
    zero = 400  # the step at which t = 0
    current = zeros(n)
    for k in range(n):
        t = k * dt - 200.0
        if t >= -since and t < 0.0:
            current[k] = past
        if t >= 20.0 and t < 40.0:
            current[k] = 0.2
    u = zeros(n)
    relax_run(current, dt, tau_m, R_FIXED, U_REST, U_REST, u)
    seen = times(281, dt)
    for k in range(281):
        seen[k] -= 60.0
    seen_current = part(current, 280, n)
    seen_u = part(u, 280, n)

    after = part(current, zero, n)
    without = zeros(161)
    relax_run(after, dt, tau_m, R_FIXED, U_REST, U_REST, without)
    s = times(161, dt)
    start = u[zero]
    left = zeros(161)
    add_decay(left, s, start - U_REST, tau_m)
    gap = u[zero + LATER] - without[LATER]
    return Outcome(
        seen=seen,
        seen_current=seen_current,
        seen_u=seen_u,
        s=s,
        without=without,
        left=left,
        start=start,
        gap=gap,
        left_at_20=left[LATER],
    )


def _draw_past(values):
    figure, (above, middle, below) = plt.subplots(
        3, 1, sharex=True, height_ratios=(2, 4, 2), figsize=(5.6, 4.6)
    )
    above.plot(
        values["seen"], values["seen_current"], color=ink("current"), gid="current", label="I"
    )
    above.set(ylabel="I (nA)", ylim=(-0.28, 0.3))
    legend(above, 1, spacing=3)
    middle.plot(values["seen"], values["seen_u"], color=ink("voltage"), gid="u", label="u")
    middle.plot(
        values["s"],
        values["without"],
        "--",
        color=ink("threshold"),
        gid="without",
        label="without the past",
    )
    middle.set(ylabel="u (mV)", ylim=(-76, -50))
    legend(middle, 2, "left", spacing=4)
    below.plot(values["s"], values["left"], color=ink("filter"), gid="left", label="initial term")
    below.set(xlabel="time t (ms)", ylabel="gap (mV)", xlim=(-60, 80), ylim=(-11, 13.5))
    legend(below, 1, spacing=3)
    for axes in (above, middle, below):
        axes.axvline(0, color=ink("reference"), lw=0.8, ls=":")
    return figure


SCENE = Scene(
    name="filter_past",
    title="What the past leaves behind",
    run=filter_past,
    parameters=(
        Slider(
            "past", "I", "nA", "current before t = 0", low=-0.2, high=0.25, step=0.01, default=0.2
        ),
        Slider(
            "since",
            "T",
            "ms",
            "how long it had been on",
            low=1.0,
            high=200.0,
            step=1.0,
            default=40.0,
        ),
        sliders.TAU_M,
    ),
    marks=(
        Line("current", "seen", "seen_current"),
        Line("u", "seen", "seen_u"),
        Line("without", "s", "without"),
        Line("left", "s", "left"),
    ),
    readouts=(
        Readout("start", "u(0)", "mV", 2),
        Readout("gap", "gap at t = 20 ms:", "mV", 3),
        Readout("left_at_20", "the initial term there:", "mV", 3),
    ),
    draw=_draw_past,
    alt="Above, a current that was on before t = 0 and a pulse after it. In the middle, the "
    "membrane potential, and a dashed curve that starts from rest at t = 0: it lies apart at "
    "first and joins the other within a few time constants. Below, the gap: it decays.",
)


def explore_past(**values):
    """Explore what a current before t = 0 still does after it (I, T, τ_m).

    Parameters
    ----------
    **values
        First values of the sliders ``past`` (current before t = 0, nA), ``since`` (its duration,
        ms), ``tau_m`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_past(past=0.0)
    u(0) −65.00 mV
    gap at t = 20 ms: 0.000 mV
    the initial term there: 0.000 mV
    """
    return Explorer(SCENE, **values)
