"""Copy the chapters for Colab: each begins with a cell that installs neuro_lib there.

The copies belong on the repository's branch `colab`, where the book's buttons look for them. The
repository's address is `course_repository` in _config.yml; without it there is nothing to install
from, and nothing is made.
"""

import sys
from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "web" / "_ext"))

from copies import LIVE  # noqa: E402


def repository(config: Path = ROOT / "_config.yml") -> str:
    """Return the repository's address; empty if there is none yet."""
    return yaml.safe_load(config.read_text("utf-8"))["sphinx"]["config"]["course_repository"] or ""


def for_colab(notebook, address: str):
    """Put before a notebook's cells one that installs what it imports; living text is text."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = LIVE.sub(r"\1", cell.source)
    install = f'%pip install --quiet "neuro_lib @ git+{address}"'
    cell = nbformat.v4.new_code_cell(install, id="install", metadata={"tags": ["remove-input"]})
    notebook.cells.insert(0, cell)
    return notebook


def main(folder: str = "_build/colab") -> None:
    """Write the copies below a folder, as the chapters lie below the repository's."""
    address = repository()
    if not address:
        print("course_repository in _config.yml is not set: no copies for Colab.")
        return
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        copy = Path(folder, path.relative_to(ROOT))
        copy.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(for_colab(nbformat.read(path, as_version=4), address), copy)
        print(copy)


if __name__ == "__main__":
    main(*sys.argv[1:])
