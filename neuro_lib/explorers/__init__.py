"""Explorers: figures with sliders, alive in the static page and in the notebook."""

from neuro_lib._lazy import lazily
from neuro_lib.explorers.scenes import EXPLORERS, IN_TIME

HOMES = {  # of each public name: the module that it is imported from when it is first used
    "Challenge": "explorers.ask",
    "Choice": "explorers.scene",
    "Draw": "explorers.scene",
    "Drawing": "explorers.scene",
    "Explorer": "explorers.explorer",
    "Goal": "explorers.ask",
    "Handle": "explorers.scene",
    "Line": "explorers.scene",
    "Point": "explorers.scene",
    "Presets": "explorers.scene",
    "Question": "explorers.ask",
    "Readout": "explorers.scene",
    "Scene": "explorers.scene",
    "Sketch": "explorers.ask",
    "Slider": "explorers.scene",
    "Ticks": "explorers.scene",
    "Trend": "explorers.ask",
    "SCENES": "explorers.scenes",
    **{explore: f"explorers.scenes.{scene}" for scene, explore in (EXPLORERS | IN_TIME).items()},
}

__all__ = list(HOMES)
__getattr__, __dir__ = lazily(__name__, HOMES)
