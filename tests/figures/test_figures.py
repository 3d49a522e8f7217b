"""Figures: the house style, its colours, and the SVG that a page gets."""

import io
import re
from itertools import product
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.lines import Line2D

from neuro_lib import filter_pattern, firing_pattern, naud_pattern, simulate, step_current
from neuro_lib.data.facts import FACTS
from neuro_lib.figures import (
    COLORS,
    Picture,
    draw_naud_patterns,
    draw_neuron,
    draw_patterns,
    draw_spikes,
    house_style,
    ink,
    measure_spike,
)
from neuro_lib.figures.patterns import NAUD, PATTERNS, STEP_TIMES
from neuro_lib.figures.svg import SVG, XLINK, _by_steps, colors_css, page_svg

PAGES = {"light": ["#ffffff"], "dark": ["#14181e", "#121212"]}  # the theme's, and its blocks'
VISIBLE = 3.0  # contrast of graphics, WCAG 2.2 criterion 1.4.11


def drawing():
    """Draw a figure with a line, a clipped patch and a marker in three of the house's colours."""
    with house_style():
        figure, axes = plt.subplots()
        axes.plot([0, 1, 2], [0.0, 1.5, 0.5], color=ink("voltage"), gid="u", label="u")
        axes.plot([1], [1], "o", color=ink("spikes"), gid="dot")
        axes.axvspan(0.5, 1, color=ink("current"), alpha=0.5)
        axes.set(xlabel=r"$\tau_m$ (ms)", ylim=(0, 1))
        axes.legend()
    return figure


@pytest.fixture(scope="module")
def svg():
    return page_svg(drawing(), alt='u < θ & "rest"', name="pic")


@pytest.fixture(scope="module")
def root(svg):
    return ElementTree.fromstring(svg)


def test_a_figure_is_drawn_once_and_as_matplotlib_lays_it_out(monkeypatch):
    by_hand, by_matplotlib = drawing(), drawing()
    with house_style():
        by_matplotlib.savefig(io.StringIO(), format="svg")
    plt.close(by_matplotlib)
    drawn, draw = [], Line2D.draw
    monkeypatch.setattr(Line2D, "draw", lambda self, *args: (drawn.append(self), draw(self, *args)))
    page_svg(by_hand, alt="", name="")
    (axes,) = by_hand.axes
    assert [drawn.count(line) for line in axes.lines] == [1, 1]
    assert axes.get_position().bounds == by_matplotlib.axes[0].get_position().bounds


def test_no_text_is_turned_by_nothing(root):
    turned = [element.get("transform", "") for element in root.iter(f"{{{SVG}}}text")]
    assert turned and not any(re.match(r"rotate\(-?0 ", transform) for transform in turned)


def luminance(color):
    channels = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_the_one_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("meaning", COLORS)
@pytest.mark.parametrize("theme", PAGES)
def test_every_colour_stands_out_from_every_page(meaning, theme):
    color = COLORS[meaning][list(PAGES).index(theme)]
    assert all(contrast(color, page) >= VISIBLE for page in PAGES[theme])


def test_colour_of_text_is_readable():
    for theme, color in zip(PAGES, COLORS["spikes"], strict=True):
        assert all(contrast(color, page) >= 7 for page in PAGES[theme])


def test_meanings_have_colours_of_their_own():
    for colors in zip(*COLORS.values(), strict=True):
        assert len(set(colors)) == len(COLORS)


def test_css_gives_every_meaning_both_colours():
    css = colors_css()
    for (meaning, pair), index in product(COLORS.items(), (0, 1)):
        # Once on light pages; for dark ones by the page's word and by the reader's preference.
        assert css.count(f"--nl-{meaning}:{pair[index]};") >= index + 1


def test_dark_colours_never_reach_paper():
    dark_rules = colors_css().split("@media ")[1:]
    assert dark_rules and all(rule.startswith("screen") for rule in dark_rules)


def test_house_style_changes_nothing_outside():
    plt.get_backend()  # is chosen when first asked for
    before = plt.rcParams.copy()
    with house_style():
        assert plt.rcParams != before
    assert plt.rcParams == before


def test_house_style_is_left_after_an_error():
    before = plt.rcParams.copy()
    with pytest.raises(ZeroDivisionError), house_style():
        raise ZeroDivisionError
    assert plt.rcParams == before


def test_picture_says_what_it_shows(root):
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'u < θ & "rest"'


def test_page_decides_on_the_size(root):
    assert not {"width", "height"} & root.attrib.keys()
    assert root.get("viewBox") == "0 0 403.2 259.2"  # 5.6 × 3.6 inches at 72 per inch


def test_style_stays_inside_the_picture(root):
    assert not list(root.iter(f"{{{SVG}}}style"))


def test_text_is_text_in_the_font_of_the_page(svg, root):
    assert "u" in [text.text for text in root.iter(f"{{{SVG}}}text")]
    assert "font-family" not in svg


def test_every_colour_of_the_house_is_a_variable(svg):
    for meaning, (light, _) in COLORS.items():
        used = svg.count(light)
        assert used == svg.count(f"var(--nl-{meaning},{light})")
        assert used > 0 or meaning not in ("voltage", "spikes", "current")


def test_artists_are_found_by_their_gid(root):
    line = root.find(f".//*[@data-gid='u']/{{{SVG}}}path")
    assert line.get("d").startswith("M")
    assert root.find(f".//*[@data-gid='dot']//{{{SVG}}}use") is not None
    assert len(root.findall(".//*[@data-gid]")) == 2


