"""The compiler of portable Python in the page: it reads as CPython does, refuses as the checker in
Python does, and whatever it is given, it gives nothing but JavaScript of its own making."""

import ast
import inspect
import json
import pkgutil
import random
import re
import textwrap
from importlib import import_module

import pytest
from py_mini_racer import MiniRacer

import neuro_lib
from neuro_lib.portable import Array, Portable, PortableError, portable
from neuro_lib.portable.javascript import compact, compiler, shortened
from tests.cases import each
from tests.effort import examples
from tests.engines import JavaScriptError, in_v8
from tests.portable.refused import REFUSED, source_of


def in_package():
    """Every portable function of the package, by its full name."""
    found = {}
    for module in pkgutil.walk_packages(neuro_lib.__path__, "neuro_lib."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, Portable):
                found[f"{value.__module__}.{value.__name__}"] = value
    return found


FUNCTIONS = in_package()


def compile_text(text):
    """What the compiler makes of a text: parameters, what is returned, JavaScript."""
    return in_v8(f"JSON.stringify(compilePortable({json.dumps(text)}))")


# Trees: nodes with CPython's names, fields and places.

FIELDS = {
    "FunctionDef": "name args body",
    "arg": "arg annotation",
    "Assign": "targets value",
    "AugAssign": "target op value",
    "Expr": "value",
    "Return": "value",
    "If": "test body orelse",
    "For": "target iter body orelse",
    "While": "test body orelse",
    "Pass": "",
    "Break": "",
    "Continue": "",
    "BinOp": "left op right",
    "UnaryOp": "op operand",
    "BoolOp": "op values",
    "Compare": "left ops comparators",
    "IfExp": "test body orelse",
    "Call": "func args keywords",
    "keyword": "arg value",
    "ClassDef": "name bases body",
    "AnnAssign": "target annotation",
    "Subscript": "value slice",
    "Attribute": "value attr",
    "Name": "id",
    "Constant": "value",
    "Tuple": "elts",
}
FIELDS = {kind: fields.split() for kind, fields in FIELDS.items()}


def from_cpython(node):
    if isinstance(node, list):
        return [from_cpython(part) for part in node]
    if isinstance(node, ast.arguments):
        return from_cpython(node.args)
    if isinstance(node, (ast.operator, ast.unaryop, ast.boolop, ast.cmpop)):
        return type(node).__name__
    if not isinstance(node, ast.AST):
        return node
    kind = type(node).__name__
    place = node.lineno, node.col_offset, node.end_lineno, node.end_col_offset
    return kind, place, [from_cpython(getattr(node, name)) for name in FIELDS[kind]]


def from_page(node):
    if isinstance(node, list):
        return [from_page(part) for part in node]
    if not isinstance(node, dict):
        return node
    place = node["line"], node["col"], node["endLine"], node["end"]
    return node["type"], place, [from_page(node[name]) for name in FIELDS[node["type"]]]


def assert_same_tree(text):
    tree = ast.parse(text)
    for function in tree.body:
        if (
            isinstance(function, (ast.FunctionDef, ast.ClassDef))
            and ast.get_docstring(function) is not None
        ):
            del function.body[0]
    assert from_page(in_v8(f"JSON.stringify(parsePortable({json.dumps(text)}))")) == from_cpython(
        tree.body
    )


@each("name", FUNCTIONS)
def test_every_portable_function_is_read_as_cpython_reads_it(name):
    assert_same_tree(textwrap.dedent(inspect.getsource(FUNCTIONS[name].__wrapped__)))
    assert_same_tree(FUNCTIONS[name].source)


NAMES = ["x", "n", "u", "tau_m", "_", "match", "Delta_T1"]
ATOMS = [*NAMES, "0", "7", "1_000", "0x1F", "0b10", "2.5", "1.", ".5", "1e-3", "1_0.0_1E+2", "True"]
BINARY = ["+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^"]
COMPARING = ["<", ">", "<=", ">=", "==", "!=", "is", "is not", "in", "not in"]
SPACES = ["", " ", "  "]


