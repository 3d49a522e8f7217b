"""What the tests of explorers share: each of them, built once; a piece of a browser."""

import json
from functools import cache
from html.parser import HTMLParser
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from neuro_lib.explorers import SCENES, Choice
from neuro_lib.explorers.page import script
from neuro_lib.portable import portable

every_scene = pytest.mark.parametrize("name", SCENES)
# Where a scene starts without its filters, their time constants have nothing to act on.
FILTERS_ON = {"recorded_B6": {"b": 0.01, "A": 0.1}, "recorded_B8": {"b": 0.01, "A": 0.1}}


# As much of a browser as the runtime touches without what it offers beyond sliders: `FEATURES`.
BROWSER = """
class Element {
  #children = {};
  attributes = {};
  querySelector(selector) { return this.#children[selector] ??= new Element(); }
  get parentElement() { return this.querySelector(".."); }
  append(child) { if (this.runs && child.textContent) (0, eval)(child.textContent); }
  addEventListener() {}
  setAttribute(name, value) { this.attributes[name] = value; }
  getAttribute(name) { return this.attributes[name] ?? null; }
  removeAttribute(name) { delete this.attributes[name]; }
  remove() {}
  addEventListener() {}
  set innerHTML(html) {
    this.textContent = html.replaceAll("<sub>", "_").replace(/<[^>]+>/g, "")
      .replaceAll("&lt;", "<").replaceAll("&amp;", "&");
  }
  dispatchEvent(event) { this.event = event; }
}
class CustomEvent { constructor(type, init) { Object.assign(this, { type }, init); } }
var performance = { now: () => 0 }, setTimeout = () => 0, clearTimeout = () => {};
var requestAnimationFrame = () => 0;
class ResizeObserver { observe() {} }
var document = {
  querySelector: () => null,
  createElement: () => new Element(),
  addEventListener() {},
  head: Object.assign(new Element(), { runs: true }),
};
"""


SEEN = """
const seen = (figure, scene) => {
  const marks = scene.marks.map((mark) => {
    const group = figure.querySelector(`[data-gid="${mark.gid}"]`);
    const moved = group.querySelector(mark.kind === "point" ? "use" : "path");
    return [mark.gid, moved.attributes];
  });
  const { textContent: readout } = figure.querySelector(".readout");
  const ends = scene.readouts.map(({ name }) =>
    [name, figure.querySelector(`svg [data-gid="${name}"] text`).textContent]);
  const { type, detail } = figure.event;
  return {
    marks: Object.fromEntries(marks), ends: Object.fromEntries(ends), readout, type, detail,
  };
};
"""
DRAW = """
(async function(scene, start) {
  const figure = new Element(), store = new Store(scene, start);
  const live = await enliven(figure, scene, store);
  return (params) => {
    Object.assign(store.values, params);
    live.draw();
    return JSON.stringify(seen(figure, scene));
  };
})
"""
# What anywidget gives to `render`: a model with some values, and the element to fill.
WIDGET = """
(async function(description, start) {
  const values = { ...start, scene: description, start, figure: "" }, listeners = {};
  const el = new Element(), figure = el.querySelector("figure.explorer");
  const model = {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      for (const f of listeners[`change:${name}`] ?? []) f();
    },
    on: (type, f) => (listeners[type] ??= []).push(f),
    save_changes() {},
  };
  await render({ model, el });
  return (name, value) => {
    const frames = [];
    requestAnimationFrame = (f) => frames.push(f);
    model.set(name, value);
    for (const frame of frames) frame();
    const { scene: _, start: first, figure: html, ...params } = values;
    return JSON.stringify({ params, ...seen(figure, description) });
  };
})
"""


@cache
def javascript():
    """V8 with the runtime in it."""
    context = MiniRacer()
    context.eval(BROWSER)
    context.eval(script(entry="widget.js"))
    context.eval(SEEN + "const draws = {}; FEATURES.length = 0;")
    return context


@cache
def explorer(name):
    """Build the explorer of a scene, once: no test changes it."""
    return SCENES[name]()


@cache
def _load(description, start):
    """Name under which V8 draws what a description and a start, as JSON, say."""
    key = f"draw{_load.cache_info().misses}"
    javascript().eval(
        f"{DRAW}({description}, {start}).then((draw) => {{ draws.{key} = draw; }}); 0"
    )
    return key


def drawn_by(explorer, **params):
    """Return what the page of an explorer draws and says when its sliders are at `params`."""
    key = _load(json.dumps(explorer.description()), json.dumps(explorer.params))
    return json.loads(javascript().eval(f"draws.{key}({json.dumps(params)})"))


def widget_moved(explorer, name, value):
    """Return what a widget shows, whose explorer starts anywhere, once a slider is moved."""
    start = f"({json.dumps(explorer.description())}, {json.dumps(explorer.params)})"
    javascript().eval(
        f"draws.widget = null; {WIDGET}{start}.then((f) => {{ draws.widget = f; }}); 0"
    )
    return json.loads(javascript().eval(f"draws.widget({json.dumps(name)}, {json.dumps(value)})"))


def drawn(name, **params):
    """Do so for the explorer of a scene that starts at the defaults."""
    return drawn_by(explorer(name), **{**explorer(name).params, **params})


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


def assert_same_outcome(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


class Twice(NamedTuple):
    """What `twice` returns."""

    y: float


@portable
def twice(x: float) -> Twice:
    """Twice x."""
    return Twice(y=2.0 * x)


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


def scene(name):
    return explorer(name).scene


def anywhere(name):
    """Run a test at any position of a scene's sliders."""
    return lambda test: settings(max_examples=25)(given(params=settings_of(scene(name)))(test))


def inside(values, axes):
    """Assert that a curve lies within the limits of its axes."""
    low, high = axes
    assert low <= np.min(values) and np.max(values) <= high
