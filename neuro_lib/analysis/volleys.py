"""How many presynaptic spikes fire the cell: volleys of them, with jitter.

A volley is N spikes that arrive about the same time, each at a Gaussian distance from it whose
standard deviation is the jitter. Each adds an EPSP of the same peak: that of a synaptic current
which decays with tau_s (`responses.exponential_psp`). The membrane is linear below threshold, so
N simultaneous EPSPs peak N times as high as one, and the neuron fires if N times the EPSP comes to
the distance from rest to threshold. Jitter lets the early ones decay before the late ones arrive:
then it takes more.

Between two arrivals the sum of all EPSPs is known from two numbers, the potential u and the drive
J = R I::

    tau_m du/dt = -u + J        tau_s dJ/dt = -J

So the highest point of a volley is found exactly, in one pass over its spikes.

Left out are inhibition, background noise, the driving force's decrease as u comes closer to the
reversal potential (`synapses`), and the dendrite: this number is a lower bound on the last two
accounts.
"""

from math import exp, floor, log, log1p, pi, sqrt

import numpy as np

from neuro_lib.analysis.responses import at_times, exponential_kernel
from neuro_lib.inputs.currents import arrival_times
from neuro_lib.models.lif import require_lif
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.units import checked, columns, common_shape, exceeds, number

__all__ = ["spikes_to_fire", "volley_peak", "volley_response"]


def volley_response(lif, epsp, arrivals, t, *, tau_s):
    """Sum of the EPSPs of a volley.

    Parameters
    ----------
    lif : LIF
        One neuron.
    epsp : float
        Peak of a single EPSP (mV), greater than zero.
    arrivals : array_like, shape (number of spikes,)
        When the presynaptic spikes arrive (ms), in any order; negative times are allowed.
    t : array_like, shape (...)
        Times (ms), in any order.
    tau_s : float
        Decay time of the synaptic current (ms), greater than zero.

    Returns
    -------
    ndarray, shape (...)
        Deflection from rest (mV), as if there were no threshold.

    Raises
    ------
    ValueError
        If a value is not finite or out of range, or the neuron is a population.

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> volley_response(LIF(), 1.0, [0.0, 2.0], [-1.0, 3.0, 6.0, 20.0], tau_s=2.0).round(3)
    array([0.   , 1.525, 1.933, 0.562])
    """
    arrivals, epsp, tau_s = _volley(lif, epsp, arrivals, tau_s)
    return at_times(t, add_volley, arrivals, arrivals.size, epsp, tau_s, lif.tau_m)


def volley_peak(lif, epsp, arrivals, *, tau_s):
    """Highest point of a volley: the neuron fires if it comes to θ - u_rest.

    Parameters
    ----------
    lif : LIF
        One neuron.
    epsp : float
        Peak of a single EPSP (mV), greater than zero.
    arrivals : array_like, shape (number of spikes,)
        When the presynaptic spikes arrive (ms), in any order.
    tau_s : float
        Decay time of the synaptic current (ms), greater than zero.

    Returns
    -------
    float
        Deflection from rest (mV), as if there were no threshold.

    Raises
    ------
    ValueError
        If a value is not finite or out of range, or the neuron is a population.

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> volley_peak(LIF(), 0.5, [0.0] * 30, tau_s=2.0)
    15.0
    >>> round(volley_peak(LIF(), 0.5, [0.0] * 15 + [5.0] * 15, tau_s=2.0), 3)
    13.3
    """
    arrivals, epsp, tau_s = _volley(lif, epsp, arrivals, tau_s)
    return peak_of_volley(arrivals, arrivals.size, epsp, tau_s, lif.tau_m)


