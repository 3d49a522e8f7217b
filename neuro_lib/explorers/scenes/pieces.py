"""What the scenes of several chapters share: a time grid, a part of an array, a legend."""

from neuro_lib.portable import Array, portable, zeros


@portable
def times(n: int, dt: float):
    """Time grid of n points (ms)."""
    t = zeros(n)
    for k in range(n):
        t[k] = k * dt
    return t


@portable
def both(first: float, second: float):
    """Two numbers as an array: the ends of a line that is drawn, what two synapses have."""
    x = zeros(2)
    x[0] = first
    x[1] = second
    return x


@portable
def part(x: Array, first: int, end: int):
    """Elements from `first` up to `end`, as an array of their own."""
    y = zeros(end - first)
    for k in range(end - first):
        y[k] = x[first + k]
    return y


@portable
def add_step(current: Array, I: float, start: float, stop: float, dt: float):
    """Write a step current into an array of zeros."""
    for k in range(len(current)):
        if k * dt >= start - 1e-9 and k * dt < stop - 1e-9:
            current[k] = I


def legend(axes, columns, place="right", spacing=2.2, height=1.0):
    """Name the lines above the axes, with room for the larger letters of a narrow page."""
    anchor = (1 if place == "right" else 0, height)
    axes.legend(loc=f"lower {place}", bbox_to_anchor=anchor, ncols=columns, columnspacing=spacing)
