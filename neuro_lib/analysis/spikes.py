"""What a spike train tells: its intervals, its rate, and how well one train predicts another.

A spike train is an array of firing times (ms), as ``Trace.spike_times`` holds it: increasing,
none before 0. Of a masked array those that are not masked count.
"""

import numpy as np

from neuro_lib.inputs.steps import in_steps
from neuro_lib.portable import Array, portable
from neuro_lib.units import MS_PER_S, SAME, checked, exceeds, number

__all__ = [
    "best_delay",
    "coincidence_factor",
    "coincidences",
    "count_error",
    "fano_factor",
    "interval_cv",
    "intervals",
    "mean_rate",
]


def intervals(spike_times):
    """Interspike intervals: the times between one spike and the next.

    Parameters
    ----------
    spike_times : array_like, shape (n,)
        Firing times (ms), increasing.

    Returns
    -------
    ndarray, shape (n - 1,)
        Intervals (ms), each greater than zero; empty for fewer than two spikes.

    Raises
    ------
    ValueError
        If the times are not one increasing sequence of finite numbers from 0 on.

    Examples
    --------
    >>> intervals([10.0, 14.0, 20.0])
    array([4., 6.])
    """
    return np.diff(checked_train("spike_times", spike_times))


def mean_rate(spike_times, *, duration):
    """Number of spikes per second.

    Parameters
    ----------
    spike_times : array_like, shape (n,)
        Firing times (ms), increasing, none after `duration`.
    duration : float
        Time that was watched (ms), greater than zero.

    Returns
    -------
    float
        Rate (Hz).

    Raises
    ------
    ValueError
        If the times are not one increasing sequence from 0 to `duration`.

    Examples
    --------
    >>> mean_rate([10.0, 14.0, 20.0], duration=50.0)
    60.0
    """
    duration = _duration(duration)
    return checked_train("spike_times", spike_times, duration).size * MS_PER_S / duration


def interval_cv(spike_times):
    """Coefficient of variation of the intervals: their standard deviation over their mean (eq:cv).

    It is 0 for a clock, near 1 for a Poisson process, and more for bursts.

    Parameters
    ----------
    spike_times : array_like, shape (n,)
        Firing times (ms), increasing; at least three.

    Returns
    -------
    float
        The coefficient, a pure number.

    Raises
    ------
    ValueError
        If there are fewer than two intervals, or the times are not one increasing sequence.

    Notes
    -----
    The standard deviation is that of the intervals at hand (divided by their number, not by one
    less), so that a train of alternating intervals x and 3 x has exactly 1/2.

    Examples
    --------
    >>> interval_cv([0.0, 10.0, 40.0, 50.0, 80.0])
    0.5
    """
    between = intervals(spike_times)
    if between.size < 2:
        raise ValueError(
            f"spike_times has {np.size(spike_times)} spikes: a coefficient of variation needs at "
            "least 3 (2 intervals)"
        )
    return float(between.std() / between.mean())


def fano_factor(spike_times, *, duration, window):
    """Fano factor: variance over mean of the number of spikes in windows of one length (eq:fano).

    It is 0 for a clock, 1 for a Poisson process. Windows follow each other from 0 on; a shorter
    one at the end is left out.

    Parameters
    ----------
    spike_times : array_like, shape (n,)
        Firing times (ms), increasing, none after `duration`; at least one within the windows.
    duration : float
        Time that was watched (ms), greater than zero.
    window : float
        Length of a window (ms), greater than zero; at least two fit into `duration`.

    Returns
    -------
    float
        The factor, a pure number.

    Raises
    ------
    ValueError
        If there are fewer than two windows, no spikes in them, or the times are not one increasing
        sequence from 0 to `duration`.

    Notes
    -----
    The variance is that of the counts at hand, divided by the number of windows. It fails to tell
    chance from change: a rate that drifts makes counts differ, too.

    Examples
    --------
    >>> fano_factor([5.0, 15.0, 16.0, 17.0], duration=20.0, window=10.0)
    0.5
    """
    duration = _duration(duration)
    window = number("window", window, "ms", "length of a window", above=0)
    times = checked_train("spike_times", spike_times, duration)
    windows = np.floor(in_steps.__wrapped__(duration, window))
    if windows < 2:
        raise ValueError(
            f"window = {window:g} ms: the length of a window must be ≤ duration / 2 = "
            f"{duration / 2:g} ms"
        )
    times = times[~exceeds(times, windows * window)]
    if times.size == 0:
        raise ValueError("spike_times has no spikes in the windows: a Fano factor needs some")
    # Most of very many windows are empty, and are not counted one by one.
    which = np.minimum(np.floor(in_steps.over(times, window)), windows - 1)
    counts = np.unique(which, return_counts=True)[1]
    return float(np.sum(counts**2) / times.size - times.size / windows)


