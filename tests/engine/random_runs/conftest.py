from __future__ import annotations

from datetime import UTC, datetime

import pytest

from processes import clock
from tests.engine.random_runs.twins import Twins, operation
from tests.factories import make_house


@pytest.fixture
def twins(database, people, tmp_path):
    """Begin a case twice, in the database and in memory, on a clock that stands still."""
    house = make_house(tmp_path, {"count": operation})

    def begin(xml: str, **given: object) -> Twins:
        return Twins(database, house, people.clerk, people.manager, xml, given)

    with clock.running_on(clock.MovableClock(datetime(2026, 3, 2, 1, tzinfo=UTC))):
        yield begin
