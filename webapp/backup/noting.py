"""That a backup was made: noted in the audit trail, so that whoever asks in the morning need not look at the disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import audit
from processes.audit import AuditEntry
from processes.identity.actor import SYSTEM
from processes.migrations.running import newest, revision_of
from processes.paging import word
from webapp.backup.manifest import Manifest
from webapp.desk import Desk

MADE = "backup.make"


@dataclass(frozen=True)
class BackupNote:
    """The newest backup that is known."""

    at: datetime
    place: str
    files: int
    damaged: int


def note_backup(desk: Desk, target: Path, manifest: Manifest) -> None:
    """Note a backup that is whole; a database of an older program is left as it is."""
    with desk.db.reading() as session:
        if revision_of(session.connection()) != newest():
            return
    with desk.db.transaction() as session:
        audit.record(
            session, SYSTEM, MADE, "backup", name=target.name, files=len(manifest.files), damaged=len(manifest.damaged)
        )


def last_backup(session: Session) -> BackupNote | None:
    """The newest backup that was noted."""
    query = select(AuditEntry).where(AuditEntry.action == word(MADE)).order_by(AuditEntry.seq.desc()).limit(1)
    found = session.scalars(query).first()
    if found is None:
        return None
    detail = found.detail
    return BackupNote(found.at, str(detail.get("name", "")), int(detail.get("files", 0)), int(detail.get("damaged", 0)))
