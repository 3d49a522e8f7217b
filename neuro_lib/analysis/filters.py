"""The membrane as a linear filter of any current, and a spiking neuron as a sum of such answers.

The answer of the membrane to one short pulse of charge is its Green's function kappa
(`responses`). Its answer to a current is the sum of such answers, a convolution::

    u(t) = u_rest + (u(0) - u_rest) exp(-t/tau_m) + ∫ kappa(s) I(t - s) ds,   s from 0 to t

The second term is what is left of the start. Without it the formula is true only if the integral
runs over the input's whole past: from minus infinity, or from a start at rest with no input
before it.

A reset is one more pulse, which takes u from theta to u_r. What is left of it is the reset kernel
``eta(s) = (u_r - theta) exp(-s/tau_m)``, and so even the spikes fit into the sum (`decompose`).
"""

from dataclasses import dataclass
from math import exp, pi

import numpy as np

from neuro_lib.analysis.responses import (
    impedance_parts,
    initial_response,
    over_time,
    pulse_response,
)
from neuro_lib.inputs.currents import require_current, require_step
from neuro_lib.models.lif import heads_for, relax, require_lif
from neuro_lib.models.simulation import simulate
from neuro_lib.models.trace import Trace
from neuro_lib.portable import Array, portable
from neuro_lib.units import MS_PER_S, checked, choice, columns, common_shape
from neuro_lib.values import Record

__all__ = ["Decomposition", "convolve", "cutoff_frequency", "decompose", "impedance"]

LONGEST = 100_000  # samples for a method whose operations grow with their square

# Any current


def convolve(lif, I, *, u_start=None, method="recurrence"):
    """Filter a current with the membrane: the potential without threshold (eq:convolution).

    Three ways to the same exact result. A current is a row of pulses one step long, so
    "convolution" adds up one `pulse_response` for each, in n² operations. "fft" does so by Fourier
    transforms, in n log n: these are padded with zeros by the length of the kernel, or the end of
    the input would come round to its beginning. "recurrence" takes n operations: as the kernel is
    an exponential, all of the past that matters is the present potential.

    Parameters
    ----------
    lif : LIF
        The neuron; parameters that are arrays make a population.
    I : Current
        Input, values of shape (..., n); its leading axes broadcast against ``lif.shape``.
    u_start : float or array_like, optional
        Potential at t = 0 (mV); the resting potential unless given.
    method : {"recurrence", "convolution", "fft"}
        The way.

    Returns
    -------
    Trace
        Potential of shape (..., n), and no spikes.

    Raises
    ------
    ValueError
        If shapes do not broadcast, the current's time step exceeds the membrane time constant,
        there is no such method, or "convolution" is given more than 1e5 samples.
    TypeError
        If `lif` is no `LIF`: with further variables, one kernel does not describe it.

    Examples
    --------
    >>> from neuro_lib import LIF, step_current
    >>> I = step_current(0.4, start=10.0, stop=30.0, duration=40.0, dt=10.0)
    >>> convolve(LIF(), I).u.round(4)  # beyond θ = -50 mV: there is no threshold
    array([-65.    , -65.    , -52.3576, -47.7067, -58.6382])
    >>> convolve(LIF(), I, method="fft").u.round(4)
    array([-65.    , -65.    , -52.3576, -47.7067, -58.6382])
    """
    require_lif(lif)
    require_current(I)
    choice("method", method, ("recurrence", "convolution", "fft"), "method")
    if method == "convolution" and I.values.shape[-1] > LONGEST:
        raise ValueError(
            f"method = 'convolution': the current must have at most {LONGEST} samples, not "
            f"{I.values.shape[-1]}; 'fft' takes more"
        )
    if u_start is None:
        u_start = lif.u_rest
    u_start = checked("u_start", u_start, "mV", "potential at the start")
    several = I.values.shape[:-1]
    shape = common_shape(neurons=lif.shape, currents=several, u_start=np.shape(u_start))
    require_step(I.dt, "tau_m", lif.tau_m)
    values = np.broadcast_to(I.values, (*shape, I.values.shape[-1]))
    if method == "recurrence":
        u = _recurrence(lif, values, I.dt, lif.u_rest, u_start)
    else:
        u = over_time(lif.u_rest) + initial_response(lif, u_start, I.t) + np.zeros(values.shape)
        weights = pulse_response(lif, 1.0, I.t[1:], width=I.dt)
        add = _add_by_fft if method == "fft" else _add_directly
        # The last sample holds from the end on: nothing of it is seen.
        add(u[..., 1:], I.values[..., :-1], weights)
    return Trace(t=I.t, u=u, I=values, spike_times=_no_spikes(shape))


