"""The book: how large its pages are, how fast they answer, how long it takes to build."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from gzip import compress
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from neuro_lib.explorers import SCENES
from neuro_lib.explorers.page import asking, shared
from neuro_lib.portable.javascript import compiler
from tools.benchmarks.row import Row
from tools.benchmarks.sizes import OWN, PACKED, SHARED, WITH_DATA
from tools.serve import BookHandler, BookServer

ROOT = Path(__file__).parent.parent.parent
HTML = ROOT / "_build" / "html"
CHAPTER = "chapters/if_model.html"
HEAVY = (".woff", ".woff2", ".ttf", "tex-svg.js")  # fonts and mathematics

# Moves the first slider as soon as there is one that listens; tells when the picture has followed.
ANSWER = """
document.addEventListener("explorer:drawn", () => { window.answered ??= performance.now(); });
const ask = () => {
  const slider = document.querySelector(".explorer form:not([hidden]) input[type=range]");
  if (!slider) { requestAnimationFrame(ask); return; }
  slider.value = slider.max;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
};
requestAnimationFrame(ask);
"""
# Lets the network run for a while, and gives the times from each of its pictures to the next, and
# of each task that held the page up.
RUN = """() => new Promise((done) => {
  const times = [], long = [];
  new PerformanceObserver((list) => list.getEntries().forEach((task) => long.push(task.duration)))
    .observe({ entryTypes: ["longtask"] });
  document.addEventListener("explorer:drawn", () => times.push(performance.now()));
  setTimeout(() => done([times.slice(1).map((time, k) => time - times[k]), long]), 5000);
})"""
# Notes the script time of each redraw, and the time from each frame to the next.
WATCH = """(scene) => {
  const figure = document.querySelector(`figure[data-scene=${scene}]`);
  figure.scrollIntoView({ block: "center" });
  Object.assign(window, { drawn: [], frames: [], watching: true });
  figure.addEventListener("explorer:drawn", (event) => drawn.push(event.detail.milliseconds));
  let last;
  const tick = (now) => {
    if (last) frames.push(now - last);
    last = now;
    if (watching) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""
# Compiles some scenes in a page that has compiled nothing yet; gives the milliseconds.
COMPILE = """(sources) => {
  const start = performance.now();
  for (const source of sources) runnable((0, eval)(compilePortable(source).javascript));
  return performance.now() - start;
}"""


def measure() -> Iterator[Row]:
    """Time the book and its explorers."""
    timed("make", "book")
    yield Row("the book, unchanged", timed("make", "book"), "s", 5)
    runtime = shared().encode()
    yield Row("what all explorers of a page share, once", len(runtime) / 1024, "KB", SHARED)
    packed = len(compress(runtime)) / 1024
    yield Row("what all explorers of a page share, once, packed (gzip)", packed, "KB", PACKED)
    for name, build in SCENES.items():
        own = build().html().replace(shared(), "").replace(asking(), "").encode()
        limit = WITH_DATA.get(name, OWN)
        yield Row(f"explorer `{name}` beside it", len(own) / 1024, "KB", limit)
    server = BookServer(("127.0.0.1", 0), partial(BookHandler, directory=str(HTML)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        options = chromium()
        address = f"http://127.0.0.1:{server.server_port}/{CHAPTER}"
        for page in ("web/intro.html", CHAPTER):
            plain, packed = page_weight(playwright, options, address.replace(CHAPTER, page))
            name = f"`{page}` and all it loads, without fonts and mathematics"
            yield Row(f"{name}, as sent (gzip)", packed / 1e3, "KB", 500)
            yield Row(f"{name}, unpacked", plain / 1e3, "KB")
        wait = median(first_answer(playwright, options, address) for _ in range(5))
        yield Row("navigation → first explorer answers a slider, cold cache", wait / 1e3, "s", 0.4)
        measured = set()  # an explorer that several pages have is measured once
        for chapter in sorted((HTML / "chapters").glob("*.html")):
            found = re.findall(r'<figure[^>]* data-scene="(\w+)"', chapter.read_text("utf-8"))
            if not found:
                continue
            cold = median(compiling(playwright, options, found) for _ in range(5))
            what = f"`chapters/{chapter.name}`: compile its {len(found)} scenes, cold"
            yield Row(what, cold, "ms", 60)
            scenes = [scene for scene in dict.fromkeys(found) if scene not in measured]
            measured.update(scenes)
            page = address.replace(CHAPTER, f"chapters/{chapter.name}")
            yield from dragging(playwright, options, page, scenes)
        page = address.replace(CHAPTER, "chapters/outlook.html")
        yield from running(playwright, options, page)
    server.shutdown()


def chromium() -> dict:
    """How Playwright is to start the Chromium of this machine."""
    path = subprocess.check_output(ROOT / "tools" / "chromium.sh", text=True).strip()
    return {"executable_path": path, "args": ["--no-sandbox", "--disable-gpu"]}


def timed(*command) -> float:
    """Seconds that a command takes."""
    print("measuring", *command, "...", flush=True)
    start = perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(done.stdout.decode())
    return perf_counter() - start


def page_weight(playwright, options, address) -> tuple[int, int]:
    """Bytes of a page and all it loads, without fonts and mathematics: plain, and compressed."""
    browser = playwright.chromium.launch(**options)
    page = browser.new_page()
    bodies = []
    page.on("response", lambda reply: bodies.append(reply))
    page.goto(address, wait_until="networkidle")
    light = [r.body() for r in bodies if not urlsplit(r.url).path.endswith(HEAVY)]
    browser.close()
    return sum(map(len, light)), sum(len(compress(body)) for body in light)


def first_answer(playwright, options, address) -> float:
    """Milliseconds from navigation until the first explorer has answered a slider."""
    browser = playwright.chromium.launch(**options)
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.add_init_script(ANSWER)
    page.goto(address, wait_until="commit")
    answered = page.wait_for_function("window.answered").json_value()
    browser.close()
    return answered


def compiling(playwright, options, scenes) -> float:
    """Milliseconds in which a new browser compiles all scenes of a page."""
    browser = playwright.chromium.launch(**options)
    page = browser.new_page()
    page.set_content(f"<script>{compiler(checked=True)}</script>")
    sources = [SCENES[name]().description()["source"] for name in scenes]
    milliseconds = page.evaluate(COMPILE, sources)
    browser.close()
    return milliseconds


def running(playwright, options, address) -> Iterator[Row]:
    """Run the network of 10,000 neurons."""
    browser = playwright.chromium.launch(**options)
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(address, wait_until="networkidle")
    figure = page.locator("figure.network")
    figure.scroll_into_view_if_needed()
    figure.locator("select").select_option("10,000")  # which starts it
    figure.locator(".readout", has_text="10000 neurons").wait_for()
    between, long = page.evaluate(RUN)
    yield Row("10,000 neurons: from picture to picture", median(between), "ms", 33)
    yield Row("10,000 neurons: the longest task in the page", max(long, default=0.0), "ms", 50)
    browser.close()


def dragging(playwright, options, address, scenes) -> Iterator[Row]:
    """Drag each slider of each of a page's explorers to and fro with the mouse."""
    browser = playwright.chromium.launch(**options)
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(address, wait_until="networkidle")
    for scene in scenes:
        page.evaluate(WATCH, scene)
        figure = page.locator(f"figure[data-scene={scene}]").first
        for slider in figure.locator("form input[type=range]").all():
            slider.scroll_into_view_if_needed()
            box, start = slider.bounding_box(), slider.input_value()
            middle = box["y"] + box["height"] / 2
            page.mouse.move(box["x"] + 8, middle)
            page.mouse.down()
            page.mouse.move(box["x"] + box["width"] - 8, middle, steps=60)
            page.mouse.move(box["x"] + 8, middle, steps=60)
            page.mouse.up()
            slider.fill(start)
        drawn, frames = page.evaluate("[drawn, (watching = false, frames)]")
        high = sorted(drawn)[int(0.95 * len(drawn))]
        yield Row(f"`{scene}`: script per slider event, median", median(drawn), "ms", 2)
        yield Row(f"`{scene}`: the same, 95 %", high, "ms", 8)
        yield Row(f"`{scene}`: from frame to frame while dragging", median(frames), "ms", 17)
    browser.close()
