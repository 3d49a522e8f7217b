"""Postsynaptic potentials of synapses that open a conductance."""

from math import exp

import numpy as np

from neuro_lib.analysis.responses import at_times
from neuro_lib.models.conductance_lif import EARLY, HALVINGS, LATE, magnus_step
from neuro_lib.models.lif import require_lif
from neuro_lib.models.synapses import conductance_after, require_synapse
from neuro_lib.portable import Array, portable
from neuro_lib.units import checked, columns, common_shape, exceeds, number

__all__ = ["conductance_psp", "psp_amplitude"]


def conductance_psp(lif, synapse, t, *, u_hold=None):
    """Postsynaptic potential of one spike at a conductance-based synapse.

    Parameters
    ----------
    lif : LIF
        One neuron.
    synapse : ExponentialSynapse or AlphaSynapse
        The synapse.
    t : array_like, shape (...)
        Time since the presynaptic spike arrived (ms), in any order.
    u_hold : float, optional
        Potential at which a constant current holds the neuron (mV); rest unless given.

    Returns
    -------
    ndarray, shape (...)
        Deflection from `u_hold` (mV), as if there were no threshold.

    Raises
    ------
    ValueError
        If a value is not finite, the neuron is a population, or the synapse is open for thousands
        of membrane time constants, which would take too long.

    Examples
    --------
    >>> from neuro_lib import LIF, ExponentialSynapse
    >>> inhibitory = ExponentialSynapse(g_max=0.01, tau_s=5.0, E_syn=-75.0)
    >>> conductance_psp(LIF(), inhibitory, [0.0, 5.0, 10.0], u_hold=-55.0).round(3)
    array([ 0.   , -2.222, -2.126])
    >>> conductance_psp(LIF(), inhibitory, [0.0, 5.0, 10.0], u_hold=-75.0).round(3)
    array([0., 0., 0.])
    """
    require_lif(lif)
    require_synapse(synapse)
    u_hold = number("u_hold", lif.u_rest if u_hold is None else u_hold, "mV", "holding potential")
    if lif.shape:
        raise ValueError(f"a PSP takes one neuron; got shape {lif.shape}")
    _refuse_long(lif, synapse)
    share = at_times(t, add_psp_share, *synapse._kicks, synapse.tau_s, lif.tau_m, lif.C)
    return (synapse.E_syn - u_hold) * share + 0.0  # no -0.0


def psp_amplitude(lif, synapse, u_hold):
    """Peak of the PSP against the holding potential: proportional to E_syn - u_hold.

    It changes sign at the reversal potential (eq:psp-amplitude). Twice the conductance is less
    than twice the amplitude: the PSP can come no further than E_syn.

    Parameters
    ----------
    lif : LIF
        The neuron, or a population of shape (...).
    synapse : ExponentialSynapse or AlphaSynapse
        The synapse.
    u_hold : float or array_like
        Potential at which a constant current holds the neuron (mV); broadcasts against the
        neuron's parameters.

    Returns
    -------
    float or ndarray, shape (...)
        Largest deflection from `u_hold`, with its sign (mV), as if there were no threshold.

    Raises
    ------
    ValueError
        If a value is not finite, shapes do not broadcast, or as for `conductance_psp`.

    Examples
    --------
    >>> from neuro_lib import LIF, ExponentialSynapse
    >>> inhibitory = ExponentialSynapse(g_max=0.01, tau_s=5.0, E_syn=-75.0)
    >>> psp_amplitude(LIF(), inhibitory, [-55.0, -65.0, -75.0, -85.0]).round(3)
    array([-2.304, -1.152,  0.   ,  1.152])
    """
    require_lif(lif)
    require_synapse(synapse)
    u_hold = checked("u_hold", u_hold, "mV", "holding potential")
    shape = common_shape(neurons=lif.shape, u_hold=np.shape(u_hold))
    _refuse_long(lif, synapse)
    neurons = columns(lif.shape, lif.tau_m, lif.C)
    shares = [peak_share(*synapse._kicks, synapse.tau_s, *neuron) for neuron in neurons]
    shares = np.array(shares).reshape(lif.shape)
    peaks = shares * (synapse.E_syn - u_hold) + 0.0  # no -0.0
    return peaks if shape else float(peaks)


