"""Write the marks into the table that a learning management system gave out, as it takes it back.

Canvas, Moodle and Blackboard each want their own columns. Whoever fills in the table that the
system itself has made need not know them: the columns, the separator and the order stay as they
are. Only marks and comments of students are filled in of whom there is a result; everybody else,
and every result that has no row, is named.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from coursework.grade.identity import Name, Roster
from coursework.grade.tables import listed, read_rows
from neuro_lib.coursework.student import canonical


@dataclass(frozen=True)
class System:
    """The columns of a system: by which students are known, where marks and comments go."""

    ids: tuple
    marks: str
    comment: str = ""


# A system is known by its columns; `marks` is a pattern that a column's heading fits.
SYSTEMS = {
    "Canvas": System(("SIS Login ID", "SIS User ID", "ID"), r".+ \(\d+\)"),
    "Moodle": System(
        ("ID number", "Username", "Email address", "Identifier"), "Grade", "Feedback comments"
    ),
    "Blackboard": System(("Username", "Student ID"), r".+\[Total Pts:.*\].*"),
}
PARTICIPANT = re.compile(r"participant (\d+)")  # what Moodle calls the number of its folders


@dataclass(frozen=True)
class Filled:
    """The table with the marks, the system's name, and what is to be told of it."""

    system: str
    content: bytes
    said: list


def fill(path: Path, marks: dict, roster: Roster, column: str = "") -> Filled:
    """Fill marks into a system's table.

    Parameters
    ----------
    path : Path
        What the system gave out.
    marks : dict
        The sum of the marks and a comment, by student.
    roster : Roster
        Who is who.
    column : str, optional
        The heading of the column for the marks, if it is not the only one.

    Raises
    ------
    ValueError
        If the table is none of a system's that is known, or its column cannot be told.
    """
    table = read_rows(path, {name.casefold() for s in SYSTEMS.values() for name in s.ids})
    line, head = table.rows[0]
    system, about = _system(path, line, head)
    goes = _column(path, line, head, about.marks, column)
    comment = head.index(about.comment) if about.comment in head else None
    ids = [head.index(name) for name in about.ids if name in head]
    left, nobody = dict(marks), []
    for line, cells in table.rows[1:]:
        cells += [""] * (len(head) - len(cells))
        student = _student([cells[k] for k in ids], marks, roster)
        if student in left:
            total, said = left.pop(student)
            cells[goes] = f"{total:g}"
            if comment is not None and said:
                cells[comment] = said
        elif student in marks:
            raise ValueError(f"{path}, line {line}: {student} is there twice; take one line out")
        elif any(cells[k] for k in ids):
            nobody.append(cells[0] or cells[ids[0]])
    said = []
    if left:
        said.append(f"{path}: it has no row for {listed(sorted(left))}")
    if nobody:
        said.append(
            f"{path}: there is no result for {listed(nobody)}; their marks stay as they were"
        )
    return Filled(system, table.written([cells for _, cells in table.rows]), said)


def _system(path, line, head):
    for name, system in SYSTEMS.items():
        fits = any(re.fullmatch(system.marks, cell) for cell in head)
        if fits and any(cell in system.ids for cell in head):
            return name, system
    raise ValueError(
        f"{path}, line {line}: these are the columns of none of {listed(SYSTEMS)}. Take the file "
        "as the system gives it out"
    )


def _column(path, line, head, pattern, wanted):
    """Which column the marks go into."""
    fits = [k for k, cell in enumerate(head) if re.fullmatch(pattern, cell)]
    named = [k for k in fits if canonical(wanted) in canonical(head[k])]
    if len(named) != 1:
        raise ValueError(
            f"{path}, line {line}: which column do the marks go into? Say --column with one of "
            f"{listed(head[k] for k in fits)}"
        )
    return named[0]


def _student(ids, marks, roster):
    ids = [canonical(text) for text in ids if text]
    ids += [match[1] for text in ids if (match := PARTICIPANT.fullmatch(text))]
    if found := roster.find(Name(ids=tuple(ids))):
        return found
    return next((each for each in ids if each in marks), "")
