"""More signers and fewer while a signing is open: 会签, 依次签, of people and of offices; the rule is judged again."""

from __future__ import annotations

import pytest

from processes.engine import work
from processes.engine.task_forms import form_for
from processes.engine.verbs import asking, joining, recalling
from processes.engine.verbs.signers import rounds
from processes.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.engine.spiff.drawn import chain, node
from tests.engine.test_work import diagram, lane, properties
from tests.engine.verbs.test_verbs import END, SIGNED, START, task

IN_TURN = SIGNED.replace('value="all"', 'value="sequence"')
MANY = (
    '<multiInstanceLoopCharacteristics><loopDataInputRef>{of}</loopDataInputRef><inputDataItem name="one"/>'
    "</multiInstanceLoopCharacteristics>"
)


def listed(collection: str, **given: str) -> str:
    """A signing whose signers a variable lists."""
    inner = properties(sign="all", **given) + MANY.format(of=collection)
    return diagram(
        START + task("draft") + node("userTask", "sign", inner, name="sign") + END
        + chain("s", "draft", "sign", "e"),
        lane("c", "draft", role="city_bureau.clerk") + lane("l", "sign", role="district_government.clerk"),
    )  # fmt: skip


def begun(office, xml, **given):
    """A case whose signing is open."""
    office.start(xml, **given)
    office.do(office.people.clerk, "draft")
    return office


def sign(office, *people, opinion="同意"):
    for who in people:
        office.do(who, "sign", {"comment": opinion}, person_id=who.person_id)


def the_round(office):
    with office.database.reading() as session:
        (found,) = rounds(session, office.house, office.case())
        return found


def turn(office):
    (item,) = office.items(step="sign")
    return item


def actions(office, who, item):
    with office.database.reading() as session:
        return form_for(session, office.house, who, item.id).actions


# 会签


def test_who_is_brought_into_an_open_signing_signs_too_and_the_share_is_of_the_new_number(office_on_both):
    office, p = begun(office_on_both, SIGNED), office_on_both.people
    item = office.item("sign", person_id=p.leader.person_id)
    made = office.act(joining.sign_with, p.leader, item.id, ["hr", "section"], "涉及人事和处室")
    assert sorted(each.person_id for each in made) == sorted([p.hr.person_id, p.section.person_id])
    found = the_round(office)
    assert (found.total, found.needed, len(found.left)) == (5, 4, 5)
    assert office.told("signers_with") == [("局领导", "→ 人社经办、处长：涉及人事和处室")]
    assert any("请您会签" in each for each in office.notices(p.hr))
    sign(office, p.leader, p.deputy)
    assert office.open_steps().count("sign") == 3, "two of three would have been enough"
    sign(office, p.hr, p.section)
    assert office.open_steps() == ["print"]


def test_a_signature_of_somebody_brought_in_is_an_opinion_like_any_other(office):
    begun(office, SIGNED.replace('value="2/3"', 'value="1/1"'))
    p = office.people
    office.act(joining.sign_with, p.clerk, office.items(step="sign")[0].id, ["hr"], "请人社会签")
    office.do(p.hr, "sign", {"comment": "人社意见"}, person_id=p.hr.person_id)
    found = the_round(office)
    assert (found.done, [each.comment for each in found.signers if each.name == "人社经办"]) == (1, ["人社意见"])


def test_only_signers_the_starter_and_managers_bring_others_in_with_a_reason_and_nobody_twice(office):
    begun(office, SIGNED)
    p, item = office.people, office.items(step="sign")[0]
    for who, refusal in ((p.wanzhou, NotFound), (p.auditor, NotAllowed)):
        with pytest.raises(refusal):
            office.act(joining.sign_with, who, item.id, ["hr"], "x")
    for to, reason, field in (
        (["hr"], " ", "reason"),
        (["nobody"], "x", "to"),
        ([], "x", "to"),
        (["deputy"], "x", "to"),
    ):
        with pytest.raises(Invalid) as refused:
            office.act(joining.sign_with, p.manager, item.id, to, reason)
        assert field in refused.value.fields
    assert len(office.items(step="sign")) == 3
    assert "sign-with" in actions(office, p.clerk, item)
    assert "sign-with" not in actions(office, p.auditor, item)


