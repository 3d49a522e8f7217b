"""Other inputs: pulses, a sine, noise. 400 ms of the same neuron."""

from math import floor
from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Choice, Drawing, Line, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.scenes import sliders
from neuro_lib.explorers.scenes.pieces import legend, part, times
from neuro_lib.explorers.scenes.shared_lif import (
    R_FIXED,
    SPIKE_TOP,
    THETA,
    U_R,
    U_REST,
    draw_membrane,
)
from neuro_lib.figures import ink
from neuro_lib.inputs.currents import normal_draws, ou_noise, sine_mean
from neuro_lib.models.lif import LIF, rate, run
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_input"]


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    current: Array
    spikes: Array
    count: int
    rate: float
    steady: float


@portable
def lif_input(kind: int, I: float, A: float, T: float, tau_m: float) -> Outcome:
    """A neuron under pulses (0), a sine (1) or noise (2) of mean I, size A and time scale T."""
    n = 1601
    dt = 0.25  # half a period is a whole number of steps
    t = times(n, dt)
    current = zeros(n)
    if kind == 2:
        normal_draws(current, 1)
        ou_noise(current, A, T, dt)
    for k in range(n):
        if kind == 0:
            cycle = t[k] / T + 1e-9
            if cycle - floor(cycle) < 0.5:
                current[k] = A
            else:
                current[k] = -A
        if kind == 1:
            current[k] = A * sine_mean(float(k), dt / T, 0.0)
        current[k] += I
    u = zeros(n)
    spikes = zeros(n)
    lif = LIF(tau_m=tau_m)
    count = run(current, dt, lif, lif.u_rest, u, spikes)
    steady = rate(I, tau_m, R_FIXED, U_REST, THETA, U_R, 0.0)
    firing = count / 0.4
    return Outcome(
        t=t,
        u=u,
        current=current,
        spikes=part(spikes, 0, count),
        count=count,
        rate=firing,
        steady=steady,
    )


@portable
def lif_drawn(current: Array, kind: int, I: float, A: float, T: float, tau_m: float) -> Outcome:
    """The same neuron under a current drawn by hand; of the sliders only tau_m counts."""
    n = 1601
    u = zeros(n)
    spikes = zeros(n)
    lif = LIF(tau_m=tau_m)
    count = run(current, 0.25, lif, lif.u_rest, u, spikes)
    total = 0.0
    for k in range(n):
        total += current[k]
    return Outcome(
        t=times(n, 0.25),
        u=u,
        current=current,
        spikes=part(spikes, 0, count),
        count=count,
        rate=count / 0.4,
        steady=rate(total / n, tau_m, R_FIXED, U_REST, THETA, U_R, 0.0),
    )


def _draw_input(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(3, 2), figsize=(5.6, 4.2)
    )
    draw_membrane(above, {**values, "spike_top": SPIKE_TOP}, theta=THETA)
    above.set(ylim=(-80, -30))
    legend(above, 3)
    below.axhline(LIF().rheobase, ls=":", color=ink("threshold"), label="rheobase")
    below.plot(values["t"], values["current"], color=ink("current"), gid="current", label="I")
    below.set(xlabel="time t (ms)", ylabel="I (nA)", xlim=(0, 400), ylim=(-0.7, 1.4))
    legend(below, 2, spacing=3)
    return figure


SCENE = Scene(
    name="lif_input",
    title="An input that fluctuates",
    run=lif_input,
    parameters=(
        Choice("kind", "kind of input", options=("pulses", "sine", "noise"), default=1),
        Slider("I", "I", "nA", "mean current", low=0.0, high=0.6, step=0.01, default=0.25),
        Slider(
            "A", "A", "nA", "size of the fluctuation", low=0.0, high=0.5, step=0.01, default=0.15
        ),
        Slider(
            "T", "T", "ms", "period, or noise's memory", low=2.0, high=100.0, step=1.0, default=50.0
        ),
        sliders.TAU_M,
    ),
    marks=(
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", THETA, SPIKE_TOP),
        Line("current", "t", "current"),
    ),
    readouts=(
        Readout("count", "spikes in 400 ms:", "", 0),
        Readout("rate", "mean rate", "Hz", 1),
        Readout("steady", "rate at the mean current alone", "Hz", 1),
    ),
    draw=_draw_input,
    drawing=Drawing("current", lif_drawn),
    alt="Above, the membrane potential over 400 ms: it follows the input, smoothed and late, and "
    "fires where it reaches the threshold. Below, the input current, which fluctuates about its "
    "mean, beside the rheobase.",
)


def explore_input(**values):
    """Explore the neuron under pulses, a sine or noise (kind, I, A, T, τ_m).

    Parameters
    ----------
    **values
        First values: ``kind`` (``"pulses"``, ``"sine"`` or ``"noise"``) and the sliders ``I``
        (mean, nA), ``A`` (size, nA), ``T`` (period or correlation time, ms), ``tau_m`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_input(kind="sine", I=0.25, A=0.0)
    spikes in 400 ms: 0
    mean rate 0.0 Hz
    rate at the mean current alone 0.0 Hz
    """
    return Explorer(SCENE, **values)
