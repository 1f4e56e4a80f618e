"""Cases: start one, find them, see one as a whole, stop one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from handlers import cancelling
from processes import paging
from processes.engine import case_lists, cases, incidents, tracking
from processes.engine.case_lists import CaseFilter
from processes.engine.definitions import process_named
from processes.engine.failures import CaseFailed
from processes.engine.house import House
from processes.engine.incidents import WorkFailed
from processes.engine.models import Case, Submission
from processes.engine.permissions import sees_all
from processes.engine.reasons import LONGEST_REASON
from processes.engine.task_forms import form_definition
from processes.errors import Invalid
from processes.identity.actor import Actor
from processes.messages import message
from webapp.api import drawing
from webapp.api.answering import PAGING, changing, listed, page_of, page_shown, shown
from webapp.api.calls import Asked, Calls, Field, Parameter
from webapp.language import current_language

calls = Calls("cases")
NAMED = "Key of the definition, `key/id` of one of its processes, or id of a process in any diagram."
FILTERS = (
    Parameter("q", "Part of the title or number."),
    Parameter("process", NAMED),
    Parameter("status", "", choices=("running", "suspended", "completed", "terminated", "cancelled")),
    Parameter("stage", "Key of the stage it has reached."),
    Parameter("unit", "Id of the unit it is about."),
    Parameter("parent", "Id of the case it belongs to.", "uuid"),
    Parameter("overdue", "Only those with a late task.", "boolean"),
    Parameter("incident", "Only those with an open incident.", "boolean"),
    Parameter("sort", "`started`, `changed`, `number`, `title`, `stage` or `status`; `-started` is descending."),
    *PAGING,
)
SORTS = frozenset(case_lists.SORTS)
REASON = (Field("reason", "Why.", longest=LONGEST_REASON),)
MOST_VARIABLES = 500
"""Variables that a case may begin with: what belongs to it in numbers is a record of a register."""
Stop = Callable[[Session, House, Actor, UUID, str], Case]


@calls.post(
    "/cases",
    "Start a case of a process that one of my posts may start.",
    answer="Case",
    status=201,
    body=(
        Field("process", NAMED, longest=200),
        Field("variables", "Variables that the case begins with.", "object", required=False),
    ),
    refusals=(403, 503),
)
def start_case(asked: Asked) -> Response:
    """It runs on to the first task, timer or message in the same moment."""
    variables = asked.body.get("variables", {})
    if len(variables) > MOST_VARIABLES:
        text = message("一个案件发起时最多带 %(count)s 个变量。", count=MOST_VARIABLES)
        raise Invalid(text, {"variables": text})

    def act(session: Session) -> dict[str, Any]:
        definition, process_id = process_named(session, asked.actor, asked.body["process"])
        begun = cases.start(
            session,
            asked.desk.house,
            asked.actor,
            definition.key,
            process_id,
            variables,
            definition=definition,
        )
        return drawing.case(begun)

    return changing(asked, act, status=201)


@calls.get("/cases", "The cases that I may see, newest first.", answer="Cases", query=FILTERS)
def list_cases(asked: Asked) -> Response:
    """All for those who see all, else those in which I have a part."""
    narrowed = CaseFilter(
        search=asked.text("q"),
        process=asked.text("process"),
        status=asked.text("status"),
        stage=asked.text("stage"),
        unit_id=asked.text("unit"),
        parent_id=asked.query.get("parent"),
        overdue=bool(asked.query.get("overdue")),
        incident=bool(asked.query.get("incident")),
    )
    page = page_of(asked)
    if page.sort and page.sort.removeprefix("-") not in SORTS:
        problem = message("应为下列之一：%(choices)s", choices="、".join(sorted(SORTS)))
        raise Invalid(problem, {"sort": problem})
    with asked.desk.db.reading() as session:
        return page_shown(asked, case_lists.cases(session, asked.actor, narrowed, page), drawing.case_row)


@calls.get(
    "/cases/<uuid:case_id>", "A case as a whole: where it stands, what was sent, what waits.", answer="CaseDetail"
)
def show_case(asked: Asked, case_id: UUID) -> Response:
    """Those who see only their part get their part."""
    actor = asked.actor
    with asked.desk.db.reading() as session:
        case = tracking.case_for(session, actor, case_id)
        whole = sees_all(actor)
        language = current_language()
        return shown(
            {
                "case": drawing.case(case),
                "stages": [
                    {"key": each.stage.key, "title": each.stage.title.text(language), "state": each.state}
                    for each in tracking.stages(session, case)
                ],
                "tasks": [drawing.task(each) for each in tracking.open_items(session, actor, case_id)],
                "submissions": [
                    _submission(session, actor, case, each) for each in tracking.submissions(session, actor, case_id)
                ],
                "documents": [drawing.document(each) for each in tracking.documents(session, actor, case_id)],
                "incidents": _incidents(session, actor, case_id) if whole else [],
                "waits": [
                    {
                        "kind": each.kind,
                        "name": each.name,
                        "correlation": each.correlation,
                        "element": each.element_id,
                    }
                    for each in tracking.waits(session, actor, case_id)
                ],
                **_engine_state(session, asked.desk.house, case_id, whole),
            }
        )


def _submission(session: Session, actor: Actor, case: Case, found: Submission) -> dict[str, Any]:
    return drawing.submission(actor, found, form_definition(session, case, found.work_item, found))


def _incidents(session: Session, actor: Actor, case_id: UUID) -> list[dict[str, Any]]:
    return [drawing.incident(each) for each in tracking.open_incidents(session, actor, case_id=case_id)]


def _engine_state(session: Session, house: House, case_id: UUID, whole: bool) -> Mapping[str, Any]:
    if not whole:
        return {"elements": None, "variables": None}
    run = tracking.run_of(session, house, case_id)
    return {"elements": run.progress(), "variables": drawing.values(run.data)}


@calls.get("/cases/<uuid:case_id>/history", "What happened in a case, newest first.", answer="History", query=PAGING)
def case_history(asked: Asked, case_id: UUID) -> Response:
    """Who, when, what, as whom; those who see only their part see what happened to their tasks."""
    page = page_of(asked)
    with asked.desk.db.reading() as session:
        tracking.case_for(session, asked.actor, case_id)
        events = tracking.history(session, asked.actor, case_id, limit=page.rows + 1, offset=page.offset)
        found = paging.listed(events, page, lambda: tracking.history_size(session, asked.actor, case_id))
        return page_shown(asked, found, drawing.event)


def _stopping(asked: Asked, case_id: UUID, stop: Stop) -> Response:
    def act(session: Session) -> dict[str, Any]:
        return drawing.case(stop(session, asked.desk.house, asked.actor, case_id, asked.body["reason"]))

    return changing(asked, act)


@calls.post("/cases/<uuid:case_id>/cancel", "End a case from outside.", answer="Case", body=REASON, refusals=(403, 409))
def cancel_case(asked: Asked, case_id: UUID) -> Response:
    """What is open is taken out of the inboxes."""
    return _stopping(asked, case_id, cancelling.cancel)


@calls.post("/cases/<uuid:case_id>/suspend", "Stop a case for a time.", answer="Case", body=REASON, refusals=(403, 409))
def suspend_case(asked: Asked, case_id: UUID) -> Response:
    """Nothing can be completed and no timer fires until it is resumed."""
    return _stopping(asked, case_id, cases.suspend)


@calls.post(
    "/cases/<uuid:case_id>/resume", "Let a suspended case go on.", answer="Case", body=REASON, refusals=(403, 409)
)
def resume_case(asked: Asked, case_id: UUID) -> Response:
    """Timers that ran out meanwhile fire at once."""
    return _stopping(asked, case_id, cases.resume)


@calls.get("/incidents", "What failed and waits for a person, newest first.", query=PAGING, answer="Incidents")
def list_incidents(asked: Asked) -> Response:
    """Steps of cases, and background work; for those who see all cases or may retry."""
    page = page_of(asked)
    with asked.desk.db.reading() as session:
        if not (sees_all(asked.actor) or asked.actor.has(*incidents.MAY_RETRY)):
            return listed(asked, [], 0)
        found, total = incidents.incidents(session, ("open",), offset=page.offset, limit=page.limit)
        return listed(asked, [drawing.incident(each) for each in found], total)


@calls.post(
    "/incidents/<uuid:incident_id>/retry",
    "Do again what failed.",
    answer="Incident",
    body=(Field("reason", "Why it will go now.", longest=LONGEST_REASON),),
    refusals=(403, 409, 503),
)
def retry_incident(asked: Asked, incident_id: UUID) -> Response:
    """503 when it fails again."""
    try:
        return changing(
            asked,
            lambda session: drawing.incident(
                incidents.retry(session, asked.desk.house, asked.actor, incident_id, asked.body["reason"])
            ),
        )
    except (CaseFailed, WorkFailed) as failure:
        with asked.desk.db.transaction() as session:
            incidents.fail_again(session, asked.actor, incident_id, failure, asked.body["reason"])
        raise


@calls.post(
    "/incidents/<uuid:incident_id>/discard",
    "Give up what failed, with the reason.",
    answer="Incident",
    body=REASON,
    refusals=(403, 409),
)
def discard_incident(asked: Asked, incident_id: UUID) -> Response:
    """409 for what a case cannot do without."""
    reason = asked.body["reason"]
    return changing(
        asked,
        lambda session: drawing.incident(
            incidents.discard(session, asked.desk.house, asked.actor, incident_id, reason)
        ),
    )
