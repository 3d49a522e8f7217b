"""Shunting: one excitatory and one inhibitory spike, together and the sum of each alone."""

from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Handle, Line, Readout, Scene, Slider
from neuro_lib.explorers.scenes.pieces import both, legend, times
from neuro_lib.explorers.scenes.shared_synapses import (
    U_REST,
    conductance_slider,
    drive,
    inhibition_slider,
)
from neuro_lib.figures import ink
from neuro_lib.models.conductance_lif import SynapticArrivals
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_shunting"]


@portable
def two_spikes(u: Array, g: Array, g_e: float, g_i: float, E_i: float, lead: float, shunting: bool):
    """Excitation at 40 ms, inhibition `lead` before it: fill u and both conductances."""
    first = 1.0 if lead > 0.0 else 0.0
    arrivals = SynapticArrivals(
        when=both(min(40.0, 40.0 - lead), max(40.0, 40.0 - lead)), which=both(first, 1.0 - first)
    )
    drive(u, g, arrivals, g_e, g_i, E_i, shunting)


@portable
def beside_sum(u: Array, i: Array, total: Array, excited: Array):
    """Make `total` the sum of both alone; give the EPSP's peak alone, with inhibition, i's peak."""
    alone = 0.0
    together = 0.0
    moved = 0.0
    for k in range(len(u)):
        total[k] = excited[k] + i[k] - U_REST
        alone = max(alone, excited[k] - U_REST)
        together = max(together, u[k] - i[k])
        if abs(i[k] - U_REST) > abs(moved):
            moved = i[k] - U_REST
    return alone, together, moved


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    u_i: Array
    u_sum: Array
    v: Array
    v_i: Array
    v_sum: Array
    excitation: Array
    inhibition: Array
    moved: float
    alone: float
    together: float
    v_moved: float
    v_alone: float
    v_together: float


@portable
def synapse_shunting(g_e: float, g_i: float, E_i: float, lead: float) -> Outcome:
    """Both spikes, each alone, and the sum: conductance-based, then current-based."""
    n = 201
    t = times(n, 0.5)
    u = zeros(n)
    g = zeros(len(t) + len(t))
    scratch = zeros(len(g))
    u_i = zeros(n)
    u_e = zeros(n)
    u_sum = zeros(n)
    two_spikes(u_e, scratch, g_e, 0.0, E_i, lead, True)
    two_spikes(u_i, scratch, 0.0, g_i, E_i, lead, True)
    two_spikes(u, g, g_e, g_i, E_i, lead, True)
    alone, together, moved = beside_sum(u, u_i, u_sum, u_e)
    v = zeros(n)
    v_i = zeros(n)
    v_sum = zeros(n)
    two_spikes(u_e, scratch, g_e, 0.0, E_i, lead, False)
    two_spikes(v_i, scratch, 0.0, g_i, E_i, lead, False)
    two_spikes(v, scratch, g_e, g_i, E_i, lead, False)
    v_alone, v_together, v_moved = beside_sum(v, v_i, v_sum, u_e)
    excitation = zeros(n)
    inhibition = zeros(n)
    for k in range(n):
        excitation[k] = g[k]
        inhibition[k] = g[k + len(t)]
    return Outcome(
        t=t,
        u=u,
        u_i=u_i,
        u_sum=u_sum,
        v=v,
        v_i=v_i,
        v_sum=v_sum,
        excitation=excitation,
        inhibition=inhibition,
        moved=moved,
        alone=alone,
        together=together,
        v_moved=v_moved,
        v_alone=v_alone,
        v_together=v_together,
    )


