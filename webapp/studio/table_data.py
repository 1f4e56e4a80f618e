"""A decision table and its tests between the page and the engine: plain data, checked in its shape alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processes.engine.tables import Coverage, Input, Output, Rule, Table, Trial, Verdict, typed
from processes.engine.tables.model import MOST_COLUMNS, MOST_RULES
from processes.engine.tables.trials import LONGEST, MOST_TRIALS
from processes.errors import Invalid
from processes.messages import message
from webapp.language import say


def as_data(table: Table) -> dict[str, Any]:
    """A table as the page holds it."""
    return {
        "id": table.id,
        "name": table.name,
        "policy": table.policy,
        "aggregation": table.aggregation,
        "notes": list(table.notes),
        "inputs": [
            {"id": each.id, "label": each.label, "expression": each.expression, "type": each.type}
            for each in table.inputs
        ],
        "outputs": [
            {"id": each.id, "label": each.label, "name": each.name, "type": each.type} for each in table.outputs
        ],
        "rules": [
            {"id": each.id, "inputs": list(each.inputs), "outputs": list(each.outputs), "notes": list(each.notes)}
            for each in table.rules
        ],
    }


def table_of(data: Any) -> Table:
    """The table that the page holds; `Invalid` where it is none. What its cells say is seen by the check."""
    found = _mapping(data)
    inputs, outputs = _list(found, "inputs", MOST_COLUMNS), _list(found, "outputs", MOST_COLUMNS)
    return Table(
        id=_text(found, "id"),
        name=_text(found, "name"),
        policy=_text(found, "policy"),
        aggregation=_text(found, "aggregation"),
        notes=_texts(found, "notes"),
        inputs=tuple(Input(*(_text(each, name) for name in ("id", "label", "expression", "type"))) for each in inputs),
        outputs=tuple(Output(*(_text(each, name) for name in ("id", "name", "label", "type"))) for each in outputs),
        rules=tuple(
            Rule(_text(each, "id"), _texts(each, "inputs"), _texts(each, "outputs"), _texts(each, "notes"))
            for each in _list(found, "rules", MOST_RULES)
        ),
    )


def trials_of(data: Any, table: Table) -> list[Trial]:
    """The tests that the page holds, their values as those of the columns."""
    rows = _list({"tests": data}, "tests", MOST_TRIALS)
    return [
        Trial(
            _text(row, "name"),
            {each.id: typed(_text(_mapping(row.get("inputs")), each.id), each) for each in table.inputs},
            {
                each.name: typed(_text(_mapping(row.get("expected")), each.name), each, table.policy)
                for each in table.outputs
            },
        )
        for row in rows
    ]


def trial_data(trial: Trial) -> dict[str, Any]:
    """A test as the page shows it: every value as it would be typed."""
    return {
        "name": trial.name,
        "inputs": {name: shown(value) for name, value in trial.inputs.items()},
        "expected": {name: shown(value) for name, value in trial.expected.items()},
    }


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """What came of a test."""
    return {
        "passed": verdict.passed,
        "got": {name: shown(value) for name, value in verdict.got.items()},
        "rules": [place + 1 for place in verdict.rules],
        "problem": say(verdict.problem) if verdict.problem is not None else "",
    }


def coverage_data(found: Coverage) -> dict[str, Any]:
    """Gaps and overlaps in words."""

    def words(region: Any) -> list[str]:
        return ["、".join(say(part) for part in parts) for parts in region]

    return {
        "gaps": [words(each) for each in found.gaps],
        "overlaps": [
            {"rules": [place + 1 for place in each.rules], "region": words(each.region)} for each in found.overlaps
        ],
        "unused": [place + 1 for place in found.unused],
        "note": say(found.note) if found.note is not None else "",
    }


def shown(value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _mapping(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise Invalid(message("提交的内容不是一张决策表。"))
    return data


def _list(data: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
    found = data.get(name)
    if not isinstance(found, list) or len(found) > most:
        raise Invalid(message("决策表的行或列过多，或内容不完整（%(name)s）。", name=name))
    return [_mapping(each) for each in found]


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name, "")
    if not isinstance(found, str) or len(found) > 4 * LONGEST or not _is_writable(found):
        raise Invalid(message("提交的内容不是一张决策表。"))
    return found


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = data.get(name, [])
    if not isinstance(found, list) or len(found) > MOST_COLUMNS:
        raise Invalid(message("决策表的行或列过多，或内容不完整（%(name)s）。", name=name))
    return tuple(_text({"it": each}, "it") for each in found)


def _is_writable(text: str) -> bool:
    """Whether XML can hold a text."""
    return all(each >= " " or each in "\t\n\r" for each in text) and not any(
        0xD800 <= ord(each) <= 0xDFFF for each in text
    )
