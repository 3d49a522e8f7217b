"""What the linear membrane makes of inputs that have a formula.

Below threshold the membrane (`lif`) is linear, and knows of the past only its own potential. Its
answer to one short pulse of charge is the Green's function ``kappa(s) = R/tau_m exp(-s/tau_m)``;
the answer to any other input is the sum of such answers (`filters`).

All are deflections from rest (mV): they add up, and with u_rest they are a potential. Each is zero
before its input begins, and holds as long as the threshold is not reached. Parameters broadcast
against each other to the shape of the population, and time comes after that: neurons of shape
(...) and times of shape (n,) give (..., n).
"""

from math import cos, exp, expm1, inf, pi, sin

import numpy as np

from neuro_lib.models.lif import require_lif
from neuro_lib.models.series import first_mean, rest_of_mean
from neuro_lib.portable import Array, portable
from neuro_lib.units import MS_PER_S, checked, columns, common_shape

__all__ = [
    "alpha_psp",
    "exponential_psp",
    "green_function",
    "impulse_response",
    "initial_response",
    "pulse_response",
    "reset_kernel",
    "sine_response",
    "step_response",
]

FORGOTTEN = 746.0  # exp(-746) is 0.0: no product with infinity comes after it

# The two kernels


def green_function(lif, s):
    """Give the membrane's Green's function, κ(s) = (R/τ_m) exp(-s/τ_m) for s ≥ 0.

    Parameters
    ----------
    lif : LIF
        The neuron, or a population of shape (...).
    s : float or array_like, shape (n,)
        Time since the input (ms); before it κ is zero, at s = 0 it has jumped already.

    Returns
    -------
    float or ndarray, shape (..., n)
        Deflection per charge (mV/pC). Its integral over all s is R.

    References
    ----------
    Gerstner, Kistler, Naud and Paninski (2014), *Neuronal Dynamics*, section 1.3.

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> green_function(LIF(tau_m=10.0, R=50.0), [-1.0, 0.0, 10.0]).round(4)
    array([0.    , 5.    , 1.8394])
    """
    require_lif(lif)
    return _deflections(
        add_green, lif, _times("s", s, "time since the input"), 1.0, lif.tau_m, lif.R
    )


def reset_kernel(lif, s):
    """Reset kernel, η(s) = (u_r - θ) exp(-s/τ_m): what is left of a reset (eq:reset-kernel).

    Parameters
    ----------
    lif : LIF
        The neuron, or a population of shape (...).
    s : float or array_like, shape (n,)
        Time since the spike (ms); before it η is zero, at s = 0 u has been reset already.

    Returns
    -------
    float or ndarray, shape (..., n)
        Deflection (mV), never positive.

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> reset_kernel(LIF(theta=-50.0, u_r=-65.0), [-1.0, 0.0, 10.0]).round(4)
    array([ 0.    , -15.    , -5.5182])
    """
    require_lif(lif)
    times = _times("s", s, "time since the spike")
    return _deflections(add_decay, lif, times, lif.u_r - lif.theta, lif.tau_m)


# Responses


def initial_response(lif, u_start, t):
    """What is left of the start, (u(0) - u_rest) exp(-t/τ_m) (eq:initial).

    Parameters
    ----------
    lif : LIF
        The neuron, or a population.
    u_start : float or array_like
        Potential u(0) (mV); broadcasts against the neuron's parameters to shape (...).
    t : float or array_like, shape (n,)
        Time (ms).

    Returns
    -------
    float or ndarray, shape (..., n)
        Deflection from rest (mV).

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> initial_response(LIF(u_rest=-65.0), -55.0, [0.0, 10.0]).round(4)
    array([10.    , 3.6788])
    """
    require_lif(lif)
    u_start = checked("u_start", u_start, "mV", "potential at the start")
    common_shape(neurons=lif.shape, u_start=np.shape(u_start))
    return _deflections(add_decay, lif, _times("t", t), u_start - lif.u_rest, lif.tau_m)


def impulse_response(lif, charge, t):
    """Response to a charge that arrives at once, q κ(t): to a current q δ(t).

    Parameters
    ----------
    lif : LIF
        The neuron, or a population.
    charge : float or array_like
        Charge q (pC = nA·ms); broadcasts against the neuron's parameters to shape (...).
    t : float or array_like, shape (n,)
        Time since its arrival (ms).

    Returns
    -------
    float or ndarray, shape (..., n)
        Deflection from rest (mV); at t = 0 it has jumped already, by q/C.

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> impulse_response(LIF(), 2.0, [-1.0, 0.0, 10.0]).round(4)
    array([ 0.    , 10.    , 3.6788])
    """
    require_lif(lif)
    charge = checked("charge", charge, "pC", "charge")
    common_shape(neurons=lif.shape, charge=np.shape(charge))
    return _deflections(add_green, lif, _times("t", t), charge, lif.tau_m, lif.R)


