"""Convolution: flip the kernel, slide it, take the area. 100 ms, at rest before."""

from math import exp, expm1, floor, pi, sin
from typing import NamedTuple

import matplotlib.pyplot as plt
from matplotlib.patches import Polygon

from neuro_lib.analysis.filters import relax_run
from neuro_lib.analysis.responses import add_green, kappa
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Choice, Handle, Line, Point, Readout, Scene, Slider
from neuro_lib.explorers.scenes import sliders
from neuro_lib.explorers.scenes.pieces import legend, part, times
from neuro_lib.explorers.scenes.shared_filters import R_FIXED, SAME_POTENTIAL, U_REST, jump_to
from neuro_lib.figures import ink
from neuro_lib.inputs.currents import normal_draws, ou_noise
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_convolution"]


class Outcome(NamedTuple):
    """What the figure shows."""

    s: Array
    current: Array
    kernel_s: Array
    kernel: Array
    product_s: Array
    product: Array
    u: Array
    drawn_s: Array
    drawn: Array
    u_now: float
    by_area: float
    error: float


@portable
def filter_convolution(kind: int, t: float, tau_m: float) -> Outcome:
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
    add_green(kernel, lags, 1.0, tau_m, R_FIXED)
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
        product[k + 1] = current[k] * kappa(lag, tau_m, R_FIXED)
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
    if error < SAME_POTENTIAL:
        error = -1.0
    return Outcome(
        s=s,
        current=current,
        kernel_s=kernel_s,
        kernel=jump_to(kernel),
        product_s=product_s,
        product=product,
        u=u,
        drawn_s=drawn_s,
        drawn=drawn,
        u_now=u_now,
        by_area=by_area,
        error=error,
    )


def _draw_convolution(values):
    figure, (above, middle, below) = plt.subplots(
        3, 1, sharex=True, height_ratios=(3, 3, 3), figsize=(5.6, 5.4)
    )
    t = [values["t"]] * 2
    above.plot(values["s"], values["current"], color=ink("current"), gid="current", label="I(s)")
    above.set(ylabel="I (nA)", ylim=(-0.02, 0.34))
    beside = above.twinx()
    beside.plot(
        values["kernel_s"], values["kernel"], color=ink("filter"), gid="kernel", label="κ(t − s)"
    )
    beside.set(ylabel="κ (mV/pC)", ylim=(-0.62, 10.5))
    above.plot(t, (-0.02, 0.34), ":", color=ink("reference"), lw=1.2, gid="cursor")
    legend(above, 1, "left", spacing=3)
    legend(beside, 1, spacing=3)
    outline = list(zip(values["product_s"], values["product"], strict=True))
    middle.add_patch(
        Polygon(
            outline,
            closed=False,
            facecolor=ink("voltage"),
            alpha=0.45,
            lw=0,
            gid="product",
            label="κ(t − s) I(s)",
        )
    )
    middle.set(ylabel="product (mV/ms)", ylim=(-0.12, 3.1))
    middle.plot(t, (-0.12, 3.1), ":", color=ink("reference"), lw=1.2, gid="edge")
    legend(middle, 1, spacing=3)
    below.plot(
        values["s"], values["u"], "--", color=ink("reference"), lw=1.2, gid="u", label="to come"
    )
    below.plot(values["drawn_s"], values["drawn"], color=ink("voltage"), gid="drawn", label="u")
    below.plot([values["t"]], [values["u_now"]], "o", ms=8, color=ink("voltage"), gid="now")
    below.set(xlabel="time s (ms)", ylabel="u (mV)", xlim=(-1.5, 101.5), ylim=(-66, -48))
    legend(below, 2, spacing=3)
    return figure


SCENE = Scene(
    name="filter_convolution",
    title="A current convolved with the kernel",
    run=filter_convolution,
    parameters=(
        Choice("kind", "kind of input", options=("two pulses", "sine", "noise")),
        Slider("t", "t", "ms", "the time looked at", low=0.0, high=100.0, step=0.5, default=54.0),
        sliders.TAU_M,
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
    handles=(Handle("t", axis="x", mark="cursor"),),
    draw=_draw_convolution,
    alt="Three panels over the same 100 ms. Above, the current, and the kernel: it is flipped, "
    "its tip stands at the time looked at, and its tail reaches back. In the middle, the product "
    "of the two, shaded. Below, the membrane potential, drawn up to that time; its distance from "
    "rest is the shaded area.",
)


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
    return Explorer(SCENE, **values)
