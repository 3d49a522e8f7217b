"""Many neurons side by side, at the speed of the machine's vector units."""

from math import exp, inf

import numpy as np

from neuro_lib.models.adex import (
    ORDER,
    STEEP,
    AdEx,
    AdExSeries,
    AdExState,
    coarseness,
    leap,
    march_adex,
    upswing,
)
from neuro_lib.models.filtered_lif import (
    TERMS,
    FilteredLIF,
    FilteredSeries,
    FilteredState,
    march,
    propagated,
    propagator,
    stays_below,
)
from neuro_lib.models.lif import LIF, fire, heads_for, relax, relax_for
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
                        u_inf[k, j] = heads_for(row[start + k], R[i], u_rest[i])
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
                            u_end[j] = relax_for(t_end - ready[j], u[j], to[j], tau_m[i])
                        if u_end[j] >= theta[i]:
                            lif = LIF(
                                tau_m=tau_m[i],
                                R=R[i],
                                u_rest=u_rest[i],
                                theta=theta[i],
                                u_r=u_r[i],
                                t_ref=t_ref[i],
                            )
                            u_end[j], ready[j], counts[i] = fire(
                                max(t, ready[j]),
                                t_end,
                                u[j],
                                u_end[j],
                                to[j],
                                lif,
                                unstored,
                                counts[i],
                            )
                            if ready[j] >= t_end:
                                u_end[j] = -inf
                        if u_end[j] == -inf:
                            wake = min(wake, ready[j])
                u, u_end = u_end, u


@compiled
def count_filtered_block(
    I,
    which,
    dt,
    tau_m,
    R,
    u_rest,
    theta,
    u_r,
    t_ref,
    a,
    tau_w,
    b,
    A,
    tau_f,
    u_start,
    counts,
):
    """Count spikes: the loop of `adaptation.run_filtered`, with time outside and neurons inside.

    Most steps of most neurons need the propagator alone. Where the potential comes so close to
    threshold that it might cross, or is held at reset, `march` takes over.

    Parameters
    ----------
    I, which, dt, counts
        As for `count_block`.
    tau_m, R, u_rest, theta, u_r, t_ref, a, tau_w, b, A, tau_f, u_start : ndarray
        As in `FilteredLIF`, and the potential at the start (mV), each of shape (neurons,).
    """
    neurons, n = len(which), I.shape[1]
    constant = I.strides[1] == 0
    unstored = np.empty(0)
    series, one = FilteredSeries(xs=np.empty(TERMS), ws=np.empty(TERMS)), np.empty(9)
    P = np.empty((9, LANES))
    x, W, F = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    x_end, W_end, F_end = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    off_chord, level, ready = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    J = np.empty((TILE, LANES))
    for first in range(0, neurons, LANES):
        lanes = min(LANES, neurons - first)
        for j in range(lanes):
            i = first + j
            neuron = FilteredLIF(
                tau_m=tau_m[i],
                R=R[i],
                u_rest=u_rest[i],
                theta=theta[i],
                u_r=u_r[i],
                t_ref=t_ref[i],
                a=a[i],
                tau_w=tau_w[i],
                b=b[i],
                A=A[i],
                tau_f=tau_f[i],
            )
            off_chord[j] = propagator(dt, neuron, one, series)
            P[:, j] = one
            x[j], W[j], F[j], ready[j] = u_start[i] - u_rest[i], 0.0, 0.0, 0.0
            level[j] = theta[i] - u_rest[i]
        for start in range(0, n - 1, TILE):
            steps = min(TILE, n - 1 - start)
            if start == 0 or not constant:
                for j in range(lanes):
                    i = first + j
                    row = I[which[i]]
                    for k in range(steps):
                        J[k, j] = R[i] * row[start + k]
            for k in range(steps):
                t, t_end = (start + k) * dt, (start + k + 1) * dt
                drive = J[k]
                near = 0
                for j in range(lanes):
                    p, q, r, d = x[j], W[j], F[j], drive[j]
                    p_end = propagated(P[0, j], P[1, j], P[2, j], P[3, j], p, q, r, d)
                    q_end = propagated(P[4, j], P[5, j], P[6, j], P[7, j], p, q, r, d)
                    r_end = P[8, j] * r
                    far = stays_below(level[j], off_chord[j], p, q, r, p_end, q_end, r_end)
                    near += (not far) | (ready[j] > t)
                    x_end[j], W_end[j], F_end[j] = p_end, q_end, r_end
                if near > 0:
                    for j in range(lanes):
                        far = stays_below(
                            level[j], off_chord[j], x[j], W[j], F[j], x_end[j], W_end[j], F_end[j]
                        )
                        if far and ready[j] <= t:
                            continue
                        i = first + j
                        neuron = FilteredLIF(
                            tau_m=tau_m[i],
                            R=R[i],
                            u_rest=u_rest[i],
                            theta=theta[i],
                            u_r=u_r[i],
                            t_ref=t_ref[i],
                            a=a[i],
                            tau_w=tau_w[i],
                            b=b[i],
                            A=A[i],
                            tau_f=tau_f[i],
                        )
                        state = FilteredState(x=x[j], W=W[j], F=F[j], ready=ready[j])
                        state, counts[i] = march(
                            t, t_end, state, drive[j], neuron, unstored, counts[i], series
                        )
                        x_end[j], W_end[j], F_end[j] = state.x, state.W, state.F
                        ready[j] = state.ready
                x, x_end = x_end, x
                W, W_end = W_end, W
                F, F_end = F_end, F