def _draw_shunting(values):
    figure, axes = plt.subplots(3, 1, sharex=True, height_ratios=(3, 3, 2), figsize=(5.6, 6.4))
    for panel, u, name in zip(axes, "uv", ("conductance-based", "current-based"), strict=False):
        panel.plot(
            values["t"],
            values[f"{u}_sum"],
            "--",
            color=ink("reference"),
            lw=2.4,
            gid=f"{u}_sum",
            label="sum",
        )
        panel.plot(
            values["t"],
            values[f"{u}_i"],
            color=ink("threshold"),
            lw=1.2,
            gid=f"{u}_i",
            label="inhibition",
        )
        panel.plot(values["t"], values[u], color=ink("voltage"), gid=u, label="both")
        panel.set(ylabel="u (mV)", ylim=(-92, -25))
        panel.text(0.02, 0.9, name, transform=panel.transAxes, va="top")
    legend(axes[0], 3, "left", spacing=4)
    below = axes[2]
    below.plot(
        values["t"], values["excitation"], color=ink("current"), gid="excitation", label="g_e"
    )
    below.plot(
        values["t"],
        values["inhibition"],
        color=ink("threshold"),
        lw=1.2,
        gid="inhibition",
        label="g_i",
    )
    below.set(xlabel="time t (ms)", xlim=(0, 100), ylim=(-0.003, 0.066))
    below.set_ylabel("g (µS)", labelpad=11)
    legend(below, 2, "left", spacing=4)
    return figure


SCENE = Scene(
    name="synapse_shunting",
    title="Shunting inhibition",
    run=synapse_shunting,
    parameters=(
        conductance_slider("g_e", "g_e", "peak of the excitation", 0.03, 0.001, 0.015),
        conductance_slider("g_i", "g_i", "peak of the inhibition", 0.06, 0.001, 0.03),
        inhibition_slider(-65.0),
        Slider(
            "lead",
            "lead",
            "ms",
            "inhibition comes earlier by",
            low=-20.0,
            high=35.0,
            step=1.0,
            default=5.0,
        ),
    ),
    marks=(
        Line("u_sum", "t", "u_sum"),
        Line("u_i", "t", "u_i"),
        Line("u", "t", "u"),
        Line("v_sum", "t", "v_sum"),
        Line("v_i", "t", "v_i"),
        Line("v", "t", "v"),
        Line("excitation", "t", "excitation"),
        Line("inhibition", "t", "inhibition"),
    ),
    readouts=(
        Readout("moved", "inhibition alone moves u by", "mV", 1),
        Readout("alone", "conductance-based: EPSP alone", "mV", 1),
        Readout("together", "with inhibition", "mV", 1),
        Readout("v_alone", "current-based: EPSP alone", "mV", 1),
        Readout("v_together", "with inhibition", "mV", 1),
    ),
    handles=(  # when the inhibition comes; the excitation comes at 40 ms
        Handle("lead", axis="x", mark="inhibition", at=0.0, zero=40.0, scale=-1.0),
    ),
    draw=_draw_shunting,
    alt="The membrane potential over 100 ms, conductance-based above and current-based below it: "
    "under inhibition alone, under excitation and inhibition, and, dashed, the sum of what each "
    "does alone. Above, the potential stays under the sum; below, the two coincide. At the bottom, "
    "the two conductances.",
    challenges=(
        Challenge(
            "Let the inhibition cut the EPSP below 6 mV, though on its own it moves u by less "
            "than 0.1 mV.",
            (
                Goal("together", high=6.0),
                Goal("moved", low=-0.1, high=0.1),
            ),
            locked=("g_e",),
            hint="Its reversal potential may stay where it is. How much, and when?",
        ),
    ),
)


def explore_shunting(**values):
    """Explore shunting inhibition beside a neuron that cannot shunt (g_e, g_i, E_i, lead).

    Parameters
    ----------
    **values
        First values of the sliders ``g_e`` (µS), ``g_i`` (µS), ``E_i`` (mV), ``lead`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_shunting()
    inhibition alone moves u by 0.0 mV
    conductance-based: EPSP alone 9.5 mV
    with inhibition 7.7 mV
    current-based: EPSP alone 10.5 mV
    with inhibition 10.5 mV
    """
    return Explorer(SCENE, **values)
