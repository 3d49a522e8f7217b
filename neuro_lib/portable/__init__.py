"""One scalar Python function, three engines: Numba, CPython and JavaScript.

A function under `portable` is plain Python on numbers and arrays, restricted to what means the
same in the three engines. Anything else is refused when it is defined, with its line and a hint.
A call runs in the engine that is ready: at first in CPython, and once a function has done so much
work that it pays, as code that Numba compiles. In a browser, where there is no Numba, it runs
JavaScript, in Python as in the page.

Allowed are annotated parameters (`float`, `int`, `bool`, `Array`, a record); assignment,
``a, b = f(x)``, `if`, `while`, `for k in range(...)`, `break`, `continue`, `return`; ``+ - * /``
and powers from 2 to 9; comparisons, and on bools `and`, `or`, `not`, ``a if c else b``; ``u[k]``,
``len(u)``, ``zeros(n)``, `abs`, `min`, `max`, ``float(n)``; math's `exp`, `log`, `floor` and their
like; module constants that are numbers, and the elements of one that is a tuple of floats; other
portable functions. A local keeps its kind: start a float from 0.0, not from 0. What needs more than
this, and runs in no browser, is written under `compiled`.

What belongs together is passed as a record: a `NamedTuple`, or a frozen dataclass such as a model,
whose fields are of these kinds. It is read as ``cell.tau_m``, made as ``Cell(tau_m=10.0, R=50.0)``,
and stays as it is made; where a dataclass has defaults, they may be left out.

Notes
-----
No check at definition can see these, where the engines differ:

- A result too large for a float raises in CPython, and gives inf in Numba and JavaScript. So a
  scene is tested to have finite results in every engine.
- ``log(0.0)``, ``sqrt(-1.0)`` and an index beyond the end raise in CPython and JavaScript. Numba
  gives inf or NaN, and touches foreign memory. Tests run CPython first. A negative index that is
  computed raises in JavaScript only; the others count from the end.
- An int that a record holds raises in JavaScript, where it is read, unless 32 bits hold it.
- An array that cannot be written to is passed as a copy, so that it stays as it is.
- ``floor(x)`` needs ``abs(x) < 2**53``, and a float that JavaScript returns to Python loses the
  sign of -0.0.
"""

import ast
import functools
import hashlib
import importlib.util
import inspect
import itertools
import linecache
import math
import os
import sys
import tempfile
import threading
import types
from pathlib import Path
from types import MappingProxyType
from typing import NewType

import numpy as np

from neuro_lib.portable.browser import in_browser, is_browser
from neuro_lib.portable.check import (
    LARGEST_INT,
    MATH,
    MATH_CONSTANTS,
    Check,
    PortableError,
    read_source,
    refuse_function,
)
from neuro_lib.portable.records import record_of
from neuro_lib.values import NotANumber, floats

__all__ = ["Array", "Compiled", "Portable", "PortableError", "compiled", "portable", "zeros"]

# Expressions in its loops for which a function stays in CPython: about half a second's work. To
# start Numba and compile takes one to three.
PATIENCE = 20_000_000
HURRY = 2_000_000  # where the code was compiled before, and Numba only has to start
COUNTED = "__counted__"  # Python keeps such names for itself

# An alias of NDArray would show in each signature at its full length.
Array = NewType("Array", np.ndarray)


def zeros(n: int) -> Array:
    """Return a new array of `n` zeros: float64 in Python, a Float64Array in JavaScript."""
    return np.zeros(n)


def portable(function):
    """Make a plain scalar function run under Numba, CPython and JavaScript.

    Parameters
    ----------
    function : function
        Defined in a file or a notebook cell, each parameter annotated as `float`, `int`, `bool`,
        `Array` or a record. The docstring of `neuro_lib.portable` says what its body may hold.

    Returns
    -------
    Portable
        A callable with the name, signature and docstring of `function`.

    Raises
    ------
    PortableError
        If the three engines might disagree on the function.

    Examples
    --------
    >>> from math import exp
    >>> from neuro_lib.portable import portable
    >>> @portable
    ... def relax(u: float, u_inf: float, t: float, tau: float) -> float:
    ...     return u_inf + (u - u_inf) * exp(-t / tau)
    >>> relax(1.0, 0.0, 0.0, 10.0)
    1.0
    """
    return Portable(function)


