"""An explorer: a scene made alive in whatever shows it, through Jupyter's mime bundle."""

import html
import json
import re
import sys
from dataclasses import asdict
from functools import cached_property, lru_cache

from neuro_lib.explorers.page import asking, beside, control_html, parameter_spec, shared
from neuro_lib.explorers.scene import Choice, Scene, Ticks
from neuro_lib.explorers.scenes import EXPLORERS
from neuro_lib.explorers.symbols import set_symbols
from neuro_lib.figures.svg import house_style, page_svg

__all__ = ["Explorer"]


class Explorer:
    """A figure with sliders.

    A static page gets it as self-contained HTML, a live notebook as ipywidgets, a terminal as
    text. In a notebook, `params` and `run` follow the sliders.

    Parameters
    ----------
    scene : Scene
        What is explored.
    **values
        First values of the sliders, where they are not the defaults.

    Raises
    ------
    ValueError
        If a value is not one that its slider can take, or there is no such slider.

    Examples
    --------
    >>> from neuro_lib.explorers import explore_step
    >>> explore_step(I=0.2)
    firing rate 0.0 Hz
    no spike
    rheobase 0.30 nA
    """

    def __init__(self, scene: Scene, **values):
        self.scene = scene
        first = scene.checked(values)
        self._start = {p.name: p.stop(first[p.name]) for p in scene.parameters}
        self._asked = []

    @property
    def params(self) -> dict:
        """Present values of the sliders, by name."""
        if "_linked" not in vars(self):  # no widget yet, so nobody has moved a slider
            return dict(self._start)
        _, controls = self._linked
        # A slider moved by mouse may say 49.99999999999999.
        return {p.name: round(controls[p.name].value, p.digits) for p in self.scene.parameters}

    def ask(self, *questions):
        """Have the reader answer before the figure is seen.

        Parameters
        ----------
        *questions : Question or Sketch
            What is asked. The reader may skip it, by a click or by moving a slider.

        Returns
        -------
        Explorer
            This explorer.

        Raises
        ------
        ValueError
            If a question names what the scene does not have, or a position that no slider has.

        Examples
        --------
        >>> from neuro_lib.explorers import Question, explore_step
        >>> explore_step().ask(Question("How fast does it fire?", "rate"))
        firing rate 72.1 Hz
        first spike after 13.9 ms
        rheobase 0.30 nA
        """
        self._asked = [question.spec(self) for question in questions]
        return self

    def readout(self, name):
        """Return the scene's readout of a name, or raise ValueError."""
        for readout in self.scene.readouts:
            if readout.name == name:
                return readout
        known = ", ".join(readout.name for readout in self.scene.readouts)
        raise ValueError(f"of = {name!r}: the readouts of {self.scene.name} are {known}")

    def stops(self, values):
        """Return positions of sliders, checked, or raise ValueError."""
        checked = self.scene.checked({**self._start, **values})
        return {p.name: p.stop(checked[p.name]) for p in self.scene.parameters if p.name in values}

    def run(self):
        """Run the scene at the present values.

        Returns
        -------
        Outcome
            A named tuple of the scene's outputs: arrays and numbers.
        """
        return self.scene(**self.params)

    def __repr__(self):
        return "\n".join(self.scene.describe(self.run()))

    @cached_property
    def _linked(self):
        """The widget, and its slider or list for each parameter, by name."""
        from neuro_lib.explorers.widget import linked_widget

        return linked_widget(self)

    @property
    def widget(self):
        """The ipywidgets form: sliders linked, in the browser, to the figure."""
        widget, _ = self._linked
        return widget

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": repr(self), "text/html": self.html()}
        if not _live():
            return bundle
        widget = self.widget._repr_mimebundle_()
        bundle |= {k: v for k, v in widget.items() if k.endswith("widget-view+json")}
        return bundle

    @property
    def _first(self):
        """What the scene gives at the first values."""
        return _outcome(self.scene, *self._start.items())

    @property
    def _drawn(self):
        """The figure at the first values, as `_figure` gives it."""
        return _figure(self.scene, *self._start.items())

    @property
    def svg(self) -> str:
        """The figure at the first values."""
        return self._drawn[0]

    def description(self) -> dict:
        """Describe the scene for the runtime."""
        _, panels, places = self._drawn
        challenges = self.scene.challenges
        return {
            "name": self.scene.name,
            **({"python": EXPLORERS[self.scene.name]} if self.scene.name in EXPLORERS else {}),
            "source": _source(self.scene.run),
            "parameters": [parameter_spec(p) for p in self.scene.parameters],
            "panels": panels,
            "marks": [self._mark_spec(mark, *places[mark.gid]) for mark in self.scene.marks],
            "readouts": [_spec(readout) for readout in self.scene.readouts],
            **({"drawing": _drawing_spec(self.scene.drawing)} if self.scene.drawing else {}),
            **({"handles": [_spec(h) for h in self.scene.handles]} if self.scene.handles else {}),
            **({"asked": self._asked} if self._asked else {}),
            **({"challenges": [c.spec() for c in challenges]} if challenges else {}),
        }

    @staticmethod
    def _mark_spec(mark, panel, label):
        """What the runtime is told of a mark."""
        y = [mark.low, mark.high] if isinstance(mark, Ticks) else [mark.y]
        spec = {"gid": mark.gid, "kind": mark.kind, "x": mark.x, "y": y, "panel": panel}
        return spec if label.startswith("_") or label == mark.gid else spec | {"label": label}

    def figure_html(self, controls="") -> str:
        """The figure, its controls and its readout, in the form that browsers rely on."""
        readout = set_symbols("; ".join(self.scene.describe(self._first)))
        width, height = re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', self.svg).groups()
        return (
            f'<figure class="explorer nl dark-light" data-scene="{self.scene.name}" role="group" '
            f'aria-label="{html.escape(self.scene.title)}" '
            f'style="--shape:{float(width) / float(height):.4g}">{self.svg}'
            f'{controls}<p class="readout" role="status">{readout}</p></figure>'
        )

    def html(self) -> str:
        """Give the static page's form: self-contained, alive without a server or a kernel."""
        controls = "".join(control_html(p, self._start[p.name]) for p in self.scene.parameters)
        form = (
            f'<form hidden autocomplete="off">{controls}<button type="reset">Reset</button></form>'
            f'<p class="still">Drawn for {set_symbols(self._settings())}. '
            "<span>The sliders need JavaScript.</span></p>"
        )
        scene = json.dumps(self.description(), ensure_ascii=False, separators=(",", ":"))
        scene = scene.replace("</", "<\\/")
        more = (asking() if self.asks else "") + "".join(map(beside, self.scene.features))
        return f"{shared()}{more}{self.figure_html(form)}<script>neuroLib.show({scene})</script>"

    @property
    def asks(self) -> bool:
        """Whether it asks something of its reader, for which a page needs more JavaScript."""
        return bool(self._asked or self.scene.challenges)

    def page(self) -> str:
        """Give a whole page with nothing but this explorer: to embed elsewhere, to send.

        Examples
        --------
        >>> from pathlib import Path
        >>> from neuro_lib.explorers import explore_step
        >>> Path("step.html").write_text(explore_step(I=0.8).page(), "utf-8")  # doctest: +SKIP
        """
        title = self.scene.name.replace("_", " ")
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
            "<style>:root{color-scheme:light dark;font-family:sans-serif}</style>"
            f"{self.html()}\n"
        )

    def _settings(self) -> str:
        return ", ".join(
            p.options[self._start[p.name]]
            if isinstance(p, Choice)
            else f"{p.symbol} = {p.say(self._start[p.name])}"
            for p in self.scene.parameters
        )


