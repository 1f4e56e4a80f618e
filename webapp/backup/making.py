"""Making a backup while people work: one moment of the database first, then the files that this moment names."""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from processes import clock
from processes.audit import AuditHead
from processes.consistency.snapshot import snapshot
from processes.db import Database, sqlite_driver
from processes.errors import Conflict, Invalid
from processes.files import StoredFile
from processes.messages import message
from processes.migrations.running import current
from webapp.backup import postgresql
from webapp.backup.manifest import DATA, DATABASES, Anchor, Manifest, copied, file_hash, settle, write_manifest
from webapp.desk import Desk

UNFINISHED = ".unfinished-"
NOT_COPIED = (".lock", ".db", ".db-wal", ".db-shm", ".db-journal")


@dataclass(frozen=True)
class Stored:
    """A stored file as the moment of a backup knows it."""

    id: UUID
    sha256: str


@dataclass(frozen=True)
class Moment:
    """What the copied database says of what lies outside it."""

    stored: list[Stored]
    audit: Anchor | None


def key_mark(audit_key: bytes) -> str:
    """A mark of a key that does not give it away."""
    return hmac.new(audit_key, b"backup", hashlib.sha256).hexdigest()[:16]


def make_backup(desk: Desk, target: Path, before: Path | None = None) -> Manifest:
    """Write a whole backup to a new folder; files that the backup `before` has are linked to it."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Conflict(message("“%(path)s”已存在，请指定一个新的文件夹。", path=str(target)))
    if target.resolve().is_relative_to(desk.settings.home):
        raise Invalid(message("备份不能放在数据目录里。"))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _unfinished(target.parent) as folder:
        manifest = Manifest(
            program=version("chief-planner"),
            made_at=clock.now().isoformat(),
            database=desk.db.dialect,
            revision=current(desk.db),
            key=key_mark(desk.settings.audit_key),
        )
        moment = _copy_database(desk.db, folder / DATABASES[desk.db.dialect])
        manifest.audit = moment.audit
        manifest.add(DATABASES[desk.db.dialect], *file_hash(folder / DATABASES[desk.db.dialect]))
        _copy_stored(desk, moment.stored, folder, before, manifest)
        for path in _other_files(desk):
            name = f"{DATA}/{path.relative_to(desk.settings.home).as_posix()}"
            manifest.add(name, *copied(path, folder / name))
        for each in {folder / name for name in manifest.files}:
            settle(each.parent)
        write_manifest(folder, manifest)
        settle(folder)
        folder.rename(target)
    settle(target.parent)
    return manifest


@contextmanager
def _unfinished(parent: Path) -> Iterator[Path]:
    """A folder for a backup under way, which is gone when the backup fails."""
    folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_database(database: Database, target: Path) -> Moment:
    """The database as it is at one moment, and what this moment says of the files."""
    if database.dialect == "sqlite":
        _vacuum_into(database, target)
        with _read_only(target) as session:
            return _moment(session)
    with snapshot(database) as session:
        server = postgresql.server_version(session.connection())
        exported = str(session.execute(text("SELECT pg_export_snapshot()")).scalar_one())
        postgresql.dump(database, exported, server, target)
        with target.open("rb") as file:
            os.fsync(file.fileno())
        return _moment(session)


def _vacuum_into(database: Database, target: Path) -> None:
    """A consistent copy, made without stopping anybody."""
    raw = database.engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()
    with target.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _read_only(path: Path) -> Iterator[Session]:
    """A copied database that is only read, without the files that a log of changes would leave beside it."""
    engine = create_engine(f"sqlite:///file:{quote(str(path.resolve()))}?immutable=1&uri=true", module=sqlite_driver)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def _moment(session: Session) -> Moment:
    made = select(StoredFile.id, StoredFile.sha256).where(StoredFile.sha256 != "")  # else a job still makes it
    rows = session.execute(made.order_by(StoredFile.id))
    stored = [Stored(row.id, row.sha256) for row in rows]
    head = session.execute(select(AuditHead.seq, AuditHead.mac)).one_or_none()
    return Moment(stored, Anchor(head.seq, head.mac) if head else None)


def _copy_stored(desk: Desk, stored: list[Stored], folder: Path, before: Path | None, manifest: Manifest) -> None:
    """Exactly the files that the database names: each was on the disk before its row, and none is ever removed."""
    manifest.stored_files = len(stored)
    for each in stored:
        source = desk.house.files.path(each.id)
        name = f"{DATA}/{source.relative_to(desk.settings.home).as_posix()}"
        facts = _linked(before / name if before else None, folder / name, each.sha256)
        try:
            facts = facts or copied(source, folder / name)
        except FileNotFoundError:
            manifest.damaged.append(name)
            continue
        manifest.add(name, *facts)
        if facts[1] != each.sha256:
            manifest.damaged.append(name)


def _linked(earlier: Path | None, target: Path, sha256: str) -> tuple[int, str] | None:
    """Link a file that the backup before has unchanged; None where it must be copied."""
    try:
        if earlier is None or (facts := file_hash(earlier))[1] != sha256:
            return None
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.link(earlier, target)
    except OSError:  # not there, or a file system without links
        return None
    return facts


def _other_files(desk: Desk) -> Iterator[Path]:
    """Secret, fonts, calendar and whatever else lies in the data folder besides stored files and the database."""
    for path in sorted(desk.settings.home.rglob("*")):
        stored = path.is_relative_to(desk.settings.files_folder)
        if path.is_file() and not stored and not path.name.endswith(NOT_COPIED):
            yield path
