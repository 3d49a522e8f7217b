"""What every explorer brings into a page: its style, its script, its controls as HTML."""

import html
from functools import cache
from importlib.resources import files

from neuro_lib.explorers.scene import Choice, Presets
from neuro_lib.explorers.symbols import set_symbol, spoken
from neuro_lib.figures.svg import colors_css
from neuro_lib.portable.javascript import compact, compiler


@cache
def style() -> str:
    """CSS of every explorer."""
    return colors_css() + (files("neuro_lib.explorers") / "explorer.css").read_text("utf-8")


@cache
def script() -> str:
    """JavaScript of every explorer: the compiler of portable Python, and what moves pictures."""
    text = (files("neuro_lib.explorers") / "explorer.js").read_text("utf-8")
    return f"{compiler()}\n{compact(text)}"


@cache
def shared() -> str:
    """HTML that a page needs once, for all its explorers. Each brings it, so as to stand alone.

    A second one changes nothing: what puts pages together leaves it out, as the book does.
    """
    return (
        f"<style>{style()}</style>"
        f"<script>globalThis.neuroLib??=(()=>{{{script()}\nreturn {{show}};}})()</script>"
    )


def parameter_spec(parameter):
    """What `explorer.js` is told of a parameter."""
    if isinstance(parameter, Choice):
        sets = {"sets": parameter.sets} if isinstance(parameter, Presets) else {}
        return {"name": parameter.name, "choices": len(parameter.options), "digits": 0, **sets}
    return {"name": parameter.name, "unit": parameter.unit, "digits": parameter.digits}


def control_name(parameter, title):
    """What a screen reader calls a control: what it is, and of which figure."""
    symbol = "" if isinstance(parameter, Choice) else f"{spoken(parameter.symbol)}, "
    return f"{symbol}{parameter.meaning}: {title}"


def control_label(parameter):
    """HTML of a control's label, as the eye sees it."""
    symbol = "" if isinstance(parameter, Choice) else f"{set_symbol(parameter.symbol)}, "
    return f"{symbol}{html.escape(parameter.meaning)}"


def control_html(parameter, value, title):
    """HTML of one control, labelled, in the figure that has this title."""
    name = f'name="{parameter.name}" aria-label="{html.escape(control_name(parameter, title))}"'
    label = f"<label><span>{control_label(parameter)}</span>"
    if isinstance(parameter, Choice):
        options = "".join(
            f'<option value="{i}"{" selected" if i == value else ""}>{html.escape(text)}</option>'
            for i, text in enumerate(parameter.options)
        )
        return f"{label}<select {name}>{options}</select></label>"
    p = parameter
    shown = p.say(value)
    # The input comes first: a label names the first of what can be named in it, an output too.
    return (
        f'{label}<input type="range" {name} min="{p.low:g}" max="{p.high:g}" step="{p.step:g}" '
        f'value="{value:g}" aria-valuetext="{shown}">'
        f'<output aria-hidden="true">{shown}</output></label>'
    )
