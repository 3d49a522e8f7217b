"""Fit a model to a recorded neuron under steps of current, and judge it on a sweep it has not seen.

First the membrane, from the potential: resistance and time constant, by least squares, where no
spike disturbs it. Then what makes spikes, from the number of spikes so far (`fit_counts`). Time is
counted from 100 ms before the step, current from the level before it.
"""

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np

from neuro_lib.analysis.fit import fit_counts
from neuro_lib.analysis.responses import step_response
from neuro_lib.data.recordings import RecordedSteps, recorded_steps
from neuro_lib.inputs.currents import Current
from neuro_lib.models.adex import AdEx
from neuro_lib.models.filtered_lif import FilteredLIF
from neuro_lib.models.lif import LIF
from neuro_lib.units import choice, number, require_kind, whole

__all__ = [
    "fit_membrane",
    "fit_recorded",
    "recorded_drive",
    "recorded_fit",
    "rise_error",
    "spread",
]

BEFORE, LENGTH = 100.0, 2400.0  # ms before the step, and in all
DT = 5.0  # ms; the current changes on this grid only
CLEAR = 2.0  # ms before the first spike in which it has not begun
SPIKING = {"theta": (-52.0, -30.0), "u_r": (-80.0, -55.0), "t_ref": (2.0, 20.0)}
ADAPTING = {"b": (0.001, 0.1), "tau_w": (20.0, 400.0)}


def recorded_drive(steps, sweeps=None):
    """Give the steps of some sweeps as a current, and their spikes.

    Parameters
    ----------
    steps : RecordedSteps
        The recording.
    sweeps : sequence of int, optional
        Which sweeps, from 0 on; all, unless given.

    Returns
    -------
    I : Current
        Current above its level before the step, values of shape (sweeps, 481).
    trains : list of ndarray
        Firing times of each (ms).

    Raises
    ------
    TypeError
        If `steps` is no recording.
    ValueError
        If there is no such sweep.

    Examples
    --------
    >>> from neuro_lib import recorded_steps
    >>> I, trains = recorded_drive(recorded_steps("B6"))
    >>> I.values.shape, [train.size for train in trains]
    ((5, 481), [26, 50, 68, 82, 89])
    """
    sweeps = _chosen(steps, sweeps)
    t = DT * np.arange(round(LENGTH / DT) + 1) - BEFORE
    inside = (t >= 0.0) & (t < steps.stop - steps.start)
    amplitudes = np.array([steps.amplitudes[k] for k in sweeps])
    trains = [steps.spike_times[k] - steps.start + BEFORE for k in sweeps]
    return Current(amplitudes[:, None] * inside, DT), trains


def _chosen(steps, sweeps):
    """Check a recording, and which of its sweeps are meant."""
    require_kind("steps", steps, RecordedSteps)
    there = range(len(steps.u))
    if sweeps is None:
        return there
    if np.ndim(sweeps) != 1 or len(sweeps) == 0:
        raise ValueError(f"sweeps = {sweeps!r}: must be a list of sweeps, each of 0 to {there[-1]}")
    return [whole("sweeps", k, "number of a sweep", below=len(there)) for k in sweeps]


def _rises(steps, sweeps):
    """Of some sweeps' rises up to the first spike: time, step and potential above rest."""
    pieces = []
    for k in _chosen(steps, sweeps):
        first = steps.spike_times[k].min(initial=steps.stop)
        rise = (steps.t >= steps.start) & (steps.t < first - CLEAR)
        rest = np.median(steps.u[k][steps.t < steps.start])
        s, x = steps.t[rise] - steps.start, steps.u[k][rise] - rest
        pieces.append((s, np.full(s.size, steps.amplitudes[k]), x))
    return map(np.concatenate, zip(*pieces, strict=True))


def fit_membrane(steps, sweeps=None):
    """Find resistance and time constant of a recorded membrane, by least squares.

    The potential from the start of each step to 2 ms before the first spike is laid on the step
    response ``R I (1 - exp(-t / tau_m))``.

    Parameters
    ----------
    steps, sweeps
        See `recorded_drive`.

    Returns
    -------
    LIF
        A neuron with this `tau_m`, `R` and the recorded `u_rest`; the rest is as it comes.

    Raises
    ------
    TypeError, ValueError
        As `recorded_drive` does.

    Examples
    --------
    >>> from neuro_lib import recorded_steps
    >>> found = fit_membrane(recorded_steps("B6"))
    >>> print(f"{found.tau_m:.0f} ms, {found.R:.0f} MΩ")
    18 ms, 222 MΩ
    """
    from scipy.optimize import least_squares

    t, I, x = _rises(steps, sweeps)

    def neuron(values):
        tau_m, R = values.tolist()
        return LIF(tau_m=tau_m, R=R, u_rest=steps.u_rest, u_r=steps.u_rest)

    def off(values):
        return I * step_response(neuron(values), 1.0, t) - x

    return neuron(least_squares(off, (15.0, 100.0), bounds=((0.1, 1.0), np.inf)).x)


