"""How fast the desk is on this machine: medians, and the ratio to a floor that was measured in the same run."""

from __future__ import annotations

import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from processes.engine import cases, definitions, inbox, work
from processes.engine.inbox import Page
from processes.engine.models import Case
from processes.identity import people, units
from processes.identity.actor import SYSTEM, Actor
from processes.identity.models import Organization
from processes.migrations.running import migrate
from webapp.commands.opening import print_json, tell
from webapp.desk import Desk, open_desk
from webapp.settings import Settings

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" targetNamespace="bench">'
)
LANE = '<laneSet id="l"><lane id="city" name="city_bureau.clerk"><flowNodeRef>work</flowNodeRef></lane></laneSet>'
MULTI = (
    '<multiInstanceLoopCharacteristics><loopDataInputRef>places</loopDataInputRef><inputDataItem id="place"/>'
    "</multiInstanceLoopCharacteristics>"
)
PLACES = 38
ANSWER = {"comment": "同意"}


def _diagram(process: str, inner: str = "") -> bytes:
    return (
        f'{HEAD}<process id="{process}" name="{process}" isExecutable="true">{LANE}<startEvent id="s"/>'
        f'<userTask id="work" name="work">{inner}</userTask><endEvent id="e"/>'
        '<sequenceFlow id="a" sourceRef="s" targetRef="work"/><sequenceFlow id="b" sourceRef="work" targetRef="e"/>'
        "</process></definitions>"
    ).encode()


@dataclass(frozen=True)
class Measured:
    """One scenario: milliseconds of the median run, and of the floor under it."""

    scenario: str
    n: int
    median_ms: float
    floor: str
    floor_ms: float

    def as_json(self) -> dict[str, Any]:
        """As `bench --json` prints it."""
        ratio = self.median_ms / self.floor_ms
        return {
            "scenario": self.scenario,
            "n": self.n,
            "median_ms": round(self.median_ms, 3),
            "floor": self.floor,
            "floor_ms": round(self.floor_ms, 3),
            "ratio": round(ratio, 2),
        }


@click.command(help="测量本机上的办理速度（在临时数据库上进行，不影响现有数据）。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("-n", "runs", default=30, show_default=True, type=click.IntRange(3, 1000), help="每项测量次数。")
def bench(as_json: bool, runs: int) -> None:
    """Every scenario in a database of its own, on the disk of the data folder."""
    home = Settings.from_environment().home
    with tempfile.TemporaryDirectory(dir=home, prefix="bench-") as folder:
        found = [each.as_json() for each in _measured(Path(folder), runs)]
    if as_json:
        print_json(found)
        return
    for each in found:
        tell("{scenario:24} {median_ms:8.2f} ms   {floor} {floor_ms:.2f} ms   ×{ratio:.1f}   n={n}".format(**each))


def _measured(folder: Path, runs: int) -> list[Measured]:
    settings = Settings(home=folder, database_url=f"sqlite:///{folder / 'bench.db'}", secret=secrets.token_hex())
    desk = open_desk(settings)
    try:
        clerk = _furnish(desk)
        return [
            _completions(desk, clerk, "complete_small_case", "small", 1, runs),
            _completions(desk, clerk, "complete_first_of_38", "wide", PLACES, runs),
            _inbox(desk, clerk, runs),
        ]
    finally:
        desk.db.close()


def _furnish(desk: Desk) -> Actor:
    migrate(desk.db)
    with desk.db.transaction() as session:
        units.load_units(session)
        session.execute(text("CREATE TABLE bench_floor (id INTEGER PRIMARY KEY, content BLOB)"))
        definitions.deploy(session, SYSTEM, "small", {"process.bpmn": _diagram("small")})
        definitions.deploy(session, SYSTEM, "wide", {"process.bpmn": _diagram("wide", MULTI)})
        who = people.create_person(session, SYSTEM, "bench", "bench", "-", demonstration=True)
        people.hold(session, SYSTEM, who, "city_bureau.clerk", session.get_one(Organization, "city_bureau"))
        return people.actor_of(session, who, who.created_at.date())


def _completions(desk: Desk, clerk: Actor, scenario: str, key: str, tasks: int, runs: int) -> Measured:
    """Complete the first task of a new case, each time another; the floor is one commit of as many bytes."""
    taken, floors, sizes = [], [], []
    places = {"places": {f"place-{number:02}": number for number in range(tasks)}}
    for _ in range(runs):
        with desk.db.transaction() as session:
            case_id = cases.start(session, desk.house, clerk, key, key, places).id
        with desk.db.reading() as session:
            page = Page(sort="-created", limit=1)
            item = inbox.work(session, clerk, "todo", page=page).items[0]

        def complete(session: Session, item_id: Any = item.id) -> None:
            work.complete(session, desk.house, clerk, item_id, ANSWER)

        taken.append(_milliseconds(lambda act=complete: _in_transaction(desk, act)))  # type: ignore[misc]
        with desk.db.reading() as session:
            sizes.append(len(session.get_one(Case, case_id).skeleton))
        floors.append(_milliseconds(lambda: _floor(desk.db.engine, sizes[-1])))
    floor = f"commit of {round(statistics.median(sizes))} bytes"
    return Measured(scenario, runs, statistics.median(taken), floor, statistics.median(floors))


def _in_transaction(desk: Desk, act: Callable[[Session], None]) -> None:
    with desk.db.transaction() as session:
        act(session)


def _floor(engine: Engine, size: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO bench_floor (content) VALUES (:content)"), {"content": b"x" * size})


def _inbox(desk: Desk, clerk: Actor, runs: int) -> Measured:
    """The first page of an inbox of hundreds; the floor is reading as many rows by key."""
    taken, floors = [], []
    for _ in range(runs):
        taken.append(_milliseconds(lambda: _page(desk, clerk)))
        floors.append(_milliseconds(lambda: _rows_by_key(desk)))
    return Measured("list_inbox", runs, statistics.median(taken), "20 rows read by key", statistics.median(floors))


def _page(desk: Desk, clerk: Actor) -> None:
    with desk.db.reading() as session:
        inbox.work(session, clerk, "todo", page=Page(limit=20))


def _rows_by_key(desk: Desk) -> None:
    with desk.db.reading() as session:
        for key in session.scalars(text("SELECT id FROM work_item LIMIT 20")).all():
            session.execute(text("SELECT * FROM work_item WHERE id = :id"), {"id": key}).all()


def _milliseconds(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
