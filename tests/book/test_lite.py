"""Notebooks in the browser: from the page's button to a file that can be graded."""

import json
import re
import threading
import time
from functools import partial
from hashlib import sha256

import pytest
from playwright.sync_api import expect

from coursework.grade.collect import Submission
from coursework.grade.marking import mark
from coursework.grade.sandbox import Limits
from coursework.problem_set import ProblemSet
from coursework.release import problem_sets, student_version
from tests.book.conftest import DESKTOP, open_page
from tests.book.pages import ROOT
from tests.coursework.notebooks import source
from tools.serve import HOST, BookHandler, BookServer
from web.lite.site import DIAGRAMS

pytestmark = [pytest.mark.book, pytest.mark.browser]

NOTEBOOKS = [
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "chapters").glob("*.ipynb")),
    *(f"problems/{name}.ipynb" for name in problem_sets()),
]
# What other tests here run through anyway: one edits it, one reads it on a host that isolates, one
# runs it twice at the same time.
EDITED_ONE, ISOLATED_ONE = "chapters/if_model.ipynb", NOTEBOOKS[0]
HASTY_ONE = "chapters/numbers.ipynb"
ELSEWHERE_RUN = {EDITED_ONE, ISOLATED_ONE, HASTY_ONE}
READY = 240_000  # ms; a busy machine is no fault
STARTING = ".course-bar[data-state=starting]"
RUN = ".course-bar[data-state=run]"
EDITED = ".course-bar[data-state=edited]"
RUNNING = ".course-bar[data-state=running]"
ELSEWHERE = ".course-bar[data-state=elsewhere]"
SAVED = ".course-bar[data-saved=yes]"
# What JupyterLite itself prints, and is no fault of the course.
ITS_OWN = (
    "is duplicated",
    "No exact match found for python",
    "contents will NOT be synced",
    "Connection lost, reconnecting",  # when the kernel is started anew
    "Cross reference target was not found",  # it is in another chapter
)


def wait_for_notebook(page):
    """Wait until nothing stands in front of it any longer."""
    page.wait_for_selector(".jp-Notebook .jp-Cell", state="attached", timeout=READY)
    page.wait_for_selector("#opening", state="detached", timeout=READY)


@pytest.fixture
def notebook(visit, origins, site):
    """A function that presses the button of a page and waits for the notebook.

    A script may run in the notebook's page before all others.
    """

    def notebook(page_name, button, script="", **options):
        at = f"{origins['http']}/{page_name}.html"
        page = visit(at, mutters=ITS_OWN, **options)
        page.add_init_script(script)
        page.get_by_role("link", name=button).click()
        wait_for_notebook(page)
        return page

    return notebook


def bar(page, name):
    return page.locator(".course-bar").get_by_role("button", name=name)


def cell(page, text):
    """The code cell whose source begins with a text."""
    return page.locator(".jp-CodeCell", has=page.locator(".cm-content", has_text=text)).first


def rewrite(page, text, new):
    """Put another text into a cell, as a reader would."""
    cell(page, text).locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(new)


def download(page):
    with page.expect_download() as saved:
        bar(page, "Download").click()
    return json.loads(saved.value.path().read_text("utf-8")), saved.value.suggested_filename


def complaints(page):
    """What cells print of errors and warnings."""
    return page.locator(".jp-RenderedText[data-mime-type*=stderr]").all_inner_texts()


# What a page loads before the service worker is there, it asks for again when all has run: so it is
# kept. JupyterLab itself fetches no script in this way.
ASKED_AGAIN = """
async () => {
  const store = await caches.open("integrate-and-fire");
  for (let k = 0; k < 3; k++) await store.keys();
  const loaded = performance.getEntriesByType("resource");
  const fetched = loaded.filter(({ initiatorType }) => initiatorType === "fetch");
  return fetched.filter(({ name }) => /build.*[.]js$/.test(name)).length;
}
"""


# All that a page has loaded of the book is there without a network.
ALL_IS_KEPT = """
async () => {
  const kept = await (await caches.open("integrate-and-fire")).keys();
  const missing = new Set(performance.getEntriesByType("resource").map(({ name }) => name));
  missing.add(location.href);
  for (const { url } of kept) missing.delete(url);
  return ![...missing].some((name) => name.startsWith(location.origin));
}
"""


