"""What the scenes of one integrate-and-fire neuron share."""

from neuro_lib.explorers.scene import Readout
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.models.lif import LIF

U_REST = LIF().u_rest
U_R = LIF().u_r
THETA = LIF().theta
R_FIXED = LIF().R
SPIKE_HEIGHT = 15.0  # mV above threshold; the model leaves a spike's shape open
SPIKE_TOP = THETA + SPIKE_HEIGHT

RATE = Readout("rate", "firing rate", "Hz", 1)
RHEOBASE = Readout("rheobase", "rheobase", "nA", 2)


def draw_membrane(axes, values, *, theta):
    """Draw potential, threshold and spikes; what moves carries its gid."""
    t = values["t"]
    axes.plot(t, values["u"], color=ink("voltage"), gid="u", label="u")
    axes.plot((t[0], t[-1]), [theta] * 2, color=ink("threshold"), lw=1.2, gid="theta", label="θ")
    draw_spikes(axes, values["spikes"], theta, values["spike_top"], gid="spikes", label="spike")
    axes.set(ylabel="u (mV)")
