"""A small network that computes: two pools of neurons compete, and one wins.

Each pool excites itself, and both drive a third, which inhibits both. So the pool that is ahead
holds the other down: *winner take all*, a decision between two inputs. The neurons are leaky
integrate-and-fire neurons, all alike; what differs is the noise that each gets for itself. Pools A
and B are excitatory, pool C is inhibitory; s is what a pool's synapses pass on, and each spike of a
pool of N neurons adds 1/N to it, after a delay::

    tau_m du/dt = -(u - u_rest) + R (I_A + w_E s_A - w_I s_C + noise)    and so for B
    tau_m du/dt = -(u - u_rest) + R (w_C (s_A + s_B) + noise)            for C
    tau_E ds_A/dt = -s_A,  tau_E ds_B/dt = -s_B,  tau_I ds_C/dt = -s_C

Within a time step the synaptic currents are replaced by their exact means, so no charge is lost;
the membrane's answer to a current that is constant within a step, and the firing times, are exact
(`lif`). The error of a firing time falls with the square of the step.
"""

from dataclasses import dataclass
from functools import cached_property
from math import exp, expm1, floor, inf
from typing import NamedTuple

import numpy as np

from neuro_lib.inputs.currents import SEEDS, first_state, require_step, uniform_draws
from neuro_lib.inputs.steps import in_steps, whole_steps
from neuro_lib.inputs.trains import MOST_SPIKES
from neuro_lib.models.lif import Membrane, heads_for, relax, relax_for, time_to_threshold
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.units import MS_PER_S, number, quantity, whole
from neuro_lib.values import Record

__all__ = ["Competition", "CompetitionRun"]

