"""Public names that a package imports when they are first used (PEP 562)."""

import sys
from importlib import import_module


def lazily(package, homes):
    """Make the functions `__getattr__` and `__dir__` of a package.

    Parameters
    ----------
    package : str
        Its name.
    homes : dict of str to str
        Module in `neuro_lib` that each of its public names comes from.

    Returns
    -------
    tuple of two functions
        `__getattr__`, `__dir__`.
    """
    names = vars(sys.modules[package])

    def __getattr__(name):
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        names[name] = getattr(import_module(f"neuro_lib.{homes[name]}"), name)
        return names[name]

    def __dir__():
        return sorted({*names, *homes})

    return __getattr__, __dir__
