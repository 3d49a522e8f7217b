"""Many neurons side by side, at the speed of the machine's vector units."""

from dataclasses import fields
from math import exp, inf
from typing import NamedTuple

import numpy as np

from neuro_lib.models.adex import (
    ORDER,
    PRECISION,
    AdEx,
    AdExSeries,
    AdExState,
    coarseness,
    leap,
    march_adex,
    peak_above_rest,
    pull_at,
    soar,
    soaring_from,
    soars,
    upswing_within,
)
from neuro_lib.models.filtered_lif import (
    SHORT,
    FilteredLIF,
    FilteredState,
    Propagator,
    Row,
    bend_of,
    crossing,
    march,
    matrix_of,
    norm,
    propagated,
    propagator,
    reset,
    rounding_of,
    slope_at,
    stays_below,
    stiffness,
)
from neuro_lib.models.lif import LIF, fire, heads_for, integrate, relax
from neuro_lib.portable import Array, compiled, portable, zeros

__all__ = ["count_block"]

VECTOR = 8  # floats in the widest vector: what is left over from a multiple runs one by one
LANES = 128  # neurons that step together: their state stays in the first-level cache
STRIDE = 8  # steps that they take between two looks at them; a divisor of TILE
TILE = 16  # steps for which their input is laid out afresh, time after time
LONG = 64  # steps: while all currents rest for as many, a neuron is as fast alone
CALM = 512  # steps, for neurons with filters: each begins and ends such a rest alone
FEW = 8  # neurons that are done one by one sooner than side by side with all the others
LONGER = 1.25  # times the length of a leap: what is tried next ...
MORE = 4.0  # ... if its last term, which grows with the 7th power, may be larger by so much more
SOARING = 1e300  # steps: what stands in the place of their number where u soars


def _many(model):
    """Record with an array in place of each parameter of a model."""
    return NamedTuple(f"{model.__name__}s", [(field.name, Array) for field in fields(model)])


LIFs, FilteredLIFs, AdExs = map(_many, (LIF, FilteredLIF, AdEx))


@compiled
def rest_from(start, I, which):
    """Number of steps from `start` for which all these neurons' currents rest: one at least."""
    stop = I.shape[1] - 1
    if I.strides[1] == 0:
        return stop - start
    known = -1
    for j in range(len(which)):
        if which[j] != known:
            known = which[j]
            k = start + 1
            while k < stop and I[known, k] == I[known, start]:
                k += 1
            stop = k
    return stop - start


@compiled
def lay_out(I, which, start, R, u_rest, heads):
    """Fill where each step's current, from `start` on, carries each neuron: a row for each step."""
    for j in range(len(which)):
        row = I[which[j], start:]
        for k in range(len(heads)):
            heads[k, j] = heads_for(row[k], R[j], u_rest[j])


@portable
def lif_of(neurons: LIFs, i: int) -> LIF:
    """One of many neurons."""
    return LIF(
        tau_m=neurons.tau_m[i],
        R=neurons.R[i],
        u_rest=neurons.u_rest[i],
        theta=neurons.theta[i],
        u_r=neurons.u_r[i],
        t_ref=neurons.t_ref[i],
    )


@portable
def run_alone(
    begin: int,
    dt: float,
    u: float,
    u_inf: Array,
    keep: float,
    lif: LIF,
    ready: float,
    spikes: Array,
):
    """Carry one neuron on, a step for each of `u_inf`: the loop of `lif.run`, from its middle.

    Returns what `fire` does, counting from here.
    """
    n_spikes = 0
    for k in range(len(u_inf)):
        t = (begin + k) * dt
        t_end = (begin + k + 1) * dt
        u_end = integrate(t, t_end, u, u_inf[k], keep, lif.tau_m, lif.u_r, ready)
        if u_end >= lif.theta:
            t = max(t, ready)
            u_end, ready, n_spikes = fire(t, t_end, u, u_end, u_inf[k], lif, spikes, n_spikes)
        u = u_end
    return u, ready, n_spikes


