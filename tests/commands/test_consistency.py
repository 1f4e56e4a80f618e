from __future__ import annotations

import json
import resource
from contextlib import contextmanager

import pytest

from processes.db import Database
from processes.errors import NoRoom
from processes.files import FileStore
from processes.identity.actor import SYSTEM
from processes.sequences import RunningNumber


def test_a_new_installation_is_consistent(installed, run):
    ended = run("consistency")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("数据一致。")


def test_what_is_wrong_is_told_and_the_command_ends_with_1(installed, run, home):
    database = Database(f"sqlite:///{home / 'desk.db'}")
    with database.transaction() as session:
        session.add(RunningNumber(name="case:选聘:2026", last=3))
    database.close()
    ended = run("consistency", "--json")
    found = json.loads(ended.out)
    assert (ended.status, found["sound"]) == (1, False)
    assert [each["code"] for each in found["problems"]] == ["number-gap"]
    assert "选聘-2026" in found["problems"][0]["text"]
    assert "数据不一致" in run("consistency").out


@contextmanager
def files_of_at_most(size):
    """Let the system refuse to write more than this into any file, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_for_which_there_is_no_room_is_refused_and_leaves_nothing(sqlite_database, tmp_path):
    store = FileStore(tmp_path / "files")
    with sqlite_database.reading() as session, files_of_at_most(1000), pytest.raises(NoRoom) as refused:
        store.put(session, SYSTEM, "a.pdf", b"%PDF-1.7 " + bytes(5000))
    assert refused.value.status == 507
    assert [each for each in store.folder.rglob("*") if each.is_file()] == []
