from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from processes import clock
from processes.clock import MovableClock
from processes.db import Database
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.identity.models import Person
from tests.factories import make_organizations

MORNING = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
"""Monday, 9 o'clock in Chongqing."""
PASSWORD = "Yangtze-1949"


@pytest.fixture
def time() -> Iterator[MovableClock]:
    """A clock that stands at nine in the morning until it is moved."""
    stopped = MovableClock(MORNING)
    with clock.running_on(stopped):
        yield stopped


@pytest.fixture
def session(database: Database, time: MovableClock) -> Iterator[Session]:
    """One writing transaction, with the bureaus and three districts."""
    with database.transaction() as session:
        make_organizations(session)
        yield session


@pytest.fixture
def clerk(session: Session) -> Person:
    """Somebody with a password and no post."""
    return people.create_person(session, SYSTEM, "wang.haiyan", "王海燕", PASSWORD)
