"""Visits, terms, renewal, appraisal, benefits, dismissal: the rules about a planner in office."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.rules.appraisal import EndReason, Grade, Performance, Weights, appraisal_status, percentage, score
from processes.rules.benefits import Gap, ServiceRecord, Waiver, benefits
from processes.rules.dismissal import Findings, dismissal
from processes.rules.renewal import TermEnd, TermGrade, renewal
from processes.rules.terms import term
from processes.rules.visits import (
    Dedupe,
    Prorate,
    Service,
    Visit,
    VisitYear,
    count_visits,
    visit_target,
    visits_expected,
)
from processes.rules.years import add_years, full_years, months_in_service

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
WHOLE = Service(date(2025, 1, 20), date(2028, 1, 19))
YES = {"term_appraisal": TermGrade.PASS, "willing": True, "district_need": True, "employer_consent": True}
END = date(2028, 1, 19)
E_, C_, I_ = Grade.EXCELLENT, Grade.COMPETENT, Grade.INCOMPETENT


def visit(day, unit="CQ-500101", mode="on_site", status="confirmed", schemes=1, opinions=1):
    return Visit(date.fromisoformat(day), unit, mode, status, schemes, opinions)


@pytest.mark.parametrize(
    ("start", "months", "target"),
    [
        ("2025-01-20", 12, 10),
        ("2026-01-15", 12, 10),
        ("2026-01-16", 11, 10),
        ("2026-07-01", 6, 5),
        ("2026-07-16", 5, 5),
        ("2026-09-10", 4, 4),
        ("2026-12-16", 0, 0),
    ],
)
def test_a_month_counts_if_its_fifteenth_is_served_and_the_target_is_rounded_up(start, months, target):
    assert months_in_service(date.fromisoformat(start), None, 2026) == months
    assert visit_target(months) == target


@pytest.mark.parametrize(
    ("record", "count"),
    [
        (visit("2026-05-26"), 1),
        (visit("2026-05-26", mode="online"), 0),
        (visit("2026-05-26", mode="written"), 0),
        (visit("2026-05-26", status="submitted"), 0),
        (visit("2026-05-26", status="rejected"), 0),
        (visit("2025-12-31"), 0),
        (visit("2026-12-31"), 1),
        (visit("2027-01-01"), 0),
    ],
)
def test_only_a_confirmed_visit_on_site_in_the_year_counts(record, count):
    assert count_visits([record], WHOLE, 2026).count == count


def test_the_first_and_last_day_of_service_count_and_the_days_outside_do_not():
    service = Service(date(2026, 3, 10), date(2026, 9, 20))
    records = [visit(day) for day in ("2026-03-09", "2026-03-10", "2026-09-20", "2026-09-21")]
    assert count_visits(records, service, 2026).count == 2


def test_one_trip_is_one_visit_but_every_record_owes_its_opinions():
    records = [visit("2026-05-26", schemes=2, opinions=0), visit("2026-05-26", schemes=1, opinions=3)]
    found = count_visits([*records, visit("2026-05-26", "CQ-500240")], WHOLE, 2026)
    assert (found.count, found.missing_opinions) == (2, 2)
    assert found.by_unit == (("CQ-500101", 1), ("CQ-500240", 1))
    assert count_visits(records, WHOLE, 2026, dedupe=Dedupe.RECORD).count == 2


def test_a_year_may_be_read_as_a_year_of_service():
    records = [visit(day) for day in ("2026-01-19", "2026-01-20", "2027-01-19", "2027-01-20")]
    found = count_visits(records, WHOLE, 2026, year_mode=VisitYear.SERVICE)
    assert (found.count, found.target) == (2, 10)
    left = Service(date(2025, 9, 10), date(2026, 3, 31))
    assert count_visits([], left, 2025, year_mode=VisitYear.SERVICE).target == 6
    assert count_visits([], left, 2026, year_mode=VisitYear.SERVICE).target == 0


def test_the_target_may_stay_ten_for_part_of_a_year():
    found = count_visits([], Service(date(2026, 7, 1)), 2026, prorate=Prorate.FULL)
    assert (found.target, found.shortfall, found.met) == (10, 10, False)


@pytest.mark.parametrize(
    ("as_of", "expected"), [("2026-03-31", 3), ("2026-06-30", 5), ("2026-09-30", 8), ("2026-12-31", 10)]
)
def test_the_pace_at_the_quarter_ends(as_of, expected):
    assert visits_expected(WHOLE, 2026, date.fromisoformat(as_of)) == expected


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        ("2025-01-20", 3, "2028-01-19"),
        ("2026-03-01", 3, "2029-02-28"),
        ("2024-02-29", 3, "2027-02-27"),
        ("2024-02-29", 4, "2028-02-28"),
        ("2025-03-01", 3, "2028-02-29"),
        ("2026-01-01", 1, "2026-12-31"),
    ],
)
def test_a_term_ends_on_the_day_before_its_anniversary(start, years, end):
    found = term(date.fromisoformat(start), years)
    assert found.end == date.fromisoformat(end)
    assert [(found.end - day).days for day in found.remind] == [90, 60, 30]


def test_a_term_of_no_years_is_refused():
    with pytest.raises(ValueError, match="a year or more"):
        term(date(2026, 1, 1), 0)


@given(DAYS, st.integers(1, 9))
def test_a_term_served_to_its_last_day_is_full_and_a_day_less_is_not(start, years):
    end = term(start, years).end
    assert full_years(start, end) == years
    assert full_years(start, end - timedelta(days=1)) == years - 1


@given(DAYS, st.integers(0, 4000), st.integers(0, 400))
def test_suspended_days_never_add_years(start, served, suspended):
    through = start + timedelta(days=served)
    assert 0 <= full_years(start, through, suspended) <= full_years(start, through)


@given(DAYS, st.integers(-9, 9))
def test_an_anniversary_keeps_month_and_day_but_for_leap_days(day, years):
    moved = add_years(day, years)
    assert (moved.year, moved.month) == (day.year + years, day.month)
    assert moved.day == day.day or (day.day, moved.day) == (29, 28)


@pytest.mark.parametrize(
    ("decided", "start", "gap"),
    [("2028-01-10", "2028-01-20", 0), ("2028-01-20", "2028-01-20", 0), ("2028-03-01", "2028-03-01", 41)],
)
def test_a_renewal_is_never_backdated(decided, start, gap):
    found = renewal(TermEnd(END, date.fromisoformat(decided), **YES))
    assert (found.decision, found.new_start, found.gap_days) == ("RENEW", date.fromisoformat(start), gap)


@pytest.mark.parametrize(
    ("answers", "decision", "reasons"),
    [
        ({"term_appraisal": TermGrade.FAIL}, "NOT_RENEW", ("term_appraisal",)),
        (
            {
                "employer_consent": False,
                "district_need": False,
                "willing": False,
                "term_appraisal": TermGrade.FAIL,
            },
            "NOT_RENEW",
            ("term_appraisal", "willing", "district_need", "employer_consent"),
        ),
        ({"willing": False, "district_need": None, "dismissal_open": True}, "NOT_RENEW", ("willing",)),
        (
            {"term_appraisal": None, "willing": None, "dismissal_open": True},
            "WAIT",
            ("dismissal_open", "term_appraisal", "willing"),
        ),
        ({"dismissal_open": True}, "WAIT", ("dismissal_open",)),
    ],
)
def test_one_no_settles_a_renewal_and_an_open_answer_waits(answers, decision, reasons):
    found = renewal(TermEnd(END, END, **{**YES, **answers}))
    assert (found.decision, found.reasons, found.new_start, found.gap_days) == (decision, reasons, None, None)


def test_the_bureaus_may_limit_the_number_of_terms():
    assert renewal(TermEnd(END, END, **YES, terms_served=2), max_terms=2).reasons == ("max_terms",)
    assert renewal(TermEnd(END, END, **YES, terms_served=9)).decision == "RENEW"


@pytest.mark.parametrize(
    ("start", "end", "reason", "leave", "year", "status", "why"),
    [
        ("2025-01-20", None, None, 0, 2026, "GRADED", ""),
        ("2026-07-15", None, None, 0, 2026, "GRADED", ""),
        ("2026-07-16", None, None, 0, 2026, "NOT_GRADED", "short_service"),
        ("2026-12-31", None, None, 0, 2026, "NOT_GRADED", "short_service"),
        ("2027-01-01", None, None, 0, 2026, "NOT_INCLUDED", "no_service"),
        ("2025-01-20", "2025-12-31", "dismissed", 0, 2026, "NOT_INCLUDED", "no_service"),
        ("2025-01-20", "2026-12-30", "dismissed", 0, 2026, "NOT_INCLUDED", "dismissed"),
        ("2025-01-20", "2026-12-31", "withdrawn", 0, 2026, "GRADED", ""),
        ("2025-01-20", "2027-02-01", "dismissed", 0, 2026, "GRADED", ""),
        ("2025-01-20", "2026-06-15", "expired", 0, 2026, "GRADED", ""),
        ("2025-01-20", "2026-06-14", "expired", 0, 2026, "NOT_GRADED", "short_service"),
        ("2025-01-20", None, None, 182, 2026, "GRADED", ""),
        ("2025-01-20", None, None, 183, 2026, "NOT_GRADED", "long_leave"),
        ("2025-01-20", None, None, 183, 2028, "GRADED", ""),
        ("2025-01-20", None, None, 184, 2028, "NOT_GRADED", "long_leave"),
    ],
)
def test_who_is_graded_in_a_year(start, end, reason, leave, year, status, why):
    service = Service(date.fromisoformat(start), date.fromisoformat(end) if end else None)
    found = appraisal_status(year, service, EndReason(reason) if reason else None, leave)
    assert (found.status, found.why) == (status, why)


def test_the_bureaus_may_grade_after_fewer_months_and_in_spite_of_leave():
    service = Service(date(2026, 9, 1))
    assert appraisal_status(2026, service, leave_days=200, min_months=4, leave_half=False).status == "GRADED"


@pytest.mark.parametrize(
    ("quality", "duties", "visits", "total", "suggest"),
    [
        (70, 80, 10, 8500, "优秀候选"),
        (69, 82, 10, 8490, "称职"),
        (100, 100, 9, 9850, "称职"),
        (10, 70, 10, 5950, "不称职（建议，须人工认定）"),
        (9, 76, 10, 6000, "称职"),
    ],
)
def test_the_score_suggests_a_grade(quality, duties, visits, total, suggest):
    found = score(Performance(12, 12, quality, visits, 10, duties))
    assert (found.score_x100, found.suggest) == (total, suggest)


def test_too_few_visits_may_be_left_out_of_the_suggestion():
    assert score(Performance(12, 12, 95, 8, 10, 90), require_visits=False).suggest == "优秀候选"


@pytest.mark.parametrize(("done", "owed", "percent"), [(11, 12, 91), (2, 3, 66), (5, 4, 100), (0, 4, 0), (0, 0, 100)])
def test_percentages_drop_their_fraction_and_stop_at_a_hundred(done, owed, percent):
    assert percentage(done, owed) == percent


@pytest.mark.parametrize("parts", [(30, 40, 15, 14), (130, -40, 5, 5)])
def test_weights_add_up_to_a_hundred(parts):
    with pytest.raises(ValueError, match="100"):
        Weights(*parts)


def test_points_above_a_hundred_are_refused():
    with pytest.raises(ValueError, match="between 0 and 100"):
        score(Performance(1, 1, 101, 10, 10, 90))


@pytest.mark.parametrize(
    ("grades", "waived", "recommend"),
    [
        ([], 0, False),
        ([C_], 1, False),
        ([None], 0, False),
        ([C_, None], 1, False),
        ([C_, I_], 0, False),
        ([I_, C_], 1, False),
        ([E_, E_, E_], 1, True),
        ([E_, E_, C_, E_], 1, False),
        ([E_, None, E_, E_], 1, False),
        ([C_, E_, E_, E_], 1, True),
    ],
)
def test_what_the_grades_of_the_years_earn(grades, waived, recommend):
    record = ServiceRecord(date(2025, 1, 20), date(2029, 12, 31), dict(enumerate(grades, start=2025)))
    found = benefits(record)
    assert (found.ce_waiver_years, found.talent_recommend, found.title_priority) == (waived, recommend, False)


def test_priority_needs_three_full_years_an_excellent_grade_and_the_finding_of_the_bureau():
    grades = {2025: E_}
    full = ServiceRecord(date(2025, 1, 20), END, grades, outstanding=True)
    assert benefits(full).title_priority
    assert "第十四条(二)" in [ground.article for ground in benefits(full).grounds]
    assert not benefits(ServiceRecord(date(2025, 1, 20), END, grades)).title_priority
    assert not benefits(ServiceRecord(date(2025, 1, 21), END, grades, outstanding=True)).title_priority
    assert not benefits(ServiceRecord(date(2025, 1, 20), END, {2025: C_}, outstanding=True)).title_priority


def test_the_bureaus_may_pass_over_ungraded_years_and_add_up_waivers():
    record = ServiceRecord(date(2025, 1, 20), date(2029, 12, 31), {2025: E_, 2026: None, 2027: E_, 2028: E_})
    assert benefits(record, gap=Gap.SKIPPED).talent_recommend
    assert benefits(record, waiver=Waiver.EACH_YEAR).ce_waiver_years == 3


@pytest.mark.parametrize(
    ("findings", "items", "hold", "action"),
    [
        (Findings(), (), (), "NONE"),
        (Findings(voluntary_request=True), (1,), (), "OPEN_CASE"),
        (Findings(absence_trigger=True, absence_disputed=True), (), (3,), "HOLD"),
        (Findings(absence_disputed=True), (), (), "NONE"),
        (Findings(grade=I_), (), (4,), "HOLD"),
        (Findings(grade=I_, grade_final=True), (4,), (), "OPEN_CASE"),
        (Findings(unable_finding=True, grade=I_), (2,), (4,), "OPEN_CASE"),
        (Findings(grade=C_, grade_final=True), (), (), "NONE"),
    ],
)
def test_a_ground_holds_is_on_hold_or_is_not_there(findings, items, hold, action):
    found = dismissal(findings)
    assert (found.items, found.hold, found.action) == (items, hold, action)
    assert [ground.article[-2] for ground in found.grounds] == ["一二三四五"[item - 1] for item in items]
