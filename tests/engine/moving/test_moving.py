"""Cases in the database moved to another version: what people have in hand survives, and can be put back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from processes import audit, clock
from processes.engine import cases, definitions, drafts, kinds_of_jobs, messaging, moving, work
from processes.engine.models import Case, CaseEvent, FormDraft, Waiting, WorkItem
from processes.engine.moving.models import CaseMove, Replay
from processes.engine.moving.stored import as_data
from processes.errors import Conflict, Invalid, NotAllowed
from processes.forms.wording import Wording
from processes.identity.actor import SYSTEM
from processes.jobs import run_all
from processes.messages import message
from processes.notices import Notice
from processes.paging import Page
from tests.engine.spiff.drawn import chain, multi, node, timer
from tests.engine.test_work import LETTER, MONDAY, REPLY, UNITS, diagram, lane, properties

CHECK = node("userTask", "check", name="核对")
LONGER = LETTER.replace("<endEvent", CHECK + "<endEvent").replace(chain("sum_up", "e"), chain("sum_up", "check", "e"))
LONGER = LONGER.replace("<flowNodeRef>sum_up<", "<flowNodeRef>check</flowNodeRef><flowNodeRef>sum_up<")


@pytest.fixture
def now():
    found = clock.MovableClock(MONDAY)
    with clock.running_on(found):
        yield found


@pytest.fixture
def publish(database):
    def do(xml: str, key: str = "letter", **forms: bytes):
        files = {"process.bpmn": xml.encode(), **{f"forms/{name}.json": content for name, content in forms.items()}}
        with database.transaction() as session:
            return definitions.deploy(session, SYSTEM, key, files).id

    return do


@pytest.fixture
def begin(database, house, people):
    def do(key: str = "letter", **variables):
        with database.transaction() as session:
            return cases.start(session, house, people.clerk, key, "p", {"round": "第一轮", **variables}).id

    return do


@pytest.fixture
def move(database, house, people):
    def do(case_id, definition_id, reason="流程改版", actor=None):
        with database.transaction() as session:
            target = moving.target_of_definition(session, definition_id)
            found = moving.move(session, house, actor or people.owner, case_id, target, reason)
            return [str(each.text) for each in found.outlook.remarks]

    return do


def items(session, case_id, status="open"):
    query = select(WorkItem).where(WorkItem.case_id == case_id, WorkItem.status == status).order_by(WorkItem.created_at)
    return session.scalars(query).all()


def item_of(session, case_id, step):
    return next(each for each in items(session, case_id) if each.step == step)


def test_what_people_have_in_hand_survives_a_move(database, house, people, publish, begin, move, now):
    publish(LETTER, reply=REPLY)
    case_id = begin(units=UNITS)
    with database.transaction() as session:
        first, second = items(session, case_id)
        own = first if first.organization_id == "gov:CQ-500101" else second
        other = second if own is first else first
        work.claim(session, people.wanzhou, own.id)
        session.flush()
        work.save_draft(session, house, people.wanzhou, own.id, {"opinion": "同意"})
        work.complete(
            session, house, people.fuling, other.id, {"opinion": "不同意", "advice": "没有合适的岗位可以设置"}
        )
        due, own_id = own.due_at, own.id
    now.advance(days=3)
    assert move(case_id, publish(LONGER, reply=REPLY)) == []
    with database.transaction() as session:
        kept = session.get_one(WorkItem, own_id)
        assert (kept.status, kept.claimed_by, kept.due_at) == ("open", "万州", due)
        assert session.get_one(FormDraft, own_id).answers == {"opinion": "同意"}
        work.complete(session, house, people.wanzhou, own_id, {"opinion": "同意"})
        assert [each.step for each in items(session, case_id)] == ["汇总"]
        work.complete(session, house, people.clerk, items(session, case_id)[0].id, {})
        work.complete(session, house, people.clerk, item_of(session, case_id, "核对").id, {})
        case = session.get_one(Case, case_id)
        assert case.status == "completed"
        assert case.definition.version == 2


def test_a_move_says_who_why_from_where_and_to_where(database, publish, begin, move, now):
    audit.keep_trail(database, b"key")
    publish(LETTER, reply=REPLY)
    case_id = begin(units=UNITS)
    move(case_id, publish(LONGER, reply=REPLY), "办法修订")
    with database.reading() as session:
        event = session.scalars(select(CaseEvent).where(CaseEvent.kind == "version_moved")).one()
        assert (event.person, event.text) == ("owner", "第 1 版 → 第 2 版：办法修订")
        entry = session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "case.move")).one()
        assert entry.detail["reason"] == "办法修订"
        assert entry.detail["version"] == 2


def test_a_move_that_is_not_safe_is_refused_and_changes_nothing(database, publish, begin, move, now):
    publish(LETTER, reply=REPLY)
    case_id = begin(units=UNITS)
    alone = LETTER.replace(multi("units", "unit", "replies", "opinion"), "")
    target = publish(alone, reply=REPLY)
    with pytest.raises(moving.CannotMove) as refused:
        move(case_id, target)
    assert [each.step for each in refused.value.obstacles] == ["复函"]
    with database.reading() as session:
        case = session.get_one(Case, case_id)
        assert case.definition.version == 1
        assert session.scalar(select(func.count()).select_from(CaseMove)) == 0
        assert len(items(session, case_id)) == 2


TWO_LANES = diagram(
    '<startEvent id="s"/>' + node("userTask", "a", name="拟办") + '<endEvent id="e"/>' + chain("s", "a", "e"),
    lane("one", "a", role="city_bureau.clerk") + lane("two", role="city_bureau.leader"),
)
OTHER_LANE = TWO_LANES.replace("<flowNodeRef>a</flowNodeRef></lane>", "</lane>", 1).replace(
    "</lane></laneSet>", "<flowNodeRef>a</flowNodeRef></lane></laneSet>"
)


def test_a_task_in_another_lane_comes_to_others_and_who_had_taken_it_is_told(
    database, house, people, publish, begin, move, now
):
    publish(TWO_LANES)
    case_id = begin()
    with database.transaction() as session:
        item_id = items(session, case_id)[0].id
        work.claim(session, people.clerk, item_id)
    target_id = publish(OTHER_LANE)
    with database.reading() as session:
        seen = moving.look(session, house, case_id, moving.target_of_definition(session, target_id))
        (change,) = seen.tasks.changes
        assert (change.before.zh, change.after.zh) == ("市规划自然资源局经办", "市规划自然资源局领导")
        assert change.loses_claim == "经办甲"
        assert items(session, case_id)[0].role == "city_bureau.clerk"
    move(case_id, target_id)
    with database.transaction() as session:
        item = session.get_one(WorkItem, item_id)
        assert (item.role, item.claimed_by) == ("city_bureau.leader", "")
        assert session.scalars(select(Notice.person_id).where(Notice.kind == "transfer")).all() == [
            people.clerk.person_id
        ]
        with pytest.raises(NotAllowed):
            work.complete(session, house, people.clerk, item_id, {})
        work.complete(session, house, people.leader, item_id, {})
        assert session.get_one(Case, case_id).status == "completed"


def test_what_cannot_be_routed_in_the_new_version_is_refused_with_its_step(database, publish, begin, move, now):
    publish(TWO_LANES)
    case_id = begin()
    nobody = OTHER_LANE.replace('value="city_bureau.leader"', 'value="district_bureau.clerk"')
    with pytest.raises(moving.CannotMove) as refused:
        move(case_id, publish(nobody))
    assert case_id
    assert refused.value.obstacles


def test_a_case_can_be_put_back_until_something_happens_in_it(database, house, people, publish, begin, move, now):
    publish(TWO_LANES)
    case_id = begin()
    with database.transaction() as session:
        work.claim(session, people.clerk, items(session, case_id)[0].id)
    before = _facts(database, case_id)
    target = publish(OTHER_LANE)
    move(case_id, target)
    assert _facts(database, case_id) != before
    with database.transaction() as session:
        moving.restore(session, people.owner, case_id, "弄错了案件")
    assert _facts(database, case_id) == before
    move(case_id, target)
    with database.transaction() as session:
        work.claim(session, people.leader, items(session, case_id)[0].id)
    with database.transaction() as session, pytest.raises(Conflict, match="已有新的办理"):
        moving.restore(session, people.owner, case_id, "又弄错了")


def _facts(database, case_id):
    with database.reading() as session:
        case = session.get_one(Case, case_id)
        item = items(session, case_id)[0]
        return (
            case.definition_id, case.skeleton, case.next_due, item.role, item.claimed_by, item.claimed_at, item.title,
        )  # fmt: skip


WAITS = diagram(
    '<startEvent id="s"/>'
    + node(
        "intermediateCatchEvent",
        "c",
        properties(correlation="round") + '<messageEventDefinition messageRef="m"/>',
        name="等候",
    )
    + '<endEvent id="e"/>'
    + chain("s", "c", "e"),
    before='<message id="m" name="one"/><message id="n" name="two"/>',
)


def test_a_case_is_found_by_the_message_that_the_new_version_waits_for(database, house, publish, begin, move, now):
    publish(WAITS)
    case_id = begin()
    move(case_id, publish(WAITS.replace('messageRef="m"', 'messageRef="n"')))
    with database.transaction() as session:
        assert [(each.name, each.correlation) for each in session.scalars(select(Waiting))] == [("two", "第一轮")]
        assert messaging.deliver(session, house, "one", "第一轮", {}) == 0
        assert messaging.deliver(session, house, "two", "第一轮", {}) == 1
    run_all(database, kinds_of_jobs.handlers(house))
    with database.reading() as session:
        assert session.get_one(Case, case_id).status == "completed"


def test_a_running_deadline_is_kept_in_the_book_of_timers(database, house, publish, begin, move, now):
    timed = diagram(
        '<startEvent id="s"/>' + node("intermediateCatchEvent", "t", timer("timeDuration", "P10D"), name="公示")
        + '<endEvent id="e"/>' + chain("s", "t", "e")
    )  # fmt: skip
    publish(timed)
    case_id = begin()
    now.advance(days=4)
    remarks = move(case_id, publish(timed.replace("P10D", "P3D")))
    assert remarks == ["定时的规定已改变：本案已起算的时刻不变。"]
    with database.reading() as session:
        assert session.get_one(Case, case_id).next_due == MONDAY + timedelta(days=10)


@pytest.mark.parametrize("who", ["clerk", "leader"])
def test_only_owners_and_managers_move_cases(publish, begin, move, people, who, now):
    publish(TWO_LANES)
    case_id = begin()
    target = publish(OTHER_LANE)
    with pytest.raises(NotAllowed):
        move(case_id, target, actor=getattr(people, who))


def test_a_move_without_a_reason_to_the_same_version_or_of_an_ended_case_is_refused(
    database, house, people, publish, begin, move, now
):
    first = publish(TWO_LANES)
    case_id = begin()
    with pytest.raises(moving.CannotMove, match="已按这个版本"):
        move(case_id, first)
    second = publish(OTHER_LANE)
    with pytest.raises(Invalid, match="理由"):
        move(case_id, second, "  ")
    with pytest.raises(moving.CannotMove, match="另一个流程"):
        move(case_id, publish(WAITS, "other"))
    with database.transaction() as session:
        cases.cancel(session, house, people.manager, case_id, "撤案")
    with pytest.raises(moving.CannotMove, match="已结束"):
        move(case_id, second)


# many at once


def test_many_cases_are_moved_one_by_one_and_a_refusal_stops_no_other(database, house, people, publish, begin, now):
    publish(LETTER, reply=REPLY)
    ids = [begin(units=UNITS) for _ in range(5)]
    with database.transaction() as session:
        for item in items(session, ids[2]):
            actor = people.wanzhou if item.organization_id == "gov:CQ-500101" else people.fuling
            work.complete(session, house, actor, item.id, {"opinion": "同意"})
    target = publish(LETTER.replace('id="sum_up"', 'id="gather"').replace("sum_up", "gather"), reply=REPLY)
    with database.transaction() as session:
        batch = moving.begin_batch(session, people.owner, target, "改版").id
    with database.reading() as session:
        assert moving.counts(session, batch) == {"waiting": 5}
    run_all(database, kinds_of_jobs.handlers(house))
    with database.reading() as session:
        assert moving.counts(session, batch) == {"moved": 4, "refused": 1}
        rows = moving.batch_rows(session, batch, Page(limit=3))
        record, case = rows.items[0]
        assert (record.state, case.id) == ("refused", ids[2])
        assert record.said[0]["step"] == "汇总"
        assert rows.total == 5
        assert {session.get_one(Case, each).definition.version for each in ids} == {1, 2}


def test_a_suspended_case_is_in_the_list_of_those_that_were_not_moved_with_the_reason(
    database, house, people, publish, begin, now
):
    publish(LETTER, reply=REPLY)
    ids = [begin(units=UNITS) for _ in range(2)]
    with database.transaction() as session:
        cases.suspend(session, house, people.owner, ids[0], "等待政策明确")
    target = publish(LETTER.replace('value="10wd"', 'value="5wd"'), reply=REPLY)
    with database.transaction() as session:
        batch = moving.begin_batch(session, people.owner, target, "改版").id
    run_all(database, kinds_of_jobs.handlers(house))
    with database.reading() as session:
        assert moving.counts(session, batch) == {"moved": 1, "refused": 1}
        record, case = moving.batch_rows(session, batch, Page(limit=3)).items[0]
        assert (record.state, case.id) == ("refused", ids[0])
        assert "案件已挂起，须先恢复。" in str(record.said)


def test_only_the_cases_that_were_chosen_are_moved(database, house, people, publish, begin, now):
    publish(TWO_LANES)
    ids = [begin() for _ in range(3)]
    target = publish(OTHER_LANE)
    with database.transaction() as session:
        moving.begin_batch(session, people.manager, target, "改版", [ids[1]])
    run_all(database, kinds_of_jobs.handlers(house))
    with database.reading() as session:
        assert [session.get_one(Case, each).definition.version for each in ids] == [1, 2, 1]
    with database.transaction() as session, pytest.raises(Invalid, match="没有可以迁移"):
        moving.begin_batch(session, people.manager, target, "改版", [ids[1]])


# looking before


def test_all_running_cases_are_replayed_against_a_draft(database, house, people, publish, begin, now):
    publish(LETTER, reply=REPLY)
    ids = [begin(units=UNITS) for _ in range(4)]
    with database.transaction() as session:
        for item in items(session, ids[0]):
            actor = people.wanzhou if item.organization_id == "gov:CQ-500101" else people.fuling
            work.complete(session, house, actor, item.id, {"opinion": "同意"})
    files = {"process.bpmn": _without_sum_up().encode(), "forms/reply.json": REPLY}
    with database.transaction() as session:
        draft = drafts.create(session, people.owner, "letter", files=files)
        hash_ = drafts.package_of(session, draft.id).content_hash
        replay_id = moving.begin_replay(session, people.owner, "letter", hash_, draft_id=draft.id).id
    run_all(database, kinds_of_jobs.handlers(house))
    with database.reading() as session:
        found = session.get_one(Replay, replay_id)
        assert (found.state, found.total, found.moves) == ("done", 4, 3)
        assert [(each["step"], each["cases"]) for each in found.reasons] == [("汇总", 1)]
        rows = moving.replay_rows(session, replay_id, Page(limit=10))
        assert next(each.case_id for each in rows.items) == ids[0]
        assert all(session.get_one(Case, each).definition.version == 1 for each in ids)


def _without_sum_up() -> str:
    return (
        LETTER.replace('<userTask id="sum_up" name="汇总"></userTask>', "")
        .replace(chain("reply", "sum_up", "e"), chain("reply", "e"))
        .replace("<flowNodeRef>sum_up</flowNodeRef>", "")
    )


def test_sentences_are_kept_so_that_they_can_be_told_in_both_languages():
    text = message("%(who)s：%(what)s", who=Wording("经办", "Clerk"), what=message("已结束。"))
    assert moving.from_data(json.loads(json.dumps(as_data(text)))) == text
