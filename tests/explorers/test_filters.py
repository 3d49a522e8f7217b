"""Explorers of the analytic solution: each scene is what the package computes."""

import numpy as np
import pytest
from hypothesis import given, settings

from neuro_lib import (
    LIF,
    Current,
    alpha_psp,
    convolve,
    cutoff_frequency,
    decompose,
    exponential_psp,
    green_function,
    impedance,
    impulse_response,
    initial_response,
    pulse_response,
    simulate,
    sine_response,
    step_current,
)
from neuro_lib.explorers import SCENES
from neuro_lib.figures import compare_responses, draw_agreement
from tests.explorers.test_explorers import explorer, settings_of


def scene(name):
    return explorer(name).scene


def anywhere(name):
    """Run a test at any position of a scene's sliders."""
    return lambda test: settings(max_examples=25)(given(params=settings_of(scene(name)))(test))


def inside(values, axes):
    """Assert that a curve lies within the limits of its axes."""
    low, high = axes
    assert low <= np.min(values) and np.max(values) <= high


@anywhere("filter_pulse")
def test_pulse_scene_is_the_closed_form_of_one_charge(params):
    outcome, lif = scene("filter_pulse")(**params), LIF(tau_m=params["tau_m"])
    width = params["width"]
    expected = pulse_response(lif, 1.0 / width, outcome.s, width=width)
    assert outcome.u == pytest.approx(expected, rel=1e-12)
    assert outcome.kernel[1:] == pytest.approx(impulse_response(lif, 1.0, outcome.s), rel=1e-12)
    assert outcome.kernel[0] == outcome.kernel_s[0] == outcome.kernel_s[1] == 0.0
    assert np.trapezoid(outcome.current, outcome.edges) == pytest.approx(1.0)
    assert outcome.peak == pytest.approx(pulse_response(lif, 1 / width, width, width=width))
    assert outcome.peak < outcome.at_once == pytest.approx(1.0 / lif.C)
    inside(outcome.kernel, (-0.3, 10.5))
    inside(outcome.current, (-0.05, 1.08))


@anywhere("filter_convolution")
def test_shaded_area_is_the_potential(params):
    outcome, lif = scene("filter_convolution")(**params), LIF(tau_m=params["tau_m"])
    t, current = params["t"], Current(outcome.current, 0.25)
    for method in ("recurrence", "convolution", "fft"):
        u = convolve(lif, current, method=method).u
        assert outcome.u == pytest.approx(u, abs=1e-9)
        assert outcome.by_area == pytest.approx(u[round(t / 0.25)], abs=1e-9)
    assert outcome.error == -1.0
    assert outcome.u_now == outcome.drawn[-1] == outcome.u[outcome.drawn.size - 1]
    assert outcome.drawn_s[-1] == t
    expected = green_function(lif, t - outcome.s) * outcome.current
    n = outcome.drawn.size
    assert outcome.product[1:-1] == pytest.approx(expected[:n], abs=1e-12)
    assert outcome.product[0] == outcome.product[-1] == 0.0  # the area is closed on the axis
    expected = green_function(lif, t - outcome.kernel_s[1:])
    assert outcome.kernel[1:] == pytest.approx(expected, rel=1e-9)
    inside(outcome.current, (-0.02, 0.34))
    inside(outcome.kernel, (-0.62, 10.5))
    inside(outcome.product, (-0.12, 3.1))
    inside(outcome.u, (-66, -48))


def test_drawn_area_is_the_potential():
    for kind in range(3):
        outcome = scene("filter_convolution")(kind=kind, t=60.0)
        area = np.trapezoid(outcome.product, outcome.product_s)
        assert area == pytest.approx(outcome.by_area - LIF().u_rest, abs=0.1)


@anywhere("filter_past")
def test_gap_is_the_initial_term(params):
    outcome, lif = scene("filter_past")(**params), LIF(tau_m=params["tau_m"])
    n = outcome.s.size
    gap = outcome.seen_u[-n:] - outcome.without
    assert outcome.left == pytest.approx(gap, abs=1e-9)
    assert outcome.left == pytest.approx(initial_response(lif, outcome.start, outcome.s), abs=1e-9)
    assert outcome.gap == pytest.approx(outcome.left_at_20, abs=1e-9)
    assert outcome.left_at_20 == outcome.left[outcome.s == 20.0]
    lasting = lif.R * params["past"] * -np.expm1(-params["since"] / lif.tau_m)
    assert outcome.start == pytest.approx(lif.u_rest + lasting, abs=1e-9)
    inside(outcome.seen_u, (-76, -50))
    inside(outcome.left, (-11, 13.5))