class _Bundled:
    """A function that is kept as a text, together with the definitions of all that it uses.

    A definition is a tuple: what it is ("import", "constant", "record", "function"), its text, its
    module.
    """

    def __init__(self, function):
        functools.update_wrapper(self, function)
        # Ours were checked when they were built: in a browser, they are again at their first use.
        if not (is_browser() and self.__module__.startswith("neuro_lib.")):
            _ = self._definitions

    @functools.cached_property
    def _definitions(self):
        """Definitions by name: a bundle has room for one meaning of each."""
        text, called, used = self._parts()
        own = {self.__name__: ("function", text, self.__module__)}
        gathered = {}
        for definitions in (*(other._definitions for other in called), used, own):
            for name, definition in definitions.items():
                if gathered.setdefault(name, definition) != definition:
                    refuse_function(self.__wrapped__, "clash", self.__qualname__, name)
        return gathered

    def _bundle(self, *sorts, decorator="", homes=False):
        """Text of a module: definitions of these sorts, then records and functions.

        In front of functions a comment may name the module that is their home.
        """

        def texts(sort):
            return [text for what, text, _ in self._definitions.values() if what == sort]

        head = ["\n".join(texts(sort)) for sort in sorts if texts(sort)]
        functions, home = [], None
        for what, text, module in self._definitions.values():
            if what != "function":
                continue
            if homes and module != home:
                functions.append(f"# {module.removeprefix('neuro_lib.')}")
                home = module
            functions.append(decorator + text)
        return "\n\n".join([*head, *texts("record"), *functions]) + "\n"

    def __repr__(self):
        return f"<{type(self).__name__.lower()} {self.__module__}.{self.__qualname__}>"

    def __reduce__(self):
        return self.__qualname__  # pickled by its name, as any function is

    def __call__(self, *args):
        """Run native code."""
        return self.native(*map(self._own, args))

    @functools.cached_property
    def _own(self):
        """Function that gives records the bundle's classes, which Numba's cache finds again."""
        compiled_from = getattr(self.native, "py_func", None)  # none where there is no Numba

        def own(value):
            if compiled_from is None or not isinstance(value, tuple):
                return value
            parts = map(own, value) if any(isinstance(x, tuple) for x in value) else value
            return compiled_from.__globals__[type(value).__name__]._make(parts)

        return own

    @functools.cached_property
    def native(self):
        """The function compiled by Numba, which others under `numba.njit` may call."""
        try:
            import numba
        except ImportError:
            return self.python
        name, text = self._file(numba.__version__), self._for_numba
        try:
            module = _execute_once(text, _write_once(name, text))
        except (OSError, RuntimeError):  # no directory to write to: for us, or for Numba
            text = text.replace("@njit(cache=True, ", "@njit(")
            module = _execute_once(text, f"<{name}>")
        return module[self.__name__]

    @functools.cached_property
    def _for_numba(self):
        """Text of the file that Numba compiles."""
        # Inlined, a function that is called in a loop does not keep it from being vectorised.
        decorator = '@njit(cache=True, error_model="python", nogil=True, forceinline=True)\n'
        text = f"{LATE_ANNOTATIONS}\nfrom numba import njit\n"
        text += self._bundle("import", "constant", decorator=decorator)
        # Numba knows a union of types by their names alone. Were those of two bundles alike, what
        # it keeps of one might name a class of the other, which no other process has.
        records = [name for name, (what, *_) in self._definitions.items() if what == "record"]
        own = '"_" + __name__.rpartition(".")[2].replace("-", "_")'
        return text + "".join(f"{name}.__name__ += {own}\n" for name in records)

    def _file(self, version):
        """Name of the file that a version of Numba compiles."""
        # It is named by its content, and needs nothing else. So Numba's cache, which looks at this
        # one file, is never stale, not even when a function of another module changes.
        return f"{self.__name__}-{_digest(f'{version}{self._for_numba}')}.py"

    def _was_compiled(self):
        """Whether Numba has left its code in the user's cache, as far as one sees without it."""
        file = _cache(self._file(_numba_version()))
        tag = f"py{sys.version_info.major}{sys.version_info.minor}"
        return any(file.parent.glob(f"__pycache__/{file.stem}.*.{tag}*.nbi"))