POOL = 80  # neurons in each of the pools A and B
INHIBITORY = 40  # in pool C
HOLD = 4.0  # ms for which a neuron's noise keeps its value
BIN = 20.0  # ms, over which spikes are counted
HELD = 5  # bins for which a lead must last, up to the end, to be a decision
NEURONS = 2 * POOL + INHIBITORY
SIZES = POOL, POOL, INHIBITORY
FIRST = 0, POOL, 2 * POOL  # neuron of each pool, when all are numbered through


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Competition(Membrane):
    """Two excitatory pools of 80 neurons and an inhibitory one of 40: a winner takes all.

    Parameters
    ----------
    tau_m : float
        Membrane time constant τ_m (ms), greater than zero.
    R : float
        Membrane resistance (MΩ), greater than zero.
    u_rest : float
        Resting potential (mV).
    theta : float
        Firing threshold θ (mV), above both `u_rest` and `u_r`.
    u_r : float
        Reset potential (mV).
    t_ref : float
        Absolute refractory time (ms), 1 ms or more: it alone bounds the rates where inhibition is
        too weak to do so.
    w_E : float
        Current within an excitatory pool per spike of each of its neurons (nA), zero or more.
    w_I : float
        Current by which pool C inhibits A and B, per spike of each of its neurons (nA), zero or
        more.
    w_C : float
        Current into pool C per spike of each neuron of A or of B (nA), zero or more.
    tau_E : float
        Decay time of excitation (ms), greater than zero.
    tau_I : float
        Decay time of inhibition (ms), greater than zero.
    delay : float
        From a spike to its effect (ms), 1 ms or more.
    sigma : float
        Standard deviation of each neuron's noise (nA), zero or more. It is drawn anew every 4 ms,
        from a range of 2√3 σ in which all values are alike.

    Raises
    ------
    ValueError
        If a value is no single number, not finite or out of range.

    Notes
    -----
    All neurons of a pool get the same synaptic current, so a pool has no structure inside. The
    synapses are current-based: there is no shunting, and none of them learns.

    References
    ----------
    Wang (2002), *Neuron* 36:955-968, has a larger network of this kind with conductance-based
    synapses, and holds it against recordings.

    Examples
    --------
    >>> network = Competition()
    >>> network.run(0.33, 0.30, duration=600.0).winner
    'A'
    """

    t_ref: float = quantity(5.0, "t_ref", "ms", "absolute refractory time", at_least=1.0)
    w_E: float = quantity(0.2, "w_E", "nA", "excitation within a pool", at_least=0)
    w_I: float = quantity(0.8, "w_I", "nA", "inhibition by pool C", at_least=0)
    w_C: float = quantity(0.15, "w_C", "nA", "excitation of pool C", at_least=0)
    tau_E: float = quantity(50.0, "τ_E", "ms", "decay time of excitation", above=0)
    tau_I: float = quantity(10.0, "τ_I", "ms", "decay time of inhibition", above=0)
    delay: float = quantity(1.0, "d", "ms", "delay from a spike to its effect", at_least=1.0)
    sigma: float = quantity(0.2, "σ", "nA", "standard deviation of the noise", at_least=0)

    def __post_init__(self):
        super().__post_init__()
        if self.shape:
            raise ValueError(f"a competition takes numbers; got parameters of shape {self.shape}")

    def run(self, I_A, I_B, *, duration, dt=0.5, seed=0):
        """Run the network from rest.

        Parameters
        ----------
        I_A, I_B : float
            Constant currents into each neuron of pools A and B (nA).
        duration : float
            Time to run (ms), a whole number of steps.
        dt : float
            Time step (ms), at most `delay`, `t_ref` and the time constants.
        seed : int
            Which noise, from 0 to 9999. The same seed gives the same noise in every engine.

        Returns
        -------
        CompetitionRun
            Firing times, and who won.

        Raises
        ------
        ValueError
            If a value is not finite or out of range.

        Examples
        --------
        >>> Competition(sigma=0.0).run(0.32, 0.32, duration=600.0).winner  # both fire, alike
        'none'
        """
        I_A = number("I_A", I_A, "nA", "current into pool A")
        I_B = number("I_B", I_B, "nA", "current into pool B")
        steps, dt = whole_steps(duration, dt, "time to run")
        for name in ("delay", "t_ref", "tau_m", "tau_E", "tau_I"):
            require_step(dt, name, getattr(self, name), "time step")
        seed = whole("seed", seed, "seed", below=SEEDS)
        each = int(steps * dt / self.t_ref) + 2  # spikes, at most
        if NEURONS * each > MOST_SPIKES:
            raise ValueError(
                f"duration = {steps * dt:g} ms: the time to run must be so short that the neurons, "
                f"with t_ref = {self.t_ref:g} ms, fire at most {MOST_SPIKES:g} times"
            )
        pools = Pools(*(pool_at_rest(size, self.u_rest, size * each) for size in SIZES))
        counts = compete(steps, dt, I_A, I_B, self, seed, pools)
        fired = zip(pools, counts, FIRST, strict=True)
        when, who = np.hstack([(pool.when[:n], first + pool.who[:n]) for pool, n, first in fired])
        order = np.argsort(when, kind="stable")
        return CompetitionRun(
            spike_times=when[order], neurons=who[order].astype(int), duration=steps * dt
        )


@dataclass(frozen=True, eq=False)
class CompetitionRun(Record):
    """What `Competition.run` returns.

    Parameters
    ----------
    spike_times : ndarray, shape (n,)
        Firing times (ms) of all neurons, increasing.
    neurons : ndarray, shape (n,)
        Which neuron fired (a pure number): 0 to 79 are pool A, 80 to 159 pool B, 160 to 199 pool C.
    duration : float
        Time that was run (ms).

    Examples
    --------
    >>> run = Competition().run(0.33, 0.30, duration=600.0)
    >>> run.winner, run.decided
    ('A', 40.0)
    """

    spike_times: np.ndarray
    neurons: np.ndarray
    duration: float

    def __post_init__(self):
        self._freeze()

    @property
    def rates(self):
        """Population activity of A, B and C (Hz) in bins of 20 ms, shape (3, number of bins).

        Bins are whole: what is left of the duration after them is not seen.
        """
        rates = np.empty((3, floor(in_steps(self.duration, BIN))))
        for row, first, size in zip(rates, FIRST, SIZES, strict=True):
            mine = (self.neurons >= first) & (self.neurons < first + size)
            population_activity(size, mine.sum(), self.spike_times[mine], row.size, row)
        return rates

    @property
    def decided(self):
        """When the competition was decided (ms), or -1 if there is no `winner`."""
        return self._outcome[0]

    @property
    def winner(self):
        """The pool, "A" or "B", that fires more than twice as fast as the other up to the end.

        "none" if there is none, for the last 100 ms at least.
        """
        return self._outcome[1]

    @cached_property
    def _outcome(self):
        """When it was decided, and who won."""
        A, B, _ = self.rates
        decided = decision_time(A, B)
        if decided < 0.0 or decided > BIN * (A.size - HELD):
            return -1.0, "none"
        return decided, "A" if A[-1] > B[-1] else "B"


