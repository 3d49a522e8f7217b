"""From a Matplotlib figure to an SVG that lives in a page: small, responsive, light and dark."""

import io
import re
from contextlib import contextmanager
from decimal import Decimal
from importlib.resources import files
from xml.etree import ElementTree

import matplotlib.pyplot as plt
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.lines import Line2D

__all__ = ["COLORS", "Picture", "colors_css", "house_style", "ink", "page_svg"]

COLORS = {  # by meaning: (on a light page, on a dark one)
    "voltage": ("#0072b2", "#56b4e9"),
    "threshold": ("#d55e00", "#ff9752"),
    "current": ("#00805d", "#2fd3a0"),
    "spikes": ("#333333", "#e6e6e6"),
    "filter": ("#aa4499", "#e694d4"),
    "reference": ("#767676", "#9e9e9e"),
}
PICTURE_CSS = (
    ".nl.picture{container-type:inline-size}"
    ".nl.picture svg{display:block;width:100%;max-width:40rem;font-family:inherit;overflow:visible}"
    ".nl.picture{direction:ltr}"
    "@container (max-width:28rem){.nl.picture svg text{font-size:12px!important}}"
)
TEXT = f"font-size:10px;text-anchor:middle;fill:var(--nl-spikes,{COLORS['spikes'][0]})"  # of most
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"


@contextmanager
def house_style():
    """Draw in the house style inside a ``with`` block; nothing changes outside.

    Examples
    --------
    >>> with house_style():
    ...     plt.rcParams["axes.spines.top"]
    False
    """
    with plt.style.context(files("neuro_lib.figures") / "house.mplstyle"):
        yield


def ink(meaning):
    """Colour of a meaning on a light page, as Matplotlib takes it.

    Parameters
    ----------
    meaning : str
        A key of `COLORS`.

    Returns
    -------
    str
        ``#rrggbb``; `page_svg` makes it follow the page's light or dark theme.
    """
    return COLORS[meaning][0]


def colors_css():
    """CSS that gives each colour its value on light, dark and printed pages.

    Returns
    -------
    str
        Rules that set ``--nl-voltage`` and its like on ``.nl``. A page says that it is dark
        in the way of the book's theme, of JupyterLab, or by the reader's preference. Colours
        that the reader has forced on every page go before all of them.
    """
    light = "".join(f"--nl-{name}:{pair[0]};" for name, pair in COLORS.items())
    dark = "".join(f"--nl-{name}:{pair[1]};" for name, pair in COLORS.items())
    forced = "html:not(#nl):not(#nl) .nl"  # counts for more than the others
    unthemed = ":root:not([data-theme]):not(:has([data-jp-theme-light]))"
    return (
        f".nl{{{light}}}"
        f"@media screen{{html[data-theme=dark] .nl,[data-jp-theme-light=false] .nl{{{dark}}}}}"
        f"@media screen and (prefers-color-scheme:dark){{{unthemed} .nl{{{dark}}}}}"
        + "".join(
            f"@media screen and (forced-colors:active) and (prefers-color-scheme:{palette})"
            f"{{{forced}{{{colors}}}}}"
            for palette, colors in (("light", light), ("dark", dark))
        )
    )


