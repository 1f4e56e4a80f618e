"""The small language of letter templates: places, rows and conditions, and nothing that reaches the program.

A template is uploaded by an office and is never trusted. Its syntax tree is held against a list of allowed parts before
it is compiled, and while it runs it sees mappings, lists and plain text only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from jinja2 import Undefined, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from processes.errors import Invalid
from processes.messages import Message, message

ALLOWED_PARTS: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Tuple,
    nodes.List,
    nodes.For,
    nodes.If,
    nodes.CondExpr,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
)
ALLOWED_FILTERS = ("default", "d", "join", "length", "count", "first", "last", "trim")
ALLOWED_TESTS = ("defined", "undefined")
DEEPEST_PART = 60
"""Levels of a template's syntax tree; the tree is walked from level to level, and no letter needs more."""
DEEPEST_LOOPS = 2
"""A list, and a list in each of its rows; every further level would multiply the work."""
LONGEST_SEPARATOR = 10
LOOP_FACTS = ("index", "index0", "first", "last", "length")


class Absent(Undefined):
    """A value that the template asks for and nobody gave: any use of it says which."""

    def _fail(self, *_args: Any, **_others: Any) -> NoReturn:
        name = str(self._undefined_name)
        text = message("文书缺少“%(name)s”的内容。", name=name)
        raise Invalid(text, {name: text})

    __str__ = __iter__ = __len__ = __bool__ = __contains__ = __eq__ = __ne__ = __hash__ = _fail


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """Jinja cut down to the language of letters."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=Absent)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in ALLOWED_FILTERS}
        self.tests = {name: self.tests[name] for name in ALLOWED_TESTS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Compile nothing that is not on the list."""
        tree = super()._parse(source, name, filename)
        for text in forbidden_parts(tree):
            raise Invalid(text)
        return tree

    def parse_unchecked(self, source: str) -> nodes.Template:
        """The syntax tree for an examination that is to name every problem; it is never run."""
        tree = super()._parse(source, None, None)
        _require_shallow(tree)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A part of a mapping, or a fact of the loop; objects have no attributes here."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP_FACTS:
            return getattr(obj, attribute)
        raise Invalid(message("模板不能使用“.%(name)s”。", name=attribute))

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A part of a mapping by its name, or of a list by its place."""
        if isinstance(obj, Mapping) or isinstance(argument, str):
            return self.getattr(obj, str(argument))
        if isinstance(obj, Sequence) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=str(argument))


def forbidden_parts(tree: nodes.Node) -> list[Message]:
    """What a template contains beyond places, rows and conditions, in the order of the text."""
    texts = [text for part in _all_parts(tree) if (text := _objection(part) or _multiplies(part)) is not None]
    return texts + [message("模板的循环套得过深。")] * (_loop_depth(tree) > DEEPEST_LOOPS)


def _loop_depth(part: nodes.Node) -> int:
    inner = max(map(_loop_depth, part.iter_child_nodes()), default=0)
    return inner + isinstance(part, nodes.For)


def _multiplies(part: nodes.Node) -> Message | None:
    """What would let a few words of template make a text or a table without end."""
    if isinstance(part, nodes.For) and not isinstance(part.iter, nodes.Name | nodes.Getattr | nodes.Getitem):
        return message("模板的循环只能用于列表填写项。")
    if isinstance(part, nodes.Filter) and part.name == "join":
        separators = [*part.args, *(argument.value for argument in part.kwargs)]
        again = part.node is not None and any(inner.name == "join" for inner in _filters(part.node))
        if again or part.dyn_args or part.dyn_kwargs or not all(map(_short_text, separators)):
            return message("“|join”只能用一次，并且只能写一个简短的间隔符号。")
    return None


def _filters(part: nodes.Node) -> list[nodes.Filter]:
    return [inner for inner in _all_parts(part) if isinstance(inner, nodes.Filter)]


def _short_text(separator: nodes.Expr) -> bool:
    return (
        isinstance(separator, nodes.Const)
        and isinstance(separator.value, str)
        and len(separator.value) <= LONGEST_SEPARATOR
    )


def _require_shallow(tree: nodes.Node) -> None:
    """Go down level by level, not by recursion, so that the deepest tree cannot stop the examination."""
    level: list[nodes.Node] = [tree]
    for _ in range(DEEPEST_PART):
        level = [inner for part in level for inner in part.iter_child_nodes()]
    if level:
        raise Invalid(message("模板的写法套得过深，请简化。"))


def _all_parts(part: nodes.Node) -> list[nodes.Node]:
    return [part] + [inner for child in part.iter_child_nodes() for inner in _all_parts(child)]


def _objection(part: nodes.Node) -> Message | None:
    if not isinstance(part, ALLOWED_PARTS):
        return message("模板含有不允许的语句（%(part)s）。只能使用填写项、循环和条件。", part=type(part).__name__)
    if isinstance(part, nodes.Getattr) and part.attr.startswith("_"):
        return message("模板不能使用“.%(name)s”。", name=part.attr)
    if isinstance(part, nodes.Getitem) and not _plain_place(part.arg):
        return message("模板方括号内只能写名称或序号。")
    if isinstance(part, nodes.Getattr | nodes.Getitem) and isinstance(part.node, nodes.Const):
        return message("模板不能使用文字的属性。")
    if isinstance(part, nodes.For) and part.recursive:
        return message("模板不能使用递归循环。")
    if isinstance(part, nodes.Filter) and part.name not in ALLOWED_FILTERS:
        return message("模板不能使用“|%(name)s”。", name=part.name)
    if isinstance(part, nodes.Test) and part.name not in ALLOWED_TESTS:
        return message("模板不能使用“is %(name)s”。", name=part.name)
    return None


def _plain_place(argument: nodes.Expr) -> bool:
    if not isinstance(argument, nodes.Const):
        return False
    return isinstance(argument.value, int) or (isinstance(argument.value, str) and argument.value[:1] != "_")
