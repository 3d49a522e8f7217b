"""Neurons with more memory than a potential: adaptation, bursts, rebound.

`FilteredLIF` adds two linear filters to the leaky integrate-and-fire neuron: an adaptation
current w, driven by the potential and by each spike, and an afterdepolarising current f, started
afresh by each spike::

    tau_m du/dt = -(u - u_rest) + R (I - w + f)
    tau_w dw/dt = a (u - u_rest) - w
    tau_f df/dt = -f
    at u = theta:  u <- u_r,  w <- w + b,  f <- A

Between spikes this is linear, so nothing is approximated for a current that is constant within
each time step: the state is carried across a step by the propagator, a matrix that is computed
once, and inside a step, where a spike may fall, by its Taylor series, summed to the last digit.

`AdEx`, the adaptive exponential integrate-and-fire neuron, has w, and in place of the sharp
threshold an upswing that carries u away by itself::

    tau_m du/dt = -(u - u_rest) + Delta_T exp((u - theta_rh) / Delta_T) + R (I - w)
    tau_w dw/dt = a (u - u_rest) - w
    at u = u_peak:  u <- u_r,  w <- w + b

It has no closed form. Its Taylor series needs one exponential a step; the step is made shorter
where the series converges slowly, and a spike is where the series, not a straight line, meets
u_peak.
"""

from dataclasses import dataclass
from math import exp, floor, log

import numpy as np

from neuro_lib.lif import Membrane, fill_rates, relax
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.spikes import checked_train
from neuro_lib.units import MS_PER_S, Parameters, checked, common_shape, quantity

__all__ = [
    "AdEx",
    "FilteredLIF",
    "FixedPoint",
    "filter_pattern",
    "firing_pattern",
    "naud_pattern",
]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FilteredLIF(Membrane):
    """Leaky integrate-and-fire neuron with two further linear filters, or a population of them.

    It adapts, bursts, rebounds and hesitates. It is still linear below threshold: no choice of
    filters makes its synapses shunt, or gives it a shape (`limitations`, eq:filters).

    Parameters
    ----------
    tau_m : float or array_like
        Membrane time constant τ_m (ms), greater than zero.
    R : float or array_like
        Membrane resistance (MΩ), greater than zero.
    u_rest : float or array_like
        Resting potential (mV).
    theta : float or array_like
        Firing threshold θ (mV), above both `u_rest` and `u_r`.
    u_r : float or array_like
        Reset potential (mV).
    t_ref : float or array_like
        Absolute refractory time (ms), zero or more. The filters run on while u is held.
    a : float or array_like
        Coupling of w to the potential (µS), -1/R or more: a negative one amplifies, and beyond
        -1/R nothing would hold the membrane any more.
    tau_w : float or array_like
        Time constant of w (ms), greater than zero.
    b : float or array_like
        What each spike adds to w (nA), zero or more.
    A : float or array_like
        What each spike sets f to (nA); positive: an afterdepolarisation.
    tau_f : float or array_like
        Time constant of f (ms), greater than zero.

    Raises
    ------
    ValueError
        If a value is not finite or out of range, or shapes do not broadcast.

    Notes
    -----
    A run starts with w = f = 0. With a = b = A = 0 the neuron is the `LIF`.

    References
    ----------
    Gerstner, Kistler, Naud and Paninski (2014), *Neuronal Dynamics*, sections 1.4 and 6.4.

    Examples
    --------
    >>> from neuro_lib import simulate, step_current
    >>> I = step_current(0.3, start=0.0, stop=200.0, duration=250.0, dt=0.1)
    >>> tonic = FilteredLIF(tau_m=20.0, R=100.0, b=0.0)
    >>> simulate(tonic, I).spike_times[:4].round(2)
    array([13.86, 27.73, 41.59, 55.45])
    >>> adapting = FilteredLIF(tau_m=20.0, R=100.0, b=0.03)
    >>> simulate(adapting, I).spike_times[:4].round(2)
    array([13.86, 29.85, 48.18, 68.93])
    """

    a: float = quantity(0.0, "a", "µS", "coupling of the adaptation to the potential")
    tau_w: float = quantity(100.0, "τ_w", "ms", "adaptation time constant", above=0)
    b: float = quantity(0.03, "b", "nA", "adaptation added by a spike", at_least=0)
    A: float = quantity(0.0, "A", "nA", "afterdepolarising current")
    tau_f: float = quantity(5.0, "τ_f", "ms", "afterdepolarisation time constant", above=0)

    variables = ("u", "w")
    time_constants = ("tau_m", "tau_w", "tau_f")

    def __post_init__(self):
        super().__post_init__()
        _require_restoring(self)

    def highest_rate(self, I):
        """Bound on the firing rate (Hz) while the current is at most `I` (nA).

        It leaves out the filters' help, but for what f can give at most and w's rebound.
        """
        help_of_w = np.abs(self.a) * np.subtract(self.theta, self.u_rest)
        drive = np.abs(I) + np.maximum(self.A, 0.0) + help_of_w
        columns = np.broadcast_arrays(drive, *self.arguments()[:6])
        rates = np.empty(columns[0].shape)
        fill_rates(rates.reshape(-1), *(np.array(x, dtype=float).reshape(-1) for x in columns))
        return rates

    @property
    def loop(self):
        """The portable loop that runs one neuron."""
        return run_filtered


