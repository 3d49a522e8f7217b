"""Explorers of the chapter on the analytic solution: the membrane as a linear filter."""

from math import atan, exp, expm1, floor, log, pi, sin, sqrt

import matplotlib.pyplot as plt
from matplotlib.patches import Polygon

from neuro_lib.currents import normal_draws, ou_noise
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.pieces import legend, part, times
from neuro_lib.explorers.scene import Choice, Line, Point, Readout, Scene, Slider
from neuro_lib.figures import ink
from neuro_lib.filters import add_resets, relax_run
from neuro_lib.lif import LIF, run
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.responses import (
    add_alpha_psp,
    add_decay,
    add_exponential_psp,
    add_pulse,
    impedance_parts,
)
from neuro_lib.units import MS_PER_S

__all__ = [
    "explore_convolution",
    "explore_frequency",
    "explore_past",
    "explore_psp",
    "explore_pulse",
    "explore_resets",
]

U_REST = LIF().u_rest
THETA = LIF().theta
R_FIXED = LIF().R
CHARGE = 1.0  # pC, of each pulse and of each synaptic current here
ROUNDING = 1e-9  # mV; what differs by less, differs by the computer's arithmetic alone

TAU_M = Slider.of(LIF, "tau_m", 5.0, 50.0, 0.5)


@portable
def jump_to(x: Array):
    """The elements after a zero: a curve that jumps at its start, or times for one."""
    y = zeros(len(x) + 1)
    for k in range(len(x)):
        y[k + 1] = x[k]
    return y


@portable
def place_of_largest(x: Array):
    """Index of the largest element."""
    best = 0
    for k in range(len(x)):
        if x[k] > x[best]:
            best = k
    return best


# One charge, in a pulse that becomes shorter and shorter.


@portable
def filter_pulse(width: float, tau_m: float):
    """A pulse of 1 pC, the membrane's answer, and its answer to all of the charge at once."""
    s = times(201, 0.4)
    height = CHARGE / width
    u = zeros(201)
    add_pulse(u, s, height, width, tau_m, R_FIXED)
    kernel = zeros(201)
    add_decay(kernel, s, CHARGE * R_FIXED / tau_m, tau_m)
    edges = zeros(6)
    current = zeros(6)
    edges[0] = -8.0
    edges[3] = width
    edges[4] = width
    edges[5] = 80.0
    current[2] = height
    current[3] = height
    peak = -R_FIXED * height * expm1(-width / tau_m)
    at_once = kernel[0]
    return edges, current, s, u, jump_to(s), jump_to(kernel), peak, at_once


def _draw_pulse(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(1, 2), figsize=(5.6, 3.9)
    )
    above.plot(values["edges"], values["current"], color=ink("current"), gid="current", label="I")
    above.set(ylabel="I (nA)", ylim=(-0.05, 1.08))
    legend(above, 1, spacing=3)
    below.plot(values["kernel_s"], values["kernel"], "--", color=ink("filter"), lw=1.2,
               gid="kernel", label="q κ")  # fmt: skip
    below.plot(values["s"], values["u"], color=ink("voltage"), gid="u", label="u − u_rest")
    below.set(xlabel="time t (ms)", ylabel="u − u_rest (mV)", xlim=(-8, 80), ylim=(-0.3, 10.5))
    legend(below, 2, spacing=3)
    return figure


AT_ONCE = Readout("at_once", "all at once", "mV", 2)

PULSE = Scene(
    name="filter_pulse",
    run=filter_pulse,
    parameters=(
        Slider(name="width", symbol="w", unit="ms", meaning="length of the pulse",
               low=1.0, high=40.0, step=0.5, default=5.0),
        TAU_M,
    ),
    outputs=("edges", "current", "s", "u", "kernel_s", "kernel", "peak", "at_once"),
    marks=(
        Line("current", "edges", "current"),
        Line("kernel", "kernel_s", "kernel"),
        Line("u", "s", "u"),
    ),
    readouts=(Readout("peak", "the pulse lifts u by", "mV", 2), AT_ONCE),
    draw=_draw_pulse,
    alt="Above, a rectangular pulse of current that carries a charge of 1 pC. Below, the "
    "deflection of the membrane potential: it climbs during the pulse and decays after it. The "
    "shorter the pulse, the closer the curve comes to a dashed one that jumps at once and decays.",
)  # fmt: skip


