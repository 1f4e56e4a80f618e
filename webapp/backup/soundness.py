"""Whether an installation that was put back is the one that was backed up, and whether it can go on."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.audit import AuditEntry, verify
from processes.consistency.problems import Problem, Report
from processes.consistency.snapshot import snapshot
from processes.consistency.whole import check_whole
from processes.files import StoredFile
from processes.messages import message
from processes.migrations.running import current, newest
from webapp.backup.making import key_mark
from webapp.backup.manifest import Manifest, file_hash
from webapp.desk import Desk


def check_restored(desk: Desk, manifest: Manifest) -> Report:
    """The database itself, the audit trail with its anchor, every file, and the state of every case."""
    with snapshot(desk.db) as session:
        own = [*_database(desk, session), *anchored(session, desk.settings.audit_key, manifest)]
        if current(desk.db) == newest():
            report = check_whole(session, desk.house, desk.settings.audit_key)
        else:  # an older schema: what every schema has
            report = Report(list(_older(desk, session)))
    report.problems = [*own, *report.problems]
    return report


def anchored(session: Session, audit_key: bytes, manifest: Manifest) -> Iterator[Problem]:
    """Whether the audit trail still holds what it held when the backup was made."""
    if manifest.key and manifest.key != key_mark(audit_key):
        yield Problem("other-secret", message("密钥（CHIEF_PLANNER_SECRET 或 secret 文件）与备份时的不同。"))
    if manifest.audit is None or not manifest.audit.seq:
        return
    found = session.scalar(select(AuditEntry.mac).where(AuditEntry.seq == manifest.audit.seq))
    if found != manifest.audit.mac:
        text = message(
            "审计日志与备份时的记录不符：第 %(seq)s 条已不存在或已被改写，应立即查明原因。", seq=manifest.audit.seq
        )
        yield Problem("audit-cut", text)


def _database(desk: Desk, session: Session) -> Iterator[Problem]:
    if desk.db.dialect != "sqlite":
        return
    connection = session.connection()
    damage = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if damage != "ok":
        yield Problem("database-damaged", message("数据库文件已损坏：%(why)s", why=str(damage)))
    broken = len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())
    if broken:
        yield Problem("reference-broken", message("数据库中有 %(count)s 处引用不存在的记录。", count=broken))


def _older(desk: Desk, session: Session) -> Iterator[Problem]:
    verdict = verify(session, desk.settings.audit_key)
    if not verdict.intact:
        text = message("审计日志自第 %(seq)s 条起与封印不符，应立即查明原因。", seq=verdict.first_bad)
        yield Problem("audit-broken", text)
    made = select(StoredFile.id, StoredFile.name, StoredFile.sha256).where(StoredFile.sha256 != "")
    for row in session.execute(made):
        path = desk.house.files.path(row.id)
        if not path.is_file() or file_hash(path)[1] != row.sha256:
            text = message("文件“%(name)s”（%(id)s）不在文件库中，或内容与校验值不符。", name=row.name, id=row.id)
            yield Problem("file-damaged", text)