def page_svg(figure, *, alt, name):
    """Turn a figure into inline SVG and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, drawn in `house_style`.
    alt : str
        What the picture shows, for those who do not see it.
    name : str
        Prefix of the ids inside, so that pictures on one page do not share any.

    Returns
    -------
    str
        An ``<svg role="img">`` element. A group drawn by an artist with a gid has it in
        ``data-gid``. Colours of the house are CSS variables. Equal figures give equal text.
    """
    gids = {artist.get_gid() for artist in figure.findobj() if artist.get_gid()}
    written, unseen = _written(figure)
    plt.close(figure)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(written)
    for element in root.findall(f"{{{SVG}}}metadata") + root.findall(
        f"{{{SVG}}}defs[{{{SVG}}}style]"
    ):
        root.remove(element)  # the style is for every element of the whole page
    used = {gid: k for k, gid in enumerate(dict.fromkeys(re.findall(r"#([\w-]+)", written)))}
    for element in list(root.iter()):
        _restyle(element, gids, used, name)
        for tag, attributes in unseen.get(element.get("data-gid"), {}).items():
            element.find(f".//{{{SVG}}}{tag}").attrib.update(attributes)
    _flatten(root)
    _plain_ticks(root)
    _plain_texts(root)
    for path in root.iter(f"{{{SVG}}}path"):
        path.set("d", _by_steps(path.get("d", "")))
    for size in ("width", "height", "version"):  # the page's CSS decides; the viewBox has them
        root.attrib.pop(size, None)
    root.set("style", f"stroke-linejoin:round;stroke-linecap:butt;{TEXT}")
    root.set("role", "img")
    root.set("aria-label", alt)
    text = ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")
    return re.sub(r">\s+<", "><", text)


class Picture:
    """A drawn figure for pages and notebooks, with its alternative text.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, drawn in `house_style`; it is closed.
    alt : str
        What the picture shows, for those who do not see it.
    name : str
        A name for it that no other picture of the page has.
    """

    def __init__(self, figure, *, alt, name):
        self.alt = alt
        self.svg = page_svg(figure, alt=alt, name=name)

    def __repr__(self):
        return f"<Picture: {self.alt}>"

    def _repr_html_(self):
        style = colors_css() + PICTURE_CSS
        return f'<div class="nl picture dark-light"><style>{style}</style>{self.svg}</div>'


def _written(figure):
    """Write a figure as Matplotlib does, but draw it once: it would draw all to lay it out, too.

    Returns
    -------
    text : str
        The SVG.
    unseen : dict
        By gid, what to correct in it: see `_show_unseen`.
    """
    out = io.StringIO()
    with house_style():  # Schemdraw changes how text is written
        if layout := figure.get_layout_engine():
            FigureCanvasSVG(figure)  # measures text
            layout.execute(figure)
            with plt.rc_context({"figure.constrained_layout.use": False}):
                figure.set_layout_engine(None)
        unseen = _show_unseen(figure)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue(), unseen


def _show_unseen(figure):
    """Have something written of every artist with a gid, since a page may move it into view.

    Matplotlib writes nothing of a line without points and of a marker outside of the figure. They
    get a place in the middle of their axes.

    Returns
    -------
    dict
        By gid and tag, the attributes that take the element from there to where it belongs.
    """
    unseen = {}
    for artist in figure.findobj(lambda a: isinstance(a, Line2D) and a.get_gid() is not None):
        points, axes = artist.get_transform().transform(artist.get_xydata()), artist.axes
        if not len(points):
            element = {"path": {"d": ""}}
        elif artist.get_linestyle() == "None" and not figure.bbox.contains(*points[0]):
            x, y = points[0]
            element = {"use": {"x": f"{x:.2f}", "y": f"{figure.bbox.height - y:.2f}"}}
        else:
            continue
        middle = [[sum(limits()) / 2] * 2 for limits in (axes.get_xlim, axes.get_ylim)]
        artist.set_data(*middle)
        unseen[artist.get_gid()] = element
    return unseen


