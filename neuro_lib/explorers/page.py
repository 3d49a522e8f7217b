"""What every explorer brings into a page: its style, its script, its controls as HTML."""

import html
import re
from functools import cache
from importlib.resources import files

from neuro_lib.explorers.scene import Choice, Draw, Presets
from neuro_lib.explorers.symbols import set_symbol, spoken
from neuro_lib.figures.svg import colors_css
from neuro_lib.portable.javascript import compact, compiler, shortened

# To the page, and to what only some explorers bring.
EXPOSED = (
    "show,AtRest,FEATURES,Live,Store,bindForm,compilePortable,compileScene,fixed,inUnits,make,"
    "makeSvg,pathOf,setSymbols,stageOf,tenths,valuesOf"
)
RUNTIME = files("neuro_lib.explorers") / "runtime"
IMPORT = re.compile(r"^import .*? from \"\./(.*?)\";\n", flags=re.MULTILINE)


@cache
def style() -> str:
    """CSS of every explorer."""
    css = (RUNTIME / "explorer.css").read_text("utf-8")
    return colors_css() + re.sub(r"/\*.*?\*/|\n", "", css, flags=re.DOTALL)


@cache
def script(*, entry="page.js") -> str:
    """JavaScript of every explorer: the compiler of portable Python, and the runtime's modules.

    The modules stand in one scope, each behind those that it imports: those that a page needs, or
    those that a widget needs, by what they begin with.
    """
    return "\n".join([compiler(checked=True), *modules(entry).values()])


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
    runtime = shortened(f"(()=>{{{script()}\nreturn {{{EXPOSED}}};}})()")
    return f"<style>{style()}</style><script>globalThis.neuroLib??={runtime}</script>"


@cache
def asking() -> str:
    """HTML that an explorer needs, beside what all share, if it asks something of its reader."""
    return (
        f"<style data-explorers>{asking_style()}</style><script>(({{{EXPOSED}}})=>{{"
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


@cache
def beside(feature) -> str:
    """HTML that an explorer needs, beside what all share, for a feature that few have."""
    style = (RUNTIME / f"{feature}.css").read_text("utf-8")
    return (
        f"<style data-explorers>{style}</style><script>(({{{EXPOSED}}})=>{{"
        f'if(FEATURES.some(({{name}})=>name==="{feature}"))return;\n'
        f"{feature_script(feature)}}})(neuroLib)</script>"
    )


@cache
def feature_script(feature) -> str:
    """JavaScript of a feature that few explorers have: the function of its name in its module."""
    return f"{script_beside(f'{feature}.js')}\nFEATURES.push({feature});"


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