def step_response(lif, I, t):
    """Response to a current that is switched on for good, R I (1 - exp(-t/τ_m)).

    Parameters
    ----------
    lif : LIF
        The neuron, or a population.
    I : float or array_like
        Current (nA); broadcasts against the neuron's parameters to shape (...).
    t : float or array_like, shape (n,)
        Time since it was switched on (ms).

    Returns
    -------
    float or ndarray, shape (..., n)
        Deflection from rest (mV).

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> step_response(LIF(), 0.2, [-1.0, 0.0, 10.0, 1000.0]).round(4)
    array([ 0.    , 0.    , 6.3212, 10.    ])
    """
    return _pulse(lif, I, t, inf)


def pulse_response(lif, I, t, *, width):
    """Response to a rectangular pulse: `step_response` up to its end, then decay.

    A pulse much shorter than τ_m does what its charge, width · I, does at once
    (`impulse_response`); one much longer does what a step does.

    Parameters
    ----------
    lif : LIF
        The neuron, or a population.
    I : float or array_like
        Current during the pulse (nA); broadcasts against the neuron's parameters to shape (...).
    t : float or array_like, shape (n,)
        Time since the start of the pulse (ms).
    width : float or array_like
        Length of the pulse (ms), greater than zero; broadcasts likewise.

    Returns
    -------
    float or ndarray, shape (..., n)
        Deflection from rest (mV).

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> pulse_response(LIF(), 0.2, [0.0, 5.0, 10.0], width=5.0).round(4)
    array([0.    , 3.9347, 2.3865])
    """
    return _pulse(lif, I, t, checked("width", width, "ms", "length of the pulse", above=0))


def _pulse(lif, I, t, width):
    require_lif(lif)
    I = checked("I", I, "nA", "current")
    common_shape(neurons=lif.shape, I=np.shape(I), width=np.shape(width))
    return _deflections(add_pulse, lif, _times("t", t), I, width, lif.tau_m, lif.R)


def sine_response(lif, amplitude, t, *, frequency, phase=0.0, steady=False):
    """Response to amplitude · sin(2π f t + phase), switched on at t = 0.

    After a few τ_m it is a sine of the same frequency: its amplitude is ``abs(Z)`` times that of
    the current, and ``angle(Z)`` is added to its phase (`impedance`). Before that a transient,
    -amplitude · abs(Z) · sin(phase + angle(Z)) · exp(-t/τ_m), makes it start from rest.

    Parameters
    ----------
    lif : LIF
        The neuron, or a population.
    amplitude : float or array_like
        Amplitude of the current (nA); broadcasts against the neuron's parameters to shape (...).
    t : float or array_like, shape (n,)
        Time since the current was switched on (ms).
    frequency : float or array_like
        Frequency f (Hz), zero or more; broadcasts likewise.
    phase : float or array_like
        Phase of the current at t = 0 (radians); broadcasts likewise.
    steady : bool
        Leave the transient out, as if the current had been on for ever.

    Returns
    -------
    float or ndarray, shape (..., n)
        Deflection from rest (mV).

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> t = [0.0, 10.0, 1000.0]
    >>> sine_response(LIF(), 0.2, t, frequency=20.0).round(4)
    array([ 0.    ,  3.9743, -4.8723])
    >>> sine_response(LIF(), 0.2, t, frequency=20.0, steady=True).round(4)
    array([-4.8723,  2.1819, -4.8723])
    """
    require_lif(lif)
    amplitude = checked("amplitude", amplitude, "nA", "amplitude")
    frequency = checked("frequency", frequency, "Hz", "frequency", at_least=0)
    phase = checked("phase", phase, "rad", "phase at t = 0")
    common_shape(
        neurons=lif.shape,
        amplitude=np.shape(amplitude),
        frequency=np.shape(frequency),
        phase=np.shape(phase),
    )
    sine = (amplitude, frequency, phase)
    return _deflections(add_sine, lif, _times("t", t), *sine, lif.tau_m, lif.R, not steady)