def count_error(spike_times, reference, *, duration):
    """How far the number of spikes so far is off, on the average over time.

    It is a share of the reference's spikes. Under a steady current a train of the right rhythm
    that is a little out of step loses little, and one that does not adapt loses much.

    Parameters
    ----------
    spike_times : array_like, shape (n,)
        Predicted firing times (ms), increasing, none after `duration`.
    reference : array_like, shape (m,)
        Firing times of the neuron that is to be predicted (ms), likewise; at least one.
    duration : float
        Time that was watched (ms), greater than zero.

    Returns
    -------
    float
        The error, a pure number; 0 for equal trains.

    Raises
    ------
    ValueError
        If the reference is empty, or a train is not one increasing sequence from 0 to `duration`.

    Examples
    --------
    >>> count_error([20.0, 40.0], [20.0, 60.0], duration=100.0)
    0.1
    """
    duration = _duration(duration)
    predicted = checked_train("spike_times", spike_times, duration)
    reference = checked_train("reference", reference, duration)
    if not reference.size:
        raise ValueError("reference is empty: there is nothing to compare with")
    return count_error_of(predicted, reference, duration)


def count_error_of(predicted, reference, duration):
    """`count_error` of what has been checked (eq:count-error)."""
    times = np.concatenate([predicted, reference])
    order = np.argsort(times, kind="stable")
    ahead = np.cumsum(np.where(order < predicted.size, 1.0, -1.0))
    gaps = np.diff(times[order], append=duration)
    return float(np.abs(ahead) @ gaps / (reference.size * duration))


def coincidences(spike_times, reference, *, window=2.0):
    """Largest number of pairs, one spike of each train, that lie within a window of each other.

    No spike belongs to two pairs: a burst around one spike counts once.

    Parameters
    ----------
    spike_times, reference : array_like, shape (n,), (m,)
        Firing times (ms), each train increasing.
    window : float
        Largest distance Δ of the two (ms), inclusive; zero or more.

    Returns
    -------
    int
        Number of pairs.

    Raises
    ------
    ValueError
        If a train is not one increasing sequence, or the window is negative.

    Examples
    --------
    >>> coincidences([10.0, 11.0, 30.0, 50.0], [10.5, 31.0, 70.0])
    2
    """
    one, other = checked_train("spike_times", spike_times), checked_train("reference", reference)
    window = _window(window, at_least=0)
    return pair(one, one.size, other, other.size, window, np.zeros(one.size))


def coincidence_factor(spike_times, reference, *, duration, window=2.0, delay=0.0):
    r"""Coincidence factor Γ of a predicted spike train with a reference, chance taken off.

    1 means that each spike of either train has its partner in the other within the window, 0
    that no more of them have than if the prediction were a Poisson process of its own rate.

    Parameters
    ----------
    spike_times : array_like, shape (n,)
        Predicted firing times (ms), increasing, none after `duration`.
    reference : array_like, shape (m,)
        Firing times of the neuron that is to be predicted (ms), likewise.
    duration : float
        Time that was watched (ms), greater than zero.
    window : float
        Precision Δ (ms): spikes coincide if no further apart than this. Greater than zero.
    delay : float
        How much later than predicted a spike of the reference is seen (ms), zero or more: see
        `best_delay`. What is predicted for a time after the end is left out.

    Returns
    -------
    float
        Γ, at most 1; negative if fewer spikes coincide than by chance.

    Raises
    ------
    ValueError
        If both trains are empty; if the prediction is so dense that windows around its spikes
        would fill all the time (2 Δ times its rate ≥ 1), so that a coincidence means nothing; or
        if a train is not one increasing sequence from 0 to `duration`.

    Notes
    -----
    With n predicted and m reference spikes, rate ν = n / duration and N coincidences::

        Gamma = (N - 2 nu Delta m) / ((n + m) / 2) / (1 - 2 nu Delta)

    A Poisson process of rate ν is expected to make 2 ν Δ m coincidences: to first order in ν Δ,
    because it may put two spikes into one window. The factor is not symmetric in the two trains,
    since the chance is that of the prediction; so it is in the program of Jolivet and Naud (ModelDB
    117966), which scores the 2007 competition of models. Others, brian2modelfitting among them,
    take ν from the reference: the two agree where both neurons fire at the same rate.

    References
    ----------
    Kistler, Gerstner and van Hemmen (1997), Reduction of the Hodgkin-Huxley equations to a
    single-variable threshold model, *Neural Computation* 9:1015-1045.

    Examples
    --------
    >>> reference = [10.0, 30.0, 55.0, 90.0]
    >>> coincidence_factor(reference, reference, duration=100.0)
    1.0
    >>> round(coincidence_factor([11.0, 33.0, 54.0, 90.0], reference, duration=100.0), 3)
    0.702
    """
    duration, window = _duration(duration), _window(window, above=0)
    delay = number("delay", delay, "ms", "delay of the reference", at_least=0)
    predicted = checked_train("spike_times", spike_times, duration) + delay
    predicted = predicted[predicted <= duration] if delay else predicted
    reference = checked_train("reference", reference, duration)
    n, m = predicted.size, reference.size
    if n + m == 0:
        raise ValueError("spike_times and reference are both empty: there is nothing to compare")
    chance = chance_of(n, window, duration)
    if chance >= 1.0:
        raise ValueError(
            f"window = {window:g} ms: the coincidence window must be < duration / (2 n) = "
            f"{duration / (2 * n):g} ms, where n = {n} is the number of predicted spikes"
        )
    pairs = pair(predicted, n, reference, m, window, np.zeros(n))
    return factor_of(pairs, n, m, chance)


