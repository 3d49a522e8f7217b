"""Frequencies: gain and phase of the membrane, and a sine that goes in and comes out."""

from math import atan, exp, log, pi, sin, sqrt
from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.analysis.filters import cutoff
from neuro_lib.analysis.responses import impedance_parts, phase_angle
from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Line, Point, Readout, Scene, Slider
from neuro_lib.explorers.scenes import sliders
from neuro_lib.explorers.scenes.pieces import legend, times
from neuro_lib.figures import ink
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.units import MS_PER_S

__all__ = ["explore_frequency"]


class Outcome(NamedTuple):
    """What the figure shows."""

    decade: Array
    gain: Array
    phase: Array
    t: Array
    sine_in: Array
    sine_out: Array
    f_decade: float
    gain_here: float
    phase_here: float
    cutoff_decade: float
    Z: float
    share: float
    lag: float
    cutoff: float


@portable
def filter_frequency(f: float, tau_m: float, R: float) -> Outcome:
    """Impedance from 0.1 to 1000 Hz, and 100 ms of one sine: in, and out of the membrane."""
    n = 161
    decade = zeros(n)
    gain = zeros(n)
    phase = zeros(n)
    for k in range(n):
        decade[k] = k / 40.0 - 1.0
        real, imaginary = impedance_parts(exp(log(10.0) * decade[k]), tau_m, R)
        gain[k] = log(sqrt(real * real + imaginary * imaginary)) / log(10.0)
        phase[k] = atan(imaginary / real) * 180.0 / pi
    real, imaginary = impedance_parts(f, tau_m, R)
    Z = sqrt(real * real + imaginary * imaginary)
    angle = atan(imaginary / real)
    t = times(401, 0.25)
    sine_in = zeros(401)
    sine_out = zeros(401)
    for k in range(401):
        turn = phase_angle(f, t[k])
        sine_in[k] = sin(turn)
        sine_out[k] = Z / R * sin(turn + angle)
    limit = cutoff(tau_m)
    return Outcome(
        decade=decade,
        gain=gain,
        phase=phase,
        t=t,
        sine_in=sine_in,
        sine_out=sine_out,
        f_decade=log(f) / log(10.0),
        gain_here=log(Z) / log(10.0),
        phase_here=angle * 180.0 / pi,
        cutoff_decade=log(limit) / log(10.0),
        Z=Z,
        share=100.0 * Z / R,
        lag=-angle / (2.0 * pi * f) * MS_PER_S,
        cutoff=limit,
    )


def _draw_frequency(values):
    figure = plt.figure(figsize=(5.6, 5.4))
    above, middle, below = figure.subplots(3, 1, height_ratios=(3, 2, 3))
    middle.sharex(above)
    at = [values["f_decade"]]
    for axes, curve, point, gid in (
        (above, "gain", "gain_here", "gain"),
        (middle, "phase", "phase_here", "phase"),
    ):
        ends = (-2.2, 2.6) if axes is above else (-97, 7)
        axes.plot(
            [values["cutoff_decade"]] * 2,
            ends,
            ":",
            color=ink("threshold"),
            lw=1.2,
            gid=f"{gid}_cutoff",
            label="cutoff",
        )
        axes.plot(
            values["decade"],
            values[curve],
            color=ink("filter"),
            gid=gid,
            label="impedance" if axes is above else None,
        )
        axes.plot(
            at,
            [values[point]],
            "o",
            ms=8,
            color=ink("voltage"),
            gid=f"{gid}_here",
            label="this sine",
        )
        axes.set(xlim=(-1, 3), ylim=ends)
    _log_ticks(above.xaxis, range(-1, 4))
    _log_ticks(above.yaxis, range(-2, 3))
    above.tick_params(labelbottom=False)
    above.set(ylabel="|Z| (MΩ)")
    legend(above, 3, spacing=3)
    middle.set(xlabel="frequency f (Hz)", ylabel="phase (°)", yticks=(-90, -45, 0))
    below.plot(values["t"], values["sine_in"], color=ink("current"), gid="sine_in", label="I/A")
    below.plot(
        values["t"],
        values["sine_out"],
        color=ink("voltage"),
        gid="sine_out",
        label="(u − u_rest)/(R A)",
    )
    below.set(xlabel="time t (ms)", ylabel="sine", xlim=(0, 100), ylim=(-1.1, 1.1))
    legend(below, 2, spacing=3)
    return figure


SCENE = Scene(
    name="filter_frequency",
    title="The membrane as a low-pass filter",
    run=filter_frequency,
    parameters=(
        Slider(
            "f", "f", "Hz", "frequency of the sine", low=1.0, high=200.0, step=1.0, default=40.0
        ),
        sliders.TAU_M,
        sliders.R,
    ),
    marks=(
        Line("gain_cutoff", "cutoff_decade", (-2.2, 2.6)),
        Line("gain", "decade", "gain"),
        Point("gain_here", "f_decade", "gain_here"),
        Line("phase_cutoff", "cutoff_decade", (-97, 7)),
        Line("phase", "decade", "phase"),
        Point("phase_here", "f_decade", "phase_here"),
        Line("sine_in", "t", "sine_in"),
        Line("sine_out", "t", "sine_out"),
    ),
    readouts=(
        Readout("Z", "|Z|", "MΩ", 1),
        Readout("share", "which is", "% of R", 0),
        Readout("lag", "u lags by", "ms", 1),
        Readout("cutoff", "cutoff", "Hz", 1),
    ),
    draw=_draw_frequency,
    alt="Above, the magnitude of the impedance against the frequency, both on logarithmic axes: "
    "flat up to the cutoff, then falling. In the middle its phase, from 0 down to minus 90 "
    "degrees. A dot marks the present frequency. Below, a sine that goes in, and the smaller and "
    "later one that comes out.",
    challenges=(
        Challenge(
            "Let a sine of 50 Hz or more keep half of its size.",
            (
                Goal("f", low=50.0),
                Goal("share", low=50.0),
            ),
            hint="Where must the cutoff be? R does not move it.",
        ),
    ),
)


def explore_frequency(**values):
    """Explore the membrane as a low-pass filter (f, τ_m, R).

    Parameters
    ----------
    **values
        First values of the sliders ``f`` (frequency, Hz), ``tau_m`` (ms), ``R`` (MΩ).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_frequency(f=16.0)
    |Z| 35.3 MΩ
    which is 71 % of R
    u lags by 7.8 ms
    cutoff 15.9 Hz
    """
    return Explorer(SCENE, **values)


def _log_ticks(axis, powers):
    """Label an axis of decimal logarithms with the numbers themselves."""
    axis.set_ticks(list(powers), [f"{10.0**power:g}" for power in powers])
