"""季度情况通报: called for, compiled, signed, sent on its day, received by the HR bureau (第十三条)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from handlers.answers import answers, text
from handlers.asking_hr import put_to_hr
from handlers.documents import draft, issue
from handlers.quarterly_reporting import words
from handlers.quarterly_reporting.district import days_of
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.errors import NotFound
from processes.messages import message
from processes.registers.history import change_status
from processes.registers.matters import MatterKind
from processes.registers.quarter_city import NOT_SENT, CityContent, city_of
from processes.registers.quarter_reports import (
    NotificationSnapshot,
    QuarterNotification,
    ReportStatus,
    notification_on,
    quarter_named,
    reporting_units,
    reports_of,
    spoken_quarter,
)
from processes.registers.switches import readings_on
from processes.rules.deadlines import Punctuality
from processes.rules.quarters import Quarter

Variables = dict[str, Any]
COMPILED_WD = 2
"""Working days before its day on which the notification is drawn up, whoever has reported by then (D)."""
SIGNED_FROM = time(14)
"""From this hour of its day the leader has the notification, written or not: it is never later (G4)."""


@operation("quarterly_reporting.open_quarter", zh="登记季度", en="Enter the quarter")
def open_quarter(call: Call) -> Variables:
    """Every unit served on a day of the quarter is asked for its report (第十二条)."""
    quarter = _quarter(call)
    days = days_of(call, quarter)
    if notification_on(call.session, quarter) is None:
        call.session.add(QuarterNotification(quarter=str(quarter), case_id=call.case.id, due_on=days.city_due))
    compiled = call.house.calendar.add_workdays(days.city_due, -COMPILED_WD)
    return {
        "quarter": str(quarter),
        "quarter_text": spoken_quarter(quarter),
        "city_due": days.city_due.isoformat(),
        "compile_on": compiled.isoformat(),
        "districts": [
            {
                "unit_id": unit.id,
                "unit_name": unit.name,
                "quarter": str(quarter),
                "quarter_text": spoken_quarter(quarter),
            }
            for unit in reporting_units(call.session, quarter)
        ],
        "signed_from": datetime.combine(days.city_due, SIGNED_FROM, clock.CITY).isoformat(),
        "reports_open": 0,
        "highlights": "",
        "next_steps": "",
        "return_reason": "",
    }


@operation("quarterly_reporting.count_reports", zh="清点报告", en="Count the reports")
def count_reports(call: Call) -> Variables:
    """How many reports have not been accepted yet."""
    quarter = _quarter(call)
    reports = reports_of(call.session, quarter)
    accepted = {unit_id for unit_id, each in reports.items() if each.status == ReportStatus.ACCEPTED}
    return {"reports_open": len({unit.id for unit in reporting_units(call.session, quarter)} - accepted)}


@operation("quarterly_reporting.compile", zh="汇总全市情况", en="City totals")
def compile_city(call: Call) -> Variables:
    """The city's numbers of this moment; a unit that has not reported is counted from its confirmed records."""
    return _compiled(_content(call))


def _compiled(found: CityContent) -> Variables:
    return {
        "city_text": words.sentence(found.sums),
        "reports_text": _reports(found),
        "city_rows": [{**row, "planned": row["planners"]} for row in found.rows],
        "gaps": found.gaps,
        "late_reports_text": words.late_reports(found.supplements),
        "attention_rows": found.attention,
    }


@operation("quarterly_reporting.draw_up_notification", zh="生成通报稿", en="Draw up the notification")
def draw_up_notification(call: Call) -> Variables:
    """The leader sees the notification with the numbers of this moment; where nothing was written it says so."""
    found = _content(call)
    draft(call, "notification", _printed(call, found))
    return _compiled(found)


@operation("quarterly_reporting.send_notification", zh="印发通报", en="Send the notification")
def send_notification(call: Call) -> Variables:
    """Sent with a gap note where units are missing, never later (G4); kept as it was sent."""
    found, notification = _content(call), _notification(call)
    reports = reports_of(call.session, _quarter(call))
    for gap in found.gaps:
        report = reports.get(gap["unit_id"])
        if report is not None and report.status == ReportStatus.DRAFTING:
            change_status(call.session, call.actor, report, ReportStatus.MISSING, f"截至通报印发日{NOT_SENT}")
    letter = issue(call, "notification", _printed(call, found))
    notification.sent_on, notification.number = clock.today(), letter.number
    call.session.add(
        NotificationSnapshot(
            notification=notification, at=clock.now(), sent_by=call.actor.name,
            on_time=found.count(Punctuality.ON_TIME), late=found.count(Punctuality.LATE), missing=len(found.gaps),
            totals=found.rows, gaps=found.gaps,
            supplements=found.supplements, attention=found.attention, highlights=_said(call, "highlights"),
            next_steps=_said(call, "next_steps"), readings=found.readings, file_id=letter.file_id,
        )
    )  # fmt: skip
    return {"notification_number": letter.number, "reports_text": _reports(found), "gaps": found.gaps}


@operation("quarterly_reporting.note_receipt", zh="登记签收", en="Note the receipt")
def note_receipt(call: Call) -> Variables:
    """The HR bureau has the notification; what it asks back is answered by way of 第十条."""
    notification, given = _notification(call), answers(call)
    notification.received_on, notification.received_by = clock.today(), call.actor.name
    notification.question = text(given, "question")
    return {"question": notification.question}


@operation("quarterly_reporting.put_question", zh="形成答复事项", en="Make a matter of the question")
def put_question(call: Call) -> Variables:
    """The question and what the city bureau says to it, as a matter for the HR bureau."""
    said, quarter = text(answers(call), "explanation"), call.data["quarter_text"]
    return put_to_hr(
        MatterKind.OTHER,
        f"{quarter}通报有关情况",
        f"贵局就《{quarter}区县首席规划师工作情况的通报》提出：{call.data['question']}\n{said}",
        reference=f"{call.case.number}-1",
    )


def _quarter(call: Call) -> Quarter:
    return quarter_named(str(call.data["quarter"]))


def _notification(call: Call) -> QuarterNotification:
    found = notification_on(call.session, _quarter(call))
    if found is None:
        raise NotFound(message("未找到该季度通报。"))
    return found


def _content(call: Call) -> CityContent:
    return city_of(call.session, _quarter(call), clock.today(), readings_on(call.session))


def _reports(found: CityContent) -> str:
    on_time, late = found.count(Punctuality.ON_TIME), found.count(Punctuality.LATE)
    return f"按时报告{on_time}个，逾期报告{late}个，{NOT_SENT}{len(found.gaps)}个"


def _said(call: Call, key: str) -> str:
    return text(call.data, key) or words.NONE


def _printed(call: Call, found: CityContent) -> Variables:
    sums = found.sums
    return {
        "quarter": spoken_quarter(_quarter(call)),
        "people": found.people,
        "units": sum(1 for row in found.rows if row["planners"]),
        **{key: sums[key] for key in ("attended", "on_site", "opinions", "items", "adopted")},
        "on_time": found.count(Punctuality.ON_TIME),
        "late": found.count(Punctuality.LATE),
        "late_units": words.late_ones(found),
        "as_of": chinese_date(clock.today()),
        "missing": len(found.gaps),
        "missing_units": words.gaps(found),
        "supplements": words.late_reports(found.supplements),
        "attention": words.attention(found.attention),
        "highlights": _said(call, "highlights"),
        "next_steps": _said(call, "next_steps"),
        "rows": found.rows,
    }
