"""Explorers of the chapter on what the integrate-and-fire model cannot do."""

from math import exp, log

import matplotlib.pyplot as plt

from neuro_lib.adaptation import FilteredLIF, run_filtered
from neuro_lib.adex import AdEx, run_adex, settled_pull, settled_root
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.pieces import legend, part, times
from neuro_lib.explorers.scene import Line, Point, Presets, Readout, Scene, Slider, Ticks
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.patterns import filter_pattern
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_adex", "explore_filters"]

# LIF with further linear filters, under a step of current that lasts from 50 to 450 ms.

NEURON = filter_pattern("tonic")[0]
TAU_M, R, U_REST, U_R = NEURON.tau_m, NEURON.R, NEURON.u_rest, NEURON.u_r
START = 50.0
STOP = 450.0
DT = 1.0  # the spikes do not depend on it
STEPS = 600
SPIKE_TOP = -35.0

PATTERNS = ("bursting", "tonic", "adapting", "rebound", "delayed accelerating")


def _positions(pattern):
    """Positions of the sliders that show a pattern."""
    neuron, I = filter_pattern(pattern)
    return {"I": I} | {name: getattr(neuron, name) for name in FILTER_SLIDERS}


FILTER_SLIDERS = ("theta", "a", "tau_w", "b", "A", "tau_f")


@portable
def add_step(current: Array, I: float, start: float, stop: float, dt: float):
    """Write a step current into an array of zeros."""
    for k in range(len(current)):
        if k * dt >= start - 1e-9 and k * dt < stop - 1e-9:
            current[k] = I


@portable
def lif_filters(
    I: float, theta: float, a: float, tau_w: float, b: float, A: float, tau_f: float
):  # fmt: skip
    """A neuron with two further filters under a step of current."""
    n = STEPS + 1
    t = times(n, DT)
    current = zeros(n)
    add_step(current, I, START, STOP, DT)
    u = zeros(n)
    w = zeros(n)
    found = zeros(2000)
    count = run_filtered(
        current, DT, TAU_M, R, U_REST, theta, U_R, 0.0, a, tau_w, b, A, tau_f, U_REST, u, w, found
    )
    spikes = part(found, 0, min(count, 2000))
    f = zeros(n)
    last = 0
    during = 0
    release = -1.0
    for k in range(len(spikes)):
        if spikes[k] <= STOP:
            during += 1
        elif release < 0.0:
            release = spikes[k] - STOP
    for k in range(n):
        while last < len(spikes) and spikes[last] <= t[k]:
            last += 1
        if last > 0:
            f[k] = A * exp(-(t[k] - spikes[last - 1]) / tau_f)
    shortest = -1.0
    longest = -1.0
    for k in range(1, during):
        interval = spikes[k] - spikes[k - 1]
        longest = max(longest, interval)
        if shortest < 0.0 or interval < shortest:
            shortest = interval
    return t, u, current, w, f, spikes, during, shortest, longest, release


def _draw_filters(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(3, 2), figsize=(5.6, 4.4)
    )
    t = values["t"]
    above.plot(t, values["u"], color=ink("voltage"), gid="u", label="u")
    above.plot((0, 600), [values["theta"]] * 2, color=ink("threshold"), lw=1.2, gid="theta",
               label="θ")  # fmt: skip
    draw_spikes(above, values["spikes"], values["theta"], SPIKE_TOP, gid="spikes", label="spike")
    above.set(ylabel="u (mV)", ylim=(-110, -20))
    above.legend(loc="upper right", ncols=3)
    for name, meaning, label in (("current", "current", "I"), ("w", "filter", "w"),
                                 ("f", "reference", "f")):  # fmt: skip
        below.plot(t, values[name], color=ink(meaning), gid=name, label=label)
    below.set(xlabel="time t (ms)", ylabel="current (nA)", xlim=(0, 600), ylim=(-0.5, 2.1))
    below.legend(loc="upper right", ncols=3)
    return figure


def _slider(name, low, high, step):
    """Slider of the filters, at its position in the first pattern."""
    return Slider.of(FilteredLIF, name, low, high, step, _positions(PATTERNS[0])[name])


