"""The numbers of a class: what was right, what went wrong how often, and which problem tells."""

import tracemalloc

import numpy as np
import pytest

from coursework.grade.items import BARS, Items, kind_of_slip
from coursework.grade.marking import Result
from coursework.grade.results import marks_of, write
from coursework.problem_set import ProblemSet
from neuro_lib.coursework import Verdict

SET = ProblemSet.load("problems_1")
RESTLESS = "It forgets the refractory time."


def result(who, scores, messages=None):
    """A result with some scores by task; all others are right."""
    verdicts = {
        task: Verdict(scores.get(task, 1.0), (messages or {}).get(task, ""))
        for task in SET.points("code")
    }
    return Result(f"s{who:03}", verdicts, answers={"rates_answer": {"source": "1", "output": ""}})


def items_of(results):
    items = Items()
    for one in results:
        items.add(one, marks_of(one, SET, {}))
    return items


def test_shares_and_slips_are_counted():
    results = [
        result(k, {"integrate": 0.0}, {"integrate": RESTLESS}) if k < 17 else result(k, {})
        for k in range(60)
    ]
    items = items_of([*results, Result("gone", results[0].verdicts)])
    item = items.items["integrate"]
    assert items.students == item.count == 60
    assert (item.right, item.nothing) == (43, 17)
    assert item.mean == pytest.approx(43 / 60)
    assert item.commonest == [(RESTLESS, 17)]
    assert items.sentences() == [f"17 of 60 in '7. Your own integrator': {RESTLESS}"]
    assert sum(items.bars) == 60


def test_discrimination_is_a_correlation_with_the_rest():
    rng = np.random.default_rng(3)
    scores = [{t: float(rng.integers(0, 3)) / 2 for t in SET.points("code")} for _ in range(40)]
    items = items_of([result(k, each) for k, each in enumerate(scores)])
    points = SET.points("code")
    for task, item in items.items.items():
        if task in points:
            own = [each[task] for each in scores]
            rest = [sum(points[t] * each[t] for t in points if t != task) for each in scores]
            assert item.discrimination == pytest.approx(np.corrcoef(own, rest)[0, 1])
    assert items_of([result(0, {})]).items["rates"].discrimination is None


def test_parts_and_numbers_do_not_hide_that_a_slip_is_the_same():
    said = "The amplitude: ✗ Not yet. This is the gain. The lag: ✗ Not yet. This is an angle."
    items = items_of(
        [
            result(0, {"rates": 0.5}, {"rates": said}),
            result(1, {"rates": 0.0}, {"rates": said[: said.index(" The lag")]}),
        ]
    )
    assert items.items["rates"].commonest == [
        ("This is the gain.", 2),
        ("This is an angle.", 1),
    ]
    right = "The jump: ✓ Right. It follows from your `membrane`, which is not right yet."
    more = items_of([result(0, {"rates": 0.5}, {"rates": f"{right} {said[34:]}"})])
    assert all("follows" not in slip for slip, _ in more.items["rates"].commonest)
    assert kind_of_slip("Γ = 0.62.") == kind_of_slip("Γ = -0.1.")


def test_what_a_person_still_has_to_read_counts_for_nobody():
    one = result(0, {})
    one.answers["explanation"] = {"source": "In words.", "output": ""}
    items = items_of([one])
    assert items.items["explanation"].count == 0
    assert items.bars == [0] * (BARS - 1) + [1]


@pytest.mark.slow
def test_the_page_of_a_large_class_is_small(tmp_path):
    results = (
        result(k, {"rates": 0.0, "integrate": 0.5}, {"rates": f"The shape is ({k},)."})
        for k in range(500)
    )
    tracemalloc.start()
    report = write(results, SET, tmp_path)
    assert tracemalloc.get_traced_memory()[1] < 5e6  # of each student, some lines are kept
    tracemalloc.stop()
    page = (tmp_path / "items.html").read_text("utf-8")
    assert len(page.encode()) < 20_000
    assert "500 of 500: The shape is (…,)." in page
    assert "## For the next lecture" in report
    assert "500 of 500 in '8. The f–I curve'" in report
