from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from processes.audit import AuditEntry, keep_trail, verify
from processes.engine import cases
from processes.engine.door import thawed
from processes.engine.models import Case, Submission, WorkItem
from processes.engine.packages import package
from processes.identity.actor import SYSTEM
from tests.engine.spiff.drawn import chain, multi, node
from tests.engine.test_work import diagram, lane

ROOT = Path(__file__).parents[2]
MANY = diagram(
    '<startEvent id="s"/>'
    + node("userTask", "reply", multi("units", "unit", "replies", "comment"), name="复函")
    + '<endEvent id="e"/>'
    + chain("s", "reply", "e"),
    lane("city", "reply", role="city_bureau.clerk"),
)


@pytest.mark.parametrize("kills", [6])
def test_killed_in_the_middle_of_completions_nothing_is_half_saved(database, house, people, deploy, tmp_path, kills):
    keep_trail(database, b"key")
    deploy(MANY)
    with database.transaction() as session:
        case_id = cases.start(
            session, house, people.clerk, "sample", "p", {"units": {str(n): n for n in range(400)}}
        ).id
    acknowledged: set[str] = set()
    for kill in range(kills):
        acknowledged |= _killed_after(
            0.15 + 0.07 * kill, database.engine.url.render_as_string(hide_password=False), tmp_path
        )
        _check(database, house, case_id, acknowledged)
    assert acknowledged


def _killed_after(seconds: float, url: str, folder: Path) -> set[str]:
    """What the process said it had done before it was killed."""
    command = [sys.executable, "-W", "error", "-m", "tests.engine.completing", url, str(folder), "clerk"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.kill()
        lines = process.stdout.read().split("\n")
    return {line for line in lines[:-1] if line}


def _check(database, house, case_id, acknowledged: set[str]) -> None:
    with database.reading() as session:
        done = {str(each) for each in session.scalars(select(WorkItem.id).where(WorkItem.status == "done"))}
        open_tasks = set(session.scalars(select(WorkItem.task_id).where(WorkItem.status == "open")))
        sent = [str(each) for each in session.scalars(select(Submission.work_item_id))]
        told = session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "work.complete")).all()
        assert acknowledged <= done
        assert sorted(sent) == sorted(done) == sorted(each.removeprefix("work_item:") for each in told)
        case = session.get(Case, case_id, options=[undefer(Case.skeleton)])
        run = thawed(session, house, SYSTEM, case, package(session, case.definition_id))
        assert {task.id for task in run.open_tasks()} == open_tasks
        assert verify(session, b"key").intact
