"""Explorer of the outlook: how well a simple neuron predicts the spikes of a complicated one."""

from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.analysis.prediction import ADEX, NOISE_DT, VARIANTS, fill_noise
from neuro_lib.analysis.spikes import chance_of, factor_of, pair
from neuro_lib.data.recorded import recorded_prediction
from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Choice, Handle, Line, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.scenes.pieces import legend
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.models.adex import AdEx, run_adex
from neuro_lib.models.filtered_lif import FilteredLIF, run_filtered
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_prediction"]

RECORD = recorded_prediction()
SPIKES = tuple(RECORD["spikes"])  # of the reference neuron (ms)
POTENTIAL = tuple(RECORD["potential"])  # (mV)
FITS = [RECORD["fits"][variant] for variant in VARIANTS]
FIT_tau_m = tuple(fit["tau_m"] for fit in FITS)
FIT_R = tuple(fit["R"] for fit in FITS)
(U_REST,) = {fit["u_rest"] for fit in FITS}
FIT_u_r = tuple(fit["u_r"] for fit in FITS)
FIT_a = tuple(fit["a"] for fit in FITS)
FIT_tau_w = tuple(fit["tau_w"] for fit in FITS)
FIT_b = tuple(fit["b"] for fit in FITS)
# The AdEx, which comes last, has neither refractory time nor afterdepolarisation.
FIT_t_ref = tuple(fit.get("t_ref", 0.0) for fit in FITS)
FIT_A = tuple(fit.get("A", 0.0) for fit in FITS)
FIT_tau_f = tuple(fit.get("tau_f", 1.0) for fit in FITS)
WITH_UPSWING = tuple(VARIANTS).index(ADEX)
DELTA_T = FITS[WITH_UPSWING]["Delta_T"]
U_PEAK = FITS[WITH_UPSWING]["u_peak"]
DELAYS = tuple(RECORD["delays"][variant] for variant in VARIANTS)
RECORDED = len(SPIKES)
DURATION = 10_000.0  # ms
SHOWN = 300  # ms of it whose potential is drawn, once a ms ...
RASTER = 1500.0  # ... and ms whose spikes are


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    u: Array
    spikes: Array
    misses: Array
    factor: float
    fired: int
    pairs: int


@portable
def of_kind(spikes: Array, n: int, paired: Array, kind: float):
    """Of the first n spikes those that have a partner (kind 1), or those that have none (0)."""
    count = 0
    for k in range(n):
        if paired[k] == kind:
            count += 1
    chosen = zeros(count)
    count = 0
    for k in range(n):
        if paired[k] == kind:
            chosen[count] = spikes[k]
            count += 1
    return chosen


@portable
def drive():
    """The noise of the experiment, which no slider changes."""
    current = zeros(20001)
    fill_noise(current, 2)  # of the seed that the reference neuron was driven with
    return current


@portable
def lif_prediction(without: int, strength: float, theta: float, window_ms: float) -> Outcome:
    """A fitted model under the noise, and its spikes beside those of the reference neuron."""
    current = drive()
    n = len(current)
    u = zeros(n)
    w = zeros(n)
    spikes = zeros(n)
    u_r = min(FIT_u_r[without], theta - 0.5)
    a = strength * FIT_a[without]
    b = strength * FIT_b[without]
    if without == WITH_UPSWING:
        adex = AdEx(
            tau_m=FIT_tau_m[without],
            R=FIT_R[without],
            u_rest=U_REST,
            theta_rh=theta,
            Delta_T=DELTA_T,
            u_r=u_r,
            u_peak=U_PEAK,
            a=a,
            tau_w=FIT_tau_w[without],
            b=b,
        )
        fired = run_adex(current, NOISE_DT, adex, U_REST, u, w, spikes)
    else:
        neuron = FilteredLIF(
            tau_m=FIT_tau_m[without],
            R=FIT_R[without],
            u_rest=U_REST,
            theta=theta,
            u_r=u_r,
            t_ref=FIT_t_ref[without],
            a=a,
            tau_w=FIT_tau_w[without],
            b=b,
            A=strength * FIT_A[without],
            tau_f=FIT_tau_f[without],
        )
        fired = run_filtered(current, NOISE_DT, neuron, U_REST, u, w, spikes)
    for k in range(fired):
        spikes[k] += DELAYS[without]  # what the reference is seen to do so much later
    reference = zeros(RECORDED)
    for k in range(RECORDED):
        reference[k] = SPIKES[k]
    paired = zeros(fired)
    pairs = pair(spikes, fired, reference, RECORDED, window_ms, paired)
    chance = chance_of(fired, window_ms, DURATION)
    factor = 0.0
    if chance < 0.9:  # else the windows fill nearly all the time, and a coincidence means nothing
        factor = factor_of(pairs, fired, RECORDED, chance)
    early = 0
    while early < fired and spikes[early] < RASTER:
        early += 1
    hit = of_kind(spikes, early, paired, 1.0)
    miss = of_kind(spikes, early, paired, 0.0)
    t = zeros(SHOWN + 1)
    shown = zeros(SHOWN + 1)
    step = 0
    for k in range(SHOWN + 1):
        t[k] = step * NOISE_DT
        shown[k] = u[step]
        step += 2
    return Outcome(t=t, u=shown, spikes=hit, misses=miss, factor=factor, fired=fired, pairs=pairs)


