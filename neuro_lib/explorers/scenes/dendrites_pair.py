"""Two inputs, and what the soma sees of them; its threshold is out of reach."""

from math import floor
from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Choice, Handle, Line, Point, Readout, Scene, Slider
from neuro_lib.explorers.scenes.pieces import legend, times
from neuro_lib.explorers.scenes.shared_dendrites import (
    AMPA,
    NMDA,
    RECEPTORS,
    half_width,
)
from neuro_lib.figures import ink
from neuro_lib.models.branched_lif import Arrivals, BranchedLIF, Branches, run_branches
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_branches"]

NEVER = 1e6  # mV, a threshold out of reach
FIRST = 10.0  # ms, of the first input
UNDER = -0.6  # the branch, in the picture, is the second input


@portable
def peak_above(u: Array, rest: float):
    """Highest value above rest (mV)."""
    peak = 0.0
    for k in range(len(u)):
        peak = max(peak, u[k] - rest)
    return peak


# Two inputs, and what the soma sees of them. The soma's threshold is out of reach.


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    u_1: Array
    u_2: Array
    expected: Array
    place: float
    peak: float
    of_sum: float
    gain: float
    width: float
    width_1: float


@portable
def dendrites_pair(where: int, receptors: int, n: int, delay: float) -> Outcome:
    """Two inputs of n synapses on one branch (0) or on two (1), together and each alone."""
    points = 601
    dt = 0.25
    ampa = n * AMPA
    nmda = 0.0
    if receptors == 0:
        nmda = n * NMDA
    nothing = zeros(points)
    I = Branches(soma=nothing, branch_1=nothing, branch_2=nothing)
    u = Branches(soma=zeros(points), branch_1=zeros(points), branch_2=zeros(points))
    neuron = BranchedLIF(theta=NEVER)
    no_spikes = zeros(1)
    one = Arrivals(when=zeros(1), where=zeros(1), ampa=zeros(1), nmda=zeros(1))
    both = Arrivals(when=zeros(2), where=zeros(2), ampa=zeros(2), nmda=zeros(2))
    one.when[0] = FIRST
    one.where[0] = 1.0
    one.ampa[0] = ampa
    one.nmda[0] = nmda
    for k in range(2):
        both.when[k] = FIRST + k * delay
        both.where[k] = 1.0 + k * float(where)
        both.ampa[k] = ampa
        both.nmda[k] = nmda
    run_branches(I, dt, neuron, one, u, no_spikes)
    expected = zeros(points)
    later = floor(delay / dt + 0.5)  # the soma sees the second alone as the first, so much later:
    for i in range(points):  # the branches are alike
        expected[i] = u.soma[i]
        if i >= later:
            expected[i] += u.soma[i - later] - neuron.u_rest
    run_branches(I, dt, neuron, both, u, no_spikes)
    peak = peak_above(u.soma, neuron.u_rest)
    of_sum = peak_above(expected, neuron.u_rest)
    gain = 100.0 * peak / of_sum
    return Outcome(
        t=times(points, dt),
        u=u.soma,
        u_1=u.branch_1,
        u_2=u.branch_2,
        expected=expected,
        place=2.0 * where - 1.0,
        peak=peak,
        of_sum=of_sum,
        gain=gain,
        width=half_width(u.soma, dt),
        width_1=half_width(u.branch_1, dt),
    )


