"""The figure of all closed forms."""

import numpy as np
import pytest

from neuro_lib.figures import compare_responses, draw_agreement


def errors(dt):
    return {
        name: np.abs(formula - simulation)[1:].max()
        for name, (_, formula, simulation) in compare_responses(dt=dt).items()
    }


def test_closed_forms_lie_on_the_simulation():
    coarse, fine = errors(0.1), errors(0.05)
    assert max(fine[name] for name in ("step", "pulse")) < 1e-9
    for name in ("sine", "exponential", "α-shaped"):  # second order in dt
        assert fine[name] == pytest.approx(coarse[name] / 4, rel=0.05) and fine[name] < 1e-4
    assert fine["at once"] == pytest.approx(coarse["at once"] / 2, rel=0.05)


def test_figure_tells_the_errors():
    picture = draw_agreement(dt=0.05)
    assert picture.svg.count("&lt; 1e-6 µV") == 2
    assert f"{1000 * errors(0.05)['sine']:.2g} µV" in picture.svg