class Portable(_Bundled):
    """A function for three engines, made by `portable`; a call runs the one that is ready.

    A call converts nothing but numbers: an int for a float parameter becomes a float. Arrays are
    passed as they are, and must have one dimension and float64 elements.
    """

    @functools.cached_property
    def _check(self):
        return Check(self.__wrapped__, Portable)

    def _parts(self):
        check = self._check
        # Sorted: a text with the order of a set would be new to Numba's cache in each process.
        imported = sorted(check.names & _IMPORTS.keys())
        used = {name: ("import", _IMPORTS[name], None) for name in imported}
        used |= {name: _constant(name, value) for name, value in check.constants.items()}
        used |= _records(check.records.values())
        return ast.unparse(_undecorated(check.tree)), check.calls.values(), used

    @property
    def parameters(self) -> dict:
        """Kind of each parameter, by name."""
        return self._check.parameters

    @property
    def returns(self) -> str | tuple | None:
        """Kind of the returned value."""
        return self._check.returns

    @property
    def records(self) -> dict:
        """Each `RecordKind` that the function knows, by name."""
        return self._check.records

    def layout(self, kind):
        """Give a kind with a tuple of kinds in place of each record: as JavaScript has it."""
        if isinstance(kind, tuple):
            return tuple(map(self.layout, kind))
        record = self.records.get(kind)
        return self.layout(tuple(record.fields.values())) if record else kind

    def __call__(self, *args, **kwargs):
        """Run on arguments of the kinds that the parameters declare: without waiting for Numba."""
        args = self._arguments(args, kwargs)
        arrays = [x for x in _arrays(args) if not x.flags.carray]
        if not arrays:
            return self._run(args)
        # The engines see plain memory of their own: one kind of array to compile for.
        lent = {id(x): x.copy() for x in arrays}
        result = self._run(_exchanged(args, lent))
        for x in arrays:
            if x.flags.writeable:
                x[...] = lent[id(x)]
        return result

    def _run(self, args):
        if "native" in self.__dict__ or is_browser():
            return self._fast(args)
        arrays = _arrays(args)
        before = [x.copy() for x in arrays]
        try:
            return self._patient(args)
        except (_OutOfPatience, OverflowError, ValueError):
            # Too much work, or arithmetic on which CPython and Numba differ: Numba's word counts.
            for x, values in zip(arrays, before, strict=True):
                x[:] = values
            return self._fast(args)

    def _arguments(self, args, kwargs):
        if kwargs or len(args) != len(self.parameters):
            args = inspect.signature(self).bind(*args, **kwargs).args
        return [
            convert(value, name)
            for value, (name, convert) in zip(args, self._conversions, strict=True)
        ]

    @functools.cached_property
    def _conversions(self):
        return [(name, self._conversion(kind)) for name, kind in self.parameters.items()]

    def _conversion(self, kind):
        """Function that gives an argument its kind; a record becomes a tuple of its values."""
        if kind not in self.records:
            return _CONVERSIONS[kind]
        record = self.records[kind]
        parts = [(name, part, self._conversion(part)) for name, part in record.fields.items()]

        def convert(value, name):
            if not isinstance(value, (record.cls, record.values)):
                raise TypeError(f"{name} must be a {record.name}, not {value!r}")
            found = []
            for field, part, each in parts:
                x = getattr(value, field)
                ready = part == "float" and type(x) is float  # as most are
                found.append(x if ready else each(x, f"{name}.{field}"))
            return record.values(*found)

        return convert

    def _returned(self, value, kind):
        """Put what an engine returns into the caller's classes."""
        if isinstance(kind, tuple):
            return tuple(map(self._returned, value, kind))
        return self.records[kind].made_of(value) if kind in self.records else value

    def over(self, *args):
        """Apply a function of floats to arrays, element by element.

        Parameters
        ----------
        *args : float, array_like, or a record of them
            Arguments in order; they broadcast against each other.

        Returns
        -------
        float or ndarray
            What the function returns, an array in place of each number; numbers if all arguments
            are. Several results, or those of a record, come as they do from a call.

        Raises
        ------
        TypeError
            If a parameter is no float, and no record of floats.

        Examples
        --------
        >>> from neuro_lib.portable import portable
        >>> @portable
        ... def larger(x: float, y: float) -> float:
        ...     return max(x, y)
        >>> larger.over([0.0, 1.0, 2.0], 1.0)
        array([1., 1., 2.])
        """
        if all(type(value) is float for value in args):  # as for one neuron
            return self(*args)
        columns = []
        for value, (name, kind) in zip(args, self.parameters.items(), strict=True):
            columns += self._columns(value, kind, name)
        shape = np.broadcast_shapes(*map(np.shape, columns))
        columns = [np.broadcast_to(column, shape).reshape(-1) for column in columns]
        results = [np.empty(columns[0].size) for _ in _leaves(self.layout(self.returns))]
        self._elementwise(*results, *columns)
        results = (x.reshape(shape) if shape else x.item() for x in results)
        return self._returned(_grown(self.layout(self.returns), results), self.returns)

    def _columns(self, value, kind, name):
        """Arrays of floats in an argument of `over`."""
        if kind in self.records:
            found = []
            for field, part in self.records[kind].fields.items():
                found += self._columns(getattr(value, field), part, f"{name}.{field}")
            return found
        if kind != "float":
            raise TypeError(f"{self.__name__} takes {kind}: only floats can be arrays of them")
        try:
            return [floats(value)]
        except NotANumber as reason:
            raise TypeError(f"{name} {str(reason) or 'must be numbers'}, not {value!r}") from None

    @functools.cached_property
    def _elementwise(self):
        """The function from arrays for its results and for its arguments, in one loop."""
        numbers = itertools.count()

        def argument(kind):
            if kind == "float":
                return f"x{next(numbers)}[k]"
            fields = self.records[kind].fields.items()
            return f"{kind}({', '.join(f'{name}={argument(part)}' for name, part in fields)})"

        def result(kind, value):
            if kind in self.records:
                fields = self.records[kind].fields.items()
                return [x for name, part in fields for x in result(part, f"{value}.{name}")]
            return [value]

        call = f"{self.__name__}({', '.join(map(argument, self.parameters.values()))})"
        kinds = self.returns if isinstance(self.returns, tuple) else (self.returns,)
        names = [f"r{k}" for k in range(len(kinds))]
        values = [x for kind, name in zip(kinds, names, strict=True) for x in result(kind, name)]
        outs = [f"y{k}" for k in range(len(values))]
        ins = [f"x{k}" for k in range(next(numbers))]
        text = "\n    ".join(
            [
                f"def elementwise({', '.join(f'{name}: Array' for name in outs + ins)}):",
                f"for k in range(len({ins[0]})):",
                f"    {', '.join(names)} = {call}",
                *(f"    {out}[k] = {value}" for out, value in zip(outs, values, strict=True)),
            ]
        )
        known = {record.name: record.cls for record in self.records.values()}
        known |= {self.__name__: self, "Array": Array}
        path = f"<elementwise {self.__module__}.{self.__qualname__}>"
        return Portable(_execute(text + "\n", path, known)["elementwise"])

    @functools.cached_property
    def source(self):
        """The bundle: the constants and functions that this one needs, and itself, in one text.

        It is what a page carries, and compiles. Comments name the modules of the functions, so that
        the page can tell where to mend what it cannot run.
        """
        return self._bundle("constant", homes=True)

    @functools.cached_property
    def python(self):
        """The bundle in CPython alone."""
        run = self._in_cpython(self._bundle("import", "constant"))

        @functools.wraps(self.__wrapped__)
        def python(*args, **kwargs):
            return run(self._arguments(args, kwargs))

        return python

    @functools.cached_property
    def _patient(self):
        """The same, until its loops have done so much that Numba is worth its start."""
        left = HURRY if self._was_compiled() else PATIENCE

        def counted(rounds, work):
            nonlocal left
            left -= len(rounds) * work
            if left < 0:
                raise _OutOfPatience
            return rounds

        tree = _Counted().visit(ast.parse(self._bundle("import", "constant")))
        text = ast.unparse(ast.fix_missing_locations(tree))
        return self._in_cpython(text, {COUNTED: counted})

    def _in_cpython(self, text, names=MappingProxyType({})):
        text = f"{LATE_ANNOTATIONS}\n{text}"
        module = _execute(text, f"<portable {self.__name__}>")
        module |= {**names, "zeros": _zeros_view}
        function = module[self.__name__]

        kinds = self.layout((*self.parameters.values(), self.returns))
        if "Array" not in _leaves(kinds):
            return lambda args: self._returned(function(*args), self.returns)

        # In a memoryview the elements are Python's own floats: division by zero raises as it does
        # in Numba, where NumPy's floats would warn, and a loop takes half of the time.
        def run(args):
            return self._returned(_without_views(function(*map(_with_views, args))), self.returns)

        return run

    @functools.cached_property
    def _fast(self):
        """The fastest engine there is, called with a list of arguments of the right kinds."""
        native = self.native
        if is_browser() or native is self.python or not self.records:
            return lambda args: native(*args)
        return lambda args: self._returned(native(*map(self._own, args)), self.returns)

    @functools.cached_property
    def native(self):
        """The function in the fastest engine there is: Numba's or, in a browser, JavaScript."""
        if not is_browser():
            return super().native
        layouts = self.layout(tuple(self.parameters.values())), self.layout(self.returns)
        run = in_browser(self.source, self.__name__, *layouts)
        return lambda *args: self._returned(run(*args), self.returns)


