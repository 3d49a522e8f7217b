"""Synapses that open a conductance, and those that only inject a current.

A presynaptic spike opens channels for a few milliseconds: a conductance g(t) to the reversal
potential E_syn, at which its current changes sign. The membrane of `lif` with synapses is
(eq:conductance-membrane)::

    C du/dt = -(u - u_rest) / R + sum of g(t) (E_syn - u) + I

It is linear in u, and yet no linear filter: g multiplies u. An open synapse makes the membrane
leakier, so that other inputs count for less. That is shunting, and it is there even when u is at
E_syn and the synapse carries no current at all. A current-based synapse has the driving force
frozen at rest, g(t) (E_syn - u_rest), and cannot shunt: the LIF with its filters is all there is
to it (`responses.exponential_psp`, `responses.alpha_psp`).

Left out are the voltage dependence of NMDA receptors, depression and facilitation, the change of
E_syn with the ions' concentrations, and where on the dendrite the synapse sits.
"""

from dataclasses import dataclass
from math import exp, floor, sqrt
from typing import NamedTuple

import numpy as np

from neuro_lib.inputs.currents import arrival_times, require_current, require_step
from neuro_lib.models.lif import LIF, require_lif
from neuro_lib.models.series import first_mean
from neuro_lib.models.simulation import FASTEST
from neuro_lib.models.synapses import conductance_after, require_synapse
from neuro_lib.models.trace import Trace
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.units import MS_PER_S, checked, common_shape, kind_of, number

__all__ = ["SynapticTrace", "effective_time_constant", "simulate_synapses", "steady_potential"]


@dataclass(frozen=True, eq=False, repr=False)
class SynapticTrace(Trace):
    """The course of a simulation with synapses. All arrays are read-only.

    Parameters
    ----------
    t, u, I, spike_times, w : ndarray
        As in `Trace` (ms, mV, nA, ms). I is the current from the electrode, without that of the
        synapses; w is None.
    g : ndarray, shape (number of synapses, n)
        Conductance of each synapse at `t` (µS). A spike that arrives at ``t[k]`` counts already.
    I_syn : ndarray, shape (number of synapses, n)
        Current of each synapse at `t` (nA), positive if it depolarises.

    Examples
    --------
    >>> from neuro_lib import LIF, ExponentialSynapse, constant_current, simulate_synapses
    >>> I = constant_current(0.0, duration=50.0, dt=0.1)
    >>> trace = simulate_synapses(LIF(), I, [(ExponentialSynapse(), [10.0])])
    >>> trace.g.shape, round(float(trace.g[0, 100]), 4), round(float(trace.I_syn[0, 100]), 4)
    ((1, 501), 0.015, 0.975)
    """

    g: np.ndarray | None = None
    I_syn: np.ndarray | None = None


