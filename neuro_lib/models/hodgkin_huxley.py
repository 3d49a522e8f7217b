"""The reference neuron: Hodgkin and Huxley's equations, with the channels of a cortical cell.

Nothing is reset here. Sodium channels open with the potential and drive it up, potassium channels
bring it down again, and the threshold, the spike and the refractory time are what comes out. That
makes it the neuron against which the integrate-and-fire models are held (`outlook`)::

    C du/dt = g_L (E_L - u) + g_Na m^3 h (E_Na - u) + g_K n^4 (E_K - u) + g_M p (E_K - u) + I

The last of the four conductances is slow: it opens a little in each spike, and adapts the neuron.
Each gate x, one of m, h, n and p, goes to where the potential sends it (eq:gate)::

    dx/dt = (x_inf(u) - x) / tau_x(u)

With the gates held, u relaxes as a passive membrane does; with u held, each gate does. A step takes
u half the way, the gates the whole, and u the other half, each by its exact exponential: that is
correct to second order, and stable for steps of any length. One such step and two of half the
length, put together so that the leading error cancels, are correct to fourth order.
"""

from dataclasses import dataclass
from math import exp, expm1, floor
from typing import NamedTuple

import numpy as np

from neuro_lib.models.lif import relax
from neuro_lib.models.series import rising_root
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.units import Parameters, checked, common_shape, quantity

