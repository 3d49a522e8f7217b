"""The list of planted mutants does not rot: each still has a place, and is a mistake in Python."""

import ast
from functools import cache

from tests.cases import each
from tools.mutants import MUTANTS, PLANTED, ROOT, file_of

NEURO_LIB = ROOT / "neuro_lib"
MODELS = {  # and all else that computes
    path.relative_to(NEURO_LIB).with_suffix("").as_posix()
    for room in ("inputs", "models", "analysis")
    for path in (NEURO_LIB / room).glob("[!_]*.py")
} - {"models/trace", "analysis/prediction"}


def test_each_model_has_mutants_of_its_own():
    assert PLANTED.keys() >= MODELS
    assert all(len(slips) >= 5 for slips in PLANTED.values())
    assert len(set(MUTANTS)) == len(MUTANTS)


@cache
def read(module):
    text = file_of(module).read_text("utf-8")
    return text, ast.dump(ast.parse(text))


@each("mutant", MUTANTS)
def test_a_mutant_has_one_place_and_changes_what_is_done_there(mutant):
    text, meaning = read(mutant.module)
    assert text.count(mutant.right) == 1
    assert ast.dump(ast.parse(text.replace(mutant.right, mutant.wrong))) != meaning
