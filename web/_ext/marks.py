"""The tables of problems and marks in the instructors' guide, from the problem sets themselves.

Only what students see anyway is read: headings, the marks, who marks. The goals stand in
docs/guide/goals.yml, by the names of set and task.
"""

import re
from pathlib import Path

import nbformat
import yaml
from docutils import nodes
from docutils.parsers.rst import Directive

HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
MARKS = re.compile(r" *(·|\().*")  # what a heading says beside the problem's title
COLUMNS = "problem", "learning goal", "marked by", "marks"


def tasks(notebook):
    """Heading, name, who marks, and marks of each task in a source notebook, in its order."""
    heading, found = "", []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (headings := HEADING.findall(cell.source)):
            heading = MARKS.sub("", headings[-1])
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


def table(name, found, goals):
    """Table of the tasks of one set, with their sum."""
    body = nodes.tbody()
    for heading, task, marker, points in found:
        body += row(heading, goals.get(task, ""), marker, f"{points:g}")
    body += row(f"All of {name}", "", "", f"{sum(task[3] for task in found):g}")
    group = nodes.tgroup("", cols=len(COLUMNS))
    group += [nodes.colspec(colwidth=width) for width in (30, 45, 15, 10)]
    group += [nodes.thead("", row(*COLUMNS)), body]
    return nodes.table("", nodes.title("", name), group)


class Marks(Directive):
    """``{marks}``: a table for each set, or a word that there are no sets in this copy."""

    def run(self):
        env = self.state.document.settings.env
        files = sets(Path(env.srcdir, "coursework", "source"))
        if not files:
            return [nodes.paragraph("", "This copy of the course holds no problem sets.")]
        goals = Path(env.srcdir, "docs", "guide", "goals.yml")
        for path in (goals, *files.values()):
            env.note_dependency(str(path))
        goals = yaml.safe_load(goals.read_text("utf-8"))
        return [
            table(name, tasks(nbformat.read(path, as_version=4)), goals.get(name, {}))
            for name, path in files.items()
        ]


def setup(app):
    app.add_directive("marks", Marks)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
