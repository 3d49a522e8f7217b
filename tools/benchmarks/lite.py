"""Notebooks in the browser: from the button to the first live slider, and on; what is sent."""

import threading
from collections.abc import Iterator
from functools import partial
from gzip import compress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, time
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from tools.benchmarks.book import CHAPTER, HTML, chromium
from tools.benchmarks.row import Row
from tools.serve import BookHandler, BookServer

LONG = 300_000  # ms
RUN = ".course-bar[data-state=run]"
PACKED = {".zip", ".pack", ".whl", ".woff2", ".png"}  # no web host packs these again
# Milliseconds from each event of a slider, moved by key, to the figure's redraw.
WATCH = """(figure) => {
  window.times = [];
  figure.addEventListener("explorer:drawn", () => times.push(performance.now() - window.pressed));
  document.addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
}"""


# In a notebook's page, the first slider that lives takes the focus, and says so. When what a key
# has moved is seen, the time is noted: the first time, and the first within the notebook itself.
FIRST = """
if (location.pathname.includes("/lite/notebooks/")) {
  window.slid = {};
  addEventListener("explorer:alive", ({ target }) => {
    target.querySelector("input[type=range]").focus();
    console.log("a slider lives");
  }, { once: true });
  addEventListener("explorer:drawn", ({ target }) => requestAnimationFrame(() => setTimeout(() => {
    const now = (performance.timeOrigin + performance.now()) / 1000;
    slid.first ??= now;
    if (target.closest(".jp-Notebook")) slid.within ??= now;
  })));
}
"""


def press(page, address) -> float:
    """Open a chapter's page and press its button once it is at rest; return the time of that."""
    page.goto(address)
    page.evaluate("MathJax.startup.promise.then(() => true)")
    start = time()
    page.get_by_role("link", name="Run this chapter").click()
    return start


def first_sliders(page, address) -> tuple[float, float, float]:
    """Times of the press, of what the first slider moves, and of what one of the notebook does."""
    lives = "a slider lives"
    with page.expect_console_message(lambda message: message.text == lives, timeout=LONG):
        start = press(page, address)
    page.keyboard.press("End")
    page.wait_for_function("slid.first", timeout=LONG)
    page.wait_for_selector("#opening", state="detached", timeout=LONG)
    page.keyboard.press("Home")  # the slider has moved into the notebook, and the focus with it
    page.wait_for_function("slid.within", timeout=LONG)
    return start, *page.evaluate("[slid.first, slid.within]")


# What was run at an earlier visit has its number, too, but no cell that waits beside it.
FIRST_CELL = """() => {
  const prompts = [...document.querySelectorAll(".jp-InputPrompt")].map((p) => p.textContent);
  return prompts.includes("[1]:") && prompts.includes("[*]:");
}"""


def first_cell(page) -> None:
    """Wait until Python has run the first cell."""
    page.wait_for_function(FIRST_CELL, timeout=LONG)


def waits(page, address) -> tuple[float, float, float]:
    """Seconds from the press to the first live slider, to one within the notebook, to a cell."""
    start, first, within = first_sliders(page, address)
    first_cell(page)
    return first - start, within - start, time() - start


def all_cells(page, address) -> float:
    """Seconds that the cells of a chapter take, from the moment the first may run."""
    press(page, address)
    page.wait_for_selector(".course-bar[data-state=running]", timeout=LONG)
    start = perf_counter()
    page.wait_for_selector(RUN, timeout=LONG)
    return perf_counter() - start


def redraws(page) -> list[float]:
    """Milliseconds from key to redraw, of a slider in the notebook that is open."""
    figure = page.locator("figure.explorer").first
    figure.scroll_into_view_if_needed()
    figure.evaluate(WATCH)
    output = page.locator(".jp-OutputArea", has=page.locator("figure.explorer")).first
    handle = output.locator(".noUi-handle").first
    for _ in range(30):
        handle.press("ArrowRight")
        page.wait_for_timeout(40)
    return page.evaluate("times")


def measure() -> Iterator[Row]:
    """Measure what a student waits for, in a new browser and in one that was here before."""
    size = sum(file.stat().st_size for file in HTML.rglob("*") if file.is_file())
    yield Row("the site: the book and the notebooks in the browser", size / 1e6, "MB", 80)
    server = BookServer(("127.0.0.1", 0), partial(BookHandler, directory=str(HTML)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_port}"
    with sync_playwright() as playwright, TemporaryDirectory() as profile:
        # Only a browser with a profile keeps scripts compiled, as a reader's does.
        context = playwright.chromium.launch_persistent_context(
            profile, viewport={"width": 1200, "height": 900}, **chromium()
        )
        context.add_init_script(FIRST)
        page = context.new_page()
        asked = {}
        context.on(
            "response", lambda reply: asked.setdefault(urlsplit(reply.url).path, reply.status)
        )
        slider, within, cell = waits(page, f"{root}/{CHAPTER}")
        yield Row("button → first live slider, cold", slider, "s", 5)
        yield Row("button → first live slider within the notebook, cold", within, "s")
        yield Row("button → first cell run, cold", cell, "s", 12)
        page.wait_for_selector(RUN, timeout=LONG)
        yield Row("sent for the first notebook (gzip)", sent(asked) / 1e6, "MB", 30)
        yield Row("a slider's event → redraw, in the notebook", median(redraws(page)), "ms", 16)
        again = []
        for _ in range(5):
            again.append(waits(page, f"{root}/{CHAPTER}"))
            page.wait_for_selector(RUN, timeout=LONG)
        slider, within, cell = map(median, zip(*again, strict=True))
        yield Row("button → first live slider, warm", slider, "s", 2)
        yield Row("button → first live slider within the notebook, warm", within, "s")
        yield Row("button → first cell run, warm", cell, "s", 4)
        for chapter in sorted((HTML / "lite" / "files" / "chapters").glob("*.ipynb")):
            took = all_cells(page, f"{root}/chapters/{chapter.stem}.html")
            yield Row(f"all cells of `{chapter.stem}`", took, "s", 25)
        context.close()
    server.shutdown()


def sent(asked: dict[str, int]) -> int:
    """Bytes of all files of the notebook's site that were asked for, as a web host sends them."""
    total = 0
    for path, status in asked.items():
        file = Path(f"{HTML}{path}")
        if path.startswith("/lite/") and status == 200 and file.is_file():
            body = file.read_bytes()
            total += len(body if file.suffix in PACKED else compress(body, 6))
    return total
