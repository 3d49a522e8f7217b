"""The sliders in a real browser: moved by mouse, finger and keys, from a server and from files."""

from functools import partial
from itertools import pairwise

import pytest

from neuro_lib.explorers import Choice
from neuro_lib.explorers.page import control_name
from tests.book.pages import EXPLORED, IN_SIGHT, SEEN, Explorer, first_slider, settle, url
from tests.hands import Finger

pytestmark = [pytest.mark.book, pytest.mark.browser]
explored = pytest.mark.parametrize("name", EXPLORED, scope="module")
PHONE = {"width": 360, "height": 740}
WINDOWS = {
    "phone": (390, 664),
    "phone on its side": (844, 390),
    "laptop": (1366, 657),
    "zoom of 200 %": (640, 400),
    "zoom of 400 %": (320, 200),
}


@pytest.fixture
def visit(visit):
    """The same without the typesetting of equations, which takes as long as all the rest."""
    return partial(visit, absent=["/mathjax/"])


@pytest.fixture
def revisit(revisit):
    """Do so with pages that are open."""
    return partial(revisit, absent=["/mathjax/"])


def drag(explorer, name, start, end):
    """Drag a slider's thumb with the mouse, and on beyond its end."""
    mouse = explorer.page.mouse
    (x0, y), (x1, _) = explorer.places(name, start, end)
    mouse.move(x0, y)
    mouse.down()
    mouse.move(x1 + 60 * (2 * end - 1), y + 5, steps=2)
    mouse.up()


def swipe(finger, explorer, name, start, end):
    """Do so with a finger, up to its end."""
    (x0, y), (x1, _) = explorer.places(name, start, end)
    finger.move(x0, y)
    finger.down()
    finger.move(x1, y, steps=2)
    finger.up(rest=0)  # nothing of a slider is flung


def push(explorer, name, start, end):
    """Move a slider to its end by the keyboard."""
    explorer.control(name).press("Home" if end == 0 else "End")


def share(parameter, value):
    return (value - parameter.low) / (parameter.high - parameter.low)


def assert_reaches_both_ends(explorer, move):
    """Move every slider to both ends; each time the picture must change and the words be right."""
    for parameter in explorer.scene.parameters:
        if isinstance(parameter, Choice):
            continue
        before, name = explorer.begin(), parameter.name
        at = share(parameter, before["values"][name])
        far = 1 if at < 0.5 else 0
        route = [at, far, 1 - far]
        for start, end in pairwise(route):
            move(explorer, name, start, end)
            after = explorer.assert_true()
            assert after["values"][name] == (parameter.high if end else parameter.low)
            assert after["picture"] != before["picture"], f"{explorer.name}: {name} moves nothing"
            before = after


@explored
def test_mouse_drags_every_slider_to_both_ends(revisit, origins, name):
    page = revisit(url(origins, "http", name))
    for explorer in Explorer.all(page):
        assert_reaches_both_ends(explorer, drag)


@explored
def test_finger_drags_every_slider_to_both_ends(revisit, origins, name):
    page = revisit(url(origins, "http", name), has_touch=True, is_mobile=True, viewport=PHONE)
    finger = Finger(page)
    for explorer in Explorer.all(page):
        assert_reaches_both_ends(explorer, partial(swipe, finger))
    finger.touch.detach()


@pytest.mark.parametrize("origin", ["http", "file"])
@explored
def test_keys_move_every_slider_to_both_ends(revisit, origins, origin, name):
    page = revisit(url(origins, origin, name))
    for explorer in Explorer.all(page):
        assert_reaches_both_ends(explorer, push)


@explored
def test_tap_moves_every_slider(revisit, origins, name):
    page = revisit(url(origins, "http", name), has_touch=True, is_mobile=True, viewport=PHONE)
    for explorer in Explorer.all(page):
        for slider in explorer.state()["shown"]:
            before = explorer.begin()  # a silent neuron would hide what the next slider does
            control, at = explorer.control(slider).element_handle(), before["values"][slider]
            ((x, y),) = explorer.places(slider, 0.8)
            page.touchscreen.tap(x, y)
            # The browser makes a click of it, in its own time.
            page.wait_for_function("([e, at]) => Number(e.value) !== at", arg=[control, at])
            assert explorer.assert_true()["picture"] != before["picture"]


@explored
def test_arrow_keys_move_every_control_by_one_step(revisit, origins, name):
    page = revisit(url(origins, "http", name))
    for explorer in Explorer.all(page):
        first = explorer.begin()
        for parameter in explorer.scene.parameters:
            control = explorer.control(parameter.name)
            step = getattr(parameter, "step", 1)
            key, back = "ArrowRight", "ArrowLeft"
            if isinstance(parameter, Choice):
                key, back = "ArrowDown", "ArrowUp"
            control.press(key)
            after = explorer.assert_true()
            moved = after["values"][parameter.name] - first["values"][parameter.name]
            assert moved == pytest.approx(step), parameter.name
            drawn = [state["picture"] + [state["readout"]] for state in (first, after)]
            assert drawn[0] != drawn[1], parameter.name
            control.press(back)
            again = explorer.assert_true()
            assert again["values"] == first["values"]
            first = again


