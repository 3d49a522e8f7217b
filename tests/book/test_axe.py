"""Accessibility by axe-core: nothing to find in what is ours, and only what is known around it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.book.pages import PAGES, SETTLED, url

pytestmark = [pytest.mark.book, pytest.mark.browser]

OPTIONS = {
    "resultTypes": ["violations"],
    "preload": False,  # axe would look for what a style sheet imports beside the page
    "rules": {"label-content-name-mismatch": {"enabled": True}, "target-size": {"enabled": True}},
}
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules for which dark differs from light
WITHOUT_CONTRAST = {"color-contrast": {"enabled": False}}

# What stays of the theme, outside of the article: (rule, element) -> reason.
THEME = {
    ("label-content-name-mismatch", ".search-button-field"): (
        "the search button is named Search; the keys that press it, Ctrl+K, stand on it as well"
    ),
}

# Of each element that breaks a rule: whether it is in the article, and which of THEME's it is.
PLACE = """
([targets, known]) => targets.map((target) => {
  const element = document.querySelector(target);
  return [!element || !!element.closest("article.bd-article"),
    known.filter((selector) => element?.matches(selector))];
})
"""


# What is folded is judged, too. The outlines of MathJax's glyphs have neither text nor role nor
# name (the MathML beside them has): no rule is about them, but they take a third of the time.
PREPARE = """
document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
document.querySelectorAll("mjx-container > svg").forEach((glyphs) => glyphs.replaceChildren());
"""


def violations(page, exclude=(), **options):
    """What axe finds: rule and element of each violation, told in words beside it."""
    page.evaluate("window.MathJax?.startup?.promise.then(() => true)")
    page.evaluate(PREPARE)
    found = [
        (violation["id"], node["target"][0], f"{node['html'][:200]}\n    {node['failureSummary']}")
        for violation in Axe()
        .run(page, {"exclude": list(exclude)}, OPTIONS | options)
        .response["violations"]
        for node in violation["nodes"]
    ]
    selectors = [selector for _, selector in THEME]
    places = page.evaluate(PLACE, [[target for _, target, _ in found], selectors])
    for (rule, target, told), (ours, known) in zip(found, places, strict=True):
        if ours or not any((rule, selector) in THEME for selector in known):
            yield rule, f"{rule}: {target}\n    {told}"


# The theme lets tables that scroll take the keyboard's focus, a moment after a change of width.
REACHED = """
() => [...document.querySelectorAll(".pst-scrollable-table-container")]
  .every((table) => table.scrollWidth <= table.clientWidth || table.tabIndex === 0)
"""


def look(page, scheme, width=1200):
    """Make a page light or dark, wide or narrow; wait until what follows from that is done."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(SETTLED)
    page.wait_for_function(REACHED)


@pytest.mark.parametrize("name", [*PAGES, "search"])
def test_axe_finds_nothing_in_what_is_ours(visit, origins, name):
    """Contrast takes long: it is judged in the light, and in the dark without pieces of code."""
    page = visit(url(origins, "http", name))
    look(page, "light")
    assert not [told for _, told in violations(page)]
    look(page, "dark")
    assert not [told for _, told in violations(page, exclude=[".highlight"], runOnly=COLOURS)]
    look(page, "light", width=360)
    assert not [told for _, told in violations(page, rules=OPTIONS["rules"] | WITHOUT_CONTRAST)]


def test_code_is_readable_in_the_dark(visit, origins):
    page = visit(url(origins, "http", "chapters/if_model"), color_scheme="dark")
    assert not [told for _, told in violations(page, runOnly=COLOURS)]


def test_axe_finds_a_planted_fault_in_the_dark(visit, origins):
    page = visit(url(origins, "http", PAGES[0]))
    page.evaluate("document.querySelector('.explorer .readout').style.color = '#333'")
    look(page, "light")
    assert not list(violations(page, runOnly=COLOURS))
    look(page, "dark")
    assert {found for found, _ in violations(page, runOnly=COLOURS)} == {"color-contrast"}


FAULTS = {
    "svg-img-alt": "document.querySelector('.explorer svg').removeAttribute('aria-label')",
    "label": "document.querySelector('.explorer label span').parentElement.replaceWith("
    "document.querySelector('.explorer input'));"
    "document.querySelector('.explorer input').removeAttribute('aria-label')",
    "color-contrast": "document.querySelector('.explorer .readout').style.color = '#999'",
}


@pytest.mark.parametrize("rule", FAULTS)
def test_axe_finds_a_planted_fault(visit, origins, rule):
    page = visit(url(origins, "http", PAGES[0]))
    page.evaluate(FAULTS[rule])
    assert rule in [found for found, _ in violations(page)]
