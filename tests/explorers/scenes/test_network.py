"""The live network in Python: its rates, its page."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from neuro_lib.explorers import explore_network
from neuro_lib.explorers.page import script_beside, shared
from neuro_lib.explorers.scenes.network import BIN, FROM_E, FROM_I, SEEN, SHOWN, SIZES
from tests.explorers.bench import Page
from tools.benchmarks.sizes import OWN


@pytest.fixture(scope="module")
def explorer():
    return explore_network()


@pytest.fixture(scope="module")
def seen(explorer):
    return explorer.run()


def test_rates_are_those_of_the_spikes_that_are_shown(seen):
    assert seen.E.size == seen.t.size == SEEN / BIN
    assert seen.E.mean() == pytest.approx(seen.mean_E) and 10 < seen.mean_E < 40
    assert seen.I.mean() == pytest.approx(seen.mean_I)
    rows = np.unique(np.concatenate([seen.row_E, seen.row_I]))
    assert set(seen.row_E) <= set(range(80)) and set(seen.row_I) <= set(range(80, 100))
    assert rows.size > 0.9 * SHOWN
    for when, rate, many in ((seen.when_E, seen.mean_E, 80), (seen.when_I, seen.mean_I, 20)):
        assert np.all((when >= -SEEN) & (when < 0))
        assert when.size / many / SEEN * 1000 == pytest.approx(rate, rel=0.25)


def test_excitation_drives_it_inhibition_holds_it_and_without_input_it_is_silent(seen):
    less = explore_network(g=2.0).run()
    more = explore_network(g=9.0).run()
    silent = explore_network(drive=0.0).run()
    assert more.mean_E < seen.mean_E < less.mean_E
    assert silent.mean_E == silent.mean_I == 0.0


def test_page_has_a_button_to_run_it_and_is_right_without_javascript(explorer):
    html = explorer.html()
    page = Page(html)
    (figure,) = page.all("figure")
    assert figure["class"].split()[0] == "network"
    assert [b["type"] for b in page.all("button")] == ["button", "reset"]
    assert '<button type="button" class="run" hidden>Run</button>' in html
    assert "Drawn for 1,000, J = 0.50 mV" in html
    assert html.count(shared()) == 1 and 'neuroLib.show({"name' not in html
    style = re.match(r"<style>.*?</style>", html, flags=re.DOTALL)[0]
    rest = html.replace(shared(), "").replace(script_beside("network.js"), "").replace(style, "")
    assert len(rest.encode()) <= OWN * 1024
    root = ElementTree.fromstring(explorer.svg)
    gids = {element.get("data-gid") for element in root.findall(".//*[@data-gid]")}
    assert gids >= {"raster_E", "raster_I", "E", "I"}


def test_the_worker_gets_the_loops_of_the_model_and_their_numbers(explorer):
    told = explorer.description()
    assert set(told["loops"]) == {"connect", "start", "advance"} and "source" not in told
    assert "def advance(" in told["loops"]["advance"] and told["numbers"]["sizes"] == SIZES
    assert (told["numbers"]["fromE"], told["numbers"]["fromI"]) == (FROM_E, FROM_I)
    assert set(explorer._repr_mimebundle_()) == {"text/plain", "text/html"}
    assert re.match(r"excitatory neurons \d+ Hz\n", repr(explorer))
