"""One equation, one home: LaTeX with a label in a chapter, one docstring that names the label."""

import ast
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
STEPS_OF_A_DERIVATION = {"eq:kirchhoff", "eq:currents"}  # no code computes these


def labels_in_chapters():
    text = [
        cell.source
        for path in sorted((ROOT / "chapters").glob("*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
    ]
    return re.findall(r"\$\$ \((eq:[\w-]+)\)", "\n".join(text))


@cache
def named_in_docstrings():
    """Each label, the object whose docstring names it, and that object's syntax tree."""
    return [
        (label, f"{path.stem}.{getattr(node, 'name', '')}", node)
        for path in sorted((ROOT / "neuro_lib").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        for label in re.findall(r"eq:[\w-]+", ast.get_docstring(node) or "")
    ]


def labels_in_docstrings():
    """Pairs of a label and the object whose docstring names it."""
    return [(label, name) for label, name, _ in named_in_docstrings()]


def test_no_label_is_given_twice():
    labels = labels_in_chapters()
    assert len(labels) > 5
    assert sorted(labels) == sorted(set(labels))


def test_no_equation_has_two_homes_in_the_code():
    assert not twice(labels_in_docstrings())


def twice(homes):
    """Labels with more than one home, each with its homes."""
    found = {label: [home for other, home in homes if other == label] for label, _ in homes}
    return {label: places for label, places in found.items() if len(places) > 1}


def test_a_planted_second_home_is_found():
    first = labels_in_docstrings()
    label, home = first[0]
    assert twice([*first, (label, "elsewhere")]) == {label: [home, "elsewhere"]}


def test_each_equation_of_the_code_is_derived_in_a_chapter():
    assert {label for label, _ in labels_in_docstrings()} <= set(labels_in_chapters())


@pytest.mark.parametrize("label", sorted(set(labels_in_chapters()) - STEPS_OF_A_DERIVATION))
def test_each_equation_of_a_chapter_is_computed_somewhere(label):
    assert label in {label for label, _ in labels_in_docstrings()}


def computes(node):
    """Whether a function does arithmetic, or a class or module tells the equation it obeys."""
    is_function = isinstance(node, ast.FunctionDef)
    return not is_function or any(isinstance(inner, ast.BinOp) for inner in ast.walk(node))


def test_an_equation_leads_to_the_code_that_computes_it_and_not_to_a_wrapper():
    wrappers = {label: name for label, name, node in named_in_docstrings() if not computes(node)}
    assert wrappers == {}