@explored
def test_every_option_draws_its_own_picture(revisit, origins, name):
    page = revisit(url(origins, "http", name))
    for explorer in Explorer.all(page):
        for parameter in explorer.scene.parameters:
            if isinstance(parameter, Choice):
                pictures = []
                for option in parameter.options:
                    explorer.control(parameter.name).select_option(label=option)
                    page.keyboard.press("Tab")
                    pictures.append(str(explorer.state()["picture"]))
                assert len(set(pictures)) == len(parameter.options)
                explorer.assert_true()


@explored
def test_keyboard_alone_reaches_every_control(revisit, origins, name):
    page = revisit(url(origins, "http", name))
    for explorer in Explorer.all(page):
        parameters = explorer.scene.parameters
        explorer.control(parameters[0].name).focus()
        for parameter in parameters:
            assert page.evaluate("document.activeElement.name") == parameter.name
            page.keyboard.press("Tab")
            if not isinstance(parameter, Choice):
                typed = page.evaluate("document.activeElement.ariaLabel")
                assert typed.startswith(parameter.symbol) and typed.endswith("typed")
                page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.type") == "reset"
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


@explored
def test_reset_brings_everything_back(revisit, origins, name):
    page = revisit(url(origins, "http", name))
    for explorer in Explorer.all(page):
        untouched = explorer.state()
        for slider in untouched["shown"]:
            explorer.control(slider).press("End")
        assert explorer.state()["readout"] != untouched["readout"]
        explorer.reset()
        again = explorer.assert_true()
        for what in ("values", "readout", "shown", "spoken"):
            assert again[what] == untouched[what], what
        # The first picture is Matplotlib's: the same lines with fewer points.
        assert len(again["picture"]) == len(untouched["picture"])
        for slider in untouched["shown"]:
            explorer.control(slider).press("Home")
        explorer.reset()
        assert explorer.assert_true() == again


@explored
def test_explorers_do_not_move_each_other(revisit, origins, name):
    page = revisit(url(origins, "http", name))
    one, *others = Explorer.all(page)
    before = [other.state() for other in others]
    one.control(first_slider(one)).press("End")
    one.assert_true()
    assert [other.state() for other in others] == before


@explored
def test_screen_reader_hears_the_readout_once_a_slider_rests(revisit, origins, name):
    page = revisit(url(origins, "http", name))
    explorer = Explorer.all(page)[0]
    readout = explorer.figure.locator(".readout[role=status]")
    explorer.control(first_slider(explorer)).press("ArrowRight")
    explorer.state()
    page.wait_for_function("e => !e.hasAttribute('aria-busy')", arg=readout.element_handle())
    assert readout.text_content() == explorer.assert_true()["readout"]


@explored
def test_every_control_has_a_name_that_says_what_it_is(revisit, origins, name):
    page = revisit(url(origins, "http", name))
    for explorer in Explorer.all(page):
        for p in explorer.scene.parameters:
            role = "combobox" if isinstance(p, Choice) else "slider"
            called = f"{control_name(p)}: {explorer.scene.title}"
            control = explorer.figure.get_by_role(role, name=called, exact=True)
            assert control.get_attribute("name") == p.name
        assert page.get_by_role("group", name=explorer.scene.title, exact=True).count() == 1
        assert explorer.figure.get_by_role("img", name=explorer.scene.alt).count() == 1


@explored
def test_picture_is_in_sight_while_one_of_its_controls_has_the_focus(revisit, origins, name):
    page = revisit(url(origins, "http", name))
    for window, (width, height) in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        for explorer in Explorer.all(page):
            for control, shares in explorer.figure.evaluate(IN_SIGHT).items():
                assert min(shares) >= 0.9, f"{window}: {explorer.name}, {control}: {shares}"


def test_picture_stays_in_sight_while_the_window_changes(visit, origins):
    page = visit(url(origins, "http", EXPLORED[-1]))
    for explorer in Explorer.all(page):
        control = explorer.figure.locator("form [name]").last.element_handle()
        control.focus()
        for width, height in [*WINDOWS.values(), *reversed(WINDOWS.values())]:
            page.set_viewport_size({"width": width, "height": height})
            seen = f"(both) => Math.min(...({SEEN})(...both)) >= 0.9"
            page.wait_for_function(seen, arg=[explorer.element, control])


def test_swipe_that_scrolls_the_page_leaves_the_slider_where_it_was(visit, origins):
    page = visit(url(origins, "http", EXPLORED[0]), has_touch=True, viewport=PHONE, is_mobile=True)
    explorer = Explorer.all(page)[0]
    finger, before = Finger(page), explorer.state()["values"]
    ((x, y),) = explorer.places("I", 0.1)
    cancelled = "new Promise((done) => addEventListener('pointercancel', () => done(true), true))"
    page.evaluate(f"() => {{ window.cancelled = {cancelled}; }}")
    finger.move(x, y)
    finger.down()
    finger.move(x, y - 105, steps=7)
    assert page.evaluate("cancelled")
    finger.up()
    assert explorer.state()["values"] == before
    explorer.assert_true()
