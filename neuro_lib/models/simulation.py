"""Simulate: a model and a current give a trace. A population or a sweep is one call.

Arrays of parameters and of currents broadcast against each other, as NumPy arrays do; each
neuron is then one run of the model's loop.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from math import ceil, prod

import numpy as np

from neuro_lib.inputs.currents import require_current, require_step
from neuro_lib.inputs.trains import MOST_SPIKES
from neuro_lib.models.population import BLOCKS, VECTOR
from neuro_lib.models.trace import Trace
from neuro_lib.portable.browser import is_browser
from neuro_lib.units import MS_PER_S, Parameters, checked, common_shape, exceeds, kind_of

__all__ = ["count_spikes", "simulate"]

FASTEST = 1e6  # Hz; a faster neuron is a slip of units, and would keep us busy for ever
LITTLE = 300_000  # steps of all neurons together, too few for Numba to be worth its start
FARTHEST = 1e6  # mV below rest; beyond it steps that are good to 1e-9 mV would have no length


def simulate(model, I, *, u_start=None):
    """Drive a neuron, or a population, with a current.

    For a current that is constant within each step, the potential and the spike times of a model
    that is linear between spikes are those of the closed-form solution, whatever the step.

    Parameters
    ----------
    model : LIF, FilteredLIF, AdEx or HodgkinHuxley
        The neuron; parameters that are arrays make a population.
    I : Current
        Input, values of shape (..., n); its leading axes broadcast against ``model.shape``.
    u_start : float or array_like, optional
        Potential at t = 0 (mV), below threshold; the resting potential unless given.

    Returns
    -------
    Trace
        Time, potential, current and spike times.

    Raises
    ------
    ValueError
        If shapes do not broadcast, `u_start` is not below threshold, the current's time step
        exceeds one of the model's time constants, or the neuron would fire faster than 1 MHz, or
        1e8 times.
    TypeError
        If `model` is none of these, or `I` no `Current`.

    Examples
    --------
    >>> from neuro_lib import LIF, step_current
    >>> I = step_current(0.4, start=20.0, stop=60.0, duration=80.0, dt=0.1)
    >>> simulate(LIF(), I).spike_times.round(3)
    array([33.863, 47.726])
    >>> simulate(LIF(tau_m=[5.0, 10.0]), I).spike_count
    array([5, 2])
    """
    shape, neurons, currents, which = _neurons(model, I, u_start)
    n, neuron_of = currents.shape[1], _maker(model.loop)
    currents = np.array(currents)  # once: a loop is lent a copy of what cannot be written to
    filled = {name: np.empty((which.size, n)) for name in model.variables}
    spike_times = np.empty(which.size, dtype=object)

    def run_one(i):
        *values, start = neurons[:, i].tolist()
        drive = currents[which[i]], I.dt, neuron_of(*values), start
        rows = [rows[i] for rows in filled.values()]
        spikes = np.empty(n)
        found = model.loop(*drive, *rows, spikes)
        if found > n:
            spikes = np.empty(found)
            model.loop(*drive, *rows, spikes)
        spike_times[i] = spikes[:found].copy()

    _in_parallel(run_one, range(which.size))
    return Trace(
        t=I.t,
        I=np.broadcast_to(I.values, (*shape, n)) if shape else I.values,
        spike_times=spike_times.reshape(shape) if shape else spike_times[0],
        **{name: rows.reshape(*shape, n) for name, rows in filled.items()},
    )


def count_spikes(model, I, *, u_start=None):
    """Count spikes, of many neurons fast: nothing else is kept.

    Parameters
    ----------
    model : LIF, FilteredLIF, AdEx or HodgkinHuxley
        The neurons, as for `simulate`.
    I : Current
        Input, as for `simulate`.
    u_start : float or array_like, optional
        Potential at t = 0 (mV), as for `simulate`.

    Returns
    -------
    int or ndarray
        Number of spikes of each neuron; equal to ``simulate(model, I).spike_count``. Where a firing
        is chaotic, as an AdEx's can be, errors of 1e-9 mV grow: neither number is the right one.

    Raises
    ------
    ValueError, TypeError
        As for `simulate`.

    Examples
    --------
    >>> from neuro_lib import LIF, constant_current
    >>> count_spikes(LIF(), constant_current([0.2, 0.4, 0.8], duration=1000.0, dt=0.1))
    array([  0,  72, 212])
    """
    shape, neurons, currents, which = _neurons(model, I, u_start)
    counts, neuron_of = np.zeros(which.size, dtype=np.int64), _maker(model.loop)
    # A block is for Numba: for little work, or in a browser, one loop after the other is faster.
    small = which.size * currents.shape[1] < LITTLE or is_browser()
    block, many = (None, None) if small else BLOCKS.get(type(model), (None, None))

    def count_part(some):
        if block:
            *values, starts = neurons[:, some]
            block(currents, which[some], I.dt, many(*values), starts, counts[some])
        else:
            scratch = [np.empty(currents.shape[1]) for _ in model.variables]
            for i in range(which.size)[some]:
                *values, start = neurons[:, i].tolist()
                drive = currents[which[i]], I.dt, neuron_of(*values), start
                counts[i] = model.loop(*drive, *scratch, np.empty(0))

    _in_parallel(count_part, _parts(which.size, VECTOR if block else 1))
    return counts.reshape(shape) if shape else int(counts[0])


def _parts(size, grain):
    """Split neurons into slices, more than there are processors: some will take longer."""
    length = grain * ceil(max(size, 1) / (8 * (os.cpu_count() or 1) * grain))
    return [slice(start, min(start + length, size)) for start in range(0, size, length)]


def _maker(loop):
    """Function from a neuron's values to the record of one neuron that a loop takes."""
    _, _, neuron, *_ = loop.parameters.values()
    return loop.records[neuron].values


