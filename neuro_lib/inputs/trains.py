"""Trains of presynaptic spikes."""

import numpy as np

from neuro_lib.units import MS_PER_S, checked

__all__ = ["poisson_train"]


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
        If a value is not one finite number in its range.

    Examples
    --------
    >>> train = poisson_train(1000.0, duration=2000.0, seed=1)
    >>> 1900 < train.size < 2100
    True
    """
    rate = checked("rate", rate, "Hz", "mean rate", at_least=0)
    duration = checked("duration", duration, "ms", "length of the train", above=0)
    if np.ndim(rate) or np.ndim(duration):
        raise ValueError("rate and duration: one train takes one number of each")
    generator = np.random.default_rng(seed)
    times = generator.uniform(0.0, duration, generator.poisson(rate * duration / MS_PER_S))
    return np.sort(times)
