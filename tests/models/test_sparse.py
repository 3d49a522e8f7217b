"""The sparse network: its connections, and its loop against closed forms."""

from math import ceil, exp, log

import numpy as np
import pytest

from neuro_lib import LIF
from neuro_lib.models.sparse import Crowd, Fired, Weights, Wiring, advance, connect
from tests.engines import assert_engines_agree

N, EXCITE, FROM_E, FROM_I = 200, 160, 20, 5
TAU_M, DT, HELD, DELAY = 20.0, 0.5, 4, 3


CELL = LIF(tau_m=TAU_M)


def connections():
    wiring = Wiring(first=np.zeros(N + 1), targets=np.zeros(N * (FROM_E + FROM_I)))
    connect(N, EXCITE, FROM_E, FROM_I, wiring)
    return wiring


def crowd(u=-65.0):
    u = np.full(N, u) if np.isscalar(u) else u.copy()
    return Crowd(u=u, wait=np.zeros(N), inbox=np.zeros(N * DELAY), seed=np.array([12345.0]))


def weights(J=0.0, g=0.0, drive=0.0, sigma=0.0):
    return Weights(excite=EXCITE, J=J, g=g, drive=drive, sigma=sigma, held=HELD, delay=DELAY)


def network(u=-65.0, steps=1000, **values):
    """Run a network; return its potentials and its spikes, as (step, neuron)."""
    state, to = crowd(u), Fired(when=np.zeros(N * steps), who=np.zeros(N * steps))
    n = advance(0, steps, DT, CELL, weights(**values), connections(), state, to)
    return state.u, np.stack([to.when[:n], to.who[:n]], 1).astype(int)


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
    spread = [network(sigma=3.0, steps=steps)[0].std() for steps in (300, 600)]
    assert spread == pytest.approx([3.0, 3.0], rel=0.15)


def test_a_spike_moves_its_targets_once_after_the_delay_by_J_or_by_minus_g_J():
    first, targets = connections()
    for source, jump in ((7, 0.5), (EXCITE + 7, -2.0)):
        u = np.full(N, -65.0)
        u[source] = -40.0  # fires in the first step
        hit = targets[int(first[source]) : int(first[source + 1])].astype(int)
        moved = jump * np.bincount(hit, minlength=N)
        early, spikes = network(u, DELAY, J=0.5, g=4.0)
        assert spikes.tolist() == [[0, source]]
        assert np.all(np.delete(early, source) == -65.0)
        late, _ = network(u, 3 * DELAY, J=0.5, g=4.0)  # its place in the inbox came round again
        expected = -65.0 + moved * exp(-(2 * DELAY - 1) * DT / TAU_M)
        others = np.arange(N) != source
        np.testing.assert_allclose(late[others], expected[others], rtol=0, atol=1e-12)


def test_it_goes_on_from_where_it_was():
    together, _ = network(sigma=2.0, drive=18.0, J=0.4, g=5.0, steps=60)
    state, to = crowd(), Fired(when=np.zeros(9999), who=np.zeros(9999))
    for begin in range(0, 60, 20):  # no multiple of the delay
        values = weights(J=0.4, g=5.0, drive=18.0, sigma=2.0)
        advance(begin, 20, DT, CELL, values, connections(), state, to)
    np.testing.assert_array_equal(state.u, together)


def test_engines_agree():
    to = Fired(when=np.zeros(2000), who=np.zeros(2000))
    values = weights(J=0.5, g=4.0, drive=18.0, sigma=2.0)
    state = crowd(np.linspace(-65, -50, N))
    assert_engines_agree(advance, 0, 40, DT, CELL, values, connections(), state, to)
    empty = Wiring(first=np.zeros(N + 1), targets=np.zeros(N * 25))
    assert_engines_agree(connect, N, EXCITE, FROM_E, FROM_I, empty)
