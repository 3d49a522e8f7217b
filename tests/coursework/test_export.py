"""Marks go back to each system in its own columns, and nobody's go astray."""

import csv
import io
import zipfile

import pytest

from coursework.grade.export import feedback_zip, fill
from coursework.grade.identity import Roster
from coursework.grade.results import Marks, Row

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Other (1),Problem set 1 (77)
    Points Possible,,,,,10,24
"Lovelace, Ada",4711,s1,ada,A,3,
"Byte, Bob",4712,s2,bob,A,4,
"Student, Test",1,,x9,A,,2
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments
Participant 4711,Ada Lovelace,ada@x.org,Submitted,,24.00,
Participant 4712,Bob Byte,bob@x.org,Submitted,,24.00,
"""
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Set 1 [Total Pts: 24 Score] |7"\n'
    '"Lovelace"\t"Ada"\t"ada"\t"s1"\t""\n"Byte"\t"Bob"\t"bob"\t"s2"\t""\n'
)


def row(marks, comment=""):
    return Row("rheobase", "The smallest current", 4, marks, "", comment=comment)


MARKS = {"ada": Marks("ada", [row(3.5, "Well done.")]), "bob": Marks("bob", [row(2), row(None)])}


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id,lms_id,email\nada,4711,ada@x.org\nbob,4712,bob@x.org\n", "utf-8")
    return Roster.read(path)


def filled(folder, text, roster, marks=None, column="", encoding="utf-8"):
    """Fill a table; return its rows and what was filled."""
    (folder / "export.csv").write_bytes(text.encode(encoding))
    done = fill(folder / "export.csv", MARKS if marks is None else marks, roster, column)
    text = done.content.decode(encoding)
    separator = "\t" if "\t" in text else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)), done


@pytest.mark.parametrize("known", [True, False])
def test_canvas_gets_its_own_table_back(tmp_path, roster, known):
    rows, done = filled(tmp_path, CANVAS, roster if known else Roster(), column="problem set 1")
    assert done.system == "Canvas"
    assert [row["Problem set 1 (77)"] for row in rows] == ["24", "3.5", "2", "2"]
    assert [row["Other (1)"] for row in rows] == ["10", "3", "4", ""]
    assert "\n    Points Possible," in done.content.decode()
    assert done.content.decode().splitlines()[0] == CANVAS.splitlines()[0]
    assert any("no result for Student, Test" in one for one in done.said)


def test_moodle_gets_marks_and_comments(tmp_path, roster):
    rows, done = filled(tmp_path, MOODLE, roster)
    assert done.system == "Moodle"
    assert [row["Grade"] for row in rows] == ["3.5", "2"]
    assert rows[0]["Feedback comments"] == "The smallest current: Well done."
    assert "4 points are still to be marked" in rows[1]["Feedback comments"]
    assert done.said == [f"{tmp_path}/export.csv: 1 of the sums are partial: " + PARTIAL]


PARTIAL = "something is still to be marked"


def test_moodle_without_a_roster_goes_by_its_numbers(tmp_path):
    marks = {"4711": MARKS["ada"]}
    rows, done = filled(tmp_path, MOODLE, Roster(), marks)
    assert [row["Grade"] for row in rows] == ["3.5", ""]
    assert any("no result for Participant 4712" in one for one in done.said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_blackboard_gets_its_tabs_and_encoding_back(tmp_path, roster, encoding):
    rows, done = filled(tmp_path, BLACKBOARD, roster, encoding=encoding)
    assert done.system == "Blackboard"
    assert [list(row.values())[-1] for row in rows] == ["3.5", "2"]


def test_whoever_has_no_row_is_named(tmp_path, roster):
    marks = MARKS | {"cy": MARKS["ada"]}
    _, done = filled(tmp_path, BLACKBOARD, roster, marks)
    assert any("has no row for cy" in one for one in done.said)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        (CANVAS, "", r"line 1: which column .* Other \(1\), Problem set 1 \(77\)"),
        (CANVAS, "Problem set 2", "line 1: which column"),
        ("id,marks\nada,\n", "", "line 1: these are the columns of none of Canvas, Moodle"),
        (MOODLE + MOODLE.splitlines()[1] + "\n", "", "line 4: ada is there twice"),
        ("", "", "line 1: the table is empty"),
    ],
)
def test_a_table_that_cannot_be_filled_is_refused(tmp_path, roster, text, column, said):
    with pytest.raises(ValueError, match=rf"export\.csv, {said}"):
        filled(tmp_path, text, roster, column=column)


def test_moodle_takes_the_pages_back(tmp_path):
    page = tmp_path / "ada.html"
    page.write_text("<p>Well done.")
    pages = {
        "class/Ada Lovelace_4711_assignsubmission_file_/problems_1.ipynb": page,
        "Bob Byte_4712_assignsubmission_file_problems_1.ipynb": page,
        "cy/problems_1.ipynb": page,
    }
    assert feedback_zip(tmp_path / "back.zip", pages) == 2
    with zipfile.ZipFile(tmp_path / "back.zip") as packed:
        assert packed.namelist() == [
            "Ada Lovelace_4711_assignsubmission_file_/feedback.html",
            "Bob Byte_4712_assignsubmission_file_feedback.html",
        ]
    assert feedback_zip(tmp_path / "none.zip", {"cy/problems_1.ipynb": page}) == 0
    assert not (tmp_path / "none.zip").exists()
