"""The same neurons in Brian2: the LIF integrated exactly, others by Runge-Kutta or Euler steps.

Timed are further calls of ``run``, after a first one that compiles.
"""

import json

import brian2
import numpy as np
from brian2 import (
    Mohm,
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    ms,
    mV,
    nA,
    second,
)
from brian2 import usiemens as uS
from row import seconds  # this folder is on the path of a script

brian2.defaultclock.dt = 0.1 * ms

LIF = """
du/dt = (-(u - u_rest) + R * I) / tau_m : volt
I : amp (constant)
"""
# Without the afterdepolarising current, which is zero by default. Brian2's exact method takes
# minutes for three variables, and for these two, with a = 0, it fired twice as often as it should.
FILTERED = """
du/dt = (-(u - u_rest) + R * (I - w)) / tau_m : volt
dw/dt = (a * (u - u_rest) - w) / tau_w : amp
I : amp (constant)
"""
ADEX = """
du/dt = (-(u - u_rest) + Delta_T * exp((u - theta_rh) / Delta_T) + R * (I - w)) / tau_m : volt
dw/dt = (a * (u - u_rest) - w) / tau_w : amp
I : amp (constant)
"""
# Euler's steps would overflow in an upswing: as in Brian2's own example it is cut off early.
MODELS = {
    "LIF": (
        LIF,
        "exact",
        "u > theta",
        "u = u_r",
        {
            "tau_m": 10 * ms,
            "R": 50 * Mohm,
            "u_rest": -65 * mV,
            "theta": -50 * mV,
            "u_r": -65 * mV,
        },
    ),
    "FilteredLIF": (
        FILTERED,
        "rk2",
        "u > theta",
        "u = u_r; w += b",
        {
            "tau_m": 20 * ms,
            "R": 100 * Mohm,
            "u_rest": -65 * mV,
            "theta": -50 * mV,
            "u_r": -65 * mV,
            "a": 0 * uS,
            "tau_w": 100 * ms,
            "b": 0.03 * nA,
        },
    ),
    "AdEx": (
        ADEX,
        "euler",
        "u > theta_rh + 5 * Delta_T",
        "u = u_r; w += b",
        {
            "tau_m": 20 * ms,
            "R": 100 * Mohm,
            "u_rest": -70 * mV,
            "theta_rh": -50 * mV,
            "Delta_T": 2 * mV,
            "u_r": -58 * mV,
            "a": 0.002 * uS,
            "tau_w": 300 * ms,
            "b": 0.06 * nA,
        },
    ),
}


def network(model, currents, with_potential):
    equations, method, threshold, reset, parameters = MODELS[model]
    neurons = NeuronGroup(
        len(currents),
        equations,
        threshold=threshold,
        reset=reset,
        method=method,
        namespace=parameters,
    )
    neurons.u = parameters["u_rest"]
    neurons.I = currents * nA
    monitors = [SpikeMonitor(neurons, record=with_potential)]
    if with_potential:
        monitors.append(StateMonitor(neurons, "u", record=True))
    return Network(neurons, monitors), monitors[0]


def main():
    jobs = {
        "one": ("LIF", np.array([0.4])),
        "many": ("LIF", np.linspace(0.0, 0.5, 10_000)),
        "one AdEx": ("AdEx", np.array([0.5])),
        "many AdEx": ("AdEx", np.linspace(0.2, 0.6, 1_000)),
        "many filtered": ("FilteredLIF", np.linspace(0.0, 0.5, 10_000)),
    }
    found = {"version": brian2.__version__, "mean rate": {}}
    for name, (model, currents) in jobs.items():
        net, spikes = network(model, currents, with_potential=len(currents) == 1)
        found[name] = seconds(lambda net=net: net.run(1 * second), runs=5)
        rate = spikes.num_spikes / len(currents) / (net.t / second)
        found["mean rate"][name] = float(rate)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
