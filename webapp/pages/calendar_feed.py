"""日历订阅: the due days of a person's open tasks for a calendar program, under a secret address."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from icalendar import Calendar, Event

from processes import clock
from processes.delivery import feeds
from processes.engine import inbox
from processes.engine.inbox import Filter
from processes.engine.models import WorkItem
from processes.errors import NotFound
from processes.identity.people import actor_of
from processes.messages import message
from processes.paging import MOST_ROWS, Page
from processes.rules.years import DAY
from webapp.access import public, signed_in
from webapp.desk import current_desk
from webapp.operation_key import once
from webapp.pages.deadlines import due_day
from webapp.visitors import current_actor

blueprint = Blueprint("calendar_feed", __name__)


@blueprint.get("/calendar/<token>.ics")
@public
def read(token: str) -> Response:
    """The open tasks with a due day, each an event of that whole day; the token says whose."""
    desk = current_desk()
    with desk.db.reading() as session:
        person = feeds.reader(session, token)
        if person is None:
            raise NotFound(message("日历订阅地址无效或已停用。"))
        actor = actor_of(session, person, clock.today())
        listing = inbox.work(session, actor, "todo", Filter(), Page("due", 0, MOST_ROWS))
        calendar = _calendar(listing.items)
    return Response(
        calendar.to_ical(), content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"}
    )


def _calendar(items: Sequence[WorkItem]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Chief Planner Desk//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "首席规划师工作台")
    calendar.add("x-published-ttl", "PT1H")
    for item in items:
        if item.due_at is None:
            continue
        event, day = Event(), due_day(item.due_at)
        event.add("uid", f"{item.id}@chief-planner")
        event.add("dtstamp", clock.now())
        event.add("dtstart", day)
        event.add("dtend", day + DAY)
        event.add("summary", item.title)
        event.add("description", f"{item.case.number} {item.case.title}")
        event.add("url", url_for("tasks.show", item_id=item.id, _external=True))
        calendar.add_component(event)
    return calendar


@blueprint.post("/account/calendar")
@signed_in
def make() -> ResponseReturnValue:
    """Make the address anew and show it, this once."""
    with once() as operation:
        token = feeds.make(operation.session, current_actor())
        flash(_("日历订阅地址：%(url)s （只显示这一次）", url=url_for(".read", token=token, _external=True)))
        return operation.done(url_for("account.index") + "#notices")


@blueprint.post("/account/calendar/end")
@signed_in
def end() -> ResponseReturnValue:
    """Let the address be void."""
    with once() as operation:
        feeds.end(operation.session, current_actor())
        flash(_("日历订阅已停用。"))
        return operation.done(url_for("account.index") + "#notices")