def _require_restoring(model):
    """Refuse a coupling that would let u run off to minus infinity."""
    a, R = np.broadcast_arrays(model.a, model.R)
    for i in np.flatnonzero(a * R < -1.0 - 1e-12):  # the first is reported
        raise ValueError(
            f"a = {a.flat[i]:g} µS: the coupling of the adaptation to the potential must be ≥ "
            f"-1/R = {-1.0 / R.flat[i]:g} µS"
        )


# The loops of FilteredLIF. Inside them the state is x = u - u_rest, W = R w, F = R f, all in mV,
# and the drive is J = R I: then the parameters are g = a R, and the state has a norm, its largest
# entry, in which a step of length h multiplies no derivative by more than exp(q), q = h * norm.

ROUNDING = 1e-17  # a term of the Taylor series that is below this part of the state is the last
TERMS = 15  # at most, for q = 1/2
GRAZE = 1e-12  # mV; a crossing is seen if it goes further than this above threshold


@portable
def stiffness(tau_m: float, g: float, tau_w: float, tau_f: float):
    """Norm of the matrix of x, W and F (1/ms): the sum of its largest row."""
    return max(3.0 / tau_m, (abs(g) + 1.0) / tau_w, 1.0 / tau_f)


@portable
def terms_for(q: float):
    """Number of terms of the Taylor series over a step of this q, which is at most 1/2."""
    term = 1.0
    terms = 1
    while term > ROUNDING and terms < TERMS:
        term *= q / float(terms)
        terms += 1
    return terms


@portable
def expand(
    h: float,
    x: float,
    W: float,
    F: float,
    J: float,
    tau_m: float,
    g: float,
    tau_w: float,
    tau_f: float,
    xs: Array,
    ws: Array,
    terms: int,
):
    """Taylor coefficients of x and W in s / h, s being the time from here: into `xs` and `ws`."""
    xs[0] = x
    ws[0] = W
    for n in range(terms - 1):
        part = h / float(n + 1)
        xs[n + 1] = (J - xs[n] - ws[n] + F) * (part / tau_m)
        ws[n + 1] = (g * xs[n] - ws[n]) * (part / tau_w)
        F *= -part / tau_f
        J = 0.0


@portable
def horner(coefficients: Array, terms: int, s: float):
    """Value of a polynomial at s, the constant being its first coefficient."""
    value = 0.0
    for k in range(terms):
        value = value * s + coefficients[terms - 1 - k]
    return value


@portable
def rising_root(coefficients: Array, terms: int, level: float):
    """Where in [0, 1] a polynomial that rises there comes to `level`: Newton, never out of it."""
    low = 0.0
    high = 1.0
    s = 1.0
    for _ in range(60):
        value = 0.0
        slope = 0.0
        for k in range(terms):
            slope = slope * s + value
            value = value * s + coefficients[terms - 1 - k]
        if value < level:
            low = s
        else:
            high = s
        step = 0.5 * (low + high)
        if slope > 0.0:
            newton = s - (value - level) / slope
            if newton >= low and newton <= high:
                step = newton
        if abs(step - s) < 1e-16 or not low < high:
            return step
        s = step
    return s


