"""One source, three engines: what is allowed agrees in all of them, and the rest is refused."""

import copy
import doctest
import inspect
import json
import linecache
import math
import os
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from math import atan, cos, cosh, exp, expm1, floor, inf, log, log1p, pi, sin, sqrt, tanh
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from neuro_lib.portable import (
    Array,
    PortableError,
    _execute_once,
    check,
    compiled,
    portable,
    zeros,
)
from tests.cases import each
from tests.engines import (
    JavaScriptError,
    assert_engines_agree,
    call_browser,
    call_javascript,
    call_native,
    call_python,
    in_v8,
    pyodide,
    run_js,
)
from tests.portable.programs import PROGRAM, blocks
from tests.portable.refused import APART, REFUSED, source_of

floats = st.floats(-1e3, 1e3)
counts = st.integers(-20, 20)
arrays = st.lists(floats, min_size=3, max_size=8).map(np.array)


@each("key, snippet", REFUSED)
def test_refusal_names_line_reason_and_remedy(define, key, snippet):
    source, line = source_of(snippet)
    marked = [k for k, text in enumerate(source.splitlines(), start=1) if "#!" in text]
    line = marked[0] if marked else line
    with pytest.raises(PortableError) as caught:
        define(source)
    what, rest = check.REFUSALS[key].split(": ", 1)
    pattern = re.sub(r"\\{\\}", ".+", re.escape(f"{what} is refused: {rest}"))
    assert re.fullmatch(pattern, caught.value.msg)
    assert caught.value.lineno == line
    assert caught.value.text.rstrip() == source.splitlines()[line - 1]
    assert caught.value.filename.endswith(".py")


def test_every_refusal_is_tested():
    tested = {check.REFUSALS[key] for key, _ in REFUSED}
    assert tested == {text for key, text in check.REFUSALS.items() if key not in APART}


@each("key, text", check.REFUSALS.items())
def test_refusal_says_what_why_and_what_instead(key, text):
    assert re.fullmatch(r"[^:]+(:=)?[^:]*: [^;]+; .+", text), key


def test_refused_expression_is_underlined(define):
    source, _ = source_of("y = x + (x // 2.0)")
    with pytest.raises(PortableError) as caught:
        define(source)
    error = caught.value
    assert error.text[error.offset - 1 : error.end_offset - 1] == "x // 2.0"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="all statements of 3.11 are known")
def test_syntax_of_the_future_is_refused(define):
    with pytest.raises(PortableError, match="TypeAlias is refused"):
        define(source_of("type y = int")[0])


def test_function_without_source_is_refused():
    names = {"portable": portable}
    code = "@portable\ndef f(x: float):\n    return x\n"
    with pytest.raises(PortableError, match=r"f is refused: it has no source.* not through exec"):
        exec(compile(code, "<nowhere>", "exec"), names)


# What is allowed, and agrees. Each function is defined here as any module would define it.

TAU, START, LIMIT = 10.0, 2, -3


@portable
def arithmetic(x: float, y: float, n: int):
    a = x + y * 2.0 - x / 3.0 - (y - 1.0) - (-x)
    b = -(x**2) + (-x) ** 3 - 2.0 * (x - y) ** 4 / 7.0
    c = x * n + n - n / 3 + 7 / 2 - y
    d = -(x + y) * -(-(-y)) - (x - (y - (x - 1e-3)))  # noqa: B002
    return a, b, c, d, x / 2 / 2, x / (2 / 2), 1e300 * 1e-300, 5e-324, 1.7976931348623157e308


@given(floats, floats, counts)
def test_arithmetic(x, y, n):
    assert_engines_agree(arithmetic, x, y, n)


@portable
def powers(x: float):
    return x**2, x**3, x**4, x**5, x**6, x**7, x**8, x**9, ((x - 1.0) ** 3 + x**2) ** 3


@given(floats)
def test_powers(x):
    assert_engines_agree(powers, x)


@portable
def functions(x: float, n: int):
    p = abs(x) + 0.1
    return (
        exp(x / 100.0),
        expm1(x / 1e3),
        log(p),
        log1p(p),
        sqrt(p),
        sin(x),
        cos(x),
        atan(x),
        cosh(x / 100.0),
        tanh(x),
        pi * x,
        exp(n),
        sqrt(abs(n)),
        log1p(abs(n)),
        float(n),
        float(x),
    )


@given(floats, counts)
def test_functions_of_math(x, n):
    assert_engines_agree(functions, x, n)


@portable
def whole(x: float, n: int, m: int):
    k = floor(x) + n
    k -= 3
    return k, 0 - k, k + m - 1, abs(n), min(n, m), max(n, m, 0), abs(k) + 1, floor(-0.5) + 1


@given(floats, counts, counts)
def test_integers_stay_integers(x, n, m):
    assert_engines_agree(whole, x, n, m)


@portable
def minus_zero(x: float):
    return floor(x)


@pytest.mark.parametrize("x", [-0.0, 0.0, -0.5, 0.5])
def test_floor_gives_no_minus_zero(x):
    """It would show as "-0" on the page."""
    run = f"compiled({json.dumps(minus_zero.source)}, 'minus_zero')"
    assert in_v8(f"String(Object.is({run}({x!r}), {floor(x)}))")


@portable
def extremes(x: float, y: float, z: float):
    return min(x, y), max(x, y), min(x, y, z), max(z, y, x), min(x + y, max(y, z)), abs(x)


anything = st.sampled_from([math.nan, 0.0, -0.0, inf, -inf, 1.0, -1.0])


@given(anything, anything, anything)
def test_min_and_max_are_those_of_python_even_for_nan(x, y, z):
    """JavaScript's own give NaN where Python's give a number, which would hide the NaN."""
    assert_engines_agree(extremes, x, y, z)


@portable
def logic(x: float, y: float, n: int, p: bool, q: bool):
    a = x < y and not p or q  # noqa: RUF021
    b = (p or q) and not (x >= y or n == 3)
    c = (x > y) == p
    d = (p if q else x != y) and n <= 2
    e = not p == q  # noqa: SIM201
    return a, b, c, d, e, p != q, not (not a), True, False  # noqa: SIM208


