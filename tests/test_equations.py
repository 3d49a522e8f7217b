"""One equation, one home: LaTeX with a label in a chapter, one docstring that names the label."""

import ast
from importlib import import_module
from pathlib import Path

import nbformat
from equations import computed_in, derived_in

from tests.cases import each

ROOT = Path(__file__).parent.parent
STEPS_OF_A_DERIVATION = {"eq:kirchhoff", "eq:currents"}  # no code computes these
COMPUTED = computed_in(ROOT / "neuro_lib")


def labels_in_chapters():
    text = [
        cell.source
        for path in sorted((ROOT / "chapters").glob("*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
    ]
    return derived_in("\n".join(text))


def labels_in_docstrings():
    """Pairs of a label and the object whose docstring names it."""
    return [(label, f"{module}.{name}") for label, module, name, _ in COMPUTED]


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


@each("label", sorted(set(labels_in_chapters()) - STEPS_OF_A_DERIVATION))
def test_each_equation_of_a_chapter_is_computed_somewhere(label):
    assert label in {label for label, _ in labels_in_docstrings()}


def computes(node):
    """Whether a function does arithmetic, or a class or module tells the equation it obeys."""
    is_function = isinstance(node, ast.FunctionDef)
    return not is_function or any(isinstance(inner, ast.BinOp) for inner in ast.walk(node))


def test_an_equation_leads_to_the_code_that_computes_it_and_not_to_a_wrapper():
    assert {label: name for label, _, name, node in COMPUTED if not computes(node)} == {}


def documented():
    """Full names of what the pages of reference document."""
    found = set()
    for path in (ROOT / "docs" / "reference").glob("*.md"):
        for line in path.read_text("utf-8").splitlines():
            directive, _, name = line.removeprefix(".. ").partition(":: ")
            if directive == "automodule":
                module = name
                found |= {f"{module}.{public}" for public in import_module(module).__all__}
            elif directive in ("autoclass", "autofunction"):
                found.add(f"{module}.{name}")
    return found


def test_each_link_leads_to_the_function_itself():
    """A label in the docstring of a module, or of what no page documents, would lead to the top."""
    wanted = {f"{module}.{name.partition('.')[0]}" for _, module, name, _ in COMPUTED if name}
    assert len(wanted) > 30
    assert wanted <= documented()
