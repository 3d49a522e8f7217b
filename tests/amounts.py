"""A number with a unit, for tests of what takes numbers."""

from dataclasses import dataclass

import numpy as np


class ConversionError(Exception):
    """As unyt's, an error of no other kind."""


@dataclass
class Amount:
    """What libraries of units have in common: it converts by prefix, or raises."""

    magnitude: object
    units: str

    def to(self, units):
        prefixes = {"": 1.0, "k": 1e3, "m": 1e-3}
        for prefix, factor in prefixes.items():
            if self.units == prefix + units:
                return Amount(np.multiply(self.magnitude, factor), units)
        raise ConversionError(f"cannot convert {self.units} to {units}")
