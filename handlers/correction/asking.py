"""申请更正: which record, which field, what it touches, and who has to agree (第十二条、第十四条)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from handlers.answers import answers, identified, sent, text
from handlers.correction.effects import effects_of, typing_error
from handlers.correction.fields import FIELDS, value_rows
from handlers.correction.opinions import PARTS, opinion_effects, point_of, shown_opinion
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call, FormCheck
from processes.errors import NotFound
from processes.identity.models import Organization
from processes.messages import message
from processes.registers.appointments import AppointmentStatus
from processes.registers.attendances import Attendance, attendance_of
from processes.registers.corrections import Correction, CorrectionStatus, ask_for_correction, correction_of
from processes.registers.opinions import Opinion
from processes.rules.workdays import WorkCalendar

Variables = dict[str, Any]
WHOLE_WD, TYPING_WD = 10, 5
"""Working days for the whole correction, and within which a slip of the pen is one's own to mend (D)."""
RECORD, RESERVED, PAPER = "attendance", "opinion", "paper"
DISMISSED = "该聘任已解聘，记录只可附加说明，不作更正。"
FROZEN = "保留意见任何人不得修改、隐藏或删除，只可附加说明（第九条（三））。"


@operation("correction.begin", zh="建立更正申请", en="Begin a correction")
def begin(call: Call) -> Variables:
    """Who asks, for which body, and by when it has to be settled."""
    host = str(call.data.get("starter_organization") or "")
    organization = call.session.get(Organization, host) if host else None
    due = call.house.calendar.add_workdays(clock.today(), WHOLE_WD)
    return {
        "record_title": "待选择",
        "asker_name": call.actor.name,
        "asked_by_district": organization is not None and organization.kind == "district_bureau",
        "due_by": due.isoformat(),
        "unit_id": organization.unit_id if organization else None,
        "note_only": False,
        "about": RECORD,
        "field": "",
        "self_service": False,
        "needs_approval": False,
        "touches_final": False,
        "decision": "",
        "verified_says": "逾期未核实",
        "grade_says": "",
        "grade_effect": "",
        "new_grade": "",
    }


def chosen(session: Session, record: Any) -> tuple[Attendance, Opinion | None]:
    """The record that a form named: an attendance, or an opinion with a reserved view."""
    kind, _, key = str(record).partition(":")
    if kind not in (RESERVED, PAPER):
        return attendance_of(session, identified(key)), None
    opinion = session.get(Opinion, identified(key))
    if opinion is None:
        raise NotFound(message("未找到该意见书。"))
    return attendance_of(session, opinion.attendance_id), opinion


def title_of(attendance: Attendance, opinion: Opinion | None = None, kind: str = RESERVED) -> str:
    """A record as lists name it."""
    activity = attendance.activity
    if opinion is not None and kind == PAPER:
        return f"意见书 {opinion.number} {opinion.scheme.name}（{attendance.person.name}）"
    if opinion is not None:
        return f"保留意见 {opinion.number}（{attendance.person.name}）"
    return f"{activity.number} {activity.title}（{attendance.person.name}）"


@operation("correction.show_record", zh="出示记录", en="Show the record")
def show_record(call: Call) -> Variables:
    """The record as it stands; of some only a note may be added."""
    attendance, opinion = chosen(call.session, call.data["record"])
    gone = attendance.appointment.status == AppointmentStatus.DISMISSED
    kind = str(call.data["record"]).partition(":")[0]
    reserved = opinion is not None and kind == RESERVED
    call.case.unit_id = attendance.activity.unit_id
    return {
        "record_title": title_of(attendance, opinion, kind),
        "attendance_id": str(attendance.id),
        "appointment_id": str(attendance.appointment_id),
        "unit_id": attendance.activity.unit_id,
        "value_rows": value_rows(attendance),
        "note_only": reserved or gone,
        "note_why": FROZEN if reserved else DISMISSED if gone else "",
        "about": kind,
        **(shown_opinion(opinion) if opinion is not None and kind == PAPER else {}),
    }


