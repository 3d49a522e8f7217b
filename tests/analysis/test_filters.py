"""Convolution, Fourier transform and recurrence are one filter; spikes fit into the same sum."""

import pickle
import subprocess
import sys
from dataclasses import replace
from math import pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from neuro_lib import (
    LIF,
    Current,
    alpha_psp,
    constant_current,
    convolve,
    cutoff_frequency,
    decompose,
    exponential_psp,
    green_function,
    impedance,
    impulse_response,
    initial_response,
    ou_current,
    pulse_response,
    reset_kernel,
    simulate,
    sine_current,
    sine_response,
    spike_train_current,
    step_current,
    step_response,
)
from neuro_lib.analysis.filters import add_resets, relax_run
from neuro_lib.analysis.responses import impedance_parts
from tests.engines import assert_engines_agree

METHODS = ["recurrence", "convolution", "fft"]

# The sliders' full ranges, and values between their notches
TAU_M, R, THETA = st.floats(5, 50), st.floats(10, 200), st.floats(-60, -40)
NEURONS = st.builds(LIF, tau_m=TAU_M, R=R, theta=THETA)
WAVES = st.builds(lambda *x: Current(np.array(x), dt=0.5), *[st.floats(-1, 1)] * 40)

quick = settings(derandomize=True, deadline=None, max_examples=40)


def free(lif):
    """The same neuron, with a threshold that it does not reach."""
    return replace(lif, theta=1e6)


def assert_same(found, expected, atol=1e-10):
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=atol)


# Three ways, one potential


@pytest.mark.parametrize("method", METHODS)
@given(lif=NEURONS, I=WAVES, u_start=st.floats(-100, 0))
@quick
def test_each_method_gives_what_the_simulation_gives(method, lif, I, u_start):
    expected = simulate(free(lif), I, u_start=u_start).u
    assert_same(convolve(lif, I, u_start=u_start, method=method).u, expected)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [2, 3, 64, 65, 997, 4096])
def test_methods_agree_at_every_length(method, n):
    I = ou_current(0.2, 0.3, tau=3.0, duration=(n - 1) * 0.25, dt=0.25, seed=n)
    assert I.values.size == n
    expected = simulate(free(LIF()), I).u
    assert_same(convolve(LIF(), I, method=method).u, expected)


@pytest.mark.parametrize("method", METHODS)
def test_the_end_of_the_input_does_not_come_round_to_its_beginning(method):
    I = step_current(5.0, start=45.0, stop=50.0, duration=50.0, dt=0.5)
    u = convolve(LIF(), I, method=method).u
    assert_same(u[:91], np.full(91, -65.0), atol=1e-12)
    assert u[-1] > 0.0


def test_neurons_of_different_memory_keep_theirs_in_an_fft():
    I = step_current(5.0, start=0.0, stop=900.0, duration=1000.0, dt=0.5)
    lif = LIF(tau_m=[[0.5], [50.0]], u_rest=[-65.0, -70.0])  # 0.5 ms are forgotten after 373 ms
    assert_same(convolve(lif, I, method="fft").u, simulate(free(lif), I).u)


