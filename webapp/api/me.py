"""Who is asking."""

from __future__ import annotations

from flask import Response

from processes import clock
from processes.engine import inbox
from processes.identity.people import holdings_on
from processes.identity.units import unit
from processes.paging import MOST_COUNTED
from webapp.api.answering import shown
from webapp.api.calls import Asked, Calls
from webapp.drawing import organization_name, post_name

calls = Calls("me")


@calls.get("/me", "Who I am, the posts I hold today, the units they are for, and how much waits for me.", answer="Me")
def me(asked: Asked) -> Response:
    """The person that the credentials belong to."""
    actor = asked.actor
    assert actor.person_id is not None
    with asked.desk.db.reading() as session:
        held = holdings_on(session, actor.person_id, clock.today())
        posts = [
            {
                "role": each.role,
                "name": post_name(each.role),
                "organization_id": each.organization_id,
                "organization": organization_name(each.organization) if each.organization else None,
                "unit_id": each.organization.unit_id if each.organization else None,
            }
            for each in held
        ]
        units = [unit(session, each) for each in sorted(actor.units())]
        counts = inbox.counts(session, actor, MOST_COUNTED)
        return shown(
            {
                "id": actor.person_id,
                "login": actor.login,
                "name": actor.name,
                "posts": posts,
                "units": [{"id": each.id, "name": each.name} for each in units],
                "counts": {
                    "todo": counts.todo,
                    "overdue": counts.overdue,
                    "started": counts.started,
                    "drafts": counts.drafts,
                    "held": counts.held,
                },
            }
        )
