"""区县季度情况报告: asked for, collected, written, sent, checked (第十二条)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from handlers.answers import answers, identified, text
from handlers.documents import draft, issue, next_document_number
from handlers.parties import bureau_of, government_of, unit_of
from handlers.quarterly_reporting import words
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call, FormCheck
from processes.registers.history import change_status
from processes.registers.ledger import appointments_in
from processes.registers.quarter_records import QuarterContent, content_of
from processes.registers.quarter_reports import (
    PlannerSummary,
    QuarterReport,
    QuarterSnapshot,
    ReportStatus,
    bureau_on_duty,
    owed_report,
    quarter_named,
    report_of,
    spoken_quarter,
    summaries_of,
)
from processes.registers.switches import readings_on
from processes.rules.quarters import Quarter, QuarterDays, quarter_days

Variables = dict[str, Any]
SERIES = "规资季报〔{year}〕{n}号"
"""Each district bureau numbers its own reports."""
WRITTEN = ("situation", "problems", "zero_note", "planner_view", "signer", "open_note")
"""What people write into a report."""
URGED_AFTER_WD = 5
"""Working days after the due day on which the district government is written to (D)."""


def this_report(step: Call | FormCheck) -> QuarterReport:
    """The report that the case is about."""
    return report_of(step.session, identified(step.data.get("report_id")))


def content(step: Call | FormCheck) -> QuarterContent:
    """What the report of the case says as the registers stand now."""
    report = this_report(step)
    return content_of(step.session, report.unit_id, quarter_named(report.quarter), readings_on(step.session))


@operation("quarterly_reporting.open_report", zh="登记应报季度报告", en="Enter the report that is owed")
def open_report(call: Call) -> Variables:
    """The unit, the quarter, the days, and the planners who are asked for what they have collected."""
    asked = call.data.get("district")
    unit = unit_of(call.session, str(asked["unit_id"]) if isinstance(asked, dict) else _own_unit(call))
    quarter = quarter_named(str(call.data["quarter"]))
    due = days_of(call, quarter).district_due
    report = owed_report(call.session, call.actor, unit.id, quarter, due, call.case.id)
    report.case_id = call.case.id
    call.case.unit_id = unit.id
    reported = asked is None or report.sent_on is not None
    closes = _closes()
    urged = call.house.calendar.add_workdays(due, URGED_AFTER_WD)
    return {
        "report_id": str(report.id),
        "unit_id": unit.id,
        "unit_name": unit.name,
        "desk_unit": bureau_on_duty(unit, clock.today()),
        "quarter": str(quarter),
        "quarter_text": spoken_quarter(quarter),
        "due": report.due_on.isoformat(),
        "close_on": closes.isoformat(),
        "urge_on": (closes + timedelta(days=1) if reported else urged).isoformat(),
        "asked_planners": [] if reported else _planners(call, unit.id, quarter, report),
        "with_annex": False,
        "unconfirmed_count": 0,
        **dict.fromkeys((*WRITTEN, "return_reason"), ""),
    }


def days_of(call: Call, quarter: Quarter) -> QuarterDays:
    """When report and notification of a quarter are due, by the readings of the day (R11)."""
    readings = readings_on(call.session)
    first, second = readings.number("quarter.district_day"), readings.number("quarter.city_day")
    return quarter_days(quarter.start, first, second, call.house.calendar)


def _own_unit(call: Call) -> str:
    return next(iter(sorted(call.actor.units("district_bureau.clerk", "district_bureau.leader"))), "")


def _closes() -> date:
    """The first day of the next quarter: what is not sent by then is closed as missing."""
    return Quarter.of(clock.today()).next().start


def _planners(call: Call, unit_id: str, quarter: Quarter, report: QuarterReport) -> list[Variables]:
    """One item for each planner who served the unit: two planners, one report, two lines."""
    serving = {each.person_id: each for each in appointments_in(call.session, quarter.start, quarter.end, unit_id)}
    return [
        {
            "person_id": str(person_id),
            "planner_name": each.person.name,
            "unit_id": unit_id,
            "unit_name": each.unit.name,
            "quarter": str(quarter),
            "quarter_text": spoken_quarter(quarter),
            "due": report.due_on.isoformat(),
        }
        for person_id, each in serving.items()
    ]


@operation("quarterly_reporting.take_summary", zh="登记咨询情况小结", en="Keep the planner's summary")
def take_summary(call: Call) -> Variables:
    """What a planner has collected of the unit's consultations (第八条(四)); the report shows it."""
    asked = call.data["planner"]
    person_id, quarter = identified(asked["person_id"]), str(asked["quarter"])
    known = {each.person_id: each for each in summaries_of(call.session, asked["unit_id"], quarter_named(quarter))}
    found = known.get(person_id) or PlannerSummary(unit_id=asked["unit_id"], quarter=quarter, person_id=person_id)
    found.text, found.given_on, found.case_id = text(answers(call), "summary"), clock.today(), call.case.id
    call.session.add(found)
    return {}


