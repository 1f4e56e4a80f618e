"""The one door: every change of a case locks it, loads it, acts, goes on to the next wait and saves the difference.

On any exception the loaded run is thrown away and the caller's transaction rolls back; nothing half done is ever saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, undefer

from processes import clock
from processes.engine.failures import of_case
from processes.engine.house import Call, House, Parameter
from processes.engine.language import evaluate
from processes.engine.models import Case, CaseValue
from processes.engine.packages import Package, package
from processes.engine.recording import Recorder
from processes.engine.spiff import Element, Run
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
        """Carry out the operation that a service task names."""
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
        result = operation.run(call)
        self.session.flush()
        return dict(result) if result else None

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

    def save(self, *, by_person: str | None = None) -> None:
        """Go on to the next wait and write what has changed; `by_person` is the task that the actor completed."""
        self.run.advance()
        Recorder(self.session, self.house, self.actor, self.case, self.run, self.package, self.now).save(by_person)
        frozen = self.run.freeze()
        self.case.skeleton = frozen.skeleton
        self._keep(frozen.values)
        self.case.revision += 1
        self.case.changed_at = self.now
        self.session.flush()

    def _keep(self, values: Mapping[str, bytes]) -> None:
        """Write new values; one that went out of use and came back is there already."""
        if values:
            begin = _INSERT[self.session.get_bind().dialect.name]
            rows = [{"case_id": self.case.id, "key": key, "content": raw} for key, raw in values.items()]
            self.session.execute(begin(CaseValue).on_conflict_do_nothing(), rows)


def locked(session: Session, case_id: UUID) -> Case:
    """The case, locked until the transaction ends; `NotFound` if there is none."""
    found = session.scalars(
        select(Case)
        .where(Case.id == case_id)
        .options(undefer(Case.skeleton))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(message("没有这个案件。"))
    return found


@contextmanager
def open_case(
    session: Session, house: House, actor: Actor, case_id: UUID, *, revision: int | None = None
) -> Iterator[OpenCase]:
    """Lock and load a running case; it is saved at the end of the block.

    Raises `Conflict` when the case has ended, is suspended or has moved on since `revision`.
    """
    case = locked(session, case_id)
    if case.status == "suspended":
        raise Conflict(message("案件已挂起，暂不能办理。"))
    if case.status != "running":
        raise Conflict(message("案件已结束。"))
    if revision is not None and case.revision != revision:
        raise Conflict(message("案件在此期间已有变化，请刷新后再办理。"))
    of = package(session, case.definition_id)
    with of_case(case_id):
        yield OpenCase(session, house, actor, case, thawed(session, house, actor, case, of), of)


def thawed(session: Session, house: House, actor: Actor, case: Case, of: Package) -> Run:
    """The engine state of a case, values fetched when they are first needed."""
    fetch = _Values(session, case.id)
    return Run.thaw(of.program, case.process_id, case.skeleton, fetch, CaseHooks(session, house, actor, case))


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
