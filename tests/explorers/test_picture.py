"""The picture: the page draws what Matplotlib would."""

import re
from collections import Counter
from xml.etree import ElementTree

import numpy as np
import pytest

from neuro_lib.explorers import SCENES
from neuro_lib.figures.svg import SVG
from tests.explorers.bench import drawn, every_scene, explorer


def points(path):
    """Turn SVG path data into the polylines that it draws, arrays of shape (n, 2)."""
    lines, x, y = [], 0.0, 0.0
    for command, numbers in re.findall(r"([MLVlhv])([^MLVlhv]*)", path):
        coordinates = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        if command in "Vhv":
            (one,) = coordinates
            coordinates = {"V": [x, one], "h": [one, 0.0], "v": [0.0, one]}[command]
        if command == "M":
            lines.append([])
        for a, b in zip(coordinates[::2], coordinates[1::2], strict=True):
            x, y = (x + a, y + b) if command.islower() else (a, b)
            lines[-1].append((x, y))
    return [np.array(line) for line in lines]


def in_sight(lines, size):
    """Those vertices of some polylines that lie in the picture: Matplotlib leaves others out."""
    vertices = np.vstack([*lines, np.empty((0, 2))])
    return vertices[np.all((vertices >= 0) & (vertices <= size), axis=1)]


def farthest(vertices, others):
    """Largest distance of some vertices from the nearest of some polylines."""
    others = [line if len(line) > 1 else np.vstack([line, line]) for line in others]
    starts = np.vstack([line[:-1] for line in others])
    ways = np.vstack([np.diff(line, axis=0) for line in others])
    lengths = np.maximum((ways**2).sum(axis=1), 1e-12)
    worst = 0.0
    for some in np.array_split(vertices, 1 + len(vertices) * len(starts) // 50_000):
        from_start = some[:, None] - starts
        along = np.clip(np.einsum("vek,ek->ve", from_start, ways) / lengths, 0, 1)
        off = from_start - along[..., None] * ways
        squares = np.einsum("vek,vek->ve", off, off).min(axis=1, initial=np.inf)
        worst = max(worst, np.sqrt(squares).max(initial=0.0))
    return worst


def assert_same_picture(drawn_marks, svg, marks):
    """Assert that moving marks lie where Matplotlib has drawn them, within 0.2 units."""
    root = ElementTree.fromstring(svg)
    for mark in marks:
        (group,) = root.findall(f".//*[@data-gid='{mark.gid}']")
        attributes = drawn_marks[mark.gid]
        if mark.kind == "point":
            use = group.find(f".//{{{SVG}}}use")
            for axis in "xy":
                assert float(attributes[axis]) == pytest.approx(float(use.get(axis)), abs=0.2)
            continue
        paths = list(group.iter(f"{{{SVG}}}path"))
        assert len(paths) == 1, f"{mark.gid} is {len(paths)} paths; `draw_spikes` makes ticks one"
        (path,) = paths
        ours, theirs = points(attributes["d"]), points(path.get("d", ""))
        size = [float(length) for length in root.get("viewBox").split()[2:]]
        seen = [in_sight(lines, size) for lines in (ours, theirs)]
        assert all(map(len, seen)) or not any(map(len, seen)), mark.gid
        if len(seen[0]):
            # Half a tenth is rounded off along both axes, on either side; Matplotlib leaves out
            # points that are less than a ninth beside the line.
            rounding = 2 * 0.05 * 2**0.5 + 1 / 9
            assert max(farthest(seen[0], theirs), farthest(seen[1], ours)) < rounding, mark.gid


@every_scene
def test_page_draws_where_matplotlib_draws(name):
    scene, svg = explorer(name).scene, explorer(name).svg
    assert_same_picture(drawn(name)["marks"], svg, scene.marks)


OTHER_SETTINGS = {
    "lif_step": {"tau_m": 17.5, "R": 61.0, "theta": -54.0, "I": 0.33},
    "lif_fI": {"tau_m": 17.5, "R": 61.0, "theta": -54.0, "t_ref": 5.0, "I": 0.33},
    "lif_input": {"kind": 2, "I": 0.31, "A": 0.13, "T": 20.0, "tau_m": 7.0},
    "lif_euler": {"dt": 6.5, "tau_m": 7.0, "I": 0.45},
    "synapse_budget": {"neurons": 86, "synapses": 7.0, "granule": 80, "size": 1.5},
    "volley": {"n": 80, "epsp": 0.35, "jitter": 4.0, "tau_m": 17.5},
    "filter_pulse": {"width": 12.5, "tau_m": 7.0},
    "filter_convolution": {"kind": 2, "t": 71.5, "tau_m": 17.5},
    "filter_past": {"past": -0.13, "since": 25.0, "tau_m": 17.5},
    "filter_psp": {"kind": 1, "tau_s": 7.0, "tau_m": 7.0},
    "filter_frequency": {"f": 9.0, "tau_m": 17.5, "R": 61.0},
    "filter_resets": {"I": 0.5, "tau_m": 17.5, "u_r": -71.0, "t_ref": 2.0},
    "lif_filters": {"pattern": 2, "I": 0.27, "b": 0.05, "A": 0.3, "theta": -53.0},
    "adex_plane": {"pattern": 2, "I": 0.21, "a": 0.008, "u_r": -52.0, "Delta_T": 3.0},
    "synapse_reversal": {"E_syn": -12.0, "u_hold": -71.0, "g_max": 0.004, "tau_s": 2.5},
    "synapse_shunting": {"g_e": 0.021, "g_i": 0.05, "E_i": -73.0, "lead": -3.0},
    "synapse_background": {"nu_e": 1500.0, "nu_i": 1200.0, "E_i": -66.0},
    "competition": {"difference": -0.02, "w_E": 0.15, "w_I": 0.5, "sigma": 0.1, "trial": 7},
    "dendrites_pair": {"where": 1, "receptors": 0, "n": 17, "delay": 23.0},
    "dendrites_plateau": {"receptors": 0, "n": 45, "I": 0.27, "g_c": 5.5, "tau_nmda": 70.0},
    "recorded_spike": {"t_1": 40.5, "t_2": 41.25},
    "recorded_B6": {"tau_m": 18.0, "R": 222.0, "theta": -45.4, "t_ref": 14.6, "b": 0.01},
    "recorded_B8": {"tau_m": 21.5, "R": 271.0, "theta": -45.0, "t_ref": 14.0, "A": -0.05},
    "lif_prediction": {"without": 2, "strength": 0.8, "theta": -50.3, "window_ms": 3.5},
}


@every_scene
def test_page_moves_its_picture_as_matplotlib_would(name):
    there = SCENES[name](**OTHER_SETTINGS[name])
    moved = drawn(name, **there.params)
    assert_same_picture(moved["marks"], there.svg, there.scene.marks)
    for readout, end in moved["ends"].items():
        for text in ElementTree.fromstring(there.svg).iterfind(
            f".//*[@data-gid='{readout}']/{{{SVG}}}text"
        ):
            assert text.text.split()[-1] == end, readout


@every_scene
def test_only_marks_have_a_gid(name):
    root = ElementTree.fromstring(explorer(name).svg)
    gids = [element.get("data-gid") for element in root.findall(".//*[@data-gid]")]
    movable = [mark.gid for mark in explorer(name).scene.marks]
    assert set(movable) <= set(gids)
    assert max(Counter(gids).values()) == 1
