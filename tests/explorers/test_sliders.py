"""The sliders of the scenes, and what they refuse."""

import json
import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from py_mini_racer import MiniRacer

from neuro_lib import (
    LIF,
)
from neuro_lib.explorers import SCENES, Choice, Line, Presets, Readout, Scene, Slider, Ticks
from neuro_lib.explorers.page import script
from neuro_lib.portable import portable
from tests.amounts import Amount
from tests.explorers.bench import (
    BROWSER,
    FILTERS_ON,
    assert_same_outcome,
    every_scene,
    explorer,
    last,
    position,
    twice,
)

FIRING = [name for name, build in SCENES.items() if "spikes" in build().scene.outputs]


@every_scene
def test_name_leads_to_the_scene(name):
    assert explorer(name).scene.name == name
    assert f'data-scene="{name}"' in explorer(name).html()


@every_scene
def test_defaults_are_positions_of_the_sliders(name):
    for p in explorer(name).scene.parameters:
        assert p.stop(p.default) == p.default
        if isinstance(p, Slider):
            assert p.stop(p.high) == p.high  # else the upper end could not be reached
            assert p.stop(p.low) == p.low


@pytest.mark.parametrize("name", FIRING)
def test_first_picture_has_spikes(name):
    outcome = explorer(name).run()
    if "spikes" in outcome._fields:
        assert outcome.spikes.size > 1


def test_presets_set_what_is_not_given():
    scene = explorer("lif_filters").scene
    (presets,) = (p for p in scene.parameters if isinstance(p, Presets))
    for number, (option, sets) in enumerate(zip(presets.options, presets.sets, strict=True)):
        assert SCENES["lif_filters"](pattern=option).params == {"pattern": number, **sets}
    assert SCENES["lif_filters"](pattern="rebound", b=0.1).params["b"] == 0.1


START = Presets(
    "start", "start from", options=("ten", "twenty"), default=1, sets=({"x": 10.0}, {"x": 20.0})
)


X = Slider("x", "x", "", "number", low=0.0, high=50.0, step=5.0, default=20.0)


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"default": 0}, "the defaults must be ten"),
        ({"sets": ({"x": 10.0}, {"y": 20.0})}, "twenty sets what is no slider"),
        ({"sets": ({"x": 12.0}, {"x": 20.0})}, "in steps of 5"),
    ],
)
def test_presets_that_no_slider_can_take_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Scene(
            name="mine",
            run=twice,
            parameters=(replace(START, **wrong), X),
            marks=(),
            readouts=(),
            draw=None,
            alt="",
        )


@cache
def form():
    """Page of a scene with presets, in V8: its form, whose controls hold what was put in."""
    context = MiniRacer()
    context.eval(BROWSER)
    context.eval(script())
    context.eval("FEATURES.length = 0;")
    context.eval(
        """
        const waiting = [];
        requestAnimationFrame = (f) => waiting.push(f);
        const control = (value) => Object.assign(new Element(), { value });
        """
    )
    context.eval(
        f"""
        const scene = {json.dumps(explorer("lif_filters").description())};
        const start = {json.dumps(explorer("lif_filters").params)};
        """
    )
    context.eval(
        """
        const listeners = {}, figure = new Element(), form = figure.querySelector("form");
        form.elements = Object.fromEntries(
          scene.parameters.map(({ name }) => [name, Object.assign(control(start[name]), {name})]));
        form.addEventListener = (type, f) => { listeners[type] = f; };
        showOne(figure, scene);
        const put = (name, value) => {
          form.elements[name].value = value;
          listeners.input({ target: form.elements[name] });
          waiting.splice(0).forEach((f) => f());
          return JSON.stringify(figure.event.detail.params);
        };
        """
    )
    return context


@pytest.mark.parametrize("number", [1, 2, 3, 4, 0])
def test_picked_preset_moves_the_sliders_of_the_page(number):
    shown = json.loads(form().eval(f'put("pattern", {number})'))
    assert shown == explorer("lif_filters").scene.checked({"pattern": number})
    moved = json.loads(form().eval('put("b", 0.01)'))
    assert moved == {**shown, "b": 0.01}


