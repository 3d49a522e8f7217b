"""The checker behind `portable`: which Python means the same in Numba, CPython and JavaScript.

A whitelist over the syntax tree, with four kinds of value (float, int, bool, Array). What is not
known to agree in the three engines is refused at decoration, with its line, the reason, and what
to write instead: PScript would translate most of it without complaint and compute something else.
"""

import ast
import builtins
import inspect
import linecache
import math
import numbers
import re
import textwrap

KINDS = ("float", "int", "bool", "Array")
NUMBERS = {"float", "int"}
MATH = {"exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "atan", "cosh", "tanh", "floor"}
MATH_CONSTANTS = {"inf", "pi"}
BUILTINS = {"abs", "float", "len", "max", "min", "range", "zeros"}

# Integers grow by addition only (products are refused), and one of the two operands is bounded: a
# literal, a constant, a length, a parameter never assigned, or the counter of a loop that starts at
# one of these. As each of them is at most 2**31, and a counter grows only as fast as the loop runs,
# it takes millions of additions to come to 2**53, from where JavaScript would round.
LARGEST_INT = 2**31

# Words of JavaScript and names that PScript makes; `self` it drops from a parameter list.
RESERVED = re.compile(
    r"""abstract|arguments|await|boolean|byte|case|catch|char|const|debugger|default|delete|do|enum
    |double|eval|export|extends|final|function|goto|implements|instanceof|interface|let|long|native
    |new|null|package|private|protected|public|self|short|static|super|switch|synchronized|this
    |throw|throws|transient|true|false|typeof|undefined|var|void|volatile|window|yield
    |Array|Float64Array|Infinity|Math|NaN|Number|Object|RawJS|String
    |_py\w*|flx_\w*|err_\d+|[a-z_]+\d+_|PSCRIPT\w*|__\w+""",
    re.VERBOSE,
)
# A call of one of these, or of a builtin, is PScript's own function, whatever it means in Python.
PSCRIPT_CALL = re.compile(
    r"op_\w+|create_dict|merge_dicts|perf_counter|this_is_js|time|truthy|unichr|xrange"
)

# What: why; what to write instead. Keys in capitals are node types of `ast`, several to a line.
_REFUSALS = {
    # operators
    "FloorDiv": "`//`: JavaScript rounds a / b first; write floor(a / b)",
    "Mod": "`%`: the sign differs in JavaScript; write x - n * floor(x / n)",
    "LShift RShift BitAnd BitOr BitXor Invert": "a bit operation: JavaScript's has 32 bits; use "
    "arithmetic, or `and`, `or`, `not` between bools",
    "MatMult": "`@`: JavaScript has no array arithmetic; write a loop over range()",
    "UAdd": "unary `+`: it does nothing; leave it out",
    "Is IsNot": "`is`: the identity of numbers differs; write == or !=",
    "In NotIn": "`in`: JavaScript looks among keys; write a loop over range()",
    "power": "this power: a negative base makes it complex in Python, NaN in JavaScript; raise a "
    "float to a literal from 2 to 9, or write exp(p * log(x))",
    "Pow": "`**=`: PScript computes its target twice; write x = x**2",
    "product": "int * int: it overflows in Numba and rounds in JavaScript; write float(n) * x, or "
    "keep a running index",
    "sum": "this sum of ints: neither has a bound, so it could overflow; add a literal, a length, "
    "a parameter or a counter, or use floats",
    "minus": "minus an int: for 0 it is -0 in JavaScript; write 0 - n",
    "chain": "a chained comparison: JavaScript compares the first result; write a < b and b < c",
    "compare": "comparing {} with {}: JavaScript converts them; compare numbers, or bools by ==",
    "number": "{} in arithmetic: JavaScript converts it; compute with floats and ints",
    "condition": "{} as a condition: what counts as true differs; compare, as in `n != 0`",
    # values and their kinds
    "Constant": "{!r}: it is no number that all engines know; use a float, a small int, or inf",
    "JoinedStr": "a string: the engines format differently; return numbers and format in Python",
    "List Dict Set": "a list, dict or set: it has no equal in JavaScript; use an array, zeros(n)",
    "ListComp SetComp DictComp GeneratorExp": "a comprehension: it makes no array; fill zeros(n) "
    "in a loop over range()",
    "Tuple": "a tuple: it is no value here; use it only in `return a, b` and `a, b = f(x)`",
    "Slice": "a slice: it is a view in NumPy and a copy in JavaScript; write a loop over range()",
    "Attribute": "an attribute: JavaScript has others; import the name, as in `from math import "
    "exp`, or make it a module constant",
    "index": "an index into {}: only arrays have elements; assign the array to a name",
    "negative": "a negative index: JavaScript does not count from the end; write len(u) - 1",
    "expected": "{} in {}: it takes {}; write 0.0 for 0, float(n) or floor(x)",
    "element": "{} in an array: it holds floats; store a float",
    "local": "{} in {}: a local holds one value; unpack it, as in `a, b = f(x)`",
    "rekind": "{} in {}, which is {}: a local keeps its kind; start a float from 0.0, or write "
    "float(n) or floor(x)",
    "mixed": "int with float in {}: its kind would depend on the values; write float(n)",
    "unpack": "unpacking {} into {}: JavaScript would not notice; unpack what the function returns",
    # names
    "shadow": "local {}: it hides a name from outside; choose another",
    "reserved": "the name {}: the translation to JavaScript needs it; choose another",
    "ascii": "the name {}: it is not ASCII; spell it out, as in tau_m",
    "unknown": "the name {}: it is no local, and no number of this module; pass it as a parameter, "
    "or define a constant above",
    "unassigned": "reading {}: some path comes here without a value; assign it before",
    "counted": "reading counter {} after its loop: JavaScript's is a step further; copy it to a "
    "local inside the loop",
    # calls
    "call": "calling {}: it is no portable function; {}",
    "callee": "calling {}: it is called {} in its module, and so in JavaScript; use that name",
    "arguments": "{} arguments to {}: it takes {}; pass each one",
    "keyword": "a keyword argument: JavaScript has none; pass by position",
    "Starred": "`*`: the translation passes arguments one by one; name each value",
    "NamedExpr": "`:=`: it assigns inside an expression; assign on a line of its own",
    # statements
    "AnnAssign": "an annotated assignment: the kind follows from the value; leave it out",
    "assigns": "a chain of `=`: it is one value under two names; write two assignments",
    "Delete": "`del`: a local of Numba and JavaScript stays; leave it out",
    "Try TryStar Raise Assert": "an exception: JavaScript's differ; check in Python, before",
    "With": "`with`: JavaScript has none; open it in Python, before",
    "Match": "`match`: JavaScript has none; write if and elif",
    "useless": "a value without use: it does nothing; assign or return it",
    "unreached": "this line: it is never reached; leave it out",
    "else": "`else` after a loop: it is easily misread; use a bool",
    "range": "a for loop over anything but range(): the translation knows no other; write "
    "`for k in range(n)`, with one to three arguments",
    "step": "this step: its sign decides the comparison in JavaScript; write a literal, not 0",
    "bound": "this bound: JavaScript computes it anew at each step; assign it to a local that the "
    "loop leaves alone",
    "counter": "loop counter {}, assigned elsewhere: JavaScript counts with this very variable; "
    "give it a name of its own",
    "other": "{}: it is not known to agree in the three engines; see neuro_lib.portable",
    # functions
    "FunctionDef AsyncFunctionDef ClassDef Lambda": "a nested definition: a portable function has "
    "one scope; write a second one beside it",
    "Global Nonlocal": "`global`: a portable function keeps no state; pass the value and return it",
    "Import ImportFrom": "an import: a portable function has one scope; import above it",
    "Yield YieldFrom Await": "`yield`: JavaScript's differs; fill an array parameter",
    "source": "{}: it has no source to translate; define it in a file or a notebook cell, not "
    "through exec",
    "def": "anything but a plain `def`: the engines know no other; decorate a def",
    "decorator": "a second decorator: it would not be translated; use @portable alone",
    "closure": "a closure over {}: a portable function keeps no state; pass it as a parameter",
    "parameters": "a default, `*`, `/`, keyword-only or type parameter: JavaScript passes by "
    "position; write plain parameters",
    "clash": "{}: it needs two different things called {}; rename one (or, in a notebook, run what "
    "used the earlier one again)",
    "foreign": "{}: it uses {}, which cannot be imported; define that in a module",
    "annotation": "parameter {} without a kind: it decides what operators mean; annotate it with "
    "float, int, bool or Array",
    "return": "returning {}: an earlier return has {}; return the same kinds everywhere",
    "fall": "an end without return: other paths return a value; return one on every path",
    "returns": "the annotation -> {}: the function returns {}; write that",
}
REFUSALS = {key: text for keys, text in _REFUSALS.items() for key in keys.split()}
CALL_HINTS = {
    "int": "write floor(x)",
    "round": "write floor(x + 0.5)",
    "pow": "write x**2, or exp(p * log(x))",
    "sum": "write a loop over range()",
    "range": "use it only as `for k in range(n)`",
    "zeros": "import zeros from neuro_lib.portable",
    "print": "return the value",
}


class PortableError(SyntaxError):
    """A function that `portable` refuses, because the three engines might disagree on it.

    Being a `SyntaxError`, it points at the refused line of the source in its traceback.
    """


def show(kind):
    """Text of a kind, as in an annotation."""
    return f"tuple[{', '.join(map(show, kind))}]" if isinstance(kind, tuple) else str(kind)


def explain(reason, *details):
    """Message of a refusal."""
    what, why_and_instead = REFUSALS[reason].format(*details).split(": ", 1)
    return f"{what} is refused: {why_and_instead}"


def refuse_function(function, reason, *details):
    """Refuse a function as a whole."""
    code = function.__code__
    line = linecache.getline(code.co_filename, code.co_firstlineno)
    place = code.co_filename, code.co_firstlineno, None, line or None
    raise PortableError(explain(reason, *details), place)


def read_source(function):
    """Syntax tree of a function without its docstring, its lines, and the number of the first."""
    try:
        lines, first_line = inspect.getsourcelines(function)
    except OSError:
        refuse_function(function, "source", function.__qualname__)
    tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
    if isinstance(tree, ast.FunctionDef) and ast.get_docstring(tree) is not None:
        docstring = tree.body.pop(0)
        tree.body = tree.body or [ast.copy_location(ast.Pass(), docstring)]
    return tree, lines, first_line


def is_table(value):
    """Tell whether a global is a table of constants: a tuple of finite floats."""
    if not isinstance(value, tuple) or not value:
        return False
    return all(type(x) is float and math.isfinite(x) for x in value)


class Check(ast.NodeVisitor):
    """Check one function; keep its kinds and the names that it takes from outside.

    A visit to an expression returns its kind: one of `KINDS`, a tuple of kinds, or None for a call
    that returns nothing. `assigned` holds the locals that are certain to have a value at the
    present statement, or is None where no execution arrives.
    """

    def __init__(self, function, portable_class):
        self.globals = function.__globals__
        self.portable_class = portable_class
        # A notebook's globals are scratch values, not constants that a local could hide.
        self.is_notebook = function.__module__ == "__main__"
        self.constants, self.calls, self.names = {}, {}, set()
        self.file = function.__code__.co_filename
        self.tree, self.lines, self.first_line = read_source(function)
        self.parameters = self.check_header(function)
        self.kinds = dict(self.parameters)
        self.returned = []
        self.breaks = []
        self.find_locals()
        self.block(self.tree.body)
        self.check_end()

    def refuse(self, node, reason, *details):
        indent = len(self.lines[0]) - len(self.lines[0].lstrip())
        above = self.first_line - 1
        place = self.file, node.lineno + above, node.col_offset + indent + 1
        end = node.end_lineno + above, node.end_col_offset + indent + 1
        raise PortableError(explain(reason, *details), (*place, self.lines[node.lineno - 1], *end))

    def generic_visit(self, node):
        self.refuse_type(node, node)

    def refuse_type(self, node, part):
        name = type(part).__name__
        self.refuse(node, name if name in REFUSALS else "other", name)

    # The function as a whole

    def check_header(self, function):
        tree, free = self.tree, function.__code__.co_freevars
        if not isinstance(tree, ast.FunctionDef):
            self.refuse(tree, "def")
        if len(tree.decorator_list) > 1:
            self.refuse(tree.decorator_list[1], "decorator")
        if free:
            self.refuse(tree, "closure", ", ".join(free))
        taken = hasattr(builtins, tree.name) or tree.name in MATH | MATH_CONSTANTS | BUILTINS
        if taken or PSCRIPT_CALL.fullmatch(tree.name):
            self.refuse(tree, "reserved", tree.name)
        self.check_name(tree, tree.name)
        given, generic = tree.args, getattr(tree, "type_params", None)
        starred = given.posonlyargs or given.vararg or given.kwonlyargs or given.kwarg
        if starred or given.defaults or generic:
            self.refuse(tree, "parameters")
        for parameter in given.args:
            self.check_local(parameter, parameter.arg)
            if getattr(parameter.annotation, "id", None) not in KINDS:
                self.refuse(parameter, "annotation", parameter.arg)
        return {parameter.arg: parameter.annotation.id for parameter in given.args}

    def find_locals(self):
        """Tell the locals apart by what assigns them: a statement, or a for loop."""
        targets = [node.target for node in ast.walk(self.tree) if isinstance(node, ast.For)]
        self.assigned = set(self.parameters)
        self.stored = _stores(self.tree, targets)
        self.locals = self.assigned | _stores(self.tree)
        self.bounded_names = self.assigned - self.stored
        self.counting = set()

    def check_name(self, node, name):
        if RESERVED.fullmatch(name):
            self.refuse(node, "reserved", name)
        if not name.isascii():
            self.refuse(node, "ascii", name)

    def check_local(self, node, name):
        self.check_name(node, name)
        value = self.globals.get(name)
        is_global = isinstance(value, (numbers.Real, self.portable_class)) or is_table(value)
        if name in MATH | MATH_CONSTANTS | BUILTINS or (is_global and not self.is_notebook):
            self.refuse(node, "shadow", name)

    def check_end(self):
        self.returns = self.returned[0] if self.returned else None
        if self.assigned is not None and self.returns is not None:
            self.refuse(self.tree.body[-1], "fall")
        annotation = self.tree.returns
        if annotation is not None and ast.unparse(annotation) != show(self.returns):
            self.refuse(annotation, "returns", ast.unparse(annotation), show(self.returns))

    # Statements

    def block(self, statements):
        for statement in statements:
            if self.assigned is None:
                self.refuse(statement, "unreached")
            self.visit(statement)

    def visit_Pass(self, node):
        pass

    def visit_Expr(self, node):
        self.visit(node.value)
        if not isinstance(node.value, ast.Call) or node.value.func.id not in self.calls:
            self.refuse(node, "useless")

    def visit_Return(self, node):
        kind = self.value(node.value) if node.value else None
        if self.returned and kind != self.returned[0]:
            self.refuse(node, "return", show(kind), show(self.returned[0]))
        self.returned.append(kind)
        self.assigned = None

    def visit_Assign(self, node):
        if len(node.targets) > 1:
            self.refuse(node, "assigns")
        target, kind = node.targets[0], self.value(node.value)
        if not isinstance(target, ast.Tuple):
            return self.store(target, kind)
        if not isinstance(kind, tuple) or len(kind) != len(target.elts):
            self.refuse(node, "unpack", show(kind), len(target.elts))
        for element, part in zip(target.elts, kind, strict=True):
            self.store(element, part)

    def visit_AugAssign(self, node):
        if not isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div)):
            self.refuse_type(node, node.op)
        present = type(node.target)(**{**vars(node.target), "ctx": ast.Load()})
        result = ast.copy_location(ast.BinOp(present, node.op, node.value), node)
        self.store(node.target, self.visit(result))

    def store(self, target, kind):
        if isinstance(target, ast.Subscript):
            self.visit(target)
            if kind not in NUMBERS:
                self.refuse(target, "element", show(kind))
        elif isinstance(target, ast.Name):
            self.check_local(target, target.id)
            if kind not in KINDS:
                self.refuse(target, "local", show(kind), target.id)
            known = self.kinds.setdefault(target.id, kind)
            if kind != known:
                self.refuse(target, "rekind", kind, target.id, known)
            self.assigned.add(target.id)
        else:
            self.generic_visit(target)

    def visit_If(self, node):
        self.condition(node.test)
        before, after = self.assigned, []
        for branch in (node.body, node.orelse):
            self.assigned = set(before)
            self.block(branch)
            after.append(self.assigned)
        arriving = [names for names in after if names is not None]
        self.assigned = set.intersection(*arriving) if arriving else None

    def visit_While(self, node):
        self.condition(node.test)
        endless = isinstance(node.test, ast.Constant) and node.test.value
        if not self.loop(node) and endless:
            self.assigned = None

    def visit_For(self, node):
        call, counter = node.iter, getattr(node.target, "id", None)
        if _called(call) != "range" or call.keywords or not 1 <= len(call.args) <= 3:
            self.refuse(call, "range")
        if counter is None:
            self.generic_visit(node.target)
        self.check_local(node.target, counter)
        if counter in self.stored or counter in self.parameters or counter in self.counting:
            self.refuse(node.target, "counter", counter)
        for argument in call.args:
            self.expect(argument, "int", "range()")
        start, stop, step = (
            [ast.Constant(0), *call.args, ast.Constant(1)]
            if len(call.args) == 1
            else [*call.args, ast.Constant(1)][:3]
        )
        if not _literal(step):
            self.refuse(step, "step")
        if not self.is_fixed(stop, _stores(node)):
            self.refuse(stop, "bound")
        self.kinds[counter] = "int"
        self.bounded_names.discard(counter)
        if self.is_bounded(start):
            self.bounded_names.add(counter)
        self.counting.add(counter)
        self.loop(node, counter)
        self.counting.remove(counter)

    def loop(self, node, *counter):
        """Check a loop's body, which may run zero times; tell whether a break leaves it."""
        if node.orelse:
            self.refuse(node.orelse[0], "else")
        before = set(self.assigned)
        self.assigned.update(counter)
        self.breaks.append(False)
        self.block(node.body)
        self.assigned = before
        return self.breaks.pop()

    def visit_Break(self, node):
        self.breaks[-1] = True
        self.assigned = None

    def visit_Continue(self, node):
        self.assigned = None

    # Expressions

    def value(self, node):
        """Kind of an expression, or the kinds of a bare tuple of expressions."""
        if isinstance(node, ast.Tuple):
            return tuple(self.visit(element) for element in node.elts)
        return self.visit(node)

    def expect(self, node, kind, where):
        found = self.visit(node)
        if found != kind:
            self.refuse(node, "expected", show(found), where, show(kind))

    def condition(self, node):
        kind = self.visit(node)
        if kind != "bool":
            self.refuse(node, "condition", show(kind))

    def number(self, node):
        kind = self.visit(node)
        if kind not in NUMBERS:
            self.refuse(node, "number", show(kind))
        return kind

    def is_fixed(self, stop, changing):
        """Whether PScript may compute a bound anew at each step without changing the loop."""
        allowed = (ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.operator, ast.unaryop)
        return all(
            _called(part) == "len"
            or (isinstance(part, allowed) and getattr(part, "id", None) not in changing)
            for part in ast.walk(stop)
            if not isinstance(part, ast.expr_context)
        )

    def is_bounded(self, node):
        """Whether an int expression has a bound that is known before the run: see LARGEST_INT."""
        if isinstance(node, ast.BinOp):
            return self.is_bounded(node.left) and self.is_bounded(node.right)
        if isinstance(node, ast.Name):
            return node.id in self.bounded_names or node.id in self.constants
        return _called(node) == "len" or _literal(node) is not None

    def visit_Constant(self, node):
        value = node.value
        if isinstance(value, (str, bytes)):
            self.refuse(node, "JoinedStr")
        small = isinstance(value, (bool, int)) and abs(value) <= LARGEST_INT
        if not small and not (isinstance(value, float) and math.isfinite(value)):
            self.refuse(node, "Constant", value)
        return type(value).__name__

    def visit_Name(self, node):
        name, value = node.id, self.globals.get(node.id)
        if name in self.locals:
            if name not in self.assigned:
                counted = name in self.kinds and name not in self.stored
                self.refuse(node, "counted" if counted else "unassigned", name)
            return self.kinds[name]
        if isinstance(value, bool) or not isinstance(value, (float, numbers.Integral)):
            self.refuse(node, "unknown", name)
        self.check_name(node, name)
        value = float(value) if isinstance(value, float) else int(value)
        if name in MATH_CONSTANTS and value == getattr(math, name):
            self.names.add(name)
            return "float"
        kind = self.visit(ast.copy_location(ast.Constant(value), node))
        self.constants[name] = value
        return kind

    def visit_BinOp(self, node):
        if not isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)):
            self.refuse_type(node, node.op)
        kinds = {self.number(node.left), self.number(node.right)}
        if isinstance(node.op, ast.Pow):
            exponent = _literal(node.right)
            if "float" not in kinds or exponent is None or not 2 <= exponent <= 9:
                self.refuse(node, "power")
            return "float"
        if "float" in kinds or isinstance(node.op, ast.Div):
            return "float"
        if isinstance(node.op, ast.Mult):
            self.refuse(node, "product")
        if not (self.is_bounded(node.left) or self.is_bounded(node.right)):
            self.refuse(node, "sum")
        return "int"

    def visit_UnaryOp(self, node):
        if isinstance(node.op, ast.Not):
            self.condition(node.operand)
            return "bool"
        if not isinstance(node.op, ast.USub):
            self.refuse_type(node, node.op)
        kind = self.number(node.operand)
        if kind == "int" and not _literal(node):
            self.refuse(node, "minus")
        return kind

    def visit_BoolOp(self, node):
        for operand in node.values:
            self.condition(operand)
        return "bool"

    def visit_Compare(self, node):
        if len(node.ops) > 1:
            self.refuse(node, "chain")
        operator = node.ops[0]
        if type(operator).__name__ in REFUSALS:
            self.refuse_type(node, operator)
        kinds = self.value(node.left), self.value(node.comparators[0])
        equality = isinstance(operator, (ast.Eq, ast.NotEq))
        if not (set(kinds) <= NUMBERS or (equality and kinds == ("bool", "bool"))):
            self.refuse(node, "compare", *map(show, kinds))
        return "bool"

    def visit_IfExp(self, node):
        self.condition(node.test)
        kind = self.visit(node.body)
        self.expect(node.orelse, kind, "the other branch")
        return kind

    def visit_Subscript(self, node):
        if not self.reads_table(node):
            kind = self.visit(node.value)
            if kind != "Array" or not isinstance(node.value, ast.Name):
                self.refuse(node, "index", show(kind))
        index = node.slice
        if isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub):
            self.refuse(index, "negative")
        self.expect(index, "int", "an index")
        return "float"

    def reads_table(self, node):
        """Tell whether an element of a constant table is read, and note the table."""
        name = getattr(node.value, "id", None)
        value = None if name in self.locals else self.globals.get(name)
        if not is_table(value) or not isinstance(node.ctx, ast.Load):
            return False
        self.check_name(node, name)
        self.constants[name] = value
        return True

    # Calls

    def visit_Call(self, node):
        name = _called(node)
        if name is None:
            self.visit(node.func)
        target = None if name in self.locals else self.globals.get(name)
        if node.keywords:
            self.refuse(node, "keyword")
        if isinstance(target, self.portable_class) and name != self.tree.name:
            if target.__name__ != name:
                self.refuse(node, "callee", name, target.__name__)
            self.calls[name] = target
            self.arguments(node, target.parameters.values())
            return target.returns
        if name in MATH and target is getattr(math, name):
            self.names.add(name)
            self.arguments(node, ["float"] if name == "floor" else [NUMBERS])
            return "int" if name == "floor" else "float"
        is_ours = getattr(target, "__module__", None) == "neuro_lib.portable"
        if name in BUILTINS - {"range"} and (is_ours if name == "zeros" else target is None):
            self.names.add(name)
            return getattr(self, f"call_{name}")(node)
        hint = "write a loop" if name == self.tree.name else "define it above with @portable"
        return self.refuse(node, "call", name, CALL_HINTS.get(name, hint))

    def arguments(self, node, kinds):
        if len(node.args) != len(kinds):
            self.refuse(node, "arguments", len(node.args), node.func.id, len(kinds))
        for argument, kind in zip(node.args, kinds, strict=True):
            if kind is NUMBERS:
                self.number(argument)
            else:
                self.expect(argument, kind, f"a call of {node.func.id}")

    def call_abs(self, node):
        self.arguments(node, [NUMBERS])
        return self.visit(node.args[0])

    def call_float(self, node):
        self.arguments(node, [NUMBERS])
        return "float"

    def call_len(self, node):
        self.arguments(node, ["Array"])
        return "int"

    def call_zeros(self, node):
        self.arguments(node, ["int"])
        return "Array"

    def call_min(self, node):
        if len(node.args) < 2:
            self.refuse(node, "arguments", len(node.args), node.func.id, "two or more")
        kinds = {self.number(argument) for argument in node.args}
        if len(kinds) > 1:
            self.refuse(node, "mixed", node.func.id)
        return kinds.pop()

    call_max = call_min


def _stores(tree, excluded=()):
    """Names that are assigned anywhere below a node."""
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        if not any(node is other for other in excluded)
    }


def _called(node):
    """Name of the function that a node calls, if it is a call by name."""
    return getattr(node.func, "id", None) if isinstance(node, ast.Call) else None


def _literal(node):
    """Value of a literal int, perhaps with a minus sign; None of anything else."""
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    value = getattr(node.operand if negative else node, "value", None)
    if type(value) is not int:
        return None
    return -value if negative else value
