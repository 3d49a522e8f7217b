"""Answers that are alike are pointed to; those that are only about the same are not."""

import numpy as np
import pytest

from coursework.grade.marking import Result
from coursework.grade.results import write
from coursework.grade.similar import ALIKE, Similar, sketch_of
from coursework.problem_set import ProblemSet
from neuro_lib.coursework import Verdict

WORDS = [f"word{k}" for k in range(400)]


def text(seed, n=120):
    return " ".join(np.random.default_rng(seed).choice(WORDS, n))


def changed(original, share, seed=9):
    """A text of which a share of the words is another's."""
    words = original.split()
    rng = np.random.default_rng(seed)
    for k in rng.choice(len(words), round(share * len(words)), replace=False):
        words[k] = f"other{k}"
    return " ".join(words)


def pairs(**texts):
    similar = Similar()
    for student, one in texts.items():
        similar.add(student, "explanation", one)
    return {(a, b): share for share, _, a, b in similar.pairs()}


def test_a_copy_is_found_and_so_is_one_with_some_words_changed():
    one = text(1)
    found = pairs(ada=one, bob=one, cy=changed(one, 0.02), dora=text(2))
    assert found[("ada", "bob")] == 1.0
    assert ("ada", "cy") in found and ("bob", "cy") in found
    assert not any("dora" in pair for pair in found)


def test_capitals_and_line_ends_hide_nothing():
    one = text(1)
    assert pairs(ada=one, bob=one.upper().replace(" ", "\n")) == {("ada", "bob"): 1.0}


def test_what_was_rewritten_is_not_pointed_to():
    assert not pairs(ada=text(1), bob=changed(text(1), 0.3))


def test_short_answers_and_what_was_given_do_not_count():
    assert sketch_of("below the rheobase nothing happens") is None
    similar = Similar()
    given = "\n".join(text(k, 12) for k in range(20))
    for student in ("ada", "bob"):
        similar.add(student, "integrate", f"{given}\nu = {student}", given)
    assert list(similar.pairs()) == []


@pytest.mark.parametrize("share", [0.0, 0.01, 0.05])
def test_the_share_is_that_of_runs_in_common(share):
    one, other = text(1, 300), changed(text(1, 300), share)

    def runs(text):
        words = text.split()
        return {tuple(words[k : k + 5]) for k in range(len(words) - 4)}

    right = len(runs(one) & runs(other)) / len(runs(one) | runs(other))
    assert np.mean(sketch_of(one) == sketch_of(other)) == pytest.approx(right, abs=0.15)


def test_the_report_points_to_them_and_no_students_page_does(tmp_path):
    problem_set = ProblemSet.load("problems_1")
    verdicts = dict.fromkeys(problem_set.points("code"), Verdict(1.0))
    results = [
        Result(who, verdicts, answers={"explanation": {"source": text(1), "output": ""}})
        for who in ("ada", "bob")
    ]
    report = write(results, problem_set, tmp_path)
    assert "## Alike" in report and "- explanation: ada and bob, 100%" in report
    assert "bob" not in (tmp_path / "feedback" / "ada.html").read_text("utf-8")
    assert 0 < ALIKE < 1
