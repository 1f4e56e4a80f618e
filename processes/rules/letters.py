"""第六条(四): the letter that asks a district government for its opinion, and how its reply stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from processes.rules.dated import Ground
from processes.rules.switches import default_number
from processes.rules.workdays import PLAIN_WEEKENDS, WorkCalendar

REPLY_LIMIT = default_number("reply.limit_wd")
"""Working days a district government has to reply (D)."""


class ReplyStatus(StrEnum):
    """How a letter stands; silence is never consent by itself."""

    WAITING = "WAITING"
    OVERDUE = "OVERDUE"
    REPLIED = "REPLIED"
    REPLIED_LATE = "REPLIED_LATE"


@dataclass(frozen=True)
class ReplyState:
    """Due day, natural days waited, working days beyond the due day."""

    due: date
    status: ReplyStatus
    days_waiting: int
    workdays_overdue: int
    ground: Ground = field(default=Ground("第六条(四)"))


def consult_reply(
    sent: date,
    as_of: date | None = None,
    replied: date | None = None,
    limit_workdays: int = REPLY_LIMIT,
    calendar: WorkCalendar = PLAIN_WEEKENDS,
) -> ReplyState:
    """How the reply to a consultation letter stands on the day it came, or on `as_of` while none has (limit D).

    `ValueError` if neither day is given.

    >>> state = consult_reply(date(2026, 11, 2), as_of=date(2026, 11, 22))
    >>> state.due.isoformat(), state.days_waiting, state.workdays_overdue
    ('2026-11-16', 20, 4)
    """
    until = replied or as_of
    if until is None:
        raise ValueError("a reading needs the day of the reply or the day of the reading")
    due = calendar.add_workdays(sent, limit_workdays)
    late = until > due
    if replied is not None:
        status = ReplyStatus.REPLIED_LATE if late else ReplyStatus.REPLIED
    else:
        status = ReplyStatus.OVERDUE if late else ReplyStatus.WAITING
    return ReplyState(due, status, max(0, (until - sent).days), calendar.workdays_between(due, until))
