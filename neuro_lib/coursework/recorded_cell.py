"""The recorded cell of problem set 4: a cell, a sweep that no fit may see, a refractory time.

A model is judged by what it does on the sweep that was left out, against what the fits that come
with the package reach there (`recorded_fit`). The recordings are in the package, that sweep
included; a fit for one refractory time is often none for another.
"""

from dataclasses import dataclass

import numpy as np

from neuro_lib.analysis.recorded_fit import fit_membrane, recorded_drive, recorded_fit
from neuro_lib.analysis.spikes import count_error
from neuro_lib.coursework.judges import sees_plain
from neuro_lib.coursework.verdict import Verdict, judge_array
from neuro_lib.data.recordings import CELLS, recorded_steps
from neuro_lib.models.filtered_lif import FilteredLIF
from neuro_lib.models.simulation import count_spikes, simulate

__all__ = ["RecordedCell", "check_recorded", "recorded_cell"]

NAMES = ("tau_m", "R", "theta", "u_r", "b", "tau_w")
LEFT_OUT = (3, 4)  # sweeps, from 1 on: within the range of the others
PAUSES = (10.0, 12.5, 15.0)  # ms
ENOUGH, TOO_FAR = 0.05, 0.15  # errors beyond the reference's that earn all, and nothing
LARGEST = 1e4  # of a parameter, in its unit
FASTEST = 500.0  # Hz


@dataclass(frozen=True)
class RecordedCell:
    """What a student is to fit.

    Parameters
    ----------
    cell : str
        Name of the recorded cell, for `recorded_steps`.
    left_out : int
        Sweep that the fit must not see, from 1 on.
    t_ref : float
        Refractory time that the model is to have (ms).

    Examples
    --------
    >>> RecordedCell("B6", 3, 12.0).sweeps
    [0, 1, 3, 4]
    """

    cell: str
    left_out: int
    t_ref: float

    @property
    def sweeps(self):
        """Sweeps that the fit may see, as `recorded_drive` takes them: from 0 on."""
        every = range(len(recorded_steps(self.cell).u))
        return [k for k in every if k + 1 != self.left_out]

    def __str__(self):
        return (
            f"Cell {self.cell}; leave out sweep {self.left_out}; t_ref = {self.t_ref:g} ms.\n"
            f"u_rest = {recorded_steps(self.cell).u_rest:g} mV"
        )


def recorded_cell(student):
    """Return the recorded cell that a student is to fit.

    Parameters
    ----------
    student : Student
        Whose.

    Returns
    -------
    RecordedCell
        Always the same for the same id.

    Examples
    --------
    >>> from neuro_lib.coursework import Student
    >>> recorded_cell(Student("ada")) == recorded_cell(Student(" Ada"))
    True
    """
    return RecordedCell(
        student.pick("problems_4: recorded cell", CELLS),
        student.pick("problems_4: sweep", LEFT_OUT),
        student.pick("problems_4: pause", PAUSES),
    )


@sees_plain
def check_recorded(answer, student):
    """Try a model on the sweep that its fit has not seen.

    Parameters
    ----------
    answer : array_like
        Six parameters, shape ``(6,)``: τ_m (ms), R (MΩ), θ, u_r (mV), b (nA) and τ_w (ms).
    student : Student
        Whose answer it is.

    Returns
    -------
    Verdict
        All marks if the number of spikes is off by 5 % of the recorded ones more than that of the
        reference fit, none from 15 % on; the `count_error` may be 5 % larger than that.
    """
    task = recorded_cell(student)
    steps, left_out = recorded_steps(task.cell), task.left_out - 1
    references = [recorded_fit(task.cell, left_out, adaptation=a) for a in (False, True)]
    right = [getattr(references[1], name) for name in NAMES]
    verdict = judge_array(answer, right, "", atol=np.inf)
    if not verdict.right:
        return verdict
    found = {name: float(x) for name, x in zip(NAMES, answer, strict=True)}
    # What a student sends is simulated here, where no sandbox ends what takes for ever.
    if max(map(abs, found.values())) > LARGEST:
        return Verdict(0.0, f"There is no such neuron: a number is beyond {LARGEST:,.0f}.")
    I, (recorded,) = recorded_drive(steps, [left_out])
    try:
        model = FilteredLIF(**found, u_rest=steps.u_rest, t_ref=task.t_ref, a=0.0, A=0.0)
        if model.highest_rate(I.largest) > FASTEST:
            raise ValueError(f"it would fire faster than {FASTEST:g} Hz")
        (train,) = simulate(model, I).spike_times
    except ValueError as error:
        return Verdict(0.0, f"There is no such neuron: {error}.")
    membrane = fit_membrane(steps, task.sweeps)
    if abs(model.tau_m / membrane.tau_m - 1) > 0.25 or abs(model.R / membrane.R - 1) > 0.25:
        said = "τ_m and R are another membrane's: take them from the rise of the potential."
        return Verdict(0.0, said)
    return _judged(train, recorded, I, references)


def _judged(train, recorded, I, references):
    """Judge a train by its number of spikes, and by their number so far."""
    n = recorded.size
    best = min(abs(int(count_spikes(fit, I)[0]) - n) / n for fit in references)
    worse = abs(train.size - n) / n - best
    so_far = count_error(train, recorded, duration=I.duration)
    error = max(worse, so_far - ENOUGH)
    share = float(np.clip((TOO_FAR - error) / (TOO_FAR - ENOUGH), 0.0, 1.0))
    said = f"{train.size} spikes, and {n} were recorded."
    if share < 1:
        said += " It never fires." if not train.size else " What do the other four sweeps say?"
    return Verdict(share, said)
