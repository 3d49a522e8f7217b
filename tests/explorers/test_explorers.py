"""Explorers without a browser: engines, numbers, words, pictures, pages and widgets."""

import json
import math
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache, partial
from html.parser import HTMLParser
from importlib.resources import files
from itertools import product
from xml.etree import ElementTree

import ipywidgets
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from neuro_lib import (
    LIF,
    AdEx,
    BranchedLIF,
    FilteredLIF,
    SynapticInput,
    constant_current,
    euler,
    firing_pattern,
    intervals,
    ou_current,
    pulse_train_current,
    simulate,
    simulate_branches,
    sine_current,
    step_current,
)
from neuro_lib.explorers import SCENES, Choice, Presets, Readout, Scene, Slider
from neuro_lib.explorers.scene import fixed
from neuro_lib.explorers.scenes.adex_plane import PLANE_THETA_RH
from neuro_lib.explorers.scenes.shared_dendrites import half_width
from neuro_lib.figures.svg import SVG, XLINK
from neuro_lib.portable import portable
from tests.engines import assert_engines_agree

every_scene = pytest.mark.parametrize("name", SCENES)
FIRING = [name for name, build in SCENES.items() if "spikes" in build().scene.outputs]
LARGEST = 40_000  # bytes of one explorer in a page

# As much of a browser as explorer.js touches.
BROWSER = """
class Element {
  #children = {};
  attributes = {};
  querySelector(selector) { return this.#children[selector] ??= new Element(); }
  setAttribute(name, value) { this.attributes[name] = value; }
  removeAttribute(name) { delete this.attributes[name]; }
  dispatchEvent(event) { this.event = event; }
}
class CustomEvent { constructor(type, init) { Object.assign(this, { type }, init); } }
var performance = { now: () => 0 }, setTimeout = () => 0, clearTimeout = () => {};
"""
DRAW = """
(function(scene) {
  const figure = new Element(), draw = explore(figure, scene);
  return (params) => {
    draw(params);
    const marks = scene.marks.map((mark) => {
      const group = figure.querySelector(`[data-gid="${mark.gid}"]`);
      const moved = group.querySelector(mark.kind === "point" ? "use" : "path");
      return [mark.gid, moved.attributes];
    });
    const { textContent: readout } = figure.querySelector(".readout");
    const { type, detail } = figure.event;
    return JSON.stringify({ marks: Object.fromEntries(marks), readout, type, detail });
  };
})
"""


@cache
def javascript():
    """V8 with explorer.js in it."""
    context = MiniRacer()
    context.eval(BROWSER)
    context.eval((files("neuro_lib.explorers") / "explorer.js").read_text("utf-8"))
    context.eval("const draws = {};")
    return context


@cache
def explorer(name):
    """Build the explorer of a scene, once: no test changes it."""
    return SCENES[name]()


@cache
def _load(name):
    javascript().eval(f"draws.{name} = {DRAW}({explorer(name).description()}); 0")


def drawn(name, **params):
    """Return what the page draws and says when its sliders are at `params`."""
    _load(name)
    params = {**explorer(name).params, **params}
    return json.loads(javascript().eval(f"draws.{name}({json.dumps(params)})"))


def position(parameter, k):
    """Value of a slider k steps from its low end, as a browser gives it."""
    if isinstance(parameter, Choice):
        return k
    value = round(parameter.low + k * parameter.step, parameter.digits)
    return int(value) if parameter.whole else value


def last(parameter):
    """Number of the last position of a slider."""
    if isinstance(parameter, Choice):
        return len(parameter.options) - 1
    return round((parameter.high - parameter.low) / parameter.step)


def settings_of(scene):
    """Strategy: any position of every slider, in the order of the sliders."""
    names = [p.name for p in scene.parameters]
    positions = (
        st.integers(0, last(p)).map(lambda k, p=p: position(p, k)) for p in scene.parameters
    )
    return st.tuples(*positions).map(lambda values: dict(zip(names, values, strict=True)))


def assert_finite(outputs):
    assert all(np.all(np.isfinite(output)) for output in outputs)