class Writer:
    """Writes programs at random that CPython can read: any operators, brackets and layout."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.brackets = 0

    def pick(self, *parts):
        return self.random.choice(parts)

    def space(self):
        if self.brackets and self.random.random() < 0.1:
            return self.pick("\n", "  # why\n ", " \\\n  ")
        return self.pick(*SPACES)

    def bracketed(self, opening, inside, closing):
        self.brackets += 1
        text = f"{opening}{self.space()}{inside()}{self.space()}{closing}"
        self.brackets -= 1
        return text

    def joined(self, count, write):
        return f"{self.space()},{self.space()}".join(write() for _ in range(count))

    def expression(self, depth):
        def inner():
            return self.expression(depth - 1)

        form = self.random.randrange(12) if depth else 0
        if form <= 1:
            return self.pick(*ATOMS)
        if form <= 4:
            return f"{inner()}{self.space()} {self.pick(*BINARY)} {self.space()}{inner()}"
        if form == 5:
            return f"{inner()} {self.pick(*COMPARING)} {inner()}"
        if form == 6:
            return f"{self.pick('-', '+', '~', 'not ')}{self.space()}{inner()}".replace("\\", "")
        if form == 7:
            return f"{inner()} {self.pick('and', 'or')} {inner()}"
        if form == 8:
            return f"{inner()} if {inner()} else {inner()}"
        if form == 9:
            arguments, names = self.random.randrange(4), iter(self.pick([], NAMES))
            return self.pick(*NAMES) + self.bracketed(
                "(",
                lambda: (
                    self.joined(arguments, lambda: self.named(names) + inner())
                    + "," * (arguments > 2)
                ),
                ")",
            )
        if form == 10:
            return self.pick(*NAMES) + self.pick("", ".T", "[0]") + self.bracketed("[", inner, "]")
        return self.bracketed("(", inner, ")")

    def named(self, names):
        return f"{name}{self.space()}={self.space()}" if (name := next(names, "")) else ""

    def values(self):
        count = self.random.randrange(1, 4)
        return self.joined(count, lambda: self.expression(2)) + self.pick("", "," * (count > 1))

    def target(self):
        return self.pick(*NAMES) + self.pick("", "", f"[{self.expression(1)}]")

    def block(self, depth, indent):
        if self.random.random() < 0.15:
            return " " + self.pick("; ", ";").join(self.small() for _ in range(2)) + "\n"
        pad = indent + self.pick(" ", "  ", "    ")
        lines = "".join(self.statement(depth - 1, pad) for _ in range(self.random.randrange(1, 4)))
        return self.pick("\n", "  # why\n", "\n\n") + lines

    def small(self):
        targets = self.joined(self.random.randrange(1, 3), self.target)
        return self.pick(
            f"{targets} = {self.values()}",
            f"{self.target()} {self.pick(*BINARY)}= {self.values()}",
            "pass",
            "break",
            "continue",
            "return",
            f"return {self.values()}",
            self.expression(3),
        )

    def statement(self, depth, pad):
        form = self.random.randrange(6) if depth else 5
        test, block = self.expression(2), lambda: self.block(depth, pad)
        if form == 0:
            text = f"if {test}:{block()}"
            for _ in range(self.random.randrange(3)):
                text += f"{pad}elif {self.expression(2)}:{block()}"
            return pad + text + self.pick("", f"{pad}else:{block()}")
        if form == 1:
            return f"{pad}while {test}:{block()}"
        if form == 2:
            return f"{pad}for {self.pick(*NAMES)} in {self.values()}:{block()}"
        return pad + self.small() + self.pick("", "  # why") + self.pick("\n", "\n\n", "\n   \n")

    def module(self):
        kinds = self.pick("", "x: float", "x: int,u : Array,", "x: Cell")
        before = self.pick("", "class Cell( NamedTuple ):\n  'why'\n  x :float # why\n  y: int\n\n")
        head = "@portable\ndef f" + self.bracketed("(", lambda: kinds, ")")
        return f"{before}{head}{self.pick('', ' -> float')}:{self.block(3, '')}"


def test_thousands_of_random_programs_are_read_as_cpython_reads_them():
    read = 0
    tried = examples(4000)
    for seed in range(tried):
        text = Writer(seed).module()
        try:
            ast.parse(text)
        except SyntaxError:  # a comparison of `not`, a number before a name
            with pytest.raises(JavaScriptError):
                compile_text(text)
            continue
        assert_same_tree(text)
        read += 1
    assert read > 0.75 * tried


@pytest.mark.parametrize(
    "text",
    [
        "def f(x: float):\n    y = x\n  y = 1.0\n",
        "def f(x: float):\nreturn x\n",
        "def f(x: float)\n    return x",
        "def f(x: float):\n    return (x\n",
        "def f(x: float):\n    return x)\n",
        "def f(x: float):\n    return 1 +\n",
        "def f(x: float):\n    return x y\n",
        "def f(x: float):\n    if x = 1.0:\n        pass\n",
        "return 1\n",
        "def f(x: float):\n    x + 1 = 2\n",
        "def f(x: float):\n    return 01\n",
        "def f(x: float):\n    return 1__0\n",
        "def f(x: float):\n    return 'open\n",
        "def f(x: float):\n    else:\n        pass\n",
        "  def f(x: float):\n    pass\n",
        "def f(x: float):\n    return x ? 1 : 2\n",
        "def f(x: float):\n    y = = x\n",
        "def f(x: float,, y: float):\n    pass\n",
        "def f(x: float):\n    for k in :\n        pass\n",
        "def f(x: float):\n    return [x)\n",
        "def f():",
        "def f(x: float):\n    break\n",
        "def f(x: float, x: float):\n    pass\n",
        "def f(x: float):\n    return g(a=x, x)\n",
        "def f(x: float):\n    return g(a=x, a=x)\n",
        "def f(x: float):\n    return g(a=)\n",
        "class A(NamedTuple):\n    x float\n",
        "class A(NamedTuple):\nx: float\n",
        "class (NamedTuple):\n    x: float\n",
    ],
)
def test_what_is_no_python_is_told_where_it_goes_wrong(text):
    with pytest.raises(SyntaxError) as expected:
        compile(text, "", "exec")
    with pytest.raises(JavaScriptError) as found:
        compile_text(text)
    assert found.value.name == "PortableError"
    assert abs(found.value.line - expected.value.lineno) <= 1
    assert "undefined" not in found.value.message


@portable
def halved(u: Array, x: float):
    n = len(u) + 1  # the bundle has no comment of ours
    return u[n] / x


@portable
def quartered(u: Array, x: float):
    return 0.5 * halved(u, x)


def test_an_error_is_told_with_the_module_the_function_and_the_text_of_the_line():
    """A bundle's own lines are those of no file."""
    text = json.dumps(quartered.source)
    said = in_v8(
        f"(() => {{ try {{ compiled({text})(new Float64Array(1), 0); }} "
        f"catch (error) {{ return JSON.stringify(told(error, {text})); }} }})()"
    )
    assert said == (
        "In `halved` of tests.portable.test_compiler, `return u[n] / x`: "
        "there is no element 2: the array has the elements 0 to 0"
    )


