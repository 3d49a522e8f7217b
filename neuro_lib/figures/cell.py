"""The course's one image: a neuron, from the synapses on its dendrites to the end of its axon."""

from dataclasses import dataclass

import numpy as np

from neuro_lib.figures.svg import Picture, colors_css

__all__ = ["SYNAPSES", "DrawnSynapse", "cell_svg", "draw_neuron"]

SIZE = 300, 322  # units of the drawing; a branch is a centre line and its width at either end
SOMA = 150, 178
OUTLINE = [  # of the soma, right half, from the top down
    (156, 140), (161, 156), (172, 169), (180, 184), (170, 197), (154, 201),
]  # fmt: skip
DENDRITES = {
    "trunk": ([SOMA, (148, 140), (151, 112), (149, 90)], 17, 9),
    "left tuft": ([(149, 95), (140, 72), (112, 58), (93, 31)], 8, 3),
    "left twig": ([(120, 62), (96, 57), (76, 63), (52, 54)], 5, 1.5),
    "left twiglet": ([(82, 62), (66, 70), (54, 74), (42, 86)], 3, 1.5),
    "right tuft": ([(149, 95), (160, 70), (190, 56), (207, 29)], 8, 3),
    "right twig": ([(183, 62), (206, 60), (226, 62), (250, 54)], 5, 1.5),
    "right twiglet": ([(218, 61), (232, 69), (244, 72), (258, 86)], 3, 1.5),
    "oblique": ([(150, 118), (132, 108), (112, 112), (90, 104)], 5, 1.5),
    "left base": ([SOMA, (118, 191), (92, 194), (62, 224)], 13, 3),
    "left base twig": ([(90, 198), (72, 194), (56, 193), (34, 196)], 6, 1.5),
    "left base twiglet": ([(78, 208), (82, 222), (86, 232), (84, 248)], 4, 1.5),
    "right base": ([SOMA, (184, 188), (210, 194), (238, 222)], 13, 3),
    "right base twig": ([(211, 199), (230, 196), (246, 197), (266, 188)], 6, 1.5),
    "right base twiglet": ([(224, 209), (220, 222), (216, 232), (219, 246)], 4, 1.5),
}
AXON = [(150, 202), (152, 226), (138, 250), (150, 276), (160, 290), (182, 297), (206, 300)]
ENDS = [((186, 298), (206, 287), (222, 285)), ((194, 299), (212, 305), (224, 315))]


CELL_CSS = (
    ".drawn-neuron svg{display:block;width:100%;height:auto;overflow:visible}"
    ".drawn-neuron .body{fill:currentcolor;opacity:.24}"
    ".drawn-neuron .fibre{fill:none;stroke:currentcolor;stroke-width:2.4;stroke-linecap:round}"
    ".drawn-neuron .axon{opacity:.55;fill:currentcolor}"
    ".drawn-neuron .pulse{fill:none;stroke:var(--nl-spikes);stroke-width:8;stroke-linecap:round;"
    "stroke-dasharray:5 200;stroke-dashoffset:10;opacity:0}"
    ".drawn-neuron .charge{fill:none;stroke:var(--nl-current);stroke-width:5;stroke-linecap:round;"
    "stroke-linejoin:round;opacity:0}"
    ".drawn-neuron .charge.out,.drawn-neuron .inhibits{stroke:var(--nl-threshold)}"
    ".drawn-neuron .soma-charge{fill:var(--nl-voltage);fill-opacity:.15}"
    ".drawn-neuron .terminal{fill:none;stroke:var(--nl-current);stroke-width:2.4;"
    "stroke-linecap:round}"
    ".drawn-neuron .terminal.inhibits{stroke:var(--nl-threshold)}"
    ".drawn-neuron[data-part]{max-width:9rem;margin:0 0 .5rem}"
    ".drawn-neuron[data-part] text{display:none}"
    ".drawn-neuron[data-part]:not([data-part=synapses]) .synapses{opacity:.3}"
    ".drawn-neuron[data-part]:not([data-part=soma]) .soma-charge{fill-opacity:0}"
    ".drawn-neuron[data-part=soma] .soma-charge{fill-opacity:.9}"
    ".drawn-neuron[data-part=dendrites] .dendrites{fill:var(--nl-filter)}"
    ".drawn-neuron[data-part=dendrites] .body{opacity:.85}"
    ".drawn-neuron[data-part=dendrites] .soma{fill:var(--nl-reference)}"
    ".drawn-neuron[data-part=synapses] .terminal circle{fill:var(--nl-current)}"
    ".drawn-neuron[data-part=synapses] .terminal.inhibits circle{fill:var(--nl-threshold)}"
    ".drawn-neuron .terminal text{fill:currentcolor;stroke:none;font-size:14px;font-weight:600}"
)


@dataclass(frozen=True)
class DrawnSynapse:
    """A synapse of the drawing.

    Parameters
    ----------
    letter : str
        What it is called on the drawing.
    place : str
        Where it sits, in words.
    excites : bool
        Whether it excites; else it inhibits.
    at : tuple of float
        Where it is drawn.
    way : tuple
        The points by which the drawn charge reaches the soma.
    """

    letter: str
    place: str
    excites: bool
    at: tuple
    way: tuple


def _way(*branches):
    """Points from the first branch's far end to the soma."""
    points = []
    for name, first in branches:
        curve = _smooth(DENDRITES[name][0])
        points += list(curve[: int(first * (len(curve) - 1)) + 1][::-1])
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in points)


