"""考核名册与述职: who is appraised, the notice, and whether the annual report came (第七条(六)、第十四条)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from handlers.annual_appraisal.words import ROLL, WHY, as_item
from handlers.answers import identified
from handlers.documents import issue
from handlers.registry import operation
from processes.engine.house import Call, FormCheck
from processes.messages import message
from processes.notices import notify
from processes.registers.annual_reports import AnnualReportStatus, annual_report_on
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.appraisals import (
    Appraisal,
    AppraisalEntry,
    AppraisalStatus,
    appraisal_of,
    appraisal_on,
    entries_of,
    entry_of,
)
from processes.registers.experts import employer_of
from processes.registers.grading import cap_standing, readings_of
from processes.registers.history import change_status, enter
from processes.registers.leaves import days_of_leave
from processes.registers.ledger import appointments_in
from processes.registers.planner_year import service_of_year
from processes.registers.switches import Readings, readings_on
from processes.rules.appraisal import EndReason, Standing, Why, appraisal_status
from processes.rules.excellent import RollStatus

Variables = dict[str, Any]
ENDS = {
    AppointmentStatus.DISMISSED: EndReason.DISMISSED,
    AppointmentStatus.WITHDRAWN: EndReason.WITHDRAWN,
    AppointmentStatus.EXPIRED: EndReason.EXPIRED,
}
SCHEDULE = (
    "12月31日前述职；次年1月15日前区县提出评价意见；1月31日前评议；征求市人力社保局意见后审定、告知；3月31日前存档"
)
TOLD_POSTS = ("planner", "district_bureau.clerk", "district_government.clerk", "employer.clerk")


def this_appraisal(step: Call | FormCheck) -> Appraisal:
    """The appraisal that the case is about."""
    return appraisal_of(step.session, identified(step.data.get("appraisal_id")))


def this_entry(step: Call | FormCheck) -> AppraisalEntry:
    """The planner that a called process is about."""
    return entry_of(step.session, identified(step.data["entry"]["entry_id"]))


def served_in(session: Session, year: int) -> list[list[Appointment]]:
    """The appointments of a year by person, each person's last to end at the end."""
    served: dict[Any, list[Appointment]] = {}
    for each in appointments_in(session, date(year, 1, 1), date(year, 12, 31)):
        served.setdefault(each.person_id, []).append(each)
    return [sorted(each, key=lambda one: one.ended_on or one.term_end) for each in served.values()]


def standing_of(session: Session, served: list[Appointment], year: int, readings: Readings) -> Standing:
    """R17 on the whole service of a year: a renewal or a second district does not part it."""
    leave = days_of_leave(session, [each.id for each in served], date(year, 1, 1), date(year, 12, 31))
    return appraisal_status(
        year,
        service_of_year(served),
        ENDS.get(AppointmentStatus(served[-1].status)),
        leave,
        min_months=readings.number("appraisal.min_months"),
        leave_half=readings.on("appraisal.leave_half"),
    )


@operation("annual_appraisal.build_roll", zh="生成考核名册", en="Build the roll")
def build_roll(call: Call) -> Variables:
    """Everybody who served in the year, graded or not (R17); the switches of the day are frozen with it."""
    year, readings = int(call.data["year"]), readings_on(call.session)
    appraisal = appraisal_on(call.session, year)
    if appraisal is None:
        appraisal = Appraisal(
            status=AppraisalStatus.ROLL, year=year, case_id=call.case.id, freeze_on=date(year, 12, 31),
            readings_version=readings.version,
        )  # fmt: skip
        enter(call.session, call.actor, appraisal)
    _enter_all(call.session, appraisal)
    return {**_days(year), **shown_roll(call.session, appraisal), "appraisal_id": str(appraisal.id), "hr_rounds": 0}


def _enter_all(session: Session, appraisal: Appraisal) -> None:
    readings = readings_of(session, appraisal)
    known = {each.person_id: each for each in entries_of(session, appraisal.id)}
    for served in served_in(session, appraisal.year):
        standing = standing_of(session, served, appraisal.year, readings)
        put_on_roll(session, appraisal, served, standing, known.get(served[-1].person_id))
    session.flush()


def put_on_roll(
    session: Session, appraisal: Appraisal, served: list[Appointment], standing: Standing, entry: AppraisalEntry | None
) -> AppraisalEntry:
    """A planner's place on the roll, made or brought up to date."""
    placed = entry or AppraisalEntry(appraisal_id=appraisal.id, person_id=served[-1].person_id, inputs={})
    placed.appointment_id = served[-1].id
    _stand(placed, standing)
    session.add(placed)
    return placed


