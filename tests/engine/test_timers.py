"""Timers, reminders and what begins by the calendar: at their time, once, and never lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, insert, select, text, update

from processes import clock, jobs
from processes.engine import calendar_starts, cases, incidents, timers, work
from processes.engine.background import Background
from processes.engine.calendar_starts import PeriodDue, StartedPeriod
from processes.engine.house import JobKind
from processes.engine.incidents import WorkFailed
from processes.engine.models import Case, CaseEvent, Incident, Waiting, WorkItem
from processes.engine.recording_messages import DELIVER
from processes.engine.reminding import last_reminded
from processes.errors import Conflict, Invalid, NotAllowed
from processes.jobs import Job
from processes.messages import message
from processes.notices import Notice
from tests.engine.spiff.drawn import chain, multi, node, timer
from tests.engine.test_work import MONDAY, diagram, lane, properties
from tests.factories import make_house

CYCLE = diagram(
    '<startEvent id="s"/>'
    + node("userTask", "wait", name="等候")
    + f'<boundaryEvent id="tick" attachedToRef="wait" cancelActivity="false">{timer("timeCycle", "R/PT1H")}'
    + "</boundaryEvent>"
    + node("serviceTask", "act", properties(operation="act"), name="处理")
    + '<endEvent id="e"/><endEvent id="e2"/>'
    + chain("s", "wait", "e")
    + chain("tick", "act", "e2"),
    lane("city", "wait", role="city_bureau.clerk"),
)
ASKED = diagram(
    '<startEvent id="s"/>'
    + node(
        "userTask",
        "reply",
        properties(due="10wd", remind="-3wd,0wd,3wd", escalate="city_bureau.leader@1wd,city_bureau.leader@5wd")
        + multi("units", "unit", "replies", "opinion"),
        name="复函",
    )
    + '<endEvent id="e"/>'
    + chain("s", "reply", "e"),
    lane("gov", "reply", role="district_government.clerk", unit="unit"),
)


def _without_waiting(connection) -> None:
    connection.execute(text("SET LOCAL lock_timeout = 1"))


@pytest.fixture
def acted():
    return []


@pytest.fixture
def house(tmp_path, acted):
    return make_house(tmp_path, {"act": lambda call: acted.append(call.case.number)})


@pytest.fixture
def start(database, house, people, deploy):
    """Cases of a diagram, started by the clerk."""

    def begin(drawn, variables=None, count=1):
        deploy(drawn)
        with database.transaction() as session:
            return [cases.start(session, house, people.clerk, "sample", "p", variables or {}).id for _ in range(count)]

    return begin


def kinds(database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Notice.kind).order_by(Notice.at, Notice.kind)))


def test_missed_rounds_of_a_cycle_are_one_and_the_next_is_to_come(database, house, start, moving, acted):
    (case_id,) = start(CYCLE)
    moving.advance(hours=10, minutes=30)
    background = Background(database, house)
    background.work_off()
    background.work_off()
    assert len(acted) == 1
    with database.reading() as session:
        assert session.get(Case, case_id).next_due == MONDAY + timedelta(hours=11)
        assert background.next_due(session) == MONDAY + timedelta(hours=11)


def test_two_workers_fire_every_timer_once_and_do_not_wait_for_each_other(database, house, start, moving, acted):
    start(CYCLE, count=8)
    moving.advance(hours=1, minutes=1)
    workers = [threading.Thread(target=Background(database, house).work_off) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(acted) == sorted(set(acted))
    assert len(acted) == 8


def test_a_case_that_somebody_is_busy_with_is_stepped_round(database, house, start, moving, acted):
    if database.dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    first, second = start(CYCLE, count=2)
    moving.advance(hours=1, minutes=1)
    with database.transaction() as session:
        session.get(Case, first, with_for_update=True)
        waits = event.listens_for(database.engine, "begin")(_without_waiting)
        assert Background(database, house).fire_timers() == 1
        event.remove(database.engine, "begin", waits)
    with database.reading() as session:
        assert session.get(Case, second).next_due > clock.now()
        assert session.get(Case, first).next_due < clock.now()


def test_a_timer_whose_case_cannot_be_opened_does_not_stop_those_behind_it(database, house, start, moving, acted):
    broken, _sound = start(CYCLE, count=2)
    with database.transaction() as session:
        session.execute(update(Case).where(Case.id == broken).values(skeleton=b"broken"))
    moving.advance(hours=1, minutes=1)
    Background(database, house).work_off()
    assert len(acted) == 1
    with database.reading() as session:
        found = session.scalars(select(Incident)).one()
        assert (found.case_id, found.action, found.status) == (broken, {"kind": "timers"}, "open")


def test_cases_without_timers_cost_nothing_and_due_ones_are_found_by_the_index(database, house, people, start):
    (case_id,) = start(CYCLE)
    with database.transaction() as session:
        model = session.get(Case, case_id)
        row = {
            "definition_id": model.definition_id, "key": "sample", "process_id": "p", "title": "t", "started_by": "x",
            "started_at": MONDAY, "changed_at": MONDAY, "skeleton": b"", "status": "running",
        }  # fmt: skip
        session.execute(insert(Case), [{**row, "number": f"n{n}", "next_due": None} for n in range(3000)])
    plans = []
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))

    def explain(connection, cursor, statement, parameters, context, many):
        if statement.startswith("SELECT"):
            prefix = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
            cursor.execute(prefix + statement, parameters)
            plans.append(" ".join(str(each[-1]) for each in cursor.fetchall()))

    event.listen(database.engine, "before_cursor_execute", explain)
    with database.reading() as session:
        timers.next_due(session)
    with database.transaction() as session:
        timers.claim(session, clock.now())
    assert len(plans) == 2
    assert all("ix_process_case_next_due" in plan for plan in plans), plans


def test_reminders_missed_in_a_night_are_one_and_so_are_escalations_to_one_post(database, house, start, moving):
    (case_id,) = start(ASKED, {"units": {"CQ-500101": "CQ-500101"}})
    moving.advance(days=60)
    background = Background(database, house)
    background.work_off()
    background.work_off()
    assert sorted(kinds(database)) == ["escalation", "reminder"]
    with database.reading() as session:
        assert session.scalars(select(Job)).all() == []
        told = session.scalars(select(CaseEvent.kind).where(CaseEvent.kind.in_(("reminded", "escalated")))).all()
        assert sorted(told) == ["escalated", "reminded"]
        assert last_reminded(session, [case_id]) == {(case_id, "CQ-500101"): clock.now()}


def test_workers_that_race_remind_once(database, house, start, moving):
    start(ASKED, {"units": {"CQ-500101": "CQ-500101", "CQ-500102": "CQ-500102"}})
    moving.advance(days=12)
    workers = [threading.Thread(target=Background(database, house).work_off) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert kinds(database) == ["reminder", "reminder"]


def test_reminders_of_a_suspended_case_wait_until_it_goes_on(database, house, people, start, moving):
    (case_id,) = start(ASKED, {"units": {"CQ-500101": "CQ-500101"}})
    with database.transaction() as session:
        cases.suspend(session, house, people.owner, case_id, "补充材料")
    background = Background(database, house)
    moving.advance(days=12)
    background.work_off()
    assert kinds(database) == []
    with database.transaction() as session:
        cases.resume(session, house, people.owner, case_id, "材料已补")
    moving.advance(hours=1, seconds=1)
    background.work_off()
    assert kinds(database) == ["reminder"]


def test_nobody_is_reminded_of_a_task_that_is_done(database, house, people, start, moving):
    start(ASKED, {"units": {"CQ-500101": "CQ-500101"}})
    with database.reading() as session:
        item = session.scalars(select(WorkItem)).one()
    with database.transaction() as session:
        work.complete(session, house, people.wanzhou, item.id, {"comment": "好"})
    moving.advance(days=60)
    Background(database, house).work_off()
    assert kinds(database) == []


CAUGHT = diagram(
    '<startEvent id="s"/>'
    '<intermediateCatchEvent id="catch"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    '<endEvent id="e"/>' + chain("s", "catch", "e"),
    lane("city", "catch"),
    before='<message id="m" name="消息"/>',
)


def test_a_message_to_a_suspended_case_waits_until_it_goes_on(database, house, people, start, moving):
    (case_id,) = start(CAUGHT)
    with database.reading() as session:
        assert session.scalars(select(Waiting.name)).all() == ["消息"]
    with database.transaction() as session:
        cases.suspend(session, house, people.owner, case_id, "暂停")
        args = {"kind": "message", "name": "消息", "correlation": "", "data": {}, "from": str(case_id)}
        jobs.enqueue(session, DELIVER, args)
    background = Background(database, house)
    background.work_off()
    with database.transaction() as session:
        cases.resume(session, house, people.owner, case_id, "继续")
    moving.advance(minutes=6)
    background.work_off()
    with database.reading() as session:
        assert session.get(Case, case_id).status == "completed"


# work that fails becomes an incident


@pytest.fixture
def shaky(database, house):
    """A kind of job that fails until it is told to work."""
    works, done = [], []

    def keep(session, house, job, made):
        if not works:
            raise RuntimeError("王海燕 13800001234")
        done.append(job.args["n"])

    more = {"shaky": JobKind(message("试办"), keep), "needed": JobKind(message("必办"), keep, needed=True)}
    return replace(house, job_kinds=more), works, done


def fail_for_good(database, house, moving, kind="shaky", **args):
    with database.transaction() as session:
        jobs.enqueue(session, kind, {"n": 1, **args})
    background = Background(database, house)
    for _ in range(jobs.MOST_ATTEMPTS + 1):
        background.work_off()
        moving.advance(hours=1)


def test_a_job_that_fails_for_good_is_an_incident_that_a_person_can_retry(database, people, shaky, moving):
    house, works, done = shaky
    fail_for_good(database, house, moving)
    with database.reading() as session:
        (found,), total = incidents.incidents(session, ("open",))
        assert (total, found.case_id, found.step, found.attempts) == (1, None, "试办", 1)
        assert "王海燕" not in found.text + found.trace
        assert session.scalars(select(Job)).all() == []
        assert set(session.scalars(select(Notice.role))) == {"process_owner", "manager"}
    with database.transaction() as session, pytest.raises(NotAllowed):
        incidents.retry(session, house, people.clerk, found.id, "原因已排除")
    failure = None
    try:
        with database.transaction() as session:
            incidents.retry(session, house, people.manager, found.id, "原因已排除")
    except WorkFailed as raised:
        failure = raised
    assert failure is not None
    with database.transaction() as session:
        incidents.fail_again(session, people.manager, found.id, failure, "再试")
    with database.reading() as session:
        assert session.scalars(select(Incident.attempts)).all() == [2]
    works.append(True)
    with database.transaction() as session:
        assert incidents.retry(session, house, people.manager, found.id, "原因已排除").status == "resolved"
    assert done == [1]
    with database.transaction() as session, pytest.raises(Conflict):
        incidents.retry(session, house, people.manager, found.id, "原因已排除")


def test_a_failed_job_of_a_case_is_told_in_the_case(database, people, shaky, start, moving):
    house, works, _done = shaky
    (case_id,) = start(CAUGHT)
    fail_for_good(database, house, moving, case=str(case_id))
    with database.reading() as session:
        found = session.scalars(select(Incident)).one()
        assert found.case_id == case_id
        assert session.get(Case, case_id).open_incidents == 1
    works.append(True)
    with database.transaction() as session:
        incidents.retry(session, house, people.manager, found.id, "原因已排除")
    with database.reading() as session:
        assert session.get(Case, case_id).open_incidents == 0
        kinds_ = session.scalars(select(CaseEvent.kind).where(CaseEvent.kind.in_(("incident", "retried")))).all()
        assert kinds_ == ["incident", "retried"]


def test_what_failed_may_be_given_up_with_a_reason_unless_it_is_needed(database, people, shaky, moving):
    house, _works, _done = shaky
    fail_for_good(database, house, moving)
    fail_for_good(database, house, moving, "needed")
    with database.reading() as session:
        by_step = {each.step: each.id for each in session.scalars(select(Incident))}
    with database.transaction() as session:
        with pytest.raises(Invalid):
            incidents.discard(session, house, people.manager, by_step["试办"], "  ")
        with pytest.raises(NotAllowed):
            incidents.discard(session, house, people.clerk, by_step["试办"], "不再需要")
        with pytest.raises(Conflict):
            incidents.discard(session, house, people.manager, by_step["必办"], "不再需要")
        found = incidents.discard(session, house, people.manager, by_step["试办"], "不再需要")
        assert (found.status, found.note, found.resolved_by) == ("discarded", "不再需要", "manager")


def test_what_the_desk_refuses_is_not_tried_eight_times(database, house, moving):
    def refuse(session, house, job, made):
        raise Invalid(message("模板不全"))

    house = replace(house, job_kinds={"refuse": JobKind(message("生成"), refuse)})
    with database.transaction() as session:
        jobs.enqueue(session, "refuse", {})
    Background(database, house).work_off()
    with database.reading() as session:
        assert session.scalars(select(Incident.text)).all() == ["模板不全"]


def test_a_kind_of_job_from_another_version_ends_as_an_incident_that_says_so(database, house, moving):
    fail_for_good(database, house, moving, "of.yesterday")
    with database.reading() as session:
        found = session.scalars(select(Incident)).one()
        assert "of.yesterday" in found.step
        assert "程序版本" in found.text


# the calendar


@pytest.fixture
def yearly(house, deploy):
    """A period that is due on each New Year's Day, of a process that is deployed."""
    deploy(CAUGHT)

    def calendar(session, today: date):
        return [PeriodDue(f"year:{today.year}", "sample", "p", {})]

    return replace(house, calendars=(calendar,))


