"""A neuron with a shape: a soma that fires, and two dendritic branches.

Three compartments share one kind of membrane, of time constant tau_m. Each branch holds the
fraction p of it and is coupled to the soma, and only to the soma, by the conductance g_c. In
potentials v above rest, with C_d = p tau_m/R and C_s = (1 - 2p) tau_m/R::

    C_d dv_1/dt = -(C_d/tau_m) v_1 + g_c (v_s - v_1) + J_1,   and so for branch 2
    C_s dv_s/dt = -(C_s/tau_m) v_s + g_c (v_1 + v_2 - 2 v_s) + J_s

What flows in, J, is an injected current and the synapses, whose NMDA channels open with the
potential they themselves change (`magnesium_block`)::

    J = I + (g_AMPA + g_NMDA B(u)) (0 mV - u)

The soma fires at theta and is reset to u_r; the branches are not, they feel it through g_c.

The passive part has three modes, each with a rate of its own: the mean of all the membrane, which
is an integrate-and-fire neuron; the difference between the branches; and that between branches
and soma. In modes the propagator is three exponentials, so that injected currents, constant
within each time step, are integrated exactly. Synapses are integrated by exponential time
differencing of fourth order (ETDRK4; Cox and Matthews 2002), which is that propagator as long
as they are silent. A spike is where a step of just the right length ends at theta.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, expm1, sqrt
from typing import NamedTuple

import numpy as np

from neuro_lib.inputs.currents import require_current, require_step
from neuro_lib.models.lif import LIF, Membrane
from neuro_lib.models.nmda import E_SYN, nmda_norm, unblocked
from neuro_lib.models.simulation import FASTEST
from neuro_lib.models.trace import Trace
from neuro_lib.portable import Array, portable
from neuro_lib.units import MS_PER_S, SAME, checked, kind_of, number, quantity, require_kind, whole
from neuro_lib.values import Record

__all__ = ["BranchedLIF", "BranchedTrace", "SynapticInput", "simulate_branches"]

SITES = 3  # soma, branch 1, branch 2
BRISK = 0.5  # the most that g/C times a step may be: beyond it, the step is divided
DIVISIONS = 1e4  # ... into so many at most
NEAR = 1e-12  # mV or mV/ms; so near to a level is on it
TRIALS = 100  # to come so near; some ten are enough


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BranchedLIF(Membrane):
    """Integrate-and-fire soma with two dendritic branches (eq:dendrite-compartments).

    The defaults are a pyramidal cell with two thin basal branches. 0.003 µS is the conductance
    of 100 µm of dendrite, 0.75 µm thick, at 150 Ω·cm; a branch has 10 pF, or about 1000 µm² of
    membrane, spines included, at 1 µF/cm².

    A branch is one compartment: within it there is no place, and no attenuation. There are no
    sodium or calcium channels in it, and no spike travels back into it.

    Parameters
    ----------
    tau_m : float
        Membrane time constant τ_m (ms), greater than zero, the same everywhere.
    R : float
        Membrane resistance (MΩ) of all three compartments together, greater than zero.
    u_rest : float
        Resting potential (mV).
    theta : float
        Firing threshold θ of the soma (mV), above both `u_rest` and `u_r`.
    u_r : float
        Reset potential of the soma (mV).
    t_ref : float
        Absolute refractory time (ms), zero or more; the soma is held at `u_r` meanwhile.
    p : float
        Fraction of the membrane in each branch (a pure number), between 0 and 0.5.
    g_c : float
        Coupling conductance between a branch and the soma (µS), greater than zero.
    tau_ampa : float
        Decay of the AMPA conductance (ms), greater than zero; it rises at once.
    tau_rise : float
        Rise of the NMDA conductance (ms), greater than zero.
    tau_nmda : float
        Decay of the NMDA conductance (ms), greater than `tau_rise`.
    Mg : float
        Magnesium concentration outside the cell (mM), zero or more; zero lifts the block.

    Raises
    ------
    ValueError
        If a value is not one finite number in range.

    Notes
    -----
    As g_c grows all compartments become one. Subthreshold, that one is the `LIF` with the same
    parameters. With t_ref > 0 it fires as that does, too, because a soma held at u_r drains the
    branches; with t_ref = 0 the branches keep their charge, and refill the soma at once to
    ``theta - (1 - 2p) (theta - u_r)``, which is then the reset potential of the LIF.

    References
    ----------
    Jahr and Stevens (1990), J. Neurosci. 10:3178, the magnesium block. Schiller, Major, Koester
    and Schiller (2000), Nature 404:285, NMDA spikes: 5.9 ± 1.5 mV at the soma, half-width 64.4 ±
    19.8 ms. Time constants within what compartmental models of cortical cells use: AMPA 3 ms, NMDA
    50 ms (PubMed Central PMC6792789, table 1), rise 5 ms (PMC6636706, table 1).

    Examples
    --------
    >>> neuron = BranchedLIF()
    >>> neuron.mode_time_constants.round(2)  # ms
    array([10.  ,  2.5 ,  2.31])
    >>> round(neuron.attenuation(1, 0), 3)  # of 1 mV in branch 1 this is seen at the soma
    0.138
    """

    t_ref: float = quantity(2.0, "t_ref", "ms", "absolute refractory time", at_least=0)
    p: float = quantity(0.05, "p", "", "fraction of the membrane in each branch", above=0)
    g_c: float = quantity(0.003, "g_c", "µS", "coupling of a branch to the soma", above=0)
    tau_ampa: float = quantity(3.0, "τ_AMPA", "ms", "decay time of AMPA channels", above=0)
    tau_rise: float = quantity(5.0, "τ_rise", "ms", "rise time of NMDA channels", above=0)
    tau_nmda: float = quantity(50.0, "τ_NMDA", "ms", "decay time of NMDA channels", above=0)
    Mg: float = quantity(1.0, "[Mg²⁺]", "mM", "magnesium concentration", at_least=0)

    def __post_init__(self):
        super().__post_init__()
        for name in self.quantities():
            if np.ndim(getattr(self, name)):
                raise ValueError(
                    f"{name} has shape {np.shape(getattr(self, name))}: a BranchedLIF is one neuron"
                )
        self.require_above("tau_nmda", "tau_rise", by=SAME)
        if self.p >= 0.5:
            raise ValueError(
                f"p = {self.p:g}: the fraction of the membrane in each branch must be < 0.5"
            )

    @property
    def capacitances(self):
        """Capacitance of soma, branch 1, branch 2 (nF), shape (3,)."""
        modes = self._modes
        return np.array([modes.C_s, modes.C_d, modes.C_d])

    @property
    def soma_leak(self):
        """Leak conductance of the soma's own membrane (µS), (1 - 2p) / R."""
        return (1 - 2 * self.p) / self.R

    @property
    def mode_time_constants(self):
        """Time constants of the three modes (ms), shape (3,) (eq:dendrite-modes).

        Of the mean potential, τ_m; of the difference between the branches,
        1/(1/τ_m + g_c/C_d); of that between branches and soma, 1/(1/τ_m + g_c/C_d + 2 g_c/C_s).
        """
        return 1 / np.array(self._modes.rates)

    @property
    def _modes(self):
        return free_modes(self.tau_m, self.R, self.p, self.g_c)

    def _shapes(self):
        """Shapes of the modes, (modes, sites)."""
        soma, branch = np.array(self._modes.soma), np.array(self._modes.branch)
        return np.stack([soma, branch, branch * [1, -1, 1]], axis=-1)

    def green_matrix(self, s):
        """Answer of each compartment to charge injected into each, below threshold.

        Parameters
        ----------
        s : float or array_like, shape (n,)
            Time since the charge (ms); before it there is no answer.

        Returns
        -------
        ndarray, shape (3, 3) or (n, 3, 3)
            Deflection per charge (mV/pC), ``[..., i, j]`` at i of charge at j; 0 is the soma.
            The matrix is symmetric.
        """
        s = np.asarray(checked("s", s, "ms", "time since the charge"))
        rates, shapes = np.array(self._modes.rates), self._shapes()
        decays = np.where(s[..., None] >= 0, np.exp(-rates * np.maximum(s, 0)[..., None]), 0.0)
        return np.einsum("...m,mi,mj->...ij", decays, shapes, shapes)

    def transfer_impedance(self, f=0.0):
        """Steady answer of each compartment to a sinusoidal current into each.

        Parameters
        ----------
        f : float or array_like, shape (n,)
            Frequency (Hz), zero or more; at zero this is the transfer resistance.

        Returns
        -------
        ndarray of complex, shape (3, 3) or (n, 3, 3)
            Potential per current (MΩ), ``[..., i, j]`` at i of the current at j; 0 is the soma.
        """
        f = np.asarray(checked("f", f, "Hz", "frequency", at_least=0))
        rates, shapes = np.array(self._modes.rates), self._shapes()
        filters = 1 / (rates + 2j * np.pi * f[..., None] / MS_PER_S)
        return np.einsum("...m,mi,mj->...ij", filters, shapes, shapes)

    def attenuation(self, source, target, f=0.0):
        """Part of the potential in one compartment seen in another (eq:dendrite-attenuation).

        Inwards it is small and outwards near 1: the soma is a heavy load, a branch is not.

        Parameters
        ----------
        source : int
            Compartment that gets a current: 0 is the soma, 1 and 2 are the branches.
        target : int
            Compartment that is looked at.
        f : float or array_like, shape (n,)
            Frequency of the current (Hz), zero or more; fast potentials are attenuated more.

        Returns
        -------
        float or ndarray, shape (n,)
            Ratio of the amplitudes (a pure number, between 0 and 1).
        """
        source, target = _site("source", source), _site("target", target)
        Z = np.abs(self.transfer_impedance(f))
        ratio = Z[..., target, source] / Z[..., source, source]
        return ratio if ratio.ndim else float(ratio)


