"""Accessibility by axe-core: nothing to find in what is ours, and only what is known around it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.book.pages import PAGES, settle, url

pytestmark = [pytest.mark.book, pytest.mark.browser]

OPTIONS = {
    "resultTypes": ["violations"],
    "preload": False,  # axe would look for what a style sheet imports beside the page
    "rules": {"label-content-name-mismatch": {"enabled": True}, "target-size": {"enabled": True}},
}
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules for which dark differs from light

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


# Colours take nearly all of axe's time, and most of what it asks about is alike: thousands of words
# of code, hundreds of lines of a reference. Two elements are when they and all that they are in are
# called and look the same, hold as little or as much text, and stand in the flow of the same box;
# of those the first two are judged. (Of a single letter axe says nothing.)
ALIKE = """
() => {
  const looks = ["display", "color", "backgroundColor", "backgroundImage", "opacity", "fontSize",
    "fontWeight", "textShadow", "textDecorationLine", "borderBottomWidth", "filter", "visibility"];
  const kinds = new Map(), kindOf = new Map(), seen = new Map();
  const length = (element) => element?.textContent.trim().length;
  for (const element of document.querySelectorAll("*")) {
    const style = getComputedStyle(element), parent = element.parentElement;
    const own = [...element.childNodes].map((node) => node.nodeType === 3 ? node.data : "");
    const text = own.join("").trim();
    const apart = !["static", "relative"].includes(style.position) || style.float !== "none"
      || element.matches("form, label");
    const key = JSON.stringify([kindOf.get(parent), element.localName, element.className,
      looks.map((name) => style[name]), Math.min(text.length, 2), /[^\\0-\\uffff]/u.test(text),
      length(element) === length(parent), apart && kindOf.size]);
    if (!kinds.has(key)) kinds.set(key, kinds.size);
    const kind = kinds.get(key);
    kindOf.set(element, kind);
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    element.toggleAttribute("data-alike", seen.get(kind) > 2);
  }
}
"""
RULES = [
    {"id": "color-contrast", "selector": "*:not([data-alike])"},
    {"id": "link-in-text-block", "selector": ":is(a[href], [role=link]):not([data-alike])"},
]

# What is folded is judged, too, and words on the shadow that shows where more lies. The outlines
# of MathJax's glyphs have neither text nor role nor name (the MathML beside them has): no rule is
# about them, but they take a third of the time.
PREPARE = """
document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
const boxes = ".bd-article :is(pre, .pst-scrollable-table-container)";
document.querySelectorAll(boxes).forEach((box) => { box.style.backgroundImage = "none"; });
document.querySelectorAll("mjx-container > svg").forEach((glyphs) => glyphs.replaceChildren());
"""


def violations(page, **options):
    """What axe finds: rule and element of each violation, told in words beside it."""
    page.evaluate("window.MathJax?.startup?.promise.then(() => true)")
    if not page.evaluate("'axe' in window"):
        page.evaluate(PREPARE)
        page.evaluate(Axe().axe_script)
        page.evaluate("(rules) => axe.configure({ rules })", RULES)
    page.evaluate(ALIKE)
    run = page.evaluate("(options) => axe.run(document, options)", OPTIONS | options)
    found = [
        (violation["id"], node["target"][0], f"{node['html'][:200]}\n    {node['failureSummary']}")
        for violation in run["violations"]
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


# Of a figure behind its questions nothing is seen.
SKIP = """
document.querySelectorAll(".veiled .asked-buttons button:last-child").forEach((b) => b.click());
"""


def look(page, scheme, width=1200):
    """Make a page light or dark, wide or narrow; wait until what follows from that is done."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    settle(page)
    page.wait_for_function(REACHED)


@pytest.mark.parametrize("name", [*PAGES, "search"])
def test_axe_finds_nothing_in_what_is_ours(visit, origins, name):
    page = visit(url(origins, "http", name))
    look(page, "light")
    assert not [told for _, told in violations(page)]
    page.evaluate(SKIP)
    look(page, "dark")
    assert not [told for _, told in violations(page, runOnly=COLOURS)]
    look(page, "light", width=360)
    assert not [told for _, told in violations(page)]


# Rule, and how it is broken.
FAULTS = {
    "svg-img-alt": "document.querySelector('.explorer svg').removeAttribute('aria-label')",
    "label": "document.querySelector('.explorer label span').parentElement.replaceWith("
    "document.querySelector('.explorer input'));"
    "document.querySelector('.explorer input').removeAttribute('aria-label')",
    "color-contrast": "document.querySelector('.explorer .readout').style.color = '#999'",
}


def test_axe_finds_planted_faults(visit, origins):
    page = visit(url(origins, "http", PAGES[0]))
    for fault in FAULTS.values():
        page.evaluate(fault)
    assert set(FAULTS) <= {found for found, _ in violations(page)}


# Words that are seen by day, each the last of many that are alike.
DARK_FAULTS = """
() => {
  const last = (selector) => [...document.querySelectorAll(selector)].at(-1);
  const dim = [last(".explorer .readout"), last(".highlight span.n"), last("article p")];
  for (const element of dim) element.style.color = "#333";
  return dim.length;
}
"""


def test_axe_finds_planted_faults_in_the_dark(visit, origins):
    page = visit(url(origins, "http", "chapters/numbers"))
    page.evaluate(SKIP)
    dim = page.evaluate(DARK_FAULTS)
    look(page, "light")
    assert not list(violations(page, runOnly=COLOURS))
    look(page, "dark")
    found = [rule for rule, _ in violations(page, runOnly=COLOURS)]
    assert found == ["color-contrast"] * dim
