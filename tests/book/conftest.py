"""The built book, a server for it, and a Chromium that notices whatever goes wrong in a page."""

import fcntl
import os
import shutil
import subprocess
import sys
import threading
import uuid
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.book.pages import ROOT, settle
from tools.serve import HOST, BookHandler, BookServer

CHROMIUM = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # service workers' requests, too
]


def build_book(folder):
    """Build the book below a folder as the README says; return what the build prints."""
    run = subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "-n", "--keep-going"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if run.returncode:
        # The next build would take the pages it warned about as done.
        shutil.rmtree(folder / "_build" / ".doctrees", ignore_errors=True)
        pytest.fail(f"the book does not build:\n{run.stdout[-4000:]}", pytrace=False)
    return run.stdout


def forget(folder):
    """Leave nothing of what the book below a folder was built into."""
    for name in ("html", ".doctrees", ".jupyter_cache"):
        shutil.rmtree(folder / "_build" / name, ignore_errors=True)


PRINTED = ROOT / "_build" / ".printed-by-tests"  # by a clean build


@pytest.fixture(scope="session")
def book(request):
    """Folder of the built HTML. However many processes run the tests, one builds it, once.

    Who runs a few tests has what has changed built; a run that asks what a clean build prints, as
    `make test` does, gets one.
    """
    clean = any("printed" in getattr(item, "fixturenames", ()) for item in request.session.items)
    this_run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
    (ROOT / "_build").mkdir(exist_ok=True)
    with open(ROOT / "_build" / ".built-by-tests", "a+") as built:
        fcntl.flock(built, fcntl.LOCK_EX)
        built.seek(0)
        if built.read() != this_run or (clean and not PRINTED.exists()):
            built.truncate(0)
            PRINTED.unlink(missing_ok=True)
            if clean:
                forget(ROOT)
            printed = build_book(ROOT)
            if clean:
                PRINTED.write_text(printed, "utf-8")
            built.write(this_run)
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def printed(book):
    """What the book's build from clean printed."""
    return PRINTED.read_text("utf-8")


@pytest.fixture(scope="session")
def site(book):
    """Folder of the notebooks that run in the browser, as the book carries it."""
    folder = book / "lite"
    if not (folder / "built-from").is_file():
        pytest.fail("Pyodide could not be had: python -m web.lite says what to do", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def origins(book):
    """Where the book can be read: from a server, and from files by a double click."""
    server = BookServer((HOST, 0), partial(BookHandler, directory=str(book)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {"http": f"http://{HOST}:{server.server_port}", "file": book.as_uri()}
    server.shutdown()
    server.server_close()


def find_chromium():
    """Return the path of a Chromium, or fail with what to do."""
    names = filter(None, [os.environ.get("CHROMIUM"), *CHROMIUM])
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.fail("These tests drive a Chromium: apt-get install chromium", pytrace=False)
    return found


@pytest.fixture(scope="module")  # its event loop would be in the way of other modules' loops
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright):
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
    yield browser
    browser.close()


DESKTOP = {"viewport": {"width": 1200, "height": 900}}


@contextmanager
def profile(playwright, folder):
    """Run the browser of someone who comes back: what was fetched and compiled once is there."""
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=find_chromium(), args=FLAGS, **DESKTOP
    )
    yield context
    context.close()


@pytest.fixture(scope="module")
def reader(playwright, tmp_path_factory):
    """The browser of a reader who changes nothing."""
    with profile(playwright, tmp_path_factory.mktemp("reader")) as context:
        yield context


@pytest.fixture(scope="module")
def student(playwright, tmp_path_factory):
    """The browser of a student who does: each notebook is for one test."""
    with profile(playwright, tmp_path_factory.mktemp("student")) as context:
        yield context


SAVE_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });"
# What a page prints since the machine is busy, which is no fault: JupyterLab times its parts.
BUSY = ("too long to activate", "ms to activate")
GIVEN_UP = "net::ERR_ABORTED"  # not by the host: by the page
# What a page has drawn last, by the number of its explorer.
LISTEN = """
window.drawn = [];
window.count = 0;
document.addEventListener("explorer:drawn", ({ target, detail }) => {
  const figures = [...document.querySelectorAll("figure.explorer")];
  drawn[figures.indexOf(target)] = detail;
  count += 1;
});
"""


