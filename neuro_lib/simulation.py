"""Simulate: a model and a current give a trace. A population or a sweep is one call.

Arrays of parameters and of currents broadcast against each other, as NumPy arrays do; each
neuron is then one run of the model's loop.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from math import prod

import numpy as np

from neuro_lib.currents import Current
from neuro_lib.lif import fill_rates, run
from neuro_lib.population import count_block
from neuro_lib.trace import Trace
from neuro_lib.units import checked, common_shape

__all__ = ["count_spikes", "simulate"]

FASTEST = 1e6  # Hz; a faster neuron is a slip of units, and would keep us busy for ever


def simulate(lif, I, *, u_start=None):
    """Drive a neuron, or a population, with a current.

    The result is exact: for a current that is constant within each step, potential and spike
    times are those of the closed-form solution, whatever the step.

    Parameters
    ----------
    lif : LIF
        The neuron; parameters that are arrays make a population.
    I : Current
        Input, values of shape (..., n); its leading axes broadcast against ``lif.shape``.
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
        exceeds the membrane time constant, or the neuron would fire faster than 1 MHz.

    Examples
    --------
    >>> from neuro_lib import LIF, step_current
    >>> I = step_current(0.4, start=20.0, stop=60.0, duration=80.0, dt=0.1)
    >>> simulate(LIF(), I).spike_times.round(3)
    array([33.863, 47.726])
    >>> simulate(LIF(tau_m=[5.0, 10.0]), I).spike_count
    array([5, 2])
    """
    shape, neurons, currents, which = _neurons(lif, I, u_start)
    u = np.empty((which.size, currents.shape[1]))
    spike_times = np.empty(len(u), dtype=object)

    def run_one(i):
        values, neuron = currents[which[i]].copy(), neurons[:, i].tolist()
        spikes = np.empty(values.size)
        n = run(values, I.dt, *neuron, u[i], spikes)
        if n > spikes.size:
            spikes = np.empty(n)
            run(values, I.dt, *neuron, u[i], spikes)
        spike_times[i] = spikes[:n].copy()

    _in_parallel(run_one, range(len(u)))
    return Trace(
        t=I.t,
        u=u.reshape(*shape, u.shape[1]),
        I=np.broadcast_to(I.values, (*shape, u.shape[1])),
        spike_times=spike_times.reshape(shape) if shape else spike_times[0],
    )


def count_spikes(lif, I, *, u_start=None):
    """Count spikes, of many neurons fast: nothing else is kept.

    Parameters
    ----------
    lif : LIF
        The neurons, as for `simulate`.
    I : Current
        Input, as for `simulate`.
    u_start : float or array_like, optional
        Potential at t = 0 (mV), as for `simulate`.

    Returns
    -------
    int or ndarray
        Number of spikes of each neuron; equal to ``simulate(lif, I).spike_count``.

    Raises
    ------
    ValueError
        As for `simulate`.

    Examples
    --------
    >>> from neuro_lib import LIF, constant_current
    >>> count_spikes(LIF(), constant_current([0.2, 0.4, 0.8], duration=1000.0, dt=0.1))
    array([  0,  72, 212])
    """
    shape, neurons, currents, which = _neurons(lif, I, u_start)
    counts = np.zeros(which.size, dtype=np.int64)
    parts = np.array_split(np.arange(which.size), 4 * (os.cpu_count() or 1))

    def count_part(part):
        if part.size:
            some = slice(part[0], part[-1] + 1)
            count_block(currents, which[some], I.dt, *neurons[:, some], counts[some])

    _in_parallel(count_part, parts)
    return counts.reshape(shape) if shape else int(counts[0])


def _neurons(lif, I, u_start):
    """Check and broadcast.

    Returns the population's shape; the arguments of `run` from tau_m to u_start, a column per
    neuron; the currents, one a row; and which of them is each neuron's.
    """
    if not isinstance(I, Current):
        raise TypeError(f"I must be a Current, as step_current gives, not {type(I).__name__}")
    if u_start is None:
        u_start = lif.u_rest
    u_start = checked("u_start", u_start, "mV", "potential at the start")
    several = I.values.shape[:-1]
    shape = common_shape(neurons=lif.shape, currents=several, u_start=np.shape(u_start))
    values = (I.largest, *lif.arguments(), u_start)
    columns = np.empty((len(values), *shape))
    for k, value in enumerate(values):
        columns[k, ...] = value
    columns = columns.reshape(len(values), -1)
    largest, tau_m, _, _, theta, _, _, u_start = columns
    rates = np.empty(largest.size)
    fill_rates(rates, *columns[:-1])
    for i in np.flatnonzero(u_start >= theta):  # the first is reported
        raise ValueError(
            f"u_start = {u_start[i]:g} mV: the potential at the start must be < theta = "
            f"{theta[i]:g} mV"
        )
    for i in np.flatnonzero(I.dt > tau_m):
        raise ValueError(
            f"dt = {I.dt:g} ms: the time step of the current must be ≤ tau_m = {tau_m[i]:g} ms"
        )
    for i in np.flatnonzero(rates > FASTEST):
        raise ValueError(
            f"I = {largest[i]:g} nA: the current must be so small that the neuron fires at less "
            f"than {FASTEST:g} Hz; are these nA?"
        )
    currents = I.values.reshape(prod(several), I.values.shape[-1])
    which = np.empty(shape, dtype=np.int64)
    which[...] = np.arange(len(currents)).reshape(several)
    return shape, columns[1:], currents, which.reshape(-1)


def _in_parallel(function, items):
    """Call the function on each item; compiled loops let go of the interpreter's lock."""
    if len(items) == 1 or sys.platform == "emscripten":  # browsers give Python no threads
        for item in items:
            function(item)
    else:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for _ in pool.map(function, items):
                pass
