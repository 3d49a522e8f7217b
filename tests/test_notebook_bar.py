"""What the bar of a notebook in the browser says, by every way to get there."""

import json
import re
from pathlib import Path

import pytest
from py_mini_racer import MiniRacer

SCRIPT = Path(__file__).parents[1] / "web" / "lite" / "extension" / "status.js"
CHAPTER = {"place": "here", "started": True, "runs": 0, "chapter": True}
PROBLEMS = CHAPTER | {"chapter": False}

# What was done, step by step, as it changes the facts; what is said at last.
PATHS = {
    "the notebook comes": ([{"place": "opening", "started": False}], "opening", "Opening ..."),
    "Python comes": (
        [{"started": False}, {"loaded": 1_400_000, "total": 20_000_000}],
        "starting",
        "Fetching Python: 1 of 20 MB",
    ),
    "figures come before Python": (
        [{"started": False, "figures": True}],
        "starting",
        "The figures are live already.",
    ),
    "figures come with Python": (
        [{"started": False, "figures": True, "loaded": 0, "total": 20_000_000}],
        "starting",
        "Fetching Python: 0 of 20 MB. The figures are live already.",
    ),
    "Python was kept": ([{"started": False}], "starting", "Python is starting ..."),
    "it runs by itself": ([{"runs": 1}], "running", "Running ..."),
    "it ran by itself": ([{"runs": 1}, {"runs": 0, "ended": "run"}], "run", "Press Shift+Enter"),
    "Run all while it runs by itself": (
        [{"runs": 1}, {"runs": 2}, {"runs": 1, "ended": "stopped"}],
        "running",
        "Running ...",
    ),
    "both of these have ended": (
        [{"runs": 2}, {"runs": 1, "ended": "stopped"}, {"runs": 0, "ended": "run"}],
        "run",
        "kept in this browser",
    ),
    "Run all before Python is there": (
        [{"started": False}, {"runs": 1}],
        "starting",
        "Python is starting ...",
    ),
    "Python came after that": ([{"runs": 1}, {"started": True}], "running", "Running ..."),
    "a cell fails": ([{"runs": 1}, {"runs": 0, "ended": "stopped"}], "stopped", "“Run all”"),
    "someone comes back": ([{"edited": True}], "edited", "Here are your changes. Press “Run all”"),
    "and runs all": ([{"edited": True}, {"ended": "run"}], "run", "kept in this browser"),
    "to a newer book": ([{"edited": True, "outdated": True}], "edited", "newer version"),
    "a problem set comes": ([PROBLEMS], "ready", "“Run all”"),
    "a problem set ran": ([PROBLEMS, {"ended": "run"}], "run", "“Download”"),
    "another tab has it": ([{"place": "elsewhere"}], "elsewhere", "“Go on here”"),
    "another tab gets it while it runs": (
        [{"runs": 1}, {"place": "elsewhere"}],
        "elsewhere",
        "tab",
    ),
    "it comes back from there": (
        [{"place": "elsewhere", "ended": "run"}, {"place": "here", "edited": True, "ended": None}],
        "edited",
        "“Run all”",
    ),
    "it can't be saved": ([{"ended": "run"}, {"failed": True}], "failed", "“Download”"),
    "and then it can": ([{"ended": "run", "failed": True}, {"failed": False}], "run", "kept"),
    "it starts afresh": ([{"ended": "run"}, {"started": False, "total": 0}], "starting", "Python"),
}


@pytest.fixture(scope="module")
def status():
    """The function of the page, in V8."""
    context = MiniRacer()
    context.eval(re.sub(r"^export ", "", SCRIPT.read_text("utf-8"), flags=re.MULTILINE))
    return lambda facts: json.loads(context.eval(f"JSON.stringify(status({json.dumps(facts)}))"))


def after(steps):
    """The facts when all this was done."""
    facts = dict(CHAPTER)
    for step in steps:
        facts |= step
    return facts


@pytest.mark.parametrize("path", PATHS)
def test_bar_says_where_things_stand(status, path):
    steps, state, words = PATHS[path]
    said = status(after(steps))
    assert said[0] == state
    assert words in said[1]


@pytest.mark.parametrize("path", PATHS)
def test_bar_names_the_buttons_as_they_are_called(status, path):
    named = re.findall("“(.*?)”", status(after(PATHS[path][0]))[1])
    buttons = re.findall(r'button\("(.*?)"', (SCRIPT.parent / "extension.js").read_text("utf-8"))
    assert set(named) <= set(buttons)
