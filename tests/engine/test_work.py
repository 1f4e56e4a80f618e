from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from processes import clock
from processes.engine import cases, inbox, incidents, messaging, tracking, work
from processes.engine.background import Background
from processes.engine.calendar_starts import PeriodDue
from processes.engine.failures import CaseFailed
from processes.engine.models import Case, CaseEvent, FormDraft, Incident, Submission, WorkItem
from processes.engine.task_forms import form_for
from processes.errors import Conflict, Invalid, NotAllowed, NotFound
from processes.identity.actor import SYSTEM
from processes.notices import notices
from tests.engine.spiff.drawn import HEAD, chain, flow, multi, node, timer
from tests.factories import make_house, make_person

MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""9 o'clock in Chongqing; the ten working days after it end on 16 November."""


def properties(**given: str) -> str:
    inner = "".join(f'<spiffworkflow:property name="{name}" value="{value}"/>' for name, value in given.items())
    return f"<extensionElements><spiffworkflow:properties>{inner}</spiffworkflow:properties></extensionElements>"


def lane(lane_id: str, *nodes: str, **given: str) -> str:
    refs = "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each in nodes)
    return f'<lane id="{lane_id}" name="{lane_id}">{properties(**given) if given else ""}{refs}</lane>'


def diagram(body: str, lanes: str = "", before: str = "", **given: str) -> str:
    own = properties(**{"starters": "city_bureau.clerk", "code": "函", **given})
    lane_set = f'<laneSet id="lanes">{lanes}</laneSet>' if lanes else ""
    head = f'{HEAD}{before}<process id="p" name="征求意见" isExecutable="true">'
    return f"{head}{own}{lane_set}{body}</process></definitions>"


LETTER = diagram(
    '<startEvent id="s"/>'
    + node(
        "userTask",
        "reply",
        properties(form="reply", due="10wd", remind="-3wd,0wd,3wd", escalate="city_bureau.leader@5wd")
        + multi("units", "unit", "replies", "opinion"),
        name="复函",
    )
    + node("userTask", "sum_up", name="汇总")
    + '<endEvent id="e" name="办结"/>'
    + chain("s", "reply", "sum_up", "e"),
    lane("gov", "reply", role="district_government.clerk", unit="unit")
    + lane("city", "sum_up", role="city_bureau.clerk"),
    title="征求{round}意见",
)
REPLY = json.dumps(
    {
        "key": "reply",
        "title": {"zh": "复函", "en": "Reply"},
        "fields": [
            {"key": "opinion", "type": "choice", "label": {"zh": "意见", "en": "Opinion"}, "required": True,
             "options": ["同意", "不同意"]},
            {"key": "advice", "type": "textarea", "label": {"zh": "理由", "en": "Reasons"}, "min_length": 10,
             "show_if": {"key": "opinion", "in": ["不同意"]}, "required": True},
        ],
    }
).encode()  # fmt: skip
UNITS = {"CQ-500101": "CQ-500101", "CQ-500102": "CQ-500102"}


@pytest.fixture
def letter(database, house, people, deploy):
    """A running consultation of two districts, as it began on a Monday."""
    deploy(LETTER, "letter", reply=REPLY)
    with clock.running_on(clock.MovableClock(MONDAY)), database.transaction() as session:
        return cases.start(session, house, people.clerk, "letter", "p", {"units": UNITS, "round": "首轮"}).id


def items(database, actor, view="todo"):
    with database.reading() as session:
        return list(inbox.work(session, actor, view).items)


def only(database, actor, view="todo"):
    (found,) = items(database, actor, view)
    return found


def test_one_letter_becomes_a_task_in_the_inbox_of_each_district_government(database, letter, people):
    mine = only(database, people.wanzhou)
    assert (mine.unit_id, mine.role, mine.title) == ("CQ-500101", "district_government.clerk", "复函：征求首轮意见")
    assert clock.local(mine.due_at).date().isoformat() == "2026-11-16"
    assert only(database, people.fuling).id != mine.id
    assert items(database, people.clerk) == []


