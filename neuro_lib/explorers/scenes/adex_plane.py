"""The phase plane of AdEx: a current is switched on, and the neuron starts anywhere."""

from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Handle, Line, Point, Presets, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.scenes.pieces import legend, part, times
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.models.adex import (
    AdEx,
    linearised,
    meeting_potential,
    run_adex_on,
    settled_pull,
    settled_root,
)
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_adex"]

DT = 0.5
STEPS = 800
U_REST = -65.0
U_MIN = -85.0  # mV, edges of the plane
U_MAX = -35.0
W_MIN = -0.2  # nA
W_MAX = 0.5
ABOVE = 0.51  # where a curve that leaves the plane is cut off
NOWHERE = -88.0  # mV: just out of sight; Matplotlib leaves out what is off the whole figure
MAX_SPIKES = 1500  # spikes


@portable
def trajectory(u: Array, w: Array, spikes: Array, u_r: float, b: float):
    """Path in the plane: a sampled run, with each spike's way out at U_MAX and its reset."""
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
        while end < len(spikes) and spikes[end] <= (k + 1) * DT:
            end += 1
        drift = w[k + 1] - w[k] - b * (float(end) - float(next_spike))
        for j in range(next_spike, end):
            passed = (spikes[j] - k * DT) / DT
            before = w[k] + drift * passed + b * (float(j) - float(next_spike))
            x[at] = U_MAX
            y[at] = before
            x[at + 1] = u_r
            y[at + 1] = before + b
            at += 2
        next_spike = end
    return part(x, 0, at), part(y, 0, at)


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    spikes: Array
    path_u: Array
    path_w: Array
    grid: Array
    no_du: Array
    no_dw: Array
    u_stable: float
    w_stable: float
    u_unstable: float
    w_unstable: float
    u_saddle: float
    w_saddle: float
    count: int
    first: float
    points: int
    stable: int
    rheobase: float


@portable
def adex_plane(
    I: float,
    a: float,
    tau_w: float,
    b: float,
    u_r: float,
    Delta_T: float,
    u_0: float,
    w_0: float,
) -> Outcome:
    """AdEx under a current, from u_0 and w_0: its run over time and in the plane of u and w."""
    n = STEPS + 1
    t = times(n, DT)
    current = zeros(n)
    for k in range(n):
        current[k] = I
    u = zeros(n)
    w = zeros(n)
    u[0] = u_0
    w[0] = w_0
    found = zeros(MAX_SPIKES)
    # The membrane of two of Naud's patterns: 100 pF, 10 nS.
    adex = AdEx(tau_m=10.0, u_rest=U_REST, Delta_T=Delta_T, u_r=u_r, a=a, tau_w=tau_w, b=b)
    count = run_adex_on(current, DT, adex, u, w, found)
    spikes = part(found, 0, min(count, MAX_SPIKES))
    for k in range(n):
        u[k] = min(u[k], U_MAX)  # an upswing that a sample has caught on its way
    path_u, path_w = trajectory(u, w, spikes, u_r, b)

    m = 201  # enough for Matplotlib to leave out what lies on a straight line
    grid = zeros(m)
    no_du = zeros(m)
    no_dw = zeros(m)
    for k in range(m):
        grid[k] = U_MIN + (U_MAX - U_MIN) * k / float(m - 1)
        no_dw[k] = a * (grid[k] - adex.u_rest)
        left = settled_pull(grid[k], I, adex)
        no_du[k] = min(no_dw[k] + left / adex.R, ABOVE)

    lowest = meeting_potential(adex)
    deepest = settled_pull(lowest, I, adex)
    rheobase = I - deepest / adex.R
    points = 0
    stable = 0
    u_stable = NOWHERE
    u_unstable = NOWHERE
    u_saddle = NOWHERE
    if deepest < 0.0:
        points = 2
        u_low = settled_root(-500.0, lowest, I, adex)
        trace, _ = linearised(u_low, adex)
        if trace < 0.0:  # its determinant is positive: it lies left of the lowest place
            stable = 1
            u_stable = max(u_low, NOWHERE)
        else:
            u_unstable = max(u_low, NOWHERE)
        u_saddle = settled_root(lowest, lowest + 20.0 * Delta_T, I, adex)
    w_stable = a * (u_stable - adex.u_rest)
    w_unstable = a * (u_unstable - adex.u_rest)
    w_saddle = a * (u_saddle - adex.u_rest)
    first = -1.0
    if len(spikes) > 0:
        first = spikes[0]
    return Outcome(
        t=t,
        u=u,
        spikes=spikes,
        path_u=path_u,
        path_w=path_w,
        grid=grid,
        no_du=no_du,
        no_dw=no_dw,
        u_stable=u_stable,
        w_stable=w_stable,
        u_unstable=u_unstable,
        w_unstable=w_unstable,
        u_saddle=u_saddle,
        w_saddle=w_saddle,
        count=len(spikes),
        first=first,
        points=points,
        stable=stable,
        rheobase=rheobase,
    )


