"""One equation, one home: no formula over the course's symbols stands in two functions.

Two expressions are the same formula if they have the same value, up to its sign, wherever their
symbols are: here, at one place that nobody chose. So they are found in whatever order they are
written, in NumPy or in plain Python, with a neuron's attributes or with parameters.
"""

import ast
import math
from hashlib import sha256
from pathlib import Path

import neuro_lib
from neuro_lib.models.synapses import Synapse
from neuro_lib.units import Parameters

PACKAGE = Path(neuro_lib.__file__).parent
MODELS = [getattr(neuro_lib, name) for name in neuro_lib.__all__]
MODELS = [model for model in MODELS if isinstance(model, type) and issubclass(model, Parameters)]
VARIABLES = "u v w x I J s f g u_inf n m rate chance precision duration sodium potassium"
SYMBOLS = {name.lower() for model in (*MODELS, Synapse) for name in model.quantities()}
SYMBOLS |= {name.lower() for name in VARIABLES.split()}
SYMBOLS -= {"k"}  # which counts, in most loops

FUNCTIONS = ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "atan", "cosh", "tanh")
OPERATIONS = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: abs(a) ** b,
}


class OtherThanFormula(Exception):
    """An expression holds something that is no arithmetic."""


def somewhere(name):
    """A value from 0.5 to 1.5 for a name; TAU_M, tau_m and lif.tau_m are one."""
    return 0.5 + int(sha256(name.encode()).hexdigest()[:8], 16) / 2**32


def value(node, names, operations):
    """Value of an expression; the names and operations in it are added to the lists."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id="pi") | ast.Attribute(attr="pi"):
            return math.pi
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(value=ast.Name(id=name)):
            names.append(name.lower())
            return somewhere(name.lower())
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -value(operand, names, operations)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            operations.append(op)
            sides = (value(side, names, operations) for side in (left, right))
            return OPERATIONS[type(op)](*sides)
        case ast.Call(
            func=ast.Name(id=name) | ast.Attribute(attr=name), args=[argument], keywords=[]
        ) if name in FUNCTIONS:
            operations.append(name)
            x = value(argument, names, operations)
            return getattr(math, name)(abs(x) if name in ("log", "log1p", "sqrt") else x)
    raise OtherThanFormula


def is_formula(names, operations):
    """Whether an expression says more than R * I, u - u_rest, exp(-dt / tau_m) and their like."""
    symbols = len(SYMBOLS & names)
    return (len(operations) >= 3 and len(names) >= 2 and symbols >= 1) or (
        len(operations) >= 2 and len(names) >= 3 and symbols >= 2
    )


def formulas(function):
    """Formulas in a function, as their values, each with its text."""
    for node in ast.walk(function):
        names, operations = [], []
        try:
            found = value(node, names, operations)
        except (OtherThanFormula, ArithmeticError):
            continue
        if is_formula(set(names), operations):
            yield f"{abs(found):.11g}", ast.unparse(node)


def functions(text, module):
    """Functions and methods of a module, by their full names."""
    found = [(module, ast.parse(text))]
    for name, node in found:
        inner = [n for n in node.body if isinstance(n, (ast.ClassDef, ast.FunctionDef))]
        if not isinstance(node, ast.FunctionDef):  # what is inside one is part of it
            found += [(f"{name}.{n.name}", n) for n in inner]
    return [(name, node) for name, node in found if isinstance(node, ast.FunctionDef)]


def written_twice(sources):
    """Formulas that stand in two functions or more: their homes, each with the text there."""
    homes = {}
    for module, text in sources.items():
        for name, function in functions(text, module):
            for formula, shown in formulas(function):
                homes.setdefault(formula, {})[name] = shown
    return [there for there in homes.values() if len(there) > 1]


SOURCES = {
    path.relative_to(PACKAGE).with_suffix("").as_posix(): path.read_text("utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
}


def test_no_formula_stands_in_two_functions():
    assert written_twice(SOURCES) == []


def test_there_are_formulas_to_be_found():
    found = [f for m, t in SOURCES.items() for _, node in functions(t, m) for f in formulas(node)]
    assert len(found) > 100


def test_a_second_home_is_found_however_it_is_written():
    model = "def steady(lif, I, pull):\n    return (lif.u_rest + lif.R * (I + pull)) / lif.C"
    scene = "R = 50.0\ndef mean(pull, k):\n    return -(R * (pull + I[k]) + U_REST) / C"
    found = written_twice({"model": model, "scene": scene})
    assert all(list(there) == ["model.steady", "scene.mean"] for there in found)
    assert any(there["scene.mean"].endswith("/ C") for there in found)
    assert written_twice({"model": model}) == []
    assert written_twice({"model": model, "scene": scene.replace("R * (", "R / (")}) == []
