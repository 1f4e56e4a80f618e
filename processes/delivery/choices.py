"""How a person wants to be told: by mail at once, once a day or not at all, and never in quiet hours."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from processes import audit, clock
from processes.delivery.models import NoticeChoice
from processes.errors import Invalid
from processes.identity.actor import Actor
from processes.messages import message
from processes.rules.workdays import WorkCalendar
from processes.rules.years import DAY

AT_ONCE, DAILY, OFF = "at_once", "daily", "off"
MODES = (AT_ONCE, DAILY, OFF)
MINUTE = timedelta(minutes=1)
"""What is told at once waits so long at least for what follows, so that ten notices are one mail."""
DIGEST_AT = time(8, 30)
"""When the digest of a working day is sent."""


def choice_of(session: Session, actor: Actor) -> NoticeChoice:
    """What a person chose, or what holds for whoever chose nothing."""
    found = session.get(NoticeChoice, actor.person_id) if actor.person_id else None
    return found or NoticeChoice(person_id=actor.person_id, mail=AT_ONCE, quiet_from=None, quiet_to=None)


def choose(session: Session, actor: Actor, mail: str, quiet_from: str, quiet_to: str) -> NoticeChoice:
    """Keep a choice; `Invalid` for a mode that is none, or quiet hours with one end."""
    if mail not in MODES:
        raise Invalid(message("请选择邮件通知方式。"))
    begins, ends = _time(quiet_from), _time(quiet_to)
    if (begins is None) != (ends is None) or (begins is not None and begins == ends):
        raise Invalid(message("免打扰时段需同时填写起止时间，且不能相同。"))
    found = session.get(NoticeChoice, actor.person_id) if actor.person_id else None
    if found is None:
        found = NoticeChoice(person_id=actor.person_id)
        session.add(found)
    found.mail, found.quiet_from, found.quiet_to = mail, begins, ends
    audit.record(session, actor, "notice.choose", f"person:{actor.login}", mail=mail)
    session.flush()
    return found


def due(choice: NoticeChoice | None, now: datetime, calendar: WorkCalendar) -> datetime | None:
    """When something of this moment is to be sent to who chose so; None: never."""
    if choice is None:
        return _gathered(now)
    if choice.mail == OFF:
        return None
    return after_quiet(choice, _next_digest(now, calendar) if choice.mail == DAILY else _gathered(now))


def _gathered(now: datetime) -> datetime:
    """On a full minute: one job sends all that is due to a person in a minute, so none of it may be due after it."""
    full = now.replace(second=0, microsecond=0)
    return full + MINUTE if full == now else full + 2 * MINUTE


def after_quiet(choice: NoticeChoice, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours that it lies in."""
    begins, ends = choice.quiet_from, choice.quiet_to
    if begins is None or ends is None:
        return moment
    local = clock.local(moment)
    at = local.time()
    is_quiet = begins <= at < ends if begins < ends else at >= begins or at < ends
    if not is_quiet:
        return moment
    day = local.date() if at < ends else local.date() + DAY
    return datetime.combine(day, ends, clock.CITY)


def _next_digest(now: datetime, calendar: WorkCalendar) -> datetime:
    local = clock.local(now)
    day = local.date() if local.time() < DIGEST_AT else local.date() + DAY
    return datetime.combine(calendar.roll_forward(day), DIGEST_AT, clock.CITY)


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as cause:
        raise Invalid(message("时间应写作 08:30 的形式。")) from cause
