"""What an explorer offers beyond its sliders, used in a real browser: each page opened once."""

import csv
import io
import json
import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect

from neuro_lib.explorers import SCENES
from neuro_lib.explorers.scene import fixed
from neuro_lib.explorers.scenes.lif_input import explore_input, lif_drawn
from neuro_lib.explorers.scenes.lif_step import explore_step
from neuro_lib.explorers.scenes.volley import explore_volley
from tests.explorers.bench import explorer, javascript, last, position
from tests.explorers.test_alive import browser, settle  # noqa: F401
from tests.hands import drag, hand, middle_of

CALLS = {
    "lif_step": [{}, {"tau_m": 20.0, "I": 0.35}],
    "lif_input": [{"kind": 2, "T": 20.0}],
    "volley": [{"n": 80}],
    "lif_filters": [{"pattern": 2, "b": 0.1}],
}


# Without a browser


@pytest.mark.parametrize("name", CALLS)
def test_python_that_is_copied_gives_the_explorer_in_its_state(name):
    import neuro_lib.explorers

    for values in CALLS[name]:
        params = explorer(name).scene.checked(values)
        scene = json.dumps(explorer(name).description())
        call = javascript().eval(f"pythonOf({scene}, {json.dumps(params)})")
        assert eval(call, vars(neuro_lib.explorers) | _explorers()).params == params
    assert javascript().eval(
        f"pythonOf({json.dumps(explorer('lif_step').description())}, "
        '{"tau_m": 20, "R": 50, "theta": -50, "I": 0.35, "t_on": 20, "t_off": 180})'
    ) == ("explore_step(tau_m=20.0, I=0.35)")


def _explorers():
    from neuro_lib import explorers
    from neuro_lib.explorers.scenes import EXPLORERS

    return {name: getattr(explorers, name) for name in EXPLORERS.values()}


# In a browser

HANDLED = [name for name in SCENES if explorer(name).scene.handles]


@pytest.fixture(scope="module")
def handled(browser, tmp_path_factory):  # noqa: F811
    """A page of all explorers with handles."""
    path = tmp_path_factory.mktemp("handled") / "page.html"
    figures = "".join(explorer(name).html() for name in HANDLED)
    path.write_text(f'<!doctype html><meta charset="utf-8">{figures}', "utf-8")
    context = browser.new_context(has_touch=True, viewport={"width": 1000, "height": 1000})
    page = context.new_page()
    page.goto(path.as_uri())
    page.locator("form:visible").nth(len(HANDLED) - 1).wait_for()
    yield page
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", HANDLED)
def test_every_handle_is_its_slider_for_keys_mouse_and_finger(handled, name):
    figure, scene = handled.locator(f"figure[data-scene={name}]"), explorer(name).scene
    panels = explorer(name).description()["panels"]
    marks = {mark["gid"]: mark for mark in explorer(name).description()["marks"]}
    by_name = {p.name: p for p in scene.parameters}
    keys = {"x": ("ArrowRight", "ArrowLeft"), "y": ("ArrowUp", "ArrowDown")}
    figure.evaluate("(f) => f.scrollIntoView({ block: 'center' })")
    box = figure.locator("svg").bounding_box()
    unit = box["width"] / float(figure.locator("svg").get_attribute("viewBox").split()[2])

    def values():
        settle(figure)
        return figure.evaluate(
            "(f) => Object.fromEntries([...f.querySelector('form').elements]"
            ".filter((e) => e.name).map((e) => [e.name, Number(e.value)]))"
        )

    def assert_in_step():
        outcome = scene(**{n: by_name[n].stop(position_of(v)) for n, v in values().items()})
        expect_says(figure, "; ".join(scene.describe(outcome)).replace("_", ""))

    def position_of(value):
        return int(value) if value % 1 == 0 else value

    expect(figure.locator(".handle")).to_have_count(len(scene.handles))
    for number, handle in enumerate(scene.handles):
        knob = figure.locator(".handle").nth(number)
        panel = panels[marks[handle.mark]["panel"]]
        lies = {handle.axis: (by_name[handle.name], handle.zero, handle.scale)}
        if handle.other:
            lies["y" if handle.axis == "x" else "x"] = by_name[handle.other], 0.0, 1.0
        for kind, part in (("finger", 0.7), ("mouse", 0.4)):
            knob.press("Home")
            assert values()[handle.name] == position(by_name[handle.name], 0)
            knob.press(keys[handle.axis][handle.scale < 0])
            assert values()[handle.name] == position(by_name[handle.name], 1)
            assert_in_step()
            place = knob.bounding_box()
            goal = {"x": place["x"] + place["width"] / 2, "y": place["y"] + place["height"] / 2}
            wanted = {}
            for axis, (p, zero, scale) in lies.items():
                a, b = panel["scale"][:2] if axis == "x" else panel["scale"][2:]
                value = np.clip(zero + scale * position(p, round(part * last(p))), *panel[axis])
                goal[axis] = box[axis] + (a * value + b) * unit
                wanted[p] = (value - zero) / scale, abs(1.5 / (a * unit * scale))
            drag(handled, kind, knob, goal["x"], goal["y"])
            for p, (value, pixels) in wanted.items():
                step = getattr(p, "step", 1)
                assert values()[p.name] == pytest.approx(value, abs=pixels + 0.51 * step), kind
            assert_in_step()


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):  # noqa: F811
    """A page of two explorers, the first one twice; it may have no errors."""
    folder = tmp_path_factory.mktemp("instrument")
    explorers = explore_step(), explore_input(), explore_step(I=0.2), explore_volley()
    html = "".join(one.html() for one in explorers)
    (folder / "page.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>E</title>{html}', "utf-8"
    )
    context = browser.new_context(accept_downloads=True, has_touch=True)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.address = (folder / "page.html").as_uri()
    page.goto(page.address)
    page.locator("form:visible").nth(3).wait_for()
    yield page
    assert not errors
    context.close()


