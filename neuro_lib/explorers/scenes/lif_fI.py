"""The f-I curve, and 100 ms of the neuron at the operating point."""

from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Handle, Line, Point, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.scenes import sliders
from neuro_lib.explorers.scenes.pieces import legend, part, times
from neuro_lib.explorers.scenes.shared_lif import (
    RATE,
    RHEOBASE,
    SPIKE_HEIGHT,
    U_R,
    U_REST,
    draw_membrane,
)
from neuro_lib.figures import ink
from neuro_lib.models.lif import LIF, lowest_current, rate, run
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.units import MS_PER_S

__all__ = ["explore_fI"]

T_REF = Slider.of(LIF, "t_ref", 0.0, 10.0, 0.5, default=2.0)


# The f-I curve, and 100 ms of the neuron at the operating point.


class Outcome(NamedTuple):
    """What the figure shows."""

    currents: Array
    curve: Array
    without: Array
    t: Array
    u: Array
    spikes: Array
    spike_top: float
    rate: float
    interval: float
    rheobase: float


@portable
def lif_fI(tau_m: float, R: float, theta: float, t_ref: float, I: float) -> Outcome:
    """The f-I curve with and without refractory time, and the neuron at one current."""
    n = 501
    currents = zeros(n)
    curve = zeros(n)
    without = zeros(n)
    for k in range(n):
        currents[k] = k / 500.0
        curve[k] = rate(currents[k], tau_m, R, U_REST, theta, U_R, t_ref)
        without[k] = rate(currents[k], tau_m, R, U_REST, theta, U_R, 0.0)
    dt = 0.1
    steady = zeros(1001)
    for k in range(1001):
        steady[k] = I
    u = zeros(1001)
    spikes = zeros(1001)
    lif = LIF(tau_m=tau_m, R=R, theta=theta, t_ref=t_ref)
    count = run(steady, dt, lif, lif.u_rest, u, spikes)
    spike_top = theta + SPIKE_HEIGHT
    firing = rate(I, tau_m, R, U_REST, theta, U_R, t_ref)
    interval = -1.0
    if firing > 0.0:
        interval = MS_PER_S / firing
    rheobase = lowest_current(R, U_REST, theta)
    return Outcome(
        currents=currents,
        curve=curve,
        without=without,
        t=times(1001, dt),
        u=u,
        spikes=part(spikes, 0, count),
        spike_top=spike_top,
        rate=firing,
        interval=interval,
        rheobase=rheobase,
    )


def _draw_fI(values):
    figure, (above, below) = plt.subplots(2, 1, height_ratios=(3, 2), figsize=(5.6, 4.6))
    above.plot(
        values["currents"],
        values["without"],
        "--",
        color=ink("reference"),
        lw=1.2,
        gid="without",
        label="t_ref = 0",
    )
    above.plot(
        values["currents"], values["curve"], color=ink("filter"), gid="curve", label="f–I curve"
    )
    above.plot(
        [values["rheobase"]] * 2,
        (-10, 310),
        ":",
        color=ink("threshold"),
        gid="rheobase",
        label="rheobase",
    )
    above.plot(
        [values["I"]],
        [values["rate"]],
        "o",
        ms=8,
        color=ink("current"),
        gid="operating",
        label="operating point",
    )
    above.set(xlabel="input current I (nA)", ylabel="rate (Hz)", xlim=(-0.02, 1.02), ylim=(-8, 300))
    legend(above, 2, "left", spacing=4)
    draw_membrane(below, values, theta=values["theta"])
    below.set(xlabel="time t (ms)", xlim=(0, 100), ylim=(-70, -20))
    return figure


SCENE = Scene(
    name="lif_fI",
    title="Firing rate against current",
    run=lif_fI,
    parameters=(sliders.TAU_M, sliders.R, sliders.THETA, T_REF, sliders.I),
    marks=(
        Line("without", "currents", "without"),
        Line("curve", "currents", "curve"),
        Line("rheobase", "rheobase", (-10, 310)),
        Point("operating", "I", "rate"),
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", "theta", "spike_top"),
        Line("theta", (0, 100), "theta"),
    ),
    readouts=(RATE, Readout("interval", "one spike every", "ms", 1, "no spikes"), RHEOBASE),
    handles=(Handle("I", axis="x", mark="operating"), Handle("theta", axis="y")),
    draw=_draw_fI,
    alt="Above, the firing rate against the input current: zero up to the rheobase, then a steep "
    "rise that bends below the dashed curve of a neuron without refractory time. A dot on the "
    "curve marks the present current. Below, the membrane potential at that current.",
)


def explore_fI(**values):
    """Explore the f-I curve, with the operating point on it (τ_m, R, θ, t_ref, I).

    Parameters
    ----------
    **values
        First values of the sliders ``tau_m`` (ms), ``R`` (MΩ), ``theta`` (mV), ``t_ref`` (ms),
        ``I`` (nA).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> round(explore_fI(t_ref=0.0).run().rate, 2)
    72.13
    """
    return Explorer(SCENE, **values)
