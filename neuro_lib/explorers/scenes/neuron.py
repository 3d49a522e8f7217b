"""A neuron that fires when its synapses are tapped: what the soma does, and what leaves it."""

import html
import json
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from neuro_lib.analysis.volleys import drive_of_epsp
from neuro_lib.data.facts import FACTS
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.page import EXPOSED, RUNTIME, script, script_beside, shared, style
from neuro_lib.explorers.scene import Line, Point, Readout, Scene, Ticks
from neuro_lib.explorers.scenes.pieces import both, legend, part, times
from neuro_lib.explorers.scenes.shared_lif import SPIKE_TOP, THETA
from neuro_lib.explorers.scenes.shared_synapses import E_E, E_I, TAU_E, TAU_I, TAU_M, U_REST, R
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.figures.cell import CELL_CSS, SIZE, SYNAPSES, cell_svg
from neuro_lib.models.conductance_lif import (
    Synapses,
    SynapticArrivals,
    SynapticCourse,
    run_synapses,
)
from neuro_lib.models.lif import LIF
from neuro_lib.models.synapses import conductance_after
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.units import checked, number

__all__ = ["explore_neuron"]

TOGETHER = 14.0  # synapses that a tap stands for: their spikes arrive at once
EPSP = TOGETHER * FACTS["unitary_epsp"].value  # mV
IPSP = -5.0  # mV
G_E = drive_of_epsp(EPSP, TAU_E, TAU_M) / (R * (E_E - U_REST))  # µS
G_I = drive_of_epsp(IPSP, TAU_I, TAU_M) / (R * (E_I - U_REST))
PLACES = len(SYNAPSES)
EXCITE = sum(s.excites for s in SYNAPSES)  # the first of them; the others inhibit
RECORD = 400.0  # ms that are run up to now: of what was before, nothing is left to be seen
SEEN = 120.0  # ms
DT = 0.5  # ms
POINTS = 801
FIRST = 560  # point from which on the record is seen
ROOM = 801  # spikes, none faster than a grid point to the next
REST = 60.0  # ms from the last tap until now, in the first picture
TRAVEL = 10.0  # ms from the soma to the end of the axon, as drawn


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    tapped: Array
    spikes: Array
    flow: Array  # of each synapse, as a part of one tap's first current
    present: float
    u_now: float
    charged: float  # from rest, 0, to the threshold, 1
    travelled: float  # part of the axon, or -1
    taps: int
    fired: int
    peak: float


@portable
def neuron(since: Array, site: Array) -> Outcome:
    """The soma up to now, after taps some time ago (ms), the earliest first, on synapses 0 to 4.

    The currents of the synapses add up: none of them notices what the potential is.
    """
    taps = len(since)
    arrivals = SynapticArrivals(when=zeros(taps), which=zeros(taps))
    flow = zeros(PLACES)
    unseen = 0
    for k in range(taps):
        arrivals.when[k] = RECORD - since[k]
        if site[k] >= EXCITE:
            arrivals.which[k] = 1.0
        for j in range(PLACES):
            if site[k] == j:
                tau = TAU_E
                if j >= EXCITE:
                    tau = TAU_I
                flow[j] += conductance_after(since[k], 0.0, 1.0, tau)
        if since[k] > SEEN:
            unseen = k + 1
    synapses = Synapses(
        kick_x=zeros(2),
        kick_g=both(G_E, G_I),
        tau_s=both(TAU_E, TAU_I),
        gap=both(E_E - U_REST, E_I - U_REST),
        shunting=False,
    )
    lif = LIF(tau_m=TAU_M, R=R)
    u = zeros(POINTS)
    spikes = zeros(ROOM)
    course = SynapticCourse(u=u, g=zeros(POINTS + POINTS), spikes=spikes)
    n = run_synapses(zeros(POINTS), DT, lif, lif.u_rest, arrivals, synapses, 1e6, course)
    t = times(POINTS - FIRST, DT)
    peak = U_REST
    for k in range(POINTS - FIRST):
        t[k] -= SEEN
        peak = max(peak, u[FIRST + k])
    forgotten = 0
    travelled = -1.0
    for k in range(n):
        spikes[k] -= RECORD
        if spikes[k] < -SEEN:
            forgotten = k + 1
        if -spikes[k] <= TRAVEL:
            travelled = -spikes[k] / TRAVEL
    fired = part(spikes, forgotten, n)
    if len(fired) > 0:
        peak = THETA
    tapped = part(arrivals.when, unseen, taps)
    for k in range(len(tapped)):
        tapped[k] -= RECORD
    now = u[POINTS - 1]
    charged = (now - U_REST) / (THETA - U_REST)
    return Outcome(
        t=t,
        u=part(u, FIRST, POINTS),
        tapped=tapped,
        spikes=fired,
        flow=flow,
        present=0.0,
        u_now=now,
        charged=charged,
        travelled=travelled,
        taps=len(tapped),
        fired=len(fired),
        peak=peak,
    )


