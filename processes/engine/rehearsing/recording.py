"""A rehearsal told as a scenario: read from the database in which it was played."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.audit import AuditEntry
from processes.engine.models import Case, CaseDocument, Submission, WorkItem
from processes.engine.packages import Package
from processes.engine.rehearsing.models import RehearsedStart
from processes.engine.rehearsing.repeating import ASIDE, NOTHING, VERBS
from processes.engine.rehearsing.scenario import Act, Scenario, Standing
from processes.errors import Invalid
from processes.files import FileStore, stored_file
from processes.forms.kinds import FILES
from processes.identity.models import Person
from processes.messages import message

FILE = "彩排附件.pdf"
"""In place of a file that was uploaded in the rehearsal and is too large to be kept with the scenario."""
LARGEST_KEPT = 128 * 1024
"""Bytes of one uploaded file that are kept with the scenario."""
LARGEST_TOGETHER = 1024 * 1024
"""Bytes of all of them."""
BESIDE = frozenset({"work.hand_over", "message.send", "message.deliver", "signal.deliver"})
"""Acts that may move cases and are about none."""
ENDING = frozenset({"work.reject", "case.ended", "case.withdrawn"})
"""Acts that end a case and those that belong to it."""


def numbered(session: Session, key: str) -> dict[UUID, tuple[str, int]]:
    """The cases of a key by process and number, in the order in which they began."""
    query = select(Case.id, Case.process_id).where(Case.key == key).order_by(Case.started_at, Case.number)
    counts: dict[str, int] = {}
    found = {}
    for case_id, process in session.execute(query):
        counts[process] = counts.get(process, 0) + 1
        found[case_id] = (process, counts[process])
    return found


@dataclass(frozen=True)
class Recorded:
    """A rehearsal told as a scenario, and what the scenario goes without."""

    scenario: Scenario
    left_out: Mapping[str, int]
    """How often what was done that moves no case, by the name of the act in the audit trail."""
    elsewhere: int
    """Acts in cases of other procedures."""


class CannotRepeat(Invalid):
    """Something was done in a rehearsal that cannot be done again in a scenario."""

    def __init__(self, acts: Sequence[str]) -> None:
        self.acts = acts
        """By their names in the audit trail."""
        super().__init__(message("彩排中有不能重演的动作，不能存为场景。"))


def recorded(
    session: Session, files: FileStore, key: str, title: str, begins: datetime, ends: datetime, package: Package
) -> Recorded:
    """What was played as a scenario.

    Raises `Invalid` where nobody did anything, `CannotRepeat` where somebody moved a case in a way that cannot be
    repeated.
    """
    cases = numbered(session, key)
    told = _Telling(session, files, cases, begins, package)
    for entry in session.scalars(
        select(AuditEntry).where(AuditEntry.person_id != "", AuditEntry.ok).order_by(AuditEntry.seq)
    ):
        told.tell(entry)
    if told.lost:
        raise CannotRepeat(list(dict.fromkeys(told.lost)))
    if not told.acts:
        raise Invalid(message("彩排中还没有人办理本流程，没有内容可以存为场景。"))
    made = Scenario(title, begins, _minutes(begins, ends), tuple(told.acts), tuple(standings(session, cases)))
    return Recorded(made, told.left_out, told.elsewhere)


def standings(session: Session, cases: Mapping[UUID, tuple[str, int]]) -> list[Standing]:
    """How the cases stand."""
    opened: dict[UUID, dict[str, int]] = {}
    counting = (
        select(WorkItem.case_id, WorkItem.element_id, func.count())
        .where(WorkItem.case_id.in_(cases), WorkItem.status == "open")
        .group_by(WorkItem.case_id, WorkItem.element_id)
    )
    for case_id, element, count in session.execute(counting):
        opened.setdefault(case_id, {})[element] = count
    documents: dict[UUID, list[str]] = {}
    issued = select(CaseDocument.case_id, CaseDocument.key).where(CaseDocument.case_id.in_(cases))
    for case_id, key in session.execute(issued.order_by(CaseDocument.at, CaseDocument.key)):
        documents.setdefault(case_id, []).append(key)
    found = session.scalars(select(Case).where(Case.id.in_(cases)).order_by(Case.started_at, Case.number))
    return [
        Standing(
            *cases[each.id], each.status, each.outcome, each.stage, dict(sorted(opened.get(each.id, {}).items())),
            tuple(documents.get(each.id, ())),
        )
        for each in found
    ]  # fmt: skip


def _minutes(begins: datetime, at: datetime) -> int:
    """Minutes from the beginning, begun ones too: what had come by then has come when it is played again."""
    return max(0, -((begins - at) // timedelta(minutes=1)))


class _Telling:
    """The acts of stand-ins, as the audit trail has them in order."""

    def __init__(
        self, session: Session, files: FileStore, cases: Mapping[UUID, tuple[str, int]], begins: datetime, of: Package
    ) -> None:
        self._session, self._cases, self._begins, self._of = session, cases, begins, of
        self._uploads = _Uploads(session, files)
        self._logins = {str(each.id): each.login for each in session.execute(select(Person.id, Person.login))}
        self._items = _items(session, cases)
        self._sent = _submissions(session, cases)
        self._ended: set[UUID] = set()
        self.acts: list[Act] = []
        self.left_out: Counter[str] = Counter()
        self.lost: list[str] = []
        self.elsewhere = 0

    def tell(self, entry: AuditEntry) -> None:
        """One entry of the trail."""
        kind, _colon, name = entry.subject.partition(":")
        if entry.action in ASIDE:
            self.left_out[entry.action] += 1
        elif entry.action in BESIDE:
            self.lost.append(entry.action)
        elif kind not in ("case", "work_item") or entry.action in NOTHING:
            return
        elif kind == "case":
            self._of_case(entry, UUID(name))
        elif (item := self._items.get(UUID(name))) is None:
            self.elsewhere += 1
        elif entry.action == "work.complete":
            self._add(entry, item.case_id, item, self._answers(item))
        else:
            self._verb(entry, item.case_id, item)

    def _of_case(self, entry: AuditEntry, case_id: UUID) -> None:
        if case_id not in self._cases:
            self.elsewhere += 1
        elif entry.action == "case.start":
            started = self._session.get_one(RehearsedStart, case_id)
            self._add(entry, case_id, None, started.variables)
        elif self._session.get_one(Case, case_id).parent_id in self._ended:
            return  # it has ended with the case to which it belongs
        else:
            item = self._items.get(UUID(entry.detail["item"])) if "item" in entry.detail else None
            self._verb(entry, case_id, item)

    def _verb(self, entry: AuditEntry, case_id: UUID, item: WorkItem | None) -> None:
        verb = VERBS.get(entry.action)
        if verb is None or (item is None and verb.of != "case"):
            self.lost.append(entry.action)
            return
        given = {key: entry.detail[key] for key in (*verb.keeps, "reason") if key in entry.detail}
        target = self._of.program.elements.get(str(given.get("to")))
        if entry.action in ENDING:
            self._ended.add(case_id)
        if target is not None:
            given["step"] = target.name or target.id
        self._add(entry, case_id, item, given, entry.action)

    def _add(
        self, entry: AuditEntry, case_id: UUID, item: WorkItem | None, answers: Mapping[str, Any], verb: str = ""
    ) -> None:
        at, login, place = _minutes(self._begins, entry.at), self._logins[entry.person_id], self._cases[case_id]
        if item is None:
            self.acts.append(Act(at, login, *place, answers=answers, verb=verb))
            return
        whose = self._logins[str(item.person_id)] if item.person_id is not None else ""
        self.acts.append(
            Act(
                at, login, *place, item.element_id, item.instance_key, answers, verb, item.attached_as, whose, item.step
            )
        )

    def _answers(self, item: WorkItem) -> dict[str, Any]:
        """What was sent; an uploaded file is told by name and content: it is uploaded anew when it is played."""
        sent = self._sent[item.id].pop(0)
        form = self._of.forms.get(sent.form_key)
        kinds = {each.key: each.type for each in form.fields} if form is not None else {}
        return {
            key: self._uploads.told(value) if kinds.get(key) in FILES and value else value
            for key, value in sent.answers.items()
            if value is not None
        }


def _items(session: Session, cases: Mapping[UUID, Any]) -> dict[UUID, WorkItem]:
    return {each.id: each for each in session.scalars(select(WorkItem).where(WorkItem.case_id.in_(cases)))}


def _submissions(session: Session, cases: Mapping[UUID, Any]) -> dict[UUID, list[Submission]]:
    """What was sent with each task, in order; why one was sent back or refused is told with the verb."""
    query = (
        select(Submission)
        .join(Submission.work_item)
        .where(Submission.case_id.in_(cases), Submission.form_key == WorkItem.form_key)
        .order_by(Submission.at)
    )
    found: dict[UUID, list[Submission]] = {}
    for each in session.scalars(query):
        found.setdefault(each.work_item_id, []).append(each)
    return found


class _Uploads:
    """The files that were uploaded in a rehearsal, as a scenario keeps them."""

    def __init__(self, session: Session, files: FileStore) -> None:
        self._session = session
        self._files = files
        self._left = LARGEST_TOGETHER

    def told(self, value: object) -> object:
        """A file, or a list of files, by name and content; one that is too large by a name alone."""
        if isinstance(value, list):
            return [self._one(str(each)) for each in value]
        return self._one(str(value))

    def _one(self, file_id: str) -> dict[str, str]:
        stored = stored_file(self._session, UUID(file_id))
        if not stored.ready or stored.size > min(LARGEST_KEPT, self._left):
            return {"file": FILE}
        self._left -= stored.size
        return {"file": stored.name, "content": b64encode(self._files.read(stored.id)).decode()}
