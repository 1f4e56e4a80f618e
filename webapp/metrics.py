"""Figures for the machine that watches the desk, in the format of Prometheus; none of them says anything of a person.

What the processes count themselves is here, what stands in the database is in `figures`. Labels have few values, all
of them names from the program: endpoints, methods, statuses and the actions of the audit trail.
"""

from __future__ import annotations

import os
import platform
from collections import Counter as Tally
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from flask import Flask, Response, current_app
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from processes.audit import PENDING
from webapp.desk import Desk
from webapp.figures import Figures
from webapp.logs import QUIET, endpoint_of_request, method_of_request, seconds_so_far

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where the processes of one server put their counts together; the library reads this name."""
STEPS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds."""


class Metrics:
    """What one process counts, and how all of it is shown."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._own = CollectorRegistry()
        self._requests = Counter(
            "chief_planner_requests",
            "Requests answered.",
            ("endpoint", "method", "status"),
            registry=self._own,
        )
        self._seconds = Histogram(
            "chief_planner_request_seconds",
            "Time to the answer.",
            ("endpoint",),
            buckets=STEPS,
            registry=self._own,
        )
        self._acts = Counter(
            "chief_planner_acts",
            "Committed acts by their name in the audit trail, such as work.complete and case.start.",
            ("action",),
            registry=self._own,
        )
        self._in_use = Gauge(
            "chief_planner_database_connections_in_use",
            "Connections to the database that requests and background work hold.",
            registry=self._own,
            multiprocess_mode="livesum",
        )
        self._most = Gauge(
            "chief_planner_database_connections_most",
            "Connections to the database that the pools may open.",
            registry=self._own,
            multiprocess_mode="livesum",
        )
        self._unavailable = Counter(
            "chief_planner_database_unavailable",
            "Requests refused because the database did not answer or all connections were in use.",
            registry=self._own,
        )
        self._build = {
            "version": version("chief-planner"),
            "python": platform.python_version(),
            "database": desk.db.dialect,
        }
        desk.db.before_commit.insert(0, self._count_acts)  # before the trail takes its entries

    def answered(self, response: Response) -> Response:
        """Count an answer."""
        endpoint = endpoint_of_request()
        self._requests.labels(endpoint, method_of_request(), response.status_code).inc()
        if endpoint not in QUIET:
            self._seconds.labels(endpoint).observe(seconds_so_far())
        return response

    def look_at_pool(self, error: BaseException | None = None) -> None:
        """Take down how many connections are in use, when a request has given its own back."""
        pool = self._desk.db.engine.pool
        if isinstance(pool, QueuePool):
            settings = self._desk.settings.pool
            self._in_use.set(pool.checkedout())
            self._most.set(settings.kept + settings.extra if self._desk.db.dialect == "postgresql" else pool.size())

    def refused(self) -> None:
        """Count a request that the database could not serve."""
        self._unavailable.inc()

    def text(self) -> bytes:
        """Everything, of all processes of this server."""
        self.look_at_pool()
        shown = CollectorRegistry()
        counted: Collector = MultiProcessCollector(None) if FOLDER in os.environ else _All(self._own)
        shown.register(counted)
        shown.register(Figures(self._desk, self._build))
        return generate_latest(shown)

    def _count_acts(self, session: Session) -> None:
        acts = Tally(each["action"] for each in session.info.get(PENDING, ()))
        if acts:
            event.listen(session, "after_commit", lambda _session: self._count(acts), once=True)

    def _count(self, acts: Tally[str]) -> None:
        for action, number in acts.items():
            self._acts.labels(action).inc(number)


class _All(Collector):
    """All collectors of a registry as one."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterable[Metric]:
        """What each of them has."""
        return self._registry.collect()


def share(folder: Path) -> None:
    """Let this process and those it starts put their counts together in a folder that is theirs alone."""
    os.environ[FOLDER] = str(folder)
    values.ValueClass = values.MultiProcessValue()  # what the library does when the name is set before it is loaded


def install(app: Flask) -> None:
    """Let every answer be counted."""
    metrics = Metrics(app.extensions["desk"])
    app.extensions["metrics"] = metrics
    app.after_request(metrics.answered)
    app.teardown_request(metrics.look_at_pool)


def current_metrics() -> Metrics:
    """The metrics of the application that answers."""
    metrics: Metrics = current_app.extensions["metrics"]
    return metrics
