"""Every kind of number means what its owner means, or is refused by name: one test per kind.

The table has each public function that takes numbers, with good ones. What it makes of them must
not change if they come as something else.
"""

import copy
from array import array
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction
from inspect import getdoc, signature
from pickle import dumps, loads

import numpy as np
import pytest
from numpydoc.docscrape import NumpyDocString

import neuro_lib as nl
from neuro_lib import units
from neuro_lib.analysis import prediction, recorded_fit, spikes
from neuro_lib.values import NotANumber, Record, floats
from tests.amounts import Amount
from tests.cases import each
from tests.test_documentation import METHODS, MODELS, find_method


class Fixed(np.ndarray):
    """An array with a unit that cannot be converted."""

    units = "s"


class Labelled(np.ndarray):
    """An array with labels beside it, as xarray and pandas have them."""

    attrs = {"units": "s"}  # noqa: RUF012


LIF = nl.LIF()
SYNAPSE = nl.ExponentialSynapse()
TRAIN = [10.5, 20.1, 35.3]
STEP = nl.step_current(0.4, start=2.0, stop=35.3, duration=41.4, dt=0.1)
TIMES = {"duration": (41.4, "ms"), "dt": (0.1, "ms")}
PER_LIF = {
    nl.green_function: {"s": ([0.1, 5.3], "ms")},
    nl.reset_kernel: {"s": ([0.1, 5.3], "ms")},
    nl.initial_response: {"u_start": (-60.3, "mV"), "t": ([0.1, 5.3], "ms")},
    nl.impulse_response: {"charge": (0.3, "pC"), "t": ([0.1, 5.3], "ms")},
    nl.step_response: {"I": (0.3, "nA"), "t": ([0.1, 5.3], "ms")},
    nl.pulse_response: {"I": (0.3, "nA"), "t": ([0.1, 5.3], "ms"), "width": (1.1, "ms")},
    nl.sine_response: {
        "amplitude": (0.3, "nA"),
        "t": ([0.1, 5.3], "ms"),
        "frequency": (10.1, "Hz"),
        "phase": (0.1, "rad"),
    },
    nl.exponential_psp: {
        "charge": (0.3, "pC"),
        "t": ([0.1, 5.3], "ms"),
        "tau_s": (2.1, "ms"),
    },
    nl.alpha_psp: {"charge": (0.3, "pC"), "t": ([0.1, 5.3], "ms"), "tau_s": (2.1, "ms")},
    nl.impedance: {"frequency": ([0.1, 10.1], "Hz")},
    nl.volley_peak: {"epsp": (0.3, "mV"), "arrivals": ([0.1, 0.7], "ms"), "tau_s": (2.1, "ms")},
    nl.volley_response: {
        "epsp": (0.3, "mV"),
        "arrivals": ([0.1, 0.7], "ms"),
        "t": ([0.1, 5.3], "ms"),
        "tau_s": (2.1, "ms"),
    },
    nl.spikes_to_fire: {"epsp": (0.3, "mV"), "jitter": (0.7, "ms"), "tau_s": (2.1, "ms")},
    nl.fit_spikes: {
        "spike_times": (TRAIN, "ms"),
        "window": (2.1, "ms"),
        "delay": (0.7, "ms"),
    },
    nl.simulate: {"u_start": (-60.3, "mV")},
    nl.simulate_synapses: {"u_start": (-60.3, "mV")},
    nl.count_spikes: {"u_start": (-60.3, "mV")},
    nl.convolve: {"u_start": (-60.3, "mV")},
    nl.decompose: {"u_start": (-60.3, "mV")},
    nl.LIF.firing_rate: {"I": ([0.35, 0.41], "nA")},
    nl.steady_potential: {
        "g": ([0.01, 0.03], "µS"),
        "E_syn": ([-0.1, -65.3], "mV"),
        "I": (0.1, "nA"),
    },
    nl.effective_time_constant: {"g": ([0.01, 0.03], "µS")},
    nl.conductance_psp: {"t": ([0.1, 5.3], "ms"), "u_hold": (-60.3, "mV")},
    nl.psp_amplitude: {"u_hold": (-60.3, "mV")},
}
TABLE = {
    nl.Current: {"values": ([0.1, 0.3], "nA"), "dt": (0.1, "ms")},
    nl.constant_current: {"amplitude": ([0.1, 0.3], "nA"), **TIMES},
    nl.step_current: {
        "amplitude": (0.3, "nA"),
        "start": (1.1, "ms"),
        "stop": (2.3, "ms"),
        **TIMES,
    },
    nl.pulse_train_current: {
        "amplitude": (0.3, "nA"),
        "width": (0.3, "ms"),
        "period": (2.3, "ms"),
        "start": (1.1, "ms"),
        **TIMES,
    },
    nl.ramp_current: {
        "first": (0.1, "nA"),
        "last": (0.3, "nA"),
        "start": (1.1, "ms"),
        "stop": (2.3, "ms"),
        **TIMES,
    },
    nl.sine_current: {
        "amplitude": (0.3, "nA"),
        "frequency": (10.1, "Hz"),
        "mean": (0.1, "nA"),
        "phase": (0.1, "rad"),
        **TIMES,
    },
    nl.white_noise_current: {"mean": (0.3, "nA"), "intensity": (0.1, "nA*ms**(1/2)"), **TIMES},
    nl.ou_current: {"mean": (0.3, "nA"), "sigma": (0.1, "nA"), "tau": (5.3, "ms"), **TIMES},
    nl.spike_train_current: {
        "spike_times": (TRAIN, "ms"),
        "charge": (0.3, "pC"),
        "tau_s": (2.1, "ms"),
        **TIMES,
    },
    nl.intervals: {"spike_times": (TRAIN, "ms")},
    nl.interval_cv: {"spike_times": (TRAIN, "ms")},
    nl.mean_rate: {"spike_times": (TRAIN, "ms"), "duration": (35.3, "ms")},
    nl.fano_factor: {
        "spike_times": (TRAIN, "ms"),
        "duration": (35.3, "ms"),
        "window": (10.1, "ms"),
    },
    nl.coincidence_factor: {
        "spike_times": (TRAIN, "ms"),
        "reference": ([10.1, 20.3], "ms"),
        "duration": (35.3, "ms"),
        "window": (0.3, "ms"),
        "delay": (0.2, "ms"),
    },
    nl.count_error: {
        "spike_times": (TRAIN, "ms"),
        "reference": ([10.1, 20.3], "ms"),
        "duration": (35.3, "ms"),
    },
    spikes.best_delay: {
        "spike_times": (TRAIN, "ms"),
        "reference": ([10.1, 20.3], "ms"),
        "longest": (0.7, "ms"),
        "window": (0.3, "ms"),
    },
    spikes.coincidences: {
        "spike_times": (TRAIN, "ms"),
        "reference": ([10.1, 20.3], "ms"),
        "window": (0.3, "ms"),
    },
    nl.firing_pattern: {
        "spike_times": (TRAIN, "ms"),
        "start": (1.1, "ms"),
        "stop": (35.3, "ms"),
    },
    nl.magnesium_block: {"u": ([-60.3, -20.1], "mV"), "Mg": (1.1, "mM")},
    nl.poisson_train: {"rate": (1000.1, "Hz"), "duration": (41.3, "ms")},
    nl.SynapticInput: {"times": (TRAIN, "ms"), "ampa": (0.1, "µS"), "nmda": (0.3, "µS")},
    SYNAPSE.conductance: {"t": ([0.1, 5.3], "ms")},
    SYNAPSE.current: {"t": ([0.1, 5.3], "ms"), "u": (-60.3, "mV")},
    SYNAPSE.charge: {"u": (-60.3, "mV")},
    SYNAPSE.mean_conductance: {"rate": (10.1, "Hz")},
    nl.BranchedLIF().green_matrix: {"s": ([0.1, 5.3], "ms")},
    nl.BranchedLIF().transfer_impedance: {"f": ([0.1, 5.3], "Hz")},
    nl.BranchedLIF().attenuation: {"f": ([0.1, 5.3], "Hz")},
    nl.LIF().highest_rate: {"I": ([0.35, 0.41], "nA")},
    nl.FilteredLIF().highest_rate: {"I": ([0.35, 0.41], "nA")},
    nl.AdEx().highest_rate: {"I": ([0.35, 0.41], "nA")},
    nl.HodgkinHuxley().highest_rate: {"I": ([0.35, 0.41], "nA")},
    prediction.noise_of: {"duration": (100.5, "ms")},
    nl.Competition().run: {
        "I_A": (0.33, "nA"),
        "I_B": (0.31, "nA"),
        "duration": (20.7, "ms"),
        "dt": (0.9, "ms"),
    },
    nl.AdEx().nullclines: {"u": ([-60.3, -55.1], "mV"), "I": (0.1, "nA")},
    nl.AdEx().fixed_points: {"I": (0.1, "nA")},
    nl.HodgkinHuxley().gates: {"u": ([-60.3, -55.1], "mV")},
    nl.HodgkinHuxley().steady_current: {"u": ([-60.3, -55.1], "mV")},
    **PER_LIF,
}
for kind in MODELS:
    TABLE[kind] = {
        name: (float(np.float32(getattr(kind(), name))), what.unit)
        for name, what in kind.quantities().items()
    }
    for name, (value, unit) in TABLE[kind].items():
        TABLE[kind][name] = float(str(np.float32(value))), unit
