"""The verbs in a scenario: recorded from a rehearsal, done again elsewhere, and judged by a changed diagram."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

import pytest

from processes import clock
from processes.audit import keep_trail
from processes.db import Database
from processes.engine import cases, definitions, handing_on, work
from processes.engine.definitions import active_definition
from processes.engine.packages import package
from processes.engine.rehearsing.keeping import keep_start
from processes.engine.rehearsing.playing import let_time_pass, play
from processes.engine.rehearsing.recording import CannotRepeat, recorded
from processes.engine.rehearsing.scenario import read_scenario
from processes.engine.verbs import asking, circulating, handing_over, joining, moving, recalling, sending_back
from processes.engine.verbs.signers import rounds
from processes.identity.actor import SYSTEM
from tests.engine.spiff.drawn import chain, node
from tests.engine.test_work import diagram, lane
from tests.engine.verbs.conftest import office_of
from tests.engine.verbs.test_joining import IN_TURN, sign
from tests.engine.verbs.test_verbs import END, ROW, SIGNED, START, task

BEGINS = datetime(2026, 3, 2, 9, 0, 27, tzinfo=clock.CITY)


@pytest.fixture
def stages(sqlite_template, tmp_path):
    """Scratch databases with the same people, as often as one is asked for."""
    made = []

    def another():
        place = tmp_path / str(len(made))
        place.mkdir()
        shutil.copy(sqlite_template, place / "desk.db")
        database = Database(f"sqlite:///{place / 'desk.db'}")
        keep_trail(database, b"key of the tests")
        made.append(database)
        office = office_of(database, place)
        office.house.witness = keep_start
        return office

    yield another
    for each in made:
        each.close()


@pytest.fixture
def moving_clock():
    made = clock.MovableClock(BEGINS)
    with clock.here(made):
        yield made


@pytest.fixture
def stage(stages, moving_clock):
    return stages()


def kept(office, moving_clock):
    """The scenario of what was played, through its file."""
    with office.database.reading() as session:
        of = package(session, active_definition(session, "sample").id)
        found = recorded(session, office.house.files, "sample", "一次", BEGINS, moving_clock.now(), of)
    return read_scenario(found.scenario.as_json()), found


def problems(office, scenario, xml):
    """What is wrong when a scenario is played with a diagram."""
    with office.database.transaction() as session:
        definitions.deploy(session, SYSTEM, "sample", {"process.bpmn": xml.encode()})
    return [str(each) for each in play(office.database, office.house, "sample", scenario).problems]


def begun(office, xml=ROW):
    office.start(xml)
    office.do(office.people.clerk, "draft", {"comment": "初稿"})
    return office.people


def item(office, step, who=None):
    return office.item(step, **({"person_id": who.person_id} if who else {})).id


def returned(office):
    p = begun(office)
    office.act(sending_back.send_back, p.section, item(office, "check"), "previous", "again", "补材料")
    office.do(p.clerk, "draft", {"comment": "再稿"})


def returned_straight(office):
    p = begun(office)
    office.do(p.section, "check")
    office.act(sending_back.send_back, p.leader, item(office, "decide"), "starter", "straight", "补材料")
    office.do(p.clerk, "draft", {"comment": "再稿"})
    office.do(p.leader, "decide")


def rejected(office):
    p = begun(office)
    office.act(sending_back.reject, p.section, item(office, "check"), "不符合")


def recalled_twice(office):
    p = begun(office)
    sent = office.items("done")[0].id
    for _time in range(2):
        office.act(recalling.recall, p.clerk, sent, "漏了")
        sent = office.do(p.clerk, "draft", {"comment": "再稿"}).id
    office.do(p.section, "check")


def transferred(office):
    office.start(ROW)
    p = office.people
    office.act(handing_on.transfer, p.clerk, item(office, "draft"), "other", "出差")
    office.do(p.other, "draft")


def delegated(office):
    p = begun(office)
    made = office.act(asking.delegate, p.section, item(office, "check"), "clerk", "代办")
    office.act(work.complete, p.clerk, made.id, {})
    office.do(p.section, "check")


def signed_before_and_after(office):
    p = begun(office)
    main = item(office, "check")
    made = office.act(asking.add_signers, p.section, main, ["hr", "other", "clerk"], "请会签", after=False)
    office.act(work.complete, p.other, made[1].id, {"opinion": "不同意", "comment": "不行"})
    office.act(work.complete, p.hr, made[0].id, {"opinion": "同意"})
    office.act(asking.remove_signer, p.section, made[2].id, "不必了")
    (after,) = office.act(asking.add_signers, p.section, main, ["leader"], "请把关", after=True)
    office.do(p.section, "check")
    office.act(recalling.recall, p.section, main, "漏了")
    office.do(p.section, "check")
    office.act(work.complete, p.leader, after.id, {"opinion": "同意"})


def signed_with_others(office):
    p = begun(office, SIGNED)
    office.act(joining.sign_with, p.leader, item(office, "sign", p.leader), ["hr"], "涉及人事")
    office.act(asking.remove_signer, p.manager, item(office, "sign", p.third), "出差")
    sign(office, p.hr, p.deputy)
    office.do(p.clerk, "print")


def left_out_in_turn(office):
    p = begun(office, IN_TURN)
    (turn,) = office.items(step="sign")
    by_id = {each.person_id: each for each in (p.leader, p.deputy, p.third)}
    last = next(each for each in (p.leader, p.deputy, p.third) if each.person_id != turn.person_id)
    with office.database.reading() as session:
        (of,) = rounds(session, office.house, office.case())
    key = next(each.key for each in of.ahead if each.name == last.name)
    office.act(joining.leave_out, p.manager, turn.id, key, "出差")
    sign(office, by_id[turn.person_id])


def moved(office):
    p = begun(office)
    office.act(moving.move, p.owner, item(office, "check"), "decide", "越过审核")
    office.do(p.leader, "decide")


def stopped_and_withdrawn(office):
    p = begun(office)
    office.act(cases.suspend, p.manager, office.case_id, "暂停")
    office.act(cases.resume, p.manager, office.case_id, "继续")
    office.act(cases.withdraw, p.clerk, office.case_id, "不办了")


def ended(office):
    p = begun(office)
    office.act(cases.cancel, p.manager, office.case_id, "不办了")


@pytest.mark.parametrize(
    ("acted", "xml", "verbs"),
    [
        (returned, ROW, ["return"]),
        (returned_straight, ROW, ["return"]),
        (rejected, ROW, ["reject"]),
        (recalled_twice, ROW, ["recall", "recall"]),
        (transferred, ROW, ["transfer"]),
        (delegated, ROW, ["delegate"]),
        (signed_before_and_after, ROW, ["sign_before", "remove_signer", "sign_after", "recall"]),
        (signed_with_others, SIGNED, ["sign_with", "remove_signer"]),
        (left_out_in_turn, IN_TURN, ["remove_signer"]),
        (moved, ROW, ["move_token"]),
        (stopped_and_withdrawn, ROW, ["suspended", "resumed", "withdrawn"]),
        (ended, ROW, ["ended"]),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_verb_is_recorded_and_done_again_with_the_same_end(stages, stage, moving_clock, acted, xml, verbs):
    acted(stage)
    scenario, found = kept(stage, moving_clock)
    assert [each.verb.rpartition(".")[2] for each in scenario.acts if each.verb] == verbs
    assert found.left_out == {}
    assert problems(stages(), scenario, xml) == []


def without(step, xml=ROW):
    """The same diagram without one of its steps."""
    rest = [each for each in ("draft", "check", "decide") if each != step]
    roles = {"draft": "city_bureau.clerk", "check": "city_bureau.section", "decide": "city_bureau.leader"}
    return diagram(
        START + "".join(task(each) for each in rest) + END + chain("s", *rest, "e"),
        "".join(lane(f"l_{each}", each, role=roles[each]) for each in rest),
    )


@pytest.mark.parametrize(
    ("acted", "xml", "said"),
    [
        (returned, ROW.replace('name="check"', 'name="check" '), ""),
        (returned, without("check"), "第 3 步：处长应退回“check”（check），但“征求意见”没有这项任务。"),
        (rejected, without("check"), "第 3 步：处长应驳回“check”（check），但“征求意见”没有这项任务。"),
        (returned_straight, without("decide"), "第 4 步：局领导应退回“decide”（decide），但“征求意见”没有这项任务。"),
        (moved, without("decide"), "第 3 步：流程员不能移动环节“check”：不能再移到“decide”。"),
    ],
    ids=["as it was", "returned", "rejected", "straight", "moved"],
)
def test_a_diagram_that_breaks_a_verb_makes_the_scenario_fail_with_a_sentence(
    stages, stage, moving_clock, acted, xml, said
):
    acted(stage)
    scenario, _found = kept(stage, moving_clock)
    assert problems(stages(), scenario, xml) == ([said] if said else [])


def test_a_step_that_may_no_longer_be_sent_back_to_is_named(stages, stage, moving_clock):
    returned(stage)
    scenario, _found = kept(stage, moving_clock)
    refusing = ROW.replace('<userTask id="check" name="check">', '<userTask id="check" name="核稿">' + NO_RETURN)
    assert problems(stages(), scenario, refusing) == ["第 3 步：处长不能退回“check”：不能再退回到“draft”。"]


NO_RETURN = (
    '<extensionElements><spiffworkflow:properties><spiffworkflow:property name="return" value="no"/>'
    "</spiffworkflow:properties></extensionElements>"
)


def test_what_moves_no_case_is_left_out_and_said(stages, stage, moving_clock):
    p = begun(stage)
    check = item(stage, "check")
    stage.act(work.claim, p.section, check)
    stage.act(circulating.ask, p.section, check, "clerk", "何时？")
    stage.act(circulating.copy_to, p.section, check, ["hr", "clerk"])
    stage.act(handing_on.remind, p.clerk, check)
    scenario, found = kept(stage, moving_clock)
    assert found.left_out == {"work.ask": 1, "work.copy": 1, "work.remind": 1}
    assert problems(stages(), scenario, ROW) == []


def test_what_moves_a_case_and_cannot_be_done_again_is_refused_aloud(stage, moving_clock):
    p = begun(stage)
    stage.act(work.claim, p.section, item(stage, "check"))
    stage.act(handing_over.hand_over, p.manager, "section", "leader", "调离")
    with pytest.raises(CannotRepeat) as refused:
        kept(stage, moving_clock)
    assert refused.value.acts == ["work.hand_over"]


WAITS = diagram(
    START + task("draft")
    + node("intermediateCatchEvent", "t", "<timerEventDefinition><timeDuration>'PT30M'</timeDuration>"
           "</timerEventDefinition>")
    + task("check") + END + chain("s", "draft", "t", "check", "e"),
    lane("c", "draft", role="city_bureau.clerk") + lane("h", "check", role="city_bureau.section"),
)  # fmt: skip


def test_what_a_timer_brought_within_a_minute_has_come_when_it_is_done_again(stages, stage, moving_clock):
    moving_clock.advance(seconds=45)
    begun(stage, WAITS)
    let_time_pass(stage.database, stage.house, moving_clock, moving_clock.now() + timedelta(minutes=30, seconds=1))
    stage.do(stage.people.section, "check")
    scenario, _found = kept(stage, moving_clock)
    assert problems(stages(), scenario, WAITS) == []


def test_an_unknown_verb_in_a_file_is_told(stages, stage, moving_clock):
    returned(stage)
    scenario, _found = kept(stage, moving_clock)
    strange = read_scenario(scenario.as_json().replace(b"work.return", b"work.vanish"))
    assert problems(stages(), strange, ROW) == ["第 3 步：场景中的“work.vanish”不能重演。"]
