"""Volleys add up, peak where a solver finds it, and fire the neuron at the count that is told."""

from math import ceil, pi, sqrt

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import log_ndtr

from neuro_lib import (
    LIF,
    ExponentialSynapse,
    conductance_psp,
    exponential_psp,
    simulate,
    spike_train_current,
    spikes_to_fire,
    volley_peak,
    volley_response,
)
from neuro_lib.analysis.volleys import (
    add_volley,
    count_to_fire,
    drive_of_epsp,
    expected_count,
    mean_peak,
    peak_of_volley,
    sort_first,
    time_to_peak,
)
from tests.engines import assert_engines_agree

# The sliders' full ranges, and values between their notches
TAU_M, TAU_S, EPSP = st.floats(5, 50), st.floats(0.5, 10), st.floats(0.1, 5)
JITTER = st.one_of(st.just(0.0), st.floats(0.1, 20))
ARRIVALS = st.lists(st.floats(-30, 30), min_size=1, max_size=30)
PAIRS = [(10.0, 2.0), (10.0, 10.0), (10.0, 10.0 + 1e-7), (5.0, 9.0), (50.0, 0.5)]  # τ_m, τ_s

quick = settings(derandomize=True, deadline=None, max_examples=60)


def one_epsp(t, tau_m, tau_s):
    """EPSP whose peak of 1 mV is found numerically, not by the formula."""
    lif = LIF(tau_m=tau_m)
    top = minimize_scalar(
        lambda s: -exponential_psp(lif, 1.0, s, tau_s=tau_s),
        bounds=(0.0, 5.0 * (tau_m + tau_s)),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return exponential_psp(lif, 1.0, t, tau_s=tau_s) / -top.fun


@given(tau_m=TAU_M, tau_s=TAU_S, epsp=EPSP, arrivals=ARRIVALS)
@example(tau_m=10.0, tau_s=10.0, epsp=1.0, arrivals=[0.0, 0.0, 3.0])
@quick
def test_a_volley_is_the_sum_of_its_epsps(tau_m, tau_s, epsp, arrivals):
    t = np.linspace(90.0, -31.0, 61)
    expected = epsp * sum(one_epsp(t - arrival, tau_m, tau_s) for arrival in arrivals)
    found = volley_response(LIF(tau_m=tau_m), epsp, arrivals, t, tau_s=tau_s)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * epsp * len(arrivals))


@given(tau_m=TAU_M, tau_s=TAU_S, epsp=EPSP, arrivals=ARRIVALS)
@quick
def test_nothing_is_above_the_peak_and_something_comes_to_it(tau_m, tau_s, epsp, arrivals):
    lif = LIF(tau_m=tau_m)
    t = np.append(np.linspace(-31.0, 130.0, 20_000), arrivals)
    highest = volley_response(lif, epsp, arrivals, t, tau_s=tau_s).max()
    peak = volley_peak(lif, epsp, arrivals, tau_s=tau_s)
    assert highest <= peak * (1 + 1e-12)
    assert peak == pytest.approx(highest, rel=2e-4)


@pytest.mark.parametrize("tau_m, tau_s", PAIRS)
@pytest.mark.parametrize("n", [1, 2, 40])
def test_simultaneous_epsps_peak_at_their_number_times_one(tau_m, tau_s, n):
    peak = volley_peak(LIF(tau_m=tau_m), 0.5, [7.0] * n, tau_s=tau_s)
    assert peak == pytest.approx(0.5 * n, rel=1e-9)


@pytest.mark.parametrize("tau_m, tau_s", PAIRS)
def test_epsps_far_apart_do_not_add(tau_m, tau_s):
    arrivals = 60.0 * tau_m * np.arange(4)
    assert volley_peak(LIF(tau_m=tau_m), 2.0, arrivals, tau_s=tau_s) == pytest.approx(2.0)


def test_the_top_of_one_epsp_is_where_its_slope_is_zero():
    for tau_m, tau_s in PAIRS:
        top = time_to_peak(0.0, 1.0, tau_s, tau_m)
        h = 1e-3
        before, after = exponential_psp(LIF(tau_m=tau_m), 1.0, [top - h, top + h], tau_s=tau_s)
        assert abs(after - before) / (2 * h) < 1e-6 * before


@given(arrivals=ARRIVALS, further=st.floats(-30, 30), tau_m=TAU_M, tau_s=TAU_S)
@quick
def test_a_further_spike_never_lowers_the_peak(arrivals, further, tau_m, tau_s):
    lif = LIF(tau_m=tau_m)
    fewer = volley_peak(lif, 1.0, arrivals, tau_s=tau_s)
    assert volley_peak(lif, 1.0, [*arrivals, further], tau_s=tau_s) >= fewer * (1 - 1e-12)


# The neuron itself fires if and only if the peak reaches its threshold


