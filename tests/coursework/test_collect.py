"""Whatever a class is handed in as, everybody has one line, and nobody has somebody else's."""

import json
import tracemalloc
import zipfile

import pytest

from coursework.grade.by_hand import harmless, read_by_hand
from coursework.grade.collect import collect
from coursework.grade.identity import Roster
from coursework.grade.results import page_name
from coursework.grade.tables import read_table
from coursework.problem_set import ProblemSet
from neuro_lib.coursework import Student
from neuro_lib.coursework.student import canonical

NFC, NFD = "jos\u00e9", "jose\u0301"


def notebook(who=""):
    """A notebook that is filled in for somebody, and otherwise empty."""
    cell = {"cell_type": "code", "source": f"me = Student({who!r})", "metadata": {}, "outputs": []}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def roster_of(folder, *rows, head="id,name,lms_id"):
    path = folder / "roster.csv"
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return Roster.read(path)


def collected(folder, paths, roster=None, content=None):
    """Collect from a zip of some paths, and from the same as a folder: it must be the same."""
    with zipfile.ZipFile(folder / "class.zip", "w") as packed:
        for path in paths:
            packed.writestr(path, (content or {}).get(path, notebook()))
    return collect(folder / "class.zip", "problems_1", roster)


def students(given):
    return [one.student for one in given.submissions]


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("Ada Lovelace_4711_assignsubmission_file_/problems_1.ipynb", "4711"),
        ("Ada Lovelace_4711_assignsubmission_file_problems_1.ipynb", "4711"),
        ("lovelaceada_4711_998_problems_1.ipynb", "4711"),
        ("lovelaceada_LATE_4711_998_problems_1-1.ipynb", "4711"),
        ("Problem Set 1_ada_attempt_2026-11-29-10-15-30_problems_1.ipynb", "ada"),
        ("12345-4711 - Ada Lovelace - Nov 29, 2026 1015 AM/problems_1.ipynb", "4711"),
        ("Lovelace, Ada(ada)/Submission attachment(s)/problems_1.ipynb", "ada"),
        ("submission_4711/problems_1.ipynb", "4711"),
        ("ada+problems_1+2026-11-29 10:15:30 UTC+abc/problems_1.ipynb", "ada"),
        ("Ada_4711_assignsubmission_file/problems_1.ipynb", "4711"),
        ("1-4711 - Ada - B. Lovelace - 3 Mar 2026 1104 AM - problems_1.ipynb", "4711"),
        ("1-4711 - Ada Lovelace- March 3, 2026 11:04 AM/problems_1.ipynb", "4711"),
        ("1-4711 - Ada Lovelace/problems_1.ipynb", "4711"),
        ("Ada-01/problems_1.ipynb", "ada-01"),
        ("ada-1_problems_1.ipynb", "ada-1"),
        ("ada-01_problems_1 (1).ipynb", "ada-01"),
        ("Copy of ada_problems_1.ipynb", "ada"),
        ("Ada Lovelace - problems_1.ipynb", "ada lovelace"),
        ("ada_problems_1.IPYNB", "ada"),
        ("ada_problems_1.ipynb.txt", "ada"),
        ("problems_1_ada.ipynb", "ada"),
        ("ada\\problems_1.ipynb", "ada"),
        ("ada\u200b\u00a0/problems_1.ipynb", "ada"),
        (f"{NFD}/problems_1.ipynb", NFC),
        ("ＡＤＡ/problems_1.ipynb", "ada"),
        ("ada (1)/problems_1.ipynb", "ada"),
        ("ada-problems-1.ipynb", "ada"),
        ("ada.problems_1.ipynb", "ada"),
        ("Problems 1 - ada.ipynb", "ada"),
        ("ada_problems_1 copy 2.ipynb", "ada"),
        ("ada_problems_1_kopie.ipynb", "ada"),
        ("ada_problems_1~.ipynb", "ada"),
        ("ada_problems_1 (Ada's conflicted copy 2026-11-29).ipynb", "ada"),
        ("ada_problems_10.ipynb", "ada_problems_10"),
    ],
)
def test_the_names_that_systems_and_people_give_are_understood(tmp_path, path, student):
    given = collected(tmp_path, [path])
    assert students(given) == [student]
    assert not given.submissions[0].trouble
    assert given.submissions[0].read()[0]


