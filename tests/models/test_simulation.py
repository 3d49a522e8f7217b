"""One call simulates a population or a sweep: each neuron as if it were alone."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from neuro_lib import (
    LIF,
    Current,
    Trace,
    constant_current,
    count_spikes,
    ou_current,
    simulate,
    sine_current,
    step_current,
)
from neuro_lib.models import simulation

TAU_M = np.array([5.0, 10.0, 20.0])
I = step_current([[0.2], [0.4], [0.8], [0.9]], start=5.0, stop=90.0, duration=100.0, dt=0.5)


def alone(lif, I, i):
    """The neuron at one place of a population, and its current."""
    names = LIF.quantities()
    shape = np.broadcast_shapes(lif.shape, I.values.shape[:-1])
    one = {name: float(np.broadcast_to(getattr(lif, name), shape)[i]) for name in names}
    return LIF(**one), Current(np.broadcast_to(I.values, (*shape, I.values.shape[-1]))[i], I.dt)


POPULATIONS = {
    "parameters": (LIF(tau_m=TAU_M, t_ref=2.0), Current(I.values[2, 0], I.dt)),
    "currents": (LIF(t_ref=2.0), I),
    "parameters × currents": (LIF(tau_m=TAU_M), I),
    "parameters × parameters": (
        LIF(tau_m=TAU_M, R=[[50.0], [100.0]], u_r=[[[-65.0]], [[-70.0]]]),
        constant_current(0.5, duration=100.0, dt=1.0),
    ),
    "one by one": (
        LIF(tau_m=TAU_M, u_rest=[-70.0, -65.0, -60.0], theta=[-50.0, -55.0, -45.0]),
        sine_current(0.5, mean=[0.3, 0.4, 0.5], frequency=40.0, duration=100.0, dt=0.5),
    ),
    "a population of one": (LIF(tau_m=[10.0]), Current(I.values[2, 0], I.dt)),
}


@pytest.mark.parametrize("name", POPULATIONS)
def test_each_neuron_of_a_population_is_exactly_its_own_run(name):
    lif, current = POPULATIONS[name]
    trace = simulate(lif, current)
    shape = np.broadcast_shapes(lif.shape, current.values.shape[:-1])
    assert trace.u.shape == trace.I.shape == (*shape, trace.t.size)
    assert trace.spike_times.shape == trace.spike_count.shape == shape
    assert trace.spike_count.sum() > 0
    for i in np.ndindex(shape):
        own = simulate(*alone(lif, current, i))
        np.testing.assert_array_equal(trace.u[i], own.u)
        np.testing.assert_array_equal(trace.I[i], own.I)
        np.testing.assert_array_equal(trace.spike_times[i], own.spike_times)


def test_one_neuron_gives_plain_shapes():
    trace = simulate(LIF(), Current(I.values[2, 0], I.dt))
    assert isinstance(trace, Trace)
    assert trace.u.shape == trace.I.shape == trace.t.shape == (201,)
    assert trace.spike_times.dtype == float and trace.spike_times.ndim == 1
    assert isinstance(trace.spike_count, int) and trace.spike_count > 0


def test_the_trace_carries_time_and_current_of_the_input():
    trace = simulate(LIF(), I)
    np.testing.assert_array_equal(trace.t, I.t)
    np.testing.assert_array_equal(trace.I, I.values)


@pytest.mark.parametrize("current", [I, Current(I.values[2, 0], I.dt)], ids=["many", "one"])
def test_every_array_of_a_trace_is_read_only(current):
    trace = simulate(LIF(), current)
    arrays = [trace.t, trace.u, trace.I, trace.spike_times]
    if trace.u.ndim > 1:
        arrays += list(trace.spike_times.flat)
    assert not any(array.flags.writeable for array in arrays)


def test_more_spikes_than_samples_are_all_kept():
    lif = LIF(tau_m=5.0, R=200.0, theta=-60.0)
    current = constant_current([0.02, 1.0], duration=10.0, dt=5.0)
    trace = simulate(lif, current)
    assert trace.t.size == 3 and trace.spike_count[1] > 70
    interval = 1000.0 / lif.firing_rate(1.0)
    expected = interval * np.arange(1, trace.spike_count[1] + 1)
    np.testing.assert_allclose(trace.spike_times[1], expected, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(count_spikes(lif, current), trace.spike_count)


def test_it_starts_at_rest_unless_told_otherwise():
    current = constant_current(0.1, duration=50.0, dt=0.5)
    assert simulate(LIF(u_rest=-70.0, u_r=-60.0), current).u[0] == -70.0
    trace = simulate(LIF(), current, u_start=[-90.0, -51.0])
    np.testing.assert_array_equal(trace.u[:, 0], [-90.0, -51.0])
    goal = -65 + 50 * 0.1
    np.testing.assert_allclose(
        trace.u, goal + (trace.u[:, :1] - goal) * np.exp(-trace.t / 10.0), rtol=0, atol=1e-9
    )


def test_a_start_near_threshold_hastens_the_first_spike_only():
    current = constant_current(0.4, duration=100.0, dt=0.5)
    early = simulate(LIF(), current, u_start=-51.0).spike_times
    late = simulate(LIF(), current).spike_times
    assert early[0] == pytest.approx(10 * np.log((-45 + 51) / (-45 + 50)), abs=1e-9)
    np.testing.assert_allclose(np.diff(early)[: late.size - 1], np.diff(late), rtol=0, atol=1e-9)


def test_the_input_is_left_as_it_is():
    before = I.values.copy()
    simulate(LIF(tau_m=TAU_M), I)
    count_spikes(LIF(tau_m=TAU_M), I)
    np.testing.assert_array_equal(I.values, before)


def test_an_empty_population_has_an_empty_trace():
    nobody, current = LIF(tau_m=[]), constant_current(0.4, duration=5.0, dt=0.5)
    trace = simulate(nobody, current)
    assert trace.u.shape == (0, 11) and trace.spike_count.shape == (0,)
    assert count_spikes(nobody, current).shape == (0,)
    assert count_spikes(LIF(), constant_current(np.empty((0, 3)), duration=5.0, dt=0.5)).size == 0


def test_a_sweep_shares_its_currents_instead_of_copying_them():
    noise = ou_current(0.3, 0.1, tau=5.0, duration=2000.0, dt=0.1, seed=1)
    lif = LIF(tau_m=np.linspace(5.0, 20.0, 20)[:, None], R=np.linspace(30.0, 60.0, 20))
    count_spikes(lif, noise)
    tracemalloc.start()
    counts = count_spikes(lif, noise)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert counts.shape == (20, 20)
    assert most < 5 * noise.values.nbytes


def test_without_threads_the_results_are_the_same(monkeypatch):
    lif = LIF(tau_m=TAU_M)
    expected = simulate(lif, I), count_spikes(lif, I)
    monkeypatch.setattr(simulation, "is_browser", lambda: True)
    np.testing.assert_array_equal(simulate(lif, I).u, expected[0].u)
    np.testing.assert_array_equal(count_spikes(lif, I), expected[1])


# What is refused, by either function

SHORT = constant_current(0.4, duration=50.0, dt=0.5)


@pytest.mark.parametrize("verb", [simulate, count_spikes])
class TestRefusal:
    @pytest.mark.parametrize(
        "lif, current, u_start, message",
        [
            (LIF(), SHORT, -50.0, "u_start = -50 mV: the potential at the start must be < theta ="),
            (LIF(), SHORT, [-60.0, -20.0], "u_start = -20 mV: the potential at the start must be"),
            (
                LIF(theta=[-40.0, -55.0]),
                SHORT,
                -50.0,
                "u_start = -50 mV: the potential at the start must be < theta = -55 mV",
            ),
            (LIF(), SHORT, np.nan, "u_start = nan mV: the potential at the start must be finite"),
            (LIF(), SHORT, "-60", "u_start = '-60': the potential at the start must be a number"),
            (LIF(), SHORT, True, "u_start = True: the potential at the start must be a number"),
            (
                LIF(tau_m=[10.0, 0.4]),
                SHORT,
                None,
                "dt = 0.5 ms: the time step of the current must be ≤ tau_m = 0.4 ms",
            ),
            (
                LIF(tau_m=[10.0, 20.0]),
                constant_current([0.1, 0.2, 0.3], duration=5.0, dt=0.5),
                None,
                "shapes must broadcast against each other; got neurons (2,), currents (3,)",
            ),
            (
                LIF(tau_m=[10.0, 20.0]),
                SHORT,
                [-65.0, -65.0, -65.0],
                "shapes must broadcast against each other; got neurons (2,), u_start (3,)",
            ),
            (
                LIF(),
                constant_current([0.4, 4e8, 0.4], duration=5.0, dt=0.5),
                None,
                "I = 4e+08 nA: the current must be so small that the neuron fires at less than "
                "1e+06 Hz",
            ),
            (
                LIF(R=[1e-9, 50.0]),
                constant_current([9e8, 4e8], duration=5.0, dt=0.5),
                None,
                "I = 4e+08 nA: the current must be so small",
            ),
        ],
    )
    def test_what_cannot_be_simulated_is_refused(self, verb, lif, current, u_start, message):
        with pytest.raises(ValueError) as refused:
            verb(lif, current, u_start=u_start)
        assert str(refused.value).startswith(message)

    @pytest.mark.parametrize("current", [0.4, [0.4, 0.4], np.zeros(5), None], ids=repr)
    def test_what_is_no_current_is_refused(self, verb, current):
        with pytest.raises(TypeError, match=r"^I must be a Current, as step_current gives, not "):
            verb(LIF(), current)

    def test_a_time_step_of_tau_m_is_allowed(self, verb):
        verb(LIF(tau_m=0.5), SHORT)

    def test_a_megahertz_is_kept_off_by_the_refractory_time(self, verb):
        strong = constant_current(4e8, duration=5.0, dt=0.5)
        verb(replace(LIF(), t_ref=1.0), strong)
