"""What the scenes of the membrane as a filter share."""

from neuro_lib.explorers.scene import Readout
from neuro_lib.models.lif import LIF
from neuro_lib.portable import Array, portable, zeros

U_REST = LIF().u_rest
R_FIXED = LIF().R
CHARGE = 1.0  # pC, of each pulse and of each synaptic current here
SAME_POTENTIAL = 1e-9  # mV; what differs by less, differs by the computer's arithmetic alone


@portable
def jump_to(x: Array):
    """The elements after a zero: a curve that jumps at its start, or times for one."""
    y = zeros(len(x) + 1)
    for k in range(len(x)):
        y[k + 1] = x[k]
    return y


AT_ONCE = Readout("at_once", "all at once", "mV", 2)
