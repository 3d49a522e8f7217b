"""The same neurons in Brian2, whose own equations and exact integration are used.

Timed are further calls of ``run``, after a first one that compiles.
"""

import json

import brian2
import numpy as np
from brian2 import Hz, Mohm, Network, NeuronGroup, SpikeMonitor, StateMonitor, ms, mV, nA, second
from row import seconds  # this folder is on the path of a script

brian2.defaultclock.dt = 0.1 * ms

EQUATIONS = """
du/dt = (-(u - u_rest) + R * I) / tau_m : volt
I : amp (constant)
"""
LIF = {"tau_m": 10 * ms, "R": 50 * Mohm, "u_rest": -65 * mV, "theta": -50 * mV, "u_r": -65 * mV}


def network(currents, with_potential):
    neurons = NeuronGroup(
        len(currents), EQUATIONS, threshold="u > theta", reset="u = u_r", method="exact",
        namespace=LIF,
    )  # fmt: skip
    neurons.u = LIF["u_rest"]
    neurons.I = currents * nA
    monitors = [SpikeMonitor(neurons, record=with_potential)]
    if with_potential:
        monitors.append(StateMonitor(neurons, "u", record=True))
    return Network(neurons, monitors), monitors[0]


def main():
    one, _ = network(np.array([0.4]), with_potential=True)
    many, spikes = network(np.linspace(0.0, 0.5, 10_000), with_potential=False)
    found = {
        "version": brian2.__version__,
        "one": seconds(lambda: one.run(1 * second), runs=5),
        "many": seconds(lambda: many.run(1 * second), runs=5),
        "mean rate": float(spikes.num_spikes / 10_000 / (many.t / second) * Hz),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
