"""A plateau, and the spikes of a soma that a current holds near its threshold."""

from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Line, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.scenes.pieces import part, times
from neuro_lib.explorers.scenes.shared_dendrites import (
    AMPA,
    NEURON,
    NMDA,
    RECEPTORS,
    half_width,
)
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.models.branched_lif import Arrivals, BranchedLIF, Branches, run_branches
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_plateau"]

THETA = NEURON.theta
SPIKE_TOP = THETA + 20.0  # of a spike's tick (mV)


# A plateau, and the spikes of a soma that a current holds near its threshold.


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    u_1: Array
    spikes: Array
    before: int
    after: int
    width: float


@portable
def dendrites_plateau(receptors: int, n: int, I: float, g_c: float, tau_nmda: float) -> Outcome:
    """A cluster of n synapses on branch 1 at 100 ms, and a current into the soma; g_c in nS."""
    points = 1001
    dt = 0.25
    nothing = zeros(points)
    I_of = Branches(soma=zeros(points), branch_1=nothing, branch_2=nothing)
    for k in range(points):
        I_of.soma[k] = I
    arrivals = Arrivals(when=zeros(1), where=zeros(1), ampa=zeros(1), nmda=zeros(1))
    arrivals.when[0] = 100.0  # the soma has settled by then
    arrivals.where[0] = 1.0
    arrivals.ampa[0] = n * AMPA
    if receptors == 0:
        arrivals.nmda[0] = n * NMDA
    u_of = Branches(soma=zeros(points), branch_1=zeros(points), branch_2=zeros(points))
    spikes = zeros(points)
    neuron = BranchedLIF(g_c=0.001 * g_c, tau_nmda=tau_nmda)
    count = run_branches(I_of, dt, neuron, arrivals, u_of, spikes)
    before = 0
    after = 0
    for k in range(count):
        if spikes[k] < arrivals.when[0]:
            before += 1
        else:
            after += 1
    late = part(u_of.branch_1, 400, points)
    return Outcome(
        t=times(points, dt),
        u=u_of.soma,
        u_1=u_of.branch_1,
        spikes=part(spikes, 0, count),
        before=before,
        after=after,
        width=half_width(late, dt),
    )


def _draw_plateau(values):
    figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(5.6, 4.4))
    t = values["t"]
    above.plot(t, values["u_1"], color=ink("filter"), gid="u_1")
    above.set(ylabel="u, branch 1 (mV)", ylim=(-70, 5))
    below.plot(t, values["u"], color=ink("voltage"), gid="u", label="u")
    below.axhline(THETA, color=ink("threshold"), lw=1.2, label="θ")
    draw_spikes(below, values["spikes"], THETA, SPIKE_TOP, gid="spikes", label="spike")
    below.set(xlabel="time t (ms)", ylabel="u, soma (mV)", xlim=(0, 250), ylim=(-70, -22))
    below.legend(loc="upper left", ncols=3)
    return figure


SCENE = Scene(
    name="dendrites_plateau",
    title="A dendritic plateau",
    run=dendrites_plateau,
    parameters=(
        RECEPTORS,
        Slider("n", "n", "", "synapses in the cluster", low=0, high=60, step=1, default=30),
        Slider("I", "I", "nA", "current into the soma", low=0.0, high=0.4, step=0.01, default=0.26),
        Slider(
            "g_c",
            "g_c",
            "nS",
            "coupling of a branch to the soma",
            low=1.0,
            high=20.0,
            step=0.5,
            default=3.0,
        ),
        Slider.of(BranchedLIF, "tau_nmda", 20.0, 100.0, 5.0),
    ),
    marks=(
        Line("u_1", "t", "u_1"),
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", THETA, SPIKE_TOP),
    ),
    readouts=(
        Readout("width", "half-width in the branch", "ms", 0, "no response in the branch"),
        Readout("before", "spikes before the input:", "", 0),
        Readout("after", "and after it:", "", 0),
    ),
    draw=_draw_plateau,
    alt="Above, the potential of a dendritic branch over 250 ms: at 100 ms a cluster of synapses "
    "lifts it to a plateau that lasts for tens of milliseconds. Below, the potential of the soma, "
    "held under its threshold by a current: while the plateau lasts, it fires short spikes.",
    challenges=(
        Challenge(
            "Get five spikes out of 25 synapses.",
            (
                Goal("n", high=25),
                Goal("after", low=5),
            ),
            locked=(
                "receptors",
                "I",
            ),
            hint="A plateau lasts as long as its receptors hold the transmitter.",
        ),
    ),
)


def explore_plateau(**values):
    """Explore what an NMDA plateau does to the soma's spikes (receptors, n, I, g_c, τ_NMDA).

    Parameters
    ----------
    **values
        First values: ``receptors`` (``"AMPA and NMDA"`` or ``"AMPA alone"``) and the sliders ``n``
        (synapses), ``I`` (nA), ``g_c`` (nS), ``tau_nmda`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_plateau(receptors="AMPA alone").run().spikes.size
    0
    """
    return Explorer(SCENE, **values)