def look_again(session: Session, appraisal: Appraisal) -> None:
    """Who has left, or turned out to be long on leave, since the roll was built is graded no more."""
    readings = readings_of(session, appraisal)
    served = {each[-1].person_id: each for each in served_in(session, appraisal.year)}
    for entry in entries_of(session, appraisal.id):
        if entry.roll == RollStatus.GRADED and entry.person_id in served:
            _stand(entry, standing_of(session, served[entry.person_id], appraisal.year, readings))
    session.flush()


def _stand(entry: AppraisalEntry, standing: Standing) -> None:
    entry.roll, entry.why = standing.status.value, standing.why.value


def _days(year: int) -> Variables:
    following = year + 1
    return {
        "year": year,
        "report_due": date(year, 12, 31).isoformat(),
        "reports_close": date(following, 1, 1).isoformat(),
        "view_due": date(following, 1, 15).isoformat(),
        "quality_due": date(following, 1, 22).isoformat(),
        "grading_due": date(following, 1, 31).isoformat(),
        "filing_due": date(following, 3, 31).isoformat(),
        "return_reason": "",
        "notice_note": "",
    }


def shown_roll(session: Session, appraisal: Appraisal) -> Variables:
    """The roll, who reports, and the ceiling as it stands."""
    listed, standing = entries_of(session, appraisal.id), cap_standing(session, appraisal)
    return {
        "roll_rows": [
            {"person": each.person.name, "unit": each.appointment.unit.name, "status": ROLL[RollStatus(each.roll)],
             "why": WHY[Why(each.why)]}
            for each in listed
        ],
        "n": standing.n,
        "cap": standing.cap,
        "cap_line": standing.sentence,
        "praise": "考核人数不足4人，优秀名额为0；可以“通报表扬”方式肯定，但不是考核等次。" if standing.cap == 0 else "",
        "readings_version": standing.readings_version,
        "planners": items_of(session, [each for each in listed if each.roll != RollStatus.NOT_INCLUDED]),
        "graded": items_of(session, [each for each in listed if each.roll == RollStatus.GRADED]),
    }  # fmt: skip


def items_of(session: Session, entries: Iterable[AppraisalEntry]) -> list[Variables]:
    """Planners as the called processes get them."""
    made = []
    for each in entries:
        employer = employer_of(session, each.person_id)
        made.append(as_item(each, employer.id if employer else None))
    return made


@operation("annual_appraisal.send_notice", zh="发出年度考核通知", en="Send the notice")
def send_notice(call: Call) -> Variables:
    """T16 goes to planners, districts and employers, with the roll."""
    appraisal = this_appraisal(call)
    standing, readings = cap_standing(call.session, appraisal), readings_of(call.session, appraisal)
    values = {
        "year": appraisal.year,
        "months": readings.number("appraisal.min_months"),
        "n": standing.n,
        "cap": standing.cap,
        "schedule": SCHEDULE,
        "roll": call.data["roll_rows"],
    }
    number = issue(call, "notice", values).number
    for role in TOLD_POSTS:
        told = message("%(year)s年度考核已启动：%(number)s。", year=appraisal.year, number=number)
        notify(call.session, "case", told, role=role, case_id=call.case.id)
    change_status(call.session, call.actor, appraisal, AppraisalStatus.REPORTS)
    return {"notice_number": number}


@operation("annual_appraisal.look_for_report", zh="查找已交报告", en="Look for the report")
def look_for_report(call: Call) -> Variables:
    """Who has had a report of the year accepted is not asked again."""
    entry = this_entry(call)
    return {
        "report_in": _accepted(call.session, entry),
        "entry_id": str(entry.id),
        "person_id": str(entry.person_id),
        "person_name": entry.person.name,
        "due": call.data["report_due"],
    }


@operation("annual_appraisal.note_report", zh="登记述职情况", en="Note the report")
def note_report(call: Call) -> Variables:
    """No report is marked; it is no grade by itself."""
    entry = this_entry(call)
    entry.report_missing = not _accepted(call.session, entry)
    call.session.flush()
    return {"report_state": "未提交报告" if entry.report_missing else "已接收"}


def _accepted(session: Session, entry: AppraisalEntry) -> bool:
    report = annual_report_on(session, entry.person_id, entry.appraisal.year)
    return report is not None and report.status == AnnualReportStatus.ACCEPTED


def mark_reports(session: Session, entries: Iterable[AppraisalEntry]) -> None:
    """A report that came late but before the grading counts."""
    for each in entries:
        each.report_missing = not _accepted(session, each)
