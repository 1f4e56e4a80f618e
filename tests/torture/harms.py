"""What may happen to a desk besides a kill: its database crashes, its disk is full, its clock jumps, workers freeze."""

from __future__ import annotations

import json
import os
import resource
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, select

from processes.engine.calendar_starts import StartedPeriod
from processes.engine.models import Case
from processes.files import StoredFile
from processes.jobs import LEASE, Job
from processes.notices import Notice
from tests.torture.kept import Kept
from tests.torture.postgresql import Server
from tests.torture.running import Harm, Run

BACK_WITHIN = 3.0
"""Seconds after a restart of the database within which something must be acknowledged again."""
DAY = 86_400
HOUR = 3_600


def crashes(server: Server, count: int) -> Harm:
    """The database stops at once and starts again under load; nobody starts the web server again."""

    def harm(run: Run) -> str:
        before = run.services["web"].pid, sorted(run.services["web"].children())
        slowest = 0.0
        for _ in range(count):
            time.sleep(0.5 + run.chance.random())
            server.crash_and_start()
            slowest = max(slowest, run.wait_until_working())
        run.figures["slowest_return_s"] = round(slowest, 2)
        if slowest > BACK_WITHIN:
            run.faults.append(f"back in work only after {slowest:.1f} s, {BACK_WITHIN} s are allowed")
        if (run.services["web"].pid, sorted(run.services["web"].children())) != before:
            run.faults.append("the web server was started again")
        return f"{count} × crash and start of the database"

    return harm


def hang_ups(seconds: float) -> Harm:
    """Clients hang up in the middle of requests; see `cut`."""

    def harm(run: Run) -> str:
        time.sleep(seconds)
        return f"one request in four cut off, {seconds:.0f} s"

    return harm


def failures(seconds: float) -> Harm:
    """Steps of cases fail by chance, people and a manager try again until they go through."""

    def harm(run: Run) -> str:
        time.sleep(seconds)
        return f"every third step fails, {seconds:.0f} s"

    return harm


def effects_once(run: Run) -> None:
    """Every step that went through has left one notice, a failed attempt none."""
    database = run.installation.database()
    with database.reading() as session:
        notices = session.scalar(select(func.count()).where(Notice.kind == "torture"))
        ended = session.scalar(select(func.count()).where(Case.key == "failing", Case.status == "completed"))
    database.close()
    if notices != 2 * (ended or 0):
        run.faults.append(f"{ended} cases of two steps each, and {notices} effects")


def freezes(count: int) -> Harm:
    """Both workers stop for longer than a lease while one of them holds a job, then go on as if nothing had been."""

    def harm(run: Run) -> str:
        workers = [run.services["worker"], run.services["worker2"]]
        for _ in range(count):
            for worker in _frozen_with_a_job(run):
                worker.freeze()
            time.sleep(LEASE.total_seconds() + 3)
            for worker in workers:
                worker.thaw()
            time.sleep(2)
        return f"{count} × frozen for {LEASE.total_seconds() + 3:.0f} s"

    def _frozen_with_a_job(run: Run) -> list[Kept]:
        workers = [run.services["worker"], run.services["worker2"]]
        database = run.installation.database()
        leased = select(func.count()).select_from(Job).where(Job.leased_until.is_not(None))
        try:
            for _ in range(400):
                for worker in workers:
                    worker.freeze()
                with database.reading() as session:
                    if session.scalar(leased):
                        run.figures["frozen_with_a_job"] = run.figures.get("frozen_with_a_job", 0) + 1
                        return workers
                for worker in workers:
                    worker.thaw()
                time.sleep(0.02 + 0.02 * run.chance.random())
        finally:
            database.close()
        return workers

    return harm


def jumps(path: Path, count: int) -> Harm:
    """The clock jumps forward and back; every period begins once, timers fire once."""

    def harm(run: Run) -> str:
        shifts = (HOUR, -HOUR, 3 * DAY, 0, 10 * DAY, 9 * DAY, 2 * DAY, 20 * DAY, -2 * DAY, 15 * DAY)
        for number in range(count):
            set_clock(path, shifts[number % len(shifts)])
            time.sleep(1.5)
        set_clock(path, 21 * DAY)  # past everything that was put off at a later hour
        time.sleep(3)
        return f"{count} × jump of the clock"

    return harm


def set_clock(path: Path, seconds: float) -> None:
    """Move the clock of all processes at once."""
    new = path.with_suffix(".new")
    new.write_text(str(seconds), "ascii")
    new.replace(path)


