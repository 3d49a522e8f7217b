"""Trains of presynaptic spikes."""

import numpy as np

from neuro_lib.inputs.currents import generator
from neuro_lib.units import MS_PER_S, number

__all__ = ["poisson_train"]

MOST_SPIKES = 1e8  # of one train; they would fill the memory


def poisson_train(rate, *, duration, seed):
    """Draw a Poisson train: spikes at a mean rate, each independent of all others.

    Parameters
    ----------
    rate : float
        Mean rate (Hz), zero or more. Many presynaptic neurons together are one train of the sum
        of their rates.
    duration : float
        Length (ms), greater than zero.
    seed : int or numpy.random.Generator
        Same seed, same train.

    Returns
    -------
    ndarray, shape (number of spikes,)
        Spike times (ms), in order.

    Raises
    ------
    ValueError
        If a value is not one finite number in its range, `seed` is no integer, or more than 1e8
        spikes would come.

    Examples
    --------
    >>> train = poisson_train(1000.0, duration=2000.0, seed=1)
    >>> 1900 < train.size < 2100
    True
    """
    rate = number("rate", rate, "Hz", "mean rate", at_least=0)
    duration = number("duration", duration, "ms", "length of the train", above=0)
    highest = MOST_SPIKES * MS_PER_S / duration
    if rate > highest:
        raise ValueError(
            f"rate = {rate:g} Hz: the mean rate must be ≤ {highest:g} Hz, or more than "
            f"{MOST_SPIKES:g} spikes come in {duration:g} ms"
        )
    draws = generator(seed)
    return np.sort(draws.uniform(0.0, duration, draws.poisson(rate * duration / MS_PER_S)))