def test_an_error_is_told_with_its_line_and_the_text_of_the_line():
    text = json.dumps("def f(x: float):\r\n    y = x\r\n    return y // 2.0\r\n")
    said = in_v8(
        f"(() => {{ try {{ compilePortable({text}); }} "
        f"catch (error) {{ return JSON.stringify(told(error, {text})); }} }})()"
    )
    assert said == (
        "Line 3, `return y // 2.0`: `//` is refused: the engines round it differently; "
        "write floor(a / b)"
    )


# Refusals: the rules of the checker in Python, with its words and its places.

# What only a module can tell: what was imported, and what a name of another means.
OF_THE_MODULE = {"y = pi", "y = log(x)", "y, m = renamed(x)", "m = HUGE"}
OF_THE_MODULE |= {snippet for key, snippet in REFUSED if key in ("closure", "record")}
OF_THE_MODULE |= {"c = other(tau=x, u=u, n=n)"}


def bundle_of(source):
    """The module as a bundle, its lines where they were."""
    lines = source.splitlines()
    plain = lines.index("def plain(x):")
    lines[plain] = lines[plain + 1] = ""
    bundled = []
    for line in lines:
        no_part = line.startswith(("import ", "from ", "copied", "renamed", "other"))
        bundled.append("" if no_part else "K = 2.5" if line.startswith("K, N") else line)
    return "\n".join(bundled) + "\n"