FILTERS = Scene(
    name="lif_filters",
    run=lif_filters,
    parameters=(
        Presets(name="pattern", meaning="start from", options=PATTERNS,
                sets=tuple(_positions(pattern) for pattern in PATTERNS)),
        Slider(name="I", symbol="I", unit="nA", meaning="step of current",
               low=-0.4, high=0.4, step=0.01, default=_positions(PATTERNS[0])["I"]),
        _slider("theta", -58.0, -46.0, 0.5),
        _slider("a", -0.008, 0.05, 0.001),
        _slider("tau_w", 20.0, 300.0, 5.0),
        _slider("b", 0.0, 0.2, 0.005),
        _slider("A", 0.0, 1.6, 0.05),
        _slider("tau_f", 1.0, 10.0, 0.5),
    ),
    outputs=(
        "t", "u", "current", "w", "f", "spikes", "during", "shortest", "longest", "release",
    ),
    marks=(
        Line("u", "t", "u"),
        Line("theta", (0, 600), "theta"),
        Ticks("spikes", "spikes", "theta", SPIKE_TOP),
        Line("current", "t", "current"),
        Line("w", "t", "w"),
        Line("f", "t", "f"),
    ),
    readouts=(
        Readout("during", "spikes during the step:"),
        Readout("shortest", "shortest interval", "ms", 1, "no shortest interval"),
        Readout("longest", "longest", "ms", 1, "no longest"),
        Readout("release", "first spike after its end:", "ms", 2, "no spike after its end"),
    ),
    draw=_draw_filters,
    alt="Above, the membrane potential over 600 ms with threshold and spikes; a step of current "
    "lasts from 50 to 450 ms. Below, the current and the two filters: w, which opposes, and f, "
    "which each spike starts afresh and which drives the next one.",
)  # fmt: skip


def explore_filters(**values):
    """Explore the firing patterns of two further linear filters (pattern, I, θ, a, τ_w, b, A, τ_f).

    Parameters
    ----------
    **values
        First values: ``pattern`` (``"bursting"``, ``"tonic"``, ``"adapting"``, ``"rebound"`` or
        ``"delayed accelerating"``), which sets all sliders that are not given, and the sliders
        ``I`` (nA), ``theta`` (mV), ``a`` (µS), ``tau_w`` (ms), ``b`` (nA), ``A`` (nA), ``tau_f``
        (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> round(explore_filters(pattern="rebound").run().release, 2)
    20.77
    """
    return Explorer(FILTERS, **values)


# The phase plane of AdEx, under a step of current from 20 to 420 ms.

PLANE_TAU_M = 10.0  # the membrane of two of Naud's patterns: 100 pF, 10 nS
PLANE_R = 100.0
PLANE_U_REST = -65.0
PLANE_THETA_RH = -50.0
PLANE_U_PEAK = 0.0
PLANE_START = 20.0
PLANE_STOP = 420.0
PLANE_DT = 0.5
PLANE_STEPS = 840
LEFT = -85.0  # mV, edges of the plane
RIGHT = -35.0
BOTTOM = -0.2  # nA
TOP = 0.5
ABOVE = 0.51  # where a curve that leaves the plane is cut off
NOWHERE = -200.0  # mV: where a fixed point is drawn that does not exist
MOST = 1500  # spikes


@portable
def trajectory(u: Array, w: Array, spikes: Array, u_r: float, b: float):
    """Path in the plane: a sampled run, with each spike's way out at RIGHT and its reset."""
    n = len(u)
    x = zeros(n + len(spikes) + len(spikes))
    y = zeros(n + len(spikes) + len(spikes))
    at = 0
    next_spike = 0
    for k in range(n):
        x[at] = u[k]
        y[at] = w[k]
        at += 1
        if k == n - 1:
            break
        end = next_spike
        while end < len(spikes) and spikes[end] <= (k + 1) * PLANE_DT:
            end += 1
        drift = w[k + 1] - w[k] - b * (float(end) - float(next_spike))
        for j in range(next_spike, end):
            passed = (spikes[j] - k * PLANE_DT) / PLANE_DT
            before = w[k] + drift * passed + b * (float(j) - float(next_spike))
            x[at] = RIGHT
            y[at] = before
            x[at + 1] = u_r
            y[at + 1] = before + b
            at += 2
        next_spike = end
    return part(x, 0, at), part(y, 0, at)


