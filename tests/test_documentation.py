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
from neuro_lib.units import Parameters
from tests.cases import each

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

MODELS = [
    model
    for model in (getattr(neuro_lib, name) for name in FACADE)
    if inspect.isclass(model) and issubclass(model, Parameters)
]
METHODS = [
    f"{name}.{method}"
    for name in FACADE
    if inspect.isclass(getattr(neuro_lib, name))
    for method, function in inspect.getmembers(getattr(neuro_lib, name), inspect.isfunction)
    if not method.startswith("_") and function.__module__.startswith("neuro_lib.")
]

UNITS = {"ms", "mV", "nA", "MΩ", "nF", "µS", "Hz", "pC", "mM", "radians", "nA·√ms", "a pure number"}
UNITS |= {what.unit for model in MODELS for what in model.quantities().values() if what.unit}
UNIT = re.compile(rf"\(({'|'.join(map(re.escape, UNITS))})(?!\w)")


def faults(name, tolerated):
    return [fault for fault in validate(name)["errors"] if fault[0] not in tolerated]


def unnamed(what):
    """Parameters that its docstring does not mention."""
    documented = inspect.getdoc(what)
    names = [name for name in inspect.signature(what).parameters if name != "self"]
    return [name for name in names if not re.search(rf"\b{name}\b", documented)]


def without_unit(what):
    """Numbers among the documented parameters that say no unit."""
    numbers = [
        parameter
        for parameter in NumpyDocString(inspect.getdoc(what))["Parameters"]
        if parameter.type.startswith(("float", "array_like", "ndarray"))
    ]
    return [p.name for p in numbers if not UNIT.search(" ".join(p.desc))]


def find(name):
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def find_method(name):
    holder, _, method = name.partition(".")
    return getattr(getattr(neuro_lib, holder), method)


@each("module", MODULES)
def test_every_module_says_what_it_is(module):
    assert module.__doc__.strip().splitlines()[0].endswith((".", ":"))


@each("name", FACADE)
def test_the_facade_is_documented_in_full(name):
    home = inspect.getmodule(getattr(neuro_lib, name)).__name__
    assert not faults(f"{home}.{name}", NOT_ASKED)


@each("name", PUBLIC)
def test_whatever_is_public_is_documented_and_names_its_parameters(name):
    assert not faults(name, NOT_ASKED | FACADE_ONLY)
    assert not unnamed(find(name)), name


@each("name", FACADE)
def test_every_number_of_the_facade_has_its_unit_in_parentheses(name):
    assert not without_unit(getattr(neuro_lib, name)), name


@each("method", METHODS)
def test_every_method_of_the_facade_names_its_parameters(method):
    assert not unnamed(find_method(method)), method
    assert not without_unit(find_method(method)), method


@pytest.mark.parametrize("model", MODELS)
def test_a_models_docstring_agrees_with_its_quantities(model):
    described = {p.name: p for p in NumpyDocString(model.__doc__)["Parameters"]}
    assert described.keys() == model.quantities().keys()
    for name, quantity in model.quantities().items():
        words = " ".join(described[name].desc)
        assert f"({quantity.unit})" in words or not quantity.unit, f"{name}: {quantity.unit}"


@pytest.mark.parametrize("name, quantity", LIF.quantities().items())
def test_the_docstring_of_the_lif_gives_meaning_and_range_as_well(name, quantity):
    parameters = {p.name: " ".join(p.desc) for p in NumpyDocString(LIF.__doc__)["Parameters"]}
    described = parameters[name]
    assert quantity.meaning.lower() in described.lower()
    if name in ("tau_m", "theta"):
        assert quantity.symbol in described
    for limit, words in ((quantity.above, "greater than"), (quantity.at_least, "or more")):
        assert (words in described) == (limit is not None)


# What the checks above would find


def planted(tau_m, forgotten=0.0, *, rate=0.0):
    """Do nothing.

    Parameters
    ----------
    tau_m : float
        Membrane time constant (ms).
    rate : float
        Rate, in whatever unit.
    """


def test_a_planted_omission_is_found():
    assert unnamed(planted) == ["forgotten"]
    assert without_unit(planted) == ["rate"]


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