@each("snippet", [snippet for _, snippet in REFUSED if snippet not in OF_THE_MODULE])
def test_what_the_checker_in_python_refuses_is_refused_at_the_same_place(define, snippet):
    source, _ = source_of(snippet)
    with pytest.raises(PortableError) as expected:
        define(source)
    with pytest.raises(JavaScriptError) as found:
        compile_text(bundle_of(source))
    assert (found.value.message, found.value.line) == (expected.value.msg, expected.value.lineno)


MUTATIONS = [
    (r"\bfloat\(", "int("),
    (r" \+ ", " // "),
    (r" \* ", " % "),
    (r" \* ", " @ "),
    (r" < ", " is "),
    (r"range\(", "enumerate("),
    (r"\b0\.0\b", "0"),
    (r"\b1\.0\b", "1"),
    (r"\bif ", "if not not u and "),
    (r"\*\* 2", "** 2.0"),
    (r" == ", " in "),
    (r"return ", "return [1], "),
    (r" = ", ": float = "),
    (r" = ", " = undefined_anywhere + "),
    (r"\bfor ", "async for "),
    (r"zeros\(", "zeros(0.5 + "),
    (r"\[(\w+)\]", r"[-\1]"),
    (r"\[(\w+)\]", r"[\1:]"),
    (r"\blen\((\w+)\)", r"\1.size"),
    (r"\+=", "//="),
    (r"\)$", ", 1)"),
    (r"^(\s+)(\w+) = ", r"\1\2, lost = "),
    (r"^    (\S)", r"    print(1)\n    \1"),
    (r"\.([a-z]\w*)\b", r".\1_lost"),
    (r"\b(\w+)=", ""),
    (r"\b(\w+)=", "lost="),
    (r"(\w+=[\w.]+),", r"\1, \1,"),
    (r", \w+=[\w.]+\)", ")"),
    (r"\b(\w+)\.(\w+)\b", r"\1[0]"),
]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_mutants_are_refused_alike(define, name):
    """Each place of a real function is spoilt in each way; both checkers say the same of it."""
    *others, own = re.split(r"\n\n+", FUNCTIONS[name].source.rstrip())
    head = "\n\n".join(others) + "\n\n" if others else ""
    mutants = sorted(
        {
            own[: m.start()] + m.expand(after) + own[m.end() :]
            for before, after in MUTATIONS
            for m in re.finditer(before, own, flags=re.MULTILINE)
            if m.start() > own.index("\n")
        }
    )
    for mutant in random.Random(name).sample(mutants, min(len(mutants), examples(5))):
        expected, found = verdict_of_python(define, head, mutant), verdict_of_page(head + mutant)
        if expected == "no Python":  # which CPython sees before or after its checker
            assert found != "allowed", mutant
        else:
            assert found == expected, mutant


def verdict_of_python(define, head, mutant):
    lines = "from math import *\nfrom typing import NamedTuple\n"
    lines += "from neuro_lib.portable import Array, portable, zeros\n" + head
    lines = re.sub(r"^def ", "@portable\ndef ", lines, flags=re.MULTILINE) + "@portable\n"
    try:
        define(lines + mutant + "\n")
    except PortableError as refused:
        return refused.msg, refused.lineno - lines.count("\n") + head.count("\n")
    except SyntaxError:
        return "no Python"
    return "allowed"