@pytest.mark.parametrize("address", sorted({*NOTEBOOKS} - ELSEWHERE_RUN))
def test_every_notebook_runs_through(visit, origins, site, reader, address):
    at = f"{origins['http']}/lite/notebooks/index.html?path={address}"
    page = visit(at, mutters=ITS_OWN, context=reader)
    was_here = page.evaluate("performance.getEntriesByType('navigation')[0].workerStart > 0")
    if address.startswith("problems/"):
        bar(page, "Run all").click(timeout=READY)
    page.wait_for_selector(RUN, timeout=READY)
    assert complaints(page) == []
    if was_here:
        assert page.evaluate(ASKED_AGAIN) == 0
    else:
        page.wait_for_function(f"async () => (await ({ASKED_AGAIN})()) > 50")


# Python is told nothing until the test lets it be told.
PYTHON_WAITS = """
const mayBegin = new Promise((begin) => (window.letPythonBegin = begin));
const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (...told) {
  mayBegin.then(() => postMessage.apply(this, told));
};
"""


def test_chapter_slides_and_keeps_what_is_changed(notebook):
    page = notebook(EDITED_ONE.removesuffix(".ipynb"), "Run this chapter", PYTHON_WAITS, keeps=True)

    # It opens with the book's figures, alive before Python is there.
    shipped = page.locator("[data-mime-type='text/html'] figure.explorer").first
    slider = shipped.locator("input[name=I]")
    slider.wait_for()
    page.wait_for_selector(STARTING)
    assert page.get_by_text("The figures are live already.").is_visible()
    before = shipped.locator(".readout").inner_text()
    slider.press("End")
    page.wait_for_function(
        "([e, b]) => e.innerText !== b", arg=[shipped.locator(".readout").element_handle(), before]
    )
    left, end = shipped.locator(".readout").inner_text(), slider.input_value()
    page.evaluate("letPythonBegin()")
    page.wait_for_selector(RUN, timeout=READY)
    assert complaints(page) == []

    # Python's figure stands where the reader has left the book's. A slider moves it in the page,
    # and Python learns of it.
    figure = page.locator("figure.explorer[data-scene=lif_step]").first
    figure.scroll_into_view_if_needed()
    before = figure.locator(".readout").inner_text()
    assert before == left
    slider = page.locator(".jp-OutputArea", has=figure).locator(
        ".widget-slider", has_text="input current (nA)"
    )
    expect(slider.locator(".widget-readout")).to_have_text(f"{float(end):.2f}")
    slider.locator(".noUi-handle").press("ArrowLeft")  # a key that JupyterLab uses, too
    page.wait_for_function(
        "([f, b]) => f.innerText !== b", arg=[figure.locator(".readout").element_handle(), before]
    )
    assert slider.locator(".widget-readout").inner_text() == f"{float(end) - 0.01:.2f}"

    # Text is drawn again when it is changed, as the book would have it.
    text = page.locator(".jp-MarkdownCell", has_text="The membrane is a circuit").first
    text.locator("p").first.click()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\n\n:::{note}\nHow **thin** is it?\n:::\n")
    page.keyboard.press("Shift+Enter")
    text.locator("aside strong", has_text="thin").wait_for()

    # What is changed survives a reload, works without a network, and can be taken back.
    rewrite(page, "import numpy", "import numpy as np\nprint(1 + 1, 'is mine')")
    page.wait_for_selector(SAVED)
    page.wait_for_function(ALL_IS_KEPT)
    page.context.set_offline(True)
    with page.expect_worker() as python:  # it starts before JupyterLab is there
        page.reload(wait_until="commit")
        page.evaluate("letPythonBegin()")
    assert page.locator(".jp-Notebook").count() == 0
    page.wait_for_selector("text=is mine", timeout=READY)
    assert page.workers == [python.value]
    assert page.locator("[data-mime-type='text/html'] figure.explorer").count()  # as a picture
    page.wait_for_selector(EDITED, timeout=READY)
    saved, name = download(page)
    assert name == "if_model.ipynb"
    assert "is mine" in json.dumps(saved["cells"])
    page.on("dialog", lambda dialog: dialog.accept())
    bar(page, "Start afresh").click()
    page.wait_for_selector("text=is mine", state="detached", timeout=READY)


