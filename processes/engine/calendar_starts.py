"""Cases that begin by the calendar: each period has a name, and the name is entered once, with the case it began.

A sweep starts everything that has become due since the last one, so a desk that was switched off catches up, and two
workers that sweep at once start a period once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base
from processes.engine.cases import start
from processes.identity.actor import SYSTEM

if TYPE_CHECKING:
    from processes.engine.house import House


class StartedPeriod(Base):
    """A period that has begun its case."""

    __tablename__ = "started_period"

    period: Mapped[str] = mapped_column(primary_key=True)
    """E.g. `round:2028-01-19`."""
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_case.id"))
    at: Mapped[datetime]


@dataclass(frozen=True)
class PeriodDue:
    """A period whose case is to begin."""

    period: str
    key: str
    """Key of the definition."""
    process_id: str
    variables: Mapping[str, Any]


Calendar = Callable[[Session, date], Sequence[PeriodDue]]
"""What is due on a day, started already or not."""


def to_start(session: Session, house: House, today: date) -> list[PeriodDue]:
    """The periods that are due and have not begun."""
    due = [each for calendar in house.calendars for each in calendar(session, today)]
    begun = set(
        session.scalars(select(StartedPeriod.period).where(StartedPeriod.period.in_([each.period for each in due])))
    )
    return [each for each in due if each.period not in begun]


def begin(session: Session, house: House, due: PeriodDue) -> None:
    """Begin the case of a period; whoever enters its name second fails on the name."""
    entered = StartedPeriod(period=due.period, at=clock.now())
    session.add(entered)
    session.flush()
    entered.case_id = start(session, house, SYSTEM, due.key, due.process_id, due.variables, by_hand=False).id
