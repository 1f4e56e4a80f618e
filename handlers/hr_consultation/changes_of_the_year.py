"""What another reading changes in the yearly appraisal and the quarters (第十二、十三、十四条)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from handlers.hr_consultation.foreseen import UNMOVED, Change, Comparison, who
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.appraisals import Appraisal, AppraisalStatus
from processes.registers.leaves import days_of_leave
from processes.registers.ledger import appointments_in, service_of, visits_counted
from processes.registers.quarter_reports import QuarterReport, ReportStatus
from processes.registers.switches import Readings
from processes.rules.appraisal import EndReason, appraisal_status
from processes.rules.excellent import ExcellentBase, RollStatus, excellent_base, excellent_cap
from processes.rules.quarters import quarter_days

ROLL = {RollStatus.GRADED: "确定等次", RollStatus.NOT_GRADED: "不确定等次", RollStatus.NOT_INCLUDED: "不列入"}
ENDS = {
    AppointmentStatus.DISMISSED: EndReason.DISMISSED,
    AppointmentStatus.WITHDRAWN: EndReason.WITHDRAWN,
    AppointmentStatus.EXPIRED: EndReason.EXPIRED,
}
Roll = Mapping[UUID, tuple[Appointment, RollStatus]]


def appraisal(found: Comparison) -> Iterator[Change]:
    """Who is graded this year, how many that are and how many 优秀 they allow; an appraisal under way keeps its own."""
    yield from under_way(found)
    year = found.valid_from.year
    if found.session.scalar(select(Appraisal.id).where(Appraisal.year == year)) is not None:
        year += 1
    before, after = _roll(found, year, found.before), _roll(found, year, found.after)
    for person_id, (appointment, status) in before.items():
        if status != after[person_id][1]:
            yield Change(f"{year}年度考核名册", who(appointment), ROLL[status], ROLL[after[person_id][1]])
    told = [_cap(roll, one) for roll, one in ((before, found.before), (after, found.after))]
    if told[0] != told[1]:
        yield Change(f"{year}年度优秀名额", "按目前在聘人员测算", *told)


def under_way(found: Comparison) -> Iterator[Change]:
    """The appraisals that have begun and are not filed."""
    begun = select(Appraisal).where(Appraisal.status != AppraisalStatus.FILED).order_by(Appraisal.year)
    for each in found.session.scalars(begun):
        yield Change("在办考核", f"{each.year}年度考核", f"启动时的口径（第{each.readings_version}版）", UNMOVED)


def _roll(found: Comparison, year: int, readings: Readings) -> Roll:
    """R17 for everybody who serves in the year, by the latest appointment."""
    served: dict[UUID, list[Appointment]] = {}
    for each in appointments_in(found.session, date(year, 1, 1), date(year, 12, 31)):
        served.setdefault(each.person_id, []).append(each)
    roll: dict[UUID, tuple[Appointment, RollStatus]] = {}
    for person_id, appointments in served.items():
        latest = max(appointments, key=lambda each: each.term_start)
        leave = days_of_leave(found.session, [each.id for each in appointments], date(year, 1, 1), date(year, 12, 31))
        standing = appraisal_status(
            year,
            service_of(latest),
            ENDS.get(AppointmentStatus(latest.status)),
            leave,
            min_months=readings.number("appraisal.min_months"),
            leave_half=readings.on("appraisal.leave_half"),
        )
        roll[person_id] = (latest, standing.status)
    return roll


def _cap(roll: Roll, readings: Readings) -> str:
    graded = excellent_base((status for _, status in roll.values()), ExcellentBase(readings.choice("excellent.base")))
    pool = "全市统算" if readings.choice("excellent.pool") == "city" else "分组计算"
    return f"{pool}：考核人数{graded}人，优秀不超过{excellent_cap(graded)}人"


def barred(found: Comparison) -> Iterator[Change]:
    """The planners short of visits, whom the desk may or may not suggest for 优秀."""
    yield from under_way(found)
    year = found.day.year
    for each in appointments_in(found.session, found.day, found.day):
        count = visits_counted(found.session, each, year, found.before)
        if not count.met:
            told = f"{count.count}次／应{count.target}次"
            yield Change(f"{year}年优秀建议", f"{who(each)}实地{told}", *map(_bar, (found.before, found.after)))


def _bar(readings: Readings) -> str:
    return "系统不建议" if readings.choice("excellent.require_visits") == "block_suggestion" else "不作限制"


def weights(found: Comparison) -> Iterator[Change]:
    """Scores are computed with the weights under which their appraisal began."""
    yield from under_way(found)
    yield Change("考核评分", f"{found.valid_from.year}年度起新启动的考核", *map(_weighed, (found.before, found.after)))


def _weighed(readings: Readings) -> str:
    parts = readings.parts("appraisal.weights")
    return f"次数{parts['counts']}／质量{parts['quality']}／实地{parts['visits']}／其他{parts['duties']}"


def quarters(found: Comparison) -> Iterator[Change]:
    """The next due days; a report that is being written keeps its own."""
    days = [
        quarter_days(
            found.valid_from, one.number("quarter.district_day"), one.number("quarter.city_day"), found.calendar
        )
        for one in (found.before, found.after)
    ]
    name = str(days[0].quarter)
    if days[0].district_due != days[1].district_due:
        yield Change("季度报告期限", f"{name}区县报告", *(each.district_due.isoformat() for each in days))
    if days[0].city_due != days[1].city_due:
        yield Change("季度通报期限", f"{name}全市通报", *(each.city_due.isoformat() for each in days))
    open_ones = (ReportStatus.DRAFTING, ReportStatus.RETURNED, ReportStatus.MISSING)
    query = select(QuarterReport.quarter, QuarterReport.due_on, func.count()).where(QuarterReport.status.in_(open_ones))
    for quarter, due, number in found.session.execute(
        query.group_by(QuarterReport.quarter, QuarterReport.due_on).order_by(QuarterReport.quarter)
    ):
        yield Change("在办季度报告", f"{quarter}区县报告{number}份", due.isoformat(), UNMOVED)