@pytest.mark.parametrize("jitter", [0.5, 3.0])
@pytest.mark.parametrize("tau_m, tau_s", [(10.0, 2.0), (20.0, 5.0)])
def test_the_neuron_fires_at_the_count_for_the_draws_and_not_at_one_less(tau_m, tau_s, jitter):
    lif = LIF(tau_m=tau_m)
    draws = np.random.default_rng(3).standard_normal(100)
    n = count_to_fire(draws, 0.6, 15.0, jitter, tau_s, tau_m)
    charge = drive_of_epsp(0.6, tau_s, tau_m) * tau_s / lif.R

    def fires(n):
        arrivals = 20.0 + jitter * draws[:n]
        I = spike_train_current(arrivals, charge, tau_s=tau_s, duration=100.0, dt=0.01)
        return simulate(lif, I).spike_count > 0

    assert 25 < n < 60 and fires(n) and not fires(n - 1)


def test_the_count_is_minus_one_when_all_draws_do_not_fire():
    draws = np.zeros(29)
    assert count_to_fire(draws, 0.5, 15.0, 1.0, 2.0, 10.0) == -1
    assert count_to_fire(np.zeros(30), 0.5, 15.0, 1.0, 2.0, 10.0) == 30
    assert count_to_fire(np.zeros(1), 20.0, 15.0, 1.0, 2.0, 10.0) == 1
    assert count_to_fire(np.zeros(0), 20.0, 15.0, 1.0, 2.0, 10.0) == -1


# The mean over the jitter


def blurred_decay(t, tau, sigma):
    """exp(-t/τ) after t = 0, convolved with a Gaussian: the textbook's closed form."""
    return np.exp(0.5 * (sigma / tau) ** 2 - t / tau + log_ndtr(t / sigma - sigma / tau))


@given(tau_m=TAU_M, tau_s=TAU_S, jitter=st.floats(0.1, 20))
@example(tau_m=50.0, tau_s=0.5, jitter=20.0)
@example(tau_m=5.0, tau_s=10.0, jitter=0.1)
@quick
def test_mean_peak_is_that_of_the_closed_form(tau_m, tau_s, jitter):
    tau_s = tau_s if abs(tau_m - tau_s) > 0.05 else tau_m + 0.05  # the formula loses digits
    top = minimize_scalar(
        lambda t: (
            -(blurred_decay(t, tau_m, jitter) - blurred_decay(t, tau_s, jitter)) / (tau_m - tau_s)
        ),
        bounds=(-jitter, 5 * jitter + 3 * max(tau_m, tau_s)),
        method="bounded",
        options={"xatol": 1e-8},
    )
    alone = minimize_scalar(
        lambda t: -exponential_psp(LIF(tau_m=tau_m, R=1.0), 1.0, t, tau_s=tau_s),
        bounds=(0.0, 5.0 * (tau_m + tau_s)),
        method="bounded",
        options={"xatol": 1e-8},
    )
    assert mean_peak(jitter, tau_s, tau_m) == pytest.approx(top.fun / alone.fun, rel=1e-5)


def test_mean_peak_is_that_of_a_volley_of_very_many():
    draws = np.sort(np.random.default_rng(5).standard_normal(200_000))
    for tau_m, tau_s, jitter in ((10.0, 2.0, 4.0), (10.0, 10.0, 1.0), (20.0, 0.5, 10.0)):
        peak = volley_peak(LIF(tau_m=tau_m), 1.0, jitter * draws, tau_s=tau_s) / draws.size
        assert mean_peak(jitter, tau_s, tau_m) == pytest.approx(peak, rel=0.01)


@pytest.mark.parametrize("tau_m, tau_s", PAIRS)
def test_mean_peak_goes_from_one_to_the_area_of_an_epsp_over_that_of_the_jitter(tau_m, tau_s):
    assert mean_peak(0.0, tau_s, tau_m) == 1.0
    assert mean_peak(1e-3 * tau_s, tau_s, tau_m) == pytest.approx(1.0, abs=1e-3)
    wide = 100.0 * max(tau_m, tau_s)
    area = drive_of_epsp(1.0, tau_s, tau_m) * tau_s  # of one EPSP, in mV·ms
    assert mean_peak(wide, tau_s, tau_m) == pytest.approx(area / wide / sqrt(2 * np.pi), rel=1e-3)
    peaks = [mean_peak(jitter, tau_s, tau_m) for jitter in np.linspace(0.0, 20.0, 41)]
    assert np.all(np.diff(peaks) < 0)


@pytest.mark.parametrize("epsp, expected", [(15.0, 1), (1.0, 15), (0.5, 30), (0.1, 150), (4, 4)])
def test_without_jitter_it_takes_the_distance_over_the_epsp(epsp, expected):
    assert expected == ceil(round(15.0 / epsp, 9))
    assert spikes_to_fire(LIF(), epsp, tau_s=2.0) == expected


