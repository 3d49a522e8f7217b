"""The network: its parts against closed forms, its symmetry, and that it computes."""

from math import exp, log

import numpy as np
import pytest
from scipy.optimize import brentq

from neuro_lib import LIF, Competition, CompetitionRun, Current, exponential_psp, simulate
from neuro_lib.inputs.currents import first_state, uniform_draws
from neuro_lib.models.competition import (
    BIN,
    HOLD,
    INHIBITORY,
    POOL,
    Booked,
    Pools,
    compete,
    decision,
    decision_time,
    deliver,
    pool_at_rest,
    population_activity,
)
from tests.engines import assert_engines_agree

SECONDS = 600.0  # ms


@pytest.mark.parametrize("I", [(0.35, 0.25), (60.0, 80.0)])  # strong: fires as soon as it may
def test_without_synapses_each_neuron_is_a_neuron_of_its_own(I):
    # So much noise makes pool C fire, too, which nothing else drives.
    network = Competition(w_E=0.0, w_I=0.0, w_C=0.0, t_ref=2.0, sigma=0.5)
    run = network.run(*I, duration=200.0, seed=3)
    n = 2 * POOL + INHIBITORY
    noise = np.empty(n * 50)
    uniform_draws(noise, network.sigma, first_state(3))
    noise = np.repeat(noise.reshape(50, n).T, round(HOLD / 0.5), axis=1)
    mean = np.repeat([*I, 0.0], [POOL, POOL, INHIBITORY])[:, None]
    values = np.hstack([mean + noise, np.zeros((n, 1))])
    alone = simulate(LIF(t_ref=2.0), Current(values, dt=0.5))
    assert run.spike_times.size == alone.spike_count.sum() > 500
    assert alone.spike_count[2 * POOL :].sum() > 50
    for i in range(n):
        mine = run.spike_times[run.neurons == i]
        np.testing.assert_allclose(mine, alone.spike_times[i], rtol=0, atol=1e-9)


@pytest.mark.parametrize("tau", [2.0, 50.0])
def test_an_arrival_brings_its_whole_charge_and_decays_from_its_own_time_on(tau):
    dt, delay, steps = 0.5, 1.0, 4000
    mean, left = np.zeros(steps), np.zeros(steps)
    deliver(0, 1, 1.0, dt, delay, tau, np.array([10.3]), Booked(mean, left))
    s, charge = 0.0, 0.0
    for k in range(steps):
        charge += dt * mean[k] + s * tau * -np.expm1(-dt / tau)
        s = s * exp(-dt / tau) + left[k]
        if k == 39:
            assert s == pytest.approx(exp(-(20.0 - 11.3) / tau), rel=1e-12)
    assert charge == pytest.approx(tau, rel=1e-12)


def first_of_pool_C(dt):
    """When pool C first fires, driven by one volley of pool A, without noise."""
    network = Competition(w_E=0.0, w_I=0.0, w_C=2.0, sigma=0.0, tau_E=5.0)
    run = network.run(0.35, 0.0, duration=30.0, dt=dt)
    return run.spike_times[run.neurons >= 2 * POOL][0]


def test_effect_of_a_volley_is_the_closed_form_to_second_order_in_the_step():
    lif = LIF()
    volley = lif.tau_m * log(17.5 / 2.5)  # 0.35 nA head for 17.5 mV; the threshold is at 15 mV

    def above(s):  # mV; a volley of pool A brings w_C tau_E = 10 pC
        return exponential_psp(lif, 10.0, s, tau_s=5.0) - 15.0

    exact = volley + 1.0 + brentq(above, 0.0, 4.0, xtol=1e-13)
    for dt in (0.5, 0.4, 0.25, 0.2, 0.125, 0.0625, 0.03, 0.02):
        assert abs(first_of_pool_C(dt) - exact) < 0.05 * dt**2


@pytest.mark.parametrize("difference", [0.0, 0.02])
def test_who_wins_does_not_depend_on_the_step(difference):
    def winners(dt):
        inputs = 0.3 + difference / 2, 0.3 - difference / 2
        runs = [Competition().run(*inputs, duration=SECONDS, dt=dt, seed=s) for s in range(20)]
        return [run.winner for run in runs]

    coarse, fine = winners(1.0), winners(0.1)
    assert sum(x == y for x, y in zip(coarse, fine, strict=True)) >= 19


def test_activity_is_spikes_per_neuron_and_second():
    when = np.array([0.1, 3.0, 3.1, 12.0, 21.0, 43.0, 5.0])
    out = np.empty(2)
    population_activity(4, 6, when, len(out), out)  # not the last, which is room
    np.testing.assert_allclose(out * BIN / 1000 * 4, [4.0, 1.0])  # that at 43 ms is in no bin


def test_equal_pools_without_noise_stay_equal_and_nobody_wins():
    run = Competition(sigma=0.0).run(0.32, 0.32, duration=SECONDS)
    assert run.winner == "none"
    np.testing.assert_array_equal(run.rates[0], run.rates[1])


def test_exchanging_the_inputs_exchanges_the_pools():
    network = Competition(sigma=0.0)
    one = network.run(0.33, 0.31, duration=SECONDS)
    other = network.run(0.31, 0.33, duration=SECONDS)
    assert (one.winner, other.winner) == ("A", "B")
    np.testing.assert_array_equal(one.rates, other.rates[[1, 0, 2]])
    assert one.decided == other.decided


