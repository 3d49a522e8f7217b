"""Labels of equations: in the chapters that derive them, in docstrings of what computes them."""

import ast
import re
from functools import cache

LABEL = r"eq:[\w-]+"


def derived_in(text):
    """Labels that a chapter's Markdown gives to its equations, in their order."""
    return re.findall(rf"\$\$ \(({LABEL})\)", text)


@cache
def computed_in(package):
    """Every label that a docstring of the package names, and what it documents.

    A list of tuples: the label; the name of a module; the name in it, which is empty for the
    module itself; the syntax tree of what the docstring documents.
    """
    found = []
    for path in sorted(package.rglob("*.py")):
        module = ".".join(path.relative_to(package.parent).with_suffix("").parts)
        documented = [("", ast.parse(path.read_text("utf-8")))]
        for name, node in documented:
            labels = re.findall(rf"\b{LABEL}", ast.get_docstring(node) or "")
            found += [(label, module, name, node) for label in labels]
            inner = [n for n in node.body if isinstance(n, (ast.ClassDef, ast.FunctionDef))]
            documented += [(f"{name}.{n.name}".lstrip("."), n) for n in inner]
    return found
