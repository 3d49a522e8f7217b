"""Bring notebooks into the one form in which they are committed.

What stays: the cells, their tags, and the text of their outputs, which nbval compares with a
fresh run. What goes: pictures, HTML, widgets and scripts, which a build makes anew, and what
differs from one run or one editor to the next.
"""

import argparse
import re
import sys
from pathlib import Path

import nbformat
from nbformat.corpus.words import generate_corpus_id

CHAPTERS = Path(__file__).parent.parent / "chapters"
TIMEOUT = 600  # seconds that one cell may run
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
CELL_METADATA = {"jupyter", "mystnb", "nbgrader", "tags"}
TEXT = {"text/latex", "text/markdown", "text/plain"}
ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}")


def clean_outputs(outputs):
    """Return what is text, with neighbouring pieces of one stream joined."""
    cleaned = []
    for output in outputs:
        if output.output_type == "stream":
            # Where a stream is cut depends on timing.
            if cleaned and cleaned[-1].get("name") == output.name:
                cleaned[-1].text += output.text
            else:
                cleaned.append(nbformat.v4.new_output("stream", name=output.name, text=output.text))
        elif output.output_type == "error":
            # A traceback holds the paths of one machine.
            cleaned.append(
                nbformat.v4.new_output("error", ename=output.ename, evalue=output.evalue)
            )
        elif data := {kind: text for kind, text in output.data.items() if kind in TEXT}:
            cleaned.append(nbformat.v4.new_output(output.output_type, data=data))
    return cleaned


def clean(notebook):
    """Return the notebook as it is committed."""
    cells, count = [], 0
    for cell in notebook.cells:
        kept = nbformat.from_dict(
            {
                "id": cell.get("id") or generate_corpus_id(),
                "cell_type": cell.cell_type,
                "metadata": {k: v for k, v in cell.metadata.items() if k in CELL_METADATA and v},
                "source": cell.source,
            }
        )
        if cell.cell_type == "code":
            # Numbered as one run from top to bottom would: nbval skips what was never run.
            count += 1
            kept.update(execution_count=count, outputs=clean_outputs(cell.outputs))
            for output in kept.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
        cells.append(kept)
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA, nbformat_minor=5)


def complaints(notebook):
    """Yield what no formatter can put right."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get(
                "tags", []
            ):
                yield f"cell {number} ends in {output.ename}: {output.evalue}"
            shown = [output.get("text", ""), *output.get("data", {}).values()]
            if any(ADDRESS.search(str(text)) for text in shown):
                yield f"cell {number} prints a memory address, which no second run repeats"


def execute(notebook, path):
    """Run the notebook from a fresh kernel, top to bottom, in its own folder."""
    from nbclient import NotebookClient  # takes a second to import, and only this needs it

    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=TIMEOUT,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()


def find_notebooks(paths):
    """Return the notebooks among files and below folders."""
    found = []
    for path in paths:
        found += sorted(path.rglob("*.ipynb")) if path.is_dir() else [path]
    return [path for path in found if ".ipynb_checkpoints" not in path.parts]


def main(arguments=None) -> int:
    """Clean, check or run notebooks; return 1 if something is left to be put right."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, default=[CHAPTERS])
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="only tell what would change")
    what.add_argument("--execute", action="store_true", help="run the notebooks first")
    options = parser.parse_args(arguments)

    failed = False
    for path in find_notebooks(options.paths):
        before = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(before, as_version=4)
        if options.execute:
            print(f"{path}: running ...", flush=True)
            execute(notebook, path)
        notebook = clean(notebook)
        after = nbformat.writes(notebook) + "\n"
        for complaint in complaints(notebook):
            failed = True
            print(f"{path}: {complaint}")
        if after == before:
            continue
        if options.check:
            failed = True
            print(f"{path}: not in the form that is committed (repair: make format)")
        else:
            path.write_text(after, encoding="utf-8", newline="\n")
            print(f"{path}: cleaned")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