@compiled
def count_block(I, which, dt, neurons, u_start, counts):
    """Count spikes: the loop of `lif.run`, with time outside and neurons inside.

    Most steps of most neurons need `relax` alone, which the compiler turns into vector
    instructions. A neuron that fires or wakes within a stride goes through it again, alone. While
    all their currents rest, for LONG or more, each is carried on alone, in one step.

    Parameters
    ----------
    I : ndarray, shape (currents, n)
        Currents (nA). They may be broadcast in time: then they are laid out once, not once a tile.
    which : ndarray of int, shape (neurons,)
        Row of `I` that drives the neuron.
    dt : float
        Time step (ms).
    neurons : LIFs
        Their parameters, each an ndarray of shape (neurons,).
    u_start : ndarray, shape (neurons,)
        Potential at the start (mV).
    counts : ndarray of int, shape (neurons,)
        Number of spikes, added to.
    """
    size, n = len(which), I.shape[1]
    unstored = np.empty(0)
    u, u_end, highest = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    keep, threshold, ready = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    u_inf = np.zeros((TILE, LANES))
    for first in range(0, size, LANES):
        lanes = min(LANES, size - first)
        mine = slice(first, first + lanes)
        for j in range(lanes):
            u[j] = u_start[first + j]
            ready[j] = 0.0
            keep[j] = exp(-dt / neurons.tau_m[first + j])
            threshold[j] = neurons.theta[first + j]
        wake = inf  # the next time at which a refractory neuron of these is ready
        start, changes = 0, 0  # `changes`: when one of their currents does
        while start < n - 1:
            if start >= changes:
                changes = start + rest_from(start, I, which[mine])
            rest = changes - start
            resting = rest >= LONG
            steps = rest if resting else min(TILE, n - 1 - start)
            laid = u_inf[: 1 if resting else steps]
            lay_out(I, which[mine], start, neurons.R[mine], neurons.u_rest[mine], laid)
            if resting:
                end = start + steps
                wake = inf
                for j in range(lanes):
                    i = first + j
                    lif = lif_of(neurons, i)
                    begun = u[j] if u[j] > -inf else lif.u_r
                    left = exp(-steps * dt / lif.tau_m)
                    # Its time is counted from here.
                    wait, to_end = ready[j] - start * dt, u_inf[:1, j]
                    u[j], wait, more = run_alone(
                        0, steps * dt, begun, to_end, left, lif, wait, unstored
                    )
                    counts[i] += more
                    ready[j] = start * dt + wait
                    if ready[j] >= end * dt:
                        u[j] = -inf
                        wake = min(wake, ready[j])
                start += steps
                continue
            for begin in range(start, start + steps, STRIDE):
                end = min(begin + STRIDE, n - 1)
                to = u_inf[begin - start : begin - start + STRIDE]
                fired = 0
                # Who does not fire in a whole stride does not where the run ends within it, either.
                # A refractory neuron's u is -inf here, which `relax` keeps: no test needed.
                for j in range(lanes):
                    now, top = u[j], -inf
                    for k in range(STRIDE):
                        now = relax(now, to[k, j], keep[j])
                        top = max(top, now)
                    u_end[j], highest[j] = now, top
                    fired += top >= threshold[j]
                if fired > 0 or wake < end * dt:
                    wake = inf
                    for j in range(lanes):
                        if highest[j] < threshold[j] and u[j] > -inf:
                            continue
                        if u[j] > -inf or ready[j] < end * dt:
                            i = first + j
                            lif = lif_of(neurons, i)
                            begun = u[j] if u[j] > -inf else lif.u_r
                            to_end = to[: end - begin, j]
                            u_end[j], ready[j], more = run_alone(
                                begin, dt, begun, to_end, keep[j], lif, ready[j], unstored
                            )
                            counts[i] += more
                            if ready[j] >= end * dt:
                                u_end[j] = -inf
                        if u_end[j] == -inf:
                            wake = min(wake, ready[j])
                u, u_end = u_end, u
            start += steps