def assert_same_outcome(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


# The engines


def upswing_bent(outcome, Delta_T):
    """Bend AdEx's upswing, in which u is infinite soon and the last digit of a time counts much.

    As it nears the spike, the bent potential rises at most Delta_T / tau_m: its error is time's.
    """

    def bent(u):
        above = np.maximum(u - PLANE_THETA_RH, 0.0)
        return u - above - Delta_T * np.expm1(-above / Delta_T)

    potentials = ("u", "path_u")
    outputs = zip(explorer("adex_plane").scene.outputs, outcome, strict=True)
    return tuple(bent(value) if name in potentials else value for name, value in outputs)


def assert_scene_agrees(scene, params):
    """Assert that the engines agree; return what the scene gives."""
    arguments = scene.arguments(params)
    if scene.name != "adex_plane":
        return assert_engines_agree(scene.run, *arguments)[0]
    seen_as = partial(upswing_bent, Delta_T=params["Delta_T"])
    return assert_engines_agree(scene.run, *arguments, seen_as=seen_as)[0]


@every_scene
@given(data=st.data())
@settings(max_examples=25)
def test_engines_agree_wherever_the_sliders_are(name, data):
    scene = explorer(name).scene
    assert_finite(assert_scene_agrees(scene, data.draw(settings_of(scene))))


def test_engines_agree_on_an_upswing():
    scene = explorer("adex_plane").scene
    fast = {"I": 0.48, "a": 0.004, "tau_w": 20.0, "b": 0.0, "u_r": -47.0, "Delta_T": 1.0}
    assert_finite(assert_scene_agrees(scene, explorer("adex_plane").params | fast))


@every_scene
def test_engines_agree_in_every_corner(name):
    scene = explorer(name).scene
    ends = [
        range(len(p.options)) if isinstance(p, Choice) else (p.low, p.high)
        for p in scene.parameters
        if not isinstance(p, Presets)  # it is the sliders that a scene sees
    ]
    names = [p.name for p in scene.parameters if not isinstance(p, Presets)]
    for corner in product(*ends):
        assert_finite(assert_scene_agrees(scene, dict(zip(names, corner, strict=True))))


@every_scene
@given(data=st.data())
@settings(max_examples=25)
def test_page_says_what_python_says(name, data):
    scene = explorer(name).scene
    params = data.draw(settings_of(scene))
    page, outcome = drawn(name, **params), scene(**params)
    assert page["readout"] == "; ".join(scene.describe(outcome))
    assert page["type"] == "explorer:drawn"
    assert page["detail"]["params"] == params
    assert set(page["detail"]) == {"params", "result", "milliseconds"}
    assert tuple(page["detail"]["result"]) == scene.outputs


# The numbers: a scene is what the package computes


@given(params=settings_of(explorer("lif_step").scene))
@settings(max_examples=25)
def test_step_scene_is_the_simulation(params):
    outcome = explorer("lif_step").scene(**params)
    lif = LIF(tau_m=params["tau_m"], R=params["R"], theta=params["theta"])
    trace = simulate(lif, step_current(params["I"], start=20.0, stop=180.0, duration=200.0, dt=0.1))
    assert outcome.u == pytest.approx(trace.u, rel=1e-9)
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-9)
    assert outcome.rate == pytest.approx(lif.firing_rate(params["I"]), rel=1e-12)
    assert outcome.rheobase == lif.rheobase
    assert outcome.goal == pytest.approx(lif.u_rest + params["R"] * params["I"])
    assert outcome.first == (outcome.spikes[0] - 20.0 if outcome.spikes.size else -1.0)


@given(params=settings_of(explorer("dendrites_pair").scene))
@settings(max_examples=25)
def test_pair_scene_is_the_simulation_and_the_sum_of_its_parts(params):
    outcome = explorer("dendrites_pair").scene(**params)
    neuron, n = BranchedLIF(theta=1e6), params["n"]
    nmda = 0.0 if params["receptors"] else 0.0006 * n
    inputs = [
        SynapticInput(site=site, times=10.0 + lag, ampa=0.0002 * n, nmda=nmda)
        for site, lag in ((1, 0.0), (1 + params["where"], params["delay"]))
    ]
    quiet = constant_current(0.0, duration=150.0, dt=0.25)
    trace, one, other = (simulate_branches(neuron, x, quiet) for x in (inputs, *zip(inputs)))
    assert outcome.u == pytest.approx(trace.u, rel=1e-9)
    assert outcome.u_1 == pytest.approx(trace.u_d[0], rel=1e-9)
    assert outcome.u_2 == pytest.approx(trace.u_d[1], rel=1e-9)
    assert outcome.expected == pytest.approx(one.u + other.u - neuron.u_rest, rel=1e-9)
    assert outcome.peak == pytest.approx(trace.u.max() - neuron.u_rest)
    assert outcome.gain == pytest.approx(100 * outcome.peak / outcome.of_sum)
    above = outcome.t[trace.u - neuron.u_rest >= outcome.peak / 2]
    assert outcome.width == pytest.approx(above[-1] - above[0], abs=0.5) or above[-1] == 150