__all__ = ["HodgkinHuxley"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class HodgkinHuxley(Parameters):
    """Neuron with sodium, potassium and M channels, or a population of them.

    The default is a regular-spiking pyramidal cell of the cortex, a point without dendrites.

    Parameters
    ----------
    C : float or array_like
        Membrane capacitance (nF), greater than zero.
    g_L : float or array_like
        Leak conductance (µS), greater than zero.
    g_Na : float or array_like
        Sodium conductance when all channels are open (µS), zero or more.
    g_K : float or array_like
        Potassium conductance when all channels are open (µS), zero or more.
    g_M : float or array_like
        Conductance of the slow potassium channels, the M current, when all are open (µS), zero or
        more. Without it the neuron hardly adapts.
    E_L : float or array_like
        Reversal potential of the leak (mV).
    E_Na : float or array_like
        Reversal potential of sodium (mV).
    E_K : float or array_like
        Reversal potential of potassium (mV).
    u_T : float or array_like
        Shift of the gates m, h and n along the potential (mV): it moves the threshold.
    tau_max : float or array_like
        Slowness of the M current (ms), greater than zero. Its time constant is at most
        ``tau_max / 3.6``.
    theta : float or array_like
        A spike is the upward crossing of this potential (mV). It does nothing else.

    Raises
    ------
    ValueError
        If a value is not finite or out of range, or shapes do not broadcast.

    Notes
    -----
    The defaults are those of the regular-spiking cell of Pospischil et al.: per cm², 1 µF, 20.5 µS
    of leak, 56 mS of sodium, 6 mS of potassium and 75 µS of M channels, on a cylinder 61.4 µm long
    and wide. Steps are at most 0.02 ms, and of fourth order: the time of a spike is good to
    1e-4 ms. A run starts with the gates where `u_start` sends them.

    There are no dendrites, no calcium, no channel noise; and a current that is too strong silences
    the neuron, because its sodium channels stay inactivated: a slip of units shows as silence.

    References
    ----------
    Pospischil, Toledo-Rodriguez, Monier, Piwkowska, Bal, Frégnac, Markram and Destexhe (2008),
    *Biological Cybernetics* 99:427-441. The form of the equations is that of Hodgkin and Huxley
    (1952), *Journal of Physiology* 117:500-544.

    Examples
    --------
    >>> from neuro_lib import simulate, step_current
    >>> I = step_current(0.2, start=10.0, stop=190.0, duration=200.0, dt=0.1)
    >>> simulate(HodgkinHuxley(), I).spike_times.round(1)
    array([ 27.1,  47.5,  72. , 101. , 133.8, 169.4])
    """

    C: float = quantity(0.1184, "C", "nF", "membrane capacitance", above=0)
    g_L: float = quantity(0.002428, "g_L", "µS", "leak conductance", above=0)
    g_Na: float = quantity(6.632, "g_Na", "µS", "sodium conductance", at_least=0)
    g_K: float = quantity(0.7106, "g_K", "µS", "potassium conductance", at_least=0)
    g_M: float = quantity(0.008883, "g_M", "µS", "conductance of the M current", at_least=0)
    E_L: float = quantity(-70.3, "E_L", "mV", "reversal potential of the leak")
    E_Na: float = quantity(50.0, "E_Na", "mV", "reversal potential of sodium")
    E_K: float = quantity(-90.0, "E_K", "mV", "reversal potential of potassium")
    u_T: float = quantity(-56.2, "u_T", "mV", "shift of the gates")
    tau_max: float = quantity(608.0, "τ_max", "ms", "slowness of the M current", above=0)
    theta: float = quantity(-20.0, "θ", "mV", "potential whose upward crossing is a spike")

    variables = ("u",)
    time_constants = ()  # a long step of the current is divided
    longest_run = 1e6  # ms, in which there are 5e7 of this model's own steps

    @property
    def ceiling(self):
        """The potential below which a run starts (mV)."""
        return self.theta

    def highest_rate(self, I):
        """No bound is needed (Hz), whatever `I` (nA): no step depends on how fast it fires."""
        return np.zeros(np.shape(checked("I", I, "nA", "largest current")))

    @property
    def loop(self):
        """The portable loop that runs one neuron."""
        return run_hodgkin_huxley

    def gates(self, u):
        """Where a potential sends the gates, and how fast (eq:rates).

        Parameters
        ----------
        u : float or array_like, shape (...)
            Potential (mV); broadcasts against the neuron's parameters.

        Returns
        -------
        steady, tau : ndarray, shape (4, ...)
            Steady state of m, h, n and p, each between 0 and 1; and their time constants (ms).

        Raises
        ------
        ValueError
            If `u` is not finite.

        Examples
        --------
        >>> steady, tau = HodgkinHuxley().gates(-70.0)
        >>> steady.round(3)
        array([0.001, 1.   , 0.003, 0.029])
        >>> tau.round(1)
        array([ 0.1,  1.4,  1.1, 96.1])
        """
        u = checked("u", u, "mV", "potential")
        shape = common_shape(u=np.shape(u), neurons=self.shape)
        steady, speed = gate_rates.over(np.broadcast_to(u, shape), self.u_T, self.tau_max)
        return np.stack(steady), 1.0 / np.stack(speed)

    def steady_current(self, u):
        """Current that holds the neuron at a potential for ever.

        Parameters
        ----------
        u : float or array_like, shape (...)
            Potential (mV); broadcasts against the neuron's parameters.

        Returns
        -------
        float or ndarray
            Current (nA). Where it falls as u grows, the neuron does not stay by itself.

        Raises
        ------
        ValueError
            If `u` is not finite.

        Examples
        --------
        >>> neuron = HodgkinHuxley()
        >>> round(neuron.steady_current(neuron.u_rest + 5.0), 4)
        0.0163
        """
        u = checked("u", u, "mV", "potential")
        return holding_current.over(u, self)

    @property
    def u_rest(self):
        """Resting potential (mV): the lowest that needs no current to hold it.

        Raises
        ------
        ValueError
            If there is none below `theta`: the neuron fires by itself.
        """
        rest = lowest_rest.over(self)
        if np.any(rest > self.theta):
            raise ValueError(
                "the neuron has no resting potential below theta: say where it starts (u_start, mV)"
            )
        return rest


# The loops.

LONGEST = 0.02  # ms; a longer step of the current is divided
SATURATED = 700.0  # exponents beyond it overflow; the gates went to their ends long before
PIECES = 400  # of the way up to theta, in which a resting potential is looked for
HALVINGS = 60  # of the piece that has it: down to rounding


@portable
def bounded_exp(x: float):
    """Exponential that stays finite, and above zero."""
    return exp(max(min(x, SATURATED), -SATURATED))


@portable
def ratio(x: float):
    """Quotient x / (exp(x) - 1), also where both are zero."""
    if x > SATURATED:
        return 0.0
    return x / expm1(x) if abs(x) > 0.0 else 1.0


class Gates(NamedTuple):
    """A number for each gate: how far it is open, where it goes, or how fast (1/ms)."""

    m: float
    h: float
    n: float
    p: float


class HodgkinHuxleyState(NamedTuple):
    """Potential (mV) and gates."""

    u: float
    gates: Gates


@portable
def gate_rates(u: float, u_T: float, tau_max: float):
    """Where the gates go at this potential, and one over their time constants."""
    v = u - u_T
    open_m = 1.28 * ratio(0.25 * (13.0 - v))
    m = open_m + 1.4 * ratio(0.2 * (v - 40.0))
    open_h = 0.128 * bounded_exp((17.0 - v) / 18.0)
    h = open_h + 4.0 / (1.0 + bounded_exp(0.2 * (40.0 - v)))
    open_n = 0.16 * ratio(0.2 * (15.0 - v))
    n = open_n + 0.5 * bounded_exp((10.0 - v) / 40.0)
    root = bounded_exp(0.05 * (u + 35.0))
    p = (3.3 * root + 1.0 / root) / tau_max
    open_p = 1.0 / (1.0 + bounded_exp(-0.1 * (u + 35.0)))
    steady = Gates(m=open_m / m, h=open_h / h, n=open_n / n, p=open_p)
    return steady, Gates(m=m, h=h, n=n, p=p)


@portable
def conductance(gates: Gates, cell: HodgkinHuxley):
    """Conductances that are open (µS): sodium, potassium, and all with the leak."""
    sodium = cell.g_Na * gates.m**3 * gates.h
    potassium = cell.g_K * gates.n**4 + cell.g_M * gates.p
    return sodium, potassium, cell.g_L + sodium + potassium


@portable
def inward(I: float, sodium: float, potassium: float, cell: HodgkinHuxley):
    """Current (nA) that would flow in at 0 mV: what does not depend on u itself."""
    return cell.g_L * cell.E_L + sodium * cell.E_Na + potassium * cell.E_K + I


@portable
def slope(I: float, state: HodgkinHuxleyState, cell: HodgkinHuxley):
    """Time derivative of u (mV/ms): all currents onto the capacitor (eq:hodgkin-huxley)."""
    sodium, potassium, total = conductance(state.gates, cell)
    return (inward(I, sodium, potassium, cell) - total * state.u) / cell.C


@portable
def holding_current(u: float, cell: HodgkinHuxley):
    """Current (nA) that holds the neuron at u for ever."""
    steady, _ = gate_rates(u, cell.u_T, cell.tau_max)
    sodium, potassium, total = conductance(steady, cell)
    return total * u - inward(0.0, sodium, potassium, cell)


@portable
def lowest_rest(cell: HodgkinHuxley):
    """Lowest potential that needs no current to hold it (mV); above theta if there is none."""
    lowest = min(cell.E_L, cell.E_Na, cell.E_K, cell.theta)
    low = lowest
    high = lowest
    k = 0
    while holding_current(high, cell) <= 0.0:
        k += 1
        if k > PIECES:
            return cell.theta + 1.0
        low = high
        high = lowest + k / PIECES * (cell.theta - lowest)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if holding_current(middle, cell) > 0.0:
            high = middle
        else:
            low = middle
    return high


@portable
def relax_membrane(h: float, I: float, u: float, gates: Gates, cell: HodgkinHuxley):
    """Carry u over a time h with the gates held: a passive membrane."""
    sodium, potassium, total = conductance(gates, cell)
    u_inf = inward(I, sodium, potassium, cell) / total
    return relax(u, u_inf, exp(-h * total / cell.C))


@portable
def relax_gates(h: float, gates: Gates, u: float, cell: HodgkinHuxley):
    """Carry the gates over a time h with u held."""
    steady, speed = gate_rates(u, cell.u_T, cell.tau_max)
    return Gates(
        m=relax(gates.m, steady.m, exp(-h * speed.m)),
        h=relax(gates.h, steady.h, exp(-h * speed.h)),
        n=relax(gates.n, steady.n, exp(-h * speed.n)),
        p=relax(gates.p, steady.p, exp(-h * speed.p)),
    )


@portable
def split_step(h: float, I: float, state: HodgkinHuxleyState, cell: HodgkinHuxley):
    """Step of second order: u half the way, the gates the whole, u the other half."""
    u = relax_membrane(0.5 * h, I, state.u, state.gates, cell)
    gates = relax_gates(h, state.gates, u, cell)
    return HodgkinHuxleyState(u=relax_membrane(0.5 * h, I, u, gates, cell), gates=gates)


@portable
def beyond(halves: float, whole: float):
    """What two halves of a step give, and a third of what they differ from the whole."""
    return halves + (halves - whole) / 3.0


@portable
def advance(h: float, I: float, state: HodgkinHuxleyState, cell: HodgkinHuxley):
    """Step of fourth order, of one whole step and two halves."""
    whole = split_step(h, I, state, cell)
    # A split step errs by c h³, two of half the length by a quarter of it: a third of the
    # difference is what is left. It is symmetric, so that the next error is of fifth power.
    half = split_step(0.5 * h, I, state, cell)
    halves = split_step(0.5 * h, I, half, cell)
    gates = Gates(
        m=beyond(halves.gates.m, whole.gates.m),
        h=beyond(halves.gates.h, whole.gates.h),
        n=beyond(halves.gates.n, whole.gates.n),
        p=beyond(halves.gates.p, whole.gates.p),
    )
    return HodgkinHuxleyState(u=beyond(halves.u, whole.u), gates=gates)


@portable
def crossing(
    h: float, u: float, du: float, u_end: float, du_end: float, theta: float, cubic: Array
):
    """When within a step u crosses theta, by the cubic that has both ends and their slopes."""
    rise = u_end - u
    # Ends and slopes err with the fourth power of h as the steps do; a chord would with the second.
    cubic[0] = u
    cubic[1] = h * du
    cubic[2] = 3.0 * rise - h * (2.0 * du + du_end)
    cubic[3] = h * (du + du_end) - 2.0 * rise
    return h * rising_root(cubic, 4, theta, 1.0)


@portable
def run_hodgkin_huxley(
    I: Array, dt: float, cell: HodgkinHuxley, u_start: float, u: Array, spikes: Array
):
    """Drive one neuron with one current; fill `u` and `spikes`; return the number of spikes."""
    cubic = zeros(4)
    steady, _ = gate_rates(u_start, cell.u_T, cell.tau_max)
    state = HodgkinHuxleyState(u=u_start, gates=steady)
    pieces = max(-float(floor(-dt / LONGEST)), 1.0)
    h = dt / pieces
    n_spikes = 0
    u[0] = u_start
    for k in range(len(I) - 1):
        done = 0.0
        while done < pieces:
            before = state
            state = advance(h, I[k], before, cell)
            if before.u < cell.theta and state.u >= cell.theta:
                slope_before = slope(I[k], before, cell)
                slope_after = slope(I[k], state, cell)
                late = crossing(h, before.u, slope_before, state.u, slope_after, cell.theta, cubic)
                if n_spikes < len(spikes):
                    spikes[n_spikes] = k * dt + done * h + late
                n_spikes += 1
            done += 1.0
        u[k + 1] = state.u
    return n_spikes
