"""The book's build: from a clean copy without a warning, the same each time, and not in vain."""

import importlib
import re
import shutil
from types import SimpleNamespace

import pytest

from tests.book.conftest import build_book
from tests.book.pages import EXPLORED, PAGES, ROOT

pytestmark = pytest.mark.book

# Without web/lite the copy has no notebooks in the browser, which would take as long again.
NOT_SOURCES = shutil.ignore_patterns(".*", "_build", "__pycache__", "tests", "lite")


def pages(folder):
    html = folder / "_build" / "html"
    return {page: (html / f"{page}.html").read_text("utf-8") for page in PAGES}


def stamps(folder):
    html = folder / "_build" / "html"
    return {page: (html / f"{page}.html").stat().st_mtime_ns for page in PAGES}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Sources of the book in a folder of their own, and what its first build printed."""
    folder = tmp_path_factory.mktemp("copy") / "book"
    shutil.copytree(ROOT, folder, ignore=NOT_SOURCES)
    return folder, build_book(folder)


def test_clean_copy_builds_and_executes_every_page_with_code(copy):
    _, printed = copy
    assert printed.count("Executing notebook") == len(EXPLORED)
    assert "build succeeded" in printed


LINK = re.compile(r'\n<p class="run-here">.*?</p>\n(<script>.*?</script>\n)?', re.DOTALL)


def plain(html):
    """A page without the versions of style sheets, which a first build has yet to copy, and
    without the link to the notebook in the browser.
    """
    return LINK.sub("", re.sub(r"\?v=\w+", "", html))


def test_same_sources_give_the_same_pages(copy, book):
    """The copy has no notebooks in the browser: but for the link, they cost a page nothing."""
    again = pages(book.parent.parent)
    for page, html in pages(copy[0]).items():
        assert plain(html) == plain(again[page]), page
        assert "lite/notebooks" not in html


def test_link_to_the_notebook_in_the_browser_is_small(book, site):
    html = (book / "chapters" / "if_model.html").read_text("utf-8")
    assert 0 < len(LINK.search(html)[0]) < 1_500


def test_unchanged_book_is_not_built_again(copy):
    folder, _ = copy
    before = stamps(folder)
    printed = build_book(folder)
    assert "Executing notebook" not in printed
    assert stamps(folder) == before


def test_warning_fails_the_build(copy):
    folder, _ = copy
    page = folder / "web" / "references.md"
    page.write_text(page.read_text("utf-8") + "\n{doc}`no-such-page`\n", "utf-8")
    with pytest.raises(pytest.fail.Exception, match="no-such-page"):
        build_book(folder)


def test_changed_package_executes_the_pages_again(copy, monkeypatch):
    folder, _ = copy
    monkeypatch.syspath_prepend(ROOT / "web" / "_ext")
    book = importlib.import_module("book")
    env = SimpleNamespace(all_docs={"intro": 1, "references": 1})
    collector = SimpleNamespace(get_exec_data=lambda env, page: page == "intro")
    monkeypatch.setattr(book, "NbMetadataCollector", collector)

    def outdated():
        return book.pages_to_execute(SimpleNamespace(srcdir=folder), env, set(), set(), set())

    assert outdated() == ["intro", "references"]  # the first build
    assert outdated() == []
    module = folder / "neuro_lib" / "models" / "lif.py"
    module.write_text(module.read_text("utf-8") + "\n# changed\n", "utf-8")
    assert outdated() == ["intro"]
    assert outdated() == []
