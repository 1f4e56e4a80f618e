"""A form for a step whose diagram names none: made from its declared variables, or a box for a comment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from processes.forms.definition import FormDefinition
from processes.forms.kinds import MOST_FIELDS
from processes.forms.naming import field_name_problem

KINDS = {
    "string": "text",
    "text": "text",
    "textarea": "textarea",
    "int": "integer",
    "integer": "integer",
    "long": "integer",
    "short": "integer",
    "float": "decimal",
    "double": "decimal",
    "decimal": "decimal",
    "number": "decimal",
    "boolean": "boolean",
    "bool": "boolean",
    "date": "date",
    "datetime": "datetime",
    "timestamp": "datetime",
}
"""Types of variables in diagrams of several tools; any other is a text."""
_LONGEST_LABEL = 200


def form_from_variables(title: str, variables: Sequence[tuple[str, str, str]]) -> FormDefinition:
    """A form with one field for each (name, type, label); a name that cannot be a field is told in a note."""
    fields: list[dict[str, Any]] = []
    unfit: list[str] = []
    seen: set[str] = set()
    for name, kind, label in variables:
        if name in seen:
            continue
        seen.add(name)
        if field_name_problem(name) or len(fields) >= MOST_FIELDS - 2:
            unfit.append(str(name)[:64])
            continue
        text = (label or "").strip() or name
        fields.append({"key": name, "type": KINDS.get(str(kind).lower(), "text"), "label": _wording(text)})
    if not fields:
        fields.append({"key": "comment", "type": "textarea", "label": {"zh": "办理意见", "en": "Comment"}})
    if unfit:
        fields.append(_unfit_note(unfit, seen))
    return FormDefinition.parse({"key": "automatic", "title": _wording(title.strip() or "办理"), "fields": fields})


def _wording(text: str) -> dict[str, str]:
    return {"zh": text.encode("utf-8", "ignore").decode()[:_LONGEST_LABEL]}


def _unfit_note(names: list[str], taken: set[str]) -> dict[str, Any]:
    listed = ", ".join(names)[:500].encode("utf-8", "ignore").decode()
    key = next(each for number in range(len(taken) + 1) if (each := f"note_{number}") not in taken)
    text = {
        "zh": f"以下变量的名称不能用作表单项，未列出：{listed}",
        "en": f"These variables are not listed because their names cannot be used: {listed}",
    }
    return {"key": key, "type": "note", "label": text}
