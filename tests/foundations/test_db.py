from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from processes import audit, clock
from processes.audit import AuditEntry, keep_trail, verify
from processes.identity.actor import SYSTEM
from processes.sequences import next_number

KEY = b"k" * 32
TRIGGERS = {
    "sqlite": ("audit_entry_no_update", "audit_entry_no_delete"),
    "postgresql": ("audit_entry_no_change ON audit_entry",),
}


def _fail_after(_done: object) -> None:
    raise ZeroDivisionError


def test_what_raises_in_a_transaction_is_rolled_back(database):
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        _fail_after(next_number(session, "letters"))
    with database.transaction() as session:
        assert next_number(session, "letters") == 1


def test_many_threads_lose_no_increment(database):
    def work() -> None:
        for _ in range(10):
            with database.transaction() as session:
                next_number(session, "letters")

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction() as session:
        assert next_number(session, "letters") == 61


def test_a_reading_transaction_does_not_wait_for_a_writer(database):
    with database.transaction() as writer:
        next_number(writer, "letters")
        with database.reading() as reader:
            assert reader.scalar(text("SELECT count(*) FROM job")) == 0


def test_the_audit_trail_is_written_with_the_change_and_not_without_it(database):
    keep_trail(database, KEY)
    with database.transaction() as session:
        audit.record(session, SYSTEM, "case.start", "case:1", title="轮次")
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        _fail_after(audit.record(session, SYSTEM, "case.start", "case:2"))
    with database.reading() as session:
        assert [entry.subject for entry in session.scalars(select(AuditEntry))] == ["case:1"]
        assert verify(session, KEY).intact


@pytest.mark.parametrize(
    ("damage", "first_bad"),
    [
        ("UPDATE audit_entry SET actor = 'x' WHERE seq = 2", 2),
        ("DELETE FROM audit_entry WHERE seq = 2", 2),
        ("DELETE FROM audit_entry WHERE seq = 4", 4),
    ],
)
def test_a_changed_trail_is_noticed(database, damage, first_bad):
    keep_trail(database, KEY)
    for number in range(4):
        with database.transaction() as session:
            audit.record(session, SYSTEM, "case.start", f"case:{number}", at=clock.now())
    with database.transaction() as session:
        for trigger in TRIGGERS[database.dialect]:
            session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(text(damage))
    with database.reading() as session:
        verdict = verify(session, KEY)
    assert (verdict.intact, verdict.first_bad) == (False, first_bad)
    with database.reading() as session:
        assert not verify(session, b"another key").intact


@pytest.mark.parametrize("damage", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_a_change_of_the_trail(database, damage):
    keep_trail(database, KEY)
    with database.transaction() as session:
        audit.record(session, SYSTEM, "case.start", "case:1")
    with pytest.raises(DatabaseError, match=audit.REFUSAL), database.transaction() as session:
        session.execute(text(damage))