def _draw_adex(values):
    figure, (plane, time) = plt.subplots(2, 1, height_ratios=(3, 2), figsize=(5.6, 5.4))
    plane.plot(
        values["path_u"],
        values["path_w"],
        color=ink("voltage"),
        lw=1.0,
        gid="path",
        label="trajectory",
    )
    plane.plot(
        values["grid"], values["no_du"], color=ink("threshold"), gid="no_du", label="du/dt = 0"
    )
    plane.plot(values["grid"], values["no_dw"], color=ink("filter"), gid="no_dw", label="dw/dt = 0")
    for which, fill in (("stable", ink("spikes")), ("unstable", "none"), ("saddle", "none")):
        plane.plot(
            [values[f"u_{which}"]],
            [values[f"w_{which}"]],
            "o",
            ms=7,
            color=ink("spikes"),
            markerfacecolor=fill,
            gid=f"fixed_{which}",
        )
    plane.plot(
        [values["u_r"]] * 2, (W_MIN, W_MAX), ":", color=ink("reference"), gid="reset", label="u_r"
    )
    plane.plot(
        [values["u_0"]],
        [values["w_0"]],
        "o",
        ms=5,
        color=ink("voltage"),
        markerfacecolor="none",
        gid="start",
        label="start",
    )
    plane.set(xlabel="potential u (mV)", ylabel="w (nA)", xlim=(U_MIN, U_MAX), ylim=(W_MIN, W_MAX))
    plane.set_yticks((-0.2, 0.0, 0.2, 0.4))
    legend(plane, 2, "left", spacing=4)
    time.plot(values["t"], values["u"], color=ink("voltage"), gid="u")
    draw_spikes(time, values["spikes"], U_MAX, -25.0, gid="spikes")
    time.set(xlabel="time t (ms)", ylabel="u (mV)", xlim=(0, 400), ylim=(-85, -20))
    return figure


PATTERNS = {  # I nA, a µS, tau_w ms, b nA, u_r mV; Delta_T = 2 mV
    "transient": (0.26, 0.01, 90.0, 0.02, -54.0),
    "tonic": (0.25, 0.0, 30.0, 0.0, -58.0),
    "adapting": (0.35, 0.002, 200.0, 0.03, -58.0),
    "initial burst": (0.3, 0.004, 150.0, 0.05, -50.0),
    "bursting": (0.25, 0.002, 100.0, 0.05, -46.0),
    "delayed accelerating": (0.09, -0.008, 100.0, 0.0, -58.0),
}
_I, _A, _TAU_W, _B, _U_R = PATTERNS["transient"]
NAMES = ("I", "a", "tau_w", "b", "u_r", "Delta_T", "u_0", "w_0")

SCENE = Scene(
    name="adex_plane",
    title="Phase plane of AdEx",
    run=adex_plane,
    parameters=(
        Presets(
            "pattern",
            "start from",
            options=tuple(PATTERNS),
            sets=tuple(
                dict(zip(NAMES, (*row, 2.0, U_REST, 0.0), strict=True)) for row in PATTERNS.values()
            ),
        ),
        Slider("I", "I", "nA", "current from t = 0 on", low=-0.2, high=0.5, step=0.01, default=_I),
        Slider.of(AdEx, "a", -0.008, 0.02, 0.001, _A),
        Slider.of(AdEx, "tau_w", 20.0, 300.0, 5.0, _TAU_W),
        Slider.of(AdEx, "b", 0.0, 0.15, 0.005, _B),
        Slider.of(AdEx, "u_r", -70.0, -46.0, 0.5, _U_R),
        Slider.of(AdEx, "Delta_T", 1.0, 4.0, 0.1, 2.0),
        Slider("u_0", "u_0", "mV", "potential at first", -80.0, -45.0, 0.5, U_REST),
        Slider("w_0", "w_0", "nA", "adaptation at first", -0.15, 0.4, 0.01, 0.0),
    ),
    marks=(
        Line("path", "path_u", "path_w"),
        Line("no_du", "grid", "no_du"),
        Line("no_dw", "grid", "no_dw"),
        Line("reset", "u_r", (W_MIN, W_MAX)),
        Point("fixed_stable", "u_stable", "w_stable"),
        Point("fixed_unstable", "u_unstable", "w_unstable"),
        Point("fixed_saddle", "u_saddle", "w_saddle"),
        Point("start", "u_0", "w_0"),
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", U_MAX, -25.0),
    ),
    readouts=(
        Readout("count", "spikes:"),
        Readout("first", "the first after", "ms", 1, "no first one"),
        Readout("points", "fixed points under the current:"),
        Readout("stable", "of these stable:"),
        Readout("rheobase", "rheobase", "nA", 3),
    ),
    handles=(
        Handle("u_r", axis="x", mark="reset"),
        Handle("u_0", axis="x", mark="start", other="w_0"),
    ),
    draw=_draw_adex,
    alt="Above, the phase plane of potential u and adaptation w: the u-nullcline, a valley that "
    "rises steeply on the right, the straight w-nullcline, fixed points where they cross, as full "
    "dots where they are stable and else as open ones, and the trajectory, which begins at a small "
    "circle, runs out to the right at each spike and starts again at the reset, higher up. Below, "
    "the potential over time.",
    challenges=(
        Challenge(
            "Have it fire on and on, ten times or more, with no fixed point left.",
            (
                Goal("count", low=10),
                Goal("points", high=0),
            ),
            locked=("I",),
            hint="Tilt the straight line, and let each spike add less.",
        ),
    ),
)


def explore_adex(**values):
    """Explore the phase plane of AdEx (pattern, I, a, τ_w, b, u_r, Δ_T, u_0, w_0).

    Parameters
    ----------
    **values
        First values: ``pattern`` (``"transient"``, ``"tonic"``, ``"adapting"``, ``"initial
        burst"``, ``"bursting"`` or ``"delayed accelerating"``), which sets all sliders that are
        not given, and the sliders ``I`` (nA), ``a`` (µS), ``tau_w`` (ms), ``b`` (nA), ``u_r``
        (mV), ``Delta_T`` (mV), ``u_0`` (mV) and ``w_0`` (nA), where the neuron starts.

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_adex(pattern="tonic").run().points
    0
    """
    return Explorer(SCENE, **values)