def _draw_prediction(values):
    figure, (above, below) = plt.subplots(2, 1, height_ratios=(3, 2), figsize=(5.6, 4.4))
    every = values["t"][::2]
    above.plot(
        every, POTENTIAL[: len(every)], color=ink("reference"), lw=1.2, label="reference neuron"
    )
    above.plot(values["t"], values["u"], color=ink("voltage"), lw=1.2, gid="u", label="model")
    above.plot(
        (0, 300), [values["theta"]] * 2, color=ink("threshold"), lw=1.2, gid="theta", label="θ"
    )
    above.set(xlabel="time t (ms)", ylabel="u (mV)", xlim=(0, 300), ylim=(-90, -33))
    legend(above, 3, "left", spacing=5)
    early = [t for t in SPIKES if t < RASTER]
    draw_spikes(below, early, 1.1, 1.9, color=ink("reference"))
    draw_spikes(below, values["spikes"], 0.1, 0.9, color=ink("voltage"), gid="spikes")
    draw_spikes(below, values["misses"], 0.1, 0.5, color=ink("threshold"), gid="misses")
    below.set(xlabel="time t (ms)", xlim=(0, RASTER), ylim=(0, 2))
    below.set_yticks([0.5, 1.5], ["model", "reference"])
    figure.get_layout_engine().set(rect=(0.04, 0, 0.96, 1))  # room for a narrow page's letters
    return figure


SCENE = Scene(
    name="lif_prediction",
    title="Spikes predicted by a fitted model",
    run=lif_prediction,
    parameters=(
        Choice("without", "left out, and the rest fitted anew", options=tuple(VARIANTS), default=0),
        Slider(
            "strength",
            "s",
            "",
            "strength of the filters",
            low=0.0,
            high=2.0,
            step=0.05,
            default=1.0,
        ),
        Slider(
            "theta", "θ", "mV", "firing threshold", low=-55.0, high=-45.0, step=0.1, default=-50.0
        ),
        Slider(
            "window_ms", "Δ", "ms", "precision asked for", low=0.5, high=8.0, step=0.5, default=2.0
        ),
    ),
    marks=(
        Line("u", "t", "u"),
        Line("theta", (0, 300), "theta"),
        Ticks("spikes", "spikes", 0.1, 0.9),
        Ticks("misses", "misses", 0.1, 0.5),
    ),
    readouts=(
        Readout("factor", "Γ =", "", 2),
        Readout("fired", "spikes of the model", "", 0),
        Readout("pairs", f"in time, of {RECORDED} in the reference:", "", 0),
    ),
    handles=(Handle("theta", axis="y"),),
    draw=_draw_prediction,
    alt="Above, the potential of the reference neuron over 300 ms of noise, its spikes cut off, "
    "and that of the fitted model, which stays close to it between spikes. Below, the spikes of "
    "both over 1.5 s: those of the model that fall within the window of one of the reference's "
    "are tall and in the model's colour, the others short and in that of the threshold.",
    challenges=(
        Challenge(
            "Raise Γ above 0.8, and leave the model as it is.",
            (Goal("factor", low=0.8),),
            locked=(
                "without",
                "strength",
                "theta",
            ),
            hint="Who asks for less precision?",
        ),
    ),
)


def explore_prediction(**values):
    """Explore how well fitted models predict the reference neuron (what is left out, s, θ, Δ).

    Parameters
    ----------
    **values
        First values: ``without``, a key of `neuro_lib.prediction.VARIANTS`; and the sliders
        ``strength`` (a factor on a, b and A), ``theta`` (mV), ``window_ms`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> best = explore_prediction().run().factor
    >>> bool(best > explore_prediction(without="all filters (LIF)").run().factor)
    True
    """
    return Explorer(SCENE, **values)