def test_no_district_sees_the_task_of_another(database, house, letter, people):
    theirs = only(database, people.fuling)
    with database.reading() as session:
        with pytest.raises(NotFound):
            form_for(session, house, people.wanzhou, theirs.id)
        assert [each.unit_id for each in tracking.open_items(session, people.wanzhou, letter)] == ["CQ-500101"]
        assert len(tracking.open_items(session, people.clerk, letter)) == 2
    for act in (work.claim, work.release):
        with database.transaction() as session, pytest.raises(NotFound):
            act(session, people.wanzhou, theirs.id)
    with database.transaction() as session, pytest.raises(NotFound):
        work.complete(session, house, people.wanzhou, theirs.id, {"opinion": "同意"})


def test_who_sees_the_case_but_not_the_task_may_not_do_it(database, house, letter, people):
    theirs = only(database, people.fuling)
    with database.transaction() as session, pytest.raises(NotAllowed):
        work.complete(session, house, people.leader, theirs.id, {"opinion": "同意"})


def test_answers_go_on_only_when_every_district_has_answered(database, house, letter, people):
    for actor, opinion in ((people.fuling, "同意"), (people.wanzhou, "同意")):
        assert items(database, people.clerk) == []
        with database.transaction() as session:
            done = work.complete(session, house, actor, only(database, actor).id, {"opinion": opinion})
        assert (done.item.status, done.item.result, done.submission.answers["opinion"]) == ("done", "同意", "同意")
    task = only(database, people.clerk)
    with database.reading() as session:
        form = form_for(session, house, people.clerk, task.id)
        assert form.form.answer_keys == ("comment",)
    with database.transaction() as session:
        done = work.complete(session, house, people.clerk, task.id, {"comment": "已汇总"})
    assert (done.case.status, done.case.outcome) == ("completed", "办结")
    with database.reading() as session:
        kinds = session.scalars(select(CaseEvent.kind).where(CaseEvent.element_id == "reply")).all()
        assert sorted(kinds) == ["completed", "completed", "entered", "entered"]


def test_what_the_form_refuses_is_not_kept(database, house, letter, people):
    task = only(database, people.wanzhou)
    for raw, field in (({}, "opinion"), ({"opinion": "不同意", "advice": "短"}, "advice"),
                       ({"opinion": "同意", "x": 1}, "x"),
                       ({"opinion": "同意", "advice": "不应出现的理由内容"}, "advice")):  # fmt: skip
        with pytest.raises(Invalid) as caught, database.transaction() as session:
            work.complete(session, house, people.wanzhou, task.id, raw)
        assert field in caught.value.fields
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 0
        assert session.get(WorkItem, task.id).status == "open"


def test_the_loser_of_a_double_click_is_told_who_was_first(database, house, letter, people):
    task = only(database, people.wanzhou)
    outcomes: list[str] = []

    def press() -> None:
        try:
            with database.transaction() as session:
                work.complete(session, house, people.wanzhou, task.id, {"opinion": "同意"})
            outcomes.append("done")
        except Conflict as refusal:
            outcomes.append(str(refusal))

    threads = [threading.Thread(target=press) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("done") == 1
    assert all("万州" in each for each in outcomes if each != "done")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1


def test_a_colleagues_task_is_his(database, house, letter, people):
    for actor in (people.wanzhou, people.fuling):
        with database.transaction() as session:
            work.complete(session, house, actor, only(database, actor).id, {"opinion": "同意"})
    task = only(database, people.other)
    with database.transaction() as session:
        work.claim(session, people.clerk, task.id)
    assert items(database, people.other) == []
    with database.transaction() as session, pytest.raises(Conflict, match="经办甲"):
        work.claim(session, people.other, task.id)
    with database.transaction() as session, pytest.raises(Conflict, match="经办甲"):
        work.complete(session, house, people.other, task.id, {})
    with database.transaction() as session:
        work.release(session, people.clerk, task.id)
    assert only(database, people.other).id == task.id


def test_a_draft_keeps_what_was_typed_and_goes_with_the_completion(database, house, letter, people):
    task = only(database, people.wanzhou)
    with database.transaction() as session:
        work.save_draft(session, house, people.wanzhou, task.id, {"opinion": "不同意", "advice": "短", "x": "y"})
    assert [each.id for each in items(database, people.wanzhou, "drafts")] == [task.id]
    with database.reading() as session:
        assert form_for(session, house, people.wanzhou, task.id).values == {"opinion": "不同意", "advice": "短"}
    with database.transaction() as session:
        work.complete(session, house, people.wanzhou, task.id, {"opinion": "同意"})
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FormDraft)) == 0


