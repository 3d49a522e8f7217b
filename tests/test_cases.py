"""Cases in one test are all tried, and those that fail are named."""

import pytest

from tests.cases import each


def test_all_cases_are_tried_and_those_that_fail_are_named():
    tried = []

    @each("x", [1, 2])
    @each("y, z", [(3, 4), (5, 6)])
    def whole(x, y, z):
        tried.append((x, y, z))
        assert (x, y) != (1, 3)
        with pytest.raises(ValueError):
            int("word" if z == 4 else "7")

    with pytest.raises(BaseExceptionGroup, match="2 of 2 cases") as failed:
        whole()
    assert tried == [(1, 3, 4), (1, 5, 6), (2, 3, 4), (2, 5, 6)]
    one, other = failed.value.exceptions
    assert one.__notes__ == ["This is the case {'x': 1}"]
    assert [e.__notes__[0] for e in one.exceptions] == [
        "This is the case {'y': 3, 'z': 4}",
        "This is the case {'y': 5, 'z': 6}",
    ]
    assert len(other.exceptions) == 1


@each("case", ["one", "other"])
def test_fixtures_reach_every_case(case, tmp_path):
    assert tmp_path.is_dir() and case


def test_no_cases_are_no_test():
    with pytest.raises(ValueError, match="no cases"):
        each("x", [])