# Who runs a cell again, or has an explorer on two pages, waits for its figure once.
@lru_cache(64)
def _outcome(scene, *start):
    """What a scene gives at the items of its first values."""
    return scene(**dict(start))


@lru_cache(64)
def _figure(scene, *start):
    """The figure as SVG, its panels, and by a mark's gid its panel's number and its label."""
    values = {**dict(start), **_outcome(scene, *start)._asdict()}
    with house_style():
        figure = scene.draw(values)
        svg = page_svg(figure, alt=scene.alt, name=scene.name)
    artists = {a.get_gid(): a for a in figure.findobj(lambda a: a.get_gid() is not None)}
    panels = list(dict.fromkeys(artists[mark.gid].axes for mark in scene.marks))
    places = {
        mark.gid: (panels.index(artists[mark.gid].axes), artists[mark.gid].get_label())
        for mark in scene.marks
    }
    return svg, [_panel(axes, figure.bbox.height) for axes in panels], places


def _live():
    """Whether somebody may be there to move a widget: not where a notebook is run to its end.

    nbconvert, which would prefer a widget that needs the network to the page that needs none,
    runs a cell as one in which nobody can be asked for input.
    """
    if "IPython" not in sys.modules:
        return True
    kernel = getattr(sys.modules["IPython"].get_ipython(), "kernel", None)
    parent = kernel.get_parent() if hasattr(kernel, "get_parent") else {}
    return parent.get("content", {}).get("allow_stdin", True)


def _source(run):
    """The Python that the page compiles: an indent is one space, no other is without need.

    What a function returns is not named: its compiler finds out by itself.
    """
    text = re.sub(r"\n\s*\n", "\n", run.source).replace(" " * 4, " ")
    text = re.sub(r"\b(?<!\.)0(\.\d)|(\d\.)0\b(?!\.)", r"\1\2", text)  # ".5", "2."
    text = re.sub(r" ?([-+*/=<>!,:()[\]]) ?", r"\1", text)
    return re.sub(r"\)->\w+:\n", "):\n", text)


def _drawing_spec(drawing):
    return {"mark": drawing.mark, "source": _source(drawing.run)}


def _spec(part):
    """What the runtime is told of a part of a scene: all that is not left out."""
    return {key: value for key, value in asdict(part).items() if value not in ("", None)}


def _panel(axes, height):
    """What the runtime is told of axes: how data lie in the SVG, their limits and labels."""
    (ax, _, bx), (_, ay, by), _ = axes.transData.get_matrix()
    siblings = axes.get_shared_x_axes().get_siblings(axes)
    return {
        "scale": [round(float(c), 4) for c in (ax, bx, -ay, height - by)],
        "x": [float(v) for v in axes.get_xlim()],
        "y": [float(v) for v in axes.get_ylim()],
        "labels": [max(a.get_xlabel() for a in siblings), axes.get_ylabel()],
    }
