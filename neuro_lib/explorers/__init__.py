"""Explorers: figures with sliders, alive in the static page and in the notebook."""

from neuro_lib.explorers.analytic_solution import (
    explore_convolution,
    explore_frequency,
    explore_past,
    explore_psp,
    explore_pulse,
    explore_resets,
)
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.if_model import explore_euler, explore_fI, explore_input, explore_step
from neuro_lib.explorers.network import explore_competition
from neuro_lib.explorers.outlook import explore_prediction
from neuro_lib.explorers.scene import Choice, Line, Point, Readout, Scene, Slider, Ticks

__all__ = [
    "SCENES",
    "Choice",
    "Explorer",
    "Line",
    "Point",
    "Readout",
    "Scene",
    "Slider",
    "Ticks",
    "explore_competition",
    "explore_convolution",
    "explore_euler",
    "explore_fI",
    "explore_frequency",
    "explore_input",
    "explore_past",
    "explore_prediction",
    "explore_psp",
    "explore_pulse",
    "explore_resets",
    "explore_step",
]

SCENES = {  # what builds the explorer of each scene, by the scene's name
    "lif_step": explore_step,
    "lif_fI": explore_fI,
    "lif_input": explore_input,
    "lif_euler": explore_euler,
    "lif_prediction": explore_prediction,
    "filter_pulse": explore_pulse,
    "filter_convolution": explore_convolution,
    "filter_past": explore_past,
    "filter_psp": explore_psp,
    "filter_frequency": explore_frequency,
    "filter_resets": explore_resets,
    "competition": explore_competition,
}
