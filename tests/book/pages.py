"""What the tests of the book share: its pages, what they link to, the explorers in them."""

import json
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import yaml

from neuro_lib.explorers import SCENES, Choice
from tests.explorers.bench import FILTERS_ON

ROOT = Path(__file__).parent.parent.parent
_TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))


def listed(entry):
    """Pages below an entry of the table of contents, in its order."""
    own = [entry["file"]] if "file" in entry else []
    below = [part for key in ("parts", "chapters", "sections") for part in entry.get(key, [])]
    return own + [page for part in below for page in listed(part)]


PAGES = [_TOC["root"], *listed(_TOC)]


def made_from(page, folder=ROOT):
    """The file that a page is made from."""
    (path,) = (path for path in folder.glob(f"{page}.*") if path.suffix in (".md", ".ipynb"))
    return path


def source(page):
    """Text of the file that a page is made from."""
    return made_from(page).read_text("utf-8")


@cache
def markdown(page):
    """Text of a page, with what its code prints and the words of its figures."""
    text = source(page)
    if not text.startswith("{"):
        return text
    told = []
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "markdown":
            told.append("".join(cell["source"]))
        for output in cell.get("outputs", []):
            shown = output.get("text") or output["data"].get("text/plain", [])
            # Indented, since what is printed is no heading.
            told.append("".join("    " + line for line in shown))
    return "\n\n".join(told)


EXPLORED = [page for page in PAGES if "explore_" in source(page)]


