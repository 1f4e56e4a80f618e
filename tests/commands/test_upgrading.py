"""Several machines are upgraded, or started on tables of another release."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from processes.engine.models import Definition
from processes.identity.models import Unit
from processes.migrations.running import alone, current, newest
from webapp.commands.installing import install
from webapp.desk import Desk, open_desk
from webapp.settings import Settings

WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
OTHER_RELEASES = [("0001", "结构较旧"), ("9999", "请升级程序")]


@pytest.fixture
def empty(postgresql_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    server = make_url(postgresql_url).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"upgrading_{os.getpid()}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def machines(empty: str, tmp_path: Path) -> Iterator[list[Desk]]:
    """Three machines on one database."""
    desks = [open_desk(Settings(tmp_path / name, empty, "a secret of the tests")) for name in ("a", "b", "c")]
    yield desks
    for desk in desks:
        desk.db.close()


def test_whoever_installs_second_waits_for_the_first_and_finds_it_done(machines):
    first, second, third = machines
    failures = []

    def installing(desk):
        try:
            install(desk)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=installing, args=(desk,)) for desk in (second, third)]
    with alone(first.db):
        for thread in threads:
            thread.start()
        waiting = 0
        while waiting < 2:
            assert all(thread.is_alive() for thread in threads), failures
            with first.db.reading() as session:
                waiting = session.execute(WAITING).scalar()
        assert current(first.db) is None, "nobody has begun"
    for thread in threads:
        thread.join(120)
    assert failures == []
    assert current(first.db) == newest()
    with first.db.reading() as session:
        assert session.query(Definition).filter_by(key="appointment").count() == 1
        assert session.query(Unit).count() == 42


@pytest.mark.parametrize("command", [("serve", "--port", "1"), ("worker",)])
@pytest.mark.parametrize(("revision", "told"), OTHER_RELEASES)
def test_tables_of_another_release_are_not_served(run, installed, home, command, revision, told):
    engine = create_engine(f"sqlite:///{home / 'desk.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()
    ended = run(*command)
    assert (ended.status, told in ended.err) == (1, True), ended.err


def test_a_web_server_of_one_s_own_is_told_what_it_needs(installed, empty):
    assert imported() == (1, "使用 SQLite 时，请用 chief-planner serve 提供服务。\n")
    status, told = imported(DATABASE_URL=empty)
    assert (status, "chief-planner init" in told) == (1, True)


def test_a_web_server_of_one_s_own_keeps_no_connection_over_a_fork(installed, machines, empty):
    install(machines[0])
    program = (
        "import os\nfrom webapp.wsgi import app\nengine = app.extensions['desk'].db.engine\n"
        "engine.connect().close()\nassert engine.pool.checkedin() == 1\nchild = os.fork()\n"
        "if child == 0: os._exit(engine.pool.checkedin())\n"
        "raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    assert imported(program, DATABASE_URL=empty) == (0, "")


def imported(program: str = "import webapp.wsgi", **environment: str) -> tuple[int, str]:
    """How a process ends that loads the entry point, and what it says."""
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    return ended.returncode, ended.stderr
