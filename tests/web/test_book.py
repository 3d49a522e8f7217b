"""What the book's own extension does to a page."""

from book import share_once, write_explorers

from neuro_lib.explorers import explore_fI, explore_step
from neuro_lib.explorers.page import shared


def test_what_explorers_share_is_on_a_page_once():
    explorers = explore_step().html(), explore_fI().html(), explore_step(I=0.2).html()
    context = {"body": "<p>Before.</p>" + "<p>Between.</p>".join(explorers)}
    share_once(None, "page", "page.html", context, None)
    own = [html.replace(shared(), "") for html in explorers]
    assert context["body"] == "<p>Before.</p>" + shared() + "<p>Between.</p>".join(own)


def test_a_page_without_explorers_stays_as_it_is():
    context = {"body": "<p>Words.</p>"}
    share_once(None, "page", "page.html", context, None)
    assert context == {"body": "<p>Words.</p>"}


def test_each_explorer_is_a_page_of_its_own(tmp_path):
    write_explorers(tmp_path / "explorers", {"lif_step": explore_step})
    (page,) = (tmp_path / "explorers").iterdir()
    assert page.name == "lif_step.html" and page.read_text("utf-8") == explore_step().page()
    assert explore_step().html() in explore_step().page()
    assert "<title>lif step</title>" in explore_step().page()
