"""Input currents: piecewise constant in time, one value per time step.

Each ``*_current`` function returns a `Current`. Sample k is the mean of the wanted waveform
over its step, from ``k·dt`` up to ``(k+1)·dt``, so the charge delivered does not depend on
``dt``, and an edge inside a step is a partial value there. For input that is constant within
each step, and so for every `Current`, the model neurons are integrated exactly.

Currents add and scale: ``step_current(...) + 0.5 * sine_current(...)``.
"""

from dataclasses import dataclass
from functools import cached_property
from math import cos, exp, floor, log, pi, sin, sqrt

import numpy as np

from neuro_lib.inputs.steps import MOST_STEPS, in_steps, whole_steps
from neuro_lib.portable import Array, portable
from neuro_lib.units import MS_PER_S, checked, common_shape, exceeds, kind_of, number, whole
from neuro_lib.values import NotANumber, Record, floats

__all__ = [
    "Current",
    "constant_current",
    "ou_current",
    "pulse_train_current",
    "ramp_current",
    "sine_current",
    "spike_train_current",
    "step_current",
    "white_noise_current",
]

SEEDS = 10_000  # of the draws that are the same in every engine; no two start from one state
ONE_OF_PRIME = 1 / 2147483647  # that of `park_miller`
FACTOR_OF_PRIME = 16807 / 2147483647


@dataclass(frozen=True, eq=False)
class Current(Record):
    """A current, constant within each time step.

    Parameters
    ----------
    values : array_like, shape (..., n)
        Current (nA): sample k holds from ``t[k]`` up to ``t[k + 1]``. The last sample holds
        from the end on, and closes the drawn curve. Leading axes are neurons.
    dt : float
        Time step (ms), greater than zero.

    Raises
    ------
    ValueError
        If `values` has fewer than two samples or is not finite, or `dt` is not positive.

    Examples
    --------
    >>> Current([0.0, 0.4, 0.4, 0.0], dt=0.5).t
    array([0. , 0.5, 1. , 1.5])
    """

    values: np.ndarray
    dt: float

    # array * current is for __rmul__, not for each of the array's elements; so it is with pandas,
    # whose largest priority is a DataFrame's 4000.
    __array_ufunc__ = None
    __pandas_priority__ = 5000

    def __post_init__(self):
        values = checked("values", self.values, "nA", "current")
        if np.ndim(values) == 0 or values.shape[-1] < 2:
            raise ValueError(
                f"values has shape {np.shape(values)}: a current must have at least 2 samples "
                "(nA) along its last axis"
            )
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "dt", number("dt", self.dt, "ms", "time step", above=0))

    @classmethod
    def _of(cls, values, dt):
        """Wrap values that are known to be good, without a copy (they may be broadcast)."""
        self = object.__new__(cls)
        values.flags.writeable = False
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "dt", dt)
        return self

    def __reduce__(self):  # a copied array would be writeable
        return Current._of, (self.values, self.dt)

    @cached_property
    def t(self) -> np.ndarray:
        """Times at which the samples start (ms), shape (n,)."""
        t = self.dt * np.arange(self.values.shape[-1])
        t.flags.writeable = False
        return t

    @property
    def duration(self) -> float:
        """Time from the first sample to the last (ms)."""
        return self.dt * (self.values.shape[-1] - 1)

    @property
    def largest(self):
        """Largest value of each neuron's current (nA), shape (...)."""
        return self._over_time(np.max)

    @property
    def smallest(self):
        """Smallest value of each neuron's current (nA), shape (...)."""
        return self._over_time(np.min)

    def _over_time(self, extreme):
        constant = self.values.strides[-1] == 0  # broadcast: one number for all times
        return self.values[..., 0][()] if constant else extreme(self.values, axis=-1)

    def __add__(self, other):
        if not isinstance(other, Current):
            other = _operand(other, "nA")
            return other if other is NotImplemented else Current(self.values + other, self.dt)
        other_steps = exceeds(self.dt, other.dt) or exceeds(other.dt, self.dt)
        if other_steps or other.values.shape[-1] != self.values.shape[-1]:
            raise ValueError(
                f"currents add only on the same time steps: dt = {self.dt:g} ms and "
                f"{other.dt:g} ms, duration = {self.duration:g} ms and {other.duration:g} ms"
            )
        return Current(self.values + other.values, self.dt)

    def __mul__(self, factor):
        if isinstance(factor, Current):  # nA² are no current
            return NotImplemented
        factor = _operand(factor, "")
        if factor is NotImplemented:
            return factor
        with np.errstate(over="ignore", invalid="ignore"):  # such a product is refused by name
            return Current(self.values * factor, self.dt)

    __radd__ = __add__
    __rmul__ = __mul__