class _OutOfPatience(Exception):
    """A function has done as much in CPython as it may."""


class _Counted(ast.NodeTransformer):
    """Have loops tell how much they do: a `for` beforehand, a `while` each time it goes round.

    The work of a round is the number of expressions in it and in what it calls, without those in
    loops, which tell by themselves.
    """

    def __init__(self):
        self.work = {}  # of a call, by the function's name

    def visit_FunctionDef(self, node):
        self.work[node.name] = self._work_in(node.body)
        return self.generic_visit(node)

    def visit_For(self, node):
        work = self._work_in(node.body)
        self.generic_visit(node)
        node.iter = ast.Call(ast.Name(COUNTED, ast.Load()), [node.iter, ast.Constant(work)], [])
        return node

    def visit_While(self, node):
        work = self._work_in([node.test, *node.body])
        self.generic_visit(node)
        node.body.insert(0, ast.parse(f"{COUNTED}((0,), {work})").body[0])
        return node

    def _work_in(self, nodes):
        total = 0
        for node in nodes:
            if not isinstance(node, (ast.For, ast.While)):
                called = node.func.id if isinstance(node, ast.Call) else None
                total += isinstance(node, ast.expr) + self.work.get(called, 0)
                total += self._work_in(ast.iter_child_nodes(node))
        return total


