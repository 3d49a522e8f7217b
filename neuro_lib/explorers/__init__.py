"""Explorers: figures with sliders, alive in the static page and in the notebook."""

from neuro_lib.explorers.dendrites import explore_branches, explore_plateau
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.if_model import explore_euler, explore_fI, explore_input, explore_step
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
    "explore_branches",
    "explore_euler",
    "explore_fI",
    "explore_input",
    "explore_plateau",
    "explore_step",
]

SCENES = {  # what builds the explorer of each scene, by the scene's name
    "lif_step": explore_step,
    "lif_fI": explore_fI,
    "lif_input": explore_input,
    "lif_euler": explore_euler,
    "dendrites_pair": explore_branches,
    "dendrites_plateau": explore_plateau,
}
