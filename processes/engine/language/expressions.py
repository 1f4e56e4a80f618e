"""The compiler of expressions: a syntax tree of listed nodes becomes a chain of our own small functions.

Python's `eval`, `exec` and `compile` are never reached and no attribute of a data object is ever asked for: a node
that is not in the tables below is refused. The same compiler checks a diagram and runs it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from processes.engine.language import access, loops
from processes.engine.language.errors import LanguageError, LanguageProblem, excerpt
from processes.engine.language.frame import Frame, Run
from processes.engine.language.functions import BUILTINS
from processes.engine.language.grammar import (
    ARITHMETIC,
    COMPARISONS,
    CONSTANTS,
    DEEPEST_TEXT,
    MOST_PROBLEMS,
    REFUSED,
)
from processes.engine.language.methods import CHANGES, METHODS
from processes.engine.language.reading import INPUT, Source
from processes.engine.language.values import add, admit, number, subtract
from processes.messages import Message, message


def _nothing(frame: Frame) -> Any:
    return None


class Compiler:
    """Compiles one text; `problems` tells everything that is not of the language, with its place."""

    script = False
    keep: Callable[[Frame, Any], Any] = staticmethod(lambda frame, value: admit(value))
    """What becomes of the result of a listed function."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[LanguageProblem] = []
        self.reads: dict[str, None] = {}
        self.writes: dict[str, None] = {}
        self.calls: list[tuple[str, int, int]] = []
        self.names_given: list[tuple[str, int, int]] = []
        self.scope: list[tuple[str, int]] = []
        self.changes = False
        """Whether something that was read may be changed."""
        self.nodes = 0
        self._slots = 0
        self._depth = 0

    def refuse(self, node: ast.AST, why: Message) -> Run:
        """Note a problem at the place of a node; compiling goes on to find the others."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(LanguageProblem(*self._place(node), why))
        return _nothing

    def _place(self, node: ast.AST) -> tuple[int, int]:
        return self.source.place(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))

    def refuse_kind(self, node: ast.AST, kind: ast.AST | None = None) -> Run:
        """Refuse a node because its kind is not of the language."""
        sign = REFUSED.get(type(kind or node), type(kind or node).__name__)
        return self.refuse(node, message("不支持“%(sign)s”这种写法。", sign=sign))

    def expression(self, node: ast.expr) -> Run:
        """The function that works out a node."""
        self.nodes += 1
        visit = _VISITS.get(type(node))
        if visit is None:
            return self.refuse_kind(node)
        return self.nested(node, visit)

    def nested(self, node: ast.AST, visit: Callable[..., Run]) -> Run:
        """Visit a node unless it lies too deep."""
        if self._depth >= DEEPEST_TEXT:
            return self.refuse(node, message("内容嵌套过深。"))
        self._depth += 1
        try:
            return visit(self, node)
        finally:
            self._depth -= 1

    def new_slot(self, name: str) -> int:
        """A place for a name that lives only inside a loop."""
        self._slots += 1
        self.scope.append((name, self._slots))
        return self._slots

    def _constant(self, node: ast.Constant) -> Run:
        value = node.value
        if type(value) in (int, float):
            try:
                number(value)
            except LanguageError as refused:
                return self.refuse(node, refused.text)
        elif not (value is None or type(value) is bool or type(value) is str):
            return self.refuse(node, message("不支持这种常量。"))
        return lambda frame: value

    def _name(self, node: ast.Name) -> Run:
        name = node.id
        if name in CONSTANTS:
            value = CONSTANTS[name]
            return lambda frame: value
        for known, slot in reversed(self.scope):
            if known == name:
                return lambda frame: frame.slots[slot]
        if name == INPUT:
            return lambda frame: frame.slots[0]
        if not self.allowed_name(node, name):
            return _nothing
        return self.read(name)

    def allowed_name(self, node: ast.AST, name: str) -> bool:
        """Whether data may have this name; the words were inspected before, this is the second lock."""
        if "__" in name:
            self.refuse(node, message("名称“%(name)s”含有连续下划线，不允许使用。", name=excerpt(name)))
            return False
        return True

    def free_name(self, node: ast.AST, name: str) -> bool:
        """Whether a text may give this name to a value: not that of a constant or a function."""
        if name in CONSTANTS or name in BUILTINS:
            self.refuse(node, message("“%(name)s”是保留名称，不能用作变量。", name=excerpt(name)))
            return False
        self.names_given.append((name, *self._place(node)))
        return self.allowed_name(node, name)

    def read(self, name: str) -> Run:
        """The function that reads a variable."""
        self.reads.setdefault(name)
        return access.variable(name)

    def _bool(self, node: ast.BoolOp) -> Run:
        parts = tuple(self.expression(each) for each in node.values)
        if len(parts) == 2:
            one, two = parts
            if type(node.op) is ast.And:
                return lambda frame: one(frame) and two(frame)
            return lambda frame: one(frame) or two(frame)
        return access.all_of(parts) if type(node.op) is ast.And else access.any_of(parts)

    def _unary(self, node: ast.UnaryOp) -> Run:
        inner = self.expression(node.operand)
        if type(node.op) is ast.Not or (type(node.op) is ast.Invert and self.source.mapped):
            return lambda frame: not inner(frame)
        if type(node.op) is ast.USub:
            return lambda frame: subtract(frame, 0, inner(frame))
        if type(node.op) is ast.UAdd:
            return lambda frame: add(frame, 0, inner(frame))
        return self.refuse_kind(node, node.op)

    def _binary(self, node: ast.BinOp) -> Run:
        work = ARITHMETIC.get(type(node.op))
        if work is None:
            return self.refuse_kind(node, node.op)
        left, right = self.expression(node.left), self.expression(node.right)
        return lambda frame: work(frame, left(frame), right(frame))

    def _compare(self, node: ast.Compare) -> Run:
        left = self.expression(node.left)
        if len(node.ops) == 1:
            return self._one_comparison(node, left, node.ops[0], node.comparators[0])
        steps = []
        for sign, other in zip(node.ops, node.comparators, strict=True):
            work = COMPARISONS.get(type(sign))
            if work is None:
                return self.refuse_kind(node, sign)
            steps.append((work, self.expression(other)))
        return access.chain(left, tuple(steps))

    def _one_comparison(self, node: ast.Compare, left: Run, sign: ast.cmpop, other: ast.expr) -> Run:
        if isinstance(sign, ast.Is | ast.IsNot):
            return self._identity(node, left, sign, other)
        work = COMPARISONS[type(sign)]
        if isinstance(other, ast.Constant) and isinstance(sign, ast.Eq | ast.NotEq):
            self.expression(other)
            return access.equals_constant(left, other.value, isinstance(sign, ast.Eq))
        right = self.expression(other)
        return lambda frame: work(frame, left(frame), right(frame))

    def _identity(self, node: ast.Compare, left: Run, sign: ast.cmpop, other: ast.expr) -> Run:
        empty = isinstance(other, ast.Constant) and other.value is None
        if not (empty or (isinstance(other, ast.Name) and other.id in ("null", "none"))):
            return self.refuse(node, message("is 只能用来判断是否为空值（None）。"))
        if isinstance(sign, ast.Is):
            return lambda frame: left(frame) is None
        return lambda frame: left(frame) is not None

    def _either(self, node: ast.IfExp) -> Run:
        test, yes, no = (self.expression(each) for each in (node.test, node.body, node.orelse))
        return lambda frame: yes(frame) if test(frame) else no(frame)

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> Run:
        parts = tuple(self.expression(each) for each in node.elts)
        return access.distinct(parts) if isinstance(node, ast.Set) else lambda frame: [each(frame) for each in parts]

    def _dict(self, node: ast.Dict) -> Run:
        pairs = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                return self.refuse(node, message("不支持“%(sign)s”这种写法。", sign="**"))
            pairs.append((self.expression(key), self.expression(value)))
        return access.mapping(tuple(pairs))

    def _attribute(self, node: ast.Attribute) -> Run:
        if not self.allowed_name(node, node.attr):
            return _nothing
        inner, key = self.expression(node.value), node.attr
        return lambda frame: access.entry(inner(frame), key)

    def _subscript(self, node: ast.Subscript) -> Run:
        inner = self.expression(node.value)
        if isinstance(node.slice, ast.Slice):
            if node.slice.step is not None:
                return self.refuse(node, message("切片不支持步长。"))
            ends = [self.expression(each) if each else _nothing for each in (node.slice.lower, node.slice.upper)]
            return access.part(inner, ends[0], ends[1])
        index = self.expression(node.slice)
        return lambda frame: access.item(inner(frame), index(frame))

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.DictComp) -> Run:
        before = len(self.scope)
        run = loops.comprehension(self, node)
        del self.scope[before:]
        return run

    def _call(self, node: ast.Call) -> Run:
        given = [self.expression(each) for each in node.args]
        named = {each.arg: self.expression(each.value) for each in node.keywords if each.arg}
        if len(named) != len(node.keywords):
            return self.refuse(node, message("不支持“%(sign)s”这种写法。", sign="**"))
        if isinstance(node.func, ast.Attribute):
            return self._method(node, node.func, given, named)
        if not isinstance(node.func, ast.Name):
            return self.refuse(node, message("只能按名称调用函数。"))
        name = node.func.id
        builtin = BUILTINS.get(name)
        if builtin is None:
            self.calls.append((name, *self._place(node)))
            return access.function_call(name, tuple(given), named, self.keep)
        if not builtin.least <= len(given) <= builtin.most or not named.keys() <= builtin.keywords:
            return self.refuse(node, message("“%(name)s”的参数不正确。", name=name))
        if len(given) == 1 and not named:
            work, only = builtin.run, given[0]
            return lambda frame: work(frame, only(frame))
        return access.builtin_call(builtin.run, tuple(given), named)

    def _method(self, node: ast.Call, func: ast.Attribute, given: list[Run], named: dict[str, Run]) -> Run:
        name = func.attr
        if name not in METHODS:
            return self.refuse(node, message("没有“%(name)s”这种操作。", name=excerpt(name)))
        if name in CHANGES and not self.script:
            return self.refuse(node, message("“%(name)s”会改动数据，只能在脚本中使用。", name=name))
        if named:
            return self.refuse(node, message("“%(name)s”的参数不正确。", name=name))
        self.changes = self.changes or name in CHANGES
        return access.method_call(self.expression(func.value), name, tuple(given))


_VISITS: dict[type[ast.expr], Callable[[Compiler, Any], Run]] = {
    ast.Constant: Compiler._constant,
    ast.Name: Compiler._name,
    ast.BoolOp: Compiler._bool,
    ast.UnaryOp: Compiler._unary,
    ast.BinOp: Compiler._binary,
    ast.Compare: Compiler._compare,
    ast.IfExp: Compiler._either,
    ast.List: Compiler._list,
    ast.Tuple: Compiler._list,
    ast.Set: Compiler._list,
    ast.Dict: Compiler._dict,
    ast.Attribute: Compiler._attribute,
    ast.Subscript: Compiler._subscript,
    ast.ListComp: Compiler._comprehension,
    ast.GeneratorExp: Compiler._comprehension,
    ast.DictComp: Compiler._comprehension,
    ast.Call: Compiler._call,
}
