"""What callers bring, as floats: one door for every kind of number, and for records of arrays.

A number may come from Python, NumPy, pandas or xarray, singly, in lists or in arrays. Three kinds
need more than a conversion, because a plain one would change their meaning without a word:

- A number of less than eight bytes, such as a ``float32``, is taken at its shortest decimal: the
  0.1 that somebody wrote, not 0.10000000149.
- A quantity that knows its unit (pint, astropy, unyt, neo, ...) is converted to the unit of the
  parameter, or refused.
- A masked value is refused, or left out where less of the same still means something, as among
  firing times.
"""

from dataclasses import fields
from decimal import Decimal
from functools import partial
from numbers import Real

import numpy as np

__all__ = ["Record", "floats"]

PLAIN = {float, int, np.float64, np.int64}


class NotANumber(ValueError):
    """What is wrong with a value, in words that follow "the membrane time constant"."""


def floats(value, unit="", *, leave_out_masked=False):
    """Turn any kind of number, or array of numbers, into a new array of floats.

    Parameters
    ----------
    value : object
        What the caller brought.
    unit : str
        Unit in which the numbers are wanted; empty for pure numbers.
    leave_out_masked : bool
        Whether masked values are left out, which makes one row of the others; they are refused
        otherwise.

    Returns
    -------
    ndarray
        The numbers, in `unit`; shape () for one.

    Raises
    ------
    NotANumber
        If it holds anything else: text, bools, complex numbers, a unit of another kind, masked
        values.

    Examples
    --------
    >>> floats([1, np.float32(0.1)])
    array([1. , 0.1])
    >>> floats(np.ma.masked_equal([1.0, 2.0, 3.0], 2.0), leave_out_masked=True)
    array([1., 3.])
    """
    if type(value) in PLAIN or type(value) is np.ndarray:
        pass
    elif _own_unit(value) is not None:
        return floats(_in_unit(value, unit), unit, leave_out_masked=leave_out_masked)
    elif _own_unit(getattr(value, "data", None)) is not None:  # so does xarray wrap quantities
        return floats(value.data, unit, leave_out_masked=leave_out_masked)
    elif _is_masked(value):
        if not leave_out_masked:
            raise NotANumber("must not be masked: fill the values in, or leave them out")
        value = np.asarray(value)[~value.mask]
    elif isinstance(value, (list, tuple)) and not PLAIN.issuperset(map(type, value)):
        return _each(value, unit, leave_out_masked)
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):  # a ragged list
        raise NotANumber from None
    if array.dtype == object:
        return _each(array.tolist(), unit, leave_out_masked) if array.ndim else _one(array.item())
    if array.dtype.kind not in "iuf":
        raise NotANumber
    short = array.dtype.kind == "f" and array.dtype.itemsize < 8
    return _shortest_decimals(array) if short else array.astype(float)


def _each(values, unit, leave_out_masked):
    """Turn the elements of a list into floats, each by itself."""
    if leave_out_masked:
        values = [value for value in values if value is not np.ma.masked]
    try:
        return np.array([floats(value, unit) for value in values], dtype=float)
    except ValueError as refused:
        raise refused if isinstance(refused, NotANumber) else NotANumber from None


def _one(value):
    """Turn a number that NumPy has no type for, such as a fraction or a huge int, into a float."""
    if not isinstance(value, (Real, Decimal)):
        raise NotANumber
    try:
        return np.array(float(value))
    except OverflowError:
        return np.array(np.inf if value > 0 else -np.inf)


def _own_unit(value):
    """Give the unit that a value says it is in (pint, astropy, Brian2, ...), or None."""
    if isinstance(value, type):
        return None
    labels = getattr(value, "attrs", None)  # of xarray and pandas, whose attributes are columns
    if labels is not None:
        return labels.get("units")
    own = getattr(value, "units", getattr(value, "unit", None))
    if own is None and isinstance(value, np.ndarray):
        own = getattr(value, "dimensions", None)
    return own


def _is_masked(value):
    """Tell whether anything is masked, in NumPy's way, which is astropy's, too."""
    mask = getattr(value, "mask", False)
    return isinstance(mask, (np.ndarray, np.bool_)) and bool(np.any(mask))


def _in_unit(value, unit):
    """Give the numbers that a quantity is, counted in this unit."""
    own = _own_unit(value)
    convert = getattr(value, "to", None) or getattr(value, "rescale", None)
    if convert is None:  # a label, as xarray has it, or a library's that we do not know
        if str(own) != unit:
            raise NotANumber(f"must be in {unit or 'no unit'}, and this is in {own}")
        return np.asarray(value)
    try:
        converted = convert(unit.replace("·", "*").replace("√ms", "ms**(1/2)"))
    except Exception:  # each library refuses a unit by an error of its own
        raise NotANumber(f"must be in {unit or 'no unit'}, and this is in {own}") from None
    for name in ("magnitude", "value"):
        if hasattr(converted, name):
            return getattr(converted, name)
    raise NotANumber(f"must be in {unit or 'no unit'}, as plain numbers")


def _shortest_decimals(array):
    """Give for each short float the decimal of fewest digits that it is nearest to."""
    wide = array.astype(float)
    shortest = wide
    enough = np.finfo(array.dtype).precision + 3
    with np.errstate(all="ignore"):  # of zero there is no logarithm, and infinity stays
        place = np.nan_to_num(np.floor(np.log10(np.abs(wide))), neginf=0.0, posinf=0.0)
        for digits in range(enough, 0, -1):
            left = digits - 1.0 - place
            # Powers of ten above one are exact, so that the quotient is the nearest float.
            up, down = 10.0 ** np.maximum(left, 0.0), 10.0 ** np.maximum(-left, 0.0)
            decimal = np.rint(wide * up / down) / up * down
            shortest = np.where(decimal.astype(array.dtype) == array, decimal, shortest)
    return shortest


class Record:
    """Base of frozen dataclasses with arrays: equal if their fields are, and hashable.

    Arrays of a copy are as read-only as those of the original.
    """

    def _freeze(self):
        """Make the arrays of all fields read-only, and the trains in an array of trains."""
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
                for train in value.flat if value.dtype == object else ():
                    train.flags.writeable = False

    def _values(self):
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return all(map(_alike, self._values().values(), other._values().values()))

    def __hash__(self):
        return hash((type(self), *map(_fingerprint, self._values().values())))

    def __reduce__(self):  # a copied array would be writeable
        return partial(type(self), **self._values()), ()


def _alike(one, other):
    """Tell whether two fields are equal: arrays, trains of spikes, plain values."""
    one_array, other_array = (isinstance(x, np.ndarray) for x in (one, other))
    if not (one_array and other_array):
        return one_array == other_array and one == other
    if one.shape != other.shape or one.dtype != object:
        return np.array_equal(one, other)
    return all(map(np.array_equal, one.flat, other.flat))


def _fingerprint(value):
    """Give what equal fields share and others seldom do: a shape, and a few of the numbers."""
    if not isinstance(value, np.ndarray):
        return value
    few = value.flat[:: max(1, value.size // 8)].tolist()
    return value.shape, *(few if value.dtype != object else map(np.size, few))
