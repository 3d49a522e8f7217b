"""A value that is typed beside a slider: the page refuses it in Python's words."""

import json

import numpy as np
import pytest

from neuro_lib.explorers import Choice, Slider
from neuro_lib.explorers.page import parameter_spec
from tests.explorers.bench import explorer, javascript

STOP = """
((p, text) => {
  try { return JSON.stringify([stop(p, text), null]); }
  catch (error) { return JSON.stringify([null, error.message]); }
})
"""
PARAMETERS = [
    p
    for name in ("lif_step", "lif_input", "volley", "adex_plane", "synapse_budget")
    for p in explorer(name).scene.parameters
]


def in_page(parameter, text):
    spec = json.dumps(parameter_spec(parameter))
    return json.loads(javascript().eval(f"{STOP}({spec}, {json.dumps(text)})"))


def in_python(parameter, value):
    try:
        return [parameter.stop(value), None]
    except ValueError as refusal:
        return [None, str(refusal)]


def number(text):
    """What a reader of Python would write."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def texts(p):
    if isinstance(p, Choice):
        return [*p.options, "0", str(len(p.options)), "ramp"]
    near = (p.low, p.high, p.low - p.step, p.high + p.step, p.low + p.step / 2, p.low + p.step)
    return [*(f"{value:.10g}" for value in near), "ten", "nan", "1e9", "-1", "+7", ".5"]


@pytest.mark.parametrize("p", PARAMETERS, ids=lambda p: p.name)
def test_page_takes_and_refuses_what_python_does_in_the_same_words(p):
    for text in texts(p):
        (ours, refused), (theirs, refusal) = in_page(p, text), in_python(p, number(text))
        assert ours == theirs, text
        if refusal:
            head, sentence = refused.split(": ", 1)
            assert sentence == refusal.split(": ", 1)[1]
            assert head.startswith(f"{p.name} = ") and text in head


def test_a_value_may_be_typed_with_its_unit_a_comma_or_a_minus_of_print():
    tau_m, _, theta, *_ = explorer("lif_step").scene.parameters
    for text in ("10,5 ms", " 10.5ms ", "10.5"):
        assert in_page(tau_m, text) == [10.5, None]
    assert in_page(theta, "−54.0 mV") == [-54.0, None]
    assert in_page(tau_m, "")[1].endswith("must be a number from 5 to 50 ms")


def test_every_position_is_its_own_nearest():
    slider = Slider("x", "x", "mV", "number", low=-0.3, high=0.9, step=0.1, default=0.0)
    spec = json.dumps(parameter_spec(slider))
    for k in range(13):
        value = round(-0.3 + 0.1 * k, 1)
        assert javascript().eval(f"nearest({spec}, {value})") == value
    assert javascript().eval(f"nearest({spec}, {np.float32(0.2)})") == 0.2
    assert javascript().eval(f"nearest({spec}, 7)") == 0.9
