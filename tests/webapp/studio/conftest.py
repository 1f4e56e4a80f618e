from __future__ import annotations

import pytest

from processes.engine import definitions, drafts
from tests.webapp.pages import letters
from tests.webapp.pages.letters import actor


@pytest.fixture
def desk(desk):
    """A desk on which letters are written."""
    letters.deploy(desk)
    return desk


@pytest.fixture
def draft(desk):
    """A draft of the next version of the letter."""
    with desk.db.transaction() as session:
        base = definitions.active_definition(session, "letter")
        return drafts.create(session, actor(desk, "owner"), "letter", base_id=base.id, title="复函时限延长")


@pytest.fixture
def kept(desk, draft):
    """What the draft holds now."""

    def read(path=None):
        with desk.db.reading() as session:
            found = drafts.files(session, draft.id)
        return found if path is None else found.get(path)

    return read
