"""The drawn neuron: what it computes, in which engines, and what it refuses."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuro_lib import LIF, exponential_psp
from neuro_lib.explorers import explore_neuron
from neuro_lib.explorers.page import script_beside, shared
from neuro_lib.explorers.scenes.neuron import (
    EPSP,
    EXCITE,
    LETTERS,
    PLACES,
    RECORD,
    SCENE,
    SEEN,
    TAU_E,
    TAU_M,
    TRAVEL,
    R,
)
from tests.engines import assert_engines_agree
from tests.explorers.bench import Page
from tools.benchmarks.sizes import OWN


def outcome(*taps):
    """What the scene gives for some taps, (time since, synapse) each."""
    since, site = zip(*sorted(taps, reverse=True), strict=True) if taps else ((), ())
    return SCENE(since=np.array(since, float), site=np.array(site, float))


def test_a_tap_is_the_closed_form_of_an_epsp_and_peaks_where_it_is_meant_to():
    seen = outcome((90.0, 0))
    lif = LIF(tau_m=TAU_M, R=R)
    shape = exponential_psp(lif, 1.0, np.maximum(seen.t + 90.0, 0.0), tau_s=TAU_E)
    peak = exponential_psp(lif, 1.0, np.arange(0, 30, 1e-3), tau_s=TAU_E).max()
    np.testing.assert_allclose(seen.u, lif.u_rest + EPSP * shape / peak, atol=1e-5)
    assert (seen.fired, seen.taps) == (0, 1)


def test_taps_add_up_and_inhibition_takes_away():
    a, b, e = (90.0, 0), (70.0, 3), (85.0, EXCITE)
    alone = [outcome(x).u + 65.0 for x in (a, b, e)]
    np.testing.assert_allclose(outcome(a, b, e).u + 65.0, sum(alone), atol=1e-9)
    assert outcome(e).u.min() == pytest.approx(-70.0, abs=0.01)


@pytest.mark.parametrize("where", ["AAAA", "ABCD", "DCBA"])
def test_several_taps_in_a_row_fire_it_wherever_they_are_and_slow_ones_do_not(where):
    assert explore_neuron(where, every=5.0).run().fired == 1
    assert explore_neuron(where, every=30.0).run().fired == 0


def test_a_spike_travels_down_the_axon_and_arrives():
    def travelled(rest):
        return outcome(*((rest + s, 0) for s in (0.0, 4.0, 8.0))).travelled

    at = [travelled(rest) for rest in (2.0, 4.0, 6.0)]
    assert np.diff(at) == pytest.approx(2.0 / TRAVEL, abs=1e-6)
    assert 0 < at[0] < at[-1] < 1
    assert travelled(20.0) == travelled(-8.0 + 8.5) == -1.0


def test_what_was_tapped_long_ago_is_not_to_be_seen():
    old = outcome((RECORD - 1, 0), (SEEN + 1, 1), (SEEN - 1, 2))
    assert (old.taps, old.tapped.tolist()) == (1, [-(SEEN - 1)])
    np.testing.assert_allclose(outcome((RECORD - 1, 0)).u, -65.0, rtol=0, atol=2e-5)
    assert outcome().u.tolist() == [-65.0] * len(outcome().t)


TAPS = st.lists(st.tuples(st.floats(0, RECORD), st.integers(0, PLACES - 1)), max_size=30)


@given(taps=TAPS)
@settings(max_examples=25)
def test_engines_agree_whatever_is_tapped(taps):
    taps.sort(reverse=True)
    since, site = (np.array([tap[k] for tap in taps], float) for k in range(2))
    outputs = assert_engines_agree(SCENE.run, since, site)[0]
    assert all(np.all(np.isfinite(output)) for output in outputs)


def test_each_synapse_is_a_button_with_a_name_that_waits_for_javascript():
    html = explore_neuron().html()
    page = Page(html)
    buttons = [b for b in page.all("button") if b["class"] == "synapse"]
    assert [b["aria-label"][0] for b in buttons] == list(LETTERS)
    assert [b["aria-label"].split()[-1] for b in buttons] == ["excites"] * 4 + ["inhibits"]
    assert '<div class="synapse-buttons" hidden>' in html
    assert "Drawn for the taps A, B, C, 10 ms apart." in html
    assert all(svg["role"] == "img" and len(svg["aria-label"]) > 60 for svg in page.all("svg"))
    assert not re.search(r"https?://(?!www\.w3\.org)", html)
    assert html.count(shared()) == 1
    assert (
        len(html.replace(shared(), "").replace(script_beside("cell.js"), "").encode()) <= OWN * 1024
    )


def test_the_notebook_knows_what_was_tapped():
    explorer = explore_neuron("AB", every=5.0)
    assert explorer.params["since"].tolist() == [65.0, 60.0]
    bundle = explorer._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert bundle["text/plain"] == repr(explorer)
    figure = explorer.widget.children[0]
    figure.since, figure.site = [8.0, 4.0, 0.5], [0.0, 1.0, 2.0]
    assert explorer.run().taps == 3


@pytest.mark.parametrize(
    "taps, every, message",
    [
        ("ABX", 10.0, "taps = 'ABX': the synapses are A, B, C, D, E; got 'X'"),
        ("AB", 0.0, "every = 0 ms: the time from tap to tap must be finite and > 0 ms"),
        ("ABC", 200.0, "every = 200 ms: with 3 taps the time from tap to tap must be ≤ 170 ms"),
    ],
)
def test_taps_that_cannot_be_are_refused(taps, every, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        explore_neuron(taps, every=every)