def test_ids_are_the_pictures_own_and_all_that_is_linked(svg):
    ids = re.findall(r'\bid="([^"]*)"', svg)
    linked = set(re.findall(r'xlink:href="#([^"]*)"', svg)) | set(re.findall(r"url\(#(.*?)\)", svg))
    assert linked == set(ids)
    assert len(set(ids)) == len(ids) > 0
    assert all(i.startswith("pic-") for i in ids)


def test_picture_asks_no_host_for_anything(svg):
    assert set(re.findall(r"\w+://[^\"]*", svg)) <= {SVG, XLINK}


def test_equal_figures_give_equal_text(svg):
    assert page_svg(drawing(), alt='u < θ & "rest"', name="pic") == svg


def test_figure_is_closed():
    figure = drawing()
    page_svg(figure, alt="a figure", name="closed")
    assert not plt.fignum_exists(figure.number)


def test_numbers_are_short(svg):
    paths = re.findall(r'\bd="([^"]*)"', svg)
    assert paths and not any(re.search(r"\.\d{3}", path) for path in paths)


@pytest.mark.parametrize(
    ("points", "steps"),
    [
        ("M1 2L3.5 2.2L3.3 -10.8L13.3 -10.8", "M1 2l2.5 .2-.2-13 10 0"),
        ("M1 2L1 -3M4 2L7.5 2", "M1 2v-5M4 2h3.5"),
        ("M-0 0L5 0L5 5z", "M-0 0l5 0 0 5z"),
        ("M0 1C1 2 3 4 5 6z", "M0 1C1 2 3 4 5 6z"),
        ("", ""),
    ],
)
def test_straight_lines_are_written_by_their_steps(points, steps):
    assert _by_steps(points) == steps


def test_text_says_only_what_it_has_of_its_own(root):
    shared = "font-size:10px;text-anchor:middle;fill:var(--nl-spikes,#333333)"
    assert root.get("style").endswith(shared)
    styles = {text.text: text.get("style") for text in root.iter(f"{{{SVG}}}text")}
    assert styles["1.00"] is None  # a tick of the x axis
    assert styles["1.0"] == "text-anchor:end"  # one of the y axis
    assert styles["u"] == "font-size:9px;text-anchor:start"
    assert styles[None] == "text-anchor:start"  # a formula, whose letters have a style of their own


def test_picture_shows_its_drawing_or_tells_of_it(svg):
    picture = Picture(drawing(), alt='u < θ & "rest"', name="pic")
    assert svg in picture._repr_html_()
    assert repr(picture) == '<Picture: u < θ & "rest">'


def test_picture_brings_its_colours():
    picture = Picture(drawing(), alt="a figure", name="pic")
    assert colors_css() in picture._repr_html_()
    assert 'class="nl ' in picture._repr_html_()


@pytest.mark.parametrize("draw", [draw_patterns, draw_naud_patterns])
def test_each_figure_of_patterns_tells_what_it_shows_and_is_reproducible(draw):
    picture = draw()
    assert picture.svg.startswith("<svg") and f'aria-label="{picture.alt}"' in picture.svg
    assert picture.svg == draw().svg


def test_ticks_stand_at_the_spikes():
    with house_style():
        figure, axes = plt.subplots()
        draw_spikes(axes, [1.0, 4.5], -50.0, -35.0)
    x, y = axes.lines[0].get_data()
    plt.close(figure)
    assert np.array_equal(x, [1.0, 1.0, 1.0, 4.5, 4.5, 4.5])
    assert np.array_equal(y, [-50.0, -35.0, np.nan] * 2, equal_nan=True)


def test_the_figure_of_patterns_shows_each_pattern_by_its_name():
    for name in PATTERNS:
        neuron, I = filter_pattern(name)
        spikes = simulate(neuron, step_current(I, dt=1.0, **STEP_TIMES)).spike_times
        assert firing_pattern(spikes, start=STEP_TIMES["start"], stop=STEP_TIMES["stop"]) == name
    for name in NAUD:
        neuron, I = naud_pattern(name)
        spikes = simulate(neuron, step_current(I, dt=0.5, **STEP_TIMES)).spike_times
        assert spikes.size and spikes[0] > STEP_TIMES["start"]


def test_drawn_spike_is_as_the_chapter_says():
    """It lies among those that were measured, and is higher: from rest, as they were."""
    spike = measure_spike()
    for name in ("rest", "threshold"):
        assert FACTS[f"pyramidal_{name}"].low < spike[name] < FACTS[f"pyramidal_{name}"].high
    assert FACTS["spike_half_width"].low < spike["half_width"] < FACTS["spike_half_width"].high
    assert spike["height"] == pytest.approx(spike["peak"] - spike["rest"])
    assert FACTS["spike_height"].high < spike["height"] < 125.0
    assert spike["half_width"] < spike["duration"] < 2.0


@pytest.mark.parametrize("part", ["soma", "synapses", "dendrites"])
def test_the_small_neuron_shows_a_part_and_says_so(part):
    picture = draw_neuron(part)
    html = picture._repr_html_()
    assert f'data-part="{part}"' in html and f"[data-part={part}]" in html
    root = ElementTree.fromstring(picture.svg)
    assert root.get("role") == "img" and root.get("aria-label") == picture.alt
    assert part in repr(picture) and len(html) < 16_000
    assert not root.findall(".//*[@id]")  # it may stand on a page twice
    with pytest.raises(ValueError, match="part = 'spine': the parts are soma, synapses, dendrites"):
        draw_neuron("spine")
