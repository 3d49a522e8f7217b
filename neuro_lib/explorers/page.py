"""What every explorer brings into a page: its style, its script, its controls as HTML."""

import html
from functools import cache
from importlib.resources import files

from neuro_lib.explorers.scene import Choice, Presets
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


def control_html(parameter, value):
    """HTML of one control, labelled."""
    if isinstance(parameter, Choice):
        options = "".join(
            f'<option value="{i}"{" selected" if i == value else ""}>{html.escape(text)}</option>'
            for i, text in enumerate(parameter.options)
        )
        return (
            f"<label><span>{html.escape(parameter.meaning)}</span>"
            f'<select name="{parameter.name}">{options}</select></label>'
        )
    p = parameter
    shown = p.say(value)
    # The input comes first: a label names the first of what can be named in it, an output too.
    return (
        f"<label><span>{html.escape(f'{p.symbol}, {p.meaning}')}</span>"
        f'<input type="range" name="{p.name}" min="{p.low:g}" max="{p.high:g}" step="{p.step:g}" '
        f'value="{value:g}" aria-valuetext="{shown}">'
        f'<output aria-hidden="true">{shown}</output></label>'
    )
