"""The checker behind `portable`: which Python means the same in Numba, CPython and JavaScript.

A whitelist over the syntax tree, with four kinds of value (float, int, bool, Array) and records of
them. What is not known to agree in the three engines is refused at decoration, with its line, the
reason, and what to write instead. The compiler in the page, `compile.js`, holds the same rules.
"""

import ast
import inspect
import json
import linecache
import math
import numbers
import textwrap
from pathlib import Path

from neuro_lib.portable.records import KINDS, record_of

NUMBERS = {"float", "int"}
MATH = {"exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "atan", "cosh", "tanh", "floor"}
MATH_CONSTANTS = {"inf", "pi"}
BUILTINS = {"abs", "float", "len", "max", "min", "range", "zeros"}

# Integers grow by addition only (products are refused), and one of the two operands is bounded: a
# literal, a constant, a length, a parameter never assigned, or the counter of a loop that starts at
# one of these. As each of them is at most 2**31, and a counter grows only as fast as the loop runs,
# it takes millions of additions to come to 2**53, from where JavaScript would round.
LARGEST_INT = 2**31

# Under "refused", what is refused: why; what to write instead. The keys are node types of `ast`,
# several to a text, or words. Under "calls", what to write instead of a call. The compiler in the
# page refuses by the same tables.
_TABLES = json.loads((Path(__file__).parent / "refusals.json").read_text("utf-8"))
REFUSALS = {key: text for keys, text in _TABLES["refused"].items() for key in keys.split()}
CALL_HINTS = _TABLES["calls"]


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

    A visit to an expression returns its kind: one of `KINDS`, the name of a record, a tuple of
    kinds, or None for a call that returns nothing. `assigned` holds the locals that are certain to
    have a value at the present statement, or is None where no execution arrives.
    """

    def __init__(self, function, portable_class):
        self.globals = function.__globals__
        self.portable_class = portable_class
        self.constants, self.calls, self.names, self.records = {}, {}, set(), {}
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
        self.check_local(tree, tree.name)
        head, generic = tree.args, getattr(tree, "type_params", None)
        starred = head.posonlyargs or head.vararg or head.kwonlyargs or head.kwarg
        if starred or head.defaults or generic:
            self.refuse(tree, "parameters")
        for parameter in head.args:
            self.check_local(parameter, parameter.arg)
            kind = getattr(parameter.annotation, "id", None)
            if kind not in KINDS and not self.record(parameter, kind):
                self.refuse(parameter, "annotation", parameter.arg)
        return {parameter.arg: parameter.annotation.id for parameter in head.args}

    def record(self, node, name):
        """Give the record that a name stands for outside of the function, or None."""
        record = record_of(self.globals.get(name))
        if record is None:
            return None
        self.check_local(node, name)
        if name in KINDS:
            self.refuse(node, "shadow", name)
        if record.name != name:
            self.refuse(node, "callee", name, record.name)
        if record.wrong:
            self.refuse(node, "record", name, record.wrong)
        self.records |= {each.name: each for each in record.family()}
        return record

    def find_locals(self):
        """Tell the locals apart by what assigns them: a statement, or a for loop."""
        targets = [node.target for node in ast.walk(self.tree) if isinstance(node, ast.For)]
        self.assigned = set(self.parameters)
        self.stored = _stores(self.tree, targets)
        self.locals = self.assigned | _stores(self.tree)
        self.bounded_names = self.assigned - _stores(self.tree)

    def check_name(self, node, name):
        if not name.isascii():
            self.refuse(node, "ascii", name)

    def check_local(self, node, name):
        self.check_name(node, name)
        if name in MATH | MATH_CONSTANTS | BUILTINS:
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
            if kind not in KINDS and kind not in self.records:
                self.refuse(target, "local", show(kind), target.id)
            known = self.kinds.setdefault(target.id, kind)
            if kind != known:
                self.refuse(target, "rekind", kind, target.id, known)
            self.assigned.add(target.id)
        else:
            if isinstance(target, ast.Attribute):
                self.visit(target)
                self.refuse(target, "frozen", target.attr, self.visit(target.value))
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
        is_range = _called(call) == "range" and not call.keywords
        if not is_range or not 1 <= len(call.args) <= 3:
            self.refuse(call, "range")
        if counter is None:
            self.generic_visit(node.target)
        for argument in call.args:
            self.expect(argument, "int", "range()")
        if len(call.args) == 3 and not _literal(call.args[2]):
            self.refuse(call.args[2], "step")
        self.bounded_names.discard(counter)
        is_new = counter not in self.assigned
        self.store(node.target, "int")
        if is_new:
            self.assigned.remove(counter)
        starts_bounded = len(call.args) == 1 or self.is_bounded(call.args[0])
        if is_new and starts_bounded and counter not in self.stored:
            self.bounded_names.add(counter)
        self.loop(node, counter)

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
            self.refuse(node, "Constant", repr(value))
        return type(value).__name__

    def visit_Name(self, node):
        name, value = node.id, self.globals.get(node.id)
        if name in self.locals:
            if name not in self.assigned:
                self.refuse(node, "unassigned", name)
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
        return self.number(node.operand)

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
            if kind != "Array" or not isinstance(node.value, (ast.Name, ast.Attribute)):
                self.refuse(node, "index", show(kind))
        index = node.slice
        if isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub):
            self.refuse(index, "negative")
        self.expect(index, "int", "an index")
        return "float"

    def visit_Attribute(self, node):
        if isinstance(node.value, ast.Name) and node.value.id not in self.locals:
            self.refuse(node, "Attribute")
        record = self.records.get(self.visit(node.value))
        if record is None:
            self.refuse(node, "Attribute")
        return self.field(node, record, node.attr)

    def field(self, node, record, name):
        """Kind of a record's field."""
        if name not in record.fields:
            self.refuse(node, "field", name, record.name, ", ".join(record.fields))
        return record.fields[name]

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
        if any(keyword.arg is None for keyword in node.keywords):
            self.refuse(node, "keyword")
        if target is not None and (record := self.record(node, name)):
            return self.construct(node, record)
        if node.keywords:
            self.refuse(node, "keyword")
        if isinstance(target, self.portable_class) and name != self.tree.name:
            if target.__name__ != name:
                self.refuse(node, "callee", name, target.__name__)
            self.calls[name] = target
            self.records = target.records | self.records
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
        return self.refuse(node, "call", name or "this", CALL_HINTS.get(name, hint))

    def construct(self, node, record):
        """Check a record that is made, and complete it by its defaults."""
        for value in node.args:
            if isinstance(value, ast.Starred):
                self.visit(value)
            self.refuse(value, "place", record.name, next(iter(record.fields)))
        for keyword in node.keywords:
            kind = self.field(keyword, record, keyword.arg)
            self.expect(keyword.value, kind, f"the field {keyword.arg}")
        absent = record.fields.keys() - {keyword.arg for keyword in node.keywords}
        missing = [name for name in record.fields if name in absent - record.defaults.keys()]
        if missing:
            self.refuse(node, "missing", record.name, ", ".join(missing))
        for name in record.fields:
            if name in absent:
                node.keywords.append(ast.keyword(name, ast.Constant(record.defaults[name])))
        return record.name

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
