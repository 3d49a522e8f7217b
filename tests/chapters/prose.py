"""What a chapter says, so that a test can hold its sentences to what the code computes."""

import re
from functools import cache
from pathlib import Path

import nbformat
from copies import LIVE

ROOT = Path(__file__).parent.parent.parent


@cache
def cells(chapter):
    return nbformat.read(ROOT / "chapters" / f"{chapter}.ipynb", as_version=4).cells


def chapters():
    """Names of the notebooks in the order in which they are read."""
    toc = re.findall(r"chapters/(\w+)", (ROOT / "_toc.yml").read_text("utf-8"))
    return [name for name in toc if (ROOT / "chapters" / f"{name}.ipynb").exists()]


@cache
def words(chapter):
    """Return the chapter's Markdown, with all white space as single blanks."""
    text = " ".join(cell.source for cell in cells(chapter) if cell.cell_type == "markdown")
    return re.sub(r"\s+", " ", LIVE.sub(r"\1", text))


@cache
def printed(chapter):
    """What its cells print."""
    outputs = [output for cell in cells(chapter) for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


def _numbers(pattern, text):
    found = re.findall(pattern, text)
    assert len(found) == 1, f"{pattern!r} is said {len(found)} times"
    groups = found[0] if isinstance(found[0], tuple) else (found[0],)
    return [float(group.replace("−", "-").replace(",", "")) for group in groups]


def said(chapter, pattern):
    """Numbers in the one sentence that matches, as its groups; without any, that it is said."""
    if not re.compile(pattern).groups:
        assert len(re.findall(pattern, words(chapter))) == 1, pattern
        return []
    return _numbers(pattern, words(chapter))


def prints(chapter, pattern):
    """Numbers in the one printed line that matches."""
    return _numbers(pattern, printed(chapter))
