"""A decision table as records: what is asked, what comes out, and the rules between."""

from __future__ import annotations

from dataclasses import dataclass, field

POLICIES = ("UNIQUE", "FIRST", "ANY", "RULE ORDER", "COLLECT")
"""How many rules may apply, and which of them counts."""
SEVERAL = frozenset({"RULE ORDER", "COLLECT"})
"""Policies whose result is that of every rule that applies."""
AGGREGATIONS = ("", "SUM", "MIN", "MAX", "COUNT")
"""What a `COLLECT` table makes of its results; without one they stay a list."""
TYPES = ("string", "number", "boolean", "date")
MOST_RULES = 300
MOST_COLUMNS = 20
LONGEST_CELL = 500
LONGEST_LABEL = 200


@dataclass(frozen=True)
class Input:
    """A column that asks: what people call it, and the expression whose value its cells test."""

    id: str
    label: str
    expression: str
    type: str = "string"


@dataclass(frozen=True)
class Output:
    """A column that answers: its name becomes a variable of the case."""

    id: str
    name: str
    label: str
    type: str = "string"


@dataclass(frozen=True)
class Rule:
    """One line: a test for each input, an expression for each output, notes that decide nothing."""

    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A decision with its table."""

    id: str
    name: str
    policy: str = "UNIQUE"
    aggregation: str = ""
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    rules: tuple[Rule, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """Names of the columns of notes."""