def _neurons(model, I, u_start):
    """Check and broadcast.

    Returns the population's shape; the values of the model's parameters and u_start, a column per
    neuron; the currents, one a row; and which of them is each neuron's.
    """
    if not (isinstance(model, Parameters) and hasattr(model, "loop")):
        raise TypeError(
            "model must be an LIF, a FilteredLIF, an AdEx or a HodgkinHuxley, whose loop drives it "
            f"with a current, not {kind_of(model)}"
        )
    require_current(I)
    if u_start is None:
        u_start = model.u_rest
    else:
        u_start = checked("u_start", u_start, "mV", "potential at the start")
    several = I.values.shape[:-1]
    shape = common_shape(neurons=model.shape, currents=several, u_start=np.shape(u_start))
    values = (*model.arguments(), u_start)
    columns = np.empty((len(values), *shape))
    for k, value in enumerate(values):
        columns[k, ...] = value
    columns = columns.reshape(len(values), -1)
    _refuse_start(model, u_start)
    for name in model.time_constants:
        require_step(I.dt, name, getattr(model, name))
    longest = getattr(model, "longest_run", np.inf)
    if exceeds(I.duration, longest):
        raise ValueError(
            f"duration = {I.duration:g} ms: the current must be at most {longest:g} ms long, "
            "because of this model's short steps"
        )
    rebound = _rebound(model, I, u_start) if "w" in model.variables else 0.0
    _refuse_fast(I, model.highest_rate(I.largest + rebound))
    currents = I.values.reshape(prod(several), I.values.shape[-1])
    which = np.empty(shape, dtype=np.int64)
    which[...] = np.arange(len(currents)).reshape(several)
    return shape, columns, currents, which.reshape(-1)


def _refuse_start(model, u_start):
    too_high = np.greater_equal(u_start, model.ceiling)
    if not np.count_nonzero(too_high):
        return
    name = "theta" if "theta" in model.quantities() else "u_peak"
    u_start, ceiling = np.broadcast_arrays(u_start, model.ceiling)
    for i in np.flatnonzero(too_high):  # the first is reported
        raise ValueError(
            f"u_start = {u_start.flat[i]:g} mV: the potential at the start must be < {name} = "
            f"{ceiling.flat[i]:g} mV"
        )


def _rebound(model, I, u_start):
    """Bound on the current (nA) that w may give once u has been as low as it can get."""
    depths = {
        "I": (np.multiply(model.R, -I.smallest), I.smallest, "nA"),
        "u_start": (np.subtract(model.u_rest, u_start), u_start, "mV"),
        "u_r": (np.subtract(model.u_rest, model.u_r), model.u_r, "mV"),
        "b": (np.multiply(model.R, model.b), model.b, "nA"),
    }
    deepest = 0.0
    for name, (depth, value, unit) in depths.items():
        depth, value = np.broadcast_arrays(depth, value)
        for i in np.flatnonzero(depth > FARTHEST):
            raise ValueError(
                f"{name} = {value.flat[i]:g} {unit}: u must not be taken more than {FARTHEST:g} mV "
                f"below u_rest; is this {unit}?"
            )
        deepest = np.maximum(deepest, depth)
    return np.abs(model.a) * deepest


def _refuse_fast(I, rates):
    most = min(FASTEST, MOST_SPIKES * MS_PER_S / I.duration)
    too_fast = np.greater(rates, most)
    if not np.count_nonzero(too_fast):
        return
    largest, too_fast = np.broadcast_arrays(I.largest, too_fast)
    for i in np.flatnonzero(too_fast):
        raise ValueError(
            f"I = {largest.flat[i]:g} nA: the current must be so small that the neuron fires at "
            f"less than {most:g} Hz for {I.duration:g} ms; are these nA?"
        )


def _in_parallel(function, items):
    """Call the function on each item; compiled loops let go of the interpreter's lock."""
    if len(items) == 1 or is_browser():  # browsers give Python no threads
        for item in items:
            function(item)
    else:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for _ in pool.map(function, items):
                pass