def spikes_to_fire(lif, epsp, *, jitter=0.0, tau_s):
    """Number of presynaptic spikes in a volley that fires the neuron from rest.

    It is the smallest N for which the mean over all volleys of N spikes peaks at threshold or
    above. A single volley peaks about as high, a little higher more often than not, since its
    spikes are not spread evenly.

    Parameters
    ----------
    lif : LIF
        The neuron, or a population of shape (...).
    epsp : float or array_like
        Peak of a single EPSP (mV), greater than zero; broadcasts against the neuron's parameters.
    jitter : float or array_like
        Standard deviation of the arrival times (ms), zero or more; broadcasts likewise.
    tau_s : float or array_like
        Decay time of the synaptic current (ms), greater than zero; broadcasts likewise.

    Returns
    -------
    int or ndarray
        Number of spikes, shape (...).

    Raises
    ------
    ValueError
        If a value is not finite or out of range, or shapes do not broadcast.

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> spikes_to_fire(LIF(theta=-50.0, u_rest=-65.0), [1.0, 0.5], tau_s=2.0)
    array([15, 30])
    >>> spikes_to_fire(LIF(), 0.5, jitter=[0.0, 2.0, 5.0, 10.0], tau_s=2.0)
    array([30, 34, 44, 66])
    """
    require_lif(lif)
    epsp = checked("epsp", epsp, "mV", "peak of a single EPSP", above=0)
    jitter = checked("jitter", jitter, "ms", "jitter of the arrival times", at_least=0)
    tau_s = checked("tau_s", tau_s, "ms", "decay time of the synaptic current", above=0)
    shapes = {"epsp": np.shape(epsp), "jitter": np.shape(jitter), "tau_s": np.shape(tau_s)}
    shape = common_shape(neurons=lif.shape, **shapes)
    shorter = WIDEST * np.minimum(tau_s, lif.tau_m)
    for too_wide, limit in _those(exceeds(jitter, shorter), jitter, shorter):
        raise ValueError(
            f"jitter = {too_wide:g} ms: the jitter of the arrival times must be ≤ {WIDEST:g} times "
            f"the shorter of tau_s and tau_m, {limit:g} ms"
        )
    distance = np.subtract(lif.theta, lif.u_rest)
    for too_small, limit in _those(
        exceeds(distance, MOST_EPSPS * epsp), epsp, distance / MOST_EPSPS
    ):
        raise ValueError(
            f"epsp = {too_small:g} mV: the peak of a single EPSP must be ≥ {limit:g} mV, of which "
            f"{MOST_EPSPS:g} fire the neuron"
        )
    neurons = columns(shape, epsp, distance, jitter, tau_s, lif.tau_m)
    counts = [expected_count(*neuron) for neuron in neurons]
    return np.array(counts, dtype=int).reshape(shape) if shape else int(counts[0])


def _those(wrong, *values):
    """Give those of the values that are wrong, all of them broadcast against each other."""
    wrong, *values = np.broadcast_arrays(wrong, *values)
    return zip(*(value[wrong].tolist() for value in values), strict=True)


def _volley(lif, epsp, arrivals, tau_s):
    """Check; return the arrivals in order, and plain numbers."""
    require_lif(lif)
    epsp = number("epsp", epsp, "mV", "peak of a single EPSP", above=0)
    tau_s = number("tau_s", tau_s, "ms", "decay time of the synaptic current", above=0)
    if lif.shape:
        raise ValueError(f"a volley takes one neuron; got shape {lif.shape}")
    return np.sort(arrival_times("arrivals", arrivals, at_least=None)), epsp, tau_s


WIDEST = 1e4  # times the shorter time constant: a wider jitter would take too many steps
MOST_EPSPS = 1e9  # simultaneous EPSPs to threshold: with fewer, all counts are exact
SUM_TOLERANCE = 1e-12  # of a sum of EPSPs: 15 times 1 mV reach 15 mV

# The functions that run in every engine. `arrivals` is in order, and of it the first n count.


@portable
def sort_first(x: Array, n: int):
    """Put the first n elements in order, in place."""
    for k in range(1, n):
        value = x[k]
        j = k
        while j > 0 and x[max(j - 1, 0)] > value:
            x[j] = x[j - 1]
            j -= 1
        x[j] = value


@portable
def time_to_peak(u: float, J: float, tau_s: float, tau_m: float):
    """Time until u, which rises as J > u, is at its highest: there it meets the falling J."""
    gap = tau_m - tau_s
    if abs(gap) < 1e-9 * tau_m:
        return tau_m * (J - u) / J
    start = gap * u + tau_s * J
    if start > 2.0 * tau_m * J:  # the logarithm of tau_m J / start, which else may be near zero
        return log(tau_m * J / start) * (tau_m / gap) * tau_s
    return log1p(gap * (J - u) / start) * (tau_m / gap) * tau_s


@portable
def drive_of_epsp(epsp: float, tau_s: float, tau_m: float):
    """What a spike adds to J, so that its EPSP peaks at `epsp` (mV)."""
    return epsp * exp(time_to_peak(0.0, 1.0, tau_s, tau_m) / tau_s)


@portable
def add_volley(
    u: Array, t: Array, arrivals: Array, n: int, epsp: float, tau_s: float, tau_m: float
):
    """Add the EPSPs of a volley at times t, which are in order."""
    each = drive_of_epsp(epsp, tau_s, tau_m)
    x = 0.0
    J = 0.0
    now = 0.0
    arrived = 0
    for k in range(len(t)):
        while arrived < n and arrivals[min(arrived, n - 1)] <= t[k]:
            age = arrivals[arrived] - now
            if arrived > 0:
                x = x * exp(-age / tau_m) + J * tau_s * exponential_kernel(age, tau_s, tau_m)
                J *= exp(-age / tau_s)
            J += each
            now = arrivals[arrived]
            arrived += 1
        if arrived > 0:
            age = t[k] - now
            u[k] += x * exp(-age / tau_m) + J * tau_s * exponential_kernel(age, tau_s, tau_m)