@pytest.mark.parametrize("who", [NFD, NFC.upper(), f" {NFC}\u200b", f"\ufeff{NFC}\u00a0"])
def test_an_id_means_the_same_numbers_however_it_is_typed(who):
    assert Student(who) == Student(NFC)


def test_capitals_do_not_matter_in_any_alphabet():
    letters = [chr(k) for k in range(0x20000) if chr(k).upper() != chr(k).lower()]
    assert [
        x for x in letters if not canonical(x) == canonical(x.upper()) == canonical(x.lower())
    ] == []
    assert canonical("ISTANBUL") == canonical("\u0130stanbul") == canonical("\u0131stanbul")


def test_a_name_in_a_zip_that_does_not_say_it_is_utf8(tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as packed:
        packed.writestr("jos??/problems_1.ipynb", notebook())
    content = (tmp_path / "class.zip").read_bytes()
    (tmp_path / "class.zip").write_bytes(content.replace(b"jos??", NFC.encode()))
    assert students(collect(tmp_path / "class.zip", "problems_1")) == [NFC]


@pytest.mark.parametrize(
    ("paths", "whose"),
    [
        (["class/ada/problems_1.ipynb", "class/bob/problems_1.ipynb"], ["ada", "bob"]),
        (["class/ada/problems_1.ipynb"], ["ada"]),
        (["a/b/ada/problems_1.ipynb", "a/b/bob/problems_1.ipynb"], ["ada", "bob"]),
        (["class/ada/problems_1/problems_1.ipynb"], ["ada"]),
        (["ada/problems_1/problems_1.ipynb"], ["ada"]),
        (["ada/my work/problems_1.ipynb"], ["ada"]),
        (["ada/v1/problems_1.ipynb", "ada/v2/problems_1.ipynb"], ["ada"]),
        (["class/ada/problems_1.ipynb", "class/list.pdf"], ["ada"]),
        (["problems_1/ada/problems_1.ipynb"], ["ada"]),
        (["class/Ada_7_assignsubmission_file_/problems_1.ipynb"], ["7"]),
        (["class/ada_problems_1.ipynb", "class/bob_problems_1.ipynb"], ["ada", "bob"]),
    ],
)
def test_a_folder_around_the_class_is_nobody(tmp_path, paths, whose):
    content = {path: notebook("ada") for path in paths if "ada" in path}
    assert students(collected(tmp_path, paths, content=content)) == whose


def test_a_stray_notebook_makes_nobody_of_the_class(tmp_path):
    paths = [f"class/{who}/problems_1.ipynb" for who in ("ada", "bob")]
    given = collected(tmp_path, [*paths, "class/problems_1.ipynb", "class/problems_1 (1).ipynb"])
    assert students(given) == ["ada", "bob"]
    assert len(given.nobodys) == 2
    named = collected(
        tmp_path,
        [*paths, "class/problems_1.ipynb"],
        content={"class/problems_1.ipynb": notebook("ada")},
    )
    ada = named.submissions[0]
    assert ada.path == "class/ada/problems_1.ipynb"
    assert any("nobody" in note for note in ada.notes)


def test_the_roster_is_the_referee(tmp_path):
    roster = roster_of(
        tmp_path, "ada_2026_1,Ada,4711", "bob,Bob Byte,4712", "0123,Cy,", "dora,Dora,", "eve,Eve E,"
    )
    given = collected(
        tmp_path,
        [
            "Byte_4712_assignsubmission_file_/problems_1.ipynb",
            "ada_2026_1_problems_1.ipynb",  # which looks like Canvas's
            "123_problems_1.ipynb",
            "Eve E/problems_1.ipynb",
        ],
        roster,
    )
    found = {one.student: one for one in given.submissions}
    assert found.keys() == {"ada_2026_1", "bob", "0123", "123", "dora", "eve"}
    assert found["123"].notes == ("123 is not on the roster; 0123 is: are they the same?",)
    assert "name alone" in found["eve"].notes[0]
    assert not found["bob"].notes and not found["ada_2026_1"].notes
    assert found["dora"].trouble == "nothing was handed in"
    assert found["bob"].known_as == {"bob", "4712"}


def test_with_a_roster_one_folder_is_a_class_or_a_student(tmp_path):
    roster = roster_of(tmp_path, "ada,,")
    assert students(collected(tmp_path, ["x/ada/problems_1.ipynb"], roster)) == ["ada"]
    assert students(collected(tmp_path, ["ada/x/problems_1.ipynb"], roster)) == ["ada"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("ada/problems_1.zip", "no notebook, but ada/problems_1.zip"),
        ("ada/answers.txt", "no notebook"),
        ("ada/", "the folder is empty"),
        ("ada/.ipynb_checkpoints/problems_1-checkpoint.ipynb", "what programs leave"),
    ],
)
def test_who_handed_in_nothing_that_can_be_read_has_a_line(tmp_path, path, said):
    given = collected(tmp_path, [path, "bob/problems_1.ipynb"])
    assert students(given) == ["ada", "bob"]
    assert said in given.submissions[0].trouble


