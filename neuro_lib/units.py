"""Units and quantities: the one coherent set, and values that know theirs.

Everything in ``neuro_lib`` is in milliseconds, millivolts, nanoamperes, megaohms,
nanofarads and microsiemens. The set is coherent: MΩ · nA = mV, MΩ · nF = ms, nA · ms = pC,
so no formula carries a conversion factor. Rates alone are in hertz: `MS_PER_S` is the one
factor.
"""

from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache

import numpy as np

from neuro_lib.values import NotANumber, Record, floats

__all__ = [
    "Parameters",
    "Quantity",
    "checked",
    "choice",
    "common_shape",
    "exceeds",
    "hertz",
    "kind_of",
    "number",
    "quantity",
    "require_kind",
    "whole",
]

MS_PER_S = 1000.0
HUGE = 1e100  # what is larger counts as infinite, so that products are finite, too
SAME = 1e-9  # values that differ by less than this part are one: 414 · 0.1 ms is 41.4 ms


def hertz(interval):
    """Turn an interval in ms into a rate in Hz.

    Parameters
    ----------
    interval : float or ndarray
        Time between two events (ms), greater than zero; ``inf`` means never.

    Returns
    -------
    float or ndarray
        Rate (Hz), same shape.

    Raises
    ------
    ValueError
        If an interval is not greater than zero.

    Examples
    --------
    >>> hertz(20.0)
    50.0
    """
    if np.any(np.less_equal(interval, 0.0)):
        raise ValueError(f"interval = {interval} ms: the interval must be > 0 ms")
    return MS_PER_S / interval


def exceeds(value, limit):
    """Tell whether a value is above a limit by more than rounding.

    It is the one rule by which times and limits are compared: 0.1 + 0.2 does not exceed 0.3.

    Parameters
    ----------
    value, limit : float or ndarray
        In one unit, whichever.

    Returns
    -------
    bool or ndarray of bool
        Whether it does, of the common shape.

    Examples
    --------
    >>> exceeds(0.1 + 0.2, 0.3), exceeds(0.31, 0.3)
    (False, True)
    """
    return value - limit > SAME * abs(limit)


@dataclass(frozen=True)
class Quantity:
    """What a number means: symbol, unit, meaning and allowed range.

    Parameters
    ----------
    symbol : str
        As the book writes it, in Unicode (``τ_m``).
    unit : str
        Unit (``ms``); empty for a pure number.
    meaning : str
        A few words (``membrane time constant``).
    above : float, optional
        The value must be greater than this (in `unit`).
    at_least : float, optional
        The value must be this or more (in `unit`).
    """

    symbol: str
    unit: str
    meaning: str
    above: float | None = None
    at_least: float | None = None

    @property
    def allowed(self) -> str:
        """The allowed range in words, as error messages print it."""
        if self.above is not None:
            return f"finite and > {_with_unit(self.above, self.unit)}"
        if self.at_least is not None:
            return f"finite and ≥ {_with_unit(self.at_least, self.unit)}"
        return "finite"

    def contains(self, values):
        """Tell elementwise whether values are finite and in range."""
        inside = abs(values) < HUGE
        if self.above is not None:
            inside &= exceeds(values, self.above)
        if self.at_least is not None:
            inside &= values >= self.at_least
        return inside


_quantity = lru_cache(Quantity)  # bounded: a limit may be another parameter's value


def quantity(default, symbol, unit, meaning, *, above=None, at_least=None):
    """Declare a dataclass field with its symbol, unit, meaning and range beside it.

    Parameters
    ----------
    default : float
        Default value, in `unit`.
    symbol, unit, meaning, above, at_least
        See `Quantity`.

    Returns
    -------
    dataclasses.Field
        A field for a subclass of `Parameters`.
    """
    metadata = {"quantity": Quantity(symbol, unit, meaning, above, at_least)}
    return field(default=default, metadata=metadata)


