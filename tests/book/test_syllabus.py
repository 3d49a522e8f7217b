"""The book teaches what the author's notes state, and says openly where they are wrong."""

import re

import pytest

from tests.book.pages import PAGES, markdown
from tests.book.syllabus import SYLLABUS, corrections, section, sections

pytestmark = pytest.mark.book

CHAPTERS = [page for page in PAGES if page.startswith("chapters/")]
every_statement = pytest.mark.parametrize("statement", SYLLABUS, ids=lambda s: s.says)


def lacking(statement, text):
    """What of a statement a text does not say."""
    missing = [term for term in statement.terms if not re.search(term, text)]
    boxes = corrections(text)
    if statement.correction and not any(re.search(statement.correction, box) for box in boxes):
        missing.append(statement.correction)
    return missing


@every_statement
def test_statement_is_taught_below_its_heading(statement):
    assert lacking(statement, section(statement.page, statement.heading)) == []


@every_statement
def test_statement_is_recognised_by_terms_of_its_own(statement):
    """What any section would pass, no section could fail."""
    held = [
        (page, heading)
        for page in CHAPTERS
        for heading, text in sections(markdown(page))
        if not lacking(statement, text)
    ]
    assert (statement.page, statement.heading) in held
    assert len(held) <= 2, held  # a subsection stands in the section above it, too


@every_statement
def test_statement_lacks_each_of_its_terms_when_that_is_cut_out(statement):
    text = section(statement.page, statement.heading)
    for term in filter(None, (*statement.terms, statement.correction)):
        assert term in lacking(statement, re.sub(term, "…", text))


def test_statements_are_written_once():
    says = [statement.says for statement in SYLLABUS]
    assert len(says) == len(set(says))


def test_every_box_that_corrects_the_notes_belongs_to_a_statement():
    for page in CHAPTERS:
        for box in corrections(markdown(page)):
            assert any(
                statement.page == page and re.search(statement.correction, box)
                for statement in SYLLABUS
                if statement.correction
            ), box


def test_sections_end_at_the_next_heading_as_high():
    text = "# Title\nfirst\n## A\none\n### B\ntwo\n```\n# no heading\n```\n## C\nthree"
    assert [(name, body.split("\n")[0]) for name, body in sections(text)] == [
        ("Title", "first"),
        ("A", "one"),
        ("B", "two"),
        ("C", "three"),
    ]
    told = dict(sections(text))
    assert told["Title"] == "first"
    assert told["A"] == "one\n### B\ntwo\n```\n# no heading\n```"
    assert told["C"] == "three"


def test_boxes_of_corrections_are_found():
    text = (
        ":::{admonition} Predict first\nx\n:::\n:::{admonition} A correction to the notes\ny\n:::"
    )
    assert corrections(text) == ["y"]
