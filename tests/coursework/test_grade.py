"""Grading: honest work is marked, whatever stands beside it; hostile work gains nothing."""

import csv
import json
import re
import stat
import zipfile
from copy import deepcopy

import nbformat
import pytest

from coursework.grade import __main__ as grade
from coursework.grade import sandbox
from coursework.grade.collect import LARGEST, collect
from coursework.grade.results import page_name
from coursework.release import ROOT, student_version
from tests.coursework.leaks import leaks
from tests.coursework.notebooks import source, tasks

pytestmark = pytest.mark.slow

FULL = sum(tasks(source("problems_1"))[0].values())
GIVEN_OUT = student_version("problems_1")


def handed_in(answers=None, base=None):
    """A notebook as a student hands it in: some answer cells end in code of theirs."""
    notebook = deepcopy(base or GIVEN_OUT)
    for cell in notebook.cells:
        more = (answers or {}).get(cell.metadata["nbgrader"]["grade_id"])
        if more:
            cell.source += "\n" + more
    return notebook


def evil(code, where="synapses_answer"):
    """A notebook without an answer, that does something else."""
    return nbformat.writes(handed_in({where: code}))


SOLVED = nbformat.writes(source("problems_1"))
WITHOUT_CHECKS = source("problems_1")
WITHOUT_CHECKS.cells = [c for c in WITHOUT_CHECKS.cells if not c.metadata["nbgrader"]["grade"]]
for cell in WITHOUT_CHECKS.cells:
    cell.source = cell.source.replace('Student("")', 'Student("Somebody")')
TWICE = source("problems_1")
TWICE.cells += deepcopy(TWICE.cells)
RENAMED = source("problems_1")
for cell in RENAMED.cells[:-4]:
    cell.source = cell.source.replace('Student("")', 'Student("renames")')
    if cell.cell_type == "code":
        cell.metadata["nbgrader"]["grade_id"] += "_x"
EDITED = deepcopy(GIVEN_OUT)
for cell in EDITED.cells:
    if cell.metadata["nbgrader"]["grade"] and cell.cell_type == "code":
        cell.source = "print('✓ Right.')"
        cell.metadata["nbgrader"]["points"] = 1000

NAMES = "synapses capacitance steady_potential rheobase first_spike strong_rate integrate rates"
YES = f"""
class Yes:
    __eq__ = __le__ = __ge__ = __lt__ = lambda *anything: True
    __float__ = lambda self: 1.0
    __array__ = lambda self, *a, **k: np.ones(())
for name in "{NAMES}".split():
    globals()[name] = Yes()
"""
STEAL = f"""
import pathlib, socket
found = []
for path in (
    "{ROOT}/coursework", "{ROOT}/tests", "{ROOT}/.git", "{ROOT}/_build",
    "/root/.ssh", "/home", "/etc/passwd", "/var", "/run",
):
    if pathlib.Path(path).exists():
        found.append(path)
try:
    socket.create_connection(("1.1.1.1", 80), timeout=1)
    found.append("network")
except OSError:
    pass
for path in ("/usr/x", "/course/x", "/course/neuro_lib/x", "/dev/x", "{ROOT}/.venv/x"):
    try:
        open(path, "w").close()
        found.append(path)
    except OSError:
        pass
if found:
    raise RuntimeError("FOUND " + " ".join(found))
"""
FORK = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
FLOOD = """
import os
for file in range(3, 20):
    try:
        while True:
            os.write(file, b"x" * 10**6)
    except OSError:
        pass
"""
FORGE = """
import os
for file in range(3, 20):
    try:
        os.write(file, b'{"answers": {"rheobase": true}, "errors": {}}')
    except OSError:
        pass
os._exit(0)
"""
TELL = """
import builtins, gc
hidden = []
def integrate(*arguments):
    hidden.append(arguments)
    globals()["rheobase"] = float(arguments[0][0])
    try:
        found = [x for x in gc.get_objects() if type(x) is dict and {"inputs"} <= x.keys()]
        import os
        for file in range(3, 20):
            try:
                os.write(file, b'{"cell": 0, "error": "HIDDEN", "answers": {"rheobase": "1"}}\\n')
            except OSError:
                pass
    finally:
        raise KeyError("HIDDEN" + str(arguments))
def later():
    raise ValueError(str(hidden))
"""
ODD = json.loads(nbformat.writes(GIVEN_OUT))
for cell, odd in enumerate(([], None, {"nbgrader": []}, {"nbgrader": {"grade_id": {}}})):
    ODD["cells"][cell]["metadata"] = odd