def test_picked_preset_moves_the_sliders_of_the_widget():
    context = MiniRacer()
    context.eval(BROWSER)
    module = explorer("lif_filters").widget.children[0]._esm.replace("export default", "var it =")
    context.eval(f"var requestAnimationFrame = () => 0; {module}; FEATURES.length = 0;")
    context.eval(
        """
        const values = {}, listeners = {};
        const model = {
          get: (name) => values[name],
          set(name, value) {
            const all = typeof name === "string" ? { [name]: value } : name;
            for (const [one, v] of Object.entries(all)) {
              values[one] = v;
              for (const f of listeners[`change:${one}`] ?? []) f();
            }
          },
          on: (type, f) => (listeners[type] ??= []).push(f),
          save_changes() {},
        };
        const el = new Element();
        el.querySelector(".x"); figure = el.querySelector("figure.explorer");
        figure.querySelector("button").addEventListener = () => {};
        """
    )
    one = explorer("lif_filters")
    description = {"scene": one.description(), "figure": "", "start": one.params}
    start = one.params | description
    context.eval(f"Object.assign(values, {json.dumps(start)}); it.render({{ model, el }}); 0")
    context.eval('model.set("pattern", 3)')
    context.eval("const { scene: _, figure: html, start: first, ...at } = values;")
    shown = json.loads(context.eval("JSON.stringify(at)"))
    assert shown == explorer("lif_filters").scene.checked({"pattern": 3})


@every_scene
def test_every_slider_changes_something(name):
    scene, start = explorer(name).scene, FILTERS_ON.get(name, {})
    there = scene(**start)
    for p in scene.parameters:
        for value in {position(p, 0), position(p, last(p))} - {start.get(p.name, p.default)}:
            with pytest.raises(AssertionError):
                assert_same_outcome(scene(**start | {p.name: value}), there)


TAU = Slider(
    "tau_m", "τ_m", "ms", "membrane time constant", low=5.0, high=50.0, step=0.5, default=10.0
)


COUNT = Slider("n", "n", "", "count", low=1, high=9, step=1, default=3)


KIND = Choice("kind", "kind of input", options=("pulses", "sine"))


@pytest.mark.parametrize("value", [4.99, 50.1, -1, math.nan, math.inf, "ten", None, True, [10.0]])
def test_value_out_of_range_is_named_with_what_is_allowed(value):
    with pytest.raises(ValueError) as error:
        TAU.checked(value)
    assert str(error.value) == (
        f"tau_m = {value} ms: the membrane time constant must be a number from 5 to 50 ms"
    )


def test_value_between_two_positions_is_named_with_the_steps():
    assert TAU.checked(10.3) == 10.3  # what a notebook's user may type beside the slider
    with pytest.raises(ValueError) as error:
        TAU.stop(10.3)
    assert str(error.value) == (
        "tau_m = 10.3 ms: the slider of the membrane time constant goes from 5 to 50 ms "
        "in steps of 0.5 ms"
    )
    with pytest.raises(ValueError, match="must be a number from 5"):
        TAU.stop(51)


def test_whole_slider_takes_whole_numbers():
    assert COUNT.checked(np.float64(4.0)) == 4
    assert isinstance(COUNT.checked(4.0), int)
    with pytest.raises(ValueError) as error:
        COUNT.checked(2.5)
    assert str(error.value) == "n = 2.5: the count must be a whole number from 1 to 9"


def test_numpy_numbers_are_numbers():
    assert TAU.checked(np.float64(7.5)) == TAU.checked(np.float32(7.5)) == 7.5
    assert TAU.checked(np.int64(7)) == 7.0
    assert type(TAU.checked(np.float64(7.5))) is float


@pytest.mark.parametrize("value", [7.3, 49.9, 5.1, 10.0])
def test_a_short_float_is_the_position_that_was_meant(value):
    fine = replace(TAU, step=0.1)
    assert fine.stop(np.float32(value)) == fine.checked(np.float32(value)) == value


