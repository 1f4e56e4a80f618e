"""Tasks that wait: who sees them and who has them, that nobody is reminded meanwhile, and whom notices reach."""

from __future__ import annotations

from datetime import timedelta

import pytest

from processes import clock
from processes.engine import cases, handing_on, held, inbox, reminding, tracking, work
from processes.engine.inbox import Filter
from processes.engine.models import WorkItem
from processes.engine.recording import REMIND
from processes.engine.task_forms import form_for
from processes.engine.verbs import asking
from processes.errors import Conflict, NotFound
from processes.identity import stand_ins
from processes.jobs import Job, Taken
from processes.notices import Notice
from processes.paging import Page
from tests.engine.verbs.test_verbs import ROW, arranged, standing_in


@pytest.fixture
def row(office_on_both):
    office_on_both.start(ROW)
    office_on_both.do(office_on_both.people.clerk, "draft", {"comment": "初稿"})
    return office_on_both


def waiting(office, actor):
    """The list of what waits: step, status and who has what it waits for."""
    with office.database.reading() as session:
        found = inbox.work(session, actor, "held")
        assert inbox.counts(session, actor).held == found.total
        waits = held.waits(session, found.items)
        return [(each.step, each.status, waits[each.id].names, waits[each.id].reason) for each in found.items]


def test_what_is_delegated_stays_in_a_list_of_its_holder_with_who_has_it_until_it_comes_back(row):
    p, item = row.people, row.item("check")
    made = row.act(asking.delegate, p.section, item.id, "clerk", "请先核")
    assert waiting(row, p.section) == [("check", "held", ("经办甲",), "")]
    assert waiting(row, p.clerk) == waiting(row, p.leader) == []
    with row.database.reading() as session:
        assert inbox.work(session, p.section, "todo").total == 0
    row.act(work.complete, p.clerk, made.id, {})
    assert waiting(row, p.section) == []
    assert row.told("handed_back") == [("经办甲", "")]


def test_those_who_are_to_sign_after_somebody_wait_for_nothing_before_they_are_asked(row):
    p, item = row.people, row.item("check")
    row.act(asking.add_signers, p.section, item.id, ["leader"], "请把关", after=True)
    assert waiting(row, p.leader) == []
    row.do(p.section, "check")
    assert waiting(row, p.section) == [("check", "held", ("局领导",), "")]


def test_the_tasks_of_a_suspended_case_are_found_with_the_reason_and_are_back_when_it_is_resumed(row):
    p = row.people
    row.act(cases.suspend, p.manager, row.case_id, "等待上级答复")
    assert waiting(row, p.section) == [("check", "open", (), "等待上级答复")]
    assert waiting(row, p.other) == []
    with pytest.raises(Conflict, match="挂起"):
        row.act(handing_on.remind, p.clerk, row.item("check").id)
    row.act(cases.resume, p.manager, row.case_id, "已答复")
    assert waiting(row, p.section) == []


def test_who_has_asked_sees_what_was_asked_and_urges_it_and_takes_it_back(row):
    p, item = row.people, row.item("check")
    (made,) = row.act(asking.add_signers, p.section, item.id, ["hr"], "请先看", after=False)
    with pytest.raises(Conflict, match="等待他人"):
        row.act(handing_on.remind, p.clerk, item.id)
    row.act(handing_on.remind, p.section, made.id, "急件")
    assert any("请您办理" in each for each in row.notices(p.hr))
    with pytest.raises(NotFound):
        row.act(handing_on.remind, p.wanzhou, made.id)
    row.act(asking.remove_signer, p.section, made.id, "自己办")
    assert waiting(row, p.section) == []


