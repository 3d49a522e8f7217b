"""Fit a model neuron to spike trains: its parameters are those that predict the spikes best.

Nothing but the current and the firing times is used. Under noise a model scores the coincidence
factor Γ of its spikes with the reference (`spikes`). Under a step of current that tells little: a
model whose rate is off by a few per cent is out of step after a second. There it is judged by the
number of its spikes so far, all along the way. Both change in jumps as single spikes come and go,
so the search is one that needs no slopes: differential evolution, as SciPy has it. How good the fit
is, only another current can tell, which it has not seen.
"""

from dataclasses import replace
from math import ceil

import numpy as np

from neuro_lib.analysis.spikes import (
    best_delay_of,
    chance_of,
    checked_train,
    count_error_of,
    factor_of,
    pair,
)
from neuro_lib.inputs.currents import require_current
from neuro_lib.models.adex import AdEx
from neuro_lib.models.filtered_lif import FilteredLIF
from neuro_lib.models.lif import LIF
from neuro_lib.models.simulation import simulate
from neuro_lib.units import checked, kind_of, number, require_kind, whole

__all__ = ["fit_counts", "fit_spikes"]

# Where a cortical neuron's parameters are looked for. A potential counts from u_rest.
RANGES = {
    "tau_m": (2.0, 100.0),
    "R": (20.0, 1000.0),
    "u_r": (-30.0, 12.0),
    "t_ref": (0.0, 10.0),
    "a": (0.0, 0.02),
    "tau_w": (10.0, 400.0),
    "b": (0.0, 0.2),
    "A": (-1.0, 1.0),
    "tau_f": (1.0, 30.0),
    "Delta_T": (0.2, 5.0),
}
CANDIDATES = 60  # at least so many are tried in each generation
WORST = 2.0  # loss of a model that fires all the time; the others lose 1 - Γ


def fit_spikes(
    model, I, spike_times, *, ranges=None, window=2.0, delay=0.0, generations=60, seed=0
):
    """Find the parameters with which a model predicts a spike train best.

    Parameters
    ----------
    model : LIF, FilteredLIF or AdEx
        One neuron. What is not fitted stays as it is here; the rest is where the search starts.
    I : Current
        The current that drove the reference neuron, values of shape (n,).
    spike_times : array_like, shape (m,)
        Firing times of the reference neuron (ms), increasing.
    ranges : dict, optional
        Lowest and highest value of each parameter that is to be fitted, by name, in its unit. A
        range above zero is searched on a logarithmic scale. Unless given, it is all parameters but
        `u_rest` and `theta`, in the ranges of a cortical neuron.
    window : float
        Precision Δ of the coincidence factor (ms), greater than zero.
    delay : float
        How much later than the model's (ms) the reference's spikes may be, zero or more: each
        candidate has the `best_delay` up to this one.
    generations : int
        How long the search goes on at most: in each generation, some 60 candidates are tried.
    seed : int
        Seed of the search. Same seed, same result.

    Returns
    -------
    LIF, FilteredLIF or AdEx
        The model with the best parameters found.

    Raises
    ------
    ValueError
        If the model or the current is a population, there are no spikes, `window` is not positive,
        a name in `ranges` is not one of the model's, a range is empty or holds what no such model
        can have, or `generations` or `seed` is no whole number.
    TypeError
        If `model` is of another kind, `I` no `Current`, or `ranges` no dict.

    Notes
    -----
    The firing times of these models do not change if all distances of potentials, R among them, are
    scaled alike: u_rest and theta are the scale, and cannot be fitted along with R. Nor is the
    optimum a point: all that predicts each spike to within the window is equally good. A narrow
    window makes it a needle in a haystack, which takes more generations to find.

    References
    ----------
    Storn and Price (1997), *Journal of Global Optimization* 11:341-359. Fitting by Γ: Rossant,
    Goodman, Fontaine, Platkiewicz, Magnusson and Brette (2011), *Frontiers in Neuroscience* 5:9.

    Examples
    --------
    >>> from neuro_lib import LIF, ou_current, simulate
    >>> I = ou_current(0.3, 0.2, tau=10.0, duration=4000.0, dt=0.5, seed=1)
    >>> spikes = simulate(LIF(tau_m=20.0), I).spike_times
    >>> found = fit_spikes(LIF(), I, spikes, ranges={"tau_m": (2.0, 100.0)})
    >>> round(found.tau_m)
    20
    """
    require_kind("model", model, LIF, FilteredLIF, AdEx)
    require_current(I)
    window = number("window", window, "ms", "coincidence window", above=0)
    delay = number("delay", delay, "ms", "longest delay", at_least=0)
    reference = checked_train("spike_times", spike_times, I.duration)
    if model.shape or I.values.ndim > 1:
        raise ValueError(
            f"fit_spikes takes one neuron and one current; got shapes {model.shape} and "
            f"{I.values.shape[:-1]}"
        )
    if reference.size == 0:
        raise ValueError("spike_times is empty: there is nothing to fit to")
    m = reference.size

    def loss(predicted):
        n = predicted.size
        chance = chance_of(n, window, I.duration)
        if chance >= 1.0:
            return WORST
        if delay:
            predicted = predicted + best_delay_of(predicted, reference, delay, window)
        return 1.0 - factor_of(pair(predicted, n, reference, m, window, np.zeros(n)), n, m, chance)

    return _searched(model, ranges, lambda models: simulate(models, I), loss, generations, seed)


