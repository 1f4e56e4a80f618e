"""Whether something owed by a day came in time; the due day itself is in time (第十二条, D)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from processes.rules.dated import Ground


class Punctuality(StrEnum):
    """How something owed by a day stands."""

    NOT_DUE = "NOT_DUE"
    ON_TIME = "ON_TIME"
    LATE = "LATE"
    MISSING = "MISSING"


@dataclass(frozen=True)
class Lateness:
    """How late something is, in natural days."""

    status: Punctuality
    days_late: int
    ground: Ground = field(default=Ground("第十二条", regulation=False))


def lateness(due: date, as_of: date, submitted: date | None = None) -> Lateness:
    """How a report stands: by the day it came in, or by the day of the reading while it is missing (第十二条, D).

    >>> lateness(date(2026, 10, 12), as_of=date(2026, 11, 22)).days_late
    41
    """
    if submitted is not None:
        late = max(0, (submitted - due).days)
        return Lateness(Punctuality.LATE if late else Punctuality.ON_TIME, late)
    late = max(0, (as_of - due).days)
    return Lateness(Punctuality.MISSING if late else Punctuality.NOT_DUE, late)