def verdict_of_page(text):
    try:
        compile_text(text)
    except JavaScriptError as refused:
        assert refused.name == "PortableError"
        return (refused.message, refused.line) if refused.key else "no Python"
    return "allowed"


# What is compiled


def test_parameters_and_results_are_known():
    text = "def f(x: float, n: int, b: bool, u: Array):\n    return x, (n), b, u\n"
    found = compile_text(text)
    assert found["parameters"] == [["x", "float"], ["n", "int"], ["b", "bool"], ["u", "Array"]]
    assert found["returns"] == ["float", "int", "bool", "Array"]
    assert compile_text("def f(x: float):\n    pass\n").get("returns") is None


def test_the_function_that_is_wanted_is_named():
    text = "def f(x: float):\n    return x\n\ndef g(x: float):\n    return 2.0 * f(x)\n"
    assert in_v8(f"String(compiled({json.dumps(text)}, 'f')(3))") == 3
    assert in_v8(f"String(compiled({json.dumps(text)})(3))") == 6
    with pytest.raises(JavaScriptError, match="there is no function h"):
        in_v8(f"compiled({json.dumps(text)}, 'h')")


@portable
def endless(x: float, u: Array):
    while True:
        for k in range(len(u)):
            u[k] += x


def test_a_run_ends_with_its_budget():
    text = json.dumps(endless.source)
    run = f"runnable((0, eval)(compilePortable({text}).javascript), 50)"
    for u in ("new Float64Array(3)", "[]"):
        with pytest.raises(JavaScriptError, match="did not come to an end in 50 ms") as stopped:
            in_v8(f"{run}(1, {u})")
        assert stopped.value.name == "TimeoutError"
        own = endless.source.splitlines()[stopped.value.line - 1]
        assert own in ("    while True:", "        for k in range(len(u)):")


def test_an_array_is_no_longer_than_memory():
    text = json.dumps("def f(n: int):\n    return zeros(n)\n")
    with pytest.raises(JavaScriptError, match="an array cannot have 1000000000 elements"):
        in_v8(f"compiled({text})(1000000000)")


KEPT = """
def ones(n: int):
    u = zeros(n)
    for k in range(n):
        u[k] = 1.0
    return u

def f(n: int, x: float):
    mine = ones(n)
    other = ones(n)
    mine[0] += x
    return mine[0] + other[0] + len(other)
"""


def test_an_array_that_is_kept_is_its_callers_own_and_of_the_numbers_asked_for():
    assert "ones$=$kept(" in compile_text(KEPT)["javascript"]  # which computes it once
    calls = "JSON.stringify([f(2, 5), f(2, 5), f(3, 5), f(2, 6)])"
    assert in_v8(f"(f => {calls})(compiled({json.dumps(KEPT)}))") == [9, 9, 10, 10]


COUNTED = """
class Part(NamedTuple):
    begin: int
    end: int

def f(x: float):
    part = Part(begin=floor(-x), end=floor(x))
    count = 0
    for k in range(part.begin, part.end):
        count += 1
    return count
"""


def test_an_int_of_a_record_is_of_32_bits_or_refused():
    f = f"compiled({json.dumps(COUNTED)})"
    assert in_v8(f"String({f}(7.5))") == 15
    with pytest.raises(JavaScriptError, match="a record holds no int as large as -3000000000"):
        in_v8(f"{f}(3e9)")


WORDS = """
use strict let const function return if else while for break continue true false new Math Infinity
PI Float64Array Date now length floor abs exp expm1 log log1p sqrt sin cos atan cosh tanh
a b x u k n line what undefined
make made of values some slice
"""


def assert_ours(text):
    """Assert that every name in some JavaScript is of the compiler's own making."""
    text = re.sub(r'"[^"]*"', "", text)
    names = re.findall(r"\d[\d.]*(?:e[+-]?\d+)?|([A-Za-z_$][\w$]*)", text)
    assert {name for name in names if "$" not in name} <= {"", *WORDS.split()}


