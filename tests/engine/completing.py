"""A process of its own that completes the open tasks of a case, one after the other, until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from processes import clock
from processes.audit import keep_trail
from processes.db import Database
from processes.engine import work
from processes.engine.models import WorkItem
from processes.identity.models import Person
from processes.identity.people import actor_of
from tests.factories import make_house


def main(url: str, folder: str, login: str) -> None:
    database = Database(url)
    keep_trail(database, b"key")
    house = make_house(Path(folder))
    with database.reading() as session:
        actor = actor_of(session, session.scalars(select(Person).where(Person.login == login)).one(), clock.today())
        items: list[UUID] = list(session.scalars(select(WorkItem.id).where(WorkItem.status == "open")))
    print("ready", flush=True)
    for item in items:
        with database.transaction() as session:
            work.complete(session, house, actor, item, {"comment": str(item)})
        print(item, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