class Html(HTMLParser):
    """The elements of an HTML file, each as its tag and its attributes."""

    def __init__(self, path):
        super().__init__()
        self.elements = []
        self.feed(path.read_text("utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def all(self, tag):
        """Attributes of each element with a tag."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self):
        """What a link can point to."""
        return [a[key] for _, a in self.elements for key in ("id", "name") if a.get(key)]


@cache
def scene(name):
    """Scene of an explorer, by its name."""
    return SCENES[name]().scene


@cache
def told(name, *values):
    """Words of a scene about what comes of the values of its parameters, given as items."""
    return "; ".join(scene(name).describe(scene(name)(**dict(values))))


# What an explorer shows: how its picture is drawn, what it says, where its controls stand; and what
# it told when it was drawn last. A number stands for each shape and each array: they are long.
STATE = """
async (figure) => {
  await new Promise((done) => setTimeout(() => requestAnimationFrame(done)));  // it is drawn
  const digest = (text) => {
    let number = 0;
    for (let i = 0; i < text.length; i++) number = Math.imul(31, number) + text.charCodeAt(i) | 0;
    return number;
  };
  const shape = (e) => ["d", "x", "y"].map((name) => e.getAttribute(name)).join(" ");
  const controls = [...figure.querySelectorAll("form [name]")];
  const sliders = controls.filter((control) => control.type === "range");
  const words = figure.querySelector(".readout").cloneNode(true);
  for (const subscript of words.querySelectorAll("sub")) subscript.prepend("_");
  const moving = "[data-gid] :is(path, use)";
  const drawn = window.drawn?.[[...document.querySelectorAll("figure.explorer")].indexOf(figure)];
  return [{
    picture: [...figure.querySelectorAll(moving)].map((e) => digest(shape(e))),
    readout: words.textContent,
    values: Object.fromEntries(controls.map((c) => [c.name, Number(c.value)])),
    shown: Object.fromEntries(sliders.map(
      (c) => [c.name, c.parentElement.querySelector("output").textContent])),
    spoken: Object.fromEntries(sliders.map((c) => [c.name, c.getAttribute("aria-valuetext")])),
  }, drawn && {
    ...drawn,
    result: Object.fromEntries(Object.entries(drawn.result).map(
      ([name, value]) => [name, typeof value === "number" ? value : value.length])),
  }];
}
"""
# Where each slider of an explorer starts; of some, a value to which a hand would bring it.
BEGIN = """
(figure, values) => {
  const form = figure.querySelector("form");
  form.querySelector("[type=reset]").click();
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements[name].parentElement.querySelector("input.value");
    field.value = value;
    field.dispatchEvent(new Event("change"));
  }
}
"""
# Middle of a control in the window, and how far its thumb goes to each side.
PLACE = """
(control) => {
  control.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = control.getBoundingClientRect();
  return [x + width / 2, y + height / 2, width / 2 - 8];
}
"""

BEGUN = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
STILL = """
() => document.getAnimations().every(({ playState, effect }) =>
  playState !== "running" || effect.getComputedTiming().endTime === Infinity)
"""


def settle(page):
    """Wait until what a change of colours or size starts has come to its end."""
    page.evaluate(BEGUN)
    page.wait_for_function(STILL)


# Shares of a figure's picture, and of one of its controls, that are in sight. What sticks to the
# top of the window covers what is below.
SEEN = """
(figure, control) => {
  const svg = figure.querySelector("svg");
  const hit = ([x, y]) => {  // what can be grabbed in the picture hides nothing of it
    const top = document.elementFromPoint(x, y);
    return top?.matches(".handle") ? svg : top?.closest("svg, input, select, button");
  };
  return [svg, control].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect(), reach = [0.05, 0.5, 0.95];
    const points = reach.flatMap((a) => reach.map((b) => [x + a * width, y + b * height]));
    return points.filter((point) => hit(point) === element).length / points.length;
  });
}
"""
# The same of each control while it has the focus. One comes from above and from below.
IN_SIGHT = f"""
(figure) => {{
  const controls = [...figure.querySelectorAll("form [name], form button")];
  const found = {{}};
  for (const from of [0, document.scrollingElement.scrollHeight]) {{
    for (const control of controls) {{
      scrollTo({{ top: from, behavior: "instant" }});
      control.focus();
      found[`${{control.name || "reset"}} from ${{from}}`] = ({SEEN})(figure, control);
    }}
  }}
  return found;
}}
"""


class Explorer:
    """An explorer in a page, as its reader sees and handles it."""

    def __init__(self, page, number):
        self.page, self.number = page, number
        self.figure = page.locator("figure.explorer").nth(number)
        self.element = self.figure.element_handle()  # no page makes another of it
        self.name = self.element.get_attribute("data-scene")
        self.scene = scene(self.name)

    @classmethod
    def all(cls, page):
        """All explorers of a page; there must be some."""
        count = page.locator("figure.explorer").count()
        assert count, "there is no explorer in this page"
        return [cls(page, number) for number in range(count)]

    def control(self, name):
        """The slider or the list of a parameter."""
        return self.figure.locator(f'form [name="{name}"]')

    def state(self):
        """What it shows, once what was moved is drawn."""
        return self.element.evaluate(STATE)[0]

    def reset(self):
        """Press its button."""
        self.figure.get_by_role("button", name="Reset").click()

    def begin(self):
        """Bring it to where each of its sliders moves something; return its state."""
        self.element.evaluate(BEGIN, FILTERS_ON.get(self.name, {}))
        return self.state()

    def places(self, name, *shares):
        """Points on the page where a slider's thumb is, at shares of the way from its low end."""
        x, y, reach = self.control(name).evaluate(PLACE)
        return [(x + (2 * share - 1) * reach, y) for share in shares]

    def assert_true(self):
        """Assert that it says what Python says for where its controls stand; return its state."""
        state, detail = self.element.evaluate(STATE)
        where = f"{self.name} at {state['values']}"
        assert detail, f"{self.name} has not drawn"
        assert detail["params"] == state["values"], where
        assert state["readout"] == told(self.name, *state["values"].items()), where
        assert tuple(detail["result"]) == self.scene.outputs, where
        assert detail["milliseconds"] >= 0, where
        for parameter in self.scene.parameters:
            if parameter.name in state["shown"]:
                said = parameter.say(state["values"][parameter.name])
                assert state["shown"][parameter.name] == said, where
                assert state["spoken"][parameter.name] == said, where
        return state


def url(origins, origin, page):
    """Address of a page."""
    return f"{origins[origin]}/{page}.html"


def local(path: Path, link: str):
    """File and anchor that a link in a file leads to."""
    address, _, anchor = link.partition("#")
    address = address.partition("?")[0]
    return (path.parent / address).resolve() if address else path, anchor


def first_slider(explorer):
    """Name of an explorer's first slider: a choice may come before it."""
    return next(p.name for p in explorer.scene.parameters if not isinstance(p, Choice))
