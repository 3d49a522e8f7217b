"""One PSP, and its peak against the holding potential."""

from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.analysis.responses import add_exponential_psp
from neuro_lib.analysis.synaptic_responses import add_psp_share, peak_share
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Handle, Line, Point, Readout, Scene, Slider
from neuro_lib.explorers.scenes.pieces import both, legend, times
from neuro_lib.explorers.scenes.shared_synapses import E_I, TAU_M, U_REST, C, R, conductance_slider
from neuro_lib.figures import ink
from neuro_lib.models.synapses import ExponentialSynapse, conductance_area, synaptic_charge
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_reversal"]


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    psp: Array
    frozen: Array
    ends: Array
    peak: float
    always: float
    driving: float


@portable
def synapse_reversal(E_syn: float, u_hold: float, g_max: float, tau_s: float) -> Outcome:
    """PSP from a holding potential, and the peak from each of them."""
    n = 161
    t = times(n, 0.5)
    psp = zeros(n)
    add_psp_share(psp, t, 0.0, g_max, tau_s, TAU_M, C)
    for k in range(n):
        psp[k] *= E_syn - u_hold
    frozen = zeros(n)  # the driving force of rest
    charge = synaptic_charge(conductance_area(0.0, g_max, tau_s), E_syn, U_REST)
    add_exponential_psp(frozen, t, charge, tau_s, TAU_M, R)
    share = peak_share(0.0, g_max, tau_s, TAU_M, C)
    always = 0.0
    for k in range(n):
        if abs(frozen[k]) > abs(always):
            always = frozen[k]
    ends = both(share * (E_syn + 100.0), share * E_syn)  # of the straight line from -100 mV to 0 mV
    return Outcome(
        t=t,
        psp=psp,
        frozen=frozen,
        ends=ends,
        peak=share * (E_syn - u_hold),
        always=always,
        driving=E_syn - u_hold,
    )


def _draw_reversal(values):
    figure, (above, below) = plt.subplots(2, 1, height_ratios=(1, 1), figsize=(5.6, 5.0))
    above.plot(
        values["t"],
        values["frozen"],
        "--",
        color=ink("reference"),
        lw=1.2,
        gid="frozen",
        label="current-based",
    )
    above.plot(
        values["t"], values["psp"], color=ink("voltage"), gid="psp", label="conductance-based"
    )
    above.set(
        xlabel="time since the spike arrived (ms)", ylabel="PSP (mV)", xlim=(0, 80), ylim=(-35, 35)
    )
    legend(above, 2, "left", spacing=4)
    below.axhline(0, color=ink("reference"), lw=0.8)
    below.plot(
        (-100, 0), [values["always"]] * 2, "--", color=ink("reference"), lw=1.2, gid="always"
    )
    below.plot((-100, 0), values["ends"], color=ink("voltage"), gid="amplitude")
    below.plot(
        [values["E_syn"]] * 2, (-35, 35), ":", color=ink("threshold"), gid="E_syn", label="E_syn"
    )
    below.plot(
        [values["u_hold"]],
        [values["peak"]],
        "o",
        ms=8,
        color=ink("current"),
        gid="held",
        label="held here",
    )
    below.set(xlabel="holding potential (mV)", ylabel="peak (mV)", xlim=(-102, 2), ylim=(-35, 35))
    legend(below, 2, "left", spacing=4)
    return figure


E_SYN = Slider.of(ExponentialSynapse, "E_syn", -90.0, 0.0, 1.0, default=E_I)
U_HOLD = Slider(
    "u_hold", "u_hold", "mV", "holding potential", low=-100.0, high=0.0, step=1.0, default=-35.0
)

SCENE = Scene(
    name="synapse_reversal",
    title="Peak and reversal of a synaptic potential",
    run=synapse_reversal,
    parameters=(
        E_SYN,
        U_HOLD,
        conductance_slider("g_max", "g_max", "peak conductance", 0.02, 0.001, 0.015),
        Slider.of(ExponentialSynapse, "tau_s", 1.0, 8.0, 0.5, default=5.0),
    ),
    marks=(
        Line("frozen", "t", "frozen"),
        Line("psp", "t", "psp"),
        Line("always", (-100, 0), "always"),
        Line("amplitude", (-100, 0), "ends"),
        Line("E_syn", "E_syn", (-35, 35)),
        Point("held", "u_hold", "peak"),
    ),
    readouts=(
        Readout("driving", "driving force", "mV", 0),
        Readout("peak", "peak of the PSP", "mV", 1),
        Readout("always", "current-based, at any potential", "mV", 1),
    ),
    handles=(Handle("E_syn", axis="x"),),
    draw=_draw_reversal,
    alt="Above, the postsynaptic potential of one spike over 80 ms, conductance-based and, dashed, "
    "current-based. Below, its peak against the holding potential: a falling straight line that "
    "crosses zero at the reversal potential, with a dot where the neuron is held, beside the level "
    "line of the current-based synapse.",
)


def explore_reversal(**values):
    """Explore a PSP against the holding potential (E_syn, u_hold, g_max, τ_s).

    Parameters
    ----------
    **values
        First values of the sliders ``E_syn`` (mV), ``u_hold`` (mV), ``g_max`` (µS), ``tau_s`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> round(explore_reversal(u_hold=-73.0).run().peak, 6)
    0.0
    """
    return Explorer(SCENE, **values)
