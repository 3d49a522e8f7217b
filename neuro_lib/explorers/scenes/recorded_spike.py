"""A recorded spike, and two cursors that read it off."""

from math import floor
from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.data.facts import FACTS
from neuro_lib.data.recordings import recorded_steps
from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Handle, Line, Point, Readout, Scene, Slider
from neuro_lib.figures import ink
from neuro_lib.portable import portable

__all__ = ["explore_spike"]

FIRST, LAST = -10.0, 60.0  # ms from the start of the step
CLOSE = (37.0, 45.0)  # ms of it that are drawn large
BOTTOM, TOP = -78.0, 25.0  # mV


def _shown():
    """Time since the step (ms) and potential (mV) of the first sweep of B6."""
    steps = recorded_steps("B6")
    t = steps.t - steps.start
    shown = (t >= FIRST - 1e-9) & (t <= LAST + 1e-9)
    return t[shown], steps.u[0, shown]


TIMES, POTENTIALS = _shown()
DT = recorded_steps("B6").dt
U = tuple(POTENTIALS.tolist())
LAST_STEP = len(U) - 2


@portable
def potential(t: float):
    """Potential at a time, between samples on a straight line (mV)."""
    x = (t - FIRST) / DT
    k = min(max(floor(x), 0), LAST_STEP)
    after = x - k
    return U[k] * (1.0 - after) + U[k + 1] * after


class Outcome(NamedTuple):
    """What the figure shows."""

    u_1: float
    u_2: float
    later: float
    higher: float


@portable
def recorded_spike(t_1: float, t_2: float) -> Outcome:
    """Potentials at two cursors, and how far these are apart."""
    u_1 = potential(t_1)
    u_2 = potential(t_2)
    return Outcome(u_1=u_1, u_2=u_2, later=t_2 - t_1, higher=u_2 - u_1)


def _draw_spike(values):
    figure, panels = plt.subplots(2, 1, figsize=(5.6, 5.4))
    for number, axes in enumerate(panels, start=1):
        for name, label in (("pyramidal_rest", "rest"), ("pyramidal_threshold", "threshold")):
            fact = FACTS[name]
            axes.axhspan(fact.low, fact.high, color=ink("reference"), alpha=0.25, lw=0)
            if number == 1:
                axes.text(
                    LAST, (fact.low + fact.high) / 2, label, ha="right", va="center", fontsize=9
                )
        axes.plot(TIMES, POTENTIALS, color=ink("voltage"), lw=1.2)
        for k, color in ((1, "threshold"), (2, "filter")):
            line = [values[f"t_{k}"]] * 2, (BOTTOM, TOP)
            axes.plot(*line, color=ink(color), lw=1.2, gid=f"cursor_{k}_{number}")
            if number == 1:
                point = [values[f"t_{k}"]], [values[f"u_{k}"]]
                axes.plot(*point, "o", ms=6, color=ink(color), gid=f"point_{k}")
        axes.set(ylabel="u (mV)", ylim=(BOTTOM, TOP))
    panels[0].set(xlim=(FIRST, LAST))
    panels[1].set(xlim=CLOSE, xlabel="time t since the step (ms)")
    return figure


def _cursor(k, default):
    return Slider(
        f"t_{k}", f"t_{k}", "ms", f"cursor {k}", low=FIRST, high=LAST, step=0.05, default=default
    )


SCENE = Scene(
    name="recorded_spike",
    title="A recorded spike",
    run=recorded_spike,
    parameters=(_cursor(1, -5.0), _cursor(2, 20.0)),
    marks=(
        Line("cursor_1_1", "t_1", (BOTTOM, TOP)),
        Line("cursor_2_1", "t_2", (BOTTOM, TOP)),
        Point("point_1", "t_1", "u_1"),
        Point("point_2", "t_2", "u_2"),
        Line("cursor_1_2", "t_1", (BOTTOM, TOP)),
        Line("cursor_2_2", "t_2", (BOTTOM, TOP)),
    ),
    readouts=(
        Readout("u_1", "at cursor 1", "mV", 1),
        Readout("u_2", "at cursor 2", "mV", 1),
        Readout("higher", "from 1 to 2", "mV", 1),
        Readout("later", "in", "ms", 2),
    ),
    handles=(
        Handle("t_1", axis="x", mark="cursor_1_1"),
        Handle("t_2", axis="x", mark="cursor_2_1"),
    ),
    challenges=(
        Challenge(
            "Measure the width of the spike at half its height from rest, to 0.1 ms.",
            (Goal("later", 1.65, 1.85), Goal("u_1", -29.0, -22.0), Goal("u_2", -29.0, -22.0)),
            hint="Half of the way from rest to the peak: at which potential is that?",
        ),
    ),
    draw=_draw_spike,
    alt="Above, 70 ms of a recorded potential: rest near −69 mV, a step of current at 0, a slow "
    "rise, and at 41 ms a spike, after which the potential dips and rises again. Below, 8 ms "
    "with that spike. Two upright cursors cross both panels. Shaded bands show what was measured "
    "in the cortex of rats: the resting potential, −73 to −62 mV, and the threshold, −51 to "
    "−40 mV.",
)


def explore_spike(**values):
    """Read off a recorded spike with two cursors (t_1, t_2).

    Parameters
    ----------
    **values
        First values of the sliders ``t_1`` and ``t_2`` (ms since the step of current).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_spike(t_1=-5.0, t_2=-5.0).run().higher
    0.0
    """
    return Explorer(SCENE, **values)
