"""Late work loses what the rule says and no more; who was late, and what it cost, is told."""

from datetime import datetime, timedelta

import pytest

from coursework.grade.collect import collect
from coursework.grade.deadlines import Deadlines, Rule, read_time, span
from coursework.grade.identity import Roster, file_name, folder_name
from coursework.grade.marking import Result, best_of
from coursework.grade.results import marks_of, write
from coursework.problem_set import ProblemSet
from neuro_lib.coursework import Verdict
from tests.coursework.test_store import Grader

SET = ProblemSet.load("problems_1")
FULL = sum(SET.points("code").values())
DUE = "2026-11-29 23:59"


@pytest.fixture
def grader(tmp_path, monkeypatch):
    return Grader(tmp_path, monkeypatch)


def result(who="ada", score=1.0, path="ada.ipynb", **more):
    verdicts = dict.fromkeys(SET.points("code"), Verdict(score))
    answers = {"explanation": {"source": "", "output": ""}}
    return Result(who, verdicts, answers=answers, path=path, **more)


def deadlines(folder, *, times="", extensions="", roster="", known=("ada", "bob"), **options):
    """What the options say, with tables of these texts."""
    paths = {}
    for name, text in {"times": times, "extensions": extensions, "roster": roster}.items():
        if text:
            paths[name] = folder / f"{name}.csv"
            paths[name].write_text(text, "utf-8")
    who = Roster.read(paths.pop("roster", None))
    return Deadlines.read(**{"due": DUE, **options}, **paths, roster=who, known=set(known))


@pytest.mark.parametrize(
    ("text", "late", "share"),
    [
        ("10 % a day", timedelta(minutes=1), 0.1),
        ("10 % a day", timedelta(days=1), 0.1),
        ("10 % a day", timedelta(days=1, seconds=1), 0.2),
        ("10% per day, at most 50 %", timedelta(days=9), 0.5),
        ("2.5 % an hour up to 20%", timedelta(hours=3), 0.075),
        ("50 % each week", timedelta(days=30), 1.0),
        ("20 %", timedelta(days=30), 0.2),
        ("20 %", None, 0.2),
    ],
)
def test_a_rule_takes_its_share_for_each_period_that_has_begun(text, late, share):
    assert Rule.read(text).taken(late) == pytest.approx(share)


@pytest.mark.parametrize("text", ["", "10", "10 % a month", "110 % a day", "-5 %", "ten % a day"])
def test_what_is_no_rule_is_refused(text):
    with pytest.raises(ValueError, match=r'is no rule\. Write "10 % a day"'):
        Rule.read(text)


TEN = datetime(2026, 11, 29, 10, 15)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-29 10:15",
        "2026-11-29T10:15:00",
        "2026-11-29-10-15-00",
        "Sunday, 29 November 2026, 10:15 AM",
        "29 November 2026, 10:15",
        "Nov 29, 2026 1015 AM",
        "29 Nov 2026 1015 AM",
        "29 November 2026 10:15",
        "2026-11-29 10:15:00.000",
    ],
)
def test_a_time_is_read_as_systems_write_it(text):
    assert read_time(text, "x") == TEN


@pytest.mark.parametrize("zone", ["UTC", "Z", "+00:00", "+0000", "-00:00", " UTC"])
def test_a_time_may_say_its_zone(zone):
    assert read_time(f"2026-11-29 10:15{zone}", "x").utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "29.11.2026", "11/10/2026 10:15", "2026-11-29", "2026-13-01 10:15", "10:15"],
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r"where = .* is no time\. Write 2026-11-29 23:59"):
        read_time(text, "where")


def test_a_day_alone_lasts_until_its_end():
    assert read_time("2026-11-29", "--due", end=True) == datetime(2026, 11, 29, 23, 59, 59)


def test_the_hour_that_summer_time_takes_is_no_hour_late(tmp_path):
    rules = deadlines(tmp_path, due="2026-03-29 00:30 Europe/Berlin", late="10 % an hour")
    late = rules.of(result(handed_in="2026-03-29 04:00"))
    assert (late.by, late.share) == ("2 h 30 min", pytest.approx(0.3))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0.2, "1 min"), (61, "1 h 1 min"), (1440, "1 day"), (3 * 1440 + 65, "3 days 1 h")],
)
def test_how_late_is_said_in_two_units(minutes, said):
    assert span(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("name", "late", "time"),
    [
        ("lovelaceada_LATE_123_456_problems_1.ipynb", True, ""),
        ("lovelaceada_123_456_problems_1.ipynb", False, ""),
        ("ada_problems_1.ipynb", None, ""),
        ("S 1_ada_attempt_2026-11-29-10-15-00_problems_1.ipynb", None, "2026-11-29-10-15-00"),
        ("ada+problems_1+2026-11-29 10:15:00 UTC+x.ipynb", None, "2026-11-29 10:15:00 UTC"),
    ],
)
def test_what_names_say_of_time_is_read(name, late, time):
    found = file_name(name, "problems_1")
    assert (found.late, found.time) == (late, time)