@pytest.mark.parametrize("low, high", [(0.3, 0.9), (0.0, 0.3)])
def test_a_position_that_rounding_has_moved_is_the_position(low, high):
    slider = replace(TAU, low=low, high=high, step=0.1, default=high)
    assert slider.stop(0.1 + 0.2) == 0.3 and slider.checked(high) == high
    beyond = float(np.nextafter(high, 1.0))
    assert slider.stop(beyond) == slider.checked(beyond) == high
    before = float(np.nextafter(low, -1.0)) if low else low
    assert slider.stop(before) == slider.checked(before) == low
    with pytest.raises(ValueError, match="must be a number from"):
        slider.checked(high + 1e-6)


def test_a_slider_takes_a_quantity_in_its_unit_and_nothing_masked():
    assert TAU.stop(Amount(0.01, "kms")) == 10.0
    with pytest.raises(ValueError, match=r"constant must be in ms, and this is in mV$"):
        TAU.stop(Amount(10.0, "mV"))
    with pytest.raises(ValueError, match="constant must not be masked"):
        TAU.checked(np.ma.masked)


def test_option_is_given_by_number_or_by_text():
    assert KIND.checked("sine") == KIND.checked(1) == KIND.checked(np.int64(1)) == 1


@pytest.mark.parametrize("value", ["ramp", 2, -1, 0.5, True, None, ["sine"], np.array([0, 1])])
def test_unknown_option_is_named_with_the_known_ones(value):
    with pytest.raises(ValueError) as error:
        KIND.checked(value)
    assert str(error.value) == f"kind = {value!r}: the kind of input must be one of pulses, sine"


@pytest.mark.parametrize("use", [SCENES["lif_step"], explorer("lif_step").scene])
def test_unknown_slider_is_named_with_the_known_ones(use):
    with pytest.raises(ValueError) as error:
        use(tau=10.0)
    assert str(error.value) == "tau: lif_step has the sliders tau_m, R, theta, I, t_on, t_off"


def test_sliders_are_the_parameters_of_the_function():
    with pytest.raises(ValueError, match=r"scene mine: its sliders must be, in order, \('x',\)"):
        Scene(
            name="mine",
            run=twice,
            parameters=(TAU,),
            marks=(),
            readouts=(),
            draw=None,
            alt="",
        )


@portable
def times_two(x: float):
    return 2.0 * x


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"parameters": (replace(START, name="y"), X)}, "scene mine: two things are called y"),
        ({"run": times_two}, "scene mine: its function must return a record, which its annotat"),
        ({"marks": (Line("y", "x", "z"),)}, "scene mine: z is no output and no slider"),
        ({"marks": (Ticks("y", "y", 0.0, "top"),)}, "scene mine: top is no output and no slider"),
        ({"readouts": (Readout("rate", "rate"),)}, "scene mine: rate is no output and no slider"),
    ],
)
def test_names_that_mean_nothing_or_two_things_are_refused(wrong, message):
    mine = {
        "name": "mine",
        "run": twice,
        "parameters": (X,),
        "marks": (Line("y", "x", "y"), Ticks("t", "y", 0.0, 1.0)),
        "readouts": (Readout("y", "twice"),),
        "draw": None,
        "alt": "",
    }
    assert Scene(**mine).outputs == ("y",)
    with pytest.raises(ValueError, match=message):
        Scene(**mine | wrong)


def test_slider_shows_as_many_digits_as_its_steps_need():
    def digits(step):
        return Slider("x", "x", "", "", low=0.0, high=1.0, step=step, default=0.0).digits

    assert [digits(step) for step in (0.25, 0.01, 0.1, 0.5, 1.0, 10.0, 1)] == [2, 2, 1, 1, 0, 0, 0]


def test_slider_takes_symbol_unit_meaning_and_default_from_the_model():
    slider = Slider.of(LIF, "theta", -60.0, -40.0, 0.5)
    what = LIF.quantities()["theta"]
    assert (slider.symbol, slider.unit, slider.meaning) == (what.symbol, what.unit, what.meaning)
    assert slider.default == LIF().theta
    assert Slider.of(LIF, "t_ref", 0.0, 10.0, 0.5, default=2.0).default == 2.0


def test_explorers_start_where_told():
    assert SCENES["filter_convolution"](kind="noise", t=20.0).params["t"] == 20.0
    assert SCENES["filter_psp"](kind="α-shaped").params["kind"] == 1
