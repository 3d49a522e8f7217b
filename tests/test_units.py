"""Quantities know their range, and models of them are values: checked, frozen, comparable."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass

import numpy as np
import pytest

from neuro_lib.units import (
    Parameters,
    Quantity,
    checked,
    common_shape,
    exceeds,
    hertz,
    quantity,
    whole,
)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Spring(Parameters):
    k: float = quantity(2.0, "k", "N/m", "stiffness", above=0)
    x: float = quantity(0.0, "x_0", "m", "length at rest", at_least=0)
    f: float = quantity(0.0, "F", "N", "force")


NO_NUMBERS = ["10", "", None, True, np.True_, [True, False], 1j, [1.0, [2.0, 3.0]], len, {}]
NOT_FINITE = [np.nan, np.inf, -np.inf, [1.0, np.nan], 1e200]


def test_interval_and_rate_are_reciprocal_through_a_second():
    assert hertz(1000.0) == 1.0
    np.testing.assert_array_equal(hertz(np.array([0.5, 2.0, np.inf])), [2000.0, 500.0, 0.0])


@pytest.mark.parametrize("interval", [0.0, -1.0, [2.0, 0.0]])
def test_an_interval_without_length_is_refused(interval):
    with pytest.raises(ValueError, match=r"^interval = .* ms: the interval must be > 0 ms"):
        hertz(interval)


def test_rounding_neither_exceeds_a_limit_nor_falls_short_of_it():
    assert 0.1 + 0.2 > 0.3 and not exceeds(0.1 + 0.2, 0.3) and exceeds(0.31, 0.3)
    assert checked("t", 0.3, "ms", "time", at_least=0.1 + 0.2) == 0.1 + 0.2


@pytest.mark.parametrize("value", [True, np.True_, 1.0, -1], ids=repr)
def test_what_is_no_whole_number_is_refused(value):
    assert whole("seed", 1, "seed") == 1
    with pytest.raises(ValueError, match=f"seed = {value!r}: the seed must be an integer ≥ 0"):
        whole("seed", value, "seed")


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
def test_what_is_no_number_is_refused_by_name(value):
    with pytest.raises(ValueError) as refused:
        checked("k", value, "N/m", "stiffness", above=0)
    message = str(refused.value)
    assert message.startswith(f"k = {value!r}: the stiffness must be a number")
    assert message.endswith("in N/m, finite and > 0 N/m")


@pytest.mark.parametrize("value", NOT_FINITE, ids=repr)
def test_what_is_not_finite_is_refused_by_name(value):
    with pytest.raises(ValueError) as refused:
        checked("f", value, "N", "force")
    worst = np.atleast_1d(value)[-1]
    assert str(refused.value) == f"f = {worst:g} N: the force must be finite"


@pytest.mark.parametrize(
    "limits, good, bad, allowed",
    [
        ({"above": 0}, 1e-300, 0.0, "finite and > 0 m"),
        ({"above": -2.0}, -1.999, -2.0, "finite and > -2 m"),
        ({"at_least": 0}, 0.0, -1e-300, "finite and ≥ 0 m"),
        ({"at_least": 3}, 3, 2.5, "finite and ≥ 3 m"),
    ],
)
def test_ranges_are_closed_or_open_as_declared(limits, good, bad, allowed):
    assert checked("x", good, "m", "length", **limits) == good
    with pytest.raises(ValueError) as refused:
        checked("x", [good, bad, good], "m", "length", **limits)
    assert str(refused.value) == f"x = {bad:g} m: the length must be {allowed}"


def test_a_pure_number_has_no_unit_in_its_message():
    with pytest.raises(ValueError, match=r"^n = -1: the count must be finite and ≥ 0$"):
        checked("n", -1, "", "count", at_least=0)


@pytest.mark.parametrize("value", [3, 3.0, np.float32(3), np.int8(3), np.uint64(3), np.array(3)])
def test_every_kind_of_number_becomes_a_float(value):
    number = checked("x", value, "m", "length")
    assert type(number) is float and number == 3.0


@pytest.mark.parametrize("value", [[1, 2], (1.0, 2.0), range(1, 3), np.array([1, 2], np.int16)])
def test_every_kind_of_sequence_becomes_a_float_array(value):
    numbers = checked("x", value, "m", "length")
    assert numbers.dtype == float
    np.testing.assert_array_equal(numbers, [1.0, 2.0])


def test_the_callers_array_is_neither_kept_nor_locked():
    mine = np.array([1.0, 2.0])
    spring = Spring(k=mine)
    mine[0] = 99.0
    np.testing.assert_array_equal(spring.k, [1.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        spring.k[0] = 99.0


def test_common_shape_names_the_shapes_that_do_not_fit():
    assert common_shape(a=(3,), b=(2, 1), c=()) == (2, 3)
    with pytest.raises(ValueError, match=r"got a \(3,\), b \(2,\)$"):
        common_shape(a=(3,), b=(2,), c=())


def test_parameters_that_do_not_broadcast_are_named_at_once():
    with pytest.raises(ValueError, match=r"got k \(2,\), f \(3,\)$"):
        Spring(k=[1.0, 2.0], f=[1.0, 2.0, 3.0])


def test_shape_is_that_of_all_parameters_together():
    assert Spring().shape == ()
    assert Spring(k=[1.0, 2.0, 3.0], f=[[0.0], [1.0]]).shape == (2, 3)


@pytest.mark.parametrize("f", [1.0, 3.0, [0.0, 1.0]])
def test_a_parameter_that_must_be_above_another_may_not_equal_it(f):
    with pytest.raises(ValueError, match=r"^x = 1 m: the length at rest must be > f = [13] m$"):
        Spring(x=1.0, f=f).require_above("x", "f")
    Spring(x=1.0, f=0.5).require_above("x", "f")


def test_parameters_are_keyword_only_and_frozen():
    with pytest.raises(TypeError):
        Spring(3.0)
    with pytest.raises(FrozenInstanceError):
        Spring().k = 3.0
    with pytest.raises(TypeError, match="stiffness"):
        Spring(stiffness=3.0)


@pytest.mark.parametrize(
    "spring",
    [
        Spring(),
        Spring(k=0.1 + 0.2, f=-1e-300),
        Spring(k=np.float32(0.1)),
        Spring(k=[1.0, 2.0], f=[[0.0], [-3.0]]),
        Spring(f=np.zeros((2, 0))),
    ],
    ids=repr,
)
class TestValue:
    def test_repr_evaluates_to_an_equal_value(self, spring):
        again = eval(repr(spring))
        assert again == spring and hash(again) == hash(spring)

    @pytest.mark.parametrize(
        "copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
    )
    def test_copies_are_equal_and_as_unchangeable(self, spring, copied):
        again = copied(spring)
        assert again == spring and hash(again) == hash(spring)
        arrays = [x for x in (again.k, again.x, again.f) if np.ndim(x)]
        assert not any(x.flags.writeable for x in arrays)


@pytest.mark.parametrize(
    "one, other",
    [
        (Spring(f=0.0), Spring(f=-0.0)),
        (Spring(f=[0.0, 1.0]), Spring(f=(-0.0, 1))),
        (Spring(k=3), Spring(k=3.0)),
        (Spring(k=np.array(3)), Spring(k=np.float64(3.0))),
        (Spring(k=[1, 2]), Spring(k=np.array([1.0, 2.0]))),
    ],
)
def test_equal_values_have_equal_hashes(one, other):
    assert one == other
    assert hash(one) == hash(other)


def test_different_values_differ():
    different = [
        Spring(),
        Spring(k=3.0),
        Spring(x=3.0),
        Spring(f=3.0),
        Spring(f=np.nextafter(3.0, 4.0)),
        Spring(f=[3.0]),
        Spring(f=[3.0, 3.0]),
        Spring(f=[[3.0, 3.0]]),
    ]
    assert len(set(different)) == len(different)
    assert Spring() != (2.0, 0.0, 0.0)


def test_a_model_of_another_kind_is_different():
    class Rod(Spring):
        pass

    assert Rod() != Spring()


def test_quantities_stand_beside_the_fields():
    assert Spring.quantities() == {
        "k": Quantity("k", "N/m", "stiffness", above=0),
        "x": Quantity("x_0", "m", "length at rest", at_least=0),
        "f": Quantity("F", "N", "force"),
    }
