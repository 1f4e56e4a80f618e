"""What a form shows before anybody has typed: values of the case, defaults, rows that are given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from processes.forms.context import FormContext
from processes.forms.days import bound_day
from processes.forms.definition import Field, FormDefinition
from processes.forms.display import plain
from processes.forms.kinds import DAYS
from processes.forms.tables import rows_shown


def initial_values(
    definition: FormDefinition, context: FormContext, draft: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Values to draw a form with: variables and defaults, or the draft (or what was sent and refused) in their place.

    What is only shown always comes from the case; a default does not come back once a person has cleared it.
    """
    values: dict[str, Any] = {}
    for field in definition.fields:
        if field.type == "note":
            continue
        if draft is None or not field.answers:
            found = _begin(field, context)
        elif field.fixed_rows:
            found = _with_given(field, draft.get(field.key), context)
        else:
            found = draft.get(field.key)
        if found is not None:
            values[field.key] = found
    return values


def _with_given(field: Field, typed: Any, context: FormContext) -> list[dict[str, Any]]:
    """Given rows with what a person has typed into them; cells that are only shown are those of the case now."""
    rows = rows_shown(field, context)
    for row, sent in zip(rows, typed if isinstance(typed, list) else [], strict=False):
        if isinstance(sent, Mapping):
            row.update({each.key: sent.get(each.key) for each in field.columns if not each.readonly})
    return rows


def _begin(field: Field, context: FormContext) -> Any:
    if field.type == "table" and not (field.readonly and not field.rows_from and field.default is None):
        return rows_shown(field, context)
    source = field.default_from or (field.key if field.readonly else None)
    if source and context.values.get(source) is not None:
        return plain(context.values[source])
    if field.type in DAYS and isinstance(field.default, str):
        day = bound_day(field.default, context.values.get, context)
        text = day.isoformat() if isinstance(day, date) else field.default
        return text[:7] if field.type == "month" else text
    return list(field.default) if isinstance(field.default, tuple) else field.default
