"""Figures of the chapter on numbers: neurons of several species, and an action potential."""

from functools import cache

import matplotlib.pyplot as plt
import numpy as np

from neuro_lib.data.facts import FACTS
from neuro_lib.figures.svg import Picture, house_style, ink
from neuro_lib.inputs.currents import spike_train_current
from neuro_lib.models.hodgkin_huxley import HodgkinHuxley
from neuro_lib.models.simulation import simulate

__all__ = ["draw_action_potential", "draw_neuron_counts", "measure_spike"]

SPECIES = {  # the facts on the whole brain, or nervous system, and on its cortex
    "worm": ("worm_neurons", None),
    "fruit fly": ("fly_neurons", None),
    "rat": ("rat_neurons", None),
    "pilot whale": (None, "pilot_whale_neocortex_neurons"),
    "human": ("human_neurons", "human_neocortex_neurons"),
    "elephant": ("elephant_neurons", "elephant_cortex_neurons"),
}
COUNTS_ALT = (
    "Numbers of neurons on a logarithmic axis. Whole nervous system or brain, as dots: worm 302, "
    "fruit fly 139,255, rat 200 million, human 86 billion, African elephant 257 billion. Cortex "
    "alone, as squares: elephant 5.6 billion, human about 20 billion, long-finned pilot whale 37 "
    "billion. The elephant is ahead of the human in one row of marks and behind in the other."
)
SPIKE_ALT = (
    "Left, 140 ms of the potential: it rests near −72 mV, dips after an inhibitory input, a "
    "hyperpolarisation, rises and falls again after ten excitatory inputs, a depolarisation, and "
    "shoots out of the picture after forty. Right, 8 ms with that action potential whole: it "
    "takes off at the threshold near −43 mV, peaks about 120 mV above rest, and is less than 1 ms "
    "wide at half that height."
)
INPUTS = ((10.0, -10), (60.0, 10), (110.0, 40))  # time (ms), number of inputs of 0.5 mV
CHARGE = 0.07  # pC: about 0.5 mV on the capacitance of this neuron
STEEP = 10.0  # mV/ms: where the potential rises as fast as this, the spike begins


def draw_neuron_counts():
    """Draw how many neurons several species have, in the whole and in the cortex.

    Returns
    -------
    Picture
        Display it as the last line of a cell.

    Examples
    --------
    >>> draw_neuron_counts().alt[:18]
    'Numbers of neurons'
    """
    with house_style():
        figure, axes = plt.subplots(figsize=(5.6, 3.0))
        parts = (("whole", "o", "voltage"), ("cortex", "s", "threshold"))
        for part, (label, marker, meaning) in enumerate(parts):
            rows = [(row, names[part]) for row, names in enumerate(SPECIES.values())]
            rows = [(row, FACTS[name].value) for row, name in rows if name]
            axes.plot(
                [x for _, x in rows],
                [row for row, _ in rows],
                marker,
                ms=8,
                color=ink(meaning),
                label=label,
            )
        axes.set(xscale="log", xlim=(1e2, 1e12), xlabel="number of neurons")
        axes.minorticks_off()
        axes.set_xticks(
            [1e2, 1e4, 1e6, 1e8, 1e10, 1e12], ["100", "10⁴", "10⁶", "10⁸", "10¹⁰", "10¹²"]
        )
        axes.set_yticks(range(len(SPECIES)), SPECIES)
        axes.legend(loc="upper left")
        figure.get_layout_engine().set(rect=(0.06, 0, 0.94, 1))  # room for a narrow page's letters
    return Picture(figure, alt=COUNTS_ALT, name="neuron_counts")


@cache
def _spike():
    """Time and potential of the reference neuron under three volleys of inputs."""
    first, *others = (
        spike_train_current([t], CHARGE * number, tau_s=2.0, duration=140.0, dt=0.02)
        for t, number in INPUTS
    )
    for other in others:
        first = first + other
    trace = simulate(HodgkinHuxley(), first)
    return trace.t, trace.u


def measure_spike():
    """Measure the action potential that `draw_action_potential` draws.

    Returns
    -------
    dict
        ``rest``, ``threshold`` and ``peak`` (mV); ``height`` from rest to peak (mV), as
        experimenters often take it; ``half_width``, the time above half of that height, and
        ``duration``, the time above the threshold (ms). The threshold is where the potential
        comes to rise by 10 mV/ms.

    Examples
    --------
    >>> spike = measure_spike()
    >>> 80.0 < spike["height"] < 120.0
    True
    """
    t, u = _spike()
    slow = np.gradient(u, t) < STEEP
    start = np.flatnonzero(slow[: np.argmax(u) - 20])[-1]  # the peak itself is slow, too
    return {
        "rest": float(u[0]),
        "threshold": float(u[start]),
        "peak": float(u.max()),
        "height": float(u.max() - u[0]),
        "half_width": float(np.ptp(t[u > (u[0] + u.max()) / 2])),
        "duration": float(np.ptp(t[u > u[start]])),
    }


def draw_action_potential():
    """Draw rest, hyperpolarisation, depolarisation and an action potential of a cortical cell.

    Returns
    -------
    Picture
        Display it as the last line of a cell. The potential is that of `HodgkinHuxley`.

    Examples
    --------
    >>> draw_action_potential().alt[:4]
    'Left'
    """
    t, u = _spike()
    spike = measure_spike()
    peak_time = t[np.argmax(u)]
    with house_style():
        figure, (left, right) = plt.subplots(1, 2, width_ratios=(5, 4), figsize=(6.4, 3.4))
        left.plot(t[::20], u[::20], color=ink("voltage"))
        left.axhline(spike["rest"], ls="--", lw=1, color=ink("reference"))
        left.set(xlabel="time (ms)", ylabel="u (mV)", xlim=(0, 140), ylim=(-80, -45))
        for x, y, text in (
            (50, -78.5, "hyperpolarisation"),
            (66, -63.5, "depolarisation"),
            (118, -73.8, "rest"),
        ):
            left.text(x, y, text, ha="center", va="center")
        left.text(103, -48, "spike", ha="right", va="center", color=ink("spikes"))
        near = np.abs(t - peak_time) < 4
        right.plot(t[near] - peak_time, u[near], color=ink("voltage"))
        right.axhline(spike["threshold"], lw=1, color=ink("threshold"))
        half = spike["rest"] + spike["height"] / 2
        above = t[u > half] - peak_time
        right.plot([above[0], above[-1]], [half] * 2, lw=2, color=ink("spikes"))
        right.text(above[-1] + 0.3, half, f"{spike['half_width']:.1f} ms", va="center")
        right.axhline(spike["rest"], ls="--", lw=1, color=ink("reference"))
        right.text(-3.9, spike["rest"] - 8, "rest", va="center")
        right.text(-3.9, spike["threshold"] + 3, "threshold")
        right.set(xlabel="time from peak (ms)", ylabel="u (mV)", xlim=(-4, 4), ylim=(-90, 60))
    return Picture(figure, alt=SPIKE_ALT, name="action_potential")
