"""第十五条: the five grounds on which a planner is dismissed; there is no other, and people decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from processes.rules.appraisal import Grade
from processes.rules.dated import Ground

GROUNDS = {item: Ground(f"第十五条({numeral})") for item, numeral in enumerate("一二三四五", start=1)}
"""The grounds by the number of their item."""


class DismissalAction(StrEnum):
    """What is to be done now."""

    OPEN_CASE = "OPEN_CASE"
    HOLD = "HOLD"
    NONE = "NONE"


@dataclass(frozen=True)
class Findings:
    """What is known of a planner: own request, people's findings, the absence count, the year's grade.

    Visits are not here: fewer than ten are no ground (第八条(六) is not named in 第十五条).
    """

    voluntary_request: bool = False
    unable_finding: bool = False
    absence_trigger: bool = False
    absence_disputed: bool = False
    grade: Grade | None = None
    grade_final: bool = False
    discipline_finding: bool = False


@dataclass(frozen=True)
class DismissalCheck:
    """Items of 第十五条 that hold now, and those that wait for a dispute or an objection."""

    items: tuple[int, ...]
    hold: tuple[int, ...]
    action: DismissalAction

    @property
    def grounds(self) -> tuple[Ground, ...]:
        return tuple(GROUNDS[item] for item in self.items)


def dismissal(findings: Findings) -> DismissalCheck:
    """Which grounds of 第十五条 hold and whether a case is to be opened (R; the disputed and not yet final on hold, D).

    >>> dismissal(Findings(grade=Grade.INCOMPETENT)).action.value
    'HOLD'
    """
    met = {
        1: findings.voluntary_request,
        2: findings.unable_finding,
        3: findings.absence_trigger,
        4: findings.grade is Grade.INCOMPETENT,
        5: findings.discipline_finding,
    }
    unsettled = {3: findings.absence_disputed, 4: not findings.grade_final}
    items = tuple(item for item, holds in met.items() if holds and not unsettled.get(item, False))
    hold = tuple(item for item, holds in met.items() if holds and unsettled.get(item, False))
    if items:
        return DismissalCheck(items, hold, DismissalAction.OPEN_CASE)
    return DismissalCheck(items, hold, DismissalAction.HOLD if hold else DismissalAction.NONE)