def _draw_pair(values):
    figure = plt.figure(figsize=(5.6, 5.0))
    tree, above, below = figure.subplots(3, 1, height_ratios=(1, 3, 3))
    above.sharex(below)
    above.tick_params(labelbottom=False)
    tree.plot((-2, 2), (0, 0), color=ink("filter"), lw=3)
    tree.plot([0], [0], "o", ms=16, color=ink("voltage"))
    tree.plot([-1], [0.6], "v", ms=8, color=ink("current"), label="first input")
    tree.plot(
        [values["place"]],
        [UNDER],
        "^",
        ms=13,
        color=ink("spikes"),
        gid="second",
        label="second input",
    )
    for x, side, name in ((-2, "left", "branch 1"), (2, "right", "branch 2")):
        tree.text(x, -0.35, name, ha=side, va="top")
    tree.text(0, -0.75, "soma", ha="center", va="top")
    tree.set(xlabel="branch", xlim=(-2.1, 2.1), ylim=(-1.5, 1.0))
    tree.axis("off")
    legend(tree, 2, "left", spacing=4)
    t = values["t"]
    above.plot(t, values["u_2"], "--", color=ink("filter"), lw=1.3, gid="u_2", label="branch 2")
    above.plot(t, values["u_1"], color=ink("filter"), gid="u_1", label="branch 1")
    above.set(ylabel="u, branches (mV)", ylim=(-70, 5))
    legend(above, 2, "left", spacing=4)
    below.plot(
        t,
        values["expected"],
        "--",
        color=ink("reference"),
        lw=1.4,
        gid="expected",
        label="sum of the two alone",
    )
    below.plot(t, values["u"], color=ink("voltage"), gid="u", label="together")
    below.set(xlabel="time t (ms)", ylabel="u, soma (mV)", xlim=(0, 150), ylim=(-66, -52))
    legend(below, 2, "left", spacing=6)
    return figure


SCENE = Scene(
    name="dendrites_pair",
    title="Two inputs on two branches",
    run=dendrites_pair,
    parameters=(
        Choice(
            "where",
            "the two inputs arrive on",
            options=("the same branch", "different branches"),
            default=0,
        ),
        RECEPTORS,
        Slider("n", "n", "", "synapses in each input", low=1, high=30, step=1, default=10),
        Slider(
            "delay",
            "Δ",
            "ms",
            "delay of the second input",
            low=0.0,
            high=80.0,
            step=1.0,
            default=5.0,
        ),
    ),
    marks=(
        Point("second", "place", UNDER),
        Line("u_2", "t", "u_2"),
        Line("u_1", "t", "u_1"),
        Line("expected", "t", "expected"),
        Line("u", "t", "u"),
    ),
    readouts=(
        Readout("peak", "peak at the soma", "mV above rest", 2),
        Readout("of_sum", "of the sum of the two alone", "mV", 2),
        Readout("gain", "together they reach", "% of the sum", 0),
        Readout("width_1", "half-width in branch 1", "ms", 0, "no response in branch 1"),
        Readout("width", "at the soma", "ms", 0, "none at the soma"),
    ),
    handles=(
        Handle("where", axis="x", mark="second", zero=-1.0, scale=2.0),
        Handle("delay", axis="x", mark="u_1", at=-70.0, zero=FIRST),
    ),
    draw=_draw_pair,
    alt="At the top, a soma between two branches, and on them the two inputs. Under it, the "
    "potentials of the branches over 150 ms, after both synaptic inputs. Below, the potential of "
    "the soma, much smaller and slower, beside the dashed sum of what each input does alone: with "
    "NMDA receptors on one branch the soma's curve rises above it.",
    challenges=(
        Challenge(
            "On one branch, have the NMDA receptors gain nothing: 100 % of the sum, to 2 %.",
            (Goal("gain", low=98.0, high=102.0),),
            locked=(
                "where",
                "receptors",
            ),
            hint="How long does the branch remember the first input?",
        ),
    ),
)


def explore_branches(**values):
    """Explore two inputs on one branch or on two (where, receptors, n, Δ).

    Parameters
    ----------
    **values
        First values: ``where`` (``"the same branch"`` or ``"different branches"``),
        ``receptors`` (``"AMPA and NMDA"`` or ``"AMPA alone"``) and the sliders ``n`` (synapses in
        each input), ``delay`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_branches(receptors="AMPA alone").run().gain < 100
    True
    """
    return Explorer(SCENE, **values)