@pytest.mark.parametrize("difference, least, most", [(-0.04, 0, 1), (0.0, 6, 24), (0.04, 29, 30)])
def test_the_larger_input_wins_and_equal_ones_win_by_chance(difference, least, most):
    runs = [
        Competition().run(0.3 + difference / 2, 0.3 - difference / 2, duration=SECONDS, seed=seed)
        for seed in range(30)
    ]
    assert least <= sum(run.winner == "A" for run in runs) <= most


@pytest.mark.parametrize("without", ["w_E", "w_I", "w_C"])
def test_there_is_no_winner_without_excitation_or_inhibition(without):
    runs = [
        Competition(**{without: 0.0}).run(0.3, 0.3, duration=SECONDS, seed=seed)
        for seed in range(10)
    ]
    assert {run.winner for run in runs} == {"none"}


@pytest.mark.parametrize(
    "A, B, bin",
    [
        ([1, 3, 3], [1, 1, 1], 1),
        ([1, 3, 1], [1, 1, 1], -1),
        ([3, 3, 1], [1, 1, 3], 2),
        ([2, 2, 2], [1, 1, 1], -1),
        ([0, 0, 0], [0, 1, 1], 1),
    ],
)
def test_decision_is_the_first_bin_of_a_lead_that_lasts(A, B, bin):
    assert decision(np.array(A, dtype=float), np.array(B, dtype=float)) == bin


def test_an_undecided_competition_has_neither_winner_nor_time():
    for network in (Competition(w_I=0.0), Competition(sigma=0.0)):
        run = network.run(0.32, 0.32, duration=SECONDS)
        assert (run.winner, run.decided) == ("none", -1.0)


def run_with(A, B, duration):
    """A run in which one neuron of A and one of B fire so often in each bin."""
    trains = [
        ((k + (i + 0.5) / n) * BIN, neuron)
        for neuron, counts in ((0, A), (POOL, B))
        for k, n in enumerate(counts)
        for i in range(n)
    ]
    times, who = np.array(sorted(trains)).T
    return CompetitionRun(spike_times=times, neurons=who.astype(int), duration=duration)


@pytest.mark.parametrize(
    "duration, bins", [(200.0, 10), (210.0, 10), (219.5, 10), (0.1 * 2000, 10)]
)
def test_bins_are_whole_for_the_rates_and_for_the_winner(duration, bins):
    A, B = [1] * 5 + [3] * 6, [1] * 11
    run = run_with(A, B, duration)
    assert run.rates.shape == (3, bins)
    assert (run.winner, run.decided) == ("A", 5 * BIN)
    later = run_with([1] * 6 + [3] * 5, B, duration)  # 80 ms before the end of the bins
    assert (later.winner, later.decided) == ("none", -1.0)


def test_a_run_shorter_than_a_bin_has_no_rates_and_no_winner():
    run = Competition().run(0.3, 0.3, duration=10.0)
    assert run.rates.shape == (3, 0) and (run.winner, run.decided) == ("none", -1.0)


def test_the_time_of_a_decision_is_its_bin_or_minus_one():
    ahead, never = np.array([1.0, 3.0, 3.0]), np.array([1.0, 1.0, 1.0])
    assert decision_time(ahead, never) == BIN and decision_time(never, never) == -1.0
    assert_engines_agree(decision_time, ahead, never)
    assert_engines_agree(decision_time, never, never)


def test_refractory_time_bounds_the_rates():
    network = Competition(w_I=0.0, w_E=2.0)
    assert network.run(0.5, 0.5, duration=100.0).rates[:2].max() <= 1000.0 / network.t_ref + 50.0


def test_engines_agree():
    network = Competition(u_r=-66.0, delay=1.3)
    pools = Pools(*(pool_at_rest(n, network.u_rest, 2000) for n in (POOL, POOL, INHIBITORY)))
    assert_engines_agree(compete, 120, 0.5, 0.4, 0.35, network, 4, pools)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"dt": 2.0}, "dt = 2 ms: the time step must be ≤ delay = 1 ms"),
        ({"duration": 0.1}, "duration = 0.1 ms"),
        ({"duration": [1.0, 2.0]}, "must be one number"),
        ({"seed": -1}, "seed = -1"),
        ({"seed": 1.5}, "seed = 1.5"),
    ],
)
def test_bad_input_is_named(options, message):
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        Competition().run(0.3, 0.3, **({"duration": 10.0} | options))


def test_step_beyond_the_refractory_time_is_refused():
    with pytest.raises(ValueError, match=r"the time step must be ≤ t_ref = 1\.5 ms"):
        Competition(delay=3.0, t_ref=1.5).run(0.3, 0.3, duration=10.0, dt=2.0)


def test_a_population_of_networks_is_refused():
    with pytest.raises(ValueError, match="takes numbers"):
        Competition(w_E=[0.1, 0.2])


def test_results_are_read_only():
    run = Competition().run(0.3, 0.3, duration=100.0)
    with pytest.raises(ValueError, match="read-only"):
        run.spike_times[0] = 0.0