@given(params=settings_of(explorer("dendrites_plateau").scene))
@settings(max_examples=25)
def test_plateau_scene_is_the_simulation(params):
    outcome = explorer("dendrites_plateau").scene(**params)
    n = params["n"]
    neuron = BranchedLIF(g_c=params["g_c"] / 1000, tau_nmda=params["tau_nmda"])
    nmda = 0.0 if params["receptors"] else 0.0006 * n
    cluster = SynapticInput(site=1, times=100.0, ampa=0.0002 * n, nmda=nmda)
    trace = simulate_branches(
        neuron, [cluster], constant_current(params["I"], duration=250.0, dt=0.25)
    )
    assert outcome.u == pytest.approx(trace.u, rel=1e-9)
    assert outcome.u_1 == pytest.approx(trace.u_d[0], rel=1e-9)
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-9)
    assert outcome.before == np.sum(trace.spike_times < 100)
    assert outcome.before + outcome.after == trace.spike_count


def test_half_width_is_that_of_a_triangle():
    triangle = np.maximum(0.0, 1.0 - np.abs(np.arange(0.0, 10.0, 0.5) - 4.0) / 2.0)
    assert half_width(triangle, 0.5) == pytest.approx(2.0)
    assert half_width(np.zeros(5), 0.5) == -1.0


@given(params=settings_of(explorer("lif_fI").scene))
@settings(max_examples=25)
def test_fI_scene_is_the_closed_form_and_the_simulation(params):
    outcome = explorer("lif_fI").scene(**params)
    I = params.pop("I")
    lif = LIF(**params)
    trace = simulate(lif, constant_current(I, duration=100.0, dt=0.1))
    assert outcome.curve == pytest.approx(lif.firing_rate(outcome.currents), rel=1e-12)
    without = LIF(**{**params, "t_ref": 0.0})
    assert outcome.without == pytest.approx(without.firing_rate(outcome.currents), rel=1e-12)
    assert outcome.u == pytest.approx(trace.u, rel=1e-9)
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-9)
    assert outcome.rate == pytest.approx(lif.firing_rate(I), rel=1e-12)
    if outcome.rate:
        assert outcome.interval == pytest.approx(1000.0 / outcome.rate)
    else:
        assert outcome.interval == -1.0


@given(params=settings_of(explorer("lif_input").scene))
@settings(max_examples=25)
def test_input_scene_counts_the_spikes_of_its_current(params):
    outcome = explorer("lif_input").scene(**params)
    lif = LIF(tau_m=params["tau_m"])
    trace = simulate(lif, type(constant_current(0, duration=1.0, dt=0.5))(outcome.current, 0.25))
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-9)
    assert outcome.count == len(outcome.spikes)
    assert outcome.rate == pytest.approx(outcome.count / 0.4)
    assert outcome.steady == pytest.approx(lif.firing_rate(params["I"]), rel=1e-12)


@given(params=settings_of(explorer("lif_input").scene))
@settings(max_examples=25)
def test_regular_inputs_are_those_of_the_package(params):
    I, A, T = params["I"], params["A"], params["T"]
    grid = {"duration": 400.0, "dt": 0.25}
    sine = sine_current(A, mean=I, frequency=1000.0 / T, **grid)
    pulses = (I - A) + pulse_train_current(2 * A, width=T / 2, period=T, **grid)
    for kind, current in (("sine", sine), ("pulses", pulses)):
        scene = explorer("lif_input").scene
        shown = scene(**{**params, "kind": kind}).current
        assert shown == pytest.approx(current.values, rel=1e-9, abs=1e-12), kind


def test_noise_has_its_mean_size_and_memory():
    scene = explorer("lif_input").scene
    current = scene(kind="noise", I=0.3, A=0.2, T=2.0).current
    assert current.mean() == pytest.approx(0.3, abs=0.1)
    assert current.std() == pytest.approx(0.2, rel=0.2)
    x = current - current.mean()
    correlation = (x[:-8] * x[8:]).mean() / x.var()  # at a lag of T
    assert correlation == pytest.approx(math.exp(-1), abs=0.15)
    same_law = ou_current(0.3, 0.2, tau=2.0, duration=400.0, dt=0.25, seed=1)
    assert current.size == same_law.values.size


@given(params=settings_of(explorer("lif_euler").scene))
@settings(max_examples=25)
def test_euler_scene_is_the_exact_solution_beside_eulers(params):
    outcome = explorer("lif_euler").scene(**params)
    lif, dt, I = LIF(tau_m=params["tau_m"]), params["dt"], params["I"]
    exact = simulate(lif, constant_current(I, duration=120.0, dt=0.1))
    steps = math.floor(120.0 / dt + 1e-9)
    wrong = euler(lif, constant_current(I, duration=steps * dt, dt=dt))
    assert outcome.spikes == pytest.approx(exact.spike_times, rel=1e-9)
    assert outcome.u_euler == pytest.approx(wrong.u, rel=1e-9)
    assert outcome.spikes_euler == pytest.approx(wrong.spike_times)
    assert np.array_equal(outcome.drawn[::2], outcome.u_euler)
    over = outcome.drawn[1::2] >= lif.theta  # before the reset
    assert outcome.t_drawn[1::2][over] == pytest.approx(wrong.spike_times)
    assert (outcome.count, outcome.count_euler) == (exact.spike_count, wrong.spike_count)


