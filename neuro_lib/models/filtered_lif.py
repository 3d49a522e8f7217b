"""Linear filters that give a neuron memory: adaptation, bursts, rebound.

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
"""

from dataclasses import dataclass
from math import exp, floor
from typing import NamedTuple

import numpy as np

from neuro_lib.models.lif import Membrane, rate, relax
from neuro_lib.portable import Array, portable
from neuro_lib.units import checked, quantity

__all__ = ["FilteredLIF"]


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
        require_restoring(self)

    def highest_rate(self, I):
        """Bound on the firing rate (Hz) while the current is at most `I` (nA).

        It leaves out the filters' help, but for what f can give at most and w's rebound.
        """
        I = checked("I", I, "nA", "largest current")
        help_of_w = np.abs(self.a) * np.subtract(self.theta, self.u_rest)
        drive = np.abs(I) + np.maximum(self.A, 0.0) + help_of_w
        membrane = self.tau_m, self.R, self.u_rest, self.theta, self.u_r, self.t_ref
        return rate.over(drive, *membrane)

    @property
    def loop(self):
        """The portable loop that runs one neuron."""
        return run_filtered


def require_restoring(model):
    """Refuse a coupling that would let u run off to minus infinity."""
    a, R = np.broadcast_arrays(model.a, model.R)
    for i in np.flatnonzero(a * R < -1.0 - 1e-12):  # the first is reported
        raise ValueError(
            f"a = {a.flat[i]:g} µS: the coupling of the adaptation to the potential must be ≥ "
            f"-1/R = {-1.0 / R.flat[i]:g} µS"
        )


# The loops. Inside them the state is x = u - u_rest, W = R w, F = R f, all in mV,
# and the drive is J = R I: then w couples to u by g = a R, and the state has a norm, its largest
# entry, in which a step of length h multiplies no derivative by more than exp(q), q = h * norm.

SHORT = 0.25  # the largest q of a Taylor series: most spikes are found at once in such a step ...
TERMS = 13  # ... and the next term of the series is less than 1e-17 of the first
ROUNDING = 3e-14  # of the state and what drives it: more than rounding does to x in such a step


class FilteredState(NamedTuple):
    """Where the membrane and both filters are (mV)."""

    x: float
    W: float
    F: float


class Matrix(NamedTuple):
    """Entries of the equations' matrix: g / tau_w, and the inverse of each time constant (1/ms)."""

    g: float
    m: float
    w: float
    f: float


@portable
def matrix_of(neuron: FilteredLIF) -> Matrix:
    """What a neuron is without its threshold. Where nothing drives F, it stays what it is: zero."""
    return Matrix(
        g=neuron.a * neuron.R / neuron.tau_w,
        m=1.0 / neuron.tau_m,
        w=1.0 / neuron.tau_w,
        f=1.0 / neuron.tau_f if neuron.A != 0.0 else 0.0,
    )


@portable
def stiffness(M: Matrix):
    """Norm of the matrix of x, W and, where it is driven, F (1/ms): the sum of its largest row."""
    return max((3.0 if M.f > 0.0 else 2.0) * M.m, abs(M.g) + M.w, M.f)


@portable
def slope_at(state: FilteredState, J: float, M: Matrix) -> FilteredState:
    """Derivatives of x, W and F (mV/ms); of a derivative, where there is no J, the next ones."""
    return FilteredState(
        x=((J + state.F) - (state.x + state.W)) * M.m,
        W=M.g * state.x - M.w * state.W,
        F=-state.F * M.f,
    )


@portable
def norm(state: FilteredState):
    """Norm of a state, or of its derivative."""
    return max(abs(state.x), abs(state.W), abs(state.F))


@portable
def moved(h: float, state: FilteredState, J: float, M: Matrix) -> FilteredState:
    """State after a time h, |q| up to 1/4, without threshold; h may be negative."""
    x = state.x
    W = state.W
    F = state.F
    for n in range(1, TERMS):
        part = h / float(n)
        slope = slope_at(state, J, M)
        state = FilteredState(x=part * slope.x, W=part * slope.W, F=part * slope.F)
        x += state.x
        W += state.W
        F += state.F
        J = 0.0
    return FilteredState(x=x, W=W, F=F)


