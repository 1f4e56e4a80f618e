"""The one door: every change of a case locks it, loads it, acts, goes on to the next wait and saves the difference.

On any exception the loaded run is thrown away and the caller's transaction rolls back; nothing half done is ever saved.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, undefer

from processes import clock
from processes.engine.assigning import signers
from processes.engine.failures import of_case
from processes.engine.house import Call, House, Parameter
from processes.engine.language import evaluate, render
from processes.engine.models import LONGEST_TITLE, Case, CaseValue, WorkItem
from processes.engine.packages import Package, package
from processes.engine.recording import Recorder
from processes.engine.spiff import Apart, Element, Run
from processes.engine.tables import decide
from processes.errors import Conflict, Invalid, NotFound
from processes.identity.actor import Actor
from processes.messages import message

VALUES_AT_ONCE = 500
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class CaseHooks:
    """What a running case may call: functions of expressions, and the operations of the house."""

    def __init__(self, session: Session, house: House, actor: Actor, case: Case) -> None:
        self.session = session
        self.house = house
        self.actor = actor
        self.case = case
        self.functions: Mapping[str, Callable[..., Any]] = house.functions(clock.today())

    def call_operation(self, element: Element, data: dict[str, Any]) -> dict[str, Any] | None:
        """Carry out the operation that a service task names, or decide by the table of a business rule task."""
        if element.table:
            of = package(self.session, self.case.definition_id)
            return decide(of.table(element.table), data, self.functions)
        name = element.properties.get("operation", "")
        operation = self.house.operations.get(name)
        if operation is None:
            raise Invalid(message("没有名为“%(name)s”的操作。", name=name))
        given = {
            parameter.name: self._parameter(parameter, element.properties[parameter.name], data)
            for parameter in operation.parameters
            if parameter.name in element.properties
        }
        missing = [each.name for each in operation.parameters if each.required and each.name not in given]
        if missing:
            raise Invalid(message("操作“%(name)s”缺少参数 %(missing)s。", name=name, missing="、".join(missing)))
        call = Call(self.session, self.house, self.case, element, self.actor, clock.now(), data, given)
        before = self.case.title
        result = dict(operation.run(call) or {})
        if self.case.title == before:
            self._follow(element, result, data)
        self.session.flush()
        return result or None

    def _follow(self, element: Element, result: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        """The title of a case follows the variables that it names; a case begun by hand knows them later."""
        facts = package(self.session, self.case.definition_id).processes.get(self.case.process_id)
        if facts is None or element.process_id != self.case.process_id or not result.keys() & facts.named:
            return
        drawn = render(facts.title, ChainMap(dict(result), data), self.functions).strip()  # type: ignore[arg-type]
        self.case.title = drawn[:LONGEST_TITLE] or self.case.title

    def signers(self, element: Element, data: Mapping[str, Any]) -> Sequence[str]:
        """Who signs a task that names no signers: all who hold its post."""
        of = package(self.session, self.case.definition_id)
        return signers(self.session, self.case, of, element, data, self.functions, clock.today())

    def _parameter(self, parameter: Parameter, text: str, data: Mapping[str, Any]) -> Any:
        return evaluate(text, data, self.functions) if parameter.kind == "expression" else text


class OpenCase:
    """A case between lock and save."""

    def __init__(self, session: Session, house: House, actor: Actor, case: Case, run: Run, of: Package) -> None:
        self.session = session
        self.house = house
        self.actor = actor
        self.case = case
        self.run = run
        self.package = of
        self.now: datetime = clock.now()

    def save(self, *, done: WorkItem | None = None) -> None:
        """Go on to the next wait and write what has changed; `done` is the task that the actor has completed."""
        self.run.advance()
        frozen = self.run.freeze(apart=True)
        recorder = Recorder(
            self.session, self.house, self.actor, self.case, self.run, self.package, self.now, frozen.instances
        )
        recorder.save(done)
        self.case.skeleton = frozen.skeleton
        self.case.revision += 1
        self.case.changed_at = self.now
        self._keep(frozen.values)
        self.session.flush()

    def _keep(self, values: Mapping[str, bytes]) -> None:
        """Write new values; one that went out of use and came back is there already."""
        if values:
            begin = _INSERT[self.session.get_bind().dialect.name]
            rows = [{"case_id": self.case.id, "key": key, "content": raw} for key, raw in values.items()]
            self.session.connection().execute(begin(CaseValue.__table__).on_conflict_do_nothing(), rows)


def locked(session: Session, case_id: UUID) -> Case:
    """The case, locked until the transaction ends; `NotFound` if there is none."""
    found = session.scalars(
        select(Case)
        .where(Case.id == case_id)
        .options(undefer(Case.skeleton))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(message("没有这个案件。"))
    return found


def locked_with_item(session: Session, item_id: UUID) -> tuple[Case, WorkItem]:
    """A work item with its case, both locked until the transaction ends, the case first; `NotFound` if there is none.

    Both are as whoever had the lock before has left them, because PostgreSQL reads again the rows that it locks.
    """
    found = session.execute(
        select(Case, WorkItem)
        .join(WorkItem, WorkItem.case_id == Case.id)
        .where(WorkItem.id == item_id)
        .options(undefer(Case.skeleton), undefer(WorkItem.instance))
        .with_for_update(key_share=True, of=[Case, WorkItem])
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(message("没有这项任务。"))
    return found[0], found[1]


@contextmanager
def open_case(
    session: Session, house: House, actor: Actor, case_id: UUID, *, revision: int | None = None
) -> Iterator[OpenCase]:
    """Lock and load a running case; it is saved at the end of the block.

    Raises `Conflict` when the case has ended, is suspended or has moved on since `revision`.
    """
    with opened(session, house, actor, locked(session, case_id), revision=revision) as found:
        yield found


@contextmanager
def opened(
    session: Session, house: House, actor: Actor, case: Case, item: WorkItem | None = None, *,
    revision: int | None = None,
) -> Iterator[OpenCase]:  # fmt: skip
    """`open_case` for a case that is locked, with the work item that is to be done where it is known."""
    if case.status == "suspended":
        raise Conflict(message("案件已挂起，暂不能办理。"))
    if case.status != "running":
        raise Conflict(message("案件已结束。"))
    if revision is not None and case.revision != revision:
        raise Conflict(message("案件在此期间已有变化，请刷新后再办理。"))
    of = package(session, case.definition_id)
    with of_case(case.id):
        yield OpenCase(session, house, actor, case, thawed(session, house, actor, case, of, item), of)


def thawed(
    session: Session, house: House, actor: Actor, case: Case, of: Package, item: WorkItem | None = None,
    skeleton: bytes | None = None,
) -> Run:  # fmt: skip
    """The engine state of a case; values, and instances kept with their work items, are fetched when first needed.

    `skeleton` is that of the same case as it would rest in another version.
    """
    hooks, instances = CaseHooks(session, house, actor, case), _Instances(session, case.id, item)
    rest = case.skeleton if skeleton is None else skeleton
    return Run.thaw(of.program, case.process_id, rest, _Values(session, case.id), hooks, instances)


class _Instances:
    """The instances of one case that are kept with their work items; that of `item` is here already."""

    def __init__(self, session: Session, case_id: UUID, item: WorkItem | None) -> None:
        self.session = session
        self.case_id = case_id
        self.item = item

    def one(self, task_id: str) -> Apart | None:
        if self.item is not None and self.item.task_id == task_id:
            activity, content = self.item.activity_id, self.item.instance
        else:
            query = select(WorkItem.activity_id, WorkItem.instance).where(
                WorkItem.case_id == self.case_id, WorkItem.task_id == task_id
            )
            found = self.session.execute(query).one_or_none()
            activity, content = (found.activity_id, found.instance) if found is not None else (None, None)
        return None if activity is None or content is None else Apart(activity, bytes(content))

    def all(self, activity: str) -> Mapping[str, bytes]:
        query = select(WorkItem.task_id, WorkItem.instance).where(
            WorkItem.case_id == self.case_id, WorkItem.activity_id == activity
        )
        return {task_id: bytes(content) for task_id, content in self.session.execute(query) if content is not None}


class _Values:
    """Fetches the values of one case."""

    def __init__(self, session: Session, case_id: UUID) -> None:
        self.session = session
        self.case_id = case_id

    def __call__(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        found: dict[str, bytes] = {}
        for start in range(0, len(keys), VALUES_AT_ONCE):
            part = keys[start : start + VALUES_AT_ONCE]
            rows = self.session.execute(
                select(CaseValue.key, CaseValue.content).where(
                    CaseValue.case_id == self.case_id, CaseValue.key.in_(part)
                )
            )
            found.update((key, bytes(content)) for key, content in rows)
        return found
