"""The same neurons in NEST, whose ``iaf_psc_delta`` integrates exactly between grid points.

Timed are further calls of ``Simulate``, after a first one that connects.
"""

import json
import os

import nest
import numpy as np
from row import seconds  # this folder is on the path of a script

# tau_m 10 ms and R 50 MΩ, in NEST's ms, mV, pF, pA
LIF = {"tau_m": 10.0, "C_m": 200.0, "E_L": -65.0, "V_m": -65.0, "V_th": -50.0, "V_reset": -65.0,
       "t_ref": 0.0}  # fmt: skip


def prepare(currents, threads):
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = 0.1
    nest.local_num_threads = threads
    neurons = nest.Create("iaf_psc_delta", len(currents), LIF)
    neurons.I_e = 1000.0 * currents
    recorder = nest.Create("spike_recorder")
    nest.Connect(neurons, recorder)
    return neurons, recorder


def main():
    neuron, _ = prepare(np.array([0.4]), threads=1)
    nest.Connect(nest.Create("multimeter", {"record_from": ["V_m"], "interval": 0.1}), neuron)
    one = seconds(lambda: nest.Simulate(1000.0), runs=5)
    _, recorder = prepare(np.linspace(0.0, 0.5, 10_000), threads=os.cpu_count())
    many = seconds(lambda: nest.Simulate(1000.0), runs=3)
    rate = recorder.n_events / 10_000 / (nest.biological_time / 1000.0)
    found = {"version": nest.__version__, "one": one, "many": many, "mean rate": rate}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
