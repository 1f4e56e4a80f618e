"""Offices of the bench on both kinds of database, opened once for all tests that only add to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from webapp.bench.databases import scratch_file, scratch_on_server
from webapp.bench.office import Office, open_office


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scratch(request: pytest.FixtureRequest) -> Callable[[Path], AbstractContextManager[str]]:
    """Makes empty databases of one kind."""
    if request.param == "sqlite":
        return scratch_file
    server = request.getfixturevalue("postgresql_url")
    return lambda folder: scratch_on_server(server)


@pytest.fixture(scope="module")
def office(scratch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A furnished office."""
    folder = tmp_path_factory.mktemp("office")
    with scratch(folder) as url, open_office(folder, url, workers=1) as opened:
        yield opened
