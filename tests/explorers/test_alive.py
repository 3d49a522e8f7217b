"""Explorers in a real browser, each page a file of its own: no server of ours, no network."""

import base64
import re
import threading
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import pytest
from playwright.sync_api import expect, sync_playwright

from neuro_lib.explorers import SCENES, Explorer, Line, Readout, Scene, Slider
from neuro_lib.explorers.scenes.lif_step import explore_step
from neuro_lib.portable import Array, portable, zeros
from tests.book.conftest import FLAGS, find_chromium
from tests.explorers.test_ends import STARTS

pytestmark = pytest.mark.browser

PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Explorers</title><body>{}</body>'
)
MOVE = """
(figure, params) => new Promise((drawn) => {
  const form = figure.querySelector("form"), readout = figure.querySelector(".readout");
  for (const [name, value] of Object.entries(params)) form.elements[name].value = value;
  // A frame to ask for the run, the next to see what it says.
  const first = form.elements[Object.keys(params)[0]];
  first.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => requestAnimationFrame(() => drawn(readout.textContent)));
})
"""


def moved(figure, **params):
    """What an explorer says once it is moved."""
    return figure.evaluate(MOVE, params)


def settle(figure):
    """Wait until what was moved is drawn."""
    figure.evaluate("() => new Promise((d) => requestAnimationFrame(() => setTimeout(d)))")


@pytest.fixture(scope="module")
def browser():
    expect.set_options(timeout=30_000)  # a busy machine is no fault
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, tmp_path):
    """A function that opens some HTML as a file; the page may have no errors."""
    page, errors = browser.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))

    def visit(html):
        path = tmp_path / "page.html"
        path.write_text(PAGE.format(html), "utf-8")
        page.goto(path.as_uri())
        return page

    yield visit
    assert not errors
    page.close()


@pytest.mark.parametrize("name", STARTS)
def test_an_explorer_that_starts_with_an_empty_mark_moves(visit, name):
    start, goal = SCENES[name](**STARTS[name]), SCENES[name]()
    figure = visit(start.html()).locator("figure.explorer")
    assert moved(figure, **goal.params) == "; ".join(goal.scene.describe(goal.run()))


def test_explorers_of_a_page_share_one_script(visit):
    page = visit("".join(explore_step(I=I).html() for I in (0.2, 0.8)))
    expect(page.locator("form:visible")).to_have_count(2)
    page.wait_for_function("Object.keys(neuroLib)[0] === 'show'")


class Waited(NamedTuple):
    x: Array
    rounds: int


@portable
def patient(n: int) -> Waited:
    """Goes round for ever, if it is told to."""
    x = zeros(2)
    while n > 2:
        x[0] += 1.0
    x[1] = 0.5 * n
    return Waited(x=x, rounds=n)


def draw_patient(values):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot((0, 1), values["x"], gid="x")
    axes.set(xlim=(0, 1), ylim=(0, 2))
    return figure


def test_a_scene_that_would_hang_says_so_and_keeps_its_last_picture(visit):
    scene = Scene(
        name="patient",
        run=patient,
        parameters=(
            Slider(
                name="n", symbol="n", unit="", meaning="rounds", low=0, high=3, step=1, default=1
            ),
        ),
        marks=(Line("x", (0, 1), "x"),),
        readouts=(Readout("rounds", "rounds"),),
        draw=draw_patient,
        alt="A line that rises with the number of rounds, until they never come to an end.",
    )
    figure = visit(Explorer(scene).html()).locator("figure.explorer")
    path = figure.locator('[data-gid="x"] path')
    assert moved(figure, n=2) == "rounds 2"
    last = path.get_attribute("d")
    assert moved(figure, n=3) == (
        "The picture is the last one. In `patient` of tests.explorers.test_alive, `while n>2:`: "
        "this loop did not come to an end in 300 ms"
    )
    expect(path).to_have_attribute("d", last)
    assert moved(figure, n=1) == "rounds 1"
    expect(path).not_to_have_attribute("d", last)


# Hosts that forbid much


def policies(html):
    """Policies by what they allow: whether the sliders live, and the page's own scripts run."""
    own = " ".join(
        f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'"
        for script in re.findall(r"<script[^>]*>(.*?)</script>", html, flags=re.DOTALL)
    )
    return {
        "inline": ("'unsafe-inline'", True, html),
        "nonce": ("'nonce-abc'", True, html.replace("<script>", '<script nonce="abc">')),
        "hashes and blobs": (f"{own} blob:", True, html),
        "hashes": (own, False, html),
        "nothing": ("'none'", None, html),
    }


@pytest.fixture
def serve(tmp_path):
    """A function that serves a page under a policy; it returns the address."""

    class Handler(SimpleHTTPRequestHandler):
        policy = ""

        def end_headers(self):
            self.send_header("Content-Security-Policy", f"script-src {self.policy}")
            super().end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def serve(html, policy):
        Handler.policy = policy
        (tmp_path / "index.html").write_text(PAGE.format(html), "utf-8")
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("allowed", policies(""))
def test_where_text_may_not_be_evaluated_sliders_live_or_say_why_not(browser, serve, allowed):
    explorer = explore_step(I=0.2)
    policy, alive, html = policies(explorer.html())[allowed]
    page = browser.new_page()
    page.goto(serve(html, policy))
    figure = page.locator("figure.explorer")
    height = figure.locator("svg").bounding_box()["height"]
    assert height > 150
    if alive:
        figure.locator("form").wait_for()
        assert moved(figure, I=0.8).startswith("firing rate 212.8 Hz; first spike after 4.7 ms")
        expect(figure.locator(".still")).to_have_count(0)
    else:
        why = "this page's policy forbids code" if alive is False else "need JavaScript"
        figure.get_by_text(why).wait_for()
        expect(figure.locator(".still")).to_contain_text("I = 0.20 nA")
        expect(figure.locator("form")).to_be_hidden()
        told = "; ".join(explorer.scene.describe(explorer.run()))
        expect(figure.locator(".readout")).to_have_text(told)
    page.close()