def test_an_empty_folder_on_disk_has_a_line(tmp_path):
    (tmp_path / "in" / "ada" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "bob").mkdir()
    assert students(collect(tmp_path / "in", "problems_1")) == ["ada", "bob"]


def test_of_two_files_for_one_id_one_counts_and_both_are_named(tmp_path):
    given = collected(tmp_path, ["ada/problems_1.ipynb", "Ada\u00a0/problems_1.ipynb"])
    (ada,) = given.submissions
    assert "several notebooks" in ada.notes[0]


def test_of_several_attempts_the_last_in_time_counts(tmp_path):
    """Brightspace's months and halves of a day do not come in the order of the alphabet."""
    times = (
        "Sep 30, 2026 955 AM",
        "Oct 2, 2026 1101 PM",
        "Oct 10, 2026 105 AM",
        "10 Oct 2026 1200 PM",
    )
    paths = [f"1-4711 - Ada - {time} - problems_1.ipynb" for time in times]
    (ada,) = collected(tmp_path, paths[::-1]).submissions
    assert ada.path == paths[-1]


def test_a_number_of_any_length_in_a_name_is_read(tmp_path):
    assert students(collected(tmp_path, [f"{'9' * 5000}_problems_1.ipynb"])) == ["9" * 5000]


@pytest.mark.parametrize("packed_as", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.slow
def test_a_bomb_is_not_unpacked(tmp_path, packed_as):
    with zipfile.ZipFile(tmp_path / "class.zip", "w", packed_as) as packed:
        packed.writestr("ada/problems_1.ipynb", b" " * 100_000_000)
        liar = packed.getinfo("ada/problems_1.ipynb")
    content = (tmp_path / "class.zip").read_bytes()
    size = liar.file_size.to_bytes(4, "little")
    (tmp_path / "class.zip").write_bytes(content.replace(size, (9000).to_bytes(4, "little")))
    tracemalloc.start()
    (ada,) = collect(tmp_path / "class.zip", "problems_1").submissions
    content, trouble = ada.read()
    assert tracemalloc.get_traced_memory()[1] < 30e6
    tracemalloc.stop()
    assert trouble or len(content) <= 9000


TABLES = {
    "semicolons": ("id;name\nada;Ada\n", {"ada": "Ada"}),
    "tabs": ("id\tname\nada\tAda\n", {"ada": "Ada"}),
    "Excel's own": ("sep=;\nid;name\nada;Ada\n", {"ada": "Ada"}),
    "Excel's tabs": ("SEP=\t\r\nid\tname\r\nada\tAda\r\n", {"ada": "Ada"}),
    "Excel's, taken for a row": ('"sep=;";;\nid;name\nada;Ada\n', {"ada": "Ada"}),
    "blank rows": ("id,name\n\n,\nada,Ada\n , \n", {"ada": "Ada"}),
    "headings": (" ID , Name \nada,Ada\n", {"ada": "Ada"}),
    "a mark first": ("\ufeffid,name\nada,Ada\n", {"ada": "Ada"}),
    "other line ends": ("id,name\r\nada,Ada\r\n", {"ada": "Ada"}),
    "a short row": ("id,name\nada\n", {"ada": ""}),
    "quotes": ('id,name\nada,"Lovelace, Ada"\n', {"ada": "Lovelace, Ada"}),
    "kept from counting": ('id,name\n="0123",\'0123\n', {"0123": "0123"}),
    "zeros": ("id,name\n0123,Ada\n", {"0123": "Ada"}),
}


@pytest.mark.parametrize(("text", "names"), TABLES.values(), ids=TABLES.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_roster_is_read_from_any_spreadsheet(tmp_path, text, names, encoding):
    (tmp_path / "roster.csv").write_bytes(text.encode(encoding))
    assert Roster.read(tmp_path / "roster.csv").names == names


LMS_TABLES = {
    "Canvas": (
        "Student,ID,SIS User ID,SIS Login ID,Section,Set (7)\n    Points Possible,,,,,24\n"
        '"L, Ada",4711,s1,ada,A,\n',
        {"4711": "L, Ada"},
        {"4711", "s1", "ada"},
    ),
    "Moodle": (
        "Identifier;Full name;Email address;Grade\nParticipant 4711;Ada L;ada@x.org;\n",
        {"4711": "Ada L"},
        {"4711", "ada@x.org"},
    ),
    "Blackboard": (
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"S |7"\n'
        '"L"\t"Ada"\t"ada"\t"s1"\t""\n',
        {"ada": "Ada L"},
        {"ada", "s1"},
    ),
}


@pytest.mark.parametrize(("text", "names", "ids"), LMS_TABLES.values(), ids=LMS_TABLES.keys())
def test_the_table_of_a_system_is_a_roster(tmp_path, text, names, ids):
    (tmp_path / "roster.csv").write_text(text, "utf-8")
    roster = Roster.read(tmp_path / "roster.csv")
    assert roster.names == names
    assert roster.known_as(*names) == ids


REFUSED = {
    "no id": ("id,name\nada,Ada\n,Bob\n", "line 3: there is no id"),
    "twice": ("id\nada\nbob\nADA\n", "line 4: id = 'ada' stands in line 2, too"),
    "two for one": ("id,lms_id\nada,7\nbob,7\n", "line 3: '7' stands for two students"),
    "a float": ("id\n123.0\n", "line 2: id = '123.0': a spreadsheet has made a number"),
    "an error": ("id\n#N/A\n", "line 2: id = '#N/A': a formula found nothing"),
    "a power": ("id\n1.2E+10\n", "line 2: id = '1.2E\\+10': a spreadsheet"),
    "long": (f"id,name\nada,{'7' * 5000}\n", "line 2: name = .*5,000 signs"),
    "no column": ("name\nAda\n", "line 1: there is no column id, but name. Name the columns id"),
    "column twice": ("id,id\nada,bob\n", "line 1: the column id is there twice"),
    "more cells": ("id,name\nada,Lovelace,Ada\n", "line 2: there are 3 cells, and 2 columns"),
    "empty": ("", "line 1: the table is empty"),
    "nobody": ("id,name\n", "line 2: nobody is on the roster"),
    "open quotes": ('id,name\nada,"Ada\n', "line 2"),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_would_be_lost_of_a_roster_is_refused(tmp_path, text, said):
    (tmp_path / "roster.csv").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=rf"roster\.csv, {said}"):
        Roster.read(tmp_path / "roster.csv")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04" + bytes(range(256)), "this is a workbook"),
        (b"\xff\xfei\x00d", "this file is cut off"),
        (b"i\x00d\x00\n\x00", "this is no table"),
    ],
)
def test_what_is_no_csv_is_refused(tmp_path, content, said):
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(ValueError, match=rf"roster\.csv, line 1: {said}"):
        Roster.read(tmp_path / "roster.csv")


