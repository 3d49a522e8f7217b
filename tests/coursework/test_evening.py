"""An instructor's evening with each system, by the guide: from its zip to its table, and again."""

import csv
import io
import zipfile
from dataclasses import dataclass

import pytest

from tests.coursework.test_store import BLANK, Grader


@dataclass(frozen=True)
class System:
    """What a system calls the files of Ada and of Bob, who is late, and its table of marks."""

    ids: tuple
    ada: str
    bob: str
    table: str = ""
    column: str = ""
    again: str = ""  # of Ada, who hands in once more
    encoding: str = "utf-8"
    options: tuple = ()


SYSTEMS = {
    "Canvas": System(
        ("4711", "4712"),
        "lovelaceada_4711_99001_problems_1.ipynb",
        "bytebob_LATE_4712_99002_problems_1 (1).ipynb",
        "Student,ID,SIS User ID,SIS Login ID,Section,Problem set 1 (77),Quiz (78),Final Score\n"
        ",,,,,Manual Posting,,\n    Points Possible,,,,,24,10,(read only)\n"
        '"Lovelace, Ada",4711,s1,ada,A,,3,\n"Byte, Bob",4712,s2,bob,A,,4,\n'
        '"Clark, Cy",4713,s3,cy,A,EX,,\n"Student, Test",1,,x9,A,,,\n',
        "Problem set 1 (77)",
        "lovelaceada_4711_99105_problems_1-1.ipynb",
        options=("--column", "Problem set", "--late", "10 %"),
    ),
    "Moodle": System(
        ("4711", "4712"),
        "Ada Lovelace_4711_assignsubmission_file_/problems_1.ipynb",
        "Bob Byte_4712_assignsubmission_file_/problems_1.ipynb",
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,"
        "Last modified (submission),Feedback comments\n"
        "Participant 4711,Ada Lovelace,ada@x.org,Submitted,,24.00,"
        '"Sunday, 29 November 2026, 10:15 PM",\n'
        "Participant 4712,Bob Byte,bob@x.org,Submitted,,24.00,"
        '"Monday, 30 November 2026, 1:15 AM",\n'
        "Participant 4713,Cy Clark,cy@x.org,No submission,,24.00,-,\n",
        "Grade",
        options=("--due", "2026-11-29 23:59", "--late", "10 % a day"),
    ),
    "Blackboard": System(
        ("ada", "bob"),
        "Problem set 1_ada_attempt_2026-11-29-10-15-30_problems_1.ipynb",
        "Problem set 1_bob_attempt_2026-11-30-00-15-30_problems_1.ipynb",
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Set 1 [Total Pts: 24 Score] |7"\n'
        '"Lovelace"\t"Ada"\t"ada"\t"s1"\t""\n"Byte"\t"Bob"\t"bob"\t"s2"\t""\n'
        '"Clark"\t"Cy"\t"cy"\t"s3"\t"5"\n',
        "Set 1 [Total Pts: 24 Score] |7",
        "Problem set 1_ada_attempt_2026-11-29-11-00-00_problems_1.ipynb",
        encoding="utf-16",
        options=("--due", "2026-11-29 23:59", "--late", "10 % a day"),
    ),
    "plain": System(("ada", "bob"), "ada/problems_1.ipynb", "bob/problems_1.ipynb"),
}


class Evening(Grader):
    """The grader, with the downloads of a system."""

    def __init__(self, folder, monkeypatch, system):
        super().__init__(folder, monkeypatch)
        self.system, self.options = system, list(system.options)
        if system.table:
            table = folder / "the table.csv"
            table.write_bytes(system.table.encode(system.encoding))
            self.options += ["--fill", str(table)]

    def download(self, texts):
        """Pack the class anew, by path."""
        with zipfile.ZipFile(self.folder / "Problem set 1.zip", "w") as packed:
            for path, text in texts.items():
                packed.writestr(path, text)
                if "_attempt_" in path:  # Blackboard adds a page about each
                    packed.writestr(f"{path.rpartition('_problems')[0]}.txt", "Name: ...")

    def grade(self):
        return self.run(*self.options, where="Problem set 1.zip")

    def filled(self, name):
        """What the filled table has in the column of the marks."""
        path = self.folder / "out" / f"{name.lower()}.csv"
        text = path.read_bytes().decode(self.system.encoding)
        separator = "\t" if "\t" in text else ","
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
        return [row[self.system.column] for row in rows]

    def give(self, who, marks):
        """Fill marks into the table that waits for them."""
        hand = self.folder / "out" / "by_hand.csv"
        text = hand.read_text("utf-8-sig")
        assert f"{who},explanation,,," in text
        text = text.replace(f"{who},explanation,,,", f"{who},explanation,{marks},")
        hand.write_text(text, "utf-8-sig")

    def total(self, who):
        return float(self.rows()[who]["total, of 24"])


@pytest.mark.parametrize("name", SYSTEMS)
def test_an_evening_from_the_download_to_the_correction(tmp_path, monkeypatch, name):
    system = SYSTEMS[name]
    (ada, bob), late = system.ids, 0.9 if system.options else 1.0
    evening = Evening(tmp_path, monkeypatch, system)

    # Grade what was downloaded as it came, and read the report.
    evening.download({system.ada: BLANK, system.bob: BLANK})
    graded = evening.grade()
    assert evening.said is None
    assert {ada, bob} <= set(graded)
    assert (evening.total(ada), evening.total(bob)) == (20, 20 * late)
    lines = evening.report().splitlines()
    if system.table:
        assert any("nothing was handed in" in line for line in lines)
        assert evening.rows()[ada]["name"] in ("Ada Lovelace", "Lovelace, Ada")
        assert not any(line.startswith(f"- `{ada}`") for line in lines)
        (said,) = (line for line in lines if line.startswith(f"- `{bob}` ("))
        assert "Byte" in said and "handed in" in said and "late" in said

    # Mark by hand, and export: into the system's own table, if it has one.
    evening.give(ada, "3,Good.")
    evening.give(bob, "2,")
    assert evening.grade() == []
    assert (evening.total(ada), evening.total(bob)) == (23, 22 * late)
    rest = {
        "Canvas": (["Manual Posting", "24"], ["EX", ""]),
        "Moodle": ([], [""]),
        "Blackboard": ([], ["5"]),
    }
    if system.table:
        before, after = rest[name]
        assert evening.filled(name) == [*before, "23", f"{22 * late:g}", *after]
    assert (tmp_path / "out" / "moodle_feedback.zip").exists() == (name == "Moodle")

    # Ada hands in once more: she alone is graded again, and what was given by hand stays.
    first = {system.ada: BLANK} if name == "Blackboard" else {}  # it keeps all attempts
    evening.download({**first, system.again or system.ada: BLANK + "\n", system.bob: BLANK})
    assert evening.grade() == [ada]
    assert (evening.total(ada), evening.total(bob)) == (23, 22 * late)