@dataclass(frozen=True, kw_only=True, eq=False)
class SynapticInput(Record):
    """Spikes that arrive together at some synapses of one compartment.

    Ten synapses of 0.5 nS are one input of 0.005 µS.

    Parameters
    ----------
    site : int
        Where: 0 is the soma, 1 and 2 are the branches.
    times : float or array_like, shape (n,)
        When the spikes arrive (ms), zero or more.
    ampa : float
        Peak AMPA conductance of each spike (µS), zero or more.
    nmda : float
        Peak NMDA conductance of each spike, had the channels no block (µS), zero or more.

    Raises
    ------
    ValueError
        If a value is not finite or out of range.

    Examples
    --------
    >>> SynapticInput(site=1, times=[10.0, 15.0], ampa=0.005, nmda=0.01).times
    array([10., 15.])
    """

    site: int
    times: np.ndarray
    ampa: float = 0.0
    nmda: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "site", _site("site", self.site))
        what = "ms", "times of arrival"
        times = checked("times", self.times, *what, at_least=0, leave_out_masked=True)
        times = np.atleast_1d(times)
        if times.ndim > 1:
            raise ValueError(f"times has shape {times.shape}: times of arrival (ms) are one row")
        times.flags.writeable = False
        object.__setattr__(self, "times", times)
        for name in ("ampa", "nmda"):
            g = number(name, getattr(self, name), "µS", "conductance", at_least=0)
            object.__setattr__(self, name, g)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class BranchedTrace(Trace):
    """The course of a simulation of a `BranchedLIF`; `u` is the soma's. All arrays are read-only.

    Parameters
    ----------
    t : ndarray, shape (n,)
        Time (ms).
    u : ndarray, shape (n,)
        Potential of the soma at `t` (mV).
    I : ndarray, shape (3, n)
        Currents injected into soma and branches (nA).
    spike_times : ndarray, shape (number of spikes,)
        Firing times of the soma (ms).
    w : None
        This neuron has no adaptation current (nA).
    u_d : ndarray, shape (2, n)
        Potentials of the branches at `t` (mV).

    Examples
    --------
    >>> from neuro_lib import constant_current
    >>> I = constant_current(0.0, duration=100.0, dt=0.1)
    >>> cluster = SynapticInput(site=1, times=10.0, ampa=0.006, nmda=0.018)
    >>> trace = simulate_branches(BranchedLIF(), [cluster], I)
    >>> trace.u_d.max(axis=1).round(1)  # an NMDA spike here, its echo there
    array([-17.8, -60.5])
    """

    u_d: np.ndarray

    def __repr__(self):
        spikes = self.spike_count
        return f"<BranchedTrace: soma and 2 branches, {self.t[-1]:g} ms, {spikes} spikes>"


