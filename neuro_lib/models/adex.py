"""The adaptive exponential integrate-and-fire neuron: a spike has an upswing.

`AdEx` has an adaptation current w, and in place of a sharp threshold an upswing that carries u
away by itself::

    tau_m du/dt = -(u - u_rest) + Delta_T exp((u - theta_rh) / Delta_T) + R (I - w)
    tau_w dw/dt = a (u - u_rest) - w
    at u = u_peak:  u <- u_r,  w <- w + b

It has no closed form, but a Taylor series that one exponential gives. Below the upswing a step is
a *leap* in time, as long as the series allows. In the upswing u soon needs no time at all, and
steps in time would have to become ever shorter. There a step is a *climb* in potential, as long as
the series allows: the equations, divided by each other, tell the time that each mV takes. So a
climb can end at u_peak to the last digit, which is the spike. Once the exponential outweighs all
else, u *soars*: while the current rests, what is left of the upswing is one integral, which takes
less time than climbs. So many neurons are counted.

No spike is missed, unless u goes less than about 1e-9 mV above u_peak. For a leap is taken only if
the sum of all that raises u in its series leaves u below u_peak, and a climb only if the sum of all
that slows u down leaves it rising; otherwise a shorter one is tried.
"""

from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple

import numpy as np

from neuro_lib.models.filtered_lif import require_restoring
from neuro_lib.models.series import exp_to_32, horner, rising_root
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.units import MS_PER_S, Parameters, checked, common_shape, number, quantity

__all__ = ["AdEx", "FixedPoint"]


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
        Sharpness of the upswing Δ_T (mV), 1e-9 or more; near zero the neuron is a `LIF`.
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
    A run starts with w = 0. Steps are Taylor series, of order 7 in time and 10 in potential, each
    so short that the last term stays below 1e-9 mV or 1e-9 ms. Spike times are good to about 1e-8
    ms where they do not depend on the last digit, as in irregular firing. Beyond
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
    Delta_T: float = quantity(2.0, "Δ_T", "mV", "sharpness of the upswing", at_least=1e-9)
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
        require_restoring(self)
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
        I = checked("I", I, "nA", "largest current")
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
        above = self._above(np.asarray(u))
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
        I = number("I", I, "nA", "constant current")
        conductance = 1.0 + self.a * self.R

        if conductance < 1e-9:  # a = -1/R: the leak is cancelled, and only one point is left
            lowest = self.theta_rh - 30.0 * self.Delta_T
        else:
            lowest = meeting_potential(self)
        if not settled_pull(lowest, I, self) < 0.0:
            return []
        high = lowest + self.Delta_T
        while settled_pull(high, I, self) < 0.0:
            high += self.Delta_T
        roots = [settled_root(lowest, high, I, self)]
        if conductance >= 1e-9:  # below this u the straight part alone outweighs the exponential
            low = self.u_rest + self.R * I / conductance
            low = min(low, lowest - self.Delta_T)
            roots.insert(0, settled_root(low, lowest, I, self))
        return [self._fixed_point(u) for u in roots]

    def _above(self, u):
        """How far u is above theta_rh, in units of Delta_T."""
        return (u - self.theta_rh) / self.Delta_T

    def _fixed_point(self, u):
        trace, determinant = linearised(u, self)
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


def _as_given(values):
    """Return one number as a float, and several as an array."""
    return values if np.ndim(values) else float(values)


def _require_one(model):
    if model.shape:
        raise ValueError(f"the phase plane is that of one neuron; got shape {model.shape}")


# What fixed points are the zeros of, for every engine.


@portable
def upswing(x: float, rise: float, Delta_T: float):
    """The exponential's pull (mV)."""
    return Delta_T * exp((x - rise) / Delta_T)


@portable
def settled_pull(u: float, I: float, adex: AdEx):
    """What pulls at the membrane when w has settled to a (u - u_rest) (mV)."""
    leak = (1.0 + adex.a * adex.R) * (u - adex.u_rest)
    return upswing(u, adex.theta_rh, adex.Delta_T) - leak + adex.R * I


