"""Find the submissions in a folder or in the zip of a learning management system.

Nothing is unpacked, so that no path in a zip and no link leads anywhere. Of each student one file
is read, when its turn comes, so that nobody can fill the memory with many. What cannot be read is
kept, with the reason; so is every file that belongs to nobody, and everybody of whom there is no
file: nobody is lost.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from coursework.grade.cells import read_cells
from coursework.grade.deadlines import time_in_name
from coursework.grade.identity import (
    Name,
    Roster,
    file_name,
    folder_name,
    is_pattern,
    names_set,
    without_copy,
)
from coursework.grade.tables import listed
from neuro_lib.coursework.student import canonical

LARGEST = 10_000_000  # bytes of a notebook
PIECE = 4096  # bytes that are read at a time: of a bomb, a piece is small enough
NOT_THEIRS = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db"}  # left by programs
NOTEBOOK = re.compile(r"\.ipynb(\.(txt|json))?$", re.IGNORECASE)  # browsers add the second one
LINK = "this is a link, and links are not followed"
SAID_IN = re.compile(r"""me\s*=\s*Student\(\s*(?:id\s*=\s*)?(["'])(.*?)\1""")


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the notebook, or why there is none; what is to be told of it."""

    student: str
    path: str
    notebook: bytes | Callable = field(default=b"", repr=False)
    trouble: str = ""
    notes: tuple = ()
    known_as: frozenset = frozenset()
    handed_in: str = ""  # when, as the file's name says it
    late: bool | None = None  # as the file's name says it; None where it does not
    attempts: tuple = field(default=(), repr=False)  # if there are several, and the best counts

    def read(self) -> tuple[bytes, str]:
        """Return the notebook's bytes, and what is wrong with them."""
        if not callable(self.notebook):
            return self.notebook, self.trouble
        content, trouble = self.notebook()
        return content, self.trouble or trouble


@dataclass(frozen=True)
class Class:
    """The submissions, one of each student, in the order of their ids; and what is nobody's."""

    submissions: list[Submission]
    nobodys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """A file or an empty folder that was found: how to open it, or why it is not to be opened."""

    path: str
    open: Callable = field(repr=False, default=None)
    trouble: str = ""

    @property
    def is_notebook(self):
        """Whether its name is that of a notebook."""
        return bool(NOTEBOOK.search(self.path)) and self.theirs

    @property
    def theirs(self):
        """Whether a student made it, and not a program that keeps house."""
        path = PurePosixPath(self.path)
        return NOT_THEIRS.isdisjoint(path.parts) and not path.name.startswith("._")

    def read(self) -> tuple[bytes, str]:
        """Return the content, and what is wrong with it."""
        content = bytearray()
        try:
            with self.open() as file:
                while len(content) <= LARGEST and (piece := file.read(PIECE)):
                    content += piece
        except Exception as error:  # a broken zip may raise anything
            return b"", f"it cannot be read: {error}"
        if len(content) > LARGEST:
            return b"", f"the file is larger than {LARGEST / 1e6:g} MB"
        return bytes(content), "" if content.strip() else "the file is empty"


def collect(
    where: Path, problem_set: str, roster: Roster | None = None, attempt: str = "last"
) -> Class:
    """Return one submission for each student: of several attempts the last, the first or all."""
    roster = roster or Roster()
    if where.is_dir():
        entries = _in_folder(where)
    elif zipfile.is_zipfile(where):
        entries = _in_zip(zipfile.ZipFile(where))
    else:
        raise ValueError(f"{where} is neither a folder nor a zip")
    theirs, nobodys = _sorted(entries, problem_set, roster)
    found = {
        who: _submission(who, files, problem_set, roster, attempt) for who, files in theirs.items()
    }
    for student in roster.names:
        if student not in found:
            found[student] = Submission(student, "", trouble="nothing was handed in")
    return Class([found[student] for student in sorted(found)], nobodys)


def _sorted(entries, problem_set, roster):
    """Sort the files by whom they are of; say of the others that they are nobody's."""
    theirs, nobodys = {}, []
    entries = [entry for entry in entries if "__MACOSX" not in PurePosixPath(entry.path).parts]
    wrappers = _wrappers(entries, problem_set, roster)
    for entry in entries:
        parts = [part for part in PurePosixPath(entry.path).parts if part not in ("..", "/")]
        for wrapper in wrappers:
            parts = parts[1:] if len(parts) > 1 and parts[0] == wrapper else parts
        name = _name_of(parts, entry, problem_set)
        student, notes = _student(name, roster)
        if not student and entry.is_notebook:
            student = canonical(_id_in(entry))
            student = roster.find(Name(student, (student,))) or student
            notes = ["its name says nobody's; it is taken for that of whom the notebook names"]
        if student:
            theirs.setdefault(student, []).append((entry, name, notes))
        elif entry.theirs and entry.open:
            nobodys.append(f"{entry.path}: this file is nobody's")
    return theirs, nobodys


def _name_of(parts, entry, problem_set):
    """What a path says of who handed it in; further in, students call theirs what they like."""
    if len(parts) > 1 or (parts and entry.open is None):
        return folder_name(parts[0])
    if not parts or not entry.theirs:
        return Name()
    name = file_name(parts[0], problem_set)
    # What is not a notebook may lie about in a class's folder: a list, a picture.
    of_set = names_set(parts[0], problem_set)
    return name if entry.is_notebook or of_set or is_pattern(parts[0]) else Name()


def _student(name, roster):
    """The id of whom a name means, and what is to be said of that; "" if it means nobody."""
    if not roster or not name.id:
        return name.id, []
    student = roster.find(name)
    if not student:
        near = roster.near(name.id)
        hint = f"; {near} is: are they the same?" if near else ""
        return name.id, [f"{name.id} is not on the roster{hint}"]
    if not set(name.ids) & roster.known_as(student):
        return student, [f"this is told by the name alone: {name.name}"]
    return student, []


def _wrappers(entries, problem_set, roster):
    """The outermost folders that hold the class, and are not one student's; the outer one first."""
    paths = [[p for p in PurePosixPath(e.path).parts if p not in ("..", "/")] for e in entries]
    notebooks = {tuple(path): entry for path, entry in zip(paths, entries, strict=True)}
    found = []
    while True:
        tops = {path[0] for path in paths if len(path) > 1}
        if len(tops) != 1 or not _holds_class(*tops, paths, notebooks, found, problem_set, roster):
            return found
        found += tops
        paths = [path[1:] if path[0] in tops and len(path) > 1 else path for path in paths]


def _holds_class(top, paths, entries, outer, problem_set, roster):
    """Whether a folder holds the class."""
    if _known(folder_name(top), roster) or is_pattern(top):
        return False
    if without_copy(top).casefold() == problem_set:
        return True
    below = [path[1:] for path in paths if path[0] == top and len(path) > 1]
    folders = {path[0] for path in below if len(path) > 1}
    folders = {name for name in folders if not names_set(name, problem_set)} - NOT_THEIRS
    flat = {path[0] for path in below if len(path) == 1 and NOTEBOOK.search(path[0])}
    names = [*map(folder_name, folders), *(file_name(name, problem_set) for name in flat)]
    if any(map(is_pattern, folders | flat)) or any(_known(name, roster) for name in names):
        return True
    # Nothing outside tells: then what the first notebooks say of themselves.
    outer = (*outer, top)
    inside = [entry for path in below if (entry := entries.get((*outer, *path)))]
    named = {canonical(_id_in(entry)) for entry in [e for e in inside if e.is_notebook][:3]} - {""}
    if named == {folder_name(top).id}:
        return False
    if len({name.id for name in names if name.id}) > 1 or named & {name.id for name in names}:
        return True
    return len(folders) == 1 and _holds_class(*folders, below, entries, outer, problem_set, roster)


def _known(name, roster):
    return bool(roster) and bool(roster.find(name))


def _id_in(entry):
    """The id that a notebook is filled in for; "" if there is none."""
    content, _ = entry.read() if entry.open and not entry.trouble else (b"", "")
    try:
        cells = read_cells(content) if content.strip() else []
    except ValueError:
        return ""
    said = [match[2] for cell in cells for match in SAID_IN.finditer(cell.source)]
    return said[-1] if said else ""


def _submission(student, files, problem_set, roster, attempt):
    """Choose one file of a student: a notebook, named after the set, the last by its name.

    The others that are as good, but for the time or the number in their names, are attempts.
    """

    def order(file):
        entry, name, _ = file
        path = PurePosixPath(entry.path)
        numbers = re.split(r"(\d+)", NOTEBOOK.sub("", path.as_posix()))  # 10 comes after 9
        numbers = [
            (len(n.lstrip("0")), n.lstrip("0")) if k % 2 else n for k, n in enumerate(numbers)
        ]
        whole = path.suffix.lower() == ".ipynb"
        of_set = names_set(path.name, problem_set)
        good = entry.is_notebook, not entry.trouble, bool(name.id), of_set, whole
        time = time_in_name(name.time)
        return good, time.replace(tzinfo=None).isoformat() if time else name.time, numbers

    files = sorted(files, key=order)
    best, *_ = order(files[-1])
    attempts = [file for file in files if file[0].is_notebook and order(file)[0] == best]
    if len(attempts) > 1 and attempt == "best":
        chosen = [_submission(student, [one], problem_set, roster, "last") for one in attempts]
        return replace(chosen[-1], attempts=tuple(chosen))
    if len(attempts) > 1 and attempt == "first":
        files = [file for file in files if file is not attempts[0]] + attempts[:1]
    entry, name, notes = files[-1]
    path = _printable(entry.path)
    about = {"known_as": roster.known_as(student), "handed_in": name.time, "late": name.late}
    notes = list(dict.fromkeys(note for *_, theirs in files for note in theirs))
    if not entry.is_notebook:
        there = [_printable(file.path) for file, *_ in files if file.theirs and file.open]
        others = [_printable(file.path) for file, *_ in files if file.open]
        trouble = (
            f"there is no notebook, but {listed(there[:5])}" if there else "the folder is empty"
        )
        if others and not there:
            trouble = f"there is only what programs leave: {listed(others[:3])}"
        return Submission(student, path, trouble=trouble, notes=tuple(notes), **about)
    if entry.trouble:
        return Submission(student, path, trouble=entry.trouble, notes=tuple(notes), **about)
    if not path.lower().endswith(".ipynb"):
        notes.append(f"{path} was read as a notebook")
    others = [_printable(file.path) for file, *_ in files[:-1] if file.is_notebook]
    if others:
        notes.append(f"there are several notebooks; {path} counts, not {listed(others[:5])}")
    return Submission(student, path, entry.read, notes=tuple(notes), **about)


def _in_folder(where):
    entries = []
    for path in sorted(where.rglob("*")):
        name = path.relative_to(where).as_posix().replace("\\", "/")
        if path.is_symlink():
            entries.append(Entry(name, partial(path.open, "rb"), LINK))
        elif path.is_file():
            entries.append(Entry(name, partial(path.open, "rb")))
        elif path.is_dir() and not any(path.iterdir()):
            entries.append(Entry(name))
    return entries


def _in_zip(packed):
    entries, full = [], set()
    for info in packed.infolist():
        name = _name_in_zip(info).replace("\\", "/")
        if not info.is_dir() and not name.endswith("/"):
            opened = partial(packed.open, info)
            entries.append(Entry(name, opened, _trouble_in_zip(info, name)))
            full.update(map(str, PurePosixPath(name).parents))
        else:
            entries.append(Entry(name.rstrip("/")))
    folders = {entry.path for entry in entries if entry.open is None}
    full |= {str(parent) for folder in folders for parent in PurePosixPath(folder).parents}
    return [entry for entry in entries if entry.open or entry.path not in full]


def _trouble_in_zip(info, name):
    if stat.S_ISLNK(info.external_attr >> 16):
        return LINK
    if name.startswith("/") or ".." in PurePosixPath(name).parts:
        return "the path leads out of the zip"
    if info.flag_bits & 0x1:
        return "it is locked with a password"
    # Of the others, Python unpacks as much as there is, at once.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is packed in an unusual way: pack it as a zip once more"
    return f"the file is larger than {LARGEST / 1e6:g} MB" if info.file_size > LARGEST else ""


def _name_in_zip(info):
    """The name of a file, of which not every program says that it is UTF-8."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.orig_filename.encode("cp437", "replace")
    extra = info.extra
    while len(extra) >= 4:  # the field of Info-ZIP that has the name once more
        kind, size = struct.unpack("<HH", extra[:4])
        field_, extra = extra[4 : 4 + size], extra[4 + size :]
        if (
            kind == 0x7075
            and field_[:1] == b"\1"
            and field_[1:5] == struct.pack("<I", zlib.crc32(raw))
        ):
            raw = field_[5:]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return info.filename


def _printable(path):
    return path.encode("utf-8", "replace").decode()
