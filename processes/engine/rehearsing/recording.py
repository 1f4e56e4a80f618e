"""A rehearsal told as a scenario: read from the database in which it was played."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from processes.engine.models import Case, CaseDocument, Submission, WorkItem
from processes.engine.packages import Package
from processes.engine.rehearsing.models import RehearsedStart
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


def numbered(session: Session, key: str) -> dict[UUID, tuple[str, int]]:
    """The cases of a key by process and number, in the order in which they began."""
    query = select(Case.id, Case.process_id).where(Case.key == key).order_by(Case.started_at, Case.number)
    counts: dict[str, int] = {}
    found = {}
    for case_id, process in session.execute(query):
        counts[process] = counts.get(process, 0) + 1
        found[case_id] = (process, counts[process])
    return found


def recorded(
    session: Session, files: FileStore, key: str, title: str, begins: datetime, ends: datetime, package: Package
) -> Scenario:
    """What was played as a scenario; `Invalid` where nobody did anything."""
    cases = numbered(session, key)
    acts = sorted(
        (*_starts(session, cases, begins), *_completions(session, cases, begins, package, _Uploads(session, files))),
        key=lambda each: each[0],
    )
    if not acts:
        raise Invalid(message("彩排中还没有人办理本流程，没有内容可以存为场景。"))
    lasts = _minutes(begins, ends)
    return Scenario(title, begins, lasts, tuple(act for _order, act in acts), tuple(standings(session, cases)))


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
    return max(0, int((at - begins).total_seconds() // 60))


def _starts(
    session: Session, cases: Mapping[UUID, tuple[str, int]], begins: datetime
) -> Sequence[tuple[tuple[datetime, int], Act]]:
    query = select(RehearsedStart).where(RehearsedStart.case_id.in_(cases)).order_by(RehearsedStart.at)
    return [
        ((each.at, 0), Act(_minutes(begins, each.at), each.login, *cases[each.case_id], answers=each.variables))
        for each in session.scalars(query)
    ]


def _completions(
    session: Session, cases: Mapping[UUID, tuple[str, int]], begins: datetime, package: Package, uploads: _Uploads
) -> Sequence[tuple[tuple[datetime, int], Act]]:
    query = (
        select(Submission, Person.login)
        .join(Submission.work_item)
        .join(Person, Person.id == Submission.person_id)
        .options(contains_eager(Submission.work_item))
        .where(Submission.case_id.in_(cases))
        .order_by(Submission.at)
    )
    found = []
    for order, (sent, login) in enumerate(session.execute(query), start=1):
        item = sent.work_item
        answers = _told(sent, package, uploads)
        process, number = cases[sent.case_id]
        act = Act(_minutes(begins, sent.at), login, process, number, item.element_id, item.instance_key, answers)
        found.append(((sent.at, order), act))
    return found


def _told(sent: Submission, package: Package, uploads: _Uploads) -> dict[str, Any]:
    """The answers; an uploaded file is told by name and content: it is uploaded anew when the scenario is played."""
    form = package.forms.get(sent.form_key)
    kinds = {each.key: each.type for each in form.fields} if form is not None else {}
    return {
        key: uploads.told(value) if kinds.get(key) in FILES and value else value
        for key, value in sent.answers.items()
        if value is not None
    }


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
