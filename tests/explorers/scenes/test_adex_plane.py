"""The scene adex_plane shows what the package computes."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.integrate import solve_ivp

from neuro_lib import (
    AdEx,
    constant_current,
    firing_pattern,
    simulate,
)
from neuro_lib.explorers.scenes.adex_plane import NOWHERE, U_MIN
from tests.explorers.bench import explorer, settings_of


def plane_neuron(params):
    """The neuron of the phase plane."""
    given = {name: params[name] for name in ("a", "tau_w", "b", "u_r", "Delta_T")}
    return AdEx(tau_m=10.0, R=100.0, u_rest=-65.0, theta_rh=-50.0, u_peak=0.0, **given)


@given(params=settings_of(explorer("adex_plane").scene))
@settings(max_examples=25)
def test_plane_scene_is_the_simulation_and_its_phase_plane(params):
    params |= {"u_0": -65.0, "w_0": 0.0}  # at rest, as a simulation starts
    outcome, neuron, I = explorer("adex_plane").scene(**params), plane_neuron(params), params["I"]
    trace = simulate(neuron, constant_current(I, duration=400.0, dt=0.5))
    assert outcome.spikes == pytest.approx(trace.spike_times, rel=1e-7)
    assert outcome.u == pytest.approx(np.minimum(trace.u, -35.0), abs=1e-6)
    of_u, of_w = neuron.nullclines(outcome.grid, I=I)
    assert outcome.no_du == pytest.approx(np.minimum(of_u, 0.51), abs=1e-12)
    assert outcome.no_dw == pytest.approx(of_w, abs=1e-12)
    assert outcome.rheobase == pytest.approx(neuron.rheobase, rel=1e-9)
    points = neuron.fixed_points(I=I)
    assert outcome.points == len(points)
    assert_each_dot_is_a_fixed_point_of_its_kind(outcome, points)


def assert_each_dot_is_a_fixed_point_of_its_kind(outcome, points):
    at = {point.kind: point for point in points}
    for kind in ("stable", "unstable", "saddle"):
        u, w = getattr(outcome, f"u_{kind}"), getattr(outcome, f"w_{kind}")
        if kind in at and at[kind].u > NOWHERE:
            assert (u, w) == pytest.approx((at[kind].u, at[kind].w), abs=1e-6)
        else:
            assert u == NOWHERE < U_MIN  # out of sight
    assert outcome.stable == ("stable" in at)


def test_a_run_starts_anywhere_in_the_plane_and_follows_the_equations():
    params = {"I": 0.1, "a": 0.01, "tau_w": 90.0, "u_0": -52.0, "w_0": 0.13}
    outcome = explorer("adex_plane").scene(**params)
    neuron = plane_neuron({"b": 0.02, "u_r": -54.0, "Delta_T": 2.0} | params)

    def slopes(_, state):
        u, w = state
        upswing = neuron.Delta_T * np.exp((u - neuron.theta_rh) / neuron.Delta_T)
        du = (neuron.u_rest - u + upswing + neuron.R * (params["I"] - w)) / neuron.tau_m
        return du, (neuron.a * (u - neuron.u_rest) - w) / neuron.tau_w

    start = params["u_0"], params["w_0"]
    run = solve_ivp(slopes, (0.0, 400.0), start, t_eval=outcome.t, rtol=1e-10, atol=1e-12)
    assert outcome.path_u == pytest.approx(run.y[0], abs=1e-6)
    assert outcome.path_w == pytest.approx(run.y[1], abs=1e-8)


def growth_of_a_push(neuron, u, I):
    """Largest real part of the eigenvalues at a fixed point, from the nullclines' slopes."""
    h = 1e-5
    ahead, behind = (np.array(neuron.nullclines(u + s * h, I=I)) for s in (1, -1))
    of_u, of_w = (ahead - behind) / (2 * h)
    C, tau_w = neuron.C, neuron.tau_w
    return np.linalg.eigvals([[of_u / C, -1 / C], [of_w / tau_w, -1 / tau_w]]).real.max()


@pytest.mark.parametrize("I, stable", [(0.42, 1), (0.43, 1), (0.44, 0), (0.45, 0)])
def test_a_full_dot_is_one_to_which_a_small_push_comes_back(I, stable):
    """With a strong coupling the left fixed point is unstable before it vanishes."""
    params = {"I": I, "a": 0.02, "tau_w": 90.0, "b": 0.02, "u_r": -54.0, "Delta_T": 2.0}
    neuron, outcome = plane_neuron(params), explorer("adex_plane").scene(**params)
    assert outcome.stable == stable
    full, open_ = (u for u in (outcome.u_stable, outcome.u_unstable))
    assert (full > NOWHERE, open_ > NOWHERE) == (stable == 1, stable == 0)
    assert (growth_of_a_push(neuron, max(full, open_), I) < 0.0) == (stable == 1)
    assert growth_of_a_push(neuron, outcome.u_saddle, I) > 0.0


@given(params=settings_of(explorer("adex_plane").scene))
@settings(max_examples=25)
def test_trajectory_holds_the_run_and_jumps_by_b_at_each_spike(params):
    outcome = explorer("adex_plane").scene(**params)
    u, w = outcome.path_u, outcome.path_w
    out = np.flatnonzero((u[:-1] == -35.0) & (u[1:] == params["u_r"]))
    assert u.size == outcome.t.size + 2 * outcome.spikes.size
    assert out.size >= outcome.spikes.size
    assert w[out + 1] - w[out] == pytest.approx(np.full(out.size, params["b"]), abs=1e-9)
    # Between spikes w moves no faster than its equation lets it.
    steps = np.abs(np.diff(w))
    steps[out] = 0.0
    fastest = (abs(params["a"]) * 65.0 + np.abs(w).max()) / params["tau_w"]
    assert steps.max() <= 2.0 * 0.5 * fastest + 1e-9


@pytest.mark.parametrize(
    "name",
    ["transient", "tonic", "adapting", "initial burst", "bursting", "delayed accelerating"],
)
def test_each_preset_of_the_plane_is_what_it_is_called(name):
    spikes = explorer("adex_plane").scene(pattern=name).spikes
    assert firing_pattern(spikes, start=0.0, stop=400.0) == name
