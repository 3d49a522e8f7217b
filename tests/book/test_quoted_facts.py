"""What the prose says of measured numbers is what the list of facts says, beside its source."""

import re

import nbformat
import pytest

from neuro_lib.data.facts import FACTS
from tests.book.pages import ROOT

pytestmark = pytest.mark.book

# Quoted by page: the paragraph holds all numbers of the fact, and cites its source.
QUOTED = {
    "numbers": (
        "human_cortex_share",
        "pilot_whale_neocortex_neurons",
        "human_neocortex_neurons",
        "human_synapses_per_neuron",
        "bits_per_synapse",
        "gpt3_parameters",
        "llama_parameters",
        "switch_parameters",
        "unitary_epsp",
        "human_synapses_to_fire",
    ),
    "if_model": (
        "pyramidal_rest",
        "pyramidal_tau_m",
        "pyramidal_R",
        "pyramidal_threshold",
        "prefrontal_tau_m",
        "prefrontal_R",
    ),
    "synapses": (
        "gaba_reversal",
        "gaba_reversal_without_bicarbonate",
    ),
    "dendrites": (
        "nmda_spike_height",
        "nmda_spike_half_width",
        "distal_plateau",
        "proximal_plateau",
        "human_ampa_conductance",
        "human_nmda_conductance",
        "synapses_to_nmda_spike",
    ),
}
CITED_BESIDE = {"human_cortex_share": "drachman2005"}  # the same paragraph sets both side by side


def paragraphs(page):
    """Paragraphs of a chapter's prose; a box is cut at its empty lines, too."""
    notebook = nbformat.read(ROOT / "chapters" / f"{page}.ipynb", as_version=4)
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [" ".join(part.split()) for part in text.split("\n\n")]


def written(number):
    """A number as prose writes it, as a regular expression."""
    if abs(number) >= 1e9:
        billions = number / 1e9
        text = f"{billions:g}" if billions < 10 else f"{billions:,.0f}"
        return rf"(?<![\d.]){re.escape(text)} billion"
    return rf"(?<![\d.,]){re.escape(f'{number:,g}'.replace('-', '−'))}(?![\d,]*\d)"


@pytest.mark.parametrize("page, name", [(p, name) for p, names in QUOTED.items() for name in names])
def test_fact_is_quoted_as_it_is_beside_its_source(page, name):
    fact = FACTS[name]
    numbers = [x for x in (fact.value, fact.spread, fact.low, fact.high) if x is not None]
    source = CITED_BESIDE.get(name, fact.source)
    assert any(
        source in text and all(re.search(written(number), text) for number in numbers)
        for text in paragraphs(page)
    )


def test_a_number_is_not_found_inside_another():
    assert re.search(written(7.5), "between 7.5 and 11.7 ms")
    assert not re.search(written(7.5), "17.5 or 7.55 ms")
    assert re.search(written(7000), "about 7,000 per neuron")
    assert re.search(written(37.2e9), "37 billion")
    assert not re.search(written(7e9), "37 billion")
