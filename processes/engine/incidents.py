"""Incidents: what could not be carried out, kept with what must be done again."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from processes import audit, clock, notices
from processes.engine import calendar_starts, kinds_of_jobs, messaging, timers, work
from processes.engine.failures import CaseFailed
from processes.engine.house import House
from processes.engine.models import Case, CaseEvent, Incident, WorkItem
from processes.engine.packages import package
from processes.engine.reasons import need_reason
from processes.errors import Conflict, DeskError, NotFound
from processes.identity.actor import SYSTEM, Actor
from processes.identity.people import actor_of, person
from processes.messages import Message, message

MAY_RETRY = ("manager", "process_owner", "administrator")
LONGEST_TRACE = 8000


class WorkFailed(DeskError):
    """Background work that was done again has failed again; everything was rolled back."""

    status = 503
    code = "step-failed"

    def __init__(self, cause: Exception) -> None:
        super().__init__(told(cause))
        self.cause = cause


def told(failure: Exception) -> Message:
    """The reason as people may read it; the text of any other error may hold what somebody typed."""
    if isinstance(failure, DeskError):
        return failure.text
    return message("程序内部故障（%(kind)s）", kind=type(failure).__name__)


def incidents(
    session: Session, statuses: Sequence[str], *, offset: int = 0, limit: int = 50
) -> tuple[Sequence[Incident], int]:
    """Incidents of all cases and of none, newest first; and how many there are."""
    total = session.scalar(select(func.count()).select_from(Incident).where(Incident.status.in_(statuses))) or 0
    query = (
        select(Incident)
        .outerjoin(Case)
        .options(contains_eager(Incident.case))
        .where(Incident.status.in_(statuses))
        .order_by(Incident.at.desc(), Incident.id)
    )
    return session.scalars(query.offset(offset).limit(limit)).all(), total


def record(session: Session, failure: CaseFailed, action: Mapping[str, Any]) -> Incident | None:
    """Keep the failure of a step, in a transaction of its own after the failed one was rolled back.

    The same thing failing again is the same incident; what somebody else has done meanwhile is none.
    """
    case = session.get(Case, failure.case_id, with_for_update=True, populate_existing=True)
    if case is None:
        raise failure
    if _overtaken(session, case, action) and _open_one(session, case, failure.element_id, action) is None:
        return None
    element = package(session, case.definition_id).program.elements.get(failure.element_id)
    step = element.name if element is not None else ""
    found = _kept(session, case, failure.element_id, step, failure.text, failure.cause, action)
    if action["kind"] == "timers":
        case.next_due = None
    return found


def _overtaken(session: Session, case: Case, action: Mapping[str, Any]) -> bool:
    """Whether another attempt has gone through between the roll-back of this one and now."""
    if action["kind"] == "complete":
        item = session.get(WorkItem, UUID(action["item"]), populate_existing=True)
        return item is None or item.status != "open"
    if action["kind"] == "timers":
        return case.status not in ("running", "suspended") or case.next_due is None or case.next_due > clock.now()
    return False


def record_work(
    session: Session, failure: Exception, step: Message, action: Mapping[str, Any], case_id: UUID | None = None
) -> Incident:
    """Keep the failure of background work, which may belong to no case."""
    case = session.get(Case, case_id, with_for_update=True) if case_id is not None else None
    return _kept(session, case, "", str(step), told(failure), failure, action)


def _kept(
    session: Session, case: Case | None, element_id: str, step: str, text: Message, cause: Exception,
    action: Mapping[str, Any],
) -> Incident:  # fmt: skip
    found = _open_one(session, case, element_id, action)
    if found is not None:
        found.action = dict(action)
        found.attempts += 1
        found.text, found.trace, found.at = str(text), _trace(cause), clock.now()
    else:
        found = Incident(
            case_id=case.id if case is not None else None, at=clock.now(), status="open", element_id=element_id,
            step=step, text=str(text), trace=_trace(cause), action=dict(action),
        )  # fmt: skip
        session.add(found)
        _announce(session, case, found)
    about = f"case:{case.id}" if case is not None else f"incident:{found.id}"
    audit.record(session, SYSTEM, "case.incident", about, ok=False, element=element_id)
    return found


def _open_one(session: Session, case: Case | None, element_id: str, action: Mapping[str, Any]) -> Incident | None:
    same_place = Incident.case_id == case.id if case is not None else Incident.case_id.is_(None)
    query = select(Incident).where(same_place, Incident.status == "open", Incident.element_id == element_id)
    return next((each for each in session.scalars(query) if _same(each.action, action)), None)


def _same(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two acts are one that was tried twice; somebody may have written other answers the second time."""
    if first.get("kind") == second.get("kind") == "complete":
        return bool(first["item"] == second["item"])
    if first.get("kind") == second.get("kind") == "period":
        return bool(first["period"] == second["period"])
    return first == dict(second)


