"""What a student can take from the checks without solving anything is what the guide says."""

import re
from importlib import import_module

import numpy as np
import pytest

from coursework.release import ROOT, problem_sets
from neuro_lib.coursework import judges
from tests.coursework.notebooks import ME, source, tasks

pytestmark = pytest.mark.slow

GUIDE = (ROOT / "docs" / "guide" / "coursework.md").read_text("utf-8")


def taken(name, task, patch):
    """The best score that trying what a check compares with can reach, for each of its parts."""
    module = import_module(f"neuro_lib.coursework.{name}")
    check = getattr(module, f"check_{task}")
    for answer in (1.0, *([1.0] * parts for parts in range(1, 6))):
        found = []
        for place in (module, judges):
            for judge in ("judge_number", "judge_array"):
                if hasattr(place, judge):
                    patch.setattr(place, judge, _recording(getattr(place, judge), found))
        check(answer, ME)
        patch.undo()
        if found:
            break

    def score(answer):
        return check(answer, ME).score

    best = max(map(score, found), default=0.0)
    for k in range(len(answer) if found and isinstance(answer, list) else 0):
        answer = max(([*answer[:k], x, *answer[k + 1 :]] for x in found), key=score)
        best = max(best, score(answer))
    return best


def _recording(judge, found):
    def record(answer, right, *rest, **more):
        found.append(np.asarray(right, dtype=float).tolist())
        return judge(answer, right, *rest, **more)

    return record


@pytest.mark.parametrize("name", problem_sets())
def test_the_guide_says_how_much_can_be_taken(name, monkeypatch):
    points = tasks(source(name))[0]
    marks = sum(points[task] * taken(name, task, monkeypatch) for task in points)
    said = re.search(
        rf"^\| {name.removeprefix('problems_')} \| (\d+) \| (\d+) \|$", GUIDE, re.MULTILINE
    )
    assert said, f"write into the guide: | {name[9:]} | {int(marks)} | {sum(points.values())} |"
    assert (int(marks), sum(points.values())) == (int(said[1]), int(said[2]))