@portable
def filtered_of(neurons: FilteredLIFs, i: int) -> FilteredLIF:
    """One of many neurons."""
    return FilteredLIF(
        tau_m=neurons.tau_m[i],
        R=neurons.R[i],
        u_rest=neurons.u_rest[i],
        theta=neurons.theta[i],
        u_r=neurons.u_r[i],
        t_ref=neurons.t_ref[i],
        a=neurons.a[i],
        tau_w=neurons.tau_w[i],
        b=neurons.b[i],
        A=neurons.A[i],
        tau_f=neurons.tau_f[i],
    )


class Rows(NamedTuple):
    """A row of the propagator for each lane."""

    of_x: Array
    of_W: Array
    of_F: Array
    of_J: Array


class Propagators(NamedTuple):
    """The propagator of a step for each lane."""

    x: Rows
    W: Rows
    F: Array
    off_chord: Array


@portable
def empty_rows() -> Rows:
    """Room for a row in each lane."""
    return Rows(of_x=zeros(LANES), of_W=zeros(LANES), of_F=zeros(LANES), of_J=zeros(LANES))


@portable
def empty_propagators() -> Propagators:
    """Room for a propagator in each lane."""
    return Propagators(x=empty_rows(), W=empty_rows(), F=zeros(LANES), off_chord=zeros(LANES))


@portable
def row_of(rows: Rows, j: int) -> Row:
    """Row of a lane."""
    return Row(of_x=rows.of_x[j], of_W=rows.of_W[j], of_F=rows.of_F[j], of_J=rows.of_J[j])


@portable
def propagator_of(steps: Propagators, j: int) -> Propagator:
    """Propagator of a lane."""
    return Propagator(
        x=row_of(steps.x, j), W=row_of(steps.W, j), F=steps.F[j], off_chord=steps.off_chord[j]
    )


@portable
def put_row(rows: Rows, j: int, row: Row):
    """Set the row of a lane."""
    rows.of_x[j] = row.of_x
    rows.of_W[j] = row.of_W
    rows.of_F[j] = row.of_F
    rows.of_J[j] = row.of_J


@portable
def put_propagator(steps: Propagators, j: int, step: Propagator):
    """Set the propagator of a lane."""
    put_row(steps.x, j, step.x)
    put_row(steps.W, j, step.W)
    steps.F[j] = step.F
    steps.off_chord[j] = step.off_chord


@portable
def run_filtered_alone(
    begin: int,
    dt: float,
    state: FilteredState,
    ready: float,
    J: Array,
    step: Propagator,
    neuron: FilteredLIF,
    spikes: Array,
):
    """Carry one neuron on, a step for each of `J`: the loop of `run_filtered`, from its middle.

    Returns what `march` does, counting from here.
    """
    n_spikes = 0
    level = neuron.theta - neuron.u_rest
    for k in range(len(J)):
        t = (begin + k) * dt
        end = propagated(step, state, J[k])
        if stays_below(level, step.off_chord, state, end) and ready <= t:
            state = end
        else:
            t_end = (begin + k + 1) * dt
            state, ready, n_spikes = march(t, t_end, state, ready, J[k], neuron, spikes, n_spikes)
    return state, ready, n_spikes


@portable
def stride_alone(
    t: float,
    t_end: float,
    state: FilteredState,
    ready: float,
    J: float,
    stride: float,
    step: Propagator,
    neuron: FilteredLIF,
):
    """Carry one neuron on to the next spike, if x rises steadily to it in one stride; or further.

    Returns the state, its time, when u is no longer held at reset, and the number of spikes.
    """
    level = neuron.theta - neuron.u_rest
    M = matrix_of(neuron)
    end = propagated(step, state, J)
    slope = slope_at(state, J, M)
    bend = bend_of(SHORT, norm(slope) * stride) + rounding_of(state, J)
    steady = abs(slope.x) * stride > 2.0 * bend
    if ready <= t and t + stride <= t_end and end.x >= level and steady:
        s, W = crossing(stride, state, end, J, level, M)
        t = min(t + s, t_end)
        return reset(W, neuron), t, t + neuron.t_ref, 1
    until = min(max(t, ready) + stride, t_end)
    state, ready, n_spikes = march(t, until, state, ready, J, neuron, zeros(0), 0)
    return state, until, ready, n_spikes


