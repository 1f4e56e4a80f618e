"""Where all cases stand at this moment: open tasks and how late they are, by stage, district, bureau and person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, func, literal, literal_column, select
from sqlalchemy.orm import Session

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
    """Cases that go on and open tasks of each stage of each process; those of no stage under an empty one."""
    need_sight_of_all(actor)
    counted = select(Case.process_id, Case.stage, func.count()).where(GOING_ON).group_by(Case.process_id, Case.stage)
    cases = {(row[0], row[1]): row[2] for row in session.execute(counted)}
    work = (
        select(Case.process_id, Case.stage, *_load(cards))
        .join(Case, Case.id == WorkItem.case_id)
        .where(OPEN)
        .group_by(Case.process_id, Case.stage)
    )
    loads = {(row[0], row[1]): _as_load(row[2:]) for row in session.execute(work)}
    return [StageRow(*key, cases.get(key, 0), loads.get(key, Load())) for key in sorted({*cases, *loads})]


def by_unit(session: Session, actor: Actor, cards: Cards) -> list[GroupRow]:
    """Open tasks by district, in the order of the districts."""
    need_sight_of_all(actor)
    query = (
        select(Unit.id, Unit.name, Unit.name_en, *_load(cards))
        .join(Unit, Unit.id == WorkItem.unit_id)
        .where(OPEN)
        .group_by(Unit.id, Unit.name, Unit.name_en, Unit.place)
        .order_by(Unit.place)
    )
    return [GroupRow(row[0], row[1], _as_load(row[3:]), row[2]) for row in session.execute(query)]


def by_organization(session: Session, actor: Actor, cards: Cards, page: Page) -> Listing[GroupRow]:
    """Open tasks by bureau, those with the most red cards first or as the page sorts."""
    need_sight_of_all(actor)
    columns = (Organization.id, Organization.name, Organization.name_en)
    query = (
        select(*columns, *_load(cards))
        .join(Organization, Organization.id == WorkItem.organization_id)
        .where(OPEN)
        .group_by(*columns)
    )
    return _groups(session, query, cards, page)


def by_person(session: Session, actor: Actor, cards: Cards, page: Page) -> Listing[GroupRow]:
    """Open tasks by person: those that are a person's by name, or that somebody has claimed."""
    need_sight_of_all(actor)
    who = func.coalesce(WorkItem.claimed_by_id, WorkItem.person_id)
    query = (
        select(Person.id, Person.name, literal("", Text), *_load(cards))
        .select_from(WorkItem)
        .join(Person, Person.id == who)
        .where(OPEN)
        .group_by(Person.id, Person.name)
    )
    return _groups(session, query, cards, page)


def who_waits(session: Session, actor: Actor, cards: Cards, page: Page) -> Listing[WaitRow]:
    """Who waits for whom and for how long, the longest waiting first."""
    need_sight_of_all(actor)
    columns = (Case.started_by, WorkItem.organization_id, Organization.name)
    query = (
        select(*columns, *_load(cards))
        .select_from(WorkItem)
        .join(Case, Case.id == WorkItem.case_id)
        .join(Organization, Organization.id == WorkItem.organization_id)
        .where(OPEN)
        .group_by(*columns)
    )
    rows = session.execute(
        query.order_by(func.min(WorkItem.created_at), *columns).offset(page.offset).limit(page.rows + 1)
    ).all()
    found = [WaitRow(row[0], row[1], row[2], _as_load(row[3:])) for row in rows]
    return listed(found, page, lambda: _number(session, query))


def _groups(session: Session, query: Select[Any], cards: Cards, page: Page) -> Listing[GroupRow]:
    rows = session.execute(query.order_by(*_order(cards, page)).offset(page.offset).limit(page.rows + 1)).all()
    named = [GroupRow(str(row[0]), row[1], _as_load(row[3:]), row[2]) for row in rows]
    return listed(named, page, lambda: _number(session, query))


def _number(session: Session, query: Select[Any]) -> Total:
    return Total(session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0)


def _order(cards: Cards, page: Page) -> Sequence[Any]:
    count, soon, yellow, red, oldest = _load(cards)
    named = {"open": count, "soon": soon, "yellow": yellow, "red": red, "oldest": oldest}
    wanted = named.get(page.sort.removeprefix("-"))
    last = (red.desc(), yellow.desc(), count.desc(), oldest)
    if wanted is None:
        return last
    return (wanted.desc() if page.sort.startswith("-") else wanted.asc(), *last)


def _load(cards: Cards) -> tuple[Any, ...]:
    return (
        func.count(WorkItem.id),
        *(_sum(cards.condition(each)) for each in Card),
        func.min(WorkItem.created_at),
    )


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _as_load(row: Sequence[Any]) -> Load:
    return Load(row[0], int(row[1]), int(row[2]), int(row[3]), row[4])