@operation("correction.take_note", zh="登记附加说明", en="Add the note")
def take_note(call: Call) -> Variables:
    """The note stands beside the record; the record is as it was."""
    attendance, opinion = chosen(call.session, call.data["record"])
    note = text(answers(call), "note")
    made = ask_for_correction(
        call.session, call.actor, CorrectionStatus.NOTED, case_id=call.case.id, attendance_id=attendance.id,
        opinion_id=opinion.id if opinion else None, unit_id=attendance.activity.unit_id, field="附加说明", new=note,
        reason=str(call.data["note_why"]), submission_id=sent(call).id, corrected_on=clock.today(),
    )  # fmt: skip
    return {"correction_id": str(made.id), "correction_number": made.number}


@operation("correction.find_effects", zh="影响分析", en="Find what it touches")
def find_effects(call: Call) -> Variables:
    """The request is written down with everything that it touches."""
    attendance, given = attendance_of(call.session, identified(call.data["attendance_id"])), answers(call)
    field = FIELDS[text(given, "field")]
    value = field.stored(given[field.answer])
    made = ask_for_correction(
        call.session, call.actor, case_id=call.case.id, attendance_id=attendance.id,
        unit_id=attendance.activity.unit_id, field=field.name, old=field.spoken(field.read(attendance)),
        new=field.spoken(value), value={"value": value}, reason=text(given, "reason"), submission_id=sent(call).id,
    )  # fmt: skip
    found = effects_of(call.session, made, call.house.calendar)
    made.effects = found.rows
    since = first_day(call.house.calendar, clock.today(), TYPING_WD)
    own = typing_error(attendance, _asker(call), since, field.typing)
    made.self_service = own and not (found.needs_approval or found.claims)
    return {
        "correction_id": str(made.id),
        "correction_number": made.number,
        "old_value": made.old,
        "new_value": made.new,
        "reason": made.reason,
        "effect_rows": found.rows,
        "self_service": made.self_service,
        "needs_approval": found.needs_approval,
        "touches_final": found.final,
        "absence_changes": found.absences,
        "level": "none",
    }


@operation("correction.find_opinion_effects", zh="影响分析", en="Find what the opinion touches")
def find_opinion_effects(call: Call) -> Variables:
    """A point of an opinion, or what was made of it; the opinion that was signed stays as it was issued."""
    attendance, opinion = chosen(call.session, call.data["record"])
    assert opinion is not None
    given = answers(call)
    part, point = PARTS[text(given, "part")], point_of(opinion, given.get("item"))
    value = part.stored(given[part.answer])
    made = ask_for_correction(
        call.session, call.actor, case_id=call.case.id, attendance_id=attendance.id, opinion_id=opinion.id,
        unit_id=attendance.activity.unit_id, field=part.named(point), old=part.spoken(part.read(opinion, point)),
        new=part.spoken(value), value={"value": value, "part": part.name, "item": str(point.id) if point else ""},
        reason=text(given, "reason"), submission_id=sent(call).id,
    )  # fmt: skip
    found = opinion_effects(call.session, made, opinion, part)
    made.effects = found.rows
    return {
        "correction_id": str(made.id),
        "correction_number": made.number,
        "field": made.field,
        "old_value": made.old,
        "new_value": made.new,
        "reason": made.reason,
        "effect_rows": found.rows,
        "self_service": False,
        "needs_approval": found.needs_approval,
        "touches_final": found.final,
        "absence_changes": False,
        "level": "none",
    }


def _asker(call: Call) -> UUID:
    return identified(call.data["started_by"])


def first_day(calendar: WorkCalendar, day: date, count: int) -> date:
    """The earliest day from which no more than so many working days have passed."""
    since = day
    while calendar.add_workdays(since, count) >= day and (day - since).days < 60:
        since = date.fromordinal(since.toordinal() - 1)
    return date.fromordinal(since.toordinal() + 1)


def this_correction(step: Call | FormCheck) -> Correction:
    """The correction that the case is about."""
    return correction_of(step.session, identified(step.data.get("correction_id")))