def compiled(function):
    """Compile, at its first call, a function that needs more of Numba than the portable subset.

    Parameters
    ----------
    function : function
        As for `numba.njit`. By their names it may use portable functions, constants, modules, and
        what can be imported.

    Returns
    -------
    Compiled
        A callable; its attribute `native` is Numba's function. Where there is no Numba, calls run
        `function` as it is. Unlike that of ``numba.njit(cache=True)``, the cache stays right when
        a portable function that is called changes.

    Raises
    ------
    PortableError
        If the function uses something that is neither portable, nor a number, nor importable.
    """
    return Compiled(function)


class Compiled(_Bundled):
    """A function for Numba alone, made by `compiled`."""

    def __init__(self, function):
        self.python = function
        super().__init__(function)

    def _parts(self):
        function = self.python
        tree, code = _bare(read_source(function)[0]), function.__code__
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        called, used = [], {}
        for name in sorted(names & function.__globals__.keys() - {*code.co_varnames}):
            value = function.__globals__[name]
            if isinstance(value, _Bundled):
                called.append(value)
            elif isinstance(value, (int, float, np.integer)) and math.isfinite(value):
                used[name] = _constant(name, value)
            elif record := record_of(value):
                used |= _records(record.family())
            else:
                used[name] = ("import", _import(name, value, function), None)
        return ast.unparse(tree), called, used


