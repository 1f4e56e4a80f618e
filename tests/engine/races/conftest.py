from __future__ import annotations

import pytest

from processes import audit
from tests.engine.races.scene import Scene
from tests.engine.races.stepping import COMMIT, LOCK, Order, Race


@pytest.fixture
def race(database):
    race = Race(database)
    yield race
    race.close()


@pytest.fixture(params=["first commits", "second commits", "first reads", "second reads"])
def order(race, request):
    """Which act begins, and how far it has come when the other one begins: «first reads» has read, but locked nothing.

    On SQLite nobody reads before it is his turn to write.
    """
    place, _, at = request.param.partition(" ")
    if at == "reads" and race.database.dialect == "sqlite":
        pytest.skip("on SQLite a writer takes his turn before he reads")
    return Order(race, ("first", "second").index(place), COMMIT if at == "commits" else LOCK)


@pytest.fixture
def scene(database, house, people):
    audit.keep_trail(database, b"key")
    return Scene(database, house, people)