def fit_counts(model, I, spike_times, *, ranges=None, generations=60, seed=0):
    """Find the parameters with which a model fires as often as recorded, all along each sweep.

    It is the fit for steps of current, under which spikes are regular: see `count_error`.

    Parameters
    ----------
    model : LIF, FilteredLIF or AdEx
        One neuron. What is not fitted stays as it is here; the rest is where the search starts.
    I : Current
        The current of each sweep, values of shape (sweeps, n).
    spike_times : sequence of array_like
        Firing times (ms) of each sweep, increasing; at least one spike in each.
    ranges : dict, optional
        As for `fit_spikes`.
    generations, seed : int
        As for `fit_spikes`.

    Returns
    -------
    LIF, FilteredLIF or AdEx
        The model with the best parameters found.

    Raises
    ------
    ValueError
        If the model is a population, there are not as many trains as currents, a train is empty,
        or as `fit_spikes` does.
    TypeError
        If `model` is of another kind, or `I` no `Current`.

    Examples
    --------
    >>> from neuro_lib import LIF, simulate, step_current
    >>> I = step_current([0.35, 0.5], start=50.0, stop=950.0, duration=1000.0, dt=1.0)
    >>> trains = simulate(LIF(tau_m=20.0), I).spike_times
    >>> found = fit_counts(LIF(), I, trains, ranges={"tau_m": (2.0, 100.0)}, generations=20)
    >>> round(found.tau_m)
    20
    """
    require_kind("model", model, LIF, FilteredLIF, AdEx)
    require_current(I)
    try:
        trains = list(spike_times)
    except TypeError:
        raise TypeError(
            f"spike_times must be a sequence of trains, not {kind_of(spike_times)}"
        ) from None
    if model.shape or I.values.ndim != 2 or len(trains) != len(I.values):
        raise ValueError(
            "fit_counts takes one neuron, and a train for each of several currents; got shape "
            f"{model.shape}, {len(trains)} trains and currents of shape {I.values.shape[:-1]}"
        )
    trains = [checked_train("spike_times", train, I.duration) for train in trains]
    if not all(train.size for train in trains):
        raise ValueError("spike_times has an empty train: there is nothing to fit to")

    def response(models):
        one_each = {name: np.expand_dims(getattr(models, name), -1) for name in models.quantities()}
        return simulate(replace(models, **one_each), I)

    def loss(predicted):
        errors = map(count_error_of, predicted, trains, [I.duration] * len(trains))
        return sum(errors) / len(trains)

    return _searched(model, ranges, response, loss, generations, seed)


def _searched(model, ranges, response, loss, generations, seed):
    """Model with the least loss of its firing times, by differential evolution."""
    from scipy.optimize import Bounds, differential_evolution

    generations = whole("generations", generations, "number of generations", at_least=1)
    seed = whole("seed", seed, "seed")
    ranges = default_ranges(model) if ranges is None else ranges
    require_kind("ranges", ranges, dict)
    if not ranges:
        raise ValueError("ranges is empty: there is nothing to fit")
    low, high = np.array([_checked_range(model, name, ends) for name, ends in ranges.items()]).T
    logarithmic = low > 0.0

    def scaled(values):
        return np.where(logarithmic, np.log(np.where(logarithmic, values, 1.0)), values)

    def candidates(xs):
        """Models at points of the search, of shape (parameters, ...): one model or a population."""
        xs = xs.T  # so that the parameters' axis is the last, as it is of the limits
        values = np.where(logarithmic, np.exp(np.where(logarithmic, xs, 0.0)), xs)
        values = np.clip(values, low, high).T  # rounding may leave the range by a digit
        return replace(model, **dict(zip(ranges, values, strict=True)))

    lowest, highest = scaled(low), scaled(high)
    start = scaled(np.clip([getattr(model, name) for name in ranges], low, high))
    margin = 1e-9 * (highest - lowest)  # SciPy refuses a start on the very edge
    try:
        best = differential_evolution(
            lambda xs: np.array([loss(trains) for trains in response(candidates(xs)).spike_times]),
            Bounds(lowest, highest),
            x0=np.clip(start, lowest + margin, highest - margin),
            seed=seed,
            popsize=ceil(CANDIDATES / len(ranges)),
            recombination=0.9,  # what one parameter should be depends on the others
            maxiter=generations,
            tol=1e-3,
            polish=False,  # there is no slope to follow
            updating="deferred",
            vectorized=True,  # a generation is a population
        )
    except RuntimeError as wrapped:  # so SciPy hands on that no model has a candidate's values
        if not isinstance(wrapped.__cause__, ValueError):
            raise
        raise ValueError(f"ranges reach too far: {wrapped.__cause__}") from None
    return candidates(best.x)


def default_ranges(model):
    """Ranges of all parameters that can be fitted."""
    ranges = {name: RANGES[name] for name in model.quantities() if name in RANGES}
    below, above = ranges["u_r"]
    threshold = model.theta_rh if isinstance(model, AdEx) else model.theta
    highest = min(above, 0.9 * (threshold - model.u_rest))
    return ranges | {"u_r": (model.u_rest + below, model.u_rest + highest)}


def _checked_range(model, name, ends):
    if name not in model.quantities():
        raise ValueError(f"ranges has {name!r}, which {type(model).__name__} does not have")
    what = model.quantities()[name]
    ends = checked(f"ranges[{name!r}]", ends, what.unit, what.meaning)
    if np.shape(ends) != (2,):
        raise ValueError(f"ranges[{name!r}] has shape {np.shape(ends)}: a range has two ends")
    low, high = ends.tolist()
    if not low < high:
        raise ValueError(
            f"ranges[{name!r}] = {low:g} to {high:g} {what.unit}: the lowest value must be < the "
            "highest"
        )
    return low, high
