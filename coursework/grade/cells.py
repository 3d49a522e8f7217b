"""Read the cells of a submission, find their places in the set, and put ours back.

Of a submitted notebook only the kinds, nbgrader ids, sources and printed text of its cells are
taken. A student may delete, copy, edit or rename cells, and programs lose their ids: a cell is
known by its id, or by its text, or by the name that it defines, or by where it stands. What is
locked is always ours.
"""

import io
import json
import re
import tokenize
from dataclasses import dataclass, replace

import neuro_lib
from coursework.grade.tables import listed
from coursework.release import CONFIG

LONGEST_OUTPUT = 2000  # characters of a cell's output that are kept
LONGEST = 20_000  # characters of an answer that are shown
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")  # colours of a terminal
ME = re.compile(r"^\s*me\s*=\s*Student\(", re.MULTILINE)
ID_SAID = re.compile(r"""Student\(\s*(?:id\s*=\s*)?(["'])(.*?)\1""")
NO_ANSWER = {"", CONFIG.ClearSolutions.text_stub}
# What a problem says that forbids it, and what it forbids there; what is forbidden everywhere.
OWN_WORK = "nothing of `neuro_lib`"
OURS = re.compile(rf"(?<![.\w])(neuro_lib|{'|'.join(neuro_lib.__all__)})\b")
NOT_THEIRS = re.compile(
    r"\b(truth_of|_slip|judge_\w+|coursework\.(unknown|verdict|judges)|__wrapped__|__closure__"
    r"|settrace|setprofile|get_objects|_getframe|getsource)\b"
)
OWN_NAME = re.compile(
    r"^[ \t]*(?:def |for )?(\w+)(?=\s*=(?!=)|\(.*\)\s*(?:->.*)?:| in )", re.MULTILINE
)
FENCE = re.compile(r"^\s*```.*$", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """A cell: its place in the set, or "" if it has none; "code" or another kind; its text."""

    name: str
    kind: str
    source: str
    output: str = ""

    @property
    def code(self):
        """What it runs, in a cell that has been turned into one of another kind, too."""
        return self.source if self.kind == "code" else FENCE.sub("", self.source)


def read_cells(notebook: bytes) -> list[Cell]:
    """Return the cells of a notebook, by their ids; ValueError if it is none."""
    try:
        content = json.loads(notebook)
    except RecursionError:
        raise ValueError("lists within lists without end") from None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise ValueError("it has no cells")
    return [_cell(cell) for cell in content["cells"]]


def placed(cells, problem_set) -> list[Cell]:
    """Return the cells with the names of their places, where they can be found out."""
    ours = problem_set.cells
    cells = [cell if cell.name in ours else replace(cell, name="") for cell in cells]
    for find in (_by_text, _by_definition, _by_order):
        taken = {cell.name for cell in cells}
        cells = list(find(cells, problem_set, taken))
    return cells


def belongs(cells, problem_set) -> bool:
    """Whether anything in a notebook is of this set alone: other sets ask for words as well."""
    texts = {f"{task}_text" for task in problem_set.points("markdown")}
    return any(
        _task(cell.name) in problem_set.points("code")
        or (
            cell.name in texts
            and _squeezed(cell.source) == _squeezed(problem_set.cells[cell.name].source)
        )
        for cell in cells
    )


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
    answers = {f"{task}_answer" for task in problem_set.points("code")}
    tasks = {*problem_set.points("code"), *problem_set.points("markdown")}
    there = {cell.name for cell in cells}
    order = [name for name in problem_set.cells if name in ours]
    # What is missing comes first, with all that it needs; it does no harm to run that again.
    last = max((k for k, name in enumerate(order, 1) if name not in there), default=0)
    chosen = [(name, ours[name]) for name in order[:last]]
    done = set()
    for number, cell in enumerate(cells, 1):
        if cell.name in ours:
            if cell.name not in done:
                chosen.append((cell.name, ours[cell.name]))
                done.add(cell.name)
        elif cell.name not in tasks and (cell.kind == "code" or cell.name in answers):
            chosen.append((cell.name or f"cell {number}", cell.code))
    return chosen


def id_said(cells) -> str:
    """Return the id that a notebook was filled in for, as it was written; "" if there is none."""
    sources = [cell.source for cell in cells if cell.name == "me_answer"]
    found = [match[2] for source in sources for match in ID_SAID.finditer(source)]
    return found[-1] if found else ""


def changes(as_read, cells, problem_set) -> list[str]:
    """Say what was done to the cells that are not the student's, and which lost their ids."""
    names = [cell.name for cell in cells if cell.name in problem_set.cells]
    checks = problem_set.points("code")
    said = []
    found = [new.name for old, new in zip(as_read, cells, strict=True) if new.name != old.name]
    if found := list(dict.fromkeys(name for name in found if name)):
        said.append(
            f"{len(found)} cells have lost their ids, and were told by text and order: "
            f"{listed(found[:3])}{', ...' if len(found) > 3 else ''}"
        )
    if len(set(names)) < len(names):
        said.append("some cells are there twice; of a check, ours counts")
    if lost := [task for task in checks if task not in names]:
        said.append(f"checks were deleted, and put back: {listed(lost)}")
    ours = {task: problem_set.cells[task].source.strip() for task in checks}
    edited = {c.name: None for c in cells if c.name in ours and c.source.strip() != ours[c.name]}
    if edited:
        said.append(f"checks were edited, and ours counts: {listed(edited)}")
    return said


def flags(cells, problem_set) -> list[str]:
    """Point to what a student's code has no business with: the truth, the checks, our functions.

    A pointer and no verdict: the name may stand in a comment.
    """
    said = []
    for number, cell in enumerate(cells, 1):
        locked = cell.name in problem_set.cells and problem_set.cells[cell.name].metadata.nbgrader
        if cell.kind != "code" or (locked and locked.locked):
            continue
        found = sorted({match[0] for match in NOT_THEIRS.finditer(cell.source)})
        task = _task(cell.name)
        text = problem_set.cells.get(f"{task}_text")
        if text and OWN_WORK in " ".join(text.source.split()):
            found += sorted({match[0] for match in OURS.finditer(_without_words(cell.source))})
        if found:
            said.append(f"look at {cell.name or f'cell {number}'}: it names {listed(found)}")
    return said


def _without_words(source):
    """Code without comments and texts, and without the names that it gives to things itself."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return source
    own = set(OWN_NAME.findall(source))
    names = [token.string for token in tokens if token.type in (tokenize.NAME, tokenize.OP)]
    return " ".join(name for name in names if name not in own).replace(" . ", ".")


def stray(cells) -> list[str]:
    """Return the texts that have no place in the set, and are no code."""
    return [cell.source for cell in cells if not cell.name and cell.kind != "code" and cell.source]


def written(cells, problem_set) -> bool:
    """Whether there is anything for a person to read."""
    by_hand = problem_set.points("markdown")
    return any(c.name in by_hand and c.source.strip() not in NO_ANSWER for c in cells)


def answer(cells, name) -> dict:
    """Return what a student wrote into a cell, or into several of the same name; what it said."""
    theirs = [cell for cell in cells if cell.name == name]
    source = "\n\n".join(cell.source for cell in theirs)
    if len(source) > LONGEST:
        source = f"{source[:LONGEST]}\n[...]"
    return {"source": source, "output": "\n".join(cell.output for cell in theirs if cell.output)}


def _task(name):
    return re.sub("_(text|answer|figure)$", "", name)


def _by_text(cells, problem_set, taken):
    """Name cells that say what ours say, or call a check, or begin with a problem's heading."""
    known = {}
    for name, cell in problem_set.cells.items():
        if cell.metadata.nbgrader.locked:
            known[_squeezed(cell.source)] = name
            if cell.cell_type == "markdown":
                known.setdefault(_squeezed(cell.source.partition("\n")[0]), name)
    for cell in cells:
        name = known.get(_squeezed(cell.source))
        if not name and cell.kind != "code":
            name = known.get(_squeezed(cell.source.partition("\n")[0]))
        if cell.kind == "code" and ME.search(cell.source):
            name = "me_answer"
        yield cell if cell.name or not name or name in taken else replace(cell, name=name)


def _by_definition(cells, problem_set, taken):
    """Name cells that define what a problem asks for."""
    patterns = {
        task: re.compile(rf"^(?:def {task}\b|{task}\s*(?::[^=\n]*)?=(?!=))", re.MULTILINE)
        for task in problem_set.points("code")
    }
    for cell in cells:
        defined = [task for task, pattern in patterns.items() if pattern.search(cell.code)]
        name = f"{defined[0]}_answer" if defined else ""
        yield cell if cell.name or not name or name in taken else replace(cell, name=name)


def _by_order(cells, problem_set, taken):
    """Name the texts that stand where a person reads the answer, if no other answer is there."""
    answered = {cell.name for cell in cells if cell.source.strip() not in NO_ANSWER}
    free = problem_set.points("markdown").keys() - answered
    task = ""
    for cell in cells:
        task = _task(cell.name) if cell.name else task
        found = task in free and not cell.name and cell.kind != "code" and cell.source.strip()
        yield replace(cell, name=task) if found else cell


def _squeezed(text):
    return " ".join(text.split())


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
    # A mark that says how a file is encoded is no part of its text, wherever a converter left it.
    return text.replace("\ufeff", "").encode("utf-8", "replace").decode()


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
    return text if len(text) <= LONGEST_OUTPUT else f"{text[:LONGEST_OUTPUT]}\n[...]"
