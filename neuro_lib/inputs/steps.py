"""Times counted in steps: what lies on a grid, and how many steps there are."""

from math import floor

from neuro_lib.portable import portable
from neuro_lib.units import SAME, number

__all__ = ["in_steps", "whole_steps"]

MOST_STEPS = 10**8  # beyond them memory, or patience, comes to its end


@portable
def in_steps(time: float, dt: float):
    """Count a time (ms) in steps of dt (ms): a whole number if rounding alone keeps it from one."""
    steps = time / dt
    if steps > 1e15:  # floats as large as this are whole
        return steps
    nearest = float(floor(steps + 0.5))
    if abs(steps - nearest) <= SAME * nearest:
        return nearest
    return steps


def whole_steps(duration, dt, meaning="length of the input"):
    """Check a length and a time step.

    Parameters
    ----------
    duration, dt : float
        Length and time step (ms), both greater than zero; the length is a whole number of steps.
    meaning : str
        What the length is, for the message.

    Returns
    -------
    steps : int
        Number of steps.
    dt : float
        The time step (ms).

    Raises
    ------
    ValueError
        If one of them is not one number in its range, or the steps are not whole or too many.

    Examples
    --------
    >>> whole_steps(0.3, 0.1)
    (3, 0.1)
    """
    dt = number("dt", dt, "ms", "time step", above=0)
    duration = number("duration", duration, "ms", meaning, at_least=dt)
    steps = in_steps(duration, dt)
    if steps > MOST_STEPS:
        raise ValueError(
            f"duration = {duration:g} ms: the {meaning} must be ≤ {MOST_STEPS:g} time steps of "
            f"dt = {dt:g} ms"
        )
    if steps != floor(steps):
        raise ValueError(
            f"duration = {duration:g} ms: the {meaning} must be a whole number of "
            f"time steps of dt = {dt:g} ms"
        )
    return int(steps), dt
