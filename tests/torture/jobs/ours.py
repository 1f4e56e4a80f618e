"""Processes that put jobs of this desk on the list and do them, to be killed; or one that counts what they cost.

python -m tests.torture.jobs.ours both <database url> <jobs a second> <seconds of lease>
python -m tests.torture.jobs.ours measure <database url> <jobs>
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from processes import jobs
from processes.db import Database
from processes.jobs import Taken

ASK = text("INSERT INTO asked (job) VALUES (:job)")
EFFECT = text("INSERT INTO effect (job) VALUES (:job)")


def ask(database: Database, job: str) -> None:
    """A job with what it follows from, in one transaction."""
    with database.transaction() as session:
        session.execute(ASK, {"job": job})
        jobs.enqueue_new(session, "effect", {"job": job})


def effect(session: Session, job: Taken) -> None:
    """What a job does: it takes a moment in the middle, so that it can be killed there."""
    session.execute(EFFECT, {"job": job.args["job"]})
    time.sleep(0.002)


def slow(session: Session, job: Taken) -> str:
    """The part of a slow job that is made outside its transaction."""
    time.sleep(0.004)
    return str(job.args["job"])


def kept(session: Session, job: Taken, made: str) -> None:
    """The part that is kept."""
    session.execute(EFFECT, {"job": made})


HANDLERS: dict[str, jobs.Handler] = {"effect": effect, "slow": jobs.Slow(slow, kept)}


def ask_on(database: Database, rate: float) -> None:
    """Put jobs on the list until killed, every third of them slow."""
    number = 0
    while True:
        job, number = str(uuid4()), number + 1
        try:
            with database.transaction() as session:
                session.execute(ASK, {"job": job})
                jobs.enqueue_new(session, "effect" if number % 3 else "slow", {"job": job})
        except SQLAlchemyError as failure:
            print("asking failed:", type(failure).__name__, file=sys.stderr)
        time.sleep(1 / rate)


def work_on(database: Database, lease: timedelta) -> None:
    """Do jobs until killed."""
    while True:
        try:
            done = jobs.do_some(database, HANDLERS, lease=lease)
        except SQLAlchemyError as failure:
            print("working failed:", type(failure).__name__, file=sys.stderr)
            done = 0
        if not done:
            time.sleep(0.05)


def measure(database: Database, count: int) -> dict[str, float]:
    """Jobs a second, statements and commits of a job, put on the list one by one and then done by one thread."""
    counted = {"statements": 0, "commits": 0}
    event.listen(database.engine, "after_cursor_execute", lambda *given: counted.__setitem__(
        "statements", counted["statements"] + (not given[2].startswith("BEGIN"))))  # fmt: skip
    event.listen(database.engine, "commit", lambda *given: counted.__setitem__("commits", counted["commits"] + 1))
    result: dict[str, float] = {}
    quick: dict[str, jobs.Handler] = {"effect": lambda session, job: kept(session, job, job.args["job"])}

    def enqueue() -> None:
        for _ in range(count):
            ask(database, str(uuid4()))

    for name, do in (
        ("enqueue", enqueue),
        ("drain", lambda: jobs.run_all(database, quick)),
    ):
        before, began = dict(counted), time.monotonic()
        do()
        result[f"{name}_jobs_per_second"] = count / (time.monotonic() - began)
        result.update({f"{name}_{each}": (counted[each] - before[each]) / count for each in counted})
    return result


def both(url: str, rate: float, lease: timedelta) -> None:
    """Ask and work until killed."""
    database = Database(url)
    if rate:
        threading.Thread(target=ask_on, args=(database, rate), daemon=True).start()
    os.write(1, f"{os.getpid()}\n".encode())
    work_on(database, lease)


def breed(url: str, lease: timedelta) -> None:
    """Fork a process for each line: most of a start is spent on imports."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork() == 0:
            both(url, float(line), lease)


def main() -> None:
    """Read the command line."""
    what, url, amount = sys.argv[1], sys.argv[2], float(sys.argv[3])
    if what == "measure":
        print(json.dumps(measure(Database(url), int(amount))))
    else:
        breed(url, timedelta(seconds=amount))


if __name__ == "__main__":
    main()
