"""Read the cells of a submission, and put ours back where they belong.

Of a submitted notebook only the kinds, nbgrader ids, sources and printed text of its cells are
taken. A student may delete, copy, edit or rename cells: what is locked is always ours.
"""

import json
import re
from dataclasses import dataclass

from neuro_lib.coursework import Student

MOST = 2000  # characters of a cell's output that are kept
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")  # colours of a terminal
ID_SAID = re.compile(r"""Student\(\s*(?:id\s*=\s*)?(["'])(.*?)\1""")


@dataclass(frozen=True)
class Cell:
    """A cell: nbgrader's id, or "" if it has none; "code" or "markdown"; its text; its output."""

    name: str
    kind: str
    source: str
    output: str = ""


def read_cells(notebook: bytes) -> list[Cell]:
    """Return the cells of a notebook; ValueError if it is none."""
    try:
        given = json.loads(notebook)
    except RecursionError:
        raise ValueError("lists within lists without end") from None
    if not isinstance(given, dict) or not isinstance(given.get("cells"), list):
        raise ValueError("it has no cells")
    return [_cell(cell) for cell in given["cells"]]


def to_run(cells, problem_set, student) -> list[tuple[str, str]]:
    """Names and sources of the cells to run: answers and what was added; of all else, ours."""
    ours = {
        name: cell.source
        for name, cell in problem_set.cells.items()
        if cell.cell_type == "code"
        and cell.metadata.nbgrader.locked
        and not cell.metadata.nbgrader.grade
    }
    ours["me_answer"] = f"me = Student({student.id!r})"  # whatever the notebook says
    there = {cell.name for cell in cells if cell.kind == "code"}
    order = [name for name in problem_set.cells if name in ours]
    # What is missing comes first, with all that it needs; it does no harm to run that again.
    last = max((k for k, name in enumerate(order, 1) if name not in there), default=0)
    chosen = [(name, ours[name]) for name in order[:last]]
    done = set()
    for number, cell in enumerate(cells, 1):
        if cell.kind != "code" or cell.name in problem_set.points("code"):
            continue
        if cell.name not in ours:
            chosen.append((cell.name or f"cell {number}", cell.source))
        elif cell.name not in done:
            chosen.append((cell.name, ours[cell.name]))
            done.add(cell.name)
    return chosen


def id_said(cells) -> str:
    """Return the id that a notebook was filled in for, or "" if there is none."""
    sources = [cell.source for cell in cells if cell.name == "me_answer"]
    found = [match[2] for source in sources for match in ID_SAID.finditer(source)]
    return Student(found[-1]).id if found else ""


def changes(cells, problem_set) -> list[str]:
    """Say what was done to the cells that are not the student's."""
    names = [cell.name for cell in cells if cell.name in problem_set.cells]
    checks = problem_set.points("code")
    said = []
    if len(set(names)) < len(names):
        said.append("some cells are there twice; of a check, ours counts")
    if lost := [task for task in checks if task not in names]:
        said.append(f"checks were deleted, and put back: {', '.join(lost)}")
    ours = {task: problem_set.cells[task].source.strip() for task in checks}
    edited = {c.name: None for c in cells if c.name in ours and c.source.strip() != ours[c.name]}
    if edited:
        said.append(f"checks were edited, and ours counts: {', '.join(edited)}")
    return said


def _cell(cell):
    if not isinstance(cell, dict):
        raise ValueError("a cell is no cell")
    source = _text(cell.get("source"))
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = about.get("grade_id") if isinstance(about, dict) else None
    kind = cell.get("cell_type")
    return Cell(
        name=name if isinstance(name, str) else "",
        kind=kind if kind in ("code", "markdown") else "raw",
        source=source,
        output=_output(cell.get("outputs")),
    )


def _text(text):
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "".join(text)
    if not isinstance(text, str):
        raise ValueError("the text of a cell is no text")
    return text.encode("utf-8", "replace").decode()


def _output(outputs):
    """Return the text that a cell had printed when it was handed in."""
    said = []
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        data = output.get("data") if isinstance(output.get("data"), dict) else {}
        for text in (output.get("text"), data.get("text/plain"), output.get("evalue")):
            try:
                said.append(_text(text))
            except ValueError:
                continue
    text = ESCAPES.sub("", "\n".join(line.rstrip("\n") for line in said))
    return text if len(text) <= MOST else f"{text[:MOST]}\n[...]"
