from __future__ import annotations

import pytest

from processes import clock
from processes.engine import drafts
from processes.engine.bundles import bundle_at
from processes.identity.people import actor_of, person_by_login
from tests.browser.modeler.page import BPMN, BUILT


@pytest.fixture
def make_draft(desk):
    """A draft of the process owner, of a procedure of this repository or of some files."""
    if not BUILT.is_file():
        pytest.skip("the studio is not built: make setup")

    def make(key="expenses", files=None, title=""):
        with desk.db.transaction() as session:
            actor = actor_of(session, person_by_login(session, "owner"), clock.today())
            found = drafts.create(session, actor, key, files=files or bundle_at(BPMN / key), title=title)
            return found.id

    return make


@pytest.fixture
def kept(desk):
    """The saved diagram of a draft."""

    def read(draft_id, path="process.bpmn"):
        with desk.db.reading() as session:
            return drafts.file(session, draft_id, path).decode(errors="replace")

    return read
