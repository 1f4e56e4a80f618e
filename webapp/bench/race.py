"""Races: everybody of one 38-way case answers in the same moment, over HTTP; what came of it is counted afterwards."""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, func, select
from sqlalchemy.orm import Session

from processes.audit import AuditEntry
from processes.engine.models import Submission, WorkItem
from webapp.bench.clients import HttpWire, Program
from webapp.bench.completions import ANSWER, case_template, new_case, open_items
from webapp.bench.copies import CaseTemplate
from webapp.bench.diagrams import WIDE
from webapp.bench.figures import COMMIT, RACES, Figure
from webapp.bench.measuring import milliseconds
from webapp.bench.office import CLERKS, Office

PLACES = 38
ACCEPTED, TOO_LATE = 200, 409
Press = tuple[UUID, int, float]
"""A task, the status that was answered (0: no answer), and the milliseconds until then."""


@dataclass
class Result:
    """All rounds of a race together."""

    taken: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)


def race(office: Office, rounds: int) -> Iterator[Figure]:
    """Eight clients share the tasks; all 38 at once; two on each task."""
    template = case_template(office, WIDE, PLACES, 0)
    for scenario, clients, each in (
        ("race_8_clients_on_38", CLERKS, 1),
        ("race_38_at_once", PLACES, 1),
        ("race_two_on_each_of_38", CLERKS, 2),
    ):
        found = Result()
        _round(office, template, clients, each, Result())  # the server's processes read the diagram
        for _ in range(rounds):
            found.floors += [office.floor.measure() for _ in range(5)]
            _round(office, template, clients, each, found)
        yield _figure(office, scenario, clients, found)


def _figure(office: Office, scenario: str, clients: int, found: Result) -> Figure:
    more = {
        "clients": clients,
        "web_processes": office.workers,
        "accepted": found.counts["accepted"],
        "refused": found.counts["refused"],
        "errors": found.counts["errors"],
        "lost": found.counts["lost"],
        "doubled": found.counts["doubled"],
        "per_second": round(found.counts["accepted"] / max(found.seconds, 1e-6), 1),
    }
    return Figure(scenario, office.database, found.taken, COMMIT, found.floors, more=more, kind=RACES)


def _round(office: Office, template: CaseTemplate, clients: int, each: int, found: Result) -> None:
    """Everybody waits for the start, then presses until no task is left."""
    case_id = new_case(office, template)
    items = open_items(office, case_id)
    waiting: queue.SimpleQueue[UUID] = queue.SimpleQueue()
    for item in items:
        for _ in range(each):
            waiting.put(item)
    presses: list[Press] = []
    begin = threading.Barrier(clients + 1)
    threads = [
        threading.Thread(target=_client, args=(office, number, waiting, begin, presses)) for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    begin.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    found.seconds += time.monotonic() - began
    found.taken += [taken for _item, _status, taken in presses]
    found.counts += judged(office, case_id, items, presses)


def _client(
    office: Office, number: int, waiting: queue.SimpleQueue[UUID], begin: threading.Barrier, presses: list[Press]
) -> None:
    with closing(HttpWire(office.server.port)) as wire:
        program = office.clerks[number % CLERKS].by_token(wire)
        begin.wait()
        while True:
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            presses.append(_press(program, item))


def _press(program: Program, item: UUID) -> Press:
    status = 0

    def send() -> None:
        nonlocal status
        status = program.post(f"/api/v1/tasks/{item}/complete", {"data": ANSWER}).status

    try:
        taken = milliseconds(send)
    except OSError:
        return item, 0, 0.0
    return item, status, taken


def judged(office: Office, case_id: UUID, items: Sequence[UUID], presses: Sequence[Press]) -> Counter[str]:
    """What the database says: an accepted answer that is not there is lost, one that is there twice is doubled."""
    accepted = Counter(item for item, status, _taken in presses if status == ACCEPTED)
    refused = sum(status == TOO_LATE for _item, status, _taken in presses)
    kept, done, sealed, next_steps = _kept(office, case_id)
    lost = sum(not (kept[item] and item in done and sealed[item]) for item in accepted)
    went_on = next_steps == (1 if len(accepted) == len(items) else 0)
    return Counter(
        accepted=accepted.total(),
        refused=refused,
        errors=len(presses) - accepted.total() - refused,
        lost=lost + (0 if went_on else 1),
        doubled=sum(max(accepted[item], kept[item], sealed[item]) > 1 for item in items),
    )


def _kept(office: Office, case_id: UUID) -> tuple[Counter[UUID], set[UUID], Counter[UUID], int]:
    """Submissions and audit records of each task, the tasks that are done, and how many wait after them."""
    with office.desk.db.reading() as session:
        wanted = select(WorkItem.id, WorkItem.status, WorkItem.element_id).where(WorkItem.case_id == case_id)
        rows = session.execute(wanted).all()
        kept = _numbers(
            session,
            select(Submission.work_item_id, func.count())
            .where(Submission.case_id == case_id)
            .group_by(Submission.work_item_id),
        )
        told = _numbers(
            session,
            select(AuditEntry.subject, func.count())
            .where(AuditEntry.action == "work.complete", AuditEntry.subject.in_([_subject(row.id) for row in rows]))
            .group_by(AuditEntry.subject),
        )
    sealed = Counter({row.id: told[_subject(row.id)] for row in rows})
    done = {row.id for row in rows if row.status == "done"}
    return kept, done, sealed, sum(row.element_id == "finish" and row.status == "open" for row in rows)


def _numbers(session: Session, asked: Executable) -> Counter[Any]:
    return Counter({row[0]: row[1] for row in session.execute(asked)})


def _subject(item: UUID) -> str:
    """As the audit trail names a task."""
    return f"work_item:{item}"
