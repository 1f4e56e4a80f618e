"""案件回放: one case over time on its diagram, a line of its history at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from processes.engine import tracking
from processes.engine.drawing import Mark, draw
from processes.engine.models import CaseEvent
from processes.engine.packages import package
from webapp.access import signed_in
from webapp.desk import current_desk
from webapp.pages.histories import history_rows
from webapp.visitors import current_actor

blueprint = Blueprint("replay", __name__)
MOST_EVENTS = 2_000
ENTERED, LEFT = "entered", ("completed", "cancelled")


@blueprint.get("/cases/<uuid:case_id>/replay")
@signed_in
def show(case_id: UUID) -> ResponseReturnValue:
    """The case as it stood after one line of its history."""
    desk, actor = current_desk(), current_actor()
    with desk.db.reading() as session:
        case = tracking.case_for(session, actor, case_id)
        events = tracking.history(session, actor, case_id, limit=MOST_EVENTS)[::-1]
        told = [each for each in events if each.element_id or each.kind in ("started", "ended")]
        at = min(max(request.args.get("at", len(told), type=int), 0), len(told))
        svg = draw(package(session, case.definition_id).bpmn, marks_after(told[:at]), title=case.title)
        return render_template(
            "oversight/replay.html",
            case=case,
            svg=svg,
            at=at,
            events=told,
            rows=history_rows(told[max(0, at - 8) : at][::-1]),
            told=[{"element": each.element_id, "kind": each.kind} for each in told],
        )


def marks_after(events: Sequence[CaseEvent]) -> dict[str, Mark]:
    """The state of each element after some lines of a history, oldest first."""
    waiting: Counter[str] = Counter()
    last: dict[str, str] = {}
    for each in events:
        if not each.element_id:
            continue
        if each.kind == ENTERED:
            waiting[each.element_id] += 1
        elif each.kind in LEFT:
            waiting[each.element_id] -= 1
            last[each.element_id] = each.kind
    marks = {}
    for element in {*waiting, *last}:
        count = waiting[element]
        if count > 0:
            marks[element] = Mark("current", count if count > 1 else None)
        elif element in last:
            marks[element] = Mark("cancelled" if last[element] == "cancelled" else "done")
    return marks
