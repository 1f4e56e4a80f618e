"""Completing a task and starting a case: by the engine, through a page, and by a program with a token or a password."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine import cases, work
from processes.engine.models import WorkItem
from webapp.bench.clients import Answer, Wire
from webapp.bench.copies import CaseTemplate
from webapp.bench.diagrams import SMALL, WIDE, places
from webapp.bench.figures import COMMIT, Figure
from webapp.bench.floors import request_floor
from webapp.bench.measuring import Act, counted, milliseconds
from webapp.bench.office import Office

ANSWER = {"comment": "同意"}
WARM = 3
"""Runs that are not counted: definitions are read and compiled, connections opened."""
Prepare = Callable[[], Act]


class Refused(RuntimeError):
    """The desk did not take what the bench sent."""


@dataclass
class Series:
    """The runs of one scenario, each followed by its floors."""

    taken: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    cpu_ms: float | None = None


def start(office: Office, runs: int) -> Iterator[Figure]:
    """Starting a small and a 38-way case."""
    for scenario, key, number in (("start_small_case", SMALL, 1), ("start_38", WIDE, 38)):
        variables = places(number)

        def by_engine(key: str = key, variables: dict[str, dict[str, str]] = variables) -> Act:
            return lambda: _start(office, key, variables)

        yield _by_engine(office, scenario, by_engine, runs)

        def by_program(wire: Wire, key: str = key, variables: dict[str, dict[str, str]] = variables) -> Prepare:
            program = office.clerk.by_token(wire)
            body = {"process": key, "variables": variables}
            return lambda: lambda: _accepted(program.post("/api/v1/cases", body))

        yield _through_http(office, f"{scenario}_token", by_program, runs)


def two_tasks(office: Office, runs: int) -> Iterator[Figure]:
    """The first of two tasks in a row."""
    yield from _completing(office, "complete_small_case", case_template(office, SMALL, 1, 0), runs)


def small_case(office: Office, scenario: str, runs: int) -> Figure:
    """The first of two tasks in a row, by the engine alone."""
    template = case_template(office, SMALL, 1, 0)

    def prepare() -> Act:
        item = next_item(office, template)
        return lambda: complete(office, item)

    return _by_engine(office, scenario, prepare, runs)


def wide(office: Office, runs: int, number: int) -> Iterator[Figure]:
    """The first and the last answer of a task that `number` places do at once."""
    yield from _completing(office, f"complete_first_of_{number}", case_template(office, WIDE, number, 0), runs)
    yield from _completing(office, f"complete_last_of_{number}", case_template(office, WIDE, number, number - 1), runs)


def _completing(office: Office, scenario: str, template: CaseTemplate, runs: int) -> Iterator[Figure]:
    actor = office.clerk.actor

    def by_engine() -> Act:
        item = next_item(office, template)
        return lambda: complete(office, item)

    def through_page(wire: Wire) -> Prepare:
        browser = office.clerk.browser(wire)

        def prepare() -> Act:
            address = f"/tasks/{next_item(office, template)}"
            hidden = browser.hidden(address, f"{address}/complete")
            return lambda: _accepted(browser.send(f"{address}/complete", {**hidden, **ANSWER}))

        return prepare

    def by_program(wire: Wire, *, password: bool = False) -> Prepare:
        program = office.clerk.by_password(wire) if password else office.clerk.by_token(wire)

        def prepare() -> Act:
            address = f"/api/v1/tasks/{next_item(office, template)}/complete"
            return lambda: _accepted(program.post(address, {"data": ANSWER}))

        return prepare

    assert actor.person_id is not None
    yield _by_engine(office, scenario, by_engine, runs)
    yield _through_http(office, f"{scenario}_page", through_page, runs)
    yield _through_http(office, f"{scenario}_token", by_program, runs)
    yield _through_http(office, f"{scenario}_basic", lambda wire: by_program(wire, password=True), runs)


def _by_engine(office: Office, scenario: str, prepare: Prepare, runs: int) -> Figure:
    series = _measured(office, prepare, runs)
    counts = counted(office.desk.db, prepare)
    return Figure(scenario, office.database, series.taken, COMMIT, series.floors, counts=counts, cpu_ms=series.cpu_ms)


def _through_http(office: Office, scenario: str, client: Callable[[Wire], Prepare], runs: int) -> Figure:
    series = _measured(office, client(office.wire), runs, request_floor(office.wire))
    counts = counted(office.desk.db, client(office.direct))
    return Figure(
        scenario, office.database, series.taken, COMMIT, series.floors, series.requests, counts, series.cpu_ms
    )  # fmt: skip


def _measured(office: Office, prepare: Prepare, runs: int, request: Callable[[], float] | None = None) -> Series:
    """The act, then its floors, then the act again: what disturbs the machine disturbs all alike."""
    series = Series()
    for _ in range(WARM):
        prepare()()
    used = 0.0
    for _ in range(runs):
        act = prepare()
        before = _processor(office, request is not None)
        series.taken.append(milliseconds(act))
        used += _processor(office, request is not None) - before
        series.floors.append(office.floor.measure())
        if request is not None:
            series.requests.append(request())
    series.cpu_ms = used / runs
    return series


def empty_request(office: Office) -> float:
    """Milliseconds of an empty request."""
    return request_floor(office.wire)()


def _processor(office: Office, served: bool) -> float:
    """Processor time so far of the process that does the work: the server, or this one."""
    return office.server.processor_ms() if served else time.process_time() * 1000


def case_template(office: Office, key: str, number: int, done: int) -> CaseTemplate:
    """A case of which `done` tasks have been completed, to be copied."""
    case_id = _start(office, key, places(number))
    for item in open_items(office, case_id)[:done]:
        complete(office, item)
    with office.desk.db.reading() as session:
        return CaseTemplate(session, case_id)


def next_item(office: Office, template: CaseTemplate) -> UUID:
    """The first open task of a new copy."""
    return open_items(office, new_case(office, template))[0]


def new_case(office: Office, template: CaseTemplate) -> UUID:
    """A copy of the template."""
    with office.desk.db.engine.begin() as connection, Session(connection) as session:
        copied = template.copy(session)
        session.commit()
        return copied


def open_items(office: Office, case_id: UUID) -> Sequence[UUID]:
    """The open tasks of a case."""
    with office.desk.db.reading() as session:
        wanted = select(WorkItem.id).where(WorkItem.case_id == case_id, WorkItem.status == "open")
        return session.scalars(wanted.order_by(WorkItem.title, WorkItem.id)).all()


def _start(office: Office, key: str, variables: dict[str, dict[str, str]]) -> UUID:
    with office.desk.db.transaction() as session:
        return cases.start(session, office.desk.house, office.clerk.actor, key, key, variables).id


def complete(office: Office, item: UUID) -> None:
    """Complete a task by the engine."""
    with office.desk.db.transaction() as session:
        work.complete(session, office.desk.house, office.clerk.actor, item, ANSWER)


def _accepted(answer: Answer) -> None:
    if answer.status not in (200, 201, 303):
        raise Refused(f"{answer.status}: {answer.body[:300].decode(errors='replace')}")