@portable
def adex_plane(I: float, a: float, tau_w: float, b: float, u_r: float, Delta_T: float):
    """AdEx under a step of current: its run over time and in the plane of u and w."""
    n = PLANE_STEPS + 1
    t = times(n, PLANE_DT)
    current = zeros(n)
    add_step(current, I, PLANE_START, PLANE_STOP, PLANE_DT)
    u = zeros(n)
    w = zeros(n)
    found = zeros(MOST)
    count = run_adex(
        current, PLANE_DT, PLANE_TAU_M, PLANE_R, PLANE_U_REST, PLANE_THETA_RH, Delta_T, u_r,
        PLANE_U_PEAK, a, tau_w, b, PLANE_U_REST, u, w, found,
    )  # fmt: skip
    spikes = part(found, 0, min(count, MOST))
    for k in range(n):
        u[k] = min(u[k], RIGHT)  # an upswing that a sample has caught on its way
    path_u, path_w = trajectory(u, w, spikes, u_r, b)

    m = 126
    grid = zeros(m)
    no_du = zeros(m)
    no_dw = zeros(m)
    for k in range(m):
        grid[k] = LEFT + (RIGHT - LEFT) * k / float(m - 1)
        no_dw[k] = a * (grid[k] - PLANE_U_REST)
        left = settled_pull(grid[k], I, PLANE_R, PLANE_U_REST, PLANE_THETA_RH, Delta_T, a)
        no_du[k] = min(no_dw[k] + left / PLANE_R, ABOVE)

    lowest = PLANE_THETA_RH + Delta_T * log(1.0 + a * PLANE_R)
    deepest = settled_pull(lowest, I, PLANE_R, PLANE_U_REST, PLANE_THETA_RH, Delta_T, a)
    rheobase = I - deepest / PLANE_R
    points = 0
    u_low = NOWHERE
    u_high = NOWHERE
    if deepest < 0.0:
        points = 2
        u_low = settled_root(-500.0, lowest, I, PLANE_R, PLANE_U_REST, PLANE_THETA_RH, Delta_T, a)
        u_high = settled_root(
            lowest, lowest + 20.0 * Delta_T, I, PLANE_R, PLANE_U_REST, PLANE_THETA_RH, Delta_T, a
        )
    w_low = a * (u_low - PLANE_U_REST)
    w_high = a * (u_high - PLANE_U_REST)
    first = -1.0
    if len(spikes) > 0:
        first = spikes[0] - PLANE_START
    return (
        t, u, spikes, path_u, path_w, grid, no_du, no_dw, u_low, w_low, u_high, w_high,
        len(spikes), first, points, rheobase,
    )  # fmt: skip


def _draw_adex(values):
    figure, (plane, time) = plt.subplots(2, 1, height_ratios=(3, 2), figsize=(5.6, 5.4))
    plane.plot(values["path_u"], values["path_w"], color=ink("voltage"), lw=1.0, gid="path",
               label="trajectory")  # fmt: skip
    plane.plot(values["grid"], values["no_du"], color=ink("threshold"), gid="no_du",
               label="du/dt = 0")  # fmt: skip
    plane.plot(values["grid"], values["no_dw"], color=ink("filter"), gid="no_dw",
               label="dw/dt = 0")  # fmt: skip
    for which, fill in (("low", ink("spikes")), ("high", "none")):
        plane.plot([values[f"u_{which}"]], [values[f"w_{which}"]], "o", ms=7, color=ink("spikes"),
                   markerfacecolor=fill, gid=f"fixed_{which}")  # fmt: skip
    plane.plot([values["u_r"]] * 2, (BOTTOM, TOP), ":", color=ink("reference"), gid="reset",
               label="u_r")  # fmt: skip
    plane.set(xlabel="potential u (mV)", ylabel="w (nA)", xlim=(LEFT, RIGHT), ylim=(BOTTOM, TOP))
    plane.set_yticks((-0.2, 0.0, 0.2, 0.4))
    legend(plane, 2, "left", spacing=4)
    time.plot(values["t"], values["u"], color=ink("voltage"), gid="u")
    draw_spikes(time, values["spikes"], RIGHT, -25.0, gid="spikes")
    time.set(xlabel="time t (ms)", ylabel="u (mV)", xlim=(0, 420), ylim=(-85, -20))
    return figure


