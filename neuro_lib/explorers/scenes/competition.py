"""Explorer of a network that computes: two pools compete, and one wins."""

from typing import NamedTuple

import matplotlib.pyplot as plt

from neuro_lib.explorers.ask import Challenge, Goal
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scene import Draw, Line, Readout, Scene, Slider
from neuro_lib.explorers.scenes.pieces import legend
from neuro_lib.figures import ink
from neuro_lib.models.competition import (
    BIN,
    INHIBITORY,
    POOL,
    Competition,
    Pools,
    compete,
    decision_time,
    pool_at_rest,
    population_activity,
)
from neuro_lib.portable import Array, portable, zeros

__all__ = ["explore_competition"]

MEAN = 0.31  # nA, of the two inputs: above the rheobase, so that either pool alone would fire
DT = 1.0  # ms
STEPS = 600
BINS = 30
ROOM = 9800  # spikes: more than 80 neurons can fire in 600 ms, t_ref being 5 ms


class Outcome(NamedTuple):
    """What the figure shows."""

    t: Array
    A: Array
    B: Array
    C: Array
    last_A: float
    last_B: float
    decided: float


@portable
def competition(difference: float, w_E: float, w_I: float, sigma: float, trial: int) -> Outcome:
    """Activities of the three pools over 600 ms, and when the competition was decided."""
    I_A = MEAN + 0.5 * difference
    I_B = MEAN - 0.5 * difference
    network = Competition(w_E=w_E, w_I=w_I, sigma=sigma)
    pools = Pools(
        A=pool_at_rest(POOL, network.u_rest, ROOM),
        B=pool_at_rest(POOL, network.u_rest, ROOM),
        C=pool_at_rest(INHIBITORY, network.u_rest, ROOM),
    )
    n_A, n_B, n_C = compete(STEPS, DT, I_A, I_B, network, trial, pools)
    t = zeros(BINS)
    A = zeros(BINS)
    B = zeros(BINS)
    C = zeros(BINS)
    for k in range(BINS):
        t[k] = (k + 0.5) * BIN
    population_activity(POOL, n_A, pools.A.when, BINS, A)
    population_activity(POOL, n_B, pools.B.when, BINS, B)
    population_activity(INHIBITORY, n_C, pools.C.when, BINS, C)
    decided = decision_time(A, B)
    last_A = 0.0
    last_B = 0.0
    for k in range(20, 30):
        last_A += 0.1 * A[k]
        last_B += 0.1 * B[k]
    return Outcome(t=t, A=A, B=B, C=C, last_A=last_A, last_B=last_B, decided=decided)


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
    title="Two pools that compete",
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
    challenges=(
        Challenge(
            "Let pool B win, although the input of A is larger.",
            (
                Goal("difference", low=0.002),
                Goal("last_B", low=20.0),
                Goal("decided", low=0.0),
            ),
            hint="Noise decides where the inputs hardly differ. Draw another.",
        ),
        Challenge(
            "Take the noise away, and have A win within 150 ms.",
            (
                Goal("sigma", high=0.0),
                Goal("last_A", low=20.0),
                Goal("decided", low=0.0, high=150.0),
            ),
            hint="Without noise, whoever leads must be helped to run ahead.",
        ),
    ),
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