def exponential_psp(lif, charge, t, *, tau_s):
    """Postsynaptic potential of a synaptic current (q/τ_s) exp(-t/τ_s).

    It is q R (exp(-t/τ_m) - exp(-t/τ_s)) / (τ_m - τ_s), computed so that it keeps its digits for
    τ_s near τ_m, where it becomes q R t/τ_m² exp(-t/τ_m). For τ_s → 0 it is `impulse_response`.

    Parameters
    ----------
    lif : LIF
        The neuron, or a population.
    charge : float or array_like
        Charge q (pC = nA·ms) that the synapse delivers in all, negative for an inhibitory one;
        broadcasts against the neuron's parameters to shape (...).
    t : float or array_like, shape (n,)
        Time since the presynaptic spike arrived (ms).
    tau_s : float or array_like
        Decay time of the synaptic current (ms), zero or more; broadcasts likewise.

    Returns
    -------
    float or ndarray, shape (..., n)
        Deflection from rest (mV).

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> exponential_psp(LIF(tau_m=10.0), 1.0, [0.0, 5.0, 10.0], tau_s=5.0).round(4)
    array([0.    , 2.3865, 2.3254])
    >>> exponential_psp(LIF(tau_m=10.0), 1.0, 10.0, tau_s=[9.999999, 10.0]).round(4)
    array([1.8394, 1.8394])
    """
    return _psp(add_exponential_psp, lif, charge, t, tau_s, "decay time of the synaptic current")


def alpha_psp(lif, charge, t, *, tau_s):
    """Postsynaptic potential of an α-shaped current, (q t/τ_s²) exp(-t/τ_s).

    With 1/τ = 1/τ_s - 1/τ_m it is
    q R τ²/(τ_m τ_s²) (exp(-t/τ_m) - (1 + t/τ) exp(-t/τ_s)), computed so that it keeps its digits
    for τ_s near τ_m, where it becomes q R t²/(2 τ_m³) exp(-t/τ_m). For τ_s → 0 it is
    `impulse_response`.

    Parameters
    ----------
    lif : LIF
        The neuron, or a population.
    charge : float or array_like
        Charge q (pC = nA·ms) that the synapse delivers in all, negative for an inhibitory one;
        broadcasts against the neuron's parameters to shape (...).
    t : float or array_like, shape (n,)
        Time since the presynaptic spike arrived (ms).
    tau_s : float or array_like
        Time at which the synaptic current peaks (ms), zero or more; broadcasts likewise.

    Returns
    -------
    float or ndarray, shape (..., n)
        Deflection from rest (mV).

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> alpha_psp(LIF(tau_m=10.0), 1.0, [0.0, 5.0, 10.0], tau_s=5.0).round(4)
    array([0.    , 1.0942, 1.9442])
    >>> alpha_psp(LIF(tau_m=10.0), 1.0, 10.0, tau_s=[9.999999, 10.0]).round(4)
    array([0.9197, 0.9197])
    """
    return _psp(add_alpha_psp, lif, charge, t, tau_s, "peak time of the synaptic current")


def _psp(add, lif, charge, t, tau_s, meaning):
    require_lif(lif)
    charge = checked("charge", charge, "pC", "charge of the synaptic current")
    tau_s = checked("tau_s", tau_s, "ms", meaning, at_least=0)
    common_shape(neurons=lif.shape, charge=np.shape(charge), tau_s=np.shape(tau_s))
    return _deflections(add, lif, _times("t", t), charge, tau_s, lif.tau_m, lif.R)


# Shapes: parameters broadcast against each other, and time comes after them


def _times(name, value, meaning="time"):
    return checked(name, value, "ms", meaning)


def _deflections(add, lif, t, *values):
    """Call a loop for each neuron, on times t and one value of each of `values`."""
    shape = np.broadcast_shapes(lif.shape, *map(np.shape, values))
    times = np.array(t, dtype=float).reshape(-1)  # writeable: loops are compiled for that
    u = np.zeros((*shape, times.size))
    for row, neuron in zip(u.reshape(-1, times.size), columns(shape, *values), strict=True):
        add(row, times, *neuron)
    u = u.reshape((*shape, *np.shape(t)))
    return u if u.ndim else float(u)


def over_time(value):
    """Give a number or one per neuron a last axis for time."""
    return np.asarray(value)[..., None]


# The loops, each written once for every engine. They add to u what is there already: as in the
# membrane, responses sum up.


def at_times(t, add, *arguments):
    """Give what `add`, a loop over times in order, adds up at times of any order and shape."""
    t = np.atleast_1d(checked("t", t, "ms", "time"))
    times, where = np.unique(t, return_inverse=True)
    values = np.zeros(times.size)
    add(values, times, *arguments)
    return values[where].reshape(t.shape)


@portable
def add_decay(u: Array, t: Array, size: float, tau: float):
    """Add size · exp(-t/tau), from t = 0 on."""
    for k in range(len(t)):
        if t[k] >= 0.0:
            u[k] += size * exp(-t[k] / tau)


@portable
def kappa(s: float, tau_m: float, R: float):
    """Green's function (mV/pC), (R/tau_m) exp(-s/tau_m) from s = 0 on (eq:green)."""
    if s < 0.0:
        return 0.0
    return R / tau_m * exp(-s / tau_m)


