"""The problem sets: where each stands, its cells and its tasks, what marks them."""

from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from pathlib import Path

import nbformat

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "coursework" / "source"


def problem_sets() -> list[str]:
    """Names of the problem sets."""
    return sorted(path.parent.name for path in SOURCE.glob("*/*.ipynb"))


def source(name: str) -> nbformat.NotebookNode:
    """Read the notebook that instructors keep, solutions included."""
    return nbformat.read(SOURCE / name / f"{name}.ipynb", as_version=4)


@dataclass(frozen=True)
class ProblemSet:
    """A problem set: its cells by nbgrader's ids, and its tasks with their points."""

    name: str
    cells: dict = field(repr=False)

    @classmethod
    def load(cls, name):
        """Read a problem set from its source."""
        return cls(name, {cell.metadata.nbgrader.grade_id: cell for cell in source(name).cells})

    def points(self, form):
        """Points of each task that is marked by the machine ("code") or by hand ("markdown")."""
        return {
            name: cell.metadata.nbgrader.points
            for name, cell in self.cells.items()
            if cell.metadata.nbgrader.grade and cell.cell_type == form
        }

    def follows(self, task):
        """Names of the earlier answers from which that to a task may follow."""
        checked = signature(self.checker(task)).parameters
        return list(checked)[2:]

    def marker(self, kind, task):
        """Return a private `inputs_<task>` or `mark_<task>`, if there is one."""
        name = f"coursework.unseen.{self.name}"
        return getattr(import_module(name), f"{kind}_{task}", None) if find_spec(name) else None

    def checker(self, task):
        """Return what marks a task."""
        public = import_module(f"neuro_lib.coursework.{self.name}")
        return self.marker("mark", task) or getattr(public, f"check_{task}")
