"""Common phrases for opinions: one's own, and those of the house for everybody (常用意见)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from processes import audit
from processes.engine.verbs.models import Phrase
from processes.errors import Conflict, Invalid, NotAllowed, NotFound
from processes.identity.actor import Actor
from processes.messages import message

MAY_KEEP_HOUSE = ("process_owner", "manager", "administrator")
LONGEST = 200
MOST = 50
"""Phrases of one person, or of the house."""


def phrases(session: Session, actor: Actor) -> Sequence[Phrase]:
    """One's own phrases in their order, then those of the house."""
    query = select(Phrase).where(or_(Phrase.person_id == actor.person_id, Phrase.person_id.is_(None)))
    return session.scalars(query.order_by(Phrase.person_id.is_(None), Phrase.place, Phrase.text)).all()


def add(session: Session, actor: Actor, text: str, *, of_house: bool = False) -> Phrase:
    """Keep a phrase."""
    if actor.person_id is None:
        raise NotAllowed()
    if of_house:
        actor.need(*MAY_KEEP_HOUSE, text=message("只有流程管理员、管理者或系统管理员可以设置公用的常用意见。"))
    said = " ".join(text.split())
    if not said or len(said) > LONGEST:
        problem = message("常用意见应为 1 至 %(count)s 字。", count=LONGEST)
        raise Invalid(problem, {"text": problem})
    owner = None if of_house else actor.person_id
    of_owner = Phrase.person_id.is_(None) if of_house else Phrase.person_id == owner
    known = session.execute(select(func.count(), func.max(Phrase.place)).where(of_owner)).one()
    if known[0] >= MOST:
        raise Conflict(message("常用意见最多 %(count)s 条，请先删除不用的。", count=MOST))
    if session.scalars(select(Phrase.id).where(of_owner, Phrase.text == said)).first() is not None:
        raise Conflict(message("已有相同的常用意见。"))
    made = Phrase(person_id=owner, text=said, place=(known[1] or 0) + 1)
    session.add(made)
    session.flush()
    if of_house:
        audit.record(session, actor, "phrase.add", f"phrase:{made.id}", text=said)
    return made


def remove(session: Session, actor: Actor, phrase_id: UUID) -> Phrase:
    """Keep a phrase no longer."""
    found = session.get(Phrase, phrase_id)
    if found is None or found.person_id not in (None, actor.person_id):
        raise NotFound(message("没有这条常用意见。"))
    if found.person_id is None:
        actor.need(*MAY_KEEP_HOUSE, text=message("只有流程管理员、管理者或系统管理员可以设置公用的常用意见。"))
        audit.record(session, actor, "phrase.remove", f"phrase:{found.id}", text=found.text)
    session.delete(found)
    session.flush()
    return found


def with_phrase(answers: dict[str, object], key: str, text: str) -> dict[str, object]:
    """Answers with a phrase put behind what a field says already."""
    before = str(answers.get(key) or "").rstrip()
    return answers | {key: f"{before}\n{text}" if before else text}
