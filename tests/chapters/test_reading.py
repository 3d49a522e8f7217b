"""What holds for the words of all chapters: nothing is used before it is explained."""

import re

import pytest

from neuro_lib.explorers import SCENES, Choice
from tests.chapters.prose import ROOT, cells, chapters, words

SYMBOLS = {  # and words of which one stands where the symbol is used for the first time
    r"\tau_m": "time constant",
    r"\theta": "threshold",
    r"u_\mathrm{rest}": "resting potential",
    "u_r": "reset",
    r"t_\mathrm{ref}": "refractory time",
    r"\kappa": "Green's function|kernel",
    r"\eta": "reset kernel",
    r"E_\mathrm{syn}": "reversal potential",
    r"\Gamma": "coincidence|chance",
    "C_V": "coefficient of variation",
    "g_c": "conductance",
    r"\Delta_T": "exponential",
}


def paragraphs():
    """Paragraphs of the notebooks in the order of reading, without what comes after the text."""
    for chapter in chapters():
        text = "\n\n".join(c.source for c in cells(chapter) if c.cell_type == "markdown")
        text = text.split("## Summary")[0].split(":::", 2)[-1]  # nor the aims at the head
        yield from re.split(r"\n\s*\n|\n(?=:::|\d+\. )", text)


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_a_symbol_is_explained_where_it_is_used_for_the_first_time(symbol):
    every = list(paragraphs())
    used = re.compile(re.escape(symbol) + r"(?![a-zA-Z_])")
    first = next(k for k, text in enumerate(every) if used.search(text))
    near = " ".join(every[max(first - 1, 0) : first + 2])
    assert re.search(SYMBOLS[symbol], near), every[first]


def questions():
    """Each question about an explorer, before it and after it, with its menus."""
    for chapter in chapters():
        every = cells(chapter)
        for before, cell, after in zip(every, every[1:], every[2:], strict=False):
            name = cell.source.strip().removesuffix("()")
            for builder in SCENES.values():
                if builder.__name__ == name:
                    scene = builder().scene
                    menus = [p for p in scene.parameters if isinstance(p, Choice)]
                    text = before.source.split("Predict first")[-1]
                    text += "\n" + after.source.split(":::")[0]  # then come the answers
                    for question in re.findall(r"^\d+\. .*(?:\n   .*)*", text, re.MULTILINE):
                        yield question, menus


def test_a_question_about_what_the_first_picture_does_not_show_says_how_to_get_it():
    asked = 0
    for question, menus in questions():
        for menu in menus:
            for k, option in enumerate(menu.options):
                named = re.search(rf"\b{re.escape(option)}\b", question)
                if named and k != menu.default:
                    asked += 1
                    assert f"*{option}*" in question or "menu" in question, question
    assert asked > 3


def test_the_first_page_says_what_mathematics_the_chapters_use():
    intro = (ROOT / "web" / "intro.md").read_text("utf-8")
    need = re.search(r"You need school calculus.*?\n\n", intro, re.DOTALL)[0]
    for sign, name in (
        (r"\\mathrm\{e\}\^\{[\\\w, ]*\\mathrm\{i\}", "complex exponential"),
        (r"\\mathrm\{e\}\^\{M", "matrix exponential"),
    ):
        users = [chapter for chapter in chapters() if re.search(sign, words(chapter))]
        assert users, name
        assert name in need
        for chapter in users:
            assert f"chapters/{chapter}" in need


def test_the_first_page_asks_something_and_says_what_comes_next_and_how_long_it_takes():
    intro = (ROOT / "web" / "intro.md").read_text("utf-8")
    question, explorer, answer, start = (
        intro.index(part)
        for part in ("silent?**", "explore_step()", "At 0.30 nA", "**Start here.** {doc}`")
    )
    assert question < explorer < answer < start
    at, below = (SCENES["lif_step"](I=I).run() for I in (0.31, 0.30))
    assert at.rate > 0 == below.rate
    assert "about ten minutes to read {cite:p}`brysbaert2019`" in intro
    for chapter in chapters():  # up to its exercises, at 238 words a minute
        text = re.sub(r"\$\$.*?\$\$|`[^`]*`", "", words(chapter).split("## Exercises")[0])
        minutes = len(re.findall(r"[^\W_][\w'’-]+", text)) / 238
        assert 8 <= minutes <= 15, f"{chapter} takes {minutes:.0f} minutes"


@pytest.mark.parametrize("chapter", chapters())
def test_the_first_page_says_of_every_chapter_what_it_is_about(chapter):
    intro = (ROOT / "web" / "intro.md").read_text("utf-8")
    assert f"\n{{doc}}`/chapters/{chapter}`\n: " in intro
