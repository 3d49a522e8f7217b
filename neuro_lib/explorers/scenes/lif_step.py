"""A step current: 200 ms, on from 20 to 180 ms at first."""

from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Handle, Line, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.scenes import sliders
from neuro_lib.explorers.scenes.pieces import add_step, both, legend, part, times
from neuro_lib.explorers.scenes.shared_lif import (
    RATE,
    RHEOBASE,
    SPIKE_HEIGHT,
    U_R,
    U_REST,
    draw_membrane,
)
from neuro_lib.figures import ink
from neuro_lib.models.lif import LIF, heads_for, lowest_current, rate, run
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_step"]


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    current: Array
    spikes: Array
    span: Array
    spike_top: float
    goal: float
    rate: float
    first: float
    rheobase: float


@portable
def lif_step(tau_m: float, R: float, theta: float, I: float, t_on: float, t_off: float) -> Outcome:
    """A neuron under a step current."""
    dt = 0.1
    t = times(2001, dt)
    current = zeros(2001)
    add_step(current, I, t_on, t_off, dt)
    u = zeros(2001)
    spikes = zeros(2001)
    lif = LIF(tau_m=tau_m, R=R, theta=theta)
    n = run(current, dt, lif, lif.u_rest, u, spikes)
    first = -1.0
    if n > 0:
        first = spikes[0] - t_on
    rheobase = lowest_current(R, U_REST, theta)
    firing = rate(I, tau_m, R, U_REST, theta, U_R, 0.0)
    spike_top = theta + SPIKE_HEIGHT
    goal = heads_for(I, R, U_REST)
    return Outcome(
        t=t,
        u=u,
        current=current,
        spikes=part(spikes, 0, n),
        span=both(t_on, t_off),
        spike_top=spike_top,
        goal=goal,
        rate=firing,
        first=first,
        rheobase=rheobase,
    )


def _draw_step(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(3, 1), figsize=(5.6, 3.9)
    )
    draw_membrane(above, values, theta=values["theta"])
    above.plot(
        values["span"],
        [values["goal"]] * 2,
        "--",
        color=ink("reference"),
        lw=1.2,
        gid="goal",
        label="u_rest + R I",
    )
    above.set(ylim=(-70, -20))
    legend(above, 4)
    below.plot(values["t"], values["current"], color=ink("current"), gid="current", label="I")
    below.plot(
        (0, 200),
        [values["rheobase"]] * 2,
        ":",
        color=ink("threshold"),
        gid="rheobase",
        label="rheobase",
    )
    below.set(xlabel="time t (ms)", ylabel="I (nA)", xlim=(0, 200), ylim=(-0.05, 1.1))
    legend(below, 2)
    return figure


SCENE = Scene(
    name="lif_step",
    title="A step of current",
    run=lif_step,
    parameters=(
        sliders.TAU_M,
        sliders.R,
        sliders.THETA,
        sliders.I,
        Slider("t_on", "t_on", "ms", "onset of the step", 0.0, 90.0, 1.0, default=20.0),
        Slider("t_off", "t_off", "ms", "end of the step", 110.0, 200.0, 1.0, default=180.0),
    ),
    marks=(
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", "theta", "spike_top"),
        Line("theta", (0, 200), "theta"),
        Line("goal", "span", "goal"),
        Line("current", "t", "current"),
        Line("rheobase", (0, 200), "rheobase"),
    ),
    readouts=(RATE, Readout("first", "first spike after", "ms", 1, "no spike"), RHEOBASE),
    handles=(
        Handle("theta", axis="y"),
        Handle("I", axis="y", mark="current", at=100.0),
        Handle("t_on", axis="x", mark="current", at=0.0),
        Handle("t_off", axis="x", mark="current", at=0.0),
    ),
    draw=_draw_step,
    alt="Above, the membrane potential over 200 ms: while the current is on it climbs from rest "
    "towards u_rest + R I, and where that lies above the threshold the neuron fires and is "
    "reset, over and over. Below, the step current beside the rheobase.",
    challenges=(
        Challenge(
            "Have it fire at 40 Hz, to half a hertz, without touching I.",
            (Goal("rate", 39.5, 40.5),),
            locked=("I",),
            hint="A slower membrane takes longer from reset to threshold.",
        ),
        Challenge(
            "Make τ_m as long as 35 ms, with the first spike before 30 ms.",
            (Goal("tau_m", 35.0), Goal("first", 0.0, 30.0)),
            locked=("I",),
            hint="What else brings the threshold closer to where u heads for?",
        ),
    ),
)


def explore_step(**values):
    """Explore the neuron under a step current (τ_m, R, θ, I, t_on, t_off).

    Parameters
    ----------
    **values
        First values of the sliders ``tau_m`` (ms), ``R`` (MΩ), ``theta`` (mV), ``I`` (nA),
        ``t_on`` and ``t_off`` (onset and end of the step, ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_step().run().rheobase
    0.3
    """
    return Explorer(SCENE, **values)
