"""PostgreSQL's own programs: a dump of one moment, a dump put into an empty database, a database for a drill."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from processes.db import Database
from processes.errors import Invalid
from processes.messages import message

PROGRAMS = "CHIEF_PLANNER_PG_BIN"
"""The setting that names the folder of PostgreSQL's programs; without it they are looked for in `PATH`."""
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def dump(database: Database, snapshot_id: str, server: int, target: Path) -> None:
    """Write the moment of an exported snapshot in PostgreSQL's custom format."""
    program = _program("pg_dump", server)
    _run(program, database.engine.url, f"--snapshot={snapshot_id}", "--format=custom", "--no-owner", "--no-privileges",
         f"--file={target}")  # fmt: skip


def load(url: str, source: Path) -> None:
    """Put a dump into an empty database, whole or not at all."""
    with _connected(make_url(url)) as connection:
        program = _program("pg_restore", server_version(connection))
    _run(program, make_url(url), "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
         source=source)  # fmt: skip


def is_empty(url: str) -> bool:
    """Whether a database has no tables."""
    with _connected(make_url(url)) as connection:
        return not inspect(connection).get_table_names()


def server_version(connection: Connection) -> int:
    """The server's version, e.g. 16."""
    return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10000


@contextmanager
def temporary_database(url: str) -> Iterator[str]:
    """The address of a new database on the same server; it is removed at the end."""
    place, name = make_url(url), f"chief_planner_drill_{uuid4().hex[:12]}"
    with _connected(place) as connection:
        try:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        except DBAPIError as cause:
            why = message("不能建立演练用的临时数据库，请授予 CREATEDB 权限，或用 --database-url 指定一个空数据库。")
            raise Invalid(why) from cause
    try:
        yield place.set(database=name).render_as_string(hide_password=False)
    finally:
        with _connected(place) as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@contextmanager
def _connected(place: URL) -> Iterator[Connection]:
    engine: Engine = create_engine(place.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _program(name: str, server: int) -> str:
    """Where a program is; it must not be older than the server."""
    folder = os.environ.get(PROGRAMS)
    found = shutil.which(name, path=folder) if folder else shutil.which(name)
    if found is None:
        raise Invalid(
            message(
                "找不到 %(name)s，请安装 PostgreSQL 客户端程序，或用 %(setting)s 指定其目录。",
                name=name,
                setting=PROGRAMS,
            )
        )
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - found by us
    version = VERSION.search(told)
    if version is None or int(version[1]) < server:
        raise Invalid(
            message(
                "%(name)s 的版本（%(client)s）低于数据库服务器（%(server)s），请安装不低于服务器的版本，"
                "并用 %(setting)s 指定其目录。",
                name=name,
                client=version[1] if version else "?",
                server=server,
                setting=PROGRAMS,
            )
        )
    return found


def _run(program: str, place: URL, *options: str, source: Path | None = None) -> None:
    """Run a program on a database; the password goes by the environment, where other users cannot read it."""
    given = {str(key): str(value) for key, value in place.query.items() if isinstance(value, str)}
    parts = {"host": place.host, "port": place.port, "user": place.username, "dbname": place.database, **given}
    address = make_conninfo("", **{key: value for key, value in parts.items() if value is not None})
    secret = {"PGPASSWORD": place.password} if place.password else {}
    command = [program, *options, f"--dbname={address}", *([str(source)] if source else [])]
    ended = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **secret}, check=False)  # noqa: S603 - no shell
    if ended.returncode:
        why = ended.stderr.strip().splitlines()[:1] or [str(ended.returncode)]
        raise Invalid(message("%(name)s 失败：%(why)s", name=Path(program).name, why=why[0]))
