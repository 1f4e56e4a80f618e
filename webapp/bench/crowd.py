"""A crowd: 120 organizations, 600 people and as much work as is asked for, written in bulk and past the engine.

    fill(database, open_items=100_000, finished_items=1_000_000)     # about a minute of processor time
    log_in(number) -> str                                            # log-in of a person of the crowd; PASSWORD
    CITY_CLERK, DISTRICT_CLERK                                       # log-ins with a large and with a usual share

The database is one for measuring: cases of the crowd cannot be gone on with, and its audit trail has no seals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from types import MappingProxyType
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import (
    Connection,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.orm import Session

from processes import clock
from processes.audit import AuditEntry
from processes.db import Database
from processes.engine import definitions
from processes.engine.models import Case, CaseEvent, Definition, WorkItem
from processes.engine.packages import package
from processes.engine.spiff import Run
from processes.identity import passwords, units
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization, Person, PostHolding, Unit
from processes.notices import Notice
from processes.registers.applications import Application
from processes.registers.letters import Letter
from webapp.bench import crowd_registers
from webapp.bench.crowd_work import SLOTS, STEPS, Kind, Sizes, Work
from webapp.bench.series import Maker

PROCESSES = (("选聘", "首席规划师选聘"), ("征询", "区县意见征询"), ("考核", "年度考核"), ("出行", "差旅审批"))
PASSWORD = "crowd"  # noqa: S105 # of people who exist in a database for measuring alone
PEOPLE = 600
EMPLOYERS = 36
CITY_SHARE = 200
"""Of a thousand tasks, those of the city bureau's ten people."""
CITY_CLERK = "crowd.0000"
DISTRICT_CLERK = "crowd.0010"


def log_in(number: int) -> str:
    """The log-in of a person of the crowd, from 0 to 599; the first ten are the city bureau's clerks."""
    return f"crowd.{number:04d}"


def fill(database: Database, open_items: int, finished_items: int) -> None:
    """Fill a database with so many open and so many finished tasks, and all that belongs to them."""
    sizes = Sizes(open_items, finished_items)
    with database.transaction() as session:
        _hurry(session.connection())
        people = _settle(session)
        kinds = [_process(session, number, code, name) for number, (code, name) in enumerate(PROCESSES)]
        connection = session.connection()
        SLOTS.create(connection)
        connection.execute(insert(SLOTS), people)
        with _without_indexes(connection):
            Work(Maker(connection), sizes, kinds).write()
            crowd_registers.write(Maker(connection), max(10, sizes.items * 2 // 11), people)
        SLOTS.drop(connection)
    _study(database)


def _hurry(connection: Connection) -> None:
    """What makes writing in bulk quick on each kind of database, for this transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size=-400000")
        return
    settings = {"statement_timeout": "0", "maintenance_work_mem": "512MB"}
    if connection.scalar(text("SHOW is_superuser")) == "on":
        settings["session_replication_role"] = "replica"  # the rows name each other rightly: nothing to look up
    for name, value in settings.items():
        connection.execute(select(func.set_config(name, value, True)))


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Indexes are made after the rows: sorted once is quicker than put in their places one by one."""
    tables = [
        cast(Table, each.__table__) for each in (Case, WorkItem, CaseEvent, AuditEntry, Notice, Application, Letter)
    ]
    there = {name for each in tables for name in _names(connection, each.name)}
    dropped = [index for each in tables for index in each.indexes if index.name in there]
    for index in dropped:
        index.drop(connection)
    yield
    for index in dropped:
        index.create(connection)


def _names(connection: Connection, table: str) -> list[str | None]:
    return [each["name"] for each in inspect(connection).get_indexes(table)]


def _study(database: Database) -> None:
    """Let the database look at what it has: no plan is good without it."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if database.dialect == "sqlite" else "VACUUM ANALYZE")


def _settle(session: Session) -> list[dict[str, Any]]:
    """The people of the crowd at their organizations, as places where work may go."""
    units.load_units(session)
    for number in range(EMPLOYERS):
        session.add(Organization(id=f"employer:crowd-{number}", kind="employer", name=f"规划设计院（{number}）"))
    session.flush()
    places = session.query(Organization).where(Organization.kind != "city_bureau").order_by(Organization.id).all()
    city = session.get_one(Organization, "city_bureau")
    hashed, found = passwords.hashed(PASSWORD), []
    for number in range(PEOPLE):
        at = city if number < 10 else places[number % len(places)]
        rank = "clerk" if number < 10 or (number // len(places)) % 2 == 0 or at.kind == "employer" else "leader"
        found.append(_person(session, number, hashed, at, f"{at.kind}.{rank}"))
    session.flush()
    ranks = [found[each % 10] if each < CITY_SHARE else found[10 + each % (PEOPLE - 10)] for each in range(1000)]
    return [{"number": number, **each} for number, each in enumerate(ranks)]


def _person(session: Session, number: int, hashed: str, at: Organization, role: str) -> dict[str, Any]:
    now, name = (
        clock.now(),
        f"{'赵钱孙李周吴郑王冯陈'[number % 10]}{'一二三四五六七八九十'[number // 10 % 10]}{number // 100}",
    )
    who = Person(id=uuid4(), login=log_in(number), name=name, password_hash=hashed, created_at=now, password_set_at=now)
    session.add(who)
    session.flush()
    session.add(PostHolding(person_id=who.id, role=role, organization_id=at.id))
    unit = session.get(Unit, at.unit_id) if at.unit_id else None
    place = unit.short_name if unit else at.name[:6]
    return {
        "organization_id": at.id, "role": role, "unit_id": at.unit_id, "place": place, "person_id": who.id,
        "person": name,
    }  # fmt: skip


def _process(session: Session, number: int, code: str, name: str) -> Kind:
    key = f"crowd_{number}"
    tasks = "".join(f'<userTask id="step_{place}" name="{step}"/>' for place, step in enumerate(STEPS))
    nodes = ["begin", *(f"step_{place}" for place in range(len(STEPS))), "end"]
    flows = "".join(
        f'<sequenceFlow id="flow_{place}" sourceRef="{a}" targetRef="{b}"/>'
        for place, (a, b) in enumerate(pairwise(nodes))
    )
    diagram = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="crowd">'
        f'<process id="{key}" name="{name}" isExecutable="true"><startEvent id="begin"/>{tasks}<endEvent id="end"/>'
        f"{flows}</process></definitions>"
    )
    made: Definition = definitions.deploy(session, SYSTEM, key, {"process.bpmn": diagram.encode()})
    run = Run.start(package(session, made.id).program, key, {}, hooks=_Nothing())
    run.advance()
    return Kind(key, code, name, made.id, run.freeze().skeleton)


class _Nothing:
    """What the cases of the crowd may call: nothing."""

    functions: Mapping[str, Any] = MappingProxyType({})

    def signers(self, element: Any, data: Mapping[str, Any]) -> tuple[str, ...]:
        """Nobody signs anything in it."""
        return ()

    def call_operation(self, element: Any, data: dict[str, Any]) -> None:
        """No diagram of the crowd names an operation."""
        raise NotImplementedError(element.id)
