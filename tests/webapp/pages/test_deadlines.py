from __future__ import annotations

from datetime import datetime

import pytest

from processes.clock import CITY
from processes.workcalendar import load_work_calendar
from webapp.pages.deadlines import days_waiting, remaining

CALENDAR = load_work_calendar()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


@pytest.mark.parametrize(
    ("due", "now", "urgency", "days"),
    [
        ("2026-11-16T23:59:59", "2026-11-02T09:00", "later", 10),
        ("2026-11-16T23:59:59", "2026-11-13T09:00", "soon", 1),
        ("2026-11-16T23:59:59", "2026-11-16T23:59", "today", 0),
        ("2026-11-16T23:59:59", "2026-11-17T00:00", "late", 1),
        ("2026-11-13T23:59:59", "2026-11-14T10:00", "late", 0),  # a Saturday: late, no working day has passed
        ("2026-02-14T23:59:59", "2026-02-13T10:00", "soon", 1),  # a Saturday that is worked
        ("2026-10-08T23:59:59", "2026-09-30T10:00", "soon", 1),  # the National Day week is not counted
        ("2026-11-17T00:00", "2026-11-16T10:00", "today", 0),  # midnight belongs to the day before it
    ],
)
def test_what_is_left_is_told_in_working_days(due, now, urgency, days):
    found = remaining(moment(due), CALENDAR, moment(now))
    assert (found.urgency, found.days) == (urgency, days)


def test_a_task_without_a_due_day_has_no_urgency():
    assert remaining(None, CALENDAR).urgency == "none"


def test_waiting_is_counted_from_the_day_after_it_came_in():
    assert days_waiting(moment("2026-11-02T09:00"), CALENDAR, moment("2026-11-09T08:00")) == 5