@compiled
def count_filtered_block(I, which, dt, neurons, u_start, counts):
    """Count spikes: the loop of `filtered_lif.run_filtered`, with time outside and neurons inside.

    Most steps of most neurons need the propagator alone. Where within a stride the potential comes
    so close to threshold that it might cross, or is held at reset, the neuron goes through it
    again, alone. How much the state changes over all of the stride bounds what it changes in each
    step, so no crossing is missed that `stays_below` would see. While all their currents rest, for
    CALM or more, the neurons need not keep pace: each takes steps of its own, as long as a bound on
    the chord allows, and is alone where it might cross in one.

    Parameters
    ----------
    I, which, dt, u_start, counts
        As for `count_block`.
    neurons : FilteredLIFs
        Their parameters, each an ndarray of shape (neurons,).
    """
    size, n = len(which), I.shape[1]
    unstored = np.empty(0)
    x, W, F = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    x_end, W_end, F_end = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    level, ready, near = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    stride, t = np.empty(LANES), np.empty(LANES)
    of_dt, of_stride = empty_propagators(), empty_propagators()
    J = np.zeros((TILE, LANES))
    rest_at = np.zeros(LANES)  # x is measured from rest
    for first in range(0, size, LANES):
        lanes = min(LANES, size - first)
        mine = slice(first, first + lanes)
        for j in range(lanes):
            i = first + j
            neuron = filtered_of(neurons, i)
            put_propagator(of_dt, j, propagator(dt, neuron))
            x[j], W[j], F[j], ready[j] = u_start[i] - neuron.u_rest, 0.0, 0.0, 0.0
            level[j] = neuron.theta - neuron.u_rest
        start, changes, prepared = 0, 0, False
        while start < n - 1:
            if start >= changes:
                changes = start + rest_from(start, I, which[mine])
            rest = changes - start
            resting = rest >= CALM
            steps = rest if resting else min(TILE, n - 1 - start)
            lay_out(I, which[mine], start, neurons.R[mine], rest_at, J[: 1 if resting else steps])
            if resting:
                t_end = (start + steps) * dt
                for j in range(lanes):
                    t[j] = start * dt
                    if not prepared:
                        neuron = filtered_of(neurons, first + j)
                        stride[j] = SHORT / stiffness(matrix_of(neuron))
                        put_propagator(of_stride, j, propagator(stride[j], neuron))
                prepared = True
                drive = J[0]
                behind = lanes
                while behind > 0:
                    hard = 0
                    for j in range(lanes):
                        step = propagator_of(of_stride, j)
                        now = FilteredState(x=x[j], W=W[j], F=F[j])
                        then = propagated(step, now, drive[j])
                        below = stays_below(level[j], step.off_chord, now, then)
                        whole = below and ready[j] <= t[j] and t[j] + stride[j] <= t_end
                        # By arithmetic: to store some lanes of a vector alone takes long.
                        stay = 0.0 if whole else 1.0
                        go = 1.0 - stay
                        x[j] = go * then.x + stay * now.x
                        W[j] = go * then.W + stay * now.W
                        F[j] = go * then.F + stay * now.F
                        t[j] += go * stride[j]
                        near[j] = stay
                        hard += stay > 0.0
                    behind = lanes
                    if hard > 0:
                        behind = 0
                        for j in range(lanes):
                            if near[j] > 0.0 and t[j] < t_end:
                                state = FilteredState(x=x[j], W=W[j], F=F[j])
                                state, t[j], ready[j], more = stride_alone(
                                    t[j],
                                    t_end,
                                    state,
                                    ready[j],
                                    drive[j],
                                    stride[j],
                                    propagator_of(of_stride, j),
                                    filtered_of(neurons, first + j),
                                )
                                x[j], W[j], F[j] = state.x, state.W, state.F
                                counts[first + j] += more
                            behind += t[j] < t_end
                start += steps
                continue
            for begin in range(start, start + steps, STRIDE):
                end = min(begin + STRIDE, n - 1)
                drive = J[begin - start : begin - start + STRIDE]
                hard = 0
                for j in range(lanes):
                    step = propagator_of(of_dt, j)
                    now = FilteredState(x=x[j], W=W[j], F=F[j])
                    highest, lowest, most, least = now.x, now.x, now.W, now.W
                    for k in range(STRIDE):
                        now = propagated(step, now, drive[k, j])
                        highest, lowest = max(highest, now.x), min(lowest, now.x)
                        most, least = max(most, now.W), min(least, now.W)
                    # F shrinks, so it changes most over the whole.
                    change = max(highest - lowest, most - least, abs(now.F - F[j]))
                    far = highest + step.off_chord * change < level[j]
                    near[j] = 0.0 if far and ready[j] <= begin * dt else 1.0
                    hard += near[j] > 0.0
                    x_end[j], W_end[j], F_end[j] = now.x, now.W, now.F
                if hard > 0:
                    for j in range(lanes):
                        if near[j] == 0.0:
                            continue
                        i = first + j
                        state = FilteredState(x=x[j], W=W[j], F=F[j])
                        state, ready[j], more = run_filtered_alone(
                            begin,
                            dt,
                            state,
                            ready[j],
                            drive[: end - begin, j],
                            propagator_of(of_dt, j),
                            filtered_of(neurons, i),
                            unstored,
                        )
                        counts[i] += more
                        x_end[j], W_end[j], F_end[j] = state.x, state.W, state.F
                x, x_end = x_end, x
                W, W_end = W_end, W
                F, F_end = F_end, F
            start += steps