def test_past_scene_is_the_simulation_of_its_current():
    outcome = scene("filter_past")(past=-0.1, since=30.0)
    before = step_current(-0.1, start=30.0, stop=60.0, duration=140.0, dt=0.5)
    after = step_current(0.2, start=80.0, stop=100.0, duration=140.0, dt=0.5)
    assert outcome.seen_current == pytest.approx((before + after).values)
    assert outcome.seen_u == pytest.approx(simulate(LIF(), before + after).u)


@anywhere("filter_psp")
def test_psp_scene_is_the_closed_form(params):
    outcome, lif = scene("filter_psp")(**params), LIF(tau_m=params["tau_m"])
    form, tau_s = (exponential_psp, alpha_psp)[params["kind"]], params["tau_s"]
    assert outcome.psp == pytest.approx(form(lif, 1.0, outcome.s, tau_s=tau_s), rel=1e-12)
    grid = np.arange(0.0, 80.0, 0.01)
    best = form(lif, 1.0, grid, tau_s=tau_s)
    assert outcome.peak == pytest.approx(best.max(), rel=1e-3)
    assert outcome.peak_time == pytest.approx(grid[best.argmax()], abs=0.02)
    assert outcome.peak < outcome.at_once
    inside(outcome.psp, (-0.3, 10.5))


@pytest.mark.parametrize("kind", [0, 1])
def test_synaptic_current_carries_one_picocoulomb(kind):
    outcome = scene("filter_psp")(kind=kind, tau_s=8.0)
    area = np.trapezoid(outcome.current, outcome.from_zero)
    assert area == pytest.approx(1.0, abs=2e-3)


@anywhere("filter_frequency")
def test_frequency_scene_is_the_impedance(params):
    outcome = scene("filter_frequency")(**params)
    f, lif = params["f"], LIF(tau_m=params["tau_m"], R=params["R"])
    Z = impedance(lif, 10.0**outcome.decade)
    assert 10.0**outcome.gain == pytest.approx(abs(Z), rel=1e-9)
    assert outcome.phase == pytest.approx(np.angle(Z, deg=True), rel=1e-9)
    here = impedance(lif, f)
    assert (outcome.Z, outcome.share) == pytest.approx((abs(here), 100 * abs(here) / lif.R))
    assert (outcome.f_decade, outcome.gain_here) == pytest.approx(tuple(np.log10((f, abs(here)))))
    assert outcome.phase_here == pytest.approx(np.angle(here, deg=True))
    assert outcome.lag == pytest.approx(-np.angle(here, deg=True) / 360 / f * 1000)
    assert outcome.cutoff == pytest.approx(cutoff_frequency(lif))
    assert 10.0**outcome.cutoff_decade == pytest.approx(outcome.cutoff)
    steady = sine_response(lif, 1.0 / lif.R, outcome.t, frequency=f, steady=True)
    assert outcome.sine_out == pytest.approx(steady, abs=1e-9)
    assert outcome.sine_in == pytest.approx(np.sin(2e-3 * np.pi * f * outcome.t), abs=1e-9)
    inside(outcome.gain, (-2.2, 2.6))


@anywhere("filter_resets")
def test_resets_scene_is_the_simulation_and_its_decomposition(params):
    outcome = scene("filter_resets")(**params)
    rising = 1 + 0.5 * np.sin(2 * np.pi * outcome.t / 60.0)
    current = Current(np.where(outcome.t >= 5.0, params["I"] * rising, 0.0), 0.25)
    parameters = {name: params[name] for name in ("tau_m", "u_r", "t_ref")}
    lif = LIF(**parameters)
    trace = simulate(lif, current)
    assert outcome.u == pytest.approx(trace.u, rel=1e-9)
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-9)
    assert outcome.count == trace.spike_count
    assert outcome.free == pytest.approx(convolve(lif, current).u - lif.u_rest, abs=1e-9)
    if params["t_ref"] == 0.0 or outcome.count == 0:
        assert outcome.error == -1.0
        assert not outcome.gap.any()
        if params["t_ref"] == 0.0:
            parts = decompose(lif, current)
            assert outcome.resets == pytest.approx(parts.resets, abs=1e-9)
    else:
        assert outcome.error == pytest.approx(np.abs(outcome.gap).max())
        assert outcome.gap == pytest.approx(outcome.total - trace.u, abs=1e-9)
    inside(outcome.free, (-60, 48))
    inside(outcome.resets, (-60, 48))
    inside(outcome.gap, (-2, 40))
    inside(outcome.u, (-77, -25))


def test_a_pause_makes_the_sum_wrong():
    assert scene("filter_resets")(t_ref=0.5).error > 1.0


def test_explorers_start_where_told():
    assert SCENES["filter_convolution"](kind="noise", t=20.0).params["t"] == 20.0
    assert SCENES["filter_psp"](kind="α-shaped").params["kind"] == 1


# The figure of all closed forms


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
