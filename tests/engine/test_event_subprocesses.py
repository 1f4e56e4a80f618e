"""Event sub-processes and signals of a case that rests in the database: work items, waits and timers follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from processes import clock
from processes.engine import cases, messaging, timers, work
from processes.engine.models import Case, Waiting, WorkItem
from tests.engine.spiff.drawn import chain, node, timer
from tests.engine.test_work import diagram, lane, properties

BEFORE = '<message id="m" name="撤回"/><signal id="g" name="停办"/>'
HEARD = {
    "message": '<messageEventDefinition messageRef="m"/>',
    "signal": '<signalEventDefinition signalRef="g"/>',
    "timer": timer("timeDuration", "P3D"),
}


def drawn(kind: str, *, interrupts: bool) -> str:
    """A task of the clerk, and an event sub-process with another."""
    start = node("startEvent", "hs", HEARD[kind], isInterrupting=str(interrupts).lower())
    handler = node(
        "subProcess",
        "h",
        start + node("userTask", "close", properties(role="city_bureau.clerk"), name="结办")
        + node("endEvent", "he") + chain("hs", "close", "he"),
        triggeredByEvent="true",
    )  # fmt: skip
    body = node("startEvent", "s") + node("userTask", "draft", name="起草") + node("endEvent", "e")
    return diagram(body + chain("s", "draft", "e") + handler, lane("city", "draft", role="city_bureau.clerk"), BEFORE)


@pytest.fixture
def start(database, house, people, deploy):
    def begin(kind: str, *, interrupts: bool):
        deploy(drawn(kind, interrupts=interrupts))
        with database.transaction() as session:
            return cases.start(session, house, people.clerk, "sample", "p", {}).id

    return begin


@pytest.fixture
def happen(database, house, moving):
    def do(kind: str) -> None:
        if kind == "timer":
            moving.move_to(clock.now() + timedelta(days=4))
            with database.transaction() as session:
                for case_id in session.scalars(select(Case.id)).all():
                    timers.fire(session, house, case_id)
            return
        name = "撤回" if kind == "message" else "停办"
        with database.transaction() as session:
            assert messaging.deliver(session, house, name, "", {}, kind=kind) >= 1

    return do


def state(database, case_id):
    """Work items by status, and whether the case still waits for anything."""
    with database.reading() as session:
        rows = session.execute(select(WorkItem.element_id, WorkItem.status).where(WorkItem.case_id == case_id)).all()
        waits = session.scalars(select(Waiting.name).where(Waiting.case_id == case_id)).all()
        case = session.get_one(Case, case_id)
        return sorted(map(tuple, rows)), bool(waits or case.next_due), case.status


def finish(database, house, people, element):
    with database.transaction() as session:
        wanted = select(WorkItem.id).where(WorkItem.element_id == element, WorkItem.status == "open")
        work.complete(session, house, people.clerk, session.scalars(wanted.limit(1)).one(), {})


@pytest.mark.parametrize("kind", HEARD)
def test_it_takes_the_open_tasks_away_and_ends_the_case_with_its_own(database, house, people, start, happen, kind):
    case_id = start(kind, interrupts=True)
    assert state(database, case_id) == ([("draft", "open")], True, "running")
    happen(kind)
    assert state(database, case_id) == ([("close", "open"), ("draft", "cancelled")], False, "running")
    finish(database, house, people, "close")
    assert state(database, case_id)[2] == "completed"


@pytest.mark.parametrize("kind", HEARD)
def test_where_it_does_not_interrupt_both_must_be_done(database, house, people, start, happen, kind):
    case_id = start(kind, interrupts=False)
    happen(kind)
    assert state(database, case_id)[0] == [("close", "open"), ("draft", "open")]
    finish(database, house, people, "draft")
    assert state(database, case_id)[2] == "running"
    finish(database, house, people, "close")
    items, waits, status = state(database, case_id)
    assert (items, waits, status) == ([("close", "done"), ("draft", "done")], False, "completed")


def test_a_signal_reaches_all_cases_that_wait_and_begins_those_that_it_starts(database, house, people, start, deploy):
    waiting = [start("signal", interrupts=True) for _ in range(2)]
    begun = '<startEvent id="s"><signalEventDefinition signalRef="g"/></startEvent><userTask id="t"/><endEvent id="e"/>'
    deploy(diagram(begun + chain("s", "t", "e"), lane("city", "t", role="city_bureau.clerk"), BEFORE), "other")
    with database.transaction() as session:
        assert messaging.deliver(session, house, "停办", "", {}, kind="signal") == 3
    assert [state(database, each)[0][0] for each in waiting] == [("close", "open")] * 2
    with database.reading() as session:
        assert len(session.scalars(select(Case.id).where(Case.key == "other")).all()) == 1
