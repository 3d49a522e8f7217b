"""Functions that every checker of portable Python refuses, and where."""

import re
import textwrap

# What is refused: a key of the table of refusals; the code, of a whole function or of the body of
# f(x: float, n: int, b: bool, u: Array); and `#!` at the line to point at, if not the first.

BEFORE = """
import math
import numpy as np
from math import exp, floor, inf
from typing import NamedTuple
from neuro_lib.portable import Array, portable, zeros

K, N, HUGE, FLAG = 2.5, 3, 2**40, True
copied = zeros

@portable
def pair(x: float):
    return x, 1

@portable
def put(u: Array):
    u[0] = 1.0

class Cell(NamedTuple):
    tau: float
    u: Array
    n: int

class Pair(NamedTuple):
    a: Cell
    b: bool

renamed = pair
other = Cell

def plain(x):
    return x

"""

REFUSED = [
    # operators
    ("FloorDiv", "y = x // 2.0"),
    ("FloorDiv", "n //= 2"),
    ("Mod", "y = x % 2.0"),
    ("Mod", "n %= 2"),
    *[("LShift", f"m = n {operator} 1") for operator in ("<<", ">>", "&", "|")],
    ("BitXor", "m = n ^ 1"),
    ("BitXor", "y = x ^ 2"),
    ("power", "x **= n"),
    ("power", "x **= 10"),
    ("LShift", "m = ~n"),
    ("LShift", "n <<= 1"),
    ("LShift", "c = b & b"),
    ("MatMult", "y = x @ x"),
    ("UAdd", "y = +x"),
    ("Is", "c = x is x"),
    ("Is", "c = x is not x"),
    ("In", "c = x in u"),
    ("In", "c = x not in u"),
    ("power", "y = x ** x"),
    ("power", "y = x ** 0.5"),
    ("power", "y = x ** -1"),
    ("power", "y = x ** 1"),
    ("power", "y = x ** 10"),
    ("power", "y = x ** n"),
    ("power", "y = 2.0 ** x"),
    ("power", "m = n ** 2"),
    ("product", "m = n * n"),
    ("product", "m = 2 * n"),
    ("product", "n *= 2"),
    ("sum", "m = floor(x)\nm = m + m  #!"),
    ("sum", "m = floor(x) - floor(x)"),
    ("sum", "n = n + 1\nm = n + n  #!"),
    ("sum", "m = floor(x)\nfor k in range(m - 1, m):\n    m2 = m + k  #!"),
    ("sum", "m = floor(x)\nfor k in range(n):\n    pass\nfor k in range(m, 9):\n    m += k  #!"),
    ("chain", "c = 0.0 < x < 1.0"),
    ("compare", "c = b == 1"),
    ("compare", "c = b < b"),
    ("compare", "c = u == u"),
    ("compare", "c = u == x"),
    ("compare", "c = (x, n) == (x, n)"),
    ("compare", "c = pair(x) == pair(x)"),
    ("number", "y = b + 1.0"),
    ("number", "y = u + u"),
    ("number", "y = u * 2.0"),
    ("number", "y = -u"),
    ("number", "y = -b"),
    ("number", "y = abs(b)"),
    ("number", "y = exp(u)"),
    ("number", "y = float(b)"),
    ("number", "y = pair(x) + 1.0"),
    ("number", "x += b"),
    ("condition", "if x:  #!\n    pass"),
    ("condition", "if n:  #!\n    pass"),
    ("condition", "if u:  #!\n    pass"),
    ("condition", "while n:  #!\n    n -= 1"),
    ("condition", "c = not n"),
    ("condition", "c = b and x"),
    ("condition", "c = n or b"),
    ("condition", "y = 1.0 if n else 2.0"),
    # values and their kinds
    ("Constant", "m = 3_000_000_000"),
    ("Constant", "m = 9007199254740993"),
    ("Constant", "m = HUGE"),
    ("Constant", "y = 1e400"),
    ("Constant", "y = 1j"),
    ("Constant", "y = None"),
    ("Constant", "y = ..."),
    ("JoinedStr", "y = 'text'"),
    ("JoinedStr", "y = f'{x}'"),
    ("JoinedStr", "y = x\n'text'  #!"),
    ("List", "y = [x]"),
    ("List", "y = {}"),
    ("List", "y = {x}"),
    ("ListComp", "y = [x for k in range(3)]"),
    ("ListComp", "y = {k: x for k in range(3)}"),
    ("ListComp", "y = {x for k in range(3)}"),
    ("ListComp", "y = abs(x for k in range(3))"),
    ("Tuple", "y = max((x, x), (x, x))"),
    ("Tuple", "return x, (x, x)"),
    ("Tuple", "(y, z), w = pair(x)"),
    ("Slice", "v = u[1:]"),
    ("Slice", "u[:] = 0.0"),
    ("Attribute", "y = math.exp(x)"),
    ("Attribute", "m = u.size"),
    ("Attribute", "u.flags = x"),
    ("index", "y = x[0]"),
    ("index", "y = zeros(n)[0]"),
    ("index", "y = pair(x)[0]"),
    ("negative", "y = u[-1]"),
    ("negative", "u[-1] = x"),
    ("negative", "y = u[-n]"),
    ("expected", "y = u[x]"),
    ("expected", "y = u[b]"),
    ("expected", "m = len(x)"),
    ("expected", "v = zeros(x)"),
    ("expected", "y, m = pair(n)"),
    ("expected", "m = floor(n)"),
    ("expected", "for k in range(x):  #!\n    pass"),
    ("expected", "y = x if b else n"),
    ("expected", "y = x if b else u"),
    ("element", "u[0] = b"),
    ("element", "u[0] = u"),
    ("element", "u[0] = pair(x)"),
    ("local", "y = pair(x)"),
    ("local", "y = put(u)"),
    ("local", "y = pair(x) if b else pair(n + x)"),
    ("local", "y = x, n"),
    ("rekind", "y = 0\ny = 0.5  #!"),
    ("rekind", "y = 0.5\ny = 0  #!"),
    ("rekind", "n += 0.5"),
    ("rekind", "n /= 2"),
    ("rekind", "n = b"),
    ("rekind", "if b:\n    y = 0\nelse:\n    y = 0.5  #!"),
    ("mixed", "y = min(x, n)"),
    ("mixed", "y = max(1, x)"),
    ("unpack", "y, z, w = pair(x)"),
    ("unpack", "y, z = x"),
    ("unpack", "y, z = u"),
    ("unpack", "y, z = x, n, b"),
    # names
    ("shadow", "exp = 1.0"),
    ("shadow", "len = 1"),
    ("shadow", "def f(pi: float):\n    pass"),
    ("ascii", "τ = 1.0"),
    ("shadow", "def abs(x: float):\n    return x"),
    ("shadow", "floor = 1.0"),
    ("rekind", "for x in range(n):  #!\n    pass"),
    ("sum", "m = floor(x)\nk = 5\nfor k in range(m, 9):\n    m += k  #!"),
    ("sum", "m = floor(x)\nwhile b:\n    m += n  #!\n    for n in range(m, m + 1):\n        pass"),
    ("sum", "m = floor(x)\nfor k in range(3):\n    k = m\n    m = m + k  #!"),
    ("unknown", "y = undefined_anywhere"),
    ("unknown", "y = FLAG"),
    ("unknown", "y = pair"),
    ("unknown", "y = np"),
    ("unknown", "y = pi"),
    ("unassigned", "if b:\n    y = x\nz = y  #!"),
    ("unassigned", "while x > 1.0:\n    y = x\n    x -= 1.0\nz = y  #!"),
    ("unassigned", "for k in range(n):\n    y = x\nz = y  #!"),
    ("unassigned", "while True:\n    if b:\n        break\n    y = x\nz = y  #!"),
    ("unassigned", "y += x"),
    (
        "unassigned",
        "while b:\n    for k in range(3):\n        if k > 1:\n            continue\n"
        "        y = x\n    z = y  #!",
    ),
    ("unassigned", "for k in range(n):\n    pass\nm = k  #!"),
    ("unassigned", "for k in range(n):\n    if b:\n        break\nm = k  #!"),
    ("unassigned", "for k in range(3):\n    pass\nif k > 1:  #!\n    pass"),
    # calls
    ("call", "y = plain(x)"),
    ("call", "print(x)"),
    ("call", "m = int(x)"),
    ("call", "m = round(x)"),
    ("call", "y = pow(x, 2)"),
    ("call", "y = sum(u)"),
    ("call", "y = x(x)"),
    ("call", "y = log(x)"),
    ("call", "y = undefined_anywhere(x)"),
    ("call", "v = copied(n)"),
    ("call", "v = range(n)"),
    ("call", "def f(x: float):\n    return f(x)  #!"),
    ("callee", "y, m = renamed(x)"),
    ("arguments", "y, m = pair(x, x)"),
    ("arguments", "y = exp()"),
    ("arguments", "y = exp(x, x)"),
    ("arguments", "y = min(x)"),
    ("arguments", "y = abs(x, x)"),
    ("keyword", "y, m = pair(x=x)"),
    ("keyword", "y, m = pair(**x)"),
    ("Starred", "y, m = pair(*u)"),
    ("NamedExpr", "y = (z := x)"),
    # records
    *[
        (key, f"c = Cell(tau=x, u=u, n=n)\n{line}  #!")
        for key, line in [
            ("field", "y = c.tau_m"),
            ("field", "y = c.count"),
            ("field", "y = c._fields"),
            ("field", "y = c.__class__"),
            ("frozen", "c.tau = x"),
            ("frozen", "c.tau += x"),
            ("field", "c.size = x"),
            ("Attribute", "y = c.tau.real"),
            ("Attribute", "m = c.u.size"),
            ("number", "y = c + 1.0"),
            ("number", "y = -c"),
            ("number", "y = exp(c)"),
            ("condition", "y = 1.0 if c else 2.0"),
            ("compare", "d = c == c"),
            ("index", "y = c[0]"),
            ("index", "y = c.tau[0]"),
            ("negative", "y = c.u[-1]"),
            ("expected", "y = c.u[c.tau]"),
            ("expected", "m = len(c)"),
            ("element", "u[0] = c"),
            ("element", "c.u[0] = c.u"),
            ("unpack", "y, v, m = c"),
            ("rekind", "c = x"),
            ("rekind", "c = Pair(a=c, b=b)"),
            ("sum", "m = c.n + c.n"),
            ("call", "y = c(x)"),
            ("call", "y = c.tau(x)"),
            ("expected", "y, m = pair(c)"),
            ("expected", "d = c if b else Pair(a=c, b=b)"),
            ("expected", "d = Pair(a=x, b=b)"),
            ("Attribute", "y = Cell.tau"),
            ("return", "if b:\n    return c\nreturn x"),
        ]
        if "\n" not in line
    ],
    ("expected", "c = Cell(tau=n, u=u, n=n)"),
    ("expected", "c = Cell(tau=x, u=x, n=n)"),
    ("field", "c = Cell(tau=x, u=u, n=n, lost=x)"),
    ("field", "c = Cell(_make=x)"),
    ("missing", "c = Cell(tau=x, u=u)"),
    ("missing", "c = Cell()"),
    ("place", "c = Cell(x, u, n)"),
    ("place", "c = Cell(x, u=u, n=n)"),
    ("Starred", "c = Cell(*u)"),
    ("keyword", "c = Cell(**x)"),
    ("keyword", "y = exp(x=x)"),
    ("keyword", "y = undefined_anywhere(x=x)"),
    ("keyword", "v = zeros(n=n)"),
    ("callee", "c = other(tau=x, u=u, n=n)"),
    ("unknown", "c = Cell"),
    ("useless", "Cell(tau=x, u=u, n=n)"),
    ("shadow", "def f(c: Cell, len: float):\n    pass"),
    ("annotation", "def f(c: pair):\n    pass"),
    ("returns", "def f(c: Cell) -> Pair:  #!\n    return c"),
    ("return", "def f(c: Cell, b: bool):\n    if b:\n        return c.tau\n    return c  #!"),
    *[
        ("record", f"class Odd(NamedTuple):\n    {fields}\n\n{use}")
        for fields in ("a: float\n    b: complex", "a: np.ndarray", "pass")
        for use in (
            "@portable\ndef f(x: float):\n    c = Odd(a=x)  #!",
            "@portable\ndef f(c: Odd):  #!\n    return c.a",
        )
    ],
    # statements
    ("AnnAssign", "y: float = x"),
    ("assigns", "y = z = x"),
    ("Delete", "del x"),
    ("Try", "try:  #!\n    pass\nfinally:\n    pass"),
    ("Try", "raise ValueError"),
    ("Try", "assert b"),
    ("With", "with x:  #!\n    pass"),
    ("Match", "match n:  #!\n    case 1:\n        pass"),
    ("useless", "x"),
    ("useless", "x + 1.0"),
    ("useless", "exp(x)"),
    ("unreached", "return x\ny = x  #!"),
    ("unreached", "if b:\n    return x\nelse:\n    return x\ny = x  #!"),
    ("unreached", "while True:\n    y = x\nz = x  #!"),
    ("unreached", "for k in range(n):\n    break\n    y = x  #!"),
    ("else", "for k in range(n):\n    pass\nelse:\n    y = x  #!"),
    ("else", "while b:\n    pass\nelse:\n    y = x  #!"),
    ("range", "for y in u:  #!\n    pass"),
    ("range", "for k in enumerate(u):  #!\n    pass"),
    ("range", "for k in range():  #!\n    pass"),
    ("range", "for k in range(1, 2, 3, 4):  #!\n    pass"),
    ("step", "for k in range(0, 9, n):  #!\n    pass"),
    ("step", "for k in range(0, 9, 0):  #!\n    pass"),
    ("step", "for k in range(0, 9, 1 + 1):  #!\n    pass"),
    ("Tuple", "for k, j in range(n):  #!\n    pass"),
    # functions
    ("FunctionDef", "def g():  #!\n    pass"),
    ("FunctionDef", "class g:  #!\n    pass"),
    ("FunctionDef", "y = (lambda: x)()"),
    ("Global", "global K"),
    ("Import", "import math"),
    ("Import", "from math import exp"),
    ("Yield", "yield x"),
    ("Yield", "y = yield"),
    ("def", "async def f(x: float):\n    pass"),
    (
        "decorator",
        "def plain_decorator(f):\n    return f\n\n@portable\n@plain_decorator  #!\n"
        "def f(x: float):\n    pass",
    ),
    (
        "closure",
        "def outer(y):\n    @portable\n    def f(x: float):  #!\n        return x + y\n\n"
        "outer(1.0)",
    ),
    ("parameters", "def f(x: float = 1.0):\n    pass"),
    ("parameters", "def f(*x: float):\n    pass"),
    ("parameters", "def f(**x: float):\n    pass"),
    ("parameters", "def f(x: float, *, y: float):\n    pass"),
    ("parameters", "def f(x: float, /, y: float):\n    pass"),
    ("annotation", "def f(x):\n    pass"),
    ("annotation", "def f(x: complex):\n    pass"),
    ("annotation", "def f(x: 'float'):\n    pass"),
    ("annotation", "def f(x: np.ndarray):\n    pass"),
    ("return", "if b:\n    return x\nreturn n  #!"),
    ("return", "if b:\n    return\nreturn x  #!"),
    ("return", "if b:\n    return x, n\nreturn x  #!"),
    ("fall", "if b:  #!\n    return x"),
    ("fall", "while b:  #!\n    return x"),
    ("fall", "while True:  #!\n    if b:\n        break\n    return x"),
    ("returns", "def f(x: float) -> int:  #!\n    return x"),
    ("returns", "def f(x: float) -> float:  #!\n    return x, x"),
    ("returns", "def f(x: float) -> float:  #!\n    pass"),
]

APART = {"source", "clash", "foreign", "other"}  # not about a line; tested below


def source_of(snippet):
    """A module whose function is, or has as its body, the snippet; the number of its first line."""
    if not re.match("(async )?(def (f|abs|outer|plain_)|class Odd)", snippet):
        snippet = "def f(x: float, n: int, b: bool, u: Array):\n" + textwrap.indent(snippet, "    ")
        return f"{BEFORE}@portable\n{snippet}\n", BEFORE.count("\n") + 3
    decorator = "" if "@portable" in snippet else "@portable\n"
    return f"{BEFORE}{decorator}{snippet}\n", BEFORE.count("\n") + 2
