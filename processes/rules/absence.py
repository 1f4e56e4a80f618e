"""第十五条(三): absences without good reason, three in a row or five in all within a year, from the event log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from processes.rules.dated import IN_FORCE, Dated, Ground
from processes.rules.switches import default_choice
from processes.rules.years import within_one_year, year_of_service

IN_A_ROW = Dated({IN_FORCE: 3}, article="第十五条(三)")
"""Absences in a row that open a dismissal case (R)."""

IN_ALL = Dated({IN_FORCE: 5}, article="第十五条(三)")
"""Absences in all within one year that open a dismissal case (R)."""


class Outcome(StrEnum):
    """What became of an invitation to technical guidance or consultation; meetings never enter this log (第十一条)."""

    ATTENDED = "attended"
    WRITTEN_ACCEPTED = "written_accepted"
    EXCUSED = "excused"
    UNEXCUSED = "unexcused"
    PENDING = "pending"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    LATE_NOTICE = "late_notice"


class YearMode(StrEnum):
    """How «一年内» is read (switch `absence.year_mode`)."""

    ROLLING = "rolling12"
    CALENDAR = "calendar"
    SERVICE = "service"


class ExcusedMode(StrEnum):
    """What an absence with good reason does to a run (switch `absence.excused_mode`)."""

    BREAK = "break"
    NEUTRAL = "neutral"


DEFAULT_YEAR = YearMode(default_choice("absence.year_mode"))
DEFAULT_EXCUSED = ExcusedMode(default_choice("absence.excused_mode"))


class AbsenceKind(StrEnum):
    """Which limb of the ground is met."""

    CONSECUTIVE = "consecutive3"
    TOTAL = "total5"
    BOTH = "both"


class AbsenceLevel(StrEnum):
    """How near a planner is to the ground."""

    NONE = "none"
    WATCH = "watch"
    WARNING = "warning"
    TRIGGER = "trigger"


@dataclass(frozen=True)
class AttendanceEvent:
    """One activity a planner was invited to, with the outcome as it is found now; `at` is city time."""

    id: str
    at: datetime
    outcome: Outcome

    @property
    def day(self) -> date:
        return self.at.date()


@dataclass(frozen=True)
class AbsenceRules:
    """The readings in force; `term_start` is needed for the year of service."""

    year_mode: YearMode = DEFAULT_YEAR
    excused_mode: ExcusedMode = DEFAULT_EXCUSED
    term_start: date | None = None

    def __post_init__(self) -> None:
        if self.year_mode is YearMode.SERVICE and self.term_start is None:
            raise ValueError("years of service need the first day of the term")

    def same_year(self, first: date, last: date) -> bool:
        """Whether two days, in order, lie «within one year»."""
        if self.year_mode is YearMode.CALENDAR:
            return first.year == last.year
        if self.year_mode is YearMode.SERVICE and self.term_start is not None:
            return year_of_service(self.term_start, first) == year_of_service(self.term_start, last)
        return within_one_year(first, last)

    @property
    def ends_run(self) -> frozenset[Outcome]:
        present = {Outcome.ATTENDED, Outcome.WRITTEN_ACCEPTED}
        return frozenset(present | {Outcome.EXCUSED} if self.excused_mode is ExcusedMode.BREAK else present)


@dataclass(frozen=True)
class AbsenceCount:
    """The count on a day; a trigger is a proposal to open a case, never a dismissal (第十五条(三))."""

    trigger: bool
    kind: AbsenceKind | None
    trigger_event: str | None
    consecutive_max: int
    total_max: int
    current_run: int
    current_total: int
    pending: int
    level: AbsenceLevel
    ground: Ground = field(default=IN_A_ROW.ground)


DEFAULT_RULES = AbsenceRules()


def count_absences(
    events: Sequence[AttendanceEvent],
    rules: AbsenceRules = DEFAULT_RULES,
    as_of: date | None = None,
    since: date | None = None,
) -> AbsenceCount:
    """Count unexcused absences and say how near the ground of 第十五条(三) is (R; year, excuse and notice D).

    `as_of` is the day of the reading (default: the last event) and later events are left out. `since` is the first day
    of an appointment after a dismissal; renewal, another district or New Year start no new count.
    """
    known = [one for one in events if (as_of is None or one.day <= as_of) and (since is None or one.day >= since)]
    ordered = sorted(known, key=lambda one: (one.at, one.id))
    reading_day = as_of or (ordered[-1].day if ordered else date.max)
    in_a_row, in_all = IN_A_ROW.on(as_of), IN_ALL.on(as_of)
    run: list[AttendanceEvent] = []
    absent: list[AttendanceEvent] = []
    longest = most = 0
    trigger_event: str | None = None
    for event in ordered:
        if event.outcome in rules.ends_run:
            run = []
        if event.outcome is not Outcome.UNEXCUSED:
            continue
        run.append(event)
        absent.append(event)
        row, total = _in_year(run, event.day, rules), _in_year(absent, event.day, rules)
        longest, most = max(longest, row), max(most, total)
        if trigger_event is None and (row >= in_a_row or total >= in_all):
            trigger_event = event.id
    now_run, now_total = _in_year(run, reading_day, rules), _in_year(absent, reading_day, rules)
    return AbsenceCount(
        trigger=trigger_event is not None,
        kind=_kind(longest >= in_a_row, most >= in_all),
        trigger_event=trigger_event,
        consecutive_max=longest,
        total_max=most,
        current_run=now_run,
        current_total=now_total,
        pending=sum(event.outcome is Outcome.PENDING for event in ordered),
        level=_level(trigger_event is not None, in_a_row - now_run, in_all - now_total, now_total),
    )


def all_readings(
    events: Sequence[AttendanceEvent], term_start: date, excused_mode: ExcusedMode, as_of: date | None = None
) -> dict[YearMode, AbsenceCount]:
    """The count under each reading of «一年内», side by side for those who decide a case."""
    return {mode: count_absences(events, AbsenceRules(mode, excused_mode, term_start), as_of) for mode in YearMode}


def _in_year(absences: Sequence[AttendanceEvent], last: date, rules: AbsenceRules) -> int:
    return sum(rules.same_year(absence.day, last) for absence in absences)


def _kind(consecutive: bool, total: bool) -> AbsenceKind | None:
    if consecutive:
        return AbsenceKind.BOTH if total else AbsenceKind.CONSECUTIVE
    return AbsenceKind.TOTAL if total else None


def _level(triggered: bool, run_left: int, total_left: int, current_total: int) -> AbsenceLevel:
    if triggered:
        return AbsenceLevel.TRIGGER
    if run_left <= 1 or total_left <= 1:
        return AbsenceLevel.WARNING
    return AbsenceLevel.WATCH if current_total else AbsenceLevel.NONE