def test_brightspace_has_the_time_in_the_folder():
    found = folder_name("98765-123 - Ada Lovelace - Nov 29, 2026 1015 AM")
    assert (found.id, found.name, read_time(found.time, "")) == ("123", "Ada Lovelace", TEN)


def test_late_work_loses_what_the_rule_says_in_every_table(tmp_path):
    rules = deadlines(
        tmp_path, late="10 % a day", times=f"student,submitted\nada,2026-11-30 01:00\nbob,{DUE}\n"
    )
    results = [result("ada"), result("bob")]
    marks = marks_of(results[0], SET, {}, rules)
    assert marks.taken_off == 0.1 * FULL and marks.total == 0.9 * FULL
    assert marks_of(results[1], SET, {}, rules).total == FULL
    report = write(results, SET, tmp_path / "out", deadlines=rules)
    said = f"handed in 2026-11-30 01:00, 1 h 1 min late: 10 % is taken off, {0.1 * FULL:g} marks"
    assert f"- `ada`: {said}" in report and "`bob`" not in report
    table = (tmp_path / "out" / "grades.csv").read_text("utf-8").splitlines()
    assert ",late by,taken off for it,total, of" in table[0].replace('"', "")
    assert table[1].endswith(f"1 h 1 min,{0.1 * FULL},{0.9 * FULL},0")
    assert table[2].endswith(f",0.0,{FULL}.0,0")
    page = (tmp_path / "out" / "feedback" / "ada.html").read_text("utf-8")
    assert "1 h 1 min late: 10 % is taken off" in page and f"{0.9 * FULL} of" in page
    assert "late" not in (tmp_path / "out" / "feedback" / "bob.html").read_text("utf-8")


def test_an_extension_moves_the_deadline_of_one(tmp_path):
    times = "student,submitted\nada,2026-12-01 10:00\nbob,2026-12-01 10:00\n"
    rules = deadlines(
        tmp_path, late="10 % a day", times=times, extensions="student,due\nAda,2026-12-01\n"
    )
    assert not rules.of(result("ada")).late
    assert rules.of(result("bob")).share == pytest.approx(0.2)
    rules = deadlines(
        tmp_path, late="10 % a day", times=times, extensions="student,due\nada,2026-11-30\n"
    )
    assert rules.of(result("ada")).share == pytest.approx(0.1)
    assert "10 h 1 min late by 2026-11-30 23:59" in rules.of(result("ada")).said


@pytest.mark.parametrize(
    ("options", "late", "share", "said"),
    [
        ({}, True, 0, "as its name says: nothing is taken off"),
        ({"late": "20 %"}, True, 0.2, "as its name says: 20 % is taken off"),
        ({"late": "10 % a day"}, True, 0, "but not by how much: nothing is taken off"),
        (
            {"late": "20 %", "extensions": "student,due\nada,2026-12-24\n"},
            True,
            0,
            "name calls it late, but",
        ),
        ({"late": "20 %", "times": f"student,submitted\nada,{DUE}\n"}, True, 0, "do not"),
        ({"late": "20 %"}, False, 0, ""),
        ({"late": "20 %"}, None, 0, ""),
    ],
)
def test_where_the_time_is_not_known_nothing_is_guessed(tmp_path, options, late, share, said):
    rules = deadlines(tmp_path, **options)
    found = rules.of(result(late=late))
    assert found.share == share and said in found.said
    report = write([result(late=late)], SET, tmp_path / "out", deadlines=rules)
    assert ("is not known of 1 students: ada" in report) is (late is None)
    assert f": {said[:20]}" not in report or said in report


def test_nobody_is_late_who_handed_in_nothing(tmp_path):
    rules = deadlines(tmp_path, late="20 %", times="student,submitted\nada,2027-01-01 00:00\n")
    assert not rules.of(result(path="")).said


MOODLE = """Identifier,Full name,Email address,Status,Grade,Last modified (submission)
Participant 4711,Ada Lovelace,ada@x.org,Submitted,,"Monday, 30 November 2026, 12:30 AM"
Participant 4712,Bob Byte,bob@x.org,Submitted,,"Sunday, 29 November 2026, 11:58 PM"
Participant 4713,Cy,cy@x.org,No submission,,-
Participant 4714,Dora,dora@x.org,Submitted,,"Sunday, 29 November 2026, 11:58 PM"
"""


