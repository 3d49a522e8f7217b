"""A large network with sparse, random connections: excitation, inhibition and noise.

n neurons, four fifths of which excite and one fifth inhibit, each with fixed numbers of randomly
drawn presynaptic neurons of both kinds. A spike moves its targets' potential after a delay, by J
or by -g J; besides, each neuron gets a drive, and noise of its own, as from many neurons
elsewhere::

    tau_m du/dt = -(u - u_rest) + drive + noise,   at an arrival  u <- u + J  or  u - g J

All spikes lie on a grid of time. Between its points u relaxes exactly; arrivals, noise, threshold
and reset are at the points. So delay and refractory time are whole numbers of steps.

Such networks fire regularly or irregularly, together or not, by the balance of excitation and
inhibition: Brunel (2000), J. Comput. Neurosci. 8:183-208.
"""

from math import exp, floor
from typing import NamedTuple

from neuro_lib.inputs.currents import ONE_OF_PRIME, fresh_noise, park_miller, uniform_draws
from neuro_lib.models.lif import LIF, relax
from neuro_lib.portable import Array, portable, zeros


class Wiring(NamedTuple):
    """Who hears whom: neuron j the `targets` from first[j] to first[j + 1]."""

    first: Array
    targets: Array


class Weights(NamedTuple):
    """What a spike and the outside do to a neuron, and how long a spike takes."""

    excite: int  # number of neurons that excite, the first of all
    J: float  # mV
    g: float  # inhibition, as a multiple of J
    drive: float  # mV
    sigma: float  # mV, standard deviation that the noise alone would give u
    held: int  # steps, of refractory time
    delay: int  # steps


class Crowd(NamedTuple):
    """The state of a network."""

    u: Array
    wait: Array  # steps for which a neuron is still held
    inbox: Array  # arrivals of the next `delay` steps, one after another
    seed: Array  # state of the generator


class Fired(NamedTuple):
    """The step and the neuron of each spike, of as many as there is room for."""

    when: Array
    who: Array


@portable
def drawn(low: int, high: int, state: float):
    """A number from `low` to before `high`, all alike, from a state of the generator."""
    return low + floor(state * ONE_OF_PRIME * (float(high) - float(low)))


@portable
def connect(n: int, excite: int, from_E: int, from_I: int, wiring: Wiring):
    """Draw the connections of n neurons.

    Each neuron hears `from_E` of the first `excite` neurons and `from_I` of the others, perhaps
    one of them twice. `first` has n + 1 elements, `targets` one for each connection.
    """
    first = wiring.first
    targets = wiring.targets
    sources = zeros(len(targets))
    state = 1.0
    k = 0
    for _ in range(n):
        for j in range(from_E + from_I):
            state = park_miller(state)
            source = drawn(0, excite, state)
            if j >= from_E:
                source = drawn(excite, n, state)
            sources[k] = source
            first[source + 1] += 1.0
            k += 1
    for j in range(n):
        first[j + 1] += first[j]
    filled = zeros(n)
    k = 0
    for i in range(n):
        for _ in range(from_E + from_I):
            source = floor(sources[k])
            targets[floor(first[source] + filled[source])] = i
            filled[source] += 1.0
            k += 1


@portable
def advance(
    begin: int,
    steps: int,
    dt: float,
    lif: LIF,
    weights: Weights,
    wiring: Wiring,
    crowd: Crowd,
    to: Fired,
):
    """Carry a network across some steps, the first of which is step `begin`; count its spikes."""
    u = crowd.u
    wait = crowd.wait
    inbox = crowd.inbox
    seed = crowd.seed
    first = wiring.first
    targets = wiring.targets
    theta = lif.theta
    delay = float(weights.delay)
    u_inf = lif.u_rest + weights.drive
    n = len(u)
    keep = exp(-dt / lif.tau_m)
    fresh = fresh_noise(weights.sigma, keep)
    noise = zeros(n)
    fired = zeros(n)
    total = 0
    slot = begin - delay * floor(begin / delay)
    for k in range(steps):
        seed[0] = uniform_draws(noise, fresh, seed[0])
        base = slot * n
        at = floor(base)
        count = 0
        for i in range(n):
            arrived = inbox[at + i]
            inbox[at + i] = 0.0
            if wait[i] > 0.0:
                wait[i] -= 1.0
            else:
                now = relax(u[i], u_inf, keep) + arrived + noise[i]
                if now >= theta:
                    now = lif.u_r
                    wait[i] = weights.held
                    fired[count] = i
                    count += 1
                u[i] = now
        for j in range(count):
            source = floor(fired[j])
            weight = weights.J
            if source >= weights.excite:
                weight = -weights.g * weights.J
            for c in range(floor(first[source]), floor(first[source + 1])):
                inbox[floor(base + targets[c])] += weight
            if total < len(to.when):
                to.when[total] = begin + k
                to.who[total] = source
            total += 1
        slot += 1.0
        if slot == delay:
            slot = 0.0
    return total
