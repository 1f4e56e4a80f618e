"""第十四条: who is graded in a year, and the score that the desk suggests; the grade itself is people's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from processes.rules.dated import Ground
from processes.rules.excellent import RollStatus
from processes.rules.switches import default_number, default_on, default_parts
from processes.rules.visits import Service
from processes.rules.years import months_in_service

MIN_MONTHS = default_number("appraisal.min_months")
EXCELLENT_FROM = 8500
"""Hundredths of a point from which 优秀 may be suggested (D)."""
COMPETENT_FROM = 6000
"""Hundredths of a point from which 称职 is suggested (D)."""
FULL = 100


class Grade(StrEnum):
    """The three grades of 第十四条; there is no fourth."""

    EXCELLENT = "优秀"
    COMPETENT = "称职"
    INCOMPETENT = "不称职"


class EndReason(StrEnum):
    """Why a planner left office."""

    EXPIRED = "expired"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class Why(StrEnum):
    """Why a person is not graded."""

    NONE = ""
    NO_SERVICE = "no_service"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    SHORT_SERVICE = "short_service"
    LONG_LEAVE = "long_leave"


class Suggestion(StrEnum):
    """What the score suggests to the panel."""

    EXCELLENT = "优秀候选"
    COMPETENT = "称职"
    INCOMPETENT = "不称职（建议，须人工认定）"


@dataclass(frozen=True)
class Standing:
    """A person's place in the roll of a year and the reason where it is not a grade."""

    status: RollStatus
    why: Why = Why.NONE
    ground: Ground = field(default=Ground("第十四条", regulation=False))


@dataclass(frozen=True)
class Weights:
    """How much each part weighs, in percent, adding up to 100 (switch `appraisal.weights`)."""

    counts: int
    quality: int
    visits: int
    duties: int

    def __post_init__(self) -> None:
        parts = (self.counts, self.quality, self.visits, self.duties)
        if min(parts) < 0 or sum(parts) != FULL:
            raise ValueError("weights are not negative and add up to 100")


@dataclass(frozen=True)
class Performance:
    """A planner's year: activities attended of those invited to, visits, points of 100 for quality and duties."""

    attended: int
    invited: int
    quality: int
    visits: int
    visit_target: int
    duties: int


@dataclass(frozen=True)
class Score:
    """The score in hundredths of a point, the two percentages in it, and the grade it suggests."""

    counts_pct: int
    visits_pct: int
    score_x100: int
    suggest: Suggestion
    ground: Ground = field(default=Ground("第十四条", regulation=False))


DEFAULT_WEIGHTS = Weights(**default_parts("appraisal.weights"))


def appraisal_status(
    year: int,
    service: Service,
    end_reason: EndReason | None = None,
    leave_days: int = 0,
    min_months: int = MIN_MONTHS,
    leave_half: bool = default_on("appraisal.leave_half"),
) -> Standing:
    """Whether a planner is graded for a calendar year (第十四条, D).

    Units: months with the 15th in service; natural days of leave.

    >>> appraisal_status(2026, Service(date(2026, 9, 1))).why.value
    'short_service'
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    end = service.end
    if service.start > last or (end is not None and end < first):
        return Standing(RollStatus.NOT_INCLUDED, Why.NO_SERVICE)
    if end is not None and end < last and end_reason in (EndReason.DISMISSED, EndReason.WITHDRAWN):
        return Standing(RollStatus.NOT_INCLUDED, Why(end_reason.value))
    if months_in_service(service.start, end, year) < min_months:
        return Standing(RollStatus.NOT_GRADED, Why.SHORT_SERVICE)
    if leave_half and 2 * leave_days > (last - first).days + 1:
        return Standing(RollStatus.NOT_GRADED, Why.LONG_LEAVE)
    return Standing(RollStatus.GRADED)


def percentage(done: int, owed: int) -> int:
    """Whole percent done of what was owed, never above 100; where nothing was owed nothing is missing.

    >>> percentage(11, 12), percentage(20, 10), percentage(0, 0)
    (91, 100, 100)
    """
    if min(done, owed) < 0:
        raise ValueError("counts cannot be negative")
    return FULL if owed == 0 else min(FULL, FULL * done // owed)


def score(year: Performance, weights: Weights = DEFAULT_WEIGHTS, require_visits: bool = True) -> Score:
    """The score of a planner's year and the grade it suggests (第十四条; weights and limits D).

    Count and quality are the main basis by the text. With too few visits 优秀 is not suggested (switch
    `excellent.require_visits`), though people may still nominate.

    >>> score(Performance(attended=12, invited=12, quality=95, visits=8, visit_target=10, duties=90)).suggest.value
    '称职'
    """
    if not (0 <= year.quality <= FULL and 0 <= year.duties <= FULL):
        raise ValueError("points lie between 0 and 100")
    counts, visits = percentage(year.attended, year.invited), percentage(year.visits, year.visit_target)
    total = (
        weights.counts * counts
        + weights.quality * year.quality
        + weights.visits * visits
        + weights.duties * year.duties
    )
    barred = require_visits and year.visits < year.visit_target
    if total >= EXCELLENT_FROM and not barred:
        suggest = Suggestion.EXCELLENT
    else:
        suggest = Suggestion.COMPETENT if total >= COMPETENT_FROM else Suggestion.INCOMPETENT
    return Score(counts, visits, total, suggest)
