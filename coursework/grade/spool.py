"""Keep on disk what is gone through once more, so that a class of any size takes no more memory."""

import json
import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile


class Spool:
    """Plain data in the order in which they were added, to be gone through once, in the end."""

    def __init__(self):
        self._file = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115, closed in the end

    def add(self, data):
        """Add plain data."""
        self._file.write(json.dumps(data) + "\n")

    def __iter__(self):
        with self._file:
            self._file.seek(0)
            yield from map(json.loads, self._file)


@contextmanager
def replacing(path: Path, **how):
    """Open a file that is to take the place of another one: as a whole, or not at all."""
    new = path.with_suffix(f"{path.suffix}.new")
    with open(new, "w", **how) as file:
        yield file
    os.replace(new, path)