@given(
    st.sampled_from([0.0, 1.0]),
    st.sampled_from([0.0, 1.0]),
    st.integers(1, 4),
    st.booleans(),
    st.booleans(),
)
def test_logic(x, y, n, p, q):
    assert_engines_agree(logic, x, y, n, p, q)


@portable
def choices(x: float, n: int, p: bool):
    y = x if p else -x
    z = 1.0 + (y if n > 0 else 2.0 * y) * 2.0
    w = (1.0 if x > 1.0 else 2.0 if x > 0.0 else 3.0) - (0.5 if p else 0.25)
    if n > 10:
        k = 1
    elif n > 0 and p:
        k = 2
    elif n > -10:
        if p:
            k = 3
        else:
            k = 4
    else:
        return y, z, w, -1
    return y, z, w, k


@given(floats, counts, st.booleans())
def test_choices(x, n, p):
    assert_engines_agree(choices, x, n, p)


@portable
def ranges(n: int, m: int, u: Array):
    steps = 0
    total = 0
    for k in range(n):
        total += k
        steps += 1
    for k in range(n, m):
        total += k
        steps += 2
    for k in range(m, LIMIT, -2):
        total -= k
        steps += 3
    for _ in range(START, n + 1, 3):
        for j in range(len(u) - 1, -1, -1):
            u[j] += j
            steps += j + 1
    last = -1
    for k in range(len(u)):
        if u[k] > 1.0:
            continue
        if k > 2:
            break
        last = k
    return total, steps, last


@given(counts, counts, arrays)
def test_ranges(n, m, u):
    assert_engines_agree(ranges, n, m, u)


@portable
def early_return(u: Array, x: float):
    for k in range(len(u)):
        for j in range(k):
            if u[k] + u[j] > x:
                return k, j
    return -1, -1


@given(arrays, floats)
def test_return_leaves_nested_loops(u, x):
    assert_engines_agree(early_return, u, x)


@portable
def whiles(x: float, n: int):
    count = 0
    while abs(x) > 1.0 and count < n:
        x /= 2.0
        count += 1
        if count == 7:
            break
    while True:
        count += 1
        if count < 5:
            continue
        if count > n:
            return x, count
        x += 0.5


@given(floats, counts)
def test_while(x, n):
    assert_engines_agree(whiles, x, n)


@portable
def bound_before_loop(x: float):
    n = floor(abs(x) / 100.0)
    count = 0
    for k in range(n):
        count += k
    n = 0
    return count, n


@given(floats)
def test_bound_may_change_after_the_loop(x):
    assert_engines_agree(bound_before_loop, x)


@portable
def flow(x: float, n: int):
    total = 0.0
    for k in range(n):
        if k == 2:
            continue
        elif k > 8:
            break
        else:
            y = x + k
        total += y
    return total


@given(floats, counts)
def test_a_branch_that_leaves_needs_no_value(x, n):
    assert_engines_agree(flow, x, n)


@portable
def in_place(u: Array, v: Array, x: float):
    w = zeros(len(u))
    w[0] = 1
    for k in range(1, len(u)):
        w[k] = w[k - 1] * 0.5 + u[k]
    u[0] += x
    u[1] -= x
    u[1] *= 2
    u[2] /= 3
    u[1], u[2] = u[2], u[1]
    alias = v
    alias[0] = u[0]
    v, w = w, v
    w[1] = 7.0
    return v, w, len(w) + len(v)


@given(arrays, arrays, floats)
def test_arrays_change_in_place(u, v, x):
    assume(len(v) >= 2)
    _, (u_after, v_after) = assert_engines_agree(in_place, u, v, x)
    assert u_after[0] == u[0] + x and v_after[0] == u_after[0] and v_after[1] == 7.0


@portable
def swap(x: float, y: float):
    return y, x


@portable
def fill(u: Array, x: float):
    for k in range(len(u)):
        u[k] = x
        x = x / 2.0


@portable
def nested(x: float, y: float, u: Array):
    a, b = swap(x, y)
    a, b = b, a - b
    fill(u, a)
    u[0], u[1] = swap(u[1], b)
    return swap(a, b), u[2], swap(y, x) if x > y else swap(x, y)


@given(floats, floats, arrays)
def test_portable_functions_call_each_other(x, y, u):
    assert_engines_agree(nested, x, y, u)


@portable
def infinite(x: float):
    last = -inf
    if x > last and x < inf:
        last = x
    return last


@given(st.sampled_from([1.0, inf, -inf, math.nan]))
def test_infinity(x):
    assert_engines_agree(infinite, x)


@portable
def idle(u: Array) -> None:
    """Do nothing."""


@portable
def var(function: float, eval: float, I: float, __proto__: float):
    sum = function
    new = eval + sum
    window, _ = I, __proto__
    while_, this, constructor = window + new * _, 1, True
    return while_, this, constructor


def test_words_of_javascript_and_of_browsers_are_names_like_any_other():
    assert assert_engines_agree(var, 1.0, 2.0, 3.0, 4.0)[0] == (15.0, 1, True)
    assert assert_engines_agree(idle, np.ones(3))[0] is None


@portable
def hiding(LIMIT: int, x: float):
    TAU = x + LIMIT
    for START in range(LIMIT):
        TAU -= START
    powers = TAU
    return powers


def test_a_local_may_have_the_name_of_something_outside():
    assert assert_engines_agree(hiding, 3, 1.0)[0] == 1.0


@portable
def counted(n: int, m: int, u: Array):
    last = 9
    for last in range(n):  # a bound and a counter are the loop's own
        n -= 1
        last += 2
    for m in range(3):  # noqa: B007
        pass
    sum = 0
    for k in range(floor(u[0])):
        u[0] += 1.0
        for k in range(2):
            u[0] += k
        sum += 10
    for j in range(4 if n > 0 else 3):
        j += 1
        if j > 2:
            sum += 1
    return last, n, m, sum, -n, -(-m)  # noqa: B002


@given(st.integers(0, 9), counts, st.floats(0, 5))
def test_bounds_and_counters_may_be_assigned_as_in_python(n, m, x):
    assert_engines_agree(counted, n, m, np.array([x]))