@portable
def bend_of(q: float, rise: float):
    """Bound on the change of a slope over a step, times its length (mV).

    `rise` is the largest derivative of the state at its start, times the length. The potential
    leaves the chord of the step by at most an eighth of the bend.
    """
    return q * exp(q) * rise


@portable
def march(
    t: float,
    t_end: float,
    x: float,
    W: float,
    F: float,
    J: float,
    tau_m: float,
    R: float,
    level: float,
    x_r: float,
    t_ref: float,
    g: float,
    tau_w: float,
    b: float,
    A: float,
    tau_f: float,
    ready: float,
    spikes: Array,
    n_spikes: int,
    xs: Array,
    ws: Array,
):
    """Carry the state from t to t_end, spikes and all, by Taylor series over steps short enough.

    A step is taken if a bound shows that x stays below `level` over all of it, or that x rises or
    falls throughout; otherwise half of it is tried. So each crossing is found, also one that is
    over before t_end, unless it goes less than GRAZE above threshold. Returns x, W, F, `ready`,
    and the number of spikes so far, of which `spikes` may have room for the first only. At
    `level` x is reset, W grows by R b, and F is set to R A (eq:filter-reset).
    """
    norm = stiffness(tau_m, g, tau_w, tau_f)
    longest = min(0.5 / norm, t_end - t)
    terms = terms_for(norm * longest)
    h = longest
    while t < t_end:
        if t < ready:
            stop = min(ready, t_end)
            W = relax(W, g * x_r, exp(-(stop - t) / tau_w))
            F *= exp(-(stop - t) / tau_f)
            t = stop
            continue
        h = min(h, t_end - t)
        expand(h, x, W, F, J, tau_m, g, tau_w, tau_f, xs, ws, terms)
        x_end = horner(xs, terms, 1.0)
        bend = bend_of(norm * h, max(abs(xs[1]), abs(ws[1]), abs(F) * h / tau_f))
        seen = max(x, x_end) + 0.125 * bend < level or abs(xs[1]) > bend or 0.125 * bend < GRAZE
        if not seen:
            h *= 0.5
        elif x_end < level:
            x = x_end
            W = horner(ws, terms, 1.0)
            F *= exp(-h / tau_f)
            t = t_end if h >= t_end - t else t + h
            h = longest
        else:
            s = rising_root(xs, terms, level)
            W = horner(ws, terms, s) + R * b
            F = R * A
            t = min(t + s * h, t_end)
            if n_spikes < len(spikes):
                spikes[n_spikes] = t
            n_spikes += 1
            x = x_r
            ready = t + t_ref
            h = longest
    return x, W, F, ready, n_spikes


@portable
def propagator(
    dt: float, tau_m: float, g: float, tau_w: float, tau_f: float, P: Array, xs: Array, ws: Array
):
    """Fill P with what a step of dt makes of x, W, F and J (four numbers each) for x, W, and of F.

    It is the matrix exponential of the filters' equations (eq:propagator).

    Returns the factor by which the largest change of the state over the step, when it is small,
    bounds how far x can leave its chord in between; 1e300, which is no bound, for a long step.
    """
    norm = stiffness(tau_m, g, tau_w, tau_f)
    pieces = max(-float(floor(-2.0 * norm * dt)), 1.0)
    h = dt / pieces
    for k in range(4):
        x = 1.0 if k == 0 else 0.0
        W = 1.0 if k == 1 else 0.0
        F = 1.0 if k == 2 else 0.0
        J = 1.0 if k == 3 else 0.0
        done = 0.0
        while done < pieces:
            expand(h, x, W, F, J, tau_m, g, tau_w, tau_f, xs, ws, TERMS)
            x = horner(xs, TERMS, 1.0)
            W = horner(ws, TERMS, 1.0)
            F *= exp(-h / tau_f)
            done += 1.0
        P[k] = x
        P[k + 4] = W
    P[8] = exp(-dt / tau_f)
    q = norm * dt
    if q > 1.0:
        return 1e300
    # The change of the state is at least 1 - excess of its first derivative times dt.
    excess = (exp(q) - 1.0) / q - 1.0
    return 0.125 * bend_of(q, 1.0) / (1.0 - excess)


