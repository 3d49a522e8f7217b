"""The table of problems and marks in the instructors' guide, from the problem sets themselves.

Only what students see anyway is read: headings, the marks, who marks.
"""

import re
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.parsers.rst import Directive

HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
COLUMNS = "set", "problem", "task", "marked by", "marks"


def tasks(notebook):
    """Heading, name, who marks, and marks of each task in a source notebook, in its order."""
    heading, found = "", []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (headings := HEADING.findall(cell.source)):
            heading = headings[-1]
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade"):
            marker = "hand" if mark["solution"] else "machine"
            found.append((heading, mark["grade_id"], marker, mark["points"]))
    return found


def sets(folder):
    """Each problem set's file below a folder, by the set's name."""
    return {path.stem: path for path in sorted(Path(folder).glob("problems_*/problems_*.ipynb"))}


def row(*texts):
    """One row of a table."""
    return nodes.row(
        "", *(nodes.entry("", nodes.paragraph("", "", nodes.Text(str(t)))) for t in texts)
    )


def table(problems):
    """Table of the tasks of all sets, with each set's sum."""
    body = nodes.tbody()
    for name, found in problems.items():
        body += [row(name, *task[:3], f"{task[3]:g}") for task in found]
        body += row(name, "all", "", "", f"{sum(task[3] for task in found):g}")
    group = nodes.tgroup("", cols=len(COLUMNS))
    group += [nodes.colspec(colwidth=width) for width in (15, 40, 20, 15, 10)]
    group += [nodes.thead("", row(*COLUMNS)), body]
    return nodes.table("", group)


class Marks(Directive):
    """``{marks}``: the table, or a word that there are no sets in this copy."""

    def run(self):
        env = self.state.document.settings.env
        files = sets(Path(env.srcdir, "coursework", "source"))
        if not files:
            return [nodes.paragraph("", "This copy of the course holds no problem sets.")]
        for path in files.values():
            env.note_dependency(str(path))
        return [table({n: tasks(nbformat.read(p, as_version=4)) for n, p in files.items()})]


def setup(app):
    app.add_directive("marks", Marks)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