TRAINS = {"spike_times", "reference", "arrivals", "times"}
CALLS = [(call, name) for call in TABLE for name in TABLE[call]]


def outcome(call, **changed):
    """What a function makes of the table's values, or of others."""
    values = {name: value for name, (value, _) in TABLE[call].items()} | changed
    if call in PER_LIF:
        values["self" if call is nl.LIF.firing_rate else "lif"] = LIF
    names = signature(call).parameters
    if "model" in names:
        values["model"] = values.pop("lif")
    if "I" in names and "I" not in values:
        values["I"] = STEP
    given = {"synapse": SYNAPSE, "inputs": [], "site": 1, "source": 0, "target": 1}
    given |= {"seed": 1, "generations": 1}
    return call(**{name: given[name] for name in names if name in given}, **values)


def numbers_taken(call):
    """Names of the parameters that are numbers, as the docstring has them."""
    for parameter in NumpyDocString(getdoc(call))["Parameters"]:
        if parameter.type.startswith(("float", "array_like")):
            yield from parameter.name.split(", ")


def test_every_number_that_the_facade_takes_is_in_the_table():
    made_here = {"CompetitionRun", "Decomposition"}
    calls = [getattr(nl, name) for name in nl.__all__ if name not in made_here]
    calls += map(find_method, METHODS)
    taken = {(call.__qualname__, name) for call in calls for name in numbers_taken(call)}
    assert taken - {(call.__qualname__, name) for call, name in CALLS} == set()


