"""The short version of `make torture`, on every run of the tests: a few kills under load on each database."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.torture import kills
from tests.torture.installation import install
from tests.torture.running import carried_out

LOAD = {"line": 3, "timed": 2}


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """Where an empty database is."""
    if request.param == "sqlite":
        yield kills.where(tmp_path)
        return
    server, name = make_url(request.getfixturevalue("postgresql_url")), f"torture_{os.getpid()}"
    engine = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        own = server.set(drivername="postgresql+psycopg", database=name)
        yield own.render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.mark.parametrize("count", [5])
def test_whatever_was_acknowledged_survives_kill_9_once(address, tmp_path, count):
    made = install(tmp_path, address)
    result = carried_out("kill -9", made, kills.commands(made), kills.kills(count), print, clients=3, load=LOAD)
    assert result.verdict.faults == []
    assert result.done > count
