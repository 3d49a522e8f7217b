"""The integrate-and-fire neuron, exactly. Units: ms, mV, nA, MΩ, nF, µS; rates in Hz."""

from neuro_lib.adaptation import FilteredLIF
from neuro_lib.adex import AdEx
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
from neuro_lib.filters import Decomposition, convolve, cutoff_frequency, decompose, impedance
from neuro_lib.lif import LIF, euler
from neuro_lib.patterns import filter_pattern, firing_pattern, naud_pattern
from neuro_lib.responses import (
    alpha_psp,
    exponential_psp,
    green_function,
    impulse_response,
    initial_response,
    pulse_response,
    reset_kernel,
    sine_response,
    step_response,
)
from neuro_lib.simulation import count_spikes, simulate
from neuro_lib.spikes import coincidence_factor, interval_cv, intervals, mean_rate
from neuro_lib.trace import Trace

__all__ = [
    "LIF",
    "AdEx",
    "Current",
    "Decomposition",
    "FilteredLIF",
    "Trace",
    "alpha_psp",
    "coincidence_factor",
    "constant_current",
    "convolve",
    "count_spikes",
    "cutoff_frequency",
    "decompose",
    "euler",
    "exponential_psp",
    "filter_pattern",
    "firing_pattern",
    "green_function",
    "impedance",
    "impulse_response",
    "initial_response",
    "interval_cv",
    "intervals",
    "mean_rate",
    "naud_pattern",
    "ou_current",
    "pulse_response",
    "pulse_train_current",
    "ramp_current",
    "reset_kernel",
    "simulate",
    "sine_current",
    "sine_response",
    "spike_train_current",
    "step_current",
    "step_response",
    "white_noise_current",
]
