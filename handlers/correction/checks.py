"""What the forms of a correction offer and are checked for against the registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import identified, text
from handlers.checking import Problems
from handlers.correction.asking import RECORD, RESERVED, this_correction, title_of
from handlers.correction.carrying_out import CHANGED_GRADE, final_entries
from handlers.correction.fields import DAY, FIELDS, OUTCOME
from handlers.registry import options, validator
from handlers.technical_consultation.words import moment_of
from processes.engine.house import FormCheck
from processes.forms.wording import Option
from processes.identity.models import Organization
from processes.messages import message
from processes.registers.activities import Activity
from processes.registers.attendances import Attendance, Standing, attendance_of
from processes.registers.corrections import correction_going_on
from processes.registers.grading import cap_standing
from processes.registers.opinions import Opinion, ReservedOpinion

Variables = Mapping[str, Any]
MOST = 400
"""Records offered, the newest first."""
_THERE = (Standing.ATTENDED, Standing.WRITTEN_ACCEPTED)
_RECORDED = ("实际开始", "实际结束", "是否按时", "咨询情况", "出差天数")


@options("correctable_records")
def correctable_records(session: Session, variables: Variables) -> Sequence[Option]:
    """A planner's own records, a district's own, for the city bureau all; reserved views for a note."""
    mine = _own(select(Attendance).join(Activity, Attendance.activity_id == Activity.id), session, variables)
    found = session.scalars(mine.order_by(Activity.starts_at.desc(), Attendance.id).limit(MOST))
    noted = _own(
        select(Opinion, Attendance)
        .join(ReservedOpinion, ReservedOpinion.opinion_id == Opinion.id)
        .join(Attendance, Opinion.attendance_id == Attendance.id)
        .join(Activity, Attendance.activity_id == Activity.id),
        session,
        variables,
    )
    reserved = session.execute(noted.order_by(Opinion.signed_at.desc()).limit(MOST))
    return [
        *(Option(f"{RECORD}:{each.id}", title_of(each)) for each in found),
        *(Option(f"{RESERVED}:{each.id}", title_of(attendance, each)) for each, attendance in reserved),
    ]


def _own(query: Any, session: Session, variables: Variables) -> Any:
    host = variables.get("starter_organization")
    body = session.get(Organization, host) if host else None
    if body is None:
        return query.where(Attendance.person_id == identified(variables.get("started_by")))
    return query.where(Activity.unit_id == body.unit_id) if body.kind == "district_bureau" else query


@validator("correction.request")
def request(check: FormCheck) -> None:
    """Another value than the old one, of a field that the record has, and one request for it at a time."""
    problems, given = Problems(), check.answers
    attendance = attendance_of(check.session, identified(check.data["attendance_id"]))
    field = FIELDS[text(given, "field")]
    value = given[field.answer]
    stored = field.stored(value)
    if field.name in _RECORDED and attendance.standing not in _THERE:
        problems.add("field", message("未参加的活动没有此项记录，请先更正参加情况。"))
    elif field.spoken(stored) == field.spoken(field.read(attendance)):
        problems.add(field.answer, message("新值与原值相同，无须更正。"))
    if field.name == DAY and not _in_service(attendance, date.fromisoformat(stored)):
        problems.add(field.answer, message("更正后的日期不在聘期内。"))
    if field.name == OUTCOME and stored == Standing.UNEXCUSED and not attendance.countable:
        problems.add(field.answer, message("通知不足或非义务活动，缺席不计次，不能更正为无正当理由。"))
    if field.name in ("实际开始", "实际结束") and not _in_order(attendance, field.name, stored):
        problems.add(field.answer, message("结束时间应在开始时间之后。"))
    standing = correction_going_on(check.session, attendance.id, field.name)
    if standing is not None:
        problems.add("field", message("该字段已有办理中的更正申请（%(number)s）。", number=standing.number))
    problems.refuse()


def _in_service(attendance: Attendance, day: date) -> bool:
    appointment = attendance.appointment
    return appointment.term_start <= day <= (appointment.ended_on or appointment.term_end)


def _in_order(attendance: Attendance, name: str, stored: str) -> bool:
    began = stored if name == "实际开始" else FIELDS["实际开始"].read(attendance)
    ended = stored if name == "实际结束" else FIELDS["实际结束"].read(attendance)
    return not began or not ended or moment_of(began) < moment_of(ended)


@validator("correction.decision")
def decision(check: FormCheck) -> None:
    """A grade that is corrected keeps the ceiling, and 不称职 has its reasons."""
    problems, given = Problems(), check.answers
    if text(given, "decision") == "同意" and text(given, "grade_effect") == CHANGED_GRADE:
        grade = text(given, "new_grade")
        for entry in final_entries(check, this_correction(check))[:1]:
            standing = cap_standing(check.session, entry.appraisal, {entry.id: grade})
            if standing.over:
                problems.add("new_grade", message("优秀等次没有空余名额：%(standing)s。", standing=standing.sentence))
            if grade == entry.grade:
                problems.add("new_grade", message("与原等次相同，请选择“维持原等次”。"))
        if grade == "不称职" and len(text(given, "finding")) < 50:
            problems.add("finding", message("更正为不称职的，理由不少于50个字。"))
    problems.refuse()
