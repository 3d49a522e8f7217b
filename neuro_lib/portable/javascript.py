"""The compiler of portable functions that a page carries: its JavaScript, as one text."""

import json
import re
from functools import cache
from pathlib import Path

from neuro_lib.portable.check import CALL_HINTS, REFUSALS

__all__ = ["COMPILER", "compact", "compiler"]

COMPILER = ("parse.js", "compile.js")


def compact(text: str) -> str:
    """Leave out of JavaScript what only its readers need: comments of whole lines, types, indents.

    Parameters
    ----------
    text : str
        JavaScript. A comment stands on lines of its own, a type in ``/** ... */``.

    Returns
    -------
    str
        The same program.
    """
    text = re.sub(r"/\*\*.*?\*/ ?", "", text, flags=re.DOTALL)
    lines = (re.sub(r" // [^`'\"]*$", "", line.strip()) for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@cache
def compiler() -> str:
    """Give the compiler, whose two functions the page calls: `compilePortable` and `runnable`.

    Returns
    -------
    str
        Declarations, to stand in a scope of their own.
    """
    tables = {"REFUSALS": REFUSALS, "CALL_HINTS": CALL_HINTS}
    head = (f"const {k}={json.dumps(table, ensure_ascii=False)};" for k, table in tables.items())
    folder = Path(__file__).parent
    return "\n".join([*head, *(compact((folder / name).read_text("utf-8")) for name in COMPILER)])
