"""The live network in a real browser: the worker does what Python does, and the page follows."""

import numpy as np
import pytest
from playwright.sync_api import expect

from neuro_lib import LIF
from neuro_lib.explorers import explore_network
from neuro_lib.explorers.scenes import network as scene
from neuro_lib.models.sparse import Crowd, Fired, Weights, Wiring, advance, connect
from tests.explorers.test_alive import browser, visit  # noqa: F401

pytestmark = pytest.mark.browser

FRAMES = 25
WATCH = """
window.seen = [];
document.addEventListener("explorer:drawn", ({ detail: { result, params } }) =>
  seen.push({ begin: result.begin, E: result.E, I: result.I, g: params.g, size: params.size }));
"""


def frames_in_python(size, J, g, drive):
    """How many neurons of either kind fire in each of the first frames."""
    n = scene.SIZES[size]
    excite, steps = round(0.8 * n), round(scene.BIN / scene.DT)
    wiring = Wiring(np.zeros(n + 1), np.zeros(n * (scene.FROM_E + scene.FROM_I)))
    connect(n, excite, scene.FROM_E, scene.FROM_I, wiring)
    crowd = Crowd(np.zeros(n), np.zeros(n), np.zeros(n * scene.DELAY), np.zeros(1))
    scene.start(crowd.u, crowd.seed)
    push, sigma = drive * scene.DISTANCE, scene.OUTSIDE * drive**0.5
    weights = Weights(excite, J, g, push, sigma, scene.HELD, scene.DELAY)
    lif, to = LIF(tau_m=scene.TAU_M), Fired(np.zeros(n * steps), np.zeros(n * steps))
    for k in range(FRAMES):
        count = advance(k * steps, steps, scene.DT, lif, weights, wiring, crowd, to)
        E = int(np.count_nonzero(to.who[:count] < excite))
        yield [E, count - E]


def test_the_worker_does_what_python_does_and_the_page_follows_the_sliders(visit):  # noqa: F811
    page = visit(explore_network().html())
    figure, readout = page.locator("figure.network"), page.locator(".readout")
    page.evaluate(WATCH)
    button = figure.locator(".run")
    expect(button).to_have_text("Run")
    raster = figure.locator("[data-gid=raster_E] path").get_attribute("d")
    button.click()
    page.wait_for_function(f"seen.length >= {FRAMES}")
    seen = page.evaluate("seen")[:FRAMES]
    assert [frame["begin"] for frame in seen] == [scene.BIN * k for k in range(FRAMES)]
    python = list(frames_in_python(0, 0.5, 5.0, 1.2))
    assert [[frame["E"], frame["I"]] for frame in seen] == python
    expect(figure.locator("[data-gid=raster_E] path")).not_to_have_attribute("d", raster)

    figure.locator("select[name=size]").select_option("10,000")
    figure.locator("input[name=g]").first.fill("0")
    page.wait_for_function("seen.some((x) => x.size === 2 && x.g === 0 && x.E > 8000 * 0.2)")
    expect(readout).to_contain_text("10000 neurons")
    expect(button).to_have_text("Pause")
    button.click()
    expect(button).to_have_text("Run")
    count = page.evaluate("seen.length")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    later = page.evaluate("seen.length")
    assert later <= count + 1
