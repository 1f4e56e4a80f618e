"""The compiler of scripts: assignments, conditions and loops over the expressions of the language."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from processes.engine.language import loops
from processes.engine.language.access import item
from processes.engine.language.errors import LanguageError, MissingValueError, excerpt
from processes.engine.language.expressions import Compiler
from processes.engine.language.frame import LARGEST_COLLECTION, Frame, Room, Run
from processes.engine.language.grammar import ARITHMETIC
from processes.engine.language.values import as_key, items_of, kind_of, plain
from processes.messages import message

Store = Callable[[Frame, Any], None]
"""Puts a value where an assignment wants it."""


def _ignore(frame: Frame, value: Any) -> None:
    return None


def room_of(frame: Frame) -> Room:
    """What is left of the size that copies of this run may take."""
    if frame.room is None:
        frame.room = Room()
    return frame.room


def own_copy(frame: Frame, value: Any) -> Any:
    """A copy that the script may change without anybody outside seeing it."""
    return plain(value, room_of(frame))


def own_variable(name: str) -> Run:
    """Read a variable of the script; one that comes from outside is copied when it is first read."""

    def run(frame: Frame) -> Any:
        own = frame.own
        if name not in own:
            try:
                value = frame.names[name]
            except KeyError:
                raise MissingValueError(message("没有变量“%(name)s”。", name=excerpt(name))) from None
            own[name] = own_copy(frame, value)
        return own[name]

    return run


def put_item(holder: Any, index: Any, value: Any) -> None:
    """Set an entry of a mapping or an existing position of a list."""
    if type(holder) is dict:
        if len(holder) >= LARGEST_COLLECTION and index not in holder:
            raise LanguageError(message("列表过长（超过 %(most)s 项）。", most=LARGEST_COLLECTION))
        holder[as_key(index)] = value
    elif type(holder) is list:
        item(holder, index)
        holder[index] = value
    else:
        raise LanguageError(message("%(kind)s不能按项赋值。", kind=kind_of(holder)))


class ScriptCompiler(Compiler):
    """Compiles a script; what it assigns is listed in `writes`."""

    script = True
    keep = staticmethod(own_copy)

    def block(self, nodes: list[ast.stmt]) -> Run:
        """The statements of a block, one after the other."""
        parts = tuple(self.statement(node) for node in nodes)

        def run(frame: Frame) -> None:
            for each in parts:
                each(frame)

        return run

    def statement(self, node: ast.stmt) -> Run:
        """The function that carries out a statement."""
        self.nodes += 1
        visit = _STATEMENTS.get(type(node))
        if visit is None:
            return self.refuse_kind(node)
        return self.nested(node, visit)

    def read(self, name: str) -> Run:
        if name not in self.writes:
            self.reads.setdefault(name)
        return own_variable(name)

    def store(self, node: ast.expr) -> Store:
        """How a value gets to the target of an assignment."""
        if isinstance(node, ast.Name):
            return self._store_name(node)
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
            return self._store_item(node)
        if isinstance(node, ast.Tuple | ast.List):
            parts = [self.store(each) for each in node.elts]

            def spread(frame: Frame, value: Any) -> None:
                for each, one in zip(parts, loops.unpacked(value, len(parts)), strict=True):
                    each(frame, one)

            return spread
        self.refuse(node, message('只能给变量或变量的某一项赋值，例如 x 或 x["y"]。'))
        return _ignore

    def _store_name(self, node: ast.Name) -> Store:
        name = node.id
        for known, slot in reversed(self.scope):
            if known == name:
                return lambda frame, value: frame.slots.__setitem__(slot, value)
        if not self.free_name(node, name):
            return _ignore
        self.writes.setdefault(name)

        def put(frame: Frame, value: Any) -> None:
            frame.own[name] = value
            frame.written[name] = None

        return put

    def _store_item(self, node: ast.Subscript) -> Store:
        if not self._own(node.value):
            self.refuse(node, message('只能给变量或变量的某一项赋值，例如 x 或 x["y"]。'))
            return _ignore
        self.changes = True
        holder, index = self.expression(node.value), self.expression(node.slice)
        return lambda frame, value: put_item(holder(frame), index(frame), value)

    def _own(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Subscript | ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name)

    def _assign(self, node: ast.Assign) -> Run:
        value = self.expression(node.value)
        stores = tuple(self.store(each) for each in node.targets)

        def run(frame: Frame) -> None:
            made = value(frame)
            for each in stores:
                each(frame, made)

        return run

    def _augment(self, node: ast.AugAssign) -> Run:
        work = ARITHMETIC.get(type(node.op))
        if work is None:
            return self.refuse_kind(node, node.op)
        if not isinstance(node.target, ast.Name | ast.Subscript):
            return self.refuse(node, message('只能给变量或变量的某一项赋值，例如 x 或 x["y"]。'))
        before, added = self.expression(node.target), self.expression(node.value)
        put = self.store(node.target)
        return lambda frame: put(frame, work(frame, before(frame), added(frame)))

    def _if(self, node: ast.If) -> Run:
        test, yes, no = self.expression(node.test), self.block(node.body), self.block(node.orelse)
        return lambda frame: yes(frame) if test(frame) else no(frame)

    def _for(self, node: ast.For) -> Run:
        if node.orelse:
            return self.refuse(node, message("循环不支持 else。"))
        before, scope = self.nodes, len(self.scope)
        values = self.expression(node.iter)
        give = loops.target(self, node.target)
        body = self.block(node.body)
        del self.scope[scope:]
        cost = self.nodes - before

        def run(frame: Frame) -> None:
            for each in items_of(frame, values(frame)):
                frame.spend(cost)
                give(frame, each)
                body(frame)

        return run

    def _pass(self, node: ast.Pass) -> Run:
        return lambda frame: None

    def _expression(self, node: ast.Expr) -> Run:
        return self.expression(node.value)


_STATEMENTS: dict[type[ast.stmt], Callable[[ScriptCompiler, Any], Run]] = {
    ast.Assign: ScriptCompiler._assign,
    ast.AugAssign: ScriptCompiler._augment,
    ast.If: ScriptCompiler._if,
    ast.For: ScriptCompiler._for,
    ast.Pass: ScriptCompiler._pass,
    ast.Expr: ScriptCompiler._expression,
}