@portable
def raised(x: float, u: Array):
    x **= 2
    u[1] **= 3
    return x


@given(floats, arrays)
def test_powers_in_place(x, u):
    assert_engines_agree(raised, x, u)


# Programs at random: whatever the checker lets pass must agree to the last bit.


def check_program(define, lines, a, b, native):
    f = define(PROGRAM.format("\n    ".join(lines))).f
    u = np.array([a, b, 0.25, -3.0])
    try:
        f.python(a, b, 2, True, u.copy())
    except (ZeroDivisionError, OverflowError, ValueError):  # documented: JavaScript goes on
        assume(False)
    assert_engines_agree(f, a, b, 2, True, u, rel=0.0, native=native)


@settings(max_examples=150)
@given(blocks(2), floats, floats)
def test_random_programs_agree_in_javascript(define, lines, a, b):
    check_program(define, lines, a, b, native=False)


@settings(max_examples=6)
@given(blocks(2), floats, floats)
def test_random_programs_agree_in_numba(define, lines, a, b):
    check_program(define, lines, a, b, native=True)


# The bundle and its translation

BUNDLE = f"""
SCALE = 0.5
COUNT = 3

# {__name__}

def scaled(x: float):
    return x * SCALE

def doubled(x: float) -> float:
    return scaled(x) * 4.0

def bundled(x: float, n: int) -> float:
    total = 0.0
    for _ in range(COUNT):
        total += doubled(x) + scaled(x) + sqrt(abs(x))
    return total
"""

SCALE, COUNT = np.float64(0.5), np.int64(3)


@portable
def scaled(x: float):
    """A docstring."""
    return x * SCALE


@portable
def doubled(x: float) -> float:
    # A comment.
    return scaled(x) * 4.0


@portable
def bundled(x: float, n: int) -> float:
    """Add up."""
    total = 0.0
    for _ in range(COUNT):
        total += doubled(x) + scaled(x) + sqrt(abs(x))
    return total


def test_bundle_holds_constants_then_functions_in_order_of_need():
    definitions = re.split(r"\n\n+", BUNDLE.strip())
    found = re.split(r"\n\n+", bundled.source.strip())
    assert sorted(found[0].splitlines()) == sorted(definitions[0].splitlines())
    assert found[1:] == definitions[1:]


def test_bundle_runs_on_its_own():
    names = {"sqrt": sqrt}
    exec(bundled.source, names)
    assert names["bundled"](2.0, 1) == bundled(2.0, 1) == 3 * (4.0 + 1.0 + sqrt(2.0))


ONE = """
from neuro_lib.portable import compiled, portable
{0}
@portable
def {1}(x: float):
    return {2}
"""


def test_two_functions_of_one_name_are_refused(define):
    one, two = define(ONE.format("", "f", "x")), define(ONE.format("", "f", "x"))
    g = define(ONE.format(f"from {one.__name__} import f", "g", "f(x)"))
    imports = f"from {two.__name__} import f\nfrom {g.__name__} import g"
    with pytest.raises(PortableError, match=r"h is refused: it needs two .* called f; rename one"):
        define(ONE.format(imports, "h", "f(x) + g(x)"))
    h = define(ONE.format(imports.replace(two.__name__, one.__name__), "h", "f(x) + g(x)")).h
    assert h.source.count("def f(") == 1


def test_two_values_of_one_constant_are_refused(define):
    g = define(ONE.format("K = 1.0", "g", "x + K"))
    imports = f"from {g.__name__} import g\nK = "
    with pytest.raises(PortableError, match=r"h is refused: it needs two .* called K"):
        define(ONE.format(imports + "1.5", "h", "K + g(x)"))
    assert define(ONE.format(imports + "1.0", "h", "K + g(x)")).h.python(1.0) == 3.0


@portable
def divide(x: float, y: float):
    return x / y


def test_division_by_zero_raises_in_every_engine():
    for call in (call_python, call_native, call_browser):
        with pytest.raises(ZeroDivisionError):
            call(divide, 1.0, 0.0)
    with pytest.raises(JavaScriptError, match="division by zero") as stopped:
        call_javascript(divide, 1.0, 0.0)
    assert divide.source.splitlines()[stopped.value.line - 1] == "    return x / y"


@portable
def undefined(which: int, x: float, u: Array):
    if which == 0:
        return log(x)
    if which == 1:
        return sqrt(x)
    if which == 2:
        return log1p(x)
    if which == 3:
        return float(floor(x))
    if which == 4:
        return u[floor(x)]
    u[floor(x)] = 1.0
    return 0.0


@pytest.mark.parametrize("call", [call_python, call_browser])
@pytest.mark.parametrize(
    ("which", "x", "error"),
    [
        (0, 0.0, ValueError),
        (0, -1.0, ValueError),
        (1, -1.0, ValueError),
        (2, -1.0, ValueError),
        (3, math.nan, ValueError),
        (4, 3.0, IndexError),
        (5, 3.0, IndexError),
        (5, 9.0, IndexError),
    ],
)
def test_what_does_not_exist_raises_in_python_and_in_a_browser(call, which, x, error):
    with pytest.raises(error):
        call(undefined, which, x, np.ones(3))


@portable
def element(u: Array, k: int):
    return u[k] / u[0]


@portable
def divide_by_new(n: int):
    u = zeros(n)
    return 1.0 / u[0]


@pytest.mark.parametrize("call", [call_python, call_native])
def test_new_arrays_divide_alike(call):
    with pytest.raises(ZeroDivisionError):
        call(divide_by_new, 1)


def test_python_stops_at_an_index_out_of_range():
    with pytest.raises(IndexError):
        element.python(np.ones(3), 3)


def test_python_divides_elements_as_numba_does():
    """NumPy's own floats would warn and give inf."""
    for call in (call_python, call_native):
        with pytest.raises(ZeroDivisionError):
            call(element, np.zeros(3), 1)


def test_traceback_of_python_shows_the_line():
    with pytest.raises(IndexError) as caught:
        element.python(np.ones(3), 3)
    assert str(caught.traceback[-1].statement).strip() == "return u[k] / u[0]"


