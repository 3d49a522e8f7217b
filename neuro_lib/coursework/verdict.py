"""How an answer is judged: right, or what kind of wrong; never what would be right."""

from dataclasses import dataclass

import numpy as np

from neuro_lib.coursework.answers import kind_of, numbers, plain

__all__ = ["Verdict", "judge_array", "judge_number"]

DIFFERENT = "This is a different number."  # and not one whose origin is known

# What an answer that is a thousand times too large or too small was probably written in.
TOO_SMALL = {"ms": "s", "mV": "V", "nA": "µA", "MΩ": "GΩ", "nF": "µF", "Hz": "kHz"}
TOO_LARGE = {"ms": "µs", "mV": "µV", "nA": "pA", "MΩ": "kΩ", "nF": "pF", "Hz": "mHz"}


@dataclass(frozen=True)
class Verdict:
    """What a check says of an answer.

    Parameters
    ----------
    score : float
        Share of the marks that the answer earns (a pure number from 0 to 1).
    message : str
        For the student: that it is right, or what kind of wrong it is.

    Examples
    --------
    >>> print(Verdict(1.0, "This current just reaches the threshold."))
    ✓ Right. This current just reaches the threshold.
    >>> print(Verdict(0.0, "Is that in seconds? The answer is wanted in ms."))
    ✗ Not yet. Is that in seconds? The answer is wanted in ms.
    """

    score: float
    message: str = ""

    def __post_init__(self):
        if not 0 <= self.score <= 1:
            raise ValueError(f"score = {self.score}: a share of the marks is from 0 to 1")

    @property
    def right(self) -> bool:
        """Whether the answer earns all the marks."""
        return self.score == 1

    def __str__(self):
        verdict = "✓ Right." if self.right else "◐ Partly right." if self.score else "✗ Not yet."
        return f"{verdict} {self.message}".rstrip()

    __repr__ = __str__  # a check is the last line of its cell


def judge_number(answer, right, unit, *, rtol=0.01, atol=0.0, u_rest=None):
    """Judge one number, and recognise the usual slips.

    Parameters
    ----------
    answer : object
        What the student gave: a number in `unit`, or anything else.
    right : float
        What is right (in `unit`).
    unit : str
        Unit of the answer: ms, mV, nA, MΩ, nF, Hz, or empty for a pure number.
    rtol : float, optional
        Relative tolerance (a pure number).
    atol : float, optional
        Absolute tolerance (in `unit`).
    u_rest : float, optional
        Resting potential (mV), if the answer is a potential that may have been measured from it.

    Returns
    -------
    Verdict
        With score 1 or 0.

    Examples
    --------
    >>> judge_number(12.0, 12.0, "ms")
    ✓ Right.
    >>> judge_number(0.012, 12.0, "ms")
    ✗ Not yet. The number is a thousand times too small: is it in s? It is wanted in ms.
    >>> judge_number(15.0, -50.0, "mV", u_rest=-65.0)
    ✗ Not yet. This is measured from the resting potential. The potential itself is wanted.
    """
    answer = plain(answer)
    if answer is None:
        return Verdict(0.0, "There is nothing here yet.")
    if type(answer) not in (int, float):
        in_unit = f" in {unit}" if unit else ""
        return Verdict(0.0, f"One number{in_unit} is wanted, and this is {kind_of(answer)}.")
    slip = _slip(np.array(float(answer)), np.array(float(right)), unit, rtol, atol, u_rest)
    return Verdict(1.0) if slip is None else Verdict(0.0, slip)


def judge_array(answer, right, unit, *, rtol=0.01, atol=0.0, u_rest=None):
    """Judge an array or a list of numbers, and recognise the usual slips.

    Parameters
    ----------
    answer : object
        What the student gave: an array or list of numbers in `unit`, or anything else.
    right : array_like
        What is right (in `unit`), of any shape.
    unit, rtol, atol, u_rest
        See `judge_number`; the relative tolerance is one of the largest number in `right`.

    Returns
    -------
    Verdict
        With score 1 or 0.

    Examples
    --------
    >>> judge_array([10.0, 20.0], [10.0, 20.0, 30.0], "ms")
    ✗ Not yet. The shape is (2,), but (3,) is wanted.
    >>> judge_array([-10.0, -20.0], [10.0, 20.0], "ms")
    ✗ Not yet. The size is right, the sign is not.
    """
    answer = plain(answer)
    if answer is None:
        return Verdict(0.0, "There is nothing here yet.")
    right = np.asarray(right, dtype=float)
    found = numbers(answer)
    if found is None:
        return Verdict(0.0, f"Numbers of shape {right.shape} are wanted, not {kind_of(answer)}.")
    if found.shape != right.shape:
        return Verdict(0.0, f"The shape is {found.shape}, but {right.shape} is wanted.")
    slip = _slip(found, right, unit, rtol, atol, u_rest)
    return Verdict(1.0) if slip is None else Verdict(0.0, slip)


@np.errstate(over="ignore")  # a number near the largest is wrong, and no more
def _slip(answer, right, unit, rtol, atol, u_rest):
    """What is wrong with numbers of the right shape, in words; None if nothing is."""
    if not np.all(np.isfinite(answer)):
        return "This is not a finite number."
    tolerance = atol + rtol * np.max(np.abs(right), initial=0.0)

    def close(guess):
        return bool(np.all(np.abs(guess - right) <= tolerance))

    if close(answer):
        return None
    # A slip is only recognised where the answer is not zero: zero is its own thousandfold.
    wanted = f"It is wanted in {unit}." if unit else ""
    if unit in TOO_SMALL and close(1000 * answer):
        return f"The number is a thousand times too small: is it in {TOO_SMALL[unit]}? {wanted}"
    if unit in TOO_LARGE and np.all(np.abs(answer - 1000 * right) <= 1000 * tolerance):
        return f"The number is a thousand times too large: is it in {TOO_LARGE[unit]}? {wanted}"
    if close(-answer):
        return "The size is right, the sign is not."
    if u_rest is not None and close(answer + u_rest):
        return "This is measured from the resting potential. The potential itself is wanted."
    if u_rest is not None and close(answer - u_rest):
        return "This is off by the resting potential. It is wanted measured from there."
    return DIFFERENT if answer.ndim == 0 else "These are different numbers."
