"""The value of an answer is seen whatever it is dressed in, and by notebook and grader alike."""

import array
import json
from collections import UserList, deque, namedtuple
from decimal import Decimal
from fractions import Fraction
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursework.release import problem_sets
from neuro_lib.coursework import judge_array, judge_number
from neuro_lib.coursework.answers import MOST_PARTS, OTHER, kind_of, numbers, plain, returned
from neuro_lib.coursework.judges import judge_parts
from tests.cases import each
from tests.coursework.notebooks import ME, checks, solved
from tests.effort import some

Pair = namedtuple("Pair", "first second")


class Table:
    """As a column of pandas or of polars: it knows how to become an array."""

    def __init__(self, content):
        self.content = content

    def __array__(self, dtype=None, copy=None):
        return np.array(self.content, dtype=dtype)


class Whole:
    """A whole number of a class of its own."""

    def __index__(self):
        return 10


class Row:
    """A row of a class of its own, in the old way."""

    def __len__(self):
        return 2

    def __getitem__(self, k):
        return [10.0, 20.0][k]


class Pile(Row):
    """A row that is gone through, and not looked up."""

    __getitem__ = None

    def __iter__(self):
        return iter([10.0, 20.0])


class Measure:
    """A number of a class of its own."""

    def __float__(self):
        return 10.0


class Broken:
    """What a student's class may do."""

    def __array__(self, *anything, **more):
        raise KeyError("no")


ONE = {
    "int": 10,
    "float": 10.0,
    "Fraction": Fraction(20, 2),
    "Decimal": Decimal("10"),
    "half": np.float16(10),
    "single": np.float32(10),
    "long double": np.longdouble(10),
    "integer of numpy": np.uint8(10),
    "no dimensions": np.array(10.0),
    "object": np.array(Fraction(10), dtype=object),
    "no dimensions, masked": np.ma.array(10.0),
    "complex, but real": 10 + 0j,
    "class": Measure(),
    "class of whole numbers": Whole(),
}
ROWS = {
    "list": [10, 20.0],
    "tuple": (10.0, 20.0),
    "named tuple": Pair(10.0, 20.0),
    "deque": deque([10.0, 20.0]),
    "array": array.array("d", [10.0, 20.0]),
    "range": range(10, 30, 10),
    "list of a class": UserList([10.0, 20.0]),
    "values": {"a": 10.0, "b": 20.0}.values(),
    "view": memoryview(array.array("f", [10.0, 20.0])),
    "float32": np.array([10, 20], np.float32),
    "long doubles": np.array([10, 20], np.longdouble),
    "long doubles in a list": [np.longdouble(10), np.longdouble(20)],
    "objects": np.array([Fraction(10), Decimal(20)], dtype=object),
    "masked": np.ma.array([10.0, 20.0], mask=[False, False]),
    "complex, but real": np.array([10 + 0j, 20]),
    "record": np.array((10, 20.0), dtype=[("a", int), ("b", float)]),
    "column": Table([10.0, 20.0]),
    "column of objects": Table(np.array([10, 20], dtype=object)),
    "without dimensions, in a list": [np.array(10.0), np.array(20)],
    "a class": Row(),
    "a class to go through": Pile(),
    "keys": {10.0: "a", 20.0: "b"}.keys(),
    "big-endian": np.array([10.0, 20.0], ">f8"),
    "read only": np.broadcast_to(np.array([10.0, 20.0]), (2,)),
}
DEEP = []
for _ in range(3000):
    DEEP = [DEEP]
ENDLESS = []
ENDLESS.append(ENDLESS)
THOUSAND = [0] * 1000
MANY_BY_NAME = THOUSAND
for _ in range(6):
    MANY_BY_NAME = [MANY_BY_NAME] * 1000
ODD = {
    "text": ("12 ms", "text"),
    "much text": ("x" * 6_000_000, "text"),
    "bytes": (b"12", "bytes"),
    "texts": (np.array(["a", "b"]), "text"),
    "complex": (20j, "a complex number"),
    "deep": (DEEP, "without end"),
    "endless": (ENDLESS, "without end"),
    "many by name": (MANY_BY_NAME, "more than"),
    "many": ([0.0] * (MOST_PARTS + 1), "more than"),
    "a large array": (np.zeros(MOST_PARTS + 1), "more than"),
    "a long range": (range(10**12), "more than"),
    "masked": (np.ma.array([10.0, 20.0], mask=[False, True]), "masked"),
    "function": (len, "a function"),
    "map": (map(float, "12"), "an iterator"),
    "items": ({1: 2}.items(), "an object"),
    "iterator": (iter([1, 2]), "an iterator"),
    "set": ({1, 2}, "a set"),
    "dict": ({1: 2}, "a dict"),
    "date": (np.datetime64("2026-01-01"), "an object"),
    "no number": (Decimal("sNaN"), "an object"),
    "broken": (Broken(), "an object"),
    "a lie": ({OTHER: "the answer is 12"}, "a dict"),
}