# The loops, each written once for every engine. In them each pool numbers its neurons from 0.


@portable
def population_activity(neurons: int, n: int, when: Array, bins: int, out: Array):
    """Fill the rate (Hz) of so many neurons, which fired n times, in each bin."""
    for k in range(bins):
        out[k] = 0.0
    each = MS_PER_S / BIN / float(neurons)
    for j in range(n):
        at = floor(when[j] / BIN)
        if at < bins:
            out[at] += each


@portable
def decision(A: Array, B: Array):
    """First bin from which on one activity is always more than twice the other, or -1."""
    since = -1
    ahead = 0.0
    for k in range(len(A)):
        now = 0.0
        if A[k] > 2.0 * B[k]:
            now = 1.0
        if B[k] > 2.0 * A[k]:
            now = -1.0
        if now == 0.0:
            since = -1
        elif now != ahead or since < 0:
            since = k
        ahead = now
    return since


@portable
def decision_time(A: Array, B: Array):
    """When one activity began to be more than twice the other up to the end (ms), or -1."""
    since = decision(A, B)
    if since < 0:
        return -1.0
    return BIN * since


class Pool(NamedTuple):
    """Noise (nA) and potential (mV) of each neuron; when (ms) and which of them fired."""

    noise: Array
    u: Array
    when: Array
    who: Array


class Pools(NamedTuple):
    """The three of a network."""

    A: Pool
    B: Pool
    C: Pool


class Booked(NamedTuple):
    """What arriving spikes add to s: its mean over each step, and what is left at the end."""

    mean: Array
    left: Array


@portable
def drift(pool: Pool, base: float, R: float, keep: float, theta: float, n: int):
    """Carry a pool's potentials across a step, but of those who fire: note them, after n spikes.

    Returns how many spikes there are then. This is all that most neurons need, most of the time:
    where the loop does nothing else, engines run it several times as fast.
    """
    noise = pool.noise
    u = pool.u
    n_spikes = n
    for i in range(len(u)):
        u_inf = base + R * noise[i]
        u_end = relax(u[i], u_inf, keep)
        # At u_inf = theta rounding carries u to theta; the neuron never gets there.
        if u_end < theta or u_inf <= theta:
            u[i] = u_end
        else:
            pool.who[n_spikes] = i
            n_spikes += 1
    return n_spikes


@portable
def pool_step(pool: Pool, J: float, k: int, dt: float, network: Competition, pausing: int, n: int):
    """Carry a pool across step k; return how many spikes there are then, after n.

    The step is at most `t_ref` long, so a neuron fires once in it, or not at all. In its pause
    it is at -inf, from where nothing carries it, and which needs no test in the loop over all.
    `pausing` is a spike before which all pauses are over.
    """
    tau_m = network.tau_m  # what a loop reads again and again, it reads from a name of its own
    theta = network.theta
    u_r = network.u_r
    t_ref = network.t_ref
    R = network.R
    u = pool.u
    when = pool.when
    who = pool.who
    t = k * dt
    t_end = (k + 1) * dt  # which is the next step's t, so that no pause ends in between
    base = heads_for(J, R, network.u_rest)
    n_spikes = drift(pool, base, R, exp(-dt / tau_m), theta, n)
    for j in range(n, n_spikes):  # who reaches the threshold
        i = floor(who[j])
        climb = time_to_threshold(u[i], base + R * pool.noise[i], theta, tau_m)
        when[j] = min(t + climb, t_end)
        u[i] = -inf
    j = pausing
    while j < n_spikes:  # whose pause ends, in this step and in no other; that of new spikes, too
        ready = when[j] + t_ref
        if ready >= t and ready < t_end:
            i = floor(who[j])
            u_inf = base + R * pool.noise[i]
            u[i] = relax_for(t_end - ready, u_r, u_inf, tau_m)
            if u[i] >= theta and u_inf > theta:
                when[n_spikes] = min(ready + time_to_threshold(u_r, u_inf, theta, tau_m), t_end)
                who[n_spikes] = i
                n_spikes += 1
                u[i] = -inf
        j += 1
    return n_spikes


