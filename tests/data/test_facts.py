"""Facts have sources, sources can be found, and the numbers agree with each other."""

import re
from pathlib import Path

import pytest
from pybtex.database import parse_file

from neuro_lib.data.facts import FACTS, Fact
from tests.cases import each

BIB = Path(__file__).parents[2] / "web" / "references.bib"
ENTRIES = parse_file(BIB).entries
WELL_KNOWN = {"unit": "mV", "meaning": "a potential", "source": "gerstner2014", "place": "here"}


@each("name", FACTS)
def test_every_fact_has_a_source_a_place_in_it_and_a_meaning(name):
    fact = FACTS[name]
    assert fact.source in ENTRIES
    assert fact.unit and fact.place and len(fact.meaning) > 4
    assert "\n" not in fact.meaning


@each("key", ENTRIES)
def test_every_source_has_author_title_year_and_where_to_find_it(key):
    entry = ENTRIES[key]
    assert entry.persons.get("author")
    assert {"title", "year"} <= set(entry.fields)
    assert re.fullmatch(r"1[89]\d\d|20\d\d", entry.fields["year"])
    # A DOI that could not be looked up is worse than none: then an address stands for it.
    if "doi" in entry.fields:
        assert re.fullmatch(r"10\.\d{4,5}/[^\s{}]+", entry.fields["doi"])
    else:
        assert re.fullmatch(r"https://[\w.-]+/[^\s{}]+", entry.fields["url"])
    if entry.type == "article":
        assert {"journal", "volume"} <= set(entry.fields)
        # A range of pages, or the number of an article.
        assert re.fullmatch(r"\w*\d(--\w*\d[.\w]*)?", entry.fields["pages"])


def test_entries_of_the_bibliography_are_all_read():
    """A missing brace would hide the entry after it."""
    text = BIB.read_text("utf-8")
    assert len(re.findall(r"^@\w+\{", text, re.MULTILINE)) == len(ENTRIES)
    assert text.count("{") == text.count("}")
    dois = [e.fields["doi"].lower() for e in ENTRIES.values() if "doi" in e.fields]
    assert len(dois) == len(set(dois))


def test_value_lies_in_its_range():
    for name, fact in FACTS.items():
        if fact.value is not None and fact.low is not None:
            assert fact.low <= fact.value <= fact.high, name


def test_parts_are_smaller_than_the_whole():
    value = {name: fact.value for name, fact in FACTS.items()}
    human = value["human_neurons"]
    cortex = human * value["human_cortex_share"] / 100
    assert value["human_cerebellum_neurons"] + cortex < human
    assert value["human_cerebellum_neurons"] / human == pytest.approx(0.80, abs=0.005)
    parts = value["elephant_cerebellum_neurons"] + value["elephant_cortex_neurons"]
    assert parts <= value["elephant_neurons"]
    assert value["elephant_cerebellum_neurons"] / value["elephant_neurons"] == pytest.approx(
        0.975, abs=0.002
    )


def test_two_counts_of_synapses_agree_with_neurons_times_synapses_per_neuron():
    counted = FACTS["human_synapses_counted"]
    product = FACTS["human_neocortex_neurons"].value * FACTS["human_synapses_per_neuron"].value
    assert abs(product - counted.value) < counted.spread
    assert abs(FACTS["human_synapses"].value - counted.value) < counted.spread


@pytest.mark.parametrize(
    "name, text",
    [
        ("worm_neurons", "302 neurons"),
        ("fly_neurons", "139,255 neurons"),
        ("rat_neurons", "200 × 10⁶ neurons"),
        ("human_cerebellum_neurons", "(69.03 ± 6.65) × 10⁹ neurons"),
        ("human_synapses", "150 × 10¹² synapses"),
        ("pyramidal_rest", "−73 to −62 mV"),
        ("unitary_epsp", "0.5 mV (0.4 to 1)"),
        ("human_synapses_to_fire", "134 ± 28 synapses"),
    ],
)
def test_a_fact_is_written_as_a_reader_expects(name, text):
    assert str(FACTS[name]) == text


@pytest.mark.parametrize(
    "numbers, message",
    [({}, "value or a range"), ({"low": 1.0}, "two ends"), ({"low": 2.0, "high": 1.0}, "inside")],
)
def test_a_fact_without_a_number_is_refused(numbers, message):
    with pytest.raises(ValueError, match=message):
        Fact(**numbers, **WELL_KNOWN)
