"""Recordings as pictures: so many samples that a screen cannot show them."""

import matplotlib.pyplot as plt
import numpy as np

from neuro_lib.data.recordings import recorded_trains
from neuro_lib.figures.patterns import draw_spikes
from neuro_lib.figures.svg import Picture, house_style, ink
from neuro_lib.inputs.trains import poisson_train

__all__ = ["decimate", "draw_trains"]

ROW = 1000.0  # ms, of each window of a raster
BIN = 20.0  # ms


def decimate(t, u, *, columns):
    """Thin out a recording for the screen: of each column its lowest and highest sample.

    Both are kept where they are, in order, so no spike is lost, however narrow. A recording that
    is short enough is returned as it is.

    Parameters
    ----------
    t : array_like, shape (n,)
        Time (ms), in equal steps.
    u : array_like, shape (n,)
        Potential (mV).
    columns : int
        Number of columns that the screen can tell apart.

    Returns
    -------
    t : ndarray, shape (m,)
        Times of two samples a column at most (ms), the same one once.
    u : ndarray, shape (m,)
        Potential at these times (mV).

    Examples
    --------
    >>> import numpy as np
    >>> t, u = decimate(np.arange(9.0), [0, 0, 0, 5, 0, 0, 0, -1, 0], columns=2)
    >>> t, u
    (array([0., 3., 5., 7.]), array([ 0,  5,  0, -1]))
    """
    t, u = np.asarray(t), np.asarray(u)
    kept = set()
    for column in np.array_split(np.arange(t.size), columns):
        if column.size:
            kept |= {column[np.argmin(u[column])], column[np.argmax(u[column])]}
    kept = np.array(sorted(kept), dtype=int)
    return t[kept], u[kept]


def draw_trains():
    """Draw a recorded train beside a Poisson train of its rate: rasters, and rates over windows.

    Returns
    -------
    Picture
        Ten windows of 1 s each, one below the other, and the mean over them in bins of 20 ms.
    """
    recorded = recorded_trains()
    train, duration = recorded.spike_times[0], recorded.duration
    drawn = poisson_train(1000.0 * train.size / duration, duration=duration, seed=1)
    rows = round(duration / ROW)
    with house_style():
        figure, axes = plt.subplots(
            2, 2, sharex=True, sharey="row", height_ratios=(3, 2), figsize=(5.6, 3.6)
        )
        for (raster, rate), spikes, title, color in zip(
            axes.T,
            (train, drawn),
            ("locust", "Poisson"),
            ("voltage", "reference"),
            strict=True,
        ):
            for row in range(rows):
                inside = spikes[(spikes >= row * ROW) & (spikes < (row + 1) * ROW)] - row * ROW
                draw_spikes(raster, inside, row + 0.1, row + 0.9, color=ink(color), lw=0.6)
            edges = np.arange(0.0, ROW + BIN, BIN)
            counts = np.histogram(spikes % ROW, edges)[0] / (rows * BIN / 1000.0)
            rate.stairs(counts, edges, baseline=None, color=ink(color))
            raster.set(title=title, ylim=(rows, 0))
            rate.set(xlabel="time in the window (ms)", xlim=(0, ROW), ylim=(0, 200))
        axes[0, 0].set(ylabel="window", yticks=[0.5, 9.5], yticklabels=["1", "10"])
        axes[1, 0].set(ylabel="rate (Hz)")
    alt = (
        "Two rasters of ten windows of one second. Left, the receptor of a locust: its ticks are "
        "spaced more evenly than those of a Poisson train of the same rate, right, which has "
        "clusters and gaps; in the locust's first window they stand densest. Below, the rate over "
        "the windows, in bins of 20 ms: near 100 Hz throughout, and smoother for the locust."
    )
    return Picture(figure, alt=alt, name="trains")