def constant_current(amplitude, *, duration, dt):
    """Give a current that never changes.

    Parameters
    ----------
    amplitude : float or array_like, shape (...)
        Current (nA). An array gives one current per neuron, which takes no more memory than
        the array itself.
    duration, dt : float
        Length and time step (ms); the length is a whole number of steps.

    Returns
    -------
    Current
        Values of shape (..., n).

    Examples
    --------
    >>> constant_current([0.1, 0.2], duration=1.0, dt=0.5).values
    array([[0.1, 0.1, 0.1],
           [0.2, 0.2, 0.2]])
    """
    amplitude = _per_neuron("amplitude", amplitude, "nA", "current")
    steps, dt = whole_steps(duration, dt)
    return Current._of(np.broadcast_to(amplitude, (*amplitude.shape[:-1], steps + 1)), dt)


def step_current(amplitude, *, start, stop, duration, dt):
    """Give a current that is on from `start` to `stop`.

    Parameters
    ----------
    amplitude : float or array_like, shape (...)
        Current while it is on (nA); an array gives one current per neuron.
    start, stop : float
        Times of the edges (ms), 0 ≤ start ≤ stop.
    duration, dt : float
        Length and time step (ms); the length is a whole number of steps.

    Returns
    -------
    Current
        Values of shape (..., n).

    Examples
    --------
    >>> step_current(0.4, start=1.0, stop=2.0, duration=2.5, dt=0.5).values
    array([0. , 0. , 0.4, 0.4, 0. , 0. ])
    """
    amplitude = _per_neuron("amplitude", amplitude, "nA", "current")
    steps, dt = whole_steps(duration, dt)
    start = number("start", start, "ms", "time of the first edge", at_least=0)
    stop = number("stop", stop, "ms", "time of the second edge", at_least=start)
    start, stop = (in_steps(edge, dt) for edge in (start, stop))
    k = np.arange(steps + 1)
    share = np.clip(np.minimum(stop, k + 1) - np.maximum(start, k), 0, 1)
    return Current._of(amplitude * share, dt)


def pulse_train_current(amplitude, *, width, period, start=0.0, duration, dt):
    """Give rectangular pulses that repeat to the end.

    Parameters
    ----------
    amplitude : float or array_like, shape (...)
        Current during a pulse (nA).
    width : float
        Length of a pulse (ms), greater than zero.
    period : float
        Time from one pulse's start to the next one's (ms), at least `width`.
    start : float
        Start of the first pulse (ms).
    duration, dt : float
        Length and time step (ms); the length is a whole number of steps.

    Returns
    -------
    Current
        Values of shape (..., n).

    Examples
    --------
    >>> pulse_train_current(1.0, width=1.0, period=2.0, duration=4.0, dt=1.0).values
    array([1., 0., 1., 0., 1.])
    """
    amplitude = _per_neuron("amplitude", amplitude, "nA", "current")
    steps, dt = whole_steps(duration, dt)
    width = number("width", width, "ms", "length of a pulse", above=0)
    period = number("period", period, "ms", "time between pulses", at_least=width)
    start = number("start", start, "ms", "start of the first pulse", at_least=0)
    start, width, period = (in_steps(time, dt) for time in (start, width, period))
    begin, end = (np.clip(np.arange(steps + 1) + k - start, 0, None) for k in (0, 1))
    phase = np.mod(begin, period)  # a step's edges are counted from the last onset before it
    share = _time_on(phase + (end - begin), width, period) - _time_on(phase, width, period)
    return Current._of(amplitude * share, dt)


def _time_on(time, width, period):
    """For how long pulses that begin at 0 have been on."""
    whole_periods = np.floor(time / period)
    return whole_periods * width + np.minimum(time - whole_periods * period, width)


