"""Answers about the quarters: who has not reported, what a district has still to do, what the HR bureau was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from processes.errors import NotAllowed
from processes.identity.models import Unit
from processes.messages import message
from processes.registers.attendances import UNSETTLED
from processes.registers.ledger import totals
from processes.registers.matters import Matter, MatterStatus
from processes.registers.quarter_reports import (
    REPORT_STATUSES,
    QuarterNotification,
    QuarterReport,
    quarter_named,
    report_on,
    spoken_quarter,
)
from processes.registers.quarter_standing import (
    GROUND,
    UnitQuarter,
    asked_quarter,
    due_on,
    missing_for_report,
    quarter_standing,
)
from processes.registers.reading import READS_ALL, READS_OWN
from processes.rules.quarters import Quarter
from webapp.language import current_language
from webapp.pages.card_tables import HOSTS, INVITED, TAKEN_UP, THERE, UNCONFIRMED
from webapp.pages.questions.answer import Answered, Choice, View
from webapp.pages.tables import Cell, Table
from webapp.pages.wording import unit_name

NOTIFIED = "第十三条"
QUARTERS = 8
"""Quarters that may be chosen."""


def reports(view: View) -> Answered:
    """Which districts have not reported a quarter, and how late each was before."""
    view.actor.need(*READS_ALL)
    quarter = _quarter(view)
    found = quarter_standing(view.session, quarter, view.day, view.readings, view.calendar)
    missing = [each for each in found if not each.sent]
    late = sum(bool(each.before and each.before[0][1] and each.before[0][1].days_late) for each in found)
    sentence = _(
        "%(quarter)s：应报送 %(units)s 个区县，未报送 %(missing)s 个；上季度逾期报送 %(late)s 个。",
        quarter=_spoken(quarter), units=len(found), missing=len(missing), late=late,
    )  # fmt: skip
    head = [_("区县"), _("状态"), _("报送期限"), _("报送日期"), _("逾期天数"), *(str(one) for one in _earlier(found))]
    note = _("各季度一栏为逾期天数，0 为按时。")
    table = Table("reports", _("季度情况报告"), GROUND, head, [_report_row(view, each) for each in found], note)
    return Answered(sentence, [table], [_quarter_choice(view, quarter)])


def _report_row(view: View, each: UnitQuarter) -> list[Cell]:
    report, unit = each.report, each.unit
    own = view.links.register("quarter_reports", unit_id=unit.id, quarter=str(each.quarter))
    status = REPORT_STATUSES[report.status].text(current_language()) if report else _("未编制")
    before = [
        Cell(one.late(view.day).days_late if one else "—",
             view.links.register("quarter_reports", unit_id=unit.id, quarter=str(quarter)) if one else None)
        for quarter, one in each.before
    ]  # fmt: skip
    return [
        Cell(unit_name(unit), url_for("cards.unit", unit_id=unit.id)),
        Cell(status, own if report else None, late=not each.sent and each.days_over > 0),
        Cell(each.due_on), Cell(report.sent_on if report else None), Cell(each.days_over, late=each.days_over > 0),
        *before,
    ]  # fmt: skip


def _earlier(found: list[UnitQuarter]) -> list[Quarter]:
    return [quarter for quarter, _report in found[0].before] if found else []


def own_quarter(view: View) -> Answered:
    """What a district did in a quarter so far, and what its report still lacks."""
    unit = _own_unit(view)
    quarter = Quarter.of(view.day) if not view.asked.get("quarter") else _quarter(view)
    first, last = quarter.start, min(view.day, quarter.end)
    rows = totals(view.session, first, last, unit_id=unit.id)
    done = {key: sum(getattr(each, key) for each in rows)
            for key in ("invited", "attended", "on_site", "items", "adopted")}  # fmt: skip
    lacking = missing_for_report(view.session, unit.id, quarter, view.day)
    report = report_on(view.session, unit.id, quarter)
    sentence = _(
        "%(unit)s%(quarter)s：咨询 %(attended)s 人次，其中实地 %(on_site)s 次，采纳意见 %(adopted)s 条；"
        "还有 %(unconfirmed)s 条记录未确认、%(unsettled)s 个邀请未登记结果。",
        unit=unit_name(unit), quarter=_spoken(quarter), attended=done["attended"], on_site=done["on_site"],
        adopted=done["adopted"], unconfirmed=lacking.unconfirmed, unsettled=lacking.unsettled,
    )  # fmt: skip
    return Answered(
        sentence,
        [_done_table(view, unit, (first, last), done),
         _lacking_table(view, unit, quarter, (lacking.unconfirmed, lacking.unsettled), report)],
        [_quarter_choice(view, quarter, running=True)],
    )  # fmt: skip


def _done_table(view: View, unit: Unit, days: tuple[date, date], done: dict[str, int]) -> Table:
    span: dict[str, Any] = {"unit_id": unit.id, "first": days[0], "last": days[1]}
    register = view.links.register
    confirmed = register("attendances", record="confirmed", status=THERE, **span)
    on_site = register("attendances", record="confirmed", status="attended", mode="on_site", **span)
    rows = [
        [Cell(_("邀请（人次）")),
         Cell(done["invited"], register("attendances", status=INVITED, host_kind=HOSTS, **span)),
         Cell("第七条（三）")],
        [Cell(_("参加技术咨询（人次，已确认）")), Cell(done["attended"], confirmed), Cell(GROUND)],
        [Cell(_("其中实地（人次）")), Cell(done["on_site"], on_site), Cell("第八条（六）")],
        [Cell(_("意见条目")), Cell(done["items"], register("opinion_items", record="confirmed", **span)),
         Cell("第八条（六）")],
        [Cell(_("其中采纳、部分采纳")),
         Cell(done["adopted"], register("opinion_items", record="confirmed", adoption=TAKEN_UP, **span)),
         Cell("第八条（六）")],
    ]  # fmt: skip
    return Table("done", _("本季度情况"), GROUND, [_("指标"), _("数量"), _("依据")], rows)


def _lacking_table(
    view: View, unit: Unit, quarter: Quarter, lacking: tuple[int, int], report: QuarterReport | None
) -> Table:
    here: dict[str, Any] = {"unit_id": unit.id, "first": quarter.start, "last": min(view.day, quarter.end)}
    unconfirmed = view.links.register("attendances", status=THERE, record=UNCONFIRMED, **here)
    unsettled = view.links.register("attendances", status=",".join(UNSETTLED), **here)
    due = report.due_on if report else due_on(quarter, view.readings, view.calendar)
    status = REPORT_STATUSES[report.status].text(current_language()) if report else _("未编制")
    link = view.links.register("quarter_reports", unit_id=unit.id, quarter=str(quarter)) if report else None
    rows = [
        [Cell(_("未确认的服务记录")), Cell(lacking[0], unconfirmed, late=lacking[0] > 0)],
        [Cell(_("未登记结果的邀请")), Cell(lacking[1], unsettled, late=lacking[1] > 0)],
        [Cell(_("季度报告")), Cell(status, link)],
        [Cell(_("报送期限")), Cell(due, late=due < view.day and not (report and report.sent_on))],
    ]
    return Table("lacking", _("报告还差什么"), GROUND, [_("事项"), _("情况")], rows)


def hr_bureau(view: View) -> Answered:
    """What the HR bureau has been told of a quarter, who did not report, and what waits for its view."""
    view.actor.need(*READS_ALL)
    quarter = _quarter(view)
    told = view.session.scalars(
        select(QuarterNotification).where(QuarterNotification.quarter == str(quarter))
    ).first()  # fmt: skip
    standing = quarter_standing(view.session, quarter, view.day, view.readings, view.calendar)
    missing = [each for each in standing if not each.sent]
    matters = view.session.scalars(
        select(Matter).where(Matter.status == MatterStatus.ASKED).order_by(Matter.due_on, Matter.id)
    ).all()  # fmt: skip
    came = _("已印发") if told and told.sent_on else _("尚未印发")
    if told and told.received_on:
        came = _("已于 %(day)s 签收", day=told.received_on)
    sentence = _(
        "%(quarter)s情况通报%(came)s；未报送的区县 %(missing)s 个；等待意见的事项 %(matters)s 件。",
        quarter=_spoken(quarter), came=came, missing=len(missing), matters=len(matters),
    )  # fmt: skip
    tables = [_notification(view, quarter, told, came), _missing_units(view, missing), _matters(view, matters)]
    return Answered(sentence, tables, [_quarter_choice(view, quarter)])


def _notification(view: View, quarter: Quarter, told: QuarterNotification | None, came: str) -> Table:
    link = view.links.register("quarter_notifications", quarter=str(quarter)) if told else None
    row = [
        Cell(str(quarter)), Cell(came, link), Cell(told.number if told else None),
        Cell(told.due_on if told else None), Cell(told.sent_on if told else None),
        Cell(told.received_on if told else None),
    ]  # fmt: skip
    head = [_("季度"), _("情况"), _("发文字号"), _("通报期限"), _("印发日期"), _("签收日期")]
    return Table("notification", _("季度情况通报"), NOTIFIED, head, [row])


def _missing_units(view: View, missing: list[UnitQuarter]) -> Table:
    rows = [
        [Cell(unit_name(each.unit), view.links.register("quarter_reports", unit_id=each.unit.id)), Cell(each.due_on),
         Cell(each.days_over, late=each.days_over > 0)]
        for each in missing
    ]  # fmt: skip
    return Table("missing", _("未报送的区县"), GROUND, [_("区县"), _("报送期限"), _("逾期天数")], rows)


def _matters(view: View, matters: Sequence[Matter]) -> Table:
    rows = [
        [
            Cell(each.subject, url_for("cases.show", case_id=each.case_id)), Cell(each.kind), Cell(each.asked_on),
            Cell(each.due_on), Cell((each.due_on - view.day).days if each.due_on else None,
                                    late=bool(each.due_on and each.due_on < view.day)),
        ]
        for each in matters
    ]  # fmt: skip
    head = [_("事项"), _("类别"), _("发出日期"), _("请复期限"), _("剩余天数")]
    return Table("matters", _("等待意见的事项"), "第十条", head, rows)


def _own_unit(view: View) -> Unit:
    """The district that is asked about: one's own; any for those who read all."""
    own = view.actor.units(*READS_OWN)
    wanted = view.asked.get("unit_id") or (min(own) if own else "")
    if not view.actor.has(*READS_ALL) and wanted not in own:
        raise NotAllowed(message("只能查阅本单位的情况。"))
    found = view.session.get(Unit, wanted)
    if found is None:
        raise NotAllowed(message("请从区县履职卡进入。"))
    return found


def _quarter(view: View) -> Quarter:
    wanted = view.asked.get("quarter")
    return quarter_named(wanted) if wanted else asked_quarter(view.day)


def _quarter_choice(view: View, chosen: Quarter, *, running: bool = False) -> Choice:
    """The last quarters, to choose one."""
    newest = Quarter.of(view.day) if running else asked_quarter(view.day)
    listed = [newest]
    while len(listed) < QUARTERS:
        listed.append(asked_quarter(listed[-1].start))
    return Choice("quarter", _("季度"), [(str(each), _spoken(each)) for each in listed], str(chosen))


def _spoken(quarter: Quarter) -> str:
    return str(quarter) if current_language() == "en" else spoken_quarter(quarter)
