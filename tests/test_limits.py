"""What is legal ends soon, and what would not end is refused, with the limit, at once."""

import numpy as np
import pytest

from neuro_lib import (
    LIF,
    AdEx,
    BranchedLIF,
    Competition,
    Current,
    FilteredLIF,
    HodgkinHuxley,
    constant_current,
    convolve,
    count_spikes,
    fit_spikes,
    magnesium_block,
    poisson_train,
    pulse_train_current,
    simulate,
    step_current,
)
from neuro_lib.models.nmda import nmda_norm

PULSE = step_current(0.6, start=10.0, stop=90.0, duration=100.0, dt=0.1)
DEEP = "u must not be taken more than 1e\\+06 mV below u_rest"


@pytest.mark.parametrize("run", [simulate, count_spikes])
@pytest.mark.parametrize(
    "model, I, message",
    [
        (AdEx(u_r=-9e99), PULSE, f"^u_r = -9e\\+99 mV: {DEEP}"),
        (AdEx(b=1e9), PULSE, f"^b = 1e\\+09 nA: {DEEP}"),
        (AdEx(), PULSE + -1e9 * PULSE, f"^I = -6e\\+08 nA: {DEEP}"),
        (FilteredLIF(a=0.01), PULSE + -1e9 * PULSE, f"^I = -6e\\+08 nA: {DEEP}"),
        (FilteredLIF(a=50.0), PULSE + -1e4, "must be so small that the neuron fires at less than"),
        (LIF(), Current(np.full(1001, 90.0), dt=10.0), None),
        (
            LIF(tau_m=1e6),
            constant_current(1e9, duration=1e7, dt=10.0),
            "fires at less than 10000 Hz",
        ),
        (HodgkinHuxley(), Current(PULSE.values, dt=1e6), "at most 1e\\+06 ms long, because"),
    ],
)
def test_a_run_ends_or_is_refused(run, model, I, message):
    if message is None:
        run(model, I)
        return
    with pytest.raises(ValueError, match=message):
        run(model, I)


@pytest.mark.parametrize("model", [AdEx(), FilteredLIF(a=0.01)])
def test_a_start_beyond_the_precision_of_a_step_is_refused(model):
    simulate(model, PULSE, u_start=-1e5)
    with pytest.raises(ValueError, match=f"^u_start = -1e\\+09 mV: {DEEP}"):
        simulate(model, PULSE, u_start=-1e9)
    simulate(LIF(), PULSE, u_start=-1e9)  # of which every step is a formula


def test_an_upswing_without_width_is_refused():
    with pytest.raises(ValueError, match=r"^Delta_T = 1e-30 mV: .* must be finite and ≥ 1e-09 mV"):
        AdEx(Delta_T=1e-30)
    simulate(AdEx(Delta_T=1e-9), PULSE)


def test_any_number_of_pulses_takes_no_longer_than_the_steps():
    I = pulse_train_current(1.0, width=1e-9, period=4e-9, duration=1000.0, dt=0.1)
    np.testing.assert_allclose(I.values, 0.25, rtol=1e-5)
    many = pulse_train_current(1.0, width=0.05, period=0.1, duration=1e5, dt=0.1)
    np.testing.assert_allclose(many.values, 0.5, rtol=1e-9)


def test_a_network_that_would_fill_the_memory_is_refused():
    with pytest.raises(ValueError, match=r"^duration = 1e\+07 ms: .* fire at most 1e\+08 times"):
        Competition().run(0.3, 0.3, duration=1e7)


def test_a_convolution_in_square_time_is_refused_for_long_currents():
    long = constant_current(0.1, duration=2e5, dt=1.0)
    with pytest.raises(ValueError, match=r"at most 100000 samples, not 200001; 'fft' takes more"):
        convolve(LIF(), long, method="convolution")
    np.testing.assert_allclose(convolve(LIF(), long, method="fft").u[-1], -60.0)


def test_a_poisson_train_that_would_fill_the_memory_is_refused():
    with pytest.raises(ValueError, match=r"^rate = 1e\+12 Hz: the mean rate must be ≤ 1e\+08 Hz"):
        poisson_train(1e12, duration=1000.0, seed=1)


@pytest.mark.parametrize("generations", [0, 1.5, True, None])
def test_a_fit_takes_a_number_of_generations(generations):
    with pytest.raises(ValueError, match=r"^generations = .*: the number of generations must be"):
        fit_spikes(LIF(), PULSE, [20.0], generations=generations)


def test_the_block_is_a_fraction_at_any_potential():
    assert magnesium_block([-1e6, -1e5, 1e6], Mg=0.0).tolist() == [1.0, 1.0, 1.0]
    assert magnesium_block(-1e6) < 1e-100 and magnesium_block(1e6) == 1.0


def test_channels_that_rise_about_as_fast_as_they_decay_still_peak_at_one():
    for gap in (1e-3, 1e-6, 2e-9):
        s = np.linspace(4.9, 5.1, 101)
        norm = nmda_norm(5.0, 5.0 * (1 + gap))
        course = norm * np.exp(-s / 5.0) * np.expm1(s / 5.0 * gap / (1 + gap))
        assert course.max() == pytest.approx(1.0, rel=1e-6)
    with pytest.raises(ValueError, match=r"^tau_nmda = 0\.3 ms: .* must be > tau_rise = 0.3 ms"):
        BranchedLIF(tau_rise=0.3, tau_nmda=0.1 + 0.2)
