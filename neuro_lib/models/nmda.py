"""NMDA receptors: channels that magnesium blocks, the more the lower the potential."""

from math import exp, log1p

import numpy as np

from neuro_lib.portable import portable
from neuro_lib.units import checked, common_shape

__all__ = ["magnesium_block"]

E_SYN = 0.0  # mV, reversal potential of AMPA and NMDA channels
MG_HALF = 3.57  # mM of magnesium that block half of the channels at 0 mV
MG_STEEPNESS = 0.062  # 1/mV


def magnesium_block(u, Mg=1.0):
    """Fraction of NMDA channels that magnesium leaves open at a potential.

    The block follows the potential at once: the channels' own milliseconds are left out.

    Parameters
    ----------
    u : float or array_like
        Membrane potential (mV).
    Mg : float or array_like
        Magnesium concentration outside the cell (mM), zero or more.

    Returns
    -------
    float or ndarray
        Fraction B between 0 and 1, of the common shape.

    References
    ----------
    Jahr and Stevens (1990), J. Neurosci. 10:3178-3182.

    Examples
    --------
    >>> magnesium_block([-65.0, -40.0, 0.0]).round(3)
    array([0.06 , 0.23 , 0.781])
    """
    u = checked("u", u, "mV", "membrane potential")
    Mg = checked("Mg", Mg, "mM", "magnesium concentration", at_least=0)
    common_shape(u=np.shape(u), Mg=np.shape(Mg))
    return unblocked.over(u, Mg)


@portable
def unblocked(u: float, Mg: float):
    """Fraction of NMDA channels without magnesium, 1/(1 + (Mg/3.57) exp(-0.062 u)).

    Its curve is eq:dendrite-block.
    """
    if Mg == 0.0 or u > 1e4:
        return 1.0
    if u < -1e4:  # the exponential would be infinite
        return 0.0
    return 1.0 / (1.0 + Mg / MG_HALF * exp(-MG_STEEPNESS * u))


@portable
def nmda_norm(tau_rise: float, tau_nmda: float):
    """Factor that makes exp(-s/tau_nmda) - exp(-s/tau_rise) peak at one."""
    gap = tau_nmda - tau_rise
    peak = log1p(gap / tau_rise) * (tau_rise / gap)  # in tau_nmda
    return exp(peak) * (tau_nmda / gap)