@portable
def first_pausing(begin: int, end: int, when: Array, t: float, t_ref: float):
    """First spike, from `begin` to before `end`, whose pause is not over at t; else `end`."""
    j = begin
    while j < end and when[j] + t_ref < t:
        j += 1
    return j


@portable
def deliver(
    begin: int,
    end: int,
    share: float,
    dt: float,
    delay: float,
    tau: float,
    spikes: Array,
    booked: Booked,
):
    """Book the arrivals of some spikes: what each adds to s, as the mean of its step and after."""
    for j in range(begin, end):
        arrival = spikes[j] + delay
        k = floor(arrival / dt)
        if k < len(booked.mean):
            rest = (k + 1) * dt - arrival
            gone = -expm1(-rest / tau)  # by the end of the step
            booked.left[k] += share * (1.0 - gone)
            booked.mean[k] += share * gone * tau / dt


@portable
def pool_at_rest(neurons: int, u_rest: float, room: int) -> Pool:
    """Make a pool of so many neurons, with room for so many spikes."""
    u = zeros(neurons)
    for i in range(neurons):
        u[i] = u_rest
    return Pool(noise=zeros(neurons), u=u, when=zeros(room), who=zeros(room))


@portable
def compete(
    steps: int, dt: float, I_A: float, I_B: float, network: Competition, seed: int, pools: Pools
):
    """Run the network from its pools' rest; return how often each has fired.

    There must be room for one spike per neuron and refractory time, and one more.
    """
    pool_A = pools.A
    pool_B = pools.B
    pool_C = pools.C
    t_ref = network.t_ref
    tau_E = network.tau_E
    tau_I = network.tau_I
    delay = network.delay
    held = max(floor(HOLD / dt + 0.5), 1)  # steps
    state = first_state(seed)
    A = Booked(mean=zeros(steps), left=zeros(steps))
    B = Booked(mean=zeros(steps), left=zeros(steps))
    C = Booked(mean=zeros(steps), left=zeros(steps))
    s_A = 0.0
    s_B = 0.0
    s_C = 0.0
    keep_E = exp(-dt / tau_E)
    keep_I = exp(-dt / tau_I)
    mean_E = -expm1(-dt / tau_E) * tau_E / dt
    mean_I = -expm1(-dt / tau_I) * tau_I / dt
    share = 1.0 / float(POOL)
    share_C = 1.0 / float(INHIBITORY)
    n_A = 0
    n_B = 0
    n_C = 0
    pausing_A = 0
    pausing_B = 0
    pausing_C = 0
    waited = held
    for k in range(steps):
        t = k * dt
        if waited == held:
            waited = 0
            state = uniform_draws(pool_A.noise, network.sigma, state)
            state = uniform_draws(pool_B.noise, network.sigma, state)
            state = uniform_draws(pool_C.noise, network.sigma, state)
        waited += 1
        now_A = s_A * mean_E + A.mean[k]
        now_B = s_B * mean_E + B.mean[k]
        now_C = s_C * mean_I + C.mean[k]
        pausing_A = first_pausing(pausing_A, n_A, pool_A.when, t, t_ref)
        pausing_B = first_pausing(pausing_B, n_B, pool_B.when, t, t_ref)
        pausing_C = first_pausing(pausing_C, n_C, pool_C.when, t, t_ref)
        before_A = n_A
        before_B = n_B
        before_C = n_C
        J = I_A + network.w_E * now_A - network.w_I * now_C
        n_A = pool_step(pool_A, J, k, dt, network, pausing_A, n_A)
        J = I_B + network.w_E * now_B - network.w_I * now_C
        n_B = pool_step(pool_B, J, k, dt, network, pausing_B, n_B)
        J = network.w_C * (now_A + now_B)
        n_C = pool_step(pool_C, J, k, dt, network, pausing_C, n_C)
        deliver(before_A, n_A, share, dt, delay, tau_E, pool_A.when, A)
        deliver(before_B, n_B, share, dt, delay, tau_E, pool_B.when, B)
        deliver(before_C, n_C, share_C, dt, delay, tau_I, pool_C.when, C)
        s_A = s_A * keep_E + A.left[k]
        s_B = s_B * keep_E + B.left[k]
        s_C = s_C * keep_I + C.left[k]
    return n_A, n_B, n_C
