"""Write what came of it: the marks, a page for each student, and a report for the instructor.

No times and no chance: the same submissions give the same files, byte for byte.
"""

import csv
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from coursework.release import CONFIG

NO_ANSWER = {"", CONFIG.ClearSolutions.text_stub}


@dataclass(frozen=True)
class ByHand:
    """What a person gave for a problem, and what they wrote about it."""

    marks: float
    comment: str = ""


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


@dataclass(frozen=True)
class Marks:
    """All that one student gets."""

    student: str
    rows: list[Row] = field(default_factory=list)

    @property
    def total(self):
        """Sum of the marks, or None if something is still to be read."""
        marks = [row.marks for row in self.rows]
        return None if None in marks else round(sum(marks), 2)


def read_by_hand(path, problem_set) -> dict:
    """Read what a person gave: a CSV file with the columns student, problem, marks, comment."""
    given = {}
    if path is None:
        return given
    points = {**problem_set.points("code"), **problem_set.points("markdown")}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            task, marks = row.get("problem"), row.get("marks") or ""
            if task not in points:
                raise ValueError(f"{path}, line {number}: problem = {task!r} is not in the set")
            if not re.fullmatch(r"\d+(\.\d+)?", marks) or float(marks) > points[task]:
                allowed = f"a number from 0 to {points[task]}"
                raise ValueError(f"{path}, line {number}: marks = {marks!r} is not {allowed}")
            theirs = given.setdefault((row.get("student") or "").strip().lower(), {})
            theirs[task] = ByHand(float(marks), row.get("comment") or "")
    return given


def marks_of(result, problem_set, by_hand) -> Marks:
    """Return what a student gets: what a person gave goes before what the machine says."""
    rows = []
    for form in ("code", "markdown"):
        for task, points in problem_set.points(form).items():
            given = by_hand.get(task)
            name = f"{task}_answer" if form == "code" else task
            source = answer_text(result, name)
            if form == "code":
                marks, said = round(points * result.verdicts[task].score, 2), result.verdicts[task]
            elif source.strip() in NO_ANSWER:
                marks, said = 0.0, "There is no answer."
            else:
                marks, said = None, "A person reads this."
            rows.append(
                Row(
                    task=task,
                    title=_title(problem_set, task),
                    points=points,
                    marks=marks if given is None else round(given.marks, 2),
                    said=said if given is None else "A person has read this.",
                    source=source,
                    output="\n".join(c.output for c in result.cells if c.name == name and c.output),
                    comment=given.comment if given else "",
                )
            )
    return Marks(result.student, rows)


def answer_text(result, name) -> str:
    """Return what a student wrote into a cell, or into several of the same id."""
    return "\n\n".join(cell.source for cell in result.cells if cell.name == name)


def write(results, problem_set, folder, by_hand=None, names=None) -> str:
    """Write `grades.csv`, `report.md` and the pages in `feedback`; return the report."""
    pages = folder / "feedback"
    pages.mkdir(parents=True, exist_ok=True)
    page = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    page = page.get_template("feedback.html")
    every = [
        marks_of(result, problem_set, (by_hand or {}).get(result.student, {})) for result in results
    ]
    for result, marks in zip(results, every, strict=True):
        html = page.render(problem_set=problem_set, result=result, marks=marks)
        _write(pages / f"{file_name(result.student)}.html", html)
    _write_marks(folder / "grades.csv", every, problem_set, names or {})
    report = _report(results, problem_set)
    _write(folder / "report.md", report)
    return report


def _write_marks(path, every, problem_set, names):
    machine, hand = problem_set.points("code"), problem_set.points("markdown")
    all_points = sum(machine.values()) + sum(hand.values())
    head = ["student", *(["name"] if names else []), *machine, *hand]
    head += [f"by machine, of {sum(machine.values())}", f"total, of {all_points}"]
    with open(path, "w", encoding="utf-8", errors="replace", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        for marks in every:
            by_machine = sum(row.marks for row in marks.rows if row.task in machine)
            who = [marks.student, *([names.get(marks.student, "")] if names else [])]
            scores = [row.marks for row in marks.rows]
            out.writerow([*map(harmless, who), *scores, round(by_machine, 2), marks.total])


def _report(results, problem_set):
    lines = []
    for result in results:
        errors = [f"{name}: {error}" for name, error in result.errors.items()]
        said = [*result.troubles, *errors]
        lines += [f"- `{_quoted(result.student)}`: {_quoted(one)}" for one in said]
    return "\n".join([f"# {problem_set.name}: what went wrong with whom", "", *lines]) + (
        "\n" if lines else "Nothing.\n"
    )


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


def file_name(student) -> str:
    """Name a student's page so that no id leads out of its folder, and no two share a page."""
    name = "".join(c if (c.isascii() and c.isalnum()) or c in "-_@." else "_" for c in student)
    name = name.lstrip(".")[:80]
    return name if name == student else f"{name}-{sha256(student.encode()).hexdigest()[:8]}"


def harmless(text):
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