@pytest.mark.parametrize("method", METHODS)
def test_each_sample_counts_from_its_start_to_the_next(method):
    values = np.zeros(6)
    values[2] = 0.8
    u = convolve(LIF(), Current(values, dt=2.0), method=method).u
    expected = -65.0 + pulse_response(LIF(), 0.8, 2.0 * np.arange(6) - 4.0, width=2.0)
    assert_same(u, expected, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dt", [0.01, 0.1, 0.5, 2.5, 10.0])
def test_the_potential_does_not_depend_on_the_time_step(method, dt):
    lif, t = LIF(u_rest=-70.0), np.arange(0.0, 61.0, 10.0)
    I = step_current(0.4, start=10.0, stop=40.0, duration=60.0, dt=dt)
    expected = (
        -70.0 + pulse_response(lif, 0.4, t - 10.0, width=30.0) + initial_response(lif, -50.0, t)
    )
    trace = convolve(lif, I, u_start=-50.0, method=method)
    found = trace.u[np.searchsorted(trace.t, t - 1e-6)]
    assert_same(found, expected)


@pytest.mark.parametrize("method", METHODS)
def test_populations_broadcast(method):
    lif = LIF(tau_m=[[5.0], [20.0]], R=[50.0, 60.0, 70.0], u_rest=[[-70.0], [-75.0]])
    I = Current(np.random.default_rng(1).normal(size=(2, 1, 30)), dt=0.5)
    trace = convolve(lif, I, u_start=[-60.0, -61.0, -62.0], method=method)
    assert_same(trace.u, simulate(free(lif), I, u_start=[-60.0, -61.0, -62.0]).u)
    assert trace.I.shape == trace.u.shape == (2, 3, 30)
    assert trace.spike_count.tolist() == [[0, 0, 0], [0, 0, 0]]
    shared = convolve(LIF(), constant_current([0.1, 0.2], duration=5.0, dt=0.5), method=method)
    assert shared.u.shape == (2, 11)


@pytest.mark.parametrize("method", METHODS)
def test_there_is_no_threshold_and_the_trace_cannot_be_written_to(method):
    trace = convolve(LIF(), constant_current(1.0, duration=100.0, dt=1.0), method=method)
    assert trace.u[-1] == pytest.approx(-15.0, abs=0.01) and trace.spike_count == 0
    with pytest.raises(ValueError, match="read-only"):
        trace.u[0] = 0.0


@pytest.mark.parametrize("method", METHODS)
@given(one=WAVES, other=WAVES)
@settings(quick, max_examples=10)
def test_inputs_superpose(method, one, other):
    lif = LIF(u_rest=0.0, theta=15.0, u_r=0.0)
    both = convolve(lif, one + 0.5 * other, method=method).u
    parts = [convolve(lif, I, method=method).u for I in (one, other)]
    assert_same(both, parts[0] + 0.5 * parts[1])


def test_without_the_initial_term_the_whole_past_is_needed():
    past_and_present = ou_current(0.2, 0.2, tau=5.0, duration=400.0, dt=0.5, seed=3)
    present = Current(past_and_present.values[400:], dt=0.5)
    whole = convolve(LIF(), past_and_present).u[400:]
    assert np.abs(convolve(LIF(), present).u - whole).max() > 1.0
    assert_same(convolve(LIF(), present, u_start=whole[0]).u, whole)


# Closed forms of `responses`, approached or met


@pytest.mark.parametrize("method", METHODS)
def test_a_step_is_met_exactly(method):
    I = constant_current(0.4, duration=50.0, dt=0.5)
    expected = -65.0 + step_response(LIF(), 0.4, I.t)
    assert_same(convolve(LIF(), I, method=method).u, expected, atol=1e-12)


def alpha_current(**times):
    """An exponential current (1.5 pC, 4 ms) that passes a filter of its own time constant."""
    filter = LIF(tau_m=4.0, R=1.0, u_rest=0.0, u_r=0.0, theta=1.0)
    I = spike_train_current([0.0], 1.5, tau_s=4.0, **times)
    after = convolve(filter, I).u
    return Current((after + np.append(after[1:], 0.0)) / 2, I.dt)


@pytest.mark.parametrize(
    "current, response",
    [
        (
            lambda **times: sine_current(0.4, frequency=40.0, phase=0.7, **times),
            lambda t: sine_response(LIF(), 0.4, t, frequency=40.0, phase=0.7),
        ),
        (
            lambda **times: spike_train_current([0.0], 1.5, tau_s=4.0, **times),
            lambda t: exponential_psp(LIF(), 1.5, t, tau_s=4.0),
        ),
        (alpha_current, lambda t: alpha_psp(LIF(), 1.5, t, tau_s=4.0)),
    ],
    ids=["sine", "exponential synapse", "alpha synapse"],
)
def test_a_smooth_current_in_steps_converges_to_its_closed_form_with_order_two(current, response):
    errors = []
    for dt in (0.5, 0.25, 0.125):
        I = current(duration=100.0, dt=dt)
        errors.append(np.abs(convolve(LIF(), I).u + 65.0 - response(I.t)).max())
    assert errors[0] < 0.1
    ratios = np.array(errors[:-1]) / errors[1:]
    np.testing.assert_allclose(ratios, 4.0, rtol=0.15)


def test_a_charge_within_one_step_converges_to_the_impulse_response():
    t = np.arange(5.0, 51.0, 5.0)
    errors = []
    for dt in (0.5, 0.25, 0.125):
        trace = convolve(LIF(), spike_train_current([0.0], 1.5, duration=50.0, dt=dt))
        u = trace.u[np.searchsorted(trace.t, t)] + 65.0
        errors.append(np.abs(u - impulse_response(LIF(), 1.5, t)).max())
    np.testing.assert_allclose(np.array(errors[:-1]) / errors[1:], 2.0, rtol=0.1)


# Impedance


def test_impedance_is_the_fourier_transform_of_the_kernel():
    lif = LIF(tau_m=8.0, R=120.0)
    for f in (0.0, 5.0, 20.0, 100.0):
        phase = 2 * pi * f / 1000
        real, _ = quad(lambda s, w=phase: green_function(lif, s) * np.cos(w * s), 0, 300, limit=500)
        imag, _ = quad(
            lambda s, w=phase: -green_function(lif, s) * np.sin(w * s), 0, 300, limit=500
        )
        assert impedance(lif, f) == pytest.approx(complex(real, imag), rel=1e-8)


@given(lif=NEURONS, f=st.floats(0, 1e4), phase=st.floats(-4, 4))
@quick
def test_a_steady_sine_has_the_impedances_amplitude_and_phase(lif, f, phase):
    Z, t = impedance(lif, f), np.linspace(0.0, 100.0, 41)
    expected = 0.4 * abs(Z) * np.sin(2 * pi * f * t / 1000 + phase + np.angle(Z))
    found = sine_response(lif, 0.4, t, frequency=f, phase=phase, steady=True)
    assert_same(found, expected)


@given(lif=NEURONS)
@quick
def test_at_the_cutoff_the_power_is_halved_and_the_lag_an_eighth_of_a_period(lif):
    f = cutoff_frequency(lif)
    Z = impedance(lif, [0.0, f, -f])
    assert Z[0] == lif.R
    assert 20 * np.log10(abs(Z[1]) / lif.R) == pytest.approx(-3.0103, abs=1e-4)
    assert np.angle(Z[1]) == pytest.approx(-pi / 4, rel=1e-12)
    assert Z[2] == Z[1].conjugate()


def test_the_cutoff_of_ten_milliseconds_is_sixteen_hertz():
    assert cutoff_frequency(LIF(tau_m=10.0)) == pytest.approx(15.9155, abs=1e-4)
    np.testing.assert_allclose(cutoff_frequency(LIF(tau_m=[10.0, 20.0])), [15.9155, 7.9577], 1e-5)


def test_far_above_the_cutoff_only_the_capacitance_is_left():
    lif, f = LIF(), 1e6
    assert abs(impedance(lif, f)) == pytest.approx(1000 / (2 * pi * f * lif.C), rel=1e-6)


def test_impedances_of_neurons_come_before_frequencies():
    lif = LIF(tau_m=[[5.0], [10.0]], R=[50.0, 60.0, 70.0])
    Z = impedance(lif, [1.0, 2.0, 3.0, 4.0])
    assert Z.shape == (2, 3, 4)
    assert Z[1, 2, 3] == impedance(LIF(tau_m=10.0, R=70.0), 4.0)
    assert isinstance(impedance(LIF(), 4.0), complex)


# Spikes in the sum

NOISE = ou_current(0.4, 0.3, tau=5.0, duration=500.0, dt=0.5, seed=2)


@pytest.mark.parametrize("dt", [0.01, 0.1, 1.0, 5.0])
@pytest.mark.parametrize(
    "lif",
    [LIF(), LIF(tau_m=5.0, R=200.0, theta=-60.0), LIF(u_rest=-70.0, u_r=-58.0, tau_m=30.0)],
    ids=repr,
)
def test_the_sum_over_reset_kernels_is_the_simulation(lif, dt):
    I = step_current(0.9, start=7.3, stop=180.0, duration=200.0, dt=dt)
    trace, parts = simulate(lif, I, u_start=-62.0), decompose(lif, I, u_start=-62.0)
    assert trace.spike_count > 5
    assert_same(parts.u, trace.u, atol=1e-9)
    np.testing.assert_array_equal(parts.spike_times, trace.spike_times)


@given(lif=NEURONS, I=WAVES)
@quick
def test_the_sum_over_reset_kernels_is_the_simulation_for_any_input(lif, I):
    assert_same(decompose(lif, I).u, simulate(lif, I).u, atol=1e-9)


def test_each_part_is_what_it_is_called():
    lif = LIF(u_rest=-70.0)
    parts = decompose(lif, NOISE, u_start=-60.0)
    assert parts.u_rest == -70.0
    assert_same(parts.start, 10.0 * np.exp(-NOISE.t / 10.0))
    assert_same(parts.input, convolve(lif, NOISE).u + 70.0)
    expected = sum(reset_kernel(lif, NOISE.t - spike) for spike in parts.spike_times)
    assert parts.spike_times.size > 5
    assert_same(parts.resets, expected)
    with pytest.raises(ValueError, match="read-only"):
        parts.resets[0] = 0.0


def test_a_spike_on_the_grid_has_been_reset_there():
    I = step_current(0.4, start=0.0, stop=12.0, duration=50.0, dt=0.5)
    lif = LIF(theta=simulate(free(LIF()), I).u[24])
    parts = decompose(lif, I)
    np.testing.assert_allclose(parts.spike_times, [12.0], rtol=0, atol=1e-9)
    assert_same(parts.u, simulate(lif, I).u, atol=1e-9)


def test_a_spike_just_after_the_grid_is_counted_after_it_although_rounding_hides_that():
    coincide = 0
    for k in range(150, 200):
        dt = 10 * np.log(4) / k  # the interval is k steps
        silent = k * int(5000 / (k * dt))
        I = Current(np.append(np.zeros(silent), np.full(6 * k, 0.4)), dt=dt)
        trace, parts = simulate(LIF(), I), decompose(LIF(), I)
        coincide += np.isin(trace.spike_times, trace.t[trace.u > -57.0]).sum()
        assert_same(parts.u, trace.u, atol=1e-9)
    assert coincide > 5


def test_a_neuron_with_further_variables_is_refused():
    class Adaptive:
        tau_m, R, C, u_rest, t_ref, shape = 10.0, 50.0, 0.2, -65.0, 0.0, ()

    calls = [
        lambda lif: convolve(lif, INPUT),
        lambda lif: decompose(lif, INPUT),
        lambda lif: impedance(lif, 10.0),
        lambda lif: step_response(lif, 0.4, 1.0),
        cutoff_frequency,
    ]
    for call in calls:
        with pytest.raises(TypeError, match="lif must be an LIF, not Adaptive"):
            call(Adaptive())


def test_populations_decompose():
    lif = LIF(tau_m=[[5.0], [20.0]], theta=[-50.0, -55.0, -48.0], u_rest=[[-66.0], [-70.0]])
    parts, trace = decompose(lif, NOISE), simulate(lif, NOISE)
    assert parts.input.shape == (2, 3, 1001)
    assert_same(parts.u, trace.u, atol=1e-9)
    again = pickle.loads(pickle.dumps(parts))
    np.testing.assert_array_equal(again.u, parts.u)


def test_with_refractory_time_the_sum_would_be_wrong_and_is_refused():
    lif = LIF(t_ref=2.0)
    wrong = decompose(replace(lif, t_ref=0.0), NOISE).u
    assert np.abs(wrong - simulate(lif, NOISE).u).max() > 1.0
    for neurons in (lif, LIF(t_ref=[0.0, 2.0])):
        with pytest.raises(ValueError, match=r"^t_ref = 2 ms: .* must be 0 ms, because .* ignores"):
            decompose(neurons, NOISE)
    with pytest.raises(ValueError, match=r"^t_ref = 0.5 ms: "):
        decompose(LIF(t_ref=0.5), NOISE)


# The same in every engine


@given(lif=NEURONS, I=WAVES, u_start=st.floats(-100, 0))
@quick
def test_relax_run_agrees_in_every_engine(lif, I, u_start):
    neuron = (lif.tau_m, lif.R, lif.u_rest, u_start)
    assert_engines_agree(relax_run, I.values.copy(), 0.5, *neuron, np.zeros(40))


@given(spikes=st.lists(st.floats(0, 25), max_size=6), tau_m=TAU_M)
@quick
def test_add_resets_agrees_in_every_engine(spikes, tau_m):
    assert_engines_agree(add_resets, np.ones(40), np.sort(spikes), 0.5, -15.0, tau_m)


@given(f=st.floats(-1e4, 1e4), tau_m=TAU_M, R=R)
@quick
def test_impedance_agrees_in_every_engine(f, tau_m, R):
    assert_engines_agree(impedance_parts, f, tau_m, R)


# What is refused, and what is not imported

INPUT = constant_current(0.4, duration=20.0, dt=0.5)


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: convolve(LIF(), INPUT, method="laplace"),
            "method = 'laplace': the method must be one of recurrence, convolution, fft",
        ),
        (
            lambda: convolve(LIF(), INPUT, u_start=np.nan),
            "u_start = nan mV: the potential at the start must be finite",
        ),
        (
            lambda: convolve(LIF(tau_m=[5.0, 0.25]), INPUT),
            "dt = 0.5 ms: the time step of the current must be ≤ tau_m = 0.25 ms",
        ),
        (
            lambda: convolve(LIF(R=[50.0, 60.0, 70.0]), Current(np.ones((2, 5)), dt=0.5)),
            "shapes must broadcast against each other; got neurons (3,), currents (2,)",
        ),
        (
            lambda: impedance(LIF(), [1.0, np.nan]),
            "frequency = nan Hz: the frequency must be finite",
        ),
        (
            lambda: decompose(LIF(), INPUT, u_start=-50.0),
            "u_start = -50 mV: the potential at the start must be < theta = -50 mV",
        ),
    ],
)
def test_bad_input_is_refused_by_name_value_unit_and_what_is_allowed(call, message):
    with pytest.raises(ValueError) as refused:
        call()
    assert str(refused.value).startswith(message)


def test_an_input_is_a_current():
    with pytest.raises(TypeError, match="I must be a Current, as step_current gives, not list"):
        convolve(LIF(), [0.1, 0.2])


def test_importing_the_package_imports_no_scipy():
    code = "import sys, neuro_lib; assert not any(m.startswith('scipy') for m in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
