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
from handlers.correction.fields import DAY, FIELDS, OUTCOME
from handlers.correction.grades import CHANGED_GRADE, by_appraisal, final_entries, grades_given
from handlers.correction.opinions import PARTS, WHOLE, point_of, points_of
from handlers.registry import names, options, tally, validator
from handlers.technical_consultation.words import moment_of
from processes.engine.house import FormCheck, Tally
from processes.forms.wording import Option
from processes.identity.models import Organization
from processes.messages import message
from processes.registers.activities import Activity
from processes.registers.appraisals import AppraisalEntry
from processes.registers.attendances import Attendance, Standing, attendance_of
from processes.registers.corrections import correction_going_on
from processes.registers.grading import cap_standing
from processes.registers.opinions import Opinion, OpinionItem, ReservedOpinion
from processes.rules.appraisal import Grade

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


@validator("correction.request", zh="更正申请：新值不同，一次一件", en="Correction: another value, one at a time")
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


@validator(
    "correction.opinion_request",
    zh="意见书更正：由签署人或采纳单位提出",
    en="Correction of an opinion: by who signed or adopted it",
)
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


@validator("correction.decision", zh="更正等次：不超上限，不称职写明理由", en="Corrected grade: ceiling and reasons")
def decision(check: FormCheck) -> None:
    """Grades that are corrected keep each year's ceiling, and 不称职 has its reasons."""
    problems, given, made = Problems(), check.answers, this_correction(check)
    grades, entries = grades_given(check, made, given), final_entries(check, made)
    if text(given, "grade_effect") == CHANGED_GRADE and text(given, "decision") == "同意" and not grades:
        problems.add("grade_rows", message("请填写更正后的等次；都不更正的，请选择“维持原等次”。"))
    for appraisal, new in by_appraisal(entries, grades):
        standing = cap_standing(check.session, appraisal, new)
        for entry in entries:
            if entry.id in new and new[entry.id] == entry.grade:
                problems.add(_grade_field(check, entry), message("与原等次相同，请留空或选择“维持原等次”。"))
            elif new.get(entry.id) == Grade.EXCELLENT and standing.over:
                told = message("优秀等次没有空余名额：%(standing)s。", standing=standing.sentence)
                problems.add(_grade_field(check, entry), told)
    if "不称职" in grades.values() and len(text(given, "finding")) < 50:
        problems.add("finding", message("更正为不称职的，理由不少于50个字。"))
    problems.refuse()


def _grade_field(check: FormCheck, entry: AppraisalEntry) -> str:
    ids = [row["entry_id"] for row in check.data.get("grade_rows") or ()]
    return f"grade_rows.{ids.index(str(entry.id))}.new_grade" if str(entry.id) in ids else "new_grade"


@tally("correction.ceiling", zh="更正后全年名单的名额", en="Places of the year's list after the correction")
def ceiling(check: FormCheck) -> Tally:
    """What each year's list would come to with the grades that are being corrected, the year that is over first."""
    made = this_correction(check)
    years = by_appraisal(final_entries(check, made), grades_given(check, made, check.answers))
    standings = [cap_standing(check.session, appraisal, new) for appraisal, new in years]
    first, *others = sorted(standings, key=lambda each: not each.over)
    return ceiling_tally(first, [each.told for each in others])