def periods_once(run: Run) -> None:
    """Every period that is over has begun one case."""
    database = run.installation.database()
    with database.reading() as session:
        periods = session.scalars(select(StartedPeriod.period).where(StartedPeriod.case_id.is_not(None))).all()
        begun = Counter(session.scalars(select(Case.title).where(Case.key == "daily")))
    database.close()
    run.figures["periods"] = len(periods)
    if begun != Counter(periods) or len(periods) < 20:
        run.faults.append(f"{len(periods)} periods and {sum(begun.values())} cases: {begun - Counter(periods)}")


Release = Callable[[], None]


def full_disk(fill: Callable[[Run], Release], *, files: bool) -> Harm:
    """The disk fills up under load; it is said in a sentence, nothing is half saved; then there is room again."""

    def harm(run: Run) -> str:
        time.sleep(1)
        before = run.services["web"].pid, sorted(run.services["web"].children())
        release = fill(run)
        try:
            statuses = _refused_for_want_of_room(run)
            if files:
                _upload(run, statuses)
        finally:
            release()
        run.figures["back_s"] = round(run.wait_until_working(), 2)
        if (run.services["web"].pid, sorted(run.services["web"].children())) != before:
            run.faults.append("the web server was started again")
        run.figures["answers"] = dict(statuses)
        return "disk full, then room again"

    return harm


def ballast(disk: Path, left: int) -> Callable[[Run], Release]:
    """Fill a disk but for some bytes, until it is released."""

    def fill(run: Run) -> Release:
        path = disk / "ballast"
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        with path.open("wb") as file:
            for _ in range(max(0, free - left) // 65_536):
                file.write(bytes(65_536))
        return path.unlink

    return fill


def limit(left: int) -> Callable[[Run], Release]:
    """Where no disk can be mounted: no file of the desk may grow much beyond its database."""

    def fill(run: Run) -> Release:
        largest = max(each.stat().st_size for each in run.installation.home.glob("desk.db*"))
        web = run.services["web"]
        pids = [web.pid, *web.children()]
        for pid in pids:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest + left, hard))

        def release() -> None:
            for pid in pids:
                with suppress(ProcessLookupError):
                    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

        return release

    return fill


def _refused_for_want_of_room(run: Run) -> Counter[int]:
    """Begin wide cases until the desk says that it cannot; every answer is a sentence."""
    statuses: Counter[int] = Counter()
    asking, said = run.asking(), set()
    for _ in range(400):
        body = json.dumps(
            {"process": "wide", "variables": {"mark": f"full:{uuid4().hex}", "places": _large()}}
        ).encode()
        with suppress(OSError, HTTPException):
            answer = asking.once("POST", "/cases", body, {"Content-Type": "application/json"})
            statuses[answer.status] += 1
            if answer.status >= 500:
                said.add(str(answer.content.get("detail")) if isinstance(answer.content, dict) else "")
        if sum(count for status, count in statuses.items() if status >= 500) >= 10:
            break
    if not set(statuses) & {503, 507}:
        run.faults.append(f"a full disk was not told with 503 or 507: {dict(statuses)}")
    if set(statuses) - {201, 503, 507}:
        run.faults.append(f"answers on a full disk: {dict(statuses)}")
    if not said or not all(len(each) > 10 for each in said):
        run.faults.append(f"no sentence about the full disk: {said}")
    return statuses


def _large() -> dict[str, str]:
    return {f"place-{number:02}": uuid4().hex * 200 for number in range(38)}


def _upload(run: Run, statuses: Counter[int]) -> None:
    """A file for which there is no room is refused with a sentence and leaves no row."""
    asking = run.asking()
    with suppress(OSError, HTTPException):
        items = asking.once("GET", "/tasks?view=todo&limit=1").content["items"]
        content = b"%PDF-1.7 " + os.urandom(4_000_000)
        answer = asking.once("POST", "/files", *_multipart(items[0]["id"], content))
        statuses[answer.status] += 1
        if answer.status not in (503, 507) or len(str(answer.content)) < 10:
            run.faults.append(f"an upload to a full disk was answered {answer.status}: {answer.content}")
    database = run.installation.database()
    with database.reading() as session:
        if session.scalar(select(func.count()).select_from(StoredFile)):
            run.faults.append("a file was entered for which there was no room")
    database.close()


def _multipart(task: str, content: bytes) -> tuple[bytes, dict[str, str]]:
    mark = uuid4().hex
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="task"\r\n\r\n{task}\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={mark}"}