@operation("quarterly_reporting.collect", zh="汇总已确认记录", en="Collect the confirmed records")
def collect(call: Call) -> Variables:
    """The numbers are taken from the records each time, never typed."""
    return _collected(call, content(call))


def _collected(call: Call, found: QuarterContent) -> Variables:
    report = this_report(call)
    unit = unit_of(call.session, report.unit_id)
    summaries = summaries_of(call.session, report.unit_id, quarter_named(report.quarter))
    return {
        "desk_unit": bureau_on_duty(unit, clock.today()),
        "auto": found.totals,
        "record_rows": words.record_rows(found),
        "unconfirmed": found.unconfirmed,
        "unconfirmed_count": len(found.unconfirmed),
        "supplement_text": words.later_entries(found),
        "unanswered_text": words.open_suggestions(found),
        "unpaid_text": words.open_claims(found),
        "is_zero": found.nothing,
        "summary_rows": [{"person": each.person.name, "text": each.text} for each in summaries],
        "planner_view": "\n".join(f"{each.person.name}：{each.text}" for each in summaries)
        or text(call.data, "planner_view"),
    }


@operation("quarterly_reporting.take_annex", zh="登记未结记录处理", en="Note how open records are dealt with")
def take_annex(call: Call) -> Variables:
    """Open records are confirmed first, or go with the report as an annex (G1)."""
    given = answers(call)
    return {"with_annex": text(given, "handling") == "列入未确认附件", "open_note": text(given, "open_note")}


@operation("quarterly_reporting.draw_up", zh="生成报告稿", en="Draw up the report")
def draw_up(call: Call) -> Variables:
    """The leader sees the report as it will be sent, with the numbers of this moment."""
    found = content(call)
    draft(call, "district_report", _printed(call, found, clock.today()), unit_id=this_report(call).unit_id)
    return _collected(call, found)


@operation("quarterly_reporting.send_report", zh="报送季度报告", en="Send the report")
def send_report(call: Call) -> Variables:
    """What is sent is kept as it was sent; a later version stands beside it (R13, R14)."""
    report, found = this_report(call), content(call)
    report.sent_on = report.sent_on or clock.today()
    late = report.late(clock.today())
    report.days_late = late.days_late
    report.zero = found.nothing
    change_status(call.session, call.actor, report, ReportStatus.SENT)
    number = next_document_number(f"{report.unit.short_name}{SERIES}", clock.today().year, call)
    letter = issue(call, "district_report", _printed(call, found, clock.today()), unit_id=report.unit_id, number=number)
    call.session.add(
        QuarterSnapshot(
            report=report, version=len(report.snapshots) + 1, at=clock.now(), sent_by=call.actor.name,
            totals=found.totals, records=found.records, unconfirmed=found.unconfirmed,
            supplements=found.supplements, corrections=found.corrections, readings=found.readings,
            texts={**_texts(call), **_owed(found)}, file_id=letter.file_id,
        )
    )  # fmt: skip
    call.session.flush()
    return {
        "sent_on": report.sent_on.isoformat(),
        "days_late": late.days_late,
        "late_text": f"{f'逾期{late.days_late}天' if late.days_late else '按时报送'}（{late.ground}）",
        "report_number": letter.number,
        "urge_on": (_closes() + timedelta(days=1)).isoformat(),
    }


