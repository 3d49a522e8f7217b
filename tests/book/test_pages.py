"""The pages in a real browser: light and dark, on a phone, on paper, without JavaScript."""

import gzip
import re
from functools import cache
from urllib.parse import unquote, urlsplit

import pytest
from equations import derived_in

from neuro_lib.explorers import Choice
from tests.book.pages import (
    EXPLORED,
    PAGES,
    SCENES,
    Explorer,
    Html,
    first_slider,
    local,
    markdown,
    settle,
    source,
    url,
)
from tests.test_equations import STEPS_OF_A_DERIVATION

pytestmark = [pytest.mark.book, pytest.mark.browser]
explored = pytest.mark.parametrize("name", EXPLORED, scope="module")
every_page = pytest.mark.parametrize("name", PAGES, scope="module")
every_origin = pytest.mark.parametrize("origin", ["http", "file"])
PHONE = {"width": 360, "height": 740}
HEAVIEST = 500_000  # bytes of a page without fonts and maths


def test_every_scene_is_in_the_book(book):
    shown = {a["data-scene"] for page in EXPLORED for a in figures(book, page)}
    assert shown == set(SCENES)


def figures(book, page):
    return [a for a in Html(book / f"{page}.html").all("figure") if "data-scene" in a]


# Other ways to read


# What stands in a figure that no script has touched.
STILL = """
(figure) => ({
  name: figure.dataset.scene,
  height: figure.querySelector("svg").getBoundingClientRect().height,
  moves: figure.querySelector("form").checkVisibility(),
  says: figure.querySelector(".readout").checkVisibility(),
  told: figure.querySelector(".still").innerText,
  stands: Object.fromEntries([...figure.querySelectorAll("form [name]")].map((control) => [
    control.name,
    control.querySelector("[selected]")?.innerText ?? control.getAttribute("value"),
  ])),
})
"""


@every_origin
@explored
def test_without_javascript_the_figure_stands_and_says_what_it_shows(visit, origins, origin, name):
    page = visit(url(origins, origin, name), java_script_enabled=False)
    figures = page.locator("figure.explorer").evaluate_all(f"all => all.map({STILL})")
    assert figures
    for figure in figures:
        assert figure["height"] > 150
        assert not figure["moves"] and figure["says"]
        for p in SCENES[figure["name"]]().scene.parameters:
            stands = figure["stands"][p.name]
            if isinstance(p, Choice):
                stands = stands or p.options[p.default]
            else:
                stands = f"{p.symbol} = {p.say(float(stands))}".replace("_", "")  # a subscript
            assert stands in figure["told"]
        assert "The sliders need JavaScript." in figure["told"]


# Of each picture: its ground, its texts and their colours, what filters it and whether it is seen.
LUMINANCES = """
(pictures) => pictures.map((element) => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let ground = element;
  while (ground && (channels(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0) {
    ground = ground.parentElement;
  }
  const svg = element.querySelector("svg");
  return {
    filter: getComputedStyle(svg).filter,
    seen: svg.checkVisibility({ visibilityProperty: true })
      && svg.getBoundingClientRect().height > 0,
    ground: ground ? luminance(getComputedStyle(ground).backgroundColor) : 1,
    texts: [...element.querySelectorAll("svg text")].map(
      (text) => [text.textContent, luminance(getComputedStyle(text).fill)]),
  };
})
"""


def pictures(page):
    """All but the small neuron at a chapter's end, which has no words."""
    return page.locator(".nl:is(:has(> svg), :has(> .stage > svg)):not([data-part])")


def luminances(page):
    """What they look like; there must be some."""
    seen = pictures(page).evaluate_all(LUMINANCES)
    assert seen
    return seen


def assert_readable(seen):
    """Assert that all text in a picture stands out from what is behind it."""
    assert seen["texts"]
    for text, luminance in seen["texts"]:
        low, high = sorted([luminance, seen["ground"]])
        assert (high + 0.05) / (low + 0.05) >= 4.5, f"{text!r} on {seen['ground']:.2f}"


@explored
def test_dark_page_has_light_text_in_dark_pictures(revisit, origins, name):
    page = revisit(url(origins, "http", name), color_scheme="dark")
    for seen in luminances(page):
        assert_readable(seen)
        assert seen["ground"] < 0.05
        assert seen["filter"] == "none"


