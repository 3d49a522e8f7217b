"""An explorer in a live notebook."""

from html import escape

import ipywidgets
import pytest

from neuro_lib.explorers import SCENES, Choice, Question
from neuro_lib.explorers.symbols import set_symbol
from tests.explorers.bench import assert_same_outcome, every_scene, explorer, last, position


@every_scene
def test_widget_has_the_sliders_of_the_scene(name):
    subject = explorer(name)
    figure, sliders = subject.widget.children
    controls = sliders.children
    assert len(controls) == len(subject.scene.parameters)
    for p, control in zip(subject.scene.parameters, controls, strict=True):
        assert control.value == getattr(figure, p.name) == p.default
        if isinstance(p, Choice):
            assert isinstance(control, ipywidgets.Dropdown)
            assert control.options == tuple((text, i) for i, text in enumerate(p.options))
            continue
        assert isinstance(control, ipywidgets.IntSlider if p.whole else ipywidgets.FloatSlider)
        assert (control.min, control.max, control.step) == (p.low, p.high, p.step)
        assert control.description.startswith(f"{set_symbol(p.symbol)}, {escape(p.meaning)}")
        assert control.description_allow_html and p.unit in control.description


@every_scene
def test_parameters_and_run_follow_the_widget(name):
    subject = SCENES[name]()
    before = subject.run()
    for p, control in zip(
        subject.scene.parameters, subject.widget.children[1].children, strict=True
    ):
        value = position(p, last(p)) if p.default == position(p, 0) else position(p, 0)
        control.value = value
        assert subject.params[p.name] == value
    with pytest.raises(AssertionError):
        assert_same_outcome(subject.run(), before)
    assert_same_outcome(subject.run(), subject.scene(**subject.params))
    assert repr(subject) == "\n".join(subject.scene.describe(subject.run()))


def test_parameters_are_known_before_there_is_a_widget():
    subject = SCENES["lif_step"](I=0.25)
    assert subject.params == {
        "tau_m": 10.0,
        "R": 50.0,
        "theta": -50.0,
        "I": 0.25,
        "t_on": 20.0,
        "t_off": 180.0,
    }
    assert subject.widget is subject.widget
    assert subject.params["I"] == 0.25


def test_explorers_do_not_share_their_sliders():
    one, other = SCENES["lif_step"](), SCENES["lif_step"]()
    one.widget.children[1].children[0].value = 33.0
    assert one.params["tau_m"] == 33.0
    assert other.params["tau_m"] == other.widget.children[0].tau_m == 10.0


def test_caller_cannot_change_the_parameters_by_the_back_door():
    subject = SCENES["lif_step"]()
    subject.params["I"] = 1.0
    assert subject.params["I"] == 0.4


def test_slider_moved_by_mouse_is_read_to_its_own_digits():
    subject = SCENES["lif_step"]()
    assert subject.widget
    subject.widget.children[1].children[1].value = 49.99999999999999  # as a browser sends it
    assert subject.params["R"] == 50.0


def test_screen_reader_hears_the_names_of_the_page_in_a_notebook_too():
    figure, _ = explorer("lif_step").widget.children
    assert figure.names["tau_m"] == "tau m, membrane time constant"
    assert figure.names["I"] == "I, input current"


def test_each_style_in_a_notebook_has_a_name_of_its_own():
    """anywidget keeps one for each: the second would take the first from figures that need it."""
    asking = SCENES["lif_step"]().ask(Question("How fast?", "rate"))
    explorers = asking, SCENES["filter_pulse"](), SCENES["lif_input"](), SCENES["volley"]()
    figures = [one.widget.children[0] for one in explorers]
    assert len({figure._css for figure in figures}) == len(explorers)
    assert len({figure._anywidget_id for figure in figures}) == len(explorers)
