"""Fit a model neuron to a spike train: its parameters are those that predict the spikes best.

Nothing but the current and the firing times is used. A model scores the coincidence factor Γ of
its spikes with the reference (`spikes`); since Γ changes in jumps as single spikes come and go, the
search is one that needs no slopes: differential evolution, as SciPy has it. How good the fit is,
only another current can tell, which it has not seen.
"""

from dataclasses import replace
from math import ceil

import numpy as np

from neuro_lib.analysis.spikes import chance_of, checked_train, factor_of, pair
from neuro_lib.inputs.currents import require_current
from neuro_lib.models.filtered_lif import FilteredLIF
from neuro_lib.models.lif import LIF
from neuro_lib.models.simulation import simulate
from neuro_lib.units import checked, number, require_kind, whole

__all__ = ["fit_spikes"]

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
}
CANDIDATES = 60  # at least so many are tried in each generation
WORST = 2.0  # loss of a model that fires all the time; the others lose 1 - Γ


def fit_spikes(model, I, spike_times, *, ranges=None, window=2.0, generations=60, seed=0):
    """Find the parameters with which a model predicts a spike train best.

    Parameters
    ----------
    model : LIF or FilteredLIF
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
    generations : int
        How long the search goes on at most: in each generation, some 60 candidates are tried.
    seed : int
        Seed of the search. Same seed, same result.

    Returns
    -------
    LIF or FilteredLIF
        The model with the best parameters found.

    Raises
    ------
    ValueError
        If the model or the current is a population, there are no spikes, `window` is not positive,
        a name in `ranges` is not one of the model's, a range is empty, or `generations` or `seed`
        is no whole number.
    TypeError
        If `model` is of another kind, or `I` no `Current`.

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
    from scipy.optimize import Bounds, differential_evolution

    require_kind("model", model, LIF, FilteredLIF)
    require_current(I)
    window = number("window", window, "ms", "coincidence window", above=0)
    generations = whole("generations", generations, "number of generations", at_least=1)
    seed = whole("seed", seed, "seed")
    reference = checked_train("spike_times", spike_times, I.duration)
    if model.shape or I.values.ndim > 1:
        raise ValueError(
            f"fit_spikes takes one neuron and one current; got shapes {model.shape} and "
            f"{I.values.shape[:-1]}"
        )
    if reference.size == 0:
        raise ValueError("spike_times is empty: there is nothing to fit to")
    ranges = default_ranges(model) if ranges is None else ranges
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

    def loss(predicted):
        n, m = predicted.size, reference.size
        chance = chance_of(n, window, I.duration)
        if chance >= 1.0:
            return WORST
        return 1.0 - factor_of(pair(predicted, n, reference, m, window, np.zeros(n)), n, m, chance)

    lowest, highest = scaled(low), scaled(high)
    start = scaled(np.clip([getattr(model, name) for name in ranges], low, high))
    margin = 1e-9 * (highest - lowest)  # SciPy refuses a start on the very edge
    best = differential_evolution(
        lambda xs: np.array([loss(train) for train in simulate(candidates(xs), I).spike_times]),
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
    return candidates(best.x)


def default_ranges(model):
    """Ranges of all parameters that can be fitted."""
    ranges = {name: RANGES[name] for name in model.quantities() if name in RANGES}
    below, above = ranges["u_r"]
    highest = min(above, 0.9 * (model.theta - model.u_rest))
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
