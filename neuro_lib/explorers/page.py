"""What every explorer brings into a page: its style, its script, its controls as HTML."""

import html
import re
from functools import cache
from importlib.resources import files

from neuro_lib.explorers.scene import Choice, Draw, Presets
from neuro_lib.figures.svg import colors_css
from neuro_lib.portable.javascript import compact, compiler, shortened

RUNTIME = files("neuro_lib.explorers") / "runtime"
IMPORT = re.compile(r"^import .*? from \"\./(.*?)\";\n", flags=re.MULTILINE)


@cache
def style() -> str:
    """CSS of every explorer."""
    return colors_css() + (RUNTIME / "explorer.css").read_text("utf-8")


@cache
def script() -> str:
    """JavaScript of every explorer: the compiler of portable Python, and the runtime's modules.

    The modules stand in one scope, each behind those that it imports.
    """
    modules = {}

    def add(name):
        text = (RUNTIME / name).read_text("utf-8")
        if name not in modules:
            modules[name] = ""
            for imported in IMPORT.findall(text):
                add(imported)
            del modules[name]  # it comes last
            modules[name] = re.sub(r"^export (?!\{)", "", IMPORT.sub("", text), flags=re.MULTILINE)

    for entry in ("page.js", "widget.js"):
        add(entry)
    return "\n".join([compiler(checked=True), *map(compact, modules.values())])


@cache
def shared() -> str:
    """HTML that a page needs once, for all its explorers. Each brings it, so as to stand alone.

    A second one changes nothing: what puts pages together leaves it out, as the book does.
    """
    runtime = shortened(f"(()=>{{{script()}\nreturn {{show}};}})()")
    return f"<style>{style()}</style><script>globalThis.neuroLib??={runtime}</script>"


def parameter_spec(parameter):
    """What the runtime is told of a parameter."""
    p = parameter
    spec = {"name": p.name, "meaning": p.meaning, "digits": p.digits, "default": p.default}
    if isinstance(p, Choice):
        sets = {"sets": p.sets} if isinstance(p, Presets) else {}
        return spec | {"options": p.options} | sets
    ends = {"low": p.low, "high": p.high, "step": p.step}
    kind = {"whole": p.whole, "draws": isinstance(p, Draw)}
    spec |= {"symbol": p.symbol, "unit": p.unit} | ends
    return spec | {key: True for key, given in kind.items() if given}


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
