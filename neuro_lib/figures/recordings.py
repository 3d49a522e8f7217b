"""Recordings as pictures: so many samples that a screen cannot show them."""

import numpy as np

__all__ = ["decimate"]


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
    t, u : ndarray, shape (m,)
        Two samples a column at most, the same one once.

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
