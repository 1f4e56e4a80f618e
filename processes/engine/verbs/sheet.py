"""审批单: every opinion of a case in order, through all returns and transfers, to be printed and filed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from processes import clock
from processes.engine.models import Case, CaseEvent, Submission, WorkItem
from processes.engine.tracking import case_for, history, submissions
from processes.engine.verbs.models import Circulation
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.identity.people import actor_of

MOST_EVENTS = 5000
TOLD = (
    *(
        "returned",
        "rejected",
        "recalled",
        "transferred",
        "delegated",
        "signers_before",
        "signers_after",
        "signers_with",
    ),
    *("signer_removed", "comment", "answered", "handed_over", "moved", "suspended", "resumed", "ended", "withdrawn"),
)
"""What people did to a case besides opinions, as far as it belongs on the sheet."""


@dataclass(frozen=True)
class Line:
    """One opinion, or one thing that was done to the case."""

    at: datetime
    step: str
    person: str
    kind: str
    """`opinion`, or the kind of the event."""
    text: str
    submission: Submission | None = None


@dataclass(frozen=True)
class Sheet:
    """The sheet of one case."""

    case: Case
    lines: Sequence[Line]


def sheet(session: Session, actor: Actor, case_id: UUID) -> Sheet:
    """The sheet of a case, or of the part that is the actor's."""
    case = case_for(session, actor, case_id)
    return _sheet(session, case, submissions(session, actor, case.id), _events(session, case, actor))


def sheet_for_reader(session: Session, of: Circulation) -> Sheet:
    """What the sender of a copy could see of the case when it was sent; of a question, nothing but the case itself."""
    case = session.get_one(Case, of.case_id)
    if of.kind != "copy":
        return Sheet(case, [])
    sender = actor_of(session, session.get_one(Person, of.from_id), clock.today())
    sent = [each for each in submissions(session, sender, case.id) if each.at <= of.at]
    return _sheet(session, case, sent, [each for each in _events(session, case, sender) if each.at <= of.at])


def _events(session: Session, case: Case, actor: Actor) -> list[CaseEvent]:
    events = history(session, actor, case.id, limit=MOST_EVENTS)
    return [each for each in reversed(events) if each.kind in TOLD]


def _sheet(session: Session, case: Case, sent: Sequence[Submission], events: Sequence[CaseEvent]) -> Sheet:
    known = session.scalars(
        select(Submission)
        .join(WorkItem, WorkItem.id == Submission.work_item_id)
        .options(contains_eager(Submission.work_item))
        .where(Submission.id.in_([each.id for each in sent]))
    ).all()
    lines = [Line(each.at, each.work_item.step, each.person, "opinion", each.work_item.result, each) for each in known]
    verdicts = {(each.person_id, each.at) for each in known if each.form_key == "$opinion"}
    for event in events:
        if event.kind in ("returned", "rejected") and (event.person_id, event.at) in verdicts:
            continue  # the verdict itself is an opinion
        lines.append(Line(event.at, event.step, event.person, event.kind, event.text))
    return Sheet(case, sorted(lines, key=lambda each: each.at))