def _announce(session: Session, case: Case | None, incident: Incident) -> None:
    if case is not None:
        case.open_incidents += 1
        session.add(
            CaseEvent(
                case_id=case.id, at=incident.at, kind="incident", element_id=incident.element_id, step=incident.step,
                text=incident.text,
            )
        )  # fmt: skip
        text = message("案件 %(number)s 发生故障：%(reason)s", number=case.number, reason=incident.text)
    else:
        text = message("后台工作“%(step)s”未能完成：%(reason)s", step=incident.step, reason=incident.text)
    for role in ("process_owner", "manager"):
        notices.notify(session, "incident", text, role=role, case_id=incident.case_id)
    session.flush()


def _trace(cause: BaseException) -> str:
    """Where it failed, without the values: lines of code only."""
    frames = traceback.extract_tb(cause.__traceback__)
    lines = [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([*lines, type(cause).__name__])[-LONGEST_TRACE:]


def fail_again(
    session: Session, actor: Actor, incident_id: UUID, failure: CaseFailed | WorkFailed, reason: str
) -> None:  # fmt: skip
    """Count a retry that failed, in a transaction of its own after that of the retry was rolled back."""
    incident = session.get(Incident, incident_id)
    if incident is None or incident.status != "open":
        return
    if isinstance(failure, CaseFailed) and session.get(Case, failure.case_id) is not None:
        record(session, failure, incident.action)
    else:
        step = message("%(step)s", step=incident.step)
        record_work(session, failure.cause, step, incident.action, incident.case_id)
    about = f"case:{incident.case_id}" if incident.case_id else f"incident:{incident.id}"
    audit.record(session, actor, "case.retry", about, ok=False, element=incident.element_id, reason=reason.strip())


def retry(session: Session, house: House, actor: Actor, incident_id: UUID, reason: str) -> Incident:
    """Do again what failed, with the reason why it will go now; `CaseFailed` or `WorkFailed` when it fails again."""
    incident = _to_be_settled(session, actor, incident_id)
    incident.note = need_reason(reason)
    _again(session, house, actor, incident)
    _settle(session, actor, incident, "resolved", "retried")
    about = f"case:{incident.case_id}" if incident.case_id else f"incident:{incident.id}"
    audit.record(session, actor, "case.retry", about, element=incident.element_id, reason=incident.note)
    return incident


def discard(session: Session, house: House, actor: Actor, incident_id: UUID, reason: str) -> Incident:
    """Give up what failed, with the reason; it is never done."""
    incident = _to_be_settled(session, actor, incident_id)
    note = need_reason(reason)
    if not may_discard(house, incident):
        raise Conflict(message("该事项不能放弃：案件会停在此处。请排除原因后重试，或撤销案件。"))
    if incident.action.get("kind") == "period":
        calendar_starts.leave_out(session, incident.action["period"])
    incident.note = note
    _settle(session, actor, incident, "discarded", "discarded")
    about = f"case:{incident.case_id}" if incident.case_id else f"incident:{incident.id}"
    audit.record(session, actor, "case.discard", about, element=incident.element_id, reason=note)
    return incident


def may_discard(house: House, incident: Incident) -> bool:
    """Whether a case stays sound without what failed: its timers, and the papers it has numbered, it needs."""
    kind = incident.action.get("kind")
    if kind == "job":
        known = kinds_of_jobs.kinds(house).get(incident.action["job"])
        return known is None or not known.needed
    return kind in ("message", "period", "none", "complete")


def _to_be_settled(session: Session, actor: Actor, incident_id: UUID) -> Incident:
    """An open incident, locked after its case as every act on a case does it, so that two people do not both retry."""
    actor.need(*MAY_RETRY)
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound(message("没有这条故障记录。"))
    if incident.case_id is not None:
        session.get(Case, incident.case_id, with_for_update=True)
    session.refresh(incident, with_for_update=True)
    if incident.status != "open":
        raise Conflict(message("该故障已处理。"))
    return incident


def _settle(session: Session, actor: Actor, incident: Incident, status: str, event: str) -> None:
    session.flush()
    case = session.get(Case, incident.case_id, with_for_update=True) if incident.case_id is not None else None
    if incident.status == "open" and case is not None:  # a completion has resolved it already
        case.open_incidents = max(0, case.open_incidents - 1)
    incident.status, incident.resolved_at, incident.resolved_by = status, clock.now(), actor.name
    if case is not None:
        session.add(
            CaseEvent(
                case_id=case.id, at=clock.now(), kind=event, element_id=incident.element_id, step=incident.step,
                person_id=actor.person_id, person=actor.name, text=incident.note,
            )
        )  # fmt: skip


def settle_period(session: Session, period: str) -> None:
    """Close the incident of a period that the calendar has begun after all."""
    for incident in _of_periods(session):
        if incident.action["period"] == period:
            _settle(session, SYSTEM, incident, "resolved", "retried")


def held_periods(session: Session) -> set[str]:
    """The periods that a person is asked about."""
    return {each.action["period"] for each in _of_periods(session) if each.action["held"]}


def _of_periods(session: Session) -> list[Incident]:
    open_ = select(Incident).where(Incident.status == "open", Incident.case_id.is_(None))
    return [each for each in session.scalars(open_) if each.action.get("kind") == "period"]


def _again(session: Session, house: House, actor: Actor, incident: Incident) -> None:
    """The failed act, as the person who did it first."""
    action, kind = incident.action, incident.action.get("kind")
    if kind == "complete":
        first = actor_of(session, person(session, UUID(action["person"])), clock.today())
        work.complete(session, house, first, UUID(action["item"]), action["answers"])
    elif kind == "timers" and incident.case_id is not None:
        case = session.get_one(Case, incident.case_id)
        if case.status not in ("running", "suspended"):
            return  # it has ended by another way and has no timers any more
        case.next_due = clock.now()
        session.flush()
        timers.fire(session, house, incident.case_id)
    elif kind == "message" and incident.case_id is not None:
        messaging.give(
            session, house, SYSTEM, incident.case_id, action["message_kind"], action["name"], action["data"],
            action["correlation"],
        )  # fmt: skip
    elif kind in ("job", "period"):
        _work_again(session, house, action)


def _work_again(session: Session, house: House, action: Mapping[str, Any]) -> None:
    try:
        if action["kind"] == "period":
            calendar_starts.begin(session, house, calendar_starts.period_of(action))
        else:
            kinds_of_jobs.do_now(session, house, action["job"], action["args"], action.get("key"), clock.now())
    except CaseFailed:
        raise
    except Exception as failure:
        raise WorkFailed(failure) from failure


def complete_again(actor: Actor, item_id: UUID, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What to keep of a completion, so that it can be done again."""
    return {"kind": "complete", "person": str(actor.person_id), "item": str(item_id), "answers": dict(raw)}
