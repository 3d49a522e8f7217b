"""Find the submissions in a folder or in the zip of a learning management system.

Everything is read into memory and nothing is unpacked, so that no path in a zip and no link leads
anywhere. Of each student one file is read, so that nobody can fill the memory with many. What
cannot be read is kept, with the reason: nobody is lost.
"""

import csv
import re
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

LARGEST = 10_000_000  # bytes of a notebook
MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_.+")
CANVAS = re.compile(r"(?P<name>[^_]+)(_late)?_(?P<id>\d+)_(?P<number>\d+)_.+", re.IGNORECASE)
NOT_THEIRS = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db"}  # left by programs


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the notebook's bytes, or why there are none."""

    student: str
    path: str
    notebook: bytes = b""
    trouble: str = ""


@dataclass(frozen=True)
class Entry:
    """A file that was found: how to open it, or why it is not to be opened."""

    path: str
    open: Callable = field(repr=False)
    trouble: str = ""


class Roster:
    """Who takes part: a CSV file with the columns `id`, and, as you like, `name` and `lms_id`."""

    def __init__(self, path: Path | None = None):
        self.names, self._id_of = {}, {}
        if path is None:
            return
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        if not rows or "id" not in rows[0]:
            raise ValueError(f"{path}: a roster has a column `id`, and somebody in it")
        for row in rows:
            student = _normal(row["id"] or "")
            self.names[student] = (row.get("name") or "").strip()
            for known_as in (student, _normal(row.get("lms_id") or "")):
                if known_as and self._id_of.setdefault(known_as, student) != student:
                    raise ValueError(f"{path}: {known_as} stands for two students")

    def id_of(self, found: str) -> str:
        """Return the course's id of a student whom a path calls by an id of the LMS."""
        return self._id_of.get(found, found)


def collect(where: Path, problem_set: str, roster: Roster | None = None) -> list[Submission]:
    """Return one submission for each student, in the order of their ids."""
    roster = roster or Roster()
    if where.is_dir():
        found = _chosen(_in_folder(where), problem_set, roster)
    elif zipfile.is_zipfile(where):
        with zipfile.ZipFile(where) as packed:
            found = _chosen(_in_zip(packed), problem_set, roster)
    else:
        raise ValueError(f"{where} is neither a folder nor a zip")
    for student in roster.names:
        found.setdefault(student, Submission(student, "", trouble="nothing was handed in"))
    return [found[student] for student in sorted(found)]


def students_of(paths: list[str], problem_set: str) -> list[str]:
    """Return the id of the student whose file stands at each path; "" where there is none."""
    parts = [[p for p in PurePosixPath(path).parts if p not in ("..", "/")] for path in paths]
    if _wrapped(parts, problem_set):
        parts = [part[1:] for part in parts]
    return [_student_of(part, problem_set) if part else "" for part in parts]


def _wrapped(parts, problem_set):
    """Whether one folder holds the whole class, rather than one student's files."""
    tops = {part[0] for part in parts if part}
    if len(tops) != 1 or any(map(MOODLE.fullmatch, tops)):
        return False
    notebooks = [part for part in parts if part and part[-1].endswith(".ipynb")]
    below = {part[1] if len(part) > 1 else "" for part in notebooks}
    return len(below) > 1 and not any(n == "" or n.startswith(problem_set) for n in below)


def _student_of(parts, problem_set):
    *folders, name = parts
    # The outermost folder is the LMS's; further in, students may have called theirs anything.
    if folders:
        match = MOODLE.fullmatch(folders[0])
        return _normal(match["id"] if match else folders[0])
    if match := CANVAS.fullmatch(name):
        return match["id"]
    stem = PurePosixPath(name).stem
    notebook = name.endswith(".ipynb") or stem.endswith(f"_{problem_set}")
    return _normal(stem.removesuffix(f"_{problem_set}")) if notebook else ""


def _chosen(entries, problem_set, roster):
    """Choose one file of each student: a notebook, named after the set, the last by its name."""
    theirs = {}
    students = students_of([entry.path for entry in entries], problem_set)
    for student, entry in zip(students, entries, strict=True):
        if student:
            theirs.setdefault(roster.id_of(student), []).append(entry)

    def order(entry):
        path = PurePosixPath(entry.path)
        numbers = re.split(r"(\d+)", path.with_suffix("").as_posix())  # 10 comes after 9
        numbers = [int(n) if k % 2 else n for k, n in enumerate(numbers)]
        return path.suffix == ".ipynb", not entry.trouble, problem_set in path.name, numbers

    return {student: _read(student, sorted(files, key=order)) for student, files in theirs.items()}


def _read(student, files):
    entry = files[-1]
    path = entry.path.encode("utf-8", "replace").decode()
    if entry.trouble:
        return Submission(student, path, trouble=entry.trouble)
    if not path.endswith(".ipynb"):
        return Submission(student, path, trouble=f"there is no notebook, but {path}")
    try:
        with entry.open() as file:
            content = file.read(LARGEST + 1)
    except Exception as error:  # a broken zip may raise anything
        return Submission(student, path, trouble=f"it cannot be read: {error}")
    if len(content) > LARGEST:
        return Submission(student, path, trouble=f"the file is larger than {LARGEST / 1e6:g} MB")
    others = [file.path for file in files[:-1] if file.path.endswith(".ipynb")]
    trouble = "" if content.strip() else "the file is empty"
    if others:
        trouble = trouble or f"there are several notebooks; {path} counts, not {', '.join(others)}"
    return Submission(student, path, content, trouble)


def _in_folder(where):
    return [
        Entry(
            name,
            lambda path=path: open(path, "rb"),
            "this is a link, and links are not followed" if path.is_symlink() else "",
        )
        for path in sorted(where.rglob("*"))
        if (path.is_symlink() or path.is_file())
        and _theirs(name := path.relative_to(where).as_posix())
    ]


def _in_zip(packed):
    entries = []
    for info in packed.infolist():
        if info.is_dir() or not _theirs(info.filename):
            continue
        trouble = ""
        if stat.S_ISLNK(info.external_attr >> 16):
            trouble = "this is a link, and links are not followed"
        elif info.filename.startswith("/") or ".." in PurePosixPath(info.filename).parts:
            trouble = "the path leads out of the zip"
        entries.append(Entry(info.filename, lambda info=info: packed.open(info), trouble))
    return entries


def _theirs(name):
    """Whether a student made a file, and not a program that keeps house."""
    path = PurePosixPath(name)
    return NOT_THEIRS.isdisjoint(path.parts) and not path.name.startswith("._")


def _normal(student):
    return student.encode("utf-8", "replace").decode().strip().lower()