# Calls


@portable
def kinds(x: float, n: int, p: bool, u: Array) -> tuple[float, int, bool, Array]:
    """Give back what came in."""
    return x, n, p, u


@pytest.mark.parametrize("engine", [kinds, kinds.python])
def test_numbers_are_converted_and_arrays_are_not(engine):
    u = np.ones(2)
    found = engine(3, np.int64(4), np.bool_(True), u)
    assert [type(value) for value in found] == [float, int, bool, np.ndarray]
    assert found[:3] == (3.0, 4, True)
    found[3][0] = 5.0
    assert u[0] == 5.0
    assert engine(u=u, p=False, n=1, x=np.float32(0.5))[:3] == (0.5, 1, False)


@each("engine", [kinds, kinds.python])
@each(
    "name, value, error",
    [
        ("x", "3", TypeError),
        ("x", True, TypeError),
        ("x", np.ones(1), TypeError),
        ("n", 2.0, TypeError),
        ("n", True, TypeError),
        ("n", 2**31 + 1, ValueError),
        ("p", 1, TypeError),
        ("u", [1.0, 2.0], TypeError),
        ("u", np.ones((2, 2)), TypeError),
        ("u", np.ones(2, dtype=np.float32), TypeError),
        ("u", np.ones(2, dtype=int), TypeError),
        ("u", np.ones(2).astype(">f8"), TypeError),
    ],
)
def test_an_argument_of_another_kind_is_named(engine, name, value, error):
    arguments = {"x": 1.0, "n": 1, "p": True, "u": np.ones(2)} | {name: value}
    with pytest.raises(error, match=f"^{name} must be"):
        engine(**arguments)


def test_arguments_are_counted():
    with pytest.raises(TypeError, match="missing a required argument: 'y'"):
        divide(1.0)
    with pytest.raises(TypeError, match="too many positional arguments"):
        divide(1.0, 2.0, 3.0)


@portable
def total(u: Array):
    x = 0.0
    for k in range(len(u)):
        x += u[k]
    return x


@pytest.mark.parametrize("engine", [total, total.python])
def test_arrays_may_be_read_only_strided_or_empty(engine):
    u = np.arange(6.0)
    u.flags.writeable = False
    assert engine(u) == 15.0
    assert engine(u[::2]) == 6.0
    assert engine(u[::-1]) == 15.0
    assert engine(np.zeros(0)) == 0.0


def test_portable_looks_like_its_function():
    assert kinds.__name__ == "kinds" and kinds.__module__ == __name__
    assert kinds.__doc__ == "Give back what came in."
    assert list(inspect.signature(kinds).parameters) == ["x", "n", "p", "u"]
    assert "return x, n, p, u" in inspect.getsource(kinds)
    assert repr(kinds) == f"<portable {__name__}.kinds>"
    assert kinds.parameters == {"x": "float", "n": "int", "p": "bool", "u": "Array"}
    assert kinds.returns == ("float", "int", "bool", "Array")


def test_portable_is_pickled_and_copied_by_name():
    assert pickle.loads(pickle.dumps(kinds)) is kinds
    assert copy.deepcopy(kinds) is kinds


def test_examples_in_docstrings_are_found(define):
    documented = define(
        ONE.format("", "f", "x").replace(
            "return", '"""Go.\n\n    >>> f(1)\n    1.0\n    """\n    return'
        )
    )
    (found,) = doctest.DocTestFinder(exclude_empty=True).find(documented)
    assert found.name.endswith(".f") and len(found.examples) == 1


def notebook_cell(source, names):
    """Run a cell as IPython does: its source is known to linecache alone."""
    path = f"<cell {hash(source)}>"
    linecache.cache[path] = len(source), None, source.splitlines(keepends=True), path
    exec(compile(source, path, "exec"), names)


def test_notebook_cells_define_portable_functions():
    names = {"__name__": "__main__", "portable": portable}
    notebook_cell("x = 5.0", names)
    notebook_cell("@portable\ndef f(x: float):\n    return x + 1.0\n", names)
    cell = "@portable\ndef g(x: float):\n    return f(x) * 2.0\n"
    notebook_cell(cell, names)
    assert names["g"](1.0) == 4.0
    notebook_cell("@portable\ndef f(x: float):\n    return x + 2.0\n", names)
    notebook_cell(cell, names)
    assert names["g"](1.0) == 6.0
    assert_engines_agree(names["g"], 1.0)
    for cell in (
        "@portable\ndef f(x: float):\n    return f(x)\n",
        "@portable\ndef h(f: float):\n    return f(f)\n",
    ):
        with pytest.raises(PortableError, match="calling f is refused"):
            notebook_cell(cell, names)


# Numba: late, optional, and cached under the name of the content


def python(code, *, path, cache):
    """Run code in a fresh process; return what it prints."""
    root = Path(check.__file__).parents[2]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(path), str(root)]),
        "XDG_CACHE_HOME": str(cache),
        "PYTHONDONTWRITEBYTECODE": "1",  # a file is written anew within the second
    }
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def output(process):
    text, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return text.strip()


def test_compilers_are_imported_late(tmp_path):
    (tmp_path / "late.py").write_text(ONE.format("", "f", "2.0 * x"))
    code = """
import sys, late
assert "numba" not in sys.modules
assert late.f.python(1) == 2.0 and late.f.source and "numba" not in sys.modules
assert late.f(1) == 2.0 and "numba" not in sys.modules
assert late.f.native(1.0) == 2.0 and "numba" in sys.modules
"""
    output(python(code, path=tmp_path, cache=tmp_path))


HEAD = "from math import exp\nfrom neuro_lib.portable import Array, portable\n\n\n"


