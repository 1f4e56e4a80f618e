"""A completion meets another completion, and what colleagues and managers do to the same task or case."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from processes.engine.models import FormDraft
from processes.errors import Conflict
from tests.engine.races.scene import BRANCHES, MANY, ONE, TWO
from tests.engine.races.stepping import in_order


def test_of_two_who_complete_one_task_the_second_is_told_who_was_first(scene, order, people):
    case = scene.begin(ONE)
    item = scene.items(case)["审核"]
    outcomes = order.meet(scene.completes(people.clerk, item), scene.completes(people.other, item))
    won, lost = in_order(order, outcomes)
    name = (people.clerk, people.other)[order.winner].name
    assert won.done
    assert (lost.status, lost.told.startswith(f"该任务已由{name}于 ")) == (409, True)
    assert (scene.case(case).status, scene.item(item).completed_by, scene.submissions(case)) == ("completed", name, 1)
    scene.is_sound()


def test_two_of_thirty_eight_who_answer_one_letter_are_both_counted(scene, order, people):
    case = scene.begin(MANY, units={f"区{n:02}": n for n in range(38)})
    items = scene.items(case)
    first, second = items["复函:区07"], items["复函:区31"]
    outcomes = order.meet(
        scene.completes(people.clerk, first, comment="同意"), scene.completes(people.other, second, comment="有意见")
    )
    assert [each.done for each in outcomes] == [True, True]
    assert len(scene.items(case)) == 36
    assert sorted(scene.told(case, "completed")) == [("completed", ""), ("completed", "复函"), ("completed", "复函")]
    scene.is_sound()


def test_the_last_two_of_a_letter_end_it_once(scene, order, people):
    case = scene.begin(MANY, units={"区1": 1, "区2": 2})
    first, second = scene.items(case)["复函:区1"], scene.items(case)["复函:区2"]
    outcomes = order.meet(
        scene.completes(people.clerk, first, comment="同意"), scene.completes(people.other, second, comment="不同意")
    )
    assert [each.done for each in outcomes] == [True, True]
    assert (scene.case(case).status, scene.submissions(case)) == ("completed", 2)
    assert len(scene.told(case, "completed")) == 4  # start, two answers, end
    scene.is_sound()


def test_two_branches_that_end_together_are_joined_once(scene, order, people):
    case = scene.begin(BRANCHES)
    items = scene.items(case)
    outcomes = order.meet(scene.completes(people.clerk, items["甲"]), scene.completes(people.other, items["乙"]))
    assert [each.done for each in outcomes] == [True, True]
    assert list(scene.items(case)) == ["汇总"]
    assert scene.told(case, "entered").count(("entered", "汇总")) == 1
    scene.is_sound()


def test_a_completion_and_a_claim_by_a_colleague_never_both_succeed(scene, order, people):
    case = scene.begin(ONE)
    item = scene.items(case)["审核"]
    done, claimed = order.meet(scene.completes(people.clerk, item), scene.claims(people.other, item))
    if order.winner == 0:
        assert (done.done, claimed.status) == (True, 409)
        assert claimed.told.startswith("该任务已由经办甲于 ")
    else:
        assert (claimed.done, done.status, done.told) == (True, 409, "该任务已由经办乙签收。")
        assert scene.item(item).status == "open"
    scene.is_sound()


def test_of_two_who_claim_a_task_the_second_is_told_who_has_it(scene, order, people):
    item = scene.items(scene.begin(ONE))["审核"]
    won, lost = in_order(order, order.meet(scene.claims(people.clerk, item), scene.claims(people.other, item)))
    name = (people.clerk, people.other)[order.winner].name
    assert (won.done, lost.status, lost.told) == (True, 409, f"该任务已由{name}签收。")
    assert scene.item(item).claimed_by == name
    scene.is_sound()


def test_a_task_that_is_done_is_not_put_back(scene, order, people):
    case = scene.begin(TWO)
    item = scene.items(case)["受理"]
    with scene.database.transaction() as session:
        scene.claims(people.clerk, item)(session)
    done, released = order.meet(scene.completes(people.clerk, item), scene.releases(people.clerk, item))
    assert done.done  # who puts a task back may still do it
    assert (released.done, released.status) == ((False, 409) if order.winner == 0 else (True, 200))
    assert list(scene.items(case)) == ["审核"]
    scene.is_sound()


def test_a_task_is_done_by_one_or_handed_to_the_other(scene, order, people):
    case = scene.begin(TWO)
    item = scene.items(case)["受理"]
    done, handed = order.meet(scene.completes(people.clerk, item), scene.transfers(people.clerk, item, "other"))
    if order.winner == 0:
        assert (done.done, handed.status, list(scene.items(case))) == (True, 409, ["审核"])
    else:
        assert (handed.done, done.status, done.told) == (True, 409, "该任务已由经办乙签收。")
        assert scene.item(item).claimed_by == "经办乙"
    scene.is_sound()


def test_a_draft_never_outlives_the_task(scene, order, people):
    case = scene.begin(TWO)
    item = scene.items(case)["受理"]
    done, kept = order.meet(scene.completes(people.clerk, item), scene.drafts(people.other, item, "未写完"))
    assert done.done
    assert (kept.done, kept.status) == ((False, 409) if order.winner == 0 else (True, 200))
    with scene.database.reading() as session:
        assert session.scalars(select(FormDraft)).all() == []
    scene.is_sound()


def test_of_two_first_drafts_of_a_task_one_is_kept_and_the_other_is_told_whose_it_is(scene, order, people):
    item = scene.items(scene.begin(ONE))["审核"]
    outcomes = order.meet(scene.drafts(people.clerk, item, "甲写的"), scene.drafts(people.other, item, "乙写的"))
    won, lost = in_order(order, outcomes)
    name = (people.clerk, people.other)[order.winner].name
    assert (won.done, lost.status) == (True, 409)
    assert lost.told == f"{name}已暂存此任务的草稿。请先签收，再填写。"
    scene.is_sound()


def test_one_person_keeping_a_draft_in_two_windows_keeps_the_last(scene, order, people):
    item = scene.items(scene.begin(ONE))["审核"]
    outcomes = order.meet(scene.drafts(people.clerk, item, "左"), scene.drafts(people.clerk, item, "右"))
    assert [each.done for each in outcomes] == [True, True]
    with scene.database.reading() as session:
        (draft,) = session.scalars(select(FormDraft)).all()
        assert draft.answers == {"comment": ("左", "右")[1 - order.winner]}


@pytest.mark.parametrize("suspended", [False, True])
def test_nothing_is_completed_while_a_case_is_suspended(scene, order, people, suspended):
    case = scene.begin(TWO)
    item = scene.items(case)["受理"]
    if suspended:
        with scene.database.transaction() as session:
            scene.suspends(case)(session)
    change = scene.resumes(case) if suspended else scene.suspends(case)
    done, changed = order.meet(scene.completes(people.clerk, item), change)
    assert changed.done
    if (order.winner == 0) == suspended:
        assert (done.status, done.told) == (409, "案件已挂起，暂不能办理。")
        assert list(scene.items(case)) == ["受理"]
    else:
        assert (done.done, list(scene.items(case))) == (True, ["审核"])
    assert scene.case(case).status == ("running" if suspended else "suspended")
    scene.is_sound()


def test_a_case_that_is_cancelled_goes_no_further(scene, order, people):
    case = scene.begin(TWO)
    item = scene.items(case)["受理"]
    done, cancelled = order.meet(scene.completes(people.clerk, item), scene.cancels(case))
    assert cancelled.done
    if order.winner == 0:
        assert (done.done, scene.item(item).status) == (True, "done")
    else:
        assert isinstance(done.error, Conflict)
        assert scene.item(item).status == "cancelled"
    assert (scene.case(case).status, scene.items(case)) == ("cancelled", {})
    scene.is_sound()


def test_a_case_that_ended_with_its_last_task_is_not_cancelled(scene, order, people):
    case = scene.begin(ONE)
    item = scene.items(case)["审核"]
    done, cancelled = order.meet(scene.completes(people.clerk, item), scene.cancels(case))
    if order.winner == 0:
        assert (done.done, cancelled.status, cancelled.told) == (True, 409, "案件已结束。")
    else:
        assert (cancelled.done, done.status) == (True, 409)
    assert scene.case(case).status == ("completed", "cancelled")[order.winner]
    scene.is_sound()


def test_a_claim_and_the_end_of_its_case_get_past_each_other(scene, order, people):
    case = scene.begin(ONE)
    item = scene.items(case)["审核"]
    claimed, cancelled = order.meet(scene.claims(people.clerk, item), scene.cancels(case))
    assert cancelled.done
    assert (claimed.done, claimed.status) == ((True, 200) if order.winner == 0 else (False, 409))
    assert scene.item(item).status == "cancelled"
    scene.is_sound()