@portable
def run_filtered(
    I: Array,
    dt: float,
    tau_m: float,
    R: float,
    u_rest: float,
    theta: float,
    u_r: float,
    t_ref: float,
    a: float,
    tau_w: float,
    b: float,
    A: float,
    tau_f: float,
    u_start: float,
    u: Array,
    w: Array,
    spikes: Array,
):
    """Drive one neuron with one current; fill `u`, `w`, `spikes`; return the number of spikes."""
    g = a * R
    level = theta - u_rest
    x_r = u_r - u_rest
    xs = zeros(TERMS)
    ws = zeros(TERMS)
    P = zeros(9)
    off_chord = propagator(dt, tau_m, g, tau_w, tau_f, P, xs, ws)
    x = u_start - u_rest
    W = 0.0
    F = 0.0
    ready = 0.0
    n_spikes = 0
    u[0] = u_start
    w[0] = 0.0
    for k in range(len(I) - 1):
        J = R * I[k]
        x_end = P[0] * x + P[1] * W + P[2] * F + P[3] * J
        W_end = P[4] * x + P[5] * W + P[6] * F + P[7] * J
        F_end = P[8] * F
        change = max(abs(x_end - x), abs(W_end - W), abs(F_end - F))
        if max(x, x_end) + off_chord * change < level and ready <= k * dt:
            x = x_end
            W = W_end
            F = F_end
        else:
            x, W, F, ready, n_spikes = march(
                k * dt,
                (k + 1) * dt,
                x,
                W,
                F,
                J,
                tau_m,
                R,
                level,
                x_r,
                t_ref,
                g,
                tau_w,
                b,
                A,
                tau_f,
                ready,
                spikes,
                n_spikes,
                xs,
                ws,
            )
        u[k + 1] = u_rest + x
        w[k + 1] = W / R
    return n_spikes


