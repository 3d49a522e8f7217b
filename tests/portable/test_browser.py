"""What a browser is asked to compute tells all scenes, and tells one outcome from another."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from neuro_lib.explorers import SCENES, explore_step
from tests import in_browser
from tests.engines import call_browser


@pytest.fixture(scope="module")
def told():
    return in_browser.outcomes()


def test_every_scene_is_told_at_every_setting(told):
    settings = {tuple(key.split(":")[0].split(", ")) for key in told}
    assert settings == {(name, at) for name in SCENES for at in ("default", "lowest", "highest")}


def test_outcomes_survive_json(told):
    assert all(map(math.isfinite, told.values()))
    assert json.loads(json.dumps(told)) == told


class Browser:
    """A scene's function as a browser runs it."""

    def __init__(self, function, changed=lambda result: result):
        self.__wrapped__, self.function, self.changed = function, function, changed
        self.returns, self.layout = function.returns, function.layout

    def __call__(self, *args):
        return self.changed(call_browser(self.function, *args))


def outcomes_of(monkeypatch, scene):
    """Outcomes of this scene alone."""
    explorer = explore_step()
    explorer.scene = scene
    monkeypatch.setattr(in_browser, "SCENES", {scene.name: lambda: explorer})
    return in_browser.outcomes()


def test_a_browser_gives_the_same_outcomes(told, monkeypatch):
    for build in SCENES.values():
        scene = build().scene
        there = outcomes_of(monkeypatch, replace(scene, run=Browser(scene.run)))
        here = {key: told[key] for key in there}
        assert there == pytest.approx(here, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("change", [lambda u: u[:-1], lambda u: u + 1e-6, lambda u: u[::-1]])
def test_another_outcome_is_noticed(told, monkeypatch, change):
    def changed(result):
        return result._replace(u=change(np.array(result.u)))

    scene = explore_step().scene
    there = outcomes_of(monkeypatch, replace(scene, run=Browser(scene.run, changed)))
    here = {key: told[key] for key in there}
    assert there != pytest.approx(here, rel=1e-9, abs=1e-12)