@portable
def crossing(h: float, state: FilteredState, end: FilteredState, J: float, level: float, M: Matrix):
    """Time from `state` to `level`, if x rises steadily in a step h to `end`; and W there.

    So time as a function of x is nearly a cubic: that is wrong by less than 1e-3 of the step, and
    with one correction, by Newton's method to second order, by less than 1e-11.
    """
    rise = end.x - state.x
    part = max(level - state.x, 0.0) / rise
    rest = 1.0 - part
    early = rise / (h * slope_at(state, J, M).x) - 1.0
    late = rise / (h * slope_at(end, J, M).x) - 1.0
    s = h * part * (1.0 + rest * (early * rest - late * part))
    near = moved(s, state, J, M)
    slope = slope_at(near, J, M)
    bend = slope_at(slope, 0.0, M)
    more = (level - near.x) / slope.x
    more -= 0.5 * more * more * bend.x / slope.x
    return s + more, near.W + more * (slope.W + 0.5 * more * bend.W)


@portable
def bend_of(q: float, rise: float):
    """Bound on the change of a slope over a step, times its length (mV).

    `rise` is the largest derivative of the state at its start, times the length. The potential
    leaves the chord of the step by at most an eighth of the bend. For q up to 1, exp(q) is less
    than 1 + 2 q.
    """
    return q * (1.0 + 2.0 * q) * rise


@portable
def rounding_of(state: FilteredState, J: float):
    """Bound on what rounding does to x in a short step (mV)."""
    return ROUNDING * (norm(state) + abs(J))


@portable
def reset(W: float, neuron: FilteredLIF) -> FilteredState:
    """State after a spike at which W was this."""
    return FilteredState(
        x=neuron.u_r - neuron.u_rest, W=W + neuron.R * neuron.b, F=neuron.R * neuron.A
    )


@portable
def march(
    t: float,
    t_end: float,
    state: FilteredState,
    ready: float,
    J: float,
    neuron: FilteredLIF,
    spikes: Array,
    n_spikes: int,
):
    """Carry the state from t to t_end, spikes and all, by Taylor series over steps short enough.

    A step is taken if a bound shows that x stays below `level` over all of it, or that x rises or
    falls steadily; otherwise half of it is tried. So each crossing is found, also one that is over
    before t_end, unless it goes no further above threshold than rounding could: a potential that
    comes to rest at threshold never crosses. Returns the state, when u is no longer held at reset,
    and the number of spikes so far, of which `spikes` may have room for the first only. At `level`
    x is reset, W grows by R b, and F is set to R A (eq:filter-reset).
    """
    level = neuron.theta - neuron.u_rest
    M = matrix_of(neuron)
    stiff = stiffness(M)
    h = SHORT / stiff
    while t < t_end:
        if t < ready:
            stop = min(ready, t_end)
            state = FilteredState(
                x=state.x,
                W=relax(state.W, M.g / M.w * state.x, exp((t - stop) * M.w)),
                F=state.F * exp((t - stop) * M.f),
            )
            t = stop
            continue
        h = min(h, t_end - t)
        end = moved(h, state, J, M)
        slope = slope_at(state, J, M)
        rounding = rounding_of(state, J)
        bend = bend_of(stiff * h, norm(slope) * h) + rounding
        off = 0.125 * bend
        # x stays that near its chord; and where its slope outweighs twice all that it can bend, it
        # has one sign and changes by half at most, so that x is highest at an end.
        steady = abs(slope.x) * h > 2.0 * bend
        if not (steady or off < rounding or max(state.x, end.x) + off < level):
            h *= 0.5
            continue
        s = h
        if end.x < (level if steady else level + rounding):
            state = end
        else:
            W = end.W  # where x is not steady, all of the step is that near to threshold
            if steady:
                s, W = crossing(h, state, end, J, level, M)
            ready = min(t + s, t_end)
            if n_spikes < len(spikes):
                spikes[n_spikes] = ready
            n_spikes += 1
            ready += neuron.t_ref
            state = reset(W, neuron)
        # t + s may round to a digit short of t_end, and a step of no length would follow.
        t = t_end if s >= t_end - t else t + s
        h = SHORT / stiff
    return state, ready, n_spikes


