"""Serving: gunicorn with threads, started from here, and the worker as a thread of one of its web processes."""

from __future__ import annotations

import gc
import logging
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from prometheus_client.multiprocess import mark_process_dead

from processes.errors import Conflict, Invalid
from processes.messages import message
from processes.migrations.running import need_newest
from webapp import logs, metrics
from webapp.app import create_app
from webapp.desk import Desk, open_desk
from webapp.locks import FileLock, desk_lock, worker_lock
from webapp.malformed import DeskWorker
from webapp.settings import Settings
from webapp.worker import POLL, Worker

GRACE = 20
"""Seconds that requests under way have when the server is stopped."""
LONGEST_REQUEST = 120
"""Seconds without a sign of life after which a web process is replaced."""
KEPT_ALIVE = 75
"""Seconds that a connection waits for its next request: longer than a proxy keeps one, so that the proxy closes it."""


class BackgroundThread:
    """Waits until no other web process does the background work, then does it until this process ends."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock: FileLock = worker_lock(desk.settings)
        self._stopped = threading.Event()
        self._worker: Worker | None = None
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin to wait or work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being done."""
        self._stopped.set()
        if self._worker is not None:
            self._worker.stop()
        self._thread.join(GRACE)
        self._lock.leave()

    def _run(self) -> None:
        while not self._lock.take():
            if self._stopped.wait(POLL):
                return
        self._worker = Worker(self._desk)
        if not self._stopped.is_set():
            self._worker.run()


class ServerLog(Logger):
    """What the server itself has to say goes where the desk's own log goes."""

    def setup(self, cfg: Any) -> None:
        """Leave the records to the handlers of the process."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)


class Server(BaseApplication):
    """The web server; each web process opens the desk for itself."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        self._background: BackgroundThread | None = None
        self._desk: Desk | None = None
        super().__init__()

    def load_config(self) -> None:
        """Take the options over."""
        for name, value in self._options.items():
            self.cfg.set(name, value)
        self.cfg.set("post_worker_init", lambda worker: self._begin())
        self.cfg.set("worker_exit", lambda server, worker: self._end())
        if self._options["workers"] > 1:
            self.cfg.set("child_exit", lambda server, worker: mark_process_dead(worker.pid))

    def load(self) -> Flask:
        """The application of one web process."""
        self._desk = open_desk(self._settings)
        app = create_app(self._desk)
        gc.collect()
        gc.freeze()  # what is loaded once is no garbage: looking through it again would hold up a request now and then
        return app

    def _begin(self) -> None:
        assert self._desk is not None
        if self._settings.background:
            self._background = BackgroundThread(self._desk)
            self._background.start()

    def _end(self) -> None:
        if self._background is not None:
            self._background.stop()
        if self._desk is not None:
            self._desk.db.close()


def _need_free(host: str, port: int) -> None:
    """Say at once that something else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as cause:
            text = message(
                "无法监听 %(host)s:%(port)s（%(why)s），请换一个端口。", host=host, port=port, why=cause.strerror
            )
            raise Conflict(text) from cause


def serve(settings: Settings, host: str, port: int, workers: int, tell: Any) -> None:
    """Serve until the process is told to stop; `tell` is called with the address once it listens."""
    logs.configure(settings)
    desk = open_desk(settings)
    if workers > 1 and desk.db.dialect == "sqlite":
        raise Invalid(message("SQLite 只能由一个进程提供服务；要用 --workers，请改用 PostgreSQL（DATABASE_URL）。"))
    need_newest(desk.db)
    _need_free(host, port)
    lock = desk_lock(settings) if desk.db.dialect == "sqlite" else None
    desk.db.close()  # before the web processes begin: a connection belongs to one process
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = {
        "bind": place,
        "workers": workers,
        "worker_class": DeskWorker,
        "threads": settings.threads,
        "timeout": LONGEST_REQUEST,
        "graceful_timeout": GRACE,
        "keepalive": KEPT_ALIVE,
        "accesslog": None,
        "loglevel": "warning",
        "logger_class": ServerLog,
        "control_socket_disable": True,  # it would be a file in the home of the user, which a service has none of
        "proc_name": "chief-planner",
        "forwarded_allow_ips": "",  # whom to believe is for `Proxies` to say
        "when_ready": lambda server: tell(f"http://{place}"),
    }
    try:
        with _shared_counts(workers):
            Server(settings, options).run()
    finally:
        if lock is not None:
            lock.leave()


@contextmanager
def _shared_counts(workers: int) -> Iterator[None]:
    """A folder in which several web processes put their counts together, gone with the server."""
    if workers == 1:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="chief-planner-metrics-"))
    metrics.share(folder)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