@given(params=settings_of(explorer("lif_filters").scene))
@settings(max_examples=25)
def test_filters_scene_is_the_simulation(params):
    outcome = explorer("lif_filters").scene(**params)
    given = {name: params[name] for name in ("theta", "a", "tau_w", "b", "A", "tau_f")}
    neuron = FilteredLIF(tau_m=20.0, R=100.0, **given)
    step = step_current(params["I"], start=50.0, stop=450.0, duration=600.0, dt=0.5)
    trace = simulate(neuron, step)  # at another time step, which must not matter
    assert outcome.u == pytest.approx(trace.u[::2], rel=1e-8)
    assert outcome.w == pytest.approx(trace.w[::2], rel=1e-8, abs=1e-12)
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-8)
    times = trace.spike_times
    between = intervals(times[times <= 450.0]) if np.sum(times <= 450.0) > 1 else [-1.0]
    assert (outcome.during, outcome.shortest, outcome.longest) == pytest.approx(
        (np.sum(times <= 450.0), min(between), max(between)), rel=1e-6
    )
    late = times[times > 450.0]
    assert outcome.release == pytest.approx(late[0] - 450.0 if late.size else -1.0, rel=1e-6)
    for t, f in zip(outcome.t, outcome.f, strict=True):
        before = times[times <= t - 1e-6]
        if before.size and not np.any(np.abs(times - t) < 1e-6):
            assert f == pytest.approx(params["A"] * math.exp((before[-1] - t) / params["tau_f"]))


@pytest.mark.parametrize("name", ["tonic", "adapting", "bursting", "rebound"])
def test_each_preset_of_the_filters_is_what_it_is_called(name):
    spikes = explorer("lif_filters").scene(pattern=name).spikes
    assert firing_pattern(spikes, start=50.0, stop=450.0) == name


@pytest.mark.parametrize("I", [-0.4, -0.2])
@pytest.mark.parametrize("b, A", [(0.0, 0.0), (0.15, 1.6)])
def test_filters_scene_never_rebounds_without_a_filter_that_u_drives(I, b, A):
    scene = explorer("lif_filters").scene
    assert scene(pattern="rebound", a=0.0, I=I, b=b, A=A, theta=-58.0).spikes.size == 0
    assert scene(pattern="rebound", I=-0.4, b=b, A=A).release > 0.0


def plane_neuron(params):
    """The neuron of the phase plane."""
    given = {name: params[name] for name in ("a", "tau_w", "b", "u_r", "Delta_T")}
    return AdEx(tau_m=10.0, R=100.0, u_rest=-65.0, theta_rh=-50.0, u_peak=0.0, **given)


@given(params=settings_of(explorer("adex_plane").scene))
@settings(max_examples=25)
def test_plane_scene_is_the_simulation_and_its_phase_plane(params):
    outcome, neuron, I = explorer("adex_plane").scene(**params), plane_neuron(params), params["I"]
    trace = simulate(neuron, step_current(I, start=20.0, stop=420.0, duration=420.0, dt=0.5))
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-7)
    assert outcome.u == pytest.approx(np.minimum(trace.u, -35.0), abs=1e-6)
    of_u, of_w = neuron.nullclines(outcome.grid, I=I)
    assert outcome.no_du == pytest.approx(np.minimum(of_u, 0.51), abs=1e-12)
    assert outcome.no_dw == pytest.approx(of_w, abs=1e-12)
    assert outcome.rheobase == pytest.approx(neuron.rheobase, rel=1e-9)
    points = neuron.fixed_points(I=I)
    assert outcome.points == len(points)
    shown = [(outcome.u_low, outcome.w_low), (outcome.u_high, outcome.w_high)]
    if points:
        assert shown == [pytest.approx((p.u, p.w), abs=1e-6) for p in points]
    else:
        assert [u for u, _ in shown] == [-200.0, -200.0]  # outside the picture


@given(params=settings_of(explorer("adex_plane").scene))
@settings(max_examples=25)
def test_trajectory_holds_the_run_and_jumps_by_b_at_each_spike(params):
    outcome = explorer("adex_plane").scene(**params)
    u, w = outcome.path_u, outcome.path_w
    out = np.flatnonzero((u[:-1] == -35.0) & (u[1:] == params["u_r"]))
    assert u.size == outcome.t.size + 2 * outcome.spikes.size
    assert out.size >= outcome.spikes.size
    assert w[out + 1] - w[out] == pytest.approx(np.full(out.size, params["b"]), abs=1e-9)
    # Between spikes w moves no faster than its equation lets it.
    steps = np.abs(np.diff(w))
    steps[out] = 0.0
    fastest = (abs(params["a"]) * 65.0 + np.abs(w).max()) / params["tau_w"]
    assert steps.max() <= 2.0 * 0.5 * fastest + 1e-9


