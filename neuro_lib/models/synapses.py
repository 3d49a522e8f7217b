"""Synapses: how the conductance that a spike opens rises and decays."""

from dataclasses import dataclass
from math import e as EULER
from math import exp

import numpy as np

from neuro_lib.portable import portable
from neuro_lib.units import MS_PER_S, Parameters, checked, quantity, require_kind

__all__ = ["AlphaSynapse", "ExponentialSynapse"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Synapse(Parameters):
    """What the two shapes of synapse share.

    Parameters
    ----------
    g_max, tau_s, E_syn : float
        See `ExponentialSynapse`.

    Raises
    ------
    ValueError
        If a value is not finite or out of range, or is an array.
    """

    g_max: float = quantity(0.015, "g_max", "µS", "peak conductance", at_least=0)
    tau_s: float = quantity(3.0, "τ_s", "ms", "synaptic time constant", above=0)
    E_syn: float = quantity(0.0, "E_syn", "mV", "reversal potential")

    def __post_init__(self):
        super().__post_init__()
        if self.shape:
            raise ValueError(f"a synapse takes one number for each parameter; got {self.shape}")

    def conductance(self, t):
        """Conductance g (µS) at times t (ms) after the spike's arrival; zero before it."""
        t = checked("t", t, "ms", "time")
        kick, open_at_once = self._kicks
        s = np.maximum(t, 0.0) / self.tau_s
        return np.where(np.less(t, 0), 0.0, (open_at_once + kick * s) * np.exp(-s))

    def current(self, t, u):
        """Current (nA) into a neuron held at u (mV): g(t) (E_syn - u) (eq:synaptic-current)."""
        return self.conductance(t) * (self.E_syn - checked("u", u, "mV", "potential"))

    @property
    def _area(self):
        return conductance_area.over(*self._kicks, self.tau_s)

    def charge(self, u):
        """Charge (pC) that one spike brings into a neuron held at u (mV)."""
        u = checked("u", u, "mV", "potential")
        return synaptic_charge.over(self._area, self.E_syn, u)

    def mean_conductance(self, rate):
        """Mean conductance (µS) under spikes at a mean rate (Hz)."""
        rate = checked("rate", rate, "Hz", "rate of the presynaptic spikes", at_least=0)
        return mean_conductance.over(rate, self._area)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ExponentialSynapse(Synapse):
    """Synapse whose conductance jumps to g_max and decays, g(t) = g_max exp(-t/τ_s).

    It decays as soon as it is open (eq:exponential-conductance).

    Parameters
    ----------
    g_max : float
        Peak conductance (µS), zero or more.
    tau_s : float
        Synaptic time constant τ_s (ms), greater than zero.
    E_syn : float
        Reversal potential (mV): near 0 mV it excites, near or below rest it inhibits.

    Raises
    ------
    ValueError
        If a value is not finite or out of range, or is an array.

    References
    ----------
    Gerstner, Kistler, Naud and Paninski (2014), *Neuronal Dynamics*, sections 1.4 and 3.1.

    Examples
    --------
    >>> excitatory = ExponentialSynapse(g_max=0.01, tau_s=3.0, E_syn=0.0)
    >>> excitatory.conductance([-1.0, 0.0, 3.0]).round(5)
    array([0.     , 0.01   , 0.00368])
    >>> excitatory.charge(-65.0)
    1.95
    """

    @property
    def _kicks(self):
        """What a spike adds to the rise that is under way, and to the conductance (µS)."""
        return 0.0, self.g_max


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AlphaSynapse(Synapse):
    """Synapse with an α-shaped conductance, g(t) = g_max (t/τ_s) exp(1 - t/τ_s).

    It takes τ_s to open (eq:alpha-conductance).

    Parameters
    ----------
    g_max : float
        Peak conductance (µS), zero or more, reached at t = τ_s.
    tau_s : float
        Synaptic time constant τ_s (ms), greater than zero.
    E_syn : float
        Reversal potential (mV): near 0 mV it excites, near or below rest it inhibits.

    Raises
    ------
    ValueError
        If a value is not finite or out of range, or is an array.

    References
    ----------
    Gerstner, Kistler, Naud and Paninski (2014), *Neuronal Dynamics*, section 3.1.

    Examples
    --------
    >>> AlphaSynapse(g_max=0.01, tau_s=3.0).conductance([-1.0, 0.0, 3.0, 6.0]).round(5)
    array([0.     , 0.     , 0.01   , 0.00736])
    """

    @property
    def _kicks(self):
        """What a spike adds to the rise that is under way, and to the conductance (µS)."""
        return EULER * self.g_max, 0.0


def require_synapse(synapse):
    """Refuse what is no synapse."""
    require_kind("synapse", synapse, ExponentialSynapse, AlphaSynapse)
    return synapse


@portable
def conductance_after(s: float, x: float, g: float, tau_s: float):
    """Conductance a time s later, if no spike arrives."""
    return (g + x * s / tau_s) * exp(-s / tau_s)


@portable
def conductance_area(kick_x: float, kick_g: float, tau_s: float):
    """Integral over the conductance (µS·ms) that one spike opens."""
    return (kick_x + kick_g) * tau_s


@portable
def synaptic_charge(area: float, E_syn: float, u: float):
    """Charge (pC) that a conductance of this area brings into a neuron held at u."""
    return area * (E_syn - u)


@portable
def mean_conductance(rate: float, area: float):
    """Mean conductance (µS) under spikes at a mean rate (Hz) (eq:mean-conductance)."""
    return rate / MS_PER_S * area
