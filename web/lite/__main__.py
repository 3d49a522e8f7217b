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


def digest(*parts: bytes) -> str:
    """Hash of all parts."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def programs() -> str:
    """Hash of what Python in the browser is made from."""
    return digest(
        *(
            part
            for folder in ("web/lite", "neuro_lib")
            for path in sorted((ROOT / folder).rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
            for part in (path.relative_to(ROOT).as_posix().encode(), path.read_bytes())
        )
    )


def main() -> None:
    """Build the site unless it is there already."""
    texts, python = notebooks(), programs()
    wanted = digest(python.encode(), *(f"{name}\0{text}".encode() for name, text in texts.items()))
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("Building the notebooks that run in the browser ...", flush=True)
    try:
        build(texts, SITE, python)
    except Unreachable as reason:
        shutil.rmtree(SITE, ignore_errors=True)
        print(f"{reason}\nUntil then the book has no buttons that run a chapter in the browser.")
    else:
        STAMP.write_text(wanted)


if __name__ == "__main__":
    main()
