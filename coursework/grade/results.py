"""Write what came of it: the marks, a page for each student, and a report for the instructor.

No times and no chance: the same submissions give the same files, byte for byte.
"""

import csv
import filecmp
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from coursework.grade.by_hand import SHOWN, harmless, write_by_hand
from coursework.grade.cells import NO_ANSWER
from coursework.grade.deadlines import UNKNOWN, Deadlines, Lateness
from coursework.grade.items import Items
from coursework.grade.similar import Similar
from coursework.grade.spool import Spool, replacing
from coursework.grade.tables import listed

BY_HAND = "by_hand.csv"
LATE = ("late by", "taken off for it")
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789"),
}


@dataclass(frozen=True)
class Row:
    """One problem of one student, as it is shown; `marks` is None if nobody has read it yet."""

    task: str
    title: str
    points: float
    marks: float | None
    said: str
    source: str = ""
    output: str = ""
    comment: str = ""
    by_person: bool = False


@dataclass(frozen=True)
class Marks:
    """All that one student gets."""

    student: str
    rows: list[Row] = field(default_factory=list)
    lateness: Lateness = field(default_factory=Lateness)

    @property
    def total(self):
        """What the student gets, or None if something is still to be read."""
        return None if self.to_come else self.so_far

    @property
    def so_far(self):
        """Sum of the marks there are, without what being late takes off."""
        return round(self.earned() - self.taken_off, 2)

    @property
    def taken_off(self):
        """What being late takes off the marks there are."""
        return round(self.earned() * self.lateness.share, 2)

    def earned(self, tasks=None):
        """Sum of the marks there are, of some tasks or of all, as if all were in time."""
        rows = [row for row in self.rows if tasks is None or row.task in tasks]
        return round(sum(row.marks for row in rows if row.marks is not None), 2)

    @property
    def to_come(self):
        """Sum of the points of what is still to be read."""
        return sum(row.points for row in self.rows if row.marks is None)


def marks_of(result, problem_set, by_hand, deadlines=None) -> Marks:
    """Return what a student gets: what a person gave goes before what the machine says."""
    rows = []
    for form in ("code", "markdown"):
        for task, points in problem_set.points(form).items():
            by_person = by_hand.get(task)
            name = f"{task}_answer" if form == "code" else task
            answer = result.answers.get(name, {"source": "", "output": ""})
            if form == "code":
                marks, said = round(points * result.verdicts[task].score, 2), result.verdicts[task]
            elif answer["source"].strip() in NO_ANSWER:
                marks, said = 0.0, "There is no answer."
            else:
                marks, said = None, "A person reads this."
            rows.append(
                Row(
                    task=task,
                    title=_title(problem_set, task),
                    points=points,
                    marks=marks if by_person is None else round(by_person.marks, 2),
                    said=said if by_person is None else "A person has read this.",
                    source=answer["source"],
                    output=answer["output"],
                    comment=by_person.comment if by_person else "",
                    by_person=by_person is not None,
                )
            )
    return Marks(result.student, rows, (deadlines or Deadlines()).of(result))


class MarksOf(Mapping):
    """The marks of a class by student, made when they are asked for, and not kept.

    Parameters
    ----------
    students : iterable of str
        Whose.
    results : Store
        Where their results are.
    problem_set, by_hand, deadlines
        See `marks_of`; `by_hand` is that of the class.
    """

    def __init__(self, students, results, problem_set, by_hand, deadlines):
        self._students = dict.fromkeys(students)
        self._results, self._set = results, problem_set
        self._by_hand, self._deadlines = by_hand, deadlines

    def __getitem__(self, student):
        if student not in self:
            raise KeyError(student)
        theirs = self._by_hand.get(student, {})
        return marks_of(self._results.get(student), self._set, theirs, self._deadlines)

    def __contains__(self, student):
        return student in self._students

    def __iter__(self):
        return iter(self._students)

    def __len__(self):
        return len(self._students)


def write(results, problem_set, folder, by_hand=None, names=None, said=(), deadlines=None) -> str:
    """Write all that people read, from results in order; return the report.

    Parameters
    ----------
    results : iterable of Result
        One at a time is asked for, and only what the report says of it is kept in memory.
    problem_set : ProblemSet
        What it is about.
    folder : Path
        Where to: `grades.csv`, `by_hand.csv`, `report.md`, `items.html`, a page of
        answers for each problem that a person reads, and the pages in `feedback`.
    by_hand : dict, optional
        What a person gave, by student and task.
    names : dict, optional
        What students are called, by their ids.
    said : iterable of str
        What is to be told of the class as a whole.
    deadlines : Deadlines, optional
        By when it was wanted, and what being late takes off.
    """
    pages = folder / "feedback"
    pages.mkdir(parents=True, exist_ok=True)
    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    page = templates.get_template("feedback.html")
    by_hand, names, deadlines = by_hand or {}, names or {}, deadlines or Deadlines()
    items, similar = Items(), Similar()
    lines, timeless = [f"- {_quoted(one)}" for one in said], []
    rows, to_mark = Spool(), Spool()
    read = {task: Spool() for task in problem_set.points("markdown")}
    for result in results:
        marks = marks_of(result, problem_set, by_hand.get(result.student, {}), deadlines)
        html = page.render(problem_set=problem_set, result=result, marks=marks)
        _write(pages / f"{page_name(result.student)}.html", html)
        items.add(result, marks)
        for row in marks.rows:
            if row.source:
                similar.add(marks.student, row.task, row.source, _handed_out(problem_set, row.task))
            if row.task in read and row.source.strip() not in NO_ANSWER:
                read[row.task].add([marks.student, row.marks, row.source, row.comment])
        rows.add(_row_of(marks, problem_set, names, bool(deadlines)))
        for row in _to_mark(marks, problem_set):
            to_mark.add(row)
        lines += _lines(result, marks, names.get(result.student, ""))
        timeless += [result.student] if marks.lateness.unknown and not marks.lateness.said else []
    if timeless:
        lines.insert(0, f"- {_timeless(timeless)}")
    _write_marks(folder / "grades.csv", rows, problem_set, names, bool(deadlines))
    write_by_hand(folder / BY_HAND, to_mark)
    for task, answers in read.items():
        html = templates.get_template("answers.html").stream(
            name=problem_set.name,
            task=task,
            points=problem_set.points("markdown")[task],
            text=problem_set.cells[f"{task}_text"].source,
            answers=answers,
        )
        html.dump(str(folder / f"answers_{task}.html"), "utf-8", "replace")
    html = templates.get_template("items.html").render(name=problem_set.name, items=items)
    _write(folder / "items.html", html)
    head = f"# {problem_set.name}: what went wrong with whom"
    report = "\n".join([head, "", *(lines or ["Nothing."]), *_of_class(items, similar)]) + "\n"
    _write(folder / "report.md", report)
    return report


