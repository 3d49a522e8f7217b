"""A recorded neuron under five steps of current, and a model beside it: what its scenes share.

Time is counted from the start of the step, current from the level before it.
"""

from math import floor, sqrt
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from neuro_lib.analysis.spikes import chance_of, factor_of, pair
from neuro_lib.data.recordings import recorded_steps
from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.scene import Line, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.scenes.pieces import legend, part, times
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.figures.recordings import decimate
from neuro_lib.models.filtered_lif import FilteredLIF, run_filtered
from neuro_lib.models.lif import LIF
from neuro_lib.portable import Array, portable, zeros

SWEEPS = 5
BEFORE = 100.0  # ms of each sweep, before the step ...
STEP = 2000.0  # ... of it ...
AFTER = 300.0  # ... and after it
DT = 5.0  # ms; the spikes do not depend on it
SAMPLES = 2 * SWEEPS  # number of the table's part that has the first sweep's samples
ENDS = 4 * SWEEPS  # place in the table where it says at which its parts end
POINTS = 481
SHOWN_SPIKES = 1000  # spikes of a model in a sweep that are shown
WINDOW = 4.0  # ms, the precision of Γ
CLEAR = 2.0  # ms before the first spike in which it has not begun
RECOVERED = 20.0  # ms after the step: the last spike is over
TOP, RECORDED, MODEL = -26.0, (-22.0, -14.0), (-12.0, -4.0)  # mV: of traces, of ticks


class Outcome(NamedTuple):
    """What the figure shows: of each sweep the model's potential, spikes and their number."""

    t: Array
    u_1: Array
    u_2: Array
    u_3: Array
    u_4: Array
    u_5: Array
    spikes_1: Array
    spikes_2: Array
    spikes_3: Array
    spikes_4: Array
    spikes_5: Array
    count_1: float
    count_2: float
    count_3: float
    count_4: float
    count_5: float
    factor: float
    error: float


class Recorded:
    """A cell, and the table that its scene carries: all that a model is compared with.

    The table begins with the five steps (nA), and where in it each of its 15 parts begins and ends:
    the spikes of each sweep (ms); where on the grid its samples without a spike are; and what they
    are (mV).
    """

    def __init__(self, cell):
        steps = self.steps = recorded_steps(cell)
        trains = [(train - steps.start).round(2) for train in steps.spike_times]
        grid = DT * np.arange(POINTS) - BEFORE
        quiet = [self._quiet(grid, train) for train in trains]
        samples = [
            np.interp(grid[places], steps.t - steps.start, u).round(1)
            for places, u in zip(quiet, steps.u, strict=True)
        ]
        parts = [*trains, *quiet, *samples]
        sizes = [of_sweep.size for of_sweep in parts]
        ends = np.cumsum(sizes) + SWEEPS + 2 * len(parts)
        starts = ends - sizes
        table = np.concatenate([steps.amplitudes, starts, ends, *parts])
        self.table = tuple(table.astype(float).tolist())

    @staticmethod
    def _quiet(grid, train):
        rise = (grid >= 0.0) & (grid < train[0] - CLEAR)
        return np.flatnonzero(rise | (grid > STEP + RECOVERED))


@portable
def run_sweep(amplitude: float, model: FilteredLIF, u: Array, spikes: Array):
    """Drive a model with a step; fill in potential and spikes, in the scene's time; count them."""
    current = zeros(POINTS)
    w = zeros(POINTS)
    for k in range(POINTS):
        if k * DT >= BEFORE and k * DT < BEFORE + STEP:
            current[k] = amplitude
    fired = run_filtered(current, DT, model, model.u_rest, u, w, spikes)
    fired = min(fired, len(spikes))
    for k in range(fired):
        spikes[k] -= BEFORE
    return fired


