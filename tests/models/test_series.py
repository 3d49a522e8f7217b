"""Roots of polynomials are where they are said to be."""

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuro_lib.models.series import exp_to_32, horner, rising_root
from tests.engines import assert_engines_agree


@given(
    rise=st.lists(st.floats(0, 10), min_size=5, max_size=5),
    below=st.floats(0.0, 1.0),
    high=st.floats(0.1, 1.0),
)
@settings(derandomize=True, deadline=None, max_examples=40)
def test_rising_root_is_where_the_polynomial_is_in_every_engine(rise, below, high):
    xs = np.array([-60.0, 1e-3, *rise])
    level = -60.0 + below * (horner(xs, 7, high) + 60.0)
    s, _ = assert_engines_agree(rising_root, xs, 7, level, high)
    assert 0.0 <= s <= high
    assert horner(xs, 7, s) == pytest.approx(level, abs=1e-12)


def test_rising_root_of_what_begins_at_the_level_or_just_above_is_there():
    for level in (1.0, 1.0 - 1e-16, 0.5):
        s, _ = assert_engines_agree(rising_root, np.array([1.0, 0.0, 2.0]), 3, level, 1.0)
        assert s == pytest.approx(0.0, abs=1e-7)


def test_rising_root_is_found_where_tangents_lead_astray():
    """Flat at both ends, steep in between: from either end the tangent misses the interval."""
    xs = np.array([0.0, 0.01, 3.0, -2.0, 0.0, 0.0, 0.0])
    s, _ = assert_engines_agree(rising_root, xs, 7, 0.4, 1.0)
    assert horner(xs, 7, s) == pytest.approx(0.4, abs=1e-12)


@given(x=st.floats(-50.0, 32.0))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_exp_by_arithmetic_is_exp_in_every_engine(x):
    found, _ = assert_engines_agree(exp_to_32, x, rel=0.0)
    assert found == pytest.approx(exp(x), rel=2e-15 * max(x, 1.0) if x > 0.0 else 0.0, abs=5e-16)


def test_exp_by_arithmetic_ends_at_nothing_and_at_one():
    assert exp_to_32(-1e300) == exp_to_32(-44.0) == 0.0
    assert exp_to_32(0.0) == 1.0