@portable
def meeting_potential(adex: AdEx):
    """Where the fixed points meet as I grows: there `settled_pull` is lowest (mV)."""
    return adex.theta_rh + adex.Delta_T * log(1.0 + adex.a * adex.R)


@portable
def settled_root(low: float, high: float, I: float, adex: AdEx):
    """Where between two potentials `settled_pull` changes sign, by bisection to the last digit."""
    rising = settled_pull(high, I, adex) > 0.0
    middle = 0.5 * (low + high)
    while low < middle and middle < high:
        if (settled_pull(middle, I, adex) > 0.0) == rising:
            high = middle
        else:
            low = middle
        middle = 0.5 * (low + high)
    return middle


@portable
def linearised(u: float, adex: AdEx):
    """Trace (1/ms) and determinant (1/ms²) of the equations near a fixed point (eq:stability)."""
    growth = upswing(u, adex.theta_rh, adex.Delta_T) / adex.Delta_T - 1.0
    trace = growth / adex.tau_m - 1.0 / adex.tau_w
    return trace, (adex.a * adex.R - growth) / (adex.tau_m * adex.tau_w)


# The loops. Inside them the state is x = u - u_rest and W = R w, the drive is J = R I, all in mV,
# rise = theta_rh - u_rest and g = a R. E is the exponential's part of what pulls at x (mV).

ORDER = 10  # of a climb's series; a leap's is 7, written out for the sake of speed
PRECISION = 1e-9  # what the last term of a series may be, in mV and in ms ...
COARSEST = 1e-3  # ... but never more than this part of Delta_T
GRAZE = 1e-12  # mV; u_peak is reached if u would go further than this above it
SOON = 4.0  # times what is left of a step: an upswing that takes longer is left to leaps
STEEP = 32.0  # times Delta_T above theta_rh: from there the upswing takes 1e-14 tau_m
OUTWEIGHED = 8.0  # times all else that pulls: from there u soars ...
BRIEF = 64.0  # ... if the upswing then takes less than this part of tau_w

# Gauss's integral over q from 0 to 1 of what goes like q log(q) near 0, in terms of the cubic root:
# the places where it looks, what each weighs, and what each weighs in the integrals that begin at
# the first place, those that begin at the second ..., for one place after the other.
POINTS = 8
_roots, _weights = np.polynomial.legendre.leggauss(POINTS)
_roots = 0.5 + 0.5 * _roots
_powers = np.arange(POINTS)
_integrals = 3.0 * (1.0 - _roots[:, None] ** (_powers + 3)) / (_powers + 3)
PLACES = tuple((_roots**3).tolist())
WEIGHTS = tuple((1.5 * _roots**2 * _weights).tolist())
WEIGHTS_FROM = tuple((_integrals @ np.linalg.inv(_roots[:, None] ** _powers)).T.ravel().tolist())


class AdExState(NamedTuple):
    """Where the membrane and the adaptation are (mV)."""

    x: float
    W: float


class AdExSeries(NamedTuple):
    """Taylor coefficients of time, of W, of what pulls at x, tau_m dx/dt, and of its inverse."""

    ts: Array
    ws: Array
    pulls: Array
    slowness: Array


@portable
def pull_at(x: float, W: float, E: float, J: float):
    """What pulls at x, tau_m dx/dt (mV): the current, the leak, the upswing, the adaptation."""
    return J - x + E - W


@portable
def draw_at(x: float, W: float, g: float):
    """What draws at W, tau_w dW/dt (mV): as what pulls at x = 0, were g x the current."""
    return pull_at(0.0, W, 0.0, g * x)


@portable
def upswing_within(x: float, rise: float, Delta_T: float, d: float):
    """As `upswing`, for a loop: without a division, and for many neurons at once.

    `d` is 1 / Delta_T; x lies no more than STEEP times Delta_T above the rise.
    """
    return Delta_T * exp_to_32(d * (x - rise))


