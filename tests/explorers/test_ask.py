"""Questions and challenges: what they are asked against, and that each can be solved."""

import json

import pytest

from neuro_lib.explorers import (
    SCENES,
    Challenge,
    Choice,
    Goal,
    Question,
    Sketch,
    Trend,
    explore_fI,
    explore_step,
    explore_volley,
)
from tests.explorers.bench import explorer

CHAPTERS = {  # explorers of each, by their scenes
    "numbers": ("synapse_budget", "volley"),
    "if_model": ("lif_step", "lif_fI", "lif_input", "lif_euler"),
    "analytic_solution": ("filter_psp", "filter_frequency", "filter_resets"),
    "limitations": ("lif_filters", "adex_plane"),
    "synapses": ("synapse_reversal", "synapse_shunting", "synapse_background"),
    "dendrites": ("dendrites_pair", "dendrites_plateau"),
    "outlook": ("lif_prediction", "competition"),
}
SOLUTIONS = {  # one of many for each challenge, in order
    "synapse_budget": [{"neurons": 86, "granule": 80}],
    "volley": [{"n": 26, "epsp": 0.6, "jitter": 0.0}],
    "lif_step": [{"tau_m": 18.0}, {"tau_m": 35.0, "R": 100.0}],
    "filter_psp": [{"kind": 1, "tau_s": 6.0, "tau_m": 6.5}],
    "filter_frequency": [{"f": 50.0, "tau_m": 5.0}],
    "filter_resets": [{"tau_m": 17.0}],
    "lif_filters": [
        {"theta": -54.5, "a": 0.002, "b": 0.04, "A": 0.0},
        {"pattern": 3, "I": -0.3, "theta": -55.0, "a": 0.03, "tau_w": 100.0, "b": 0.0, "A": 0.0},
    ],
    "adex_plane": [{"a": 0.001, "tau_w": 120.0, "b": 0.0, "u_r": -63.0}],
    "synapse_shunting": [{"g_i": 0.046, "lead": 0.0}],
    "synapse_background": [{"nu_e": 3750.0, "nu_i": 1050.0, "E_i": -80.0}],
    "dendrites_pair": [{"n": 1, "delay": 76.0}],
    "dendrites_plateau": [{"n": 25, "tau_nmda": 80.0}],
    "competition": [
        {"difference": 0.002, "trial": 3},
        {"sigma": 0.0, "difference": 0.03, "w_E": 0.22},
    ],
    "lif_prediction": [{"window_ms": 8.0}],
}
CHALLENGED = [name for name in SCENES if explorer(name).scene.challenges]


def test_each_chapter_has_two_challenges_or_more():
    for scenes in CHAPTERS.values():
        assert sum(len(explorer(name).scene.challenges) for name in scenes) >= 2
    assert set(SOLUTIONS) == set(CHALLENGED)


@pytest.mark.parametrize("name", CHALLENGED)
def test_each_challenge_can_be_solved_and_is_not_solved_from_the_start(name):
    scene, start = explorer(name).scene, explorer(name).params
    for challenge, solution in zip(scene.challenges, SOLUTIONS[name], strict=True):
        there = start | SCENES[name](**solution).params
        assert not challenge.met(scene, start), challenge.text
        assert challenge.met(scene, there), challenge.text
        assert all(there[locked] == start[locked] for locked in challenge.locked)
        assert challenge.hint and challenge.text.endswith(".")


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"goals": (Goal("speed", 1.0),)}, "lif_step has no speed"),
        ({"goals": (Goal("rate", 1.0),), "locked": ("tau",)}, "lif_step has no slider tau"),
    ],
)
def test_a_challenge_about_nothing_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Challenge("Do it.", **wrong).check(explorer("lif_step").scene)


def test_the_truth_of_a_question_is_the_scene_at_these_sliders():
    step = explore_step()
    assert Question("How fast?", "rate").truth(step) == 72.13
    assert Question("How fast?", "rate", tau_m=20.0).truth(step) == 36.07
    assert Trend("And then?", "rate", tau_m=20.0).truth(step) == "falls"
    assert Trend("And then?", "rheobase", tau_m=20.0).truth(step) == "stays"
    assert Trend("And then?", "first", R=40.0).truth(step) == "rises"


@pytest.mark.parametrize(
    "question, message",
    [
        (
            Question("?", "speed"),
            "the readouts of lif_step are rate, first, rheobase",
        ),
        (Question("?", "rate", I=2.0), "I = 2.0 nA: the input current must be a number from"),
        (Trend("?", "rate", J=0.2), "J: lif_step has the sliders tau_m, R, theta, I"),
        (Sketch("?", "spikes"), "of = 'spikes': what can be sketched in lif_step is u, theta,"),
    ],
)
def test_a_question_about_nothing_is_refused(question, message):
    with pytest.raises(ValueError, match=message):
        explore_step().ask(question)


def test_page_and_notebook_are_told_what_is_asked():
    asked = (Question("How fast?", "rate", I=0.5), Sketch("Draw it.", "u"))
    step = explore_step().ask(*asked)
    told = step.description()["asked"]
    assert [question["kind"] for question in told] == ["number", "curve"]
    assert told[0] == {
        "kind": "number",
        "text": "How fast?",
        "of": "rate",
        "at": {"I": 0.5},
        "unit": "Hz",
        "digits": 1,
    }
    assert json.dumps(told[0], ensure_ascii=False, separators=(",", ":")) in step.html()
    assert "FEATURES.push(ask, challenge)" in step.html()
    assert step.widget.children[0].scene["asked"] == told
    assert "FEATURES.push(ask, challenge)" in step.widget.children[0]._esm
    point = explore_volley().ask(Sketch("Place it.", "here")).description()["asked"]
    assert [question["kind"] for question in point] == ["place"]


def test_who_asks_nothing_brings_no_more_than_before():
    assert "FEATURES.push" not in explore_fI().html()
    assert not any(isinstance(p, Choice) for p in explore_step().scene.parameters)
