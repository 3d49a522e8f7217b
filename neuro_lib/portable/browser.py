"""The engine behind `portable` in the browser: JavaScript, compiled and called by Python there."""

import builtins
import itertools
import json
import sys
from functools import cache

import numpy as np

from neuro_lib.portable.javascript import compiler

# An array comes as a proxy of Python's, which lends its memory, unless the array is empty. Memory
# that grows to lend one more moves: then the views of those before it are void, so all are made in
# the end. An array that comes back is told by its place among the arguments. Records come in parts:
# `form` has the arguments' own form, with numbers of parts in it.
ON_VIEWS = """(run, form) => (...args) => {
  const lent = args.map((x) => {
    const memory = x.getBuffer?.("f64");
    return memory && { memory, place: [memory.data.byteOffset, memory.data.length] };
  });
  try {
    const { buffer } = lent.findLast((x) => x?.memory.nbytes)?.memory.data ?? {};
    const views = args.map((x, k) => lent[k] ? new Float64Array(buffer, ...lent[k].place) : x);
    const back = (y) => Array.isArray(y) ? y.map(back)
      : ArrayBuffer.isView(y) && views.includes(y) ? views.indexOf(y) : y;
    const whole = (part) => Array.isArray(part) ? part.map(whole) : views[part];
    return back(run(...form.map(whole)));
  } finally {
    for (const x of lent) x?.memory.release();
  }
}"""


@cache
def _compile():
    """Compile a bundle with the compiler that a page has: a function of its text and a name."""
    from pyodide.code import run_js

    run = "runnable((0, eval)(compilePortable(text, name).javascript))"
    return run_js(
        f"(() => {{ {compiler()}\nconst onViews = {ON_VIEWS};\n"
        f"return (text, name, form) => onViews({run}, JSON.parse(form)); }})()"
    )


def is_browser():
    """Tell whether this Python runs in a browser, as Pyodide does."""
    return sys.platform == "emscripten"


def in_browser(source, name, takes, returns):
    """Make a portable function callable in a browser.

    Parameters
    ----------
    source : str
        Its bundle.
    name : str
        Its name in the bundle.
    takes : tuple
        Kinds of its parameters, a tuple of kinds for each that is a record.
    returns : str, tuple or None
        Kind of what it returns, likewise.

    Returns
    -------
    function
        From numbers, tuples and float64 arrays, which the function sees and changes in place, to
        Python's own floats, ints, bools, arrays, and tuples of them. It raises what CPython would
        where a number is divided by zero or an element does not exist.
    """
    from pyodide.ffi import JsException

    run = _compile()(source, name, json.dumps(_form(takes, itertools.count())))

    def call(*args):
        parts = [*_parts(args)]
        try:
            result = run(*parts)
        except JsException as stopped:
            raise getattr(builtins, stopped.name)(f"{name}: {stopped.message}") from None
        return _result(result, returns, parts)

    return call


def _form(kinds, numbers):
    """Number the parts of all arguments through."""
    return [_form(kind, numbers) if isinstance(kind, tuple) else next(numbers) for kind in kinds]


def _parts(values):
    for value in values:
        if isinstance(value, tuple):
            yield from _parts(value)
        else:
            yield value


def _result(value, kind, parts):
    """Give a value from JavaScript, where all whole numbers are ints, its kind."""
    if isinstance(kind, tuple):
        return tuple(_result(*part, parts) for part in zip(value, kind, strict=True))
    if kind == "Array":
        return parts[value] if isinstance(value, int) else np.asarray(value.to_memoryview())
    return float(value) if kind == "float" else value