@portable
def score(spikes: Array, reference: Array):
    """Coincidence factor within a sweep, or 0 where a coincidence means nothing."""
    fired = len(spikes)
    count = len(reference)
    chance = chance_of(fired, WINDOW, BEFORE + STEP + AFTER)
    if chance > 0.9:
        return 0.0
    pairs = pair(spikes, fired, reference, count, WINDOW, zeros(fired))
    return factor_of(pairs, fired, count, chance)


@portable
def entries(table: Array, number: int):
    """Part of that number of a table."""
    return part(table, floor(table[SWEEPS + number]), floor(table[ENDS + number]))


class Sweep(NamedTuple):
    """What a model does in a sweep (mV, ms), and how that fits what was recorded.

    `squares` is the sum of its squared errors at the samples without a spike, `quiet` their number.
    """

    u: Array
    spikes: Array
    factor: float
    squares: float
    quiet: float


@portable
def fitted_sweep(table: Array, sweep: int, model: FilteredLIF) -> Sweep:
    """The model in the sweep of that number, beside what the table has of it."""
    u = zeros(POINTS)
    room = zeros(SHOWN_SPIKES)
    spikes = part(room, 0, run_sweep(table[sweep], model, u, room))
    places = entries(table, SWEEPS + sweep)
    samples = entries(table, SAMPLES + sweep)
    squares = 0.0
    for k in range(len(places)):
        off = u[floor(places[k])] - samples[k]
        squares += off * off
    factor = score(spikes, entries(table, sweep))
    return Sweep(u=u, spikes=spikes, factor=factor, squares=squares, quiet=float(len(places)))


@portable
def scene_times():
    """Times of the points of each sweep, from the start of its step (ms)."""
    t = times(POINTS, DT)
    for k in range(POINTS):
        t[k] -= BEFORE
    return t


@portable
def fitted(table: Array, model: FilteredLIF) -> Outcome:
    """What the figure shows of a cell's table, and of a model under the same steps of current."""
    first = fitted_sweep(table, 0, model)
    second = fitted_sweep(table, 1, model)
    third = fitted_sweep(table, 2, model)
    fourth = fitted_sweep(table, 3, model)
    fifth = fitted_sweep(table, 4, model)
    factors = first.factor + second.factor + third.factor + fourth.factor + fifth.factor
    squares = first.squares + second.squares + third.squares + fourth.squares + fifth.squares
    quiet = first.quiet + second.quiet + third.quiet + fourth.quiet + fifth.quiet
    return Outcome(
        t=scene_times(),
        u_1=first.u,
        u_2=second.u,
        u_3=third.u,
        u_4=fourth.u,
        u_5=fifth.u,
        spikes_1=first.spikes,
        spikes_2=second.spikes,
        spikes_3=third.spikes,
        spikes_4=fourth.spikes,
        spikes_5=fifth.spikes,
        count_1=float(len(first.spikes)),
        count_2=float(len(second.spikes)),
        count_3=float(len(third.spikes)),
        count_4=float(len(fourth.spikes)),
        count_5=float(len(fifth.spikes)),
        factor=factors / SWEEPS,
        error=sqrt(squares / quiet),
    )


