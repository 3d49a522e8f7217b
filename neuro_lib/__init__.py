"""The integrate-and-fire neuron, exactly. Units: ms, mV, nA, MΩ, nF, µS; rates in Hz."""

from neuro_lib.currents import (
    Current,
    constant_current,
    ou_current,
    pulse_train_current,
    ramp_current,
    sine_current,
    spike_train_current,
    step_current,
    white_noise_current,
)
from neuro_lib.lif import LIF, euler
from neuro_lib.simulation import count_spikes, simulate
from neuro_lib.trace import Trace

__all__ = [
    "LIF",
    "Current",
    "Trace",
    "constant_current",
    "count_spikes",
    "euler",
    "ou_current",
    "pulse_train_current",
    "ramp_current",
    "simulate",
    "sine_current",
    "spike_train_current",
    "step_current",
    "white_noise_current",
]