@pytest.fixture
def impatient(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # nothing was compiled before
    monkeypatch.setattr("neuro_lib.portable.PATIENCE", 10_000)
    monkeypatch.setattr("neuro_lib.portable.HURRY", 1_000)


def test_little_work_is_done_in_cpython_and_much_work_by_numba_from_the_beginning(
    define, impatient
):
    f = define(
        HEAD + "@portable\ndef f(u: Array, n: int):\n"
        "    for k in range(len(u)):\n        u[k] += 1.0\n"
        "    done = 0\n    while done < n:\n        done += 1\n    return done\n"
    ).f
    u = np.zeros(3)
    assert f(u, 1000) == 1000
    assert "native" not in vars(f) and u.tolist() == [1.0] * 3
    assert f(u, 10_000) == 10_000
    assert "native" in vars(f) and u.tolist() == [2.0] * 3  # not added twice


def test_many_small_calls_are_much_work_and_fewer_where_the_code_is_kept(define, impatient):
    source = (
        HEAD + "@portable\ndef f(n: int):\n    s = 0\n    for k in range(n):\n        s += k\n"
        "    return s\n"
    )
    for rounds in (500, 50):
        f = define(source).f
        for name in [name for name in sys.modules if name.startswith("neuro_lib.portable.f-")]:
            del sys.modules[name]  # as if this were another process
        for _ in range(10):
            assert f(rounds) == sum(range(rounds))
        assert "native" not in vars(f)
        assert f(1) == 0
        assert "native" in vars(f)
    assert sum(f.native.stats.cache_hits.values()) == 1


def test_threads_that_begin_at_once_make_one_module():
    text = "import time\ntime.sleep(0.2)\n"
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: _execute_once(text, "<slow>"), range(2))
    assert one is other


CELL_TWICE = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
import cell
made = [cell.f, importlib.reload(cell).f]  # as by who runs a notebook's cell again
natives = [f.native for f in made]
for f, native in zip(made, natives):
    assert native(f._own(cell.Cell(2.0)), 0.5) == 1.0
print(sum(natives[0].stats.cache_hits.values()))
"""


@pytest.mark.slow
def test_what_is_compiled_for_a_record_is_kept_for_the_next_process(tmp_path):
    """However often its function was made in the first."""
    (tmp_path / "cell.py").write_text(
        f"from typing import NamedTuple\n{HEAD}class Cell(NamedTuple):\n    x: float\n\n\n"
        "@portable\ndef f(cell: Cell, y: float):\n    return cell.x * y\n"
    )
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", CELL_TWICE, str(tmp_path)]
    hits = [subprocess.check_output(command, env=environment, text=True) for _ in range(2)]
    assert hits == ["0\n", "1\n"]


ONE_INTO_ANOTHER = """
import sys, numba
sys.path.insert(0, sys.argv[1])
import cell
f = cell.f.native
if sys.argv[2] == "first":
    make = cell.make.native
    both = numba.njit(lambda x: f(make(x), 0.5))
    assert both(2.0) == 1.0
assert f(cell.f._own(cell.Cell(2.0)), 0.5) == 1.0
"""


@pytest.mark.slow
def test_who_passes_a_record_from_one_native_function_to_another_spoils_no_cache(tmp_path):
    (tmp_path / "cell.py").write_text(
        f"from typing import NamedTuple\n{HEAD}class Cell(NamedTuple):\n    x: float\n\n\n"
        "@portable\ndef make(x: float) -> Cell:\n    return Cell(x=x)\n\n\n"
        "@portable\ndef f(cell: Cell, y: float):\n    return cell.x * y\n"
    )
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    for which in ("first", "second"):
        command = [sys.executable, "-c", ONE_INTO_ANOTHER, str(tmp_path), which]
        subprocess.run(command, env=environment, check=True)


def test_what_a_round_calls_is_work_too(define, impatient):
    """Rounds alone would let a model that calls much in each of its steps run for long."""
    module = define(
        HEAD
        + "@portable\ndef longer(x: float):\n    return x + x + x + x + x + x + x + x + x\n\n\n"
        "@portable\ndef f(n: int):\n    x = 0.0\n    for _ in range(n):\n        x = longer(x)\n"
        "    return x\n"
    )
    assert module.f(300) == 0.0
    assert "native" not in vars(module.f)
    assert module.f(300) == 0.0
    assert "native" in vars(module.f)


def test_where_cpython_raises_and_numba_does_not_the_call_gives_what_numba_gives(define):
    f = define(HEAD + "@portable\ndef f(x: float):\n    return exp(x)\n").f
    assert f(1.0) == exp(1.0)
    assert "native" not in vars(f)
    assert f(1000.0) == inf


def test_without_numba_python_runs(define, monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    module = define(ONE.format("", "f", "2.0 * x") + "@compiled\ndef g(x):\n    return f(x) + 1\n")
    assert module.f.native is module.f.python
    assert module.f(1) == 2.0
    assert module.g(1.0) == 3.0


@pytest.mark.slow
def test_cache_is_used_and_never_stale(tmp_path):
    cache = tmp_path / "cache"
    (tmp_path / "upper.py").write_text(
        ONE.format("from lower import lower", "f", "lower(x) + 1.0")
        + "@compiled\ndef g(x):\n    return lower(x) + 2.0\n"
    )
    code = """
from upper import f, g
print(f.native(1.0), g(1.0), sum(sum(h.native.stats.cache_hits.values()) for h in (f, g)))
"""

    def run(factor):
        (tmp_path / "lower.py").write_text(ONE.format("", "lower", f"{factor} * x"))
        return output(python(code, path=tmp_path, cache=cache))

    assert run(2.0) == "3.0 4.0 0"
    assert run(2.0) == "3.0 4.0 2"
    assert run(5.0) == "6.0 7.0 0"


@pytest.mark.slow
def test_processes_share_a_cache(tmp_path):
    (tmp_path / "shared.py").write_text(ONE.format("", "f", "2.0 * x"))
    code = "from shared import f; print(f.native(1.0))"
    processes = [python(code, path=tmp_path, cache=tmp_path / "cache") for _ in range(3)]
    assert [output(process) for process in processes] == ["2.0"] * 3
    (file,) = (tmp_path / "cache" / "neuro_lib").glob("*.*")
    assert re.fullmatch(r"f-[0-9a-f]{16}\.py", file.name)


def test_a_damaged_file_does_no_harm(define, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert define(ONE.format("", "damaged", "x + 8.0")).damaged.native(1.0) == 9.0
    (file,) = (tmp_path / "neuro_lib").glob("damaged-*.py")
    file.write_text("half of")
    assert define(ONE.format("", "damaged", "x + 8.0")).damaged.native(1.0) == 9.0


def test_another_numba_has_a_cache_of_its_own(define, monkeypatch, tmp_path):
    import numba

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for version in ("1.0", "1.0", "2.0"):
        monkeypatch.setattr(numba, "__version__", version)
        assert define(ONE.format("", "f", "x + 7.0")).f.native
    assert len(list((tmp_path / "neuro_lib").glob("f-*.py"))) == 2


RETURNS_STATE = """
from typing import NamedTuple
from neuro_lib.portable import portable