def test_counts_broadcast_and_grow_with_the_jitter():
    lif = LIF(theta=[[-55.0], [-50.0], [-40.0]])
    counts = spikes_to_fire(lif, 0.5, jitter=[0.0, 1.0, 5.0, 20.0], tau_s=2.0)
    assert counts.shape == (3, 4) and counts.dtype == int
    assert counts[:, 0].tolist() == [20, 30, 50]
    assert np.all(np.diff(counts) > 0) and np.all(np.diff(counts, axis=0) > 0)
    assert isinstance(spikes_to_fire(LIF(), 0.5, tau_s=2.0), int)


@pytest.mark.parametrize(
    "values, message",
    [
        ({"epsp": 0.0}, "epsp = 0 mV: the peak of a single EPSP must be finite and > 0 mV"),
        ({"jitter": -1.0}, "jitter = -1 ms: .* ≥ 0 ms"),
        ({"tau_s": 0.0}, "tau_s = 0 ms: .* > 0 ms"),
    ],
)
def test_bad_values_are_named(values, message):
    with pytest.raises(ValueError, match=message):
        spikes_to_fire(LIF(), **{"epsp": 1.0, "jitter": 1.0, "tau_s": 2.0} | values)


def test_a_volley_is_for_one_neuron():
    with pytest.raises(ValueError, match=r"takes one neuron.*\(2,\)"):
        volley_peak(LIF(tau_m=[5.0, 6.0]), 1.0, [0.0], tau_s=2.0)
    with pytest.raises(TypeError, match="must be an LIF"):
        volley_peak(None, 1.0, [0.0], tau_s=2.0)
    with pytest.raises(ValueError, match="arrivals = nan ms"):
        volley_peak(LIF(), 1.0, [np.nan], tau_s=2.0)


# The engines


@given(tau_m=TAU_M, tau_s=TAU_S, epsp=EPSP, jitter=JITTER, arrivals=ARRIVALS)
@settings(quick, max_examples=20)
def test_engines_agree(tau_m, tau_s, epsp, jitter, arrivals):
    draws = np.array(arrivals) / 10.0
    n = len(draws)
    _, (ordered,) = assert_engines_agree(sort_first, np.array(arrivals), n)
    assert ordered.tolist() == sorted(arrivals)
    t = np.linspace(-31.0, 90.0, 41)
    assert_engines_agree(add_volley, np.zeros(41), t, ordered, n, epsp, tau_s, tau_m)
    assert_engines_agree(peak_of_volley, ordered, n, epsp, tau_s, tau_m)
    assert_engines_agree(mean_peak, jitter, tau_s, tau_m)
    assert_engines_agree(expected_count, epsp, 15.0, jitter, tau_s, tau_m)
    assert_engines_agree(count_to_fire, draws, epsp, 15.0, jitter, tau_s, tau_m)


def test_times_may_have_any_shape_and_order():
    t = np.array([[20.0, 3.0, -1.0], [6.0, 3.0, 0.0]])
    u = volley_response(LIF(), 1.0, [0.0, 2.0], t, tau_s=2.0)
    for place, time in np.ndenumerate(t):
        assert u[place] == volley_response(LIF(), 1.0, [0.0, 2.0], time, tau_s=2.0)
    psp = conductance_psp(LIF(), ExponentialSynapse(), t)
    assert psp.shape == t.shape
    assert psp.ravel().tolist() == conductance_psp(LIF(), ExponentialSynapse(), t.ravel()).tolist()


def test_a_volley_is_counted_soon_or_refused():
    # Flat out, an EPSP is its area, 10^(10/9) mV ms per mV of its peak, under the Gaussian's top.
    area_of_threshold = 30.0 * 1e4 * sqrt(2 * pi) / 10 ** (10 / 9)
    assert spikes_to_fire(LIF(), 0.5, jitter=1e4, tau_s=1.0) == ceil(area_of_threshold)
    with pytest.raises(
        ValueError, match=r"^jitter = 10000 ms: .* must be ≤ 10000 times the shorter .*, 1 ms$"
    ):
        spikes_to_fire(LIF(), 0.5, jitter=1e4, tau_s=1e-4)
    with pytest.raises(ValueError, match=r"^jitter = 5 ms: .*, 1 ms$"):
        spikes_to_fire(LIF(tau_m=[10.0, 1e-4]), [[0.5], [0.6]], jitter=5.0, tau_s=2.0)


def test_a_count_beyond_what_floats_count_is_refused():
    assert spikes_to_fire(LIF(), 1.5e-8, tau_s=2.0) == 10**9
    with pytest.raises(ValueError, match=r"^epsp = 1e-300 mV: .* must be ≥ 1\.5e-08 mV, of which"):
        spikes_to_fire(LIF(), 1e-300, tau_s=2.0)


@pytest.mark.parametrize("slow", [1e6, 1e12, 1e30, 9e99])
def test_a_volley_of_very_unequal_time_constants_peaks_at_its_epsp(slow):
    for tau_s, tau_m in ((slow, 10.0), (10.0, slow)):
        assert volley_peak(LIF(tau_m=tau_m), 0.5, [0.0], tau_s=tau_s) == pytest.approx(0.5)
        assert spikes_to_fire(LIF(tau_m=tau_m), 0.5, tau_s=tau_s) == 30