def test_nobody_is_reminded_of_a_task_while_it_waits_and_the_reminder_comes_afterwards(row):
    p, item = row.people, row.item("check")
    (made,) = row.act(asking.add_signers, p.section, item.id, ["hr"], "请先看", after=False)

    def remind():
        with row.database.transaction() as session:
            args = {"item": str(item.id)}
            reminding.remind(session, row.house, Taken(item.id, REMIND, args, "k", clock.now(), 1), None)
            return [each.due_at for each in session.query(Job).filter_by(kind=REMIND)]

    assert remind(), "it is put off, not lost"
    assert not any("请办理" in each for each in row.notices(p.section))
    row.act(work.complete, p.hr, made.id, {"opinion": "同意"})
    remind()
    assert any("请办理" in each for each in row.notices(p.section))


# 代理人也收到


def told(office, who):
    with office.database.reading() as session:
        found = session.query(Notice).filter_by(person_id=who.person_id).order_by(Notice.at)
        return [(each.kind, each.whose) for each in found if each.work_item_id is not None]


def test_notices_about_work_reach_the_stand_in_too_with_whose_it_is(row):
    p, item = row.people, row.item("check")
    row.act(work.claim, p.section, item.id)
    arrangement = arranged(row, p.section, "other")
    row.act(handing_on.remind, p.clerk, item.id, "急")
    assert told(row, p.other) == [("reminder", "处长")]
    assert standing_in(row, "other").standing_in
    row.act(stand_ins.end, p.section, arrangement.id)
    now = clock.MovableClock(clock.now() + timedelta(hours=2))
    with clock.running_on(now):
        row.act(handing_on.remind, p.clerk, item.id, "急")
    assert len(told(row, p.other)) == 1


def test_what_lies_with_a_post_is_told_to_the_stand_in_of_its_holder(row):
    arranged(row, row.people.section, "other")
    row.act(handing_on.remind, row.people.clerk, row.item("check").id)
    assert told(row, row.people.other) == [("reminder", "处长")]


@pytest.mark.parametrize(("more", "login"), [({"processes": ["another"]}, "other"), ({}, "clerk")])
def test_no_notice_of_other_procedures_nor_of_ones_own_request(row, more, login):
    p = row.people
    arranged(row, p.section, login, **more)
    row.act(handing_on.remind, p.manager, row.item("check").id)
    assert told(row, getattr(p, login)) == []


def test_a_held_task_is_found_by_the_stand_in_of_its_holder(row):
    p = row.people
    arranged(row, p.section, "other")
    with row.database.reading() as session:
        item = session.get_one(WorkItem, row.item("check").id)
    row.act(asking.add_signers, standing_in(row, "other"), item.id, ["hr"], "请先看", after=False)
    assert [each[0] for each in waiting(row, standing_in(row, "other"))] == ["check"]
    assert [each[0] for each in waiting(row, p.section)] == ["check"]


@pytest.mark.parametrize("page", [Page(sort="title"), Page(sort="-created"), Page()])
@pytest.mark.parametrize("view", ["stand_in", "group", "held"])
def test_a_list_of_which_somebody_has_no_share_is_empty_in_whatever_order(office, view, page):
    """Who stands in for nobody has asked the list of that sorted by title: it once failed."""
    with office.database.reading() as session:
        found = inbox.work(session, office.people.applicant, view, Filter(search="文" if page.sort else ""), page)
        assert (list(found.items), found.total) == ([], 0)


def test_what_somebody_has_done_as_a_stand_in_he_may_look_at_when_the_time_is_over(row):
    """It stands in the list of what he has done; opening it from there once said that there is no such task."""
    p, arrangement = row.people, arranged(row, row.people.section, "other")
    row.do(standing_in(row, "other"), "check")
    row.act(stand_ins.end, p.section, arrangement.id)
    other = standing_in(row, "other")
    with row.database.reading() as session:
        (done,) = [each for each in inbox.work(session, other, "done").items if each.step == "check"]
        assert form_for(session, row.house, other, done.id).submission is not None
        assert tracking.case_for(session, other, done.case_id).id == done.case_id
        assert not {"complete", "return"} & form_for(session, row.house, other, done.id).actions