class State(NamedTuple):
    x: float

@portable
def step(state: State, n: int):
    return State(x=state.x + 1.0), n + 1

@portable
def twice(x: float):
    state, n = step(State(x=x), 0)
    state, n = step(state, n)
    return state.x
"""


def test_what_is_cached_of_one_function_needs_no_other(define, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    module = define(RETURNS_STATE)
    assert module.twice.native(1.0) == 3.0
    step = module.step._fast
    assert step([module.State(1.0), 0]) == (module.State(2.0), 1)
    kept = list((tmp_path / "neuro_lib" / "__pycache__").glob("step-*.nbc"))
    assert kept and not any(b"twice-" in file.read_bytes() for file in kept)


def test_without_a_place_to_write_nothing_is_cached(define, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    f = define(ONE.format("", "f", "x + 9.0")).f
    assert f(1.0) == 10.0 == call_javascript(f, 1.0)
    assert "f" in f.native.py_func.__name__ and f.native is not f.python


def test_native_serves_other_numba_code():
    import numba

    step = doubled.native

    @numba.njit(parallel=True)
    def many(x):
        for k in numba.prange(len(x)):
            x[k] = step(x[k])

    x = np.arange(4.0)
    many(x)
    assert x.tolist() == [0.0, 2.0, 4.0, 6.0]


OFFSET = 3


@compiled
def blockwise(x, counts):
    """Use what only Numba and NumPy know."""
    y = np.empty_like(x)
    for k in range(x.shape[0]):
        y[k] = doubled(x[k, -1]) + exp(0.0) + OFFSET + inf * 0.0 if k < 0 else doubled(x[k, 0])
        counts[k] += floor(x[k, 0])
    return y[:, 0].sum()


def test_compiled_functions_call_portable_ones():
    counts = np.zeros(2, dtype=int)
    assert blockwise(np.array([[1.5, 2.0], [3.5, 4.0]]), counts) == 10.0
    assert counts.tolist() == [1, 3]
    assert blockwise.__doc__ == "Use what only Numba and NumPy know."
    assert pickle.loads(pickle.dumps(blockwise)) is blockwise


def test_compiled_function_takes_no_local_objects(define):
    with pytest.raises(PortableError, match="f is refused: it uses table, which cannot be imp"):
        define(
            "from neuro_lib.portable import compiled\ntable = {}\n"
            "@compiled\ndef f(x):\n    return table[x]\n"
        )


def test_annotations_of_compiled_functions_are_left_behind(define):
    source = "from neuro_lib.portable import compiled\ntable = {}\n"
    source += "@compiled\ndef f(x: table) -> table:\n    return x + 1\n"
    assert define(source).f(1.0) == 2.0


def test_compiled_function_has_one_meaning_for_each_name(define):
    f = define(ONE.format("from math import exp", "f", "exp(x)"))
    source = f"from {f.__name__} import f\nfrom neuro_lib.portable import compiled\n"
    source += "from numpy import exp\n@compiled\ndef g(x):\n    return exp(x) + f(x)\n"
    with pytest.raises(PortableError, match=r"g is refused: it needs two .* called exp"):
        define(source)
    assert define(source.replace("numpy", "math")).g(0.0) == 2.0


# In a browser Python calls JavaScript


@pytest.fixture
def browser():
    """This Python as it looks in a browser."""
    with pyodide():
        yield


def test_in_a_browser_a_call_runs_javascript(define, browser):
    f = define(ONE.format("", "f", "2.0 * x")).f
    assert f.native is not f.python and f(1) == 2.0 and type(f(1)) is float
    f = define(ONE.format("", "f", "1.0 / x")).f
    with pytest.raises(ZeroDivisionError, match="f: division by zero"):
        f.native(0.0)


@portable
def results(x: float, n: int, p: bool, u: Array):
    v = zeros(2)
    v[1] = x
    return x, n, p, u, v, 0 - n, x + n, p and n > 0


def test_results_are_of_pythons_kinds():
    u = np.arange(3.0)
    found = call_browser(results, 2.0, 3, True, u)
    kinds = [float, int, bool, np.ndarray, np.ndarray, int, float, bool]
    assert [type(part) for part in found] == kinds
    assert found[:3] == (2.0, 3, True) and found[5:] == (-3, 5.0, True)
    assert found[3] is u and found[4].tolist() == [0.0, 2.0]
    assert found[4].dtype == np.float64 and found[4].flags.writeable
    assert call_browser(idle, u) is None and type(call_browser(doubled, 1.0)) is float


def test_the_stand_in_voids_what_was_lent_before_memory_grew():
    fill = run_js("""(...arrays) => {
        const views = arrays.map((x) => x.getBuffer("f64")).map((b) => (b.release(), b.data));
        for (const view of views) for (let k = 0; k < 3; k++) view[k] = 1;
        return views.map((view) => view.length);
    }""")
    first, empty, last = np.zeros(2), np.empty(0), np.zeros(3)
    assert fill(first, empty, last) == [0, 0, 3]
    assert first.tolist() == [0.0, 0.0] and last.tolist() == [1.0, 1.0, 1.0]


def test_memory_that_is_not_given_back_is_noticed():
    with pytest.raises(Exception, match="kept memory"):
        run_js('(x) => { x.getBuffer("f64"); }')(np.zeros(1))


def test_in_a_browser_compiled_functions_call_portable_ones(define, browser):
    source = "import numpy as np\n" + ONE.format("", "f", "2.0 * x")
    source += "@compiled\ndef g(x):\n    return np.array([f(y) for y in x]).sum()\n"
    g = define(source).g
    assert g(np.arange(3.0)) == 6.0
    assert g.native is g.python


def test_in_a_browser_ours_are_checked_at_their_first_use_and_yours_at_once(tmp_path):
    (tmp_path / "yours.py").write_text(ONE.format("", "f", "x // 2.0"))
    code = """
