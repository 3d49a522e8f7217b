"""The live widget in a real JupyterLab, and the chapter as nbconvert shows it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from ast import literal_eval
from contextlib import contextmanager

import nbformat
import pytest
from playwright.sync_api import expect

from tests.book.drivers import end
from tests.book.pages import ROOT, Explorer, scene
from tests.hands import drag, hand, middle_of, press

pytestmark = [pytest.mark.book, pytest.mark.browser, pytest.mark.lab]

EXPLORE = "from neuro_lib.explorers import explore_{0}\n\nexplorer = explore_{0}()\nexplorer"
CELLS = {
    "step": EXPLORE.format("step"),
    "input": EXPLORE.format("input"),
    "pid": "import os\n\nos.getpid()",
    "say": "explorer.params, repr(explorer), explorer.run().rate",
    "set": "explorer.widget.children[1].children[0].value = 20.0",
    "volley": EXPLORE.format("volley"),
    "asked": (
        "from neuro_lib.explorers import Question, explore_step\n\n"
        "explorer = explore_step().ask(Question('How fast?', 'rate'))\nexplorer"
    ),
}
LIVING = (
    "Its [$\\theta$](live:lif_step.theta/u) at [0.4 nA](live:lif_step.I), [as told](https://a.org)."
)
SETTINGS = {"themes": {"theme": "JupyterLab Light"}}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def environment(home):
    """Environment in which Jupyter keeps to a folder of its own."""
    folders = {f"JUPYTER_{kind}_DIR": str(home / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    folders |= {f"JUPYTERLAB_{k}_DIR": str(home / k) for k in ("SETTINGS", "WORKSPACES")}
    ours = {"JUPYTER_CONFIG_PATH": str(ROOT / "tools" / "jupyter")}  # as `make lab` does
    return {**os.environ, **folders, **ours, "IPYTHONDIR": str(home / "ipython")}


def configure(home, **settings):
    folder = home / "SETTINGS" / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True, exist_ok=True)
    for plugin, values in settings.items():
        (folder / f"{plugin}.jupyterlab-settings").write_text(json.dumps(values))


@contextmanager
def jupyter_lab(folder, home):
    """Run JupyterLab on a folder; give its address."""
    port = free_port()
    options = {
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": "",
        "LabApp.expose_app_in_browser": True,
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{k}={v}" for k, v in options.items())]
    with open(home / "log", "wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment(home))
    try:
        while server.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status").close()
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        assert server.poll() is None, (home / "log").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        end(server)  # which a page that saves in this moment may keep for ever


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("jupyter")
    configure(home, **SETTINGS)
    return home


@pytest.fixture(scope="module")
def lab(tmp_path_factory, home):
    folder = tmp_path_factory.mktemp("chapters")
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in CELLS.items()]
    cells.append(nbformat.v4.new_markdown_cell(LIVING, id="living"))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    # A notebook for each window: ipywidgets of two on one kernel move each other, and lose moves.
    for kind in ("mouse", "finger"):
        nbformat.write(notebook, folder / f"{kind}.ipynb")
    with jupyter_lab(folder, home) as address:
        yield f"{address}/lab/tree/mouse.ipynb?reset"


# No cell has run, and no figure was drawn.
AS_OPENED = """
async () => {
  await jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
  await jupyterapp.commands.execute("notebook:show-all-cell-outputs");
  drawn.length = 0;
}
"""


class Notebook:
    """The notebook of `CELLS`, open in JupyterLab; its kernel has started."""

    def __init__(self, page):
        self.page = page
        page.wait_for_function(
            "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status"
            " === 'idle'"
        )
        page.evaluate(AS_OPENED)

    def cell(self, name):
        return self.page.locator(".jp-CodeCell").nth(list(CELLS).index(name))

    def run(self, name):
        """Run a cell to its end; return its value as text."""
        return self.page.evaluate(
            """async (index) => {
              const { content } = jupyterapp.shell.currentWidget;
              content.activeCellIndex = index;
              await jupyterapp.commands.execute("notebook:run-cell");
              return content.activeCell.model.outputs.toJSON().at(-1)?.data["text/plain"];
            }""",
            list(CELLS).index(name),
        )

    @contextmanager
    def kernel_stopped(self):
        """Let the kernel do nothing at all for the length of a ``with`` block.

        One that runs a cell is not enough: ipykernel answers widgets from a thread beside it.
        """
        kernel = int(self.run("pid"))
        os.kill(kernel, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(kernel, signal.SIGCONT)

    def explore(self, name):
        """Run the cell of an explorer; return it."""
        self.run(name)
        self.cell(name).locator("figure.explorer").wait_for()
        self.page.wait_for_function("drawn.length > 0")
        return LiveExplorer(self.page, self.cell(name))

    def ask(self, **params):
        """What Python says of the explorer: its parameters, its text, its rate.

        ipywidgets sends a value when the one before has been answered: a few may be on their way.
        """
        for _ in range(100):
            told, *more = literal_eval(self.run("say"))
            if params.items() <= told.items():
                break
            self.page.wait_for_timeout(100)
        return told, *more


class LiveExplorer(Explorer):
    """An explorer in a notebook: its sliders are those of ipywidgets."""

    def __init__(self, page, cell):
        super().__init__(page, 0)
        self.cell = cell
        self.handles = cell.locator(".widget-slider .noUi-handle")
        self.readouts = cell.locator(".widget-slider .widget-readout")

    def push(self, number, key, times=1):
        """Press a key with the focus on a slider."""
        for _ in range(times):
            self.handles.nth(number).press(key)

    def params(self):
        """The parameters at which it was drawn last."""
        return self.page.evaluate("drawn[0].params")

    def assert_drawn(self, **params):
        """Wait until it is drawn at some parameters; it must say what Python says."""
        self.page.wait_for_function(
            "params => Object.entries(params).every(([k, v]) => drawn[0].params[k] === v)",
            arg=params,
        )
        values = self.params()
        words = "; ".join(self.scene.describe(self.scene(**values)))
        assert self.figure.locator(".readout").text_content() == words
        return values

    def picture(self):
        return self.figure.locator("[data-gid] path").evaluate_all(
            "paths => paths.map((path) => path.getAttribute('d'))"
        )


@pytest.fixture
def notebook(revisit, lab):
    """The one notebook that these tests share: JupyterLab and a kernel take seconds to start."""
    return Notebook(revisit(lab))


def test_student_is_shown_neither_news_nor_the_instructors_menu(notebook):
    page = notebook.page
    assert "Kernel" in page.locator(".lm-MenuBar-item").all_inner_texts()
    assert not page.get_by_text("nbgrader", exact=False).count()
    assert not page.get_by_text("Jupyter news").count()
    commands = page.evaluate("jupyterapp.commands.listCommands()")
    assert not [name for name in commands if "nbgrader" in name]
    assert not page.evaluate("jupyterapp.hasPlugin('@jupyterlab/apputils-extension:announcements')")


def test_living_text_is_text(notebook):
    """What belongs to a figure of the book's page leads nowhere here: there is no link to press."""
    text = notebook.page.locator(".jp-MarkdownCell p").filter(has_text="0.4 nA")
    text.locator(".katex").wait_for()
    expect(text.get_by_role("link")).to_have_text("as told")
    words = text.locator("a", has_text="0.4 nA")
    expect(words).to_have_css("text-decoration-line", "none")
    expect(words).to_have_css("color", text.evaluate("(e) => getComputedStyle(e).color"))
    words.evaluate("(e) => e.focus()")
    expect(words).not_to_be_focused()
    expect(words.locator("svg")).to_be_hidden()