@pytest.mark.parametrize(("marks", "value"), [("1.5", 1.5), (".5", 0.5), ("1.", 1.0), (" 2 ", 2.0)])
def test_marks_count_however_a_number_is_written(tmp_path, marks, value):
    (tmp_path / "hand.csv").write_text(f"student,problem,marks\nada,rheobase,{marks}\n", "utf-8")
    read = read_by_hand(tmp_path / "hand.csv", ProblemSet.load("problems_1"), {"ada"})
    assert read["ada"]["rheobase"].marks == value


def test_what_is_not_utf8_is_refused_with_its_line(tmp_path):
    (tmp_path / "roster.csv").write_bytes("id,name\nada,Ada\njose,José\n".encode("cp1252"))
    with pytest.raises(ValueError, match=r"line 3: this is not UTF-8. Save the table as"):
        Roster.read(tmp_path / "roster.csv")


BY_HAND = {
    "unknown id": ("adda,explanation,1,", "line 3: student = 'adda' is nobody"),
    "comma": ('ada,explanation,"1,5",', "line 3: marks = '1,5' .*write 1.5"),
    "bare comma": ("ada,explanation,1,5,", "line 3: there are 5 cells, and 4 columns"),
    "twice": ("ADA,explanation,2,", "line 3: 'ada' has marks for 'explanation' in line 2, too"),
    "too many": ("ada,rheobase,3,", "line 3: marks = '3' is not a number from 0 to 2"),
    "comment alone": ("ada,rheobase,,Why?", "line 3: marks = '' is not"),
    "no problem": ("ada,rheo,1,", "line 3: problem = 'rheo' is not in the set, but synapses"),
    "negative": ("ada,rheobase,-1,", "line 3: marks = '-1' is not"),
}


