"""Recorded neurons: two driven by steps of current, one by sound. Small, free, and sourced.

``recordings.npz`` holds them, ``recordings.json`` says where each comes from, and
``tools/convert_recordings.py`` makes the first from the second. ``recordings.md`` has the licences.

- *Two neurons, five steps of current each*: from the tests of bluepyefe 2.3.63, by the Blue Brain
  Project of the EPFL; BSD licence; recorded in 2000. The files name no species, so neither do we.
  Sampled at 4 kHz. The potential was rounded to 1/8 mV here, less than its own noise. Of the
  current the mean of each sweep before the step and during it was kept, to 0.1 pA: what else it
  shows is the noise of the measurement.
- *A receptor neuron of a locust's ear under two sounds*: from nitime 0.12.1, BSD licence. Times to
  0.1 ms, as there; the sounds, 10 s of noise each, were left out. Each was played once.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from neuro_lib.units import choice
from neuro_lib.values import Record

__all__ = ["RecordedSteps", "RecordedTrains", "recorded_steps", "recorded_trains"]

CELLS = ("B6", "B8")
DT = 0.25  # ms
QUANTUM = 0.125  # mV
TICKS = 10  # per ms, of the times of spikes
COUNTED = -20.0  # mV, on the way up: a spike
START, STOP = 2801, 10801  # samples: the first with the step, the first without


@dataclass(frozen=True, eq=False)
class RecordedSteps(Record):
    """A neuron under steps of current, one sweep for each. All arrays are read-only.

    Parameters
    ----------
    cell : str
        Name of the neuron in its source.
    t : ndarray, shape (n,)
        Time (ms).
    I : ndarray, shape (sweeps, n)
        Current (nA), the holding current before the step included.
    u : ndarray, shape (sweeps, n)
        Membrane potential (mV).
    spike_times : ndarray of objects, shape (sweeps,)
        For each sweep the times (ms) at which u passes −20 mV on its way up.
    """

    cell: str
    t: np.ndarray
    I: np.ndarray
    u: np.ndarray
    spike_times: np.ndarray

    def __post_init__(self):
        self._freeze()

    @property
    def dt(self):
        """Time between two samples (ms)."""
        return DT

    @property
    def start(self):
        """Time at which the steps begin (ms)."""
        return START * DT

    @property
    def stop(self):
        """Time at which the steps end (ms)."""
        return STOP * DT

    @property
    def amplitudes(self):
        """Size of each sweep's step, above the holding current (nA)."""
        return (self.I[:, START] - self.I[:, 0]).round(4)

    @property
    def spike_count(self):
        """Number of spikes of each sweep."""
        return np.array([times.size for times in self.spike_times])

    @property
    def u_rest(self):
        """Potential before the step (mV): the median over all sweeps, the holding current on."""
        return float(np.median(self.u[:, :START]))

    def __repr__(self):
        return f"<RecordedSteps: cell {self.cell}, {len(self.u)} sweeps of {self.t[-1] + DT:g} ms>"


@dataclass(frozen=True, eq=False)
class RecordedTrains(Record):
    """Spikes of a receptor neuron of a locust's ear under two sounds. All arrays are read-only.

    Parameters
    ----------
    spike_times : ndarray of objects, shape (2,)
        For each sound the firing times (ms).
    cutoff : ndarray, shape (2,)
        Highest frequency in the loudness of each sound (Hz).
    duration : float
        Length of each sound (ms).
    """

    spike_times: np.ndarray
    cutoff: np.ndarray
    duration: float

    def __post_init__(self):
        self._freeze()

    def __repr__(self):
        counts = " and ".join(str(train.size) for train in self.spike_times)
        return f"<RecordedTrains: {counts} spikes in {self.duration:g} ms each>"


def recorded_steps(cell):
    """Give one of two recorded neurons under five steps of current.

    Parameters
    ----------
    cell : str
        ``"B6"`` or ``"B8"``.

    Returns
    -------
    RecordedSteps
        Time, current, potential and spikes of its five sweeps, each 3 s at 4 kHz with a step of
        2 s.

    Raises
    ------
    ValueError
        If there is no cell of this name.

    Notes
    -----
    From the tests of bluepyefe 2.3.63 (EPFL, Blue Brain Project), under the BSD licence. The
    potential is rounded to 1/8 mV, the current to its means.

    Examples
    --------
    >>> steps = recorded_steps("B6")
    >>> steps
    <RecordedSteps: cell B6, 5 sweeps of 3000 ms>
    >>> steps.spike_count
    array([26, 50, 68, 82, 89])
    """
    return _steps(choice("cell", cell, CELLS, "recorded cell"))


def recorded_trains():
    """Give the spikes of a receptor neuron of a locust's ear under two sounds.

    Returns
    -------
    RecordedTrains
        Two trains of 10 s each.

    Notes
    -----
    From nitime 0.12.1, under the BSD licence. Each sound was played once, so windows of a train
    are different pieces of sound, and no repetitions.

    References
    ----------
    Rokem, Watzl, Gollisch, Stemmler, Herz and Samengo (2006), *Journal of Neurophysiology*
    95:2541-2552.

    Examples
    --------
    >>> recorded_trains()
    <RecordedTrains: 929 and 868 spikes in 10000 ms each>
    """
    return _trains()


@cache
def _recordings():
    with (files("neuro_lib.data") / "recordings.npz").open("rb") as file, np.load(file) as arrays:
        return dict(arrays)


@cache
def _steps(cell):
    held = _recordings()
    u = QUANTUM * held[f"u_{cell}"].cumsum(axis=1, dtype=np.int64)
    t = DT * np.arange(u.shape[1])
    before, during = 1e-4 * held[f"I_{cell}"].T[:, :, None]  # from tenths of a picoampere
    inside = (np.arange(t.size) >= START) & (np.arange(t.size) < STOP)
    spikes = np.empty(len(u), dtype=object)
    spikes[:] = [_crossings(t, sweep) for sweep in u]
    return RecordedSteps(cell, t, np.where(inside, during, before), u, spikes)


def _crossings(t, u):
    """Times (ms) at which u passes the level of a spike on its way up, between samples by chord."""
    k = np.flatnonzero((u[:-1] < COUNTED) & (u[1:] >= COUNTED))
    return t[k] + DT * (COUNTED - u[k]) / (u[k + 1] - u[k])


@cache
def _trains():
    spikes = np.empty(2, dtype=object)
    spikes[:] = [_recordings()[f"train_{k}"].cumsum(dtype=np.int64) / TICKS for k in (1, 2)]
    return RecordedTrains(spikes, np.array([200.0, 800.0]), 10_000.0)
