"""Each verb on a small case: permission, reason, history, notice, and what the case does then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from processes import clock
from processes.engine import cases, handing_on, inbox, work
from processes.engine.house import Operation
from processes.engine.task_forms import form_for
from processes.engine.verbs import asking, circulating, handing_over, moving, phrases, recalling, sending_back
from processes.engine.verbs.signers import rounds
from processes.errors import Conflict, Invalid, NotAllowed, NotFound
from processes.forms.wording import Wording
from processes.identity import stand_ins
from processes.identity.models import Person
from processes.identity.people import actor_of
from tests.engine.spiff.drawn import chain, flow, node
from tests.engine.test_work import diagram, lane, properties
from tests.engine.verbs.conftest import WITHOUT_HOUSE

WITHOUT_HOUSE.update(
    {work.claim, work.release, handing_on.transfer, handing_on.remind, phrases.add, phrases.remove},
    {circulating.copy_to, circulating.ask, circulating.answer, circulating.read, circulating.pass_on},
    {handing_over.hand_over, stand_ins.arrange, stand_ins.end, recalling.note_opening},
)
START, END = node("startEvent", "s"), node("endEvent", "e", name="办结")


def task(name: str, **given: str) -> str:
    return node("userTask", name, properties(**given) if given else "", name=name)


ROW = diagram(
    START + task("draft") + task("check") + task("decide") + END + chain("s", "draft", "check", "decide", "e"),
    lane("c", "draft", role="city_bureau.clerk") + lane("h", "check", role="city_bureau.section")
    + lane("l", "decide", role="city_bureau.leader"),
)  # fmt: skip
SIGNED = diagram(
    START + task("draft") + task("sign", sign="all", **{"pass": "2/3"}) + node("exclusiveGateway", "g", default="no")
    + task("print") + END + node("endEvent", "e2", name="未通过") + chain("s", "draft", "sign", "g")
    + flow("g", "print", "passed") + flow("g", "e2", None, "no") + chain("print", "e"),
    lane("c", "draft", "print", role="city_bureau.clerk") + lane("l", "sign", role="city_bureau.leader"),
)  # fmt: skip
SPLIT = diagram(
    START + task("draft") + node("parallelGateway", "f") + task("law") + task("money") + node("parallelGateway", "j")
    + task("decide") + END + chain("s", "draft", "f", "law", "j", "decide", "e") + chain("f", "money", "j"),
    lane("c", "draft", "money", role="city_bureau.clerk") + lane("h", "law", role="city_bureau.section")
    + lane("l", "decide", role="city_bureau.leader"),
)  # fmt: skip


@pytest.fixture
def row(office):
    office.start(ROW)
    office.do(office.people.clerk, "draft", {"comment": "初稿"})
    return office


# 退回、驳回


def test_a_task_sent_back_is_done_again_by_whoever_did_it_with_what_was_written(row):
    p = row.people
    row.do(p.section, "check", {"comment": "可"})
    item = row.item("decide")
    back = row.act(sending_back.send_back, p.leader, item.id, "previous", "again", "材料不全")
    assert (back.status, back.result, back.completed_by) == ("done", "退回", "局领导")
    again = row.item("check")
    assert again.claimed_by == "处长"
    with row.database.reading() as session:
        task_form = form_for(session, row.house, p.section, again.id)
    assert task_form.values["comment"] == "可"
    assert row.told("returned") == [("局领导", "→ check：材料不全")]
    assert any("局领导退回" in each for each in row.notices(p.section))
    row.do(p.section, "check")
    row.do(p.leader, "decide")
    assert (row.case().status, row.opinions()) == ("completed", 5)


def test_a_task_sent_back_to_the_starter_goes_through_all_steps_again(row):
    p = row.people
    row.do(p.section, "check")
    row.act(sending_back.send_back, p.leader, row.item("decide").id, "starter", "again", "重写")
    assert row.open_steps() == ["draft"]
    row.do(p.clerk, "draft")
    assert row.open_steps() == ["check"]


def test_mended_straight_it_comes_back_to_whoever_returned_it_and_everything_else_stays(row):
    p = row.people
    row.do(p.section, "check")
    item = row.item("decide")
    row.act(sending_back.send_back, p.leader, item.id, "starter", "straight", "补材料")
    assert row.item("decide", "held").claimed_by == "局领导"
    mend = row.item("draft")
    assert (mend.attached_as, mend.claimed_by) == ("mend", "经办甲")
    with pytest.raises(Conflict, match="等待"):
        row.act(work.complete, p.leader, item.id, {})
    row.do(p.clerk, "draft", {"comment": "补齐"})
    assert row.open_steps() == ["decide"]
    row.do(p.leader, "decide")
    assert (row.case().status, row.opinions()) == ("completed", 4)


def test_sending_back_needs_a_reason_a_target_and_ones_own_task(row):
    p, item = row.people, row.item("check")
    with pytest.raises(Invalid) as refused:
        row.act(sending_back.send_back, p.section, item.id, "previous", "again", " ")
    assert "reason" in refused.value.fields
    with pytest.raises(Invalid):
        row.act(sending_back.send_back, p.section, item.id, "nowhere", "again", "x")
    with pytest.raises(NotAllowed):
        row.act(sending_back.send_back, p.leader, item.id, "previous", "again", "x")
    assert row.open_steps() == ["check"]


def test_from_a_branch_back_to_before_the_split_the_other_branch_is_withdrawn_and_told(office):
    p = office.people
    office.start(SPLIT)
    office.do(p.clerk, "draft")
    office.act(work.claim, p.other, office.item("money").id)
    found = office.act(sending_back.targets, p.section, office.item("law").id)
    assert [(each.step, each.withdrawn, each.people) for each in found] == [("draft", 1, ("经办甲",))]
    office.act(sending_back.send_back, p.section, office.item("law").id, found[0].id, "again", "重来")
    assert office.open_steps() == ["draft"]
    assert office.item("money", "cancelled").result == "已由处长退回"
    assert any("无需您再办理" in each for each in office.notices(p.other))
    for who, step in ((p.clerk, "draft"), (p.section, "law"), (p.clerk, "money"), (p.leader, "decide")):
        office.do(who, step)
    assert office.case().status == "completed"


def test_what_the_diagram_forbids_is_not_offered(office):
    p = office.people
    body = (
        START
        + task("draft")
        + task("decide", **{"return": "no", "reject": "no"})
        + END
        + chain("s", "draft", "decide", "e")
    )
    office.start(diagram(body, lane("c", "draft", "decide", role="city_bureau.clerk")))
    office.do(p.clerk, "draft")
    item = office.item("decide")
    with office.database.reading() as session:
        actions = form_for(session, office.house, p.clerk, item.id).actions
    assert not {"return", "reject"} & actions
    with pytest.raises(Conflict):
        office.act(sending_back.send_back, p.clerk, item.id, "previous", "again", "x")
    with pytest.raises(NotAllowed):
        office.act(sending_back.reject, p.clerk, item.id, "x")


def test_what_acts_by_itself_is_not_repeated_unless_the_diagram_says_so(office):
    p = office.people
    office.house.operations = {"count": Operation("count", Wording("count"), lambda call: None)}
    body = START + task("draft") + node("serviceTask", "op", properties(operation="count"), name="编号") + task("check")
    body += task("decide", **{"return": "any"}) + END + chain("s", "draft", "op", "check", "decide", "e")
    office.start(diagram(body, lane("c", "draft", "check", "decide", role="city_bureau.clerk")))
    office.do(p.clerk, "draft")
    (found,) = office.act(sending_back.targets, p.clerk, office.item("check").id)
    assert (found.ways, found.repeated) == (("straight",), ("编号",))
    office.do(p.clerk, "check")
    found = office.act(sending_back.targets, p.clerk, office.item("decide").id)
    assert [each.ways for each in found] == [("again", "straight")] * 2


def test_a_refused_case_ends_with_the_opinion_and_its_starter_is_told(row):
    p = row.people
    case = row.act(sending_back.reject, p.section, row.item("check").id, "不符合规定")
    assert (case.status, case.outcome) == ("terminated", "驳回：不符合规定")
    assert row.items() == []
    assert row.opinions() == 2
    assert any("驳回" in each for each in row.notices(p.clerk))


# 撤回、撤销


def test_what_was_sent_can_be_recalled_until_somebody_has_opened_it(row):
    p = row.people
    sent = row.item("draft", "done")
    again = row.act(recalling.recall, p.clerk, sent.id, "漏了附件")
    assert (again.step, again.claimed_by) == ("draft", "经办甲")
    assert row.open_steps() == ["draft"]
    row.do(p.clerk, "draft")
    row.act(recalling.note_opening, p.section, row.item("check").id)
    with pytest.raises(Conflict, match="处长已打开"):
        row.act(recalling.recall, p.clerk, row.items("done", step="draft")[-1].id)


def test_only_the_sender_recalls_and_only_what_was_not_done_yet(row):
    p = row.people
    sent = row.item("draft", "done")
    with pytest.raises(NotAllowed):
        row.act(recalling.recall, p.leader, sent.id)
    row.do(p.section, "check")
    with pytest.raises(Conflict, match="已办理"):
        row.act(recalling.recall, p.clerk, sent.id)


def test_the_starter_takes_a_case_back_with_a_remark_and_nobody_else(row):
    p = row.people
    with pytest.raises(NotAllowed):
        row.act(cases.withdraw, p.other, row.case_id, "不办了")
    with pytest.raises(Invalid):
        row.act(cases.withdraw, p.clerk, row.case_id, "")
    case = row.act(cases.withdraw, p.clerk, row.case_id, "不办了")
    assert (case.status, row.items(), row.told("withdrawn")) == ("cancelled", [], [("经办甲", "不办了")])


# 会签、或签、依次签


def test_each_holder_of_the_post_signs_and_two_of_three_are_enough(office):
    p = office.people
    office.start(SIGNED)
    office.do(p.clerk, "draft")
    assert len(office.items(step="sign")) == 3
    office.do(p.leader, "sign", {"comment": "行"}, person_id=p.leader.person_id)
    with office.database.reading() as session:
        (found,) = rounds(session, office.house, office.case())
        assert (found.needed, found.done, sorted(each.name for each in found.left)) == (2, 1, ["副局长", "总规划师"])
    office.do(p.deputy, "sign", person_id=p.deputy.person_id)
    assert office.item("sign", "cancelled").result == "已达到通过比例，无需再签"
    assert office.open_steps() == ["print"]


def test_the_first_answer_ends_the_tasks_of_the_others(office):
    p = office.people
    office.start(SIGNED.replace('value="all"', 'value="any"').replace('name="pass"', 'name="unused"'))
    office.do(p.clerk, "draft")
    office.do(p.third, "sign", person_id=p.third.person_id)
    assert {each.result for each in office.items("cancelled", step="sign")} == {"已由总规划师办理"}


def test_a_signature_is_taken_back_while_the_others_are_waited_for(office):
    p = office.people
    office.start(SIGNED)
    office.do(p.clerk, "draft")
    signed = office.do(p.leader, "sign", person_id=p.leader.person_id)
    again = office.act(recalling.recall, p.leader, signed.id)
    assert (again.person_id, len(office.items(step="sign"))) == (p.leader.person_id, 3)
    for who in (p.leader, p.deputy):
        office.do(who, "sign", person_id=who.person_id)
    assert office.open_steps() == ["print"]


def test_one_signer_fewer_and_the_rule_is_judged_again(office):
    p = office.people
    office.start(SIGNED.replace('value="2/3"', 'value="1/1"'))
    office.do(p.clerk, "draft")
    for who in (p.leader, p.deputy):
        office.do(who, "sign", person_id=who.person_id)
    item = office.item("sign")
    with pytest.raises(NotAllowed):
        office.act(asking.remove_signer, p.leader, item.id, "出差")
    office.act(asking.remove_signer, p.manager, item.id, "出差")
    assert office.open_steps() == ["print"]
    assert office.item("sign", "cancelled").result == "已由管理员减签"


def test_a_named_signature_is_handed_on_for_good(office):
    p = office.people
    office.start(SIGNED)
    office.do(p.clerk, "draft")
    item = office.item("sign", person_id=p.leader.person_id)
    office.act(handing_on.transfer, p.leader, item.id, "section", "由处长签")
    assert office.do(p.section, "sign", person_id=p.section.person_id).completed_by == "处长"


# 委派、加签


def test_what_is_delegated_comes_back_to_be_signed(row):
    p, item = row.people, row.item("check")
    made = row.act(asking.delegate, p.section, item.id, "clerk", "请先核")
    assert row.item("check", "held").claimed_by == "处长"
    row.act(work.complete, p.clerk, made.id, {"comment": "已核"})
    with row.database.reading() as session:
        task_form = form_for(session, row.house, p.section, item.id)
    assert task_form.values["comment"] == "已核"
    row.do(p.section, "check", {"comment": "已核，同意"})
    assert row.open_steps() == ["decide"]
    assert row.opinions() == 3


def test_those_asked_before_sign_first_and_those_asked_after_sign_before_it_goes_on(row):
    p, item = row.people, row.item("check")
    row.act(asking.add_signers, p.section, item.id, ["hr", "other"], "请会签", after=False)
    first, second = row.items()
    row.act(work.complete, p.hr, first.id, {"opinion": "同意"})
    assert row.item("check", "held").id == item.id
    with pytest.raises(Invalid):
        row.act(work.complete, p.other, second.id, {"opinion": "不同意"})
    row.act(work.complete, p.other, second.id, {"opinion": "不同意", "comment": "依据不足"})
    row.act(asking.add_signers, p.section, item.id, ["leader"], "请把关", after=True)
    row.do(p.section, "check")
    (after,) = row.items()
    assert (after.attached_as, row.case().status, row.told("signed")) == ("after", "running", [("处长", "")])
    row.act(work.complete, p.leader, after.id, {"opinion": "同意"})
    assert row.open_steps() == ["decide"]
    assert row.told("completed")[-1][0] == "处长"
    assert row.opinions() == 5


def test_a_signer_who_was_added_is_removed_and_the_task_goes_on(row):
    p, item = row.people, row.item("check")
    (made,) = row.act(asking.add_signers, p.section, item.id, ["hr"], "请会签", after=False)
    with pytest.raises(NotFound):
        row.act(asking.remove_signer, p.wanzhou, made.id, "x")
    row.act(asking.remove_signer, p.section, made.id, "不必了")
    assert row.item("check").id == item.id


def test_when_the_case_leaves_the_step_those_who_were_asked_are_asked_no_more(row):
    p, item = row.people, row.item("check")
    row.act(asking.add_signers, p.section, item.id, ["hr"], "请会签", after=False)
    row.act(cases.withdraw, p.clerk, row.case_id, "不办了")
    assert row.items("open", "held") == []


# 催办、抄送、沟通


def test_urging_is_logged_and_limited(row):
    p, item = row.people, row.item("check")
    row.act(handing_on.remind, p.clerk, item.id, "急件")
    with pytest.raises(Conflict):
        row.act(handing_on.remind, p.clerk, item.id)
    assert row.told("reminded") == [("经办甲", "急件")]


def test_a_copy_is_read_passed_on_and_never_blocks(row):
    p = row.people
    (copy,) = row.act(circulating.copy_to, p.clerk, row.item("check").id, ["hr"], "请阅")
    with pytest.raises(NotFound):
        row.act(circulating.read, p.other, copy.id)
    assert row.act(circulating.read, p.hr, copy.id).read_at is not None
    row.act(circulating.pass_on, p.hr, copy.id, ["other"])
    row.act(sending_back.reject, p.section, row.item("check").id, "退")
    assert row.act(circulating.answer, p.hr, copy.id, "阅，建议再议").answer
    assert row.told("answered") == [("人社经办", "阅，建议再议")]


def test_a_question_aside_is_answered_without_moving_the_case(row):
    p = row.people
    asked = row.act(circulating.ask, p.section, row.item("check").id, "hr", "编制数？")
    row.act(circulating.answer, p.hr, asked.id, "三个")
    assert row.open_steps() == ["check"]
    assert any("回复了您" in each for each in row.notices(p.section))


# 代理、交接


def standing_in(office, login):
    with office.database.reading() as session:
        person = session.query(Person).filter_by(login=login).one()
        return actor_of(session, person, clock.today())


def arranged(office, principal, login, days=3, **more):
    today = clock.today()
    return office.act(stand_ins.arrange, principal, login, today, today + timedelta(days=days), **more)


def test_a_stand_in_does_the_work_under_both_names(row):
    p = row.people
    arranged(row, p.section, "other")
    other = standing_in(row, "other")
    with row.database.reading() as session:
        assert [each.step for each in inbox.work(session, other, "stand_in").items] == ["check"]
    done = row.do(other, "check")
    assert (done.completed_by, done.on_behalf_id) == ("经办乙（代处长）", p.section.person_id)
    assert row.told("completed")[-1][0] == "经办乙（代处长）"


def test_a_stand_in_claims_for_the_other_so_that_it_stays_the_others(row):
    p = row.people
    arrangement = arranged(row, p.section, "other")
    item = row.act(work.claim, standing_in(row, "other"), row.item("check").id)
    assert item.claimed_by_id == p.section.person_id
    row.act(stand_ins.end, p.section, arrangement.id)
    assert standing_in(row, "other").standing_in == ()
    row.do(p.section, "check")


@pytest.mark.parametrize(("more", "login"), [({"processes": ["another"]}, "other"), ({}, "clerk")])
def test_no_standing_in_for_other_procedures_nor_for_ones_own_request(row, more, login):
    arranged(row, row.people.section, login, **more)
    who = standing_in(row, login)
    with row.database.reading() as session:
        assert list(inbox.work(session, who, "stand_in").items) == []
    with pytest.raises((NotAllowed, NotFound)):
        row.act(work.complete, who, row.item("check").id, {})


def test_standing_in_goes_no_further(row):
    p = row.people
    arranged(row, p.leader, "section")
    arranged(row, p.section, "other")
    row.do(p.section, "check")
    with row.database.reading() as session:
        assert list(inbox.work(session, standing_in(row, "other"), "stand_in").items) == []
        assert len(inbox.work(session, standing_in(row, "section"), "stand_in").items) == 1


@pytest.mark.parametrize(
    ("login", "days"), [("nobody", 1), ("section", 1), ("gov.500101", 1), ("other", -1), ("other", 500)]
)
def test_an_arrangement_that_makes_no_sense_is_refused(row, login, days):
    with pytest.raises(Invalid):
        arranged(row, row.people.section, login, days)


def test_all_open_work_of_a_leaver_is_moved_with_a_receipt(office):
    p = office.people
    office.start(SIGNED)
    office.do(p.clerk, "draft")
    with pytest.raises(NotAllowed):
        office.act(handing_over.hand_over, p.leader, "leader", "section", "调离")
    receipt = office.act(handing_over.hand_over, p.admin, "leader", "section", "调离")
    assert [(line["step"], line["now"]) for line in receipt.lines] == [("sign", "moved")]
    assert office.items(person_id=p.leader.person_id) == []
    office.do(p.section, "sign", person_id=p.section.person_id)
    assert office.told("handed_over") == [("系统员", "局领导 → 处长：调离")]


def test_what_the_successor_may_not_do_goes_back_to_all_who_hold_the_post(row):
    p = row.people
    row.act(work.claim, p.section, row.item("check").id)
    receipt = row.act(handing_over.hand_over, p.admin, "section", "other", "退休")
    assert [line["now"] for line in receipt.lines] == ["pool"]
    assert row.item("check").claimed_by_id is None


def test_copies_read_long_ago_do_not_crowd_out_what_waits_for_a_leaver(row, monkeypatch):
    monkeypatch.setattr(handing_over, "MOST_LINES", 2)
    p, item = row.people, row.item("check")
    for _again in range(3):
        [copy] = row.act(circulating.copy_to, p.section, item.id, ["other"])
        row.act(circulating.read, p.other, copy.id)
    asked = row.act(circulating.ask, p.section, item.id, "other", "何时可以答复？")
    receipt = row.act(handing_over.hand_over, p.admin, "other", "clerk", "调离")
    assert [(line["kind"], line["now"]) for line in receipt.lines] == [("question", "moved")]
    assert row.act(circulating.answer, p.clerk, asked.id, "下周").answer == "下周"


# 移动


def test_an_administrator_moves_a_token_with_a_reason(row):
    p, item = row.people, row.item("check")
    with pytest.raises(NotAllowed):
        row.act(moving.places, p.clerk, item.id)
    assert {each.element_id for each in row.act(moving.places, p.owner, item.id)} >= {"draft", "decide"}
    with pytest.raises(Invalid):
        row.act(moving.move, p.owner, item.id, "decide", "")
    row.act(moving.move, p.owner, item.id, "decide", "误派")
    assert row.open_steps() == ["decide"]
    assert row.told("moved") == [("流程员", "→ decide：误派")]


# 常用意见


def test_phrases_are_ones_own_or_the_houses(office):
    p = office.people
    office.act(phrases.add, p.clerk, "同意，请局领导审定。")
    with pytest.raises(NotAllowed):
        office.act(phrases.add, p.clerk, "公用", of_house=True)
    house = office.act(phrases.add, p.owner, "请按规定办理。", of_house=True)
    with pytest.raises(Conflict):
        office.act(phrases.add, p.clerk, " 同意，请局领导审定。 ")
    with office.database.reading() as session:
        assert [each.text for each in phrases.phrases(session, p.clerk)] == ["同意，请局领导审定。", "请按规定办理。"]
    with pytest.raises(NotAllowed):
        office.act(phrases.remove, p.clerk, house.id)


def test_what_would_come_up_for_somebody_who_has_left_comes_up_for_the_successor(office):
    p = office.people
    body = START + task("draft") + task("own", person="started_by") + END + chain("s", "draft", "own", "e")
    office.start(diagram(body, lane("c", "draft", role="city_bureau.clerk")))
    office.act(handing_over.hand_over, p.admin, "clerk", "other", "调离")
    with office.database.transaction() as session:
        session.get_one(Person, p.clerk.person_id).disabled = True
    office.do(p.other, "draft")
    assert office.item("own").person_id == p.other.person_id