def explore_pulse(**values):
    """Explore a charge of 1 pC that arrives in a pulse, longer or shorter (w, τ_m).

    Parameters
    ----------
    **values
        First values of the sliders ``width`` (ms), ``tau_m`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_pulse(width=1.0)
    the pulse lifts u by 4.76 mV
    all at once 5.00 mV
    """
    return Explorer(PULSE, **values)


# Convolution: flip the kernel, slide it, take the area. 100 ms, at rest before.


@portable
def filter_convolution(kind: int, t: float, tau_m: float):
    """Two pulses (0), a sine (1) or noise (2), seen through the kernel at time t."""
    n = 401
    dt = 0.25
    s = times(n, dt)
    current = zeros(n)
    if kind == 2:
        normal_draws(current, 3)
        ou_noise(current, 0.05, 4.0, dt)
    for k in range(n):
        if kind == 0:
            if s[k] >= 10.0 and s[k] < 40.0:
                current[k] = 0.2
            if s[k] >= 50.0 and s[k] < 55.0:
                current[k] = 0.3
        elif kind == 1:
            current[k] = 0.15 + 0.15 * sin(2.0 * pi * s[k] / 40.0)
        else:
            current[k] += 0.15

    # The kernel, from its tip at s = t back to the start.
    lags = times(161, t / 160.0)
    kernel = zeros(161)
    add_decay(kernel, lags, R_FIXED / tau_m, tau_m)
    kernel_s = zeros(162)
    for k in range(162):
        kernel_s[k] = t
    for k in range(161):
        kernel_s[k + 1] = t - lags[k]

    # Current times kernel: its area up to t. Within a step only the kernel changes.
    now = floor(t / dt + 0.5) + 1
    product_s = zeros(now + 2)
    product = zeros(now + 2)
    drawn_s = part(s, 0, now)
    area = 0.0
    for k in range(now):
        lag = t - s[k]
        product_s[k + 1] = s[k]
        product[k + 1] = current[k] * R_FIXED / tau_m * exp(-lag / tau_m)
        if k > 0:
            area -= current[k - 1] * R_FIXED * exp(-lag / tau_m) * expm1(-dt / tau_m)
    product_s[now + 1] = t

    # The same from the differential equation, step by step.
    u = zeros(n)
    relax_run(current, dt, tau_m, R_FIXED, U_REST, U_REST, u)
    drawn = part(u, 0, now)
    u_now = u[now - 1]
    by_area = U_REST + area
    error = abs(u_now - by_area)
    if error < ROUNDING:
        error = -1.0
    return (
        s, current, kernel_s, jump_to(kernel), product_s, product, u, drawn_s, drawn,
        u_now, by_area, error,
    )  # fmt: skip


def _draw_convolution(values):
    figure, (above, middle, below) = plt.subplots(
        3, 1, sharex=True, height_ratios=(3, 3, 3), figsize=(5.6, 5.4)
    )
    t = [values["t"]] * 2
    above.plot(values["s"], values["current"], color=ink("current"), gid="current", label="I(s)")
    above.set(ylabel="I (nA)", ylim=(-0.02, 0.34))
    beside = above.twinx()
    beside.plot(values["kernel_s"], values["kernel"], color=ink("filter"), gid="kernel",
                label="κ(t − s)")  # fmt: skip
    beside.set(ylabel="κ (mV/pC)", ylim=(-0.62, 10.5))
    above.plot(t, (-0.02, 0.34), ":", color=ink("reference"), lw=1.2, gid="cursor")
    legend(above, 1, "left", spacing=3)
    legend(beside, 1, spacing=3)
    outline = list(zip(values["product_s"], values["product"], strict=True))
    middle.add_patch(Polygon(outline, closed=False, facecolor=ink("voltage"), alpha=0.45, lw=0,
                             gid="product", label="κ(t − s) I(s)"))  # fmt: skip
    middle.set(ylabel="product (mV/ms)", ylim=(-0.12, 3.1))
    middle.plot(t, (-0.12, 3.1), ":", color=ink("reference"), lw=1.2, gid="edge")
    legend(middle, 1, spacing=3)
    below.plot(values["s"], values["u"], "--", color=ink("reference"), lw=1.2, gid="u",
               label="to come")  # fmt: skip
    below.plot(values["drawn_s"], values["drawn"], color=ink("voltage"), gid="drawn",
               label="u")  # fmt: skip
    below.plot([values["t"]], [values["u_now"]], "o", ms=8, color=ink("voltage"), gid="now")
    below.set(xlabel="time s (ms)", ylabel="u (mV)", xlim=(-1.5, 101.5), ylim=(-66, -48))
    legend(below, 2, spacing=3)
    return figure


