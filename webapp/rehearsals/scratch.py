"""Scratch databases: units, stand-ins and planners that are invented, the procedures in force, and the draft."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from processes import audit
from processes.db import Database
from processes.engine import definitions
from processes.engine.models import Definition, DefinitionFile
from processes.identity import units
from processes.identity.actor import SYSTEM
from processes.migrations.running import migrate, newest
from webapp.demo.people import settle
from webapp.demo.planners import enter_planners
from webapp.settings import Settings

REHEARSALS = "rehearsals"
"""Folder of the data folder in which they are."""
DATABASE = "desk.db"
COPIED = ("key", "version", "title", "content_hash", "deployed_at", "deployed_by", "active", "processes")


def folder_of(settings: Settings, rehearsal_id: UUID) -> Path:
    """Where a rehearsal is kept."""
    return settings.home / REHEARSALS / str(rehearsal_id)


def scratch_settings(settings: Settings, folder: Path, prefix: str = "") -> Settings:
    """The settings of a scratch desk: nothing of it leaves the folder, and nobody is written to."""
    return replace(
        settings, home=folder, database_url=f"sqlite:///{folder / DATABASE}", demonstration=True,
        rehearsal=prefix or "-", mail=None, background=False, metrics_token="",
    )  # fmt: skip


def build(session: Session, settings: Settings, folder: Path, key: str, files: Mapping[str, bytes]) -> None:
    """Make a scratch database with the procedures in force of the real one and a draft in place of its version."""
    active = session.scalars(select(Definition).where(Definition.active).options(selectinload(Definition.files))).all()
    made = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    shutil.copyfile(_base(settings), made / DATABASE)
    with opened(scratch_settings(settings, made)) as database, database.transaction() as scratch:
        for each in active:
            if each.key != key:
                scratch.add(_copy(each))
        definitions.deploy(scratch, SYSTEM, key, files)
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """A scratch database for the length of a block; in the end all of it is in its one file."""
    database = Database(settings.database_url)
    audit.keep_trail(database, settings.audit_key)
    try:
        yield database
    finally:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        database.close()


@contextmanager
def temporary(settings: Settings) -> Iterator[Path]:
    """A folder for one scratch database that is thrown away."""
    place = settings.home / REHEARSALS
    place.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix="scenario-", dir=place))
    try:
        yield folder / "desk"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def throw_away(settings: Settings, rehearsal_id: UUID) -> None:
    """Delete what a rehearsal has left."""
    shutil.rmtree(folder_of(settings, rehearsal_id), ignore_errors=True)


def _base(settings: Settings) -> Path:
    """The database with invented people that every scratch database begins as; made once for each schema."""
    place = settings.home / REHEARSALS
    found = place / f"base-{newest()}.db"
    if found.exists():
        return found
    place.mkdir(parents=True, exist_ok=True)
    made = place / f"base-{os.getpid()}.tmp"
    made.unlink(missing_ok=True)
    with opened(replace(settings, database_url=f"sqlite:///{made}")) as database:
        migrate(database)
        with database.transaction() as session:
            units.load_units(session)
            settle(session)
            enter_planners(session)
    made.rename(found)
    return found


def _copy(of: Definition) -> Definition:
    values = {name: getattr(of, name) for name in COPIED}
    return Definition(**values, files=[DefinitionFile(path=each.path, content=each.content) for each in of.files])
