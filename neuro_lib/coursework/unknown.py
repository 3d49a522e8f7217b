"""The unknown neuron of problem set 4: it may be stimulated and recorded, and tells no more.

It is an integrate-and-fire neuron with a spike-triggered current (`adaptation`) and a little noise
of its own. Its parameters stand on no object that a student holds. Who reads this file finds them
all the same: a notebook in a browser has to bring along whatever it computes with.
"""

from dataclasses import dataclass
from hashlib import sha256
from math import sqrt
from typing import NamedTuple

import numpy as np

from neuro_lib.coursework.student import Student
from neuro_lib.inputs.currents import require_current, white_noise_current
from neuro_lib.models.filtered_lif import FilteredLIF
from neuro_lib.models.simulation import simulate
from neuro_lib.models.trace import Trace

__all__ = ["Truth", "UnknownNeuron", "truth_of"]

LOWEST, HIGHEST = -1.0, 5.0  # nA that the electrode can carry
MAX_SAMPLES = 50_001  # samples of one recording
BLUR = 0.2  # mV, standard deviation of what the amplifier adds to each sample


@dataclass(frozen=True)
class UnknownNeuron:
    """A neuron that a student stimulates and records, to find out what it is.

    Parameters
    ----------
    student : Student
        Whose; every student has a neuron of their own.

    Examples
    --------
    >>> from neuro_lib import step_current
    >>> mine = UnknownNeuron(Student("ada"))
    >>> mine.record(step_current(-0.1, start=50.0, stop=150.0, duration=200.0, dt=0.1))
    <Trace: 1 neuron, 200 ms, 0 spikes>
    """

    student: Student

    def __str__(self):
        return "\n".join(
            [
                "An unknown neuron. mine.record(I) drives it with a current and gives its",
                "potential u (mV) at the times t (ms), and its spike_times (ms).",
                f"Currents from {LOWEST:g} to {HIGHEST:g} nA; at most {MAX_SAMPLES:,} samples.",
            ]
        )

    def record(self, I, trial=1):
        """Drive the neuron with a current, from rest, and record it.

        Parameters
        ----------
        I : Current
            What is injected, values of shape (n,).
        trial : int, optional
            Number of the recording, 1 or more. The same current gives the same recording again;
            with another number, one with other noise.

        Returns
        -------
        Trace
            Times, potential, current and spike times. The potential carries the noise of neuron
            and amplifier. Spikes are cut off: there it jumps from threshold to reset.

        Raises
        ------
        TypeError
            If `I` is not a Current.
        ValueError
            If it is more than one current, too long or too strong, or `trial` is not 1 or more.
        """
        require_current(I)
        if I.values.ndim > 1 or I.values.size > MAX_SAMPLES:
            raise ValueError(
                f"I has values of shape {I.values.shape}: a recording takes one current of at "
                f"most {MAX_SAMPLES:,} samples"
            )
        for value in (I.values.min(), I.values.max()):
            if not LOWEST <= value <= HIGHEST:
                raise ValueError(
                    f"I = {value:g} nA: the current must be from {LOWEST:g} to {HIGHEST:g} nA"
                )
        if isinstance(trial, bool) or not isinstance(trial, int | np.integer) or trial < 1:
            raise ValueError(f"trial = {trial!r}: the number of a recording is an integer ≥ 1")
        model, noise = truth_of(self.student)
        rng = np.random.default_rng(_seed(self.student, I, trial))
        # White noise of this strength moves u with a standard deviation of `noise`.
        strength = noise * sqrt(2 * model.tau_m) / model.R
        own = white_noise_current(0.0, strength, duration=I.duration, dt=I.dt, seed=rng)
        trace = simulate(model, I + own)
        blurred = trace.u + BLUR * rng.standard_normal(trace.u.size)
        return Trace(t=trace.t, u=blurred, I=I.values, spike_times=trace.spike_times)


class Truth(NamedTuple):
    """What is hidden.

    Parameters
    ----------
    model : FilteredLIF
        The neuron.
    noise : float
        Standard deviation of its potential far below threshold, from its own noise (mV).
    """

    model: FilteredLIF
    noise: float


def truth_of(student):
    """Return what is hidden from a student.

    Parameters
    ----------
    student : Student
        Whose neuron it is.

    Returns
    -------
    Truth
        Always the same for the same id.
    """

    def between(name, low, high):
        return low + (high - low) * student.pick(f"problems_4: {name}", range(1001)) / 1000

    u_rest = between("u_rest", -74.0, -62.0)
    gap = between("theta", 13.0, 18.0)
    model = FilteredLIF(
        tau_m=between("tau_m", 12.0, 24.0),
        R=gap / between("rheobase", 0.12, 0.18),
        u_rest=u_rest,
        theta=u_rest + gap,
        u_r=u_rest + between("u_r", -8.0, 4.0),
        t_ref=between("t_ref", 2.0, 5.0),
        a=0.0,
        b=between("b", 0.04, 0.1),
        tau_w=between("tau_w", 60.0, 160.0),
        A=0.0,
    )
    return Truth(model, noise=between("noise", 0.3, 0.6))


def _seed(student, I, trial):
    """Seed of a recording, by what is recorded.

    The currents of two machines may differ in the last digit, and their noise must not: it goes
    by two sums over the current, rounded.
    """
    ramp = np.linspace(0.0, 1.0, I.values.size)
    sums = (round(float(s), 6) + 0.0 for s in (I.values.sum(), ramp @ I.values))
    key = ("problems_4", student.id, int(trial), I.values.size, f"{I.dt:g}", *sums)
    return int.from_bytes(sha256(repr(key).encode()).digest()[:8])
