"""Every scene, wherever its sliders are: the engines agree, and the page says what Python says."""

from functools import partial
from itertools import combinations, product

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
    """All corners; of more than eight sliders 32 corners, in which any two have all their ends.

    A slider beyond the fifth is at its second end where an odd number of some of the first five is.
    """
    if len(ends) <= 8:
        return list(product(*ends))
    masks = sorted(range(1, 32), key=lambda mask: (mask.bit_count(), mask))[: len(ends)]
    return [
        [pair[(run & mask).bit_count() % 2] for pair, mask in zip(ends, masks, strict=True)]
        for run in range(32)
    ]


def test_a_part_of_the_corners_has_all_ends_of_any_two_sliders():
    chosen = corners([(k, -k) for k in range(1, 10)])
    assert len(chosen) == 32
    for i, j in combinations(range(9), 2):
        assert len({(corner[i], corner[j]) for corner in chosen}) == 4
    assert len(corners([(0, 1)] * 7)) == 128


@every_scene
def test_engines_agree_in_every_corner(name):
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