CONVOLUTION = Scene(
    name="filter_convolution",
    run=filter_convolution,
    parameters=(
        Choice(name="kind", meaning="kind of input", options=("two pulses", "sine", "noise")),
        Slider(name="t", symbol="t", unit="ms", meaning="the time looked at",
               low=0.0, high=100.0, step=0.5, default=54.0),
        TAU_M,
    ),
    outputs=(
        "s", "current", "kernel_s", "kernel", "product_s", "product", "u", "drawn_s", "drawn",
        "u_now", "by_area", "error",
    ),
    marks=(
        Line("current", "s", "current"),
        Line("kernel", "kernel_s", "kernel"),
        Line("cursor", "t", (-0.02, 0.34)),
        Line("product", "product_s", "product"),
        Line("edge", "t", (-0.12, 3.1)),
        Line("u", "s", "u"),
        Line("drawn", "drawn_s", "drawn"),
        Point("now", "t", "u_now"),
    ),
    readouts=(
        Readout("u_now", "u(t), simulated:", "mV", 3),
        Readout("by_area", "u_rest + shaded area:", "mV", 3),
        Readout("error", "they differ by", "mV", 9, "they agree within 1e-9 mV"),
    ),
    draw=_draw_convolution,
    alt="Three panels over the same 100 ms. Above, the current, and the kernel: it is flipped, "
    "its tip stands at the time looked at, and its tail reaches back. In the middle, the product "
    "of the two, shaded. Below, the membrane potential, drawn up to that time; its distance from "
    "rest is the shaded area.",
)  # fmt: skip


def explore_convolution(**values):
    """Explore the convolution of a current with the membrane's kernel (kind, t, τ_m).

    Parameters
    ----------
    **values
        First values: ``kind`` (``"two pulses"``, ``"sine"`` or ``"noise"``) and the sliders ``t``
        (time looked at, ms), ``tau_m`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_convolution(t=10.0)
    u(t), simulated: −65.000 mV
    u_rest + shaded area: −65.000 mV
    they agree within 1e-9 mV
    """
    return Explorer(CONVOLUTION, **values)


# The past: a current before t = 0, and what a formula that starts at t = 0 knows of it.


@portable
def filter_past(past: float, since: float, tau_m: float):
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
    gap = u[zero + 40] - without[40]
    return seen, seen_current, seen_u, s, without, left, start, gap, left[40]


def _draw_past(values):
    figure, (above, middle, below) = plt.subplots(
        3, 1, sharex=True, height_ratios=(2, 4, 2), figsize=(5.6, 4.6)
    )
    above.plot(values["seen"], values["seen_current"], color=ink("current"), gid="current",
               label="I")  # fmt: skip
    above.set(ylabel="I (nA)", ylim=(-0.28, 0.3))
    legend(above, 1, spacing=3)
    middle.plot(values["seen"], values["seen_u"], color=ink("voltage"), gid="u", label="u")
    middle.plot(values["s"], values["without"], "--", color=ink("threshold"), gid="without",
                label="without the past")  # fmt: skip
    middle.set(ylabel="u (mV)", ylim=(-76, -50))
    legend(middle, 2, "left", spacing=4)
    below.plot(values["s"], values["left"], color=ink("filter"), gid="left",
               label="initial term")  # fmt: skip
    below.set(xlabel="time t (ms)", ylabel="gap (mV)", xlim=(-60, 80), ylim=(-11, 13.5))
    legend(below, 1, spacing=3)
    for axes in (above, middle, below):
        axes.axvline(0, color=ink("reference"), lw=0.8, ls=":")
    return figure