# What annotates a parameter, `Array`, is none of a bundle's names.
LATE_ANNOTATIONS = "from __future__ import annotations"
_IMPORTS = {name: f"from math import {name}" for name in MATH | MATH_CONSTANTS}
_IMPORTS["zeros"] = "from numpy import zeros"


def _import(name, value, function):
    """Line that imports a value as it is known to a function."""
    if name in MATH | MATH_CONSTANTS and value is getattr(math, name):
        return _IMPORTS[name]
    if inspect.ismodule(value):
        return f"import {value.__name__} as {name}"
    module, original = getattr(value, "__module__", None), getattr(value, "__name__", name)
    if getattr(sys.modules.get(module), original, None) is not value:
        refuse_function(function, "foreign", function.__qualname__, name)
    return f"from {module} import {original} as {name}"


def _constant(name, value):
    """Definition of a number, which may be one of NumPy's, or of a table of floats."""
    if not isinstance(value, tuple):
        value = float(value) if isinstance(value, float) else int(value)
    return "constant", f"{name} = {value!r}", None


def _records(records):
    """Definitions of records, and of what their classes are made with."""
    found = {"NamedTuple": ("import", "from typing import NamedTuple", None)} if records else {}
    return found | {each.name: ("record", each.text, each.cls.__module__) for each in records}


def _undecorated(tree):
    """Take decorators off a function. Annotations stay: the compiler in the page reads them."""
    tree.decorator_list = []
    return tree


def _bare(tree):
    """Take decorators and annotations off a function: what they name is left behind."""
    tree.returns = None
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
    return _undecorated(tree)


_EXECUTING = threading.RLock()


def _execute_once(text, path):
    """Run a text as a module, unless its path, which tells of its content, is that of one already.

    Numba's cache keeps the classes of records by the names of their modules: were there two of a
    class, as two threads would make them, it would keep what no other process can read.
    """
    with _EXECUTING:
        module = sys.modules.get(_module_name(path))
        return vars(module) if module else _execute(text, path)


def _module_name(path):
    return f"neuro_lib.portable.{Path(path).stem}"


def _execute(text, path, known=MappingProxyType({})):
    """Run a text as a module that knows some names; return all its names."""
    module = types.ModuleType(_module_name(path))
    vars(module).update(known)
    # Numba looks for the module of a function that comes from its cache, a traceback for the lines
    # of the bundle, which no file of the package holds.
    sys.modules[module.__name__] = module
    linecache.cache[path] = len(text), None, text.splitlines(keepends=True), path
    try:
        exec(compile(text, path, "exec"), vars(module))
    except BaseException:
        sys.modules.pop(module.__name__, None)
        raise
    return vars(module)


