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
from math import exp, expm1, floor
from typing import NamedTuple

import numpy as np

from neuro_lib.inputs.currents import SEEDS, first_state, require_step, uniform_draws
from neuro_lib.inputs.steps import in_steps, whole_steps
from neuro_lib.inputs.trains import MOST_SPIKES
from neuro_lib.models.lif import Membrane, heads_for, integrate, relax, time_to_threshold
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
        size = NEURONS * (int(steps * dt / self.t_ref) + 2)
        if size > MOST_SPIKES:
            raise ValueError(
                f"duration = {steps * dt:g} ms: the time to run must be so short that the neurons, "
                f"with t_ref = {self.t_ref:g} ms, fire at most {MOST_SPIKES:g} times"
            )
        spikes, who = np.empty(size), np.empty(size)
        n = compete(steps, dt, I_A, I_B, self, seed, Firings(spikes, who))
        order = np.argsort(spikes[:n], kind="stable")
        return CompetitionRun(
            spike_times=spikes[:n][order], neurons=who[:n][order].astype(int), duration=steps * dt
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
        borders = 0, POOL, 2 * POOL, NEURONS
        firings = Firings(self.spike_times, self.neurons.astype(float))
        for row, begin, end in zip(rates, borders, borders[1:], strict=False):
            population_activity(begin, end, self.spike_times.size, firings, row.size, row)
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


# The loops, each written once for every engine. Neurons are numbered through, A before B before C.


class Firings(NamedTuple):
    """When (ms), and which neuron."""

    when: Array
    who: Array


@portable
def population_activity(begin: int, end: int, n: int, by: Firings, bins: int, out: Array):
    """Fill the rate (Hz) of the neurons from `begin` to before `end`, of n spikes, in each bin."""
    for k in range(bins):
        out[k] = 0.0
    each = MS_PER_S / BIN / (float(end) - float(begin))
    when = by.when
    who = by.who
    for j in range(n):
        if who[j] >= begin and who[j] < end:
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
    """The neurons from `begin` to before `end`, which get the current J (nA)."""

    begin: int
    end: int
    J: float


class Neurons(NamedTuple):
    """Noise (nA), potential (mV) and end of the pause (ms) of each neuron."""

    noise: Array
    u: Array
    ready: Array


class Booked(NamedTuple):
    """What arriving spikes add to s: its mean over each step, and what is left at the end."""

    mean: Array
    left: Array


@portable
def pool_step(
    pool: Pool, t: float, dt: float, network: Competition, neurons: Neurons, to: Firings, n: int
):
    """Carry the neurons of a pool across a step; return how many spikes there are then, after n.

    The step is at most `t_ref` long, so a neuron fires once in it, or not at all.
    """
    t_end = t + dt
    tau_m = network.tau_m  # what the loop reads again and again, it reads from a name of its own
    theta = network.theta
    u_r = network.u_r
    t_ref = network.t_ref
    R = network.R
    base = heads_for(pool.J, R, network.u_rest)
    noise = neurons.noise
    u = neurons.u
    ready = neurons.ready
    keep = exp(-dt / tau_m)
    n_spikes = n
    for i in range(pool.begin, pool.end):
        again = ready[i]
        if again < t_end:  # else it is held at u_r for all of the step
            now = u[i]
            u_inf = base + R * noise[i]
            u_end = relax(now, u_inf, keep)
            if u_end >= theta or again > t:  # else this was all, as for most neurons
                u_end = integrate(t, t_end, now, u_inf, keep, tau_m, u_r, again)
                if u_end >= theta and u_inf > theta:
                    climb = time_to_threshold(now, u_inf, theta, tau_m)
                    fired = min(max(t, again) + climb, t_end)
                    to.when[n_spikes] = fired
                    to.who[n_spikes] = i
                    n_spikes += 1
                    ready[i] = fired + t_ref
                    u_end = u_r
            u[i] = u_end
    return n_spikes


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
def compete(
    steps: int, dt: float, I_A: float, I_B: float, network: Competition, seed: int, to: Firings
):
    """Run the network from rest; fill in who fires when; return the number of spikes.

    There must be room for one spike per neuron and refractory time, and one more.
    """
    end_B = POOL + POOL
    tau_E = network.tau_E
    tau_I = network.tau_I
    delay = network.delay
    held = max(floor(HOLD / dt + 0.5), 1)  # steps
    state = first_state(seed)
    neurons = Neurons(noise=zeros(NEURONS), u=zeros(NEURONS), ready=zeros(NEURONS))
    for i in range(NEURONS):
        neurons.u[i] = network.u_rest
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
    n_spikes = 0
    waited = held
    for k in range(steps):
        t = k * dt
        if waited == held:
            waited = 0
            state = uniform_draws(neurons.noise, network.sigma, state)
        waited += 1
        now_A = s_A * mean_E + A.mean[k]
        now_B = s_B * mean_E + B.mean[k]
        now_C = s_C * mean_I + C.mean[k]
        begin = n_spikes
        J = I_A + network.w_E * now_A - network.w_I * now_C
        after_A = pool_step(Pool(begin=0, end=POOL, J=J), t, dt, network, neurons, to, begin)
        J = I_B + network.w_E * now_B - network.w_I * now_C
        after_B = pool_step(Pool(begin=POOL, end=end_B, J=J), t, dt, network, neurons, to, after_A)
        inhibitory = Pool(begin=end_B, end=NEURONS, J=network.w_C * (now_A + now_B))
        n_spikes = pool_step(inhibitory, t, dt, network, neurons, to, after_B)
        deliver(begin, after_A, share, dt, delay, tau_E, to.when, A)
        deliver(after_A, after_B, share, dt, delay, tau_E, to.when, B)
        deliver(after_B, n_spikes, share_C, dt, delay, tau_I, to.when, C)
        s_A = s_A * keep_E + A.left[k]
        s_B = s_B * keep_E + B.left[k]
        s_C = s_C * keep_I + C.left[k]
    return n_spikes
