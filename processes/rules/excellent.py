"""The ceiling of 第十四条: 优秀 for not more than 30 % of the planners appraised, and whom the desk may suggest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from processes.rules.dated import IN_FORCE, Dated, Ground

EXCELLENT_SHARE = Dated({IN_FORCE: Fraction(30, 100)}, article="第十四条")
"""Largest share of the appraised planners that may be graded 优秀."""


class RollStatus(StrEnum):
    """Where a person stands in the roll of a year's appraisal; the latter two are not grades."""

    GRADED = "GRADED"
    NOT_GRADED = "NOT_GRADED"
    NOT_INCLUDED = "NOT_INCLUDED"


class ExcellentBase(StrEnum):
    """Who counts as «考核人数» (switch `excellent.base`)."""

    GRADED = "graded"
    IN_OFFICE = "in_office"


@dataclass(frozen=True)
class CapCheck:
    """Whether a list keeps the ceiling; `over_by` is how many names are too many."""

    ok: bool
    cap: int
    over_by: int
    ground: Ground = field(default=EXCELLENT_SHARE.ground)


@dataclass(frozen=True)
class Candidate:
    """A planner who might be graded 优秀; score and quality of 100, visits and consultations counted."""

    id: str
    score: int
    quality: int
    visits: int
    consults: int

    @property
    def rank(self) -> tuple[int, int, int, int]:
        return (self.score, self.quality, self.visits, self.consults)


@dataclass(frozen=True)
class Selection:
    """Suggested names in rank order; `tied` are left to people, who may fill `slots_for_tied` places."""

    cap: int
    selected: tuple[str, ...]
    tied: tuple[str, ...]
    slots_for_tied: int
    ground: Ground = field(default=EXCELLENT_SHARE.ground)


def excellent_cap(graded: int, on: date | None = None) -> int:
    """How many of `graded` planners may be graded 优秀; a fraction is dropped (第十四条 «不超过», R, not switchable).

    `ValueError` for a negative number.

    >>> [excellent_cap(graded) for graded in (3, 4, 10, 42)]   # 42: 12.6
    [0, 1, 3, 12]
    """
    if graded < 0:
        raise ValueError("the number of appraised planners cannot be negative")
    share = EXCELLENT_SHARE.on(on)
    return graded * share.numerator // share.denominator


def check_excellent(graded: int, excellent: int, on: date | None = None) -> CapCheck:
    """Whether `excellent` of `graded` planners keep the ceiling (第十四条, R).

    Asked at every save and import, and again after an objection or a correction.

    >>> check_excellent(42, 13).over_by
    1
    """
    if excellent < 0:
        raise ValueError("the number of planners graded 优秀 cannot be negative")
    cap = excellent_cap(graded, on)
    return CapCheck(excellent <= cap, cap, max(0, excellent - cap))


def excellent_base(statuses: Iterable[RollStatus], base: ExcellentBase = ExcellentBase.GRADED) -> int:
    """How many planners the ceiling is taken of: those graded, 不称职 included (第十四条 «考核人数», D).

    >>> excellent_base([RollStatus.GRADED, RollStatus.NOT_GRADED, RollStatus.GRADED])
    2
    """
    counted = {RollStatus.GRADED} if base is ExcellentBase.GRADED else {RollStatus.GRADED, RollStatus.NOT_GRADED}
    return sum(status in counted for status in statuses)


def select_excellent(graded: int, candidates: Sequence[Candidate], on: date | None = None) -> Selection:
    """Suggest whom to grade 优秀, by score, quality, visits and consultations (第十四条, D).

    Equals at the line are never parted: people choose among them.

    >>> a, b = Candidate("A", 90, 80, 10, 12), Candidate("B", 90, 80, 10, 12)
    >>> select_excellent(4, [a, b]).tied
    ('A', 'B')
    """
    cap = excellent_cap(graded, on)
    ranked = sorted(sorted(candidates, key=lambda one: one.id), key=lambda one: one.rank, reverse=True)
    if cap == 0 or len(ranked) <= cap or ranked[cap - 1].rank != ranked[cap].rank:
        return Selection(cap, tuple(one.id for one in ranked[:cap]), (), 0)
    line = ranked[cap].rank
    chosen = tuple(one.id for one in ranked if one.rank > line)
    return Selection(cap, chosen, tuple(one.id for one in ranked if one.rank == line), cap - len(chosen))
