"""Trace: what a simulation returns."""

from dataclasses import dataclass

import numpy as np

from neuro_lib.units import hertz
from neuro_lib.values import Record

__all__ = ["Trace"]


@dataclass(frozen=True, eq=False)
class Trace(Record):
    """The course of a simulation. All arrays are read-only.

    Parameters
    ----------
    t : ndarray, shape (n,)
        Time (ms), from 0 to the end of the input, both included.
    u : ndarray, shape (..., n)
        Membrane potential at `t` (mV). At a spike inside a step it is the potential after
        the reset that is seen at the next point; the spike itself is in `spike_times`.
    I : ndarray, shape (..., n)
        Input current (nA). Sample k holds from ``t[k]`` up to ``t[k + 1]``.
    spike_times : ndarray
        Firing times t^f (ms). One neuron: shape (number of spikes,). A population: an
        object array of the population's shape, each entry one neuron's times.
    w : ndarray, shape (..., n), optional
        Adaptation current at `t` (nA); None for a model that has none.

    Examples
    --------
    >>> from neuro_lib import LIF, constant_current, simulate
    >>> trace = simulate(LIF(), constant_current(0.4, duration=50.0, dt=0.1))
    >>> trace
    <Trace: 1 neuron, 50 ms, 3 spikes>
    >>> trace.rate
    60.0
    """

    t: np.ndarray
    u: np.ndarray
    I: np.ndarray
    spike_times: np.ndarray
    w: np.ndarray | None = None

    def __post_init__(self):
        self._freeze()

    @property
    def spike_count(self):
        """Number of spikes: an int, or an integer array of the population's shape."""
        if self.spike_times.dtype != object:
            return self.spike_times.size
        counts = [times.size for times in self.spike_times.flat]
        return np.array(counts, dtype=int).reshape(self.spike_times.shape)

    @property
    def rate(self):
        """Spikes per second over the whole trace (Hz)."""
        return self.spike_count * hertz(float(self.t[-1]))

    def __repr__(self):
        neurons = f"{self.spike_times.shape} neurons" if self.u.ndim > 1 else "1 neuron"
        found = f"{self.t[-1]:g} ms, {np.sum(self.spike_count)} spikes"
        return f"<{type(self).__name__}: {neurons}, {found}>"