def test_a_draft_of_a_task_that_nobody_claimed_is_not_overwritten_by_a_colleague(database, house, letter, people):
    for actor in (people.wanzhou, people.fuling):
        with database.transaction() as session:
            work.complete(session, house, actor, only(database, actor).id, {"opinion": "同意"})
    task = only(database, people.other)
    with database.transaction() as session:
        work.save_draft(session, house, people.clerk, task.id, {})
    with database.transaction() as session, pytest.raises(Conflict, match="经办甲已暂存"):
        work.save_draft(session, house, people.other, task.id, {})
    with database.transaction() as session:
        work.claim(session, people.other, task.id)
    with database.transaction() as session:
        work.save_draft(session, house, people.other, task.id, {})
    assert [each.id for each in items(database, people.other, "drafts")] == [task.id]


def test_reminders_and_escalations_come_once_and_not_after_the_answer(database, house, letter, people):
    background = Background(database, house)
    moving = clock.MovableClock(MONDAY)
    with clock.running_on(moving):
        with database.transaction() as session:
            work.complete(session, house, people.fuling, only(database, people.fuling).id, {"opinion": "同意"})
        for _ in range(40):
            moving.advance(days=1)
            background.work_off()
        with database.reading() as session:
            told, _ = notices(session, people.wanzhou)
            assert [each.kind for each, _ in told] == ["reminder"] * 3
            assert notices(session, people.fuling) == ([], 0)
            escalated, _ = notices(session, people.leader)
            assert [each.kind for each, _ in escalated] == ["escalation"]


def test_a_case_may_be_started_by_its_posts_alone(database, house, people, deploy):
    deploy(LETTER, "letter", reply=REPLY)
    with database.transaction() as session, pytest.raises(NotAllowed):
        cases.start(session, house, people.wanzhou, "letter", "p", {"units": UNITS})


TIMED = diagram(
    '<startEvent id="s"/>'
    + node("userTask", "wait", name="等候")
    + f'<boundaryEvent id="late" attachedToRef="wait">{timer("timeDuration", "P3D")}</boundaryEvent>'
    + node("serviceTask", "act", properties(operation="act"), name="处理")
    + '<endEvent id="e"/><endEvent id="e2"/>'
    + chain("s", "wait", "e")
    + chain("late", "act", "e2"),
    lane("city", "wait", role="city_bureau.clerk"),
)


def test_timers_are_found_by_their_time_and_fire_once(database, tmp_path, people, deploy):
    calls: list[str] = []
    house = make_house(tmp_path, {"act": lambda call: calls.append(call.case.number)})
    deploy(TIMED)
    moving = clock.MovableClock(MONDAY)
    with clock.running_on(moving):
        with database.transaction() as session:
            case = cases.start(session, house, people.clerk, "sample", "p", {})
        assert case.next_due == MONDAY + timedelta(days=3)
        background = Background(database, house)
        assert background.work_off() == 0
        moving.advance(days=3, seconds=1)
        background.work_off()
        background.work_off()
    assert len(calls) == 1
    with database.reading() as session:
        assert session.get(Case, case.id).status == "completed"
    assert items(database, people.clerk) == []


