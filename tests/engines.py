"""The three engines of a portable function, and the assertion that they agree."""

import functools
import json
import math
import sys
from contextlib import contextmanager
from types import SimpleNamespace
from unittest import mock

import numpy as np
from py_mini_racer import MiniRacer

from neuro_lib.portable import _arrays, _in_each
from neuro_lib.portable.browser import in_browser
from neuro_lib.portable.javascript import compiler
from tests.effort import EFFORT

# JSON has neither typed arrays nor NaN and infinities.
CODEC = """
const functions = [];
const decode = x => Array.isArray(x) ? Float64Array.from(x, Number)
    : x?.record ? x.record.map(decode) : typeof x === "string" ? Number(x) : x;
const encode = x => ArrayBuffer.isView(x) ? {array: Array.from(x, encode)}
    : Array.isArray(x) ? x.map(encode)
    : typeof x === "number" && !Number.isFinite(x) ? String(x)
    : x === undefined ? null : x;
const call = (k, args) => {
    args = args.map(decode);
    const result = functions[k](...args);
    return JSON.stringify([encode(result), args.map(encode)]);
};
const compiled = (text, name) =>
    runnable((0, eval)(compilePortable(text, name).javascript)); // as a page does
const outcome = (run) => {
    try {
        return run();
    } catch (error) {
        const { name, message, line, col, end, key } = error;
        return JSON.stringify({ error: { name, message, line, col, end, key } });
    }
};
"""

# What Pyodide makes of arrays. To lend one it may need more memory, and what was lent before is
# then void; an empty one has no place in that memory.
MEMORY = """
let memory = new ArrayBuffer(0), borrowed = 0;
const borrow = values => {
    let start;
    return {
        getBuffer(kind) {
            if (kind !== "f64") throw kind;
            start = memory.byteLength;
            let data = new Float64Array(0);
            if (values.length) {
                memory = memory.transfer(start + 8 * values.length);
                data = new Float64Array(memory, start, values.length);
                data.set(values);
            }
            borrowed += 1;
            return {data, nbytes: data.byteLength, release() { borrowed -= 1; }};
        },
        after: () => encode(new Float64Array(memory, start, values.length)),
    };
};
const callBorrowing = (k, args) => {
    memory = new ArrayBuffer(8);
    borrowed = 0;
    args = args.map(x => Array.isArray(x) ? borrow(decode(x)) : x?.text ?? decode(x));
    const result = functions[k](...args);
    if (borrowed) throw Error("kept memory");
    if (typeof result === "function")
        return JSON.stringify([{ function: functions.push(result) - 1}]);
    return JSON.stringify([encode(result), args.map(x => x?.after?.())]);
};
"""


class JavaScriptError(Exception):
    """An error that JavaScript threw, with what it says of itself; Pyodide's has the same form."""

    def __init__(self, told):
        super().__init__(f"{told['name']}: {told['message']}")
        vars(self).update(dict.fromkeys(("line", "col", "end", "key")) | told)


@functools.cache
def v8():
    """One V8 for all functions, with the compiler that a page carries."""
    context = MiniRacer()
    context.eval(f"{compiler()}\n{CODEC}\n{MEMORY}; 0")
    return context


def in_v8(javascript):
    """Value of an expression that is a JSON text, or the error that it throws."""
    value = json.loads(v8().eval(f"outcome(() => {javascript})", timeout=20_000))
    if isinstance(value, dict) and "error" in value:
        raise JavaScriptError(value["error"])
    return value


@functools.cache
def _index(javascript):
    """Number that V8 knows a function by."""
    return in_v8(f"String(functions.push({javascript}) - 1)")


@functools.cache
def _compiled(source, name):
    return _index(f"compiled({json.dumps(source)}, {json.dumps(name)})")


def _encode(value):
    if isinstance(value, tuple):
        return {"record": [_encode(part) for part in value]}
    if isinstance(value, np.ndarray):
        return [_encode(element) for element in value.tolist()]
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    return value.item() if isinstance(value, np.generic) else value


def _decode(value, kind):
    """Turn a value from JavaScript, where all numbers are alike, into one of the right kind."""
    if isinstance(kind, tuple):
        assert isinstance(value, list) and len(value) == len(kind), f"{value} is no {kind}"
        return tuple(map(_decode, value, kind))
    if kind == "Array":
        return np.array([float(element) for element in value["array"]])
    if kind == "float":
        assert not isinstance(value, bool), f"{value} is no float"
        return float(value)
    if kind == "int":
        assert value == int(value), f"{value} is no int"
        return int(value)
    return value


def call_python(function, *args):
    """Call a portable function in CPython."""
    return function.python(*args)


def call_native(function, *args):
    """Call a portable function as compiled by Numba, which little work would not wait for.

    With little effort, it is what Python calls unless Numba did compile the function before.
    """
    if EFFORT >= 1 or function._was_compiled():
        assert callable(function.native)  # which is made now, and called from now on
    return function(*args)