def test_screen_reader_hears_what_a_slider_is_and_what_it_says_in_its_unit(notebook):
    explorer = notebook.explore("step")
    handle = explorer.handles.first
    assert min(handle.bounding_box()[side] for side in ("width", "height")) >= 24
    called = f"tau m, membrane time constant: {explorer.scene.title}"
    assert handle.get_attribute("aria-label") == called
    assert handle.get_attribute("aria-valuetext") == "10.0 ms"
    explorer.push(0, "ArrowRight")
    explorer.assert_drawn(tau_m=10.5)
    notebook.page.wait_for_function(
        "e => e.getAttribute('aria-valuetext') === '10.5 ms'", arg=handle.element_handle()
    )


def test_slider_moves_the_picture_while_the_kernel_stands_still(notebook):
    explorer = notebook.explore("step")
    first = explorer.picture()
    with notebook.kernel_stopped():
        explorer.push(0, "ArrowRight", times=4)
        params = explorer.assert_drawn(tau_m=12.0)
        assert explorer.picture() != first
    told, text, rate = notebook.ask(**params)
    assert (
        told == params == {p.name: p.default for p in explorer.scene.parameters} | {"tau_m": 12.0}
    )
    step = scene("lif_step")
    assert text.splitlines() == step.describe(step(**params))
    assert rate == step(**params).rate