# AdEx


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AdEx(Parameters):
    """Adaptive exponential integrate-and-fire neuron, or a population of them.

    The upswing of a spike is part of the dynamics: above `theta_rh` the exponential takes over and
    carries u to infinity within a fraction of τ_m (eq:adex). A spike is recorded at `u_peak`.

    Parameters
    ----------
    tau_m : float or array_like
        Membrane time constant τ_m (ms), greater than zero.
    R : float or array_like
        Membrane resistance (MΩ), greater than zero.
    u_rest : float or array_like
        Resting potential of the leak (mV), below `theta_rh`. With the exponential and w the
        neuron rests near it: see `fixed_points`.
    theta_rh : float or array_like
        Rheobase threshold ϑ_rh (mV): where the exponential's slope outweighs the leak's.
    Delta_T : float or array_like
        Sharpness of the upswing Δ_T (mV), greater than zero; near zero the neuron is a `LIF`.
    u_r : float or array_like
        Reset potential (mV), below `u_peak`; above `theta_rh` it makes bursts.
    u_peak : float or array_like
        Potential at which a spike is recorded and u reset (mV), above `theta_rh`.
    a : float or array_like
        Coupling of w to the potential (µS), -1/R or more.
    tau_w : float or array_like
        Time constant of w (ms), greater than zero.
    b : float or array_like
        What each spike adds to w (nA), zero or more.

    Raises
    ------
    ValueError
        If a value is not finite or out of range, or shapes do not broadcast.

    Notes
    -----
    A run starts with w = 0. Steps are Taylor series of up to order 10; each is as long as the
    current's step, or shorter so that the last term stays below 1e-9 mV, or 1e-9 ms of a steep
    upswing. Spike times are good to about that, times the number of spikes. Beyond
    ``theta_rh + 32 Delta_T`` what is left of the upswing takes less than 1e-13 τ_m: a spike is
    recorded there if `u_peak` is higher still.

    References
    ----------
    Brette and Gerstner (2005), *Journal of Neurophysiology* 94:3637-3642. Naud, Marcille, Clopath
    and Gerstner (2008), *Biological Cybernetics* 99:335-347.

    Examples
    --------
    >>> from neuro_lib import constant_current, simulate
    >>> I = constant_current(0.5, duration=150.0, dt=0.1)
    >>> simulate(AdEx(), I).spike_times.round(2)
    array([ 14.09,  24.35,  37.02,  53.45,  76.2 , 110.14])
    """

    tau_m: float = quantity(20.0, "τ_m", "ms", "membrane time constant", above=0)
    R: float = quantity(100.0, "R", "MΩ", "membrane resistance", above=0)
    u_rest: float = quantity(-70.0, "u_rest", "mV", "resting potential")
    theta_rh: float = quantity(-50.0, "ϑ_rh", "mV", "rheobase threshold")
    Delta_T: float = quantity(2.0, "Δ_T", "mV", "sharpness of the upswing", above=0)
    u_r: float = quantity(-58.0, "u_r", "mV", "reset potential")
    u_peak: float = quantity(0.0, "u_peak", "mV", "potential at which a spike is recorded")
    a: float = quantity(0.002, "a", "µS", "coupling of the adaptation to the potential")
    tau_w: float = quantity(300.0, "τ_w", "ms", "adaptation time constant", above=0)
    b: float = quantity(0.06, "b", "nA", "adaptation added by a spike", at_least=0)

    variables = ("u", "w")
    time_constants = ("tau_m", "tau_w")

    def __post_init__(self):
        super().__post_init__()
        self.require_above("theta_rh", "u_rest")
        self.require_above("u_peak", "theta_rh")
        self.require_above("u_peak", "u_r")
        _require_restoring(self)
        if np.any(np.greater_equal(self.u_r, self.ceiling)):
            raise ValueError(
                f"u_r = {np.max(self.u_r):g} mV: the reset potential must be < theta_rh + "
                f"{STEEP:g} Delta_T, where the upswing is over at once"
            )

    @property
    def C(self):
        """Membrane capacitance τ_m / R (nF)."""
        return self.tau_m / self.R

    @property
    def ceiling(self):
        """Where a spike is recorded (mV): `u_peak`, or before where the rest takes no time."""
        return np.minimum(self.u_peak, np.add(self.theta_rh, np.multiply(STEEP, self.Delta_T)))

    def highest_rate(self, I):
        """Bound on the firing rate (Hz) for currents up to `I` (nA) and w ≥ -40 mV · abs(a).

        It is that of an upswing from u_r with all other currents at their largest.
        """
        drive = np.maximum(I, 0.0) + 40.0 * np.abs(self.a)
        pull = self.u_rest - np.asarray(self.u_r) + np.multiply(self.R, drive)
        pull = np.log(np.maximum(pull / self.Delta_T, 1e-3))
        low, high = (
            (u - np.asarray(self.theta_rh)) / self.Delta_T for u in (self.u_r, self.ceiling)
        )
        left = np.logaddexp(0.0, pull - low) - np.logaddexp(0.0, pull - high)
        return MS_PER_S * np.exp(pull) / (self.tau_m * left)

    @property
    def loop(self):
        """The portable loop that runs one neuron."""
        return run_adex

    def nullclines(self, u, *, I=0.0):
        """Where du/dt = 0 and where dw/dt = 0, as values of w over u (eq:nullclines).

        Parameters
        ----------
        u : float or array_like
            Potential (mV); broadcasts against the parameters.
        I : float or array_like
            Constant current (nA).

        Returns
        -------
        tuple of (float or ndarray)
            w of the u-nullcline, below which u grows, and w of the w-nullcline (nA).

        Raises
        ------
        ValueError
            If `u` or `I` is no finite number, or u lies more than 700 Δ_T above ϑ_rh.

        Examples
        --------
        >>> AdEx().nullclines(-60.0, I=0.3)
        (0.2001347589399817, 0.02)
        """
        u = checked("u", u, "mV", "potential")
        I = checked("I", I, "nA", "constant current")
        common_shape(u=np.shape(u), I=np.shape(I), neurons=self.shape)
        above = (np.asarray(u) - self.theta_rh) / self.Delta_T
        if np.any(above > 700.0):
            raise ValueError(
                f"u = {np.max(u):g} mV: the potential must be ≤ theta_rh + 700 Delta_T"
            )
        rest = np.subtract(u, self.u_rest)
        of_u = I + (self.Delta_T * np.exp(above) - rest) / self.R
        return _as_given(of_u), _as_given(self.a * rest)

    def fixed_points(self, *, I=0.0):
        """Where neither u nor w changes under a constant current, and whether it stays there.

        Parameters
        ----------
        I : float
            Constant current (nA).

        Returns
        -------
        list of FixedPoint
            None above the rheobase, two below it, from low u to high; at the rheobase of
            `rheobase` exactly, rounding decides.

        Raises
        ------
        ValueError
            If the model is a population, or `I` is no finite number.

        Notes
        -----
        With w = a (u - u_rest) what is left is one convex function of u, whose lowest point lies
        at ``theta_rh + Delta_T log(1 + a R)``.

        Examples
        --------
        >>> [(round(p.u, 2), p.kind) for p in AdEx().fixed_points(I=0.2)]
        [(-52.95, 'stable'), (-47.49, 'saddle')]
        >>> AdEx().fixed_points(I=0.5)
        []
        """
        _require_one(self)
        I = checked("I", I, "nA", "constant current")
        conductance = 1.0 + self.a * self.R

        def pull(u):
            of_u, of_w = self.nullclines(u, I=I)
            return self.R * (of_u - of_w)

        if conductance < 1e-9:  # a = -1/R: the leak is cancelled, and only one point is left
            lowest = self.theta_rh - 30.0 * self.Delta_T
        else:
            lowest = self.theta_rh + self.Delta_T * np.log(conductance)
        if not pull(lowest) < 0.0:
            return []
        high = lowest + self.Delta_T
        while pull(high) < 0.0:
            high += self.Delta_T
        roots = [_root(pull, lowest, high)]
        if conductance >= 1e-9:  # below this u the straight part alone outweighs the exponential
            low = self.u_rest + self.R * I / conductance
            roots.insert(0, _root(pull, min(low, lowest - self.Delta_T), lowest))
        return [self._fixed_point(u) for u in roots]

    def _fixed_point(self, u):
        slope = (np.expm1((u - self.theta_rh) / self.Delta_T)) / self.tau_m
        trace = slope - 1.0 / self.tau_w
        determinant = (self.a * self.R / self.tau_m - slope) / self.tau_w
        if determinant <= 0.0:
            kind = "saddle"
        else:
            kind = "stable" if trace < 0.0 else "unstable"
        return FixedPoint(u=u, w=self.a * (u - self.u_rest), kind=kind)

    @property
    def rheobase(self):
        """Largest constant current with a fixed point (nA) (eq:adex-rheobase).

        Above it the neuron must fire. It may fire below, too, when the fixed point is unstable or
        the start is far from it.
        """
        conductance = np.maximum(1.0 + np.multiply(self.a, self.R), 1e-300)
        distance = np.subtract(self.theta_rh, self.u_rest)
        lift = np.multiply(self.Delta_T, np.log(conductance) - 1.0)
        return _as_given(conductance * (distance + lift) / self.R)


