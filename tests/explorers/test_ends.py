"""An explorer that starts anywhere can go anywhere: to where another starts."""

from functools import cache
from itertools import permutations
from xml.etree import ElementTree

import pytest

from neuro_lib.explorers import SCENES, Choice, Presets
from neuro_lib.figures.svg import SVG
from tests.effort import some
from tests.explorers.bench import drawn_by, every_scene, widget_moved
from tests.explorers.test_picture import assert_same_picture

STARTS = {  # of which a mark is empty or out of sight at first
    "lif_step": {"I": 0.2},
    "lif_fI": {"R": 10.0},
    "lif_input": {"T": 2.0},
    "lif_filters": {"a": 0.05},
    "lif_euler": {"I": 0.0},
    "dendrites_plateau": {"n": 0},
    "volley": {"n": 1},
    "adex_plane": {"pattern": 1},
}


def ends(parameter):
    if isinstance(parameter, Choice):
        return 0, len(parameter.options) - 1
    return parameter.low, parameter.high


@cache
def fresh(name, **start):
    return SCENES[name](**start)


@cache
def starts(name):
    """Explorers of a scene that start at either end of one slider."""
    return [
        (p, SCENES[name](**{p.name: end})) for p in fresh(name).scene.parameters for end in ends(p)
    ]


def missing(explorer):
    """Marks that have nothing in the picture that could be moved."""
    root = ElementTree.fromstring(explorer.svg)
    for mark in explorer.scene.marks:
        (group,) = root.findall(f".//*[@data-gid='{mark.gid}']")
        if group.find(f".//{{{SVG}}}{'use' if mark.kind == 'point' else 'path'}") is None:
            yield mark.gid


@pytest.mark.slow
@every_scene
def test_every_explorer_moves_to_the_other_end_of_each_slider(name):
    """Built at one end, then moved to the other: as if it had been built there."""
    built = starts(name)
    for _, explorer in built:
        assert not list(missing(explorer))
    for (p, one), (_, other) in zip(built[::2], built[1::2], strict=True):
        for start, goal in ((one, other), (other, one)):
            params = goal.params
            moved = drawn_by(start, **params)
            assert moved["readout"] == "; ".join(goal.scene.describe(goal.run())), p.name
            if not isinstance(p, Presets):
                assert_same_picture(moved["marks"], goal.svg, goal.scene.marks)


@every_scene
def test_every_widget_moves_to_the_other_end_of_each_slider(name):
    sliders = zip(starts(name)[::2], starts(name)[1::2], strict=True)
    for (p, start), (_, goal) in some(way for both in sliders for way in permutations(both)):
        shown = widget_moved(start, p.name, goal.params[p.name])
        assert shown["params"] == goal.params
        assert shown["readout"] == "; ".join(goal.scene.describe(goal.run())), p.name


@pytest.mark.parametrize("name", STARTS)
def test_an_explorer_that_starts_with_an_empty_mark_comes_to_life(name):
    start, goal = SCENES[name](**STARTS[name]), fresh(name)
    assert not list(missing(start))
    moved = drawn_by(start, **goal.params)
    assert moved["readout"] == "; ".join(goal.scene.describe(goal.run()))
    assert_same_picture(moved["marks"], goal.svg, goal.scene.marks)


def test_a_step_without_a_spike_gets_one():
    said = drawn_by(SCENES["lif_step"](I=0.2), **(fresh("lif_step").params | {"I": 0.8}))["readout"]
    assert said.startswith("firing rate 212.8 Hz; first spike after 4.7 ms")
