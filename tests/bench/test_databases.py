"""Scratch databases leave nothing behind."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from webapp.bench.databases import scratch_on_server


def _names(url: str) -> set[str]:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.connect() as connection:
            return set(connection.scalars(text("SELECT datname FROM pg_database")))
    finally:
        engine.dispose()


def test_a_scratch_database_is_dropped_even_when_the_bench_fails(postgresql_url):
    made: list[str] = []

    def fail() -> None:
        with scratch_on_server(postgresql_url) as url:
            made.append(make_url(url).database or "")
            assert made[0] in _names(postgresql_url)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert made[0] not in _names(postgresql_url)
