"""The words of the readouts: Python and the page say alike."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from neuro_lib.explorers import Readout
from neuro_lib.explorers.scene import fixed
from tests.explorers.bench import javascript


@given(value=st.floats(-1e6, 1e6), digits=st.integers(0, 4))
@example(value=0.125, digits=2)
@example(value=-0.125, digits=2)
@example(value=0.5, digits=0)
@example(value=-0.5, digits=0)
@example(value=2.5, digits=0)
@example(value=1.005, digits=2)  # a little less than it looks
@example(value=-0.0, digits=1)
@example(value=-0.04, digits=1)
@example(value=-0.4, digits=0)
@example(value=9.95, digits=1)
@example(value=999999.95, digits=1)
def test_python_and_page_round_alike(value, digits):
    assert fixed(value, digits) == javascript().eval(f"fixed({value!r}, {digits})")


@given(eighths=st.integers(-10_000, 10_000), digits=st.integers(0, 2))
def test_python_and_page_round_ties_alike(eighths, digits):
    test_python_and_page_round_alike.hypothesis.inner_test(eighths / 8, digits)


def test_rounding_is_half_away_from_zero_with_a_real_minus_sign():
    said = [fixed(x, 1) for x in (0.25, -0.25, 0.04, -0.04, -0.0, 1234.56)]
    assert said == ["0.3", "−0.3", "0.0", "0.0", "0.0", "1234.6"]


@pytest.mark.parametrize(
    ("readout", "value", "said"),
    [
        (Readout("rate", "firing rate", "Hz", 1), 72.13, "firing rate 72.1 Hz"),
        (Readout("count", "spikes:"), 8, "spikes: 8"),
        (Readout("first", "first spike after", "ms", 1, "no spike"), -1.0, "no spike"),
        (
            Readout("first", "first spike after", "ms", 1, "no spike"),
            0.0,
            "first spike after 0.0 ms",
        ),
        (Readout("u", "potential", "mV", 1), -65.0, "potential −65.0 mV"),
    ],
)
def test_python_and_page_say_alike(readout, value, said):
    assert readout.say(value) == said
    spec = json.dumps(vars(readout))
    assert javascript().eval(f"say({spec}, {value})") == said
