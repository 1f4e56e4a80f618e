"""One case as a whole, on one page: what is long is shown in part, and has a page of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes import clock
from processes.engine import case_lists, cases, incidents, tracking
from processes.engine.models import Case, CaseEvent
from processes.engine.moving import MAY_MOVE
from processes.engine.packages import package
from processes.engine.permissions import sees_all
from processes.engine.tracking import ItemFacts
from processes.engine.verbs.attachments import of_case as attachments_of
from processes.engine.verbs.circulating import of_case
from processes.engine.verbs.signers import removable, rounds
from processes.errors import NotFound
from processes.identity.actor import Actor
from processes.identity.models import Unit
from processes.messages import Message
from processes.paging import Page
from webapp.desk import Desk
from webapp.language import current_language
from webapp.navigation import numbers_beside
from webapp.pages.diagrams import standing
from webapp.pages.histories import history_rows
from webapp.pages.waiting import wait_rows
from webapp.pages.wording import named

MAY_SEND = ("process_owner",)
SHOWN_WAITING = 8
CHILDREN_SHOWN = 10
EVENTS_SHOWN = 40
EVENTS_READ = 120
"""Lines of the history that are read: of many at one moment one line is shown."""
SUBMISSIONS_SHOWN = 20
CHAIN = frozenset(
    {"transferred", "delegated", "signers_before", "signers_after", "signer_removed", "returned", "recalled"}
    | {"handed_over", "moved"}
)
"""Lines of the history that say who handed what to whom."""


def case_page(session: Session, desk: Desk, actor: Actor, case_id: UUID, problem: Message | None = None) -> str:
    """One case, or the part of it that is the visitor's; `problem` says why what was just asked for was refused."""
    case = tracking.case_for(session, actor, case_id, whole=True)
    numbers_beside(session, actor)
    items = tracking.items_of(session, actor, case.id)
    waits = sorted((each for each in items if each.status == "open"), key=_urgency)
    events = tracking.history(session, actor, case.id, limit=EVENTS_READ + 1)
    rows = history_rows(events[:EVENTS_READ])
    children = case_lists.children(session, actor, case.id, Page(limit=CHILDREN_SHOWN))
    sent = tracking.last_submissions(session, actor, case.id, Page(limit=SUBMISSIONS_SHOWN))
    signings = rounds(session, desk.house, case) if case.status == "running" else []
    return render_template(
        "cases/show.html",
        case=case,
        problem=problem,
        process=_process_name(session, case),
        parent=_parent(session, actor, case),
        unit=session.get(Unit, case.unit_id) if case.unit_id else None,
        stages=tracking.stages(session, case),
        waiting=wait_rows(session, waits[:SHOWN_WAITING], desk.house.calendar, current_language()),
        open_total=len(waits),
        overdue_total=sum(map(_is_late, waits)),
        open_steps=_open_steps(items),
        messages=_messages(session, actor, case),
        may_send=actor.has(*MAY_SEND),
        children=[(each, _process_name(session, each.case)) for each in children.items],
        children_total=children.total,
        standing=standing(session, desk.house, actor, case, items),
        documents=tracking.documents(session, actor, case.id),
        submissions=sent.items,
        submissions_total=sent.total,
        history=rows[:EVENTS_SHOWN],
        has_more=len(rows) > EVENTS_SHOWN or len(events) > EVENTS_READ,
        incidents=tracking.open_incidents(session, actor, case_id=case.id) if case.open_incidents else [],
        may_retry=actor.has(*incidents.MAY_RETRY),
        version=case.definition.version if sees_all(actor) else None,
        may_move=case.status == "running" and actor.has(*MAY_MOVE),
        may_export=sees_all(actor),
        controls=[*(_controls(case) if actor.has(*cases.MAY_STOP) else []), *_own_controls(case, actor)],
        rounds=signings,
        removable=removable(session, actor, case, signings),
        attachments=attachments_of(session, case.id),
        circulations=of_case(session, actor, case.id) if _sees_receipts(actor, case) else [],
        chain=_chain(events),
    )


def _urgency(item: ItemFacts) -> tuple[bool, float]:
    """Soonest due first; those of one day stay in the order in which they came."""
    return (item.due_at is None, item.due_at.timestamp() if item.due_at else 0.0)


def _is_late(item: ItemFacts) -> bool:
    return item.due_at is not None and item.due_at < clock.now()


def _open_steps(items: Sequence[ItemFacts]) -> list[Mapping[str, Any]]:
    """The steps at which tasks are open, in the order in which they began, with how many are open, late and done."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in items:
        step = found.setdefault(
            (each.element_id, each.step),
            {"element_id": each.element_id, "step": each.step, "open": 0, "overdue": 0, "done": 0},
        )
        if each.status in step:
            step[each.status] += 1
        if each.status == "open" and _is_late(each):
            step["overdue"] += 1
    return [each for each in found.values() if each["open"]]


def _process_name(session: Session, case: Case) -> str:
    return named(package(session, case.definition_id).processes[case.process_id].name, case.key)


def _parent(session: Session, actor: Actor, case: Case) -> Case | None:
    if case.parent_id is None:
        return None
    try:
        return tracking.case_for(session, actor, case.parent_id)
    except NotFound:
        return None


def _messages(session: Session, actor: Actor, case: Case) -> list[dict[str, Any]]:
    if case.status != "running":
        return []
    elements = package(session, case.definition_id).program.elements
    return [
        {
            "name": wait.name,
            "correlation": wait.correlation,
            "step": named(elements[wait.element_id].name, case.key) or wait.name,
        }
        for wait in tracking.waits(session, actor, case.id)
        if wait.kind == "message"
    ]


def _sees_receipts(actor: Actor, case: Case) -> bool:
    return sees_all(actor) or (case.started_by_id is not None and case.started_by_id == actor.person_id)


def _own_controls(case: Case, actor: Actor) -> list[tuple[str, str, str]]:
    """What whoever has started a case may do to it."""
    if case.status in ("running", "suspended") and case.started_by_id == actor.person_id:
        return [("withdraw", _("撤销"), _("由发起人撤销：案件立即结束，所有未办任务撤出待办，不能恢复。"))]
    return []


def _chain(events: Sequence[CaseEvent]) -> list[CaseEvent]:
    """Who handed what to whom lately: transfers, delegations, added signers, returns, in their order."""
    return [each for each in reversed(events) if each.kind in CHAIN]


def _controls(case: Case) -> list[tuple[str, str, str]]:
    """What may be done to a case now: the action, its name and what it means."""
    ends = ("cancel", _("终止"), _("案件立即结束，所有未办任务撤出待办，不能恢复。"))
    if case.status == "running":
        return [("suspend", _("挂起"), _("挂起期间不能办理任务，定时器不触发；恢复后继续。")), ends]
    if case.status == "suspended":
        return [("resume", _("恢复"), _("恢复后，挂起期间到时的定时器立即触发。")), ends]
    return []