PAST = Scene(
    name="filter_past",
    run=filter_past,
    parameters=(
        Slider(name="past", symbol="I", unit="nA", meaning="current before t = 0",
               low=-0.2, high=0.25, step=0.01, default=0.2),
        Slider(name="since", symbol="T", unit="ms", meaning="how long it had been on",
               low=1.0, high=200.0, step=1.0, default=40.0),
        TAU_M,
    ),
    outputs=(
        "seen", "seen_current", "seen_u", "s", "without", "left", "start", "gap", "left_at_20",
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
)  # fmt: skip


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
    return Explorer(PAST, **values)


# Postsynaptic potentials: the charge of one spike, by an exponential or an α-shaped current.


@portable
def filter_psp(kind: int, tau_s: float, tau_m: float):
    """An exponential (0) or α-shaped (1) synaptic current of 1 pC, and the potential it makes."""
    s = times(201, 0.4)
    current = zeros(201)
    psp = zeros(201)
    for k in range(201):
        current[k] = CHARGE / tau_s * exp(-s[k] / tau_s)
        if kind == 1:
            current[k] *= s[k] / tau_s
    fine = times(4001, 0.02)
    curve = zeros(4001)
    if kind == 0:
        add_exponential_psp(psp, s, CHARGE, tau_s, tau_m, R_FIXED)
        add_exponential_psp(curve, fine, CHARGE, tau_s, tau_m, R_FIXED)
    else:
        add_alpha_psp(psp, s, CHARGE, tau_s, tau_m, R_FIXED)
        add_alpha_psp(curve, fine, CHARGE, tau_s, tau_m, R_FIXED)
    best = place_of_largest(curve)
    kernel = zeros(201)
    add_decay(kernel, s, CHARGE * R_FIXED / tau_m, tau_m)
    from_zero = jump_to(s)
    at_once = kernel[0]
    return (
        s, psp, from_zero, jump_to(current), jump_to(kernel), fine[best], curve[best], at_once,
    )  # fmt: skip


def _draw_psp(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(1, 2), figsize=(5.6, 3.9)
    )
    above.plot(values["from_zero"], values["current"], color=ink("current"), gid="current",
               label="I")  # fmt: skip
    above.set(ylabel="I (nA)", ylim=(-0.03, 0.55))
    legend(above, 1, spacing=3)
    below.plot(values["from_zero"], values["kernel"], "--", color=ink("filter"), lw=1.2,
               gid="kernel", label="q κ")  # fmt: skip
    below.plot(values["s"], values["psp"], color=ink("voltage"), gid="psp", label="PSP")
    below.plot([values["peak_time"]], [values["peak"]], "o", color=ink("voltage"), gid="top")
    below.set(xlabel="time t (ms)", ylabel="u − u_rest (mV)", xlim=(-4, 80), ylim=(-0.3, 10.5))
    legend(below, 2, spacing=3)
    return figure


PSP = Scene(
    name="filter_psp",
    run=filter_psp,
    parameters=(
        Choice(name="kind", meaning="synaptic current", options=("exponential", "α-shaped")),
        Slider(name="tau_s", symbol="τ_s", unit="ms", meaning="time constant of the synapse",
               low=0.2, high=20.0, step=0.2, default=5.0),
        TAU_M,
    ),
    outputs=("s", "psp", "from_zero", "current", "kernel", "peak_time", "peak", "at_once"),
    marks=(
        Line("current", "from_zero", "current"),
        Line("kernel", "from_zero", "kernel"),
        Line("psp", "s", "psp"),
        Point("top", "peak_time", "peak"),
    ),
    readouts=(
        Readout("peak", "the PSP peaks at", "mV", 2),
        Readout("peak_time", "after", "ms", 1),
        AT_ONCE,
    ),
    draw=_draw_psp,
    alt="Above, the current of one synapse, which carries 1 pC. Below, the postsynaptic potential: "
    "it rises, peaks and decays. A dashed curve, the answer to the same charge all at once, jumps "
    "higher and decays earlier; for a fast synapse the two are alike.",
)  # fmt: skip


def explore_psp(**values):
    """Explore the postsynaptic potential of one presynaptic spike (kind, τ_s, τ_m).

    Parameters
    ----------
    **values
        First values: ``kind`` (``"exponential"`` or ``"α-shaped"``) and the sliders ``tau_s``
        (time constant of the synaptic current, ms), ``tau_m`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_psp(tau_s=10.0)
    the PSP peaks at 1.84 mV
    after 10.0 ms
    all at once 5.00 mV
    """
    return Explorer(PSP, **values)


# Frequencies: gain and phase of the membrane, and a sine that goes in and comes out.


@portable
def filter_frequency(f: float, tau_m: float, R: float):
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
        turn = 2.0 * pi * f * t[k] / MS_PER_S
        sine_in[k] = sin(turn)
        sine_out[k] = Z / R * sin(turn + angle)
    cutoff = MS_PER_S / (2.0 * pi * tau_m)
    return (
        decade, gain, phase, t, sine_in, sine_out,
        log(f) / log(10.0), log(Z) / log(10.0), angle * 180.0 / pi, log(cutoff) / log(10.0),
        Z, 100.0 * Z / R, -angle / (2.0 * pi * f) * MS_PER_S, cutoff,
    )  # fmt: skip


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
        axes.plot([values["cutoff_decade"]] * 2, ends, ":", color=ink("threshold"), lw=1.2,
                  gid=f"{gid}_cutoff", label="cutoff")  # fmt: skip
        axes.plot(values["decade"], values[curve], color=ink("filter"), gid=gid,
                  label="impedance" if axes is above else None)  # fmt: skip
        axes.plot(at, [values[point]], "o", ms=8, color=ink("voltage"), gid=f"{gid}_here",
                  label="this sine")  # fmt: skip
        axes.set(xlim=(-1, 3), ylim=ends)
    _log_ticks(above.xaxis, range(-1, 4))
    _log_ticks(above.yaxis, range(-2, 3))
    above.tick_params(labelbottom=False)
    above.set(ylabel="|Z| (MΩ)")
    legend(above, 3, spacing=3)
    middle.set(xlabel="frequency f (Hz)", ylabel="phase (°)", yticks=(-90, -45, 0))
    below.plot(values["t"], values["sine_in"], color=ink("current"), gid="sine_in",
               label="I/A")  # fmt: skip
    below.plot(values["t"], values["sine_out"], color=ink("voltage"), gid="sine_out",
               label="(u − u_rest)/(R A)")  # fmt: skip
    below.set(xlabel="time t (ms)", ylabel="sine", xlim=(0, 100), ylim=(-1.1, 1.1))
    legend(below, 2, spacing=3)
    return figure


FREQUENCY = Scene(
    name="filter_frequency",
    run=filter_frequency,
    parameters=(
        Slider(name="f", symbol="f", unit="Hz", meaning="frequency of the sine",
               low=1.0, high=200.0, step=1.0, default=40.0),
        TAU_M,
        Slider.of(LIF, "R", 10.0, 200.0, 1.0),
    ),
    outputs=(
        "decade", "gain", "phase", "t", "sine_in", "sine_out",
        "f_decade", "gain_here", "phase_here", "cutoff_decade",
        "Z", "share", "lag", "cutoff",
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
)  # fmt: skip


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
    return Explorer(FREQUENCY, **values)


# Resets: a spiking neuron's potential, layer by layer. 120 ms.


@portable
def filter_resets(I: float, tau_m: float, u_r: float, t_ref: float):
    """A spiking neuron, its filtered input, the rests of its resets, and how well they add up."""
    n = 481
    dt = 0.25
    t = times(n, dt)
    current = zeros(n)
    for k in range(20, n):
        current[k] = I * (1.0 + 0.5 * sin(2.0 * pi * t[k] / 60.0))
    u = zeros(n)
    spikes = zeros(n)
    count = run(current, dt, tau_m, R_FIXED, U_REST, THETA, u_r, t_ref, U_REST, u, spikes)
    fired = part(spikes, 0, count)
    free = zeros(n)
    relax_run(current, dt, tau_m, R_FIXED, 0.0, 0.0, free)
    resets = zeros(n)
    add_resets(resets, fired, dt, u_r - THETA, tau_m)
    total = zeros(n)
    gap = zeros(n)
    error = 0.0
    for k in range(n):
        total[k] = U_REST + free[k] + resets[k]
        gap[k] = total[k] - u[k]
        error = max(error, abs(gap[k]))
    if error < ROUNDING:
        error = -1.0
        for k in range(n):
            gap[k] = 0.0
    return t, u, total, free, resets, gap, fired, count, error


def _draw_resets(values):
    figure, (above, middle, below) = plt.subplots(
        3, 1, sharex=True, height_ratios=(3, 3, 2), figsize=(5.6, 5.4)
    )
    t = values["t"]
    above.axhline(THETA, color=ink("threshold"), lw=1.2, label="θ")
    above.plot(t, values["u"], color=ink("voltage"), lw=3.5, alpha=0.5, gid="u",
               label="u")  # fmt: skip
    above.plot(t, values["total"], color=ink("spikes"), lw=1, gid="total", label="sum")
    above.set(ylabel="u (mV)", ylim=(-77, -25))
    legend(above, 3, spacing=3)
    middle.plot(t, values["free"], color=ink("current"), gid="free", label="κ∗I")
    middle.plot(t, values["resets"], color=ink("filter"), gid="resets", label="Σ η")
    middle.set(ylabel="layers (mV)", ylim=(-60, 48))
    legend(middle, 2, spacing=3)
    below.plot(t, values["gap"], color=ink("threshold"), gid="gap", label="sum − u")
    below.set(xlabel="time t (ms)", ylabel="error (mV)", xlim=(0, 120), ylim=(-2, 40))
    legend(below, 1, spacing=3)
    return figure


RESETS = Scene(
    name="filter_resets",
    run=filter_resets,
    parameters=(
        Slider(name="I", symbol="I", unit="nA", meaning="mean input current",
               low=0.0, high=0.6, step=0.01, default=0.4),
        TAU_M,
        Slider.of(LIF, "u_r", -75.0, -55.0, 0.5),
        Slider.of(LIF, "t_ref", 0.0, 5.0, 0.5),
    ),
    outputs=("t", "u", "total", "free", "resets", "gap", "spikes", "count", "error"),
    marks=(
        Line("u", "t", "u"),
        Line("total", "t", "total"),
        Line("free", "t", "free"),
        Line("resets", "t", "resets"),
        Line("gap", "t", "gap"),
    ),
    readouts=(
        Readout("count", "spikes:", "", 0),
        Readout("error", "sum and simulation differ by up to", "mV", 2,
                "sum and simulation agree within 1e-9 mV"),
    ),
    draw=_draw_resets,
    alt="Above, the simulated potential of a spiking neuron, and on it the sum of the layers. In "
    "the middle the layers: the filtered input, which rises far above the threshold, and the sum "
    "of the reset kernels, which takes it down again at each spike. Below, the difference between "
    "sum and simulation: none without refractory time.",
)  # fmt: skip


def explore_resets(**values):
    """Explore a spiking neuron as a sum of filtered input and reset kernels (I, τ_m, u_r, t_ref).

    Parameters
    ----------
    **values
        First values of the sliders ``I`` (mean current, nA), ``tau_m`` (ms), ``u_r`` (mV),
        ``t_ref`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_resets(I=0.1)
    spikes: 0
    sum and simulation agree within 1e-9 mV
    """
    return Explorer(RESETS, **values)


def _log_ticks(axis, powers):
    """Label an axis of decimal logarithms with the numbers themselves."""
    axis.set_ticks(list(powers), [f"{10.0**power:g}" for power in powers])