@portable
def leap(x: float, W: float, E: float, J: float, m: float, v: float, d: float, g: float):
    """Step in time, by the Taylor series: x1 to x7 are the terms of x, w1 to w7 those of W.

    The step is m times tau_m and v times tau_w; `d` is 1 / Delta_T, since E grows by E dx/dt d.
    So its terms, e1 to e6, follow from r1 to r6, which are d x1, 2 d x2 and so on. p is a term of
    what pulls at x. Nothing is divided, and a sum begins with what is known first: to save time.

    Returns x and W at its end, the size of the last term, and how far x climbs at most.
    """
    md = m * d
    p = pull_at(x, W, E, J)
    x1 = m * p
    r1 = md * p
    w1 = v * (g * x - W)
    e1 = r1 * E
    p = e1 - (x1 + w1)
    x2 = m * p * 0.5
    r2 = md * p
    w2 = v * (g * x1 - w1) * 0.5
    e2 = (r1 * e1 + r2 * E) * 0.5
    p = e2 - (x2 + w2)
    x3 = m * p * (1.0 / 3.0)
    r3 = md * p
    w3 = v * (g * x2 - w2) * (1.0 / 3.0)
    e3 = (r1 * e2 + r2 * e1 + r3 * E) * (1.0 / 3.0)
    p = e3 - (x3 + w3)
    x4 = m * p * 0.25
    r4 = md * p
    w4 = v * (g * x3 - w3) * 0.25
    e4 = (r1 * e3 + r2 * e2 + r3 * e1 + r4 * E) * 0.25
    p = e4 - (x4 + w4)
    x5 = m * p * 0.2
    r5 = md * p
    w5 = v * (g * x4 - w4) * 0.2
    e5 = (r1 * e4 + r2 * e3 + r3 * e2 + r4 * e1 + r5 * E) * 0.2
    p = e5 - (x5 + w5)
    x6 = m * p * (1.0 / 6.0)
    r6 = md * p
    w6 = v * (g * x5 - w5) * (1.0 / 6.0)
    e6 = (r1 * e5 + r2 * e4 + r3 * e3 + r4 * e2 + r5 * e1 + r6 * E) * (1.0 / 6.0)
    x7 = m * (e6 - (x6 + w6)) * (1.0 / 7.0)
    w7 = v * (g * x6 - w6) * (1.0 / 7.0)
    last = max(abs(x7), abs(w7))
    up = max(x1, 0.0) + max(x2, 0.0) + max(x3, 0.0) + max(x4, 0.0)
    up += max(x5, 0.0) + max(x6, 0.0) + max(x7, 0.0)
    x_end = x + (x1 + x2 + x3 + x4 + x5 + x6 + x7)
    W_end = W + (w1 + w2 + w3 + w4 + w5 + w6 + w7)
    return x_end, W_end, last, up


@portable
def coarseness(x: float, last: float, up: float, rise: float, Delta_T: float):
    """By how much a leap from x is too coarse (mV): it is good if this is not above zero.

    Its last term must be small. And where the exponential may come into play, x must not climb by
    more than 2 Delta_T: a series that starts where it is nothing would not see it.
    """
    room = max(2.0 * Delta_T, 0.5 * (rise - 30.0 * Delta_T - x))
    return max(last - min(PRECISION, COARSEST * Delta_T), up - room)


@portable
def climb(height: float, x: float, W: float, E: float, J: float, adex: AdEx, series: AdExSeries):
    """Step in potential: fill the Taylor series in y / height, y being x from here.

    Returns the part of the height, 0 to 1, over which the series is good; 0 if x might cease to
    rise.
    """
    g = adex.a * adex.R
    ts = series.ts
    ws = series.ws
    pulls = series.pulls
    slowness = series.slowness
    ts[0] = 0.0
    ws[0] = W
    pulls[0] = pull_at(x, W, E, J)
    if pulls[0] <= 0.0:
        return 0.0
    slowest = 1.0 / pulls[0]
    slow = slowest
    slowness[0] = slow
    of_t = adex.tau_m * height
    of_w = of_t / adex.tau_w
    of_E = height / adex.Delta_T
    slowed = 0.0
    for n in range(ORDER):
        part = 1.0 / float(n + 1)
        ts[n + 1] = of_t * part * slow
        # Products of two series, but for the terms that are not known yet. What was known first
        # comes first in a sum: so it waits for nothing.
        bent = 0.0
        total = 0.0
        for k in range(1, n):
            bent -= ws[k] * slowness[n - k]
            total += pulls[k + 1] * slowness[n - k]
        bent += (g * x - ws[0]) * slow
        if n > 0:
            bent += g * height * slowness[n - 1] - W * slowest
            total += pulls[1] * slow
        W = of_w * part * bent
        ws[n + 1] = W
        E *= of_E * part
        growth = E - height if n == 0 else E  # the leak is in proportion to y, and to no power
        pulls[n + 1] = growth - W
        slowed += max(W - growth, 0.0)
        if slowed > 0.5 * pulls[0]:
            return 0.0
        slow = slowest * (W * slowest - (total + growth * slowest))
        slowness[n + 1] = slow
    # Two terms: one alone may be small by chance.
    last = max(abs(ts[ORDER]), abs(ts[ORDER - 1]), abs(ws[ORDER]), abs(ws[ORDER - 1]))
    excess = last / min(PRECISION, COARSEST * adex.Delta_T)
    if excess <= 1.0:
        return 1.0
    return exp(-log(excess) / float(ORDER))  # the last term shrinks with this power of the height


