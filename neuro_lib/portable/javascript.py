"""The translator behind `portable`: from the bundle of a function to JavaScript, by PScript."""

import ast
import functools
import hashlib
import warnings
from pathlib import Path

from neuro_lib.portable.check import MATH

PSCRIPT = "0.8.1"  # whose translations are kept; a test holds it to the one that is installed

# min and max are Python's, which differ from Math's for NaN and -0; floor(-0.0) is 0 as it is in
# Python, so that no counter shows as "-0".
IN_JAVASCRIPT = {
    "floor": "x=>Math.floor(x)+0",
    "inf": "Infinity",
    "pi": "Math.PI",
    "zeros": "n=>new Float64Array(n)",
    "abs": "Math.abs",
    "min": "(a,b)=>b<a?b:a",
    "max": "(a,b)=>b>a?b:a",
}
# PScript has its own idea of these names, so they pass it by under another.
RENAMED = {"abs": "_pyabs", "min": "_pymin", "max": "_pymax"}


@functools.cache
def translator_version():
    """Digest of all that decides on a translation, but for the bundle: PScript and this file."""
    return hashlib.sha256(PSCRIPT.encode() + Path(__file__).read_bytes()).hexdigest()


def translate(name, source, names):
    """Translate a bundle.

    Parameters
    ----------
    name : str
        The function in it that is wanted.
    source : str
        The bundle.
    names : set of str
        What it takes from outside: `exp`, `zeros` and their like.

    Returns
    -------
    str
        A JavaScript expression whose value is the function; it leaves no name behind.
    """
    preparing = _ForPScript()
    prepared = ast.unparse(preparing.visit(ast.parse(source)))
    with warnings.catch_warnings():
        # From Python 3.12 on PScript meets deprecations in `ast`, at its import and later.
        warnings.simplefilter("ignore", DeprecationWarning)
        from pscript import py2js

        translated = py2js(prepared)
    lines = [line.strip() for line in translated.splitlines() if line.strip()]
    head = ["(function(){", '"use strict";', *_declarations(names, preparing.powers)]
    return "\n".join([*head, *lines, f"return {name};", "})()"])


def _declarations(names, powers):
    """Declarations of the names that a bundle takes from JavaScript."""
    from_math = sorted((names & MATH) - IN_JAVASCRIPT.keys())
    if from_math:
        yield f"const {{{','.join(from_math)}}}=Math;"
    for name in sorted(names & IN_JAVASCRIPT.keys()):
        yield f"const {RENAMED.get(name, name)}={IN_JAVASCRIPT[name]};"
    for n in sorted(powers):
        yield f"const _pypow{n}=x=>{'*'.join('x' * n)};"


class _ForPScript(ast.NodeTransformer):
    """Prepare a bundle for PScript."""

    def __init__(self):
        self.powers = set()

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.body[:0] = ast.parse("PSCRIPT_OVERLOAD = False").body
        return node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow) or node.right.value == 2:
            return node
        self.powers.add(node.right.value)  # Math.pow takes longer than Math.exp
        return ast.Call(ast.Name(f"_pypow{node.right.value}", ast.Load()), [node.left], [])

    def visit_Call(self, node):
        self.generic_visit(node)
        name, args = node.func.id, node.args
        if name == "float":  # JavaScript has one kind of number
            return args[0]
        if name in ("min", "max"):
            called = ast.Name(RENAMED[name], ast.Load())
            return functools.reduce(lambda a, b: ast.Call(called, [a, b], []), args)
        node.func.id = RENAMED.get(name, name)
        return node
