"""An answer as plain data: its value, whatever it is dressed in.

What a check says depends on this value alone. The notebook and the grader both ask `plain` for it,
so that they cannot differ: a number counts as itself whether it is a float, a fraction or an array
without dimensions, and a row of numbers whether it is a list, a deque or a column of a table.
"""

from collections.abc import Iterator, KeysView, Mapping, Sequence, Set, ValuesView
from decimal import Decimal
from itertools import islice
from math import inf
from numbers import Complex, Integral, Real
from operator import index

import numpy as np

__all__ = ["kind_of", "numbers", "plain", "returned"]

MOST_PARTS = 50_000  # parts of an answer, those of its parts counted in
DEEPEST = 8  # lists within lists
BITS = 1000  # of a whole number; a few more, and no float is as large

OTHER = "neither number nor list"
TEXT = "text"
BYTES = "bytes"
FUNCTION = "a function: call it"
ITERATOR = "an iterator: make a list of it"
COMPLEX = "a complex number"
MASKED = "an array with masked entries"
SET = "a set, which has no order"
DICT = "a dict"
DEEP = "lists within lists without end"
MANY = f"more than {MOST_PARTS:,} parts"
OBJECT = "an object"
KINDS = {
    *(TEXT, BYTES, FUNCTION, ITERATOR, COMPLEX, MASKED, SET, DICT, DEEP, MANY, OBJECT),
}


class _NotPlain(Exception):
    """A value that is not to be made plain, with the kind of thing that it is."""


def plain(value):
    """Return a value as plain data, which JSON can carry.

    Parameters
    ----------
    value : object
        Whatever a student's code has left.

    Returns
    -------
    None, bool, int, float, list or dict
        Numbers as `int` or `float` (infinite, where no float is as large); rows as lists, up to 8
        within each other, with at most 50,000 parts in all. Of anything else, a dict that says
        what kind of thing it is, in words of ours. Plain data is returned as it is.

    Examples
    --------
    >>> from collections import deque
    >>> from fractions import Fraction
    >>> plain(deque([1, Fraction(1, 2), np.longdouble(3.0)]))
    [1, 0.5, 3.0]
    >>> plain({"rate": 12.0})
    {'neither number nor list': 'a dict'}
    """
    try:
        return _plain(value, DEEPEST, [MOST_PARTS])
    except _NotPlain as error:
        return {OTHER: str(error)}
    except Exception:  # whatever a class of the student's own may raise
        return {OTHER: OBJECT}


def returned(function, arguments):
    """Call a student's function; return what it gives as plain data.

    Parameters
    ----------
    function : callable
        What the student wrote.
    arguments : sequence
        What to call it with.

    Returns
    -------
    None, bool, int, float, list or dict
        See `plain`; what an iterator yields counts as a list.

    Examples
    --------
    >>> returned(lambda n: (k * k for k in range(n)), [4])
    [0, 1, 4, 9]
    """
    value = function(*arguments)
    if isinstance(value, Iterator):
        value = list(islice(value, MOST_PARTS + 1))
    return plain(value)


def numbers(answer):
    """Return plain data as an array, if it is a number or a row of numbers.

    Parameters
    ----------
    answer : None, bool, int, float, list or dict
        As `plain` returns it.

    Returns
    -------
    ndarray or None
        An array of floats; None if something in it is no number, or rows differ in length.

    Examples
    --------
    >>> numbers([[1, 2], [3, 4]]).shape
    (2, 2)
    >>> numbers([[1.0], [2.0, 3.0]]) is None
    True
    """
    # What is no number is refused before an array is made: of text, it might be a large one.
    return None if _shape(answer) is None else np.array(answer, dtype=float)