@portable
def soaring_from(adex: AdEx):
    """How strong the exponential must be at least, where u `soars` (mV)."""
    share = adex.tau_m / adex.tau_w * (1.0 + abs(adex.a * adex.R))
    return adex.Delta_T * max(OUTWEIGHED, BRIEF * share)


@portable
def soars(x: float, W: float, E: float, J: float, g: float, least: float):
    """Whether the exponential outweighs all else, and will until u is at its peak."""
    return max(OUTWEIGHED * abs(pull_at(x, W, 0.0, J)), abs(draw_at(x, W, g)), least) < E


@portable
def soar(x: float, W: float, E: float, J: float, peak: float, adex: AdEx, room: AdExSeries):
    """Time that u takes from x to its peak where it `soars`, and W there, to some 1e-9 ms and mV.

    With q = exp(-y / Delta_T), y being x from here, the exponential's pull is E / q, and time an
    integral over q, of nearly a constant: r is what else pulls, in parts of that. W changes by so
    little that a few rounds tell how it does.
    """
    g = adex.a * adex.R
    Delta_T = adex.Delta_T
    fastest = adex.tau_m * Delta_T / E  # time, were there nothing else
    share = fastest / adex.tau_w
    last = exp((x - peak) / Delta_T)
    span = 1.0 - last
    y = room.ts
    r = room.slowness
    draw = room.pulls
    drift = room.ws
    for i in range(POINTS):
        y[i] = -Delta_T * log(last + span * PLACES[i])
        drift[i] = 0.0
    for _ in range(4):
        for i in range(POINTS):
            r[i] = (last + span * PLACES[i]) * pull_at(x + y[i], W + drift[i], 0.0, J) / E
            draw[i] = span / (1.0 + r[i]) * draw_at(x + y[i], W + drift[i], g)
            drift[i] = 0.0
        weight = 0
        for j in range(POINTS):
            for i in range(POINTS):
                drift[i] += share * WEIGHTS_FROM[weight] * draw[j]
                weight += 1
    # Only what r takes away is left to Gauss.
    time = span
    risen = Delta_T * span - (peak - x) * last
    drifted = 0.0
    for i in range(POINTS):
        part = WEIGHTS[i] * span / (1.0 + r[i])
        time -= part * r[i]
        risen -= part * r[i] * y[i]
        drifted += part * drift[i]
    change = g * (x * time + risen) - W * time - drifted
    return fastest * time, W + share * change


@portable
def peak_above_rest(adex: AdEx):
    """Where an upswing ends (mV above rest): at u_peak, or where it takes no more time."""
    rise = adex.theta_rh - adex.u_rest
    return min(adex.u_peak - adex.u_rest, rise + STEEP * adex.Delta_T)


