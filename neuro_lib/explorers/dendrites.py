"""Explorers of the chapter on spatial structure: two branches, and what they do to their inputs."""

import matplotlib.pyplot as plt

from neuro_lib.dendrites import BranchedLIF, run_branches
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.pieces import legend, part, times
from neuro_lib.explorers.scene import Choice, Line, Readout, Scene, Slider, Ticks
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_branches", "explore_plateau"]

NEURON = BranchedLIF()
TAU_M = NEURON.tau_m
R = NEURON.R
U_REST = NEURON.u_rest
THETA = NEURON.theta
U_R = NEURON.u_r
T_REF = NEURON.t_ref
SHARE = NEURON.p
G_C = NEURON.g_c
TAU_AMPA = NEURON.tau_ampa
TAU_RISE = NEURON.tau_rise
TAU_NMDA = NEURON.tau_nmda
MG = NEURON.Mg
NEVER = 1e6  # mV, a threshold out of reach
AMPA = 0.0002  # µS, of one synapse
NMDA = 0.0006  # µS, of one synapse, had it no block
TOP = THETA + 20.0  # of a spike's tick (mV)

RECEPTORS = Choice(name="receptors", meaning="receptors",
                   options=("AMPA and NMDA", "AMPA alone"), default=0)  # fmt: skip


@portable
def half_width(u: Array, dt: float):
    """Time from the first to the last crossing of half the peak above rest (ms)."""
    peak = u[0]
    for k in range(len(u)):
        peak = max(peak, u[k])
    half = 0.5 * (peak + u[0])
    first = -1.0
    last = -1.0
    if peak > u[0] + 1e-9:
        for k in range(len(u) - 1):
            if u[k] < half and u[k + 1] >= half and first < 0.0:
                first = (k + (half - u[k]) / (u[k + 1] - u[k])) * dt
            if u[k] >= half and u[k + 1] < half:
                last = (k + (u[k] - half) / (u[k] - u[k + 1])) * dt
    return last - first if last > first and first >= 0.0 else -1.0


@portable
def peak_above(u: Array, rest: float):
    """Highest value above rest (mV)."""
    peak = 0.0
    for k in range(len(u)):
        peak = max(peak, u[k] - rest)
    return peak


# Two inputs, and what the soma sees of them. The soma's threshold is out of reach.


@portable
def dendrites_pair(where: int, receptors: int, n: int, delay: float):
    """Two inputs of n synapses on one branch (0) or on two (1), together and each alone."""
    points = 601
    dt = 0.25
    ampa = n * AMPA
    nmda = 0.0
    if receptors == 0:
        nmda = n * NMDA
    current = zeros(points)
    u = zeros(points)
    u_1 = zeros(points)
    u_2 = zeros(points)
    alone = zeros(points)
    no_spikes = zeros(1)
    when = zeros(1)
    site = zeros(1)
    a = zeros(1)
    g = zeros(1)
    a[0] = ampa
    g[0] = nmda
    expected = zeros(points)
    for k in range(2):
        when[0] = 10.0 + k * delay
        site[0] = 1.0
        if k == 1 and where == 1:
            site[0] = 2.0
        run_branches(
            current, current, current, dt, TAU_M, R, U_REST, NEVER, U_R, T_REF, SHARE, G_C,
            TAU_AMPA, TAU_RISE, TAU_NMDA, MG, when, site, a, g, alone, u_1, u_2, no_spikes,
        )  # fmt: skip
        for i in range(points):
            expected[i] += alone[i] - U_REST
    for i in range(points):
        expected[i] += U_REST
    both = zeros(2)
    sites = zeros(2)
    ampas = zeros(2)
    nmdas = zeros(2)
    for k in range(2):
        both[k] = 10.0 + k * delay
        sites[k] = 1.0
        ampas[k] = ampa
        nmdas[k] = nmda
    if where == 1:
        sites[1] = 2.0
    run_branches(
        current, current, current, dt, TAU_M, R, U_REST, NEVER, U_R, T_REF, SHARE, G_C,
        TAU_AMPA, TAU_RISE, TAU_NMDA, MG, both, sites, ampas, nmdas, u, u_1, u_2, no_spikes,
    )  # fmt: skip
    peak = peak_above(u, U_REST)
    of_sum = peak_above(expected, U_REST)
    gain = 100.0 * peak / of_sum
    return (
        times(points, dt), u, u_1, u_2, expected, peak, of_sum, gain, half_width(u, dt),
        half_width(u_1, dt),
    )  # fmt: skip


def _draw_pair(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(3, 3), figsize=(5.6, 4.4)
    )
    t = values["t"]
    above.plot(t, values["u_2"], "--", color=ink("filter"), lw=1.3, gid="u_2", label="branch 2")
    above.plot(t, values["u_1"], color=ink("filter"), gid="u_1", label="branch 1")
    above.set(ylabel="u, branches (mV)", ylim=(-70, 5))
    legend(above, 2, "left", spacing=4)
    below.plot(t, values["expected"], "--", color=ink("reference"), lw=1.4, gid="expected",
               label="sum of the two alone")  # fmt: skip
    below.plot(t, values["u"], color=ink("voltage"), gid="u", label="together")
    below.set(xlabel="time t (ms)", ylabel="u, soma (mV)", xlim=(0, 150), ylim=(-66, -52))
    legend(below, 2, "left", spacing=6)
    return figure