def test_a_handler_that_raises_leaves_everything_as_it_was_and_an_incident(database, tmp_path, people, deploy):
    broken = [True]

    def act(call):
        if broken[0]:
            raise RuntimeError("no connection")
        return {"acted": True}

    house = make_house(tmp_path, {"act": act})
    deploy(TIMED)
    moving = clock.MovableClock(MONDAY)
    with clock.running_on(moving):
        with database.transaction() as session:
            case = cases.start(session, house, people.clerk, "sample", "p", {})
        moving.advance(days=4)
        background = Background(database, house)
        background.work_off()
        background.work_off()
        with database.reading() as session:
            incident = session.scalars(select(Incident)).one()
            assert (incident.element_id, incident.attempts, incident.status) == ("act", 1, "open")
            assert incident.step == "处理"
            assert session.get(Case, case.id).open_incidents == 1
        assert len(items(database, people.clerk)) == 1
        broken[0] = False
        retry_as_manager(database, house, people, incident.id)
        with database.reading() as session:
            assert session.get(Case, case.id).status == "completed"
            assert session.get(Incident, incident.id).status == "resolved"


def retry_as_manager(database, house, people, incident_id):
    with database.transaction() as session, pytest.raises(NotAllowed):
        incidents.retry(session, house, people.clerk, incident_id, "原因已排除")
    with database.transaction() as session:
        incidents.retry(session, house, people.manager, incident_id, "原因已排除")


FAILING = diagram(
    '<startEvent id="s"/>'
    + node("userTask", "ask", name="填报")
    + node("serviceTask", "act", properties(operation="act"), name="处理")
    + '<endEvent id="e"/>'
    + chain("s", "ask", "act", "e"),
)


def test_a_completion_whose_next_step_fails_is_rolled_back_whole(database, tmp_path, people, deploy):
    def act(call):
        raise RuntimeError("no connection")

    house = make_house(tmp_path, {"act": act})
    deploy(FAILING)
    with database.transaction() as session:
        case = cases.start(session, house, people.clerk, "sample", "p", {})
    task = only(database, people.clerk)
    with pytest.raises(CaseFailed, match="处理") as caught, database.transaction() as session:
        work.complete(session, house, people.clerk, task.id, {"comment": "好"})
    assert caught.value.case_id == case.id
    with database.reading() as session:
        assert session.get(WorkItem, task.id).status == "open"
        assert session.scalar(select(func.count()).select_from(Submission)) == 0
        assert session.get(Case, case.id).revision == case.revision


MESSAGE = '<message id="m" name="go"/>'
WAITS = diagram(
    '<startEvent id="s"/>'
    + f'<receiveTask id="wait" name="收到来件" messageRef="m">{properties(correlation="number")}</receiveTask>'
    + '<endEvent id="e"/>'
    + chain("s", "wait", "e"),
    before=MESSAGE,
)
SENDS = diagram(
    '<startEvent id="s"/>'
    + f'<sendTask id="send" messageRef="m">{properties(correlation="number", payload="gift")}</sendTask>'
    + '<endEvent id="e"/>'
    + chain("s", "send", "e"),
    before=MESSAGE,
)


def test_a_message_reaches_the_cases_with_its_correlation_and_no_others(database, house, people, deploy):
    deploy(WAITS, "waits")
    deploy(SENDS, "sends")
    with database.transaction() as session:
        first, second = (cases.start(session, house, people.clerk, "waits", "p", {"number": n}).id for n in (1, 2))
    with database.transaction() as session:
        cases.start(session, house, people.clerk, "sends", "p", {"number": 2, "gift": "book"})
    Background(database, house).work_off()
    with database.reading() as session:
        assert (session.get(Case, first).status, session.get(Case, second).status) == ("running", "completed")
        assert messaging.waiting_cases(session, "message", "go", "1") == [first]
    with database.transaction() as session:
        assert messaging.deliver(session, house, "go", "none", {}) == 0
        assert messaging.deliver(session, house, "go", "1", {}, SYSTEM) == 1
    with database.reading() as session:
        told = session.scalars(select(CaseEvent).where(CaseEvent.kind == "message", CaseEvent.case_id == first)).one()
        assert (told.step, told.text) == ("收到来件", ""), "the step is named, not the message as programs name it"