class Row(NamedTuple):
    """How much of x, W, F and J there is in one of them after a step."""

    of_x: float
    of_W: float
    of_F: float
    of_J: float


class Propagator(NamedTuple):
    """What a step makes of x, W and F: the matrix exponential of their equations.

    The largest change of the state over the step, times `off_chord`, bounds how far x can leave
    its chord in between.
    """

    x: Row
    W: Row
    F: float
    off_chord: float


@portable
def carried(dt: float, x: float, W: float, F: float, J: float, M: Matrix) -> FilteredState:
    """State after a step without threshold, in pieces short enough for the Taylor series."""
    state = FilteredState(x=x, W=W, F=F)
    left = 1.0 + float(floor(stiffness(M) * dt / SHORT))
    h = dt / left
    while left > 0.0:
        state = moved(h, state, J, M)
        left -= 1.0
    return state


@portable
def propagator(dt: float, neuron: FilteredLIF) -> Propagator:
    """Propagator of a step dt: what becomes of one of each, alone (eq:propagator)."""
    M = matrix_of(neuron)
    x = carried(dt, 1.0, 0.0, 0.0, 0.0, M)
    W = carried(dt, 0.0, 1.0, 0.0, 0.0, M)
    F = carried(dt, 0.0, 0.0, 1.0, 0.0, M)
    J = carried(dt, 0.0, 0.0, 0.0, 1.0, M)
    q = stiffness(M) * dt
    off_chord = 1e300  # no bound, for a long step
    if q <= 1.0:
        # The state changes by at least the divisor times its first derivative times dt.
        off_chord = 0.125 * bend_of(q, 1.0) / (2.0 - (exp(q) - 1.0) / q)
    return Propagator(
        x=Row(of_x=x.x, of_W=W.x, of_F=F.x, of_J=J.x),
        W=Row(of_x=x.W, of_W=W.W, of_F=F.W, of_J=J.W),
        F=F.F,
        off_chord=off_chord,
    )


@portable
def in_row(row: Row, state: FilteredState, J: float):
    """One row of the propagator times the state."""
    return row.of_x * state.x + row.of_W * state.W + row.of_F * state.F + row.of_J * J


@portable
def propagated(step: Propagator, state: FilteredState, J: float) -> FilteredState:
    """The propagator times the state."""
    return FilteredState(
        x=in_row(step.x, state, J),
        W=in_row(step.W, state, J),
        F=step.F * state.F,
    )


@portable
def stays_below(level: float, off_chord: float, state: FilteredState, end: FilteredState):
    """Whether x is sure to stay below `level` over the step: not even off its chord it comes up."""
    change = max(abs(end.x - state.x), abs(end.W - state.W), abs(end.F - state.F))
    return max(state.x, end.x) + off_chord * change < level


@portable
def run_filtered(
    I: Array, dt: float, neuron: FilteredLIF, u_start: float, u: Array, w: Array, spikes: Array
):
    """Drive one neuron with one current; fill `u`, `w`, `spikes`; return the number of spikes."""
    level = neuron.theta - neuron.u_rest
    step = propagator(dt, neuron)
    state = FilteredState(x=u_start - neuron.u_rest, W=0.0, F=0.0)
    ready = 0.0
    n_spikes = 0
    u[0] = u_start
    w[0] = 0.0
    for k in range(len(I) - 1):
        J = neuron.R * I[k]
        end = propagated(step, state, J)
        if stays_below(level, step.off_chord, state, end) and ready <= k * dt:
            state = end
        else:
            state, ready, n_spikes = march(
                k * dt, (k + 1) * dt, state, ready, J, neuron, spikes, n_spikes
            )
        u[k + 1] = neuron.u_rest + state.x
        w[k + 1] = state.W / neuron.R
    return n_spikes
