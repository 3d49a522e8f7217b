"""Living text: words of a chapter and what they mean in a figure are one, for hand and eye."""

import pytest

from tests.book.pages import Explorer, url
from tests.hands import Finger

pytestmark = [pytest.mark.book, pytest.mark.browser]
PAGE = "chapters/if_model"
CURRENT = ".live[data-slider=I][data-number]"
LIT = """
() => [...document.querySelectorAll(".lit")]
  .map((e) => e.dataset.gid ?? e.getAttribute("class").split(" ")[0]).sort()
"""


@pytest.fixture
def page(visit, origins):
    """The chapter, for mouse, finger and keys."""
    page = visit(url(origins, "file", PAGE), has_touch=True)
    page.set_default_timeout(10_000)
    page.wait_for_selector(f"{CURRENT}[role=slider]")
    return page


def middle(page, selector):
    """Middle of some words in the window."""
    words = page.locator(selector).first
    words.evaluate("(e) => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = words.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def assert_says(page, text, value):
    """Assert that sentence, slider and figure show a current."""
    explorer = Explorer.all(page)[0]
    assert explorer.assert_true()["values"]["I"] == value
    for words in page.locator(f"{CURRENT}[data-live=lif_step]").all():
        assert words.text_content() == text
        assert words.get_attribute("aria-valuetext") == f"{value:.2f} nA"
    rate = page.locator(".live[data-says='0'][data-live=lif_step]").text_content()
    assert explorer.state()["readout"].startswith(f"firing rate {rate};")


def test_a_number_in_a_sentence_is_dragged_by_mouse_and_finger(page):
    x, y = middle(page, CURRENT)
    place = page.evaluate("scrollY")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 24, y, steps=3)  # a tenth of the way from end to end
    page.mouse.up()
    assert_says(page, "0.50 nA", 0.5)
    finger = Finger(page)
    finger.move(x, y)
    finger.down()
    finger.move(x + 48, y + 1)
    finger.up()
    assert_says(page, "0.70 nA", 0.7)
    assert page.evaluate("scrollY") == place
    Explorer.all(page)[0].reset()
    assert_says(page, "0.4 nA", 0.4)  # as it was written


def test_a_number_in_a_sentence_is_a_slider_for_the_keyboard(page):
    name = "I, input current: A step of current"
    number = page.locator("p").get_by_role("slider", name=name).first
    for key, value in (("ArrowRight", 0.41), ("PageUp", 0.51), ("Home", 0.0), ("End", 1.0)):
        number.press(key)
        assert_says(page, f"{value:.2f} nA", value)
    Explorer.all(page)[0].control("I").press("ArrowLeft")
    assert_says(page, "0.99 nA", 0.99)


def test_pointing_at_a_symbol_lights_its_slider_and_its_part_of_the_figure(page):
    lit, theta = ["handle", "lit", "live", "theta"], ".live[data-slider=theta]"
    page.locator(theta).first.focus()
    assert page.evaluate(LIT) == lit
    page.locator(theta).first.blur()
    assert page.evaluate(LIT) == []
    x, y = middle(page, theta)
    place = page.evaluate("scrollY")
    page.mouse.move(x, y)
    assert page.evaluate(LIT) == lit
    page.mouse.move(x, y + 300)
    page.touchscreen.tap(x, y)
    assert page.evaluate(LIT) == lit
    assert page.evaluate("scrollY") == place
    # In an equation the same symbol shows the same.
    symbol = page.locator("mjx-container[display] g.live").first
    symbol.hover()
    assert {"lit", "live"} < set(page.evaluate(LIT))


def test_without_javascript_it_is_text(visit, origins):
    page = visit(url(origins, "file", PAGE), java_script_enabled=False)
    words = page.locator(CURRENT.removesuffix("[data-number]")).first
    assert words.text_content() == "0.4 nA"
    look = "(e) => [getComputedStyle(e).borderBottomStyle, e.tabIndex, e.role]"
    assert words.evaluate(look) == ["none", -1, None]
