"""The rows of a table: each cell read by its column, rows counted, repeated rows found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processes.forms.conditions import Look
from processes.forms.context import FormContext
from processes.forms.days import outside
from processes.forms.definition import Field
from processes.forms.display import plain
from processes.forms.kinds import DAYS, MOST_ROWS
from processes.forms.refusal import Refused
from processes.forms.values import is_empty, missing, read_value, same_as_shown
from processes.messages import Message, message

Errors = dict[str, Message]
Row = dict[str, Any]


def rows_shown(field: Field, context: FormContext) -> list[Row]:
    """The rows a table begins with: from the variable it names, else its default."""
    given = plain(context.values.get(field.rows_from)) if field.rows_from else None
    if isinstance(given, list):
        return [dict(each) for each in given if isinstance(each, Mapping)]
    return [dict(each) for each in field.default or ()]


def read_table(field: Field, raw: Any, look: Look, context: FormContext) -> tuple[list[Row], Errors]:
    """The rows of a table and its errors under `key` and `key.row.column`."""
    if raw is None or raw == "":
        raw = []
    if not isinstance(raw, (list, tuple)) or not all(isinstance(each, Mapping) for each in raw):
        return [], {field.key: message("表格内容无效")}
    if field.fixed_rows:
        return _fixed(field, list(raw), look, context)
    most = field.max_rows or MOST_ROWS
    filled = [(place, row) for place, row in enumerate(raw) if not is_empty(row)]
    if len(filled) > most:
        return [], {field.key: message("不能超过 %(count)s 行", count=most)}
    rows, errors = _read_rows(field, filled, look, context)
    if filled and len(filled) < field.min_rows:
        errors.setdefault(field.key, message("至少 %(count)s 行", count=field.min_rows))
    return rows, errors


def _fixed(field: Field, raw: list[Any], look: Look, context: FormContext) -> tuple[list[Row], Errors]:
    """Rows that are given: what is only shown comes from the case and must not have changed meanwhile."""
    shown = rows_shown(field, context)
    if len(raw) > len(shown):
        return [], {field.key: message("不能增加行")}
    errors: Errors = {}
    merged: list[tuple[int, Row]] = []
    for place, known in enumerate(shown):
        sent = dict(raw[place]) if place < len(raw) else {}
        for column in field.columns:
            if not column.readonly:
                continue
            if not same_as_shown(column, sent.get(column.key), known.get(column.key)):
                errors[f"{field.key}.{place}.{column.key}"] = message("数据已变化，请刷新页面后重新填写")
            sent.pop(column.key, None)
        merged.append((place, sent))
    rows, found = _read_rows(field, merged, look, context, shown)
    return rows, found | errors


def _read_rows(
    field: Field, raw: list[tuple[int, Any]], look: Look, context: FormContext, shown: list[Row] | None = None
) -> tuple[list[Row], Errors]:
    rows: list[Row] = []
    errors: Errors = {}
    for place, sent in raw:
        known = {each.key: shown[place].get(each.key) for each in field.columns if each.readonly} if shown else {}
        row, found = _read_row(field, sent, known, look, context)
        rows.append(row)
        errors.update({f"{field.key}.{place}.{key}": text for key, text in found.items()})
    errors.update(_repeated(field, [place for place, _ in raw], rows))
    return rows, errors


def _read_row(
    field: Field, sent: Mapping[str, Any], known: Row, look: Look, context: FormContext
) -> tuple[Row, Errors]:
    row: Row = {}
    errors: Errors = {}
    for key, value in sent.items():
        column = field.column(key) if isinstance(key, str) else None
        if (column is None or column.readonly) and not is_empty(value):
            errors[str(key)[:64]] = message("表格中没有此列")
    for column in field.columns:
        try:
            row[column.key] = (
                known.get(column.key) if column.readonly else read_value(column, sent.get(column.key), context)
            )
        except Refused as refused:
            row[column.key] = None
            errors[column.key] = refused.text

    def inside(key: str) -> Any:
        return row[key] if key in row else look(key)

    for column in field.columns:
        if column.key not in errors and not column.readonly:
            found = _cell_problem(column, row[column.key], inside, context)
            if found:
                errors[column.key] = found
    return row, errors


def _cell_problem(column: Field, value: Any, look: Look, context: FormContext) -> Message | None:
    if is_empty(value):
        needed = column.required or (column.required_if is not None and column.required_if.holds(look))
        return missing(column) if needed else None
    if column.type in DAYS:
        return outside(value, column.not_before, column.not_after, look, context)
    return None


def _repeated(field: Field, places: list[int], rows: list[Row]) -> Errors:
    errors: Errors = {}
    seen: dict[tuple[str, ...], int] = {}
    for place, row in zip(places, rows, strict=True):
        values = [row.get(key) for key in field.unique_by]
        if not values or any(is_empty(each) for each in values):
            continue
        first = seen.setdefault(tuple(str(each) for each in values), place)
        if first != place:
            errors[f"{field.key}.{place}.{field.unique_by[0]}"] = message("与第 %(row)s 行重复", row=first + 1)
    return errors