ODD["cells"][4]["metadata"]["nbgrader"]["grade_id"] = "\ud800"
ODD["cells"][5]["outputs"] = [None, {"data": []}, {"text": 1}]
HOSTILE = {
    "steals": evil(STEAL),
    "patches": evil(
        "import neuro_lib.coursework.problems_1 as p, neuro_lib.coursework.verdict as v\n"
        "import numpy.testing, builtins\n"
        "p.judge_number = v.judge_number = lambda *a, **k: v.Verdict(1.0)\n"
        "numpy.testing.assert_allclose = builtins.isinstance = lambda *a, **k: True",
    ),
    "agrees": evil(YES, "rates_answer"),
    "subclass": evil(
        "class A(np.ndarray):\n    __sub__ = __rsub__ = lambda s, o: np.zeros(())\n"
        "rates = np.ones(5).view(A); rheobase = np.ones(()).view(A)",
        "rates_answer",
    ),
    "loops": evil("while True: pass"),
    "forks": evil(FORK),
    "eats": evil("x = []\nwhile True: x.append(bytearray(10**8))"),
    "floods": evil(FLOOD),
    "prints": evil("for _ in range(50): print('x' * 10**6)"),
    "quits": evil("import os; os._exit(0)"),
    "forges": evil(FORGE),
    "edits": nbformat.writes(EDITED),
    "sends text": "{ this is not JSON",
    "sends nothing": "",
    "sends a list": "[1, 2]",
    "nests": '{"cells": ' + "[" * 50_000 + "]" * 50_000 + "}",
    "sends another": json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}),
    "sends much": " " * (LARGEST + 1),
    "has odd cells": json.dumps(ODD),
    "cannot be written": evil("raise ValueError(chr(0xD800))"),
    "slanders": evil("raise ValueError('x\\n- `honest`: copied. <img src=//x> [x](//x)')"),
    "tells": evil(TELL, "integrate_answer"),
    "copies": SOLVED.replace("mine.lif", "given(Student('honest')).lif").replace(
        "mine.I_", "given(Student('honest')).I_"
    ),
}
WITHOUT_ME = source("problems_1")
WITHOUT_ME.cells = [
    c for c in WITHOUT_ME.cells if c.metadata["nbgrader"]["grade_id"] != "me_answer"
]


def with_more(code, name=None):
    """The solved set, and code that stands before a cell's, or in a new last cell."""
    notebook = source("problems_1")
    for cell in notebook.cells:
        if cell.metadata["nbgrader"]["grade_id"] == name:
            cell.source = f"{code}\n{cell.source}"
    if name is None:
        notebook.cells.append(nbformat.v4.new_code_cell(code))
    return nbformat.writes(notebook)


def bare():
    """The solved set as a converter leaves it, one of its answers turned into Markdown."""
    notebook = source("problems_1")
    for cell in notebook.cells:
        if cell.metadata["nbgrader"]["grade_id"] == "rheobase_answer":
            cell.cell_type, cell.source = "markdown", f"```python\n{cell.source}\n```"
            del cell["outputs"], cell["execution_count"]
        cell.metadata = {}
    return nbformat.writes(notebook)