def kind_of(answer):
    """Say what plain data is, as one would say it to a student.

    Parameters
    ----------
    answer : None, bool, int, float, list or dict
        As `plain` returns it.

    Returns
    -------
    str
        Its kind.

    Examples
    --------
    >>> kind_of(plain("12 ms")), kind_of(plain(len)), kind_of(plain((1.0, 2.0)))
    ('text', 'a function: call it', 'a list or an array of shape (2,)')
    """
    if isinstance(answer, dict):
        return answer[OTHER]
    if isinstance(answer, list):
        shape = _shape(answer)
        return "a list" if shape is None else f"a list or an array of shape {shape}"
    return {type(None): "nothing", bool: "a bool"}.get(type(answer), "one number")


def _shape(answer):
    """The shape of a number, or of rows of numbers of the same length; None of anything else."""
    if isinstance(answer, list):
        shapes = {_shape(part) for part in answer}
        if None in shapes or len(shapes) > 1:
            return None
        return (len(answer), *next(iter(shapes), ()))
    return () if type(answer) in (int, float) else None


def _plain(value, depth, room):
    if value is None or isinstance(value, bool | np.bool_):
        return None if value is None else bool(value)
    if isinstance(value, Real | Decimal):
        return _number(value)
    if isinstance(value, Complex):
        if value.imag == 0:
            return _number(value.real)
        raise _NotPlain(COMPLEX)
    if isinstance(value, str):
        raise _NotPlain(TEXT)
    if isinstance(value, bytes | bytearray):
        raise _NotPlain(BYTES)
    if isinstance(value, memoryview):
        value = np.asarray(value)  # of any number of dimensions
    if hasattr(type(value), "__array__"):
        value = _unpacked(value, room)
        if not isinstance(value, list):
            return _plain(value, _less(depth), room)
    if _is_row(value):
        _take(len(value), room)
        depth = _less(depth)
        return [_part(part, depth, room) for part in islice(value, len(value))]
    if hasattr(type(value), "__float__"):
        return _number(value)
    if hasattr(type(value), "__index__"):
        return _number(index(value))
    raise _NotPlain(_kind(value))


def _is_row(value):
    """Whether a value has parts in an order, as often as one looks at them."""
    kind = type(value)
    if isinstance(value, Sequence | ValuesView | KeysView):
        return True
    ordered = hasattr(kind, "__len__") and (
        hasattr(kind, "__iter__") or hasattr(kind, "__getitem__")
    )
    return ordered and not isinstance(value, Set | Mapping | Iterator)


def _part(value, depth, room):
    """A part of a row: of what is no number, its kind, so that the others stay what they are."""
    if type(value) is float:  # as most are
        return value
    try:
        return _plain(value, depth, room)
    except _NotPlain as error:
        if str(error) in (DEEP, MANY):
            raise  # of the answer as a whole
        return {OTHER: str(error)}


def _number(value):
    """A number as `int` or `float`; its digits are never written out."""
    if isinstance(value, Integral):
        value = int(value)
        if value.bit_length() <= BITS:
            return value
        return inf if value > 0 else -inf
    try:
        with np.errstate(over="ignore"):
            return float(value)
    except OverflowError:  # a fraction of large numbers
        return inf if value > 0 else -inf


def _unpacked(value, room):
    """What numpy makes of an array, a column or a table, as lists of whatever is in it."""
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise _NotPlain(MASKED)
    array = np.asarray(value)
    if array.dtype.kind in "US":
        raise _NotPlain(TEXT)
    if array.size > room[0]:
        raise _NotPlain(MANY)
    if array.dtype.kind == "f":
        with np.errstate(over="ignore"):
            array = array.astype(float)  # of a long double, `tolist` would leave long doubles
    return array.tolist()


def _take(count, room):
    room[0] -= count
    if room[0] < 0:
        raise _NotPlain(MANY)


def _less(depth):
    if depth == 0:
        raise _NotPlain(DEEP)
    return depth - 1


def _kind(value):
    if isinstance(value, dict):
        known = value.keys() == {OTHER} and value[OTHER] in KINDS
        return value[OTHER] if known else DICT
    if isinstance(value, Iterator):
        return ITERATOR
    if isinstance(value, set | frozenset):
        return SET
    return FUNCTION if callable(value) else OBJECT