@portable
def peak_of_volley(arrivals: Array, n: int, epsp: float, tau_s: float, tau_m: float):
    """Highest deflection (mV) that the first n spikes cause."""
    each = drive_of_epsp(epsp, tau_s, tau_m)
    u = 0.0
    J = 0.0
    highest = 0.0
    for k in range(n):
        J += each
        rising = -1.0  # for how long
        if u < J:
            rising = time_to_peak(u, J, tau_s, tau_m)
        if k + 1 == n:
            if rising >= 0.0:
                highest = max(highest, J * exp(-rising / tau_s))
        else:
            age = arrivals[k + 1] - arrivals[k]
            if rising >= 0.0 and rising < age:
                highest = max(highest, J * exp(-rising / tau_s))
            u = u * exp(-age / tau_m) + J * tau_s * exponential_kernel(age, tau_s, tau_m)
            J *= exp(-age / tau_s)
    return highest


@portable
def count_to_fire(
    draws: Array, epsp: float, distance: float, jitter: float, tau_s: float, tau_m: float
):
    """Smallest n for which a volley of n spikes fires: those at jitter times the first n draws.

    `draws` are standard normal; -1 if even all of them do not fire the neuron. Each further spike
    raises the peak, so that n is found by halving an interval.
    """
    arrivals = zeros(len(draws))
    low = 0  # does not fire
    high = len(draws) + 1  # fires, or is one too many
    while high > low + 1:
        n = floor(0.5 * (float(low) + float(high)))
        for k in range(len(draws)):
            arrivals[k] = jitter * draws[k]
        sort_first(arrivals, n)
        if peak_of_volley(arrivals, n, epsp, tau_s, tau_m) >= distance * (1.0 - SUM_TOLERANCE):
            high = n
        else:
            low = n
    if high > len(draws):
        return -1
    return high


@portable
def mean_peak(jitter: float, tau_s: float, tau_m: float):
    """Peak of the mean over all jittered EPSPs, as a part of the peak of one: at most 1.

    It is the peak of an EPSP convolved with the Gaussian of the arrival times. The Gaussian is
    followed from -6 to 6 jitters, by Simpson's rule, beyond that it is zero to nine digits.
    """
    if jitter == 0.0:
        return 1.0
    steps = floor(12.0 * max(20.0, jitter / min(tau_s, tau_m) * 10.0))
    h = 12.0 * jitter / float(steps)
    each = drive_of_epsp(1.0, tau_s, tau_m)
    density = h / 6.0 * each / (jitter * sqrt(2.0 * pi))  # of arrivals, with Simpson's weight
    keep_u = exp(-h / tau_m)
    keep_J = exp(-h / tau_s)
    passed = tau_s * exponential_kernel(h, tau_s, tau_m)
    half_keep = exp(-0.5 * h / tau_s)
    half_passed = tau_s * exponential_kernel(0.5 * h, tau_s, tau_m)
    u = 0.0
    J = 0.0
    highest = 0.0
    before = density * exp(-18.0)  # the Gaussian at six jitters: exp(-6²/2)
    for k in range(steps):
        z = -6.0 + 12.0 * (k + 0.5) / float(steps)
        middle = 4.0 * density * exp(-0.5 * z**2)
        z = -6.0 + 12.0 * (k + 1.0) / float(steps)
        after = density * exp(-0.5 * z**2)
        u_end = u * keep_u + (J + before) * passed + middle * half_passed
        J_end = (J + before) * keep_J + middle * half_keep + after
        if u < J and J_end <= u_end:  # the slope, (J - u)/tau_m, passes zero: nearly a parabola
            highest = max(highest, u + 0.5 * h / tau_m * (J - u) ** 2 / (J - u - J_end + u_end))
        u = u_end
        J = J_end
        before = after
    if u < J:
        return J * exp(-time_to_peak(u, J, tau_s, tau_m) / tau_s)
    return highest


@portable
def expected_count(epsp: float, distance: float, jitter: float, tau_s: float, tau_m: float):
    """Smallest number of spikes whose mean volley comes to `distance` (mV) (eq:volley)."""
    needed = distance / (epsp * mean_peak(jitter, tau_s, tau_m))
    return 0 - floor(-needed * (1.0 - SUM_TOLERANCE))
