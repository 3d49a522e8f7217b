"""A background of many presynaptic spikes: two Poisson trains for 200 ms."""

from math import log
from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Handle, Line, Readout, Scene, Slider
from neuro_lib.explorers.scenes.pieces import legend, part, times
from neuro_lib.explorers.scenes.shared_synapses import (
    E_E,
    E_I,
    TAU_E,
    TAU_I,
    TAU_M,
    U_REST,
    R,
    drive,
    inhibition_slider,
)
from neuro_lib.figures import ink
from neuro_lib.inputs.currents import park_miller
from neuro_lib.models.conductance_lif import SynapticArrivals, settled, shunted
from neuro_lib.models.synapses import conductance_area, mean_conductance
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.units import MS_PER_S

__all__ = ["explore_background"]

G_E = 0.001  # µS, of one spike
G_I = 0.002
LONG = 200.0  # ms
ROOM = 2000  # spikes; at the highest rates there are 1200 on average


@portable
def poisson_gap(state: float, rate: float):
    """Step the generator of `normal_draws`; give an exponential interval at a rate (1/ms)."""
    state = park_miller(state)
    if rate == 0.0:
        return state, 2.0 * LONG
    return state, -log(state / 2147483647.0) / rate


@portable
def background_spikes(nu_e: float, nu_i: float, arrivals: Array, which: Array):
    """Fill in both trains in one order; return the number of spikes."""
    state_e = 12345.0
    state_i = 987654.0
    state_e, next_e = poisson_gap(state_e, nu_e)
    state_i, next_i = poisson_gap(state_i, nu_i)
    n = 0
    while min(next_e, next_i) < LONG and n < len(arrivals):
        arrivals[n] = min(next_e, next_i)
        if next_e <= next_i:
            which[n] = 0.0
            state_e, gap = poisson_gap(state_e, nu_e)
            next_e += gap
        else:
            which[n] = 1.0
            state_i, gap = poisson_gap(state_i, nu_i)
            next_i += gap
        n += 1
    return n


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    v: Array
    mean: float
    frozen: float
    tau: float
    g: float


@portable
def synapse_background(nu_e: float, nu_i: float, E_i: float) -> Outcome:
    """Poisson excitation and inhibition at total rates (Hz): both kinds of neuron."""
    n = 401
    when = zeros(ROOM)
    which = zeros(ROOM)
    count = background_spikes(nu_e / MS_PER_S, nu_i / MS_PER_S, when, which)
    arrivals = SynapticArrivals(when=part(when, 0, count), which=part(which, 0, count))
    u = zeros(n)
    v = zeros(n)
    g = zeros(len(u) + len(v))
    drive(v, g, arrivals, G_E, G_I, E_i, False)
    drive(u, g, arrivals, G_E, G_I, E_i, True)
    g_e = mean_conductance(nu_e, conductance_area(0.0, G_E, TAU_E))
    g_i = mean_conductance(nu_i, conductance_area(0.0, G_I, TAU_I))
    tau = shunted(TAU_M, R, g_e + g_i)
    mean = settled(U_REST, R, 0.0, g_e + g_i, g_e * E_E + g_i * E_i)
    frozen = settled(U_REST, R, g_e * (E_E - U_REST) + g_i * (E_i - U_REST), 0.0, 0.0)
    return Outcome(t=times(n, 0.5), u=u, v=v, mean=mean, frozen=frozen, tau=tau, g=g_e + g_i)


def _draw_background(values):
    figure, axes = plt.subplots(figsize=(5.6, 3.8))
    t = values["t"]
    axes.axhline(E_E, color=ink("current"), lw=1.2, label="E_e")
    axes.plot(
        (0, LONG), [values["E_i"]] * 2, color=ink("threshold"), lw=1.2, gid="E_i", label="E_i"
    )
    axes.plot(t, values["v"], color=ink("reference"), lw=1.2, gid="v", label="current-based")
    axes.plot(t, values["u"], color=ink("voltage"), gid="u", label="conductance-based")
    axes.plot(
        (0, LONG),
        [values["mean"]] * 2,
        ":",
        color=ink("voltage"),
        lw=1.2,
        gid="mean",
        label="from mean g",
    )
    axes.set(xlabel="time t (ms)", ylabel="u (mV)", xlim=(0, LONG), ylim=(-150, 60))
    legend(axes, 3, "left", spacing=4)
    return figure


def _rate(name, symbol, meaning, high, default):
    return Slider(name, symbol, "Hz", meaning, low=0.0, high=high, step=50.0, default=default)


SCENE = Scene(
    name="synapse_background",
    title="A background of random spikes",
    run=synapse_background,
    parameters=(
        _rate("nu_e", "ν_e", "excitatory spikes, in all", 4000.0, 2000.0),
        _rate("nu_i", "ν_i", "inhibitory spikes, in all", 2000.0, 500.0),
        inhibition_slider(E_I),
    ),
    marks=(
        Line("E_i", (0, LONG), "E_i"),
        Line("v", "t", "v"),
        Line("u", "t", "u"),
        Line("mean", (0, LONG), "mean"),
    ),
    readouts=(
        Readout("g", "mean conductance", "µS", 3),
        Readout("tau", "effective time constant", "ms", 1),
        Readout("mean", "conductance-based settles near", "mV", 0),
        Readout("frozen", "current-based near", "mV", 0),
    ),
    handles=(Handle("E_i", axis="y"),),
    draw=_draw_background,
    alt="The membrane potential over 200 ms under many random excitatory and inhibitory spikes. "
    "The conductance-based neuron stays between the two reversal potentials and fluctuates fast "
    "about its mean; the current-based one, slower, may leave that range.",
    challenges=(
        Challenge(
            "Make the membrane four times as fast as at rest, with its mean below −55 mV.",
            (
                Goal("tau", high=5.0),
                Goal("mean", high=-55.0),
            ),
            hint="The pace depends on all the conductance, the mean on the balance.",
        ),
    ),
)


def explore_background(**values):
    """Explore a neuron under many random presynaptic spikes (ν_e, ν_i, E_i).

    Parameters
    ----------
    **values
        First values of the sliders ``nu_e`` (Hz), ``nu_i`` (Hz), ``E_i`` (mV).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> round(explore_background(nu_e=0.0, nu_i=0.0).run().tau, 6)
    20.0
    """
    return Explorer(SCENE, **values)
