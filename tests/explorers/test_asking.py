"""Questions and challenges in a browser: by mouse, by keyboard, kept for the next visit."""

import re

import pytest

from neuro_lib.explorers import (
    Question,
    Sketch,
    Trend,
    explore_neuron,
    explore_step,
    explore_volley,
)
from tests.explorers.test_alive import MOVE, browser, visit  # noqa: F401

pytestmark = pytest.mark.browser

STEP = explore_step().ask(
    Question("At which rate does it fire?", "rate"),
    Trend("You double τ_m. The rate ...", "rate", tau_m=20.0),
    Sketch("Draw the potential.", "u"),
)


def curve_opacity(figure):
    style = "(group) => getComputedStyle(group).opacity"
    return figure.locator("svg [data-gid=u]").evaluate(style)


def test_guesses_come_first_are_held_against_the_truth_and_kept(visit):  # noqa: F811
    page = visit(f"<main>{STEP.html()}{explore_volley().html()}</main>")
    figure = page.locator("figure.explorer").first
    card, readout = figure.locator(".asked"), figure.locator(".readout")
    card.wait_for()
    assert curve_opacity(figure) == "0" and readout.get_attribute("aria-hidden") == "true"
    assert figure.locator("form").is_visible()  # whoever wants to go ahead does
    card.get_by_label("At which rate").fill("30")
    card.get_by_label("You double").select_option("it falls")
    paper = figure.locator(".paper").bounding_box()
    height = paper["y"] + 0.9 * paper["height"]  # of -65 mV
    page.mouse.move(paper["x"] + 2, height)
    page.mouse.down()
    page.mouse.move(paper["x"] + paper["width"] - 2, height, steps=6)
    page.mouse.up()
    last = figure.get_by_role("slider", name="your curve at time t = 189 ms")
    assert last.get_attribute("aria-valuetext") == "−65"
    last.focus()
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    assert last.get_attribute("aria-valuetext") == "−60"
    page.keyboard.press("ArrowLeft")
    assert "167" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    card.get_by_role("button", name="Show me").click()

    said = card.get_by_role("status").locator("p")
    assert said.nth(0).inner_text() == "You said 30.0 Hz: it is 72.1 Hz."
    assert said.nth(1).inner_text() == "You said it falls: it falls, from 72.1 Hz to 36.1 Hz."
    assert re.match(
        r"Your curve is off by \d+ mV on average, most at time t = \d+ ms\.",
        said.nth(2).inner_text(),
    )
    assert [said.nth(k).get_attribute("class") for k in range(2)] == ["wrong", "right"]
    assert curve_opacity(figure) == "1" and readout.get_attribute("aria-hidden") is None
    assert figure.locator("svg > .sketched").count() == 1
    assert figure.locator("svg").get_attribute("role") == "img"
    summary = page.locator("section.guesses")
    assert "of 3 were close. They stay in this browser." in summary.inner_text()
    assert summary.get_by_role("link").first.get_attribute("href") == "#lif_step"

    page.reload()
    said.nth(2).wait_for()
    assert said.nth(0).inner_text() == "You said 30.0 Hz: it is 72.1 Hz."
    assert figure.locator("svg > .sketched").count() == 1
    card.get_by_role("button", name="Ask me again").click()
    assert curve_opacity(figure) == "0" and not figure.locator("svg > .sketched").count()
    card.get_by_role("button", name="Skip").click()
    assert curve_opacity(figure) == "1" and not said.count()
    assert card.get_by_role("button", name="Ask me first").is_visible()


def test_to_move_a_slider_is_to_skip(visit):  # noqa: F811
    figure = visit(STEP.html()).locator("figure.explorer")
    figure.locator(".asked").wait_for()
    said = figure.evaluate(MOVE, {"I": 0.8})
    assert said.startswith("firing rate 212.8 Hz")
    assert curve_opacity(figure) == "1"
    assert figure.get_by_role("button", name="Ask me first").is_visible()