def _smooth(points, samples=4):
    """A curve through some points: Catmull and Rom's, shape (n, 2)."""
    p = np.array([points[0], *points, points[-1]], dtype=float)
    s = np.linspace(0, 1, samples, endpoint=False)[:, None]
    parts = [
        0.5
        * (
            2 * b
            + (c - a) * s
            + (2 * a - 5 * b + 4 * c - d) * s**2
            + (3 * b - a - 3 * c + d) * s**3
        )
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return np.vstack([*parts, p[-1:]])


SYNAPSES = (
    DrawnSynapse(
        "A", "on the left branch of the upper dendrite", True, (83, 15),
        _way(("left tuft", 1), ("trunk", 1)),
    ),
    DrawnSynapse(
        "B", "on the right branch of the upper dendrite", True, (217, 13),
        _way(("right tuft", 1), ("trunk", 1)),
    ),
    DrawnSynapse(
        "C", "on the lower left dendrite", True, (48, 239), _way(("left base", 1)),
    ),
    DrawnSynapse(
        "D", "on the lower right dendrite", True, (252, 237), _way(("right base", 1)),
    ),
    DrawnSynapse(
        "E", "on the soma", False, (198, 146), ((175, 166), (164, 172), SOMA),
    ),
)  # fmt: skip


def _line(points):
    return "M" + "L".join(f"{round(float(x), 1):g} {round(float(y), 1):g}" for x, y in points)


def _branch(points, thick, thin):
    """Outline of a branch that tapers."""
    curve = _smooth(points)
    along = np.gradient(curve, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    across /= np.hypot(*across.T)[:, None]
    half = np.linspace(thick, thin, len(curve))[:, None] / 2
    return _line([*(curve + across * half), *(curve - across * half)[::-1]]) + "Z"


def _terminal(synapse):
    """The end of the axon that comes from another neuron, with its letter."""
    x, y = synapse.at
    way = np.array(synapse.way[0], dtype=float) - synapse.at
    ahead = way / np.hypot(*way)
    edge, foot = synapse.at + 12 * ahead, synapse.way[0] - 4 * ahead  # a cleft stays free
    across = np.array([-ahead[1], ahead[0]]) * (3 if synapse.excites else 7)
    kind = "excites" if synapse.excites else "inhibits"
    return (
        f'<g class="terminal {kind}"><path d="{_line([edge, foot])}"/>'
        f'<path d="{_line([foot - across, foot + across])}"/><circle cx="{x}" cy="{y}" r="12"/>'
        f'<text x="{x}" y="{y + 5}" text-anchor="middle">{synapse.letter}</text></g>'
    )


def cell_svg(*, alt):
    """Draw the neuron as SVG.

    Parameters
    ----------
    alt : str
        What the picture shows, for those who do not see it.

    Returns
    -------
    str
        An ``<svg role="img">`` element. What a page moves has a class: ``charge`` of each synapse
        in order, ``soma-charge``, ``pulse``.
    """
    dendrites = "".join(f'<path d="{_branch(*branch)}"/>' for branch in DENDRITES.values())
    right = _smooth(OUTLINE)
    left = (right * [-1, 1] + [2 * SOMA[0], 0])[::-1]
    soma = _line([*right, *left]) + "Z"
    axon = _line(_smooth(AXON))
    ends = "".join(
        f'<path class="fibre" d="{_line(_smooth(end))}"/>'
        f'<circle cx="{end[-1][0] + 3}" cy="{end[-1][1]}" r="4.5"/>'
        for end in (*ENDS, AXON[-2:])
    )
    charges = "".join(
        f'<path class="charge {"in" if s.excites else "out"}" d="{_line(s.way)}"/>'
        for s in SYNAPSES
    )
    synapses = "".join(_terminal(s) for s in SYNAPSES)
    return (
        f'<svg role="img" aria-label="{alt}" viewBox="0 0 {SIZE[0]} {SIZE[1]}">'
        f'<g class="axon"><path class="fibre" d="{axon}"/>{ends}'
        "</g>"
        f'<g class="body"><g class="dendrites">{dendrites}</g>'
        f'<path class="soma" d="{soma}"/></g>'
        f'<path class="pulse" pathLength="100" d="{axon}"/>'
        f'{charges}<path class="soma-charge" d="{soma}"/>'
        f'<g class="synapses">{synapses}</g></svg>'
    )


PARTS = {
    "soma": "its soma",
    "synapses": "the synapses on it",
    "dendrites": "its dendrites, above and below the soma",
}


class NeuronPicture(Picture):
    """The small drawing of the neuron; see `draw_neuron`."""

    def __init__(self, part):
        self.part = part
        self.alt = f"The neuron of the first page, small, with {PARTS[part]} standing out."
        self.svg = cell_svg(alt=self.alt)

    def _repr_html_(self):
        style = f"<style>{colors_css()}{CELL_CSS}</style>"
        return (
            f'<div class="drawn-neuron nl dark-light" data-part="{self.part}">{style}{self.svg}'
            "</div>"
        )


def draw_neuron(part):
    """Draw the course's neuron, small, with one part of it standing out.

    Parameters
    ----------
    part : str
        ``"soma"``, ``"synapses"`` or ``"dendrites"``.

    Returns
    -------
    Picture
        Display it as the last line of a cell.

    Raises
    ------
    ValueError
        If the neuron has no such part.

    Examples
    --------
    >>> draw_neuron("dendrites").alt[:31]
    'The neuron of the first page, s'
    """
    if part not in PARTS:
        raise ValueError(f"part = {part!r}: the parts are {', '.join(PARTS)}")
    return NeuronPicture(part)
