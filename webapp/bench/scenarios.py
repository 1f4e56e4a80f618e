"""The scenarios, by the names under which they can be asked for, and the databases on which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from webapp.bench import checks, completions, databases, lists, race, timers
from webapp.bench.databases import POSTGRESQL, SQLITE
from webapp.bench.figures import COMMIT, Figure
from webapp.bench.office import Office, open_office

WEB_PROCESSES = {SQLITE: 1, POSTGRESQL: 3}
"""SQLite is served by one process; PostgreSQL by several."""
Scratch = Callable[[Path], AbstractContextManager[str]]
"""Gives the address of an empty database for the length of a block; the folder is empty too."""


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    runs: int = 30
    rounds: int = 5
    """Of each race."""
    widest: int = 400
    sizes: Sequence[int] = (100, 10_000, 100_000)
    """Open tasks of the desks whose lists are read."""
    finished: int = 100_000
    """Finished tasks of the largest of them; the others have them in proportion."""
    drawn: int = 1_900
    """Tasks of the largest diagram that is checked."""


FULL = Plan()
QUICK = Plan(runs=5, rounds=1, widest=100, sizes=(100, 1000), finished=1000, drawn=400)
Scenario = Callable[[Office, Plan], Iterator[Figure]]


def _floors(office: Office, plan: Plan) -> Iterator[Figure]:
    """The floors by themselves, and the one of the bare driver beside them."""
    office.floor.measure(), office.floor.measure_driver()
    pairs = [(office.floor.measure(), office.floor.measure_driver()) for _ in range(plan.runs)]
    floors, drivers = [each[0] for each in pairs], [each[1] for each in pairs]
    yield Figure("floor_commit", office.database, floors, COMMIT, floors)
    yield Figure("floor_commit_bare_driver", office.database, drivers, COMMIT, floors)
    requests = [completions.empty_request(office) for _ in range(plan.runs)]
    yield Figure("floor_empty_request", office.database, requests, COMMIT, floors, requests)


ONE_OFFICE: dict[str, Scenario] = {
    "floors": _floors,
    "start": lambda office, plan: completions.start(office, plan.runs),
    "two_task": lambda office, plan: completions.two_tasks(office, plan.runs),
    "wide_38": lambda office, plan: completions.wide(office, plan.runs, 38),
    "wide_400": lambda office, plan: completions.wide(office, plan.runs, plan.widest),
    "race": lambda office, plan: race.race(office, plan.rounds),
    "timers": lambda office, plan: timers.timers(office, plan.runs),
    "checks": lambda office, plan: checks.checks(office, plan.runs, plan.drawn),
}
"""Run one after the other on one desk."""
LISTS = "lists"
NAMES = (*ONE_OFFICE, LISTS)


def measured(home: Path, scratch: Scratch, workers: int, plan: Plan, wanted: Sequence[str]) -> Iterator[Figure]:
    """The figures of one database, as they are found."""
    numbers = count(1)

    @contextmanager
    def another() -> Iterator[Office]:
        folder = home / f"desk-{next(numbers)}"
        folder.mkdir(parents=True)
        with scratch(folder) as url, open_office(folder, url, workers) as office:
            yield office

    names = [name for name in ONE_OFFICE if name in wanted]
    if names:
        with another() as office:
            for name in names:
                yield from ONE_OFFICE[name](office, plan)
    if LISTS in wanted:
        yield from lists.lists(another, plan.runs, plan.sizes, plan.finished)


@dataclass(frozen=True)
class Where:
    """The databases to be measured: a file here, a PostgreSQL server that is given, or one started for the run."""

    sqlite: bool
    server: str | None
    own_server: bool

    def run(self, home: Path, plan: Plan, wanted: Sequence[str]) -> Iterator[Figure]:
        """All figures, one database after the other."""
        if self.sqlite:
            yield from measured(home, databases.scratch_file, WEB_PROCESSES[SQLITE], plan, wanted)
        if self.server is None and not self.own_server:
            return
        with ExitStack() as stack:
            server = self.server or stack.enter_context(databases.own_server())

            def scratch(folder: Path) -> AbstractContextManager[str]:
                return databases.scratch_on_server(server)

            yield from measured(home / POSTGRESQL, scratch, WEB_PROCESSES[POSTGRESQL], plan, wanted)