@pytest.mark.parametrize(
    "name",
    ["transient", "tonic", "adapting", "initial burst", "bursting", "delayed accelerating"],
)
def test_each_preset_of_the_plane_is_what_it_is_called(name):
    spikes = explorer("adex_plane").scene(pattern=name).spikes
    assert firing_pattern(spikes, start=20.0, stop=420.0) == name


# The sliders


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


START = Presets(name="start", meaning="start from", options=("ten", "twenty"), default=1,
                sets=({"x": 10.0}, {"x": 20.0}))  # fmt: skip
X = Slider(name="x", symbol="x", unit="", meaning="number", low=0.0, high=50.0, step=5.0,
           default=20.0)  # fmt: skip


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
        Scene(name="mine", run=twice, parameters=(replace(START, **wrong), X), outputs=("y",),
              marks=(), readouts=(), draw=None, alt="")  # fmt: skip


@cache
def form():
    """Page of a scene with presets, in V8: its form, whose controls hold what was put in."""
    context = MiniRacer()
    context.eval(BROWSER)
    context.eval((files("neuro_lib.explorers") / "explorer.js").read_text("utf-8"))
    context.eval(
        """
        const waiting = [], requestAnimationFrame = (f) => waiting.push(f);
        const control = (value) => ({
          value, setAttribute() {}, parentElement: { querySelector: () => ({}) } });
        """
    )
    context.eval(
        f"""
        const scene = {explorer("lif_filters").description()};
        const start = {json.dumps(explorer("lif_filters").params)};
        """
    )
    context.eval(
        """
        const listeners = {}, figure = new Element(), form = figure.querySelector("form");
        form.elements = Object.fromEntries(
          scene.parameters.map(({ name }) => [name, Object.assign(control(start[name]), {name})]));
        form.addEventListener = (type, f) => { listeners[type] = f; };
        exploreForm(figure, scene);
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
    context.eval("class ResizeObserver { observe() {} }")
    context.eval(f"var requestAnimationFrame = () => 0; {module}")
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
    start = explorer("lif_filters").params
    context.eval(f"Object.assign(values, {json.dumps(start)}); it.render({{ model, el }});")
    context.eval('model.set("pattern", 3)')
    shown = json.loads(context.eval("JSON.stringify(values)"))
    assert shown == explorer("lif_filters").scene.checked({"pattern": 3})


@every_scene
def test_every_slider_changes_something(name):
    scene = explorer(name).scene
    at_defaults = scene()
    for p in scene.parameters:
        for value in {position(p, 0), position(p, last(p))} - {p.default}:
            with pytest.raises(AssertionError):
                assert_same_outcome(scene(**{p.name: value}), at_defaults)


TAU = Slider(
    name="tau_m", symbol="τ_m", unit="ms", meaning="membrane time constant",
    low=5.0, high=50.0, step=0.5, default=10.0,
)  # fmt: skip
COUNT = Slider(name="n", symbol="n", unit="", meaning="count", low=1, high=9, step=1, default=3)
KIND = Choice(name="kind", meaning="kind of input", options=("pulses", "sine"))


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


def test_option_is_given_by_number_or_by_text():
    assert KIND.checked("sine") == KIND.checked(1) == KIND.checked(np.int64(1)) == 1


@pytest.mark.parametrize("value", ["ramp", 2, -1, 0.5, True, None])
def test_unknown_option_is_named_with_the_known_ones(value):
    with pytest.raises(ValueError) as error:
        KIND.checked(value)
    assert str(error.value) == f"kind = {value!r}: the kind of input must be one of pulses, sine"


@pytest.mark.parametrize("use", [SCENES["lif_step"], explorer("lif_step").scene])
def test_unknown_slider_is_named_with_the_known_ones(use):
    with pytest.raises(ValueError) as error:
        use(tau=10.0)
    assert str(error.value) == "tau: lif_step has the sliders tau_m, R, theta, I"


@portable
def twice(x: float):
    """Twice x."""
    return 2.0 * x


def test_sliders_are_the_parameters_of_the_function():
    with pytest.raises(ValueError, match=r"scene mine: its sliders must be, in order, \('x',\)"):
        Scene(name="mine", run=twice, parameters=(TAU,), outputs=("y",), marks=(), readouts=(),
              draw=None, alt="")  # fmt: skip


def test_slider_shows_as_many_digits_as_its_steps_need():
    def digits(step):
        return Slider(name="x", symbol="x", unit="", meaning="", low=0.0, high=1.0, step=step,
                      default=0.0).digits  # fmt: skip

    assert [digits(step) for step in (0.25, 0.01, 0.1, 0.5, 1.0, 10.0, 1)] == [2, 2, 1, 1, 0, 0, 0]


def test_slider_takes_symbol_unit_meaning_and_default_from_the_model():
    slider = Slider.of(LIF, "theta", -60.0, -40.0, 0.5)
    what = LIF.quantities()["theta"]
    assert (slider.symbol, slider.unit, slider.meaning) == (what.symbol, what.unit, what.meaning)
    assert slider.default == LIF().theta
    assert Slider.of(LIF, "t_ref", 0.0, 10.0, 0.5, default=2.0).default == 2.0


# The words


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


# The picture


def points(path):
    """Turn SVG path data into the polylines that it draws, arrays of shape (n, 2)."""
    lines, x, y = [], 0.0, 0.0
    for command, numbers in re.findall(r"([MLV])([^MLV]*)", path):
        coordinates = [float(n) for n in numbers.replace(",", " ").split()]
        x, y = (x, coordinates[0]) if command == "V" else coordinates
        if command == "M":
            lines.append([])
        lines[-1].append((x, y))
    return [np.array(line) for line in lines]


def farthest(lines, others):
    """Largest distance of a vertex of some polylines from the nearest of some others."""
    starts = np.vstack([line[:-1] for line in others])
    ways = np.vstack([np.diff(line, axis=0) for line in others])
    lengths = np.maximum((ways**2).sum(axis=1), 1e-12)
    worst = 0.0
    for vertex in np.vstack(lines):
        along = np.clip(((vertex - starts) * ways).sum(axis=1) / lengths, 0, 1)
        nearest = np.hypot(*(starts + along[:, None] * ways - vertex).T).min()
        worst = max(worst, nearest)
    return worst


def assert_same_picture(drawn_marks, svg, marks):
    """Assert that moving marks lie where Matplotlib has drawn them, within 0.2 units."""
    root = ElementTree.fromstring(svg)
    for mark in marks:
        (group,) = root.findall(f".//*[@data-gid='{mark.gid}']")
        attributes = drawn_marks[mark.gid]
        if mark.kind == "point":
            use = group.find(f".//{{{SVG}}}use")
            for axis in "xy":
                assert float(attributes[axis]) == pytest.approx(float(use.get(axis)), abs=0.2)
            continue
        (path,) = group.iter(f"{{{SVG}}}path")
        ours, theirs = points(attributes["d"]), points(path.get("d"))
        assert max(farthest(ours, theirs), farthest(theirs, ours)) <= 0.25, mark.gid


@every_scene
def test_page_draws_where_matplotlib_draws(name):
    scene, svg = explorer(name).scene, explorer(name).svg
    assert_same_picture(drawn(name)["marks"], svg, scene.marks)


OTHER_SETTINGS = {
    "lif_step": {"tau_m": 17.5, "R": 61.0, "theta": -54.0, "I": 0.33},
    "lif_fI": {"tau_m": 17.5, "R": 61.0, "theta": -54.0, "t_ref": 5.0, "I": 0.33},
    "lif_input": {"kind": 2, "I": 0.31, "A": 0.13, "T": 20.0, "tau_m": 7.0},
    "lif_euler": {"dt": 6.5, "tau_m": 7.0, "I": 0.45},
    "synapse_budget": {"neurons": 86, "synapses": 7.0, "granule": 80, "size": 1.5},
    "volley": {"n": 80, "epsp": 0.35, "jitter": 4.0, "tau_m": 17.5},
    "filter_pulse": {"width": 12.5, "tau_m": 7.0},
    "filter_convolution": {"kind": 2, "t": 71.5, "tau_m": 17.5},
    "filter_past": {"past": -0.13, "since": 25.0, "tau_m": 17.5},
    "filter_psp": {"kind": 1, "tau_s": 7.0, "tau_m": 7.0},
    "filter_frequency": {"f": 9.0, "tau_m": 17.5, "R": 61.0},
    "filter_resets": {"I": 0.5, "tau_m": 17.5, "u_r": -71.0, "t_ref": 2.0},
    "lif_filters": {"pattern": 2, "I": 0.27, "b": 0.05, "A": 0.3, "theta": -53.0},
    "adex_plane": {"pattern": 2, "I": 0.21, "a": 0.008, "u_r": -52.0, "Delta_T": 3.0},
    "synapse_reversal": {"E_syn": -12.0, "u_hold": -71.0, "g_max": 0.004, "tau_s": 2.5},
    "synapse_shunting": {"g_e": 0.021, "g_i": 0.05, "E_i": -73.0, "lead": -3.0},
    "synapse_background": {"nu_e": 1500.0, "nu_i": 1200.0, "E_i": -66.0},
    "competition": {"difference": -0.02, "w_E": 0.15, "w_I": 0.5, "sigma": 0.1, "trial": 7},
    "dendrites_pair": {"where": 1, "receptors": 0, "n": 17, "delay": 23.0},
    "dendrites_plateau": {"receptors": 0, "n": 45, "I": 0.27, "g_c": 5.5, "tau_nmda": 70.0},
    "lif_prediction": {"without": 2, "strength": 0.8, "theta": -50.3, "window_ms": 3.5},
}


@every_scene
def test_page_moves_its_picture_as_matplotlib_would(name):
    there = SCENES[name](**OTHER_SETTINGS[name])
    params = there.params
    assert_same_picture(drawn(name, **params)["marks"], there.svg, there.scene.marks)


@every_scene
def test_only_marks_have_a_gid(name):
    root = ElementTree.fromstring(explorer(name).svg)
    gids = [element.get("data-gid") for element in root.findall(".//*[@data-gid]")]
    movable = [mark.gid for mark in explorer(name).scene.marks]
    assert set(movable) <= set(gids)
    assert max(Counter(gids).values()) == 1


# The page


class Page(HTMLParser):
    """What a browser would find in some HTML: elements with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@every_scene
def test_bundle_serves_page_notebook_and_terminal(name):
    bundle = SCENES[name]()._repr_mimebundle_()
    assert set(bundle) == {
        "text/plain", "text/html", "application/vnd.jupyter.widget-view+json",
    }  # fmt: skip
    assert bundle["text/html"] == explorer(name).html()
    assert bundle["text/plain"] == repr(explorer(name))
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]


