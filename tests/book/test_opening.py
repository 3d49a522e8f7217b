"""What there is until a notebook is: figures that live without it, and move into it."""

import json
import os
import threading
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.book.test_axe import look, violations
from tests.book.test_lite import (
    ALL_IS_KEPT,
    ITS_OWN,
    NO_PYTHON,
    READY,
    SAVED,
    STARTING,
    Isolating,
    write,
)
from tests.hands import middle_of
from tools.serve import HOST, BookServer

pytestmark = [pytest.mark.book, pytest.mark.browser]

CHAPTER = "chapters/if_model.ipynb"
MODULE = "../extensions/integrate-and-fire/opening.js"
IN_NOTEBOOK = ".jp-Notebook figure.explorer[data-scene=lif_step]"
MARK = "These are the book's figures"


@pytest.fixture(scope="module")
def root(book, site, tmp_path_factory):
    """The notebooks below a folder of a host that keeps its pages apart from all others."""
    folder = tmp_path_factory.mktemp("host")
    os.symlink(book, folder / "course")
    with BookServer((HOST, 0), partial(Isolating, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{server.server_port}/course/lite"
        server.shutdown()


class Notebook:
    """A notebook's page, to which JupyterLab comes when it is let in, and Python never."""

    def __init__(self, page, root):
        self.page, self.root, self.held, self.let_in = page, root, [], False
        page.add_init_script(NO_PYTHON)
        page.route("**/build/**", self.hold)

    def hold(self, route):
        if self.let_in:
            route.continue_()
        else:
            self.held.append(route)

    def open(self, path=CHAPTER):
        """Go to a notebook; return whether it shows the figures of the book."""
        self.let_in = False
        self.page.goto(f"{self.root}/notebooks/index.html?path={path}", wait_until="commit")
        self.page.wait_for_selector("#opening", state="attached")
        return self.page.evaluate(f"import('{MODULE}').then(({{ shown }}) => shown)")

    def let_jupyterlab_in(self):
        self.let_in = True
        while self.held:
            self.held.pop().continue_()

    def drawn(self):
        """Wait until it has its figures, in front of which others may stand, and its bar."""
        self.page.wait_for_selector(STARTING, state="attached", timeout=READY)
        self.page.wait_for_selector(IN_NOTEBOOK, state="attached", timeout=READY)

    def gone(self):
        self.page.wait_for_selector("#opening", state="detached", timeout=READY)


@pytest.fixture
def notebook(visit, root):
    def notebook(**options):
        mutters = (*ITS_OWN, "Service Worker registration blocked")
        page = visit(f"{root}/logo.svg", mutters=mutters, service_workers="block", **options)
        return Notebook(page, root)

    return notebook


def opened(notebook):
    """A chapter's page before JupyterLab is there, its first figure, and the slider of I."""
    at = notebook()
    assert at.open()
    figure = at.page.locator("#opening figure.explorer[data-scene=lif_step]")
    return at, figure, figure.locator("input[name=I]")


def gone_through(notebook):
    """A chapter's page once JupyterLab is there and the opening gone."""
    at = notebook()
    assert at.open()
    at.let_jupyterlab_in()
    at.gone()
    return at.page


def moved(page, figure, move):
    """Do something, and wait until the figure says something else; return what."""
    readout = figure.locator(".readout")
    before = readout.inner_text()
    move()
    expect(readout).not_to_have_text(before)
    return readout.inner_text()


def test_figures_live_before_jupyterlab_does_and_move_into_it_as_they_stand(notebook):
    at, figure, slider = opened(notebook)
    page = at.page
    said = moved(page, figure, lambda: slider.press("End"))
    assert not page.locator(".jp-Notebook").count()
    stands = slider.input_value()
    other = page.locator("#opening figure.explorer[data-scene=lif_fI]")
    other.locator("input[type=range]").first.press("Home")
    slider.focus()
    place = figure.bounding_box()["y"]

    at.let_jupyterlab_in()
    at.gone()
    there = page.locator(IN_NOTEBOOK).first
    assert there.locator("input[name=I]").input_value() == stands
    assert there.locator(".readout").inner_text() == said
    expect(there.locator("input[name=I]")).to_be_focused()
    assert abs(there.bounding_box()["y"] - place) < 2  # it stays under the eye
    beside = page.locator(".jp-Notebook figure.explorer[data-scene=lif_fI] input[type=range]").first
    assert beside.input_value() == beside.get_attribute("min")

    # It goes on living there, and nothing else is left over.
    moved(page, there, lambda: page.keyboard.press("Home"))
    assert page.locator("figure.explorer[data-scene=lif_step]").count() == 1
    assert not page.locator("[inert]").count()
    assert page.locator(".course-bar").get_by_text("The figures are live already.").is_visible()


def test_nothing_is_taken_out_of_the_hand_that_drags(notebook):
    at, figure, slider = opened(notebook)
    page = at.page
    slider.scroll_into_view_if_needed()
    middle = middle_of(slider)
    page.mouse.move(*middle)
    moved(page, figure, page.mouse.down)
    at.let_jupyterlab_in()
    at.drawn()
    assert page.locator("#opening figure.explorer").count()
    moved(page, figure, lambda: page.mouse.move(middle[0] + 60, middle[1]))
    said, stands = figure.locator(".readout").inner_text(), slider.input_value()
    page.mouse.up()
    at.gone()
    there = page.locator(IN_NOTEBOOK)
    assert there.locator(".readout").inner_text() == said
    assert there.locator("input[name=I]").input_value() == stands


def test_nothing_is_taken_out_of_the_hand_that_types(notebook):
    at = notebook()
    page = at.page
    assert at.open()
    field = page.locator("#opening figure.explorer[data-scene=lif_step] input.value").first
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("1")
    at.let_jupyterlab_in()
    at.drawn()
    page.keyboard.type("5")
    expect(field).to_have_value("15")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    at.gone()
    there = page.locator(f"{IN_NOTEBOOK} input[type=range]").first
    assert there.input_value() == "15"


def test_figures_say_whose_they_are_and_stay_at_hand_for_everybody(notebook):
    at = notebook(viewport={"width": 320, "height": 700})
    page = at.page
    assert at.open()
    status = page.get_by_role("status").filter(has_text=MARK)
    assert "Python is starting behind them" in status.inner_text()
    assert page.get_by_role("heading", name="The notebook is opening").is_visible()
    assert page.get_by_role("heading", name="The integrate-and-fire model").is_visible()
    for width in (320, 390, 1200):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.getElementById('opening').scrollWidth <= innerWidth")
    for scheme, width in (("light", 1200), ("dark", 1200), ("light", 360)):
        look(page, scheme, width)
        assert not [told for _, told in violations(page)]
    # The keyboard stays with what is seen.
    at.let_in = True
    reached = (
        "document.activeElement === document.body || !!document.activeElement.closest('#opening')"
    )
    page.locator("#opening summary").last.focus()
    page.keyboard.press("Tab")
    assert page.evaluate(reached)


def test_who_has_written_into_the_notebook_is_not_shown_the_books_in_its_place(notebook):
    page = gone_through(notebook)
    expect(page.locator(".jp-Notebook .jp-Cell.jp-mod-active")).to_be_focused()
    page.wait_for_selector(SAVED)
    assert notebook(context=page.context).open()  # what is kept is as the book has it
    write(page, "import numpy", "\n# mine")
    page.wait_for_selector(SAVED)
    again = notebook(context=page.context)
    assert not again.open()
    assert not again.page.locator("figure.explorer").count()
    assert again.page.get_by_text("What to do then").is_visible()
    assert not again.page.get_by_text(MARK).is_visible()
    again.let_jupyterlab_in()
    again.gone()
    again.page.locator(".cm-content", has_text="# mine").wait_for(timeout=READY)


# Takes the last figure out of the notebook that is kept, as when it was closed while it ran.
TAKE_OUT = """
(path) => new Promise((done) => {
  const asked = indexedDB.open(`JupyterLite Storage - ${new URL("..", location.href).pathname}`);
  asked.onsuccess = () => {
    const files = asked.result.transaction("files", "readwrite").objectStore("files");
    files.get(path).onsuccess = ({ target: { result } }) => {
      const drawn = result.content.cells.filter(
        ({ outputs }) => JSON.stringify(outputs ?? []).includes("neuroLib.show("));
      drawn.at(-1).outputs = [];
      files.put(result, path).onsuccess = () => { asked.result.close(); done(drawn.length); };
    };
  };
})
"""


def test_figure_that_was_not_kept_is_not_shown_since_it_has_no_place_to_move_to(notebook):
    page = gone_through(notebook)
    write(page, "import numpy", " ")
    page.wait_for_selector(SAVED)
    page.keyboard.press("Backspace")
    page.wait_for_selector(".course-bar[data-saved=no]")
    page.wait_for_selector(SAVED)
    there = page.evaluate(TAKE_OUT, CHAPTER)
    again = notebook(context=page.context)
    assert again.open()
    assert again.page.locator("#opening figure.explorer").count() == there - 1 > 0
    again.let_jupyterlab_in()
    again.gone()
    assert again.page.locator(".jp-Notebook figure.explorer").count() == there - 1


def test_problem_sets_open_with_words(notebook):
    at = notebook()
    assert not at.open("problems/problems_1.ipynb")
    assert at.page.get_by_text("What to do then").is_visible()
    at.let_jupyterlab_in()
    at.gone()


def test_list_of_notebooks_needs_no_opening(visit, root):
    page = visit(f"{root}/tree/index.html", mutters=ITS_OWN)
    page.locator(".jp-DirListing-item", has_text="chapters").wait_for(timeout=READY)


def test_no_script_is_taken_from_a_file_that_is_not_of_the_book(notebook):
    html = (
        '<figure class="explorer" data-scene="x"></figure><script>window.evil = 1;//neuroLib.show('
    )
    output = {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}
    cells = [
        {"cell_type": "markdown", "source": "# Mine", "metadata": {}},
        {"cell_type": "code", "source": "", "metadata": {}, "outputs": [output]},
    ]
    asked = []

    def serve(route):
        asked.append(route.request.url)
        route.fulfill(body=json.dumps({"cells": cells}), content_type="application/json")

    for path in ("mine.ipynb", "chapters/../mine.ipynb", "chapters/mine.ipynb/../../mine.ipynb"):
        at = notebook()
        at.page.route("**/files/**", serve)
        assert not at.open(path)
        assert at.page.evaluate("window.evil") is None
    assert not asked


# Answers in the store that were made by a script: they have no address. Of the host's own answers a
# browser keeps scripts compiled.
MADE = """
async () => {
  const store = await caches.open("integrate-and-fire"), made = [];
  for (const request of await store.keys())
    if ((await store.match(request)).url !== request.url) made.push(request.url);
  return made;
}
"""


def test_figures_need_no_network(visit, root):
    """Once the notebook was open, the service worker has them."""
    page = visit(f"{root}/logo.svg", mutters=ITS_OWN)
    page.goto(f"{root}/notebooks/index.html?path={CHAPTER}")
    page.wait_for_selector(".course-bar[data-state=run]", timeout=READY)
    page.wait_for_function(ALL_IS_KEPT)
    page.wait_for_selector(SAVED)
    assert page.evaluate(MADE) == []
    page.context.set_offline(True)
    page.reload(wait_until="commit")
    page.wait_for_selector("#opening", state="attached")
    assert page.evaluate(f"import('{MODULE}').then(({{ shown }}) => shown)")
    page.wait_for_selector(".course-bar[data-state=run]", timeout=READY)
