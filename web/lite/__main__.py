"""Build the site of notebooks that run in the browser: `python -m web.lite`, part of the book.

It ends well where Pyodide cannot be had: then the book has no button for it, and says so here.
"""

import hashlib
import shutil

from web.lite.fetch import Unreachable
from web.lite.site import BUILD, ROOT, build

SITE = BUILD / "site"
STAMP = SITE / "built-from"


def notebooks() -> dict[str, str]:
    """Texts of the notebooks that students get, by their addresses."""
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in sorted((ROOT / "chapters").glob("*.ipynb"))
    }
    if (ROOT / "coursework").is_dir():  # what is published may be without
        from coursework.release import problem_sets, student_text

        for name in problem_sets():
            texts[f"problems/{name}.ipynb"] = student_text(name)
    return texts


def stamp(texts: dict[str, str]) -> str:
    """Hash of all that the site is made from."""
    digest = hashlib.sha256()
    for folder in ("web/lite", "neuro_lib"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    for address, text in texts.items():
        digest.update(f"{address}\0{text}".encode())
    return digest.hexdigest()


def main() -> None:
    """Build the site unless it is there already."""
    texts = notebooks()
    wanted = stamp(texts)
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("Building the notebooks that run in the browser ...", flush=True)
    try:
        build(texts, SITE)
    except Unreachable as reason:
        shutil.rmtree(SITE, ignore_errors=True)
        print(f"{reason}\nUntil then the book has no buttons that run a chapter in the browser.")
        return
    STAMP.write_text(wanted)


if __name__ == "__main__":
    main()
