"""Write the marks, and the pages, as learning management systems take them back.

Canvas, Moodle and Blackboard each want their own columns. Whoever fills in the table that the
system itself has made need not know them: the columns, the separator and the order stay as they
are. Only marks and comments of students are filled in of whom there is a result; everybody else,
and every result that has no row, is named.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coursework.grade.by_hand import harmless
from coursework.grade.identity import PARTICIPANT, Name, Roster
from coursework.grade.tables import listed, read_rows
from coursework.release import LONG_AGO
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
FROM_MOODLE = re.compile(r".+_\d+_assignsubmission_[a-z]+_")


@dataclass(frozen=True)
class Filled:
    """The table with the marks, the system's name, and what is to be told of it."""

    system: str
    content: bytes
    said: list


def fill(path: Path, marks: Mapping, roster: Roster, column: str = "") -> Filled:
    """Fill marks into a system's table.

    Parameters
    ----------
    path : Path
        What the system gave out.
    marks : Mapping
        `Marks` by student, each asked for once; as long as something is to be read, what there is
        so far counts.
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
    line, cells = table.rows[0]
    head = [cell.strip() for cell in cells]
    system, about = _system(path, line, head)
    goes = _column(path, line, head, about.marks, column)
    comment = head.index(about.comment) if about.comment in head else None
    ids = [head.index(name) for name in about.ids if name in head]
    left, nobody, part, late = set(marks), [], 0, 0
    for line, cells in table.rows[1:]:
        student = _student([cells[k] for k in ids], marks, roster)
        if student in left:
            left.remove(student)
            theirs = marks[student]
            cells[goes] = f"{theirs.so_far:g}"
            if comment is not None:
                cells[comment] = _comment(theirs)
            part += theirs.to_come > 0
            late += theirs.taken_off > 0
        elif student in marks:
            raise ValueError(f"{path}, line {line}: {student} is there twice; take one line out")
        elif any(cells[k].strip() for k in ids):
            nobody.append(cells[0] or cells[ids[0]])
    said = []
    if left:
        said.append(f"{path}: it has no row for {listed(sorted(left))}")
    if nobody:
        said.append(
            f"{path}: there is no result for {listed(nobody)}; their marks stay as they were"
        )
    if part:
        said.append(f"{path}: {part} of the sums are partial: something is still to be marked")
    if late:
        said.append(
            f"{path}: {late} of the sums are without what being late takes off. If {system} takes "
            "marks off for that as well, switch one of the two off"
        )
    return Filled(system, table.written([cells for _, cells in table.rows]), said)


def feedback_zip(path: Path, pages: dict) -> int:
    """Pack pages as Moodle takes them back: each under the name that it gave a student's files.

    Parameters
    ----------
    path : Path
        Where to.
    pages : dict of (str, Path)
        Each student's page, by the path of what they handed in.

    Returns
    -------
    int
        How many there are; without one from Moodle, nothing is written.
    """
    named = {}
    for handed_in, page in pages.items():
        for part in PurePosixPath(handed_in).parts:
            if match := FROM_MOODLE.match(part):
                named[f"{match[0]}{'/' if match[0] == part else ''}feedback.html"] = page
    if named:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, page in sorted(named.items()):
                packed.writestr(zipfile.ZipInfo(name, LONG_AGO), page.read_bytes())
    return len(named)


def _comment(marks):
    """What a person wrote, and whether there is more to come."""
    said = [f"{row.title}: {row.comment}" for row in marks.rows if row.comment]
    if marks.taken_off:
        late = f"{marks.lateness.said}, {marks.taken_off:g} marks."
        said.append(late[0].upper() + late[1:])
    if marks.to_come:
        said.append(f"So far: {marks.to_come:g} points are still to be marked.")
    return harmless(" ".join(said))


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
    ids = [canonical(text) for text in ids if text.strip()]
    ids += [PARTICIPANT.sub("", text) for text in ids]
    if found := roster.find(Name(ids=tuple(ids))):
        return found
    return next((each for each in ids if each in marks), "")