def ramp_current(first, last, *, start, stop, duration, dt):
    """Give a current that goes linearly from one value to another, and stays there.

    Parameters
    ----------
    first, last : float or array_like, shape (...)
        Current before `start` and after `stop` (nA).
    start, stop : float
        Times between which it changes (ms), 0 ≤ start < stop.
    duration, dt : float
        Length and time step (ms); the length is a whole number of steps.

    Returns
    -------
    Current
        Values of shape (..., n).

    Examples
    --------
    >>> ramp_current(0.0, 1.0, start=1.0, stop=3.0, duration=4.0, dt=1.0).values
    array([0.  , 0.25, 0.75, 1.  , 1.  ])
    """
    first = _per_neuron("first", first, "nA", "current before the ramp")
    last = _per_neuron("last", last, "nA", "current after the ramp")
    common_shape(first=first.shape[:-1], last=last.shape[:-1])
    steps, dt = whole_steps(duration, dt)
    start = number("start", start, "ms", "start of the ramp", at_least=0)
    stop = number("stop", stop, "ms", "end of the ramp", above=start)
    # Integral of the rise from 0 to 1; its difference over a step is the mean there.
    x = np.arange(steps + 2) * dt
    rise = np.clip(x - start, 0, stop - start) ** 2 / (2 * (stop - start)) + np.clip(
        x - stop, 0, None
    )
    return Current._of(first + (last - first) * np.diff(rise) / dt, dt)


def sine_current(amplitude, *, frequency, mean=0.0, phase=0.0, duration, dt):
    """Give ``mean + amplitude · sin(2π·frequency·t + phase)``, averaged over each step.

    Parameters
    ----------
    amplitude : float or array_like, shape (...)
        Amplitude (nA).
    frequency : float
        Frequency (Hz), zero or more.
    mean : float or array_like, shape (...)
        Mean current (nA).
    phase : float
        Phase at t = 0 (radians).
    duration, dt : float
        Length and time step (ms); the length is a whole number of steps.

    Returns
    -------
    Current
        Values of shape (..., n).

    Examples
    --------
    >>> I = sine_current(0.2, frequency=100.0, duration=10.0, dt=2.5)
    >>> I.values.round(4)
    array([ 0.1273,  0.1273, -0.1273, -0.1273,  0.1273])
    """
    amplitude = _per_neuron("amplitude", amplitude, "nA", "amplitude")
    mean = _per_neuron("mean", mean, "nA", "mean current")
    common_shape(amplitude=amplitude.shape[:-1], mean=mean.shape[:-1])
    frequency = number("frequency", frequency, "Hz", "frequency", at_least=0)
    phase = number("phase", phase, "rad", "phase at t = 0")
    steps, dt = whole_steps(duration, dt)
    sine = sine_mean.over(np.arange(steps + 1), frequency * dt / MS_PER_S, phase)
    return Current._of(mean + amplitude * sine, dt)


def white_noise_current(mean, intensity, *, duration, dt, seed):
    """Give Gaussian white noise.

    Each step's current is drawn anew, with standard deviation ``intensity / √dt``: the
    shorter the step, the larger the draw, so that the effect on a membrane does not depend on
    ``dt``. Far below threshold the potential then fluctuates with standard deviation
    ``R · intensity / √(2 τ_m)``, for ``dt ≪ τ_m``.

    Parameters
    ----------
    mean : float
        Mean current (nA).
    intensity : float
        Strength of the noise (nA·√ms), zero or more.
    duration, dt : float
        Length and time step (ms); the length is a whole number of steps.
    seed : int or numpy.random.Generator
        Same seed, same noise.

    Returns
    -------
    Current
        Values of shape (n,).

    Examples
    --------
    >>> I = white_noise_current(0.3, 0.1, duration=1000.0, dt=0.1, seed=1)
    >>> I.values.shape
    (10001,)
    """
    mean = number("mean", mean, "nA", "mean current")
    intensity = number("intensity", intensity, "nA·√ms", "strength of the noise", at_least=0)
    steps, dt = whole_steps(duration, dt)
    draws = generator(seed).standard_normal(steps + 1)
    return Current._of(mean + intensity / sqrt(dt) * draws, dt)