def _draw(values):
    figure, axes = plt.subplots(figsize=(3.9, 3.6))
    t = values["t"]
    axes.plot(t, values["u"], color=ink("voltage"), gid="u", label="u, soma")
    axes.axhline(THETA, color=ink("threshold"), lw=1.2, label="θ")
    draw_spikes(axes, values["tapped"], -76, -73, color=ink("current"), gid="tapped", label="taps")
    draw_spikes(axes, values["spikes"], THETA, SPIKE_TOP, gid="spikes", label="spike")
    axes.plot([0], [values["u_now"]], "o", ms=7, color=ink("voltage"), gid="here")
    axes.set(xlabel="time up to now (ms)", ylabel="u (mV)", xlim=(-SEEN, 4), ylim=(-77, -33))
    axes.set_xticks(range(-120, 1, 40), ["−120", "−80", "−40", "now"])
    legend(axes, 2, "left", spacing=4)
    return figure


@dataclass(frozen=True)
class Row:
    """A parameter of a scene that is a row of numbers: what the reader has tapped.

    Parameters
    ----------
    name, symbol, unit, meaning, low, high, step, default
        As of a `Slider`, for each of the numbers.
    whole : bool
        Whether only whole numbers can be chosen.
    """

    name: str
    symbol: str
    unit: str
    meaning: str
    low: float
    high: float
    step: float
    whole: bool = False
    default: tuple = ()
    digits: int = 3

    def checked(self, values):
        """Return the numbers as an array, or raise ValueError."""
        return np.atleast_1d(checked(self.name, values, self.unit, self.meaning, at_least=0))

    stop = checked


SCENE = Scene(
    name="neuron",
    run=neuron,
    parameters=(
        Row("since", "s", "ms", "time since each tap", 0.0, RECORD, 0.001),
        Row("site", "j", "", "synapse of each tap", 0, PLACES - 1, 1, whole=True),
    ),
    marks=(
        Line("u", "t", "u"),
        Ticks("tapped", "tapped", -76.0, -73.0),
        Ticks("spikes", "spikes", THETA, SPIKE_TOP),
        Point("here", "present", "u_now"),
    ),
    readouts=(
        Readout("taps", "taps in these 120 ms:"),
        Readout("peak", "highest potential", "mV", 1),
        Readout("fired", "spikes:"),
    ),
    draw=_draw,
    title="A neuron whose synapses are tapped",
    alt="The soma's potential over the last 120 ms. Each tap on an exciting synapse lifts it by up "
    "to 7 mV, and it leaks back to rest at −65 mV; taps that follow each other closely add up. "
    "Where it reaches the threshold at −50 mV the neuron fires and is reset.",
)
CELL_ALT = (
    "A neuron. Dendrites branch above and below its soma; a thin axon leaves it downwards. Four "
    "synapses excite it, A and B far out on the upper dendrite, C and D on the lower ones; E, on "
    "the soma, inhibits it."
)
HINT = (
    "Tap A, B, C or D: charge flows in. Several taps in a row make a spike. E holds it back. Time "
    "runs fifty times slower here than in a neuron."
)
CONTROLS = (
    '<div class="controls" hidden><label><input type="checkbox" name="stepwise"> Time waits: taps '
    'come 10 ms apart</label><button type="button" class="clear">Clear</button></div>'
)
LETTERS = "".join(s.letter for s in SYNAPSES)


@cache
def _style():
    """CSS of the drawn neuron."""
    return CELL_CSS + (RUNTIME / "cell.css").read_text("utf-8")


def _button(synapse):
    """HTML of the button over a drawn synapse."""
    x, y = (100 * at / size for at, size in zip(synapse.at, SIZE, strict=True))
    does = "excites" if synapse.excites else "inhibits"
    name = f"{synapse.letter}: synapse {synapse.place}, {does}"
    return (
        f'<button type="button" class="synapse" data-key="{synapse.letter.lower()}" '
        f'style="left:{x:.1f}%;top:{y:.1f}%" aria-label="{name}"></button>'
    )


