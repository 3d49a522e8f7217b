"""Living text: what its words belong to, and what the build refuses."""

from io import StringIO

import pytest
from living import resolved
from sphinx.application import Sphinx

from neuro_lib.explorers import explore_fI, explore_step

OUTPUTS = ["<p>Words.</p>", explore_step(I=0.5).html(), explore_fI().html()]
STEP = {"data-live": "lif_step"}


@pytest.mark.parametrize(
    ("target", "text", "found"),
    [
        ("I", "0.5 nA", {"data-mark": "current", "data-slider": "I"}),  # that of its handle
        ("theta", "θ", {"data-mark": "theta", "data-slider": "theta"}),
        ("theta", "−50 mV", {"data-mark": "theta", "data-slider": "theta"}),
        ("tau_m", "τ_m", {"data-slider": "tau_m"}),
        ("tau_m/u", "τ_m", {"data-mark": "u", "data-slider": "tau_m"}),
        ("goal", "the dashed line", {"data-mark": "goal"}),
        ("rheobase", "the dotted line", {"data-mark": "rheobase"}),
        (
            "rheobase",
            "0.30 nA",
            {"data-mark": "rheobase", "data-says": "2", "data-label": "rheobase"},
        ),
        ("rate", "109.1 Hz", {"data-says": "0", "data-label": "firing rate"}),
    ],
)
def test_words_belong_to_a_slider_a_readout_or_a_mark(target, text, found):
    assert resolved(f"live:lif_step.{target}", text, OUTPUTS) == STEP | found


@pytest.mark.parametrize(
    ("target", "text", "why"),
    [
        ("lif_step", "I", "is not live:scene.name"),
        ("lif_stop.I", "I", "no scene lif_stop"),
        ("lif_euler.I", "I", "no figure of lif_euler"),
        ("lif_step.i", "I", "no slider, readout or mark i"),
        ("lif_step.I/goals", "I", "no mark goals"),
        ("lif_step.I", "0.4 nA", "shows 0.50 nA, not 0.4 nA"),
        ("lif_step.rate", "72.1 Hz", "says firing rate .* Hz, not 72.1 Hz"),
        ("lif_step.rate", "its rate", "no slider, readout or mark rate"),
    ],
)
def test_what_is_not_in_the_page_is_refused(target, text, why):
    with pytest.raises(ValueError, match=why):
        resolved(f"live:{target}", text, OUTPUTS)


def build(folder, text):
    """Build a book of one page, with the figure of a step in it; return page and warnings."""
    (folder / "figure.html").write_text(explore_step().html(), "utf-8")
    figure = "\n\n```{raw} html\n:file: figure.html\n```\n"
    (folder / "index.md").write_text(f"# Page\n\n{text}{figure}", "utf-8")
    settings = {
        "extensions": ["myst_parser", "living"],
        "myst_url_schemes": ["https", "live"],
        "myst_enable_extensions": ["dollarmath"],
    }
    warnings = StringIO()
    app = Sphinx(
        folder,
        None,
        folder / "out",
        folder / "trees",
        "html",
        settings,
        status=None,
        warning=warnings,
    )
    app.build()
    return (folder / "out" / "index.html").read_text("utf-8"), warnings.getvalue()


def test_a_page_has_the_words_and_what_brings_them_to_life(tmp_path):
    page, warnings = build(
        tmp_path, "Its [$\\theta$](live:lif_step.theta), at [0.4 nA](live:lif_step.I)."
    )
    assert not warnings
    assert '<span class="live" data-live="lif_step" data-mark="theta" data-slider="theta">' in page
    assert 'data-slider="I">0.4 nA</span>' in page
    assert page.count("living.js") == 1 and "live:" not in page


def test_what_is_refused_is_a_warning_that_says_where(tmp_path):
    page, warnings = build(tmp_path, "Its [θ](live:lif_step.teta).")
    assert "index.md:3: WARNING: living text: lif_step has no slider" in warnings
    assert '<span class="live">θ</span>' in page and "living.js" not in page
