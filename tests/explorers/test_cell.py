"""The drawn neuron in a real browser: mouse, finger, keyboard, and time that waits."""

import re

import pytest
from playwright.sync_api import expect

from neuro_lib.explorers import explore_neuron
from tests.explorers.test_alive import browser, settle, visit  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture
def figure(visit):  # noqa: F811
    figure = visit(explore_neuron().html()).locator("figure.drawn-neuron")
    figure.locator(".hint").wait_for()
    return figure


def says(figure, text):
    expect(figure.locator(".readout")).to_contain_text(text)


def synapse(figure, letter):
    return figure.get_by_role("button", name=f"{letter}: synapse")


def test_taps_in_a_row_make_a_spike_that_travels_down_the_axon(figure):
    says(figure, "taps in these 120 ms: 3; highest potential −50.0 mV; spikes: 1")
    expect(figure.locator(".still")).to_have_count(0)
    figure.get_by_role("button", name="Clear").click()
    says(figure, "taps in these 120 ms: 0; highest potential −65.0 mV; spikes: 0")
    figure.page.evaluate(
        """() => {
          window.seen = { flow: 0, travelled: [] };
          document.addEventListener("explorer:drawn", ({ detail: { result } }) => {
            seen.flow = Math.max(seen.flow, result.flow[0]);
            if (result.travelled >= 0) seen.travelled.push(result.travelled);
          });
        }"""
    )
    while "spikes: 1" not in figure.locator(".readout").inner_text():
        synapse(figure, "A").click()  # however slow the machine is, it clicks faster than u leaks
    figure.page.wait_for_function(
        "seen.travelled.some((x) => x > 0.7) && seen.flow > 0.3 && new Set(seen.travelled).size > 3"
    )
    expect(figure.locator(".readout")).to_have_text(re.compile("^taps in these 120 ms: 0"))
    # and time comes to rest


def test_where_time_waits_letters_on_the_keyboard_are_taps_10_ms_apart(figure):
    figure.get_by_label("Time waits").check()
    synapse(figure, "A").focus()
    for k, letter in enumerate("abc"):
        figure.page.keyboard.press(letter)
        says(figure, f"taps in these 120 ms: {k + 1}")
    says(figure, "highest potential −50.0 mV; spikes: 1")
    figure.get_by_role("button", name="Clear").click()
    for letter in "AEBCE":
        synapse(figure, letter).press("Enter")
    five = re.compile("taps in these 120 ms: 5; .*spikes: 0$")
    expect(figure.locator(".readout")).to_have_text(five)
    figure.page.keyboard.press("Control+a")
    settle(figure)
    expect(figure.locator(".readout")).to_have_text(five)


def test_who_wants_little_motion_has_time_wait(browser):  # noqa: F811
    page = browser.new_page(
        reduced_motion="reduce", has_touch=True, viewport={"width": 390, "height": 800}
    )
    page.set_content(explore_neuron().html())
    figure = page.locator("figure.drawn-neuron")
    figure.locator(".hint").wait_for()
    expect(figure.get_by_label("Time waits")).to_be_checked()
    synapse(figure, "D").tap()
    says(figure, "taps in these 120 ms: 1; highest potential −58.2 mV")
    page.wait_for_function("document.documentElement.scrollWidth <= 390")
    page.close()
