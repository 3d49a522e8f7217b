"""The book's build: from a clean copy without a warning, the same each time, and not in vain."""

import importlib
import re
import shutil
from types import SimpleNamespace

import pytest
import yaml

from tests.book.conftest import build_book
from tests.book.pages import EXPLORED, ROOT, made_from

pytestmark = pytest.mark.book

# A small book of the same sources: three pages, two of them with code, equations and explorers.
SMALL = ["web/intro", "chapters/numbers", "web/references"]
# What is no source of a page; the notebooks in the browser would take longer than all the rest.
NOT_SOURCES = shutil.ignore_patterns(".*", "_build", "__pycache__", "neuro_lib", "tests", "lite")
LINK_TO_PAGE = re.compile(r"\{doc\}`[^`]*`")


def copy_small(folder):
    """Make a small book in a folder: without links to pages that it does not have."""
    shutil.copytree(ROOT, folder, ignore=NOT_SOURCES)
    first, *others = SMALL
    toc = {"format": "jb-book", "root": first, "chapters": [{"file": page} for page in others]}
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc), "utf-8")
    for page in SMALL:
        path = made_from(page, folder)
        path.write_text(LINK_TO_PAGE.sub("another page", path.read_text("utf-8")), "utf-8")
    return folder


def pages(folder):
    html = folder / "_build" / "html"
    return {page: (html / f"{page}.html").read_text("utf-8") for page in SMALL}


def stamps(folder):
    html = folder / "_build" / "html"
    return {page: (html / f"{page}.html").stat().st_mtime_ns for page in SMALL}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small book in a folder of its own, built once."""
    folder = copy_small(tmp_path_factory.mktemp("small") / "book")
    build_book(folder)
    return folder


def test_clean_book_builds_and_executes_every_page_with_code(printed):
    assert printed.count("Executing notebook") == len(EXPLORED)
    assert "build succeeded" in printed


def test_same_sources_give_the_same_pages(small, tmp_path):
    again = copy_small(tmp_path / "elsewhere")
    build_book(again)
    for page, html in pages(small).items():
        assert html == pages(again)[page], page
        assert "lite/notebooks" not in html  # there are none here


LINK = re.compile(r'\n<p class="run-here">.*?</p>\n(<script>.*?</script>\n)?', re.DOTALL)


def test_link_to_the_notebook_in_the_browser_is_small(book, site):
    html = (book / "chapters" / "if_model.html").read_text("utf-8")
    assert 0 < len(LINK.search(html)[0]) < 1_500
    assert "lite/" not in LINK.sub("", html)  # but for the link, they cost a page nothing


def test_unchanged_book_is_not_built_again(small):
    before = stamps(small)
    printed = build_book(small)
    assert "Executing notebook" not in printed
    assert stamps(small) == before


def test_warning_fails_the_build(small):
    page = small / "web" / "references.md"
    page.write_text(page.read_text("utf-8") + "\n{doc}`no-such-page`\n", "utf-8")
    with pytest.raises(pytest.fail.Exception, match="no-such-page"):
        build_book(small)


def test_changed_package_executes_the_pages_again(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "web" / "_ext")
    book = importlib.import_module("book")
    env = SimpleNamespace(all_docs={"intro": 1, "references": 1})
    collector = SimpleNamespace(get_exec_data=lambda env, page: page == "intro")
    monkeypatch.setattr(book, "NbMetadataCollector", collector)
    module = tmp_path / "neuro_lib" / "models" / "lif.py"
    module.parent.mkdir(parents=True)
    module.write_text("# as it was\n", "utf-8")

    def outdated():
        return book.pages_to_execute(SimpleNamespace(srcdir=tmp_path), env, set(), set(), set())

    assert outdated() == ["intro", "references"]  # the first build
    assert outdated() == []
    module.write_text("# changed\n", "utf-8")
    assert outdated() == ["intro"]
    assert outdated() == []