@every_scene
def test_text_is_the_readouts(name):
    scene = explorer(name).scene
    lines = repr(explorer(name)).splitlines()
    assert lines == scene.describe(scene())
    assert len(lines) == len(scene.readouts)
    assert f'role="status">{"; ".join(lines)}</p>' in explorer(name).html()


@every_scene
def test_explorer_is_small(name):
    assert len(explorer(name).html().encode()) <= LARGEST


def test_equal_explorers_give_equal_html_in_any_process():
    code = (
        "from neuro_lib.explorers import SCENES; from hashlib import sha256\n"
        "for build in SCENES.values(): print(sha256(build().html().encode()).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "12"
    }
    assert len(outputs) == 1
    assert len(outputs.pop().split()) == len(SCENES)


def test_no_id_is_given_twice_on_a_page_of_all_explorers():
    page = Page("".join(explorer(name).html() for name in SCENES))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert ids and len(ids) == len(set(ids))


@every_scene
def test_page_asks_no_host_for_anything(name):
    html = explorer(name).html()
    addresses = set(re.findall(r"[\w+.-]+:?//[\w.-]+[^\"'\s]*", html))
    assert addresses <= {SVG, XLINK}
    links = {
        attributes[key]
        for _, attributes in Page(html).elements
        for key in ("href", "src", "xlink:href")
        if key in attributes
    }
    assert all(link.startswith("#") for link in links)
    assert "@import" not in html