@pytest.mark.parametrize(
    ("roster", "ada", "bob"),
    [("", "4711", "4712"), ("id,email\nada,ada@x.org\nbob,bob@x.org\n", "ada", "bob")],
)
def test_moodles_worksheet_tells_the_times(tmp_path, roster, ada, bob):
    rules = deadlines(tmp_path, late="10 % a day", times=MOODLE, roster=roster, known={ada, bob})
    assert rules.of(result(ada)).by == "31 min"
    assert not rules.of(result(bob)).late
    assert len(rules.said) == 1 and "of dora@x.org" in rules.said[0]


REFUSED = {
    "no deadline": ({"due": "", "late": "10 % a day"}, "--late .* wants the deadline"),
    "no deadline of others": (
        {"due": "", "extensions": "student,due\nada,2026-12-01\n"},
        "--exten",
    ),
    "before it": ({"extensions": "student,due\nada,2026-11-28\n"}, "line 2: due = .* is before"),
    "twice": ({"extensions": "student,due\nada,2026-12-01\nADA,2026-12-02\n"}, "line 3: 'ada' has"),
    "nobody": (
        {"extensions": "student,due\nadda,2026-12-01\n", "roster": "id\nada\n"},
        "line 2: student = 'adda' is nobody",
    ),
    "no time": ({"extensions": "student,due\nada,soon\n"}, "line 2: due = 'soon' is no time"),
    "American": ({"times": "student,submitted\nada,11/29/2026 10:15\n"}, "line 2: submitted = "),
    "no column": ({"times": "student,time\nada,x\n"}, "line 1: there is no column submitted"),
    "two times": (
        {"times": f"student,submitted\nada,{DUE}\nAda,{DUE}\n"},
        "line 3: 'ada' is there",
    ),
}


@pytest.mark.parametrize(("options", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_could_cost_somebody_marks_is_refused(tmp_path, options, said):
    with pytest.raises(ValueError, match=said):
        deadlines(tmp_path, **options)


def test_a_time_that_cannot_be_compared_stops_before_anything_runs(grader):
    grader.hand_in("ada+problems_1+2026-11-29 10:15:00 UTC+x")
    assert grader.run("--due", DUE) == []
    assert "No submission was run: ada" in grader.said and "has a time zone" in grader.said
    assert grader.run("--due", f"{DUE} +01:00") == ["ada"]


def test_of_whom_there_is_nothing_yet_is_told(tmp_path):
    rules = deadlines(tmp_path, extensions="student,due\ncy,2026-12-01\n")
    assert "there is nothing of cy yet" in rules.said[0]


ATTEMPTS = [f"S 1_ada_attempt_2026-11-{day}-10-00-00_problems_1.ipynb" for day in (9, 28, 30)]
ATTEMPTS[0] = ATTEMPTS[0].replace("-9-", "-09-")


@pytest.mark.parametrize(("attempt", "day"), [("last", "30"), ("first", "09")])
def test_the_last_attempt_counts_or_the_first(tmp_path, attempt, day):
    for name in ATTEMPTS:
        (tmp_path / name).write_text("{}")
    (ada,) = collect(tmp_path, "problems_1", attempt=attempt).submissions
    assert f"-11-{day}-" in ada.path and "several notebooks" in ada.notes[0]
    assert f"-11-{day}-" in ada.handed_in


def test_of_the_best_attempt_lateness_is_a_part(tmp_path):
    rules = deadlines(tmp_path, late="30 %")
    days = [
        result(score=s, path=p, handed_in=p[16:35])
        for s, p in zip((0.5, 0.9, 1), ATTEMPTS, strict=True)
    ]
    best = best_of(days, SET, rules)
    assert best.path == ATTEMPTS[1]
    assert "of 3 attempts the best counts" in best.troubles[0]
    assert best_of(days, SET, Deadlines()).path == ATTEMPTS[2]


def test_all_attempts_are_marked_if_the_best_counts(grader):
    folder = grader.folder / "class"
    folder.mkdir()
    for name in ATTEMPTS:
        (folder / name).write_text("{}")
    assert grader.run("--attempt", "best") == ["ada"] * 3
    assert grader.run("--attempt", "best") == []
    assert grader.run("--attempt", "best", "--due", DUE, "--late", "30 %") == ["ada"] * 3
    assert "counts: S 1_ada_attempt_2026-11-28" in grader.report()
    assert "30 %" not in grader.report()
    assert grader.run() == ["ada"]
