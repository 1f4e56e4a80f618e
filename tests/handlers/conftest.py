from __future__ import annotations

import pytest

from tests.handlers.stage import Stage


@pytest.fixture
def stage(database, tmp_path):
    """A case of the appointment procedure in one transaction, on both kinds of database."""
    with database.transaction() as session:
        yield Stage(session, tmp_path)


@pytest.fixture
def small_stage(sqlite_database, tmp_path):
    """The same where the kind of database does not matter."""
    with sqlite_database.transaction() as session:
        yield Stage(session, tmp_path)
