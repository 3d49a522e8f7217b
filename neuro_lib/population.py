"""Many LIF neurons side by side, at the speed of the machine's vector units."""

from math import exp, inf

import numpy as np

from neuro_lib.lif import fire, relax
from neuro_lib.portable import compiled

__all__ = ["count_block"]

LANES = 64  # neurons that step together: their state stays in the first-level cache
TILE = 32  # steps for which their input is laid out afresh, time after time


@compiled
def count_block(I, which, dt, tau_m, R, u_rest, theta, u_r, t_ref, u_start, counts):
    """Count spikes: the loop of `lif.run`, with time outside and neurons inside.

    Most steps of most neurons need `relax` alone, which the compiler turns into vector
    instructions. Only where one of them fires or wakes does a second look sort them out.

    Parameters
    ----------
    I : ndarray, shape (currents, n)
        Currents (nA). They may be broadcast in time: then they are laid out once, not once a tile.
    which : ndarray of int, shape (neurons,)
        Row of `I` that drives the neuron.
    dt : float
        Time step (ms).
    tau_m, R, u_rest, theta, u_r, t_ref, u_start : ndarray, shape (neurons,)
        As in `LIF`, and the potential at the start (mV).
    counts : ndarray of int, shape (neurons,)
        Number of spikes, added to.
    """
    neurons, n = len(which), I.shape[1]
    constant = I.strides[1] == 0
    unstored = np.empty(0)
    u, u_end = np.empty(LANES), np.empty(LANES)
    keep, threshold, ready = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    u_inf = np.empty((TILE, LANES))
    for first in range(0, neurons, LANES):
        lanes = min(LANES, neurons - first)
        for j in range(lanes):
            u[j] = u_start[first + j]
            ready[j] = 0.0
            keep[j] = exp(-dt / tau_m[first + j])
            threshold[j] = theta[first + j]
        wake = inf  # the next time at which a refractory neuron of these is ready
        for start in range(0, n - 1, TILE):
            steps = min(TILE, n - 1 - start)
            if start == 0 or not constant:
                for j in range(lanes):
                    i = first + j
                    row = I[which[i]]
                    for k in range(steps):
                        u_inf[k, j] = u_rest[i] + R[i] * row[start + k]
            for k in range(steps):
                t, t_end = (start + k) * dt, (start + k + 1) * dt
                to = u_inf[k]
                fired = 0
                # A refractory neuron's u is -inf here, which `relax` keeps: no test needed.
                for j in range(lanes):
                    u_end[j] = relax(u[j], to[j], keep[j])
                    fired += u_end[j] >= threshold[j]
                if fired > 0 or wake < t_end:
                    wake = inf
                    for j in range(lanes):
                        if u_end[j] < threshold[j] and u[j] > -inf:
                            continue
                        i = first + j
                        if u[j] == -inf and ready[j] < t_end:
                            u[j] = u_r[i]
                            u_end[j] = relax(u[j], to[j], exp(-(t_end - ready[j]) / tau_m[i]))
                        if u_end[j] >= theta[i]:
                            u_end[j], ready[j], counts[i] = fire(
                                max(t, ready[j]),
                                t_end,
                                u[j],
                                u_end[j],
                                to[j],
                                tau_m[i],
                                theta[i],
                                u_r[i],
                                t_ref[i],
                                ready[j],
                                unstored,
                                counts[i],
                            )
                            if ready[j] >= t_end:
                                u_end[j] = -inf
                        if u_end[j] == -inf:
                            wake = min(wake, ready[j])
                u, u_end = u_end, u
