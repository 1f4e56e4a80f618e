"""One run of a program: what it may read, what it has set, and how much work it may still do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from processes.engine.language.errors import LanguageError
from processes.messages import message

EMPTY: Mapping[str, Any] = MappingProxyType({})

EXPRESSION_LENGTH = 4_000
"""Characters of an expression or a cell."""
SCRIPT_LENGTH = 20_000
"""Characters of a script or a template."""
EXPRESSION_STEPS = 20_000
SCRIPT_STEPS = 100_000
"""Steps of work in one run; a step is about one node of the text, one item of a list or 100 characters."""
STEP_CHARACTERS = 100
LONGEST_TEXT = 100_000
"""Characters of one text value."""
LARGEST_COLLECTION = 10_000
"""Items of one list or mapping."""
LARGEST_WHOLE = 1 << 1024
"""Whole numbers stay below this (309 digits)."""
DEEPEST = 48
"""Levels of nesting of a value."""


class Room:
    """How large the values may be, fully written out, that enter or leave one run."""

    __slots__ = ("characters", "nodes")

    def __init__(self, nodes: int = 100_000, characters: int = 1_000_000) -> None:
        self.nodes = nodes
        self.characters = characters

    def take(self, nodes: int, characters: int = 0) -> None:
        """Use some of the room; refuses when none is left."""
        self.nodes -= nodes
        self.characters -= characters
        if self.nodes < 0 or self.characters < 0:
            raise LanguageError(message("数据过大，表达式或脚本不能处理。"))


class Frame:
    """The state of one run; `own` and `written` serve scripts alone."""

    __slots__ = ("functions", "left", "names", "own", "room", "slots", "written")

    def __init__(self, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]], steps: int) -> None:
        self.names = names
        self.functions = functions
        self.left = steps
        self.slots: dict[int, Any] = {}
        self.own: dict[str, Any] = {}
        self.written: dict[str, None] = {}
        self.room: Room | None = None

    def spend(self, steps: int) -> None:
        """Count work before it is done; refuses when the run has done too much."""
        self.left -= steps
        if self.left < 0:
            raise LanguageError(message("运算量超过上限，请简化表达式或脚本。"))

    def spend_text(self, characters: int) -> None:
        """Count the making or reading of a text before it is done."""
        if characters > LONGEST_TEXT:
            raise LanguageError(message("文字过长（超过 %(most)s 字）。", most=LONGEST_TEXT))
        self.spend(1 + characters // STEP_CHARACTERS)

    def spend_items(self, items: int) -> None:
        """Count the making or reading of a collection before it is done."""
        if items > LARGEST_COLLECTION:
            raise LanguageError(message("列表过长（超过 %(most)s 项）。", most=LARGEST_COLLECTION))
        self.spend(1 + items)


Run = Callable[[Frame], Any]
"""A piece of a program: gives its value in a frame."""