@compiled
def count_adex_block(
    I,
    which,
    dt,
    tau_m,
    R,
    u_rest,
    theta_rh,
    Delta_T,
    u_r,
    u_peak,
    a,
    tau_w,
    b,
    u_start,
    counts,
):
    """Count spikes: the loop of `adex.run_adex`, with time outside and neurons inside.

    Most steps of most neurons need one `leap`. Where it is too coarse, in an upswing, `march_adex`
    takes over. The exponentials have a loop of their own, the one that is not vectorised.

    Parameters
    ----------
    I, which, dt, counts
        As for `count_block`.
    tau_m, R, u_rest, theta_rh, Delta_T, u_r, u_peak, a, tau_w, b, u_start : ndarray
        As in `AdEx`, and the potential at the start (mV), each of shape (neurons,).
    """
    neurons, n = len(which), I.shape[1]
    constant = I.strides[1] == 0
    unstored = np.empty(0)
    series = AdExSeries(
        ts=np.empty(ORDER + 1),
        ws=np.empty(ORDER + 1),
        pulls=np.empty(ORDER + 1),
        slowness=np.empty(ORDER + 1),
    )
    x, W, E = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    x_end, W_end, coarse = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    of_m, of_w, sharp = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    g, rise, width, peak = np.empty(LANES), np.empty(LANES), np.empty(LANES), np.empty(LANES)
    J = np.empty((TILE, LANES))
    for first in range(0, neurons, LANES):
        lanes = min(LANES, neurons - first)
        for j in range(lanes):
            i = first + j
            x[j], W[j] = u_start[i] - u_rest[i], 0.0
            of_m[j], of_w[j], sharp[j] = dt / tau_m[i], dt / tau_w[i], 1.0 / Delta_T[i]
            g[j], rise[j], width[j] = a[i] * R[i], theta_rh[i] - u_rest[i], Delta_T[i]
            peak[j] = min(u_peak[i] - u_rest[i], rise[j] + STEEP * width[j])
        for start in range(0, n - 1, TILE):
            steps = min(TILE, n - 1 - start)
            if start == 0 or not constant:
                for j in range(lanes):
                    i = first + j
                    row = I[which[i]]
                    for k in range(steps):
                        J[k, j] = R[i] * row[start + k]
            for k in range(steps):
                drive = J[k]
                for j in range(lanes):
                    E[j] = upswing(x[j], rise[j], width[j])
                hard = 0
                for j in range(lanes):
                    x_end[j], W_end[j], last, up = leap(
                        x[j], W[j], E[j], drive[j], of_m[j], of_w[j], sharp[j], g[j]
                    )
                    coarse[j] = coarseness(x[j], last, up, rise[j], width[j])
                    # One number tells: a leap that may reach u_peak is too coarse, too.
                    coarse[j] = coarse[j] if x[j] + up < peak[j] else 1.0
                    hard += coarse[j] > 0.0
                if hard > 0:
                    for j in range(lanes):
                        if coarse[j] <= 0.0:
                            continue
                        i = first + j
                        adex = AdEx(
                            tau_m=tau_m[i],
                            R=R[i],
                            u_rest=u_rest[i],
                            theta_rh=theta_rh[i],
                            Delta_T=Delta_T[i],
                            u_r=u_r[i],
                            u_peak=u_peak[i],
                            a=a[i],
                            tau_w=tau_w[i],
                            b=b[i],
                        )
                        state, counts[i] = march_adex(
                            (start + k) * dt,
                            (start + k + 1) * dt,
                            AdExState(x=x[j], W=W[j]),
                            drive[j],
                            adex,
                            unstored,
                            counts[i],
                            series,
                        )
                        x_end[j], W_end[j] = state.x, state.W
                x, x_end = x_end, x
                W, W_end = W_end, W


# What counts the spikes of many neurons of a model together. Others are run one by one.
BLOCKS = {LIF: count_block, FilteredLIF: count_filtered_block, AdEx: count_adex_block}
