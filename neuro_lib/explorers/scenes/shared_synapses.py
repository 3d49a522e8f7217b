"""What the scenes of synapses that open a conductance share."""

from neuro_lib.explorers.scene import Slider
from neuro_lib.explorers.scenes.pieces import both
from neuro_lib.models.conductance_lif import (
    Synapses,
    SynapticArrivals,
    SynapticCourse,
    run_synapses,
)
from neuro_lib.models.lif import LIF
from neuro_lib.portable import Array, portable, zeros

TAU_M = 20.0  # ms
R = 100.0  # MΩ
C = TAU_M / R
U_REST = LIF().u_rest
OFF = 1e4  # mV; the threshold is out of reach, so that the PSPs themselves are seen
TAU_E = 3.0  # ms
TAU_I = 10.0  # ms
E_E = 0.0  # mV
E_I = -73.0  # mV


def conductance_slider(name, symbol, meaning, high, step, default):
    """Make the slider of a peak conductance."""
    return Slider(name, symbol, "µS", meaning, low=0.0, high=high, step=step, default=default)


def inhibition_slider(default):
    """Make the slider of the reversal potential of inhibitory synapses."""
    meaning = "reversal potential of the inhibition"
    return Slider("E_i", "E_i", "mV", meaning, low=-80.0, high=-55.0, step=1.0, default=default)


# Shunting: one excitatory and one inhibitory spike, together and the sum of each alone.


@portable
def drive(
    u: Array,
    g: Array,
    arrivals: SynapticArrivals,
    g_e: float,
    g_i: float,
    E_i: float,
    shunting: bool,
):
    """Excite (0) and inhibit (1) the neuron by spikes; fill u and both conductances."""
    synapses = Synapses(
        kick_x=zeros(2),
        kick_g=both(g_e, g_i),
        tau_s=both(TAU_E, TAU_I),
        gap=both(E_E - U_REST, E_i - U_REST),
        shunting=shunting,
    )
    lif = LIF(tau_m=TAU_M, R=R, theta=OFF)
    course = SynapticCourse(u=u, g=g, spikes=zeros(1))
    run_synapses(zeros(len(u)), 0.5, lif, lif.u_rest, arrivals, synapses, OFF, course)
