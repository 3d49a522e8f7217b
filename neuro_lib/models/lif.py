"""The leaky integrate-and-fire neuron.

Below threshold the membrane is a resistor and a capacitor (`if_model`, eq:membrane)::

    tau_m du/dt = -(u - u_rest) + R I

When u reaches theta the neuron fires: that instant is a firing time t^f, u is set to u_r, and
for the refractory time t_ref it stays there (eq:threshold).

For a current that is constant within each time step the solution is known, so nothing is
approximated: `relax` carries u across a step, and `time_to_threshold` says where inside it a
spike falls. Spike times therefore do not depend on dt. `euler` is here as the lesson on what
happens otherwise.
"""

from dataclasses import dataclass
from math import exp, log1p

import numpy as np

from neuro_lib.inputs.currents import require_current
from neuro_lib.inputs.steps import in_steps
from neuro_lib.models.trace import Trace
from neuro_lib.portable import Array, portable
from neuro_lib.units import MS_PER_S, Parameters, checked, common_shape, quantity, require_kind

__all__ = ["LIF", "euler"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Membrane(Parameters):
    """What integrate-and-fire neurons with a sharp threshold share: membrane, threshold, reset.

    Parameters
    ----------
    tau_m, R, u_rest, theta, u_r, t_ref : float or array_like
        See `LIF`.

    Raises
    ------
    ValueError
        If a value is not finite or out of range, or shapes do not broadcast.
    """

    tau_m: float = quantity(10.0, "τ_m", "ms", "membrane time constant", above=0)
    R: float = quantity(50.0, "R", "MΩ", "membrane resistance", above=0)
    u_rest: float = quantity(-65.0, "u_rest", "mV", "resting potential")
    theta: float = quantity(-50.0, "θ", "mV", "firing threshold")
    u_r: float = quantity(-65.0, "u_r", "mV", "reset potential")
    t_ref: float = quantity(0.0, "t_ref", "ms", "absolute refractory time", at_least=0)

    def __post_init__(self):
        super().__post_init__()
        self.require_above("theta", "u_r")
        self.require_above("theta", "u_rest")

    @property
    def C(self):
        """Membrane capacitance τ_m / R (nF) (eq:capacitance)."""
        return self.tau_m / self.R

    @property
    def ceiling(self):
        """The potential below which a run starts (mV): the threshold."""
        return self.theta


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class LIF(Membrane):
    """Leaky integrate-and-fire neuron, or a population of them.

    The model has one variable and no memory of earlier spikes: it cannot adapt, burst or
    rebound, its synapses cannot shunt, and it has no shape (`limitations`).

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
        Absolute refractory time (ms), zero or more.

    Raises
    ------
    ValueError
        If a value is not finite or out of range, or shapes do not broadcast.

    References
    ----------
    Gerstner, Kistler, Naud and Paninski (2014), *Neuronal Dynamics*, section 1.3.

    Examples
    --------
    >>> lif = LIF(tau_m=10.0, R=50.0, theta=-50.0)
    >>> lif.C, lif.rheobase
    (0.2, 0.3)
    >>> round(lif.firing_rate(0.4), 2)
    72.13
    """

    variables = ("u",)
    time_constants = ("tau_m",)

    @property
    def rheobase(self):
        """Smallest constant current that reaches threshold, (θ - u_rest) / R (nA).

        At exactly this current u approaches θ and never reaches it.
        """
        return lowest_current.over(self.R, self.u_rest, self.theta)

    def firing_rate(self, I):
        """Firing rate under a constant current: the f-I curve, in closed form.

        Parameters
        ----------
        I : float or array_like, shape (...)
            Constant current (nA); broadcasts against the neuron's parameters.

        Returns
        -------
        float or ndarray
            Rate (Hz); zero at and below the rheobase.

        Examples
        --------
        >>> LIF(t_ref=2.0).firing_rate([0.3, 0.4]).round(2)
        array([ 0.  , 63.04])
        """
        I = checked("I", I, "nA", "constant current")
        common_shape(I=np.shape(I), neurons=self.shape)
        return rate.over(I, *self.arguments())

    def highest_rate(self, I):
        """Bound on the firing rate (Hz) while the current is at most `I` (nA)."""
        return self.firing_rate(I)

    @property
    def loop(self):
        """The portable loop that runs one neuron."""
        return run


def euler(lif, I):
    """Integrate by forward Euler: the lesson, not the tool.

    Each step assumes that the slope at its start holds to its end, and a spike is seen only at
    the end of the step in which it falls; the refractory time is rounded up to whole steps. The
    error shrinks in proportion to dt; for ``dt > 2 τ_m`` the potential explodes. `simulate` has
    none of these faults.

    Parameters
    ----------
    lif : LIF
        One neuron.
    I : Current
        Input of shape (n,).

    Returns
    -------
    Trace
        As from `simulate`, with spikes on the time grid.

    Raises
    ------
    ValueError
        If the neuron or the input is a population.
    TypeError
        If `lif` is no `LIF`, or `I` no `Current`.

    Examples
    --------
    >>> from neuro_lib import constant_current
    >>> I = constant_current(0.4, duration=20.0, dt=1.0)
    >>> euler(LIF(), I).spike_times  # exact: 13.863
    array([14.])
    """
    require_lif(lif)
    require_current(I)
    if lif.shape or I.values.ndim > 1:
        raise ValueError(
            f"euler takes one neuron and one current; got shapes {lif.shape} and "
            f"{I.values.shape[:-1]}"
        )
    u, spikes = np.empty(I.values.size), np.empty(I.values.size)
    n = euler_run(I.values, I.dt, lif, lif.u_rest, u, spikes)
    return Trace(t=I.t, u=u, I=I.values, spike_times=spikes[:n].copy())


# The loops, each written once for every engine; a current and a potential are arrays over time.


@portable
def heads_for(I: float, R: float, u_rest: float):
    """Potential that u heads for under a current, u_inf (mV)."""
    return u_rest + R * I


@portable
def relax(u: float, u_inf: float, keep: float):
    """Carry u towards u_inf; `keep` = exp(-elapsed / tau_m) is what is left (eq:relax)."""
    return u_inf + (u - u_inf) * keep


@portable
def relax_for(s: float, u: float, u_inf: float, tau_m: float):
    """Carry u towards u_inf for a time s."""
    return relax(u, u_inf, exp(-s / tau_m))


@portable
def time_to_threshold(u: float, u_inf: float, theta: float, tau_m: float):
    """Time that u, on its way to u_inf > theta, takes to reach theta (eq:time)."""
    return tau_m * log1p((theta - u) / (u_inf - theta))


@portable
def lowest_current(R: float, u_rest: float, theta: float):
    """Rheobase: the smallest constant current that takes u to theta (eq:rheobase)."""
    return (theta - u_rest) / R


@portable
def rate(I: float, tau_m: float, R: float, u_rest: float, theta: float, u_r: float, t_ref: float):
    """Firing rate under a constant current (Hz) (eq:rate)."""
    u_inf = heads_for(I, R, u_rest)
    if u_inf <= theta:
        return 0.0
    return MS_PER_S / (t_ref + time_to_threshold(u_r, u_inf, theta, tau_m))


@portable
def integrate(
    t: float,
    t_end: float,
    u: float,
    u_inf: float,
    keep: float,
    tau_m: float,
    u_r: float,
    ready: float,
):
    """Carry u from t to t_end, without threshold; until `ready` it is held at u_r."""
    if ready <= t:
        return relax(u, u_inf, keep)
    if ready < t_end:
        return relax_for(t_end - ready, u_r, u_inf, tau_m)
    return u_r


@portable
def fire(
    t: float,
    t_end: float,
    u: float,
    u_end: float,
    u_inf: float,
    lif: LIF,
    spikes: Array,
    n_spikes: int,
):
    """Place the spikes between t and t_end, if without them u would be `u_end` at t_end.

    Returns u at t_end with them; `ready`, the time from which the membrane integrates again;
    and the number of spikes so far. What `spikes` has no room for is counted, not stored.
    """
    # At u_inf = theta rounding carries u to theta; the neuron never gets there.
    while u_end >= lif.theta and u_inf > lif.theta:
        t = min(t + time_to_threshold(u, u_inf, lif.theta, lif.tau_m), t_end)
        if n_spikes < len(spikes):
            spikes[n_spikes] = t
        n_spikes += 1
        u = lif.u_r
        t += lif.t_ref
        if t >= t_end:
            break
        u_end = relax_for(t_end - t, u, u_inf, lif.tau_m)
    return u if t >= t_end else u_end, t, n_spikes


@portable
def run(I: Array, dt: float, lif: LIF, u_start: float, u: Array, spikes: Array):
    """Drive one neuron with one current; fill `u` and `spikes`; return the number of spikes."""
    keep = exp(-dt / lif.tau_m)
    ready = 0.0
    n_spikes = 0
    u[0] = u_start
    for k in range(len(I) - 1):
        t = k * dt
        t_end = (k + 1) * dt
        u_inf = heads_for(I[k], lif.R, lif.u_rest)
        u_end = integrate(t, t_end, u[k], u_inf, keep, lif.tau_m, lif.u_r, ready)
        if u_end >= lif.theta:
            t = max(t, ready)
            u_end, ready, n_spikes = fire(t, t_end, u[k], u_end, u_inf, lif, spikes, n_spikes)
        u[k + 1] = u_end
    return n_spikes


@portable
def euler_step(u: float, I: float, dt: float, tau_m: float, R: float, u_rest: float):
    """Where the slope at u leads in a step (eq:euler)."""
    return u + dt * (-(u - u_rest) + R * I) / tau_m


@portable
def euler_run(I: Array, dt: float, lif: LIF, u_start: float, u: Array, spikes: Array):
    """Do as `run` does, wrongly: with slopes held for a whole step and spikes on the grid."""
    pause = in_steps(lif.t_ref, dt)
    held = 0.0  # steps for which u is still held
    n_spikes = 0
    u[0] = u_start
    for k in range(len(I) - 1):
        if held > 0.0:
            u[k + 1] = lif.u_r
            held -= 1.0
        else:
            u[k + 1] = euler_step(u[k], I[k], dt, lif.tau_m, lif.R, lif.u_rest)
        if u[k + 1] >= lif.theta:
            spikes[n_spikes] = (k + 1) * dt
            n_spikes += 1
            u[k + 1] = lif.u_r
            held = pause
    return n_spikes


def require_lif(lif):
    """Refuse a model with further variables: its membrane has another kernel."""
    require_kind("lif", lif, LIF)