def _restyle(element, gids, used, name):
    """Make one SVG element fit for a page."""
    gid = element.attrib.pop("id", None)
    if gid in gids:
        element.set("data-gid", gid)
    elif gid in used:
        element.set("id", f"{name}-{used[gid]}")
    if element.get("transform", "").startswith("rotate(-0 "):  # Matplotlib turns every text
        del element.attrib["transform"]
    for key, value in element.attrib.items():
        value = re.sub(r"(url\(#|^#)([\w-]+)", lambda m: f"{m[1]}{name}-{used[m[2]]}", value)
        if key in ("d", "x", "y", "transform", "points", "width", "height"):
            # What stands somewhere is as exact as the page's script will draw it.
            place = key in ("x", "y") or (key == "d" and "C" not in value)
            value = _rounded(value, 1 if place else 2)
        if key == "style":
            for meaning, (light, _) in COLORS.items():
                value = value.replace(light, f"var(--nl-{meaning},{light})")
            value = re.sub(r"font: ([\d.]+)px [^;]*", r"font-size:\1px", value)
            value = re.sub(r"font-family:[^;]*;? ?", "", value)  # text takes the page's font
            value = re.sub(r"([:;]) ", r"\1", value)
            value = value.replace("stroke-dashoffset:0;", "")  # which it is anyhow
        value = " ".join(value.split())
        element.set(key, re.sub(r" ?([A-Za-z]) ", r"\1", value) if key == "d" else value)
    if element.tag == f"{{{SVG}}}text" and "_" in (element.text or ""):
        _set_subscripts(element)


def _flatten(element):
    """Leave out what changes nothing in a picture: groups without attributes, paths unpainted."""
    for child in list(element):
        _flatten(child)
        if child.tag == f"{{{SVG}}}path" and child.get("style") == "fill:none":
            element.remove(child)
        elif child.tag == f"{{{SVG}}}g" and not child.attrib:
            place = list(element).index(child)
            element[place : place + 1] = list(child)


def _plain_ticks(root):
    """Leave the ticks of axes the one style of the line that they repeat: it has no inside."""
    paths = root.iter(f"{{{SVG}}}path")
    lines = {f"#{p.get('id')}" for p in paths if re.fullmatch("M[^LCz]*L[^LCz]*", p.get("d", ""))}
    for use in root.iter(f"{{{SVG}}}use"):
        if use.get(f"{{{XLINK}}}href") in lines:
            use.attrib.pop("style", None)


def _plain_texts(root):
    """Leave texts without what all have of the picture unless they say otherwise."""
    shared = re.escape(TEXT).replace(";", "|")
    for text in root.iter(f"{{{SVG}}}text"):
        style = text.get("style", "")
        if "text-anchor:" not in style:
            style = f"text-anchor:start;{style}"
        if own := re.sub(f"(?:{shared})(?:;|$)", "", style).rstrip(";"):
            text.set("style", own)
        else:
            text.attrib.pop("style", None)


def _by_steps(path):
    """Write straight lines by the steps from point to point: they are shorter than the points."""
    if not re.fullmatch("(M[^MLCQz]*(L[^MLCQz]*)*z?)+", path):
        return path
    written, before, at = "", "", []
    for letter, numbers in re.findall("([MLz])([^MLz]*)", path):
        sign, point = letter, [Decimal(number) for number in numbers.split()]
        if letter == "L":
            sign = " " if before == "L" else "l"
            numbers = " ".join(_short(b - a) for a, b in zip(at, point, strict=True))
        written += sign + numbers
        before, at = letter, point
    straight = re.sub(r"l(\S+) 0(?=[Mz]|$)", r"h\1", written)
    return re.sub(r"l0 (\S+?)(?=[Mz]|$)", r"v\1", straight).replace(" -", "-")


def _short(number):
    """Write a decimal without zeros that say nothing."""
    return re.sub(r"^(-?)0\.", r"\1.", f"{number.normalize() + 0:f}")


def _rounded(text, digits):
    """Round the decimals in a text."""
    return re.sub(r"-?\d+\.\d+", lambda number: f"{round(float(number[0]), digits):g}", text)


def _set_subscripts(text):
    """Set ``u_rest`` with a subscript: a smaller span that goes down, and the rest up again."""
    first, *others = re.split(r"_(\w+)", text.text)
    text.text = first
    for subscript, after in zip(others[::2], others[1::2], strict=True):
        low = ElementTree.SubElement(text, f"{{{SVG}}}tspan", {"dy": ".25em", "font-size": "75%"})
        low.text = subscript
        if after:
            up = ElementTree.SubElement(text, f"{{{SVG}}}tspan", {"dy": "-.19em"})
            up.text = after