@dataclass(frozen=True)
class FixedPoint:
    """A point of the phase plane that stays where it is.

    Parameters
    ----------
    u : float
        Potential (mV).
    w : float
        Adaptation current (nA).
    kind : str
        "stable", "unstable" or "saddle".
    """

    u: float
    w: float
    kind: str


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

# The same course's numbers for FilteredLIF: a nS, tau_w ms, b pA, A pA, tau_f ms, theta mV, I pA;
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
    C, g_L, u_rest, a, tau_w, b, u_r, I = _row(_NAUD, name)
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
    a, tau_w, b, A, tau_f, theta, I = _row(_FILTERED, name)
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


def _row(table, name):
    if name not in table:
        raise ValueError(f"name = {name!r}: the pattern must be one of {', '.join(table)}")
    return table[name]


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
    start = checked("start", start, "ms", "start of the step", at_least=0)
    stop = checked("stop", stop, "ms", "end of the step", above=start)
    times = checked_train("spike_times", spike_times)
    during = times[(times >= start) & (times <= stop)]
    if during.size == 0:
        return "rebound" if np.any(times > stop) else "silent"
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


def _root(function, low, high):
    """Where a function changes sign, by bisection to the last digit."""
    rising = function(high) > 0.0
    while True:
        middle = 0.5 * (low + high)
        if not low < middle < high:
            return float(middle)
        if (function(middle) > 0.0) == rising:
            high = middle
        else:
            low = middle


def _as_given(values):
    """Return one number as a float, and several as an array."""
    return values if np.ndim(values) else float(values)


def _require_one(model):
    if model.shape:
        raise ValueError(f"the phase plane is that of one neuron; got shape {model.shape}")


# The loops of AdEx, in the same x, W and J as above; E = Delta_T exp((u - theta_rh) / Delta_T).

