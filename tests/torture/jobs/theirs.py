"""The same with procrastinate 3.10 and a done-key, for comparison; run by a Python that has it and nothing of ours.

<python> tests/torture/jobs/theirs.py prepare <database url>
<python> tests/torture/jobs/theirs.py both <database url> <jobs a second> <seconds of lease>
<python> tests/torture/jobs/theirs.py measure <database url> <jobs>
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from uuid import uuid4

import procrastinate
import psycopg
import psycopg_pool

URL = sys.argv[2]
app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=URL))
asking = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=URL))
pool = psycopg_pool.ConnectionPool(URL, min_size=1, max_size=6, open=False)
counted = {"statements": 0}
PAUSE = 0.002


@app.task(name="effect", retry=procrastinate.RetryStrategy(max_attempts=8, exponential_wait=2))
def effect(job: str) -> None:
    """Effect and done-key in one commit."""
    with pool.connection() as connection:
        found = connection.execute(
            "INSERT INTO done_key (key) VALUES (%s) ON CONFLICT DO NOTHING RETURNING key", (job,)
        ).fetchone()
        if found is None:
            return
        connection.execute("INSERT INTO effect (job) VALUES (%s)", (job,))
        time.sleep(PAUSE)


def ask(job: str) -> None:
    """A job on the connection, and in the transaction, of what it follows from."""
    with pool.connection() as connection:
        connection.execute("INSERT INTO asked (job) VALUES (%s)", (job,))
        asking.configure_task("effect", connection=connection).defer(job=job)


def ask_on(rate: float) -> None:
    while True:
        try:
            ask(str(uuid4()))
        except Exception as failure:
            print("asking failed:", failure, file=sys.stderr)
        time.sleep(1 / rate)


async def take_over(lease: float) -> None:
    """Jobs of dead workers are put back, as its documentation says."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=lease):
            await app.job_manager.retry_job(job)
        await asyncio.sleep(0.5)


async def both(rate: float, lease: float) -> None:
    async with app.open_async():
        if rate:
            asking.open()
            threading.Thread(target=ask_on, args=(rate,), daemon=True).start()
        over = asyncio.create_task(take_over(lease))
        os.write(1, f"{os.getpid()}\n".encode())
        await app.run_worker_async(
            concurrency=1, fetch_job_polling_interval=0.5, update_heartbeat_interval=lease / 3,
            stalled_worker_timeout=lease, delete_jobs="successful",
        )  # fmt: skip
        await over


def count_statements() -> None:
    for kind in (psycopg.Cursor, psycopg.AsyncCursor):
        original = kind.execute

        def execute(self, *given, _original=original, **more):
            counted["statements"] += 1
            return _original(self, *given, **more)

        kind.execute = execute


def commits() -> int:
    time.sleep(1.5)  # the server writes its figures down now and then
    with psycopg.connect(URL, autocommit=True) as connection:
        query = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        return connection.execute(query).fetchone()[0]


def measure(count: int) -> dict[str, float]:
    global PAUSE
    PAUSE, result = 0, {}
    count_statements()

    def enqueue() -> None:
        with asking.open():
            for _ in range(count):
                ask(str(uuid4()))
        pool.close()  # whose connections write their figures down when they end

    def drain() -> None:
        global pool
        pool = psycopg_pool.ConnectionPool(URL, min_size=1, max_size=6, open=True)
        app.run_worker(wait=False, concurrency=4, delete_jobs="successful")
        pool.close()

    for name, do in (("enqueue", enqueue), ("drain", drain)):
        before, committed, began = counted["statements"], commits(), time.monotonic()
        do()
        result[f"{name}_jobs_per_second"] = count / (time.monotonic() - began)
        result[f"{name}_statements"] = (counted["statements"] - before) / count
        result[f"{name}_commits"] = (commits() - committed) / count
    return result


def breed(lease: float) -> None:
    """Fork a process for each line, which says how many jobs a second it asks for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork() == 0:
            pool.open()
            asyncio.run(both(float(line), lease))


def main() -> None:
    what = sys.argv[1]
    if what == "prepare":
        with asking.open():
            asking.schema_manager.apply_schema()
    elif what == "measure":
        pool.open()
        print(json.dumps(measure(int(float(sys.argv[3])))))
    else:
        breed(float(sys.argv[3]))


if __name__ == "__main__":
    main()
