"""What the verbs are in the event log: the standard life cycle of XES, each act once and with who it was."""

from __future__ import annotations

import pytest

from processes.engine import cases, handing_on, work
from processes.engine.statistics.event_log import LogSight, Pseudonyms, event_log, xes_lines
from processes.engine.verbs import asking, joining, moving, recalling, sending_back
from processes.engine.verbs.signers import rounds
from tests.engine.verbs.test_joining import IN_TURN
from tests.engine.verbs.test_verbs import ROW, SIGNED

STANDARD = {
    *("schedule", "assign", "reassign", "start", "suspend", "resume", "complete", "withdraw"),
    *("autoskip", "manualskip", "pi_abort", "ate_abort"),
}


@pytest.fixture
def row(office):
    office.start(ROW)
    office.do(office.people.clerk, "draft")
    return office


def log(office):
    """Step, transition and person of each event behind the first step."""
    with office.database.reading() as session:
        found = list(event_log(session, office.people.manager, LogSight(names=True), Pseudonyms(b"x")))
    assert {each.lifecycle for each in found} <= STANDARD
    return [(each.activity, each.lifecycle, each.resource) for each in found if each.activity not in ("s", "draft")]


def test_a_task_waits_while_it_is_delegated_and_is_resumed_by_who_hands_it_back(row):
    p = row.people
    made = row.act(asking.delegate, p.section, row.item("check").id, "clerk", "请先核")
    row.act(work.complete, p.clerk, made.id, {})
    row.do(p.section, "check")
    assert log(row)[:5] == [
        ("check", "schedule", ""), ("check", "suspend", "处长"), ("check", "complete", "经办甲"),
        ("check", "resume", "经办甲"), ("check", "complete", "处长"),
    ]  # fmt: skip


@pytest.mark.parametrize(("way", "transition"), [("again", "complete"), ("straight", "suspend")])
def test_sent_back_it_is_done_or_waits(row, way, transition):
    row.act(sending_back.send_back, row.people.section, row.item("check").id, "previous", way, "补")
    assert log(row)[1] == ("check", transition, "处长")


def test_recalled_moved_handed_on_suspended_and_ended(row):
    p = row.people
    row.do(p.section, "check")
    row.act(recalling.recall, p.section, row.item("check", "done").id)
    assert log(row)[-1] == ("check", "reassign", "处长")
    row.act(moving.move, p.owner, row.item("check").id, "decide", "误派")
    assert [each for each in log(row) if each[1] == "withdraw" and each[0] == "check"] == [
        ("check", "withdraw", "流程员")
    ]
    row.act(handing_on.transfer, p.leader, row.item("decide").id, "deputy", "请代")
    row.act(cases.suspend, p.manager, row.case_id, "停")
    row.act(cases.resume, p.manager, row.case_id, "续")
    row.act(cases.cancel, p.manager, row.case_id, "不办")
    assert [each[1] for each in log(row)][-4:] == ["reassign", "suspend", "resume", "pi_abort"]


def test_signers_are_assigned_and_withdrawn_once(office):
    p = office.people
    office.start(SIGNED)
    office.do(p.clerk, "draft")
    item = office.items(step="sign")[0]
    office.act(joining.sign_with, p.manager, item.id, ["hr"], "会签")
    office.act(asking.remove_signer, p.manager, item.id, "出差")
    found = [each for each in log(office) if each[1] != "schedule"]
    assert found == [("sign", "assign", "管理员"), ("sign", "withdraw", "管理员")]


def test_who_never_had_a_task_is_not_withdrawn_from_one(office):
    p = office.people
    office.start(IN_TURN)
    office.do(p.clerk, "draft")
    (item,) = office.items(step="sign")
    with office.database.reading() as session:
        key = rounds(session, office.house, office.case())[0].ahead[-1].key
    office.act(joining.leave_out, p.manager, item.id, key, "出差")
    assert log(office) == [("sign", "schedule", "")]
    with office.database.reading() as session:
        told = event_log(session, p.manager, LogSight(), Pseudonyms(b"x"))
        assert '<string key="lifecycle:transition" value="schedule"/>' in "".join(xes_lines(told))
