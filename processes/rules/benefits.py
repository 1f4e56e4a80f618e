"""第十四条(一)(二)(三): what good service earns; each is asked for and proved, none is granted by the desk alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from processes.rules.appraisal import Grade
from processes.rules.dated import IN_FORCE, Dated, Ground
from processes.rules.switches import default_choice
from processes.rules.years import full_years

WAIVER_AFTER = Dated({IN_FORCE: 1}, article="第十四条(一)")
"""Full years of service for the waiver of one year's training (R)."""
PRIORITY_AFTER = Dated({IN_FORCE: 3}, article="第十四条(二)")
"""Full years of service for priority in the appraisal of titles (R)."""
EXCELLENT_IN_A_ROW = Dated({IN_FORCE: 3}, article="第十四条(三)")
"""Years graded 优秀 in a row for the recommendation (R)."""


class Waiver(StrEnum):
    """How the waiver is counted (switch `ce_waiver.cumulative`)."""

    ONCE = "once"
    EACH_YEAR = "each_year"


class Gap(StrEnum):
    """What an ungraded year does to years in a row (switch `three_years.gap`)."""

    BREAKS = "breaks"
    SKIPPED = "skipped"


DEFAULT_WAIVER = Waiver(default_choice("ce_waiver.cumulative"))
DEFAULT_GAP = Gap(default_choice("three_years.gap"))


@dataclass(frozen=True)
class ServiceRecord:
    """A planner's service through a day: grade by year (None: not graded), days suspended, the finding 业绩突出."""

    start: date
    through: date
    grades: Mapping[int, Grade | None] = field(default_factory=dict)
    suspended_days: int = 0
    outstanding: bool = False

    @property
    def graded(self) -> dict[int, Grade]:
        """The years that ended in one of the three grades, in order."""
        return {year: grade for year, grade in sorted(self.grades.items()) if grade is not None}


@dataclass(frozen=True)
class Benefits:
    """What the record fulfils on the day; years of training waived, and two yes or no."""

    full_years: int
    ce_waiver_years: int
    title_priority: bool
    talent_recommend: bool
    grounds: tuple[Ground, ...] = ()


def benefits(
    record: ServiceRecord,
    waiver: Waiver = DEFAULT_WAIVER,
    gap: Gap = DEFAULT_GAP,
) -> Benefits:
    """Which benefits of 第十四条 a record fulfils (R; latest graded year, no adding up, ungraded years D).

    >>> year = {2025: Grade.COMPETENT}
    >>> benefits(ServiceRecord(date(2025, 1, 20), date(2026, 1, 31), year)).ce_waiver_years
    1
    """
    on = record.through
    years = full_years(record.start, on, record.suspended_days)
    graded = record.graded
    waived = _waived(years, list(graded.values()), waiver, on)
    priority = years >= PRIORITY_AFTER.on(on) and record.outstanding and Grade.EXCELLENT in graded.values()
    recommend = _in_a_row(graded, gap) >= EXCELLENT_IN_A_ROW.on(on)
    earned = {WAIVER_AFTER: waived > 0, PRIORITY_AFTER: priority, EXCELLENT_IN_A_ROW: recommend}
    return Benefits(years, waived, priority, recommend, tuple(law.ground for law, holds in earned.items() if holds))


def _waived(years: int, grades: list[Grade], waiver: Waiver, on: date) -> int:
    """Years of training waived: the latest grade decides, since a planner found 不称职 last has not earned it."""
    good = [grade for grade in grades if grade is not Grade.INCOMPETENT]
    if years < WAIVER_AFTER.on(on) or not grades or grades[-1] is Grade.INCOMPETENT:
        return 0
    return 1 if waiver is Waiver.ONCE else min(years, len(good))


def _in_a_row(graded: Mapping[int, Grade], gap: Gap) -> int:
    """The longest run of years graded 优秀."""
    longest = run = 0
    before: int | None = None
    for year, grade in graded.items():
        follows = before is not None and (gap is Gap.SKIPPED or year == before + 1)
        run = ((run if follows else 0) + 1) if grade is Grade.EXCELLENT else 0
        longest, before = max(longest, run), year
    return longest
