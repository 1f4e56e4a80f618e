"""What people have sent with the forms of a case, as plain answers for the registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.house import Call, FormCheck
from processes.engine.models import Case, Submission
from processes.errors import Invalid, NotFound
from processes.messages import message
from processes.registers.applications import Application, application_of
from processes.registers.rounds import Round, round_of

Row = Mapping[str, Any]


def sent(call: Call) -> Submission:
    """The submission that led to this step."""
    found = call.session.get(Submission, identified(call.data.get("submission_id")))
    if found is None or found.case_id != call.case.id:
        raise NotFound(message("未找到本步骤的表单。"))
    return found


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
