"""A round that is given up takes its applications with it, and the registers say why."""

from __future__ import annotations

import pytest

from handlers.cancelling import cancel
from processes.engine import cases, definitions
from processes.errors import NotAllowed
from processes.identity.actor import SYSTEM
from processes.registers.history import changes_of
from processes.registers.planner_posts import posts_of
from tests.factories import make_person

WAITS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" targetNamespace="t">
<process id="waits" name="等待" isExecutable="true">
<extensionElements><spiffworkflow:properties>
<spiffworkflow:property name="starters" value="process_owner"/></spiffworkflow:properties></extensionElements>
<startEvent id="a"/><userTask id="u" name="办理"><extensionElements><spiffworkflow:properties>
<spiffworkflow:property name="role" value="city_bureau.clerk"/></spiffworkflow:properties></extensionElements>
</userTask>
<endEvent id="z"/><sequenceFlow id="f" sourceRef="a" targetRef="u"/><sequenceFlow id="g" sourceRef="u" targetRef="z"/>
</process></definitions>"""


@pytest.fixture
def owner(small_stage):
    definitions.deploy(small_stage.session, SYSTEM, "waits", {"process.bpmn": WAITS.encode()})
    return make_person(small_stage.session, "owner", ("process_owner", "city_bureau"), name="唐明远")


def started(stage, owner, parent_id=None):
    return cases.start(stage.session, stage.house, owner, "waits", "waits", {}, parent_id=parent_id)


def test_a_cancelled_round_closes_its_posts_and_its_applications(small_stage, owner):
    small_stage.posts(万州区=1)
    small_stage.call()
    person = small_stage.apply("欧阳喆")
    case = started(small_stage, owner)
    small_stage.round.case_id, person.case_id = case.id, started(small_stage, owner, case.id).id
    cancel(small_stage.session, small_stage.house, owner, case.id, "办法修订，本轮终止")
    assert (small_stage.round.status, person.status) == ("cancelled", "cancelled")
    assert [post.status for post in posts_of(small_stage.session, small_stage.round.id)] == ["closed"]
    assert changes_of(small_stage.session, person)[-1].reason == "办法修订，本轮终止"
    assert not small_stage.round.takes_applications


def test_only_those_who_may_stop_a_case_may_cancel_it(small_stage, owner):
    case = started(small_stage, owner)
    with pytest.raises(NotAllowed):
        cancel(small_stage.session, small_stage.house, small_stage.clerk, case.id, "不再需要")