# Python never begins: what is written is kept without it, and it takes seconds to start.
NO_PYTHON = """
window.Worker = class extends Worker {
  constructor() {
    super("data:text/javascript,");
  }
  postMessage(...told) {
    window.pythonIsAsked = true; // JupyterLab has all that it loads for it
    super.postMessage(...told);
  }
};
"""


@pytest.fixture
def tab(visit, origins, site, student):
    """A function that opens a notebook in a tab of the student's.

    A script may run in it before all others.
    """

    def tab(address, mutters=(), script=""):
        lite = f"{origins['http']}/lite"
        page = visit(f"{lite}/logo.svg", mutters=(*ITS_OWN, *mutters), context=student)
        page.add_init_script(script)
        page.goto(f"{lite}/notebooks/index.html?path={address}")
        wait_for_notebook(page)
        return page

    return tab


def write(page, text, more, **options):
    """Write at the end of the cell whose source begins with a text; return all that is there."""
    cell(page, text).locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(more, **options)
    return cell(page, text).locator(".cm-content").inner_text()


HOSTILE = (
    "#lif_step?I=0.3);print('mine')#",
    "#lif_step?I=__import__('os')",
    "#lif_step?tau_m=20&print('mine')",
    "#lif_step?I=1e400",
    "#lif_step-9?I=0.3",
    "#print('mine')?I=0.3",
    "#constructor?I=0.3",
)


REBUILT = "explore_step(tau_m=20.0, I=0.35)"
# The texts of the cells that fragments of an address bring.
BROUGHT = """
async (fragments) => {
  const { brought } = await import("../extensions/integrate-and-fire/brought.js");
  const path = new URLSearchParams(location.search).get("path");
  const notebook = await (await fetch(`../files/${path}`)).json();
  return fragments.map((fragment) => brought(fragment, notebook)?.source ?? null);
}
"""


def test_an_explorer_opens_in_a_notebook_as_it_stands(visit, origins, site):
    """As one cell, behind its own; what an address may say beyond that brings nothing."""
    page = visit(f"{origins['http']}/chapters/if_model.html", mutters=ITS_OWN)
    figure = page.locator("figure.explorer[data-scene=lif_step]").first
    for name, value in (("tau_m", "20"), ("I", "0.35")):
        figure.locator(f"form [name={name}]").fill(value)
    page.evaluate("window.open = (address) => { window.opened = address; }")
    figure.get_by_text("More", exact=True).click()
    figure.get_by_role("button", name="Open in a notebook").click()
    address = page.evaluate("opened")
    page.add_init_script(NO_PYTHON)

    def cells():
        """Wait for the notebook; give the texts of its cells of code."""
        page.wait_for_selector(f"{STARTING}[data-saved=yes]", timeout=READY)
        page.wait_for_function("window.pythonIsAsked", timeout=READY)
        return page.locator(".jp-CodeCell .cm-content").all_inner_texts()

    def cells_at(fragment):
        page.goto("about:blank")
        page.goto(address.partition("#")[0] + fragment)
        return cells()

    asked = "#" + address.partition("#")[2]
    shipped = cells_at("")
    assert page.evaluate(BROUGHT, [*HOSTILE, asked]) == [None] * len(HOSTILE) + [REBUILT]
    assert cells_at(HOSTILE[0]) == shipped
    first = next(k for k, text in enumerate(shipped) if "explore_step()" in text)
    wanted = [*shipped[: first + 1], REBUILT, *shipped[first + 1 :]]
    assert cells_at(asked) == wanted
    brought = cell(page, REBUILT)
    assert "jp-mod-active" in brought.get_attribute("class")
    expect(brought).to_be_in_viewport()
    assert "#" not in page.url
    page.reload()
    assert cells() == wanted


# Counts how often all that was written is saved, from now on.
COUNT_SAVES = """
window.saves = 0;
new MutationObserver((changes) => {
  for (const { target, oldValue } of changes)
    saves += oldValue === "no" && target.dataset.saved === "yes";
}).observe(document.querySelector(".course-bar"), {
  attributes: true, attributeFilter: ["data-saved"], attributeOldValue: true,
});
"""


