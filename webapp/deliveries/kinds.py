"""The jobs that send, and the look for notices that are to be spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from smtplib import SMTPException
from uuid import UUID

from sqlalchemy.orm import Session

from processes import clock
from processes.delivery import waiting
from processes.delivery.models import WebHook
from processes.delivery.spreading import SEND_HOOK, SEND_MAIL, Ways, spread
from processes.engine import inbox
from processes.engine.house import House, JobKind
from processes.identity.models import Person
from processes.identity.people import actor_of
from processes.jobs import MOST_ATTEMPTS, Taken
from processes.messages import message
from webapp.deliveries.mail import Numbers, compose, send
from webapp.deliveries.posting import NotAllowedThere, NotTaken, post
from webapp.settings import Settings

__all__ = ["job_kinds", "spread_notices", "ways"]
MAIL_TITLE, HOOK_TITLE = message("发送邮件"), message("推送消息")


@dataclass(frozen=True)
class Done:
    """Deliveries and what became of them."""

    ids: Sequence[UUID]
    status: str


def ways(settings: Settings) -> Ways:
    """By which ways this installation may tell somebody."""
    return Ways(mail=settings.mail is not None)


def spread_notices(session: Session, house: House, settings: Settings) -> int:
    """Hand the notices that nobody was told of yet to the ways out; how many there were."""
    return spread(session, house.calendar, ways(settings))


def job_kinds(settings: Settings) -> dict[str, JobKind]:
    """The jobs of this installation."""

    def mail(session: Session, house: House, job: Taken) -> Done:
        return _mailed(session, settings, job)

    def hook(session: Session, house: House, job: Taken) -> Done:
        return _posted(session, settings, job)

    return {
        SEND_MAIL: JobKind(MAIL_TITLE, _keep, mail),
        SEND_HOOK: JobKind(HOOK_TITLE, _keep, hook),
    }


def _keep(session: Session, house: House, job: Taken, done: Done) -> None:
    waiting.settle(session, done.ids, done.status)


def _mailed(session: Session, settings: Settings, job: Taken) -> Done:
    due = waiting.due_to(session, UUID(job.args["person"]))
    ids = [each.id for each in due]
    person = session.get(Person, UUID(job.args["person"]))
    if not due or person is None or person.disabled or not person.email or settings.mail is None:
        return Done(ids, waiting.DROPPED)
    mail = compose(person, due, _numbers(session, person), settings.mail.sender, settings.address)
    try:
        send(settings.mail, mail)
    except (OSError, SMTPException) as failure:
        return _failed(job, ids, failure)
    return Done(ids, waiting.SENT)


def _failed(job: Taken, ids: Sequence[UUID], failure: Exception) -> Done:
    """Tried again after a pause; in the end it is left to the administrator, who sees it in the list."""
    if job.attempts < MOST_ATTEMPTS:
        raise failure
    return Done(ids, waiting.FAILED)


def _numbers(session: Session, person: Person) -> Numbers:
    counts = inbox.counts(session, actor_of(session, person, clock.today()))
    return Numbers(counts.todo, counts.overdue)


def _posted(session: Session, settings: Settings, job: Taken) -> Done:
    delivery_id = UUID(job.args["delivery"])
    found = waiting.delivery(session, delivery_id)
    hook = session.get(WebHook, UUID(found.receiver)) if found is not None else None
    if found is None or hook is None or not hook.active:
        return Done([delivery_id], waiting.DROPPED)
    try:
        post(hook, found, settings.address, settings.hook_networks)
    except NotAllowedThere:
        return Done([delivery_id], waiting.FAILED)
    except NotTaken as failure:
        return _failed(job, [delivery_id], failure)
    return Done([delivery_id], waiting.SENT)
