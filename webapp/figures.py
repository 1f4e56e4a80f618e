"""What stands in the database, as figures: counted when somebody asks, by queries that an index answers."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from processes import clock, workers
from processes.engine.models import Case, Incident, WorkItem
from processes.jobs import Job
from webapp.desk import Desk

log = logging.getLogger(__name__)
PREFIX = "chief_planner_"
CASE_STATUSES = ("running", "suspended", "completed", "terminated", "cancelled")
JOB_STATUSES = ("waiting", "failed")
Values = dict[tuple[str, ...], float]
"""The values of all labels → the figure."""


class Figures(Collector):
    """The figures of one desk; those of the database are left out while it does not answer."""

    def __init__(self, desk: Desk, build: Mapping[str, str]) -> None:
        self._desk = desk
        self._build = build

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family after the other."""
        yield _labelled("build_info", "The program that runs.", tuple(self._build), {tuple(self._build.values()): 1})
        try:
            with self._desk.db.reading() as session:
                found = list(_of_database(session))
        except SQLAlchemyError:
            log.warning("figures: the database does not answer")
            yield _single("database_up", "Whether the database answers.", 0)
            return
        yield _single("database_up", "Whether the database answers.", 1)
        yield from found


def _of_database(session: Session) -> Iterator[GaugeMetricFamily]:
    yield from _of_cases(session)
    yield from _of_jobs(session)
    yield from _of_workers(session)


def _of_cases(session: Session) -> Iterator[GaugeMetricFamily]:
    now = clock.now()
    counted = session.execute(select(Case.status, func.count()).group_by(Case.status)).all()
    cases: Values = {(status,): 0 for status in CASE_STATUSES}
    cases.update(((status,), number) for status, number in counted)
    yield _labelled("cases", "Cases by status.", ("status",), cases)
    is_open = select(func.count()).select_from(WorkItem).where(WorkItem.status == "open")
    yield _single("work_items_open", "Tasks that wait for somebody.", session.scalar(is_open) or 0)
    overdue = session.scalar(is_open.where(WorkItem.due_at < now)) or 0
    yield _single("work_items_overdue", "Tasks that wait past their day.", overdue)
    incidents = select(func.count()).select_from(Incident).where(Incident.status == "open")
    yield _single(
        "incidents_open", "Automatic steps that failed and wait for a person.", session.scalar(incidents) or 0
    )
    due = session.scalar(select(func.min(Case.next_due)).where(Case.status == "running", Case.next_due.is_not(None)))
    late = max(0.0, (now - due).total_seconds()) if due is not None else 0.0
    yield _single("timers_late_seconds", "By how much the timer due longest is late.", late)


def _of_jobs(session: Session) -> Iterator[GaugeMetricFamily]:
    now = clock.now()
    counted = session.execute(select(Job.status, func.count()).group_by(Job.status)).all()
    jobs: Values = {(status,): 0 for status in JOB_STATUSES}
    jobs.update(((status,), number) for status, number in counted)
    yield _labelled("jobs", "Jobs by status; those put off to a later day are among the waiting.", ("status",), jobs)
    due = session.scalar(select(func.min(Job.due_at)).where(Job.status == "waiting", Job.due_at <= now))
    age = (now - due).total_seconds() if due is not None else 0.0
    yield _single("jobs_oldest_due_seconds", "For how long the job due longest has waited.", age)


def _of_workers(session: Session) -> Iterator[GaugeMetricFamily]:
    yield _single("workers", "Workers that have shown a sign of life lately.", workers.alive(session))
    seen = workers.last_seen(session)
    if seen is not None:
        yield _single("worker_last_seen_timestamp_seconds", "When a worker last did.", seen.timestamp())


def _single(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, text, value=value)


def _labelled(name: str, text: str, labels: tuple[str, ...], values: Values) -> GaugeMetricFamily:
    family = GaugeMetricFamily(PREFIX + name, text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
