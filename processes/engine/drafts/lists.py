"""Lists of the studio: procedures with their versions and drafts, and drafts by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, union_all
from sqlalchemy.orm import Session

from processes.engine.definitions import running_cases, versions_of
from processes.engine.drafts.models import ALIVE, Draft
from processes.engine.models import Definition

ORDERS = ("key", "-key", "changed", "-changed")


@dataclass
class Procedure:
    """What there is under one key: its versions, newest first, the drafts that are alive, and cases going on."""

    key: str
    versions: list[Definition]
    running: int
    drafts: list[Draft] = field(default_factory=list)

    @property
    def active(self) -> Definition | None:
        """The version on which new cases start."""
        return next((each for each in self.versions if each.active), None)

    @property
    def title(self) -> str:
        """What people call it: as its active version, else its newest one, else its draft says."""
        shown = self.active or (self.versions[0] if self.versions else None)
        return shown.title if shown is not None else self.drafts[0].title if self.drafts else self.key

    @property
    def last_change(self) -> tuple[datetime, str] | None:
        """When a version was published or a draft was saved last, and by whom."""
        changes = [(each.deployed_at, each.deployed_by) for each in self.versions]
        changes += [(each.changed_at, each.changed_by) for each in self.drafts]
        return max(changes, default=None)


def procedures(
    session: Session, search: str = "", order: str = "key", *, offset: int = 0, limit: int = 20
) -> tuple[list[Procedure], int]:
    """A page of the procedures whose key or title holds a text, and how many there are in all."""
    versions = select(Definition.key.label("key"), Definition.deployed_at.label("changed"))
    drafted = select(Draft.key, Draft.changed_at).where(Draft.state.in_(ALIVE))
    if search:
        versions, drafted = versions.where(_holds(Definition, search)), drafted.where(_holds(Draft, search))
    both = union_all(versions, drafted).subquery()
    grouped = select(both.c.key, func.max(both.c.changed).label("changed")).group_by(both.c.key).subquery()
    total = session.scalar(select(func.count()).select_from(grouped)) or 0
    column = grouped.c.changed if order.endswith("changed") else grouped.c.key
    ordered = (column.desc() if order.startswith("-") else column.asc(), grouped.c.key)
    keys = session.scalars(select(grouped.c.key).order_by(*ordered).offset(offset).limit(limit)).all()
    return _gathered(session, keys), total


def _holds(table: type[Definition] | type[Draft], search: str) -> ColumnElement[bool]:
    return or_(table.key.icontains(search, autoescape=True), table.title.icontains(search, autoescape=True))


def _gathered(session: Session, keys: Sequence[str]) -> list[Procedure]:
    versions = versions_of(session, keys)
    running = running_cases(session, [each.id for rows in versions.values() for each in rows])
    found = {key: Procedure(key, versions[key], sum(running.get(each.id, 0) for each in versions[key])) for key in keys}
    alive = select(Draft).where(Draft.key.in_(keys), Draft.state.in_(ALIVE)).order_by(Draft.changed_at.desc())
    for each in session.scalars(alive):
        found[each.key].drafts.append(each)
    return list(found.values())


def listed(
    session: Session, search: str = "", states: Sequence[str] = ALIVE, order: str = "-changed", *,
    offset: int = 0, limit: int = 20,
) -> tuple[Sequence[Draft], int]:  # fmt: skip
    """A page of the drafts in some states whose key or title holds a text, and how many there are in all."""
    query = select(Draft).where(Draft.state.in_(states))
    if search:
        query = query.where(_holds(Draft, search))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    column = Draft.changed_at if order.endswith("changed") else Draft.title
    ordered = (column.desc() if order.startswith("-") else column.asc(), Draft.id)
    return session.scalars(query.order_by(*ordered).offset(offset).limit(limit)).all(), total
