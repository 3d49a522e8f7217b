"""The synapse budget: how many, how many bytes, beside artificial networks."""

from math import log, log10
from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.data.counts import synapse_count
from neuro_lib.data.facts import FACTS
from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Line, Point, Readout, Scene, Slider
from neuro_lib.explorers.scenes.pieces import both
from neuro_lib.figures import ink
from neuro_lib.portable import Array, portable

__all__ = ["explore_budget"]

GRANULE_INPUTS = float(FACTS["granule_cell_inputs"].value)
MODEL_BYTES = 2.0  # per parameter: 16 bits
LLAMA = FACTS["llama_parameters"].value
RUMOUR = 1.76e12  # parameters of GPT-4 as rumoured; its makers have not said
LEFT = 10.0  # of the axis, as a power of ten
MODELS = (
    ("GPT-3", FACTS["gpt3_parameters"].value),
    ("Llama 3.1", LLAMA),
    ("GPT-4, rumour", RUMOUR),
)
ROW = float(len(MODELS))  # of the brain, above the models


class Outcome(NamedTuple):
    """What the figure shows."""

    bar: Array
    end: float
    row: float
    count: float
    terabytes: float
    ratio: float


@portable
def synapse_budget(neurons: float, synapses: float, granule: float, size: float) -> Outcome:
    """Bytes of a brain's synapses, if each were a number: in billions, thousands, %, bytes."""
    count = synapse_count(neurons * 1e9, synapses * 1e3, granule / 100.0, GRANULE_INPUTS)
    total = count * size
    end = log(total) / log(10.0)
    return Outcome(
        bar=both(LEFT, end),
        end=end,
        row=ROW,
        count=count / 1e12,
        terabytes=total / 1e12,
        ratio=count / LLAMA,
    )


def _draw_budget(values):
    figure, axes = plt.subplots(figsize=(5.6, 2.9))
    for row, (name, parameters) in enumerate(MODELS):
        x = log10(MODEL_BYTES * parameters)
        rumour = "rumour" in name
        axes.plot(
            [LEFT, x],
            [row, row],
            ":" if rumour else "-",
            lw=6,
            solid_capstyle="butt",
            color=ink("reference" if rumour else "current"),
        )
    axes.plot(
        values["bar"], [ROW, ROW], lw=6, color=ink("voltage"), gid="brain", solid_capstyle="butt"
    )
    axes.plot([values["end"]], [ROW], "o", ms=8, color=ink("voltage"), gid="end")
    axes.set(xlabel="size (bytes, on a logarithmic axis)", xlim=(LEFT, 16.5), ylim=(-0.6, 3.6))
    axes.set_yticks(range(len(MODELS) + 1), [*(name for name, _ in MODELS), "the synapses"])
    axes.set_xticks(range(10, 17, 2), ["10 GB", "1 TB", "100 TB", "10 PB"])
    figure.get_layout_engine().set(rect=(0.06, 0, 0.94, 1))  # room for a narrow page's letters
    return figure


SCENE = Scene(
    name="synapse_budget",
    title="Bytes for every synapse",
    run=synapse_budget,
    parameters=(
        Slider("neurons", "N", "billion", "neurons", low=1, high=100, step=1, default=16),
        Slider(
            "synapses",
            "s",
            "thousand",
            "synapses per neuron",
            low=1.0,
            high=30.0,
            step=0.5,
            default=10.0,
        ),
        Slider("granule", "g", "%", "share of granule cells", low=0, high=80, step=1, default=0),
        Slider("size", "b", "bytes", "per synapse", low=0.5, high=8.0, step=0.5, default=2.0),
    ),
    marks=(Line("brain", "bar", (ROW, ROW)), Point("end", "end", "row")),
    readouts=(
        Readout("count", "synapses", "× 10¹²", 1),
        Readout("terabytes", "as numbers", "TB", 0),
        Readout("ratio", "synapses per parameter of Llama 3.1:", "", 0),
    ),
    draw=_draw_budget,
    alt="Four bars on a logarithmic axis of bytes, from 10 GB to beyond 10 PB. Three are "
    "artificial networks at two bytes per parameter: GPT-3, Llama 3.1, and, dotted because it "
    "is a rumour, GPT-4. The fourth, which the sliders move, is a number for each synapse.",
    challenges=(
        Challenge(
            "Count the whole brain, 86 billion neurons or more, at 10,000 synapses where "
            "there are many, and stay below 250 × 10¹².",
            (
                Goal("neurons", low=86),
                Goal("count", high=250.0),
            ),
            locked=("synapses",),
            hint="Most neurons of a brain are granule cells, and they have few.",
        ),
    ),
)


def explore_budget(**values):
    """Explore how many synapses a brain has, beside the parameters of artificial networks.

    Parameters
    ----------
    **values
        First values of the sliders ``neurons`` (billion), ``synapses`` (per neuron, thousand),
        ``granule`` (share of granule cells, %), ``size`` (bytes per synapse).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_budget()
    synapses 160.0 × 10¹²
    as numbers 320 TB
    synapses per parameter of Llama 3.1: 395
    """
    return Explorer(SCENE, **values)