def ou_current(mean, sigma, *, tau, duration, dt, seed):
    """Give Ornstein-Uhlenbeck noise: Gaussian, with memory.

    The exact update is used, so mean, spread and correlation ``exp(-lag/tau)`` of the samples
    do not depend on ``dt``. It starts in the stationary state.

    Parameters
    ----------
    mean : float
        Mean current (nA).
    sigma : float
        Standard deviation (nA), zero or more.
    tau : float
        Correlation time (ms), greater than zero.
    duration, dt : float
        Length and time step (ms); the length is a whole number of steps.
    seed : int or numpy.random.Generator
        Same seed, same noise.

    Returns
    -------
    Current
        Values of shape (n,).

    Examples
    --------
    >>> I = ou_current(0.3, 0.1, tau=5.0, duration=1000.0, dt=0.1, seed=1)
    >>> bool(abs(I.values.mean() - 0.3) < 0.05)
    True
    """
    mean = number("mean", mean, "nA", "mean current")
    sigma = number("sigma", sigma, "nA", "standard deviation", at_least=0)
    tau = number("tau", tau, "ms", "correlation time", above=0)
    steps, dt = whole_steps(duration, dt)
    values = generator(seed).standard_normal(steps + 1)
    ou_noise(values, sigma, tau, dt)
    return Current._of(mean + values, dt)


def spike_train_current(spike_times, charge, *, tau_s=0.0, duration, dt):
    """Give the synaptic current of a train of presynaptic spikes.

    Each spike delivers the same charge q: at once, or as ``q/tau_s · exp(-s/tau_s)``, the
    current of a synapse that decays with time constant `tau_s`.

    Parameters
    ----------
    spike_times : array_like, shape (number of spikes,)
        Arrival times (ms), in any order, from 0 up to `duration`.
    charge : float
        Charge per spike (pC = nA·ms), negative for an inhibitory synapse.
    tau_s : float
        Decay time of the synaptic current (ms); 0 delivers the charge within one step.
    duration, dt : float
        Length and time step (ms); the length is a whole number of steps.

    Returns
    -------
    Current
        Values of shape (n,).

    Examples
    --------
    >>> spike_train_current([1.0, 1.2], 0.5, duration=3.0, dt=0.5).values
    array([0., 0., 2., 0., 0., 0., 0.])
    """
    charge = number("charge", charge, "pC", "charge per spike")
    tau_s = number("tau_s", tau_s, "ms", "decay time of the synaptic current", at_least=0)
    steps, dt = whole_steps(duration, dt)
    times = arrival_times("spike_times", spike_times)
    if times.size and exceeds(times.max(), steps * dt):
        raise ValueError(
            f"spike_times = {times.max():g} ms: the arrival time must be ≤ duration = "
            f"{steps * dt:g} ms"
        )
    arrived = np.floor(in_steps.over(times, dt)).astype(int)
    values = np.zeros(steps + 1)
    if tau_s == 0:
        np.add.at(values, arrived, charge / dt)
        return Current._of(values, dt)
    # Means over each step of the decaying current: in the step of arrival, and from then on.
    age = np.clip((arrived + 1) * dt - times, 0, None)
    np.add.at(values, arrived, -np.expm1(-age / tau_s))
    later = np.zeros(steps + 2)
    np.add.at(later, arrived + 1, np.exp(-age / tau_s) * -np.expm1(-dt / tau_s))
    later = later[: steps + 1]
    decay(later, exp(-dt / tau_s))
    return Current._of(charge / dt * (values + later), dt)


def require_current(I):
    """Refuse what is no `Current`, and one that is too long to be followed."""
    if not isinstance(I, Current):
        raise TypeError(f"I must be a Current, as step_current gives, not {kind_of(I)}")
    if I.values.shape[-1] > MOST_STEPS + 1:
        raise ValueError(
            f"I has {I.values.shape[-1]:g} samples: the current must have at most {MOST_STEPS:g} "
            f"time steps of dt = {I.dt:g} ms"
        )


def arrival_times(name, value, *, at_least=0.0):
    """Return the times (ms) at which spikes arrive, in any order, without those that are masked."""
    what = "ms", "arrival time"
    return np.ravel(checked(name, value, *what, at_least=at_least, leave_out_masked=True))