@every_scene
def test_page_keeps_the_contract_of_its_elements(name):
    scene, html = explorer(name).scene, explorer(name).html()
    page = Page(html)
    (figure,) = page.all("figure")
    assert {"explorer"} <= set(figure["class"].split())
    (svg,) = page.all("svg")
    assert svg["role"] == "img" and len(svg["aria-label"]) > 60
    sliders = {a["name"]: a for a in page.all("input")}
    choices = {a["name"]: a for a in page.all("select")}
    for p in scene.parameters:
        if isinstance(p, Choice):
            assert p.name in choices
            continue
        slider = sliders[p.name]
        assert slider["type"] == "range"
        given = [float(slider[key]) for key in ("min", "max", "step", "value")]
        assert given == [p.low, p.high, p.step, p.default]
        assert slider["aria-valuetext"] == p.say(p.default)
        # First in its label, the input is what the label names.
        assert re.search(rf'<label><span>[^<]*</span><input [^>]*name="{p.name}"', html)
        assert f'<output aria-hidden="true">{p.say(p.default)}</output></label>' in html
    assert len(sliders) + len(choices) == len(page.all("label")) == len(scene.parameters)
    assert [b["type"] for b in page.all("button")] == ["reset"]
    assert [p for p in page.all("p") if p.get("role") == "status"]


