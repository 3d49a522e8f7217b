"""Explorers: figures with sliders, alive in the static page and in the notebook."""

from neuro_lib.explorers.analytic_solution import (
    explore_convolution,
    explore_frequency,
    explore_past,
    explore_psp,
    explore_pulse,
    explore_resets,
)
from neuro_lib.explorers.dendrites import explore_branches, explore_plateau
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.if_model import explore_euler, explore_fI, explore_input, explore_step
from neuro_lib.explorers.limitations import explore_adex, explore_filters
from neuro_lib.explorers.network import explore_competition
from neuro_lib.explorers.numbers import explore_budget, explore_volley
from neuro_lib.explorers.outlook import explore_prediction
from neuro_lib.explorers.scene import Choice, Line, Point, Presets, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.synapses import explore_background, explore_reversal, explore_shunting

__all__ = [
    "SCENES",
    "Choice",
    "Explorer",
    "Line",
    "Point",
    "Presets",
    "Readout",
    "Scene",
    "Slider",
    "Ticks",
    "explore_adex",
    "explore_background",
    "explore_branches",
    "explore_budget",
    "explore_competition",
    "explore_convolution",
    "explore_euler",
    "explore_fI",
    "explore_filters",
    "explore_frequency",
    "explore_input",
    "explore_past",
    "explore_plateau",
    "explore_prediction",
    "explore_psp",
    "explore_pulse",
    "explore_resets",
    "explore_reversal",
    "explore_shunting",
    "explore_step",
    "explore_volley",
]

SCENES = {  # what builds the explorer of each scene, by the scene's name
    "synapse_budget": explore_budget,
    "volley": explore_volley,
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
    "lif_filters": explore_filters,
    "adex_plane": explore_adex,
    "synapse_reversal": explore_reversal,
    "synapse_shunting": explore_shunting,
    "synapse_background": explore_background,
    "dendrites_pair": explore_branches,
    "dendrites_plateau": explore_plateau,
    "competition": explore_competition,
}
