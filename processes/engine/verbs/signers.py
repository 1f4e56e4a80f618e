"""Who signs a task together with others, who has signed, and who is left (还差谁)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from processes.engine.door import thawed
from processes.engine.house import House
from processes.engine.models import UNDONE, Case, CaseEvent, Submission, WorkItem
from processes.engine.packages import Package, package
from processes.engine.spiff.signing import Signing, signing
from processes.engine.spiff.together import Together, together
from processes.engine.verbs.allowed import may_remove
from processes.engine.verbs.joining import ahead_name
from processes.engine.verbs.opinion_form import OPINION
from processes.identity.actor import SYSTEM, Actor
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
class Ahead:
    """One whose turn to sign has not come (依次签)."""

    key: str
    name: str


@dataclass(frozen=True)
class Round:
    """One signing: of a task of the diagram, or of those who were added to a task."""

    step: str
    rule: Signing | None
    """None for signers who were added."""
    signers: tuple[Signer, ...]
    total: int | None
    """How many count for the rule; None where that is not known any more."""
    ahead: tuple[Ahead, ...] = ()
    """Whose turn has not come, in order."""

    @property
    def left(self) -> tuple[Signer | Ahead, ...]:
        """Who has not signed yet."""
        return (*(each for each in self.signers if each.status in UNDONE), *self.ahead)

    @property
    def done(self) -> int:
        """How many have signed."""
        return sum(each.status == "done" for each in self.signers)

    @property
    def needed(self) -> int | None:
        """How many must agree; None where all are heard."""
        if self.total is None or self.rule is None or (self.rule.share is None and self.rule.sign != "any"):
            return None
        return self.rule.needed(self.total)


def rounds(session: Session, house: House, case: Case, *, item: WorkItem | None = None) -> list[Round]:
    """The signings of a case that are open, or that one task belongs to, with who was added to it."""
    of = package(session, case.definition_id)
    elements = of.program.elements
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
    groups: dict[tuple[str, Any], list[WorkItem]] = {}
    for row in rows:
        key = ("added", row.attached_to_id) if row.attached_as else ("signed", (row.element_id, row.activity_id or ""))
        groups.setdefault(key, []).append(row)
    wanted = {key: members for key, members in groups.items() if _is_wanted(members, item)}
    told = _Told(names_of(session, rows), _comments(session, rows), _removed(session, case, rows))
    return [
        _added(members, told) if kind == "added" else _signing(session, house, case, of, members, told)
        for (kind, _of), members in wanted.items()
    ]


def removable(session: Session, actor: Actor, case: Case, found: Sequence[Round]) -> frozenset[UUID]:
    """The tasks of those whom the actor may take out; each verb checks again where it acts."""
    waiting = [each.item for of in found for each in of.signers if each.status in UNDONE]
    if case.status != "running":
        return frozenset()
    may = {each.id for each in waiting if each.completed_at is None and may_remove(session, actor, case, each)}
    return frozenset(may)


@dataclass(frozen=True)
class _Told:
    """What is known of all signers of a case, by the ids of their tasks."""

    names: Mapping[UUID, str]
    comments: Mapping[UUID, str]
    removed: frozenset[str]
    """Task ids of those who were taken out."""

    def signers(self, members: Sequence[WorkItem]) -> tuple[Signer, ...]:
        return tuple(
            Signer(each.id, self.names.get(each.id, ""), each.status, each.result, self.comments.get(each.id, ""), each)
            for each in members
        )


def _added(members: Sequence[WorkItem], told: _Told) -> Round:
    return Round(members[0].step, None, told.signers(members), None)


def _signing(
    session: Session, house: House, case: Case, of: Package, members: Sequence[WorkItem], told: _Told
) -> Round:  # fmt: skip
    """One signing of the diagram as it stands: who has signed and was asked again counts once."""
    element = of.program.elements[members[0].element_id]
    rule = signing(element.properties)
    group = _together(session, house, case, of, members) if rule is not None and rule.in_turn else None
    if group is not None:
        members = [each for each in members if each.task_id in group.here and not _comes_again(each, group)]
    members = _latest(members)
    counted = sum(each.task_id not in told.removed for each in members)
    ahead: tuple[Ahead, ...] = ()
    if group is not None:
        ahead = tuple(Ahead(str(key), ahead_name(session, of, element.id, value)) for key, value in group.ahead.items())
    known = rule is None or not rule.in_turn or group is not None
    return Round(members[0].step, rule, told.signers(members), counted + len(ahead) if known else None, ahead)


def _together(
    session: Session, house: House, case: Case, of: Package, members: Sequence[WorkItem]
) -> Together | None:  # fmt: skip
    """Who signs in turn stands in the case alone, as long as the signing is open."""
    waits = next((each for each in members if each.status in UNDONE), None)
    if waits is None:
        return None
    whole = session.get_one(Case, case.id, options=[undefer(Case.skeleton)])
    return together(thawed(session, house, SYSTEM, whole, of), waits.task_id)


def _comes_again(item: WorkItem, group: Together) -> bool:
    """Whether it was somebody's turn too early: the signature before was taken back meanwhile."""
    return item.status == "cancelled" and item.instance_key in map(str, group.ahead)


def _latest(members: Sequence[WorkItem]) -> list[WorkItem]:
    """Of a signer who was asked again, because the signature was taken back, the last task."""
    last = {each.instance_key: each for each in members}
    return [each for each in members if last[each.instance_key] is each]


def _is_wanted(members: Sequence[WorkItem], item: WorkItem | None) -> bool:
    if item is None:
        return any(each.status in UNDONE for each in members)
    same = {item.id, item.attached_to_id} - {None}
    return any(each.id in same or each.attached_to_id in same for each in members)


def names_of(session: Session, rows: Sequence[WorkItem]) -> dict[UUID, str]:
    """Who has done each of some tasks, or has it in hand: a person, else an organization."""
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


def _removed(session: Session, case: Case, rows: Sequence[WorkItem]) -> frozenset[str]:
    """Task ids of those who were taken out of a signing."""
    if all(each.status != "cancelled" for each in rows):
        return frozenset()
    query = select(CaseEvent.task_id).where(CaseEvent.case_id == case.id, CaseEvent.kind == "signer_removed")
    gone = set(session.scalars(query))
    return frozenset(each.task_id for each in rows if each.task_id in gone and each.status == "cancelled")