@portable
def add_green(u: Array, t: Array, charge: float, tau_m: float, R: float):
    """Add the response to a charge that comes at once, charge · kappa(t) (eq:impulse)."""
    for k in range(len(t)):
        u[k] += charge * kappa(t[k], tau_m, R)


@portable
def step_at(t: float, I: float, tau_m: float, R: float):
    """Response to a current that is switched on at t = 0, R I (1 - exp(-t/tau_m)) (eq:step)."""
    return -R * I * expm1(-t / tau_m)


@portable
def add_pulse(u: Array, t: Array, I: float, width: float, tau_m: float, R: float):
    """Add the response to a pulse that starts at t = 0 (eq:pulse); a step, if `width` is inf."""
    at_end = step_at(width, I, tau_m, R)
    for k in range(len(t)):
        if t[k] >= width:
            u[k] += at_end * exp(-(t[k] - width) / tau_m)
        elif t[k] >= 0.0:
            u[k] += step_at(t[k], I, tau_m, R)


@portable
def phase_angle(f: float, t: float):
    """Angle (radians) by which an oscillation at frequency f (Hz) turns in a time t (ms)."""
    return 2.0 * pi * f * t / MS_PER_S


@portable
def impedance_parts(f: float, tau_m: float, R: float):
    """Real and imaginary part of the impedance (MΩ) at frequency f (Hz) (eq:impedance)."""
    x = phase_angle(f, tau_m)
    real = R / (1.0 + x * x)
    return real, -x * real


@portable
def add_sine(
    u: Array,
    t: Array,
    amplitude: float,
    f: float,
    phase: float,
    tau_m: float,
    R: float,
    settling: bool,
):
    """Add the response to a sine (eq:sine); with its transient, it starts at t = 0 from rest."""
    real, imaginary = impedance_parts(f, tau_m, R)
    at_start = amplitude * (real * sin(phase) + imaginary * cos(phase))
    for k in range(len(t)):
        angle = phase_angle(f, t[k]) + phase
        steady = amplitude * (real * sin(angle) + imaginary * cos(angle))
        if not settling:
            u[k] += steady
        elif t[k] >= 0.0:
            u[k] += steady - at_start * exp(-t[k] / tau_m)


@portable
def time_apart(t: float, fast: float, slow: float):
    """Time t counted in 1 / (1/fast - 1/slow), the scale on which two decays part."""
    return t / fast * ((slow - fast) / slow)


@portable
def exponential_kernel(t: float, tau_s: float, tau_m: float):
    """(exp(-t/tau_m) - exp(-t/tau_s)) / (tau_m - tau_s); expm1 keeps its digits near equal ones."""
    slow = max(tau_m, tau_s)
    fast = min(tau_m, tau_s)
    gap = slow - fast
    if t >= FORGOTTEN * slow:
        return 0.0
    shape = t / slow / fast
    if gap > 0.0:
        shape = -expm1(-time_apart(t, fast, slow)) / gap
    return shape * exp(-t / slow)


@portable
def add_exponential_psp(u: Array, t: Array, charge: float, tau_s: float, tau_m: float, R: float):
    """Add the response to an exponential synaptic current (eq:psp-exponential)."""
    if tau_s == 0.0:
        add_green(u, t, charge, tau_m, R)
        return
    for k in range(len(t)):
        if t[k] >= 0.0:
            u[k] += charge * R * exponential_kernel(t[k], tau_s, tau_m)


@portable
def add_alpha_psp(u: Array, t: Array, charge: float, tau_s: float, tau_m: float, R: float):
    """Add the response to an α-shaped current (eq:psp-alpha).

    A series keeps its digits near tau_s = tau_m.
    """
    if tau_s == 0.0:
        add_green(u, t, charge, tau_m, R)
        return
    slow = max(tau_m, tau_s)
    fast = min(tau_m, tau_s)
    gap = slow - fast
    for k in range(len(t)):
        if t[k] >= 0.0 and t[k] < FORGOTTEN * slow:
            # x is the time counted in 1 / (1/fast - 1/slow), which is infinite for equal ones.
            x = time_apart(t[k], fast, slow)
            if x < 1.0:
                late = rest_of_mean(x)
                if tau_s < tau_m:
                    late = first_mean(x) - late
                shape = t[k] / tau_m * (t[k] / tau_s) / tau_s * late
            else:
                x = min(x, 1e300)
                late = x + expm1(-x)
                if tau_s < tau_m:
                    late = -expm1(-x) - x * exp(-x)
                shape = tau_m / gap / gap * late
            u[k] += charge * R * shape * exp(-t[k] / slow)
