"""Find the submissions in a folder or in the zip of a learning management system.

Everything is read into memory and nothing is unpacked, so that no path in a zip and no link leads
anywhere. What cannot be read is kept, with the reason: nobody is lost.
"""

import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

LARGEST = 10_000_000  # bytes of a notebook
MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file.*")
CANVAS = re.compile(r"(?P<name>[^_]+)(_late)?_(?P<id>\d+)_(?P<number>\d+)_.+")


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the notebook's bytes, or why there are none."""

    student: str
    path: str
    notebook: bytes = b""
    trouble: str = ""


def collect(where: Path, problem_set: str) -> list[Submission]:
    """Return one submission for each student, in the order of their ids."""
    found = {}
    read = _from_zip if zipfile.is_zipfile(where) else _from_folder
    for path, content, trouble in sorted(read(where)):
        if not path.endswith(".ipynb") and not trouble:
            continue
        student = student_of(PurePosixPath(path), problem_set)
        earlier = found.get(student)
        if earlier and not earlier.trouble and not trouble:
            trouble = f"there are several notebooks; this one counts, not {earlier.path}"
        elif earlier and trouble:
            continue
        found[student] = Submission(student, path, content, trouble)
    return [found[student] for student in sorted(found)]


def student_of(path: PurePosixPath, problem_set: str) -> str:
    """Return the id of the student whose submission stands at a path."""
    folder = path.parent.name
    for pattern, name in ((MOODLE, folder), (CANVAS, path.name)):
        if match := pattern.fullmatch(name):
            return match["id"]
    if folder and folder != "..":
        return folder.strip().lower()
    return path.stem.removesuffix(f"_{problem_set}").strip().lower()


def _from_folder(where):
    for path in where.rglob("*"):
        name = path.relative_to(where).as_posix()
        if path.is_symlink():
            yield name, b"", "this is a link, and links are not followed"
        elif path.is_file():
            with open(path, "rb") as file:
                yield _checked(name, file)


def _from_zip(where):
    with zipfile.ZipFile(where) as packed:
        for entry in packed.infolist():
            if entry.is_dir():
                continue
            if stat.S_ISLNK(entry.external_attr >> 16):
                yield entry.filename, b"", "this is a link, and links are not followed"
            elif entry.filename.startswith("/") or ".." in PurePosixPath(entry.filename).parts:
                yield entry.filename, b"", "the path leads out of the zip"
            else:
                try:
                    with packed.open(entry) as file:
                        yield _checked(entry.filename, file)
                except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
                    yield entry.filename, b"", f"it cannot be unpacked: {error}"


def _checked(name, file):
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        return name, b"", f"the file is larger than {LARGEST / 1e6:g} MB"
    return name, content, "" if content.strip() else "the file is empty"
