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
from neuro_lib.portable import Array, portable, zeros
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
        return self._modes()[0]

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
        return 1 / self._modes()[1]

    def _modes(self):
        """Capacitances (3,), rates (3,) and shapes (modes, sites), which C makes orthonormal."""
        C, rates, shapes = free_modes(self.tau_m, self.R, self.p, self.g_c)
        return C, rates, shapes.reshape(SITES, SITES)

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
        _, rates, shapes = self._modes()
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
        _, rates, shapes = self._modes()
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


# The loop. Potentials v are above rest. The modes' shapes stand row by row; with them a vector over
# sites becomes one over modes, and back.


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


class Modes(NamedTuple):
    """Capacitances of the sites, and the modes: sum_k C_k shape_k^2 = 1; rates in 1/ms."""

    C: Array
    rates: Array
    shapes: Array


class BranchedState(NamedTuple):
    """Potentials of the sites; conductances of AMPA (three sites), NMDA falling, NMDA rising."""

    v: Array
    gates: Array


class Stages(NamedTuple):
    """Currents injected in a step (nA), and room for its stages, which `advance` names."""

    inject: Array
    x: Array
    a: Array
    stage: Array
    N: Array
    N_a: Array
    N_b: Array
    gates: Array


@portable
def new_stages() -> Stages:
    """Room for the stages of a step."""
    return Stages(
        inject=zeros(3),
        x=zeros(3),
        a=zeros(3),
        stage=zeros(3),
        N=zeros(3),
        N_a=zeros(3),
        N_b=zeros(3),
        gates=zeros(9),
    )


@portable
def rest_state():
    """State of a neuron that nothing has reached, or room for one."""
    return BranchedState(v=zeros(3), gates=zeros(9))


@portable
def free_modes(tau_m: float, R: float, p: float, g_c: float) -> Modes:
    """Modes of the neuron below threshold."""
    modes = Modes(C=zeros(3), rates=zeros(3), shapes=zeros(9))
    whole = tau_m / R
    C_d = p * whole
    C_s = whole - 2.0 * C_d
    modes.C[0] = C_s
    modes.C[1] = C_d
    modes.C[2] = C_d
    modes.rates[0] = 1.0 / tau_m
    modes.rates[1] = 1.0 / tau_m + g_c / C_d
    modes.rates[2] = modes.rates[1] + 2.0 * g_c / C_s
    mean = 1.0 / sqrt(whole)
    shapes = modes.shapes
    shapes[0] = mean
    shapes[1] = mean
    shapes[2] = mean
    shapes[3] = 0.0
    shapes[4] = 1.0 / sqrt(2.0 * C_d)
    shapes[5] = -shapes[4]
    shapes[6] = -sqrt(2.0 * C_d / (C_s * whole))
    shapes[7] = sqrt(C_s / (2.0 * C_d * whole))
    shapes[8] = shapes[7]
    return modes


@portable
def held_modes(free: Modes) -> Modes:
    """Modes while the soma is held: each compartment is one by itself."""
    modes = Modes(C=free.C, rates=zeros(3), shapes=zeros(9))
    modes.rates[1] = free.rates[1]
    modes.rates[2] = free.rates[1]
    modes.shapes[0] = 1.0 / sqrt(free.C[0])
    modes.shapes[4] = 1.0 / sqrt(free.C[1])
    modes.shapes[8] = 1.0 / sqrt(free.C[2])
    return modes


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
def tabulate(h: float, modes: Modes, neuron: BranchedLIF, table: Array):
    """Fill the coefficients of a step h: six per mode, and how channels fade in half of it."""
    at = 0
    for m in range(3):
        z = -h * modes.rates[m]
        half, _, _ = phi(0.5 * z)
        phi_1, phi_2, phi_3 = phi(z)
        table[at] = exp(z)
        table[at + 1] = exp(0.5 * z)
        table[at + 2] = 0.5 * h * half
        table[at + 3] = h * (phi_1 - 3.0 * phi_2 + 4.0 * phi_3)
        table[at + 4] = 2.0 * h * (phi_2 - 2.0 * phi_3)
        table[at + 5] = h * (4.0 * phi_3 - phi_2)
        at += 6
    table[18] = exp(-0.5 * h / neuron.tau_ampa)
    table[19] = exp(-0.5 * h / neuron.tau_nmda)
    table[20] = exp(-0.5 * h / neuron.tau_rise)


