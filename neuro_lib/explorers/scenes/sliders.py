"""The sliders that several scenes have."""

from neuro_lib.explorers.scene import Slider
from neuro_lib.models.lif import LIF

TAU_M = Slider.of(LIF, "tau_m", 5.0, 50.0, 0.5)
R = Slider.of(LIF, "R", 10.0, 200.0, 1.0)
THETA = Slider.of(LIF, "theta", -60.0, -40.0, 0.5)
I = Slider(
    "I",
    "I",
    "nA",
    "input current",
    low=0.0,
    high=1.0,
    step=0.01,
    default=0.4,
)
