"""Keep each result as soon as it is there, so that nothing that ends the grader loses any.

Of each student there is one file. What is graded again replaces what was there before; whoever is
not graded again stays.
"""

import json
import os
import platform
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from coursework.grade.marking import Result
from coursework.grade.results import page_name
from coursework.release import ROOT


class Store:
    """The results in a folder: one file of each student."""

    def __init__(self, folder: Path):
        self.folder = folder

    def get(self, student, key=None) -> Result | None:
        """Return a student's result, if there is one; with a key, if it is what it would be now."""
        try:
            said = json.loads(self._path(student).read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        if key is not None and said["key"] != key:
            return None
        return Result.of(said["result"])

    def keep(self, result: Result, key: str):
        """Write a result; it is there as a whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(result.student)
        text = json.dumps({"key": key, "result": result.plain()}, ensure_ascii=False)
        new = path.with_suffix(".new")
        new.write_text(text + "\n", "utf-8", errors="replace")
        os.replace(new, path)

    def clear(self):
        """Forget all results."""
        for path in self.folder.glob("*.json"):
            path.unlink()

    def students(self) -> list[str]:
        """Return the ids of all whose results are here, in order."""
        found = []
        for path in self.folder.glob("*.json"):
            try:
                found.append(json.loads(path.read_text("utf-8"))["result"]["student"])
            except ValueError:
                continue  # it was not written to the end, by another program
        return sorted(found)

    def __iter__(self) -> Iterator[Result]:
        """Give the results in the order of the ids, one at a time."""
        for student in self.students():
            yield self.get(student)

    def _path(self, student):
        return self.folder / f"{page_name(student)}.json"


def key_of(attempts, deadlines, problem_set, limits, walled) -> str:
    """Return a key that stays the same as long as the same would come of a student's attempts."""
    about = (problem_set.name, limits, walled, deadlines, _code())
    digest = sha256(repr(about).encode("utf-8", "replace"))
    for one in attempts:
        content, _ = one.read()
        said = (one.student, one.path, one.trouble, one.notes, one.handed_in, one.late)
        digest.update(repr((*said, sorted(one.known_as), len(content))).encode("utf-8", "replace"))
        digest.update(content)
    return digest.hexdigest()


@cache
def _code():
    """What marks depend on beside the submission: everything that is ours."""
    digest = sha256(f"{platform.python_version()} {np.__version__}".encode())
    for folder in (ROOT / "neuro_lib", ROOT / "coursework"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".ipynb") and ".ipynb_checkpoints" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