def _owed(found: QuarterContent) -> Variables:
    """What the report says is owed to planners, as it was sent."""
    return {"unanswered": words.open_suggestions(found), "unpaid": words.open_claims(found)}


def _texts(call: Call) -> Variables:
    return {key: text(call.data, key) for key in WRITTEN}


def _printed(call: Call, found: QuarterContent, day: date) -> Variables:
    report = this_report(call)
    sums = found.sums
    zero = f"本季度未开展技术咨询活动，原因是：{text(call.data, 'zero_note')}" if found.nothing else ""
    return {
        "bureau": bureau_of(call.session, report.unit_id).name,
        "quarter": spoken_quarter(quarter_named(report.quarter)),
        "place": report.unit.kind if report.unit.kind in ("区", "县") else "辖区",
        **{key: sums[key] for key in ("invited", "attended", "on_site", "schemes", "opinions", "adopted")},
        "zero": zero,
        "situation": text(call.data, "situation"),
        "planner_view": text(call.data, "planner_view") or words.NONE,
        "absences": words.absences(found),
        "problems": text(call.data, "problems"),
        "later": words.later_entries(found),
        "unconfirmed": words.open_records(found),
        "unanswered": words.open_suggestions(found),
        "unpaid": words.open_claims(found),
        "signer": text(call.data, "signer"),
        "totals": found.totals,
        "records": words.record_rows(found),
        "issue_date": chinese_date(day),
    }


@operation("quarterly_reporting.return_report", zh="退回季度报告", en="Return the report")
def return_report(call: Call) -> Variables:
    """Returned with reasons, twice at most (G3); what was sent stays as it was sent."""
    report = this_report(call)
    reason = text(answers(call), "return_reason")
    report.returns += 1
    change_status(call.session, call.actor, report, ReportStatus.RETURNED, reason)
    return {"return_reason": reason, "close_on": _closes().isoformat(), "with_annex": False}


@operation("quarterly_reporting.accept_report", zh="接收季度报告", en="Accept the report")
def accept_report(call: Call) -> Variables:
    """Accepted as it was sent; from now on nothing in it changes."""
    report = this_report(call)
    report.accepted_on = clock.today()
    note = text(answers(call), "phone_note")
    change_status(call.session, call.actor, report, ReportStatus.ACCEPTED, note)
    return {}


@operation("quarterly_reporting.urge", zh="发出催报函", en="Write to the district government")
def urge(call: Call) -> Variables:
    """The government is asked to see to it (T12); nothing is written where the report has come meanwhile."""
    report = this_report(call)
    if report.sent_on is not None:
        return {}
    given = answers(call)
    values = {
        "government": government_of(call.session, report.unit_id).name,
        "bureau": bureau_of(call.session, report.unit_id).name,
        "quarter": spoken_quarter(quarter_named(report.quarter)),
        "place": report.unit.kind if report.unit.kind in ("区", "县") else "单位",
        "until": chinese_date(clock.today()),
        "days": report.late(clock.today()).days_late,
        "new_due": given["new_due"],
    }
    report.urged_number = issue(call, "urging", values, unit_id=report.unit_id).number
    report.urged_on = clock.today()
    return {}


@operation("quarterly_reporting.note_missing", zh="登记未报送", en="Note that no report came")
def note_missing(call: Call) -> Variables:
    """Closed by the next quarter with a reason; the unit may still send it later of its own accord."""
    report = this_report(call)
    if report.status == ReportStatus.ACCEPTED:
        return {}  # reopened and given up: what was accepted still stands
    report.missing_reason = text(answers(call), "missing_reason")
    report.days_late = report.late(clock.today()).days_late
    change_status(call.session, call.actor, report, ReportStatus.MISSING, report.missing_reason)
    return {}
