"""The engine behind `portable` in the browser: JavaScript, compiled and called by Python there."""

import builtins
from functools import cache

import numpy as np

from neuro_lib.portable.javascript import compiler

# An array comes as a proxy of Python's, which lends its memory, unless the array is empty. Memory
# that grows to lend one more moves: then the views of those before it are void, so all are made in
# the end. An array that comes back is told by its place among the arguments.
ON_VIEWS = """(run) => (...args) => {
  const lent = args.map((x) => {
    const memory = x.getBuffer?.("f64");
    return memory && { memory, place: [memory.data.byteOffset, memory.data.length] };
  });
  try {
    const { buffer } = lent.findLast((x) => x?.memory.nbytes)?.memory.data ?? {};
    const views = args.map((x, k) => lent[k] ? new Float64Array(buffer, ...lent[k].place) : x);
    const back = (y) => Array.isArray(y) ? y.map(back)
      : ArrayBuffer.isView(y) && views.includes(y) ? views.indexOf(y) : y;
    return back(run(...views));
  } finally {
    for (const x of lent) x?.memory.release();
  }
}"""


@cache
def _compile():
    """Compile a bundle with the compiler that a page has: a function of its text and a name."""
    from pyodide.code import run_js

    return run_js(
        f"(() => {{ {compiler()}\nconst onViews = {ON_VIEWS};\nreturn (text, name) => "
        "onViews(runnable((0, eval)(compilePortable(text, name).javascript))); })()"
    )


def in_browser(source, name, returns):
    """Make a portable function callable in a browser.

    Parameters
    ----------
    source : str
        Its bundle.
    name : str
        Its name in the bundle.
    returns : str, tuple or None
        Kind of what it returns.

    Returns
    -------
    function
        From numbers and float64 arrays, which the function sees and changes in place, to Python's
        own floats, ints, bools and arrays. It raises what CPython would where a number is divided
        by zero or an element does not exist.
    """
    from pyodide.ffi import JsException

    run = _compile()(source, name)

    def call(*args):
        # A view cannot skip elements, and would let JavaScript write to what is read-only.
        plain = [_plain(x) if isinstance(x, np.ndarray) else x for x in args]
        try:
            result = run(*plain)
        except JsException as stopped:
            raise getattr(builtins, stopped.name)(f"{name}: {stopped.message}") from None
        for given, used in zip(args, plain, strict=True):
            if used is not given and given.flags.writeable:
                given[...] = used
        return _result(result, returns, args)

    return call


def _plain(array):
    return array if array.flags.carray else array.copy()


def _result(value, kind, args):
    """Give a value from JavaScript, where all whole numbers are ints, its kind."""
    if isinstance(kind, tuple):
        return tuple(_result(*part, args) for part in zip(value, kind, strict=True))
    if kind == "Array":
        return args[value] if isinstance(value, int) else np.asarray(value.to_memoryview())
    return float(value) if kind == "float" else value