@pytest.fixture
def step(page):
    figure = page.locator("figure[data-scene=lif_step]").first
    figure.get_by_role("button", name="Reset").click()
    settle(figure)
    return figure


def says(explore=explore_step, **values):
    explorer = explore(**values)
    return "; ".join(explorer.scene.describe(explorer.run()))


def expect_says(figure, text):
    expect(figure.locator(".readout")).to_have_text(text)


def starting(text):
    return re.compile(f"^{re.escape(text)}")


def enter(field, text):
    field.fill(text)
    field.press("Enter")


def press(figure, item):
    figure.get_by_text("More", exact=True).click()
    figure.get_by_role("button", name=item).click()


def saved(page, figure, item):
    with page.expect_download() as download:
        press(figure, item)
    return download.value.path().read_bytes()


@pytest.mark.browser
def test_a_value_is_typed(step):
    field = step.get_by_label("I in nA, typed")
    expect(field).to_have_value("0.40 nA")
    enter(field, "0.8")
    expect_says(step, says(I=0.8))
    expect(step.locator("input[name=I]")).to_have_value("0.8")
    enter(field, "1.2")
    expect(step.get_by_role("alert").nth(3)).to_have_text(
        "I = 1.2 nA: the input current must be a number from 0 to 1 nA"
    )
    expect(field).to_have_attribute("aria-invalid", "true")
    settle(step)
    expect_says(step, says(I=0.8))
    field.press("Escape")
    expect(field).to_have_value("0.80 nA")
    expect(step.locator("[aria-invalid]")).to_have_count(0)


@pytest.mark.browser
def test_a_link_opens_at_the_state_that_was_copied(page, step):
    step.get_by_label("τ_m in ms, typed").fill("20")
    enter(step.get_by_label("I in nA, typed"), "0.35")
    press(step, "Copy link")
    note = step.locator(".note")
    note.get_by_text("Copied: ").wait_for()
    link = urlsplit(note.inner_text().removeprefix("Copied: "))
    key, _, query = link.fragment.partition("?")
    assert key == "lif_step" and parse_qs(query) == {"tau_m": ["20"], "I": ["0.35"]}
    other = page.context.new_page()
    other.goto(f"{page.address}#{link.fragment}")
    figures = other.locator("figure.explorer")
    told = other.locator(".readout")
    told.filter(has_text=says(tau_m=20.0, I=0.35)).wait_for()
    expect(figures.nth(0).locator("input[name=tau_m]")).to_have_value("20")
    expect(figures.nth(2).locator("input[name=tau_m]")).to_have_value("10")
    other.evaluate("location.hash = '#lif_step-2?I=0.8&tau_m=99'")
    told.filter(has_text=says(I=0.8)).wait_for()
    figures.nth(2).get_by_text("tau_m = 99 ms: the membrane time constant must be").wait_for()
    other.close()