def assert_same(one, other):
    if isinstance(one, (Record, str, int, list)):
        assert one == other
    else:
        np.testing.assert_array_equal(one, other)


def refusal(call, name, value):
    with pytest.raises(ValueError) as refused:
        outcome(call, **{name: value})
    message = str(refused.value)
    assert message.startswith(f"{name} = ")
    return message


@each("call, name", CALLS)
def test_a_short_float_is_the_decimal_that_was_written(call, name):
    value, _ = TABLE[call][name]
    assert_same(outcome(call, **{name: np.float32(value)}), outcome(call))


@each("call, name", CALLS)
def test_a_quantity_is_converted(call, name):
    value, unit = TABLE[call][name]
    assert_same(outcome(call, **{name: Amount(value, unit)}), outcome(call))
    thousandth = Amount(np.asarray(value) / 1000.0, "k" + unit)
    plain = (np.asarray(value) / 1000.0) * 1000.0
    assert_same(outcome(call, **{name: thousandth}), outcome(call, **{name: plain}))


@each("call, name", CALLS)
def test_a_quantity_of_another_kind_is_refused(call, name):
    value, unit = TABLE[call][name]
    assert "and this is in parsec" in refusal(call, name, Amount(value, "parsec"))
    wanted = unit.replace("*ms**(1/2)", "·√ms") or "no unit"
    for kind in (Fixed, Labelled):
        labelled = np.array(value, ndmin=1).view(kind)
        assert f"must be in {wanted}, and this is in s" in refusal(call, name, labelled)


@each("call, name", CALLS)
def test_a_masked_value_is_left_out_of_a_train_and_refused_elsewhere(call, name):
    value, _ = TABLE[call][name]
    whole = np.ma.array(value, mask=False)
    assert_same(outcome(call, **{name: whole}), outcome(call))
    masked = np.ma.array(np.append(value, 41.0), mask=[False] * np.size(value) + [True])
    if name in TRAINS:
        assert_same(outcome(call, **{name: masked}), outcome(call))
        assert_same(outcome(call, **{name: list(masked)}), outcome(call))
    else:
        assert "must not be masked" in refusal(call, name, masked)
        assert "must not be masked" in refusal(call, name, list(masked))
        assert "must not be masked" in refusal(call, name, np.ma.masked)