def simulate_synapses(lif, I, inputs, *, u_start=None, conductance_based=True):
    """Drive a neuron with presynaptic spikes, and with a current besides.

    Parameters
    ----------
    lif : LIF
        One neuron.
    I : Current
        Current from an electrode, values of shape (n,); its time step is the integration step.
    inputs : sequence of (Synapse, array_like)
        Each synapse with the times at which spikes arrive (ms), in any order, zero or more.
    u_start : float, optional
        Potential at t = 0 (mV), below threshold; the resting potential unless given.
    conductance_based : bool
        Whether the driving force follows the potential, E_syn - u. If not, it is frozen at rest,
        E_syn - u_rest: the same synapses, current-based.

    Returns
    -------
    SynapticTrace
        Time, potential, spike times; conductance and current of each synapse.

    Raises
    ------
    ValueError
        If a value is not finite or out of range, the neuron or the current is a population, the
        current's time step exceeds τ_m or a τ_s, or the neuron would fire faster than 1 MHz.

    Notes
    -----
    The membrane's equation is linear with coefficients that vary in time. A step takes the
    exponential of their Magnus series at two Gauss points (Blanes et al. 2009, Physics Reports
    470:151-238): of fourth order, stable for any conductance, exact where all conductances are
    constant. Steps end where a spike arrives, so that arrivals need not lie on the grid. Threshold
    crossings are located inside a step; one is missed if within one step the potential comes down
    again and comes up a second time.

    Examples
    --------
    Inhibition with E_syn at rest moves nothing, and yet the EPSP is smaller:

    >>> from neuro_lib import LIF, ExponentialSynapse, constant_current
    >>> lif = LIF(tau_m=20.0, R=100.0, u_rest=-65.0)
    >>> excitatory = ExponentialSynapse(g_max=0.015, tau_s=3.0, E_syn=0.0)
    >>> inhibitory = ExponentialSynapse(g_max=0.030, tau_s=10.0, E_syn=-65.0)
    >>> I = constant_current(0.0, duration=100.0, dt=0.1)
    >>> def height(*inputs, **how):
    ...     return round(float(simulate_synapses(lif, I, inputs, **how).u.max()) + 65.0, 2)
    >>> e, i = (excitatory, [25.0]), (inhibitory, [20.0])
    >>> height(e), height(i), height(e, i)
    (9.53, 0.0, 7.66)
    """
    synapses, arrivals = _inputs(lif, I, inputs)
    u_start = lif.u_rest if u_start is None else u_start
    u_start = number("u_start", u_start, "mV", "potential at the start")
    if u_start >= lif.theta:
        raise ValueError(
            f"u_start = {u_start:g} mV: the potential at the start must be < theta = "
            f"{lif.theta:g} mV"
        )
    for name, tau in [("tau_m", lif.tau_m), *(("tau_s", s.tau_s) for s in synapses)]:
        require_step(I.dt, name, tau)
    n, several = I.values.size, len(synapses)
    kick_x, kick_g = np.array([synapse._kicks for synapse in synapses]).reshape(-1, 2).T
    E_syn = np.array([synapse.E_syn for synapse in synapses])
    tau_s = np.array([synapse.tau_s for synapse in synapses])
    open_to = Synapses(kick_x, kick_g, tau_s, E_syn - lif.u_rest, bool(conductance_based))
    u, g, limit = np.empty(n), np.empty(several * n), FASTEST / MS_PER_S * I.dt * n

    def run(spikes):
        course = SynapticCourse(u, g, spikes)
        return run_synapses(I.values, I.dt, lif, u_start, arrivals, open_to, limit, course)

    spikes = np.empty(n)
    found = run(spikes)
    if found > limit:
        raise ValueError(
            "inputs: the synapses must be so weak that the neuron fires at less than 1e+06 Hz; "
            "are these µS?"
        )
    if found > n:
        spikes = np.empty(found)
        run(spikes)
    g = g.reshape(several, n)
    driving = E_syn[:, None] - (u if conductance_based else lif.u_rest)
    return SynapticTrace(
        t=I.t, u=u, I=I.values, spike_times=spikes[:found].copy(), g=g, I_syn=g * driving
    )


def _inputs(lif, I, inputs):
    """Check; return the synapses, and all arrivals in order."""
    require_lif(lif)
    require_current(I)
    if lif.shape or I.values.ndim > 1:
        raise ValueError(
            f"synapses take one neuron and one current; got shapes {lif.shape} and "
            f"{I.values.shape[:-1]}"
        )
    try:
        pairs = [(synapse, train) for synapse, train in inputs]
    except (TypeError, ValueError):
        raise TypeError(
            "inputs must be a sequence of pairs, each a synapse with its times, not "
            f"{kind_of(inputs)}"
        ) from None
    synapses = [require_synapse(synapse) for synapse, _ in pairs]
    trains = [arrival_times("arrivals", train) for _, train in pairs]
    arrivals = np.concatenate([np.empty(0), *trains])
    which = np.repeat(np.arange(len(trains), dtype=float), [train.size for train in trains])
    order = np.argsort(arrivals, kind="stable")
    return synapses, SynapticArrivals(arrivals[order], which[order])


def effective_time_constant(lif, g):
    """Time constant of the membrane with open synapses, whatever they are open to.

    Parameters
    ----------
    lif : LIF
        The neuron, or a population.
    g : float or array_like
        Sum of the synaptic conductances (µS), zero or more; broadcasts against the neuron's
        parameters.

    Returns
    -------
    float or ndarray
        Effective time constant (ms).

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> effective_time_constant(LIF(tau_m=20.0, R=100.0), [0.0, 0.01, 0.03])
    array([20., 10.,  5.])
    """
    require_lif(lif)
    g = checked("g", g, "µS", "synaptic conductance", at_least=0)
    common_shape(neurons=lif.shape, g=np.shape(g))
    return shunted.over(lif.tau_m, lif.R, g)


