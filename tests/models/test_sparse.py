"""The sparse network: its connections, and its loop against closed forms."""

from math import ceil, exp, log

import numpy as np
import pytest

from neuro_lib.models.sparse import advance, connect
from tests.engines import assert_engines_agree

N, EXCITE, FROM_E, FROM_I = 200, 160, 20, 5
TAU_M, DT, HELD, DELAY = 20.0, 0.5, 4, 3


def connections():
    first, targets = np.zeros(N + 1), np.zeros(N * (FROM_E + FROM_I))
    connect(N, EXCITE, FROM_E, FROM_I, first, targets)
    return first, targets


def network(u=-65.0, steps=1000, J=0.0, g=0.0, drive=0.0, sigma=0.0, theta=-50.0, first=None):
    """Run a network; return its state and its spikes, as (step, neuron)."""
    wires = connections() if first is None else first
    state = {
        "u": np.full(N, u) if np.isscalar(u) else u.copy(),
        "wait": np.zeros(N),
        "inbox": np.zeros(N * DELAY),
        "seed": np.array([12345.0]),
    }
    when, who = np.zeros(N * steps), np.zeros(N * steps)
    constant = (J, g, drive, sigma, TAU_M, -65.0, theta, -65.0, HELD, DELAY)
    n = advance(0, steps, DT, EXCITE, *constant, *wires, *state.values(), when, who)
    return state, np.stack([when[:n], who[:n]], 1).astype(int)


def test_each_neuron_hears_as_many_of_either_kind_as_it_should():
    first, targets = connections()
    assert first[0] == 0 and first[-1] == targets.size and np.all(np.diff(first) >= 0)
    heard = np.bincount(targets.astype(int), minlength=N)
    of_E = np.bincount(targets[: int(first[EXCITE])].astype(int), minlength=N)
    assert set(heard) == {FROM_E + FROM_I} and set(of_E) == {FROM_E}
    assert np.diff(first).std() == pytest.approx(np.sqrt(FROM_E + FROM_I), rel=0.25)


def test_alone_and_without_noise_each_fires_at_the_closed_form_on_the_grid():
    _, spikes = network(drive=20.0)
    climb = ceil(TAU_M * log(20.0 / 5.0) / DT)
    assert np.array_equal(np.unique(spikes[:, 0])[:3], climb - 1 + np.arange(3) * (climb + HELD))
    assert np.all(np.bincount(spikes[:, 1], minlength=N) == len(np.unique(spikes[:, 0])))


def test_noise_alone_has_the_spread_that_is_asked_for():
    spread = [network(sigma=3.0, theta=50.0, steps=steps)[0]["u"].std() for steps in (300, 600)]
    assert spread == pytest.approx([3.0, 3.0], rel=0.15)


def test_a_spike_moves_its_targets_after_the_delay_by_J_or_by_minus_g_J():
    first, targets = connections()
    for source, jump in ((7, 0.5), (EXCITE + 7, -2.0)):
        u = np.full(N, -65.0)
        u[source] = -40.0  # fires in the first step
        hit = targets[int(first[source]) : int(first[source + 1])].astype(int)
        moved = jump * np.bincount(hit, minlength=N)
        early, spikes = network(u, DELAY, J=0.5, g=4.0)
        assert spikes.tolist() == [[0, source]]
        assert np.all(np.delete(early["u"], source) == -65.0)
        late, _ = network(u, DELAY + 3, J=0.5, g=4.0)
        expected = -65.0 + moved * exp(-2 * DT / TAU_M)
        others = np.arange(N) != source
        np.testing.assert_allclose(late["u"][others], expected[others], rtol=0, atol=1e-12)


def test_it_goes_on_from_where_it_was():
    together, _ = network(sigma=2.0, drive=18.0, J=0.4, g=5.0, steps=60)
    wires = connections()
    state = [np.full(N, -65.0), np.zeros(N), np.zeros(N * DELAY), np.array([12345.0])]
    for begin in range(0, 60, 20):  # no multiple of the delay
        constant = (0.4, 5.0, 18.0, 2.0, TAU_M, -65.0, -50.0, -65.0, HELD, DELAY)
        advance(begin, 20, DT, EXCITE, *constant, *wires, *state, np.zeros(9999), np.zeros(9999))
    np.testing.assert_array_equal(state[0], together["u"])


def test_engines_agree():
    wires = connections()
    state = [np.linspace(-65, -50, N), np.zeros(N), np.zeros(N * DELAY), np.array([12345.0])]
    constant = (0.5, 4.0, 18.0, 2.0, TAU_M, -65.0, -50.0, -65.0, HELD, DELAY)
    room = np.zeros(2000), np.zeros(2000)
    assert_engines_agree(advance, 0, 40, DT, EXCITE, *constant, *wires, *state, *room)
    assert_engines_agree(connect, N, EXCITE, FROM_E, FROM_I, np.zeros(N + 1), np.zeros(N * 25))
