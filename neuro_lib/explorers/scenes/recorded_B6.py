"""The recorded cell B6, and a model that the reader fits to it by hand."""

from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.scenes.shared_recorded import Outcome, Recorded, fitted, scene_of
from neuro_lib.models.filtered_lif import FilteredLIF
from neuro_lib.portable import portable, zeros

__all__ = ["explore_recorded_B6"]

RECORDED = Recorded("B6")
U_REST = RECORDED.steps.u_rest
TABLE = RECORDED.table
SIZE = len(TABLE)


@portable
def recorded_B6(
    tau_m: float,
    R: float,
    theta: float,
    u_r: float,
    t_ref: float,
    b: float,
    tau_w: float,
    A: float,
    tau_f: float,
) -> Outcome:
    """Five sweeps of the cell, and of a model under the same steps of current."""
    table = zeros(SIZE)
    for k in range(SIZE):
        table[k] = TABLE[k]
    model = FilteredLIF(
        tau_m=tau_m,
        R=R,
        u_rest=U_REST,
        theta=theta,
        u_r=u_r,
        t_ref=t_ref,
        a=0.0,
        tau_w=tau_w,
        b=b,
        A=A,
        tau_f=tau_f,
    )
    return fitted(table, model)


SCENE = scene_of(recorded_B6, RECORDED)


def explore_recorded_B6(**values):
    """Fit a model to the recorded cell B6 by hand (τ_m, R, θ, u_r, t_ref, b, τ_w, A, τ_f).

    Parameters
    ----------
    **values
        First values of the sliders: ``tau_m`` (ms), ``R`` (MΩ), ``theta``, ``u_r`` (mV), ``t_ref``
        (ms), and of the two filters ``b`` (nA), ``tau_w`` (ms), ``A`` (nA), ``tau_f``
        (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_recorded_B6(theta=-30.0, R=100.0).run().count_5
    0.0
    """
    return Explorer(SCENE, **values)
