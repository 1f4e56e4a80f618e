"""A form that is put aside half filled in: what can be kept is kept as it was typed, nothing is checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from processes.forms.definition import Field, FormDefinition
from processes.forms.kinds import LARGEST_NUMBER, LONGEST_EVER, MOST_ROWS_EVER
from processes.forms.texts import forbidden
from processes.forms.values import is_empty

MOST_VALUES = 500
_GONE = object()


def clean_draft(definition: FormDefinition, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The part of raw answers that belongs to the form and can be stored."""
    kept: dict[str, Any] = {}
    if not isinstance(raw, Mapping):
        return kept
    for field in definition.fields:
        if not field.answers or is_empty(raw.get(field.key)):
            continue
        value = _rows(field, raw[field.key]) if field.type == "table" else _value(field, raw[field.key])
        if value is not _GONE:
            kept[field.key] = value
    return kept


def _value(field: Field, raw: Any) -> Any:
    if isinstance(raw, (list, tuple)):
        values = [each for each in (_scalar(each) for each in raw[:MOST_VALUES]) if each is not _GONE]
        if field.many or field.type == "file":
            return values
        return values[0] if values else _GONE
    found = _scalar(raw)
    return [found] if field.many and found is not _GONE else found


def _scalar(raw: Any) -> Any:
    if isinstance(raw, str):
        return "".join(each for each in raw[:LONGEST_EVER] if each in "\r\n\t" or not forbidden(each))
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, (int, float)) and math.isfinite(raw) and abs(raw) <= LARGEST_NUMBER:
        return raw
    return _GONE


def _rows(field: Field, raw: Any) -> Any:
    if not isinstance(raw, (list, tuple)):
        return _GONE
    rows = []
    for sent in raw[:MOST_ROWS_EVER]:
        row = {}
        for column in field.columns:
            value = _value(column, sent.get(column.key)) if isinstance(sent, Mapping) else _GONE
            if value is not _GONE and not is_empty(value):
                row[column.key] = value
        if row or field.fixed_rows:
            rows.append(row)
    return rows
