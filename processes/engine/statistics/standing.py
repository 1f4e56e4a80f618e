"""Where all cases stand at this moment: open tasks and how late they are, by stage, district, bureau and person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Subquery, Text, case, func, literal, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from processes.engine.models import Case, WorkItem
from processes.engine.permissions import sees_all
from processes.engine.shares import OPEN
from processes.engine.statistics.cards import Card, Cards
from processes.errors import NotAllowed
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person, Unit
from processes.messages import message
from processes.paging import Listing, Page, Total, listed

GOING_ON = Case.ended_at.is_(None)
LOAD = ("open", "soon", "yellow", "red", "oldest")
"""What is counted of each group, in this order."""


@dataclass(frozen=True)
class Load:
    """Open tasks of one group: how many, by card, and since when the oldest lies."""

    open: int = 0
    soon: int = 0
    yellow: int = 0
    red: int = 0
    oldest: datetime | None = None

    @property
    def late(self) -> int:
        """Past their day, whichever card they show."""
        return self.yellow + self.red


@dataclass(frozen=True)
class StageRow:
    """A stage of a process: cases that stand in it, and their open tasks."""

    key: str
    process_id: str
    stage: str
    cases: int
    load: Load


@dataclass(frozen=True)
class GroupRow:
    """A district, a bureau or a person, and the tasks that wait there."""

    key: str
    name: str
    load: Load
    name_en: str = ""


@dataclass(frozen=True)
class WaitRow:
    """Who waits for whom: those who started cases, the bureau whose tasks are open in them, since when."""

    starter: str
    organization_id: str
    organization: str
    load: Load


def need_sight_of_all(actor: Actor) -> None:
    """Raise unless the actor may look at every case: figures over all of them are for nobody else."""
    if not sees_all(actor):
        raise NotAllowed(message("全部案件的统计仅供管理和监督岗位查阅。"))


def total(session: Session, actor: Actor, cards: Cards) -> Load:
    """All open tasks."""
    need_sight_of_all(actor)
    row = session.execute(select(*_load(cards)).where(OPEN)).one()
    return _as_load(row)


def going_on(session: Session, actor: Actor) -> tuple[int, int, int]:
    """How many cases run, are suspended, and are stopped by a failure."""
    need_sight_of_all(actor)
    query = select(
        *(select(func.count()).select_from(Case).where(each).scalar_subquery()
          for each in (Case.status == "running", Case.status == "suspended", Case.open_incidents > literal_column("0")))
    )  # fmt: skip
    row = session.execute(query).one()
    return row[0], row[1], row[2]


def by_stage(session: Session, actor: Actor, cards: Cards) -> list[StageRow]:
    """Cases that go on and open tasks of each stage of each process; those of no stage under an empty one.

    A process is known by key and id: what modelers call `Process_1` may stand in the diagrams of several procedures.
    """
    need_sight_of_all(actor)
    stage = (Case.key, Case.process_id, Case.stage)
    counted = select(*stage, func.count()).where(GOING_ON).group_by(*stage)
    cases = {(row[0], row[1], row[2]): row[3] for row in session.execute(counted)}
    going = _going_on()
    where = (going.c.key, going.c.process_id, going.c.stage)
    work = (
        select(*where, *_load(cards))
        .select_from(WorkItem)
        .join(going, going.c.id == WorkItem.case_id)
        .where(OPEN)
        .group_by(*where)
    )
    loads = {(row[0], row[1], row[2]): _as_load(row[3:]) for row in session.execute(work)}
    return [StageRow(*key, cases.get(key, 0), loads.get(key, Load())) for key in sorted({*cases, *loads})]


def by_unit(session: Session, actor: Actor, cards: Cards) -> list[GroupRow]:
    """Open tasks by district, in the order of the districts."""
    need_sight_of_all(actor)
    loads = _loads(cards, WorkItem.unit_id)
    query = select(Unit.id, Unit.name, Unit.name_en, *_columns(loads)).join(loads, loads.c.key == Unit.id)
    return [GroupRow(row[0], row[1], _as_load(row[3:]), row[2]) for row in session.execute(query.order_by(Unit.place))]


def by_organization(session: Session, actor: Actor, cards: Cards, page: Page) -> Listing[GroupRow]:
    """Open tasks by bureau, those with the most red cards first or as the page sorts."""
    need_sight_of_all(actor)
    loads = _loads(cards, WorkItem.organization_id)
    of = Organization
    query = select(of.id, of.name, of.name_en, *_columns(loads)).join(loads, loads.c.key == of.id)
    return _groups(session, query, loads, page)


def by_person(session: Session, actor: Actor, cards: Cards, page: Page) -> Listing[GroupRow]:
    """Open tasks by person: those that are a person's by name, or that somebody has claimed."""
    need_sight_of_all(actor)
    loads = _loads(cards, func.coalesce(WorkItem.claimed_by_id, WorkItem.person_id))
    query = select(Person.id, Person.name, literal("", Text), *_columns(loads)).join(loads, loads.c.key == Person.id)
    return _groups(session, query, loads, page)


