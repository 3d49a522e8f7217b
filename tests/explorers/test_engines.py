"""Every scene, wherever its sliders are: the engines agree, and the page says what Python says."""

from functools import partial
from itertools import chain, combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from neuro_lib import AdEx
from neuro_lib.explorers import Choice, Presets
from tests.effort import some
from tests.engines import assert_engines_agree
from tests.explorers.bench import drawn, every_scene, explorer, settings_of


def assert_finite(outputs):
    assert all(np.all(np.isfinite(output)) for output in outputs)


def upswing_bent(outcome, Delta_T):
    """Bend AdEx's upswing, in which u is infinite soon and the last digit of a time counts much.

    As it nears the spike, the bent potential rises at most Delta_T / tau_m: its error is time's.
    """

    def bent(u):
        above = np.maximum(u - AdEx().theta_rh, 0.0)
        return u - above - Delta_T * np.expm1(-above / Delta_T)

    potentials = ("u", "path_u")
    outputs = zip(explorer("adex_plane").scene.outputs, outcome, strict=True)
    return tuple(bent(value) if name in potentials else value for name, value in outputs)


def assert_scene_agrees(scene, params):
    """Assert that the engines agree; return what the scene gives."""
    arguments = scene.arguments(params)
    if scene.name != "adex_plane":
        return assert_engines_agree(scene.run, *arguments)[0]
    seen_as = partial(upswing_bent, Delta_T=params["Delta_T"])
    return assert_engines_agree(scene.run, *arguments, seen_as=seen_as)[0]


@every_scene
@given(data=st.data())
@settings(max_examples=25)
def test_engines_agree_wherever_the_sliders_are(name, data):
    scene = explorer(name).scene
    assert_finite(assert_scene_agrees(scene, data.draw(settings_of(scene))))


def test_engines_agree_on_an_upswing():
    scene = explorer("adex_plane").scene
    fast = {"I": 0.48, "a": 0.004, "tau_w": 20.0, "b": 0.0, "u_r": -47.0, "Delta_T": 1.0}
    assert_finite(assert_scene_agrees(scene, explorer("adex_plane").params | fast))


def corners(ends):
    """Corners in which any three sliders have all their ends.

    All corners of the first sliders, at most five. Where a further one is says the sum of certain
    three or five of those: whether it is odd.
    """
    first = ends[: min(5, max(3, len(ends) - 1))]
    assert all(len(own) == 2 for own in ends[len(first) :])
    sums = [some for size in (3, 5) for some in combinations(range(len(first)), size)]
    for places in product(*(range(len(own)) for own in first)):
        odd = (sum(places[k] for k in some) % 2 for some in sums)
        yield [own[place] for own, place in zip(ends, chain(places, odd), strict=False)]


def test_any_three_sliders_come_to_all_corners():
    for ends in [(0, 1)] * 2, [(0, 1)] * 3, [range(8), *[(0, 1)] * 3], [(0, 1)] * 16:
        chosen = list(corners(ends))
        assert len(chosen) <= 32 and all(len(corner) == len(ends) for corner in chosen)
        for some_three in combinations(range(len(ends)), min(3, len(ends))):
            seen = {tuple(corner[k] for k in some_three) for corner in chosen}
            assert seen == set(product(*(ends[k] for k in some_three)))


@every_scene
def test_engines_agree_in_the_corners(name):
    scene = explorer(name).scene
    ends = [
        range(len(p.options)) if isinstance(p, Choice) else (p.low, p.high)
        for p in scene.parameters
        if not isinstance(p, Presets)  # it is the sliders that a scene sees
    ]
    names = [p.name for p in scene.parameters if not isinstance(p, Presets)]
    for corner in some(corners(ends)):
        assert_finite(assert_scene_agrees(scene, dict(zip(names, corner, strict=True))))


@every_scene
@given(data=st.data())
@settings(max_examples=25)
def test_page_says_what_python_says(name, data):
    scene = explorer(name).scene
    params = data.draw(settings_of(scene))
    page, outcome = drawn(name, **params), scene(**params)
    assert page["readout"] == "; ".join(scene.describe(outcome))
    assert page["type"] == "explorer:drawn"
    assert page["detail"]["params"] == params
    assert set(page["detail"]) == {"params", "result", "milliseconds"}
    assert tuple(page["detail"]["result"]) == scene.outputs