def best_delay(spike_times, reference, *, longest, window=2.0):
    """Delay of a reference behind its prediction with which most of their spikes coincide.

    A model fires where it reaches its threshold, and a neuron is seen to fire later, in the
    upswing: this is the time between the two.

    Parameters
    ----------
    spike_times, reference : array_like, shape (n,), (m,)
        Firing times (ms), each train increasing.
    longest : float
        Longest delay that is tried (ms), zero or more.
    window : float
        Largest distance Δ of two that coincide (ms), zero or more.

    Returns
    -------
    float
        The delay (ms), from 0 to `longest`: the middle of those that are equally good. 0 without
        spikes.

    Raises
    ------
    ValueError
        If a train is not one increasing sequence, or a number is negative.

    Notes
    -----
    Counted are pairs within the window; where several spikes of a train lie within twice the window
    of each other, one of them may be in two pairs.

    Examples
    --------
    >>> round(best_delay([10.0, 40.0, 70.0], [11.5, 41.5, 71.5], longest=4.0, window=0.5), 3)
    1.5
    """
    one, other = checked_train("spike_times", spike_times), checked_train("reference", reference)
    longest = number("longest", longest, "ms", "longest delay", at_least=0)
    return best_delay_of(one, other, longest, _window(window, at_least=0))


def best_delay_of(one, other, longest, window):
    """`best_delay` of what has been checked."""
    if not one.size or not other.size:
        return 0.0
    first = np.searchsorted(one, other - longest - window)
    near = np.searchsorted(one, other + window, side="right") - first
    nearby = np.arange(near.sum()) + np.repeat(first - np.cumsum(near) + near, near)
    late = np.sort(np.repeat(other, near) - one[nearby])
    # How many pairs there are changes where one enters the window or leaves it.
    edges = np.concatenate([[0.0, longest], late - window, late + window])
    edges = np.unique(np.clip(edges, 0.0, longest))
    middles = 0.5 * (edges[:-1] + edges[1:]) if edges.size > 1 else edges
    pairs = np.searchsorted(late, middles + window) - np.searchsorted(late, middles - window)
    best = np.flatnonzero(pairs == pairs.max())
    return float(middles[best[best.size // 2]])


@portable
def chance_of(n: int, precision: float, duration: float):
    """Chance that a spike of the reference finds a partner, if n others are put in at random."""
    return 2.0 * precision * n / duration


@portable
def pair(one: Array, n: int, other: Array, m: int, precision: float, paired: Array):
    """Pair the first n of one train with the first m of another; mark who is paired, and count."""
    widest = precision * (1.0 + SAME)  # rounding parts no pair: 10.3 and 10 are 0.3 apart
    i = 0
    j = 0
    pairs = 0
    while i < n and j < m:
        if abs(one[i] - other[j]) <= widest:
            paired[i] = 1.0
            i += 1
            j += 1
            pairs += 1
        elif one[i] < other[j]:
            i += 1
        else:
            j += 1
    return pairs


@portable
def above_chance(pairs: int, n: int, m: int, chance: float):
    """Γ of n predicted spikes with m, each of which finds a partner by chance (eq:coincidence)."""
    return (pairs - chance * m) / (0.5 * (n + m)) / (1.0 - chance)


@portable
def factor_of(pairs: int, n: int, m: int, chance: float):
    """Coincidence factor: `above_chance`, which by rounding may pass 1 by a digit."""
    return min(above_chance(pairs, n, m, chance), 1.0)


def checked_train(name, spike_times, duration=None):
    """Return a spike train as a read-only array, or say what is wrong with it.

    Masked times are left out.
    """
    what = "ms", "firing times"
    times = checked(name, spike_times, *what, at_least=0, leave_out_masked=True)
    if np.ndim(times) != 1:
        raise ValueError(
            f"{name} has shape {np.shape(times)}: a spike train is a one-dimensional array of "
            "firing times (ms)"
        )
    late = np.flatnonzero(np.diff(times) <= 0)
    if late.size:
        i = late[0]
        raise ValueError(
            f"{name}[{i + 1}] = {times[i + 1]:g} ms: firing times must increase; the one before "
            f"is {times[i]:g} ms"
        )
    if duration is not None and times.size and exceeds(times[-1], duration):
        raise ValueError(
            f"{name} = {times[-1]:g} ms: firing times must be ≤ duration = {duration:g} ms"
        )
    return times


def _duration(duration):
    return number("duration", duration, "ms", "time that was watched", above=0)


def _window(window, **allowed):
    return number("window", window, "ms", "coincidence window", **allowed)
