"""报名: the call is published, opened and closed (第六条(二))."""

from __future__ import annotations

from typing import Any

from handlers.answers import answers, needed_day, text, this_round
from handlers.documents import issue
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.registers import applications, rounds
from processes.registers.planner_posts import PlannerPost, PostStatus, posts_of
from processes.registers.rounds import Round


@operation("appointment.open_call", zh="发布报名通知", en="Open the call")
def open_call(call: Call) -> dict[str, Any]:
    """Take applications for the posts that are open; issues T02."""
    given = answers(call)
    called = rounds.locked_round(call.session, this_round(call).id)
    called.contact = text(given, "contact") or called.contact
    called.phone = text(given, "phone") or called.phone
    rounds.open_call(
        call.session, call.actor, called, needed_day(given, "apply_from"), needed_day(given, "apply_until")
    )
    issue(call, "registration_notice", _notice(call, called))
    assert called.apply_until is not None
    return {"apply_until": called.apply_until.isoformat()}


def _notice(call: Call, called: Round) -> dict[str, Any]:
    waiting = [post for post in posts_of(call.session, called.id) if post.status == PostStatus.OPEN]
    return {
        "term": called.name,
        "positions_count": len(waiting),
        "districts_count": len({post.unit_id for post in waiting}),
        "apply_from": called.apply_from,
        "apply_until": called.apply_until,
        "contact": called.contact,
        "phone": called.phone,
        "positions": _positions(waiting),
    }


def _positions(waiting: list[PlannerPost]) -> list[dict[str, Any]]:
    """One row for each unit and direction, with the number of posts."""
    counted: dict[tuple[str, str], int] = {}
    for post in sorted(waiting, key=lambda each: (each.unit.place, each.number)):
        place = (post.unit.name, post.direction)
        counted[place] = counted.get(place, 0) + 1
    return [
        {"row_number": row, "district_name": district, "direction": direction, "count": count}
        for row, ((district, direction), count) in enumerate(counted.items(), start=1)
    ]


@operation("appointment.close_call", zh="截止报名", en="Close the call")
def close_call(call: Call) -> dict[str, Any]:
    """Take no more applications; the round waits while any is unsettled.

    The round stays locked until the transaction ends: the last application and the closing of the call see one another.
    """
    called = rounds.locked_round(call.session, this_round(call).id)
    rounds.close_call(call.session, call.actor, called)
    pending = applications.unsettled(call.session, called.id)
    if not pending:
        called.settled_at = clock.now()
    return {"pending": pending}
