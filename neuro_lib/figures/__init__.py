"""House style and drawings. Matplotlib is imported here, and not by the models."""

from neuro_lib.figures.agreement import compare_responses, draw_agreement
from neuro_lib.figures.circuit import draw_circuit
from neuro_lib.figures.svg import COLORS, Picture, house_style, ink

__all__ = [
    "COLORS",
    "Picture",
    "compare_responses",
    "draw_agreement",
    "draw_circuit",
    "house_style",
    "ink",
]
