"""Search texts for what only instructors may see."""

import re

from coursework.release import ROOT, problem_sets
from tests.coursework.notebooks import source

SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


def secrets():
    """Lines that only instructors may see: of solutions, of model answers, of the marking."""
    for name in problem_sets():
        notebook = source(name)
        for cell in notebook.cells:
            about = cell.metadata["nbgrader"]
            if cell.cell_type == "code":
                yield from "".join(SOLUTION.findall(cell.source)).splitlines()
            elif about["solution"]:
                yield from cell.source.splitlines()
    for path in (ROOT / "coursework" / "marking").glob("*.py"):
        yield from path.read_text("utf-8").splitlines()


def telling(line):
    """Whether a line would give something away, unlike `import numpy as np` or `]`."""
    return len(line) > 24 and not line.startswith(("import ", "from "))


SECRETS = {line.strip() for line in secrets() if telling(line.strip())}


def leaks(text):
    """What of the secrets a text holds; blanks, and what JSON or HTML makes of signs, aside."""
    plain = re.sub(r"\s+", "", text.replace('\\"', '"').replace("&quot;", '"'))
    return [line for line in SECRETS if re.sub(r"\s+", "", line) in plain]
