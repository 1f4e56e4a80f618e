"""Tables that only grow: the database itself refuses to change or delete a row, whoever asks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, event

from processes.db import Base

_REFUSE = {
    "sqlite": (
        "CREATE TRIGGER IF NOT EXISTS {table}_{act} BEFORE {act} ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is written once'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_{table}_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{table} is written once'; END $$",
        "CREATE OR REPLACE TRIGGER {table}_{act} BEFORE {act} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_{table}_change()",
    ),
}
ONLY_GROWING: list[str] = []
"""The tables that are guarded so; a migration that makes one calls `guard`."""


def refuse_changes(model: type[Base]) -> None:
    """Guard the table of a model from the moment it is made."""
    table = model.__table__
    assert isinstance(table, Table)
    ONLY_GROWING.append(table.name)

    @event.listens_for(table, "after_create")
    def made(target: Table, connection: Connection, **more: Any) -> None:
        guard(connection, target.name)


def guard(connection: Connection, table: str) -> None:
    """Let the database refuse every change and deletion of a table's rows."""
    for act in ("UPDATE", "DELETE"):
        for statement in _REFUSE[connection.dialect.name]:
            connection.exec_driver_sql(statement.format(table=table, act=act))
