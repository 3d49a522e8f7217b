"""The same neurons in NEST.

``iaf_psc_delta`` integrates exactly between grid points, ``aeif_psc_delta`` by Runge-Kutta-Fehlberg
with adaptive steps; with Delta_T = 0 it is the LIF with an adaptation current. Timed are further
calls of ``Simulate``, after a first one that connects.
"""

import json
import os

import nest
import numpy as np
from row import seconds  # this folder is on the path of a script

# In NEST's ms, mV, pF, pA, nS.
MODELS = {
    "LIF": (
        "iaf_psc_delta",
        {
            "tau_m": 10.0,
            "C_m": 200.0,
            "E_L": -65.0,
            "V_m": -65.0,
            "V_th": -50.0,
            "V_reset": -65.0,
            "t_ref": 0.0,
        },
    ),
    "FilteredLIF": (
        "aeif_psc_delta",
        {
            "C_m": 200.0,
            "g_L": 10.0,
            "E_L": -65.0,
            "V_m": -65.0,
            "V_th": -50.0,
            "V_peak": -50.0,
            "V_reset": -65.0,
            "Delta_T": 0.0,
            "a": 0.0,
            "tau_w": 100.0,
            "b": 30.0,
            "t_ref": 0.0,
        },
    ),
    "AdEx": (
        "aeif_psc_delta",
        {
            "C_m": 200.0,
            "g_L": 10.0,
            "E_L": -70.0,
            "V_m": -70.0,
            "V_th": -50.0,
            "V_peak": 0.0,
            "V_reset": -58.0,
            "Delta_T": 2.0,
            "a": 2.0,
            "tau_w": 300.0,
            "b": 60.0,
            "t_ref": 0.0,
        },
    ),
}


def prepare(model, currents, threads):
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = 0.1
    nest.local_num_threads = threads
    name, parameters = MODELS[model]
    neurons = nest.Create(name, len(currents), parameters)
    neurons.I_e = 1000.0 * currents
    recorder = nest.Create("spike_recorder")
    nest.Connect(neurons, recorder)
    if len(currents) == 1:
        nest.Connect(nest.Create("multimeter", {"record_from": ["V_m"], "interval": 0.1}), neurons)
    return recorder


def main():
    jobs = {
        "one": ("LIF", np.array([0.4]), 5),
        "many": ("LIF", np.linspace(0.0, 0.5, 10_000), 3),
        "one AdEx": ("AdEx", np.array([0.5]), 5),
        "many AdEx": ("AdEx", np.linspace(0.2, 0.6, 1_000), 3),
        "many filtered": ("FilteredLIF", np.linspace(0.0, 0.5, 10_000), 3),
    }
    found = {"version": nest.__version__, "mean rate": {}}
    for name, (model, currents, runs) in jobs.items():
        recorder = prepare(model, currents, threads=os.cpu_count() if len(currents) > 1 else 1)
        found[name] = seconds(lambda: nest.Simulate(1000.0), runs=runs)
        rate = recorder.n_events / len(currents) / (nest.biological_time / 1000.0)
        found["mean rate"][name] = rate
    print(json.dumps(found))


if __name__ == "__main__":
    main()
