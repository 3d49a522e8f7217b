"""The book without a network: what a browser keeps of it, and what a phone makes of it."""

import json

import pytest

from tests.book.pages import PAGES, Explorer, first_slider

pytestmark = [pytest.mark.book, pytest.mark.browser]
KEPT = """
async () => {
  await navigator.serviceWorker.ready;
  const [name] = (await caches.keys()).filter((name) => name.startsWith("book "));
  return (await (await caches.open(name)).keys()).map((request) => request.url);
}
"""


def test_whole_book_is_there_without_a_network_after_one_visit(visit, origins, book):
    page = visit(f"{origins['http']}/{PAGES[0]}.html", keeps=True)
    kept = {address.removeprefix(f"{origins['http']}/") for address in page.evaluate(KEPT)}
    assert {f"{name}.html" for name in PAGES} | {"search.html", "mathjax/tex-svg.js"} <= kept
    assert not any(address.startswith("lite/") for address in kept)
    page.context.set_offline(True)
    for name in ("chapters/outlook", "chapters/if_model"):
        page.goto(f"{origins['http']}/{name}.html")
        page.evaluate("MathJax.startup.promise.then(() => true)")
        explorer = Explorer.all(page)[0]
        explorer.control(first_slider(explorer)).press("End")
        explorer.assert_true()
    page.goto(f"{origins['http']}/")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Integrate and Fire")


def test_book_can_be_put_among_the_programs_of_a_device(book):
    manifest = json.loads((book / "manifest.webmanifest").read_text("utf-8"))
    assert manifest["name"] and manifest["short_name"]
    assert (book / manifest["start_url"]).is_file()
    assert manifest["display"] in ("standalone", "minimal-ui", "fullscreen")
    assert all((book / icon["src"]).is_file() for icon in manifest["icons"])
    assert any(icon["sizes"] == "any" for icon in manifest["icons"])