def test_a_period_begins_once_however_many_workers_look(database, people, yearly, moving):
    for _ in range(3):
        Background(database, yearly).work_off()
    with database.reading() as session:
        assert session.scalars(select(StartedPeriod.period)).all() == ["year:2026"]


def test_a_period_that_cannot_begin_is_an_incident_and_begins_when_it_can(database, people, yearly, moving):
    broken = replace(yearly, calendars=(lambda session, today: [PeriodDue("year:2026", "nothing", "p", {})],))
    Background(database, broken).work_off()
    with database.reading() as session:
        found = session.scalars(select(Incident)).one()
        assert (found.case_id, found.status) == (None, "open")
        assert "year:2026" in found.step
    Background(database, broken).work_off()
    with database.reading() as session:
        assert session.scalars(select(Incident.attempts)).all() == [2]
    moving.advance(days=1)
    Background(database, yearly).work_off()
    with database.reading() as session:
        assert session.scalars(select(Incident.status)).all() == ["resolved"]
        assert len(session.scalars(select(StartedPeriod)).all()) == 1


def test_after_more_than_a_year_without_a_look_a_person_says_whether_to_begin(database, people, yearly, moving):
    Background(database, yearly).work_off()
    moving.advance(days=calendar_starts.LONGEST_GAP.days + 1)
    for _ in range(2):
        Background(database, yearly).work_off()
    moving.advance(days=1)
    Background(database, yearly).work_off()
    with database.reading() as session:
        assert session.scalars(select(StartedPeriod.period)).all() == ["year:2026"]
        held = session.scalars(select(Incident)).one()
        assert "400" in held.text
    with database.transaction() as session:
        incidents.retry(session, yearly, people.owner, held.id, "原因已排除")
    with database.reading() as session:
        assert set(session.scalars(select(StartedPeriod.period))) == {"year:2026", "year:2027"}


def test_a_period_that_was_given_up_never_begins(database, people, yearly, moving):
    Background(database, yearly).work_off()
    moving.move_to(datetime(2028, 6, 1, tzinfo=UTC))
    Background(database, yearly).work_off()
    with database.transaction() as session:
        held = session.scalars(select(Incident)).one()
        incidents.discard(session, yearly, people.owner, held.id, "时钟有误")
    moving.advance(days=1)
    Background(database, yearly).work_off()
    with database.reading() as session:
        assert (
            session.scalars(select(Case.id)).all()
            == session.scalars(select(StartedPeriod.case_id).where(StartedPeriod.case_id.is_not(None))).all()
        )
        assert len(session.scalars(select(Case.id)).all()) == 1
