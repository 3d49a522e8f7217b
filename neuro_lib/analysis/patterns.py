"""Firing patterns: neurons that show them, and the name of the one that a spike train shows."""

import numpy as np

from neuro_lib.analysis.spikes import checked_train
from neuro_lib.models.adex import AdEx
from neuro_lib.models.filtered_lif import FilteredLIF
from neuro_lib.units import choice, exceeds, number

__all__ = ["filter_pattern", "firing_pattern", "naud_pattern"]

# Naud et al. (2008), with the corrections of Brian2's example of the same name: C pF, g_L nS,
# E_L mV, a nS, tau_w ms, b pA, V_r mV, I pA; V_T = -50 mV and Delta_T = 2 mV in all of them.
_NAUD = {
    "tonic": (200, 10, -70, 2, 30, 0, -58, 500),
    "adapting": (200, 12, -70, 2, 300, 60, -58, 500),
    "initial burst": (130, 18, -58, 4, 150, 120, -50, 400),
    "bursting": (200, 10, -58, 2, 120, 100, -46, 210),
    "delayed accelerating": (200, 12, -70, -10, 300, 0, -58, 300),
    "delayed bursting": (100, 10, -65, -10, 90, 30, -47, 110),
    "transient": (100, 10, -65, 10, 90, 100, -47, 180),
    "irregular": (100, 12, -60, -11, 130, 30, -48, 160),
}

# This course's numbers for FilteredLIF: a nS, tau_w ms, b pA, A pA, tau_f ms, theta mV, I pA;
# tau_m = 20 ms, R = 100 MΩ, u_rest = u_r = -65 mV. "rebound" is what follows 400 ms of its I.
_FILTERED = {
    "tonic": (0, 100, 0, 0, 5, -50, 200),
    "adapting": (0, 100, 30, 0, 5, -50, 300),
    "bursting": (0, 50, 120, 1500, 5, -50, 200),
    "rebound": (30, 100, 0, 0, 5, -55, -300),
    "delayed accelerating": (-5, 150, 0, 0, 5, -50, 120),
}
_PER_NANO = 1000.0  # pA in a nA, nS in a µS, pF in a nF; and 1000 / nS are MΩ


def naud_pattern(name):
    """Neuron and current of one of the eight firing patterns of Naud et al. (2008).

    Parameters
    ----------
    name : str
        "tonic", "adapting", "initial burst", "bursting", "delayed accelerating",
        "delayed bursting", "transient" or "irregular".

    Returns
    -------
    tuple of (AdEx, float)
        The neuron, and the constant current that makes it fire so (nA).

    Raises
    ------
    ValueError
        If there is no pattern of this name.

    References
    ----------
    Naud, Marcille, Clopath and Gerstner (2008), *Biological Cybernetics* 99:335-347.

    Examples
    --------
    >>> neuron, I = naud_pattern("bursting")
    >>> neuron.tau_m, neuron.R, neuron.b, I
    (20.0, 100.0, 0.1, 0.21)
    """
    C, g_L, u_rest, a, tau_w, b, u_r, I = _NAUD[choice("name", name, _NAUD, "pattern")]
    neuron = AdEx(
        tau_m=C / g_L,
        R=_PER_NANO / g_L,
        u_rest=u_rest,
        theta_rh=-50.0,
        Delta_T=2.0,
        u_r=u_r,
        a=a / _PER_NANO,
        tau_w=tau_w,
        b=b / _PER_NANO,
    )
    return neuron, I / _PER_NANO


def filter_pattern(name):
    """Neuron and current of one of five firing patterns that linear filters make.

    Parameters
    ----------
    name : str
        "tonic", "adapting", "bursting", "rebound" or "delayed accelerating".

    Returns
    -------
    tuple of (FilteredLIF, float)
        The neuron, and the current that makes it fire so (nA): constant, but for "rebound",
        which follows the end of 400 ms of it.

    Raises
    ------
    ValueError
        If there is no pattern of this name.

    Examples
    --------
    >>> neuron, I = filter_pattern("rebound")
    >>> neuron.a, neuron.theta, I
    (0.03, -55.0, -0.3)
    """
    a, tau_w, b, A, tau_f, theta, I = _FILTERED[choice("name", name, _FILTERED, "pattern")]
    neuron = FilteredLIF(
        tau_m=20.0,
        R=100.0,
        theta=theta,
        a=a / _PER_NANO,
        tau_w=tau_w,
        b=b / _PER_NANO,
        A=A / _PER_NANO,
        tau_f=tau_f,
    )
    return neuron, I / _PER_NANO


def firing_pattern(spike_times, *, start, stop):
    """Name of the firing pattern that a neuron shows to a step of current.

    Parameters
    ----------
    spike_times : array_like, shape (n,)
        Firing times (ms), increasing.
    start, stop : float
        When the current steps up, or down, and when it ends (ms).

    Returns
    -------
    str
        "silent", "rebound", "transient", "tonic", "adapting", "initial burst",
        "delayed accelerating", "bursting", "delayed bursting" or "irregular"; "too few" if there
        are fewer than five spikes, which show no pattern but the first three.

    Raises
    ------
    ValueError
        If the times are no spike train, or `stop` is not after `start`.

    Notes
    -----
    The names stand for rules of thumb about the intervals during the step. With no spike in it,
    one after it is a rebound. Firing that ends in the first half is transient. Intervals that only
    grow (to 1.3 of the first at least) adapt, or show an initial burst if one is three times the
    one before; intervals that only shrink (to 0.8) accelerate. If all are within a factor 1.3, the
    firing is tonic. Others are bursts if, after the first quarter, the long ones differ by less
    than 10 % and equally many short ones lie between them, delayed if the first spike comes later
    than half a gap after the start; and irregular if not.

    Examples
    --------
    >>> firing_pattern([10.0, 13.0, 16.0, 60.0, 63.0, 66.0, 110.0], start=5.0, stop=140.0)
    'bursting'
    """
    start = number("start", start, "ms", "start of the step", at_least=0)
    stop = number("stop", stop, "ms", "end of the step", above=start)
    times = checked_train("spike_times", spike_times)
    after = exceeds(times, stop)
    during = times[~exceeds(start, times) & ~after]
    if during.size == 0:
        return "rebound" if np.any(after) else "silent"
    between = np.diff(during)
    if stop - during[-1] > max(0.5 * (stop - start), 2.0 * between.max(initial=0.0)):
        return "transient"
    if during.size < 5:
        return "too few"
    growth = between[1:] / between[:-1]
    total = between[-1] / between[0]
    if growth.min() > 0.98 and total > 1.3:
        return "initial burst" if growth.max() > 3.0 else "adapting"
    if growth.max() < 1.02 and total < 0.8:
        return "delayed accelerating"
    if between.max() < 1.3 * between.min():
        return "tonic"
    late = between[between.size // 4 :]
    long = late > np.sqrt(late.min() * late.max())
    gaps, where = late[long], np.flatnonzero(long)
    if gaps.std() > 0.1 * gaps.mean() or np.unique(np.diff(where)).size > 1:
        return "irregular"
    return "delayed bursting" if during[0] - start > 0.5 * gaps.mean() else "bursting"
