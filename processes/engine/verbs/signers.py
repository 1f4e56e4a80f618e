"""Who signs a task together with others, who has signed, and who is left (还差谁)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.models import Case, Submission, WorkItem
from processes.engine.packages import package
from processes.engine.spiff.signing import Signing, signing
from processes.engine.verbs.opinion_form import OPINION
from processes.identity.models import Organization, Person

COMMENTS = ("comment", "advice", "remark", "opinion_text")


@dataclass(frozen=True)
class Signer:
    """One of those who sign."""

    item_id: UUID
    name: str
    status: str
    """`open`, `held`, `done` or `cancelled`."""
    result: str
    comment: str
    item: WorkItem


@dataclass(frozen=True)
class Round:
    """One signing: of a task of the diagram, or of those who were added to a task."""

    step: str
    rule: Signing | None
    """None for signers who were added."""
    signers: tuple[Signer, ...]

    @property
    def left(self) -> tuple[Signer, ...]:
        """Who has not signed yet."""
        return tuple(each for each in self.signers if each.status in ("open", "held"))

    @property
    def done(self) -> int:
        """How many have signed."""
        return sum(each.status == "done" for each in self.signers)

    @property
    def needed(self) -> int | None:
        """How many must agree; None where all are heard."""
        total = sum(each.status != "cancelled" for each in self.signers)
        if self.rule is None or (self.rule.share is None and self.rule.sign != "any"):
            return None
        return self.rule.needed(total)


def rounds(session: Session, case: Case, *, item: WorkItem | None = None) -> list[Round]:
    """The signings of a case that are open, or that one task belongs to, with who was added to it."""
    elements = package(session, case.definition_id).program.elements
    signed = [each.id for each in elements.values() if "sign" in each.properties and signing(each.properties)]
    conditions: list[Any] = [WorkItem.case_id == case.id]
    added = WorkItem.attached_as.in_(("before", "after", "delegated", "mend"))
    rows = session.scalars(
        select(WorkItem)
        .where(*conditions, WorkItem.element_id.in_(signed) | added)
        .order_by(WorkItem.created_at, WorkItem.instance_key, WorkItem.id)
    ).all()
    if not rows:
        return []
    names = _names(session, rows)
    comments = _comments(session, rows)
    groups: dict[tuple[str, Any], list[WorkItem]] = {}
    for row in rows:
        key = ("added", row.attached_to_id) if row.attached_as else ("signed", (row.element_id, row.activity_id or ""))
        groups.setdefault(key, []).append(row)
    found = []
    for (kind, _of), members in groups.items():
        if not _is_wanted(members, item):
            continue
        rule = signing(elements[members[0].element_id].properties) if kind == "signed" else None
        signers = tuple(
            Signer(each.id, names.get(each.id, ""), each.status, each.result, comments.get(each.id, ""), each)
            for each in members
        )
        found.append(Round(members[0].step, rule, signers))
    return found


def _is_wanted(members: Sequence[WorkItem], item: WorkItem | None) -> bool:
    if item is None:
        return any(each.status in ("open", "held") for each in members)
    same = {item.id, item.attached_to_id} - {None}
    return any(each.id in same or each.attached_to_id in same for each in members)


def _names(session: Session, rows: Sequence[WorkItem]) -> dict[UUID, str]:
    people = {each.person_id or each.claimed_by_id for each in rows} - {None}
    places = {each.organization_id for each in rows if each.organization_id}
    of_people = select(Person.id, Person.name).where(Person.id.in_(people))
    of_offices = select(Organization.id, Organization.name).where(Organization.id.in_(places))
    known = {row.id: row.name for row in session.execute(of_people)}
    offices = {row.id: row.name for row in session.execute(of_offices)}
    return {
        each.id: each.completed_by
        or known.get(each.person_id or each.claimed_by_id or each.id, "")
        or offices.get(each.organization_id or "", "")
        for each in rows
    }


def _comments(session: Session, rows: Sequence[WorkItem]) -> dict[UUID, str]:
    """What signers wrote, where their form has a field for it."""
    ids = [each.id for each in rows if each.status == "done" or each.completed_at is not None]
    sent = session.execute(
        select(Submission.work_item_id, Submission.form_key, Submission.answers).where(Submission.work_item_id.in_(ids))
    )
    found = {}
    for item_id, form_key, answers in sent:
        keys = ("comment",) if form_key == OPINION else COMMENTS
        found[item_id] = next((str(answers[key]) for key in keys if answers.get(key)), "")
    return found
