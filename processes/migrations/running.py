"""The schema of an installation: which one it has, which one this program needs, and going there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select, text

from processes import audit
from processes.db import Base, Database
from processes.errors import Conflict
from processes.messages import message
from processes.schema import load_models

FOLDER = Path(__file__).parent
INSTALLING = 0x4350_0001
"""The number of PostgreSQL's advisory lock for whoever installs or upgrades."""


class OldSchema(Conflict):
    """The database is not the one that this program needs."""

    code = "old-schema"


@cache
def newest() -> str:
    """The revision that this program needs."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def current(database: Database) -> str | None:
    """The revision of a database, None for one without tables."""
    with _connected(database) as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    """The revision of the database at the other end of a connection."""
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Nobody else installs or upgrades meanwhile: on PostgreSQL a second one, on any machine, waits for the first."""
    if database.dialect != "postgresql":
        yield
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(select(func.pg_advisory_lock(INSTALLING)))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(INSTALLING)))
            connection.invalidate()  # its settings are nobody else's


def migrate(database: Database, revision: str = "head") -> None:
    """Bring a database to the schema of this program, in one transaction; what is there already stays."""
    with _rebuilding(database) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        audit.guard(connection)


def need_newest(database: Database) -> None:
    """Raise `OldSchema` with what to do, unless the schema is the one of this program."""
    found = current(database)
    if found is None:
        raise OldSchema(message("数据库尚未初始化，请先运行 chief-planner init。"))
    if found != newest():
        known = {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}
        if found not in known:
            raise OldSchema(message("数据库由更新版本的程序建立，请升级程序后再启动。"))
        raise OldSchema(message("数据库结构较旧，请先备份，再运行 chief-planner init 升级。"))


def differences(database: Database) -> list[Any]:
    """What the models have that the database does not, or the other way round; for the test that they agree."""
    load_models()
    with _connected(database) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def write_revision(database: Database, text: str, number: str) -> None:
    """Write the next revision from what has changed in the models."""
    with _connected(database) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, text, autogenerate=True, rev_id=number)


@contextmanager
def _connected(database: Database) -> Iterator[Connection]:
    """A connection in one writing transaction."""
    with database.engine.begin() as connection:
        yield connection


@contextmanager
def _rebuilding(database: Database) -> Iterator[Connection]:
    """A writing transaction in which tables may be rebuilt: SQLite looks at the references at its end alone."""
    if database.dialect != "sqlite":
        with _connected(database) as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))  # an index over a million rows takes its time
            yield connection
        return
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # has no effect once the transaction has begun
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"a migration has left {len(broken)} references to nothing")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    return config
