"""What the language has: its constants, operators and limits, and the signs of Python that it refuses."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from processes.engine.language.frame import Frame
from processes.engine.language.values import (
    add,
    contains,
    divide,
    divide_whole,
    equal,
    multiply,
    ordered,
    subtract,
)

CONSTANTS = {"true": True, "false": False, "null": None, "none": None}
"""Words of other notations that are constants here."""
DEEPEST_TEXT = 60
"""Levels of nesting of an expression."""
MOST_PROBLEMS = 50
"""Problems that are told of one text."""

ARITHMETIC: dict[type[ast.operator], Callable[[Frame, Any, Any], Any]] = {
    ast.Add: add,
    ast.Sub: subtract,
    ast.Mult: multiply,
    ast.Div: divide,
    ast.FloorDiv: divide_whole,
}
COMPARISONS: dict[type[ast.cmpop], Callable[[Frame, Any, Any], bool]] = {
    ast.Eq: equal,
    ast.NotEq: lambda frame, left, right: not equal(frame, left, right),
    ast.Lt: ordered(operator.lt),
    ast.LtE: ordered(operator.le),
    ast.Gt: ordered(operator.gt),
    ast.GtE: ordered(operator.ge),
    ast.In: contains,
    ast.NotIn: lambda frame, left, right: not contains(frame, left, right),
}
"""Comparisons."""
REFUSED: dict[type[ast.AST], str] = {
    ast.Lambda: "lambda", ast.JoinedStr: "f-string", ast.Await: "await", ast.Yield: "yield", ast.Starred: "*",
    ast.NamedExpr: ":=", ast.Pow: "**", ast.Mod: "%", ast.While: "while", ast.FunctionDef: "def", ast.ClassDef: "class",
    ast.Import: "import", ast.ImportFrom: "import", ast.Try: "try", ast.With: "with", ast.Global: "global",
    ast.Delete: "del", ast.Return: "return", ast.Raise: "raise", ast.Assert: "assert", ast.Break: "break",
    ast.Continue: "continue", ast.Nonlocal: "nonlocal", ast.YieldFrom: "yield", ast.SetComp: "{… for …}",
    ast.Match: "match", ast.AnnAssign: ":",
}  # fmt: skip