@explored
def test_light_page_has_dark_text_in_light_pictures(revisit, origins, name):
    page = revisit(url(origins, "http", name), color_scheme="light")
    for seen in luminances(page):
        assert_readable(seen)
        assert seen["ground"] > 0.9


# Which of some elements are seen, as Playwright says it of one: they have a size.
VISIBLE = """
(elements) => elements.filter((element) => {
  const { width, height } = element.getBoundingClientRect();
  return width && height && element.checkVisibility({ visibilityProperty: true });
}).map((element) => element.outerHTML.slice(0, 120))
"""


@explored
def test_print_shows_pictures_on_white_without_sliders(revisit, origins, name):
    page = revisit(url(origins, "http", name))
    explorer = Explorer.all(page)[0]
    explorer.control(first_slider(explorer)).press("End")
    moved = explorer.assert_true()
    for scheme in ("light", "dark"):
        page.emulate_media(media="print", color_scheme=scheme)
        settle(page)
        for picture in luminances(page):
            assert picture["seen"]
            inks = [luminance for _, luminance in picture["texts"]]
            assert all(1.05 / (luminance + 0.05) >= 4.5 for luminance in inks)  # paper is white
    assert not page.locator(".explorer :is(input, button)").evaluate_all(VISIBLE)
    assert explorer.state()["picture"] == moved["picture"]
    assert explorer.figure.locator("output").first.is_visible()
    assert explorer.figure.locator(".readout").is_visible()
    assert not page.locator(".run-here, .headerlink").evaluate_all(VISIBLE)
    links = page.locator("article a[href^=http]").evaluate_all("all => all.map((a) => a.href)")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert page.locator("article sup.print-note").count() == len(links)
    assert page.locator(".print-notes li").all_inner_texts() == list(dict.fromkeys(links))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".print-notes, sup.print-note").count() == 0


# What is wider than its box, and neither shows so nor takes the keyboard's focus.
CUT = """
() => [...document.querySelectorAll("article mjx-container[display], article pre")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1 &&
    !(getComputedStyle(box).backgroundImage.includes("gradient") && box.tabIndex === 0))
  .map((box) => box.textContent.slice(0, 60) || box.outerHTML.slice(0, 60))
"""


@every_page
def test_phone_shows_every_page_without_sideways_scrolling(revisit, origins, name):
    page = revisit(url(origins, "http", name), viewport=PHONE, is_mobile=True, has_touch=True)
    page.evaluate("window.MathJax?.startup?.promise.then(() => true)")
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert wide <= 0
    assert page.evaluate("innerWidth") == PHONE["width"]
    assert page.evaluate(CUT) == []
    if name in EXPLORED:
        page.set_viewport_size({"width": 390, "height": 664})
        settle(page)
        top = page.locator(".explorer, .drawn-neuron").first.evaluate(
            "e => e.getBoundingClientRect().top"
        )
        assert top + page.evaluate("scrollY") <= 1.5 * 664


# Of an explorer: the least sizes of its controls and of its texts, and where its picture stands.
SIZES = """
(figure) => {
  const boxes = [...figure.querySelectorAll("input, select, button")]
    .filter((control) => control.checkVisibility({ visibilityProperty: true }))
    .map((control) => control.getBoundingClientRect())
    .filter(({ width, height }) => width && height);
  const texts = [...figure.querySelectorAll("svg text")].map((text) => {
    const { a, b } = text.getScreenCTM();
    return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
  });
  const { left, right } = figure.querySelector("svg").getBoundingClientRect();
  return {
    controls: boxes.map(({ width, height }) => Math.min(width, height)), texts, left, right,
  };
}
"""


@explored
@pytest.mark.parametrize("width", [360, 1200])
def test_fingers_find_the_controls_and_eyes_the_text(revisit, origins, name, width):
    page = revisit(url(origins, "http", name), viewport={"width": width, "height": 740})
    sizes = page.locator("figure.explorer").evaluate_all(f"all => all.map({SIZES})")
    assert sizes
    for size in sizes:
        assert min(size["controls"]) >= (44 if width == 360 else 24)
        assert size["left"] >= 0 and size["right"] <= width
        assert min(size["texts"]) >= 8.5