@each("call, name", CALLS)
@each("value", [True, [0.1, True], "0.1", 1j, {}])
def test_what_is_no_number_is_refused(call, name, value):
    assert repr(value) in refusal(call, name, value)


@each("call, name", CALLS)
def test_a_number_too_large_for_a_float_is_infinite(call, name):
    assert refusal(call, name, 10**5000).startswith(f"{name} = inf")


@pytest.mark.parametrize(
    "value",
    [
        [0.1, 2],
        (0.1, 2),
        np.array([0.1, 2.0]),
        np.array([0.1, 2.0], np.float32),
        [np.float32(0.1), 2],
        [np.float64(0.1), np.int8(2)],
        np.array([0.1, 2], dtype=object),
        [Fraction(1, 10), Decimal(2)],
        array("d", [0.1, 2.0]),
        array("f", [0.1, 2.0]),
        np.ma.array([0.1, 2.0]),
        Amount([0.1, 2.0], "ms"),
        [Amount(0.1, "ms"), Amount(2, "ms")],
        Amount(np.float32([0.1, 2.0]), "ms"),
        Amount(np.ma.array([0.1, 2.0]), "ms"),
        [np.array(0.1), np.ma.array(2.0)],
    ],
    ids=repr,
)
def test_every_kind_of_array_is_one_of_floats(value):
    numbers = floats(value, "ms")
    assert numbers.dtype == float and numbers.tolist() == [0.1, 2.0]


def test_the_shortest_decimal_is_that_which_numpy_prints():
    numbers = np.random.default_rng(0).integers(0, 2**32, 50_000, np.uint32).view(np.float32)
    numbers = numbers[np.isfinite(numbers) & (np.abs(numbers) < 1e20) & (np.abs(numbers) > 1e-12)]
    assert numbers.size > 10_000
    assert floats(numbers).tolist() == [float(str(x)) for x in numbers]


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_short_floats_without_a_decimal_stay_what_they_are(kind):
    assert floats(kind([0.0, -0.0, np.inf, -np.inf])).tolist() == [0.0, 0.0, np.inf, -np.inf]
    assert np.isnan(floats(kind(np.nan)))
    assert floats(kind([0.1, 65000.0, 6e-8, -2.5])).tolist() == [0.1, 65000.0, 6e-8, -2.5]


def test_a_label_with_the_right_unit_is_no_obstacle():
    class Bare(Labelled):
        attrs = {}  # noqa: RUF012

    assert floats(np.array([0.1, 2.0]).view(Labelled), "s").tolist() == [0.1, 2.0]
    assert floats(np.array([0.1, 2.0]).view(Bare), "ms").tolist() == [0.1, 2.0]


def test_a_wrapped_quantity_does_not_lose_its_unit():
    class Wrapper:
        def __init__(self, data):
            self.data = data

        def __array__(self, dtype=None, copy=None):
            return np.asarray(self.data.magnitude)

    assert floats(Wrapper(Amount([0.01], "ks")), "s").tolist() == [10.0]
    with pytest.raises(NotANumber, match="this is in ks"):
        floats(Wrapper(Amount([0.01], "ks")), "mV")


def test_the_callers_array_is_not_changed_and_not_kept():
    mine = np.array([-0.0, 1.0])
    numbers = units.checked("x", mine, "m", "length")
    assert np.signbit(mine[0]) and not np.shares_memory(mine, numbers)


@each("seed", [None, True, np.True_, 1.0, "1", -1, [1], np.ma.masked])
@each(
    "draw",
    [
        lambda seed: nl.ou_current(0.3, 0.1, tau=5.0, duration=1.0, dt=0.1, seed=seed),
        lambda seed: nl.white_noise_current(0.3, 0.1, duration=1.0, dt=0.1, seed=seed),
        lambda seed: nl.poisson_train(10.0, duration=1000.0, seed=seed),
        lambda seed: nl.Competition().run(0.3, 0.3, duration=10.0, seed=seed),
        lambda seed: prediction.noise_of(seed, duration=10.0),
        lambda seed: nl.fit_spikes(nl.LIF(), STEP, [9.0], generations=1, seed=seed),
    ],
)
def test_what_is_no_seed_is_refused_by_name(draw, seed):
    with pytest.raises(ValueError, match=r"^seed = .*: the seed must be an integer ≥ 0"):
        draw(seed)