def rise_error(model, steps, sweeps=None):
    """How far a membrane is from the recorded one before the first spikes, root mean square.

    Parameters
    ----------
    model : LIF
        Whose `tau_m` and `R` are judged.
    steps, sweeps
        See `recorded_drive`.

    Returns
    -------
    float
        Error (mV).

    Raises
    ------
    TypeError, ValueError
        As `recorded_drive` does.

    Examples
    --------
    >>> from neuro_lib import recorded_steps
    >>> steps = recorded_steps("B6")
    >>> rise_error(fit_membrane(steps), steps) < 0.8
    True
    """
    t, I, x = _rises(steps, sweeps)
    return float(np.sqrt(np.mean((I * step_response(model, 1.0, t) - x) ** 2)))


def fit_recorded(steps, sweeps, *, adaptation, generations=60, seed=0):
    """Fit an integrate-and-fire neuron to some sweeps of a recording.

    Parameters
    ----------
    steps, sweeps
        See `recorded_drive`; of other sweeps the fit knows nothing.
    adaptation : bool
        Whether each spike adds to an adaptation current (`b`, `tau_w`).
    generations, seed
        See `fit_spikes`.

    Returns
    -------
    LIF or FilteredLIF
        `tau_m` and `R` as in `fit_membrane`; the others as in `fit_counts`.

    Raises
    ------
    TypeError, ValueError
        As `recorded_drive` and `fit_counts` do.

    Examples
    --------
    >>> from neuro_lib import count_spikes, recorded_steps
    >>> steps = recorded_steps("B6")
    >>> model = fit_recorded(steps, [0, 1, 3, 4], adaptation=False, generations=5)
    >>> bool(60 < count_spikes(model, recorded_drive(steps, [2])[0])[0] < 80)
    True
    """
    membrane = fit_membrane(steps, sweeps)
    values = {name: getattr(membrane, name) for name in ("tau_m", "R", "u_rest")}
    start = {"theta": -45.0, "u_r": -65.0, "t_ref": 10.0}
    model = FilteredLIF(b=0.01, **values, **start) if adaptation else LIF(**values, **start)
    ranges = SPIKING | (ADAPTING if adaptation else {})
    I, trains = recorded_drive(steps, sweeps)
    return fit_counts(model, I, trains, ranges=ranges, generations=generations, seed=seed)


def spread(error, model, name, *, factor=2.0):
    """How far a parameter can go before the error has grown by a factor, the others held.

    It is what a fit knows about this parameter alone; with the others fitted anew it would go
    further.

    Parameters
    ----------
    error : callable
        Error of a model.
    model : LIF, FilteredLIF or AdEx
        Where the error is small.
    name : str
        The parameter.
    factor : float
        Growth of the error (a pure number), more than 1.

    Returns
    -------
    low : float
        Lower end of the range, in the parameter's unit; no further from the model's value than
        that value is from 0.
    high : float
        Upper end, likewise.

    Raises
    ------
    ValueError
        If the model has no such parameter, or `factor` is not above 1.
    TypeError
        If `model` is none.

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> low, high = spread(lambda lif: 0.1 + abs(lif.R - 50.0), LIF(R=50.0), "R")
    >>> round(low, 2), round(high, 2)
    (49.9, 50.1)
    """
    require_kind("model", model, LIF, FilteredLIF, AdEx)
    best = getattr(model, choice("name", name, model.quantities(), "parameter"))
    factor = number("factor", factor, "", "growth of the error", above=1.0)
    allowed = factor * error(model)

    def bearable(value):
        try:
            return error(replace(model, **{name: value})) <= allowed
        except ValueError:  # no such neuron
            return False

    ends = []
    for direction in (-1.0, 1.0):
        near, far = 0.0, 1.0  # as shares of the value: bearable, and not or not tried
        for _ in range(24):
            middle = 0.5 * (near + far)
            if bearable(best + direction * middle * abs(best)):
                near = middle
            else:
                far = middle
        ends.append(best + direction * near * abs(best))
    return tuple(ends)


@cache
def _fits():
    return json.loads((files("neuro_lib.data") / "recorded_fits.json").read_text("utf-8"))


def recorded_fit(cell, left_out, *, adaptation):
    """Model as `fit_recorded` found it on four sweeps of a cell; it took 60 generations.

    Parameters
    ----------
    cell : str
        ``"B6"`` or ``"B8"``.
    left_out : int
        The sweep that it has not seen, from 0 to 4.
    adaptation : bool
        Whether each spike adds to an adaptation current.

    Returns
    -------
    LIF or FilteredLIF
        The fitted model.

    Raises
    ------
    ValueError
        If there is no such cell, or no such sweep.

    Examples
    --------
    >>> recorded_fit("B6", 2, adaptation=False)
    LIF(tau_m=18.25, R=223.3, u_rest=-70.5, theta=-45.38, u_r=-80.0, t_ref=13.35)
    """
    left_out = whole("left_out", left_out, "sweep", below=len(recorded_steps(cell).u))
    kind = FilteredLIF if adaptation else LIF
    return kind(**_fits()[cell]["adaptation" if adaptation else "plain"][left_out])
