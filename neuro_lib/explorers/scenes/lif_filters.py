"""LIF with further linear filters, under a step of current that lasts from 50 to 450 ms."""

from math import exp
from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.analysis.patterns import filter_pattern
from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Handle, Line, Presets, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.scenes.pieces import add_step, part, times
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.models.filtered_lif import FilteredLIF, run_filtered
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_filters"]

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


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    current: Array
    w: Array
    f: Array
    spikes: Array
    during: int
    shortest: float
    longest: float
    release: float


@portable
def lif_filters(
    I: float, theta: float, a: float, tau_w: float, b: float, A: float, tau_f: float
) -> Outcome:
    """A neuron with two further filters under a step of current."""
    n = STEPS + 1
    t = times(n, DT)
    current = zeros(n)
    add_step(current, I, START, STOP, DT)
    u = zeros(n)
    w = zeros(n)
    found = zeros(2000)
    neuron = FilteredLIF(
        tau_m=TAU_M, R=R, theta=theta, u_r=U_R, a=a, tau_w=tau_w, b=b, A=A, tau_f=tau_f
    )
    count = run_filtered(current, DT, neuron, neuron.u_rest, u, w, found)
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
    return Outcome(
        t=t,
        u=u,
        current=current,
        w=w,
        f=f,
        spikes=spikes,
        during=during,
        shortest=shortest,
        longest=longest,
        release=release,
    )


def _draw_filters(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(3, 2), figsize=(5.6, 4.4)
    )
    t = values["t"]
    above.plot(t, values["u"], color=ink("voltage"), gid="u", label="u")
    above.plot(
        (0, 600), [values["theta"]] * 2, color=ink("threshold"), lw=1.2, gid="theta", label="θ"
    )
    draw_spikes(above, values["spikes"], values["theta"], SPIKE_TOP, gid="spikes", label="spike")
    above.set(ylabel="u (mV)", ylim=(-110, -20))
    above.legend(loc="upper right", ncols=3)
    for name, meaning, label in (
        ("current", "current", "I"),
        ("w", "filter", "w"),
        ("f", "reference", "f"),
    ):
        below.plot(t, values[name], color=ink(meaning), gid=name, label=label)
    below.set(xlabel="time t (ms)", ylabel="current (nA)", xlim=(0, 600), ylim=(-0.5, 2.1))
    below.legend(loc="upper right", ncols=3)
    return figure


def _slider(name, low, high, step):
    """Slider of the filters, at its position in the first pattern."""
    return Slider.of(FilteredLIF, name, low, high, step, _positions(PATTERNS[0])[name])


SCENE = Scene(
    name="lif_filters",
    title="The model with two more filters",
    run=lif_filters,
    parameters=(
        Presets(
            "pattern",
            "start from",
            options=PATTERNS,
            sets=tuple(_positions(pattern) for pattern in PATTERNS),
        ),
        Slider(
            "I",
            "I",
            "nA",
            "step of current",
            low=-0.4,
            high=0.4,
            step=0.01,
            default=_positions(PATTERNS[0])["I"],
        ),
        _slider("theta", -58.0, -46.0, 0.5),
        _slider("a", -0.008, 0.05, 0.001),
        _slider("tau_w", 20.0, 300.0, 5.0),
        _slider("b", 0.0, 0.2, 0.005),
        _slider("A", 0.0, 1.6, 0.05),
        _slider("tau_f", 1.0, 10.0, 0.5),
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
    handles=(Handle("theta", axis="y"),),
    draw=_draw_filters,
    alt="Above, the membrane potential over 600 ms with threshold and spikes; a step of current "
    "lasts from 50 to 450 ms. Below, the current and the two filters: w, which opposes, and f, "
    "which each spike starts afresh and which drives the next one.",
    challenges=(
        Challenge(
            "Turn the bursts into a steady beat: no interval below 20 ms, none above 40 ms.",
            (
                Goal("shortest", low=20.0),
                Goal("longest", high=40.0),
            ),
            locked=("I",),
            hint="What makes one spike call for the next, and what ends the burst?",
        ),
        Challenge(
            "Have a spike come after a step that inhibits.",
            (
                Goal("I", high=-0.1),
                Goal("release", low=0.0),
            ),
            hint="w must be driven by the potential, and outlast it.",
        ),
    ),
)


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
    return Explorer(SCENE, **values)
