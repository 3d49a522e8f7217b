"""A large network, alive: thousands of neurons run in the reader's browser, beside the page."""

import re
from dataclasses import dataclass, field
from math import floor, sqrt
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.page import EXPOSED, RUNTIME, script_beside
from neuro_lib.explorers.scene import Choice, Line, Readout, Scene, Slider
from neuro_lib.explorers.scenes.pieces import legend, part
from neuro_lib.figures import ink
from neuro_lib.models.lif import LIF
from neuro_lib.models.sparse import Crowd, Fired, Weights, Wiring, advance, connect
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.units import MS_PER_S

__all__ = ["explore_network"]

SIZES = 1000, 4000, 10_000  # neurons
FROM_E = 80  # presynaptic neurons of each neuron
FROM_I = 20
TAU_M = 20.0  # ms
U_REST = LIF().u_rest
THETA = LIF().theta
DISTANCE = THETA - U_REST
OUTSIDE = 2.0  # mV, standard deviation that the noise would give u where the drive is DISTANCE
DT = 0.5  # ms
HELD = 4  # steps, of refractory time
DELAY = 3  # steps
SHOWN = 100.0  # neurons in the raster
SEEN = 300.0  # ms
SETTLE = 400  # steps, before what is seen
STEPS = 600
BIN = 4.0  # ms
BINS = 75
ROOM = 150_000  # spikes: each of 1000 neurons fires 500 times a second at most


@portable
def start(u: Array, seed: Array):
    """Put the neurons at potentials from rest to threshold, one after another in turn."""
    seed[0] = 12345.0
    for i in range(len(u)):
        turns = 0.618034 * i
        u[i] = U_REST + DISTANCE * (turns - floor(turns))


@portable
def shown(x: Array, rows: Array, low: float, high: float):
    """Those elements of x whose row is a whole number from `low` to before `high`."""
    count = 0
    found = zeros(len(rows))
    for k in range(len(rows)):
        if rows[k] >= low and rows[k] < high and floor(rows[k]) == rows[k]:
            found[count] = x[k]
            count += 1
    return part(found, 0, count)


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    E: Array
    I: Array
    when_E: Array
    row_E: Array
    when_I: Array
    row_I: Array
    mean_E: float
    mean_I: float


@portable
def network(size: int, J: float, g: float, drive: float) -> Outcome:
    """Rates of a network of 1000 neurons over 300 ms (Hz), and the spikes of some.

    The size is for the page, where the network goes on for as long as the reader likes.
    """
    n = 1000
    excite = 800
    wiring = Wiring(first=zeros(n + 1), targets=zeros(100_000))
    connect(n, excite, FROM_E, FROM_I, wiring)
    crowd = Crowd(u=zeros(n), wait=zeros(n), inbox=zeros(3000), seed=zeros(1))
    start(crowd.u, crowd.seed)
    to = Fired(when=zeros(ROOM), who=zeros(ROOM))
    lif = LIF(tau_m=TAU_M)
    weights = Weights(
        excite=excite,
        J=J,
        g=g,
        drive=DISTANCE * drive,
        sigma=OUTSIDE * sqrt(drive),
        held=HELD,
        delay=DELAY,
    )
    advance(0, SETTLE, DT, lif, weights, wiring, crowd, to)
    count = advance(SETTLE, STEPS, DT, lif, weights, wiring, crowd, to)
    when = to.when
    who = to.who
    t = zeros(BINS)
    E = zeros(BINS)
    I = zeros(BINS)
    mean_E = 0.0
    mean_I = 0.0
    for k in range(BINS):
        t[k] = (k + 0.5) * BIN - SEEN
    rows = zeros(count)
    for k in range(count):
        rows[k] = who[k] * SHOWN / float(n)
        when[k] = (when[k] - SETTLE) * DT - SEEN
        at = floor((when[k] + SEEN) / BIN)
        if who[k] < excite:
            E[at] += MS_PER_S / BIN / float(excite)
            mean_E += MS_PER_S / SEEN / float(excite)
        else:
            I[at] += MS_PER_S / BIN / (float(n) - float(excite))
            mean_I += MS_PER_S / SEEN / (float(n) - float(excite))
    border = 0.8 * SHOWN
    return Outcome(
        t=t,
        E=E,
        I=I,
        when_E=shown(when, rows, 0.0, border),
        row_E=shown(rows, rows, 0.0, border),
        when_I=shown(when, rows, border, SHOWN),
        row_I=shown(rows, rows, border, SHOWN),
        mean_E=mean_E,
        mean_I=mean_I,
    )


@dataclass(frozen=True)
class Raster:
    """The spikes of some neurons: upright dashes with this gid, at times `x` and in rows `y`."""

    gid: str
    x: str
    y: str
    kind: str = field(default="raster", init=False)


def _dashes(x, y):
    """Upright dashes with gaps between, for one Matplotlib line."""
    gap = np.full(x.size, np.nan)
    return np.stack([x, x, gap], 1).ravel(), np.stack([y, y + 0.9, gap], 1).ravel()