def checked(name, value, unit, meaning, *, above=None, at_least=None, leave_out_masked=False):
    """Return `value` as a float or a read-only float array, or say what is wrong with it.

    Parameters
    ----------
    name : str
        The parameter's name, for the message.
    value : float or array_like
        What the caller gave, in `unit`, or as a quantity that can be converted to it: any kind of
        number that `neuro_lib.values` knows.
    unit, meaning, above, at_least
        See `Quantity`. What falls short of `at_least` by no more than rounding is that.
    leave_out_masked : bool
        Whether masked values are left out; they are refused otherwise.

    Returns
    -------
    float or ndarray
        The same numbers; an array is a copy that cannot be written to.

    Raises
    ------
    ValueError
        If the value is not a number, not finite or out of range. The message names
        the parameter, the value, the unit and what is allowed.

    Examples
    --------
    >>> checked("dt", -0.1, "ms", "time step", above=0)
    Traceback (most recent call last):
        ...
    ValueError: dt = -0.1 ms: the time step must be finite and > 0 ms
    """
    what = _quantity(name, unit, meaning, above, at_least)
    return _checked(name, value, what, leave_out_masked=leave_out_masked)


def number(name, value, unit, meaning, **limits):
    """Return `value` as a float, as `checked` does, and refuse an array.

    Parameters
    ----------
    name, value, unit, meaning
        See `checked`.
    **limits
        `above` or `at_least`.

    Returns
    -------
    float
        The number, in `unit`.

    Raises
    ------
    ValueError
        If the value is not one finite number in range.

    Examples
    --------
    >>> number("dt", np.float32(0.1), "ms", "time step", above=0)
    0.1
    """
    value = checked(name, value, unit, meaning, **limits)
    if np.ndim(value):
        raise ValueError(
            f"{name} has shape {value.shape}: the {meaning} must be one number"
            f"{f', in {unit}' if unit else ''}"
        )
    return value


def whole(name, value, meaning, *, at_least=0, below=None):
    """Return `value` as an int, or say what is wrong with it.

    Parameters
    ----------
    name : str
        The parameter's name, for the message.
    value : int
        What the caller gave.
    meaning : str
        A few words (``seed``).
    at_least, below : int, optional
        Range of the number.

    Returns
    -------
    int
        The number.

    Raises
    ------
    ValueError
        If the value is no integer, or out of range. A bool is none.

    Examples
    --------
    >>> whole("seed", True, "seed")
    Traceback (most recent call last):
        ...
    ValueError: seed = True: the seed must be an integer ≥ 0
    """
    integer = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not integer or value < at_least or (below is not None and value >= below):
        upper = "" if below is None else f" and < {below}"
        raise ValueError(
            f"{name} = {value!r}: the {meaning} must be an integer ≥ {at_least}{upper}"
        )
    return int(value)


def choice(name, value, choices, meaning):
    """Return `value` if it is one of some words, or say which there are.

    Parameters
    ----------
    name : str
        The parameter's name, for the message.
    value : str
        What the caller gave.
    choices : iterable of str
        What there is.
    meaning : str
        A few words (``firing pattern``).

    Returns
    -------
    str
        The word.

    Raises
    ------
    ValueError
        If it is none of them.

    Examples
    --------
    >>> choice("cell", "B7", ("B6", "B8"), "recorded cell")
    Traceback (most recent call last):
        ...
    ValueError: cell = 'B7': the recorded cell must be one of B6, B8
    """
    if not (isinstance(value, str) and value in choices):
        raise ValueError(f"{name} = {value!r}: the {meaning} must be one of {', '.join(choices)}")
    return value


def require_kind(name, value, *kinds):
    """Refuse what is none of these kinds, as a `TypeError` that says what is taken.

    Parameters
    ----------
    name : str
        The parameter's name, for the message.
    value : object
        What the caller gave.
    *kinds : type
        What is taken.

    Raises
    ------
    TypeError
        If the value is no instance of one of them.

    Examples
    --------
    >>> require_kind("lif", 3.0, Quantity)
    Traceback (most recent call last):
        ...
    TypeError: lif must be a Quantity, not float
    """
    if not isinstance(value, kinds):
        raise TypeError(f"{name} must be {_one_of(kinds)}, not {kind_of(value)}")