def _drawer(recorded):
    steps = recorded.steps

    def draw(values):
        figure, panels = plt.subplots(SWEEPS, 1, sharex=True, sharey=True, figsize=(5.6, 6.4))
        shown = (steps.t >= steps.start - BEFORE) & (steps.t <= steps.start + STEP + AFTER)
        for k, axes in enumerate(panels):
            t, u = decimate(steps.t[shown] - steps.start, steps.u[k, shown], columns=200)
            axes.plot(t, np.minimum(u, TOP), color=ink("reference"), lw=0.8, label="recorded")
            axes.plot(
                values["t"],
                values[f"u_{k + 1}"],
                color=ink("voltage"),
                lw=1.0,
                gid=f"u_{k + 1}",
                label="model",
            )
            draw_spikes(
                axes, steps.spike_times[k] - steps.start, *RECORDED, color=ink("reference"), lw=0.8
            )
            draw_spikes(
                axes,
                values[f"spikes_{k + 1}"],
                *MODEL,
                color=ink("voltage"),
                lw=0.8,
                gid=f"spikes_{k + 1}",
            )
            axes.set(ylabel="u (mV)", ylim=(-82, -1), yticks=(-80, -60, -40))
            axes.text(
                1.0,
                1.0,
                f"sweep {k + 1}, {1000 * steps.amplitudes[k]:.0f} pA: recorded "
                f"{steps.spike_count[k]}, model {values[f'count_{k + 1}']:.0f}",
                ha="right",
                va="bottom",
                transform=axes.transAxes,
                fontsize="small",
                gid=f"count_{k + 1}",
            )
        panels[-1].set(xlabel="time t since the step (ms)", xlim=(-BEFORE, STEP + AFTER))
        legend(panels[0], 2, "left", spacing=3, height=1.25)  # above the line of the sweep
        return figure

    return draw


def _slider(name, low, high, step, default):
    """Slider of a parameter of the model."""
    model = LIF if name in LIF.quantities() else FilteredLIF
    return Slider.of(model, name, low, high, step, default)


# Their ends keep a model from firing faster than a page can follow.
SLIDERS = (
    _slider("tau_m", 10.0, 40.0, 0.5, 30.0),
    _slider("R", 100.0, 350.0, 1.0, 150.0),
    _slider("theta", -52.0, -30.0, 0.1, -50.0),
    _slider("u_r", -80.0, -55.0, 0.5, -65.0),
    _slider("t_ref", 2.0, 20.0, 0.1, 5.0),
    _slider("b", 0.0, 0.1, 0.001, 0.0),
    _slider("tau_w", 20.0, 400.0, 5.0, 100.0),
    _slider("A", -0.3, 0.3, 0.01, 0.0),
    _slider("tau_f", 5.0, 30.0, 1.0, 5.0),
)


def scene_of(run, recorded):
    """Scene of a cell.

    Parameters
    ----------
    run : Portable
        Its function from the sliders to an `Outcome`.
    recorded : Recorded
        The cell.
    """
    numbers = range(1, SWEEPS + 1)
    cell, counts = recorded.steps.cell, recorded.steps.spike_count.tolist()
    return Scene(
        name=f"recorded_{cell}",
        title=f"A model of the recorded cell {cell}, fitted by hand",
        run=run,
        parameters=SLIDERS,
        marks=(
            *(Line(f"u_{k}", "t", f"u_{k}") for k in numbers),
            *(Ticks(f"spikes_{k}", f"spikes_{k}", *MODEL) for k in numbers),
        ),
        readouts=(
            *(
                Readout(f"count_{k}", f"sweep {k} ({counts[k - 1]} spikes recorded):")
                for k in numbers
            ),
            Readout("factor", f"Γ within {WINDOW:g} ms, mean of the sweeps:", "", 2),
            Readout("error", "error where there are no spikes", "mV", 1),
        ),
        challenges=(
            Challenge(
                "On each sweep at most 2 spikes too many or too few.",
                tuple(
                    Goal(f"count_{k}", low=counts[k - 1] - 2, high=counts[k - 1] + 2)
                    for k in numbers
                ),
                hint="First R, until sweep 1 fires as often as the cell, and again if θ comes to "
                "its end. Then in turn: which sweep knows most of θ, and which of t_ref? "
                "If those in between are then too fast, more τ_m or some b slows them; if they "
                "are too slow, less τ_m.",
            ),
        ),
        draw=_drawer(recorded),
        alt=f"Five sweeps of the recorded cell {cell}, one below the other, from a small step of "
        "current to one three times as large: the recorded potential, its spikes cut off, under "
        "that of the model. Above the traces, each spike is a tick: recorded ones in the lower "
        "row, the model's in the upper. The recorded cell fires more often the larger the step, "
        "and a little slower as it goes on.",
    )
