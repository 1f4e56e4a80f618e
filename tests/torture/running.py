"""One run: serve, let clients work, do harm, let everything come to its end, judge."""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from processes.engine.models import Case, WorkItem
from tests.torture.clients import Asking, Client
from tests.torture.diagrams import BY_LOAD
from tests.torture.installation import Installation
from tests.torture.judging import Verdict, account_of, judge
from tests.torture.kept import Kept

COMES_UP_WITHIN = 60.0
ENDS_WITHIN = 180.0
"""Seconds in which the clients must bring every case to its end when nobody does harm any more."""


@dataclass
class Result:
    """One line of the table."""

    scenario: str
    database: str
    harm: str
    """How often what was done."""
    seconds: float = 0.0
    done: int = 0
    sent_again: int = 0
    replayed: int = 0
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def passed(self) -> bool:
        return not self.verdict.faults


@dataclass
class Run:
    """What a scenario has in its hands."""

    installation: Installation
    folder: Path
    services: dict[str, Kept]
    clients: list[Client]
    chance: random.Random
    tell: Callable[[str], None]
    figures: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def asking(self, token: str | None = None) -> Asking:
        """A way to the desk beside the clients."""
        return Asking(self.installation, token or self.installation.clerks[0])

    def acknowledged(self) -> int:
        """What the clients were promised up to now."""
        return account_of(self.folder).done

    def wait_until_served(self) -> float:
        """How many seconds it took until a request was answered."""
        began = time.monotonic()
        while time.monotonic() - began < COMES_UP_WITHIN:
            with suppress(OSError, HTTPException):
                if self.asking().once("GET", "/me").status == 200:
                    return time.monotonic() - began
            time.sleep(0.02)
        raise TimeoutError(f"not served within {COMES_UP_WITHIN} s, see {self.folder}")

    def wait_until_working(self) -> float:
        """How many seconds it took until something was acknowledged again."""
        began = time.monotonic()
        while time.monotonic() - began < COMES_UP_WITHIN:
            moments = account_of(self.folder).moments()
            if moments and moments[-1] > began:
                return moments[-1] - began
            time.sleep(0.1)
        raise TimeoutError(f"nothing was acknowledged within {COMES_UP_WITHIN} s")


Harm = Callable[[Run], str]
"""Does what a scenario is about, under load; says how often it did what."""


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="torture-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def carried_out(
    name: str,
    installation: Installation,
    commands: Mapping[str, tuple[str, ...]],
    harm: Harm,
    tell: Callable[[str], None],
    *,
    clients: int = 4,
    load: dict[str, int] | None = None,
    cut: float = 0.0,
    mended: bool = False,
    at_end: Callable[[Run], None] | None = None,
    seed: int = 1,
) -> Result:
    """Run one scenario from the first request to the verdict."""
    began = time.monotonic()
    result = Result(name, installation.kind, "")
    with scratch() as folder, ExitStack() as at_the_end:
        services = {
            each: Kept(installation.command(*arguments), installation.environment, folder / f"{each}.log", folder)
            for each, arguments in commands.items()
        }
        for service in services.values():
            at_the_end.callback(service.stop)
        made = [Client(installation, number, folder, load or BY_LOAD, cut=cut, seed=seed) for number in range(clients)]
        for client in made:
            at_the_end.callback(client.stop)
        run = Run(installation, folder, services, made, random.Random(seed), tell)
        run.wait_until_served()
        for client in made:
            client.start()
        mending = Mender(run) if mended else None
        result.harm = harm(run)
        for client in made:
            client.begins.clear()
            client.asking.cut = 0.0
        run.faults += _driven_to_the_end(run)
        for client in made:
            client.stop()
        for client in made:
            client.join(120)
            if client.failure is not None:
                run.faults.append(f"{client.name} failed: {client.failure!r}")
        if mending is not None:
            mending.stop()
            run.figures["retries"] = mending.retried
        if at_end is not None:
            at_end(run)
        run.faults += _tracebacks(folder)
        account = account_of(folder)
        result.verdict = judge(installation, account, mended=mended)
        result.verdict.faults = run.faults + result.verdict.faults
        result.verdict.figures |= run.figures
        result.done, result.sent_again, result.replayed = account.done, account.sent_again, account.replayed
    result.seconds = time.monotonic() - began
    return result


def _driven_to_the_end(run: Run) -> list[str]:
    """Wait until the clients have brought every case to its end."""
    database = run.installation.database()
    deadline, quiet = time.monotonic() + ENDS_WITHIN, 0
    try:
        while time.monotonic() < deadline:
            with suppress(SQLAlchemyError), database.reading() as session:
                ended = func.count().filter(Case.status == "completed")
                total, done, sent, received = session.execute(
                    select(
                        func.count(),
                        ended,
                        func.count().filter(Case.key == "line"),
                        func.count().filter(Case.key == "received"),
                    ).select_from(Case)
                ).one()
                quiet = quiet + 1 if total == done and sent <= received else 0
            if quiet >= 2:
                return []
            time.sleep(0.5)
        with database.reading() as session:
            waiting = session.scalar(select(func.count()).where(WorkItem.status == "open"))
        return [f"not at the end after {ENDS_WITHIN:.0f} s: {total - done} cases open, {waiting} tasks in the inbox"]
    finally:
        database.close()


def _tracebacks(folder: Path) -> list[str]:
    """Programs that died of themselves: an error that nobody caught."""
    found = []
    for log in sorted(folder.glob("*.log")):
        text = log.read_text("utf-8", "replace")
        if "Traceback (most recent call last)" in text:
            found.append(f"{log.name}: {text[text.index('Traceback') :][-600:]}")
    return found


class Mender(threading.Thread):
    """A manager who retries every incident until none is left."""

    def __init__(self, run: Run) -> None:
        super().__init__(name="mender", daemon=True)
        self._asking = run.asking(run.installation.manager)
        self._stopped = threading.Event()
        self.retried = 0
        self.start()

    def run(self) -> None:
        while not self._stopped.wait(0.3):
            with suppress(OSError, HTTPException):
                answer = self._asking.once("GET", "/incidents")
                for incident in answer.content["items"] if answer.status == 200 else []:
                    path = f"/incidents/{incident['id']}/retry"
                    self._asking.once("POST", path, b'{"reason": "again"}', {"Content-Type": "application/json"})
                    self.retried += 1

    def stop(self) -> None:
        """No more is retried."""
        self._stopped.set()
        self.join(60)
