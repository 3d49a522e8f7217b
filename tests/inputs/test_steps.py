"""Times and steps: one rule for what lies on the grid, and the package takes what it gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuro_lib import (
    LIF,
    AdEx,
    Competition,
    Current,
    FilteredLIF,
    HodgkinHuxley,
    coincidence_factor,
    constant_current,
    euler,
    firing_pattern,
    mean_rate,
    poisson_train,
    pulse_train_current,
    ramp_current,
    simulate,
    spike_train_current,
    step_current,
)
from neuro_lib.analysis.fit import fit_spikes
from neuro_lib.analysis.prediction import noise_of
from neuro_lib.inputs.currents import require_step
from neuro_lib.inputs.steps import MOST_STEPS, in_steps, whole_steps
from neuro_lib.models.lif import euler_run
from neuro_lib.units import exceeds
from tests.engines import assert_engines_agree

quick = settings(derandomize=True, deadline=None, max_examples=150)

# Steps as people write them, and as sums and quotients give them
STEP = st.sampled_from(
    [0.1, 0.025, 0.3, 0.7, 0.1 + 0.2, 1 / 3, 0.05, 1.1, 2 / 7, 1e-3]
) | st.floats(0.01, 2.0)


@st.composite
def grids(draw):
    """A step, a number of steps, and their product, which may be a digit off."""
    dt, steps = draw(STEP), draw(st.integers(1, 3000))
    duration = draw(
        st.sampled_from(
            [
                steps * dt,
                round(steps * dt, 9),
                float(np.arange(steps + 1)[-1] * dt),
                float(np.full(steps, dt).sum()),
                steps / (1 / dt),
            ]
        )
    )
    if draw(st.booleans()):
        duration = float(np.nextafter(duration, draw(st.sampled_from([0.0, np.inf]))))
    if not abs(duration / dt - steps) < 1e-9 * steps:  # rounded to nine decimals of a small one
        duration = steps * dt
    return dt, steps, duration


@given(grid=grids())
@quick
def test_a_time_on_the_grid_is_a_whole_number_of_steps(grid):
    dt, steps, duration = grid
    assert whole_steps(duration, dt) == (steps, dt)
    assert in_steps(duration, dt) == steps
    times = dt * np.arange(steps + 1)
    assert [in_steps.__wrapped__(t, dt) for t in times[:50].tolist()] == list(
        range(times[:50].size)
    )


@given(
    time=st.floats(0.0, 1e4) | st.sampled_from([0.0, 1e300, 41.4]),
    dt=STEP | st.sampled_from([1e-100]),
)
@quick
def test_steps_are_counted_alike_in_every_engine(time, dt):
    assert_engines_agree(in_steps, time, dt)


@pytest.mark.parametrize("time, steps", [(0.3, 3.0), (0.35, 3.5), (0.3001, 3.001), (0.0, 0.0)])
def test_what_lies_beside_the_grid_stays_there(time, steps):
    assert in_steps(time, 0.1) == pytest.approx(steps, rel=1e-12)
    assert in_steps(time, 0.1) == steps or steps % 1


@given(value=st.floats(-1e6, 1e6), digits=st.integers(0, 4))
@quick
def test_rounding_exceeds_nothing_and_more_does(value, digits):
    off = value
    for _ in range(digits):
        off = float(np.nextafter(off, np.inf))
    assert not exceeds(off, value) and not exceeds(value, off)
    assert exceeds(value + 1e-6 * abs(value) + 1e-300, value)


def last_of_every_kind(duration, dt):
    """Firing times that the package makes, as late as can be."""
    strong = constant_current(1e4, duration=duration, dt=dt)
    held = LIF(t_ref=dt)  # fires as soon as it may, so that the last spike is at the end
    yield euler(LIF(), strong).spike_times
    yield simulate(held, strong).spike_times
    yield strong.t  # a spike at each of the times on the grid, at the very last, too


@given(grid=grids())
@quick
def test_times_made_by_the_package_are_taken_by_the_package(grid):
    dt, steps, duration = grid
    for train in last_of_every_kind(duration, dt):
        rate = mean_rate(train, duration=duration)
        assert rate == pytest.approx(1000.0 * len(train) / duration)
        window = duration / (4 * len(train))
        factor = coincidence_factor(train, train, duration=duration, window=window)
        assert factor == pytest.approx(1.0)
        for tau_s in (0.0, 1.0):
            I = spike_train_current(train, 0.3, tau_s=tau_s, duration=duration, dt=dt)
            assert I.values.size == steps + 1
        assert spike_train_current(train, 0.3, duration=duration, dt=dt).values.sum() * dt == (
            pytest.approx(0.3 * len(train))
        )
        stop = firing_pattern(train[-1:], start=0.0, stop=duration)
        assert stop != "rebound"


def test_the_last_spike_of_the_issue():
    trace = euler(LIF(), constant_current(0.4, duration=41.4, dt=0.1))
    assert round(mean_rate(trace.spike_times, duration=41.4), 3) == 72.464


@pytest.mark.parametrize("model", [LIF(), FilteredLIF(), AdEx(), HodgkinHuxley()])
@pytest.mark.parametrize("kind", [float, np.float32])
def test_a_run_is_as_long_as_its_input(model, kind):
    for duration, dt in ((41.4, 0.1), (0.3 * 7, 0.3), (66.6, 0.37)):
        I = constant_current(kind(0.6), duration=kind(duration), dt=kind(dt))
        spikes = simulate(model, I).spike_times
        assert mean_rate(spikes, duration=kind(duration)) == mean_rate(spikes, duration=duration)
        assert mean_rate(spikes.astype(kind), duration=duration) == len(spikes) * 1000.0 / duration


def test_a_network_and_a_fit_take_times_on_the_grid():
    run = Competition().run(0.33, 0.3, duration=40.3, dt=0.1)
    assert run.duration == pytest.approx(40.3) and not exceeds(run.spike_times[-1], 40.3)
    I = constant_current(0.4, duration=41.4, dt=0.1)
    fit_spikes(LIF(), I, [13.9, 41.4], generations=1)
    fit_spikes(LIF(), I, I.t[[100, -1]], generations=1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: pulse_train_current(1.0, width=0.1 + 0.2, period=0.3, duration=3.0, dt=0.1),
        lambda: step_current(1.0, start=0.1 + 0.2, stop=0.3, duration=3.0, dt=0.1),
        lambda: constant_current(1.0, duration=0.3, dt=0.1 + 0.2),
        lambda: require_step(0.1 + 0.2, "tau_m", 0.3),
        lambda: Competition(t_ref=float(np.full(10, 0.1).sum())).run(
            0.3, 0.3, duration=9.0, dt=1.0
        ),
        lambda: Competition(delay=1.1 + 2.2, t_ref=3.3).run(0.3, 0.3, duration=6.6, dt=3.3),
        lambda: simulate(LIF(tau_m=0.3), constant_current(0.0, duration=3.0, dt=0.1 + 0.2)),
        lambda: (
            constant_current(1.0, duration=3.0, dt=0.3)
            + constant_current(1.0, duration=3.0, dt=0.1 + 0.2)
        ),
    ],
)
def test_a_limit_is_not_missed_by_rounding(make):
    make()


@pytest.mark.parametrize(
    "make, message",
    [
        (
            lambda: ramp_current(0.0, 1.0, start=0.3, stop=0.1 + 0.2, duration=3.0, dt=0.1),
            r"^stop = 0\.3 ms: the end of the ramp must be finite and > 0\.3 ms",
        ),
        (
            lambda: noise_of(1, duration=1000.3),
            r"^duration = 1000\.3 ms: the length of the noise must be a whole number of time steps",
        ),
        (
            lambda: Competition().run(0.3, 0.3, duration=10.2),
            r"^duration = 10\.2 ms: the time to run must be a whole number of time steps",
        ),
        (
            lambda: step_current(1.0, start=0.0, stop=1.0, duration=1e9, dt=1e-3),
            r"^duration = 1e\+09 ms: the length of the input must be ≤ 1e\+08 time steps",
        ),
        (
            lambda: simulate(LIF(), Current._of(np.broadcast_to(0.1, 10**9 + 1), dt=1.0)),
            r"^I has 1e\+09 samples: the current must have at most 1e\+08 time steps of dt = 1 ms",
        ),
        (
            lambda: mean_rate([41.5], duration=41.4),
            r"^spike_times = 41\.5 ms: firing times must be ≤",
        ),
        (
            lambda: spike_train_current([3.1], 1.0, duration=3.0, dt=0.1),
            r"must be ≤ duration = 3 ms",
        ),
    ],
)
def test_what_is_beside_the_grid_or_too_late_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_most_steps_are_taken_and_no_more_and_none():
    assert whole_steps(1e7, 0.1) == (MOST_STEPS, 0.1)
    with pytest.raises(ValueError, match=r"must be ≤ 1e\+08 time steps"):
        whole_steps(1e7 + 0.1, 0.1)
    with pytest.raises(ValueError, match=r"the length of the input must be finite and ≥ 0\.1 ms"):
        whole_steps(0.0, 0.1)


# Euler's pause


@given(
    grid=grids(),
    pause=st.integers(0, 12),
    late=st.sampled_from([0.0, 0.0, 0.4, 0.999]),
    I=st.floats(0.4, 3),
)
@quick
def test_eulers_pause_is_the_same_wherever_the_spike_falls(grid, pause, late, I):
    dt, _, _ = grid
    t_ref = (pause + late) * dt
    held = pause + (late > 0.0)
    lif = LIF(tau_m=20.0 * dt, t_ref=t_ref, u_r=-70.0)
    trace = euler(lif, constant_current(I, duration=1000 * dt, dt=dt))
    at_reset = trace.u == -70.0
    starts = np.flatnonzero(np.diff(at_reset.astype(int)) == 1) + 1
    ends = np.flatnonzero(np.diff(at_reset.astype(int)) == -1) + 1
    pauses = ends - starts[: ends.size]
    assert pauses.size > 3 and set(pauses) == {held + 1}
    # and as many steps pass from each spike to the next
    assert np.unique(np.diff(np.round(trace.spike_times / dt))).size == 1


def test_eulers_run_agrees_in_every_engine_at_any_pause():
    u, spikes = np.zeros(101), np.zeros(101)
    for t_ref in (0.0, 0.3, 0.35, 1e300):
        lif = LIF(tau_m=5.0, u_r=-70.0, t_ref=min(t_ref, 1e99))
        arguments = np.full(101, 0.6), 0.1, lif, -65.0
        assert_engines_agree(euler_run, *arguments, u.copy(), spikes.copy())


def test_a_poisson_train_is_a_train_of_its_duration():
    train = poisson_train(1000.0, duration=41.4, seed=1)
    assert mean_rate(train, duration=41.4) == len(train) * 1000.0 / 41.4
