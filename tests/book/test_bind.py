"""The course bound: one PDF with its contents, and an EPUB that e-readers can take."""

import re
import zipfile
from xml.etree import ElementTree

import pytest

from tests.book.pages import EXPLORED
from tools.bind import BACK, bound, pages, write_epub, write_pdf

pytestmark = [pytest.mark.book, pytest.mark.browser]
XHTML = "{http://www.w3.org/1999/xhtml}"


def test_course_is_bound_as_a_pdf_and_as_an_epub(visit, origins, tmp_path):
    page = visit(f"{origins['http']}/{pages()[0]}.html")
    titles = dict(bound(page, origins["http"]))
    assert list(titles) == [name.replace("/", "-") for name in pages()]
    assert set(EXPLORED) | set(BACK) <= set(pages())
    assert page.locator("article figure.explorer svg").count() > len(EXPLORED)
    assert not page.locator("article :is(form, .run-here, script, details)").count()
    assert page.locator("nav > ol > li").count() == len(titles)
    write_pdf(page, tmp_path / "course.pdf")
    pdf = (tmp_path / "course.pdf").read_bytes()
    assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type */Page\b", pdf)) > 50

    write_epub(page, titles, tmp_path / "course.epub")
    with zipfile.ZipFile(tmp_path / "course.epub") as epub:
        names = epub.namelist()
        assert names[0] == "mimetype" and epub.getinfo("mimetype").compress_type == 0
        texts = {name: epub.read(name) for name in names if name.endswith(".xhtml")}
    trees = {name.rpartition("/")[2]: ElementTree.fromstring(t) for name, t in texts.items()}
    ids = {name: {e.get("id") for e in tree.iter()} for name, tree in trees.items()}
    for name, tree in trees.items():
        links = [e.get("href") for e in tree.iter(f"{XHTML}a") if e.get("href")]
        for link in links:
            if not re.match(r"[a-z]+:", link):
                file, _, anchor = link.partition("#")
                assert file in trees and (not anchor or anchor in ids[file]), f"{name}: {link}"
    together = b"".join(texts.values())
    assert b"<math" in together and b"<svg" in together
    assert b"mjx-container" not in together and b"var(--nl" not in together