def _recurrence(lif, values, dt, u_rest, u_start):
    u = np.empty(values.shape)
    neurons = columns(u.shape[:-1], lif.tau_m, lif.R, u_rest, u_start)
    for i, neuron in zip(np.ndindex(u.shape[:-1]), neurons, strict=True):
        # A copy is writeable, and loops are compiled for that.
        relax_run(values[i], dt, *neuron, u[i])
    return u


def _add_directly(u, values, weights):
    values, weights = np.broadcast_to(values, u.shape), np.broadcast_to(weights, u.shape)
    for i in np.ndindex(u.shape[:-1]):
        u[i] += np.convolve(values[i], weights[i])[: u.shape[-1]]


def _add_by_fft(u, values, weights):
    from scipy.fft import next_fast_len  # here, so that nothing else waits for SciPy

    n, left = u.shape[-1], weights.reshape(-1, weights.shape[-1]).any(axis=0)
    weights = weights[..., : 1 + np.count_nonzero(left)]  # what has decayed to 0.0 takes no room
    padded = next_fast_len(n + weights.shape[-1] - 1, real=True)
    spectrum = np.fft.rfft(values, padded) * np.fft.rfft(weights, padded)
    u += np.fft.irfft(spectrum, padded)[..., :n]


def _no_spikes(shape):
    if not shape:
        return np.empty(0)
    spike_times = np.empty(shape, dtype=object)
    for i in np.ndindex(shape):
        spike_times[i] = np.empty(0)
    return spike_times


# Frequencies


def impedance(lif, frequency):
    """Impedance of the membrane, Z(f) = R / (1 + 2πi f τ_m), the transform of κ.

    A current of amplitude A and frequency f moves the potential with amplitude ``A * abs(Z)`` and
    with a lag of ``-angle(Z)``, a quarter of a period at most: the membrane is a low-pass filter.

    Parameters
    ----------
    lif : LIF
        The neuron, or a population of shape (...).
    frequency : float or array_like, shape (n,)
        Frequency f (Hz).

    Returns
    -------
    complex or ndarray, shape (..., n)
        Impedance (MΩ); its magnitude is ``abs(Z)``, its phase ``np.angle(Z)`` (rad).

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> lif = LIF(tau_m=10.0, R=50.0)
    >>> Z = impedance(lif, [0.0, cutoff_frequency(lif), 1000.0])
    >>> abs(Z).round(4)
    array([50.    , 35.3553, 0.7957])
    >>> np.angle(Z, deg=True).round(2)
    array([ 0.  , -45.  , -89.09])
    """
    require_lif(lif)
    frequency = checked("frequency", frequency, "Hz", "frequency")
    grid = lif.shape + (1,) * np.ndim(frequency)  # each neuron has each frequency
    tau_m, R = (np.broadcast_to(x, lif.shape).reshape(grid) for x in (lif.tau_m, lif.R))
    real, imaginary = impedance_parts.over(frequency, tau_m, R)
    return real + 1j * imaginary


def cutoff_frequency(lif):
    """Frequency at which the impedance is down by 3 dB, to R/√2.

    Parameters
    ----------
    lif : LIF
        The neuron, or a population of shape (...).

    Returns
    -------
    float or ndarray, shape (...)
        Frequency (Hz).

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> round(cutoff_frequency(LIF(tau_m=10.0)), 3)
    15.915
    """
    require_lif(lif)
    return cutoff.over(lif.tau_m)


# Spikes


@dataclass(frozen=True, eq=False)
class Decomposition(Record):
    """A spiking neuron's potential as a sum, as `decompose` gives it. All arrays are read-only.

    Parameters
    ----------
    t : ndarray, shape (n,)
        Time (ms).
    u_rest : float or ndarray, shape (...)
        Resting potential (mV).
    start : ndarray, shape (..., n)
        What is left of the start (mV): `initial_response`.
    input : ndarray, shape (..., n)
        Filtered input, (κ∗I)(t) (mV).
    resets : ndarray, shape (..., n)
        What is left of the resets (mV): the sum of η(t - t^f) over the spikes before t.
    spike_times : ndarray
        Firing times t^f (ms), as in `Trace`.

    Examples
    --------
    >>> from neuro_lib import LIF, constant_current
    >>> parts = decompose(LIF(), constant_current(0.4, duration=20.0, dt=10.0))
    >>> parts.u.round(2)
    array([-65.  , -52.36, -55.83])
    """

    t: np.ndarray
    u_rest: float | np.ndarray
    start: np.ndarray
    input: np.ndarray
    resets: np.ndarray
    spike_times: np.ndarray

    def __post_init__(self):
        self._freeze()

    @property
    def u(self) -> np.ndarray:
        """The sum of all parts: the membrane potential (mV), shape (..., n)."""
        return over_time(self.u_rest) + self.start + self.input + self.resets


