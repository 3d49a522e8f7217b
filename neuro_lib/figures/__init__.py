"""House style and drawings. Matplotlib is imported here, and not by the models."""

from neuro_lib.figures.agreement import compare_responses, draw_agreement
from neuro_lib.figures.cell import draw_neuron
from neuro_lib.figures.circuit import draw_circuit
from neuro_lib.figures.numbers import draw_action_potential, draw_neuron_counts, measure_spike
from neuro_lib.figures.patterns import draw_naud_patterns, draw_patterns, draw_spikes
from neuro_lib.figures.recordings import decimate, draw_trains
from neuro_lib.figures.svg import COLORS, Picture, house_style, ink

__all__ = [
    "COLORS",
    "Picture",
    "compare_responses",
    "decimate",
    "draw_action_potential",
    "draw_agreement",
    "draw_circuit",
    "draw_naud_patterns",
    "draw_neuron",
    "draw_neuron_counts",
    "draw_patterns",
    "draw_spikes",
    "draw_trains",
    "house_style",
    "ink",
    "measure_spike",
]
