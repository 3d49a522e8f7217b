"""The compiler of portable functions that a page carries: its JavaScript, as one text."""

import json
import re
from functools import cache
from pathlib import Path

from neuro_lib.portable.check import CALL_HINTS, REFUSALS

__all__ = ["COMPILER", "compact", "compiler"]

COMPILER = ("parse.js", "compile.js")


TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<regex>(?:(?<=[(,=:?&|!\[{};>])|(?<=return))\s*/(?![/*])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*)
    |(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'
      |`(?:\\.|[^`\\$]|\$(?!\{)|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\})*`)
    |(?P<space>\s+)
    |(?P<word>[\w$#]+)
    |(?P<sign>.)""",
    flags=re.DOTALL | re.VERBOSE,
)
ALONE = re.compile(r"[\w$#]{2}|\+\+|--|//")  # what would be one thing


def compact(text: str) -> str:
    """Leave out of JavaScript what only its readers need: comments, types, spaces.

    Parameters
    ----------
    text : str
        JavaScript, each of whose statements ends with a semicolon or a brace, as the linter sees.

    Returns
    -------
    str
        The same program.
    """
    out, apart = [""], False
    for found in TOKEN.finditer(text):
        if found.lastgroup in ("comment", "space"):
            apart = True
            continue
        token = found[0].strip()
        if apart and ALONE.match(out[-1][-1:] + token[0]):
            out.append(" ")
        out.append(token)
        apart = False
    return "".join(out)


@cache
def compiler(*, checked: bool = False) -> str:
    """Give the compiler, whose two functions the page calls: `compilePortable` and `runnable`.

    Parameters
    ----------
    checked : bool
        Whether Python has checked all that it will compile: then it goes without the reasons why
        this or that is refused, an eighth of its length.

    Returns
    -------
    str
        Declarations, to stand in a scope of their own.
    """
    tables = {"REFUSALS": REFUSALS, "CALL_HINTS": CALL_HINTS}
    if checked:
        tables = {"REFUSALS": {"other": REFUSALS["other"]}, "CALL_HINTS": {}}
    head = (f"const {k}={json.dumps(table, ensure_ascii=False)};" for k, table in tables.items())
    folder = Path(__file__).parent
    return "\n".join([*head, *(compact((folder / name).read_text("utf-8")) for name in COMPILER)])
