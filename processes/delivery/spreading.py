"""Spreading notices: who is to be told of each, by which way and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.delivery.choices import due
from processes.delivery.models import NoticeChoice, NoticeDelivery, WebHook
from processes.identity.models import Person, PostHolding
from processes.identity.validity import valid_on
from processes.jobs import enqueue
from processes.notices import NOT_SPREAD, Notice
from processes.rules.workdays import WorkCalendar

AT_ONCE = 200
"""Notices of one look."""
MAIL, HOOK = "mail", "hook"
SEND_MAIL, SEND_HOOK = "delivery.mail", "delivery.hook"
"""The kinds of jobs that send."""


@dataclass(frozen=True)
class Ways:
    """By which ways this installation may tell somebody outside the desk."""

    mail: bool = False
    hooks: bool = True


def spread(session: Session, calendar: WorkCalendar, ways: Ways) -> int:
    """Make the deliveries of notices that were not spread yet; how many notices that was.

    Several workers may do it at once: each takes other notices.
    """
    wanted = select(Notice).where(NOT_SPREAD).order_by(Notice.at).limit(AT_ONCE).with_for_update(skip_locked=True)
    found = session.scalars(wanted).all()
    if not found:
        return 0
    hooks = session.scalars(select(WebHook).where(WebHook.active)).all() if ways.hooks else []
    for notice in found:
        notice.spread = True
        if ways.mail:
            _by_mail(session, notice, calendar)
        _to_hooks(session, notice, hooks)
    return len(found)


def receivers(session: Session, notice: Notice) -> Sequence[Person]:
    """Who is told of a notice: the person, or whoever holds the post today."""
    return session.scalars(select(Person).where(Person.id.in_(_receiver_ids(session, notice)), ~Person.disabled)).all()


def _receiver_ids(session: Session, notice: Notice) -> Iterable[UUID]:
    if notice.person_id is not None:
        return [notice.person_id]
    today = clock.today()
    held = select(PostHolding.person_id).where(
        PostHolding.role == notice.role,
        valid_on(PostHolding, today),
    )
    if notice.organization_id is not None:
        held = held.where(PostHolding.organization_id == notice.organization_id)
    return session.scalars(held).all()


def _by_mail(session: Session, notice: Notice, calendar: WorkCalendar) -> None:
    now = clock.now()
    told = [each for each in receivers(session, notice) if each.email]
    chose = select(NoticeChoice).where(NoticeChoice.person_id.in_([each.id for each in told]))
    choices = {each.person_id: each for each in session.scalars(chose)}
    for person in told:
        moment = due(choices.get(person.id), now, calendar)
        if moment is not None:
            send(session, _deliver(session, notice, MAIL, str(person.id), moment, person.id))


def send(session: Session, delivery: NoticeDelivery) -> None:
    """Put off the job that sends a delivery when it is due."""
    if delivery.channel == MAIL and delivery.person_id is not None:
        key = _key(delivery.person_id, delivery.due_at)
        enqueue(session, SEND_MAIL, {"person": str(delivery.person_id)}, due=delivery.due_at, key=key)
    else:
        enqueue(session, SEND_HOOK, {"delivery": str(delivery.id)}, due=delivery.due_at, key=f"hook:{delivery.id}")


def _key(person_id: UUID, moment: datetime) -> str:
    """What is due to one person in one minute is one mail; within it all is due at the same moment (`choices.due`)."""
    return f"mail:{person_id}:{clock.local(moment):%Y%m%d%H%M}"


def _to_hooks(session: Session, notice: Notice, hooks: Iterable[WebHook]) -> None:
    for hook in hooks:
        if not hook.kinds or notice.kind in hook.kinds:
            send(session, _deliver(session, notice, HOOK, str(hook.id), clock.now(), None))


def _deliver(
    session: Session, notice: Notice, channel: str, receiver: str, moment: datetime, person_id: UUID | None
) -> NoticeDelivery:
    made = NoticeDelivery(
        notice_id=notice.id, channel=channel, receiver=receiver, person_id=person_id, made_at=clock.now(), due_at=moment
    )
    session.add(made)
    session.flush()
    return made
