"""What an explorer puts into a page."""

import ast
import gzip
import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from neuro_lib.explorers import SCENES, Choice
from neuro_lib.explorers.page import RUNTIME, asking, script, shared
from neuro_lib.explorers.symbols import set_symbols, spoken
from neuro_lib.figures.svg import SVG, XLINK
from neuro_lib.portable.javascript import COMPILER
from tests.explorers.bench import Page, every_scene, explorer
from tools.benchmarks.sizes import OWN, PACKED, SHARED, WITH_DATA

ASKING = 18  # KB of what an explorer brings that asks or challenges
PORTABLE = Path(str(RUNTIME)).parents[1] / "portable"


@every_scene
def test_bundle_serves_page_notebook_and_terminal(name):
    bundle = explorer(name)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert bundle["text/html"] == explorer(name).html()
    assert bundle["text/plain"] == repr(explorer(name))
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]


@every_scene
def test_text_is_the_readouts(name):
    scene = explorer(name).scene
    lines = repr(explorer(name)).splitlines()
    assert lines == scene.describe(scene())
    assert len(lines) == len(scene.readouts)
    assert f'role="status">{set_symbols("; ".join(lines))}</p>' in explorer(name).html()


def test_no_two_modules_of_the_runtime_declare_one_name():
    """They stand in one scope, where a second function would silently take the first's place."""
    files = [*Path(str(RUNTIME)).glob("*.js"), *(PORTABLE / name for name in COMPILER)]
    declaring = r"^(?:export )?(?:async )?(?:function|class|const|let|var) (\w+)"
    declared = re.findall(
        declaring, "\n".join(file.read_text("utf-8") for file in files), flags=re.MULTILINE
    )
    assert len(declared) > 40
    assert sorted(declared) == sorted(set(declared))


def test_each_module_stands_behind_what_it_imports():
    for entry, last in (("page.js", "show"), ("widget.js", "render")):
        text = script(entry=entry)
        order = ("compilePortable", "pathOf", "enliven", last)
        places = [text.index(f"function {name}(") for name in order]
        assert places == sorted(places)
        assert not re.search(r"(^|[;}])\s*(import|export)\b", text, flags=re.MULTILINE)


@every_scene
def test_explorer_is_small(name):
    html = explorer(name).html()
    assert html.count(shared()) == 1
    alone = html.replace(shared(), "").replace(asking(), "")
    assert len(alone.encode()) <= WITH_DATA.get(name, OWN) * 1024
    assert len(asking().encode()) <= ASKING * 1024
    assert len(shared().encode()) <= SHARED * 1024
    assert len(gzip.compress(shared().encode())) <= PACKED * 1024


def texts():
    """What each scene has for a page and for Numba, whose cache knows a function by its text."""
    for name in SCENES:
        for text in (explorer(name).html(), explorer(name).scene.run._bundle("import", "constant")):
            yield name, sha256(text.encode()).hexdigest()


@pytest.mark.slow
def test_equal_explorers_give_equal_html_and_machine_code_in_any_process():
    """Whatever the order of its sets: a text that it changed would be compiled at each start."""
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    elsewhere = subprocess.run(
        [sys.executable, "-c", "from tests.explorers.test_page import texts; print([*texts()])"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert elsewhere.stdout == f"{[*texts()]}\n"


def test_no_id_is_given_twice_on_a_page_of_all_explorers():
    page = Page("".join(explorer(name).html() for name in SCENES))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert ids and len(ids) == len(set(ids))


@every_scene
def test_page_carries_the_program_in_fewer_letters(name):
    sent, run = explorer(name).description()["source"], explorer(name).scene.run
    assert len(sent) < len(run.source)
    program = ast.parse(run.source)
    for function in ast.walk(program):
        if isinstance(function, ast.FunctionDef):
            function.returns = None  # which the compiler finds out by itself
    assert ast.dump(ast.parse(sent)) == ast.dump(program)


@every_scene
def test_page_asks_no_host_for_anything(name):
    html = explorer(name).html()
    addresses = set(re.findall(r"[\w+.-]+:?//[\w.-]+[^\"'\s]*", html))
    assert addresses <= {SVG, XLINK}
    links = {
        attributes[key]
        for _, attributes in Page(html).elements
        for key in ("href", "src", "xlink:href")
        if key in attributes
    }
    assert all(link.startswith("#") for link in links)
    assert "@import" not in html


@every_scene
def test_page_keeps_the_contract_of_its_elements(name):
    scene, html = explorer(name).scene, explorer(name).html()
    page = Page(html)
    (figure,) = page.all("figure")
    assert {"explorer"} <= set(figure["class"].split())
    assert (figure["role"], figure["aria-label"]) == ("group", scene.title)
    assert len(scene.title) > 5
    (svg,) = page.all("svg")
    assert svg["role"] == "img" and len(svg["aria-label"]) > 60
    sliders = {a["name"]: a for a in page.all("input")}
    choices = {a["name"]: a for a in page.all("select")}
    for p in scene.parameters:
        if isinstance(p, Choice):
            assert p.name in choices
            continue
        slider = sliders[p.name]
        assert slider["type"] == "range"
        given = [float(slider[key]) for key in ("min", "max", "step", "value")]
        assert given == [p.low, p.high, p.step, p.default]
        assert slider["aria-valuetext"] == p.say(p.default)
        # First in its label, the input is what the label names.
        assert re.search(rf'<label><span>(?:(?!</span>).)*</span><input [^>]*name="{p.name}"', html)
        name = f"{spoken(p.symbol)}, {p.meaning}"
        assert slider.get("aria-label", f"{p.symbol}, {p.meaning}") == name
        assert f'<output aria-hidden="true">{p.say(p.default)}</output></label>' in html
    assert len(sliders) + len(choices) == len(page.all("label")) == len(scene.parameters)
    assert [b["type"] for b in page.all("button")] == ["reset"]
    assert [p for p in page.all("p") if p.get("role") == "status"]


def test_page_starts_where_python_says():
    page = Page(SCENES["lif_input"](kind="noise", T=20.0).html())
    options = [attributes for attributes in page.all("option") if "selected" in attributes]
    assert [option["value"] for option in options] == ["2"]
    assert {a["name"]: a["value"] for a in page.all("input")}["T"] == "20"
    with pytest.raises(ValueError, match="in steps of 1 ms"):
        SCENES["lif_input"](T=20.5)


@every_scene
def test_page_without_javascript_tells_what_is_drawn(name):
    html = explorer(name).html()
    said = re.search(r'<p class="still">(.*?)</p>', html)[1]
    for p in explorer(name).scene.parameters:
        told = p.options[p.default] if isinstance(p, Choice) else f"{p.symbol} = {p.say(p.default)}"
        assert set_symbols(told) in said
    assert Page(html).all("form")[0].keys() >= {"hidden"}


@every_scene
def test_no_symbol_is_left_as_code_writes_it(name):
    words = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", explorer(name).html(), flags=re.DOTALL)
    assert "_" not in words


@pytest.mark.slow
def test_a_notebook_that_is_run_to_its_end_keeps_the_page_that_needs_no_network():
    """nbconvert --execute would prefer a widget, which fetches its code from a host."""
    import nbformat
    from nbclient import NotebookClient

    source = "from neuro_lib.explorers import explore_step\n\nexplore_step()"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert set(output["data"]) == {"text/plain", "text/html"}