def steady_potential(lif, g, E_syn, *, I=0.0):
    """Potential at which the membrane settles while synapses are open.

    It is the mean of u_rest + R I and the reversal potentials, weighted with 1/R and each g.

    Parameters
    ----------
    lif : LIF
        One neuron.
    g : float or array_like, shape (..., number of synapses)
        Conductances (µS), zero or more.
    E_syn : float or array_like, shape (..., number of synapses)
        Their reversal potentials (mV).
    I : float
        Current from an electrode (nA).

    Returns
    -------
    float or ndarray, shape (...)
        Potential (mV), as if there were no threshold.

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> steady_potential(LIF(R=100.0, u_rest=-65.0), [0.01, 0.03], [0.0, -65.0])
    -52.0
    """
    require_lif(lif)
    g = np.atleast_1d(checked("g", g, "µS", "synaptic conductance", at_least=0))
    E_syn = np.atleast_1d(checked("E_syn", E_syn, "mV", "reversal potential"))
    I = number("I", I, "nA", "current")
    if lif.shape:
        raise ValueError(f"steady_potential takes one neuron; got shape {lif.shape}")
    common_shape(g=g.shape, E_syn=E_syn.shape)
    total, pull = np.sum(g + 0.0 * E_syn, axis=-1), np.sum(g * E_syn, axis=-1)
    return settled.over(lif.u_rest, lif.R, I, total, pull)


# The functions that run in every engine. A synapse's state is its conductance g and, for an
# α-shaped one, the rise that is under way, x: a spike adds to one of them its kick, and
#     tau_s dg/dt = x - g        tau_s dx/dt = -x
# The potential is counted from rest, v = u - u_rest, and dv/dt = b - leak v.

EARLY = 0.5 - sqrt(3.0) / 6.0  # the two points of Gauss in a step of length 1: with values there
LATE = 0.5 + sqrt(3.0) / 6.0  # alone, integrals of cubics are exact, and the step is of order four
MAGNUS = sqrt(3.0) / 12.0  # of the term for coefficients that do not commute with themselves later
NEVER = 1e300
ROUNDING = 3e-14  # of the threshold above rest: rounding carries v as far, but never further
HALVINGS = 60  # of an interval: more than a float's 53 digits can tell apart


class SynapticArrivals(NamedTuple):
    """Presynaptic spikes, in the order of time (ms), with the number of each one's synapse."""

    when: Array
    which: Array


class Synapses(NamedTuple):
    """What a spike adds to each synapse (µS), its time constant (ms), E_syn - u_rest (mV).

    If they are not `shunting`, their driving force is frozen at rest.
    """

    kick_x: Array
    kick_g: Array
    tau_s: Array
    gap: Array
    shunting: bool


class OpenSynapses(NamedTuple):
    """The state of each synapse (µS)."""

    x: Array
    g: Array


class SynapticCourse(NamedTuple):
    """What a run fills: u (mV), one synapse's conductances after another's (µS), spikes (ms)."""

    u: Array
    g: Array
    spikes: Array


@portable
def shunted(tau_m: float, R: float, g: float):
    """Effective time constant (ms), tau_m / (1 + R g) (eq:effective-tau)."""
    return tau_m / (1.0 + R * g)


@portable
def settled(u_rest: float, R: float, I: float, total: float, pull: float):
    """Steady potential (mV), (u_rest + R (I + Σ g E_syn)) / (1 + R Σ g) (eq:steady-potential).

    `total` is Σ g (µS), `pull` is Σ g E_syn (nA).
    """
    return (u_rest + R * (I + pull)) / (1.0 + R * total)


@portable
def coefficients(s: float, now: OpenSynapses, synapses: Synapses, lif: LIF, I: float):
    """Leak (1/ms) and b (mV/ms) a time s from now."""
    C = lif.tau_m / lif.R
    total = 0.0
    push = I
    for j in range(len(now.g)):
        later = conductance_after(s, now.x[j], now.g[j], synapses.tau_s[j])
        total += later
        push += later * synapses.gap[j]
    if not synapses.shunting:
        total = 0.0
    return 1.0 / lif.tau_m + total / C, push / C


@portable
def magnus_step(v: float, h: float, leak: float, b: float, leak_late: float, b_late: float):
    """Carry v across a step of length h, from leak and b at its two Gauss points."""
    decay = 0.5 * h * (leak + leak_late)
    gain = 0.5 * h * (b + b_late) + MAGNUS * h * h * (leak * b_late - leak_late * b)
    return v * exp(-decay) + gain * first_mean(decay)


