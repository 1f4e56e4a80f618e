"""改期预览: which open tasks would be due on another day if a step's deadline were another (第六条(四) and others)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from processes import clock
from processes.engine.deadlines import WORKDAYS
from processes.engine.definitions import active_definitions
from processes.engine.models import Definition, WorkItem
from processes.engine.packages import package
from processes.errors import Invalid
from processes.identity.actor import Actor
from processes.identity.posts import SEES_ALL_CASES
from processes.messages import message
from processes.paging import Listing, Page, counted, listed
from processes.rules.workdays import WorkCalendar

MOST_WORKDAYS = 250


@dataclass(frozen=True)
class DatedStep:
    """A step with a deadline in the version that runs: a number of working days, or what a case works out."""

    definition: Definition
    element_id: str
    name: str
    workdays: int | None
    """None: the diagram names a variable of the case, such as the reply's last day that follows a switch."""
    open: int
    """Tasks that wait at it now, in all versions."""


@dataclass(frozen=True)
class Foreseen:
    """An open task, the day it is due and the day it would be due."""

    item: WorkItem
    due_on: date | None
    would_be: date

    @property
    def late_then(self) -> bool:
        """Whether it would be late today."""
        return self.would_be < clock.today()

    @property
    def late_now(self) -> bool:
        """Whether it is late today."""
        return self.due_on is not None and self.due_on < clock.today()


def dated_steps(session: Session, actor: Actor) -> list[DatedStep]:
    """The steps with such a deadline, those at which most waits first."""
    actor.need(*SEES_ALL_CASES)
    waiting = _open_by_step(session)
    found = [
        DatedStep(definition, element.id, element.name or element.id, int(counted[1]) if counted else None,
                  waiting.get((definition.key, element.id), 0))
        for definition in active_definitions(session)
        for element in package(session, definition.id).program.elements.values()
        if (due := (element.properties.get("due") or "").strip())
        for counted in [WORKDAYS.fullmatch(due)]
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.open, each.definition.title, each.name))


def foreseen(
    session: Session, actor: Actor, step: DatedStep, workdays: int, calendar: WorkCalendar, page: Page
) -> Listing[Foreseen]:
    """The open tasks of a step with the day on which each would be due, the soonest due first; nothing is changed."""
    actor.need(*SEES_ALL_CASES)
    if not 0 < workdays <= MOST_WORKDAYS:
        raise Invalid(message("时限应为 1 至 %(most)s 个工作日。", most=MOST_WORKDAYS))
    mine = (WorkItem.process_key == step.definition.key, WorkItem.element_id == step.element_id)
    wanted = select(WorkItem).where(*mine, WorkItem.status == "open").options(joinedload(WorkItem.case))
    ordered = wanted.order_by(WorkItem.due_at.asc().nulls_last(), WorkItem.id)
    rows = [
        Foreseen(each, clock.local(each.due_at).date() if each.due_at else None,
                 calendar.add_workdays(clock.local(each.created_at).date(), workdays))
        for each in session.scalars(ordered.offset(page.offset).limit(page.rows + 1))
    ]  # fmt: skip
    total = select(WorkItem.id).where(*mine, WorkItem.status == "open")
    return listed(rows, page, lambda: counted(session, total))


def _open_by_step(session: Session) -> dict[tuple[str, str], int]:
    by_step = select(WorkItem.process_key, WorkItem.element_id, func.count()).where(WorkItem.status == "open")
    rows = session.execute(by_step.group_by(WorkItem.process_key, WorkItem.element_id))
    return {(key, element_id): number for key, element_id, number in rows}