def call_javascript(function, *args):
    """Call a portable function in V8; arrays among the arguments change as in Python."""
    args = function._arguments(args, {})
    encoded = json.dumps([_encode(value) for value in args])
    result, after = in_v8(f"call({_compiled(function.source, function.__name__)}, {encoded})")
    _take(args, after)
    return function._returned(_decode(result, function.layout(function.returns)), function.returns)


def _take(values, after):
    """Let arrays, in records too, become what they are in JavaScript."""
    for value, changed in zip(values, after, strict=True):
        if isinstance(value, tuple):
            _take(value, changed)
        elif isinstance(value, np.ndarray):
            value[:] = [float(element) for element in changed["array"]]


def run_js(javascript):
    """Stand in for `pyodide.code.run_js`: evaluate a function, and call it as Pyodide does."""
    return _proxy(_index(javascript))


def _proxy(index):
    def call(*args):
        encoded = json.dumps([{"text": x} if isinstance(x, str) else _encode(x) for x in args])
        result, *after = in_v8(f"callBorrowing({index}, {encoded})")
        if isinstance(result, dict) and "function" in result:
            return _proxy(result["function"])
        for value, changed in zip(args, *after, strict=True):
            if isinstance(value, np.ndarray):
                assert value.flags.carray  # a view of its memory would not be the array
                value[:] = [float(element) for element in changed["array"]]
        return _from_pyodide(result)

    return call


def _from_pyodide(value):
    """Give what Pyodide gives: whole numbers are ints, whatever they were."""
    if isinstance(value, list):
        return [_from_pyodide(part) for part in value]
    if isinstance(value, dict):
        elements = np.array([float(element) for element in value["array"]])
        return SimpleNamespace(to_memoryview=lambda: memoryview(elements))
    return float(value) if isinstance(value, str) else value


@contextmanager
def pyodide():
    """Let this Python look like Pyodide inside a ``with`` block."""
    code, ffi = SimpleNamespace(run_js=run_js), SimpleNamespace(JsException=JavaScriptError)
    pyodide = SimpleNamespace(code=code, ffi=ffi)
    modules = {"pyodide": pyodide, "pyodide.code": code, "pyodide.ffi": ffi, "numba": None}
    with mock.patch.dict(sys.modules, modules), mock.patch.object(sys, "platform", "emscripten"):
        yield


@functools.cache
def _in_browser(source, name, takes, returns):
    with pyodide():
        return in_browser(source, name, takes, returns)


def call_browser(function, *args):
    """Call a portable function as Python does in a browser."""
    takes = function.layout(tuple(function.parameters.values()))
    run = _in_browser(function.source, function.__name__, takes, function.layout(function.returns))
    return function._returned(run(*function._arguments(args, {})), function.returns)


def assert_engines_agree(function, *args, rel=1e-9, native=True, seen_as=lambda result: result):
    """Assert that the engines return the same and do the same to arrays among the arguments.

    Parameters
    ----------
    function : Portable
        The function.
    *args
        Its arguments. Each engine gets copies of the arrays.
    rel : float
        Tolerance of floats, relative to the number or to the largest element of the array.
    native : bool
        Whether to run Numba as well, which has to compile the function first.
    seen_as : callable
        What to compare of each result, where a result itself is badly conditioned.

    Returns
    -------
    result, arrays
        What CPython returned, and the arrays among the arguments after the call.
    """

    def run(call):
        copies = [
            _in_each(x, lambda x: np.array(x) if isinstance(x, np.ndarray) else x) for x in args
        ]
        result = call(function, *copies)
        return result, _arrays(copies)

    def seen(outcome):
        return seen_as(outcome[0]), outcome[1]

    # CPython comes first because it alone stops at an index out of range.
    expected = run(call_python)
    for call in [call_native] * native + [call_javascript, call_browser]:
        where = f"{call.__name__}({function.__name__})"
        _assert_same(seen(run(call)), seen(expected), rel, where)
    return expected


def _assert_same(found, expected, rel, where):
    if isinstance(expected, np.ndarray):
        assert isinstance(found, np.ndarray), f"{where}: {found!r} is no array"
        assert found.shape == expected.shape, f"{where}: shape {found.shape}, {expected.shape}"
        scale = np.max(np.abs(expected), where=np.isfinite(expected), initial=0.0)
        np.testing.assert_allclose(found, expected, rtol=0, atol=rel * scale, err_msg=where)
        return
    assert type(found) is type(expected), f"{where}: {found!r} for {expected!r}"
    if isinstance(expected, (tuple, list)):
        assert len(found) == len(expected), f"{where}: {found!r} for {expected!r}"
        for k, (one, other) in enumerate(zip(found, expected, strict=True)):
            _assert_same(one, other, rel, f"{where}[{k}]")
    elif isinstance(expected, float):
        both_nan = math.isnan(found) and math.isnan(expected)
        close = both_nan or math.isclose(found, expected, rel_tol=rel, abs_tol=0.0)
        assert close, f"{where}: {found!r} for {expected!r}"
    else:
        assert found == expected, f"{where}: {found!r} for {expected!r}"
