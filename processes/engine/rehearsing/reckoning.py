"""What-if: when each step would be due, reminded of and reported if it came in on a day («若今日退回»)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from processes import clock
from processes.engine.deadlines import due_moment, escalations, offset_moment, reminders
from processes.engine.packages import Package
from processes.errors import Invalid
from processes.rules.workdays import WorkCalendar

ENTERED_AT = time(9)


class NeedsCase(Exception):
    """A deadline that only a case can tell."""


@dataclass(frozen=True)
class Reckoned:
    """The deadline of one step."""

    element_id: str
    step: str
    lane: str
    rule: str
    """As the diagram has it."""
    due: date | None
    """None: it depends on the case, or there is no deadline."""
    reminders: tuple[date, ...] = ()
    told: tuple[tuple[str, date], ...] = ()
    """Posts that are told when it is late, and when."""


def reckoned(package: Package, day: date, calendar: WorkCalendar) -> list[Reckoned]:
    """Every user task of a package with a deadline, as if it were entered on a morning."""
    entered = datetime.combine(day, ENTERED_AT, clock.CITY)
    lanes, found = package.program.lanes, []
    for each in package.program.elements.values():
        rule = each.properties.get("due", "")
        if each.kind != "userTask" or not rule:
            continue
        lane = lanes.get(each.lane or "")
        where = lane.name if lane is not None else ""
        try:
            due = due_moment(rule, entered, calendar, _needs_case)
        except (NeedsCase, Invalid, ValueError):
            due = None
        if due is None:
            found.append(Reckoned(each.id, each.name, where, rule, None))
            continue
        found.append(
            Reckoned(
                each.id, each.name, where, rule, clock.local(due).date(),
                tuple(_day(due, by, calendar) for by in reminders(each.properties.get("remind", ""))),
                tuple((role, _day(due, by, calendar)) for role, by in escalations(each.properties.get("escalate", ""))),
            )
        )  # fmt: skip
    return found


def _day(due: datetime, by: Any, calendar: WorkCalendar) -> date:
    return clock.local(offset_moment(due, by, calendar)).date()


def _needs_case(_text: str) -> Any:
    raise NeedsCase
