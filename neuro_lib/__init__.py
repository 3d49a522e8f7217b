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
from neuro_lib.dendrites import (
    BranchedLIF,
    BranchedTrace,
    SynapticInput,
    magnesium_block,
    simulate_branches,
)
from neuro_lib.filters import Decomposition, convolve, cutoff_frequency, decompose, impedance
from neuro_lib.fit import fit_spikes
from neuro_lib.hodgkin_huxley import HodgkinHuxley
from neuro_lib.lif import LIF, euler
from neuro_lib.network import Competition, CompetitionRun
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
from neuro_lib.synapses import (
    AlphaSynapse,
    ExponentialSynapse,
    SynapticTrace,
    conductance_psp,
    effective_time_constant,
    poisson_train,
    psp_amplitude,
    simulate_synapses,
    steady_potential,
)
from neuro_lib.trace import Trace
from neuro_lib.volleys import spikes_to_fire, volley_peak, volley_response

__all__ = [
    "LIF",
    "AdEx",
    "AlphaSynapse",
    "BranchedLIF",
    "BranchedTrace",
    "Competition",
    "CompetitionRun",
    "Current",
    "Decomposition",
    "ExponentialSynapse",
    "FilteredLIF",
    "HodgkinHuxley",
    "SynapticInput",
    "SynapticTrace",
    "Trace",
    "alpha_psp",
    "coincidence_factor",
    "conductance_psp",
    "constant_current",
    "convolve",
    "count_spikes",
    "cutoff_frequency",
    "decompose",
    "effective_time_constant",
    "euler",
    "exponential_psp",
    "filter_pattern",
    "firing_pattern",
    "fit_spikes",
    "green_function",
    "impedance",
    "impulse_response",
    "initial_response",
    "interval_cv",
    "intervals",
    "magnesium_block",
    "mean_rate",
    "naud_pattern",
    "ou_current",
    "poisson_train",
    "psp_amplitude",
    "pulse_response",
    "pulse_train_current",
    "ramp_current",
    "reset_kernel",
    "simulate",
    "simulate_branches",
    "simulate_synapses",
    "sine_current",
    "sine_response",
    "spike_train_current",
    "spikes_to_fire",
    "steady_potential",
    "step_current",
    "step_response",
    "volley_peak",
    "volley_response",
    "white_noise_current",
]