@pytest.mark.browser
def test_what_is_taken_along_is_what_is_seen(page, step):
    enter(step.get_by_label("I in nA, typed"), "0.8")
    made, outcome = says(I=0.8), explore_step(I=0.8).run()
    expect_says(step, made)
    text = saved(page, step, "Save data").decode()
    assert text.startswith("# explore_step(I=0.8)\n")
    rows = list(csv.reader(io.StringIO(re.sub("(?m)^#.*\n", "", text))))
    assert rows[0] == ["time t (ms)", "u (mV)", "I (nA)", "spike: time t (ms)"]
    columns = dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))
    np.testing.assert_allclose([float(v) for v in columns["u (mV)"]], outcome.u, rtol=1e-12)
    spikes = [float(v) for v in columns["spike: time t (ms)"] if v]
    np.testing.assert_allclose(spikes, outcome.spikes, rtol=1e-12)
    picture = saved(page, step, r"Save picture (SVG)").decode()
    assert "var(" not in picture and ElementTree.fromstring(picture) is not None
    path = step.locator('[data-gid="u"] path').get_attribute("d")
    assert path in picture
    assert saved(page, step, "Save picture (PNG)").startswith(b"\x89PNG")
    alone = page.context.new_page()
    html = saved(page, step, "Save as one page").decode()
    alone.set_content(html)
    expect(alone.locator(".readout")).to_have_text(made)
    expect(alone.locator("figure.explorer")).to_have_count(1)
    alone.close()


@pytest.mark.browser
def test_kept_curves_stay_and_swap(step):
    first = step.locator('[data-gid="u"] path').get_attribute("d")
    step.get_by_role("button", name="Keep").click()
    enter(step.get_by_label("I in nA, typed"), "0.8")
    expect_says(step, says(I=0.8))
    expect(step.locator(f'.ghost path[d="{first}"]')).to_have_count(1)
    kept = step.locator(".kept li")
    expect(kept).to_have_text(starting(f"as at first: {says()}"))
    step.get_by_role("button", name="Swap 1").click()
    expect_says(step, says())
    expect(kept).to_have_text(starting(f"I = 0.80 nA: {says(I=0.8)}"))
    for _ in range(2):
        step.get_by_role("button", name="Keep").click()
    expect(kept).to_have_count(3)
    expect(step.get_by_role("button", name="Keep")).to_be_disabled()
    for _ in range(3):
        step.get_by_role("button", name="Remove").first.click()
    expect(step.locator(".ghost")).to_have_count(0)


@pytest.mark.browser
def test_data_are_a_table_and_the_state_is_a_sentence(step):
    step.get_by_text("Data as a table").click()
    table = step.get_by_role("table").first
    table.get_by_role("row").nth(21).wait_for()
    heads = table.get_by_role("columnheader")
    expect(heads).to_have_text(["time t (ms)", "u (mV)", "I (nA)"])
    sentence = step.locator(f"#{step.locator('svg').get_attribute('aria-describedby')}")
    at = "At τ_m = 10.0 ms, R = 50 MΩ, θ = −50.0 mV, I = 0.40 nA, t_on ="
    expect(sentence).to_have_text(starting(at))
    expect(sentence).to_contain_text("t_off = 180 ms: firing")
    expect(sentence).to_contain_text("u (mV) begins at −65")
    step.get_by_text("Data as a table").click()


@pytest.mark.browser
def test_handles_are_the_sliders(page, step):
    theta = step.get_by_role("slider", name="θ, firing threshold", exact=True).first
    expect(theta).to_have_attribute("aria-valuetext", "−50.0 mV")
    theta.press("ArrowUp")
    theta.press("PageDown")
    expect_says(step, says(theta=-54.5))
    expect(step.locator("input[name=theta]")).to_have_value("-54.5")
    theta.press("Home")
    expect(theta).to_have_attribute("aria-valuenow", "-60")
    current = step.get_by_role("slider", name="I, input current").first
    current.scroll_into_view_if_needed()
    x, y = middle_of(current)
    drag(page, "mouse", current, x + 30, y - 500)  # beyond the end
    page.mouse.move(x, y)
    expect(step.locator("input[name=I]")).to_have_value("1")
    expect_says(step, says(theta=-60.0, I=1.0))
    line = step.locator('[data-gid="theta"]').bounding_box()
    knob = theta.bounding_box()
    middle = knob["y"] + knob["height"] / 2
    assert abs(middle - line["y"] - line["height"] / 2) < 1.5


@pytest.mark.browser
def test_what_leaves_the_axes_is_told_at_their_edge(step):
    edge = step.locator(".edge.above").first
    expect(edge).to_have_text("")
    step.get_by_role("slider", name="I, input current").first.press("End")
    expect_says(step, says(I=1.0))
    expect(edge).to_have_text("↑ u_rest + R I = −15.0")  # in mV; the axes end at −20