def test_mouse_drags_the_slider_to_both_ends(notebook):
    explorer = notebook.explore("step")
    mouse, pictures = notebook.page.mouse, [explorer.picture()]
    for number, parameter in enumerate(explorer.scene.parameters):
        for way, value in ((1, parameter.high), (-1, parameter.low)):
            explorer.handles.nth(number).hover()  # where nothing is in front of it
            box = explorer.handles.nth(number).bounding_box()
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            mouse.down()
            mouse.move(x + way * 500, y, steps=4)
            mouse.up()
            explorer.assert_drawn(**{parameter.name: value})
            pictures.append(explorer.picture())
            assert pictures[-1] != pictures[-2]
    lows = {p.name: p.low for p in explorer.scene.parameters}
    assert notebook.ask(**lows)[0] == lows


def test_reset_brings_sliders_picture_and_python_back(notebook):
    explorer = notebook.explore("step")
    first = explorer.picture()
    explorer.push(0, "End")
    explorer.push(3, "ArrowLeft", times=5)
    explorer.assert_drawn(tau_m=50.0, I=0.35)
    assert notebook.ask(tau_m=50.0, I=0.35)[0] == explorer.params()
    explorer.reset()
    explorer.assert_drawn(tau_m=10.0, I=0.4)
    assert explorer.picture() == first
    said = [text.replace("−", "-") for text in explorer.readouts.all_inner_texts()]
    assert said == ["10.0", "50", "-50.0", "0.40", "20", "180"]
    start = {p.name: p.default for p in explorer.scene.parameters}
    assert notebook.ask(**start)[0] == start


def test_python_moves_slider_and_picture(notebook):
    explorer = notebook.explore("step")
    notebook.run("set")
    explorer.assert_drawn(tau_m=20.0)
    assert explorer.readouts.first.inner_text() == "20.0"


def test_list_changes_the_input_while_the_kernel_stands_still(notebook):
    explorer = notebook.explore("input")
    first = explorer.picture()
    with notebook.kernel_stopped():
        explorer.cell.get_by_role("combobox", name="kind of input").select_option(label="noise")
        explorer.assert_drawn(kind=2)
        assert explorer.picture() != first
    assert notebook.ask(kind=2)[0]["kind"] == 2
    explorer.reset()
    explorer.assert_drawn(kind=1)
    assert notebook.ask(kind=1)[0]["kind"] == 1


def test_sliders_stand_below_the_figure_with_their_names_in_full(notebook):
    for name in ("step", "input"):
        explorer = notebook.explore(name)
        svg = explorer.figure.locator("svg").bounding_box()
        assert svg["width"] > 300
        labels = explorer.cell.locator(".widget-label").all()
        assert len(labels) == len(explorer.scene.parameters)
        for label, parameter in zip(labels, explorer.scene.parameters, strict=True):
            assert label.bounding_box()["y"] >= svg["y"] + svg["height"]
            assert label.evaluate("e => e.scrollWidth <= e.clientWidth")
            assert parameter.meaning in label.inner_text()
            assert "_" not in label.inner_text()
        notebook.cell(name).locator(".jp-OutputCollapser").click()


def says(name, **values):
    """What Python says of a scene."""
    return "; ".join(scene(name).describe(scene(name)(**values)))