@portable
def adex_of(neurons: AdExs, i: int) -> AdEx:
    """One of many neurons."""
    return AdEx(
        tau_m=neurons.tau_m[i],
        R=neurons.R[i],
        u_rest=neurons.u_rest[i],
        theta_rh=neurons.theta_rh[i],
        Delta_T=neurons.Delta_T[i],
        u_r=neurons.u_r[i],
        u_peak=neurons.u_peak[i],
        a=neurons.a[i],
        tau_w=neurons.tau_w[i],
        b=neurons.b[i],
    )


@compiled
def count_adex_block(I, which, dt, neurons, u_start, counts):
    """Count spikes: what `adex.run_adex` does, with time outside and neurons inside.

    Most steps of most neurons need one `leap`. Where it is too coarse, in an upswing, `march_adex`
    takes over. But while their currents rest, for more than TILE, the neurons need not keep pace:
    all leap at once, each as far as it can. Alone is then who soars, or may reach u_peak, and who
    is behind nearly all the others. The exponentials have a loop of their own: what both need at
    once would not fit into the processor's registers.

    Parameters
    ----------
    I, which, dt, u_start, counts
        As for `count_block`.
    neurons : AdExs
        Their parameters, each an ndarray of shape (neurons,).
    """
    size, n = len(which), I.shape[1]
    unstored = np.empty(0)
    series = AdExSeries(
        ts=np.empty(ORDER + 1),
        ws=np.empty(ORDER + 1),
        pulls=np.empty(ORDER + 1),
        slowness=np.empty(ORDER + 1),
    )
    x, W, E = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    x_end, W_end, coarse = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    pace, left, alone = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    of_m, of_w, sharp = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    g, rise, width, peak = np.empty(LANES), np.empty(LANES), np.empty(LANES), np.empty(LANES)
    least = np.empty(LANES)
    J = np.empty((TILE, LANES))
    rest_at = np.zeros(LANES)  # x is measured from rest
    for first in range(0, size, LANES):
        lanes = min(LANES, size - first)
        mine = slice(first, first + lanes)
        for j in range(lanes):
            i = first + j
            adex = adex_of(neurons, i)
            x[j], W[j], pace[j] = u_start[i] - adex.u_rest, 0.0, 1.0
            of_m[j], of_w[j], sharp[j] = dt / adex.tau_m, dt / adex.tau_w, 1.0 / adex.Delta_T
            g[j], rise[j], width[j] = adex.a * adex.R, adex.theta_rh - adex.u_rest, adex.Delta_T
            peak[j] = peak_above_rest(adex)
            least[j] = soaring_from(adex)
        start, changes = 0, 0  # `changes`: when one of their currents does
        while start < n - 1:
            if start >= changes:
                changes = start + rest_from(start, I, which[mine])
            rest = changes - start
            resting = rest > TILE
            steps = rest if resting else min(TILE, n - 1 - start)
            lay_out(I, which[mine], start, neurons.R[mine], rest_at, J[: 1 if resting else steps])
            for k in range(0 if resting else steps):
                drive = J[k]
                for j in range(lanes):
                    E[j] = upswing_within(x[j], rise[j], width[j], sharp[j])
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
                        state, counts[i] = march_adex(
                            (start + k) * dt,
                            (start + k + 1) * dt,
                            AdExState(x=x[j], W=W[j]),
                            drive[j],
                            adex_of(neurons, i),
                            unstored,
                            counts[i],
                            series,
                        )
                        x_end[j], W_end[j] = state.x, state.W
                x, x_end = x_end, x
                W, W_end = W_end, W
            # In a rest they part; its loop is another one, as this one would be slower for it.
            drive, per_ms = J[0], 1.0 / dt
            behind = lanes if resting else 0
            for j in range(lanes):
                left[j] = steps  # time is in steps here
            while behind > 0:
                for j in range(lanes):
                    E[j] = upswing_within(x[j], rise[j], width[j], sharp[j])
                behind, reaching = 0, 0
                for j in range(lanes):
                    # In an upswing u will be infinite soon: within tau_m Delta_T / E.
                    haste = max(1.0 + sharp[j] * E[j], 1.0)
                    step = min(pace[j] / haste, left[j])
                    m, v = step * of_m[j], step * of_w[j]
                    x_new, W_new, last, up = leap(x[j], W[j], E[j], drive[j], m, v, sharp[j], g[j])
                    # Where u rises by more than 1 mV/ms, what is wrong with it matters less.
                    speed = pull_at(x[j], W[j], E[j], drive[j]) * of_m[j] * per_ms
                    spare = PRECISION * max(speed - 1.0, 0.0)
                    excess = coarseness(x[j], last - spare, up, rise[j], width[j])
                    fine = excess <= 0.0
                    far = x[j] + up < peak[j]
                    soaring = soars(x[j], W[j], E[j], drive[j], g[j], least[j])
                    goes = fine and far and not soaring
                    x[j] = x_new if goes else x[j]
                    W[j] = W_new if goes else W[j]
                    left[j] -= step if goes else 0.0
                    finer = excess + MORE * last <= 0.0
                    longer = max(pace[j], LONGER * step * haste if finer else 0.0)
                    pace[j] = longer if fine else 0.5 * step * haste
                    reaches = step if fine and not far else 0.0
                    alone[j] = SOARING if soaring and left[j] > 0.0 else reaches
                    behind += left[j] > 0.0
                    reaching += alone[j] > 0.0
                few = behind <= FEW
                if reaching > 0 or (few and behind > 0):
                    behind = 0
                    for j in range(lanes):
                        step = left[j] if few else alone[j]
                        if step > 0.0:
                            i = first + j
                            adex = adex_of(neurons, i)
                            if step == SOARING:
                                passed, W_there = soar(
                                    x[j], W[j], E[j], drive[j], peak[j], adex, series
                                )
                                step = left[j]
                                if passed * per_ms <= left[j]:  # to u_peak, from where it is reset
                                    x[j], W[j], step = peak[j], W_there, 0.0
                                    left[j] -= passed * per_ms
                            # From zero, where time has most digits.
                            state, counts[i] = march_adex(
                                0.0,
                                step * dt,
                                AdExState(x=x[j], W=W[j]),
                                drive[j],
                                adex,
                                unstored,
                                counts[i],
                                series,
                            )
                            x[j], W[j] = state.x, state.W
                            left[j] -= step
                        behind += left[j] > 0.0
            start += steps


# What counts the spikes of many neurons of a model together, and what it takes them as. Others are
# run one by one.
BLOCKS = {
    LIF: (count_block, LIFs),
    FilteredLIF: (count_filtered_block, FilteredLIFs),
    AdEx: (count_adex_block, AdExs),
}
