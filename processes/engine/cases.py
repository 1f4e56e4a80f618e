"""What people do to a whole case: start it, stop it for a time, end it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from processes import audit, clock, notices
from processes.engine.definitions import active_definition
from processes.engine.door import CaseHooks, OpenCase, locked, thawed
from processes.engine.failures import of_case
from processes.engine.house import House
from processes.engine.language import render
from processes.engine.models import LONGEST_TITLE, UNDONE, Case, CaseEvent, Definition, Incident, Waiting, WorkItem
from processes.engine.packages import ProcessFacts, package
from processes.engine.reasons import need_reason
from processes.engine.spiff import Run
from processes.engine.verbs.telling import note_case
from processes.errors import Conflict, Invalid, NotAllowed
from processes.identity.actor import Actor
from processes.messages import Message, message
from processes.sequences import yearly_number

MAY_STOP = ("manager", "process_owner")
LONGEST_OUTCOME = 300


def start(
    session: Session,
    house: House,
    actor: Actor,
    key: str,
    process_id: str,
    variables: Mapping[str, Any],
    *,
    unit_id: str | None = None,
    subject_id: UUID | None = None,
    parent_id: UUID | None = None,
    start_event: str | None = None,
    definition: Definition | None = None,
    by_hand: bool = True,
) -> Case:
    """Start a case on the active version of a definition.

    By hand, the actor must hold one of the posts that the process names as `starters`; a process that names none beside
    one that does is started by messages and by other parts of the desk alone.
    """
    definition = definition or active_definition(session, key)
    of = package(session, definition.id)
    facts = of.processes.get(process_id)
    if facts is None:
        raise Invalid(message("流程“%(key)s”中没有“%(process)s”。", key=key, process=process_id))
    if by_hand and not (actor.is_system or actor.has(*facts.starters)):
        raise NotAllowed(message("您的岗位不能发起“%(process)s”。", process=facts.name))
    case = _new_case(session, actor, definition, process_id, facts)
    case.unit_id, case.subject_id, case.parent_id = unit_id, subject_id, parent_id
    known = dict(variables) | _own_variables(case, actor)
    case.title = _title(facts.title, known, house, facts.name)
    session.add(case)
    session.add(
        CaseEvent(
            case_id=case.id, at=case.started_at, kind="started", step=facts.name, person_id=actor.person_id,
            person=actor.name,
        )
    )  # fmt: skip
    session.flush()
    with of_case(case.id):
        run = Run.start(of.program, process_id, known, CaseHooks(session, house, actor, case), start_event)
        OpenCase(session, house, actor, case, run, of).save()
    if house.witness is not None and not actor.is_system:
        house.witness(session, case, actor, variables)
    audit.record(session, actor, "case.start", f"case:{case.id}", number=case.number, process=process_id)
    return case


def _new_case(session: Session, actor: Actor, definition: Definition, process_id: str, facts: ProcessFacts) -> Case:
    """A case with a number of its own, of which nothing has run yet."""
    now = clock.now()
    return Case(
        id=uuid4(),
        number=_number(session, facts.code),
        definition_id=definition.id,
        key=definition.key,
        process_id=process_id,
        title=facts.name,
        status="running",
        stage="",
        outcome="",
        started_by_id=actor.person_id,
        started_by=actor.name,
        started_at=now,
        changed_at=now,
        open_incidents=0,
        revision=0,
        skeleton=b"",
    )


def _own_variables(case: Case, actor: Actor) -> dict[str, Any]:
    """What every case knows of itself."""
    organization = next((each.organization_id for each in actor.holdings if each.organization_id), "")
    return {
        "case_id": str(case.id),
        "case_number": case.number,
        "started_by": str(actor.person_id or ""),
        "starter_organization": organization or "",
    }


def _number(session: Session, code: str) -> str:
    year = clock.today().year
    return yearly_number(session, code, f"case:{code}", year)


def _title(template: str, variables: Mapping[str, Any], house: House, name: str) -> str:
    drawn = render(template, variables, house.functions(clock.today())).strip() if template else ""
    return drawn.rstrip("：:")[:LONGEST_TITLE] or name


def suspend(session: Session, house: House, actor: Actor, case_id: UUID, reason: str) -> Case:
    """Stop a case for a time: nothing can be completed and no timer fires until it is resumed."""
    case = _to_be_stopped(session, actor, case_id, reason)
    if case.status != "running":
        raise Conflict(message("案件不在办理中，不能挂起。"))
    case.status = "suspended"
    case.next_due = None
    _note(session, actor, case, "suspended", reason)
    return case


def resume(session: Session, house: House, actor: Actor, case_id: UUID, reason: str) -> Case:
    """Let a suspended case go on; timers that ran out meanwhile fire at once."""
    case = _to_be_stopped(session, actor, case_id, reason)
    if case.status != "suspended":
        raise Conflict(message("案件没有挂起。"))
    case.status = "running"
    timers = thawed(session, house, actor, case, package(session, case.definition_id)).timers()
    case.next_due = timers[0].due if timers else None
    _note(session, actor, case, "resumed", reason)
    return case


def cancel(session: Session, house: House, actor: Actor, case_id: UUID, reason: str) -> Case:
    """End a case from outside, with a reason; what is open is taken out of the inboxes."""
    case = _to_be_stopped(session, actor, case_id, reason)
    if case.status not in ("running", "suspended"):
        raise Conflict(message("案件已结束。"))
    run = thawed(session, house, actor, case, package(session, case.definition_id))
    run.cancel()
    end_from_outside(session, actor, case, run, "cancelled", reason.strip())
    _note(session, actor, case, "ended", reason)
    return case


def withdraw(session: Session, house: House, actor: Actor, case_id: UUID, reason: str) -> Case:
    """Whoever has started a case takes it back as a whole, with a remark; what is open is withdrawn (撤销)."""
    case = locked(session, case_id)
    if case.started_by_id is None or case.started_by_id != actor.person_id:
        raise NotAllowed(message("只有案件的发起人可以撤销案件。"))
    need_reason(reason)
    if case.status not in ("running", "suspended"):
        raise Conflict(message("案件已结束。"))
    waiting = session.scalars(select(WorkItem).where(WorkItem.case_id == case.id, WorkItem.status.in_(UNDONE))).all()
    run = thawed(session, house, actor, case, package(session, case.definition_id))
    run.cancel()
    end_from_outside(session, actor, case, run, "cancelled", f"发起人撤销：{reason.strip()}")
    text = message("发起人已撤销案件，无需您再办理：%(title)s", title=case.title)
    for each in {item.claimed_by_id or item.person_id for item in waiting} - {None, actor.person_id}:
        notices.notify(session, "withdrawn", text, person_id=each, case_id=case.id)
    _note(session, actor, case, "withdrawn", reason)
    return case


def end_from_outside(session: Session, actor: Actor, case: Case, run: Run, status: str, outcome: str) -> None:
    """End a case whose run has been cancelled; what is open is taken out of the inboxes."""
    case.skeleton = run.freeze().skeleton
    now = clock.now()
    case.status, case.ended_at, case.next_due, case.outcome = status, now, None, outcome[:LONGEST_OUTCOME]
    session.execute(
        update(WorkItem)
        .where(WorkItem.case_id == case.id, WorkItem.status.in_(UNDONE))
        .values(status="cancelled", completed_at=now)
    )
    session.execute(delete(Waiting).where(Waiting.case_id == case.id))
    session.execute(
        update(Incident)
        .where(Incident.case_id == case.id, Incident.status == "open")
        .values(status="resolved", resolved_at=now, resolved_by=actor.name)
    )
    case.open_incidents = 0
    case.revision, case.changed_at = case.revision + 1, now


def tell_starter(session: Session, case: Case, text: Message) -> None:
    """A notice to whoever has started a case."""
    notices.notify(session, "result", text, person_id=case.started_by_id, case_id=case.id)


def _to_be_stopped(session: Session, actor: Actor, case_id: UUID, reason: str) -> Case:
    actor.need(*MAY_STOP, text=message("只有管理者或流程管理员可以挂起、恢复或终止案件。"))
    need_reason(reason)
    return locked(session, case_id)


def _note(session: Session, actor: Actor, case: Case, kind: str, reason: str) -> None:
    case.revision += 1
    case.changed_at = clock.now()
    note_case(session, actor, case, kind, reason.strip())
    audit.record(session, actor, f"case.{kind}", f"case:{case.id}", reason=reason.strip())