import sys, numpy
sys.platform = "emscripten"
import neuro_lib.models.lif, neuro_lib.models.population
from neuro_lib.portable import PortableError
for ours in (neuro_lib.models.lif.run, neuro_lib.models.population.count_block):
    assert not {"_check", "_definitions"} & vars(ours).keys()
assert neuro_lib.models.lif.run.returns == "int"
try:
    import yours
except PortableError as refused:
    print(refused.lineno)
"""
    assert output(python(code, path=tmp_path, cache=tmp_path)) == "6"


# The assertion that all of this rests on


class Fake:
    """Three engines that need not agree: the last runs the text."""

    __name__ = "fake"

    def __init__(self, python, native=None, text="x: float; return x", returns="float"):
        self.python, self.native, self.returns = python, native or python, returns
        parameter, _, body = text.partition("; ")
        self.source = f"def two(x: float):\n    return 3, True\n\ndef fake({parameter}): {body}\n"
        self.parameters = dict([parameter.split(": ")])

    def layout(self, kind):
        return kind

    def _arguments(self, args, kwargs):
        return args

    def _returned(self, value, kind):
        return value

    def _was_compiled(self):
        return True

    def __call__(self, *args):
        return self.native(*args)


def overwrite(u):
    u[0] = 2.0


NESTED = "x: float; return x, two(x)"
AGREE = [
    (Fake(lambda x: x), 1.0),
    (Fake(lambda x: x * (1 + 1e-12)), 1.0),
    (Fake(lambda x: x), math.nan),
    (Fake(lambda x: x), -inf),
    (Fake(lambda x: (x, (3, True)), None, NESTED, ("float", ("int", "bool"))), 0.1),
    (Fake(overwrite, None, "u: Array; u[0] = 2.0", None), np.ones(2)),
    (Fake(lambda u: u, None, "u: Array; return u", "Array"), np.array([1.0, math.nan, inf])),
]
DISAGREE = [
    (Fake(lambda x: x * (1 + 1e-8)), 1.0),
    (Fake(lambda x: x, lambda x: x * (1 + 1e-8)), 1.0),
    (Fake(lambda x: x, lambda x: -x), inf),
    (Fake(lambda x: x, lambda x: math.nan), 1.0),
    (Fake(lambda x: 3.0, lambda x: 3), 1.0),
    (Fake(lambda x: 3, None, "x: float; return 4", "int"), 1.0),
    (Fake(lambda x: 3, None, "x: float; return 3.5", "int"), 1.0),
    (Fake(lambda x: True, None, "x: float; return 1", "bool"), 1.0),
    (Fake(lambda x: 1.0, None, "x: float; return True"), 1.0),
    (Fake(lambda x: (x, x), None, "x: float; return x, x, x", ("float", "float")), 1.0),
    (Fake(overwrite, None, "u: Array; u[0] = 2.1", None), np.ones(2)),
    (Fake(overwrite, lambda u: None, "u: Array; u[0] = 2.0", None), np.ones(2)),
    (Fake(lambda u: u, lambda u: u[1:], "u: Array; return u", "Array"), np.ones(2)),
    (Fake(lambda u: u, None, "u: Array; return zeros(len(u))", "Array"), np.ones(2)),
]


@pytest.mark.parametrize(("function", "argument"), AGREE)
def test_agreement_is_recognised(function, argument):
    assert_engines_agree(function, argument)


@pytest.mark.parametrize(("function", "argument"), DISAGREE)
def test_disagreement_is_recognised(function, argument):
    with pytest.raises(AssertionError):
        assert_engines_agree(function, argument)


# Records


class Drive(NamedTuple):
    """What comes in."""

    I: float
    on: bool = True
    many: int = 3


class Filter(NamedTuple):
    tau: float
    drive: Drive
    course: Array
    count: int  # a tuple has methods of these two names
    index: float


@dataclass(frozen=True)
class Cell:
    tau: float
    rest: float = -65.0
    noisy: bool = False

    def __post_init__(self):
        if self.tau <= 0.0:
            raise ValueError("tau")


@portable
def step(cell: Cell, drive: Drive, u: float):
    return u + (cell.rest - u + drive.I) / cell.tau


@portable
def stepped(cell: Cell, found: Filter, n: int) -> Filter:
    drive = found.drive
    u = found.course[0]
    for k in range(n):
        if drive.on:
            u = step(cell, drive, u)
        else:
            u = step(Cell(noisy=True, tau=found.tau), found.drive, u)
        drive = Drive(on=not drive.on, many=k + drive.many, I=-drive.I)
        found.course[k] += u
    kept = found.drive if cell.noisy else drive
    return Filter(
        drive=kept,
        count=found.count - found.drive.many,
        tau=u,
        index=u + found.index,
        course=found.course,
    )


@portable
def parts(found: Filter, x: float):
    return Drive(I=x, many=1), found.drive.I + stepped(Cell(tau=2.0), found, 1).drive.I


@given(floats, arrays, st.booleans(), st.integers(0, 3))
def test_records(x, u, on, n):
    found = Filter(tau=3.0, drive=Drive(I=x, on=on), course=u, count=7, index=0.5)
    result, (after,) = assert_engines_agree(stepped, Cell(tau=2.0, noisy=on), found, n)
    assert type(result) is Filter and type(result.drive) is Drive
    assert result.count == 4 and result.drive.many == (3 if on else 3 + sum(range(n)))
    assert np.array_equal(result.course, after)
    (first, _), _ = assert_engines_agree(parts, found, x)
    assert first == Drive(I=x, many=1)


@portable
def same_cell(cell: Cell, tau: float) -> Cell:
    return Cell(tau=tau + cell.tau)


def test_a_record_comes_back_in_the_class_that_it_had():
    assert same_cell(Cell(tau=1.0, rest=3.0), 2.0) == Cell(tau=3.0)
    with pytest.raises(ValueError, match="tau"):
        same_cell(Cell(tau=1.0), -2.0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Cell(tau=True), r"cell\.tau must be a number, not True"),
        (Cell(tau=1.0, noisy=1.0), r"cell\.noisy must be a bool, not 1\.0"),
        (Drive(1.0), r"cell must be a Cell, not Drive\(I=1\.0"),
        ((1.0, 2.0, True), "cell must be a Cell"),
        (1.0, "cell must be a Cell, not 1.0"),
    ],
)
def test_a_record_of_another_kind_is_refused_by_its_name(wrong, message):
    with pytest.raises(TypeError, match=message):
        same_cell(wrong, 1.0)
    assert same_cell(Cell(tau=np.float32(0.1)), 1).tau == 1.1  # numbers are converted, as elsewhere


def test_a_page_reads_a_bundle_with_records():
    text = stepped.source
    assert "class Filter(NamedTuple):\n    tau: float\n    drive: Drive\n" in text
    assert "Cell(noisy=True, tau=found.tau, rest=-65.0)" in text
    assert "__post_init__" not in text and "What comes in" not in text


def test_records_of_one_name_clash(define):
    head = "from typing import NamedTuple\nfrom neuro_lib.portable import portable\n"
    one = head + (
        "class Two(NamedTuple):\n    a: float\n@portable\n"
        "def made(x: float):\n    return Two(a=x)\n"
    )
    other = head + (
        f"from {define(one).__name__} import made\n"
        "class Two(NamedTuple):\n    b: float\n@portable\n"
        "def f(x: float):\n    y = made(x)\n    z = Two(b=x)\n    return y.a + z.b\n"
    )
    with pytest.raises(PortableError):
        define(other)


@portable
def grow(u: Array, v: Array, x: float):
    for k in range(len(u)):
        v[k] += u[k] * x
    u[0] = 7.0
    return u[0]


@pytest.mark.parametrize("engine", ["CPython", "Numba", "JavaScript"])
def test_arrays_of_every_layout_are_taken_and_read_only_ones_stay(define, engine):
    f = portable(grow.__wrapped__)
    if engine == "Numba":
        f.native  # noqa: B018
    column = np.arange(8.0).reshape(4, 2)[:, 1]
    for u in (np.arange(4.0), np.arange(8.0)[::2], column, np.broadcast_to(2.0, 4)):
        read_only = np.array(u)
        read_only.flags.writeable = False
        for given_u in (u, read_only):
            before, v = np.array(given_u), np.arange(8.0)[::-2]
            expected = v + 2.0 * before
            with pyodide() if engine == "JavaScript" else nullcontext():
                assert f(given_u, v, 2.0) == 7.0
            assert np.array_equal(v, expected)
            assert given_u[0] == (7.0 if given_u.flags.writeable else before[0])
    if engine == "Numba":
        assert len(f.native.signatures) == 1


# A table of constants

TABLE = (1.5, -2.0, 0.25)


@portable
def from_table(k: int, x: float) -> float:
    summed = 0.0
    for j in range(3):
        summed += TABLE[j] * x
    return summed + TABLE[k]


@given(k=st.integers(0, 2), x=floats)
def test_the_elements_of_a_tuple_of_floats_are_constants_in_every_engine(k, x):
    result, _ = assert_engines_agree(from_table, k, x)
    assert result == pytest.approx(sum(TABLE) * x + TABLE[k], abs=1e-9)


@pytest.mark.parametrize(
    "table, body",
    [
        ("(1.0, 2)", "return T[n]"),
        ("()", "return T[n]"),
        ("(1.0, float('inf'))", "return T[n]"),
        ("[1.0, 2.0]", "return T[n]"),
        ("(1.0, 2.0)", "return T[x]"),
        ("(1.0, 2.0)", "return T[-1]"),
        ("(1.0, 2.0)", "return T"),
        ("(1.0, 2.0)", "T[0] = 1.0\n    return x"),
    ],
)
def test_a_table_is_read_by_index_alone(define, table, body):
    with pytest.raises(PortableError):
        define(
            "from neuro_lib.portable import portable\n"
            f"T = {table}\n@portable\ndef f(n: int, x: float):\n    {body}\n"
        )


# Element by element


class Pull(NamedTuple):
    to: float
    rate: float


@portable
def split(x: float, drive: Pull, y: float):
    toward = drive.to if x < y else -drive.to
    return Pull(to=toward * drive.rate, rate=x), y + 0.5


@pytest.mark.parametrize("engine", ["CPython", "Numba", "JavaScript"])
def test_a_function_of_floats_is_applied_to_arrays(engine):
    f = portable(split.__wrapped__)
    if engine == "Numba":
        f._elementwise.native  # noqa: B018
    x = np.linspace(0.0, 2.0, 5)
    x.flags.writeable = False
    with pyodide() if engine == "JavaScript" else nullcontext():
        pull, y = f.over(x, Pull(to=[[1.0], [2.0]], rate=3), 1)
    assert type(pull) is Pull and pull.to.shape == pull.rate.shape == y.shape == (2, 5)
    for i, to in enumerate((1.0, 2.0)):
        for k in range(5):
            expected = split(x[k], Pull(to, 3.0), 1.0)
            assert (Pull(pull.to[i, k], pull.rate[i, k]), y[i, k]) == expected


def test_over_numbers_is_a_call():
    assert split.over(0.5, Pull(1, 2), 1.0) == split(0.5, Pull(1.0, 2.0), 1.0)
    assert type(split.over(0.5, Pull(1, 2), 1.0)[1]) is float
    assert split.over([], Pull(1, 2), 1.0)[1].shape == (0,)


def test_only_floats_can_be_arrays():
    with pytest.raises(TypeError, match="choices takes int: only floats can be arrays of them"):
        choices.over(1.0, 2, True)
    with pytest.raises(ValueError, match="broadcast"):
        split.over([1.0, 2.0], Pull(1.0, 2.0), [1.0, 2.0, 3.0])
