"""The notebooks as they are committed: clean, in short cells, with prose before code."""

import ast
import importlib.util
import re

import nbformat
import pytest

from neuro_lib import explorers
from neuro_lib.explorers import SCENES
from neuro_lib.explorers.scenes import IN_TIME
from tests.book.pages import PAGES, ROOT

pytestmark = pytest.mark.book

NOTEBOOKS = sorted((ROOT / "chapters").rglob("*.ipynb"))
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
LONGEST = 12  # lines of a code cell
TAGS = {  # and what they say
    "hide-input",
    "hide-output",
    "learner-code",  # the learner is to write or read this function
    "raises-exception",
    "remove-input",
    "remove-output",
}


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def trees(path):
    return [(cell, ast.parse(cell.source)) for cell in cells(path, "code")]


def test_there_are_notebooks():
    assert NOTEBOOKS


@every_notebook
def test_notebook_is_a_page_of_the_book(path):
    assert str(path.relative_to(ROOT).with_suffix("")) in PAGES


@every_notebook
def test_notebook_is_valid_and_in_the_form_that_is_committed(path, capsys):
    nbformat.validate(nbformat.read(path, as_version=4))
    spec = importlib.util.spec_from_file_location("clean", ROOT / "tools" / "clean_notebooks.py")
    clean_notebooks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(clean_notebooks)
    status = clean_notebooks.main(["--check", str(path)])
    assert status == 0, capsys.readouterr().out


@every_notebook
def test_outputs_are_text_alone(path):
    outputs = [output for cell in cells(path, "code") for output in cell.outputs]
    assert outputs
    for output in outputs:
        assert output.output_type in ("stream", "execute_result", "display_data")
        assert set(output.get("data", {})) <= {"text/plain", "text/markdown", "text/latex"}
    assert "widgets" not in nbformat.read(path, as_version=4).metadata


@every_notebook
def test_cells_are_short(path):
    for cell, tree in trees(path):
        imports = all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in tree.body)
        assert imports or len(cell.source.splitlines()) <= LONGEST, cell.source


@every_notebook
def test_functions_are_defined_only_where_the_learner_works(path):
    for cell, tree in trees(path):
        kinds = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda
        defined = any(isinstance(node, kinds) for node in ast.walk(tree))
        assert defined == ("learner-code" in cell.metadata.get("tags", [])), cell.source


@every_notebook
def test_imports_are_in_the_first_cell(path):
    first, *others = trees(path)
    imports = ast.Import, ast.ImportFrom
    assert all(isinstance(node, imports) for node in first[1].body)
    for cell, tree in others:
        assert not any(isinstance(node, imports) for node in ast.walk(tree)), cell.source


@every_notebook
def test_no_plotting_on_the_page(path):
    for cell, tree in trees(path):
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not names & {"plt", "fig", "ax", "axes"}, cell.source


@every_notebook
def test_every_code_cell_has_words_before_it(path):
    kinds = [cell.cell_type for cell in nbformat.read(path, as_version=4).cells]
    assert kinds[0] == "markdown"
    runs = "".join("c" if kind == "code" else "m" for kind in kinds)
    assert "ccc" not in runs


@every_notebook
def test_tags_are_known_ones(path):
    for kind in ("code", "markdown"):
        for cell in cells(path, kind):
            assert set(cell.metadata.get("tags", [])) <= TAGS


@every_notebook
def test_explorers_shown_are_the_scenes_and_end_their_cells(path):
    builders = {builder.__name__ for builder in SCENES.values()} | set(IN_TIME.values())
    assert {name for name in explorers.__all__ if name.startswith("explore_")} == builders
    shown = set()
    for cell, tree in trees(path):
        for node in ast.walk(tree):
            name = node.id if isinstance(node, ast.Name) else ""
            if name.startswith("explore_"):
                assert name in builders
                assert isinstance(tree.body[-1], ast.Expr), cell.source
                shown.add(name)
    assert shown


@every_notebook
def test_every_explorer_is_predicted_and_then_discussed(path):
    notebook = nbformat.read(path, as_version=4).cells
    for number, cell in enumerate(notebook):
        if cell.cell_type == "code" and cell.source.strip().startswith("explore_"):
            assert "Predict first" in notebook[number - 1].source
            assert "What you should have seen" in notebook[number + 1].source


def markdown(path):
    return "\n".join(cell.source for cell in cells(path, "markdown"))


@every_notebook
def test_chapter_has_the_parts_that_every_chapter_has_in_their_order(path):
    text = markdown(path)
    parts = [
        "{dropdown} After this chapter you can",
        "Predict first",
        "What you should have seen",
        "## Summary",
        "## Check yourself",
        "## Exercises",
        "## Further reading",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, f"lacks {parts[places.index(-1)]!r}"
    assert places == sorted(places)
    assert "{cite" in text[places[-1] :]


@every_notebook
def test_each_of_at_least_six_exercises_has_its_solution(path):
    text = markdown(path)
    exercises = re.findall(r":::\{exercise\}.*\n:label: (\S+)", text)
    assert len(exercises) == text.count(":::{exercise}") >= 6
    assert re.findall(r":::\{solution-start\} (\S+)", text) == exercises
    assert text.count(":::{solution-end}") == len(exercises)


@every_notebook
def test_each_question_of_the_quiz_has_one_right_answer_and_says_why_others_are_wrong(path):
    quiz = markdown(path).split("## Check yourself")[1].split("\n## ")[0]
    questions = re.split(r"^\*\*\d+\. ", quiz, flags=re.MULTILINE)[1:]
    assert len(questions) >= 3
    for question in questions:
        answers = re.findall(r"^:::+\{dropdown\} .+\n((?:(?!^:::).*\n)*)", question, re.MULTILINE)
        assert len(answers) >= 2, question
        assert sum(answer.lstrip().startswith("Right.") for answer in answers) == 1, question
        assert all(len(answer.split()) >= 5 for answer in answers), question
