from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.clock import CITY
from processes.engine.statistics.cards import Card, Cards
from processes.engine.statistics.measures import measure, quantile
from processes.engine.statistics.working_time import WorkingTime
from processes.rules.workdays import WorkCalendar

NATIONAL = WorkCalendar(
    frozenset(date(2026, 10, day) for day in range(1, 8)), frozenset({date(2026, 10, 10)}), frozenset({2026})
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


@pytest.mark.parametrize(
    ("start", "end", "workdays"),
    [
        ("2026-11-02T10:00", "2026-11-03T10:00", 1.0),
        ("2026-11-06T10:00", "2026-11-09T10:00", 1.0),
        ("2026-11-07T08:00", "2026-11-08T20:00", 0.0),
        ("2026-11-07T08:00", "2026-11-09T12:00", 0.5),
        ("2026-09-30T12:00", "2026-10-08T12:00", 1.0),
        ("2026-10-09T12:00", "2026-10-12T12:00", 2.0),
        ("2026-11-03T10:00", "2026-11-02T10:00", 0.0),
    ],
)
def test_time_counts_on_working_days_alone(start, end, workdays):
    time = WorkingTime.around(NATIONAL, at(start), at(end))
    assert time.between(at(start), at(end)) == pytest.approx(workdays)


@pytest.mark.parametrize("workdays", [0.25, 1.0, 3.5, 40.0])
def test_going_forward_and_measuring_back_agree(workdays):
    start = at("2026-09-28T15:00")
    time = WorkingTime.around(NATIONAL, start, start)
    end = time.after(start, workdays)
    assert time.between(start, end) == pytest.approx(workdays)


def test_the_middle_and_the_ninetieth_are_values_that_were_measured():
    found = measure([5.0, 1.0, 2.0, 9.0], late=1, dated=2)
    assert (found.n, found.median, found.p90, found.late_share) == (4, 2.0, 9.0, 0.5)
    assert measure([]).median is None
    assert measure([]).late_share is None
    assert quantile([1.0], 0.9) == 1.0


@pytest.mark.parametrize(
    ("due", "card"),
    [
        ("2026-11-05T23:59:59", None),
        ("2026-11-04T23:59:59", Card.SOON),
        ("2026-11-02T23:59:59", Card.SOON),
        ("2026-11-01T23:59:59", Card.YELLOW),
        ("2026-10-28T23:59:59", Card.YELLOW),
        ("2026-10-27T23:59:59", Card.RED),
    ],
)
def test_a_task_shows_the_card_of_its_working_days(due, card):
    monday = at("2026-11-02T09:00")
    assert Cards.at(NATIONAL, monday).of(at(due)) is card


@given(st.lists(st.datetimes(datetime(2024, 12, 1), datetime(2027, 2, 1)), min_size=2, max_size=2))
def test_a_span_is_the_part_of_each_working_day_that_lies_in_it(moments):
    start, end = (each.replace(tzinfo=UTC) for each in sorted(moments))
    first, last = start.astimezone(CITY).date(), end.astimezone(CITY).date()
    expected = 0.0
    for number in range((last - first).days + 1):
        midnight = datetime.combine(first + timedelta(days=number), datetime.min.time(), CITY)
        inside = min(end, midnight + timedelta(days=1)) - max(start, midnight)
        expected += NATIONAL.is_workday(midnight.date()) * inside / timedelta(days=1)
    time = WorkingTime.around(NATIONAL, start, end)
    assert time.between(start, end) == pytest.approx(expected, abs=1e-6)
    assert time.day_of(end) == last