def test_a_case_can_be_suspended_resumed_and_ended_with_a_reason(database, house, letter, people):
    with database.transaction() as session, pytest.raises(Invalid):
        cases.suspend(session, house, people.manager, letter, " ")
    with database.transaction() as session, pytest.raises(NotAllowed):
        cases.suspend(session, house, people.clerk, letter, "待核实")
    task = only(database, people.wanzhou)
    with database.transaction() as session:
        cases.suspend(session, house, people.manager, letter, "待核实")
    assert items(database, people.wanzhou) == []
    with database.transaction() as session, pytest.raises(Conflict):
        work.complete(session, house, people.wanzhou, task.id, {"opinion": "同意"})
    with database.transaction() as session:
        cases.resume(session, house, people.manager, letter, "已核实")
    assert only(database, people.wanzhou).id == task.id
    with database.transaction() as session:
        cases.cancel(session, house, people.manager, letter, "本轮取消")
    assert items(database, people.wanzhou) == []
    with database.transaction() as session, pytest.raises(Conflict):
        cases.cancel(session, house, people.manager, letter, "再次")


PLAIN = diagram(
    '<startEvent id="s"/>'
    + node("userTask", "ask", name="申请")
    + node("userTask", "check", name="审批")
    + '<exclusiveGateway id="g" default="no"/><endEvent id="yes_end" name="通过"/><endEvent id="no_end" name="未通过"/>'
    + chain("s", "ask", "check", "g")
    + flow("g", "yes_end", "approved == True and amount &lt; 100")
    + flow("g", "no_end", flow_id="no"),
    '<lane id="l1" name="重庆市规划和自然资源局"><flowNodeRef>check</flowNodeRef></lane>',
)


def test_a_plain_diagram_runs_with_the_form_that_its_conditions_declare(database, house, people, deploy):
    deploy(PLAIN)
    with database.transaction() as session:
        case = cases.start(session, house, people.clerk, "sample", "p", {})
    first = only(database, people.clerk)
    assert first.person_id == people.clerk.person_id
    with database.transaction() as session:
        work.complete(session, house, people.clerk, first.id, {})
    check = only(database, people.leader)
    with database.reading() as session:
        form = form_for(session, house, people.leader, check.id).form
        assert {field.key: field.type for field in form.fields} == {
            "amount": "decimal", "approved": "boolean", "comment": "textarea",
        }  # fmt: skip
    with database.transaction() as session:
        work.complete(session, house, people.leader, check.id, {"approved": True, "amount": 5, "comment": "同意"})
    with database.reading() as session:
        assert session.get(Case, case.id).outcome == "通过"


def test_a_period_that_cannot_begin_does_not_keep_the_others_waiting(database, house, people, deploy):
    deploy(TIMED)
    house = replace(house, calendars=(lambda session, day: [PeriodDue("round:1", "no such process", "p", {})],))
    moving = clock.MovableClock(MONDAY)
    with clock.running_on(moving):
        with database.transaction() as session:
            cases.start(session, house, people.clerk, "sample", "p", {})
        moving.advance(days=4)
        Background(database, house).work_off()
    with database.reading() as session:
        assert session.scalars(select(CaseEvent.kind).where(CaseEvent.kind == "incident")).all() == ["incident"]


def test_an_auditor_reads_and_changes_nothing(database, house, letter, people):
    with database.transaction() as session:
        auditor = make_person(session, "auditor", ("auditor", "city_bureau"))
    task = only(database, people.wanzhou)
    with database.reading() as session:
        assert form_for(session, house, auditor, task.id).actions == frozenset()
    with database.transaction() as session, pytest.raises(NotAllowed):
        work.comment(session, auditor, task.id, "看过")