@pytest.mark.parametrize("kind", ["mouse", "finger"])
def test_all_that_a_page_offers_is_offered_in_a_notebook(revisit, lab, kind):
    """Grab, type, keep and swap, play and hear, take along; draw; another draw; predict, try."""
    notebook = Notebook(revisit(lab.replace("mouse", kind), has_touch=kind == "finger"))
    page, step = notebook.page, notebook.explore("step")
    figure = step.figure

    def fold(name):  # the next one is the first in the page then
        notebook.cell(name).locator(".jp-OutputCollapser").click()

    def button(name):
        press(kind, figure.get_by_role("button", name=name))

    knob = figure.get_by_role("slider", name="I, input current").first
    knob.scroll_into_view_if_needed()
    x, y = middle_of(knob)
    drag(page, kind, knob, x, y - 500)
    step.assert_drawn(I=1.0)
    assert step.readouts.nth(3).inner_text() == "1.00"
    assert notebook.ask(I=1.0)[0]["I"] == 1.0

    def enter(text):
        step.readouts.nth(3).click()  # who has keys to type with has a mouse, too
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        page.keyboard.press("Enter")

    note = figure.locator(".tools .note")
    enter("1.2")
    refused = "I = 1.2 nA: the input current must be a number from 0 to 1 nA"
    expect(note).to_have_text(refused)
    enter("0.8")
    expect(note).to_have_text("")
    step.assert_drawn(I=0.8)

    button("Keep")
    kept = figure.locator(".kept li")
    expect(kept).to_have_count(1)
    step.reset()
    step.assert_drawn(I=0.4)
    expect(kept).to_contain_text(f"I = 0.80 nA: {says('lif_step', I=0.8)}")
    assert figure.locator(".ghost").count()
    button("Swap 1")
    step.assert_drawn(I=0.8)
    button("Remove 1")

    button("Play")
    instant = figure.get_by_role("slider", name="instant")
    page.wait_for_function("(e) => Number(e.value) > 0", arg=instant.element_handle())
    button("Sound")
    expect(figure.get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "true")
    button("Pause")

    press(kind, figure.get_by_text("More", exact=True))
    button("Copy as Python")
    expect(note).to_have_text("Copied: explore_step(I=0.8)")
    press(kind, figure.get_by_text("More", exact=True))
    with page.expect_download() as saved:
        button("Save data")
    assert saved.value.path().read_text("utf-8").startswith("# explore_step(I=0.8)\n")
    press(kind, figure.get_by_text("Data as a table"))
    expect(figure.get_by_role("columnheader").first).to_have_text("time t (ms)")
    fold("step")

    figure = notebook.explore("input").figure
    readout = figure.locator(".readout")
    button("Draw the input")
    sheet = figure.locator(".sheet")
    sheet.scroll_into_view_if_needed()
    box, pointer = sheet.bounding_box(), hand(page, kind)
    pointer.move(box["x"] + 1, box["y"] + 2)
    pointer.down()
    pointer.move(box["x"] + box["width"] - 1, box["y"] + 2, steps=5)
    pointer.up()
    expect(readout).not_to_have_text(says("lif_input"))
    button("Clear")
    expect(readout).to_have_text(says("lif_input"))
    fold("input")

    volley = notebook.explore("volley")
    figure = volley.figure
    draw = volley.params()["draw"]
    button("Another draw")
    volley.assert_drawn(draw=draw + 1)
    expect(figure.locator(".mean")).to_contain_text("Over 2 draws: ")
    fold("volley")

    asked = notebook.explore("asked")
    figure = notebook.cell("asked").locator("figure.explorer")
    notebook.run("step")  # whose style is another one
    notebook.cell("step").locator("figure.explorer").wait_for()
    expect(figure.locator("svg [data-gid=u]")).to_have_css("opacity", "0")
    fold("step")
    figure.get_by_label("How fast?").fill("30")
    button("Show me")
    expect(figure.locator(".asked [role=status]")).to_have_text("You said 30.0 Hz: it is 72.1 Hz.")
    press(kind, figure.get_by_text("Challenges"))
    first = figure.locator(".challenges li").first
    press(kind, first.get_by_role("button", name="Try"))
    expect(first.get_by_role("status")).to_contain_text("I stays 0.40 nA")
    asked.push(3, "End")  # I is locked
    expect(asked.readouts.nth(3)).to_have_text("0.40")
    asked.assert_drawn(I=0.4)
    asked.push(0, "ArrowRight", times=16)
    expect(first.get_by_role("status")).to_contain_text("Solved, in ")


INKS = {"Light": "51, 51, 51", "Dark": "230, 230, 230"}
CHANGE = """
async (theme) => {
  await jupyterapp.commands.execute("apputils:change-theme", { theme });
}
"""


def test_picture_follows_the_theme(notebook):
    explorer = notebook.explore("step")
    for name in ("Light", "Dark", "Light"):
        notebook.page.evaluate(CHANGE, f"JupyterLab {name}")
        notebook.page.wait_for_function(
            f"document.body.dataset.jpThemeName === 'JupyterLab {name}'"
        )
        text = explorer.figure.locator("svg text").first.element_handle()
        notebook.page.wait_for_function(
            "([text, ink]) => getComputedStyle(text).fill === ink", arg=[text, f"rgb({INKS[name]})"]
        )


# Other hosts of notebooks


def test_nbconverted_chapter_is_alive_as_a_file(visit, tmp_path):
    """Where no state of widgets is kept, the page's form is chosen: in nbconvert, in VS Code."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "nbconvert",
            "--to",
            "html",
            "--execute",
            "--log-level=ERROR",
            "--ExecutePreprocessor.store_widget_state=False",
            f"--output-dir={tmp_path}",
            ROOT / "chapters" / "if_model.ipynb",
        ],
        check=True,
        env=environment(tmp_path),
    )
    page = visit((tmp_path / "if_model.html").as_uri(), absent=["cdnjs.cloudflare.com"])
    for explorer in Explorer.all(page):
        before = explorer.state()
        explorer.control("tau_m").press("End")
        assert explorer.assert_true()["picture"] != before["picture"]
