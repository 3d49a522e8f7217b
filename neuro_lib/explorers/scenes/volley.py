"""A volley of presynaptic spikes, and how many it takes to fire the neuron."""

from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.analysis.volleys import (
    add_volley,
    expected_count,
    mean_peak,
    peak_of_volley,
    sort_first,
)
from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Draw, Handle, Line, Point, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.scenes import sliders
from neuro_lib.explorers.scenes.pieces import legend, part, times
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.inputs.currents import normal_draws
from neuro_lib.models.lif import LIF
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_volley"]

DISTANCE = LIF().theta - LIF().u_rest
U_REST = LIF().u_rest
THETA = LIF().theta
TAU_S = 2.0  # ms, decay of the synaptic current
MIDDLE = 30.0  # ms, about which the spikes arrive
LARGEST_VOLLEY = 200  # spikes of a volley
NOTES = (20.0, 50.0)  # spikes that the notes say are needed


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    arrivals: Array
    fired: Array
    sizes: Array
    needed: Array
    count: float
    enough: int
    peak: float


@portable
def volley(n: int, epsp: float, jitter: float, tau_m: float, draw: int) -> Outcome:
    """A volley of n spikes about 30 ms, and the number needed for each size of the EPSP."""
    arrivals = zeros(n)
    normal_draws(arrivals, draw)
    for k in range(n):
        # jitter of 10 ms stays in the picture
        arrivals[k] = MIDDLE + jitter * min(max(arrivals[k], -2.9), 2.9)
    sort_first(arrivals, n)
    t = times(401, 0.2)
    u = zeros(401)
    add_volley(u, t, arrivals, n, epsp, TAU_S, tau_m)
    for k in range(401):
        u[k] += U_REST
    peak = peak_of_volley(arrivals, n, epsp, TAU_S, tau_m)
    sizes = zeros(96)
    needed = zeros(96)
    height = mean_peak(jitter, TAU_S, tau_m)
    for k in range(96):
        sizes[k] = 0.1 + 0.02 * k
        needed[k] = DISTANCE / (sizes[k] * height)
    fired = zeros(1)
    spikes = 0
    if peak >= DISTANCE * (1.0 - 1e-12):
        spikes = 1
        first = 0  # the point of the grid where u is above the threshold, or nearest to it
        for k in range(401):
            if u[k] > u[first] and u[first] < THETA:
                first = k
        fired[0] = t[first]
    enough = expected_count(epsp, DISTANCE, jitter, TAU_S, tau_m)
    return Outcome(
        t=t,
        u=u,
        arrivals=arrivals,
        fired=part(fired, 0, spikes),
        sizes=sizes,
        needed=needed,
        count=float(n),
        enough=enough,
        peak=U_REST + peak,
    )


def _draw_volley(values):
    figure, (above, below) = plt.subplots(2, 1, height_ratios=(3, 2.6), figsize=(5.6, 5.0))
    above.plot(values["t"], values["u"], color=ink("voltage"), gid="u", label="u")
    above.axhline(THETA, color=ink("threshold"), lw=1.2, label="θ")
    draw_spikes(
        above, values["arrivals"], -72, -69, color=ink("current"), gid="arrivals", label="arrivals"
    )
    draw_spikes(above, values["fired"], THETA, THETA + 15, gid="fired", label="spike")
    above.set(xlabel="time t (ms)", ylabel="u (mV)", xlim=(0, 80), ylim=(-73, -30))
    legend(above, 4)
    for number, label in zip(NOTES, ("in the notes", None), strict=True):
        below.plot((0.1, 2.0), [number] * 2, ":", color=ink("reference"), label=label)
    below.plot(values["sizes"], values["needed"], color=ink("filter"), gid="needed", label="needed")
    below.plot(
        [values["epsp"]],
        [values["count"]],
        "o",
        ms=8,
        color=ink("current"),
        gid="here",
        label="volley",
    )
    below.set(xlabel="EPSP of one spike (mV)", ylabel="spikes", xlim=(0.06, 2.04), ylim=(-8, 212))
    below.legend(loc="upper right")
    return figure


SCENE = Scene(
    name="volley",
    title="A volley of spikes",
    run=volley,
    parameters=(
        Slider(
            "n",
            "N",
            "",
            "number of presynaptic spikes",
            low=1,
            high=LARGEST_VOLLEY,
            step=1,
            default=50,
        ),
        Slider(
            "epsp", "ε", "mV", "size of a single EPSP", low=0.1, high=2.0, step=0.05, default=0.5
        ),
        Slider(
            "jitter",
            "σ",
            "ms",
            "jitter of the arrival times",
            low=0.0,
            high=10.0,
            step=0.5,
            default=2.0,
        ),
        sliders.TAU_M,
        Draw.of_noise("draw", "which draw of the jitter", default=3),
    ),
    marks=(
        Line("u", "t", "u"),
        Ticks("arrivals", "arrivals", -72.0, -69.0),
        Ticks("fired", "fired", THETA, THETA + 15.0),
        Line("needed", "sizes", "needed"),
        Point("here", "epsp", "count"),
    ),
    readouts=(
        Readout("count", "spikes sent", "", 0),
        Readout("enough", "needed for the average volley", "", 0),
        Readout("peak", "highest potential", "mV", 1),
    ),
    handles=(Handle("epsp", axis="x", mark="here", other="n"),),
    draw=_draw_volley,
    alt="Above, a volley of presynaptic spikes, drawn as ticks about 30 ms, and the potential that "
    "their EPSPs add up to, with the threshold and, where it is reached, a spike. Below, how many "
    "spikes are needed falls with the size of a single EPSP; dotted lines mark the 20 and 50 of "
    "the notes, a dot the present volley.",
    challenges=(
        Challenge(
            "Fire it with at most 26 spikes of at most 0.6 mV.",
            (
                Goal("n", high=26),
                Goal("epsp", high=0.6),
                Goal("peak", low=-50.0),
            ),
            hint="What have they lost by the time the last one arrives?",
        ),
    ),
)


def explore_volley(**values):
    """Explore how many presynaptic spikes fire the neuron (N, EPSP size, jitter, τ_m, draw).

    Parameters
    ----------
    **values
        First values of the sliders ``n`` (number of spikes), ``epsp`` (mV), ``jitter`` (ms),
        ``tau_m`` (ms), and ``draw``, the number of the draw of the jitter.

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_volley(n=30, jitter=0.0)
    spikes sent 30
    needed for the average volley 30
    highest potential −50.0 mV
    """
    return Explorer(SCENE, **values)
