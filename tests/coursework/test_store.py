"""Grading again loses nothing: not the class, not the old marks, not what an interruption left."""

import csv
import tracemalloc

import nbformat
import pytest

from coursework.grade import __main__ as grade
from coursework.grade import marking, sandbox
from coursework.grade.marking import Result
from coursework.grade.store import Store
from coursework.problem_set import ProblemSet
from coursework.release import student_version
from neuro_lib.coursework import Verdict

BLANK = nbformat.writes(student_version("problems_1"))


class Grader:
    """The grader with a stand-in for what runs submissions: it gives all marks, and counts."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.marked, self.stops_at = folder, [], None
        self.words = "In words."
        monkeypatch.setattr(sandbox, "missing", lambda: "")
        monkeypatch.setattr(grade, "mark", self.mark)

    def mark(self, submission, problem_set, limits, walled=True):
        if submission.student == self.stops_at:
            raise KeyboardInterrupt
        self.marked.append(submission.student)
        if not submission.path:
            return marking.mark(submission, problem_set, limits, walled)
        verdicts = dict.fromkeys(problem_set.points("code"), Verdict(1.0))
        answers = {"explanation": {"source": self.words, "output": ""}}
        name = {"path": submission.path, "handed_in": submission.handed_in}
        return Result(submission.student, verdicts, answers=answers, **name, late=submission.late)

    def hand_in(self, *students, text=BLANK, where="class"):
        for student in students:
            path = self.folder / where / student / "problems_1.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def run(self, *options, where="class"):
        """Grade; return who was marked now."""
        self.marked.clear()
        arguments = [str(self.folder / where), "--out", str(self.folder / "out"), "--workers", "1"]
        self.said = grade.main([*arguments, *options])
        return sorted(self.marked)

    def run_of(self, count, table):
        """Grade a class of some size, and fill a table; return the most memory that it took."""
        students = [f"Ada_{k}_assignsubmission_file_" for k in range(count)]
        self.hand_in(*students)
        rows = [f"Participant {k},,," for k in range(count)]
        head = "Identifier,Full name,Grade,Feedback comments"
        table.write_text("\n".join([head, *rows]), "utf-8")
        tracemalloc.start()
        try:
            self.run("--fresh", "--fill", str(table))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def report(self):
        return (self.folder / "out" / "report.md").read_text("utf-8")

    def rows(self, name="grades.csv"):
        with open(self.folder / "out" / name, encoding="utf-8-sig") as file:
            return {row["student"]: row for row in csv.DictReader(file)}


@pytest.fixture
def grader(tmp_path, monkeypatch):
    return Grader(tmp_path, monkeypatch)


def test_what_has_not_changed_is_not_graded_again(grader):
    grader.hand_in("ada", "bob")
    assert grader.run() == ["ada", "bob"]
    before = grader.rows()
    assert grader.run() == []
    grader.hand_in("bob", text=BLANK + "\n")
    assert grader.run() == ["bob"]
    assert grader.rows() == before


def test_other_limits_or_another_grader_grade_again(grader, monkeypatch):
    grader.hand_in("ada")
    assert grader.run() == ["ada"]
    assert grader.run("--seconds", "10") == ["ada"]
    monkeypatch.setattr("coursework.grade.store._code", lambda: "corrected")
    assert grader.run("--seconds", "10") == ["ada"]


def test_one_student_graded_again_joins_the_class(grader):
    grader.hand_in("ada", "bob", "cy")
    grader.run()
    grader.hand_in("ada", text=BLANK + " ", where="again")
    assert grader.run(where="again") == ["ada"]
    assert grader.rows().keys() == {"ada", "bob", "cy"}
    assert "kept from earlier runs: 2 students" in (grader.folder / "out/report.md").read_text()
    assert grader.run("--only", "Bob") == ["bob"]
    assert grader.rows().keys() == {"ada", "bob", "cy"}
    assert grader.run("--fresh", where="again") == ["ada"]
    assert grader.rows().keys() == {"ada"}


def test_only_refuses_whom_there_is_not(grader):
    grader.hand_in("ada")
    assert grader.run("--only", "adda") == []
    assert "--only: there is nothing of adda" in grader.said


def test_the_old_marks_are_kept(grader):
    grader.hand_in("ada")
    grader.run()
    first = grader.rows()
    grader.hand_in("bob")
    grader.run()
    assert grader.rows("grades.1.csv") == first
    grader.run()
    assert not (grader.folder / "out" / "grades.2.csv").exists()


def test_an_interrupted_run_goes_on_where_it_was(grader):
    grader.hand_in("ada", "bob", "cy")
    grader.stops_at = "cy"
    with pytest.raises(KeyboardInterrupt):
        grader.run()
    grader.stops_at = None
    assert grader.run() == ["cy"]
    assert grader.rows().keys() == {"ada", "bob", "cy"}


@pytest.mark.slow
def test_of_a_student_a_line_is_kept_in_memory_and_no_answer(grader):
    """All have copied, which makes as many pairs as there are students, squared."""
    grader.words = " ".join(f"word{k}" for k in range(3000))
    table = grader.folder / "worksheet.csv"
    grader.run_of(5, table)  # what is imported and compiled stays
    few, many = grader.run_of(10, table), grader.run_of(40, table)
    assert (many - few) / 30 < 5_000 < len(grader.words)
    assert "and 730 more pairs" in grader.report()


def test_a_result_that_was_not_written_to_its_end_is_none(grader):
    grader.hand_in("ada", "bob")
    grader.run()
    path = next((grader.folder / "out" / "results").glob("ada*"))
    path.write_text(path.read_text()[:20])
    assert grader.run() == ["ada"]


def test_whoever_hands_in_nothing_this_time_keeps_what_they_had(grader):
    roster = grader.folder / "roster.csv"
    roster.write_text("id\nada\nbob\ncy\n", "utf-8")
    grader.hand_in("ada", "bob")
    grader.run("--roster", str(roster))
    before = grader.rows()
    grader.hand_in("ada", where="again")
    grader.run("--roster", str(roster), where="again")
    assert grader.rows() == before


def test_marks_by_hand_stay_when_graded_again(grader):
    grader.hand_in("ada", "bob")
    grader.run()
    table = grader.folder / "out" / "by_hand.csv"
    text = table.read_text("utf-8-sig")
    assert "ada,explanation,,,4,In words." in text
    table.write_text(text.replace("ada,explanation,,,", "ada,explanation,3,Good.,"), "utf-8")
    grader.run()
    assert grader.rows()["ada"]["explanation"] == "3.0"
    hand = grader.folder / "more.csv"
    hand.write_text("student;problem;marks\nbob;explanation;2\n", "utf-8")
    grader.run("--by-hand", str(hand))
    grader.run()
    assert [grader.rows()[who]["explanation"] for who in ("ada", "bob")] == ["3.0", "2.0"]
    page = (grader.folder / "out" / "answers_explanation.html").read_text()
    assert page.count("In words.") == 2 and "<h2>ada: 3.0</h2>" in page
    assert "| points | for |" in page  # the rubric
    assert "Good." in (grader.folder / "out" / "feedback" / "ada.html").read_text()


def test_a_table_that_would_lose_somebody_stops_before_anything_runs(grader):
    grader.hand_in("ada")
    hand = grader.folder / "hand.csv"
    hand.write_text("student,problem,marks\nadda,explanation,2\n", "utf-8")
    assert grader.run("--by-hand", str(hand)) == []
    assert "No submission was run" in grader.said and "line 2: student = 'adda'" in grader.said


def test_a_result_is_the_same_when_read_again(tmp_path):
    problem_set = ProblemSet.load("problems_1")
    result = Result(
        "ada",
        {task: Verdict(0.5, "Half.") for task in problem_set.points("code")},
        ("late",),
        {"rates": "KeyError: 1"},
        {"rates": {"source": "x = 1", "output": "\ud800".encode("utf-8", "replace").decode()}},
        ("stray",),
    )
    store = Store(tmp_path)
    store.keep(result, "key")
    assert store.get("ada", "key") == result
    assert store.get("ada", "other") is None
    assert list(store) == [result]


@pytest.mark.parametrize("program", ["docker", "podman"])
def test_without_a_sandbox_a_container_grades_by_the_same_command(
    grader, monkeypatch, tmp_path, program
):
    """A stand-in for it, which writes down what it is asked for."""
    said = tmp_path / "said"
    (tmp_path / "bin").mkdir()
    stand_in = tmp_path / "bin" / program
    stand_in.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$*\" >> {said}\n")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(sandbox, "missing", lambda: "bubblewrap is not installed")
    grader.hand_in("ada", where="a class")
    roster = tmp_path / "roster.csv"
    roster.write_text("id\nada\n", "utf-8")
    assert grader.run("--roster", str(roster), "--only", "ada", where="a class") == []
    assert grader.said == 0
    built, ran = said.read_text().splitlines()
    assert "grading.Dockerfile" in built
    assert "--network none" in ran
    assert f"source={tmp_path}/a class,target=/given/submissions/a class,readonly" in ran
    assert f"source={tmp_path}/out,target=/results " in ran
    assert ran.endswith("--only=ada /given/submissions/a class --roster=/given/roster/roster.csv")


def test_without_a_sandbox_and_a_container_nothing_runs(grader, monkeypatch):
    monkeypatch.setattr(sandbox, "missing", lambda: "bubblewrap is not installed")
    monkeypatch.setenv("PATH", "/nowhere")
    grader.hand_in("ada")
    assert grader.run() == []
    assert "bubblewrap is not installed. Docker or Podman would do" in grader.said
