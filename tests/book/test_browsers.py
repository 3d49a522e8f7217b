"""The book in Firefox and in WebKit, which the other tests of its pages leave out."""

from itertools import product

import pytest

from tests.book.drivers import Firefox, WebKit
from tests.book.pages import SEEN, STILL, url

pytestmark = [pytest.mark.book, pytest.mark.browser]


@pytest.fixture(scope="module", params=[Firefox, WebKit], ids=lambda kind: kind.__name__)
def driver(request, tmp_path_factory):
    """A browser; where the system has no WebKit, its tests are left out."""
    driver = request.param(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.close()


STATE = """
const figure = document.querySelector("figure.explorer");
const slider = figure.querySelector("input[type=range]");
slider.scrollIntoView({block: "center", behavior: "instant"});
const {x, y, width, height} = slider.getBoundingClientRect();
const share = (slider.value - slider.min) / (slider.max - slider.min);
return {
  value: slider.valueAsNumber, max: Number(slider.max),
  thumb: [x + 8 + share * (width - 16), y + height / 2].map(Math.round),
  end: [x + width + 20, y + height / 2].map(Math.round),
  readout: figure.querySelector(".readout").textContent,
  picture: [...figure.querySelectorAll("svg [data-gid] path")].map((e) => e.getAttribute("d")),
};
"""
ALIVE = """
const figure = document.querySelector("figure.explorer");
figure.addEventListener("explorer:drawn", () => { window.drawn = true; });
return !figure.querySelector("form").hidden;
"""
DRAWN = "return !!window.drawn"
NUMBER = """
const word = document.querySelector(".live[data-slider=I][role=slider]");
word?.scrollIntoView({block: "center", behavior: "instant"});
const {x, y, width, height} = word?.getBoundingClientRect() ?? {};
return word && [x + width / 2, y + height / 2].map(Math.round);
"""
SAID = """
return [document.querySelector(".live[data-slider=I]").textContent,
  document.querySelector("figure.explorer [name=I]").value];
"""


@pytest.mark.parametrize("origin", ["http", "file"])
def test_a_slider_that_is_dragged_redraws_the_figure(driver, origins, origin):
    driver.open(url(origins, origin, "chapters/if_model"))
    driver.wait(ALIVE, "the sliders rest")
    before = driver.run(STATE)
    driver.drag(before["thumb"], before["end"])
    driver.wait(DRAWN, "the picture has not changed")
    after = driver.run(STATE)
    assert after["picture"] != before["picture"]
    assert before["value"] < after["value"] == after["max"]
    assert after["readout"] != before["readout"]


def test_a_number_in_a_sentence_that_is_dragged_moves_its_slider(driver, origins):
    driver.open(url(origins, "file", "chapters/if_model"))
    start = driver.wait(NUMBER, "it is not alive")
    driver.drag(start, [start[0] + 24, start[1]])
    said = ["0.50 nA", "0.5"]  # a tenth of the way from one end to the other
    assert driver.run(SAID) == said


FIGURE = "const figure = document.querySelector('figure.explorer');"
CONTROL = f"{FIGURE} const control = figure.querySelectorAll('form [name], form button')[{{}}];"
FOCUS = "scrollTo({{top: {}, behavior: 'instant'}}); control.focus();"
COUNT = f"{FIGURE} return figure.querySelectorAll('form:not([hidden]) :is([name], button)').length"


def test_picture_is_in_sight_of_its_sliders(driver, origins):
    """Soon: WebKit scrolls to what takes the focus some frames later."""
    driver.open(url(origins, "http", "chapters/if_model"))
    controls = driver.wait(COUNT, "the sliders rest")
    for width, height in ((500, 800), (900, 500), (1366, 757)):
        driver.resize(width, height)
        driver.wait(f"return ({STILL})()", "the page has not settled")
        for start, number in product((0, 1e5), range(controls)):
            control = CONTROL.format(number)
            driver.run(control + FOCUS.format(start))
            seen = f"{control} return Math.min(...({SEEN})(figure, control)) >= 0.9"
            driver.wait(seen, f"{width} px: control {number} from {start}")


@pytest.mark.parametrize("driver", [Firefox], indirect=True)
def test_notebook_runs(driver, origins, site):
    address = "lite/notebooks/index.html?path=chapters/if_model.ipynb"
    driver.open(f"{origins['http']}/{address}")
    ran = "return !!document.querySelector('.course-bar[data-state=run]')"
    driver.wait(ran, "it does not run through")
    count = "return document.querySelectorAll('.jp-OutputArea-output {}').length"
    assert driver.run(count.format("figure.explorer"))
    assert not driver.run(count.replace(" {}", "[data-mime-type*=stderr]"))
