"""Firing patterns: what the models answer to a step of current."""

import matplotlib.pyplot as plt

from neuro_lib.analysis.patterns import filter_pattern, naud_pattern
from neuro_lib.figures.svg import Picture, house_style, ink
from neuro_lib.inputs.currents import step_current
from neuro_lib.models.lif import LIF
from neuro_lib.models.simulation import simulate

__all__ = ["draw_naud_patterns", "draw_patterns", "draw_spikes"]

PATTERNS = {  # names in the package, and what the figure calls them
    "tonic": "constant spiking",
    "bursting": "bursting",
    "adapting": "adaptation",
    "rebound": "inhibitory rebound",
    "delayed accelerating": "delayed spiking",
}
NAUD = (
    "tonic",
    "adapting",
    "initial burst",
    "bursting",
    "delayed accelerating",
    "delayed bursting",
    "transient",
    "irregular",
)
STEP_TIMES = {"start": 50.0, "stop": 450.0, "duration": 600.0}
SPIKE_TOP = -35.0


def draw_patterns():
    """Draw five firing patterns: the plain model beside the one with two further filters.

    Returns
    -------
    Picture
        Display it as the last line of a cell.

    Examples
    --------
    >>> draw_patterns().alt[:19]
    'Five rows of traces'
    """
    with house_style():
        figure, rows = plt.subplots(5, 2, sharex=True, sharey=True, figsize=(5.6, 6.6))
        for (left, right), (pattern, title) in zip(rows, PATTERNS.items(), strict=True):
            neuron, I = filter_pattern(pattern)
            plain = LIF(**{name: getattr(neuron, name) for name in LIF.quantities()})
            for axes, model in ((left, plain), (right, neuron)):
                trace = simulate(model, step_current(I, dt=1.0, **STEP_TIMES))
                _draw_answer(axes, trace, neuron.theta)
            left.set(ylabel="u (mV)")
            left.set_title(title, loc="left")
        rows[0, 0].set(xlim=(0, 600), ylim=(-107, -30))
        for axes, model in zip(rows[0], ("plain", "with filters"), strict=True):
            axes.set_title(model, loc="right", color=ink("reference"))
        for axes in rows[-1]:
            axes.set(xlabel="time t (ms)")
    alt = (
        "Five rows of traces, each the potential over 600 ms with a step of current from 50 to "
        "450 ms: left the plain model, right the one with two further filters. The plain model "
        "fires at equal intervals in the first three rows; it is silent in the fourth, where the "
        "step is negative, and in the fifth, where it is weak. With filters the rows show equal "
        "intervals; groups of spikes with pauses; intervals that grow; one spike after the end "
        "of the negative step; and a long wait before intervals that shrink."
    )
    return Picture(figure, alt=alt, name="patterns")


def draw_naud_patterns():
    """Draw the eight firing patterns of AdEx by Naud et al. (2008).

    Returns
    -------
    Picture
        Display it as the last line of a cell.

    Examples
    --------
    >>> draw_naud_patterns().alt[:12]
    'Eight panels'
    """
    with house_style():
        figure, panels = plt.subplots(4, 2, sharex=True, sharey=True, figsize=(5.6, 5.8))
        for axes, name in zip(panels.flat, NAUD, strict=True):
            neuron, I = naud_pattern(name)
            trace = simulate(neuron, step_current(I, dt=0.5, **STEP_TIMES))
            _draw_answer(axes, trace, SPIKE_TOP - 5.0)
            axes.set_title(name, loc="left")
        panels[0, 0].set(xlim=(0, 600), ylim=(-98, -30))
        for axes in panels[:, 0]:
            axes.set(ylabel="u (mV)")
        for axes in panels[-1]:
            axes.set(xlabel="time t (ms)")
    alt = (
        "Eight panels, each the potential of AdEx over 600 ms with a step of current from 50 to "
        "450 ms: tonic, with equal intervals; adapting, with growing ones; an initial burst and "
        "then regular spikes; bursts throughout; delayed and accelerating; delayed bursts; "
        "transient, which falls silent during the step; and irregular."
    )
    return Picture(figure, alt=alt, name="naud")


def draw_spikes(axes, times, low, high, **style):
    """Draw spikes as upright ticks.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where.
    times : array_like, shape (n,)
        Firing times (ms).
    low, high : float
        Ends of the ticks (mV).
    **style
        For the line that they are.
    """
    xs = [v for spike in times for v in (spike, spike, spike)]
    ys = [low, high, float("nan")] * len(times)
    axes.plot(xs, ys, **{"color": ink("spikes"), "lw": 1.2} | style)


def _draw_answer(axes, trace, low):
    """Draw a potential with its spikes, above a bar that marks the step."""
    axes.plot(trace.t, trace.u.clip(max=SPIKE_TOP), color=ink("voltage"), lw=1.2)
    draw_spikes(axes, trace.spike_times, low, SPIKE_TOP)
    floor = axes.get_xaxis_transform()
    axes.plot(
        (STEP_TIMES["start"], STEP_TIMES["stop"]),
        (0.03, 0.03),
        color=ink("current"),
        lw=3,
        transform=floor,
    )
