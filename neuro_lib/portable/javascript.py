"""The compiler of portable functions that a page carries: its JavaScript, as one text."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from string import ascii_letters

from neuro_lib.portable.check import CALL_HINTS, REFUSALS

__all__ = ["COMPILER", "compact", "compiler", "shortened"]

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
EMPTY = {"if", "for", "while"}  # whose statement may be a semicolon only
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
    out, apart, heads, head = [""], False, [], ""
    for found in TOKEN.finditer(text):
        if found.lastgroup in ("comment", "space"):
            apart = True
            continue
        token = found[0].strip()
        if token == "(":
            heads.append(out[-1])
        elif token == ")":
            head = heads.pop()
        needless = out[-1] == ";" and not (out[-2] == ")" and head in EMPTY)
        if (token == "}" and needless) or (token in ("}", "]") and out[-1] == ","):
            out.pop()
        if token == ">" and re.fullmatch(r"\W?\([A-Za-z]\w*\)=", "".join(out[-5:])):
            out[-4:-1] = [out[-3]]  # the brackets of a lone parameter
        if apart and ALONE.match(out[-1][-1:] + token[0]):
            out.append(" ")
        out.append(token)
        apart = False
    return "".join(out)


BLOCK = {")", ">", ";", "{", "}", "else", "try", "finally", "do"}  # what stands in front of one
NAMED = {"const", "let", "function", "class"}
HOLE = re.compile(r"(\$\{)((?:[^{}`]|`[^`]*`|\{[^{}]*\})*)(\})")


def shortened(text: str) -> str:
    """Give short names to what a program, made `compact`, declares and names nowhere else.

    A name that is ever a property, or may be one, keeps its length: so no scope has to be known.

    Parameters
    ----------
    text : str
        JavaScript that stands in a scope of its own.

    Returns
    -------
    str
        The same program.
    """
    tokens = _tokens(text)
    declared, counts, fixed, open_ = set(), Counter(), set(), [""]
    words = ["", "", *(token for token in tokens if token != " "), "", "", ""]
    for k in range(2, len(words) - 3):
        name, before, after = words[k], words[k - 1], words[k + 1]
        if name in ("(", "[", "{", "${"):
            open_.append("block" if name == "{" and before in BLOCK else name)
        elif name in (")", "]", "}"):
            open_.pop()
        if not re.match(r"[A-Za-z#]", name):
            continue
        counts[name] += 1
        arrow = words[k + 1 : k + 3] == ["=", ">"]  # of a lone parameter
        caught = words[k - 2 : k] == ["catch", "("]
        second = open_[-1] == "block" and before == "," and after in ("=", ",", ";")
        if before in NAMED or name[0] == "#" or arrow or caught or second:
            declared.add(name)
        listed = open_[-1] == "{" and before in ("{", ",")  # a key, or what could be one
        if (before == "." and name[0] != "#") or (listed and after in (":", ",", "}", "(", "=")):
            fixed.add(name)
    taken = set(re.findall(r"[\w$]+", text))
    short = (a + b for a in ("", *ascii_letters) for b in ascii_letters if a + b not in taken)
    often = sorted(
        (n for n in declared - fixed if len(n) > 2), key=lambda n: (-counts[n] * len(n), n)
    )
    names = {n: f"#{s}" if n[0] == "#" else s for n, s in zip(often, short, strict=False)}
    return "".join(names.get(token, token) for token in tokens)


def _tokens(text):
    """The tokens of a program, with each space that is left and each part of a template."""
    tokens = []
    for found in TOKEN.finditer(text):
        if found[0].startswith("`"):
            parts = HOLE.split(found[0])
            for number, part in enumerate(parts):
                tokens += _tokens(part) if number % 4 == 2 else [part]
        else:
            tokens.append(found[0])
    return tokens


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
