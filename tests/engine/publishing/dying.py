"""A process that does a part of publishing in children, each of which kills itself at a moment that is asked for.

A line of its input says where the database is, what to do, and the moment: the number of the write after which the
child dies. It answers `killed`, or `done` where the child came to its end before that moment.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import event, select

from processes import clock
from processes.audit import keep_trail
from processes.db import Database
from processes.engine import kinds_of_jobs, publishing
from processes.identity.models import Person
from processes.identity.people import actor_of
from processes.jobs import run_all
from tests.factories import make_house

WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT")


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            with clock.running_on(clock.MovableClock(datetime.fromisoformat(asked["now"]))):
                _live(asked["url"], asked["folder"], asked["task"], asked["draft"], asked["moment"])
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else f"done {os.waitstatus_to_exitcode(status)}", flush=True)


def _live(url: str, folder: str, task: str, draft: str, moment: int) -> None:
    database = Database(url)
    keep_trail(database, b"key")
    house = make_house(Path(folder))
    wrote = _dying(moment)
    event.listen(database.engine, "after_cursor_execute", lambda _c, _cursor, text, *_: wrote(text))
    event.listen(database.engine, "commit", lambda _connection: wrote("COMMIT"))
    if task == "publish":
        with database.reading() as session:
            person = session.scalars(select(Person).where(Person.login == "owner")).one()
            actor = actor_of(session, person, clock.today())
        with database.transaction() as session:
            publishing.publish(session, house, actor, UUID(draft))
    else:
        run_all(database, kinds_of_jobs.handlers(house))
    database.close()


def _dying(moment: int) -> Callable[[str], None]:
    """What counts the writes, and dies at its number."""
    written = 0

    def wrote(text: str) -> None:
        nonlocal written
        written += text.lstrip().upper().startswith(WRITES)
        if written == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    return wrote


if __name__ == "__main__":
    main()
