"""What would change under another reading: open cases and figures, shown before anybody confirms it (第十六条)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.hr_consultation import changes_of_applications, changes_of_planners, changes_of_the_year
from handlers.hr_consultation.foreseen import UNMOVED, Change, Comparison
from processes import clock
from processes.engine.models import Case
from processes.registers.appointments import CURRENT, Appointment
from processes.registers.attendances import Attendance, Standing
from processes.registers.switch_words import in_words
from processes.registers.switches import Readings, readings_on
from processes.rules.switch_kinds import Setting
from processes.rules.switches import SWITCHES
from processes.rules.workdays import WorkCalendar

OPEN_INVITATIONS = (Standing.INVITED, Standing.ACCEPTED, Standing.LEAVE_ASKED, Standing.WRITTEN_ASKED)
Finder = Callable[[Comparison], Iterator[Change]]
MOST_SHOWN = 150
"""Rows of a preview; what is beyond is counted."""


def changes_under(
    session: Session, calendar: WorkCalendar, code: str, value: Setting, valid_from: date
) -> list[Change]:
    """Everything that is open or counted now and would read otherwise, the switch itself first."""
    today = clock.today()
    before = readings_on(session, max(today, valid_from))
    after = Readings(before.day, before.version, {**before.values, code: value})
    found = Comparison(session, calendar, code, today, valid_from, before, after)
    switch = SWITCHES[code]
    head = Change("口径", switch.question_zh, in_words(switch, before.values[code]).zh, in_words(switch, value).zh)
    listed = [head, *FINDERS[code](found), *_cases(found)]
    if len(listed) > MOST_SHOWN:
        rest = len(listed) - MOST_SHOWN
        listed = [*listed[:MOST_SHOWN], Change("其他", f"另有{rest}项", "", "")]
    return listed


def _cases(found: Comparison) -> Iterator[Change]:
    """The running cases that will ask for the reading in a step still to come."""
    keys = CASES.get(found.code, ())
    query = select(Case.key, func.count()).where(Case.status == "running", Case.key.in_(keys)).group_by(Case.key)
    for key, number in found.session.execute(query.order_by(Case.key)):
        yield Change("在办案件", f"{PROCEDURES[key]}{number}件", "已办步骤按原口径", "尚未办理的步骤按新口径")


def _terms(found: Comparison) -> Iterator[Change]:
    number = found.session.scalar(select(func.count(Appointment.id)).where(Appointment.status.in_(CURRENT)))
    yield Change("现有聘任", f"在聘{number}人的聘期起止", "以聘书为准", UNMOVED)


def _deadlines(found: Comparison) -> Iterator[Change]:
    yield Change("已定期限", "已启动事项中已经确定的期限", "以确定时为准", UNMOVED)


def _invitations(found: Comparison) -> Iterator[Change]:
    """Whether an absence counts is read on the day the invitation went out."""
    query = select(func.count(Attendance.id)).where(Attendance.standing.in_(OPEN_INVITATIONS))
    yield Change("已发邀请", f"尚未举行的邀请{found.session.scalar(query)}人次", "按发出当日口径", UNMOVED)


def _pending(found: Comparison) -> Iterator[Change]:
    """Absences that nobody has found on yet."""
    number = found.session.scalar(select(func.count(Attendance.id)).where(Attendance.standing == Standing.PENDING))
    yield Change("待认定缺席", f"{number}人次", "已定的认定不变", "此后逾期未说明的按新口径")


def _later(found: Comparison) -> Iterator[Change]:
    yield Change("此后办理", "生效之日起新办理的事项", "原口径", "新口径")


FINDERS: Mapping[str, Finder] = {
    "absence.year_mode": changes_of_planners.absences,
    "absence.excused_mode": changes_of_planners.absences,
    "absence.activity_scope": changes_of_planners.absences,
    "absence.min_notice_wd": _invitations,
    "absence.auto_unexcused": _pending,
    "excellent.base": changes_of_the_year.appraisal,
    "excellent.pool": changes_of_the_year.appraisal,
    "excellent.require_visits": changes_of_the_year.barred,
    "visits.scope": changes_of_planners.visits,
    "visits.prorate": changes_of_planners.visits,
    "visits.dedupe": changes_of_planners.visits,
    "visits.year": changes_of_planners.visits,
    "appraisal.min_months": changes_of_the_year.appraisal,
    "appraisal.leave_half": changes_of_the_year.appraisal,
    "appraisal.weights": changes_of_the_year.weights,
    "objection.window_wd": _deadlines,
    "term.years": _terms,
    "renewal.max_terms": _terms,
    "replacement.term": _terms,
    "reply.limit_wd": changes_of_applications.letters,
    "reply.silence": changes_of_applications.letters,
    "district.objection": changes_of_applications.letters,
    "employer.consent": changes_of_applications.applications,
    "eligibility.influence": changes_of_applications.applications,
    "eligibility.cert": changes_of_applications.applications,
    "redismissed": changes_of_applications.applications,
    "person.max_units": _terms,
    "important_matters": _later,
    "quarter.district_day": changes_of_the_year.quarters,
    "quarter.city_day": changes_of_the_year.quarters,
    "quarter.late_record": changes_of_the_year.quarters,
    "ce_waiver.cumulative": changes_of_planners.rights,
    "benefits.zone_filter": changes_of_planners.rights,
    "three_years.gap": changes_of_planners.rights,
    "travel.own_survey": _later,
    "old_regime": changes_of_planners.rights,
}
"""Who knows what a switch changes; the locked switch is never changed."""
PROCEDURES: Mapping[str, str] = {
    "appointment": "选聘",
    "technical_consultation": "技术咨询",
    "annual_appraisal": "年度考核",
    "quarterly_reporting": "季度报告",
    "dismissal": "解聘",
    "term_renewal": "续聘",
    "expenses": "差旅费与工作经费",
    "objection": "异议复核",
    "replacement": "更换",
    "benefits": "政策待遇",
}
_SELECTION, _SERVICE, _RIGHTS = ("appointment",), ("technical_consultation", "dismissal"), ("benefits",)
CASES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("absence.year_mode", "absence.excused_mode", "absence.activity_scope"), _SERVICE),
    **dict.fromkeys(("absence.min_notice_wd", "absence.auto_unexcused"), ("technical_consultation",)),
    **dict.fromkeys(("reply.limit_wd", "reply.silence", "district.objection", "person.max_units"), _SELECTION),
    **dict.fromkeys(("employer.consent", "eligibility.influence", "eligibility.cert", "redismissed"), _SELECTION),
    **dict.fromkeys(("ce_waiver.cumulative", "benefits.zone_filter", "three_years.gap", "old_regime"), _RIGHTS),
    "term.years": ("appointment", "term_renewal"),
    "renewal.max_terms": ("term_renewal",),
    "replacement.term": ("replacement", "appointment"),
    "objection.window_wd": ("annual_appraisal", "objection"),
    "quarter.late_record": ("quarterly_reporting",),
    "travel.own_survey": ("expenses",),
}
"""Procedures whose running cases still have to ask for a reading."""
