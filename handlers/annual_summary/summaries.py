"""年度总结: counted, written, approved, sent, put to the meeting, received (第一、十一、十三条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from handlers.answers import answers, day, identified, text
from handlers.documents import draft, issue
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.history import change_status
from processes.registers.scheme_year import YearFigures, final_grades, rate, support_notes, year_figures
from processes.registers.summaries import AnnualSummary, SummarySnapshot, SummaryStatus, owed_summary, summary_of
from processes.registers.switches import readings_on

Variables = dict[str, Any]
TEXTS = ("overview", "support", "problems", "plan")
NO_GRADES = "年度考核尚未全部生效，考核等次从略"
NONE = "无"
BAR, LONGEST_BAR = "█", 18
"""The sign of which the bars of charts are made, and how many the longest has."""
_COMPARED = (("技术咨询（次）", "attended"), ("实地指导（次）", "on_site"), ("书面意见（份）", "opinions"),
             ("意见（条）", "items"), ("采纳（条）", "adopted"), ("无正当理由缺席（次）", "unexcused"))  # fmt: skip


@operation("annual_summary.open", zh="登记年度总结", en="Enter the summary")
def open_summary(call: Call) -> Variables:
    """The summary of the year is owed by 31 January (D)."""
    year = int(call.data["year"])
    due = call.house.calendar.roll_forward(date(year + 1, 1, 31))
    made = owed_summary(call.session, call.actor, year, due, call.case.id)
    blank = dict.fromkeys((*TEXTS, "return_reason"), "")
    return {"summary_id": str(made.id), "summary_due": made.due_on.isoformat(), **blank}


@operation("annual_summary.count", zh="生成年度数据", en="Count the year")
def count(call: Call) -> Variables:
    """The numbers of this moment, from the records."""
    return _counted(call, _figures(call))


def _counted(call: Call, found: YearFigures) -> Variables:
    grades = final_grades(call.session, found.year)
    return {
        "compared": _compared(found),
        "unit_rows": found.units,
        "quarter_rows": found.quarters,
        "kind_rows": found.kinds,
        "people_text": _people(found),
        "never_text": "、".join(found.never) or NONE,
        "grades_text": _grades(grades),
        "support_rows": support_notes(call.session, found.year),
    }


@operation("annual_summary.draw_up", zh="生成总结稿", en="Draw up the summary")
def draw_up(call: Call) -> Variables:
    """The leader sees the summary as it will be sent."""
    found = _figures(call)
    draft(call, "annual_summary", _printed(call, found))
    return _counted(call, found)


@operation("annual_summary.approve", zh="登记审定", en="Note the approval")
def approve(call: Call) -> Variables:
    """A leader of the city bureau has approved it."""
    summary = _summary(call)
    summary.approved_on, summary.approved_by = clock.today(), call.actor.name
    change_status(call.session, call.actor, summary, SummaryStatus.APPROVED)
    return {}


@operation("annual_summary.send", zh="印发年度总结", en="Send the summary")
def send(call: Call) -> Variables:
    """Sent to the HR bureau and put to the meeting; kept as it was sent. Grades that are not final are left out."""
    summary, found = _summary(call), _figures(call)
    summary.meeting_on = day(answers(call).get("meeting_on"))
    letter = issue(call, "annual_summary", _printed(call, found))
    summary.sent_on, summary.number = clock.today(), letter.number
    call.session.add(
        SummarySnapshot(
            summary=summary, at=clock.now(), sent_by=call.actor.name, figures=found.as_data(),
            grades=final_grades(call.session, found.year), texts={key: text(call.data, key) for key in TEXTS},
            readings=readings_on(call.session).version, file_id=letter.file_id,
        )
    )  # fmt: skip
    change_status(call.session, call.actor, summary, SummaryStatus.SENT)
    told = message("%(year)s年度首席规划师工作总结已印发（%(number)s）。", year=found.year, number=letter.number)
    notify(call.session, "information", told, role="city_bureau.leader", case_id=call.case.id)
    return {"summary_number": letter.number}


@operation("annual_summary.note_receipt", zh="登记签收", en="Note the receipt")
def note_receipt(call: Call) -> Variables:
    """The HR bureau has it."""
    summary = _summary(call)
    summary.received_on, summary.received_by = clock.today(), call.actor.name
    return {}


def _summary(call: Call) -> AnnualSummary:
    return summary_of(call.session, identified(call.data.get("summary_id")))


def _figures(call: Call) -> YearFigures:
    year = int(call.data["year"])
    return year_figures(call.session, year, readings_on(call.session, date(year, 12, 31)))


def _compared(found: YearFigures) -> list[Variables]:
    """Volume, adoption and coverage beside the year before."""
    rows = [{"what": what, "now": str(found.sums[key]), "before": str(found.before[key])} for what, key in _COMPARED]
    share = {
        "what": "意见采纳率",
        "now": rate(found.sums["adopted"], found.sums["items"]),
        "before": rate(found.before["adopted"], found.before["items"]),
    }
    return [*rows, share]


def _people(found: YearFigures) -> str:
    return (
        f"年末在聘{found.in_office}名，年内聘任{found.appointed}名、离任{found.left}名；"
        f"实地指导达到要求{found.met}名（第八条（六））；开展咨询的区县{found.covered}个，共{len(found.units)}个"
    )


def _grades(grades: dict[str, int] | None) -> str:
    if grades is None:
        return NO_GRADES
    return f"参加考核{grades['考核人数']}名，优秀{grades['优秀']}名、称职{grades['称职']}名、不称职{grades['不称职']}名"


def _printed(call: Call, found: YearFigures) -> Variables:
    return {
        "year": f"{found.year}年",
        "people": _people(found),
        "compared": _compared(found),
        "kinds": _charted(found.kinds),
        "quarters": _charted(found.quarters),
        "units": found.units,
        "chart": _charted([each for each in found.units if each["attended"]]),
        "never": "、".join(found.never) or NONE,
        "grades": _grades(final_grades(call.session, found.year)),
        **{key: text(call.data, key) or NONE for key in TEXTS},
        "issue_date": chinese_date(clock.today()),
    }


def _charted(rows: Sequence[Variables]) -> list[Variables]:
    """The same rows with a bar for the consultations, as a chart that every word processor prints."""
    most = max((int(each["attended"]) for each in rows), default=0)
    return [{**each, "bar": BAR * -(-LONGEST_BAR * int(each["attended"]) // most) if most else ""} for each in rows]
