"""Timers: how late they fire, how many in a second, and what a look costs when none is due."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from processes import clock
from processes.engine import cases
from processes.engine.background import Background
from processes.engine.models import WorkItem
from webapp.bench.completions import case_template, new_case
from webapp.bench.diagrams import SMALL, TIMED
from webapp.bench.figures import COMMIT, TIMERS, Figure
from webapp.bench.measuring import Act, counted, milliseconds
from webapp.bench.office import Office
from webapp.worker import Worker

LONGEST_WAIT = 60.0
APART = timedelta(seconds=0.7)
MOST_ALONE = 10
SOON = timedelta(seconds=2)
FAR = timedelta(days=100)
MANY = 10
"""Cases without a timer, and cases whose timer is far away, for each run."""


def timers(office: Office, runs: int) -> Iterator[Figure]:
    """Timers one by one, many in the same moment, and the look at a desk where none is due."""
    yield look(office, "timer_look_none_due", runs)
    template = case_template(office, SMALL, 1, 0)
    for _ in range(runs * MANY):
        new_case(office, template)
    yield look(office, "timer_look_cases_without", runs, cases_beside=runs * MANY)
    _start(office, [clock.now() + FAR] * (runs * MANY))
    yield look(office, "timer_look_timers_ahead", runs, timers_ahead=runs * MANY)
    alone = min(runs, MOST_ALONE)
    yield _fired(office, "timer_one_by_one", [APART * (number + 1) for number in range(alone)])
    yield _fired(office, "timer_many_at_once", [SOON] * (runs * MANY))


def look(office: Office, scenario: str, runs: int, **more: int) -> Figure:
    """One look of the worker for timers and jobs, none of which is due."""
    background = Background(office.desk.db, office.desk.house)
    background.work_off()  # what the calendar asks for is begun once a day
    taken, floors = [], []
    began = time.process_time()
    for _ in range(runs):
        taken.append(milliseconds(background.work_off))
        floors.append(office.floor.measure())
    used = (time.process_time() - began) * 1000 / runs

    def prepare() -> Act:
        return background.work_off

    counts = counted(office.desk.db, prepare)
    return Figure(scenario, office.database, taken, COMMIT, floors, counts=counts, cpu_ms=used, more=more, kind=TIMERS)


def _fired(office: Office, scenario: str, after: Sequence[timedelta]) -> Figure:
    """How late timers fire that are due so long after now, with a worker at work."""
    floors = [office.floor.measure() for _ in range(len(after))]
    begin = clock.now() + timedelta(milliseconds=8 * len(after))
    due = _start(office, [begin + each for each in after])
    with _working(office):
        fired = _wait(office, due)
    late = [
        max(0.0, (fired[case_id] - moment).total_seconds() * 1000)
        for case_id, moment in due.items()
        if case_id in fired
    ]
    more: dict[str, float] = {"timers": len(due), "not_fired": len(due) - len(fired)}
    if len(set(after)) == 1 and fired:
        seconds = (max(fired.values()) - min(due.values())).total_seconds()
        more["per_second"] = round(len(fired) / max(seconds, 1e-6), 1)
    return Figure(scenario, office.database, late, COMMIT, floors, more=more, kind=TIMERS)


def _start(office: Office, moments: Sequence[datetime]) -> dict[UUID, datetime]:
    """Start a case for each moment, in one transaction."""
    due = {}
    with office.desk.db.transaction() as session:
        for moment in moments:
            variables = {"at": moment.isoformat()}
            case = cases.start(session, office.desk.house, office.clerk.actor, TIMED, TIMED, variables)
            due[case.id] = moment
    return due


@contextmanager
def _working(office: Office) -> Iterator[None]:
    worker = Worker(office.desk)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def _wait(office: Office, due: dict[UUID, datetime]) -> dict[UUID, datetime]:
    """When the task behind each timer came, as far as they came in time."""
    until = time.monotonic() + LONGEST_WAIT
    wanted = select(WorkItem.case_id, WorkItem.created_at).where(WorkItem.case_id.in_(list(due)))
    while True:
        time.sleep(0.25)
        with office.desk.db.reading() as session:
            fired = {row.case_id: row.created_at for row in session.execute(wanted)}
        if len(fired) == len(due) or time.monotonic() > until:
            return fired
