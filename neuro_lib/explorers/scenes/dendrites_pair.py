"""Two inputs, and what the soma sees of them; its threshold is out of reach."""

import matplotlib.pyplot as plt

from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Choice, Line, Readout, Scene, Slider
from neuro_lib.explorers.scenes.pieces import legend, times
from neuro_lib.explorers.scenes.shared_dendrites import (
    AMPA,
    MG,
    NEURON,
    NMDA,
    RECEPTORS,
    SHARE,
    T_REF,
    TAU_AMPA,
    TAU_M,
    TAU_RISE,
    U_R,
    U_REST,
    R,
    half_width,
)
from neuro_lib.figures import ink
from neuro_lib.models.branched_lif import run_branches
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_branches"]

G_C = NEURON.g_c
TAU_NMDA = NEURON.tau_nmda
NEVER = 1e6  # mV, a threshold out of reach


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
            current,
            current,
            current,
            dt,
            TAU_M,
            R,
            U_REST,
            NEVER,
            U_R,
            T_REF,
            SHARE,
            G_C,
            TAU_AMPA,
            TAU_RISE,
            TAU_NMDA,
            MG,
            when,
            site,
            a,
            g,
            alone,
            u_1,
            u_2,
            no_spikes,
        )
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
        current,
        current,
        current,
        dt,
        TAU_M,
        R,
        U_REST,
        NEVER,
        U_R,
        T_REF,
        SHARE,
        G_C,
        TAU_AMPA,
        TAU_RISE,
        TAU_NMDA,
        MG,
        both,
        sites,
        ampas,
        nmdas,
        u,
        u_1,
        u_2,
        no_spikes,
    )
    peak = peak_above(u, U_REST)
    of_sum = peak_above(expected, U_REST)
    gain = 100.0 * peak / of_sum
    return (
        times(points, dt),
        u,
        u_1,
        u_2,
        expected,
        peak,
        of_sum,
        gain,
        half_width(u, dt),
        half_width(u_1, dt),
    )


def _draw_pair(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(3, 3), figsize=(5.6, 4.4)
    )
    t = values["t"]
    above.plot(t, values["u_2"], "--", color=ink("filter"), lw=1.3, gid="u_2", label="branch 2")
    above.plot(t, values["u_1"], color=ink("filter"), gid="u_1", label="branch 1")
    above.set(ylabel="u, branches (mV)", ylim=(-70, 5))
    legend(above, 2, "left", spacing=4)
    below.plot(
        t,
        values["expected"],
        "--",
        color=ink("reference"),
        lw=1.4,
        gid="expected",
        label="sum of the two alone",
    )
    below.plot(t, values["u"], color=ink("voltage"), gid="u", label="together")
    below.set(xlabel="time t (ms)", ylabel="u, soma (mV)", xlim=(0, 150), ylim=(-66, -52))
    legend(below, 2, "left", spacing=6)
    return figure


SCENE = Scene(
    name="dendrites_pair",
    run=dendrites_pair,
    parameters=(
        Choice(
            "where",
            "the two inputs arrive on",
            options=("the same branch", "different branches"),
            default=0,
        ),
        RECEPTORS,
        Slider("n", "n", "", "synapses in each input", low=1, high=30, step=1, default=10),
        Slider(
            "delay",
            "Δ",
            "ms",
            "delay of the second input",
            low=0.0,
            high=80.0,
            step=1.0,
            default=5.0,
        ),
    ),
    outputs=(
        "t",
        "u",
        "u_1",
        "u_2",
        "expected",
        "peak",
        "of_sum",
        "gain",
        "width",
        "width_1",
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
    challenges=(
        Challenge(
            "On one branch, have the NMDA receptors gain nothing: 100 % of the sum, to 2 %.",
            (Goal("gain", low=98.0, high=102.0),),
            locked=(
                "where",
                "receptors",
            ),
            hint="How long does the branch remember the first input?",
        ),
    ),
)


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
    return Explorer(SCENE, **values)