class NeuronExplorer(Explorer):
    """The drawn neuron; see `explore_neuron`."""

    def __init__(self, taps, every):
        if wrong := set(taps) - set(LETTERS):
            raise ValueError(
                f"taps = {taps!r}: the synapses are {', '.join(LETTERS)}; got {min(wrong)!r}"
            )
        longest = RECORD - REST
        every = number("every", every, "ms", "time from tap to tap", above=0)
        last = max(len(taps) - 1, 0)
        if every * last > longest:
            raise ValueError(
                f"every = {every:g} ms: with {len(taps)} taps the time from tap to tap must be ≤ "
                f"{longest / last:g} ms"
            )
        since = [REST + every * (last - k) for k in range(len(taps))]
        super().__init__(SCENE, since=since, site=[LETTERS.index(letter) for letter in taps])
        self._start = {name: tuple(map(float, values)) for name, values in self._start.items()}
        self._taps, self._every = taps, every

    @property
    def params(self):
        """Time since each tap (ms) and its synapse, by name, as arrays."""
        taps = self._start
        if "_linked" in vars(self):
            figure = self._linked[1]["figure"]
            taps = {"since": figure.since, "site": figure.site}
        return {name: np.array(values, float) for name, values in taps.items()}

    def figure_html(self, controls=""):
        """The cell with its buttons, the trace, the readout."""
        readout = html.escape("; ".join(self.scene.describe(self._first)))
        buttons = "".join(_button(s) for s in SYNAPSES)
        return (
            f'<figure class="drawn-neuron nl dark-light" role="group" '
            f'aria-label="{self.scene.title}">'
            f'<p class="hint" hidden>{HINT}</p><div class="drawing">{cell_svg(alt=CELL_ALT)}'
            f'<div class="synapse-buttons" hidden>{buttons}</div></div>'
            f'<div class="trace">{self.svg}</div>{controls}'
            f'<p class="readout" role="status">{readout}</p></figure>'
        )

    @cached_property
    def _linked(self):
        """The widget, and what in it has the taps."""
        import anywidget
        import ipywidgets
        import traitlets

        kind = type(
            "NeuronFigure",
            (anywidget.AnyWidget,),
            {
                "_esm": f"{script()}\nconst renderNeuron = (() => {{{script_beside('cell.js')}\n"
                "return renderCell;})();\nexport default { render: renderNeuron };",
                "_css": f"{style()}{_style()}",
                "scene": traitlets.Dict().tag(sync=True),
                "figure": traitlets.Unicode().tag(sync=True),
                "since": traitlets.List().tag(sync=True),
                "site": traitlets.List().tag(sync=True),
            },
        )
        scene = self.description()
        figure = kind(scene=scene, figure=self._drawn_html(), **scene["start"])
        return ipywidgets.VBox([figure], layout={"max_width": "46rem"}), {"figure": figure}

    def _drawn_html(self):
        """The figure with its controls, which come to life."""
        still = f"Drawn for {self._settings()}. <span>Taps need JavaScript.</span>"
        return self.figure_html(f'{CONTROLS}<p class="still">{still}</p>')

    def _settings(self):
        return f"the taps {', '.join(self._taps)}, {self._every:g} ms apart"

    def description(self):
        """Describe the scene, and where its taps are, for the runtime."""
        return super().description() | {"start": self._start}

    def html(self):
        """Give the static page's form: self-contained, alive without a server or a kernel."""
        scene = json.dumps(self.description(), ensure_ascii=False, separators=(",", ":"))
        scene = scene.replace("</", "<\\/")
        return (
            f"{shared()}<style>{_style()}</style>{self._drawn_html()}"
            f"<script>(({{{EXPOSED}}})=>{{{script_beside('cell.js')}\n"
            f"showCells({scene});}})(neuroLib)</script>"
        )


def explore_neuron(taps="ABC", *, every=10.0):
    """Explore a drawn neuron whose synapses are tapped.

    A leaky integrate-and-fire neuron with τ_m = 20 ms, threshold 15 mV above rest, and synapses
    whose currents decay exponentially. Each tap stands for 14 synapses whose spikes arrive at
    once, with EPSPs of 0.5 mV each.

    Parameters
    ----------
    taps : str
        Synapses tapped in the first picture, in order: A, B, C and D excite, E inhibits.
    every : float
        Time from one of these taps to the next (ms), greater than zero.

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Raises
    ------
    ValueError
        If there is no such synapse, or the taps last longer than 340 ms.

    Notes
    -----
    Where a synapse sits makes no difference: this neuron is a point. The drawn dendrite glows as
    long as the current flows, and the spike takes 10 ms along the drawn axon; neither is part of
    the model.

    Examples
    --------
    >>> explore_neuron("ABC", every=10.0)
    taps in these 120 ms: 3
    highest potential −50.0 mV
    spikes: 1
    >>> explore_neuron("ABCD", every=30.0).run().fired  # too slow: the charge leaks away
    0
    """
    return NeuronExplorer(taps, every)
