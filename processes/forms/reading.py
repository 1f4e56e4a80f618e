"""The answers in a posted page: names of its controls turned into fields, lists and rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

from processes.forms.definition import Field, FormDefinition
from processes.forms.listed import STORED
from processes.forms.values import is_empty

MOST_POSITIONS = 1_000
"""Rows a page can number; a higher number is a forgery and is treated as an unknown name."""
_CELL = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,63})-([0-9]{1,4})-([A-Za-z][A-Za-z0-9_]{0,63})", re.ASCII)
PAGE_NAMES = ("csrf_token",)


@runtime_checkable
class Pairs(Protocol):
    """What a posted page gives: names, each with all its values (a `MultiDict`)."""

    def keys(self) -> Iterable[str]: ...

    def getlist(self, key: str) -> Sequence[Any]: ...


def read_form(definition: FormDefinition, pairs: Pairs, ignore: Collection[str] = PAGE_NAMES) -> dict[str, Any]:
    """Raw answers by field; names the form does not have stay in, so that they are refused.

    Names that begin with `_`, and `ignore`, belong to the page and not to the form.
    """
    raw: dict[str, Any] = {}
    tables: dict[str, dict[int, dict[str, Any]]] = {}
    for name in dict.fromkeys(pairs.keys()):
        if name.startswith("_") or name in ignore:
            continue
        values = list(pairs.getlist(name))
        cell = _CELL.fullmatch(name)
        table = definition.field(cell[1]) if cell else None
        if cell and table and table.type == "table" and int(cell[2]) < MOST_POSITIONS:
            tables.setdefault(table.key, {}).setdefault(int(cell[2]), {})[cell[3]] = _single(values)
        else:
            raw[name] = _of_field(definition.field(name), values)
    for key, rows in tables.items():
        field = definition.field(key)
        if field and key not in raw:
            raw[key] = _rows(field, rows)
    return raw


def _of_field(field: Field | None, values: list[Any]) -> Any:
    if field is None or not (field.many or field.type == "file"):
        return _single(values)
    kept = [value for value in values if not is_empty(value)]
    if field.type in ("file", "files"):
        return [value.removeprefix(STORED) if isinstance(value, str) else value for value in kept]
    return kept


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _rows(field: Field, rows: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in the order of the page; empty ones are left out, except where every row has its place."""
    if field.fixed_rows:
        return [rows.get(place, {}) for place in range(max(rows) + 1)]
    return [row for _, row in sorted(rows.items()) if not is_empty(row)]