@pytest.mark.parametrize("draw", [prediction.noise_of, nl.Competition().run])
def test_seeds_of_the_engines_have_an_end(draw):
    arguments = (0.3, 0.3) if draw is not prediction.noise_of else ()
    for seed in (0, 9999, np.int32(9999)):
        seeds = {"seed": seed}
        draw(*arguments, duration=10.0, **seeds)
    with pytest.raises(ValueError, match=r"must be an integer ≥ 0 and < 10000"):
        draw(*arguments, duration=10.0, seed=10_000)


@each("value", ["tonics", "", None, 3, True, {}, ["tonic"], ("B6",), np.array(["B6", "B8"])])
@each(
    "ask",
    [
        nl.naud_pattern,
        nl.filter_pattern,
        nl.recorded_steps,
        prediction.recorded_variant,
        prediction.recorded_delay,
        lambda name: prediction.fit_variant(name, STEP, TRAIN),
        lambda cell: recorded_fit.recorded_fit(cell, 0, adaptation=True),
        lambda name: recorded_fit.spread(lambda lif: 1.0, LIF, name),
        lambda method: nl.convolve(LIF, STEP, method=method),
    ],
)
def test_what_is_none_of_the_words_is_refused_and_they_are_named(ask, value):
    with pytest.raises(ValueError, match=r"^(name|cell|method) = .*: the \w.* must be one of \w"):
        ask(value)


# Records: frozen dataclasses that hold arrays


RECORDS = [
    lambda: nl.step_current([0.1, 0.4], start=1.0, stop=2.0, duration=3.0, dt=0.1),
    lambda: nl.simulate(LIF, STEP),
    lambda: nl.simulate(nl.LIF(tau_m=[5.0, 10.0]), STEP),
    lambda: nl.simulate(nl.FilteredLIF(), STEP),
    lambda: nl.decompose(LIF, STEP),
    lambda: nl.decompose(nl.LIF(tau_m=[5.0, 10.0]), STEP),
    lambda: nl.Competition().run(0.3, 0.3, duration=40.0),
    lambda: nl.AdEx(tau_m=[5.0, 10.0]),
    lambda: nl.SynapticInput(site=1, times=[10.0, 15.0], ampa=0.005),
    lambda: nl.simulate_branches(nl.BranchedLIF(), [], STEP),
    lambda: nl.simulate_synapses(LIF, STEP, [(nl.AlphaSynapse(), [10.0])]),
    lambda: nl.recorded_steps("B6"),
    nl.recorded_trains,
]


@pytest.mark.parametrize("make", RECORDS)
def test_records_of_equal_values_are_equal_and_those_of_others_are_not(make):
    one, other = make(), make()
    assert isinstance(one, Record)
    assert one == other and hash(one) == hash(other) and len({one, other}) == 1
    assert one != "something else"
    for f in fields(one):
        value = getattr(one, f.name)
        if f.name in ("site", "w", "cell") and not isinstance(value, np.ndarray):
            continue
        changed = np.array(value, copy=True)
        if changed.dtype == object:
            changed[...] = [train + 1 for train in value]
        elif changed.size:
            changed = changed + 1
        else:
            continue
        different = replace_whole(one, f.name, changed if np.ndim(value) else changed.item())
        assert different != one


@each("passed_on", [copy.copy, copy.deepcopy, lambda x: loads(dumps(x))])
@each("make", RECORDS)
def test_a_copy_of_a_record_is_equal_and_as_unchangeable(make, passed_on):
    one = make()
    other = passed_on(one)
    assert other == one and hash(other) == hash(one)
    for f in fields(other):
        value = getattr(other, f.name)
        trains = f.name == "spike_times" and value.dtype.kind == "O"
        arrays = [value, *value] if trains else [value]
        assert not any(x.flags.writeable for x in arrays if isinstance(x, np.ndarray))


def replace_whole(record, name, value):
    """Copy a record with one field changed, whatever its constructor would check."""
    other = object.__new__(type(record))
    for f in fields(record):
        object.__setattr__(other, f.name, value if f.name == name else getattr(record, f.name))
    return other


def test_every_record_of_the_package_is_in_the_list():
    kinds = {type(make()) for make in RECORDS}
    pending = [Record]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        if not kind.__subclasses__() and kind.__module__.startswith("neuro_lib."):
            assert kind in kinds or issubclass(kind, units.Parameters)


def test_a_changed_model_is_not_equal():
    assert replace(LIF, tau_m=11.0) != LIF and nl.Competition() != LIF
