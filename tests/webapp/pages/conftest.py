from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.webapp.pages import letters


@pytest.fixture
def desk(desk):
    """A desk on which letters are written."""
    letters.deploy(desk)
    return desk


@pytest.fixture
def queries(desk):
    """Counts the statements that the database is asked inside a block."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(connection, cursor, statement, parameters, context, many):
            seen.append(statement)

        event.listen(desk.db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(desk.db.engine, "before_cursor_execute", note)

    return counted
