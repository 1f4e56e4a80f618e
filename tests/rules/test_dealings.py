"""Quarters, letters, invitations, travel, switches: the rules about dealings between the bureaus."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.rules.dated import Dated, Ground
from processes.rules.deadlines import lateness
from processes.rules.invitations import invitation_notice
from processes.rules.letters import consult_reply
from processes.rules.quarters import LateRecord, Quarter, quarter_days, record_quarter
from processes.rules.switches import (
    SWITCHES,
    default_choice,
    default_items,
    default_map,
    default_number,
)
from processes.rules.travel import OwnSurvey, Trip, travel_payer
from processes.workcalendar import load_work_calendar

PUBLISHED = load_work_calendar()
SENT = date(2026, 11, 2)


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_every_day_lies_in_its_quarter(day):
    quarter = Quarter.of(day)
    assert quarter.start <= day <= quarter.end < quarter.next().start
    assert Quarter.of(quarter.end) == quarter


@pytest.mark.parametrize(
    ("day", "district", "city"),
    [
        ("2025-09-30", "2025-10-10", "2025-10-20"),
        ("2025-12-31", "2026-01-12", "2026-01-20"),
        ("2026-03-31", "2026-04-10", "2026-04-20"),
        ("2026-09-30", "2026-10-10", "2026-10-20"),
        ("2026-12-31", "2027-01-11", "2027-01-20"),
    ],
)
def test_due_days_move_on_to_a_working_day(day, district, city):
    found = quarter_days(date.fromisoformat(day), calendar=PUBLISHED)
    assert (found.district_due.isoformat(), found.city_due.isoformat()) == (district, city)


def test_a_due_day_that_a_month_may_lack_is_refused():
    with pytest.raises(ValueError, match="between 1 and 28"):
        quarter_days(date(2026, 1, 1), district_day=31)


def test_there_is_no_fifth_quarter():
    with pytest.raises(ValueError, match="four quarters"):
        Quarter(2026, 5)


@pytest.mark.parametrize(
    ("entered", "submitted", "report", "mark"),
    [
        ("2026-07-09", None, "2026Q2", "NORMAL"),
        ("2026-07-09", "2026-07-09", "2026Q2", "NORMAL"),
        ("2026-07-10", "2026-07-09", "2026Q3", "SUPPLEMENT"),
        ("2027-02-01", "2026-07-09", "2027Q1", "SUPPLEMENT"),
    ],
)
def test_a_record_entered_after_its_report_is_a_supplement(entered, submitted, report, mark):
    sent = date.fromisoformat(submitted) if submitted else None
    found = record_quarter(date(2026, 6, 29), date.fromisoformat(entered), sent)
    assert (str(found.report_quarter), found.mark) == (report, mark)
    assert (found.annual_year, str(found.activity_quarter)) == (2026, "2026Q2")


def test_the_bureaus_may_have_the_old_report_reopened():
    found = record_quarter(date(2026, 6, 29), date(2026, 8, 1), date(2026, 7, 9), LateRecord.REOPEN)
    assert (str(found.report_quarter), found.mark) == ("2026Q2", "REOPEN")


@pytest.mark.parametrize(
    ("as_of", "submitted", "status", "days"),
    [
        ("2026-10-12", None, "NOT_DUE", 0),
        ("2026-10-13", None, "MISSING", 1),
        ("2026-11-22", "2026-10-12", "ON_TIME", 0),
        ("2026-11-22", "2026-10-13", "LATE", 1),
    ],
)
def test_the_due_day_itself_is_in_time(as_of, submitted, status, days):
    found = lateness(
        date(2026, 10, 12), date.fromisoformat(as_of), date.fromisoformat(submitted) if submitted else None
    )
    assert (found.status, found.days_late) == (status, days)


@pytest.mark.parametrize(
    ("as_of", "replied", "status", "waiting", "overdue"),
    [
        (date(2026, 11, 16), None, "WAITING", 14, 0),
        (date(2026, 11, 17), None, "OVERDUE", 15, 1),
        (date(2026, 11, 22), None, "OVERDUE", 20, 4),
        (None, date(2026, 11, 16), "REPLIED", 14, 0),
        (date(2026, 12, 1), date(2026, 11, 17), "REPLIED_LATE", 15, 1),
    ],
)
def test_how_the_reply_to_a_letter_stands(as_of, replied, status, waiting, overdue):
    found = consult_reply(SENT, as_of, replied)
    assert found.due == date(2026, 11, 16)
    assert (found.status, found.days_waiting, found.workdays_overdue) == (status, waiting, overdue)


def test_a_letter_due_on_friday_is_overdue_on_saturday_by_no_working_day():
    found = consult_reply(SENT, date(2026, 11, 7), limit_workdays=4)
    assert (found.due, found.status, found.workdays_overdue) == (date(2026, 11, 6), "OVERDUE", 0)


def test_a_reading_of_a_letter_needs_a_day():
    with pytest.raises(ValueError, match="day of the reading"):
        consult_reply(SENT)


@pytest.mark.parametrize(
    ("sent", "activity", "accepted", "days", "counts"),
    [
        ("2026-11-16", "2026-11-19", False, 3, True),
        ("2026-11-17", "2026-11-19", False, 2, False),
        ("2026-11-17", "2026-11-19", True, 2, True),
        ("2026-11-19", "2026-11-19", False, 0, False),
        ("2026-11-20", "2026-11-19", False, 0, False),
        ("2026-09-30", "2026-10-10", False, 3, True),
        ("2026-02-13", "2026-02-25", False, 3, True),
        ("2026-02-13", "2026-02-24", False, 2, False),
    ],
)
def test_an_absence_counts_only_after_three_working_days_of_notice(sent, activity, accepted, days, counts):
    found = invitation_notice(date.fromisoformat(sent), date.fromisoformat(activity), accepted, calendar=PUBLISHED)
    assert (found.notice_workdays, found.countable_if_absent) == (days, counts)


@pytest.mark.parametrize(
    ("trip", "confirmed", "payer", "article", "approval"),
    [
        (Trip.CONSULTATION, False, "DPB:CQ-500240", "第九条(五)", False),
        (Trip.ON_SITE_GUIDANCE, False, "DPB:CQ-500240", "第九条(五)", False),
        (Trip.OWN_SURVEY, True, "DPB:CQ-500240", "第九条(五)", True),
        (Trip.OWN_SURVEY, False, "WORK_FUND", "第九条(六)", True),
        (Trip.CITY_MEETING, True, "WORK_FUND", "第九条(六)", True),
        (Trip.CITY_TRAINING, True, "WORK_FUND", "第九条(六)", True),
    ],
)
def test_who_pays_for_a_trip(trip, confirmed, payer, article, approval):
    found = travel_payer(trip, "CQ-500240", confirmed)
    assert (str(found), str(found.ground), found.needs_approval) == (payer, article, approval)


def test_a_trip_outside_the_regulation_has_no_payer_and_no_ground():
    found = travel_payer(Trip.OTHER, "CQ-500240")
    assert (found.payer, found.ground, str(found)) == (None, None, "")


def test_a_trip_for_a_district_names_the_district():
    with pytest.raises(ValueError, match="names the unit"):
        travel_payer(Trip.CONSULTATION)


def test_the_bureaus_may_pay_every_own_survey_from_the_fund():
    assert str(travel_payer(Trip.OWN_SURVEY, "CQ-500240", True, OwnSurvey.FUND)) == "WORK_FUND"


def test_there_are_thirty_seven_switches_each_at_a_value_it_accepts():
    assert len(SWITCHES) == 37
    assert [code for code, switch in SWITCHES.items() if not switch.accepts(switch.default)] == []
    assert all(switch.article and switch.question_zh and switch.question_en for switch in SWITCHES.values())


@pytest.mark.parametrize(
    ("code", "value", "accepted"),
    [
        ("term.years", 5, True),
        ("term.years", 6, False),
        ("term.years", "3", False),
        ("term.years", True, False),
        ("absence.year_mode", "calendar", True),
        ("absence.year_mode", "lunar", False),
        ("absence.year_mode", ["calendar"], False),
        ("excellent.rounding", "floor", True),
        ("excellent.rounding", "nearest", False),
        ("appraisal.weights", {"counts": 25, "quality": 45, "visits": 15, "duties": 15}, True),
        ("appraisal.weights", {"counts": 25, "quality": 45, "visits": 15, "duties": 16}, False),
        ("appraisal.weights", {"counts": 100}, False),
        ("eligibility.cert", ["国土空间规划师"], True),
        ("eligibility.cert", [], False),
        ("eligibility.cert", ["甲", "甲"], False),
        ("redismissed", {"1": "free", "2": "free", "3": "flag", "4": "flag", "5": "refuse"}, True),
        ("redismissed", {"1": "free"}, False),
    ],
)
def test_a_switch_takes_only_what_it_offers(code, value, accepted):
    assert SWITCHES[code].accepts(value) is accepted


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (default_number, "absence.year_mode"),
        (default_choice, "term.years"),
        (default_items, "term.years"),
        (default_map, "eligibility.cert"),
    ],
)
def test_a_default_is_read_as_what_it_is(read, code):
    with pytest.raises(TypeError, match=code):
        read(code)


def test_a_value_is_not_known_before_the_first_day_it_holds():
    value = Dated({date(2026, 1, 1): 10}, article="第八条(六)", regulation=False)
    assert value.ground == Ground("第八条(六)", regulation=False)
    with pytest.raises(LookupError):
        value.on(date(2025, 12, 31))
    with pytest.raises(ValueError, match="at least one day"):
        Dated({}, article="第八条(六)")