PLANE_PATTERNS = {  # I nA, a µS, tau_w ms, b nA, u_r mV; Delta_T = 2 mV
    "transient": (0.26, 0.01, 90.0, 0.02, -54.0),
    "tonic": (0.25, 0.0, 30.0, 0.0, -58.0),
    "adapting": (0.35, 0.002, 200.0, 0.03, -58.0),
    "initial burst": (0.3, 0.004, 150.0, 0.05, -50.0),
    "bursting": (0.25, 0.002, 100.0, 0.05, -46.0),
    "delayed accelerating": (0.09, -0.008, 100.0, 0.0, -58.0),
}
_I, _A, _TAU_W, _B, _U_R = PLANE_PATTERNS["transient"]

PLANE = Scene(
    name="adex_plane",
    run=adex_plane,
    parameters=(
        Presets(name="pattern", meaning="start from", options=tuple(PLANE_PATTERNS),
                sets=tuple(dict(zip(("I", "a", "tau_w", "b", "u_r", "Delta_T"), (*row, 2.0),
                                    strict=True)) for row in PLANE_PATTERNS.values())),
        Slider(name="I", symbol="I", unit="nA", meaning="step of current",
               low=-0.2, high=0.5, step=0.01, default=_I),
        Slider.of(AdEx, "a", -0.008, 0.02, 0.001, _A),
        Slider.of(AdEx, "tau_w", 20.0, 300.0, 5.0, _TAU_W),
        Slider.of(AdEx, "b", 0.0, 0.15, 0.005, _B),
        Slider.of(AdEx, "u_r", -70.0, -46.0, 0.5, _U_R),
        Slider.of(AdEx, "Delta_T", 1.0, 4.0, 0.1, 2.0),
    ),
    outputs=(
        "t", "u", "spikes", "path_u", "path_w", "grid", "no_du", "no_dw", "u_low", "w_low",
        "u_high", "w_high", "count", "first", "points", "rheobase",
    ),
    marks=(
        Line("path", "path_u", "path_w"),
        Line("no_du", "grid", "no_du"),
        Line("no_dw", "grid", "no_dw"),
        Line("reset", "u_r", (BOTTOM, TOP)),
        Point("fixed_low", "u_low", "w_low"),
        Point("fixed_high", "u_high", "w_high"),
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", RIGHT, -25.0),
    ),
    readouts=(
        Readout("count", "spikes:"),
        Readout("first", "the first after", "ms", 1, "no first one"),
        Readout("points", "fixed points under the current:"),
        Readout("rheobase", "rheobase", "nA", 3),
    ),
    draw=_draw_adex,
    alt="Above, the phase plane of potential u and adaptation w: the u-nullcline, a valley that "
    "rises steeply on the right, the straight w-nullcline, fixed points where they cross, and "
    "the trajectory, which runs out to the right at each spike and starts again at the reset, "
    "higher up. Below, the potential over time.",
)  # fmt: skip


def explore_adex(**values):
    """Explore the phase plane of AdEx (pattern, I, a, τ_w, b, u_r, Δ_T).

    Parameters
    ----------
    **values
        First values: ``pattern`` (``"transient"``, ``"tonic"``, ``"adapting"``, ``"initial
        burst"``, ``"bursting"`` or ``"delayed accelerating"``), which sets all sliders that are
        not given, and the sliders ``I`` (nA), ``a`` (µS), ``tau_w`` (ms), ``b`` (nA), ``u_r``
        (mV), ``Delta_T`` (mV).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_adex(pattern="tonic").run().points
    0
    """
    return Explorer(PLANE, **values)