def test_a_task_of_one_person_takes_no_more_signers(row):
    item = row.item("check")
    assert "sign-with" not in actions(row, row.people.section, item)
    with pytest.raises(Conflict, match="前加签"):
        row.act(joining.sign_with, row.people.section, item.id, ["hr"], "x")


def test_who_was_taken_out_may_be_asked_once_more(office):
    begun(office, SIGNED.replace('value="2/3"', 'value="1/1"'))
    p = office.people
    office.act(asking.remove_signer, p.manager, office.item("sign", person_id=p.third.person_id).id, "出差")
    assert the_round(office).total == 2
    office.act(joining.sign_with, p.manager, office.items(step="sign")[0].id, ["third"], "已回")
    assert the_round(office).total == 3
    sign(office, p.leader, p.deputy, p.third)
    assert office.open_steps() == ["print"]


def test_a_signature_taken_back_counts_once_in_who_is_left(office):
    begun(office, SIGNED)
    p = office.people
    signed = office.do(p.leader, "sign", person_id=p.leader.person_id)
    office.act(recalling.recall, p.leader, signed.id)
    found = the_round(office)
    assert (found.total, found.done, len(found.left)) == (3, 0, 3)


def test_a_waiting_signer_taken_out_may_end_the_signing_at_once(office_on_both):
    office, p = begun(office_on_both, SIGNED), office_on_both.people
    sign(office, p.leader)
    office.act(asking.remove_signer, p.manager, office.item("sign", person_id=p.third.person_id).id, "出差")
    assert the_round(office).needed == 2
    office.act(asking.remove_signer, p.manager, office.item("sign", person_id=p.deputy.person_id).id, "出差")
    assert office.open_steps() == ["print"]


def test_a_condition_of_the_diagram_is_judged_again_when_somebody_is_taken_out(office):
    ends = "<completionCondition>nrOfCompletedInstances / nrOfInstances &gt;= 0.5</completionCondition>"
    xml = listed("who", person="one").replace("</multiInstanceLoop", ends + "</multiInstanceLoop")
    begun(
        office, xml.replace('<spiffworkflow:property name="sign" value="all"/>', ""), who=["leader", "deputy", "third"]
    )
    p = office.people
    sign(office, p.leader)
    assert len(office.items(step="sign")) == 2
    office.act(asking.remove_signer, p.manager, office.item("sign", person_id=p.third.person_id).id, "出差")
    assert office.case().status == "completed"


def test_signers_that_a_variable_lists_get_more_people(office):
    begun(office, listed("who", person="one"), who=["leader", "deputy"])
    p = office.people
    office.act(joining.sign_with, p.manager, office.items(step="sign")[0].id, ["hr"], "会签")
    assert len(office.items(step="sign")) == 3
    sign(office, p.leader, p.deputy, p.hr)
    assert office.case().status == "completed"


def test_where_offices_sign_another_office_is_brought_in(office):
    begun(office, listed("where", unit="one"), where=["CQ-500101"])
    p, item = office.people, office.item("sign")
    with pytest.raises(Invalid) as refused:
        office.act(joining.sign_with, p.manager, item.id, ["万州区"], "x")
    assert "已在会签之列" in str(refused.value)
    with pytest.raises(Invalid):
        office.act(joining.sign_with, p.manager, item.id, ["无此单位"], "x")
    (made,) = office.act(joining.sign_with, p.manager, item.id, ["CQ-500102"], "毗邻区县")
    assert made.organization_id == "gov:CQ-500102"
    office.act(work.complete, p.wanzhou, item.id, {})
    assert office.open_steps() == ["sign"]