def who_waits(session: Session, actor: Actor, cards: Cards, page: Page) -> Listing[WaitRow]:
    """Who waits for whom and for how long, the longest waiting first."""
    need_sight_of_all(actor)
    going = _going_on()
    loads = (
        select(going.c.started_by, WorkItem.organization_id, *_load(cards))
        .select_from(WorkItem)
        .join(going, going.c.id == WorkItem.case_id)
        .where(OPEN)
        .group_by(going.c.started_by, WorkItem.organization_id)
        .subquery()
    )
    named = Organization.id == loads.c.organization_id
    query = select(loads.c.started_by, Organization.id, Organization.name, *_columns(loads)).join(Organization, named)
    order = (loads.c.oldest, loads.c.started_by, Organization.id)
    rows = session.execute(query.order_by(*order).offset(page.offset).limit(page.rows + 1)).all()
    found = [WaitRow(row[0], row[1], row[2], _as_load(row[3:])) for row in rows]
    return listed(found, page, lambda: _number(session, query))


def _going_on() -> CTE:
    """The cases that go on, read once from an index of them instead of one by one as rows."""
    found = select(Case.id, Case.key, Case.process_id, Case.stage, Case.started_by).where(GOING_ON)
    return found.cte("going_on").prefix_with("MATERIALIZED")


def _loads(cards: Cards, key: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Subquery:
    """The load of each group, by its key alone: names are put beside the groups, not beside each task."""
    whose = key.is_not(None)
    return select(key.label("key"), *_load(cards)).where(OPEN, whose).group_by(key).subquery()


def _columns(loads: Subquery) -> list[ColumnElement[Any]]:
    return [loads.c[name] for name in LOAD]


def _groups(session: Session, query: Select[Any], loads: Subquery, page: Page) -> Listing[GroupRow]:
    rows = session.execute(query.order_by(*_order(loads, page)).offset(page.offset).limit(page.rows + 1)).all()
    named = [GroupRow(str(row[0]), row[1], _as_load(row[3:]), row[2]) for row in rows]
    return listed(named, page, lambda: _number(session, query))


def _number(session: Session, query: Select[Any]) -> Total:
    return Total(session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0)


def _order(loads: Subquery, page: Page) -> Sequence[Any]:
    of = loads.c
    last = (of.red.desc(), of.yellow.desc(), of.open.desc(), of.oldest, of.key)
    wanted = page.sort.removeprefix("-")
    if wanted not in LOAD:
        return last
    return (of[wanted].desc() if page.sort.startswith("-") else of[wanted].asc(), *last)


def _load(cards: Cards) -> tuple[Any, ...]:
    counted = (func.count(), *(_sum(cards.condition(each)) for each in Card), func.min(WorkItem.created_at))
    return tuple(column.label(name) for name, column in zip(LOAD, counted, strict=True))


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _as_load(row: Sequence[Any]) -> Load:
    return Load(row[0], int(row[1]), int(row[2]), int(row[3]), row[4])