def open_page(place, url, absent=(), mutters=(), keeps=False, scripts=True):
    """Open an address in a new page; return the page, and a list of what goes wrong in it."""
    page, troubles, origin = place.new_page(), [], url.split("/", 3)[:3]
    asked = set()  # by the document that is there now

    def note(request):
        asked.add(request)
        address = request.url
        ours = address.split("/", 3)[:3] == origin or address.startswith(("data:", "blob:"))
        if not ours and not any(part in address for part in absent):
            troubles.append(f"asks a foreign host: {address}")  # which FLAGS keep out of reach

    def fail(request):
        if request.failure != GIVEN_UP:
            troubles.append(f"fails to get: {request.url}: {request.failure}")
        elif request in asked:
            troubles.append(f"gives up: {request.url}")

    def leave(frame):
        """With a document goes what it still asks for."""
        if frame == page.main_frame:
            asked.clear()
            troubles[:] = [trouble for trouble in troubles if not trouble.startswith("gives up")]

    page.set_default_timeout(120_000)  # a busy machine is no fault
    page.on("request", note)
    for part in absent:  # nothing else is intercepted: that would slow each request down
        page.route(f"**{part}**", lambda route: route.fulfill(body=""))
    page.on("pageerror", lambda error: troubles.append(f"throws: {error}"))
    page.on(
        "console",
        lambda m: (
            m.type in ("error", "warning")
            and not any(words in m.text for words in (*BUSY, *mutters))
            and troubles.append(f"prints: {m.text}")
        ),
    )
    page.on("response", lambda r: r.status >= 400 and troubles.append(f"gets {r.status}: {r.url}"))
    if scripts:  # without them, what they are in is not fetched
        page.on("requestfailed", fail)
        page.on("framenavigated", leave)
        page.add_init_script(LISTEN if keeps else f"{SAVE_DATA}{LISTEN}")
    page.goto(url)
    return page, troubles


@pytest.fixture
def visit(browser):
    """A function that opens an address in a browser of its own; options as for `new_context`.

    When the test ends, no page may have reported an error or asked a foreign host for anything.
    What has a part named as `absent` in its address answers with nothing. A console may hold
    `mutters`. A `context` is the browser of pages that share what they keep. One that `keeps` does
    not save data: it gets the whole book.
    """
    opened, found = [], []

    def visit(url, absent=(), mutters=(), context=None, keeps=False, **options):
        place = context or browser.new_context(**DESKTOP | options)
        scripts = options.get("java_script_enabled", True)
        page, troubles = open_page(place, url, absent, mutters, keeps, scripts)
        opened.append(page if context else place)
        found.append(troubles)
        return page

    yield visit
    went_wrong = [trouble for troubles in found for trouble in troubles]  # before pages are closed
    for page_or_context in opened:
        page_or_context.close()
    assert not went_wrong, "\n".join(went_wrong)  # all of it: it may never come again


MOST_KEPT = 4


@pytest.fixture(scope="module")
def kept():
    """Pages that `revisit` used last, and what went wrong in them, by address and options."""
    pages = {}
    yield pages
    for page, _ in pages.values():
        page.context.close()


# What a reader could have moved stands where it stood at first.
AS_NEW = """
() => {
  document.activeElement.blur();
  for (const button of document.querySelectorAll(".explorer form [type=reset]")) button.click();
  scrollTo({ top: 0, behavior: "instant" });
}
"""


@pytest.fixture
def revisit(browser, kept):
    """As `visit`, for tests that leave a page as it was: those that follow each other share it.

    Tests of a page do, where its name is a parameter whose scope is the module.
    """
    taken = []

    def revisit(
        url,
        absent=(),
        viewport=DESKTOP["viewport"],
        color_scheme="light",
        reduced_motion="no-preference",
        **options,
    ):
        key = (url, *absent, *sorted(options.items()))
        if key not in kept:
            place = browser.new_context(**DESKTOP | {"viewport": viewport} | options)
            kept[key] = open_page(place, url, absent)
        page, troubles = kept[key] = kept.pop(key)  # as the last
        if len(kept) > MOST_KEPT:
            kept.pop(next(iter(kept)))[0].context.close()
        taken.append(troubles)
        page.emulate_media(media="screen", color_scheme=color_scheme, reduced_motion=reduced_motion)
        page.set_viewport_size(viewport)
        page.evaluate(AS_NEW)
        settle(page)  # what stands beside the text on a wide screen slides away on a narrow one
        return page

    yield revisit
    found = [trouble for troubles in taken for trouble in troubles]
    for troubles in taken:
        troubles.clear()
    assert not found
