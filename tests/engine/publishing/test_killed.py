"""`kill -9` at every write of a publication and of the moves behind it: all of it is there, or nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from processes import clock
from processes.audit import AuditEntry, keep_trail, verify
from processes.engine import cases, moving, publishing
from processes.engine.models import Case, CaseEvent, Definition, WorkItem
from processes.engine.moving.models import MOVED, WAITING, CaseMove
from processes.engine.publishing.models import Publication, PublicationAct
from processes.jobs import Job
from processes.jobs.doing import MOST_TAKEN
from processes.notices import Notice
from tests.engine.publishing.test_publishing import Gate
from tests.engine.test_work import MONDAY

ROOT = Path(__file__).parents[3]
CASES, NEVER = 4, 10_000


@pytest.fixture
def gate(database, house, people, moving):
    keep_trail(database, b"key")
    found = Gate(database, house, people)
    for _ in range(CASES):
        with database.transaction() as session:
            cases.start(session, house, people.clerk, "sample", "p", {})
    return found


@pytest.fixture(scope="module")
def parent():
    command = [sys.executable, "-W", "error", "-m", "tests.engine.publishing.dying"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def die(database, parent, tmp_path, moving):
    """Do a task in a process that dies at its n-th write; whether it died before it came to its end."""

    def do(task: str, moment: int, draft: object = "") -> bool:
        with database.transaction() as session:  # the lease of the dead one has run out
            session.execute(update(Job).values(leased_until=None))
        url = database.engine.url.render_as_string(hide_password=False)
        asked = {"url": url, "folder": str(tmp_path), "task": task, "now": clock.now().isoformat()}
        parent.stdin.write(json.dumps({**asked, "draft": str(draft), "moment": moment}) + "\n")
        parent.stdin.flush()
        told = parent.stdout.readline().strip()
        assert told in ("killed", "done 0")
        return told == "killed"

    return do


def _publication(gate) -> tuple[object, ...]:
    """The publication as the owner sees it, with all that belongs to it."""
    with gate.database.reading() as session:
        found = session.scalars(select(Publication)).one()
        draft = gate.state(found.draft_id)
        versions = session.scalars(select(Definition.version).order_by(Definition.version)).all()
        active = session.scalars(select(Definition.version).where(Definition.active)).all()
        acts = session.scalars(select(PublicationAct.act).where(PublicationAct.act == "published")).all()
        told = session.scalars(
            select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "publication.publish")
        ).one()
        assert verify(session, b"key").intact
        return found.state, draft, versions, active, len(acts), told


BEFORE = {state: (state, "approved", [1], [1], 0, 0) for state in (publishing.APPROVED, publishing.SCHEDULED)}
AFTER = (publishing.PUBLISHED, "published", [1, 2], [2], 1, 1)


def test_killed_while_publishing_at_once_there_is_the_old_version_or_the_new_one(gate, die):
    draft = gate.draft()
    gate.submit(draft)
    moment = 1
    while die("publish", moment, draft):
        assert _publication(gate) == BEFORE[publishing.APPROVED], moment
        moment += 1
    assert moment > 6
    assert _publication(gate) == AFTER


def test_killed_while_publishing_on_a_day_the_worker_that_comes_next_publishes_once(gate, die, moving):
    draft = gate.draft()
    gate.submit(draft)
    gate.publish(draft, on=clock.today() + timedelta(days=2))
    moving.move_to(MONDAY + timedelta(days=2))
    moment = 1
    while die("worker", moment):
        assert _publication(gate) == BEFORE[publishing.SCHEDULED], moment
        moment += 1
    assert moment > 6
    assert _publication(gate) == AFTER
    assert not die("worker", 1)
    with gate.database.reading() as session:
        assert session.scalars(select(Job)).all() == []
        told = session.scalars(select(Notice.text).where(Notice.kind == "publication")).all()
        assert len(told) == 1


def test_killed_while_cases_are_moved_each_is_moved_once(gate, die):
    draft = gate.draft()
    gate.submit(draft)
    made = gate.publish(draft)
    with gate.database.transaction() as session:
        batch = moving.begin_batch(session, gate.people.owner, made, "流程改版").id
    moved = []
    while die("worker", len(moved) + 1) and len(moved) < MOST_TAKEN - 2:
        moved.append(_moved(gate, batch))
    assert moved == sorted(moved)
    assert set(moved) > {0, 1}
    assert not die("worker", NEVER)
    assert _moved(gate, batch) == CASES


def _moved(gate, batch) -> int:
    """How many cases have been moved; each wholly or not at all."""
    with gate.database.reading() as session:
        new = session.scalars(select(Definition.id).where(Definition.active)).one()
        states = dict(session.execute(select(CaseMove.case_id, CaseMove.state)).all())
        waiting = session.scalars(select(func.count()).select_from(Job)).one()
        for case in session.scalars(select(Case)):
            done = case.definition_id == new
            lines = session.scalars(
                select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == "version_moved")
            ).all()
            told = session.scalars(
                select(AuditEntry).where(AuditEntry.action == "case.move", AuditEntry.subject == f"case:{case.id}")
            ).all()
            open_tasks = session.scalars(select(WorkItem).where(WorkItem.case_id == case.id)).all()
            assert (states[case.id], len(lines), len(told), len(open_tasks)) == (
                MOVED if done else WAITING, done, done, 1,
            )  # fmt: skip
        counts = moving.counts(session, batch)
        assert counts.get(WAITING, 0) == waiting
        assert verify(session, b"key").intact
        return counts.get(MOVED, 0)