def _of_class(items, similar):
    """What the report says of the class as a whole."""
    lines = []
    for head, said, hint in (
        ("For the next lecture", items.sentences(), ""),
        ("Alike", similar.sentences(), "A reason to read both, and no verdict."),
    ):
        if said:
            lines += ["", f"## {head}", "", *([hint, ""] if hint else [])]
            lines += [f"- {_quoted(one)}" for one in said]
    return lines


def _handed_out(problem_set, task):
    """What students find in the cell for an answer, with what our own solution adds to it."""
    cell = problem_set.cells.get(f"{task}_answer")
    return cell.source if cell else ""


def _timeless(students):
    """Say of whom nobody knows when they handed in."""
    some = f"{listed(students[:10])}{', ...' if len(students) > 10 else ''}"
    said = f"when they handed in is not known of {len(students)} students: {some}. For them"
    return _quoted(f"{said} {UNKNOWN}")


def _row_of(marks, problem_set, names, timed):
    machine = problem_set.points("code")
    who = [marks.student, *([names.get(marks.student, "")] if names else [])]
    scores = [row.marks for row in marks.rows]
    late = [marks.lateness.by, marks.taken_off] if timed else []
    return [
        *map(harmless, who),
        *scores,
        marks.earned(machine),
        *late,
        marks.so_far,
        marks.to_come,
    ]


def _to_mark(marks, problem_set):
    """Rows of the table to be filled in: what a person reads or has read."""
    hand = problem_set.points("markdown")
    for row in marks.rows:
        if row.by_person or (row.task in hand and row.marks is None):
            filled_in = row.marks if row.by_person else ""
            said = harmless(" ".join(row.source.split())[:SHOWN])
            yield [
                harmless(marks.student),
                row.task,
                filled_in,
                harmless(row.comment),
                row.points,
                said,
            ]


def _write_marks(path, rows, problem_set, names, timed):
    """Write the marks; what was there before is kept, under a number."""
    machine, hand = problem_set.points("code"), problem_set.points("markdown")
    all_points = sum(machine.values()) + sum(hand.values())
    head = ["student", *(["name"] if names else []), *machine, *hand]
    head += [f"by machine, of {sum(machine.values())}", *(LATE if timed else ())]
    head += [f"total, of {all_points}"]
    head += ["points still to be marked"]
    with replacing(path, encoding="utf-8", errors="replace", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(rows)
        file.flush()
        if path.exists() and not filecmp.cmp(path, file.name, shallow=False):
            number = 1
            while (kept := path.with_suffix(f".{number}.csv")).exists():
                number += 1
            path.rename(kept)


def _lines(result, marks, name):
    errors = [f"{name}: {error}" for name, error in result.errors.items()]
    said = [*result.troubles, *errors, *result.flags]
    if marks.lateness.said:
        off = f", {marks.taken_off:g} marks" if marks.lateness.share else ""
        said.append(f"{marks.lateness.said}{off}")
    if result.stray:
        shown = " ".join(result.stray[0].split())[:80]
        said.append(f"{len(result.stray)} of the texts have no place in the set: {shown}")
    who = f"`{_quoted(result.student)}`{f' ({_quoted(name)})' if name else ''}"
    return [f"- {who}: {_quoted(one)}" for one in said]


def _write(path, text):
    path.write_text(text, "utf-8", errors="replace")


def _quoted(text):
    """Leave nothing in a text that Markdown would load, link or run."""
    return re.sub(r"[\[<`]", lambda match: {"[": "(", "<": "‹", "`": "'"}[match[0]], text)


def _title(problem_set, task):
    """Return the heading above a task, without points and minutes."""
    cell = problem_set.cells.get(f"{task}_text")
    first = cell.source.partition("\n")[0].lstrip("# ") if cell else ""
    return first.partition(" · ")[0] or task


def page_name(student) -> str:
    """Name a student's files so that no id leads out of their folder, and no two share one."""
    name = "".join(c if (c.isascii() and c.isalnum()) or c in "-_@." else "_" for c in student)
    name = name.strip(".")[:80]
    plain = name == student and name == name.lower() and name.split(".")[0] not in RESERVED
    # No id that is its own name has this sign in it.
    return name if plain and name else f"{name}~{sha256(student.encode()).hexdigest()[:16]}"
