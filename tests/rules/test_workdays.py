import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.errors import Invalid
from processes.rules.workdays import PLAIN_WEEKENDS, WorkCalendar
from processes.workcalendar import OVERRIDE_FILE, load_work_calendar

PUBLISHED = load_work_calendar()
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
COUNTS = st.integers(0, 120)


@pytest.mark.parametrize(
    "day",
    [
        date(2024, 2, 4),
        date(2024, 9, 14),
        date(2025, 1, 26),
        date(2025, 10, 11),
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ],
)
def test_a_make_up_day_on_a_weekend_is_worked(day):
    assert day.weekday() >= 5
    assert PUBLISHED.is_workday(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2024, 2, 12),
        date(2025, 1, 28),
        date(2025, 10, 8),
        date(2026, 1, 2),
        date(2026, 2, 16),
        date(2026, 2, 23),
        date(2026, 4, 6),
        date(2026, 6, 19),
        date(2026, 9, 25),
        date(2026, 10, 7),
    ],
)
def test_a_published_holiday_on_a_weekday_is_not_worked(day):
    assert day.weekday() < 5
    assert not PUBLISHED.is_workday(day)


def test_ten_working_days_before_spring_festival_reach_over_it():
    assert PUBLISHED.add_workdays(date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert PUBLISHED.workdays_between(date(2026, 2, 13), date(2026, 2, 24)) == 2


def test_three_working_days_before_a_due_day_skip_the_holiday():
    assert PUBLISHED.add_workdays(date(2026, 10, 9), -3) == date(2026, 9, 29)


def test_a_due_day_on_a_make_up_saturday_stays():
    assert PUBLISHED.roll_forward(date(2026, 10, 10)) == date(2026, 10, 10)
    assert PLAIN_WEEKENDS.roll_forward(date(2026, 10, 10)) == date(2026, 10, 12)


def test_a_make_up_day_wins_over_a_day_off():
    day = date(2026, 10, 10)
    assert WorkCalendar(frozenset({day}), frozenset({day})).is_workday(day)


def test_the_calendar_says_which_years_are_published():
    assert [PUBLISHED.covers(year) for year in (2024, 2025, 2026, 2050)] == [True, True, True, False]
    assert not PLAIN_WEEKENDS.covers(2026)


@given(DAYS, COUNTS)
def test_going_forth_and_back_returns_to_the_working_day(day, count):
    start = PUBLISHED.roll_forward(day)
    assert PUBLISHED.add_workdays(PUBLISHED.add_workdays(start, count), -count) == start


@given(DAYS, COUNTS)
def test_working_days_between_undo_working_days_added(day, count):
    assert PUBLISHED.workdays_between(day, PUBLISHED.add_workdays(day, count)) == count


@given(DAYS, st.integers(1, 120))
def test_added_working_days_end_on_a_working_day(day, count):
    assert PUBLISHED.is_workday(PUBLISHED.add_workdays(day, count))
    assert PUBLISHED.is_workday(PUBLISHED.add_workdays(day, -count))


@given(DAYS)
def test_no_day_that_is_passed_over_is_worked(day):
    moved = PUBLISHED.roll_forward(day)
    passed = [day + timedelta(days=n) for n in range((moved - day).days)]
    assert PUBLISHED.is_workday(moved)
    assert not any(map(PUBLISHED.is_workday, passed))


def test_an_office_enters_next_years_notice_before_the_library_has_it(tmp_path):
    year = 2051
    notice = {"days_off": [f"{year}-01-02", f"{year}-10-01"], "workdays": [f"{year}-01-07"]}
    (tmp_path / OVERRIDE_FILE).write_text(json.dumps(notice), encoding="utf-8")
    calendar = load_work_calendar(tmp_path)
    assert date(year, 1, 2).weekday() < 5 <= date(year, 1, 7).weekday()
    assert not calendar.is_workday(date(year, 1, 2))
    assert calendar.is_workday(date(year, 1, 7))
    assert calendar.covers(year)
    assert calendar.is_workday(date(2026, 2, 14))


def test_the_office_wins_over_the_library_for_the_days_it_names(tmp_path):
    notice = {"days_off": ["2026-02-14"], "workdays": ["2026-02-16"]}
    (tmp_path / OVERRIDE_FILE).write_text(json.dumps(notice), encoding="utf-8")
    calendar = load_work_calendar(tmp_path)
    assert not calendar.is_workday(date(2026, 2, 14))
    assert calendar.is_workday(date(2026, 2, 16))


def test_without_a_file_the_library_stands_alone(tmp_path):
    assert load_work_calendar(tmp_path) == PUBLISHED


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "格式"),
        ("[]", "只能包含"),
        ('{"holidays": []}', "只能包含"),
        ('{"days_off": "2027-01-01"}', "列表"),
        ('{"days_off": ["1 January"]}', "无效"),
        ('{"days_off": [20270101.5]}', "无效"),
        ('{"days_off": ["2027-01-01"], "workdays": ["2027-01-01"]}', "既是休息日又是上班日"),
    ],
)
def test_a_calendar_file_that_cannot_be_used_is_refused_in_words(tmp_path, content, word):
    (tmp_path / OVERRIDE_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(Invalid, match=word):
        load_work_calendar(tmp_path)