@each("name", sorted(FUNCTIONS))
def test_compiled_code_names_nothing_foreign(name):
    assert_ours(compile_text(FUNCTIONS[name].source)["javascript"])


def test_compiled_code_leaves_no_name_behind():
    context = MiniRacer()
    known = "JSON.stringify(Object.getOwnPropertyNames(globalThis))"
    before = context.eval(known)
    javascript = compile_text(endless.source)["javascript"]
    assert context.eval(f"typeof {javascript}") == "function"
    assert context.eval(known) == before


PIECES = [
    *"()[]{}:,.;=+-*/%@~^&|<>!?$#`\\\"'\n\t \0é→𝕏",
    "def ",
    "return ",
    "    ",
    "\n    ",
    "f(",
    "x",
    "if ",
    "else:",
    "while ",
    "for k in range(",
    "lambda",
    "__proto__",
    "constructor",
    "toString",
    "eval",
    "alert(1)",
    "globalThis",
    "this",
    "*/",
    "//",
    "`${x}`",
    "</script>",
    "<!--",
    "\u2028",
    "1e999",
    "0x",
    "9" * 30,
    "u[",
    "not ",
    "in ",
    "is ",
    "'''",
    '"""',
    "float",
    ": float",
    "True",
    "None",
    "...",
    "import os",
    "class A:",
    "@portable\n",
    "K = ",
    "-> ",
    "class A(NamedTuple):\n    x: float\n\n",
    "class __proto__(NamedTuple):\n    constructor: float\n",
    "A(x=",
    "__proto__(constructor=",
    ".constructor",
    ".__proto__",
    ".x",
    "and ",
    "**",
    "\r\n",
    "hasOwnProperty(",
]


def hostile(generator, sources):
    """A text that means harm: pieces thrown together, or a real function with pieces in it."""
    if generator.random() < 0.3:
        return "".join(generator.choices(PIECES, k=generator.randrange(1, 40)))
    text = generator.choice(sources)
    for _ in range(generator.randrange(5)):  # now and then as it is, which has to pass
        start = generator.randrange(len(text) + 1)
        end = min(len(text), start + generator.choice([0, 0, 1, 2, 10]))
        text = text[:start] + generator.choice(PIECES) + text[end:]
    return text


def test_hostile_text_does_no_harm():
    generator = random.Random(5)
    sources = sorted((f.source for f in FUNCTIONS.values()), key=len)[:80]
    passed = 0
    for _ in range(examples(5000)):
        text = hostile(generator, sources)
        try:
            found = compile_text(text)
        except JavaScriptError as refused:
            assert refused.name == "PortableError", text
            assert 1 <= refused.line <= text.count("\n") + text.count("\r") + 1, text
            assert "undefined" not in refused.message, text
            continue
        passed += 1
        assert_ours(found["javascript"])
        in_v8(f"String(({found['javascript']}) ? 1 : 0)")  # it is an expression, and well-formed
    assert passed  # not everything is refused


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "f(" * 10_000,
        "-" * 100_000,
        "not " * 50_000,
        "x" + "[0]" * 50_000,
        "x" + "**x" * 50_000,
        "x" + "+x" * 200_000,
        "x" + " if x else x" * 20_000,
        "x" + " and x" * 100_000,
        "x" + ".x" * 100_000,
        "x" + " < x" * 100_000,
        "x" + ", x" * 100_000,
        "abs(" * 150 + "x" + ")" * 150,
        "x" * 1_000_000,
    ],
)
def test_no_text_is_too_long_or_too_deep(text):
    verdict_of_page(f"def f(x: float):\n    y = {text}\n    return x\n")
    verdict_of_page(text)