@portable
def march_adex(
    t: float,
    t_end: float,
    state: AdExState,
    J: float,
    adex: AdEx,
    spikes: Array,
    n_spikes: int,
    series: AdExSeries,
):
    """Carry the state from t to t_end, resets and all (eq:adex-reset), in short leaps and climbs.

    Returns the state and the number of spikes so far, of which `spikes` may have room for the
    first only.
    """
    x = state.x
    W = state.W
    g = adex.a * adex.R
    rise = adex.theta_rh - adex.u_rest
    peak = peak_above_rest(adex)
    Delta_T = adex.Delta_T
    tau_m = adex.tau_m
    tau_w = adex.tau_w
    h = 0.5 * (t_end - t)
    furthest = 0.5 * Delta_T
    while t < t_end or x >= peak:
        if x >= peak:
            if n_spikes < len(spikes):
                spikes[n_spikes] = t
            n_spikes += 1
            x = adex.u_r - adex.u_rest
            W += adex.R * adex.b
            h = t_end - t
            furthest = 0.5 * Delta_T
            continue
        E = upswing(x, rise, Delta_T)
        # Where the upswing outweighs the rest twice, u will be infinite soon: within tau_m Delta_T
        # / E. If this is soon in the step, too, no leap is short enough for long, while time as a
        # function of u stays smooth.
        soon = tau_m * Delta_T < SOON * (t_end - t) * E
        steep = soon and 2.0 * max(abs(J - x - W), Delta_T) < E
        if not steep or furthest == 0.0:
            h = min(h, t_end - t)
            x_end, W_end, last, up = leap(x, W, E, J, h / tau_m, h / tau_w, 1.0 / Delta_T, g)
            coarse = coarseness(x, last, up, rise, Delta_T) > 0.0
            if not coarse and x + up < peak + GRAZE:
                x = x_end
                W = W_end
                t = t_end if h >= t_end - t else t + h
                continue
            if coarse and not steep:
                h *= 0.5
                continue
            furthest = 0.5 * Delta_T
        height = min(furthest, peak - x) if steep else peak - x
        part = climb(height, x, W, E, J, adex, series)
        passed = horner(series.ts, ORDER + 1, part)
        if t + passed > t_end:
            part = rising_root(series.ts, ORDER + 1, t_end - t, part)
            passed = t_end - t
        elif part == 0.0 or (part < 1.0 and not steep):
            h *= 0.5
            furthest = 0.0
            continue
        at_peak = part == 1.0 and height == peak - x
        x = peak if at_peak else x + part * height
        W = horner(series.ws, ORDER + 1, part)
        t = min(t + passed, t_end)
        furthest = max(2.0 * part * height, 0.5 * Delta_T)
    return AdExState(x=x, W=W), n_spikes


@portable
def run_adex_on(I: Array, dt: float, adex: AdEx, u: Array, w: Array, spikes: Array):
    """Drive one neuron on from ``u[0]`` and ``w[0]``, as `run_adex` does."""
    g = adex.a * adex.R
    rise = adex.theta_rh - adex.u_rest
    peak = peak_above_rest(adex)
    Delta_T = adex.Delta_T
    d = 1.0 / Delta_T
    tau_m = adex.tau_m
    tau_w = adex.tau_w
    series = AdExSeries(
        ts=zeros(ORDER + 1), ws=zeros(ORDER + 1), pulls=zeros(ORDER + 1), slowness=zeros(ORDER + 1)
    )
    x = u[0] - adex.u_rest
    W = adex.R * w[0]
    n_spikes = 0
    for k in range(len(I) - 1):
        J = adex.R * I[k]
        E = upswing_within(x, rise, Delta_T, d)
        x_end, W_end, last, up = leap(x, W, E, J, dt / tau_m, dt / tau_w, d, g)
        if x + up < peak and coarseness(x, last, up, rise, Delta_T) <= 0.0:
            x = x_end
            W = W_end
        else:
            state, n_spikes = march_adex(
                k * dt, (k + 1) * dt, AdExState(x=x, W=W), J, adex, spikes, n_spikes, series
            )
            x = state.x
            W = state.W
        u[k + 1] = adex.u_rest + x
        w[k + 1] = W / adex.R
    return n_spikes


@portable
def run_adex(I: Array, dt: float, adex: AdEx, u_start: float, u: Array, w: Array, spikes: Array):
    """Drive one neuron; fill `u`, `w`, `spikes`; return the number of spikes."""
    u[0] = u_start
    w[0] = 0.0
    return run_adex_on(I, dt, adex, u, w, spikes)
