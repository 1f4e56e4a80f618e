"""Copies of a case: every run of a scenario finds a case that stands at the same point, without walking there again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer, Table, insert, select
from sqlalchemy.orm import Session

from processes.db import Base
from processes.engine.models import Case


class CaseTemplate:
    """All rows of one case, read once; each copy has ids and a number of its own."""

    def __init__(self, session: Session, case_id: UUID) -> None:
        self._rows: list[tuple[Table, list[dict[str, Any]]]] = []
        self.case_id = case_id
        for table, column in _tables_of_cases():
            found = session.execute(select(table).where(column == case_id)).mappings()
            if rows := [dict(each) for each in found]:
                self._rows.append((table, rows))

    def copy(self, session: Session) -> UUID:
        """One more case that stands where the template stands."""
        renamed = {row[key]: uuid4() for table, rows in self._rows for key in _own_keys(table) for row in rows}
        for table, rows in self._rows:
            session.execute(insert(table), [_renamed(table, row, renamed) for row in rows])
        return renamed[self.case_id]


def _tables_of_cases() -> Iterator[tuple[Table, Column[Any]]]:
    case = Base.metadata.tables[Case.__tablename__]
    yield case, case.c.id
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name == "case_id" and any(key.column is case.c.id for key in column.foreign_keys):
                yield table, column


def _own_keys(table: Table) -> list[str]:
    """Keys that are made up for each row and do not lead to another table."""
    return [column.name for column in table.primary_key if not column.foreign_keys and column.type.python_type is UUID]


def _renamed(table: Table, row: dict[str, Any], renamed: dict[Any, UUID]) -> dict[str, Any]:
    counted = {column.name for column in table.primary_key if isinstance(column.type, Integer)}
    found = {
        name: renamed.get(value, value) if isinstance(value, UUID) else value
        for name, value in row.items()
        if name not in counted
    }
    if table.name == Case.__tablename__:
        found["number"] = f"bench-{uuid4()}"
    return found