def test_no_block_is_too_deep():
    deep = "".join("    " * (k + 1) + "if x > 0.0:\n" for k in range(3000))
    assert verdict_of_page(f"def f(x: float):\n{deep}")
    chain = "    if x > 0.0:\n        pass\n" + "    elif x > 1.0:\n        pass\n" * 20_000
    assert verdict_of_page(f"def f(x: float):\n{chain}") == "no Python"
    many = "    x = x + 1.0\n" * 50_000
    assert verdict_of_page(f"def f(x: float):\n{many}    return x\n") == "allowed"


def test_the_compiler_is_small_and_fit_for_a_page():
    text = compiler()
    assert len(text.encode()) < 48_000
    assert "</script" not in text and "<!--" not in text and "export " not in text
    assert not re.search(r"^\s|\s$", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "line, key",
    [("return x % 3.0", "Mod"), ("return x[0]", "index"), ("return y", "unknown")],
)
def test_a_page_without_the_reasons_still_tells_what_is_refused_and_where(line, key):
    page = MiniRacer()
    page.eval(f"{compiler(checked=True)};0")
    text = json.dumps(f"def f(x: float):\n    {line}\n")
    message, at = json.loads(
        page.eval(
            f"(() => {{ try {{ compilePortable({text}, 'f') }} catch (error) {{"
            f"return JSON.stringify([error.message, told(error, {text})]) }} }})()"
        )
    )
    assert message.startswith(f"{key} is refused: it is not known to agree")
    assert at == f"Line 2, `{line}`: {message}"


def test_compact_leaves_the_program_as_it_is():
    text = "/** @type {number} */\nconst a = 1; // one\n\n  // two\n"
    text += "  const b = /** @type {any} */ ('//') ;\n  return a + +b - - `x ${a + 1}  y` / 2;"
    assert compact(text) == "const a=1;const b=('//');return a+ +b- -`x ${a + 1}  y`/2;"
    regex = 'const c = d.split( /[/ "]+/g ) ;\nelse if (e / f / g) h ++;'
    assert compact(regex) == 'const c=d.split(/[/ "]+/g);else if(e/f/g)h++;'


@each("name", sorted(FUNCTIONS))
def test_no_function_takes_more_than_eight_arguments(name):
    """A scene's takes its sliders, whose names the scene checks."""
    is_scene = (
        name.startswith("neuro_lib.explorers.scenes.") and FUNCTIONS[name].returns == "Outcome"
    )
    assert is_scene or len(FUNCTIONS[name].parameters) <= 8


# Arrays in which a number that stands in the text is a place in a row, and no name. The first
# element alone is that of a series, or of all there are.
PLACES = {
    "neuro_lib.explorers.scenes.filter_pulse.filter_pulse": "corners of a line, from left to right",
    "neuro_lib.explorers.scenes.pieces.both": "a row of two is made here",
    "neuro_lib.models.adex.climb": "the linear term of a series",
    "neuro_lib.models.hodgkin_huxley.crossing": "powers of a polynomial",
    "neuro_lib.models.series.rising_root": "the linear term of a polynomial",
}


def counted_out(name):
    """Whether a function has a number for an index, beyond the first element."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(FUNCTIONS[name].__wrapped__)))
    indices = [node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    return any(isinstance(index, ast.Constant) and index.value for index in indices)


def test_no_index_stands_for_a_name():
    assert {name for name in FUNCTIONS if counted_out(name)} == PLACES.keys()


def test_short_names_leave_the_program_as_it_is():
    text = """
    const amount = 2, ab = 1;
    const label = (given) => `${amount} of ${{ given }.given + amount} given amount`;
    class Kept { #inside = 1; static held = amount; get whole() { return this.#inside; } }
    let total = 0;
    for (const step of [1, 2]) total += step * Kept.held;
    return { total, label: label(3), said: "total amount", aa: [ab, new Kept().whole] };
    """
    program = f"(() => {{{text}}})()"
    short = shortened(compact(program))
    assert len(short) < len(compact(program)) - 20
    assert in_v8(f"JSON.stringify({short})") == in_v8(f"JSON.stringify({program})")
    assert shortened("(()=>{const window=1;return{window}})()") == (
        "(()=>{const window=1;return{window}})()"
    )