def _one_of(kinds):
    """Say which kinds are taken: "an LIF, a FilteredLIF or an AdEx"."""
    names = [f"{'an' if kind.__name__[0] in 'AEIL' else 'a'} {kind.__name__}" for kind in kinds]
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def kind_of(value):
    """Say what a value is: its type, or that it is a class and no instance of it."""
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__


def _checked(name, value, what: Quantity, *, leave_out_masked=False):
    if type(value) in (float, np.float64) and what.contains(value):  # as most are
        return float(value) + 0.0
    try:
        numbers = floats(value, what.unit, leave_out_masked=leave_out_masked)
    except NotANumber as reason:
        wanted = "must be a number or an array of numbers"
        wanted += f"{f' in {what.unit}' if what.unit else ''}, {what.allowed}"
        raise ValueError(
            f"{name} = {value!r}: the {what.meaning} {str(reason) or wanted}"
        ) from None
    numbers += 0.0  # no -0.0: what is equal prints, and hashes, alike
    if what.at_least is not None:
        short = (numbers < what.at_least) & ~exceeds(-numbers, -what.at_least)
        numbers[short] = what.at_least
    inside = what.contains(numbers)
    if not np.all(inside):
        worst = numbers[~inside].flat[0]
        raise ValueError(
            f"{name} = {_with_unit(worst, what.unit)}: the {what.meaning} must be {what.allowed}"
        )
    if numbers.ndim == 0:
        return float(numbers)
    numbers.flags.writeable = False
    return numbers


def _with_unit(number, unit) -> str:
    return f"{number:g} {unit}".rstrip()


def common_shape(**shapes):
    """Broadcast shapes against each other, or say which do not fit.

    Parameters
    ----------
    **shapes : tuple of int
        Shapes by the names that the message gives them.

    Returns
    -------
    tuple of int
        The shape of all of them together.

    Raises
    ------
    ValueError
        If they do not broadcast. The message names each shape.

    Examples
    --------
    >>> common_shape(tau_m=(3,), R=(2, 1), theta=())
    (2, 3)
    """
    if not any(shapes.values()):  # as for one neuron
        return ()
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        odd = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
        raise ValueError(f"shapes must broadcast against each other; got {odd}") from None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Parameters(Record):
    """Base of the models: frozen, keyword-only, checked, each field a `quantity`.

    A field is a number, or an array with one value per neuron; arrays broadcast against
    each other and are read-only. ``eval(repr(model)) == model``.
    """

    def __post_init__(self):
        for f in fields(self):
            value = _checked(f.name, getattr(self, f.name), f.metadata["quantity"])
            object.__setattr__(self, f.name, value)
        _ = self.shape  # fields that do not broadcast are an error now, not later

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Shape of the population; ``()`` for one neuron."""
        return common_shape(**{f.name: np.shape(getattr(self, f.name)) for f in fields(self)})

    def require_above(self, name, floor, *, by=0.0):
        """Raise `ValueError` unless the parameter `name` is greater than the one called `floor`.

        It must be greater by more than the part `by` of that.
        """
        value, least = np.broadcast_arrays(getattr(self, name), getattr(self, floor))
        too_low = value - least <= by * np.abs(least)
        if np.any(too_low):
            i, what = np.argmax(too_low), self.quantities()[name]
            raise ValueError(
                f"{name} = {_with_unit(value.flat[i], what.unit)}: the {what.meaning} must be > "
                f"{floor} = {_with_unit(least.flat[i], what.unit)}"
            )

    def arguments(self):
        """Give the values in the order of the fields, in which a model's loop takes them."""
        return tuple(getattr(self, f.name) for f in fields(self))

    def __repr__(self):
        values = (f"{f.name}={_plain(getattr(self, f.name))!r}" for f in fields(self))
        return f"{type(self).__name__}({', '.join(values)})"

    @classmethod
    def quantities(cls) -> dict[str, Quantity]:
        """Symbol, unit, meaning and range of each parameter, by name."""
        return {f.name: f.metadata["quantity"] for f in fields(cls)}


def _plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


def columns(shape, *values):
    """For each neuron of a population, its value of each of `values`: lists of plain numbers."""
    columns = [np.broadcast_to(value, shape).reshape(-1).tolist() for value in values]
    return zip(*columns, strict=True)