@pytest.mark.parametrize("answer", ONE.values(), ids=ONE.keys())
def test_a_number_counts_in_any_dress(answer):
    assert judge_number(answer, 10.0, "ms").right
    assert plain(answer) == 10


@each("answer", ROWS.values())
def test_a_row_of_numbers_counts_in_any_dress(answer):
    assert judge_array(answer, [10.0, 20.0], "ms").right
    judges = {k: lambda x, k=k: judge_number(x, k, "ms") for k in (10.0, 20.0)}
    assert judge_parts(answer, "two numbers", judges).right


@each("answer, said", ODD.values())
def test_of_anything_else_the_kind_is_said(answer, said):
    assert said in kind_of(plain(answer))
    for verdict in (judge_number(answer, 10.0, "ms"), judge_array(answer, [10.0, 20.0], "ms")):
        assert verdict.score == 0
        assert said in verdict.message


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (10**6000, inf),
        (-(10**6000), -inf),
        (Fraction(10**6000, 10**5999), 10.0),
        (Fraction(10**6000), inf),
        (Decimal("1e999999"), inf),
        (np.longdouble("1e4000"), inf),
        (2**900, 2**900),
    ],
    ids=["large", "negative", "of large ones", "fraction", "decimal", "long", "whole"],
)
def test_a_number_beyond_all_floats_is_infinite(answer, value):
    assert plain(answer) == value


def test_text_makes_no_large_array():
    """An array of the longest text for each of them would take more than a gigabyte."""
    answer = ["a" * 10_000] + [""] * 30_000
    assert judge_array(answer, [1.0], "ms").message == (
        "Numbers of shape (1,) are wanted, not a list."
    )


def test_what_an_iterator_yields_is_a_row():
    assert returned(lambda n: (k for k in range(n)), [3]) == [0, 1, 2]
    assert (
        kind_of(returned(lambda n: iter(lambda: 0.0, 1.0), [3]))
        == f"more than {MOST_PARTS:,} parts"
    )


@pytest.mark.parametrize("answer", [{}, [1, "a"], [[1], [1, 2]], [True], True, None, [[], [[]]]])
def test_what_is_no_row_of_numbers_is_no_array(answer):
    assert numbers(plain(answer)) is None


NUMBERS = st.one_of(
    st.integers(),
    st.integers(min_value=10**290, max_value=10**400),
    st.floats(),
    st.fractions(),
    st.decimals(),
    st.complex_numbers(),
    st.booleans(),
    st.none(),
    st.text(max_size=3),
    st.floats(width=16).map(np.float16),
    st.floats().map(np.longdouble),
    st.integers(0, 255).map(np.uint8),
)
ROWS_OF = (list, tuple, deque, UserList, lambda row: np.array([*row, None], dtype=object)[:-1])
ANSWERS = st.recursive(
    NUMBERS,
    lambda part: st.builds(
        lambda make, row: make(row), st.sampled_from(ROWS_OF), st.lists(part, max_size=4)
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=300)
@given(ANSWERS)
def test_plain_data_stays_what_it_is_and_json_carries_it(answer):
    once = plain(answer)
    text = json.dumps(once)
    assert json.dumps(plain(once)) == text
    assert json.dumps(json.loads(text)) == text


@pytest.mark.parametrize("name", problem_sets())
def test_notebook_and_grader_agree_on_every_answer(name):
    """The grader sees what JSON carries of an answer, the notebook the answer itself."""
    tasks = {task: check for task, check in checks(name).items() if hasattr(check, "__wrapped__")}
    right = {task: solved(name, ME.id)[task] for task in tasks}
    answers = [
        *(value for value in right.values()),
        *(deque(np.atleast_1d(value)) for value in right.values()),
        *(np.array(value, dtype=np.longdouble) for value in right.values()),
        *(np.array(value, dtype=object) for value in right.values()),
        *(answer for answer, _ in ODD.values()),
        *ONE.values(),
        *ROWS.values(),
    ]
    for task, check in tasks.items():
        assert check(np.array(right[task], dtype=object), ME).right, task
        for answer in some(answers):
            carried = json.loads(json.dumps(plain(answer)))
            assert check(answer, ME) == check(carried, ME), task


@pytest.mark.parametrize("name", problem_sets())
@settings(deadline=None, max_examples=40)
@given(answer=ANSWERS)
def test_notebook_and_grader_agree_on_any_answer(name, answer):
    carried = json.loads(json.dumps(plain(answer)))
    for task, check in checks(name).items():
        if hasattr(check, "__wrapped__"):
            assert check(answer, ME) == check(carried, ME), task


@pytest.mark.parametrize("name", problem_sets())
def test_every_check_sees_values_or_calls_a_function(name):
    for task, check in checks(name).items():
        assert (
            hasattr(check, "__wrapped__")
            or "a function" in check(lambda: 0, ME).message.lower()
            or ("stops" in check(lambda: 0, ME).message)
        ), task
