"""An answer is right, or wrong in a way that the student is told; what is right is never told."""

import numpy as np
import pytest

from neuro_lib.coursework import Student, Verdict, judge_array, judge_number


@pytest.mark.parametrize(
    ("answer", "unit", "said"),
    [
        (None, "ms", "nothing here yet"),
        (0.02, "ms", "is it in s?"),
        (20_000, "ms", "is it in µs?"),
        (20_000, "nA", "is it in pA?"),
        (0.02, "Hz", "is it in kHz?"),
        (-20.0, "ms", "the sign is not"),
        (25.0, "ms", "a different number"),
        (np.nan, "ms", "not a finite number"),
        (np.inf, "ms", "not a finite number"),
        ("20", "ms", "text"),
        ([20.0], "ms", "a list"),
        (np.array([20.0, 1.0]), "ms", "an array of shape (2,)"),
        (True, "ms", "a bool"),
        (len, "ms", "a function: call it"),
        (20j, "ms", "a complex"),
    ],
)
def test_a_wrong_number_is_told_what_kind_of_wrong_it_is(answer, unit, said):
    verdict = judge_number(answer, 20.0, unit)
    assert verdict.score == 0
    assert said in str(verdict)
    assert "20" not in str(verdict).replace("20 000", "")


@pytest.mark.parametrize("answer", [20, 20.0, 20.1, np.float32(20), np.int64(20), np.array(20.0)])
def test_a_right_number_is_right_in_any_dress(answer):
    assert judge_number(answer, 20.0, "ms").right


@pytest.mark.parametrize(("answer", "said"), [(15.0, "measured from the rest"), (-115.0, "off by")])
def test_a_potential_off_by_rest_is_recognised(answer, said):
    verdict = judge_number(answer, -50.0, "mV", u_rest=-65.0)
    assert not verdict.right and said in verdict.message


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "nothing here yet"),
        ([0.01, 0.02], "is it in s?"),
        ([-10.0, -20.0], "the sign is not"),
        ([10.0], "shape is (1,)"),
        ([[10.0, 20.0]], "shape is (1, 2)"),
        ([10.0, 30.0], "different numbers"),
        ([10.0, np.nan], "not a finite number"),
        (["10", "20"], "Numbers of shape (2,)"),
        ([[1.0], [1.0, 2.0]], "Numbers of shape (2,)"),
        (len, "a function: call it"),
    ],
)
def test_a_wrong_array_is_told_what_kind_of_wrong_it_is(answer, said):
    verdict = judge_array(answer, [10.0, 20.0], "ms")
    assert verdict.score == 0
    assert said in str(verdict)


@pytest.mark.parametrize("answer", [[10, 20], (10.0, 20.05), np.array([10, 20])])
def test_a_right_array_is_right_in_any_dress(answer):
    assert judge_array(answer, [10.0, 20.0], "ms").right


def test_a_score_is_a_share():
    assert str(Verdict(0.5, "Half.")) == "◐ Partly right. Half."
    for score in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="from 0 to 1"):
            Verdict(score)


def test_an_id_gives_the_same_choice_always_and_others_give_others():
    assert Student(" Ada ") == Student("ada")
    values = range(5)
    chosen = [Student(f"s{i}").pick("x", values) for i in range(500)]
    assert [chosen.count(v) for v in values] == pytest.approx([100] * 5, abs=35)
    other = [Student(f"s{i}").pick("y", values) for i in range(500)]
    assert np.mean(np.equal(chosen, other)) == pytest.approx(0.2, abs=0.07)
    assert not Student().named
    with pytest.raises(TypeError, match=r"id = 7: .* is text"):
        Student(7)
