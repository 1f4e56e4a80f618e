"""A failure is told only while it matters: what somebody else has done in the meantime is no incident."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from processes import clock
from processes.engine import cases, incidents, work
from processes.engine.failures import CaseFailed
from processes.engine.models import Case, Incident, WorkItem
from processes.engine.spiff import StepFailed
from tests.engine.spiff.drawn import chain, node, timer
from tests.engine.test_work import diagram

TWO = diagram(
    '<startEvent id="s"/>'
    + node("userTask", "one")
    + node("intermediateCatchEvent", "pause", timer("timeDuration", "P1D"))
    + node("userTask", "two")
    + '<endEvent id="e"/>'
    + chain("s", "one", "pause", "two", "e")
)


@pytest.fixture
def case(database, house, people, deploy):
    deploy(TWO)
    with database.transaction() as session:
        return cases.start(session, house, people.clerk, "sample", "p", {})


def failed(case):
    """A step of the case that could not be carried out."""
    return CaseFailed(case.id, StepFailed("one", RuntimeError("by chance")))


def told(database, case):
    with database.reading() as session:
        count = session.scalar(select(func.count()).where(Incident.status == "open"))
        return count, session.get_one(Case, case.id).open_incidents


def test_a_task_that_a_colleague_has_done_meanwhile_leaves_no_incident(database, house, people, case):
    with database.transaction() as session:
        item = session.scalars(select(WorkItem)).one().id
        again = incidents.complete_again(people.clerk, item, {})
        work.complete(session, house, people.clerk, item, {})
    with database.transaction() as session:
        assert incidents.record(session, failed(case), again) is None
    assert told(database, case) == (0, 0)


def test_a_task_that_is_still_open_leaves_one(database, house, people, case):
    with database.transaction() as session:
        again = incidents.complete_again(people.clerk, session.scalars(select(WorkItem)).one().id, {})
        assert incidents.record(session, failed(case), again) is not None
    assert told(database, case) == (1, 1)


def test_timers_that_another_worker_has_fired_meanwhile_go_on_running(database, house, people, case):
    with database.transaction() as session:
        work.complete(session, house, people.clerk, session.scalars(select(WorkItem)).one().id, {})
    with database.transaction() as session:
        due = session.get_one(Case, case.id).next_due
        assert incidents.record(session, failed(case), {"kind": "timers"}) is None
    with database.reading() as session:
        assert session.get_one(Case, case.id).next_due == due
    assert told(database, case) == (0, 0)


def test_failed_timers_of_a_case_that_has_ended_by_another_way_can_be_settled(database, house, people, case):
    with database.transaction() as session:
        session.get_one(Case, case.id).next_due = clock.now() - timedelta(seconds=1)
        session.flush()
        incident = incidents.record(session, failed(case), {"kind": "timers"}).id
    with database.transaction() as session:
        found = session.get_one(Case, case.id)
        found.status, found.ended_at = "terminated", clock.now()
    with database.transaction() as session:
        assert incidents.retry(session, house, people.manager, incident, "原因已排除").status == "resolved"
    assert told(database, case) == (0, 0)