def test_a_link_to_a_state_shows_it_without_a_question(visit, tmp_path):  # noqa: F811
    page = visit(STEP.html())
    figure = page.locator("figure.explorer")
    figure.locator(".asked").wait_for()
    assert curve_opacity(figure) == "0"
    page.goto("about:blank")
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#lif_step?I=0.8")
    figure.locator(".readout", has_text="212.8 Hz").wait_for()
    assert curve_opacity(figure) == "1"


def test_a_challenge_locks_sliders_hints_and_sees_that_it_is_solved(visit):  # noqa: F811
    page = visit(explore_step(I=0.5).html())
    figure = page.locator("figure.explorer")
    figure.get_by_text("Challenges").click()
    first = figure.locator(".challenges li").first
    figure.evaluate(MOVE, {"tau_m": 30.0})
    first.get_by_role("button", name="Try").click()
    told = first.get_by_role("status")
    assert told.inner_text() == "Go; I stays 0.50 nA."
    current = figure.locator("form [name=I]").first
    assert current.is_disabled()
    figure.evaluate(MOVE, {"I": 0.9})  # whatever else moves it
    assert current.input_value() == "0.5"
    for k in range(25):
        figure.evaluate(MOVE, {"tau_m": 11.0 + 0.5 * (k % 2)})
    assert told.inner_text().startswith("A hint: A slower membrane")
    figure.evaluate(MOVE, {"tau_m": 27.5})
    assert re.match(r"Solved, in \d+ moves\.", told.inner_text())
    assert not current.is_disabled() and "solved" in first.get_attribute("class")
    page.reload()
    figure.locator(".challenges li.solved").wait_for(state="attached")


NOTEBOOK = """
async ({ esm, values }) => {
  const address = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const { default: { render } } = await import(address);
  const watchers = {};
  window.model = {
    values,
    get: (name) => values[name],
    set: (name, value) =>
      Object.assign(values, typeof name === "object" ? name : { [name]: value }),
    on: (event, watcher) => { (watchers[event] ??= []).push(watcher); },
    save_changes() { this.saved = (this.saved ?? 0) + 1; },
    move(name, value) { values[name] = value; watchers[`change:${name}`].forEach((w) => w()); },
  };
  await render({ model, el: document.querySelector("#output") });
}
"""


def open_as_widget(visit, figure, names):  # noqa: F811
    """Let a page do with a widget's figure what a notebook does: call `render` with its model."""
    page = visit(f"<style>{figure._css}</style><div id='output'></div>")
    values = {name: getattr(figure, name) for name in names}
    page.evaluate(NOTEBOOK, {"esm": figure._esm, "values": values})
    return page


def test_questions_and_challenges_work_in_a_live_notebook(visit):  # noqa: F811
    figure = explore_step().ask(Question("At which rate does it fire?", "rate")).widget.children[0]
    names = ("figure", "scene", "start", "tau_m", "R", "theta", "I")
    page = open_as_widget(visit, figure, names)
    card = page.locator(".asked")
    assert page.locator("figure.veiled").count() == 1
    card.get_by_label("At which rate").fill("70")
    card.get_by_role("button", name="Show me").click()
    assert card.get_by_role("status").inner_text() == "You said 70.0 Hz: it is 72.1 Hz."
    assert not page.locator("figure.veiled").count()
    page.get_by_text("Challenges").click()
    page.locator(".challenges li").first.get_by_role("button", name="Try").click()
    page.evaluate("model.move('I', 0.9)")
    page.wait_for_function("model.values.I === 0.4")  # it is locked
    page.evaluate("model.move('tau_m', 18.0)")
    page.get_by_text("Solved, in").wait_for()


def test_the_drawn_neuron_works_in_a_live_notebook(visit):  # noqa: F811
    figure = explore_neuron().widget.children[0]
    page = open_as_widget(visit, figure, ("figure", "scene", "since", "site"))
    page.get_by_label("Time waits").check()
    page.get_by_role("button", name="E: synapse").click()
    page.locator(".readout", has_text="taps in these 120 ms: 1").wait_for()
    page.wait_for_function("model.saved > 0 && model.values.site.length === 1")
    assert page.evaluate("[model.values.since, model.values.site]") == [[5], [4]]
