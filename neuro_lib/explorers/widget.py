"""The live notebook's form of an explorer: ipywidgets sliders, linked to the figure in the browser.

The figure is an anywidget whose traits are the scene's parameters. Sliders and figure are
joined by ``jslink``: a moved slider redraws without the kernel, which learns of it all the same.
"""

import anywidget
import ipywidgets
import traitlets

from neuro_lib.explorers.page import (
    RUNTIME,
    asking_script,
    asking_style,
    control_label,
    control_name,
    feature_script,
    script,
    style,
)
from neuro_lib.explorers.scene import Choice

__all__ = ["linked_widget"]


def linked_widget(explorer):
    """Make the widget of an explorer.

    Parameters
    ----------
    explorer : Explorer
        What is shown.

    Returns
    -------
    box : ipywidgets.VBox
        Figure and sliders.
    controls : dict
        The ipywidgets slider or dropdown of each parameter, by name.
    """
    parameters, start = explorer.scene.parameters, explorer.params
    traits = {p.name: _trait(p).tag(sync=True) for p in parameters}
    features = explorer.scene.features
    more = asking_script() if explorer.asks else ""
    more += "".join(f"{{{feature_script(name)}}}\n" for name in features)  # each in its own scope
    # The page keeps one style for each name: that of another kind would take its place.
    kind = type(
        "_".join(["ExplorerFigure", *(["asking"] if explorer.asks else []), *features]),
        (anywidget.AnyWidget,),
        {
            "_esm": f"{script(entry='widget.js')}\n{more}\nexport default {{ render }};",
            "_css": style()
            + (RUNTIME / "widget.css").read_text("utf-8")
            + (asking_style() if explorer.asks else "")
            + "".join((RUNTIME / f"{name}.css").read_text("utf-8") for name in features),
            "scene": traitlets.Dict().tag(sync=True),
            "figure": traitlets.Unicode().tag(sync=True),
            "start": traitlets.Dict().tag(sync=True),
            "names": traitlets.Dict().tag(sync=True),
            **traits,
        },
    )
    reset = '<button type="button">Reset</button>'
    html, scene = explorer.figure_html(reset), explorer.description()
    names = {p.name: control_name(p) for p in parameters}
    figure = kind(figure=html, scene=scene, start=start, names=names, **start)
    controls = {p.name: _control(p, start[p.name]) for p in parameters}
    for name, control in controls.items():
        # A Dropdown's value lives in Python only; its index is known to the browser.
        value = "index" if isinstance(control, ipywidgets.Dropdown) else "value"
        ipywidgets.jslink((control, value), (figure, name))
    sliders = ipywidgets.GridBox(
        list(controls.values()),
        layout={"grid_template_columns": "repeat(auto-fit, minmax(min(100%, 18rem), 1fr))"},
    )
    sliders.add_class("explorer-sliders")
    return ipywidgets.VBox([figure, sliders]).add_class("explorer-box"), controls


def _trait(parameter):
    whole = isinstance(parameter, Choice) or parameter.whole
    return traitlets.Int() if whole else traitlets.Float()


def _control(parameter, value):
    if isinstance(parameter, Choice):
        options = [(text, i) for i, text in enumerate(parameter.options)]
        return ipywidgets.Dropdown(
            options=options,
            value=value,
            description=control_label(parameter),
            description_allow_html=True,
            style={"description_width": "initial"},
        )
    kind = ipywidgets.IntSlider if parameter.whole else ipywidgets.FloatSlider
    limits = {"min": parameter.low, "max": parameter.high, "step": parameter.step}
    unit = f" ({parameter.unit})" if parameter.unit else ""
    return kind(
        value=value,
        **limits,
        description=f"{control_label(parameter)}{unit}",
        description_allow_html=True,
        style={"description_width": "initial"},
        readout_format="d" if parameter.whole else f".{parameter.digits}f",
        layout={"width": "auto"},
    )