@portable
def fade(gates: Array, table: Array, later: Array):
    """Fill the channels as they are half a step `later`."""
    for k in range(3):
        later[k] = gates[k] * table[18]
        later[k + 3] = gates[k + 3] * table[19]
        later[k + 6] = gates[k + 6] * table[20]


@portable
def inflow(k: int, state: BranchedState, inject: Array, neuron: BranchedLIF):
    """Give what flows into site k (nA), injected and by the synapses (eq:dendrite-synapse)."""
    gates = state.gates
    nmda = gates[k + 3] - gates[k + 6]
    if gates[k] <= 0.0 and nmda <= 0.0:
        return inject[k]
    u = neuron.u_rest + state.v[k]
    return inject[k] + (gates[k] + nmda * unblocked(u, neuron.Mg)) * (E_SYN - u)


@portable
def drive(modes: Modes, state: BranchedState, inject: Array, neuron: BranchedLIF, N: Array):
    """Fill what flows into each mode."""
    J_s = inflow(0, state, inject, neuron)
    J_1 = inflow(1, state, inject, neuron)
    J_2 = inflow(2, state, inject, neuron)
    shapes = modes.shapes
    at = 0
    for m in range(3):
        N[m] = shapes[at] * J_s + shapes[at + 1] * J_1 + shapes[at + 2] * J_2
        at += 3


@portable
def to_sites(modes: Modes, amplitudes: Array, v: Array):
    """Fill the vector over sites that has these amplitudes."""
    for k in range(3):
        v[k] = 0.0
    at = 0
    for m in range(3):
        for k in range(3):
            v[k] += modes.shapes[at + k] * amplitudes[m]
        at += 3


@portable
def advance(
    table: Array,
    modes: Modes,
    state: BranchedState,
    neuron: BranchedLIF,
    end: BranchedState,
    room: Stages,
):
    """Carry potentials and channels across one step: ETDRK4, exact without synapses.

    Names are those of Cox and Matthews: a, b, c the stages, N what drives them.
    """
    inject = room.inject
    x = room.x
    a = room.a
    stage = room.stage
    N = room.N
    N_a = room.N_a
    N_b = room.N_b
    middle = BranchedState(v=end.v, gates=room.gates)
    fade(state.gates, table, middle.gates)
    fade(middle.gates, table, end.gates)
    drive(modes, state, inject, neuron, N)
    at = 0
    row = 0
    for m in range(3):
        x[m] = 0.0
        for k in range(3):
            x[m] += modes.shapes[row + k] * modes.C[k] * state.v[k]
        a[m] = table[at + 1] * x[m] + table[at + 2] * N[m]
        at += 6
        row += 3
    to_sites(modes, a, end.v)
    drive(modes, middle, inject, neuron, N_a)
    at = 0
    for m in range(3):
        stage[m] = table[at + 1] * x[m] + table[at + 2] * N_a[m]
        at += 6
    to_sites(modes, stage, end.v)
    drive(modes, middle, inject, neuron, N_b)
    at = 0
    for m in range(3):
        stage[m] = table[at + 1] * a[m] + table[at + 2] * (2.0 * N_b[m] - N[m])
        at += 6
    to_sites(modes, stage, end.v)
    drive(modes, end, inject, neuron, stage)
    at = 0
    for m in range(3):
        x[m] = (
            table[at] * x[m]
            + table[at + 3] * N[m]
            + table[at + 4] * (N_a[m] + N_b[m])
            + table[at + 5] * stage[m]
        )
        at += 6
    to_sites(modes, x, end.v)


@portable
def soma_slope(modes: Modes, state: BranchedState, inject: Array, neuron: BranchedLIF):
    """Rate of change of the soma's potential (mV/ms)."""
    v = state.v
    J = inflow(0, state, inject, neuron) + neuron.g_c * (v[1] + v[2] - 2.0 * v[0])
    return -v[0] / neuron.tau_m + J / modes.C[0]