OVERLAPS = """
(pictures) => pictures.flatMap((picture) => {
  const svg = picture.querySelector("svg");
  const boxes = [...svg.querySelectorAll("text")].map(
    (text) => [text.textContent, text.getBoundingClientRect()]);
  const found = [];
  boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const along = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 1 && along > 3) found.push(`${one} | ${other}`);
  }));
  return found;
})
"""


@explored
def test_no_text_of_a_picture_covers_another(revisit, origins, name):
    page = revisit(url(origins, "http", name))
    for width in (360, 768, 1200):
        page.set_viewport_size({"width": width, "height": 740})
        settle(page)
        assert not pictures(page).evaluate_all(OVERLAPS), width


@explored
def test_nothing_moves_by_itself_where_motion_is_unwelcome(revisit, origins, name):
    page = revisit(url(origins, "http", name), reduced_motion="reduce")
    moving = page.locator(".explorer, .explorer *").evaluate_all(
        """elements => elements.map((e) => getComputedStyle(e)).filter((style) =>
             style.animationName !== "none" || !/^0s(, 0s)*$/.test(style.transitionDuration)
             || style.scrollBehavior === "smooth").length"""
    )
    assert moving == 0


@explored
def test_keyboard_comes_to_the_first_slider_in_a_few_steps(visit, origins, name):
    page = visit(url(origins, "http", name), absent=["/mathjax/"])
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the first figure"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'first-figure'")
    tabs = 2
    while not page.evaluate("!!document.activeElement.closest('.explorer form')"):
        page.keyboard.press("Tab")
        tabs += 1
        assert tabs <= 8


# What takes the focus without showing it: neither an outline that is seen nor a ring of shadow.
UNSEEN = """
() => [...document.querySelectorAll("a[href], button, summary, input, select, [tabindex='0']")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .filter((element) => {
    element.focus({ preventScroll: true });
    if (document.activeElement !== element) return false;
    const style = getComputedStyle(element), inner = element.firstElementChild;
    const outlined = ({ outlineStyle, outlineWidth }) =>
      outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    const cut = parseFloat(style.outlineOffset) >= 0 && element.closest(".sd-card");
    return !(outlined(style) && !cut) && style.boxShadow === "none";
  })
  .map((element) => element.outerHTML.slice(0, 120))
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_is_seen_on_all_that_takes_it(visit, origins, scheme):
    page = visit(url(origins, "http", "chapters/if_model"), color_scheme=scheme)
    page.evaluate("MathJax.startup.promise.then(() => true)")
    page.keyboard.press("Tab")  # a reader with a keyboard
    assert page.evaluate(UNSEEN) == []


def test_first_screen_has_a_live_neuron(visit, origins):
    page = visit(url(origins, "http", PAGES[0]), viewport={"width": 1200, "height": 900})
    neuron = page.locator(".drawn-neuron")
    box, readout = neuron.bounding_box(), neuron.get_by_role("status").first
    assert box["y"] + box["height"] <= 900
    before = readout.inner_text()
    neuron.get_by_role("button", name="A: synapse").click()
    page.wait_for_function(
        "([element, text]) => element.innerText !== text", arg=[readout.element_handle(), before]
    )


# The book around them


@every_origin
def test_search_finds_the_threshold(visit, origins, origin):
    page = visit(f"{origins[origin]}/search.html?q=threshold")
    found = page.locator("#search-results li a")
    found.first.wait_for()
    assert any("integrate-and-fire model" in text for text in found.all_inner_texts())


def holds_maths(name):
    """Whether a page's source does; in a command, a dollar is none of ours."""
    return "$" in re.sub(r"^ *```bash\n.*?```", "", source(name), flags=re.DOTALL | re.MULTILINE)


# Equations are those of the page, however it was had; the way to what sets them is its folder's.
FIRST_WITH_MATHS = {p.rpartition("/")[0]: p for p in reversed(PAGES) if holds_maths(p)}