PAIR = Scene(
    name="dendrites_pair",
    run=dendrites_pair,
    parameters=(
        Choice(name="where", meaning="the two inputs arrive on",
               options=("the same branch", "different branches"), default=0),
        RECEPTORS,
        Slider(name="n", symbol="n", unit="", meaning="synapses in each input",
               low=1, high=30, step=1, default=10),
        Slider(name="delay", symbol="Δ", unit="ms", meaning="delay of the second input",
               low=0.0, high=80.0, step=1.0, default=5.0),
    ),
    outputs=(
        "t", "u", "u_1", "u_2", "expected", "peak", "of_sum", "gain", "width", "width_1",
    ),
    marks=(
        Line("u_2", "t", "u_2"),
        Line("u_1", "t", "u_1"),
        Line("expected", "t", "expected"),
        Line("u", "t", "u"),
    ),
    readouts=(
        Readout("peak", "peak at the soma", "mV above rest", 2),
        Readout("of_sum", "of the sum of the two alone", "mV", 2),
        Readout("gain", "together they reach", "% of the sum", 0),
        Readout("width_1", "half-width in branch 1", "ms", 0, "no response in branch 1"),
        Readout("width", "at the soma", "ms", 0, "none at the soma"),
    ),
    draw=_draw_pair,
    alt="Above, the potentials of two dendritic branches over 150 ms, after two synaptic inputs. "
    "Below, the potential of the soma, much smaller and slower, beside the dashed sum of what "
    "each input does alone: with NMDA receptors on one branch the soma's curve rises above it.",
)  # fmt: skip


def explore_branches(**values):
    """Explore two inputs on one branch or on two (where, receptors, n, Δ).

    Parameters
    ----------
    **values
        First values: ``where`` (``"the same branch"`` or ``"different branches"``),
        ``receptors`` (``"AMPA and NMDA"`` or ``"AMPA alone"``) and the sliders ``n`` (synapses in
        each input), ``delay`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_branches(receptors="AMPA alone").run().gain < 100
    True
    """
    return Explorer(PAIR, **values)


# A plateau, and the spikes of a soma that a current holds near its threshold.


@portable
def dendrites_plateau(receptors: int, n: int, I: float, g_c: float, tau_nmda: float):
    """A cluster of n synapses on branch 1 at 100 ms, and a current into the soma; g_c in nS."""
    points = 1001
    dt = 0.25
    current = zeros(points)
    nothing = zeros(points)
    for k in range(points):
        current[k] = I
    when = zeros(1)
    where = zeros(1)
    ampa = zeros(1)
    nmda = zeros(1)
    when[0] = 100.0  # the soma has settled by then
    where[0] = 1.0
    ampa[0] = n * AMPA
    if receptors == 0:
        nmda[0] = n * NMDA
    u = zeros(points)
    u_1 = zeros(points)
    u_2 = zeros(points)
    spikes = zeros(points)
    count = run_branches(
        current, nothing, nothing, dt, TAU_M, R, U_REST, THETA, U_R, T_REF, SHARE, 0.001 * g_c,
        TAU_AMPA, TAU_RISE, tau_nmda, MG, when, where, ampa, nmda, u, u_1, u_2, spikes,
    )  # fmt: skip
    before = 0
    after = 0
    for k in range(count):
        if spikes[k] < when[0]:
            before += 1
        else:
            after += 1
    late = part(u_1, 400, points)
    return times(points, dt), u, u_1, part(spikes, 0, count), before, after, half_width(late, dt)


def _draw_plateau(values):
    figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(5.6, 4.4))
    t = values["t"]
    above.plot(t, values["u_1"], color=ink("filter"), gid="u_1")
    above.set(ylabel="u, branch 1 (mV)", ylim=(-70, 5))
    below.plot(t, values["u"], color=ink("voltage"), gid="u", label="u")
    below.axhline(THETA, color=ink("threshold"), lw=1.2, label="θ")
    draw_spikes(below, values["spikes"], THETA, TOP, gid="spikes", label="spike")
    below.set(xlabel="time t (ms)", ylabel="u, soma (mV)", xlim=(0, 250), ylim=(-70, -22))
    below.legend(loc="upper left", ncols=3)
    return figure


PLATEAU = Scene(
    name="dendrites_plateau",
    run=dendrites_plateau,
    parameters=(
        RECEPTORS,
        Slider(name="n", symbol="n", unit="", meaning="synapses in the cluster",
               low=0, high=60, step=1, default=30),
        Slider(name="I", symbol="I", unit="nA", meaning="current into the soma",
               low=0.0, high=0.4, step=0.01, default=0.26),
        Slider(name="g_c", symbol="g_c", unit="nS", meaning="coupling of a branch to the soma",
               low=1.0, high=20.0, step=0.5, default=3.0),
        Slider.of(BranchedLIF, "tau_nmda", 20.0, 100.0, 5.0),
    ),
    outputs=("t", "u", "u_1", "spikes", "before", "after", "width"),
    marks=(
        Line("u_1", "t", "u_1"),
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", THETA, TOP),
    ),
    readouts=(
        Readout("width", "half-width in the branch", "ms", 0, "no response in the branch"),
        Readout("before", "spikes before the input:", "", 0),
        Readout("after", "and after it:", "", 0),
    ),
    draw=_draw_plateau,
    alt="Above, the potential of a dendritic branch over 250 ms: at 100 ms a cluster of synapses "
    "lifts it to a plateau that lasts for tens of milliseconds. Below, the potential of the soma, "
    "held under its threshold by a current: while the plateau lasts, it fires short spikes.",
)  # fmt: skip


def explore_plateau(**values):
    """Explore what an NMDA plateau does to the soma's spikes (receptors, n, I, g_c, τ_NMDA).

    Parameters
    ----------
    **values
        First values: ``receptors`` (``"AMPA and NMDA"`` or ``"AMPA alone"``) and the sliders ``n``
        (synapses), ``I`` (nA), ``g_c`` (nS), ``tau_nmda`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_plateau(receptors="AMPA alone").run().spikes.size
    0
    """
    return Explorer(PLATEAU, **values)
