"""What the verbs leave in the audit trail agrees with the tasks: checked as `chief-planner consistency` checks it."""

from __future__ import annotations

import pytest

from processes.audit import keep_trail
from processes.consistency.trail import audit_of_acts
from processes.engine import work
from processes.engine.verbs import asking, recalling, sending_back
from tests.engine.verbs.conftest import office_of
from tests.engine.verbs.test_verbs import ROW


@pytest.fixture
def row(database, tmp_path):
    keep_trail(database, b"key of the tests")
    office = office_of(database, tmp_path)
    office.start(ROW)
    office.do(office.people.clerk, "draft")
    return office


def problems(office):
    with office.database.reading() as session:
        return [each.code for each in audit_of_acts(session)]


def test_a_task_that_was_sent_back_is_done_without_having_been_completed(row):
    row.act(sending_back.send_back, row.people.section, row.item("check").id, "previous", "again", "补")
    assert problems(row) == []


def test_a_task_by_which_a_case_was_refused_is_done_too(row):
    row.act(sending_back.reject, row.people.section, row.item("check").id, "不符合")
    assert problems(row) == []


def test_who_has_signed_before_others_sign_has_completed_and_may_take_it_back_and_do_it_anew(row):
    p, item = row.people, row.item("check")
    (after,) = row.act(asking.add_signers, p.section, item.id, ["hr"], "请把关", after=True)
    row.do(p.section, "check")
    assert problems(row) == []
    row.act(recalling.recall, p.section, item.id, "漏了")
    assert problems(row) == []
    row.do(p.section, "check")
    assert problems(row) == []
    row.act(work.complete, p.hr, after.id, {"opinion": "同意"})
    assert problems(row) == []
