"""Make the notebooks that students get: `make coursework`.

nbgrader takes the solutions out. It is told to leave nothing in their place that stops a notebook:
one that nobody has filled in runs through, and its checks say what is missing.
"""

import zipfile

import nbformat
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import PyFileConfigLoader

from coursework.problem_set import ROOT, problem_sets, source

OUT = ROOT / "_build" / "coursework"
CONFIG = PyFileConfigLoader("nbgrader_config.py", str(ROOT / "coursework")).load_config()
STEPS = [
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    ClearHiddenTests,
    ComputeChecksums,
    CheckCellMetadata,
]
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same notebooks make the same zip


def student_version(problem_set: str) -> nbformat.NotebookNode:
    """Return a problem set as students get it."""
    notebook = source(problem_set)
    for step in STEPS:
        notebook, _ = step(config=CONFIG).preprocess(notebook, {})
    return notebook


def student_text(problem_set: str) -> str:
    """Return a problem set as students get it, as the text of its file."""
    return nbformat.writes(student_version(problem_set)) + "\n"


def main():
    """Write each student version, and all of them as one zip."""
    OUT.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(OUT / "coursework.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name in problem_sets():
            text = student_text(name)
            (OUT / f"{name}.ipynb").write_text(text, "utf-8")
            packed.writestr(zipfile.ZipInfo(f"{name}.ipynb", LONG_AGO), text)
            print(f"{OUT / name}.ipynb")
    print(f"{OUT / 'coursework.zip'}: all of them, to upload")


if __name__ == "__main__":
    main()
