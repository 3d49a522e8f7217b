"""AdEx obeys its equations, to the stated precision; its phase plane is where they say."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from neuro_lib import (
    LIF,
    Current,
    constant_current,
    count_spikes,
    naud_pattern,
    simulate,
)
from neuro_lib.models.adex import (
    COARSEST,
    ORDER,
    PRECISION,
    STEEP,
    AdEx,
    AdExSeries,
    AdExState,
    climb,
    coarseness,
    leap,
    march_adex,
    peak_above_rest,
    run_adex,
    soar,
    soaring_from,
    soars,
    upswing,
)
from neuro_lib.models.population import AdExs, count_adex_block
from neuro_lib.models.series import horner
from tests.engines import assert_engines_agree

quick = settings(derandomize=True, deadline=None, max_examples=40)
STAIRS = st.lists(st.floats(-1, 1), min_size=20, max_size=20).map(np.array)

NAUD = [
    "tonic",
    "adapting",
    "initial burst",
    "bursting",
    "delayed accelerating",
    "delayed bursting",
    "transient",
    "irregular",
]


def pull(m, u, w, I):
    """Time derivatives of u and w."""
    upswing = m.Delta_T * np.exp((u - m.theta_rh) / m.Delta_T)
    return np.array(
        [
            (-(u - m.u_rest) + upswing + m.R * (I - w)) / m.tau_m,
            (m.a * (u - m.u_rest) - w) / m.tau_w,
        ]
    )


def adex_by_solve_ivp(m, edges, amplitudes):
    """Spike times and last state of an independent solver, fresh at each spike and edge."""

    def fires(t, y, I):
        return y[0] - m.ceiling

    fires.terminal, fires.direction = True, 1
    y, spikes = [m.u_rest, 0.0], []
    for (t, end), I in zip(pairwise(edges), amplitudes, strict=True):
        while t < end:
            s = solve_ivp(
                lambda t, y, I: pull(m, *y, I),
                (t, end),
                y,
                args=(I,),
                events=fires,
                rtol=1e-11,
                atol=1e-11,
                method="DOP853",
            )
            t, y = s.t[-1], s.y[:, -1]
            if s.status == 1:
                spikes.append(t)
                y = [m.u_r, y[1] + m.b]
    return np.array(spikes), y


@pytest.mark.parametrize("name", NAUD)
def test_adex_matches_an_independent_solver(name):
    m, I = naud_pattern(name)
    edges, amplitudes = [0.0, 60.0, 80.0, 110.0], [I, -0.5 * I, 1.7 * I]
    expected, (u, w) = adex_by_solve_ivp(m, edges, amplitudes)
    assert expected.size >= 1
    for dt in (0.1, 0.5, 2.0):
        steps = np.round(np.diff(edges) / dt).astype(int)
        trace = simulate(m, Current(np.append(np.repeat(amplitudes, steps), 0.0), dt))
        np.testing.assert_allclose(trace.spike_times, expected, rtol=0, atol=2e-7)
        assert trace.u[-1] == pytest.approx(u, abs=1e-5)
        assert trace.w[-1] == pytest.approx(w, abs=1e-8)


def test_without_adaptation_the_interval_is_an_integral():
    m = replace(naud_pattern("tonic")[0], a=0.0, b=0.0)
    edges = [m.u_r, -52.0, -50.0, -48.0, -46.0, -44.0, -40.0, -35.0, -25.0, m.ceiling]
    expected = sum(
        quad(lambda u: 1 / pull(m, u, 0.0, 0.4)[0], *ends, epsabs=1e-13)[0]
        for ends in pairwise(edges)
    )
    spikes = simulate(m, constant_current(0.4, duration=200.0, dt=0.1)).spike_times
    assert spikes.size > 5
    np.testing.assert_allclose(np.diff(spikes), expected, rtol=0, atol=5e-8)


def leaps(h, steps):
    """Potential after `steps` leaps that span h together, from near the threshold (mV)."""
    x, W, (J, tau_m, rise, Delta_T, g, tau_w) = 18.0, 1.0, (40.0, 20.0, 20.0, 2.0, 0.2, 100.0)
    for _ in range(steps):
        E = upswing(x, rise, Delta_T)
        part = h / steps
        x, W, _, _ = leap(x, W, E, J, part / tau_m, part / tau_w, 1 / Delta_T, g)
    return x


def test_a_leap_is_of_the_stated_order():
    errors = [abs(leaps(h, 1) - leaps(h, 64)) for h in (1.2, 0.6)]
    assert errors[1] > 1e-11
    assert np.log2(errors[0] / errors[1]) == pytest.approx(8, abs=0.6)


def test_a_leap_into_the_upswing_is_short_and_one_far_below_it_may_be_long():
    Delta_T, rise = 2.0, 15.0
    assert coarseness(10.0, 0.0, 1.9 * Delta_T, rise, Delta_T) <= 0
    assert coarseness(10.0, 0.0, 2.1 * Delta_T, rise, Delta_T) > 0
    far = rise - 130 * Delta_T  # the exponential is nothing until 30 Delta_T below `rise`
    assert coarseness(far, 0.0, 49 * Delta_T, rise, Delta_T) <= 0
    assert coarseness(far, 0.0, 51 * Delta_T, rise, Delta_T) > 0


@given(
    linear=st.tuples(st.floats(5, 50), st.floats(-0.9, 10), st.floats(5, 300)),  # tau_m, g, tau_w
    state=st.tuples(st.floats(0, 40), st.floats(-20, 20), st.floats(-20, 60)),  # x, W, J
    Delta_T=st.floats(0.2, 5),
)
@quick
def test_a_climb_takes_the_time_that_the_equations_say(linear, state, Delta_T):
    (tau_m, g, tau_w), (x, W, J), rise = linear, state, 20.0
    assume((x - rise) / Delta_T < 6.0)  # further up no solver in time can follow
    E, _ = assert_engines_agree(upswing, x, rise, Delta_T)
    height, series = 0.5 * Delta_T, AdExSeries(*(np.zeros(ORDER + 1) for _ in range(4)))
    adex = AdEx(tau_m=tau_m, R=1.0, a=g, tau_w=tau_w, Delta_T=Delta_T)
    part, (ts, ws, _, _) = assert_engines_agree(climb, height, x, W, E, J, adex, series)
    if J - x - W + E <= 0.0:
        assert part == 0.0
    assume(part > 0.0)

    def slope(t, state):
        risen, W = state
        pull = J - x - risen + Delta_T * np.exp((x + risen - rise) / Delta_T) - W
        return [pull / tau_m, (g * (x + risen) - W) / tau_w]

    def beyond(t, state):
        return state[0] - 1.1 * part * height

    beyond.terminal = True
    assert 0.0 < part <= 1.0
    end = horner(ts, ORDER + 1, part)
    course = solve_ivp(
        slope,
        (0.0, end),
        [0.0, W],
        events=beyond,
        rtol=1e-10,
        atol=1e-12,
        method="DOP853",
        max_step=end / 3,
    )
    assert course.status == 0
    risen, W = course.y[:, -1]
    late = (risen - part * height) / slope(end, (risen, W))[0]
    assert late == pytest.approx(0.0, abs=1e-8)
    assert horner(ws, ORDER + 1, part) == pytest.approx(W, abs=5e-9)


@given(
    linear=st.tuples(st.floats(5, 200), st.floats(-0.9, 10), st.floats(5, 300)),  # tau_m, g, tau_w
    state=st.tuples(st.floats(-20, 60), st.floats(-20, 60)),  # W, J
    Delta_T=st.floats(0.2, 5),
    u_peak=st.floats(-40, 100),
    further=st.floats(0, 2),  # times Delta_T, above where u soars
)
@quick
def test_u_soars_in_the_time_that_the_equations_say(linear, state, Delta_T, u_peak, further):
    (tau_m, g, tau_w), (W, J), rise = linear, state, 20.0
    adex = AdEx(tau_m=tau_m, R=1.0, a=g, tau_w=tau_w, Delta_T=Delta_T, u_r=-70.0, u_peak=u_peak)
    peak, least = peak_above_rest(adex), soaring_from(adex)
    courses = rise + Delta_T * np.arange(0.0, 20.0, 0.01)
    low = (x for x in courses if soars(x, W, upswing(x, rise, Delta_T), J, g, least))
    x = next(low) + further * Delta_T
    assume(x < peak)
    E, _ = assert_engines_agree(upswing, x, rise, Delta_T)
    room = AdExSeries(*(np.zeros(ORDER + 1) for _ in range(4)))
    (time, W_end), _ = assert_engines_agree(soar, x, W, E, J, peak, adex, room, rel=1e-9)

    def slope(y, state):
        W = state[1]
        pull = E * np.exp(y / Delta_T) + J - x - y - W
        return [tau_m / pull, (g * (x + y) - W) * tau_m / (tau_w * pull)]

    course = solve_ivp(slope, (0.0, peak - x), [0.0, W], rtol=1e-13, atol=1e-14, method="DOP853")
    assert time == pytest.approx(course.y[0, -1], abs=5 * PRECISION)
    assert W_end == pytest.approx(course.y[1, -1], abs=PRECISION)


@pytest.mark.parametrize("dt", [0.1, 1.0, 8.0])
def test_a_peak_reached_and_left_within_a_step_is_a_spike(dt):
    # A fast and strong w: u overshoots, and comes back.
    m = AdEx(tau_m=20.0, R=100.0, u_rest=-65.0, Delta_T=0.5, a=0.08, tau_w=20.0, b=0.0)

    def turns(t, y):
        return pull(m, *y, 0.535)[0]

    turns.direction = -1
    course = solve_ivp(
        lambda t, y: pull(m, *y, 0.535),
        (0.0, 40.0),
        [m.u_rest, 0.0],
        events=turns,
        rtol=1e-12,
        atol=1e-12,
        method="DOP853",
    )
    (when, *_), top = course.t_events[0], course.y_events[0][0][0]
    assert top > m.theta_rh and course.y[0, -1] < top - 1.0
    I = constant_current(0.535, duration=40.0, dt=dt)
    under, over = (replace(m, u_peak=top - off, u_r=-60.0) for off in (1e-7, -1e-7))
    assert simulate(under, I).spike_times[0] == pytest.approx(when, abs=0.01)
    assert simulate(over, I).spike_count == 0
    assert count_spikes(over, I) == 0 and count_spikes(under, I) >= 1


def test_spikes_of_adex_do_not_depend_on_dt():
    for name in NAUD[:-1]:
        m, I = naud_pattern(name)
        traces = [simulate(m, constant_current(I, duration=300.0, dt=dt)) for dt in (0.05, 0.5, 3)]
        for trace in traces[1:]:
            np.testing.assert_allclose(
                trace.spike_times, traces[0].spike_times, rtol=0, atol=5e-7, err_msg=name
            )


def test_as_the_upswing_sharpens_adex_becomes_the_lif():
    I = constant_current([0.35, 0.5, 1.0], duration=80.0, dt=0.1)
    lif = simulate(LIF(tau_m=20.0, R=60.0, theta=-50.0, u_rest=-68.0, u_r=-62.0), I).spike_times
    off = []
    for Delta_T in (1.0, 0.1, 0.01, 1e-3, 1e-4):
        m = AdEx(
            tau_m=20.0, R=60.0, u_rest=-68.0, u_r=-62.0, Delta_T=Delta_T, a=0.0, b=0.0, u_peak=-40.0
        )
        spikes = simulate(m, I).spike_times
        off.append(max(abs(s[0] - e[0]) for s, e in zip(spikes, lif, strict=True)))
    assert np.all(np.diff(off) < 0)
    assert off[-1] < 0.01 < 1.0 < off[0]


# The phase plane


@pytest.mark.parametrize("name", NAUD)
def test_fixed_points_are_where_the_nullclines_cross(name):
    m, _ = naud_pattern(name)
    for I in (-0.2, m.rheobase - 0.05, m.rheobase - 1e-4):
        points = m.fixed_points(I=I)
        assert len(points) == (1 if m.a * m.R == -1.0 else 2)
        for p in points:
            np.testing.assert_allclose(pull(m, p.u, p.w, I), 0.0, atol=1e-9)
            np.testing.assert_allclose(m.nullclines(p.u, I=I), p.w, atol=1e-9)
            e = 1e-5
            jacobian = np.column_stack(
                [
                    (pull(m, p.u + e, p.w, I) - pull(m, p.u - e, p.w, I)) / (2 * e),
                    (pull(m, p.u, p.w + e, I) - pull(m, p.u, p.w - e, I)) / (2 * e),
                ]
            )
            real = np.linalg.eigvals(jacobian).real
            growing = int(np.sum(real > 0))
            assert p.kind == ["stable", "saddle", "unstable"][growing]
    assert m.fixed_points(I=m.rheobase + 1e-4) == []
    with pytest.raises(ValueError, match=r"^I has shape \(2,\): the constant current must be one "):
        m.fixed_points(I=[0.1, 0.2])


def test_the_rheobase_divides_silence_from_firing():
    m = replace(naud_pattern("tonic")[0], a=0.0, b=0.0)
    assert m.rheobase == pytest.approx((-50.0 + 70.0 - 2.0) / 100.0)
    I = constant_current([m.rheobase - 1e-4, m.rheobase + 1e-4], duration=3000.0, dt=1.0)
    assert (count_spikes(m, I) > 0).tolist() == [False, True]
    both = replace(m, a=[0.0, 0.01])
    assert both.rheobase.tolist() == [m.rheobase, replace(m, a=0.01).rheobase]


# A population of AdEx


def test_each_adex_of_a_population_is_exactly_its_own_run():
    m = replace(AdEx(), b=[0.0, 0.06], a=[[0.0], [0.002]])
    I = constant_current(0.5, duration=100.0, dt=0.5)
    trace = simulate(m, I)
    np.testing.assert_array_equal(count_spikes(m, I), trace.spike_count)
    for i, a in enumerate([0.0, 0.002]):
        for j, b in enumerate([0.0, 0.06]):
            own = simulate(replace(AdEx(), a=a, b=b), I)
            np.testing.assert_array_equal(trace.u[i, j], own.u)
            np.testing.assert_array_equal(trace.w[i, j], own.w)
            np.testing.assert_array_equal(trace.spike_times[i, j], own.spike_times)
            assert own.spike_count > 2


# AdEx in every engine

ADEX = st.builds(
    AdEx,
    tau_m=st.floats(5, 50),
    R=st.floats(10, 200),
    Delta_T=st.floats(0.2, 5),
    u_r=st.floats(-75, -46),
    a=st.floats(-0.0045, 0.05),
    tau_w=st.floats(5, 300),
    b=st.floats(0, 0.2),
)


@given(m=ADEX, amplitudes=STAIRS, dt=st.sampled_from([0.1, 0.5]))
@settings(quick, max_examples=20)
def test_run_adex_agrees_in_every_engine(m, amplitudes, dt):
    assume(m.u_r < m.theta_rh + 3 * m.Delta_T)
    u, w, spikes = np.zeros(40), np.zeros(40), np.zeros(200)
    n, (_, u, _, _) = assert_engines_agree(
        run_adex, np.repeat(amplitudes, 2), dt, m, -70.0, u, w, spikes, rel=1e-7
    )
    assert n <= 200 and np.all(u < m.ceiling)


@given(m=ADEX, x=st.floats(-30, 40), W=st.floats(-20, 20), h=st.sampled_from([0.01, 0.1, 1.0]))
@quick
def test_leap_agrees_in_every_engine(m, x, W, h):
    assume((x - 20.0) / m.Delta_T < 5.0)
    E = upswing(x, 20.0, m.Delta_T)
    (_, _, last, up), _ = assert_engines_agree(
        leap, x, W, E, 10.0, h / m.tau_m, h / m.tau_w, 1 / m.Delta_T, m.a * m.R
    )
    coarse, _ = assert_engines_agree(coarseness, x, last, up, 20.0, m.Delta_T)
    assert up >= 0.0 and (coarse > 0.0) == (
        last > min(PRECISION, COARSEST * m.Delta_T)
        or up > max(2 * m.Delta_T, 0.5 * (20.0 - 30.0 * m.Delta_T - x))
    )


@given(m=ADEX, x=st.floats(-30, 24), W=st.floats(-20, 20), J=st.floats(-20, 60))
@quick
def test_march_adex_agrees_in_every_engine(m, x, W, J):
    peak = min(70.0, 20.0 + STEEP * m.Delta_T)
    assume(x < peak and m.u_r + 70.0 < peak)
    series = AdExSeries(*(np.zeros(ORDER + 1) for _ in range(4)))
    (state, n), (spikes, *_) = assert_engines_agree(
        march_adex, 5.0, 6.0, AdExState(x, W), J, m, np.zeros(3), 0, series, rel=1e-7
    )
    assert state.x < peak and np.all(np.diff(spikes[: min(n, 3)]) > 0)


def test_adex_counts_are_those_of_simulate():
    rng = np.random.default_rng(0)
    m = AdEx(
        tau_m=rng.uniform(5, 50, 130),
        R=rng.uniform(50, 200, 130),
        Delta_T=rng.uniform(0.3, 4, 130),
        u_r=rng.uniform(-70, -50, 130),
        a=rng.uniform(-0.004, 0.05, 130),
        b=rng.uniform(0, 0.1, 130),
        tau_w=rng.uniform(5, 200, 130),
    )
    for dt in (0.1, 1.0, 4.0):
        for I in (
            constant_current(rng.uniform(0.3, 1.0, 130), duration=200.0, dt=dt),
            Current(rng.normal(0.5, 0.7, int(200 / dt)), dt),
            Current(rng.normal(0.5, 0.7, (130, 70)), dt),
        ):
            counts = count_spikes(m, I)
            np.testing.assert_array_equal(counts, simulate(m, I).spike_count)
            assert counts.sum() > 0


def test_one_source_of_the_adex_block_for_numba_and_plain_python():
    rng = np.random.default_rng(0)
    m = AdEx(b=rng.uniform(0, 0.1, 66))
    columns = np.array([np.broadcast_to(x, 66) for x in (*m.arguments(), m.u_rest)])
    rows, which = rng.normal(0.6, 0.4, (2, 40)), np.arange(66) % 2
    counts = np.zeros(66, dtype=np.int64), np.zeros(66, dtype=np.int64)
    count_adex_block(rows, which, 1.0, AdExs(*columns[:-1]), columns[-1], counts[0])
    count_adex_block.python(rows, which, 1.0, AdExs(*columns[:-1]), columns[-1], counts[1])
    np.testing.assert_array_equal(*counts)
    assert counts[0].sum() > 0


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: AdEx(Delta_T=0.0), "Delta_T = 0 mV: the sharpness of the upswing must be finite"),
        (lambda: AdEx(tau_w=-1.0), "tau_w = -1 ms: the adaptation time constant must be finite"),
        (lambda: AdEx(u_peak=-50.0), "u_peak = -50 mV: the potential at which a spike is recorded"),
        (lambda: AdEx(u_r=5.0), "u_peak = 0 mV: the potential at which a spike is recorded must"),
        (lambda: AdEx(theta_rh=-71.0), "theta_rh = -71 mV: the rheobase threshold must be > u_re"),
        (lambda: AdEx(a=-0.011), "a = -0.011 µS: the coupling of the adaptation to the potential"),
        (lambda: AdEx(u_r=-40.0, Delta_T=0.1), "u_r = -40 mV: the reset potential must be < thet"),
        (lambda: AdEx(b=[0.1, 0.2]).fixed_points(), "the phase plane is that of one neuron; got"),
        (lambda: AdEx().nullclines(2000.0), "u = 2000 mV: the potential must be ≤ theta_rh + 700"),
        (
            lambda: simulate(AdEx(), constant_current(1e4, duration=9.0, dt=0.1)),
            "I = 10000 nA: the current must be so small that the neuron fires at less",
        ),
        (
            lambda: simulate(AdEx(), constant_current(0.5, duration=9.0, dt=0.1), u_start=1.0),
            "u_start = 1 mV: the potential at the start must be < u_peak = 0 mV",
        ),
    ],
)
def test_what_makes_no_sense_for_adex_is_refused(call, message):
    with pytest.raises(ValueError) as refused:
        call()
    assert str(refused.value).startswith(message)