def generator(seed):
    """Give the random generator that the caller brought, or a fresh one from a seed."""
    if isinstance(seed, np.random.Generator):
        return seed
    try:
        return np.random.default_rng(whole("seed", seed, "seed"))
    except ValueError as refused:
        raise ValueError(f"{refused}, or a numpy.random.Generator") from None


def require_step(dt, name, time_constant, what="time step of the current"):
    """Refuse a time step (ms) that is longer than a model's time constant, called `name`.

    Of several neurons the first is reported.
    """
    too_short = exceeds(dt, np.asarray(time_constant))
    if np.count_nonzero(too_short):
        too_short = np.extract(too_short, time_constant)[0]
        raise ValueError(f"dt = {dt:g} ms: the {what} must be ≤ {name} = {too_short:g} ms")


@portable
def decay(x: Array, factor: float):
    """Leak in place: x[k] becomes x[k] + factor · x[k-1], step after step."""
    for k in range(1, len(x)):
        x[k] += factor * x[k - 1]


@portable
def sine_mean(k: float, cycles: float, phase: float):
    """Mean of a sine over step k, if it goes through so many cycles in each step."""
    half = pi * cycles
    smaller = 1.0  # by so much is a mean than the sine in the middle of the step
    if half > 0.0:
        smaller = sin(half) / half
    return smaller * sin(half * (2.0 * k + 1.0) + phase)


@portable
def fresh_noise(sigma: float, keep: float):
    """Standard deviation of what is added where `keep` is kept, so that that of all is sigma."""
    return sigma * sqrt(1.0 - keep * keep)


@portable
def ou_noise(x: Array, sigma: float, tau: float, dt: float):
    """Turn standard normal draws, in place, into zero-mean Ornstein-Uhlenbeck noise."""
    keep = exp(-dt / tau)
    fresh = fresh_noise(sigma, keep)
    x[0] = sigma * x[0]
    for k in range(1, len(x)):
        x[k] = fresh * x[k]
    decay(x, keep)


@portable
def park_miller(state: float):
    """Step the generator: 16807 · state modulo the prime 2**31 - 1."""
    # Faster than to divide, and as exact: no state is a multiple of the prime, so that no quotient
    # is nearer to a whole number than 1 / 2147483647, and rounding moves it by a hundredth of that.
    return 16807.0 * state - 2147483647.0 * floor(state * FACTOR_OF_PRIME)


@portable
def first_state(seed: int):
    """State of the generator from which a seed's draws start."""
    state = 1.0 + 104729.0 * seed
    for _ in range(20):  # the first draws of neighbouring seeds resemble each other
        state = park_miller(state)
    return state


@portable
def normal_draws(x: Array, seed: int):
    """Fill `x` with standard normal draws that are the same in every engine.

    For the explorers, where Python and the reader's browser must draw the same noise. The
    generator of Park and Miller (1988): its products stay below 2**53, so floating-point
    arithmetic is exact. Box and Muller (1958) make pairs of normals from pairs of uniforms.
    """
    state = first_state(seed)
    for k in range(len(x)):
        state = park_miller(state)
        radius = sqrt(-2.0 * log(state / 2147483647.0))
        state = park_miller(state)
        x[k] = radius * cos(2.0 * pi * state / 2147483647.0)


@portable
def uniform_draws(x: Array, sigma: float, state: float):
    """Fill `x` with draws from -√3 σ to √3 σ, all alike; return the generator's state.

    For where the logarithms of `normal_draws` would take too long. Mean 0, standard deviation σ.
    """
    width = sqrt(12.0) * sigma
    for k in range(len(x)):
        state = park_miller(state)
        x[k] = width * (state * ONE_OF_PRIME - 0.5)
    return state


def _per_neuron(name, value, unit, meaning):
    """Check a number or one per neuron; return it with a last axis for time."""
    return np.asarray(checked(name, value, unit, meaning))[..., None]


def _operand(value, unit):
    """Turn what is combined with a current into numbers, of which the sum or product is checked."""
    try:
        return floats(value, unit)
    except NotANumber as reason:
        if not str(reason):
            return NotImplemented
        raise ValueError(f"{value!r} with a current: it {reason}") from None
