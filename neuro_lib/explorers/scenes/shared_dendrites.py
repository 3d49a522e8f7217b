"""What the scenes of a neuron with branches share."""

from neuro_lib.explorers.scene import Choice
from neuro_lib.models.branched_lif import BranchedLIF
from neuro_lib.portable import Array, portable

NEURON = BranchedLIF()
AMPA = 0.0002  # µS, of one synapse
NMDA = 0.0006  # µS, of one synapse, had it no block

RECEPTORS = Choice("receptors", "receptors", options=("AMPA and NMDA", "AMPA alone"), default=0)


@portable
def half_width(u: Array, dt: float):
    """Time from the first to the last crossing of half the peak above rest (ms)."""
    peak = u[0]
    for k in range(len(u)):
        peak = max(peak, u[k])
    half = 0.5 * (peak + u[0])
    first = -1.0
    last = -1.0
    if peak > u[0] + 1e-9:
        for k in range(len(u) - 1):
            if u[k] < half and u[k + 1] >= half and first < 0.0:
                first = (k + (half - u[k]) / (u[k + 1] - u[k])) * dt
            if u[k] >= half and u[k + 1] < half:
                last = (k + (u[k] - half) / (u[k] - u[k + 1])) * dt
    return last - first if last > first and first >= 0.0 else -1.0