DRESSED = """
from collections import deque, namedtuple
from decimal import Decimal
from fractions import Fraction
import array
Row = namedtuple("Row", "a b c d e")
synapses = Fraction(synapses)
rheobase = np.ma.array(rheobase)
capacitance = Decimal(float(capacitance))
steady_potential = np.longdouble(steady_potential)
first_spike = np.array(first_spike, dtype=object)
rates = Row(*np.array(rates, dtype=np.longdouble))
plain_integrate = integrate
def integrate(*arguments):
    return (Fraction(t) for t in deque(array.array("d", plain_integrate(*arguments))))
"""
ODD_ANSWERS = "synapses = 10**6000\nrheobase = 'x' * 6_000_000\ncapacitance = synapses_list = []\n"
ODD_ANSWERS += "for _ in range(3000): capacitance = [capacitance]"
HONEST = {
    "magic": with_more(
        "%matplotlib inline\n%config InlineBackend.figure_format = 'svg'\n!ls\nnames = !ls\nLIF?\n"
        "import matplotlib; matplotlib.use('TkAgg'); plt.switch_backend('QtAgg')",
        "rates_answer",
    ),
    "cell magic": with_more("%%time", "rheobase_answer"),
    "unknown magic": with_more("%%nb_mypy --strict", "capacitance_answer"),
    "captured": with_more("%%capture said", "synapses_answer"),
    "bare": bare(),
    "dressed": with_more(DRESSED),
    "last hangs": with_more("while True: pass"),
    "last dies": with_more("import os; os._exit(1)"),
    "last eats": with_more("x = []\nwhile True: x.append(bytearray(10**8))"),
    "shadows": with_more("np = LIF = None\nsum = round = print = 3\ndel rates\n%reset -f"),
    "forgets me": nbformat.writes(WITHOUT_ME),
    "honest": SOLVED,
    "tidy": nbformat.writes(WITHOUT_CHECKS),
    "doubles": json.dumps(TWICE, ensure_ascii=False),
    "renames": nbformat.writes(RENAMED),
}
LOST = ("blank", "outside", "links", "corrupt", "prose", "absent")
ENDS = "import os; os._exit(1)"
TWO_END = nbformat.reads(with_more(ENDS, "rates_answer"), as_version=4)
TWO_END.cells.append(nbformat.v4.new_code_cell(ENDS))
FOLLOWS = "first_spike = 1.3 * first_spike\nstrong_rate = 1000 / (first_spike + mine.lif.t_ref)"
LOSING = {
    "odd": with_more(ODD_ANSWERS),
    "ends twice": nbformat.writes(TWO_END),
    "follows": with_more(FOLLOWS),
}
LOST_MARKS = {"odd": 3 * 2, "ends twice": 2, "follows": 2}
GAINS = {"copies": 9}  # the tasks that do not go by the neuron, the integrator among them


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of honest and hostile students, graded in one batch."""
    folder = tmp_path_factory.mktemp("class")
    with zipfile.ZipFile(folder / "class.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for who, text in {**HOSTILE, **HONEST, **LOSING, "blank": evil("")}.items():
            packed.writestr(f"{who}/problems_1.ipynb", text)
        packed.writestr("prose/answers.txt", "It is 42.")
        packed.writestr("corrupt/problems_1.ipynb", SOLVED)
        corrupt = packed.getinfo("corrupt/problems_1.ipynb").header_offset
        packed.writestr("../outside/problems_1.ipynb", SOLVED)
        link = zipfile.ZipInfo("links/problems_1.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
    with open(folder / "class.zip", "r+b") as file:
        file.seek(corrupt + 100)
        file.write(b"\xff" * 300)
    (folder / "roster.csv").write_text("id,name\nhonest,Grace\nabsent,=1+1\n", "utf-8")
    assert not sandbox.missing(), "these tests want bubblewrap: apt-get install bubblewrap"
    out = folder / "out"
    limits = ["--seconds", "10", "--memory", "800"]
    said = grade.main(
        [
            str(folder / "class.zip"),
            "--roster",
            str(folder / "roster.csv"),
            *limits,
            "--out",
            str(out),
        ]
    )
    assert said is None
    with open(out / "grades.csv", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    return rows, (out / "report.md").read_text("utf-8"), out


def total(row):
    return float(row[f"by machine, of {FULL}"])


def test_everybody_is_graded(graded):
    rows, _, out = graded
    assert rows.keys() == {*HOSTILE, *HONEST, *LOSING, *LOST}
    assert len(list((out / "feedback").glob("*.html"))) == len(rows)


@pytest.mark.parametrize("who", HONEST)
def test_honest_work_gets_full_marks(graded, who):
    assert total(graded[0][who]) == FULL


@pytest.mark.parametrize("who", LOSING)
def test_what_is_odd_loses_its_own_problem_alone(graded, who):
    assert total(graded[0][who]) == FULL - LOST_MARKS[who]


@pytest.mark.parametrize("who", [*HOSTILE, *LOST])
def test_hostile_work_gains_nothing(graded, who):
    assert total(graded[0][who]) <= GAINS.get(who, 0)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("loops", "synapses_answer: it ran for more than 10 s"),
        ("forks", "more than 32 processes|of memory"),  # whichever comes first
        ("eats", "of memory"),
        ("floods", "more than 8 MB"),
        ("quits", "without a result"),
        ("sends text", "not a notebook"),
        ("sends nothing", "is empty"),
        ("sends a list", "not a notebook"),
        ("nests", "not a notebook"),
        ("sends another", "another notebook"),
        ("sends much", "larger than"),
        ("outside", "leads out of the zip"),
        ("links", "links are not followed"),
        ("doubles", "twice"),
        ("tidy", "put back"),
        ("edits", "ours counts: synapses"),
        ("tidy", "filled in for somebody, not for tidy"),
        ("corrupt", "cannot be read"),
        ("prose", "there is no notebook"),
        ("absent", "nothing was handed in"),
        ("blank", "no problem is answered"),
        ("bare", "lost their ids"),
        ("last hangs", "cell 33: it ran for more than 10 s"),
        ("last dies", "cell 33: it ended without a result"),
    ],
)
def test_the_report_says_what_went_wrong(graded, who, said):
    lines = [line for line in graded[1].splitlines() if line.startswith(f"- `{who}`")]
    assert any(re.search(said, line) for line in lines), lines


def test_nothing_was_within_reach(graded):
    assert "FOUND" not in graded[1]


def test_honest_work_is_not_complained_of(graded):
    assert "`honest`" not in graded[1]


def test_the_report_says_nothing_of_others_in_their_words(graded):
    assert "copied" in graded[1]
    assert not re.search(r"^- `honest`|<|\[", graded[1], re.M)


def test_spreadsheets_take_no_name_for_a_formula(graded):
    assert graded[0]["absent"]["name"] == "'=1+1"
    assert graded[0]["honest"]["name"] == "Grace"


def test_a_student_learns_no_hidden_input(graded):
    assert "`tells`: integrate: KeyError: 'HIDDEN(" in graded[1]
    page = (graded[2] / "feedback" / "tells.html").read_text("utf-8")
    assert "<code>integrate</code> stops with an error" in page
    assert "HIDDEN(" not in page.replace('"HIDDEN" + str', "")
    assert not re.search("stops with (KeyError|ValueError)", page)


def test_feedback_tells_nothing_that_students_may_not_know(graded):
    handed = {**HOSTILE, **HONEST, **LOSING, "corrupt": SOLVED, "outside": SOLVED}
    for who in graded[0]:
        text = (graded[2] / "feedback" / f"{page_name(who)}.html").read_text("utf-8")
        assert set(leaks(text)) <= set(leaks(handed.get(who, ""))), who
        assert "Traceback" not in text


def test_grading_again_gives_the_same(tmp_path):
    (submission,) = collect_one(tmp_path, SOLVED)
    problem_set = grade.ProblemSet.load("problems_1")
    made = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        result = grade.mark(submission, problem_set, sandbox.Limits(seconds=60))
        grade.write([result], problem_set, folder)
        made.append([f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()])
    assert made[0] == made[1]
    assert len(made[0]) == 6


def test_a_page_shows_a_script_as_text(tmp_path):
    who = "<script>alert(1)</script>"
    problem_set = grade.ProblemSet.load("problems_1")
    (submission,) = collect_one(tmp_path, "{")
    result = grade.mark(submission, problem_set, sandbox.Limits())
    result = type(result)(who, result.verdicts, (who,))
    grade.write([result], problem_set, tmp_path / "out")
    (page,) = (tmp_path / "out" / "feedback").iterdir()
    assert "<script" not in page.read_text("utf-8")


def collect_one(folder, text):
    where = folder / "in"
    (where / "ada").mkdir(parents=True)
    (where / "ada" / "problems_1.ipynb").write_text(text)
    return collect(where, "problems_1").submissions


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("Ada Lovelace_4711_assignsubmission_file_/problems_1.ipynb", "4711"),
        ("lovelaceada_4711_998_problems_1.ipynb", "4711"),
        ("Ada-01/problems_1.ipynb", "ada-01"),
        ("ada-01_problems_1.ipynb", "ada-01"),
        ("ada-01.ipynb", "ada-01"),
    ],
)
def test_the_names_of_learning_management_systems_are_understood(tmp_path, path, student):
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text("{}")
    assert [one.student for one in collect(tmp_path, "problems_1").submissions] == [student]


def test_without_bubblewrap_nothing_runs(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    said = grade.main([str(tmp_path)])
    assert "No submission was run: bubblewrap is not installed" in said


def test_marks_given_by_hand_are_kept_when_graded_again(tmp_path):
    (submission,) = collect_one(tmp_path, SOLVED)
    problem_set = grade.ProblemSet.load("problems_1")
    result = grade.mark(submission, problem_set, sandbox.Limits(seconds=60))
    (tmp_path / "hand.csv").write_text(
        "student,problem,marks,comment\nAda,explanation,1.5,What about the pause?\n", "utf-8"
    )
    by_hand = grade.read_by_hand(tmp_path / "hand.csv", problem_set)
    grade.write([result], problem_set, tmp_path / "out", by_hand)
    marks = (tmp_path / "out" / "grades.csv").read_text("utf-8").splitlines()
    (row,) = csv.DictReader(marks)
    assert float(row["explanation"]) == 1.5
    assert "What about the pause?" in (tmp_path / "out" / "feedback" / "ada.html").read_text()


@pytest.mark.parametrize(
    "line",
    ["ada,nothing,1,", "ada,explanation,99,", "ada,explanation,,Why?", 'ada,explanation,"1,5",'],
)
def test_marks_that_cannot_be_given_are_refused(tmp_path, line):
    (tmp_path / "hand.csv").write_text(f"student,problem,marks,comment\n{line}\n", "utf-8")
    with pytest.raises(ValueError, match=r"line 2: (problem|marks) ="):
        grade.read_by_hand(tmp_path / "hand.csv", grade.ProblemSet.load("problems_1"))