def _refuse_long(lif, synapse):
    """Refuse a synapse that stays open for so long, or so wide, that its PSP has too many steps."""
    fading = 50.0 / (FINE * lif.tau_m)  # after so many tau_s nothing is left
    limits = np.divide(MOST_STEPS, fading + sum(synapse._kicks) / (BRISK * lif.C))
    for limit in np.extract(exceeds(synapse.tau_s, limits), limits):  # the first is reported
        raise ValueError(
            f"tau_s = {synapse.tau_s:g} ms: the synaptic time constant must be ≤ {limit:g} ms "
            f"where g_max = {synapse.g_max:g} µS"
        )


FINE = 0.02  # step of a PSP, as a part of the shortest time constant: 1e-9 of its peak
BRISK = 0.1  # ... and the most that g/C times a step may be
FADED = 1e-18  # a conductance whose whole effect is below this share has no effect
MOST_STEPS = 1e7


# One PSP, as a share of the driving force E_syn - u_hold at which it sets out: dv/dt is then
# -v/tau_m + g (1 - v)/C, whatever the holding potential.


@portable
def share_after(v: float, h: float, x: float, g: float, tau_s: float, tau_m: float, C: float):
    """Share a time h later, and its slope there."""
    early = conductance_after(EARLY * h, x, g, tau_s) / C
    late = conductance_after(LATE * h, x, g, tau_s) / C
    v = magnus_step(v, h, 1.0 / tau_m + early, early, 1.0 / tau_m + late, late)
    end = conductance_after(h, x, g, tau_s) / C
    return v, end * (1.0 - v) - v / tau_m


@portable
def step_of_psp(x: float, g: float, tau_s: float, tau_m: float, C: float):
    """Length of a step over which neither g nor the share changes much (ms)."""
    h = FINE * min(tau_s, tau_m)
    if (x + g) * h > BRISK * C:
        return BRISK * C / (x + g)
    return h


@portable
def add_psp_share(
    v: Array, t: Array, kick_x: float, kick_g: float, tau_s: float, tau_m: float, C: float
):
    """Add the PSP at times t, which are in order, as a share of the driving force."""
    x = kick_x
    g = kick_g
    share = 0.0
    now = 0.0
    for k in range(len(t)):
        while now < t[k]:
            if (x + g) * tau_s / C < FADED:  # the membrane alone is left
                share *= exp(-(t[k] - now) / tau_m)
                x = 0.0
                g = 0.0
                now = t[k]
            else:
                h = min(step_of_psp(x, g, tau_s, tau_m, C), t[k] - now)
                share, _ = share_after(share, h, x, g, tau_s, tau_m, C)
                g = conductance_after(h, x, g, tau_s)
                x *= exp(-h / tau_s)
                now = t[k] if h >= t[k] - now else now + h
        if t[k] >= 0.0:
            v[k] += share


@portable
def peak_share(kick_x: float, kick_g: float, tau_s: float, tau_m: float, C: float):
    """Peak of a PSP as a share of the driving force: between 0 and 1."""
    if kick_x + kick_g == 0.0:
        return 0.0
    x = kick_x
    g = kick_g
    share = 0.0
    h = step_of_psp(x, g, tau_s, tau_m, C)
    end, slope = share_after(share, h, x, g, tau_s, tau_m, C)
    while slope > 0.0:
        share = end
        g = conductance_after(h, x, g, tau_s)
        x *= exp(-h / tau_s)
        h = step_of_psp(x, g, tau_s, tau_m, C)
        end, slope = share_after(share, h, x, g, tau_s, tau_m, C)
    low = 0.0
    high = h
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        end, slope = share_after(share, middle, x, g, tau_s, tau_m, C)
        if slope > 0.0:
            low = middle
        else:
            high = middle
    return end