def simulate_branches(neuron, inputs, I):
    """Drive a neuron that has branches with synapses and currents, from rest.

    Parameters
    ----------
    neuron : BranchedLIF
        The neuron.
    inputs : sequence of SynapticInput
        What arrives at its synapses; it may be empty.
    I : Current
        Injected current, values of shape (n,) into the soma or (3, n) into soma and branches; its
        grid is the trace's.

    Returns
    -------
    BranchedTrace
        Time, potentials, current and spike times.

    Raises
    ------
    TypeError
        If `neuron`, `inputs` or `I` is of another kind.
    ValueError
        If the shape of `I` is another, its time step exceeds τ_m, a conductance is too large for
        the time step, or the neuron would fire faster than 1 MHz.

    Notes
    -----
    Without synapses potentials and spike times are exact, whatever dt. With them the error falls
    as dt to the fourth; arrivals need not lie on the grid. A potential that crosses θ twice
    within one step, so that its slope changes sign there, is found as well.

    References
    ----------
    Cox and Matthews (2002), J. Comput. Phys. 176:430-455.

    Examples
    --------
    >>> from neuro_lib import constant_current
    >>> I = constant_current(0.0, duration=100.0, dt=0.1)
    >>> at_once = dict(times=10.0, ampa=0.002, nmda=0.006)
    >>> one, two = (SynapticInput(site=site, **at_once) for site in (1, 2))
    >>> for inputs in ([one], [one, two], [one, one]):
    ...     print(round(simulate_branches(BranchedLIF(), inputs, I).u.max() + 65, 2), "mV")
    1.35 mV
    2.77 mV
    4.24 mV
    """
    require_kind("neuron", neuron, BranchedLIF)
    require_current(I)
    n = I.values.shape[-1]
    if I.values.shape not in ((n,), (SITES, n)):
        raise ValueError(
            f"I has shape {I.values.shape}: the current must have shape (n,) or (3, n)"
        )
    require_step(I.dt, "tau_m", neuron.tau_m)
    currents = np.zeros((SITES, n))
    currents[: I.values.size // n] = I.values
    events = _events(inputs)
    _refuse_conductance(neuron, I.dt, events)
    _refuse_fast(neuron, currents)
    rows = np.full((SITES, n), neuron.u_rest)
    spikes = np.empty(n)
    setting = Branches(*currents), I.dt, neuron, Arrivals(*events), Branches(*rows)
    found = run_branches(*setting, spikes)
    if found > n:
        spikes = np.empty(found)
        run_branches(*setting, spikes)
    return BranchedTrace(
        t=I.t, u=rows[0], I=currents, spike_times=spikes[:found].copy(), u_d=rows[1:]
    )


def _events(inputs):
    """All arrivals in the order of time: when, where, AMPA, NMDA."""
    for x in inputs if isinstance(inputs, Sequence) else [inputs]:
        if x is inputs or not isinstance(x, SynapticInput):
            raise TypeError(f"inputs must be a sequence of SynapticInput, not of {kind_of(x)}")
    columns = [
        [(t, float(x.site), x.ampa, x.nmda) for t in x.times.tolist()]
        for x in inputs
        if x.ampa or x.nmda
    ]
    events = np.array([event for column in columns for event in column]).reshape(-1, 4)
    return np.ascontiguousarray(events[np.argsort(events[:, 0], kind="stable")].T)


def _site(name, site):
    """Return the number of a compartment: 0 is the soma, 1 and 2 are the branches."""
    return whole(name, site, "compartment", below=SITES)


def _refuse_conductance(neuron, dt, events):
    total, most = events[2:].sum(), DIVISIONS * BRISK * neuron.capacitances.min() / dt
    if total > most:
        raise ValueError(
            f"ampa + nmda = {total:g} µS in all: the conductance must be ≤ {most:g} µS at dt = "
            f"{dt:g} ms; are these µS?"
        )


def _refuse_fast(neuron, currents):
    """Refuse what could fire faster than 1 MHz: the soma alone, fed by branches as high as can be.

    A branch is at most where its own leak and current would hold it, or at the synapses' zero.
    """
    I, g_s = np.maximum(currents, 0).max(axis=1), neuron.soma_leak
    highest = max(E_SYN, neuron.theta) - neuron.u_rest + I[1:] * neuron.R / neuron.p
    soma = LIF(
        tau_m=neuron.tau_m,
        R=1 / g_s,
        u_rest=neuron.u_rest,
        theta=neuron.theta,
        u_r=neuron.u_r,
        t_ref=neuron.t_ref,
    )
    # With the coupling in it the soma is only faster; what it is fed by one branch bounds it.
    if soma.firing_rate(I[0] + neuron.g_c * highest.sum()) > FASTEST:
        raise ValueError(
            f"I = {currents.max():g} nA: the current must be so small that the neuron fires at "
            f"less than {FASTEST:g} Hz; are these nA, and is g_c = {neuron.g_c:g} in µS?"
        )


# The loop. Potentials v are above rest.


class Branches(NamedTuple):
    """An array for each compartment."""

    soma: Array
    branch_1: Array
    branch_2: Array


class Arrivals(NamedTuple):
    """Spikes at synapses, in the order of time."""

    when: Array
    where: Array
    ampa: Array
    nmda: Array


class Sites(NamedTuple):
    """A number for each compartment."""

    soma: float
    branch_1: float
    branch_2: float


class PerMode(NamedTuple):
    """A number for each mode: all the membrane, one branch less the other, branches less soma."""

    mean: float
    between: float
    inward: float


class Modes(NamedTuple):
    """Capacitances; rates (1/ms) and shapes of the modes, in each of which sum_k C_k shape_k^2 = 1.

    A shape has one height at the soma and one at branch 1. It is the same at branch 2, except that
    of the mode between the branches, which is the opposite there.
    """

    C_s: float
    C_d: float
    rates: PerMode
    soma: PerMode
    branch: PerMode


class Gates(NamedTuple):
    """What there is of each kind of conductance in one site: AMPA, and NMDA as a difference."""

    ampa: float
    falling: float
    rising: float


class Channels(NamedTuple):
    """Conductances of each compartment."""

    soma: Gates
    branch_1: Gates
    branch_2: Gates


class BranchedState(NamedTuple):
    """Potentials, and open channels."""

    v: Sites
    channels: Channels


class ModeStep(NamedTuple):
    """What a step makes of a mode: what is left after all and half of it, and how much is added."""

    left: float
    left_half: float
    half: float
    first: float
    middle: float
    last: float


class Step(NamedTuple):
    """What a step makes of each mode, and what half of it leaves of each channel."""

    mean: ModeStep
    between: ModeStep
    inward: ModeStep
    fade: Gates


@portable
def free_modes(tau_m: float, R: float, p: float, g_c: float) -> Modes:
    """Modes of the neuron below threshold."""
    whole = tau_m / R
    C_d = p * whole
    C_s = whole - 2.0 * C_d
    mean = 1.0 / sqrt(whole)
    apart = 1.0 / tau_m + g_c / C_d
    return Modes(
        C_s=C_s,
        C_d=C_d,
        rates=PerMode(mean=1.0 / tau_m, between=apart, inward=apart + 2.0 * g_c / C_s),
        soma=PerMode(mean=mean, between=0.0, inward=-sqrt(2.0 * C_d / (C_s * whole))),
        branch=PerMode(
            mean=mean, between=1.0 / sqrt(2.0 * C_d), inward=sqrt(C_s / (2.0 * C_d * whole))
        ),
    )


@portable
def held_modes(free: Modes) -> Modes:
    """Modes while the soma is held: it by itself, and one less the other branch, and both."""
    rate = free.rates.between
    return Modes(
        C_s=free.C_s,
        C_d=free.C_d,
        rates=PerMode(mean=0.0, between=rate, inward=rate),
        soma=PerMode(mean=1.0 / sqrt(free.C_s), between=0.0, inward=0.0),
        branch=PerMode(mean=0.0, between=free.branch.between, inward=free.branch.between),
    )


@portable
def to_modes(modes: Modes, J: Sites) -> PerMode:
    """How much of each mode is in a vector over the compartments."""
    both = J.branch_1 + J.branch_2
    return PerMode(
        mean=modes.soma.mean * J.soma + modes.branch.mean * both,
        between=modes.branch.between * (J.branch_1 - J.branch_2),
        inward=modes.soma.inward * J.soma + modes.branch.inward * both,
    )


@portable
def to_sites(modes: Modes, x: PerMode) -> Sites:
    """Vector over the compartments that has these amplitudes."""
    both = modes.branch.mean * x.mean + modes.branch.inward * x.inward
    apart = modes.branch.between * x.between
    return Sites(
        soma=modes.soma.mean * x.mean + modes.soma.inward * x.inward,
        branch_1=both + apart,
        branch_2=both - apart,
    )


@portable
def phi(z: float):
    """Give phi_1, phi_2, phi_3 at z <= 0: phi_1 = (e^z - 1)/z, phi_k+1 = (phi_k - 1/k!)/z."""
    if z < -0.5:
        phi_1 = expm1(z) / z
        phi_2 = (phi_1 - 1.0) / z
        return phi_1, phi_2, (phi_2 - 0.5) / z
    phi_3 = 0.0  # by its series, from the smallest term: the quotients would lose their digits
    for k in range(16, 2, -1):
        phi_3 = phi_3 * z / (float(k) + 1.0) + 1.0
    phi_3 = phi_3 / 6.0
    phi_2 = 0.5 + z * phi_3
    return 1.0 + z * phi_2, phi_2, phi_3


@portable
def mode_step(h: float, rate: float) -> ModeStep:
    """Coefficients of ETDRK4 for a mode and a step h."""
    z = -h * rate
    half, _, _ = phi(0.5 * z)
    phi_1, phi_2, phi_3 = phi(z)
    return ModeStep(
        left=exp(z),
        left_half=exp(0.5 * z),
        half=0.5 * h * half,
        first=h * (phi_1 - 3.0 * phi_2 + 4.0 * phi_3),
        middle=2.0 * h * (phi_2 - 2.0 * phi_3),
        last=h * (4.0 * phi_3 - phi_2),
    )


@portable
def step_of(h: float, modes: Modes, neuron: BranchedLIF) -> Step:
    """Coefficients of a step h."""
    return Step(
        mean=mode_step(h, modes.rates.mean),
        between=mode_step(h, modes.rates.between),
        inward=mode_step(h, modes.rates.inward),
        fade=Gates(
            ampa=exp(-0.5 * h / neuron.tau_ampa),
            falling=exp(-0.5 * h / neuron.tau_nmda),
            rising=exp(-0.5 * h / neuron.tau_rise),
        ),
    )


@portable
def faded(gates: Gates, fade: Gates) -> Gates:
    """Channels of a compartment half a step later."""
    return Gates(
        ampa=gates.ampa * fade.ampa,
        falling=gates.falling * fade.falling,
        rising=gates.rising * fade.rising,
    )


@portable
def all_faded(channels: Channels, fade: Gates) -> Channels:
    """All channels half a step later."""
    return Channels(
        soma=faded(channels.soma, fade),
        branch_1=faded(channels.branch_1, fade),
        branch_2=faded(channels.branch_2, fade),
    )


@portable
def opened(gates: Gates, ampa: float, nmda: float) -> Gates:
    """Channels of a compartment after a spike has arrived there."""
    return Gates(ampa=gates.ampa + ampa, falling=gates.falling + nmda, rising=gates.rising + nmda)


@portable
def inflow(v: float, gates: Gates, inject: float, neuron: BranchedLIF):
    """Give what flows into a site (nA), injected and by the synapses (eq:dendrite-synapse)."""
    nmda = gates.falling - gates.rising
    if gates.ampa <= 0.0 and nmda <= 0.0:
        return inject
    u = neuron.u_rest + v
    return inject + (gates.ampa + nmda * unblocked(u, neuron.Mg)) * (E_SYN - u)


@portable
def drive(
    modes: Modes, v: Sites, channels: Channels, inject: Sites, neuron: BranchedLIF
) -> PerMode:
    """Give what flows into each mode."""
    J = Sites(
        soma=inflow(v.soma, channels.soma, inject.soma, neuron),
        branch_1=inflow(v.branch_1, channels.branch_1, inject.branch_1, neuron),
        branch_2=inflow(v.branch_2, channels.branch_2, inject.branch_2, neuron),
    )
    return to_modes(modes, J)


@portable
def halfway(step: Step, x: PerMode, N: PerMode) -> PerMode:
    """Amplitudes after half a step with a constant drive."""
    return PerMode(
        mean=step.mean.left_half * x.mean + step.mean.half * N.mean,
        between=step.between.left_half * x.between + step.between.half * N.between,
        inward=step.inward.left_half * x.inward + step.inward.half * N.inward,
    )


@portable
def across(step: ModeStep, x: float, N: float, in_middle: float, N_c: float):
    """Amplitude of a mode after a step, from its drive at the four stages."""
    return step.left * x + step.first * N + step.middle * in_middle + step.last * N_c


@portable
def advance(
    step: Step, modes: Modes, state: BranchedState, inject: Sites, neuron: BranchedLIF
) -> BranchedState:
    """Carry potentials and channels across one step: ETDRK4, exact without synapses.

    Names are those of Cox and Matthews: a, b, c the stages, N what drives them.
    """
    middle = all_faded(state.channels, step.fade)
    end = all_faded(middle, step.fade)
    v = state.v
    x = to_modes(
        modes,
        Sites(
            soma=modes.C_s * v.soma,
            branch_1=modes.C_d * v.branch_1,
            branch_2=modes.C_d * v.branch_2,
        ),
    )
    N = drive(modes, v, state.channels, inject, neuron)
    a = halfway(step, x, N)
    N_a = drive(modes, to_sites(modes, a), middle, inject, neuron)
    b = halfway(step, x, N_a)
    N_b = drive(modes, to_sites(modes, b), middle, inject, neuron)
    beyond = PerMode(
        mean=2.0 * N_b.mean - N.mean,
        between=2.0 * N_b.between - N.between,
        inward=2.0 * N_b.inward - N.inward,
    )
    c = halfway(step, a, beyond)
    N_c = drive(modes, to_sites(modes, c), end, inject, neuron)
    x_end = PerMode(
        mean=across(step.mean, x.mean, N.mean, N_a.mean + N_b.mean, N_c.mean),
        between=across(step.between, x.between, N.between, N_a.between + N_b.between, N_c.between),
        inward=across(step.inward, x.inward, N.inward, N_a.inward + N_b.inward, N_c.inward),
    )
    return BranchedState(v=to_sites(modes, x_end), channels=end)


@portable
def soma_slope(modes: Modes, state: BranchedState, inject: Sites, neuron: BranchedLIF):
    """Rate of change of the soma's potential (mV/ms)."""
    v = state.v
    J = inflow(v.soma, state.channels.soma, inject.soma, neuron)
    J += neuron.g_c * (v.branch_1 + v.branch_2 - 2.0 * v.soma)
    return -v.soma / neuron.tau_m + J / modes.C_s


@portable
def step_to_level(
    high: float,
    level: float,
    of_slope: bool,
    modes: Modes,
    state: BranchedState,
    inject: Sites,
    neuron: BranchedLIF,
):
    """Find the step, up to `high`, at whose end the soma's potential, or its slope, is `level`.

    By false position (Illinois). Returned are the step and the state there.
    """
    low = 0.0
    f_low = state.v.soma - level
    if of_slope:
        f_low = soma_slope(modes, state, inject, neuron)
    f_high = -f_low
    s = high
    last = 0
    end = state
    for _ in range(TRIALS):
        end = advance(step_of(s, modes, neuron), modes, state, inject, neuron)
        f = end.v.soma - level
        if of_slope:
            f = soma_slope(modes, end, inject, neuron)
        if abs(f) < NEAR:
            break
        if (f > 0.0) == (f_high > 0.0):
            high = s
            f_high = f
            if last == 1:  # Illinois: an end that is kept twice counts half, or it would stay
                f_low *= 0.5
            last = 1
        else:
            low = s
            f_low = f
            if last == 2:
                f_high *= 0.5
            last = 2
        s = (low * f_high - high * f_low) / (f_high - f_low)
    return s, end


@portable
def brisk(t: float, stop: float, gates: Gates, C: float):
    """End of a step so short that a compartment's channels change its charge by little."""
    g = gates.ampa + gates.falling
    return t + BRISK * C / g if g * (stop - t) > BRISK * C else stop


@portable
def run_branches(
    I: Branches, dt: float, neuron: BranchedLIF, arrivals: Arrivals, u: Branches, spikes: Array
):
    """Run one neuron from rest; fill the potentials and `spikes`; return the number of spikes.

    Arrivals, in the order of time: `when` (ms), `where` (0, 1 or 2), peak conductances (µS).
    """
    free = free_modes(neuron.tau_m, neuron.R, neuron.p, neuron.g_c)
    held_soma = held_modes(free)
    free_step = step_of(dt, free, neuron)
    held_step = step_of(dt, held_soma, neuron)
    norm = nmda_norm(neuron.tau_rise, neuron.tau_nmda)
    level = neuron.theta - neuron.u_rest
    v_r = neuron.u_r - neuron.u_rest
    closed = Gates(ampa=0.0, falling=0.0, rising=0.0)
    v = Sites(soma=0.0, branch_1=0.0, branch_2=0.0)
    channels = Channels(soma=closed, branch_1=closed, branch_2=closed)
    when = arrivals.when
    ready = 0.0
    n_spikes = 0
    j = 0
    u.soma[0] = neuron.u_rest
    u.branch_1[0] = neuron.u_rest
    u.branch_2[0] = neuron.u_rest
    for n in range(len(I.soma) - 1):
        t = n * dt
        t_end = (n + 1) * dt
        whole = True
        while t < t_end:
            while j < len(when) and when[j] <= t:
                ampa = arrivals.ampa[j]
                nmda = norm * arrivals.nmda[j]
                where = arrivals.where[j]
                soma = channels.soma
                branch_1 = channels.branch_1
                branch_2 = channels.branch_2
                if where == 0.0:
                    soma = opened(soma, ampa, nmda)
                elif where == 1.0:
                    branch_1 = opened(branch_1, ampa, nmda)
                else:
                    branch_2 = opened(branch_2, ampa, nmda)
                channels = Channels(soma=soma, branch_1=branch_1, branch_2=branch_2)
                j += 1
            stop = t_end
            if j < len(when) and when[j] < stop:
                stop = when[j]
            held = t < ready
            if held and ready < stop:
                stop = ready
            stop = brisk(t, stop, channels.soma, free.C_s)
            stop = brisk(t, stop, channels.branch_1, free.C_d)
            stop = brisk(t, stop, channels.branch_2, free.C_d)
            whole = whole and stop == t_end
            from_soma = neuron.g_c * v_r if held else 0.0
            inject = Sites(
                soma=I.soma[n],
                branch_1=I.branch_1[n] + from_soma,
                branch_2=I.branch_2[n] + from_soma,
            )
            modes = held_soma if held else free
            step = held_step if held else free_step
            if not whole:
                step = step_of(stop - t, modes, neuron)
            state = BranchedState(v=v, channels=channels)
            end = advance(step, modes, state, inject, neuron)
            fires = not held and end.v.soma >= level
            high = stop - t
            if not held and not fires:
                rise = soma_slope(free, state, inject, neuron)
                fall = soma_slope(free, end, inject, neuron)
                if rise > 0.0 and fall < 0.0 and v.soma + rise * high >= level:
                    high, top = step_to_level(high, 0.0, True, free, state, inject, neuron)
                    fires = top.v.soma >= level
            if fires:
                s, end = step_to_level(high, level, False, free, state, inject, neuron)
                stop = min(t + s, stop)
                if n_spikes < len(spikes):
                    spikes[n_spikes] = stop
                n_spikes += 1
                ready = stop + neuron.t_ref
            t = stop
            v = end.v
            if held or fires:
                v = Sites(soma=v_r, branch_1=v.branch_1, branch_2=v.branch_2)
            channels = end.channels
            if t < t_end:
                whole = False
        u.soma[n + 1] = neuron.u_rest + v.soma
        u.branch_1[n + 1] = neuron.u_rest + v.branch_1
        u.branch_2[n + 1] = neuron.u_rest + v.branch_2
    return n_spikes
