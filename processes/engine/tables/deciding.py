"""Deciding by a table: which rules apply to the values of a case, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from processes.engine.language import LanguageError, evaluate, match_cell
from processes.engine.tables.model import SEVERAL, Rule, Table
from processes.messages import message

Functions = Mapping[str, Callable[..., Any]]
NONE: Functions = {}
NOTHING: Mapping[str, Any] = {}


def decide(table: Table, names: Mapping[str, Any], functions: Functions = NONE) -> dict[str, Any]:
    """What the table says of the variables of a case: a value for each output, a list of them where several count.

    Where no rule applies the outputs are None, or empty lists. `LanguageError` where rules that may not apply
    together do.
    """
    values = [evaluate(column.expression, names, functions) for column in table.inputs]
    return decided(table, values, names, functions)


def decided(
    table: Table, values: Sequence[Any], names: Mapping[str, Any] = NOTHING, functions: Functions = NONE
) -> dict[str, Any]:
    """What the table says where the values of its inputs are known."""
    found = applying(table, values, names, functions)
    if table.policy == "FIRST":
        found = found[:1]
    if table.policy == "UNIQUE" and len(found) > 1:
        raise LanguageError(
            message("决策表“%(name)s”的规则 %(rules)s 同时适用。", name=table.name, rules=_places(found))
        )
    results = [_outputs(table, table.rules[place], names, functions) for place in found]
    if table.policy == "ANY" and any(each != results[0] for each in results):
        text = message("决策表“%(name)s”的规则 %(rules)s 同时适用，结果却不同。", name=table.name, rules=_places(found))
        raise LanguageError(text)
    if table.policy in SEVERAL:
        return {
            column.name: _aggregated(table.aggregation, [each[column.name] for each in results])
            for column in table.outputs
        }
    return results[0] if results else {column.name: None for column in table.outputs}


def applying(
    table: Table, values: Sequence[Any], names: Mapping[str, Any] = NOTHING, functions: Functions = NONE
) -> list[int]:
    """The places of the rules that apply, in their order."""
    return [
        place
        for place, rule in enumerate(table.rules)
        if all(match_cell(cell, value, names, functions) for cell, value in zip(rule.inputs, values, strict=True))
    ]


def _outputs(table: Table, rule: Rule, names: Mapping[str, Any], functions: Functions) -> dict[str, Any]:
    return {
        column.name: evaluate(cell, names, functions) for column, cell in zip(table.outputs, rule.outputs, strict=True)
    }


def _aggregated(way: str, values: list[Any]) -> Any:
    if way == "COUNT":
        return len(values)
    if not way:
        return values
    if not values:
        return None
    return evaluate(f"{way.lower()}(values)", {"values": values})


def _places(found: Sequence[int]) -> str:
    return "、".join(str(place + 1) for place in found)
