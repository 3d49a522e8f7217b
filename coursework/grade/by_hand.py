"""What a person gives for a problem: read from a table, and written as one to be filled in."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from coursework.grade.spool import replacing
from coursework.grade.tables import read_table
from neuro_lib.coursework.student import canonical

COLUMNS = ("student", "problem", "marks", "comment", "points", "answer")
SHOWN = 2000  # signs of an answer; a spreadsheet's cell does not hold any number of them


@dataclass(frozen=True)
class ByHand:
    """What a person gave for a problem, what they wrote about it, and where that stands."""

    marks: float
    comment: str = ""
    where: str = ""


def read_by_hand(path: Path | None, problem_set, known=None) -> dict:
    """Read what a person gave: a CSV file with the columns student, problem, marks, comment.

    A row without marks and without a comment is still to be marked. ValueError for all that would
    be lost: somebody who is not `known`, a problem that is not in the set, marks that are none.
    """
    by_hand = {}
    if path is None:
        return by_hand
    points = {**problem_set.points("code"), **problem_set.points("markdown")}
    table = read_table(path, {"student", "problem", "marks"}, set(COLUMNS))
    for name in table.head:
        if name not in COLUMNS:
            table.refuse(1, f"there is a column {name!r}; known are {', '.join(COLUMNS)}")
    for line, row in table.rows:
        student, task = canonical(_as_it_was(row["student"])), row["problem"]
        marks, comment = row["marks"], _as_it_was(row.get("comment", ""))
        if not marks and not comment:
            continue
        if task not in points:
            table.refuse(line, f"problem = {task!r} is not in the set, but {', '.join(points)}")
        if not student or (known is not None and student not in known):
            table.refuse(line, f"student = {row['student']!r} is nobody of whom there is anything")
        if not re.fullmatch(r"\d{1,6}\.?|\d{0,6}\.\d{1,6}", marks) or float(marks) > points[task]:
            hint = f"; write {marks.replace(',', '.')}" if re.fullmatch(r"\d+,\d+", marks) else ""
            allowed = f"a number from 0 to {points[task]}"
            table.refuse(line, f"marks = {marks[:40]!r} is not {allowed}{hint}")
        theirs = by_hand.setdefault(student, {})
        if task in theirs:
            table.refuse(line, f"{student!r} has marks for {task!r} in {theirs[task].where}, too")
        theirs[task] = ByHand(float(marks), comment, f"line {line}")
    return by_hand


def write_by_hand(path: Path, rows):
    """Write the table to be filled in, from rows of its columns, as `read_by_hand` reads it."""
    with replacing(path, encoding="utf-8-sig", errors="replace", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerows(rows)


def harmless(text) -> str:
    """Keep a spreadsheet from taking a text for a formula, whatever it separates cells by."""
    return re.sub(r"(^|[;,|\t\n]\s*)(?=[=+\-@\t\r])", r"\1'", text)


def _as_it_was(text):
    """Undo `harmless`."""
    return re.sub(r"(^|[;,|\t\n]\s*)'(?=[=+\-@\t\r])", r"\1", text)
