"""Whatever is public says what it takes, in which unit, and shows itself at work."""

import importlib
import inspect
import pkgutil
import re
from typing import NewType

import pytest
from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import validate

import neuro_lib
from neuro_lib import LIF, Current, Trace

MODULES = [
    importlib.import_module(module.name)
    for module in pkgutil.walk_packages(neuro_lib.__path__, "neuro_lib.")
]
FACADE = neuro_lib.__all__


def at_home(module):
    """What a module offers that is its own and takes arguments."""
    for name in getattr(module, "__all__", []):
        offered = getattr(module, name)
        alias = isinstance(offered, NewType)
        if callable(offered) and offered.__module__ == module.__name__ and not alias:
            yield f"{module.__name__}.{name}"


PUBLIC = [name for module in MODULES for name in at_home(module)]

# Not asked for: a "See Also" section; more than a summary where there is no more to say.
NOT_ASKED = {"ES01", "SA01"}
# Asked for of the façade alone: sections for whatever there is.
FACADE_ONLY = {"EX01", "PR01", "PR04", "RT01", "YD01"}

UNIT = re.compile(r"\((ms|mV|nA|MΩ|nF|µS|Hz|pC|mM|radians|nA·√ms|a pure number)\b")


def faults(name, tolerated):
    return [fault for fault in validate(name)["errors"] if fault[0] not in tolerated]


def find(name):
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_module_says_what_it_is(module):
    assert module.__doc__.strip().splitlines()[0].endswith((".", ":"))


@pytest.mark.parametrize("name", FACADE)
def test_the_facade_is_documented_in_full(name):
    home = inspect.getmodule(getattr(neuro_lib, name)).__name__
    assert not faults(f"{home}.{name}", NOT_ASKED)


@pytest.mark.parametrize("name", PUBLIC)
def test_whatever_is_public_is_documented_and_names_its_parameters(name):
    assert not faults(name, NOT_ASKED | FACADE_ONLY)
    documented = inspect.getdoc(find(name))
    for parameter in inspect.signature(find(name)).parameters:
        assert re.search(rf"\b{parameter}\b", documented), (
            f"{name} does not say what {parameter} is"
        )


@pytest.mark.parametrize("name", FACADE)
def test_every_number_of_the_facade_has_its_unit_in_parentheses(name):
    for parameter in NumpyDocString(inspect.getdoc(getattr(neuro_lib, name)))["Parameters"]:
        if parameter.type.startswith(("float", "array_like", "ndarray")):
            assert UNIT.search(" ".join(parameter.desc)), f"{name}({parameter.name}): which unit?"


@pytest.mark.parametrize("name, quantity", LIF.quantities().items())
def test_the_models_docstring_agrees_with_its_quantities(name, quantity):
    parameters = {p.name: " ".join(p.desc) for p in NumpyDocString(LIF.__doc__)["Parameters"]}
    described = parameters[name]
    assert f"({quantity.unit})" in described
    assert quantity.meaning.lower() in described.lower()
    if name in ("tau_m", "theta"):
        assert quantity.symbol in described
    for limit, words in ((quantity.above, "greater than"), (quantity.at_least, "or more")):
        assert (words in described) == (limit is not None)


@pytest.mark.parametrize(
    "holder, name, unit",
    [
        (LIF, "C", "nF"),
        (LIF, "rheobase", "nA"),
        (Current, "t", "ms"),
        (Current, "duration", "ms"),
        (Current, "largest", "nA"),
        (Trace, "rate", "Hz"),
    ],
)
def test_every_derived_number_has_its_unit(holder, name, unit):
    assert f"({unit})" in inspect.getdoc(getattr(holder, name))
