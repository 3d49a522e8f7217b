"""Bind the built book: the course as one PDF, and as an EPUB. Chromium sets both.

On paper a figure stands as it opens, with a line that says at which values it was drawn.
"""

import argparse
import html
import os
import sys
import threading
import zipfile
from functools import partial
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright

from tools.archive import FIRST
from tools.serve import HOST, BookHandler, BookServer

HERE = Path(__file__).parent
ROOT = HERE.parent
BACK = ["chapters/glossary", "docs/reference/notation", "web/references"]
NOT_BOUND = {"web/problems"}  # links to notebooks
TITLE = "Integrate and Fire"
PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en">
<head><title>{title}</title><link rel="stylesheet" href="book.css"/></head>
<body>{body}</body></html>
"""
STYLE = """
body { line-height: 1.45; }
figure { margin: 1em 0; break-inside: avoid; }
svg { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; font-size: .85em; }
.still, .readout { font-size: .9em; }
.fold-title, .admonition-title { font-weight: bold; }
.admonition { border-left: 3px solid #767676; padding-left: 1em; }
table { border-collapse: collapse; }
td, th { padding: .2em .5em; border-bottom: 1px solid #767676; }
"""
CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="book/book.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>
"""
OPF = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:integrate-and-fire:course</dc:identifier>
<dc:title>{title}</dc:title><dc:language>en</dc:language>
<dc:creator>{author}</dc:creator><dc:rights>CC BY 4.0</dc:rights>
<meta property="dcterms:modified">1980-01-01T00:00:00Z</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="css" href="book.css" media-type="text/css"/>
{items}
</manifest>
<spine><itemref idref="nav"/>{spine}</spine>
</package>
"""


KINDS = {"mathml": "<math", "svg": "<svg"}  # what e-readers are told of a file
ITEM = '<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"{properties}/>'


def pages() -> list[str]:
    """Names of the pages that are bound, in their order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    course = [chapter["file"] for chapter in toc["parts"][0]["chapters"]]
    return [toc["root"], *(name for name in course if name not in NOT_BOUND), *BACK]


def bound(page, address: str) -> list[tuple[str, str]]:
    """Bind the pages in a browser's page; return name and title of each chapter."""
    page.goto(f"{address}/{pages()[0]}.html")
    return page.evaluate((HERE / "bind.js").read_text("utf-8"), pages())


def write_pdf(page, path: Path) -> None:
    """Print what is bound."""
    page.pdf(path=path, prefer_css_page_size=True, print_background=True, outline=True, tagged=True)


def write_epub(page, titles: dict[str, str], path: Path) -> None:
    """Write what is bound as an EPUB 3."""
    given = page.evaluate((HERE / "unbind.js").read_text("utf-8"))
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    nav = f'<nav epub:type="toc"><h1>Contents</h1>{given["contents"]}</nav>'
    files = {
        "META-INF/container.xml": CONTAINER,
        "book/book.css": STYLE,
        "book/nav.xhtml": PAGE.format(title=TITLE, body=nav),
    }
    items = []
    for name, body in given["chapters"]:
        files[f"book/{name}.xhtml"] = PAGE.format(title=html.escape(titles[name]), body=body)
        holds = " ".join(
            kind for kind in ("mathml", "svg") if f"<{kind.removesuffix('ml')}" in body
        )
        properties = f' properties="{holds}"' if holds else ""
        items.append(ITEM.format(name=name, properties=properties))
    spine = "".join(f'<itemref idref="{name}"/>' for name in titles)
    files["book/book.opf"] = OPF.format(
        title=TITLE, author=html.escape(settings["author"]), items="\n".join(items), spine=spine
    )
    with zipfile.ZipFile(path, "w") as packed:  # the first file says what it is, unpacked
        packed.writestr(zipfile.ZipInfo("mimetype", FIRST), "application/epub+zip")
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name, FIRST), text, zipfile.ZIP_DEFLATED)


def main(arguments: list[str] | None = None) -> str | None:
    """Bind the book. What is returned is what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "release")
    options = parser.parse_args(arguments)
    if not (options.book / "index.html").is_file():
        return f"There is no book in {options.book} yet. Build it: make book"
    options.out.mkdir(parents=True, exist_ok=True)
    server = BookServer((HOST, 0), partial(BookHandler, directory=str(options.book)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page()
        page.set_default_timeout(300_000)
        titles = dict(bound(page, f"http://{HOST}:{server.server_port}"))
        for name, write in (
            ("integrate-and-fire.pdf", lambda path: write_pdf(page, path)),
            ("integrate-and-fire.epub", lambda path: write_epub(page, titles, path)),
        ):
            write(options.out / name)
            print(f"{options.out / name}: {(options.out / name).stat().st_size / 1e6:.1f} MB")
        chromium.close()
    server.shutdown()
    return None


if __name__ == "__main__":
    sys.exit(main())
