r"""Living text: words and numbers of a chapter that belong to a figure on its page.

A link of the scheme `live:` names a scene and something in it:

- ``[0.4 nA](live:lif_step.I)``, a slider's value at first: the reader drags it;
- ``[$\theta$](live:lif_step.theta)``, any other word for a slider: pointing at it shows which;
- ``[72.1 Hz](live:lif_step.rate)``, what the figure says: the sentence says it, too;
- ``[the dashed line](live:lif_step.goal)``, a curve: pointing at it shows which.

What a slider moves may be named behind it, ``live:lif_step.tau_m/u``. Elsewhere, in a notebook, on
paper, without JavaScript, all this is the text between the brackets. `living.js` does the rest.
"""

import html
import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

TARGET = re.compile(r"live:(\w+)\.(\w+)(?:/(\w+))?")
NUMBER = re.compile(r"[-−]?[\d.]+")
FIGURE = '<figure class="explorer nl dark-light" data-scene="{}" '


class live(nodes.Inline, nodes.TextElement):
    """Words that belong to a figure."""


def figure_of(scene, outputs):
    """HTML of a scene's figure among the outputs of a page, or raise ValueError."""
    for output in outputs:
        _, found, figure = output.partition(FIGURE.format(scene))
        if found:
            return figure
    raise ValueError(f"this page has no figure of {scene}")


def resolved(target, text, outputs):
    """Find what some words belong to.

    Parameters
    ----------
    target : str
        What their link leads to (``live:lif_step.I``).
    text : str
        The words.
    outputs : list of str
        HTML of the page's outputs.

    Returns
    -------
    dict
        Attributes of their element, for `living.js`.

    Raises
    ------
    ValueError
        If there is no such thing, or a number is not the one that the figure shows at first.
    """
    from neuro_lib.explorers import SCENES, Slider  # a book that has not changed needs them not

    named = TARGET.fullmatch(target)
    if not named:
        raise ValueError(f"{target} is not live:scene.name or live:scene.name/mark")
    name, part, mark = named.groups()
    if name not in SCENES:
        raise ValueError(f"there is no scene {name}")
    figure, scene = figure_of(name, outputs), SCENES[name]().scene
    sliders = {p.name: p for p in scene.parameters if isinstance(p, Slider)}
    readouts = {r.name: r for r in scene.readouts}
    marks, number = {m.gid for m in scene.marks}, NUMBER.match(text)
    if mark and mark not in marks:
        raise ValueError(f"{name} has no mark {mark}")
    mark = mark or {h.name: h.mark for h in scene.handles}.get(part, part)
    found = {"data-live": name} | ({"data-mark": mark} if mark in marks else {})
    if part in sliders:
        start = float(re.search(rf'name="{part}"[^>]* value="([^"]+)"', figure)[1])
        if number and float(number[0].replace("−", "-")) != start:
            raise ValueError(f"the figure shows {sliders[part].say(start)}, not {text}")
        return found | {"data-slider": part}
    if number and part in readouts:
        label, index = readouts[part].label.replace("_", ""), list(readouts).index(part)
        said = re.search(r'<p class="readout"[^>]*>(.*?)</p>', figure)[1].split("; ")[index]
        said = html.unescape(re.sub("<[^>]+>", "", said))
        if said != f"{label} {text}":
            raise ValueError(f"the figure says {said}, not {text}")
        return found | {"data-says": str(index), "data-label": label}
    if part in marks:
        return found
    raise ValueError(f"{name} has no slider, readout or mark {part}")


class LivingText(SphinxPostTransform):
    """Turn links of the scheme into words that belong to a figure."""

    default_priority = 30  # the outputs are there

    def run(self, **kwargs):
        links = [
            link
            for link in self.document.findall(nodes.reference)
            if link.get("refuri", "").startswith("live:")
        ]
        outputs = [raw.astext() for raw in self.document.findall(nodes.raw)] if links else []
        for link in links:
            try:
                found = resolved(link["refuri"], link.astext(), outputs)
            except ValueError as reason:
                logging.getLogger(__name__).warning("living text: %s", reason, location=link)
                found = {}
            link.replace_self(live("", "", *link.children, found=found))


def add_script(app, pagename, templatename, context, doctree):
    """Load what brings such words to life, where there are some."""
    if 'class="live" data' in context.get("body", ""):
        app.add_js_file("living.js", loading_method="defer")


def visit_live(self, node):
    self.body.append(self.starttag(node, "span", "", CLASS="live", **node["found"]))


def setup(app):
    app.add_node(live, html=(visit_live, lambda self, node: self.body.append("</span>")))
    app.add_post_transform(LivingText)
    app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
