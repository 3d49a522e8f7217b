"""Questions and challenges in a browser: by mouse, by keyboard, kept for the next visit."""

import re

import pytest
from playwright.sync_api import expect

from neuro_lib.explorers import (
    Question,
    Sketch,
    Trend,
    explore_neuron,
    explore_step,
    explore_volley,
)
from tests.explorers.test_alive import browser, moved, visit  # noqa: F401

pytestmark = pytest.mark.browser

STEP = explore_step().ask(
    Question("At which rate does it fire?", "rate"),
    Trend("You double τ_m. The rate ...", "rate", tau_m=20.0),
    Sketch("Draw the potential.", "u"),
)


def expect_curve(figure, opacity):
    expect(figure.locator("svg [data-gid=u]")).to_have_css("opacity", opacity)


def test_guesses_come_first_are_held_against_the_truth_and_kept(visit):  # noqa: F811
    page = visit(f"<main>{STEP.html()}{explore_volley().html()}</main>")
    figure = page.locator("figure.explorer").first
    card, readout = figure.locator(".asked"), figure.locator(".readout")
    card.wait_for()
    expect_curve(figure, "0")
    expect(readout).to_have_attribute("aria-hidden", "true")
    expect(figure.locator("form")).to_be_visible()  # whoever wants to go ahead does
    card.get_by_label("At which rate").fill("30")
    card.get_by_label("You double").select_option("it falls")
    paper = figure.locator(".paper").bounding_box()
    height = paper["y"] + 0.9 * paper["height"]  # of -65 mV
    page.mouse.move(paper["x"] + 2, height)
    page.mouse.down()
    page.mouse.move(paper["x"] + paper["width"] - 2, height, steps=6)
    page.mouse.up()
    last = figure.get_by_role("slider", name="your curve at time t = 189 ms")
    expect(last).to_have_attribute("aria-valuetext", "−65")
    last.focus()
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    expect(last).to_have_attribute("aria-valuetext", "−60")
    page.keyboard.press("ArrowLeft")
    expect(figure.get_by_role("slider", name="your curve at time t = 167 ms")).to_be_focused()
    card.get_by_role("button", name="Show me").click()

    said, sketched = card.get_by_role("status").locator("p"), figure.locator("svg > .sketched")
    expect(said.nth(0)).to_have_text("You said 30.0 Hz: it is 72.1 Hz.")
    expect(said.nth(1)).to_have_text("You said it falls: it falls, from 72.1 Hz to 36.1 Hz.")
    off = re.compile(r"^Your curve is off by \d+ mV on average, most at time t = \d+ ms\.")
    expect(said.nth(2)).to_have_text(off)
    for verdict, kind in ((said.nth(0), "wrong"), (said.nth(1), "right")):
        expect(verdict).to_have_class(kind)
    expect_curve(figure, "1")
    expect(figure.locator(".readout[aria-hidden]")).to_have_count(0)
    expect(sketched).to_have_count(1)
    expect(figure.locator("svg")).to_have_attribute("role", "img")
    summary = page.locator("section.guesses")
    expect(summary).to_contain_text("of 3 were close. They stay in this browser.")
    expect(summary.get_by_role("link").first).to_have_attribute("href", "#lif_step")

    page.reload()
    expect(said.nth(2)).to_have_text(off)
    expect(said.nth(0)).to_have_text("You said 30.0 Hz: it is 72.1 Hz.")
    expect(sketched).to_have_count(1)
    card.get_by_role("button", name="Ask me again").click()
    expect_curve(figure, "0")
    expect(sketched).to_have_count(0)
    card.get_by_role("button", name="Skip").click()
    expect_curve(figure, "1")
    expect(said).to_have_count(0)
    expect(card.get_by_role("button", name="Ask me first")).to_be_visible()


def test_to_move_a_slider_is_to_skip(visit):  # noqa: F811
    figure = visit(STEP.html()).locator("figure.explorer")
    figure.locator(".asked").wait_for()
    assert moved(figure, I=0.8).startswith("firing rate 212.8 Hz")
    expect_curve(figure, "1")
    expect(figure.get_by_role("button", name="Ask me first")).to_be_visible()


def test_a_link_to_a_state_shows_it_without_a_question(visit, tmp_path):  # noqa: F811
    page = visit(STEP.html())
    figure = page.locator("figure.explorer")
    figure.locator(".asked").wait_for()
    expect_curve(figure, "0")
    page.goto("about:blank")
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#lif_step?I=0.8")
    expect(figure.locator(".readout")).to_contain_text("212.8 Hz")
    expect_curve(figure, "1")


def test_a_challenge_locks_sliders_hints_and_sees_that_it_is_solved(visit):  # noqa: F811
    page = visit(explore_step(I=0.5).html())
    figure = page.locator("figure.explorer")
    figure.get_by_text("Challenges").click()
    first = figure.locator(".challenges li").first
    moved(figure, tau_m=30.0)
    first.get_by_role("button", name="Try").click()
    told = first.get_by_role("status")
    expect(told).to_have_text("Go; I stays 0.50 nA.")
    current = figure.locator("form [name=I]").first
    expect(current).to_be_disabled()
    moved(figure, I=0.9)  # whatever else moves it
    expect(current).to_have_value("0.5")
    for k in range(25):
        moved(figure, tau_m=11.0 + 0.5 * (k % 2))
    expect(told).to_have_text(re.compile("^A hint: A slower membrane"))
    moved(figure, tau_m=27.5)
    expect(told).to_have_text(re.compile(r"^Solved, in \d+ moves\."))
    expect(current).to_be_enabled()
    expect(first).to_contain_class("solved")
    page.reload()
    expect(first).to_contain_class("solved")


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
    explorer = explore_step().ask(Question("At which rate does it fire?", "rate"))
    figure, names = explorer.widget.children[0], ("figure", "scene", "start", *explorer.params)
    page = open_as_widget(visit, figure, names)
    card = page.locator(".asked")
    expect(page.locator("figure.veiled")).to_have_count(1)
    card.get_by_label("At which rate").fill("70")
    card.get_by_role("button", name="Show me").click()
    expect(card.get_by_role("status")).to_have_text("You said 70.0 Hz: it is 72.1 Hz.")
    expect(page.locator("figure.veiled")).to_have_count(0)
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
    page.wait_for_function(
        "model.saved > 0 && String([model.values.since, model.values.site]) === '5,4'"
    )
