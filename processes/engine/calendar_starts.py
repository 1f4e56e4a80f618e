"""Cases that begin by the calendar: each period has a name, and the name is entered once, with the case it began.

A look at the calendar starts everything that has become due since the last one, so a desk that was switched off catches
up, and two workers that look at once start a period once. After more than a year without a look the clock may be wrong:
then a person says whether what seems due is to begin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base
from processes.engine.cases import start
from processes.identity.actor import SYSTEM

if TYPE_CHECKING:
    from processes.engine.house import House

LONGEST_GAP = timedelta(days=400)
"""Between two looks at the calendar; after a longer one nothing begins by itself."""
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class StartedPeriod(Base):
    """A period that has begun its case."""

    __tablename__ = "started_period"

    period: Mapped[str] = mapped_column(primary_key=True)
    """E.g. `round:2028-01-19`."""
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_case.id"))
    at: Mapped[datetime]


class CalendarLook(Base):
    """The one row that says for which day the calendar has been looked at."""

    __tablename__ = "calendar_look"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date | None]


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


def looked_at(session: Session, today: date) -> bool:
    """Note that the calendar is being looked at; whether the look before was so long ago that the clock is in doubt.

    Workers that look at once take turns: only the first of them sees the gap.
    """
    session.execute(_INSERT[session.get_bind().dialect.name](CalendarLook).values(id=1).on_conflict_do_nothing())
    look = session.get_one(CalendarLook, 1, with_for_update=True)
    before, look.day = look.day, today
    return before is not None and today - before > LONGEST_GAP


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


def leave_out(session: Session, period: str) -> None:
    """Never begin a period: its name is entered without a case."""
    session.add(StartedPeriod(period=period, at=clock.now()))
    session.flush()


def to_begin_again(due: PeriodDue, *, held: bool = False) -> dict[str, Any]:
    """What to keep of a period that has not begun, so that a person can begin it."""
    return {
        "kind": "period",
        "period": due.period,
        "key": due.key,
        "process_id": due.process_id,
        "variables": dict(due.variables),
        "held": held,
    }


def period_of(kept: Mapping[str, Any]) -> PeriodDue:
    """The period that was kept so."""
    return PeriodDue(kept["period"], kept["key"], kept["process_id"], kept["variables"])