def test_page_starts_where_python_says():
    page = Page(SCENES["lif_input"](kind="noise", T=20.0).html())
    options = [attributes for attributes in page.all("option") if "selected" in attributes]
    assert [option["value"] for option in options] == ["2"]
    assert {a["name"]: a["value"] for a in page.all("input")}["T"] == "20"
    with pytest.raises(ValueError, match="in steps of 1 ms"):
        SCENES["lif_input"](T=20.5)


@every_scene
def test_page_without_javascript_tells_what_is_drawn(name):
    html = explorer(name).html()
    said = html[html.index("<noscript>") : html.index("</noscript>")]
    for p in explorer(name).scene.parameters:
        told = p.options[p.default] if isinstance(p, Choice) else f"{p.symbol} = {p.say(p.default)}"
        assert told in said
    assert Page(html).all("form")[0].keys() >= {"hidden"}


# The widget


@every_scene
def test_widget_has_the_sliders_of_the_scene(name):
    subject = SCENES[name]()
    figure, sliders = subject.widget.children
    controls = sliders.children
    assert len(controls) == len(subject.scene.parameters)
    for p, control in zip(subject.scene.parameters, controls, strict=True):
        assert control.value == getattr(figure, p.name) == p.default
        if isinstance(p, Choice):
            assert isinstance(control, ipywidgets.Dropdown)
            assert control.options == tuple((text, i) for i, text in enumerate(p.options))
            continue
        assert isinstance(control, ipywidgets.IntSlider if p.whole else ipywidgets.FloatSlider)
        assert (control.min, control.max, control.step) == (p.low, p.high, p.step)
        assert p.symbol in control.description and p.unit in control.description
        assert control.tooltip == p.meaning


@every_scene
def test_parameters_and_run_follow_the_widget(name):
    subject = SCENES[name]()
    before = subject.run()
    for p, control in zip(
        subject.scene.parameters, subject.widget.children[1].children, strict=True
    ):
        value = position(p, last(p)) if p.default == position(p, 0) else position(p, 0)
        control.value = value
        assert subject.params[p.name] == value
    with pytest.raises(AssertionError):
        assert_same_outcome(subject.run(), before)
    assert_same_outcome(subject.run(), subject.scene(**subject.params))
    assert repr(subject) == "\n".join(subject.scene.describe(subject.run()))


def test_parameters_are_known_before_there_is_a_widget():
    subject = SCENES["lif_step"](I=0.25)
    assert subject.params == {"tau_m": 10.0, "R": 50.0, "theta": -50.0, "I": 0.25}
    assert subject.widget is subject.widget
    assert subject.params["I"] == 0.25


def test_explorers_do_not_share_their_sliders():
    one, other = SCENES["lif_step"](), SCENES["lif_step"]()
    one.widget.children[1].children[0].value = 33.0
    assert one.params["tau_m"] == 33.0
    assert other.params["tau_m"] == other.widget.children[0].tau_m == 10.0


def test_caller_cannot_change_the_parameters_by_the_back_door():
    subject = SCENES["lif_step"]()
    subject.params["I"] = 1.0
    assert subject.params["I"] == 0.4


def test_slider_moved_by_mouse_is_read_to_its_own_digits():
    explorer = SCENES["lif_step"]()
    assert explorer.widget
    explorer._controls["R"].value = 49.99999999999999  # as a browser sends it
    assert explorer.params["R"] == 50.0


# The chapter on numbers


@pytest.mark.parametrize("tau_m", [5.0, 10.0, 50.0])
def test_simultaneous_spikes_fire_the_neuron_from_the_number_that_is_said_to_be_needed(tau_m):
    scene = explorer("volley").scene
    enough = scene(epsp=0.5, jitter=0.0, tau_m=tau_m).enough
    assert enough == 30  # 15 mV at 0.5 mV each
    assert scene(n=enough - 1, epsp=0.5, jitter=0.0, tau_m=tau_m).fired.size == 0
    at = scene(n=enough, epsp=0.5, jitter=0.0, tau_m=tau_m)
    assert at.fired.size == 1
    assert at.peak == pytest.approx(-50.0)


def test_jitter_raises_the_number_that_is_needed():
    scene = explorer("volley").scene
    needed = [scene(jitter=jitter).enough for jitter in (0.0, 2.0, 5.0, 10.0)]
    assert needed == sorted(set(needed))


def test_synapse_budget_agrees_with_pencil_and_paper():
    scene = explorer("synapse_budget").scene
    cortex = scene(neurons=16, synapses=10.0, granule=0, size=2.0)
    assert cortex.count == pytest.approx(160.0)
    assert cortex.terabytes == pytest.approx(320.0)
    assert 10.0**cortex.end == pytest.approx(320e12)
    brain = scene(neurons=86, synapses=10.0, granule=80, size=2.0)
    assert brain.count == pytest.approx(86e9 * (0.2 * 1e4 + 0.8 * 4) / 1e12)
