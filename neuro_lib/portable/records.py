"""Records: what belongs together, passed as one thing and read by name.

A record is a `NamedTuple`, or a frozen dataclass such as a model, whose fields are floats, ints,
bools, arrays or records. The engines have it as a `NamedTuple` of the same name; in JavaScript it
is an array, in which the compiler knows each field's place.
"""

import math
from collections import namedtuple
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import get_type_hints

__all__ = ["KINDS", "RecordKind", "record_of"]

KINDS = ("float", "int", "bool", "Array")


def record_of(value):
    """Give what the engines have to know of a class of records.

    Parameters
    ----------
    value : object
        What may be such a class.

    Returns
    -------
    RecordKind or None
        None if it is none.

    Examples
    --------
    >>> from neuro_lib import LIF
    >>> list(record_of(LIF).fields)
    ['tau_m', 'R', 'u_rest', 'theta', 'u_r', 't_ref']
    """
    return _record_of(value) if isinstance(value, type) else None


@cache
def _record_of(cls):
    is_named_tuple = issubclass(cls, tuple) and hasattr(cls, "_fields")
    is_frozen = is_dataclass(cls) and cls.__dataclass_params__.frozen
    return RecordKind(cls) if is_named_tuple or is_frozen else None


class RecordKind:
    """What the engines have to know of a class of records.

    Parameters
    ----------
    made : type
        A `NamedTuple`, or a frozen dataclass.

    Attributes
    ----------
    cls : type
        The class.
    name : str
        Its name, which is its kind.
    fields : dict of str
        Kind of each field, by name.
    defaults : dict
        Values of the fields that may be left out.
    nested : list of RecordKind
        The records in its fields.
    wrong : str
        A field that the engines cannot have, if there is one.
    values : type
        A named tuple with these fields, in which a call's values are put.
    """

    def __init__(self, made):
        cls = self.cls = made
        self.name = cls.__name__
        self.fields, self.nested, self.wrong = {}, [], ""
        try:
            hints = get_type_hints(cls)
        except NameError:  # a name that only a function knows
            hints = {}
        names = _names(cls)
        for name in names:
            kind = getattr(hints.get(name), "__name__", "")
            nested = record_of(hints.get(name))
            if nested is not None and not nested.wrong:
                self.nested.append(nested)
            elif kind not in KINDS or not name.isascii() or name.startswith("_"):
                self.wrong = self.wrong or name
            self.fields[name] = kind
        self.wrong = self.wrong or ("" if names else "nothing")
        self.defaults = {
            name: value for name, value in _defaults(cls).items() if self._can_stand(name, value)
        }
        self.values = cls if hasattr(cls, "_make") else namedtuple(self.name, names, rename=True)

    def _can_stand(self, name, value):
        """Tell whether a default is a value that a text can hold."""
        return type(value).__name__ == self.fields[name] and math.isfinite(value)

    @property
    def text(self):
        """The class as a bundle has it."""
        lines = (f"    {name}: {kind}" for name, kind in self.fields.items())
        return "\n".join([f"class {self.name}(NamedTuple):", *lines])

    def family(self):
        """Give the records of its fields, theirs first, and itself."""
        return [*(each for nested in self.nested for each in nested.family()), self]

    def made_of(self, values):
        """Make a record of the caller's class out of the values of its fields, in order."""
        nested = {record.name: record for record in self.nested}
        parts = {
            name: nested[kind].made_of(value) if kind in nested else value
            for (name, kind), value in zip(self.fields.items(), values, strict=True)
        }
        return self.cls(**parts)


def _names(cls):
    return [f.name for f in fields(cls)] if is_dataclass(cls) else list(cls._fields)


def _defaults(cls):
    if not is_dataclass(cls):
        return cls._field_defaults
    return {f.name: f.default for f in fields(cls) if f.default is not MISSING}
