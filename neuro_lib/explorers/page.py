"""What every explorer brings into a page: its style, its script, its controls as HTML."""

import html
import re
from functools import cache
from importlib.resources import files

from neuro_lib.explorers.scene import Choice, Presets
from neuro_lib.explorers.symbols import set_symbol, spoken
from neuro_lib.figures.svg import colors_css
from neuro_lib.portable.javascript import compact, compiler

# To the page, and to what only some explorers bring.
EXPOSED = (
    "show,AtRest,FEATURES,Live,Store,bindForm,compilePortable,compileScene,fixed,inUnits,make,"
    "makeSvg,pathOf,setSymbols,tenths,valuesOf"
)
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
    return "\n".join([compiler(checked=True), *modules("page.js", "widget.js").values()])


@cache
def script_beside(*names) -> str:
    """JavaScript of modules that few explorers need, without what `script` has of them."""
    more = modules(*names)
    return "\n".join(text for name, text in more.items() if text not in script())


def modules(*entries) -> dict:
    """Some modules and those that they import, in order, each as it stands in one scope."""
    found = {}

    def add(name):
        text = (RUNTIME / name).read_text("utf-8")
        if name not in found:
            found[name] = ""
            for imported in IMPORT.findall(text):
                add(imported)
            del found[name]  # it comes last
            found[name] = re.sub(r"^export (?!\{)", "", IMPORT.sub("", text), flags=re.MULTILINE)

    for entry in entries:
        add(entry)
    return {name: compact(text) for name, text in found.items()}


@cache
def shared() -> str:
    """HTML that a page needs once, for all its explorers. Each brings it, so as to stand alone.

    A second one changes nothing: what puts pages together leaves it out, as the book does.
    """
    return (
        f"<style>{style()}</style>"
        f"<script>globalThis.neuroLib??=(()=>{{{script()}\nreturn {{{EXPOSED}}};}})()</script>"
    )


@cache
def asking() -> str:
    """HTML that an explorer needs, beside what all share, if it asks something of its reader."""
    return (
        f"<style>{asking_style()}</style><script>(({{{EXPOSED}}})=>{{"
        f'if(FEATURES.some(({{name}})=>name==="ask"))return;\n{asking_script()}}})(neuroLib)</script>'
    )


@cache
def asking_style() -> str:
    """CSS of questions and challenges."""
    return (RUNTIME / "ask.css").read_text("utf-8")


@cache
def asking_script() -> str:
    """JavaScript of questions and challenges."""
    parts = script_beside("ask.js", "challenge.js")
    return f"(()=>{{{parts}\nFEATURES.push(ask, challenge);}})();"


def parameter_spec(parameter):
    """What the runtime is told of a parameter."""
    p = parameter
    spec = {"name": p.name, "meaning": p.meaning, "digits": p.digits, "default": p.default}
    if isinstance(p, Choice):
        sets = {"sets": p.sets} if isinstance(p, Presets) else {}
        return spec | {"options": p.options} | sets
    ends = {"low": p.low, "high": p.high, "step": p.step}
    return spec | {"symbol": p.symbol, "unit": p.unit} | ends | ({"whole": True} if p.whole else {})


def control_name(parameter):
    """What a screen reader calls a control."""
    symbol = "" if isinstance(parameter, Choice) else f"{spoken(parameter.symbol)}, "
    return f"{symbol}{parameter.meaning}"


def control_label(parameter):
    """HTML of a control's label, as the eye sees it."""
    symbol = "" if isinstance(parameter, Choice) else f"{set_symbol(parameter.symbol)}, "
    return f"{symbol}{html.escape(parameter.meaning)}"


def control_html(parameter, value):
    """HTML of one control, labelled."""
    name, called = f'name="{parameter.name}"', control_name(parameter)
    if not isinstance(parameter, Choice) and called != f"{parameter.symbol}, {parameter.meaning}":
        name += f' aria-label="{html.escape(called)}"'  # else the label says it
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