ORDER = 10  # of the Taylor series, at most ...
NEGLIGIBLE = 1e-12  # mV; ... but it ends with the first term below this
PRECISION = 1e-9  # its last term is less than this, in mV, and in ms of a steep upswing ...
COARSEST = 1e-3  # ... but never more than this part of Delta_T
STEEP = 32.0  # times Delta_T above theta_rh: from there the upswing takes 1e-14 tau_m


@portable
def expand_adex(
    h: float,
    x: float,
    W: float,
    J: float,
    tau_m: float,
    rise: float,
    Delta_T: float,
    g: float,
    tau_w: float,
    xs: Array,
    ws: Array,
    es: Array,
):
    """Taylor coefficients of x, W and E in s / h, s being the time from here; return how many.

    `rise` is theta_rh - u_rest. The exponential is taken once: E grows by E dx/dt / Delta_T.
    """
    xs[0] = x
    ws[0] = W
    es[0] = Delta_T * exp((x - rise) / Delta_T)
    of_m = h / tau_m
    of_w = h / tau_w
    of_T = 1.0 / Delta_T
    for n in range(ORDER):
        part = 1.0 / float(n + 1)
        xs[n + 1] = (J - xs[n] + es[n] - ws[n]) * (part * of_m)
        ws[n + 1] = (g * xs[n] - ws[n]) * (part * of_w)
        J = 0.0
        total = 0.0
        for j in range(n + 1):
            total += float(j + 1) * xs[j + 1] * es[n - j]
        es[n + 1] = total * (part * of_T)
        if max(abs(xs[n + 1]), abs(ws[n + 1]), abs(es[n + 1])) < NEGLIGIBLE:
            return n + 2
    return ORDER + 1


@portable
def shorten(h: float, rise: float, Delta_T: float, xs: Array, ws: Array, terms: int):
    """Length of the step for which the series is good, at most h; scale the series to it.

    The last term must be small. And where the exponential may come into play, x must not climb by
    more than 2 Delta_T: a series that starts where it is nothing would not see it.
    """
    ratio = 1.0
    last = abs(xs[terms - 1])
    goal = min(PRECISION * max(1.0, abs(xs[1]) / h), COARSEST * Delta_T)
    if terms > ORDER and last > goal:
        ratio = exp(log(goal / last) / float(ORDER))
    room = max(2.0 * Delta_T, 0.5 * (rise - 30.0 * Delta_T - xs[0]))
    if ratio * xs[1] > room:
        ratio = room / xs[1]
    if ratio < 1.0:
        scale = 1.0
        for n in range(1, terms):
            scale *= ratio
            xs[n] *= scale
            ws[n] *= scale
    return h * ratio


@portable
def run_adex(
    I: Array,
    dt: float,
    tau_m: float,
    R: float,
    u_rest: float,
    theta_rh: float,
    Delta_T: float,
    u_r: float,
    u_peak: float,
    a: float,
    tau_w: float,
    b: float,
    u_start: float,
    u: Array,
    w: Array,
    spikes: Array,
):
    """Drive one neuron; fill `u`, `w`, `spikes`; return the number of spikes (eq:adex-reset)."""
    g = a * R
    rise = theta_rh - u_rest
    peak = min(u_peak - u_rest, rise + STEEP * Delta_T)
    xs = zeros(ORDER + 1)
    ws = zeros(ORDER + 1)
    es = zeros(ORDER + 1)
    x = u_start - u_rest
    W = 0.0
    n_spikes = 0
    u[0] = u_start
    w[0] = 0.0
    for k in range(len(I) - 1):
        J = R * I[k]
        t = k * dt
        t_end = (k + 1) * dt
        while t < t_end:
            h = t_end - t
            terms = expand_adex(h, x, W, J, tau_m, rise, Delta_T, g, tau_w, xs, ws, es)
            h = shorten(h, rise, Delta_T, xs, ws, terms)
            x = horner(xs, terms, 1.0)
            if x < peak:
                W = horner(ws, terms, 1.0)
                t = t_end if h >= t_end - t else t + h
            else:
                s = rising_root(xs, terms, peak)
                W = horner(ws, terms, s) + R * b
                t = min(t + s * h, t_end)
                if n_spikes < len(spikes):
                    spikes[n_spikes] = t
                n_spikes += 1
                x = u_r - u_rest
        u[k + 1] = u_rest + x
        w[k + 1] = W / R
    return n_spikes
