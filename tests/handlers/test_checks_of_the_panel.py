"""What a deliberation, a list of posts and a final list must be before they are recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from handlers.appointment.deliberation_checks import _cast
from processes import clock
from processes.errors import Invalid
from processes.registers.history import change_status
from tests.handlers.stage import FULING, PRACTICAL, WANZHOU, Stage

Change = Callable[[Stage, dict[str, Any]], object]


@pytest.fixture
def met(small_stage):
    """Two posts, three people on the general and one on the practical route."""
    small_stage.posts(万州区=1, 涪陵区=1)
    small_stage.call()
    for name in ("欧阳喆", "王堃"):
        small_stage.eligible(name)
    small_stage.eligible("阿依努尔·买买提", **PRACTICAL)
    small_stage.eligible("钱赟", accept_assign=False, avoid_units=[{"unit": FULING, "reason": "配偶任职"}])
    small_stage.run("appointment.close_call")
    small_stage.run("appointment.build_book")
    return small_stage


def put(place: int, **cells: Any) -> Change:
    return lambda stage, given: given["per_post"][place].update(
        {key: str(stage.people[value].id) if value in stage.people else value for key, value in cells.items()}
    )


def drop_members(*places: int) -> Change:
    def drop(stage: Stage, given: dict[str, Any]) -> None:
        given["members"] = [row for place, row in enumerate(given["members"]) if place not in places]
        for row in [*given["per_post"], *given["route_b"]]:
            row["votes"] = "一致同意"

    return drop


def conflict_with(place: int, name: str) -> Change:
    return lambda stage, given: given["members"][place].update(conflict="有", conflict_with=str(stage.people[name].id))


def gone(name: str) -> Change:
    return lambda stage, given: change_status(stage.session, stage.clerk, stage.people[name], "withdrawn", "个人原因")


def route_b(**cells: Any) -> Change:
    return lambda stage, given: given["route_b"][0].update(cells)


def reserved(member: str) -> Change:
    return lambda stage, given: given.update(reserved=[{"member": member, "text": "保留意见"}])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ([drop_members(0)], "members"),
        ([drop_members(3, 4)], "members"),
        ([drop_members(0, 1, 2)], "members"),
        ([reserved("没有参会的人")], "reserved.0.member"),
        ([conflict_with(0, "欧阳喆")], "per_post.0.votes"),
        ([gone("欧阳喆")], "per_post.0.nominee"),
        ([put(1, nominee="欧阳喆")], "per_post.1.nominee"),
        ([put(1, nominee="钱赟")], "per_post.1.nominee"),
        ([put(0, reserve1="王堃")], "per_post.0.reserve1"),
        ([put(0, reserve1="欧阳喆")], "per_post.0.reserve1"),
        ([put(0, nominee=None)], "per_post.0.nominee"),
        ([put(0, how="空缺", reason="无合适人选")], "per_post.0.nominee"),
        ([put(0, how="空缺", nominee=None, reason="")], "per_post.0.reason"),
        ([put(0, how="二次报名", nominee=None, reason="无人")], None),
        ([put(1, how="邻区兼任", nominee="欧阳喆")], None),
        ([put(0, nominee="阿依努尔·买买提")], None),
        ([put(0, nominee="阿依努尔·买买提"), route_b(recognised="不予认定")], "per_post.0.nominee"),
        ([route_b(reasons="")], "route_b.0.reasons"),
        ([route_b(votes="")], "route_b.0.votes"),
        ([conflict_with(0, "阿依努尔·买买提")], "route_b.0.votes"),
        ([conflict_with(0, "钱赟")], None),
        ([put(0, nominee="钱赟")], None),
    ],
)
def test_a_deliberation_is_recorded_only_when_it_is_in_order(met, changes, field):
    given = met.deliberation({"万州区岗位1": ("欧阳喆",), "涪陵区岗位1": ("王堃",)})
    for change in changes:
        change(met, given)
    if field is None:
        met.check("appointment.deliberation", given)
        return
    with pytest.raises(Invalid) as refused:
        met.check("appointment.deliberation", given)
    assert set(refused.value.fields) == {field}


def test_there_is_no_third_call(met):
    met.round.calls = 2
    given = met.deliberation({"万州区岗位1": ("欧阳喆",)})
    given["per_post"][1] |= {"how": "二次报名", "reason": "无人报名"}
    with pytest.raises(Invalid) as refused:
        met.check("appointment.deliberation", given)
    assert set(refused.value.fields) == {"per_post.1.how"}


def test_whom_the_hr_bureau_refused_for_a_post_is_not_named_for_it_again(met):
    met.deliberate({"万州区岗位1": ("欧阳喆",), "涪陵区岗位1": ("王堃",)})
    objected = [{"nominee": str(met.nomination("欧阳喆").id), "reason": "近三年考核不佳"}]
    met.send("hr_opinion", {"opinion": "不同意", "objected": objected}, met.hr)
    met.run("appointment.apply_hr_objection")
    given = met.deliberation({"万州区岗位1": ("欧阳喆",), "涪陵区岗位1": ("王堃",)})
    with pytest.raises(Invalid) as refused:
        met.check("appointment.deliberation", given)
    assert set(refused.value.fields) == {"per_post.0.nominee"}


@pytest.mark.parametrize(
    ("votes", "cast"), [("同意5票", 5), ("同意7票，反对1票，弃权1 票", 9), ("一致同意", 0), ("", 0)]
)
def test_votes_are_counted_as_they_are_written(votes, cast):
    assert _cast(votes) == cast


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"state": "需要", "asked": 2, "posts": 2, "reason": ""}, None),
        ({"state": "需要", "asked": 2, "posts": 1, "reason": ""}, "need_rows.0.reason"),
        ({"state": "需要", "asked": 2, "posts": 1, "reason": "人选不足"}, None),
        ({"state": "不需要", "asked": 0, "posts": 0, "reason": ""}, None),
        ({"state": "未答复", "asked": 0, "posts": 0, "reason": ""}, None),
        ({"state": "未答复", "asked": 0, "posts": 1, "reason": ""}, "need_rows.0.reason"),
        ({"state": "需要", "asked": 3, "posts": 4, "reason": "理由"}, "need_rows.0.posts"),
    ],
)
def test_posts_rest_on_a_need_or_a_reason(small_stage, row, field):
    if field is None:
        small_stage.check("appointment.posts_fixed", {"need_rows": [row]})
        return
    with pytest.raises(Invalid) as refused:
        small_stage.check("appointment.posts_fixed", {"need_rows": [row]})
    assert set(refused.value.fields) == {field}


@pytest.fixture
def replied(met):
    """Both districts have replied; the second post is held by the person of the practical route."""
    met.deliberate({"万州区岗位1": ("欧阳喆",), "涪陵区岗位1": ("阿依努尔·买买提",)})
    for party in met.letters().values():
        met.reply(party)
    met.run("appointment.sum_replies")
    return met


@pytest.mark.parametrize(
    ("cells", "fields"),
    [
        ({}, set()),
        ({"person": "王堃", "reason": ""}, {"final.0.reason"}),
        ({"person": "王堃", "reason": "区县另有要求"}, set()),
        ({"person": "阿依努尔·买买提", "reason": "调整"}, {"final.1.person"}),
        ({"person": None}, {"final.0.person"}),
        ({"settled": "空缺"}, {"final.0.person", "final.0.reason", "final.0.next_step"}),
        ({"settled": "空缺", "person": None, "reason": "退出", "next_step": "再次遴选"}, set()),
        ({"term_start": "2020-01-01"}, {"final.0.term_start"}),
        ({"term_end": "2020-01-01"}, {"final.0.term_end"}),
        ({"term_end": None}, {"final.0.term_start"}),
        ({"post": "不存在的岗位"}, {"final.0.post"}),
    ],
)
def test_a_list_is_decided_only_when_every_post_is_settled(replied, cells, fields):
    given = replied.final_list()
    given["final"][0] |= {
        key: str(replied.people[value].id) if value in replied.people else value for key, value in cells.items()
    }
    if not fields:
        replied.check("appointment.final_list", given)
        return
    with pytest.raises(Invalid) as refused:
        replied.check("appointment.final_list", given)
    assert set(refused.value.fields) == fields


def test_for_a_silent_unit_put_off_nobody_is_appointed(met):
    met.deliberate({"万州区岗位1": ("欧阳喆",), "涪陵区岗位1": ("王堃",)})
    parties = met.letters()
    met.reply(parties[FULING])
    met.send("silent_decision", {"decision": "视情推进", "reason": "多次催办无果"}, met.leader)
    met.run("appointment.record_silence", party=parties[WANZHOU])
    met.run("appointment.sum_replies")
    given = met.final_list()
    met.check("appointment.final_list", given)
    given["silent_units"][0]["decision"] = "暂不聘任"
    with pytest.raises(Invalid) as refused:
        met.check("appointment.final_list", given)
    assert set(refused.value.fields) == {"final.0.settled"}


def test_the_proposed_term_is_whole_months_ahead_and_three_years_long(replied):
    row = replied.variables["final_rows"][0]
    start, end = replied.round.term_start, replied.round.term_end
    assert (row["term_start"], row["term_end"]) == (start.isoformat(), end.isoformat())
    assert start.day == 1
    assert start > clock.today()
    assert (end.year - start.year, end.month) == ((3, start.month - 1) if start.month > 1 else (2, 12))


def test_a_certificate_is_not_received_before_it_was_issued(replied):
    replied.decide()
    appointee = next(iter(replied.publish().values()))
    replied.check(
        "appointment.receipt", {"accept": "接受", "received_on": clock.today().isoformat()}, appointee=appointee
    )
    with pytest.raises(Invalid):
        replied.check("appointment.receipt", {"accept": "接受", "received_on": "2020-01-01"}, appointee=appointee)


@pytest.mark.parametrize(
    ("objected", "field"),
    [([], "objected"), ([{"nominee": "x", "reason": "理由充分"}] * 2, "objected.1.nominee")],
)
def test_the_hr_bureau_names_each_person_once(small_stage, objected, field):
    with pytest.raises(Invalid) as refused:
        small_stage.check("appointment.hr_opinion", {"opinion": "不同意", "objected": objected})
    assert set(refused.value.fields) == {field}
