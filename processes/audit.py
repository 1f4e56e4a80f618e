"""The audit trail: who did what, when, as a chain of HMACs that shows any later change.

Entries are collected while a transaction runs and written as its last statements, so that the head of the chain is
locked for a moment only and no change is ever committed without its entry.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Connection, Index, Table, event, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base, Database
from processes.identity.actor import Actor

PENDING = "audit entries"
FIRST = "0" * 64
BATCH = 1000
MAY_READ = ("auditor",)
VERIFIED = "audit.verify"


class AuditEntry(Base):
    """One act; never changed, never deleted."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "at", "seq"),
        Index("ix_audit_entry_actor_seq", "actor", "seq"),
        Index("ix_audit_entry_action_seq", "action", "seq"),
        Index("ix_audit_entry_subject_seq", "subject", "seq"),
        Index("ix_audit_entry_failed", "seq", "ok", sqlite_where=text("ok = 0"), postgresql_where=text("NOT ok")),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    person_id: Mapped[str] = mapped_column(default="")
    actor: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    action: Mapped[str]
    """`case.start`, `work.complete`, `person.log_in` …"""
    subject: Mapped[str] = mapped_column(default="")
    """What it was done to: `case:<id>`, `person:<login>` …"""
    ok: Mapped[bool] = mapped_column(default=True)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mac: Mapped[str]


class AuditHead(Base):
    """The newest link of the chain; one row."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    mac: Mapped[str]


_ENTRIES, _HEADS = cast(Table, AuditEntry.__table__), cast(Table, AuditHead.__table__)
REFUSAL = "the audit trail is never changed"
GUARDS = {
    "sqlite": tuple(
        f"CREATE TRIGGER IF NOT EXISTS audit_entry_no_{verb.lower()} BEFORE {verb} ON audit_entry "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE OR REPLACE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
    ),
}
"""How each database refuses a change by itself; whoever may drop a trigger is still found out by the chain."""


def guard(connection: Connection) -> None:
    """Let the database itself refuse every change of an entry."""
    for statement in GUARDS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(AuditEntry.__table__, "after_create")
def _guard_new_table(table: Table, connection: Connection, **_: Any) -> None:
    guard(connection)


@dataclass(frozen=True)
class Verdict:
    """What a check of the chain found: entries read, and the first one that is wrong."""

    entries: int
    first_bad: int | None
    reason: str = ""

    @property
    def intact(self) -> bool:
        return self.first_bad is None


def record(session: Session, actor: Actor, action: str, subject: str = "", *, ok: bool = True, **detail: Any) -> None:
    """Note an act; it is written when the transaction ends, and only if it is committed."""
    session.info.setdefault(PENDING, []).append(
        {
            "at": clock.now(),
            "person_id": str(actor.person_id or ""),
            "actor": actor.name,
            "address": actor.address,
            "action": action,
            "subject": subject,
            "ok": ok,
            "detail": json.loads(json.dumps(detail, default=str)),
        }
    )


def keep_trail(database: Database, key: bytes) -> None:
    """Let every writing transaction of a database end with its audit entries."""
    database.before_commit.append(lambda session: _write(session, key))


def _write(session: Session, key: bytes) -> None:
    pending = session.info.pop(PENDING, [])
    if not pending:
        return
    session.flush()
    connection = session.connection()
    found = connection.execute(select(_HEADS.c.seq, _HEADS.c.mac).where(_HEADS.c.id == 1).with_for_update()).first()
    seq, mac = (found.seq, found.mac) if found is not None else (0, FIRST)
    rows = []
    for entry in pending:
        seq += 1
        mac = _link(key, mac, seq, entry)
        rows.append({"seq": seq, "mac": mac, **entry})
    connection.execute(insert(_ENTRIES), rows)
    moved = insert(_HEADS).values(id=1) if found is None else update(_HEADS).where(_HEADS.c.id == 1)
    connection.execute(moved.values(seq=seq, mac=mac))


def _link(key: bytes, before: str, seq: int, entry: dict[str, Any]) -> str:
    """The MAC of an entry and all before it."""
    content = {**entry, "seq": seq, "at": entry["at"].isoformat(timespec="microseconds")}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, before.encode() + b"|" + text.encode(), sha256).hexdigest()


def verify(session: Session, key: bytes) -> Verdict:
    """Read the whole chain; the first entry that was changed, removed, moved or added is named."""
    head = _head(session)
    mac, at_head, count = FIRST, FIRST, 0
    for row in _rows(session):
        count += 1
        if row.seq != count:
            return Verdict(count, count, "an entry is missing or was moved")
        entry = {
            name: getattr(row, name)
            for name in ("at", "person_id", "actor", "address", "action", "subject", "ok", "detail")
        }
        mac = _link(key, mac, row.seq, entry)
        if not hmac.compare_digest(mac, row.mac):
            return Verdict(count, row.seq, "an entry does not match its seal")
        at_head = mac if row.seq == head[0] else at_head
    # Others may write meanwhile: the head read before is on the chain, the one read after at its end or past it.
    if head[0] > count or head[1] != at_head or _head(session)[0] < count:
        return Verdict(count, count + 1, "the end of the chain does not match its head")
    return Verdict(count, None)


def _head(session: Session) -> tuple[int, str]:
    found = session.execute(select(AuditHead.seq, AuditHead.mac)).one_or_none()
    return (found.seq, found.mac) if found is not None else (0, FIRST)


def _rows(session: Session) -> Iterator[AuditEntry]:
    last = 0
    while rows := session.scalars(
        select(AuditEntry).where(AuditEntry.seq > last).order_by(AuditEntry.seq).limit(BATCH)
    ).all():
        yield from rows
        last = rows[-1].seq
        session.expunge_all()


def check(session: Session, actor: Actor, key: bytes) -> Verdict:
    """`verify` for somebody who may read the trail."""
    actor.need(*MAY_READ)
    return verify(session, key)