@pytest.mark.parametrize(("row", "said"), BY_HAND.values(), ids=BY_HAND.keys())
def test_what_would_be_lost_of_marks_by_hand_is_refused(tmp_path, row, said):
    path = tmp_path / "hand.csv"
    path.write_text(f"student,problem,marks,comment\nada,explanation,1,\n{row}\n", "utf-8")
    with pytest.raises(ValueError, match=rf"hand\.csv, {said}"):
        read_by_hand(path, ProblemSet.load("problems_1"), {"ada", "bob"})


@pytest.mark.parametrize("head", ["student,problem,mark", "student,problem,marks,comments"])
def test_a_column_of_another_name_is_refused(tmp_path, head):
    (tmp_path / "hand.csv").write_text(f"{head}\nada,rheobase,1\n", "utf-8")
    with pytest.raises(ValueError, match=r"line 1: there is (no|a) column"):
        read_by_hand(tmp_path / "hand.csv", ProblemSet.load("problems_1"), {"ada"})


def test_rows_that_are_still_to_be_marked_are_none(tmp_path):
    (tmp_path / "hand.csv").write_text("student;problem;marks\nada;explanation;\n", "utf-8")
    assert read_by_hand(tmp_path / "hand.csv", ProblemSet.load("problems_1"), {"ada"}) == {}


@pytest.mark.parametrize("text", ["=1+1", "@x", "a;=1+1", "x,\t-2", "+1", "\t=1", "a|=2"])
def test_no_spreadsheet_finds_a_formula(text):
    assert not any(part.strip().startswith(("=", "+", "-", "@")) for part in _split(harmless(text)))


def _split(text):
    cells = [text]
    for separator in ",;\t|":
        cells = [part for cell in cells for part in cell.split(separator)]
    return cells


def test_no_two_students_share_a_page():
    ids = ["a b", "a_b", "a/b", ".a", "a", "con", "A", "", "ü", "a" * 90, "a" * 91, "a.", "~"]
    ids += [page_name(who) for who in ids]
    assert len({page_name(who).casefold() for who in ids}) == len(set(ids))
    for who in ids:
        assert "/" not in page_name(who) and not page_name(who).startswith(".")


def test_a_table_tells_the_line_of_a_row_of_several_lines(tmp_path):
    (tmp_path / "t.csv").write_text('id,name\n"a","x\ny"\nb,z\n', "utf-8")
    table = read_table(tmp_path / "t.csv", {"id"}, {"name"})
    assert [line for line, _ in table.rows] == [3, 4]
