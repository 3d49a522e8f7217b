"""Search texts for what only instructors may see."""

import html
import re
from collections import defaultdict

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
    for path in (ROOT / "coursework" / "unseen").glob("*.py"):
        yield from path.read_text("utf-8").splitlines()


def telling(line):
    """Whether a line would give something away, unlike `import numpy as np` or `]`."""
    return len(line) > 24 and not line.startswith(("import ", "from "))


def squeezed(text):
    """A text without blanks, and without what JSON puts before quotation marks."""
    return "".join(text.replace('\\"', '"').split())


SECRETS = {line.strip(): squeezed(line) for line in secrets() if telling(line.strip())}
# A text that holds a secret holds, at some multiple of PIECE, a piece that lies within the secret.
PIECE = (min(map(len, SECRETS.values())) + 1) // 2
HOLDING = defaultdict(set)  # the secrets that hold a piece
for line, short in SECRETS.items():
    for start in range(len(short) - PIECE + 1):
        HOLDING[short[start : start + PIECE]].add(line)

TAG = re.compile(r"<[^<>]*>")


def found_in(text):
    """Secrets in a squeezed text: looked for are those of which it holds a piece."""
    pieces = {text[start : start + PIECE] for start in range(0, len(text), PIECE)}
    suspects = set().union(*(HOLDING[piece] for piece in pieces & HOLDING.keys()))
    return {line for line in suspects if SECRETS[line] in text}


def leaks(text):
    """What of the secrets a text holds: as it stands, as JSON, or as a reader of HTML sees it."""
    # A page paints code by tags around each word of it.
    readings = {squeezed(text), squeezed(html.unescape(TAG.sub("", text)))}
    return sorted(set().union(*map(found_in, readings)))