def _draw(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(3, 2), figsize=(5.6, 4.6)
    )
    for kind, meaning, style, label in (
        ("E", "voltage", "-", "excitatory"),
        ("I", "threshold", "--", "inhibitory"),
    ):
        x, y = _dashes(values[f"when_{kind}"], values[f"row_{kind}"])
        above.plot(x, y, color=ink(meaning), lw=1.5, gid=f"raster_{kind}", label=label)
        below.plot(values["t"], values[kind], style, color=ink(meaning), gid=kind)
    above.set(ylabel="neuron", ylim=(-2, SHOWN + 2), yticks=())
    legend(above, 2)
    below.set(xlabel="time up to now (ms)", ylabel="rate (Hz)", ylim=(-3, 123), xlim=(-SEEN, 0))
    return figure


SCENE = Scene(
    name="network",
    run=network,
    parameters=(
        Choice("size", "neurons", ("1,000", "4,000", "10,000")),
        Slider("J", "J", "mV", "excitation by one spike", 0.0, 1.0, 0.05, 0.5),
        Slider("g", "g", "", "inhibition, as a multiple of it", 0.0, 10.0, 0.25, 5.0),
        Slider("drive", "ν", "", "input; 1 would just reach θ", 0.0, 3.0, 0.05, 1.2),
    ),
    marks=(
        Raster("raster_E", "when_E", "row_E"),
        Raster("raster_I", "when_I", "row_I"),
        Line("E", "t", "E"),
        Line("I", "t", "I"),
    ),
    readouts=(
        Readout("mean_E", "excitatory neurons", "Hz"),
        Readout("mean_I", "inhibitory neurons", "Hz"),
    ),
    draw=_draw,
    title="A large network, live",
    alt="Above, the spikes of 100 neurons of a network over 300 ms, a dash for each; the upper "
    "fifth of the rows are inhibitory neurons. Below, the rates of all excitatory and of all "
    "inhibitory neurons, which fluctuate about 20 Hz.",
)


class NetworkExplorer(Explorer):
    """The live network; see `explore_network`."""

    def description(self):
        """Describe the scene for the runtime: its loops are what the worker runs."""
        described = super().description()
        del described["source"]
        loops = {loop: re.sub(" {4}", " ", part.source) for loop, part in LOOPS.items()}
        return described | {"loops": loops, "numbers": NUMBERS}

    def figure_html(self, controls=""):
        """The figure with its button to run; it waits for JavaScript."""
        button = '<button type="button" class="run" hidden>Run</button>'
        drawn = super().figure_html(f"{button}{controls}")
        return drawn.replace('class="explorer', 'class="network').replace(
            f' data-scene="{self.scene.name}"', "", 1
        )

    def html(self):
        """Give the static page's form: self-contained, alive without a server or a kernel."""
        show = (
            f"neuroLib.showNetworks??=(({{{EXPOSED}}})=>{{{script_beside('network.js')}\n"
            "return showNetworks;})(neuroLib);neuroLib.showNetworks("
        )
        style = (RUNTIME / "explorer.css").read_text("utf-8").replace(".explorer", ".network")
        before, _, scene = super().html().rpartition("<script>neuroLib.show(")
        style += STYLE  # on top, and instead, of what explorers have
        return f"<style>{style}</style>{before}<script>{show}{scene}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        # In a notebook it is the page's form, too: its neurons are run by nobody but the reader.
        return {"text/plain": repr(self), "text/html": self.html()}


STYLE = (
    ".network>:is(svg,.stage){position:static}.network>.run{float:none}"
    ".network>.run[hidden]{display:none}"
)
LOOPS = {"connect": connect, "start": start, "advance": advance}
NUMBERS = {
    "sizes": SIZES,
    "fromE": FROM_E,
    "fromI": FROM_I,
    "dt": DT,
    "lif": LIF(tau_m=TAU_M).arguments(),
    "distance": DISTANCE,
    "held": HELD,
    "delay": DELAY,
    "outside": OUTSIDE,
    "shown": SHOWN,
    "seen": SEEN,
    "bin": BIN,
}


def explore_network(**values):
    """Explore a network of thousands of neurons while it runs (J, g, ν).

    Each neuron is a leaky integrate-and-fire neuron with τ_m = 20 ms that hears 80 excitatory and
    20 inhibitory neurons, drawn at random. In Python `run` gives 300 ms of one with 1000 neurons;
    a page runs up to 10,000 for as long as it is asked to.

    Parameters
    ----------
    **values
        First values of the sliders ``J`` (mV), ``g`` and ``drive``, and of the list ``size``.

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> outcome = explore_network(J=0.0).run()  # nobody hears anybody: all fire alike
    >>> abs(outcome.mean_E - outcome.mean_I) < 1
    True
    """
    return NetworkExplorer(SCENE, **values)