@portable
def step_to_level(
    high: float,
    level: float,
    of_slope: bool,
    modes: Modes,
    state: BranchedState,
    neuron: BranchedLIF,
    end: BranchedState,
    room: Stages,
):
    """Find the step, up to `high`, at whose end the soma's potential, or its slope, is `level`.

    By false position (Illinois). The state there is left in `end`.
    """
    inject = room.inject
    part = zeros(21)
    low = 0.0
    f_low = state.v[0] - level
    if of_slope:
        f_low = soma_slope(modes, state, inject, neuron)
    f_high = -f_low
    s = high
    last = 0
    for _ in range(TRIALS):
        tabulate(s, modes, neuron, part)
        advance(part, modes, state, neuron, end, room)
        f = end.v[0] - level
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
    return s


@portable
def run_branches(
    I: Branches, dt: float, neuron: BranchedLIF, arrivals: Arrivals, u: Branches, spikes: Array
):
    """Run one neuron from rest; fill the potentials and `spikes`; return the number of spikes.

    Arrivals, in the order of time: `when` (ms), `where` (0, 1 or 2), peak conductances (µS).
    """
    free = free_modes(neuron.tau_m, neuron.R, neuron.p, neuron.g_c)
    held_soma = held_modes(free)
    C = free.C
    table = zeros(21)
    held_table = zeros(21)
    part = zeros(21)
    tabulate(dt, free, neuron, table)
    tabulate(dt, held_soma, neuron, held_table)
    norm = nmda_norm(neuron.tau_rise, neuron.tau_nmda)
    level = neuron.theta - neuron.u_rest
    v_r = neuron.u_r - neuron.u_rest
    room = new_stages()
    state = rest_state()
    end = rest_state()
    tried = rest_state()
    gates = state.gates
    when = arrivals.when
    inject = room.inject
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
                for k in range(3):
                    if arrivals.where[j] == float(k):
                        gates[k] += arrivals.ampa[j]
                        gates[k + 3] += norm * arrivals.nmda[j]
                        gates[k + 6] += norm * arrivals.nmda[j]
                j += 1
            stop = t_end
            if j < len(when) and when[j] < stop:
                stop = when[j]
            held = t < ready
            if held and ready < stop:
                stop = ready
            for k in range(3):
                if (gates[k] + gates[k + 3]) * (stop - t) > BRISK * C[k]:
                    stop = t + BRISK * C[k] / (gates[k] + gates[k + 3])
            whole = whole and stop == t_end
            inject[0] = I.soma[n]
            inject[1] = I.branch_1[n]
            inject[2] = I.branch_2[n]
            modes = held_soma if held else free
            steps = table
            if held:
                inject[1] += neuron.g_c * v_r
                inject[2] += neuron.g_c * v_r
                steps = held_table
            if not whole:
                steps = part
                tabulate(stop - t, modes, neuron, part)
            advance(steps, modes, state, neuron, end, room)
            high = stop - t
            fires = end.v[0] >= level
            if held:
                end.v[0] = v_r
                fires = False
            elif not fires:
                rise = soma_slope(free, state, inject, neuron)
                fall = soma_slope(free, end, inject, neuron)
                if rise > 0.0 and fall < 0.0 and state.v[0] + rise * high >= level:
                    high = step_to_level(high, 0.0, True, free, state, neuron, tried, room)
                    fires = tried.v[0] >= level
            if fires:
                s = step_to_level(high, level, False, free, state, neuron, end, room)
                stop = min(t + s, stop)
                if n_spikes < len(spikes):
                    spikes[n_spikes] = stop
                n_spikes += 1
                end.v[0] = v_r
                ready = stop + neuron.t_ref
                whole = False
            t = stop
            for k in range(3):
                state.v[k] = end.v[k]
            for k in range(9):
                gates[k] = end.gates[k]
            if t < t_end:
                whole = False
        u.soma[n + 1] = neuron.u_rest + state.v[0]
        u.branch_1[n + 1] = neuron.u_rest + state.v[1]
        u.branch_2[n + 1] = neuron.u_rest + state.v[2]
    return n_spikes
