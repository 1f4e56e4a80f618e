"""Installations on both kinds of database for tests of backups: a case of many tasks, and people who complete them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from processes.engine import cases, definitions, work
from processes.engine.models import Submission, WorkItem
from processes.identity.actor import SYSTEM, Actor
from processes.identity.models import Person
from tests.engine.spiff.drawn import chain, multi, node
from tests.engine.test_work import diagram, lane
from tests.factories import make_person
from webapp.desk import Desk, open_desk
from webapp.settings import Settings

MANY = diagram(
    '<startEvent id="s"/>'
    + node("userTask", "reply", multi("units", "unit", "replies", "comment"), name="复函")
    + node("userTask", "sum_up", name="汇总")
    + '<endEvent id="e"/>'
    + chain("s", "reply", "sum_up", "e"),
    lane("city", "reply", "sum_up", role="city_bureau.clerk"),
)
PDF = b"%PDF-1.7 "
CLERK = "clerk.of.replies"


@contextmanager
def desk_of(home: Path, database_url: str) -> Iterator[Desk]:
    """An installation opened beside others."""
    desk = open_desk(Settings.from_environment({"CHIEF_PLANNER_HOME": str(home), "DATABASE_URL": database_url}))
    try:
        yield desk
    finally:
        desk.db.close()


def begin(desk: Desk, tasks: int) -> Actor:
    """A case with many open tasks of one clerk."""
    with desk.db.transaction() as session:
        clerk = make_person(session, CLERK, ("city_bureau.clerk", "city_bureau"), name="经办")
        definitions.deploy(session, SYSTEM, "replies", {"process.bpmn": MANY.encode()})
        cases.start(session, desk.house, clerk, "replies", "p", {"units": {str(each): each for each in range(tasks)}})
    return clerk


def clerk_of(desk: Desk, clerk: Actor) -> Actor:
    """The same clerk at an installation that was put back."""
    with desk.db.reading() as session:
        found = session.scalars(select(Person).where(Person.login == CLERK)).one()
        assert found.id == clerk.person_id
    return clerk


def open_tasks(desk: Desk) -> list[UUID]:
    with desk.db.reading() as session:
        return list(session.scalars(select(WorkItem.id).where(WorkItem.status == "open").order_by(WorkItem.id)))


def complete(desk: Desk, clerk: Actor, item: UUID) -> None:
    """One completion, with a file of its own stored in the same transaction."""
    with desk.db.transaction() as session:
        found = session.get_one(WorkItem, item)
        content = BytesIO(PDF + str(item).encode())
        desk.house.files.put(session, clerk, f"{item}.pdf", content, case_id=found.case_id, work_item_id=item)
        work.complete(session, desk.house, clerk, item, {"comment": str(item)})


def answered(desk: Desk) -> set[UUID]:
    with desk.db.reading() as session:
        return set(session.scalars(select(Submission.work_item_id)))


@dataclass
class People:
    """Clerks who complete tasks in threads of their own until they are told to stop."""

    desk: Desk
    clerk: Actor
    acknowledged: list[UUID] = field(default_factory=list)
    """In the order in which they were told that it is done."""
    stopped: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def working(self, threads: int = 3) -> Iterator[None]:
        """They begin, and have stopped at the end of the block."""
        tasks = open_tasks(self.desk)
        with ThreadPoolExecutor(threads) as pool:
            done = [pool.submit(self._work, tasks[number::threads]) for number in range(threads)]
            try:
                yield
            finally:
                self.stopped.set()
        for each in done:
            each.result()

    def _work(self, tasks: list[UUID]) -> None:
        for item in tasks:
            if self.stopped.is_set():
                return
            complete(self.desk, self.clerk, item)
            self.acknowledged.append(item)
