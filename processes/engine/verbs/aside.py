"""Tasks that somebody else does for a task of the diagram, which is held meanwhile: 委派、前加签、后加签、退回补正.

The engine knows the held task alone, which keeps its place, its timers and its part in every join. What was asked aside
is a work item attached to it; when the last is done, the held task goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.carrying import carried
from processes.engine.door import OpenCase
from processes.engine.models import UNDONE, FormDraft, Submission, WorkItem
from processes.engine.permissions import holder
from processes.engine.reasons import LONGEST_REASON
from processes.engine.spiff import trail
from processes.engine.successors import successor
from processes.engine.verbs.aside_ids import SEPARATOR
from processes.engine.verbs.opinion_form import OPINION
from processes.engine.verbs.telling import note, tell
from processes.identity.actor import Actor
from processes.messages import message

DELEGATED, BEFORE, AFTER, MEND = "delegated", "before", "after", "mend"


def attach(
    session: Session, to: WorkItem, kind: str, person_id: UUID | None, *, form_key: str = OPINION,
    like: WorkItem | None = None, visit_id: str = "", status: str = "open",
) -> WorkItem:  # fmt: skip
    """Ask somebody aside; without a person it goes to where the work item `like` went."""
    step = like or to
    known = session.scalars(select(WorkItem.id).where(WorkItem.attached_to_id == to.id)).all()
    made = WorkItem(
        id=uuid4(),
        case_id=to.case_id,
        task_id=f"{to.task_id}{SEPARATOR}{len(known) + 1}",
        element_id=step.element_id,
        process_key=to.process_key,
        step=step.step,
        title=step.title,
        form_key=form_key,
        stage=to.stage,
        status=status,
        role=step.role if person_id is None else "",
        organization_id=step.organization_id if person_id is None else None,
        unit_id=step.unit_id,
        person_id=person_id if person_id is not None else successor(session, step.person_id),
        instance_key=to.instance_key,
        created_at=clock.now(),
        due_at=to.due_at,
        attached_to_id=to.id,
        attached_as=kind,
        visit_id=visit_id,
    )
    session.add(made)
    session.flush()
    return made


def attached(session: Session, item: WorkItem, *kinds: str, statuses: Sequence[str] = UNDONE) -> Sequence[WorkItem]:
    """What is attached to a task and not done yet, in the order in which it was asked for."""
    query = select(WorkItem).where(WorkItem.attached_to_id == item.id, WorkItem.status.in_(statuses))
    if kinds:
        query = query.where(WorkItem.attached_as.in_(kinds))
    return session.scalars(query.order_by(WorkItem.created_at, WorkItem.task_id)).all()


def with_attached(session: Session, items: Sequence[WorkItem]) -> list[WorkItem]:
    """Some tasks and what was asked aside for them, as far as it is not done."""
    return [each for item in items for each in (item, *attached(session, item))]


def aside_done(opened: OpenCase, item: WorkItem, submission: Submission, variables: Mapping[str, Any]) -> None:
    """A task that is attached has been done, or one that others sign after."""
    session = opened.session
    session.flush()
    if item.attached_as:
        detail = {"kind": "userTask", "event": "", "instance": item.instance_key}
        note(session, opened.actor, item, "completed", submission_words(submission), detail)
        _tell_main(opened, session.get_one(WorkItem, item.attached_to_id), item, submission, variables)
        return
    waiting = attached(session, item, AFTER)
    if not waiting:
        _go_on(opened, item, variables)
        return
    item.status = "held"
    note(session, opened.actor, item, "signed", item.result)
    for each in waiting:
        each.status, each.created_at = "open", opened.now
        text = message("%(from)s请您会签：%(title)s", **{"from": opened.actor.name, "title": item.title})
        tell(session, each, "sign", text)
    opened.save()


def submission_words(submission: Submission) -> str:
    """What a signer wrote beside the opinion."""
    text = submission.answers.get("comment", "") if submission.form_key == OPINION else ""
    return str(text or "")[:LONGEST_REASON]


def _tell_main(
    opened: OpenCase, main: WorkItem, item: WorkItem, submission: Submission, variables: Mapping[str, Any]
) -> None:
    session = opened.session
    if item.attached_as == MEND:
        trail.amend(opened.run, item.visit_id, variables)
    if item.attached_as == DELEGATED:
        _propose(session, opened, main, submission)
    settle(opened, main)


def settle(opened: OpenCase, main: WorkItem) -> None:
    """Let a held task go on when nobody is asked any more."""
    session = opened.session
    session.flush()
    signed = main.completed_at is not None
    if main.status != "held" or attached(session, main, *((AFTER,) if signed else (DELEGATED, BEFORE, MEND))):
        opened.save()
    elif signed:
        _go_on(opened, main, _kept_variables(opened, main))
    else:
        main.status = "open"
        note(session, opened.actor, main, "handed_back", "")
        done = message("%(person)s已办理，请您继续：%(title)s", person=opened.actor.name, title=main.title)
        if opened.actor.person_id != (main.claimed_by_id or main.person_id):
            tell(session, main, "returned", done)
        opened.save()


def _go_on(opened: OpenCase, main: WorkItem, variables: Mapping[str, Any]) -> None:
    """Everybody has signed: the case goes on with what the holder of the task had decided."""
    opened.run.complete(main.task_id, variables)
    main.status = "done"
    opened.save(done=main)


def _kept_variables(opened: OpenCase, main: WorkItem) -> Mapping[str, Any]:
    """The variables of the case that come of what was signed before."""
    query = select(Submission).where(Submission.work_item_id == main.id).order_by(Submission.at.desc())
    submission = opened.session.scalars(query).first()
    assert submission is not None
    element = opened.package.program.elements[main.element_id]
    given = {key for key, value in submission.answers.items() if value is not None}
    stay = () if main.form_key else set(opened.run.seen_by(main.task_id)) - given
    return carried(opened, element, submission, stay)


def _propose(session: Session, opened: OpenCase, main: WorkItem, submission: Submission) -> None:
    """What a delegate has filled in is laid before whoever delegated it, to be looked through and signed."""
    owner = main.claimed_by_id or main.person_id
    assert owner is not None
    draft = session.get(FormDraft, main.id)
    if draft is None:
        draft = FormDraft(work_item_id=main.id, person_id=owner, answers={}, saved_at=opened.now)
        session.add(draft)
    draft.person_id, draft.answers, draft.saved_at = owner, dict(submission.answers), opened.now


def hold(actor: Actor, item: WorkItem) -> None:
    """Let a task wait for others; it stays its holder's."""
    item.status = "held"
    if item.claimed_by_id is None and item.person_id is None:
        item.claimed_by_id, item.claimed_by, item.claimed_at = holder(actor, item), actor.name, clock.now()
