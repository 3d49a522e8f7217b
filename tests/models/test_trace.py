"""A trace is a record: it cannot be changed, and it counts what is in it."""

import copy
import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from neuro_lib.models.trace import Trace


def one_neuron():
    t = np.array([0.0, 100.0, 250.0])
    return Trace(t=t, u=np.full(3, -65.0), I=np.zeros(3), spike_times=np.array([20.0, 120.0]))


def population():
    spike_times = np.empty((2, 1), dtype=object)
    spike_times[0, 0] = np.array([20.0, 120.0, 240.0])
    spike_times[1, 0] = np.empty(0)
    t = np.array([0.0, 100.0, 250.0])
    u = np.full((2, 1, 3), -65.0)
    return Trace(t=t, u=u, I=np.broadcast_to(0.0, (2, 1, 3)), spike_times=spike_times)


def through_pickle(trace):
    return pickle.loads(pickle.dumps(trace))


@pytest.mark.parametrize("made", [one_neuron, population])
@pytest.mark.parametrize("passed_on", [lambda x: x, copy.copy, copy.deepcopy, through_pickle])
def test_every_array_is_read_only_also_in_a_copy(made, passed_on):
    trace = passed_on(made())
    arrays = [trace.t, trace.u, trace.I, trace.spike_times]
    if trace.spike_times.dtype == object:
        arrays += list(trace.spike_times.flat)
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0


@pytest.mark.parametrize("made", [one_neuron, population])
def test_a_copy_holds_the_same(made):
    trace, again = made(), through_pickle(made())
    np.testing.assert_array_equal(again.t, trace.t)
    np.testing.assert_array_equal(again.u, trace.u)
    np.testing.assert_array_equal(again.I, trace.I)
    np.testing.assert_array_equal(again.spike_count, trace.spike_count)


def test_a_trace_is_frozen():
    with pytest.raises(FrozenInstanceError):
        one_neuron().u = np.zeros(3)


def test_one_neuron_counts_with_plain_numbers():
    trace = one_neuron()
    assert trace.spike_count == 2 and isinstance(trace.spike_count, int)
    assert trace.rate == 8.0  # 2 spikes in a quarter of a second


def test_a_population_counts_neuron_by_neuron():
    trace = population()
    np.testing.assert_array_equal(trace.spike_count, [[3], [0]])
    assert trace.spike_count.dtype.kind == "i"
    np.testing.assert_array_equal(trace.rate, [[12.0], [0.0]])


def test_repr_sums_up():
    assert repr(one_neuron()) == "<Trace: 1 neuron, 250 ms, 2 spikes>"
    assert repr(population()) == "<Trace: (2, 1) neurons, 250 ms, 3 spikes>"