@pytest.mark.parametrize(
    ("name", "origin"),
    [(p, "http") for p in PAGES] + [(p, "file") for p in FIRST_WITH_MATHS.values()],
    scope="module",
)
def test_mathematics_is_typeset_by_the_book_itself(revisit, origins, origin, name):
    page = revisit(url(origins, origin, name))
    written = page.locator(".math").count()
    assert written or not holds_maths(name)
    if written:
        page.evaluate("MathJax.startup.promise.then(() => true)")
        assert page.locator("mjx-container svg").count() >= written
        assert page.locator("mjx-merror, [data-mjx-error]").count() == 0


@cache
def compressed(file):
    """Bytes of a file as any host on the web sends it; `make serve`, on the spot, does not."""
    return len(gzip.compress(file.read_bytes(), 6))


@every_page
def test_page_is_light(revisit, origins, book, name):
    page = revisit(url(origins, "http", name))
    page.evaluate("window.MathJax?.startup?.promise.then(() => true)")
    sent = {
        address: compressed(book / urlsplit(address).path[1:])
        for address in page.evaluate("performance.getEntries().map((e) => e.name)")
        if address.startswith(origins["http"])
        and "/mathjax/" not in address
        and not re.search(r"\.woff2?\b", address)
    }
    assert len(sent) > 10
    assert sum(sent.values()) <= HEAVIEST, sent


@explored
def test_page_holds_each_explorer_once_and_what_they_share_once(book, name):
    html = (book / f"{name}.html").read_text("utf-8")
    assert html.count('<script>neuroLib.show({"name"') == len(figures(book, name))
    assert html.count("globalThis.neuroLib??=") == 1


def html_files(book):
    return [path for path in book.rglob("*.html") if "_static" not in path.parts]


def test_every_image_tells_what_it_shows(book):
    for path in html_files(book):
        for img in Html(path).all("img"):
            if "logo__image" in img.get("class", ""):
                continue  # the book's name stands beside it
            alt = img.get("alt", "").strip()
            assert alt, f"{path}: {img}"
            assert not re.search(r"\.(png|svg|jpe?g)$|_images/", alt), f"{path}: {alt}"


def test_every_picture_tells_what_it_shows(book):
    for path in html_files(book):
        for svg in Html(path).all("svg"):
            named = svg.get("role") == "img" and svg.get("aria-label")
            assert named or svg.get("aria-hidden") == "true", f"{path}: {svg}"


def test_every_link_inside_the_book_leads_somewhere(book):
    targets, broken = {}, []
    for path in html_files(book):
        for tag, attributes in Html(path).elements:
            for key in ("href", "src", "xlink:href"):
                link = attributes.get(key)
                if not link or re.match(r"(https?|mailto|data|javascript):", link):
                    continue
                file, anchor = local(path, unquote(link))
                if not file.is_file():
                    broken.append(f"{path.name}: <{tag}> {link}")
                elif anchor and file.suffix == ".html":
                    if file not in targets:
                        targets[file] = set(Html(file).ids)
                    if anchor not in targets[file]:
                        broken.append(f"{path.name}: <{tag}> {link}")
    assert not broken


@every_page
def test_each_equation_leads_to_the_code_that_computes_it(book, name):
    html = (book / f"{name}.html").read_text("utf-8")
    below = re.findall(r'id="equation-(eq-[\w-]+)">.*?</div>\s*(<p[^>]*>in code: <a)?', html, re.S)
    labels = derived_in(markdown(name))
    assert [label.replace("-", ":", 1) for label, _ in below] == labels
    without = {label for label, (_, link) in zip(labels, below, strict=True) if not link}
    assert without <= STEPS_OF_A_DERIVATION


def test_only_links_that_a_reader_follows_lead_out_of_the_book(book):
    for path in html_files(book):
        for tag, attributes in Html(path).elements:
            for key in ("href", "src", "srcset", "action", "poster", "xlink:href"):
                if tag == "a" or re.match(r"data:", attributes.get(key) or ""):
                    continue
                assert "//" not in (attributes.get(key) or ""), f"{path.name}: {tag} {attributes}"


def test_no_id_is_given_twice(book):
    for path in html_files(book):
        ids = [a["id"] for _, a in Html(path).elements if a.get("id")]
        assert len(ids) == len(set(ids)), {i for i in ids if ids.count(i) > 1}
