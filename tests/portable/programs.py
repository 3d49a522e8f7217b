"""Programs at random, of what portable Python allows."""

import re

from hypothesis import strategies as st

VARIABLES = {"f": ["a", "b", "c", "s.x", "s.d.x"], "i": ["i", "j"], "b": ["p", "q"]}
LOCALS = {kind: [name for name in names if "." not in name] for kind, names in VARIABLES.items()}
LITERALS = {
    "f": ["0.0", "1.5", "-2.0", "1e-3", "3.0"],
    "i": ["0", "1", "-2", "7"],
    "b": ["True", "False"],
}
FORMS = {  # {f}, {i} and {b} stand for further expressions
    "f": """{f} + {f}; {f} - {f}; {f} * {f}; {f} / {f}; {f} + {i}; {i} * {f}; {i} / {i}; -{f}
        {f} ** 2; abs({f}); min({f}, {f}); max({f}, {f}, {f}); float({i}); half({f})
        {f} if {b} else {f}; moved(s, {f}).x; D(k={i}, x={f}).x
        (s if {b} else S(x={f}, d=s.d)).x""",
    "i": """{i} + 3; len(u) - {i}; 0 - {i}; abs({i}); min({i}, {i}); {i} if {b} else {i}
        floor(max(min({f}, 99.0), -99.0))""",
    "b": """{f} < {f}; {f} >= {i}; {i} == {i}; {f} != {f}; not {b}; {b} and {b}; {b} or {b}
        {b} == {b}; {b} != {b}; {b} if {b} else {b}""",
}
FORMS = {kind: re.split(r";\s|\n\s+", forms) for kind, forms in FORMS.items()}


@st.composite
def expressions(draw, kind, depth, counters):
    if depth == 0:
        elements = {"f": [f"u[{k}]" for k in counters], "i": list(counters), "b": []}[kind]
        return draw(st.sampled_from(VARIABLES[kind] + LITERALS[kind] + elements))
    form = draw(st.sampled_from(FORMS[kind]))
    return re.sub(r"{(\w)}", lambda m: f"({draw(expressions(m[1], depth - 1, counters))})", form)


@st.composite
def blocks(draw, depth, counters=()):
    def indented(*counter):
        return ["    " + line for line in draw(blocks(depth - 1, counters + counter))]

    def expression(kind):
        return draw(expressions(kind, 2, counters))

    lines = []
    for _ in range(draw(st.integers(1, 4))):
        statement = draw(st.sampled_from(["set", "add", "store", "record", "if", "for", "leave"]))
        if statement == "set" or (depth == 0 and statement in ("if", "for")):
            kind = draw(st.sampled_from("fib"))
            lines += [f"{draw(st.sampled_from(LOCALS[kind]))} = {expression(kind)}"]
        elif statement == "add":
            lines += [f"a {draw(st.sampled_from('+-*/'))}= {expression('f')}"]
        elif statement == "record":
            lines += [f"s = S(x={expression('f')}, d=D(k={expression('i')}, x={expression('f')}))"]
        elif statement == "store":
            lines += [f"u[{draw(st.sampled_from(['0', *counters]))}] = {expression('f')}"]
        elif statement == "if":
            lines += [f"if {expression('b')}:", *indented(), "else:", *indented()]
        elif statement == "for":
            ends = draw(st.sampled_from(["3", "len(u)", "1, 4", "3, -1, -1", "0, len(u), 2"]))
            counter = f"k{len(counters)}"
            lines += [f"for {counter} in range({ends}):", *indented(counter)]
        else:
            leave = draw(st.sampled_from(["break", "continue"])) if counters else "return a, i, p"
            lines += [f"if {expression('b')}:", f"    {leave}"]
    return lines


PROGRAM = """
from math import floor
from typing import NamedTuple
from neuro_lib.portable import Array, portable

class D(NamedTuple):
    x: float
    k: int

class S(NamedTuple):
    d: D
    x: float

@portable
def moved(s: S, x: float) -> S:
    return S(x=s.x + x, d=D(k=s.d.k + 1, x=-s.d.x))

@portable
def half(x: float):
    return x / 2.0

@portable
def f(a: float, b: float, i: int, p: bool, u: Array):
    c, j, q = a - b, i + 1, a < b
    s = S(x=a, d=D(k=i, x=b))
    {}
    return a, i, p
"""