def test_who_is_asked_aside_for_a_signer_is_told_when_the_signer_is_taken_out(office):
    begun(office, SIGNED)
    p, item = office.people, office.items(step="sign")[0]
    signer = next(each for each in vars(p).values() if each.person_id == item.person_id)
    office.act(asking.add_signers, signer, item.id, ["hr"], "请先看", after=False)
    office.act(asking.remove_signer, p.manager, item.id, "出差")
    assert any("无需您再办理" in each for each in office.notices(p.hr))


# 依次签


def test_in_turn_whoever_is_brought_in_comes_last_or_next(office_on_both):
    office, p = begun(office_on_both, IN_TURN.replace('value="2/3"', 'value="1/1"')), office_on_both.people
    first = turn(office)
    assert office.act(joining.sign_with, p.clerk, first.id, ["hr"], "末位") == []
    office.act(joining.sign_with, p.clerk, first.id, ["section"], "下一位", is_next=True)
    names = [each.name for each in the_round(office).ahead]
    assert (names[0], names[-1], len(names)) == ("处长", "人社经办", 4)
    assert any("轮到您时" in each for each in office.notices(p.hr))
    with pytest.raises(Invalid):
        office.act(joining.sign_with, p.clerk, first.id, ["hr"], "再来")
    order = []
    while item := next(iter(office.items(step="sign")), None):
        who = next(each for each in vars(p).values() if each.person_id == item.person_id)
        office.do(who, "sign")
        order.append(who.name)
    assert (order[1], order[-1], len(order)) == ("处长", "人社经办", 5)
    assert office.open_steps() == ["print"]


def test_one_whose_turn_has_not_come_is_taken_out_and_the_rule_is_judged_again_at_once(office_on_both):
    office, p = begun(office_on_both, IN_TURN), office_on_both.people
    who = {each.person_id: each for each in vars(p).values()}
    office.do(who[turn(office).person_id], "sign")
    item, (last,) = turn(office), the_round(office).ahead
    assert the_round(office).needed == 2
    with pytest.raises(NotAllowed):
        office.act(joining.leave_out, who[item.person_id], item.id, last.key, "x")
    with pytest.raises(Invalid):
        office.act(joining.leave_out, p.manager, item.id, last.key, "")
    office.act(joining.leave_out, p.manager, item.id, last.key, "出差")
    assert (the_round(office).ahead, the_round(office).total) == ((), 2)
    assert office.told("signer_removed") == [("管理员", f"{last.name}：出差")]
    with pytest.raises(Conflict):
        office.act(joining.leave_out, p.manager, item.id, last.key, "再减")
    office.do(who[item.person_id], "sign")
    assert office.open_steps() == ["print"]


def test_leaving_out_those_to_come_can_decide_a_signing_in_turn(office):
    begun(office, IN_TURN.replace('value="2/3"', 'value="50%"'))
    p = office.people
    who = {each.person_id: each for each in vars(p).values()}
    office.do(who[turn(office).person_id], "sign")
    (last,) = the_round(office).ahead
    office.act(joining.leave_out, p.manager, turn(office).id, last.key, "出差")
    assert office.open_steps() == ["print"], "one of two is half"
    assert office.item("sign", "cancelled").result == "已达到通过比例，无需再签"


def test_who_is_brought_in_last_signs_although_the_last_one_signs_already(office):
    begun(office, IN_TURN.replace('value="2/3"', 'value="1/1"'))
    p = office.people
    who = {each.person_id: each for each in vars(p).values()}
    for _number in range(2):
        office.do(who[turn(office).person_id], "sign")
    office.act(joining.sign_with, p.manager, turn(office).id, ["hr"], "补一位")
    office.do(who[turn(office).person_id], "sign")
    assert turn(office).person_id == p.hr.person_id


@pytest.fixture
def row(office):
    body = START + task("check") + END + chain("s", "check", "e")
    office.start(diagram(body, lane("h", "check", role="city_bureau.section")))
    return office
