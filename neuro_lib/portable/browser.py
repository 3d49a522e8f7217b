"""The engine behind `portable` in the browser: its JavaScript, called from Python (Pyodide)."""

import numpy as np

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


def in_browser(javascript, returns):
    """Make a portable function's JavaScript callable.

    Parameters
    ----------
    javascript : str
        Expression whose value is the function.
    returns : str, tuple or None
        Kind of what it returns.

    Returns
    -------
    function
        From numbers and float64 arrays, which the function sees and changes in place, to Python's
        own floats, ints, bools and arrays.
    """
    from pyodide.code import run_js

    run = run_js(f"({ON_VIEWS})({javascript})")

    def call(*args):
        # A view cannot skip elements, and would let JavaScript write to what is read-only.
        plain = [_plain(x) if isinstance(x, np.ndarray) else x for x in args]
        result = run(*plain)
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