class _FromCache:
    """Finds the module of a bundle by the file in the user's cache, as `sys.meta_path` asks for it.

    Who passes a record from one native function to another has Numba keep code of the second one
    for a class of the first one's module; another process reads this before it makes that module.
    """

    @staticmethod
    def find_spec(name, path=None, target=None):
        file = _cache(f"{name.rpartition('.')[2]}.py")
        if name == _module_name(file) and "-" in file.stem and file.exists():
            return importlib.util.spec_from_file_location(name, file)
        return None


sys.meta_path.append(_FromCache)


@functools.cache
def _numba_version():
    """Version of Numba, which is not imported for that."""
    from importlib import metadata

    try:
        return metadata.version("numba")
    except metadata.PackageNotFoundError:
        return None


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _cache(name):
    """Path of a file in the user's cache."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "neuro_lib" / name


def _write_once(name, text):
    """Write a file into the user's cache, unless it is there, and return its path.

    Written aside and then renamed, so that no process reads half of it.
    """
    path, content = _cache(name), text.encode()
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)
        with open(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    return str(path)


def _leaves(layout):
    """Kinds of all the numbers in a result."""
    if not isinstance(layout, tuple):
        return [layout]
    return [kind for part in layout for kind in _leaves(part)]


def _grown(layout, values):
    """Put values, one after the other, into the form of a result."""
    if not isinstance(layout, tuple):
        return next(values)
    return tuple(_grown(part, values) for part in layout)


def _zeros_view(n):
    return memoryview(np.zeros(n))


def _in_each(value, change):
    """Change an argument or a result, or each part of one that is a record or a tuple."""
    if not isinstance(value, tuple):
        return change(value)
    parts = [_in_each(part, change) for part in value]
    return value._make(parts) if hasattr(value, "_make") else tuple(parts)


def _with_views(value):
    return _in_each(value, lambda x: memoryview(x) if isinstance(x, np.ndarray) else x)


def _without_views(value):
    """Results of a run on memoryviews, with the arrays themselves in their places."""
    return _in_each(value, lambda x: x.obj if isinstance(x, memoryview) else x)


def _arrays(values):
    """All arrays among some arguments."""
    found = []
    for value in values:
        if isinstance(value, np.ndarray):
            found.append(value)
        elif isinstance(value, tuple):
            found += _arrays(value)
    return found


def _exchanged(values, others):
    """Arguments with other arrays, by the identity of those that they stand for."""
    return [_in_each(value, lambda x: others.get(id(x), x)) for value in values]


# Arguments: an int in place of a float would change the arithmetic of Numba and CPython.


def _float(value, name):
    if type(value) is float:
        return value
    if isinstance(value, bool) or not isinstance(value, (float, int, np.floating, np.integer)):
        raise TypeError(f"{name} must be a number, not {value!r}")
    number = floats(value).item()
    if isinstance(value, int) and math.isinf(number):
        raise ValueError(
            f"{name} must be smaller than {sys.float_info.max:.2g}, to fit into a float"
        )
    return number


def _int(value, name):
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be an integer, not {value!r}")
    if abs(int(value)) > LARGEST_INT:
        raise ValueError(f"{name} must be at most 2**31 in size, not {value!r}")
    return int(value)


def _bool(value, name):
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a bool, not {value!r}")
    return bool(value)


def _array(value, name):
    if not isinstance(value, np.ndarray) or value.ndim != 1 or value.dtype != np.float64:
        described = f"{getattr(value, 'shape', '')}{getattr(value, 'dtype', type(value).__name__)}"
        raise TypeError(f"{name} must be a one-dimensional float64 array, not {described}")
    return value


_CONVERSIONS = {"float": _float, "int": _int, "bool": _bool, "Array": _array}
