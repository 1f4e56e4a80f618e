"""Which answers of a form become variables of the case."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from processes.engine.door import OpenCase
from processes.engine.models import Submission
from processes.engine.packages import split
from processes.engine.spiff import Element
from processes.forms.definition import Field
from processes.forms.kinds import FILES

RESERVED = frozenset({"case_id", "case_number", "started_by", "starter_organization", "submission_id", "completed_by"})


def carried(opened: OpenCase, element: Element, submission: Submission, stay: Collection[str]) -> dict[str, Any]:
    """The answers that become variables of the case: decisions and short facts, or those that `carry` lists.

    Variables that `stay` are left as they are: a form made from the diagram was sent without them.
    """
    form = opened.package.form(submission.form_key, element)
    wanted = element.properties.get("carry", "")
    named = set(split(wanted))
    keep = {
        key: value
        for key, value in submission.answers.items()
        if key not in RESERVED
        and key not in stay
        and (wanted.strip() == "*" or key in named or (not wanted and _short(form.field(key))))
    }
    return keep | {"submission_id": str(submission.id), "completed_by": str(submission.person_id)}


def _short(field: Field | None) -> bool:
    return field is not None and not field.masked and field.type not in {"table", "textarea", *FILES}
