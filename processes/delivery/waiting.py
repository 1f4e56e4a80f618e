"""Deliveries that are due, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from processes import audit, clock
from processes.delivery.hooks import MAY_KEEP
from processes.delivery.models import NoticeDelivery
from processes.delivery.spreading import MAIL, send
from processes.errors import Conflict
from processes.identity.actor import Actor
from processes.messages import message
from processes.notices import Notice, notify
from processes.paging import Listing, Page, Total, listed

MAY_SEE = ("administrator", "auditor")
SENT, DROPPED, FAILED = "sent", "dropped", "failed"
ALARM = "delivery"
"""The kind of notice that tells administrators of failures; it is shown in the desk alone."""
ALARM_EVERY = timedelta(days=1)


def due_to(session: Session, person_id: UUID) -> Sequence[NoticeDelivery]:
    """What is due to a person by mail, oldest first."""
    query = (
        select(NoticeDelivery)
        .join(NoticeDelivery.notice)
        .options(contains_eager(NoticeDelivery.notice))
        .where(
            NoticeDelivery.status == "waiting",
            NoticeDelivery.channel == MAIL,
            NoticeDelivery.receiver == str(person_id),
            NoticeDelivery.due_at <= clock.now(),
        )
        .order_by(Notice.at)
    )
    return session.scalars(query).all()


def delivery(session: Session, delivery_id: UUID) -> NoticeDelivery | None:
    """One delivery with its notice, if it still waits."""
    query = select(NoticeDelivery).options(joinedload(NoticeDelivery.notice))
    return session.scalars(
        query.where(NoticeDelivery.id == delivery_id, NoticeDelivery.status == "waiting")
    ).one_or_none()


def settle(session: Session, ids: Sequence[UUID], status: str) -> None:
    """Note what became of some deliveries; administrators are told of failures once a day."""
    done = {"status": status, "sent_at": clock.now() if status == SENT else None}
    session.execute(update(NoticeDelivery).where(NoticeDelivery.id.in_(ids)).values(done))
    if status == FAILED:
        _alarm(session)


def _alarm(session: Session) -> None:
    lately = select(Notice.id).where(Notice.kind == ALARM, Notice.at > clock.now() - ALARM_EVERY).limit(1)
    if session.scalar(lately) is None:
        notify(session, ALARM, message("有邮件或推送未能发出，请查看发送记录。"), role="administrator", inside=True)


def again(session: Session, actor: Actor, delivery_id: UUID) -> None:
    """Send what could not be sent once more."""
    actor.need(*MAY_KEEP)
    found = session.get(NoticeDelivery, delivery_id)
    if found is None or found.status != FAILED:
        raise Conflict(message("这条记录无需重新发送。"))
    found.status, found.due_at = "waiting", clock.now()
    send(session, found)
    audit.record(session, actor, "delivery.again", f"delivery:{found.id}", channel=found.channel)


def deliveries(session: Session, actor: Actor, status: str, channel: str, page: Page) -> Listing[NoticeDelivery]:
    """A page of deliveries, newest first, for those who look after the desk."""
    actor.need(*MAY_SEE)
    wanted = [
        column == value
        for column, value in ((NoticeDelivery.status, status), (NoticeDelivery.channel, channel))
        if value
    ]
    query = (
        select(NoticeDelivery)
        .where(*wanted)
        .options(joinedload(NoticeDelivery.notice), joinedload(NoticeDelivery.person))
        .order_by(NoticeDelivery.made_at.desc(), NoticeDelivery.id)
        .offset(page.offset)
        .limit(page.rows + 1)
    )
    rows = session.scalars(query).all()
    size = select(func.count()).select_from(NoticeDelivery).where(*wanted)
    return listed(rows, page, lambda: Total(session.scalar(size) or 0))
