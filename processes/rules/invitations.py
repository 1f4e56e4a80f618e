"""第七条(三) with 第十五条(三): an invitation must leave time, or an absence does not count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from processes.rules.dated import Ground
from processes.rules.switches import default_number
from processes.rules.workdays import PLAIN_WEEKENDS, WorkCalendar

MIN_NOTICE = default_number("absence.min_notice_wd")
"""Working days between invitation and activity from which an absence counts (D)."""


@dataclass(frozen=True)
class Notice:
    """Working days of notice, and whether staying away would count."""

    notice_workdays: int
    countable_if_absent: bool
    ground: Ground = field(default=Ground("第七条(三)、第十五条(三)", regulation=False))


def invitation_notice(
    sent: date,
    activity: date,
    planner_accepted: bool = False,
    min_workdays: int = MIN_NOTICE,
    calendar: WorkCalendar = PLAIN_WEEKENDS,
) -> Notice:
    """Whether an invitation went out early enough, or was accepted all the same, for an absence to count (D).

    The day of sending is not counted, the day of the activity is.

    >>> invitation_notice(date(2026, 11, 16), date(2026, 11, 19)).countable_if_absent
    True
    """
    days = calendar.workdays_between(sent, activity)
    return Notice(days, planner_accepted or days >= min_workdays)