@portable
def potential_after(v: float, h: float, now: OpenSynapses, synapses: Synapses, lif: LIF, I: float):
    """Potential a time h later."""
    leak, b = coefficients(EARLY * h, now, synapses, lif, I)
    leak_late, b_late = coefficients(LATE * h, now, synapses, lif, I)
    return magnus_step(v, h, leak, b, leak_late, b_late)


@portable
def ceiling(v: float, h: float, now: OpenSynapses, synapses: Synapses, lif: LIF, I: float):
    """Bound on v for a time h: above rest, nothing but a push from outside makes it rise."""
    push = max(I, 0.0)
    for j in range(len(now.g)):
        push += (now.g[j] + now.x[j]) * max(synapses.gap[j], 0.0)
    return max(v, 0.0) + h * push / (lif.tau_m / lif.R)


@portable
def slope_after(v: float, h: float, now: OpenSynapses, synapses: Synapses, lif: LIF, I: float):
    """Slope of the potential a time h later (mV/ms)."""
    leak, b = coefficients(h, now, synapses, lif, I)
    return b - leak * potential_after(v, h, now, synapses, lif, I)


@portable
def time_of_peak(v: float, h: float, now: OpenSynapses, synapses: Synapses, lif: LIF, I: float):
    """Time within h at which v, if it rises at first and falls in the end, is at its highest."""
    low = 0.0
    high = h
    if slope_after(v, 0.0, now, synapses, lif, I) <= 0.0:
        return h
    if slope_after(v, h, now, synapses, lif, I) >= 0.0:
        return h
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if slope_after(v, middle, now, synapses, lif, I) > 0.0:
            low = middle
        else:
            high = middle
    return high


@portable
def first_crossing(
    v: float,
    h: float,
    level: float,
    now: OpenSynapses,
    synapses: Synapses,
    lif: LIF,
    I: float,
):
    """Time within h at which v first comes to `level`; NEVER if it does not."""
    high = h
    if potential_after(v, h, now, synapses, lif, I) < level:
        high = time_of_peak(v, h, now, synapses, lif, I)
        if potential_after(v, high, now, synapses, lif, I) < level:
            return NEVER
    low = 0.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if potential_after(v, middle, now, synapses, lif, I) < level:
            low = middle
        else:
            high = middle
    return high


@portable
def run_synapses(
    I: Array,
    dt: float,
    lif: LIF,
    u_start: float,
    arrivals: SynapticArrivals,
    synapses: Synapses,
    limit: float,
    course: SynapticCourse,
):
    """Drive one neuron with a current and with presynaptic spikes.

    Fills the course; returns the number of spikes. Beyond `limit` of them it stops.
    """
    # A potential that comes to rest at threshold never crosses, though rounding takes it there.
    level = (lif.theta - lif.u_rest) * (1.0 + ROUNDING)
    when = arrivals.when
    now = OpenSynapses(x=zeros(len(synapses.tau_s)), g=zeros(len(synapses.tau_s)))
    x = now.x
    g = now.g
    v = u_start - lif.u_rest
    ready = 0.0
    n_spikes = 0
    arrived = 0
    t = 0.0
    for k in range(len(I)):
        t_end = k * dt
        while t < t_end or (arrived < len(when) and when[arrived] <= t):
            if arrived < len(when) and when[arrived] <= t:
                hit = floor(arrivals.which[arrived])
                x[hit] += synapses.kick_x[hit]
                g[hit] += synapses.kick_g[hit]
                arrived += 1
                continue
            stop = t_end
            if arrived < len(when):
                stop = min(stop, when[arrived])
            if t < ready:
                stop = min(stop, ready)
            else:
                push = I[max(k - 1, 0)]
                crossing = NEVER
                if ceiling(v, stop - t, now, synapses, lif, push) >= level:
                    crossing = first_crossing(v, stop - t, level, now, synapses, lif, push)
                if crossing < NEVER:
                    stop = min(t + crossing, stop)
                    if n_spikes < len(course.spikes):
                        course.spikes[n_spikes] = stop
                    n_spikes += 1
                    if float(n_spikes) > limit:
                        return n_spikes
                    v = lif.u_r - lif.u_rest
                    ready = stop + lif.t_ref
                else:
                    v = potential_after(v, stop - t, now, synapses, lif, push)
            for j in range(len(g)):
                g[j] = conductance_after(stop - t, x[j], g[j], synapses.tau_s[j])
                x[j] *= exp(-(stop - t) / synapses.tau_s[j])
            t = stop
        course.u[k] = lif.u_rest + v
        at = k
        for j in range(len(g)):
            course.g[at] = g[j]
            at += len(I)
    return n_spikes
