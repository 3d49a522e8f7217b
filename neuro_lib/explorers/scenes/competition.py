"""Explorer of a network that computes: two pools compete, and one wins."""

import matplotlib.pyplot as plt

from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Draw, Line, Readout, Scene, Slider
from neuro_lib.explorers.scenes.pieces import legend, part
from neuro_lib.figures import ink
from neuro_lib.models.competition import (
    BIN,
    INHIBITORY,
    NEURONS,
    POOL,
    Competition,
    compete,
    decision_time,
    population_activity,
)
from neuro_lib.portable import portable, zeros

__all__ = ["explore_competition"]

NETWORK = Competition()
TAU_M = NETWORK.tau_m
R = NETWORK.R
U_REST = NETWORK.u_rest
THETA = NETWORK.theta
U_R = NETWORK.u_r
T_REF = NETWORK.t_ref
W_C = NETWORK.w_C
TAU_E = NETWORK.tau_E
TAU_I = NETWORK.tau_I
DELAY = NETWORK.delay
MEAN = 0.31  # nA, of the two inputs: above the rheobase, so that either pool alone would fire
DT = 1.0  # ms
STEPS = 600
BINS = 30
ROOM = 25000  # spikes: more than 200 neurons can fire in 600 ms, t_ref being 5 ms


@portable
def competition(difference: float, w_E: float, w_I: float, sigma: float, trial: int):
    """Activities of the three pools over 600 ms, and when the competition was decided."""
    spikes = zeros(ROOM)
    who = zeros(ROOM)
    I_A = MEAN + 0.5 * difference
    I_B = MEAN - 0.5 * difference
    n = compete(
        STEPS,
        DT,
        POOL,
        INHIBITORY,
        I_A,
        I_B,
        TAU_M,
        R,
        U_REST,
        THETA,
        U_R,
        T_REF,
        w_E,
        w_I,
        W_C,
        TAU_E,
        TAU_I,
        DELAY,
        sigma,
        trial,
        spikes,
        who,
    )
    fired = part(spikes, 0, n)
    by = part(who, 0, n)
    t = zeros(BINS)
    A = zeros(BINS)
    B = zeros(BINS)
    C = zeros(BINS)
    for k in range(BINS):
        t[k] = (k + 0.5) * BIN
    population_activity(0, POOL, fired, by, BINS, A)
    population_activity(POOL, POOL + POOL, fired, by, BINS, B)
    population_activity(POOL + POOL, NEURONS, fired, by, BINS, C)
    decided = decision_time(A, B)
    last_A = 0.0
    last_B = 0.0
    for k in range(20, 30):
        last_A += 0.1 * A[k]
        last_B += 0.1 * B[k]
    return t, A, B, C, last_A, last_B, decided


def _draw(values):
    figure, axes = plt.subplots(figsize=(5.6, 3.4))
    for name, meaning, style in (
        ("A", "voltage", "-"),
        ("B", "threshold", "--"),
        ("C", "current", ":"),
    ):
        curve = values["t"], values[name], style
        axes.plot(*curve, color=ink(meaning), gid=name, label=f"pool {name}")
    axes.set(xlabel="time t (ms)", ylabel="activity (Hz)", xlim=(0, 600), ylim=(-5, 215))
    legend(axes, 3, "left", spacing=4)
    return figure


SCENE = Scene(
    name="competition",
    run=competition,
    parameters=(
        Slider(
            "difference",
            "I_A − I_B",
            "nA",
            "difference of the inputs",
            low=-0.06,
            high=0.06,
            step=0.002,
            default=0.01,
        ),
        Slider.of(Competition, "w_E", 0.0, 0.3, 0.01),
        Slider.of(Competition, "w_I", 0.0, 1.2, 0.05),
        Slider.of(Competition, "sigma", 0.0, 0.3, 0.01),
        Draw.of_noise("trial", "which noise"),
    ),
    outputs=("t", "A", "B", "C", "last_A", "last_B", "decided"),
    marks=(Line("A", "t", "A"), Line("B", "t", "B"), Line("C", "t", "C")),
    readouts=(
        Readout("last_A", "pool A in the last 200 ms", "Hz", 0),
        Readout("last_B", "pool B", "Hz", 0),
        Readout("decided", "decided after", "ms", 0, "not decided"),
    ),
    draw=_draw,
    alt="Activities of three pools of neurons over 600 ms. At first the excitatory pools A and B "
    "fire alike; then one of them climbs, the other falls silent, and the inhibitory pool C "
    "follows the winner.",
)


def explore_competition(**values):
    """Explore two pools that compete (I_A − I_B, w_E, w_I, σ, trial).

    Parameters
    ----------
    **values
        First values of the sliders ``difference`` (nA), ``w_E`` (nA), ``w_I`` (nA), ``sigma``
        (nA) and ``trial``.

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_competition(w_I=0.0).run().decided  # no inhibition, no winner
    -1.0
    """
    return Explorer(SCENE, **values)
