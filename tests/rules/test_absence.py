from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.rules.absence import (
    AbsenceKind,
    AbsenceLevel,
    AbsenceRules,
    AttendanceEvent,
    ExcusedMode,
    Outcome,
    YearMode,
    all_readings,
    count_absences,
)

LETTERS = {
    "U": Outcome.UNEXCUSED,
    "A": Outcome.ATTENDED,
    "W": Outcome.WRITTEN_ACCEPTED,
    "X": Outcome.EXCUSED,
    "P": Outcome.PENDING,
    "C": Outcome.CANCELLED,
    "D": Outcome.POSTPONED,
    "L": Outcome.LATE_NOTICE,
}
NEUTRAL = "PCDL"


def log(letters, start=date(2026, 1, 10), days=20):
    """Events one after another, a letter each."""
    first = datetime(start.year, start.month, start.day, 9)
    return [
        AttendanceEvent(f"E{n:02}", first + timedelta(days=days * n), LETTERS[one]) for n, one in enumerate(letters)
    ]


def on(*days):
    return [AttendanceEvent(day, datetime.fromisoformat(day), Outcome.UNEXCUSED) for day in days]


@pytest.mark.parametrize(
    ("letters", "kind", "level"),
    [
        ("", None, "none"),
        ("XXXXX", None, "none"),
        ("PPP", None, "none"),
        ("U", None, "watch"),
        ("UU", None, "warning"),
        ("UAU", None, "watch"),
        ("UUU", "consecutive3", "trigger"),
        ("UUAUU", None, "warning"),
        ("UAUAUAU", None, "warning"),
        ("UAUAUAUAU", "total5", "trigger"),
        ("UUAUUAU", "total5", "trigger"),
        ("UUUAUU", "both", "trigger"),
        ("UXUU", None, "warning"),
        ("UWUU", None, "warning"),
        ("UCUDULU", "consecutive3", "trigger"),
        ("UPUP", None, "warning"),
        ("UUUA", "consecutive3", "trigger"),
    ],
)
def test_three_in_a_row_or_five_in_all_open_a_case(letters, kind, level):
    found = count_absences(log(letters))
    assert (found.kind, found.level) == (AbsenceKind(kind) if kind else None, AbsenceLevel(level))
    assert found.trigger is (kind is not None)
    assert found.ground.article == "第十五条(三)"


@pytest.mark.parametrize(("mode", "trigger"), [(ExcusedMode.BREAK, False), (ExcusedMode.NEUTRAL, True)])
def test_the_bureaus_may_let_an_excuse_leave_the_run_as_it_is(mode, trigger):
    assert count_absences(log("UXUU"), AbsenceRules(excused_mode=mode)).trigger is trigger


def test_each_reading_of_one_year_is_shown_side_by_side():
    events = on("2026-11-20", "2026-12-18", "2027-01-15")
    readings = all_readings(events, date(2025, 1, 10), ExcusedMode.BREAK)
    assert {mode: count.trigger for mode, count in readings.items()} == {
        YearMode.ROLLING: True,
        YearMode.CALENDAR: False,
        YearMode.SERVICE: False,
    }
    assert all_readings(events, date(2025, 1, 20), ExcusedMode.BREAK)[YearMode.SERVICE].trigger


@pytest.mark.parametrize(
    ("days", "trigger"),
    [
        (("2026-03-10", "2026-09-10", "2027-03-09"), True),
        (("2026-03-10", "2026-09-10", "2027-03-10"), False),
        (("2028-02-29", "2028-06-01", "2029-02-27"), True),
        (("2028-02-29", "2028-06-01", "2029-02-28"), False),
        (("2027-02-28", "2027-06-01", "2028-02-28"), False),
        (("2027-03-01", "2027-06-01", "2028-02-29"), True),
    ],
)
def test_the_anniversary_is_the_first_day_outside_the_year(days, trigger):
    assert count_absences(on(*days)).trigger is trigger


def test_old_absences_leave_the_window_as_time_goes_by():
    events = log("UU")
    assert count_absences(events).level is AbsenceLevel.WARNING
    assert count_absences(events, as_of=date(2027, 4, 1)).level is AbsenceLevel.NONE
    assert count_absences(events, as_of=date(2027, 4, 1)).consecutive_max == 2


def test_a_trigger_of_the_past_stays_a_trigger():
    assert count_absences(log("UUU"), as_of=date(2029, 1, 1)).level is AbsenceLevel.TRIGGER


def test_a_reading_of_an_earlier_day_knows_nothing_of_later_events():
    assert count_absences(log("UUU"), as_of=date(2026, 2, 1)).current_run == 2


def test_an_appointment_after_dismissal_begins_a_new_count():
    assert not count_absences(log("UUU"), since=date(2026, 1, 20)).trigger


def test_years_of_service_need_the_first_day_of_the_term():
    with pytest.raises(ValueError, match="first day of the term"):
        AbsenceRules(YearMode.SERVICE)


LOGS = st.text("UAWXPCDL", max_size=25).map(log)


@given(LOGS, st.randoms())
def test_the_order_of_entry_does_not_matter(events, random):
    assert count_absences(random.sample(events, len(events))) == count_absences(events)


@given(LOGS)
def test_what_is_neutral_changes_nothing_but_the_number_pending(events):
    without = [event for event in events if event.outcome not in {LETTERS[one] for one in NEUTRAL}]
    last = date(2026, 1, 10) + timedelta(days=20 * 25)
    full, bare = count_absences(events, as_of=last), count_absences(without, as_of=last)
    assert (full.trigger_event, full.consecutive_max, full.total_max) == (
        bare.trigger_event,
        bare.consecutive_max,
        bare.total_max,
    )
    assert (full.current_run, full.current_total, full.level) == (bare.current_run, bare.current_total, bare.level)


@given(LOGS, st.integers(0, 24))
def test_finding_a_good_reason_never_makes_things_worse(events, which):
    if which < len(events) and events[which].outcome is Outcome.UNEXCUSED:
        excused = AttendanceEvent(events[which].id, events[which].at, Outcome.EXCUSED)
        better = count_absences([*events[:which], excused, *events[which + 1 :]])
        worse = count_absences(events)
        assert better.consecutive_max <= worse.consecutive_max
        assert better.total_max <= worse.total_max
        assert worse.trigger or not better.trigger


@given(LOGS)
def test_the_counts_of_the_day_are_never_above_the_largest(events):
    found = count_absences(events)
    assert found.current_run <= found.consecutive_max
    assert found.current_run <= found.current_total <= found.total_max
