"""What people have sent with the forms of a case, as plain answers for the registers."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.house import Call, FormCheck
from processes.engine.models import Case, Submission, WorkItem
from processes.engine.packages import package
from processes.errors import Invalid, NotFound
from processes.messages import message
from processes.registers.applications import Application, application_of
from processes.registers.rounds import Round, round_of

Row = Mapping[str, Any]
_BROUGHT_ALONG: Mapping[str, Any] = json.loads((Path(__file__).parent / "forms_before.json").read_text())
"""Of the procedures as the desk brings them along."""
FORMS_BEFORE: Mapping[str, Sequence[str]] = _BROUGHT_ALONG["before"]
"""From whose forms each operation takes its answers."""
OUR_FORMS = frozenset[str](_BROUGHT_ALONG["forms"])
"""The forms of their steps; the operations know which of them they may come behind."""


def sent(call: Call) -> Submission:
    """The submission that led to this step: of the form whose answers it takes, whatever an owner drew between."""
    found = call.session.get(Submission, identified(call.data.get("submission_id")))
    if found is None or found.case_id != call.case.id:
        raise NotFound(message("未找到本步骤的表单。"))
    wanted = FORMS_BEFORE.get(call.element.properties.get("operation", ""), ())
    if not wanted or found.form_key in wanted or found.form_key in OUR_FORMS:
        return found
    before = _last_of(call, found, wanted)
    return found if before is None or _covers(call, found, before) else before


def _last_of(call: Call, latest: Submission, forms: Collection[str]) -> Submission | None:
    """The latest submission of some forms in the same part of a case: for the same district, else for the whole."""
    places = {"", call.session.get_one(WorkItem, latest.work_item_id).instance_key}
    return call.session.scalars(
        select(Submission)
        .join(Submission.work_item)
        .where(Submission.case_id == call.case.id, Submission.form_key.in_(forms), WorkItem.instance_key.in_(places))
        .order_by(WorkItem.instance_key.desc(), Submission.at.desc(), Submission.id)
        .limit(1)
    ).first()


def _covers(call: Call, other: Submission, wanted: Submission) -> bool:
    """Whether another form asks for everything that must be answered: it has come in the place of the first."""
    forms = package(call.session, call.case.definition_id).forms
    of_other, of_wanted = forms.get(other.form_key), forms.get(wanted.form_key)
    if of_wanted is None:
        return True
    asked = {each.key for each in of_other.fields} if of_other is not None else set()
    return {each.key for each in of_wanted.fields if each.required} <= asked


def answers(call: Call) -> Mapping[str, Any]:
    """The answers of the submission that led to this step."""
    return sent(call).answers


def last_sent(session: Session, case: Case, form_key: str) -> Submission | None:
    """The latest submission of a form in a case."""
    mine = select(Submission).where(Submission.case_id == case.id, Submission.form_key == form_key)
    return session.scalars(mine.order_by(Submission.at.desc(), Submission.id).limit(1)).first()


def rows(given: Mapping[str, Any], key: str) -> list[Row]:
    """The rows of a table that was answered."""
    return [row for row in given.get(key) or () if isinstance(row, Mapping)]


def text(given: Mapping[str, Any], key: str) -> str:
    """A text answer; empty where there is none."""
    value = given.get(key)
    return value.strip() if isinstance(value, str) else ""


def day(value: Any) -> date | None:
    """A day from an answer or a variable."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(value[:10]) if isinstance(value, str) and value else None


def needed_day(given: Mapping[str, Any], key: str) -> date:
    """A day without which the step cannot be done."""
    found = day(given.get(key))
    if found is None:
        problem = message("请填写日期。")
        raise Invalid(problem, {key: problem})
    return found


def halves(value: Any) -> int:
    """Hours or days of an answer as the registers keep them, in halves; 0 where there is no answer.

    >>> halves(3.5), halves(None)
    (7, 0)
    """
    return round(Decimal(str(value or 0)) * 2)


def identified(value: Any) -> UUID:
    """The id that a variable or an answer holds."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError as fault:
        raise NotFound(message("编号“%(value)s”无效。", value=str(value)[:60])) from fault


def identified_all(values: Any) -> list[UUID]:
    """The ids of a list, whether of texts or of rows of a table that hold them under `nominee`."""
    listed: Iterable[Any] = values if isinstance(values, list | tuple) else []
    return [identified(each.get("nominee") if isinstance(each, Mapping) else each) for each in listed]


def file_id(value: Any) -> UUID | None:
    """The stored file of an answer; the first one where several were sent."""
    first = value[0] if isinstance(value, list) and value else value
    return identified(first) if first else None


def file_ids(value: Any) -> list[UUID]:
    """The stored files of an answer."""
    return [identified(each) for each in (value if isinstance(value, list) else [value]) if each]


def this_round(step: Call | FormCheck) -> Round:
    """The round that the case is about."""
    return round_of(step.session, identified(step.data.get("round_id")))


def this_application(step: Call | FormCheck) -> Application:
    """The application that the case is about."""
    return application_of(step.session, identified(step.data.get("application_id")))
