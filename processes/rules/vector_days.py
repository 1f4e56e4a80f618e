"""The rules about days as the vectors ask them: JSON read into the rule's types, the result written back as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from processes.rules.deadlines import lateness
from processes.rules.invitations import MIN_NOTICE, invitation_notice
from processes.rules.letters import REPLY_LIMIT, consult_reply
from processes.rules.quarters import CITY_DAY, DISTRICT_DAY, quarter_days, record_quarter
from processes.rules.terms import TERM_YEARS, term
from processes.rules.vector_inputs import VectorInput
from processes.rules.visits import visit_target
from processes.rules.workdays import WorkCalendar
from processes.rules.years import full_years, months_in_service

Answer = dict[str, Any]
Rule = Callable[[VectorInput, VectorInput, WorkCalendar], Answer]


def iso(day: date | None) -> str | None:
    """A day as JSON carries it."""
    return day.isoformat() if day else None


def _months_in_service(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    months = months_in_service(given.day("start"), given.maybe_day("end"), given.whole("year"))
    return {"months": months, "target": visit_target(months)}


def _full_years(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    return {"years": full_years(given.day("start"), given.day("through"), given.whole("suspended_days", 0))}


def _quarter(given: VectorInput, defaults: VectorInput, calendar: WorkCalendar) -> Answer:
    found = quarter_days(
        given.day("date"),
        given.whole("district_day", defaults.whole("district_day", DISTRICT_DAY)),
        given.whole("city_day", defaults.whole("city_day", CITY_DAY)),
        given.calendar(calendar),
    )
    return {
        "year": found.quarter.year,
        "quarter": found.quarter.number,
        "start": iso(found.quarter.start),
        "end": iso(found.quarter.end),
        "district_due": iso(found.district_due),
        "city_due": iso(found.city_due),
    }


def _add_workdays(given: VectorInput, _defaults: VectorInput, calendar: WorkCalendar) -> Answer:
    return {"date": iso(given.calendar(calendar).add_workdays(given.day("from"), given.whole("n")))}


def _overdue(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    submitted = given.maybe_day("submitted")
    found = lateness(given.day("due"), given.maybe_day("as_of") or submitted or given.day("as_of"), submitted)
    return {"status": found.status.value, "days_late": found.days_late}


def _consult_reply(given: VectorInput, defaults: VectorInput, calendar: WorkCalendar) -> Answer:
    found = consult_reply(
        given.day("sent"),
        given.maybe_day("as_of"),
        given.maybe_day("replied"),
        given.whole("limit_workdays", defaults.whole("limit_workdays", REPLY_LIMIT)),
        given.calendar(calendar),
    )
    return {
        "due": iso(found.due),
        "status": found.status.value,
        "days_waiting": found.days_waiting,
        "workdays_overdue": found.workdays_overdue,
    }


def _record_quarter(given: VectorInput, _defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    day = given.day("activity_date")
    entered = given.maybe_day("entered_on") or day
    found = record_quarter(day, entered, given.maybe_day("report_submitted_on"))
    return {
        "annual_year": found.annual_year,
        "activity_quarter": str(found.activity_quarter),
        "report_quarter": str(found.report_quarter),
        "mark": found.mark.value,
    }


def _term(given: VectorInput, defaults: VectorInput, _calendar: WorkCalendar) -> Answer:
    found = term(given.day("start"), given.whole("years", defaults.whole("term.years", TERM_YEARS)))
    return {"end": iso(found.end), "remind": [iso(day) for day in found.remind]}


def _invitation_valid(given: VectorInput, defaults: VectorInput, calendar: WorkCalendar) -> Answer:
    found = invitation_notice(
        given.day("sent"),
        given.day("activity"),
        given.flag("planner_accepted"),
        given.whole("min_workdays", defaults.whole("min_workdays", MIN_NOTICE)),
        given.calendar(calendar),
    )
    return {"notice_workdays": found.notice_workdays, "countable_if_absent": found.countable_if_absent}


ANSWERS: Mapping[str, Rule] = {
    "months_in_service": _months_in_service,
    "full_years": _full_years,
    "quarter": _quarter,
    "add_workdays": _add_workdays,
    "overdue": _overdue,
    "consult_reply": _consult_reply,
    "record_quarter": _record_quarter,
    "term": _term,
    "invitation_valid": _invitation_valid,
}
"""Rules about days by the name the vectors use."""
