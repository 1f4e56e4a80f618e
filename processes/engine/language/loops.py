"""Loops over finite lists: comprehensions, and the names that live inside a loop."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from processes.engine.language.errors import LanguageError
from processes.engine.language.frame import Frame, Run
from processes.engine.language.values import LISTS, as_key, items_of
from processes.messages import message

if TYPE_CHECKING:
    from processes.engine.language.expressions import Compiler

Give = Callable[[Frame, Any], None]
"""Takes an item of the list, or collects what the loop has made."""


def _drop(frame: Frame, value: Any) -> None:
    return None


def target(compiler: Compiler, node: ast.expr) -> Give:
    """How an item of a list gets its name, or its names when it is a list itself."""
    names = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
    slots: list[int] = []
    for each in names:
        if not isinstance(each, ast.Name):
            compiler.refuse(each, message("循环变量只能是名称。"))
            return _drop
        if not compiler.free_name(each, each.id):
            return _drop
        slots.append(compiler.new_slot(each.id))
    if isinstance(node, ast.Name):
        only = slots[0]

        def one(frame: Frame, item: Any) -> None:
            frame.slots[only] = item

        return one
    return lambda frame, item: frame.slots.update(zip(slots, unpacked(item, len(slots)), strict=True))


def unpacked(item: Any, wanted: int) -> Any:
    """The parts of a list that has exactly as many as there are names."""
    if type(item) in LISTS and len(item) == wanted:
        return item
    raise LanguageError(message("此处需要由 %(count)s 项组成的列表。", count=wanted))


def comprehension(compiler: Compiler, node: ast.ListComp | ast.GeneratorExp | ast.DictComp) -> Run:
    """A list or mapping made from other lists; each turn costs as many steps as its text has nodes."""
    before = compiler.nodes
    turns = [_turn(compiler, each) for each in node.generators]
    if isinstance(node, ast.DictComp):
        key, value = compiler.expression(node.key), compiler.expression(node.value)
        return _mapping(_nested(turns, compiler.nodes - before), key, value)
    element = compiler.expression(node.elt)
    walk = _nested(turns, compiler.nodes - before)

    def run(frame: Frame) -> list[Any]:
        made: list[Any] = []
        walk(frame, lambda: made.append(element(frame)))
        return made

    return run


def _mapping(walk: Walk, key: Run, value: Run) -> Run:
    def run(frame: Frame) -> dict[Any, Any]:
        made: dict[Any, Any] = {}

        def put() -> None:
            made[as_key(key(frame))] = value(frame)

        walk(frame, put)
        return made

    return run


Turn = tuple[Run, Give, tuple[Run, ...]]
Walk = Callable[[Frame, Callable[[], None]], None]


def _turn(compiler: Compiler, node: ast.comprehension) -> Turn:
    if node.is_async:
        compiler.refuse(node.target, message("不支持“%(sign)s”这种写法。", sign="async"))
    values = compiler.expression(node.iter)
    give = target(compiler, node.target)
    return values, give, tuple(compiler.expression(each) for each in node.ifs)


def _nested(turns: list[Turn], cost: int) -> Walk:
    values, give, tests = turns[0]
    inner = _nested(turns[1:], cost) if turns[1:] else None

    def walk(frame: Frame, put: Callable[[], None]) -> None:
        for item in items_of(frame, values(frame)):
            frame.spend(cost)
            give(frame, item)
            if all(test(frame) for test in tests):
                if inner is None:
                    put()
                else:
                    inner(frame, put)

    return walk