class Isolating(BookHandler):
    """A host that keeps its pages apart from all others."""

    def end_headers(self):
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()


@pytest.fixture(scope="module")
def isolated(browser, book, site):
    """The page of a notebook on such a host, and a list of what goes wrong in it."""
    with BookServer((HOST, 0), partial(Isolating, directory=str(book))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"lite/notebooks/index.html?path={ISOLATED_ONE}#filter_psp?tau_s=7"
        at = f"http://{HOST}:{server.server_port}/{address}"
        context = browser.new_context(**DESKTOP)
        yield open_page(context, at, mutters=ITS_OWN)
        context.close()
        server.shutdown()


@pytest.mark.usefixtures("isolated")  # which runs through while the student types
def test_typing_is_kept_to_the_letter_and_nearly_all_of_it_when_the_tab_is_closed(tab):
    """From the first moment, while Python starts, and however often the student saves, too."""
    page = tab(EDITED_ONE)
    page.evaluate(COUNT_SAVES)
    write(page, "import numpy", "\n#")
    words, enough = [], time.monotonic() + 30
    while time.monotonic() < enough or page.evaluate("saves") <= 10:
        words.append(f" {len(words)}")
        page.keyboard.type(words[-1], delay=100)
        if words[-1].endswith("5"):
            page.keyboard.press("Control+s")
            page.keyboard.press("Control+s")
        assert len(words) < 1000, "what is typed is hardly ever saved"
    page.wait_for_selector(SAVED)
    page.keyboard.type(" the end is near", delay=100)
    page.keyboard.type(" and two seconds more", delay=100)
    page.close()
    page = tab(EDITED_ONE)
    written = page.locator(".cm-content", has_text="import numpy").first.inner_text(timeout=READY)
    assert "".join(["#", *words, " the end is near"]) in written
    page.wait_for_selector(EDITED, timeout=READY)
    assert page.get_by_text("Press “Run all” to run them").is_visible()
    assert not page.locator(".jp-Dialog").count()


def test_notebook_runs_on_a_host_that_isolates_its_pages(isolated):
    page, troubles = isolated
    page.wait_for_selector(RUN, timeout=READY)
    assert complaints(page) == []
    brought = cell(page, "explore_psp(tau_s=7.0)")  # which the address asks for
    assert brought.locator("figure.explorer").is_visible()
    page.close()
    assert not troubles


def test_script_whose_load_breaks_off_once_is_not_missed(browser, origins, site):
    """JupyterLab would go on without it."""
    context = browser.new_context(service_workers="block", **DESKTOP)
    page, broken = context.new_page(), set()

    def break_off(route):
        address = route.request.url
        if address in broken:
            return route.continue_()
        broken.add(address)
        route.abort("aborted")

    page.route("**/build/*.js", break_off)
    page.add_init_script(NO_PYTHON)
    page.goto(f"{origins['http']}/lite/notebooks/index.html?path={EDITED_ONE}")
    page.wait_for_selector(STARTING, timeout=READY)
    page.wait_for_function("window.pythonIsAsked", timeout=READY)
    assert len(broken) > 50
    context.close()


class Halting(BookHandler):
    """A host that sends half of what is asked for so, and the rest when it may."""

    halted, may_go_on = threading.Event(), threading.Event()

    def copyfile(self, source, outputfile):
        body = source.read()
        half = len(body) // 2 if self.path.endswith("?halts") else len(body)
        outputfile.write(body[:half])
        outputfile.flush()
        if half < len(body):
            self.halted.set()
            assert self.may_go_on.wait(READY / 1000)
            outputfile.write(body[half:])


def test_answer_is_whole_although_the_browser_ends_the_service_worker(browser, book, site):
    with BookServer((HOST, 0), partial(Halting, directory=str(book))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context(**DESKTOP)
        page = context.new_page()
        page.add_init_script(NO_PYTHON)
        lite = f"http://{HOST}:{server.server_port}/lite"
        page.goto(f"{lite}/notebooks/index.html?path={EDITED_ONE}")
        page.wait_for_selector(STARTING, timeout=READY)
        page.wait_for_function("navigator.serviceWorker.controller", timeout=READY)
        page.evaluate("""() => {
          window.answer = fetch("../overrides.json?halts").then((answer) => answer.json());
        }""")
        assert Halting.halted.wait(READY / 1000)
        # What was asked for later is there: so is the half.
        page.evaluate("fetch('../overrides.json').then((answer) => answer.text())")
        devtools = context.new_cdp_session(page)
        devtools.send("ServiceWorker.enable")
        devtools.send("ServiceWorker.stopAllWorkers")
        Halting.may_go_on.set()
        assert page.evaluate("answer") == json.loads((site / "overrides.json").read_text("utf-8"))
        context.close()
        server.shutdown()


def test_of_two_tabs_one_keeps_the_notebook_and_the_other_says_so(tab):
    first, second = (tab("problems/problems_2.ipynb", script=NO_PYTHON) for _ in range(2))
    second.wait_for_selector(ELSEWHERE)
    assert second.get_by_text("open in another tab").is_visible()
    assert "lost" not in write(second, "kernel = None", "# it would be lost")

    # It goes on where the student says, with all that was written last.
    here, there = first, second
    for word in ("one", "two", "three"):
        write(here, "kernel = None", f"# {word}")
        bar(there, "Go on here").click()
        there.get_by_text(f"# {word}").wait_for()
        there.wait_for_selector(".course-bar:not([data-state=elsewhere])")
        here.wait_for_selector(ELSEWHERE)
        here, there = there, here
    write(here, "kernel = None", "# four")
    here.wait_for_selector(SAVED)
    here.close()
    there.get_by_text("# one# two# three# four").wait_for()
    there.wait_for_selector(".course-bar:not([data-state=elsewhere])")
    assert "five" in write(there, "kernel = None", "# five")


def test_without_https_the_file_tells_of_another_tab(tab):
    insecure = "delete Navigator.prototype.locks; delete Crypto.prototype.subtle;" + NO_PYTHON
    first, second = (tab("problems/problems_3.ipynb", script=insecure) for _ in range(2))
    second.wait_for_selector(".course-bar:not([data-state=opening])", timeout=READY)
    write(first, "filters = None", "# one")
    first.wait_for_selector(SAVED)
    write(second, "filters = None", "# two")
    second.wait_for_selector(ELSEWHERE)
    bar(second, "Go on here").click()
    second.get_by_text("# one").wait_for()
    assert not second.get_by_text("# two").count()


FULL = "void (IDBObjectStore.prototype.put = () => { throw new DOMException('it is full') })"


def test_what_the_browser_does_not_keep_can_be_had_as_a_file(tab):
    page = tab("problems/problems_4.ipynb", mutters=["it is full"], script=NO_PYTHON)
    page.wait_for_selector(".course-bar:not([data-state=opening])", timeout=READY)
    write(page, "membrane = None", "# mine")
    page.wait_for_selector(SAVED)
    page.evaluate(FULL)
    page.keyboard.type("!")
    page.wait_for_selector(".course-bar[data-state=failed][data-saved=no]")
    page.locator(".jp-Dialog button").click()  # JupyterLab says it, too
    notebook, _ = download(page)
    assert "# mine!" in json.dumps(notebook)


FORMULAS = r"from IPython.display import HTML, Math; display(HTML(r'\(R I\)'), Math(r'\tau_m'))"
SCRIPTS = """
performance.getEntriesByType("resource").filter(({ name }) => /build.*[.]js/.test(name)).length
"""


def test_run_all_while_it_runs_by_itself_comes_to_an_end(tab):
    page = tab(HASTY_ONE)
    write(page, "from neuro_lib import LIF", "")
    page.wait_for_selector(RUNNING, timeout=READY)
    page.keyboard.type("\n# goes on writing")
    bar(page, "Run all").click()
    page.wait_for_selector(RUN, timeout=READY)
    assert not page.get_by_text("Running ...").count()
    assert page.get_by_text("What you change is kept in this browser.").is_visible()
    assert "writing" in cell(page, "from neuro_lib import LIF").inner_text()
    assert complaints(page) == []

    # MathJax is not fetched before there is a formula for it.
    scripts = page.evaluate(SCRIPTS)
    rewrite(page, "from neuro_lib import LIF", FORMULAS)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-OutputArea mjx-container")).to_have_count(2, timeout=READY)
    assert page.evaluate(SCRIPTS) > scripts


def test_problem_set_is_worked_on_downloaded_and_graded(notebook, student):
    page = notebook("web/problems", "Run problem set 1", context=student)
    model = {c.metadata.nbgrader.grade_id: c.source for c in source("problems_1").cells}
    rewrite(page, "me = Student", 'me = Student("ada")')
    rewrite(page, "capacitance = None", model["capacitance_answer"])
    rewrite(page, "rheobase = None", model["rheobase_answer"])
    bar(page, "Run all").click()
    page.wait_for_selector(RUN, timeout=READY)
    assert page.locator("text=✓ Right.").count() == 2

    saved, name = download(page)
    assert name == "problems_1.ipynb"
    given = Submission("ada", name, json.dumps(saved).encode())
    result = mark(given, ProblemSet.load("problems_1"), Limits())
    right = {task for task, verdict in result.verdicts.items() if verdict.score == 1}
    assert right == {"capacitance", "rheobase"}
    assert not result.troubles


def test_site_holds_the_sets_as_students_get_them(site):
    for name in problem_sets():
        shipped = json.loads((site / "files" / "problems" / f"{name}.ipynb").read_text("utf-8"))
        given = [cell.source for cell in student_version(name).cells]
        assert ["".join(cell["source"]) for cell in shipped["cells"]] == given


def test_what_is_ours_names_no_foreign_host(site):
    python = json.loads((site / "jupyter-lite.json").read_text("utf-8"))["jupyter-config-data"]
    ours = [site / "service-worker.js", *(site / "extensions/integrate-and-fire").iterdir()]
    texts = [json.dumps(python["litePluginSettings"]), *(path.read_text() for path in ours)]
    assert len(ours) == 12
    assert not any("://" in text for text in texts)


def test_nothing_asks_for_the_parts_that_are_left_out_but_a_diagram(site):
    """JupyterLab's scripts name the parts that they load: `n.e(4406)` is Mermaid itself."""
    scripts = {path.name: path.read_text("utf-8") for path in (site / "build").rglob("*.js")}
    asked = {name: set(map(int, re.findall(r"\.e\((\d+)\)", t))) for name, t in scripts.items()}
    (core,) = (name for name in scripts if name.startswith("jlab_core."))
    assert len(asked[core]) > 100
    assert asked.pop(core) & {*DIAGRAMS} == {4406, 5095}  # to load the others, where a text has one
    assert not set().union(*asked.values()) & {*DIAGRAMS}


def test_what_is_kept_for_ever_bears_its_content_in_its_address(site):
    """The service worker asks for these once: a new book has to have new addresses for them."""
    (python,) = (site / "static").glob("pyodide-*")
    for file in python.iterdir():
        if "asm" in file.name or file.name == "pyodide.js":  # Pyodide's own, of that version
            continue
        digest = sha256(file.read_bytes()).hexdigest()[:12]
        assert file.stem.endswith(digest), file.name


def test_copies_of_the_chapters_need_nothing_beside_them(book, site):
    """Neither the bibliography nor another chapter; the browser's show the book's figures."""
    for path in sorted((site / "files" / "chapters").glob("*.ipynb")):
        run = json.loads(path.read_text("utf-8"))
        given = json.loads((book / "_sources" / "chapters" / path.name).read_text("utf-8"))
        written = (ROOT / "chapters" / path.name).read_text("utf-8")
        for notebook in (run, given):
            text = "".join("".join(c["source"]) for c in notebook["cells"])
            assert not re.findall(r"\{(?:cite:[pt]|doc|eq)\}`|\$\$ \(eq:", text), path.name
            assert ("\\tag{" in text) == ("$$ (eq:" in written), path.name
            assert ("](https://doi.org/" in text) == ("{cite:" in written), path.name
        outputs = json.dumps([cell.get("outputs") for cell in run["cells"]])
        assert "neuroLib.show(" in outputs and "widget-view" not in outputs