def decompose(lif, I, *, u_start=None):
    """Write a spiking neuron's potential as u_rest + Σ η(t - t^f) + (κ∗I)(t) (eq:decomposition).

    The sum is over the spikes before t, and a start away from rest adds its `initial_response`.
    It is exact because a reset always takes u from θ to u_r: as far as the linear membrane is
    concerned, it is a pulse of charge like any other.

    Parameters
    ----------
    lif : LIF
        The neuron, or a population; without refractory time.
    I : Current
        Input, as for `simulate`.
    u_start : float or array_like, optional
        Potential at t = 0 (mV), as for `simulate`.

    Returns
    -------
    Decomposition
        The parts; their sum ``u`` is that of `simulate`.

    Raises
    ------
    ValueError
        If `t_ref` is not zero, or as for `simulate`. A membrane held at u_r for a while ignores
        its input, and no sum of filtered input and reset kernels does.

    Examples
    --------
    >>> from neuro_lib import LIF, constant_current, simulate
    >>> I = constant_current(0.4, duration=30.0, dt=10.0)
    >>> parts = decompose(LIF(), I)
    >>> parts.input.round(4)
    array([ 0.    , 12.6424, 17.2933, 19.0043])
    >>> parts.resets.round(4)
    array([  0.    ,   0.    ,  -8.1201, -14.9361])
    >>> bool(np.allclose(parts.u, simulate(LIF(), I).u, rtol=0, atol=1e-9))
    True
    """
    require_lif(lif)
    for t_ref in np.extract(np.greater(lif.t_ref, 0), lif.t_ref):  # the first is reported
        raise ValueError(
            f"t_ref = {t_ref:g} ms: the absolute refractory time must be 0 ms, because a membrane "
            "that is held at u_r ignores its input, and no sum over reset kernels does"
        )
    trace = simulate(lif, I, u_start=u_start)
    shape = trace.u.shape[:-1]
    resets = np.zeros(trace.u.shape)
    neurons = columns(shape, lif.u_r, lif.theta, lif.tau_m)
    for i, (u_r, theta, tau_m) in zip(np.ndindex(shape), neurons, strict=True):
        spikes = trace.spike_times[i] if shape else trace.spike_times
        seen = _times_seen(spikes, trace.t, trace.u[i], (u_r + theta) / 2)
        add_resets(resets[i], seen, I.dt, u_r - theta, tau_m)
    return Decomposition(
        t=trace.t,
        u_rest=lif.u_rest,
        start=initial_response(lif, trace.u[..., 0], trace.t),
        input=_recurrence(lif, trace.I, I.dt, 0.0, 0.0),
        resets=resets,
        spike_times=trace.spike_times,
    )


def _times_seen(spikes, t, u, middle):
    """Spike times, those moved on by one digit that coincide with a time at which u is as before.

    A spike just after a time on the grid may coincide with it by rounding.
    """
    k = np.searchsorted(t, spikes)
    early = (spikes == t[k]) & (u[k] > middle)
    return np.where(early, np.nextafter(spikes, np.inf), spikes)


# The loops, each written once for every engine


@portable
def relax_run(I: Array, dt: float, tau_m: float, R: float, u_rest: float, u_start: float, u: Array):
    """Fill `u` with the potential of a membrane without threshold."""
    keep = exp(-dt / tau_m)
    u[0] = u_start
    for k in range(len(I) - 1):
        u[k + 1] = relax(u[k], heads_for(I[k], R, u_rest), keep)


@portable
def cutoff(tau_m: float):
    """Cutoff frequency of the membrane (Hz), 1 / (2π τ_m) (eq:cutoff)."""
    return MS_PER_S / (2.0 * pi * tau_m)


@portable
def add_resets(u: Array, spikes: Array, dt: float, jump: float, tau_m: float):
    """Add at each time k·dt the sum of jump · exp(-(k·dt - t^f)/tau_m) over the spikes so far."""
    keep = exp(-dt / tau_m)
    left = 0.0
    n = 0
    for k in range(len(u)):
        left *= keep
        while n < len(spikes) and spikes[n] <= k * dt:
            left += jump * exp(-(k * dt - spikes[n]) / tau_m)
            n += 1
        u[k] += left
