"""A completion meets a timer or a message; two workers meet at one timer, two people at one incident."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from processes import clock
from processes.engine import incidents
from processes.engine.failures import CaseFailed
from processes.engine.models import Incident
from processes.engine.spiff import StepFailed
from tests.engine.races.scene import DEADLINE, ELSEWHERE, END, START, WITHDRAWN, of_clerks, task
from tests.engine.races.stepping import in_order
from tests.engine.spiff.drawn import chain, flow, node


@pytest.fixture
def a_day_later(scene):
    """The clock of the whole desk, at which a case can begin and a day can pass."""
    start = clock.now()

    def passes():
        moving.move_to(start + timedelta(days=1, minutes=1))

    moving = clock.MovableClock(start)
    with clock.running_on(moving):
        yield passes


def test_a_task_is_either_done_or_taken_away_by_its_deadline(scene, order, people, a_day_later):
    case = scene.begin(DEADLINE)
    item = scene.items(case)["审核"]
    a_day_later()
    done, fired = order.meet(scene.completes(people.clerk, item), scene.fires(case))
    if order.winner == 0:
        assert done.done
        assert fired.done or fired.told == "案件已结束。"
        assert (scene.case(case).status, scene.items(case)) == ("completed", {})
    else:
        assert (fired.done, done.status, done.told) == (True, 409, "该任务已办结，或案件已进入下一环节。")
        assert (scene.item(item).status, list(scene.items(case))) == ("cancelled", ["催办"])
    scene.is_sound()


def test_a_timer_elsewhere_in_the_case_disturbs_no_completion(scene, order, people, a_day_later):
    case = scene.begin(ELSEWHERE)
    item = scene.items(case)["审核"]
    a_day_later()
    outcomes = order.meet(scene.completes(people.clerk, item), scene.fires(case))
    assert [each.done for each in outcomes] == [True, True]
    assert sorted(scene.items(case)) == ["公示", "提醒"]
    assert scene.case(case).next_due is None
    scene.is_sound()


def test_two_workers_at_one_timer_fire_it_once(scene, order, a_day_later):
    case = scene.begin(ELSEWHERE)
    a_day_later()
    outcomes = order.meet(scene.fires(case), scene.fires(case))
    assert [each.done for each in outcomes] == [True, True]
    assert sorted(scene.items(case)) == ["公示", "审核", "提醒"]
    scene.is_sound()


def test_a_timer_does_not_fire_in_a_suspended_case(scene, order, a_day_later):
    case = scene.begin(ELSEWHERE)
    a_day_later()
    fired, stopped = order.meet(scene.fires(case), scene.suspends(case))
    assert stopped.done
    assert ("提醒" in scene.items(case)) == fired.done == (order.winner == 0)
    scene.is_sound()


def test_a_task_is_either_done_or_withdrawn_by_the_applicant(scene, order, people):
    case = scene.begin(WITHDRAWN)
    item = scene.items(case)["审核"]
    done, withdrawn = order.meet(scene.completes(people.clerk, item), scene.withdraws(case))
    if order.winner == 0:
        assert done.done
        assert scene.items(case) == {}
        assert withdrawn.value == 0 or withdrawn.status == 409
    else:
        assert (withdrawn.value, done.status) == (1, 409)
        assert (done.told, list(scene.items(case))) == ("该任务已办结，或案件已进入下一环节。", ["退件"])
    scene.is_sound()


def test_an_applicant_who_withdraws_twice_withdraws_once(scene, order):
    case = scene.begin(WITHDRAWN)
    won, lost = in_order(order, order.meet(scene.withdraws(case), scene.withdraws(case)))
    assert (won.value, list(scene.items(case))) == (1, ["退件"])
    assert lost.value in (0, 1) or lost.status == 409
    assert scene.told(case, "entered").count(("entered", "退件")) == 1
    scene.is_sound()


FAILING = of_clerks(
    START + task("受理") + node("exclusiveGateway", "g") + task("审核") + END + chain("s", "受理", "g")
    + flow("g", "审核", "days > 3".replace(">", "&gt;")) + chain("审核", "e"),
    "受理", "审核",
)  # fmt: skip


def test_an_incident_that_two_retry_is_retried_once(scene, order, people):
    case = scene.begin(FAILING)
    item = scene.items(case)["受理"]
    with pytest.raises(CaseFailed) as failed, scene.database.transaction() as session:
        scene.completes(people.clerk, item, days=2)(session)
    with scene.database.transaction() as session:
        again = incidents.complete_again(people.clerk, item, {"days": 5})
        incident = incidents.record(session, failed.value, again).id
    won, lost = in_order(
        order,
        order.meet(
            lambda session: incidents.retry(session, scene.house, people.owner, incident, "原因已排除"),
            lambda session: incidents.retry(session, scene.house, people.manager, incident, "原因已排除"),
        ),
    )
    assert won.done
    assert lost.status == 409
    with scene.database.reading() as session:
        assert session.scalars(select(Incident.status)).all() == ["resolved"]
    assert (list(scene.items(case)), scene.submissions(case)) == (["审核"], 1)
    assert scene.case(case).open_incidents == 0
    scene.is_sound()


def test_an_incident_of_timers_that_two_retry_fires_once(scene, order, people, a_day_later):
    case = scene.begin(ELSEWHERE)
    a_day_later()
    failure = CaseFailed(case, StepFailed("late", ValueError("故障")))
    with scene.database.transaction() as session:
        incident = incidents.record(session, failure, {"kind": "timers"}).id
    won, lost = in_order(
        order,
        order.meet(
            lambda session: incidents.retry(session, scene.house, people.owner, incident, "原因已排除"),
            lambda session: incidents.retry(session, scene.house, people.manager, incident, "原因已排除"),
        ),
    )
    assert (won.done, lost.status) == (True, 409)
    assert sorted(scene.items(case)) == ["公示", "审核", "提醒"]
    assert len(scene.told(case, "retried")) == 1
    assert scene.case(case).open_incidents == 0
    scene.is_sound()
