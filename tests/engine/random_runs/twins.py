"""One case twice: in the database, thawed and frozen at every step, and in memory, never saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zlib import crc32

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from processes import clock
from processes.db import Database
from processes.engine import cases, definitions, messaging, timers, work
from processes.engine.door import locked_with_item, opened, thawed
from processes.engine.failures import CaseFailed
from processes.engine.house import Call, House
from processes.engine.models import Case, CaseEvent, Waiting, WorkItem
from processes.engine.packages import package
from processes.engine.recording import HUMAN, TOLD
from processes.engine.spiff import OpenTask, Run, compile_program
from processes.errors import Conflict, DeskError, Invalid
from processes.identity.actor import SYSTEM, Actor


def count_visit(element_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The operation of every service task: how often it was done, and by how many variables it was surrounded."""
    seen = data.get(element_id) or {"times": 0}
    return {element_id: {"times": seen["times"] + 1, "见": [len(data), True, 1.0]}}


def operation(call: Call) -> Mapping[str, Any]:
    return count_visit(call.element.id, call.data)


class Outside:
    """What the run in memory may call."""

    def __init__(self, house: House) -> None:
        self.house = house

    @property
    def functions(self) -> Mapping[str, Any]:
        return self.house.functions(clock.today())

    def call_operation(self, element: Any, data: dict[str, Any]) -> dict[str, Any]:
        return count_visit(element.id, data)


class Ended(Exception):
    """Both have refused the same step as unsound; there is nothing more to compare."""


