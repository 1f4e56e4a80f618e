from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from processes import clock
from processes.clock import MovableClock
from processes.migrations.running import migrate, newest
from processes.workers import BEAT_EVERY, RECENT, Heartbeat, alive
from tests.webapp.visiting import Visitor
from webapp.app import create_app
from webapp.desk import open_desk
from webapp.settings import Settings
from webapp.worker import Worker


@pytest.fixture
def migrated(tmp_path):
    """A desk whose tables were made as an installation makes them, and nobody in it."""
    settings = Settings(home=tmp_path, database_url=f"sqlite:///{tmp_path / 'new.db'}", secret="a secret of the tests")
    desk = open_desk(settings)
    migrate(desk.db)
    yield desk
    desk.db.close()


@pytest.fixture
def asked(migrated):
    """The answer of a path to a stranger."""
    visitor = Visitor(create_app(migrated))
    return lambda path="/readyz": (visitor.get(path).status_code, visitor.get(path).text)


def test_the_desk_is_ready_while_a_worker_is_alive(migrated, asked):
    assert asked() == (503, "worker: none has been seen\n")
    worker = Worker(migrated)
    worker.step()
    assert asked() == (200, "ok\n")
    with clock.running_on(MovableClock(clock.now() + RECENT + timedelta(seconds=30))):
        status, told = asked()
        assert (status, told.startswith("worker: not seen for 12")) == (503, True)
        worker.step()
        assert asked() == (200, "ok\n")


def test_a_worker_that_ends_is_no_longer_there(migrated, asked):
    worker = Worker(migrated)
    worker.start()
    worker.stop()
    assert asked() == (503, "worker: none has been seen\n")


def test_a_sign_of_life_is_written_now_and_then_and_not_at_every_look(migrated):
    written = []
    heartbeat = Heartbeat(migrated.db.engine, "here:1")
    moved = MovableClock(clock.now())
    with clock.running_on(moved):
        for _look in range(20):
            heartbeat.beat()
            with migrated.db.reading() as session:
                written.append(session.execute(text("SELECT seen_at FROM worker_seen")).scalar())
            moved.move_to(clock.now() + BEAT_EVERY / 4)
    assert len(set(written)) == 5
    with migrated.db.reading() as session:
        assert alive(session) == 1


def test_tables_of_another_release_are_named(migrated, asked):
    Worker(migrated).step()
    with migrated.db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    assert asked() == (503, f"schema: the database has 0002, this program needs {newest()}\n")
    with migrated.db.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    assert "no tables" in asked()[1]


def test_a_database_that_cannot_be_opened_is_told_and_the_process_is_alive_without_it(tmp_path):
    settings = Settings(home=tmp_path, database_url=f"sqlite:///{tmp_path / 'no' / 'where.db'}", secret="a secret")
    visitor = Visitor(create_app(open_desk(settings)))
    answered = visitor.get("/readyz")
    assert (answered.status_code, answered.text) == (503, "database: does not answer\n")
    assert answered.headers["Retry-After"] == "5"
    visitor.client.set_cookie("desk", "whatever")
    assert visitor.get("/healthz").status_code == 200