@pytest.mark.browser
def test_an_explorer_is_drawn_from_left_to_right_in_any_document(page, step):
    def places():
        box = step.locator("svg").bounding_box()
        texts = [text.bounding_box() for text in step.locator("svg text").all()]
        return [round(text["x"] - box["x"], 1) for text in texts]

    before = places()
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert places() == before
    page.evaluate("document.documentElement.dir = 'ltr'")


@pytest.mark.browser
@pytest.mark.parametrize("forced, voltage", [("dark", "#56b4e9"), ("light", "#0072b2")])
def test_colours_follow_a_palette_that_the_reader_forces(page, step, forced, voltage):
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.emulate_media(forced_colors="active", color_scheme=forced)
    seen = step.evaluate("(f) => getComputedStyle(f).getPropertyValue('--nl-voltage')")
    page.emulate_media(forced_colors="none", color_scheme="light")
    page.evaluate("delete document.documentElement.dataset.theme")
    assert seen.strip() == voltage


@pytest.mark.browser
def test_time_can_be_played_and_scrubbed(page, step):
    step.get_by_role("button", name="Play").click()
    scrub = step.get_by_role("slider", name="instant")
    page.wait_for_function("(scrub) => Number(scrub.value) > 0", arg=scrub.element_handle())
    sound = step.get_by_role("button", name="Sound")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    step.get_by_role("button", name="Pause").click()
    scrub.fill("100")
    expect(scrub).to_have_attribute("aria-valuetext", "100.0 ms")
    outcome, (upper, *_) = explore_step().run(), explorer("lif_step").description()["panels"]
    ax, bx, ay, by = upper["scale"]
    settle(step)
    dot = step.locator("circle.cursor").first
    cx, cy = (float(dot.get_attribute(name)) for name in ("cx", "cy"))
    assert (cx, cy) == pytest.approx((100 * ax + bx, outcome.u[1000] * ay + by), abs=0.1)
    sound.click()


@pytest.mark.browser
def test_an_explorer_fills_the_screen_and_leads_to_the_next(page, step):
    press(step, "Fill the screen")
    full = "() => document.fullscreenElement?.dataset.scene"
    page.wait_for_function(f"({full})() === 'lif_step'")
    page.keyboard.press("PageDown")
    page.wait_for_function(f"({full})() === 'lif_input'")
    page.evaluate(
        "async () => { while (document.fullscreenElement) await document.exitFullscreen(); }"
    )


@pytest.mark.browser
def test_another_draw_is_pythons_next_and_the_mean_over_draws_is_told(page):
    figure = page.locator("figure[data-scene=volley]")
    peaks = [explore_volley(draw=draw).run().peak for draw in (3, 4, 5)]
    for draw in (4, 5):
        figure.get_by_role("button", name="Another draw").click()
        expect_says(figure, says(explore_volley, draw=draw))
    mean = figure.locator(".mean")
    expect(mean).to_have_text(f"Over 3 draws: highest potential {fixed(np.mean(peaks), 2)} mV")
    figure.locator("input[name=n]").press("ArrowRight")
    expect(mean).to_have_text("")


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["mouse", "finger"])
def test_the_input_is_drawn_and_cleared(page, kind):
    figure = page.locator("figure[data-scene=lif_input]")
    figure.get_by_role("button", name="Draw the input").click()
    sheet = figure.get_by_role("group", name="draw it with a finger")
    sheet.wait_for()
    sheet.scroll_into_view_if_needed()
    box, pointer = sheet.bounding_box(), hand(page, kind)
    pointer.move(box["x"], box["y"] + box["height"] - 1)
    pointer.down()
    pointer.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    pointer.move(box["x"] + box["width"], box["y"] + 2, steps=5)
    pointer.up()
    sheet.press("ArrowDown")
    settle(figure)
    figure.evaluate(
        "(f) => f.addEventListener('explorer:drawn', (e) => { window.answer = e.detail; })"
    )
    sheet.press("ArrowUp")
    page.wait_for_function("window.answer")
    # A finger may have drawn late: the last answer stands once nothing more is told.
    expect(figure.locator(".readout")).not_to_have_attribute("aria-busy", "true")
    params, result = page.evaluate(
        "() => [answer.params, Object.fromEntries(Object.entries(answer.result).map("
        "([n, v]) => [n, v.length ? [...v] : v]))]"
    )
    assert result["current"][0] < -0.5 and result["current"][-1] > 1.2
    outcome = lif_drawn(np.array(result["current"]), **params)
    np.testing.assert_allclose(result["u"], outcome.u, rtol=1e-9)
    expect_says(figure, "; ".join(explorer("lif_input").scene.describe(outcome)))
    figure.get_by_role("button", name="Clear").click()
    expect_says(figure, says(explore_input))
    expect(sheet).to_be_hidden()