class Twins:
    """A case in the database and the same case in memory; whatever is done is done to both, then they are compared."""

    def __init__(
        self, database: Database, house: House, clerk: Actor, manager: Actor, xml: str, given: Mapping[str, Any]
    ) -> None:
        self.database, self.house, self.clerk, self.manager = database, house, clerk, manager
        with database.transaction() as session:
            key = definitions.deploy(
                session, SYSTEM, f"random-{crc32(xml.encode()):x}", {"process.bpmn": xml.encode()}
            ).key
        with database.transaction() as session:
            case = cases.start(session, house, clerk, key, "p", given)
            self.case_id = case.id
            own = {"case_id": str(case.id), "case_number": case.number, "started_by": str(clerk.person_id)}
        outside = Outside(house)
        known = {**given, **own, "starter_organization": "city_bureau"}
        self.program = compile_program(xml.encode())
        self.memory = Run.start(self.program, "p", known, outside)
        self.memory.advance()
        self.compare()

    # what can be done

    def open_tasks(self) -> list[OpenTask]:
        return self.memory.open_tasks()

    def names_waited_for(self, kind: str) -> list[str]:
        waits = self.memory.messages() if kind == "message" else self.memory.signals()
        return sorted({wait.name for wait in waits})

    def answer(self, place: int, answers: Mapping[str, Any]) -> None:
        """Complete the task at a place of the list, with any variables, as a part of the desk without forms would."""

        def act(session: Session) -> None:
            case, item = locked_with_item(session, self._item(session, place).id)
            with opened(session, self.house, self.clerk, case, item) as open_:
                open_.run.complete(item.task_id, answers)
                item.status = "done"
                open_.save(done=item)

        self._both(act, lambda run: self._complete(run, place, answers))

    def fill_in(self, place: int, raw: Mapping[str, Any]) -> None:
        """Complete a task with its form; what the form refuses changes nothing."""
        sent: dict[str, Any] = {}

        def act(session: Session) -> None:
            item = self._item(session, place)
            done = work.complete(session, self.house, self.clerk, item.id, raw)
            answers = {name: value for name, value in done.submission.answers.items() if name in raw or name not in old}
            sent.update(answers, submission_id=str(done.submission.id), completed_by=str(self.clerk.person_id))

        old = set(self.open_tasks()[place].data)
        self._both(act, lambda run: self._complete(run, place, sent))

    def keep_draft(self, place: int, text: str) -> None:
        with self.database.transaction() as session:
            work.save_draft(session, self.house, self.clerk, self._item(session, place).id, {"comment": text})
        self.compare()

    def tell(self, kind: str, name: str, data: Mapping[str, Any]) -> None:
        """A message or signal arrives."""

        def told(run: Run) -> None:
            if kind == "signal":
                run.signal(name, data)
                return
            for wait in [wait for wait in run.messages() if wait.name == name]:
                if wait.task_id in {each.task_id for each in run.messages()}:
                    run.deliver(wait.task_id, data)

        self._both(
            lambda session: messaging.give(session, self.house, SYSTEM, self.case_id, kind, name, data, ""), told
        )

    def let_time_pass(self, clock_: clock.MovableClock, moment: datetime) -> None:
        """The clock is moved, and the timers that are due by then fire."""
        clock_.move_to(moment)
        if any(wait.due <= moment for wait in self.memory.timers()):
            self._both(
                lambda session: timers.fire(session, self.house, self.case_id), lambda run: run.fire_timers(moment)
            )

    def stop_for_a_time(self) -> None:
        """While a case is suspended nothing moves it, and afterwards it is as it was."""
        with self.database.transaction() as session:
            cases.suspend(session, self.house, self.manager, self.case_id, "核实")
        self._refused(lambda session: timers.fire(session, self.house, self.case_id))
        self._refused(
            lambda session: messaging.give(session, self.house, SYSTEM, self.case_id, "message", "回函", {}, "")
        )
        if self.open_tasks():
            self._refused(lambda session: work.complete(session, self.house, self.clerk, self._item(session, 0).id, {}))
        self.compare("suspended")
        with self.database.transaction() as session:
            cases.resume(session, self.house, self.manager, self.case_id, "核实完毕")
        self.compare()

    # how

    def _item(self, session: Session, place: int) -> WorkItem:
        """The work item of the open task at a place; ids of tasks differ between the two."""
        case = session.get_one(Case, self.case_id, options=[undefer(Case.skeleton)])
        task = self._stored(session, case).open_tasks()[place]
        found = select(WorkItem).where(WorkItem.case_id == self.case_id, WorkItem.task_id == task.id)
        return session.scalars(found).one()

    def _stored(self, session: Session, case: Case) -> Run:
        return thawed(session, self.house, SYSTEM, case, package(session, case.definition_id))

    @staticmethod
    def _complete(run: Run, place: int, variables: Mapping[str, Any]) -> None:
        run.complete(run.open_tasks()[place].id, variables)
        run.advance()

    def _both(self, act: Any, remembered: Any) -> None:
        try:
            with self.database.transaction() as session:
                act(session)
        except CaseFailed as failure:
            self.compare()
            self._fails_as_well(failure, remembered)
        except Invalid:  # the form asks for something else
            self.compare()
            return
        remembered(self.memory)
        self.compare()

    def _fails_as_well(self, failure: CaseFailed, remembered: Any) -> None:
        """The run in memory fails for the same reason; after that it cannot be used any more."""
        with pytest.raises(DeskError) as same:
            remembered(self.memory)
        assert str(same.value.text) == str(failure.text)
        raise Ended from failure

    def _refused(self, act: Any) -> None:
        try:
            with self.database.transaction() as session:
                act(session)
        except Conflict:
            return
        raise AssertionError("a suspended case was moved")

    # comparison

    def compare(self, status: str | None = None) -> None:
        """Everything that can be seen of both, and of the tables, is the same."""
        with self.database.reading() as session:
            case = session.get_one(Case, self.case_id, options=[undefer(Case.skeleton)])
            stored = self._stored(session, case)
            assert picture(stored) == picture(self.memory)
            assert case.status == (status or self.memory.status)
            due = [wait.due for wait in self.memory.timers()]
            assert case.next_due == (due[0] if due and case.status == "running" else None)
            self._compare_history(session)
            self._compare_items(session, stored)
            self._compare_waits(session, stored)

    def _compare_history(self, session: Session) -> None:
        kinds = ("entered", "completed", "cancelled")
        rows = session.execute(
            select(CaseEvent.kind, CaseEvent.element_id, CaseEvent.detail)
            .where(CaseEvent.case_id == self.case_id, CaseEvent.kind.in_(kinds))
            .order_by(CaseEvent.id)
        )
        stored = [(kind, element, detail["instance"]) for kind, element, detail in rows]
        elements = self.program.elements
        assert stored == [
            (each.kind, each.element_id, "" if each.instance_key is None else str(each.instance_key))
            for each in self.memory.changes()
            if not each.multiple
            and elements[each.element_id].kind in TOLD
            and (each.kind != "entered" or elements[each.element_id].kind in HUMAN)
        ]

    def _compare_items(self, session: Session, stored: Run) -> None:
        items = session.execute(
            select(WorkItem.task_id, WorkItem.element_id, WorkItem.status).where(WorkItem.case_id == self.case_id)
        ).all()
        assert {item.task_id: item.element_id for item in items if item.status == "open"} == {
            task.id: task.element_id for task in stored.open_tasks()
        }
        told = session.execute(
            select(CaseEvent.task_id, CaseEvent.kind).where(
                CaseEvent.case_id == self.case_id, CaseEvent.task_id.in_([item.task_id for item in items])
            )
        ).all()
        expected = [(item.task_id, "entered") for item in items]
        over = {"done": "completed", "cancelled": "cancelled"}
        expected += [(item.task_id, over[item.status]) for item in items if item.status in over]
        assert sorted(map(tuple, told)) == sorted(expected)

    def _compare_waits(self, session: Session, stored: Run) -> None:
        rows = session.execute(
            select(Waiting.kind, Waiting.name, Waiting.task_id).where(Waiting.case_id == self.case_id)
        )
        waits = [("message", wait.name, wait.task_id) for wait in stored.messages()]
        waits += [("signal", wait.name, wait.task_id) for wait in stored.signals()]
        assert sorted(map(tuple, rows)) == sorted(waits)


def picture(run: Run) -> Any:
    """What of a case must not depend on having been saved; ids of tasks do, and nothing else."""
    return {
        "status": run.status,
        "stuck": run.stuck,
        "tasks": [(task.element_id, task.instance_path, exactly(task.data)) for task in run.open_tasks()],
        "messages": [(wait.element_id, wait.name, exactly(wait.data)) for wait in run.messages()],
        "signals": [(wait.element_id, wait.name, exactly(wait.data)) for wait in run.signals()],
        "timers": [(wait.element_id, wait.due) for wait in run.timers()],
        "progress": run.progress(),
        "data": exactly(run.data),
    }


def exactly(data: Mapping[str, Any]) -> dict[str, str]:
    """Values with their types: `1`, `1.0`, `True` and `'1'` are four different ones."""
    return {name: repr(value) for name, value in data.items()}
