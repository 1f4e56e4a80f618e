"""What narrows a list beside its own filters: said in words, so that nobody takes a part for the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.identity.actor import Actor
from processes.identity.models import Person, Unit
from processes.registers.listing import Column
from processes.registers.reading import READS_ALL
from webapp.drawing import here
from webapp.language import current_language
from webapp.pages.wording import unit_name


@dataclass(frozen=True)
class Narrowed:
    """One condition of the address: its title, its value in words, and the address without it."""

    title: str
    value: str
    without: str


def narrowed_by(session: Session, actor: Actor, conditions: Sequence[tuple[Column, str]]) -> list[Narrowed]:
    """The conditions in words; who does not read everybody's rows learns no name from an id."""
    return [
        Narrowed(_title(column), _worded(session, actor, column, text), here(**{column.key: None, "page": None}))
        for column, text in conditions
    ]


def _title(column: Column) -> str:
    titles = {
        "person_id": _("人员"), "unit_id": _("区县"), "round_id": _("轮次"), "case_id": _("案件"), "id": _("记录"),
        "host_kind": _("邀请单位"), "record": _("服务记录"),
    }  # fmt: skip
    return titles.get(column.key, _("所属记录")) if column.kind == "id" else column.title.text(current_language())


def _worded(session: Session, actor: Actor, column: Column, text: str) -> str:
    language = current_language()
    if column.words:
        return _("、").join(column.words[each].text(language) for each in text.split(",") if each in column.words)
    if column.key == "person_id" and (actor.has(*READS_ALL) or _ids(text) == [actor.person_id]):
        found = session.scalars(select(Person.name).where(Person.id.in_(_ids(text)))).all()
        return _("、").join(found)
    if column.key == "unit_id":
        units = session.scalars(select(Unit).where(Unit.id.in_(text.split(","))).order_by(Unit.place))
        return _("、").join(unit_name(each) for each in units)
    if column.kind != "id":
        return text
    named = len(text.split(","))
    return _("指定的一项") if named == 1 else _("指定的 %(count)s 项", count=named)


def _ids(text: str) -> list[UUID]:
    return [UUID(each) for each in text.split(",")]
