"""What the forms of a correction offer and are checked for against the registers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from handlers.annual_appraisal.tallies import ceiling_tally
from handlers.answers import identified, text
from handlers.checking import Problems
from handlers.correction.asking import PAPER, RECORD, RESERVED, chosen, this_correction, title_of
from handlers.correction.carrying_out import CHANGED_GRADE, final_entries
from handlers.correction.fields import DAY, FIELDS, OUTCOME
from handlers.correction.opinions import PARTS, WHOLE, point_of, points_of
from handlers.registry import names, options, tally, validator
from handlers.technical_consultation.words import moment_of
from processes.engine.house import FormCheck, Tally
from processes.forms.wording import Option
from processes.identity.models import Organization
from processes.messages import message
from processes.registers.activities import Activity
from processes.registers.attendances import Attendance, Standing, attendance_of
from processes.registers.corrections import correction_going_on
from processes.registers.grading import cap_standing
from processes.registers.opinions import Opinion, OpinionItem, ReservedOpinion

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
    papers = _own(
        select(Opinion, Attendance)
        .join(Attendance, Opinion.attendance_id == Attendance.id)
        .join(Activity, Attendance.activity_id == Activity.id),
        session,
        variables,
    )
    signed = session.execute(papers.order_by(Opinion.signed_at.desc(), Opinion.id).limit(MOST))
    return [
        *(Option(f"{RECORD}:{each.id}", title_of(each)) for each in found),
        *(Option(f"{PAPER}:{each.id}", title_of(attendance, each, PAPER)) for each, attendance in signed),
        *(Option(f"{RESERVED}:{each.id}", title_of(attendance, each)) for each, attendance in reserved),
    ]


@names("correctable_records")
def record_names(session: Session, values: Collection[str]) -> Mapping[str, str]:
    """The records chosen, whoever may correct them now."""
    return {each: title_of(*chosen(session, each), each.partition(":")[0]) for each in values if ":" in each}


@options("opinion_points")
def opinion_points(session: Session, variables: Variables) -> Sequence[Option]:
    """The points of the opinion that the case is about."""
    record = str(variables.get("record") or "")
    opinion = chosen(session, record)[1] if record.startswith(PAPER) else None
    return points_of(opinion) if opinion is not None else []


@names("opinion_points")
def point_names(session: Session, values: Collection[str]) -> Mapping[str, str]:
    """The points chosen, by their place in the opinion."""
    ids = [identified(each) for each in values if each != WHOLE]
    found = session.scalars(select(OpinionItem).where(OpinionItem.id.in_(ids)))
    return {WHOLE: "整份意见书", **{str(each.id): f"第{each.place}条：{each.issue[:40]}" for each in found}}


def _own(query: Any, session: Session, variables: Variables) -> Any:
    host = variables.get("starter_organization")
    body = session.get(Organization, host) if host else None
    if body is None:
        person_id = variables.get("started_by")
        return query.where(Attendance.person_id == identified(person_id)) if person_id else query.where(false())
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


@validator("correction.opinion_request")
def opinion_request(check: FormCheck) -> None:
    """Another value than the old one; the signer speaks for the opinion, the district for its adoption."""
    problems, given = Problems(), check.answers
    _, opinion = chosen(check.session, check.data["record"])
    assert opinion is not None
    part, point = PARTS[text(given, "part")], point_of(opinion, given.get("item"))
    if (point is None) != (part.attribute == "overall"):
        problems.add("item", message("总体评价针对整份意见书，其余内容请选择某一条意见。"))
        problems.refuse()
    by_planner = not check.data.get("starter_organization")
    if by_planner and part.of_district:
        problems.add("part", message("采纳情况由区县反馈，请由区县申请更正。"))
    if check.data.get("asked_by_district") and not part.of_district:
        problems.add("part", message("意见由首席规划师签署，区县只能申请更正采纳情况。"))
    if part.spoken(part.stored(given[part.answer])) == part.spoken(part.read(opinion, point)):
        problems.add(part.answer, message("新值与原值相同，无须更正。"))
    standing = correction_going_on(check.session, opinion.attendance_id, part.named(point))
    if standing is not None:
        problems.add("part", message("该字段已有办理中的更正申请（%(number)s）。", number=standing.number))
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


@tally("correction.ceiling")
def ceiling(check: FormCheck) -> Tally:
    """What the year's list would come to with the grade that is being corrected."""
    given = check.answers
    changed = text(given, "grade_effect") == CHANGED_GRADE and text(given, "new_grade")
    entry = final_entries(check, this_correction(check))[0]
    return ceiling_tally(cap_standing(check.session, entry.appraisal, {entry.id: changed} if changed else {}))
