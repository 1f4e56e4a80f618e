"""Timers, messages, signals, errors, escalations, conditions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from processes import clock
from processes.clock import MovableClock
from processes.engine.spiff import ErrorRaised, StepFailed
from processes.errors import Conflict
from tests.engine.spiff.drawn import (
    House,
    Keeper,
    begin,
    boundary,
    chain,
    do,
    drawn,
    flow,
    names,
    node,
    timer,
    user,
)

START, END = node("startEvent", "s"), node("endEvent", "e")
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
MAIL = '<message id="m1" name="回函"/><signal id="g1" name="暂停"/>'
MESSAGE, SIGNAL = '<messageEventDefinition messageRef="m1"/>', '<signalEventDefinition signalRef="g1"/>'


@pytest.fixture
def moving():
    with clock.running_on(MovableClock(NOON)) as _:
        yield clock._installed[-1]


def catching(definition: str) -> str:
    return START + node("intermediateCatchEvent", "c", definition) + user("z") + END + chain("s", "c", "z", "e")


def hosting(definition: str, interrupts: bool) -> str:
    body = START + user("a") + boundary("b", "a", definition, interrupts) + user("late") + END
    return body + chain("s", "a", "e") + chain("b", "late", "e")


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("timeDuration", "PT1H", NOON + timedelta(hours=1)),
        ("timeDuration", '"PT1H"', NOON + timedelta(hours=1)),
        ("timeDuration", "${wait}", NOON + timedelta(days=2)),
        ("timeDuration", "P1M", datetime(2026, 4, 1, 4, tzinfo=UTC)),
        ("timeDate", "2026-05-01T09:00:00+08:00", datetime(2026, 5, 1, 1, tzinfo=UTC)),
        ("timeDate", "2026-05-01", datetime(2026, 4, 30, 16, tzinfo=UTC)),
        ("timeDate", "deadline(5)", NOON + timedelta(days=5)),
        ("timeCycle", "R3/PT2H", NOON + timedelta(hours=2)),
    ],
)
def test_a_timer_is_due_when_its_text_or_expression_says(moving, kind, text, due):
    house = House(deadline=lambda days: NOON + timedelta(days=days))
    run = begin(drawn(catching(timer(kind, text))), house, wait="P2D")
    assert [wait.due for wait in run.timers()] == [due]
    run.fire_timers(due - timedelta(seconds=1))
    assert names(run) == []
    run.fire_timers(due)
    assert names(run) == ["z"]


@pytest.mark.parametrize("text", ["-PT1H", "P", '""', "P1D12", "0 0 * * *", "P99999999Y"])
def test_a_timer_that_means_nothing_is_a_failure_of_its_event(moving, text):
    with pytest.raises(StepFailed) as failed:
        begin(drawn(catching(timer("timeDuration", text))))
    assert failed.value.element_id == "c"


def test_a_deadline_does_not_move_when_the_variables_it_came_from_change(moving):
    program = drawn(
        START
        + node("parallelGateway", "g")
        + node("intermediateCatchEvent", "c", timer("timeDuration", "wait"))
        + user("a")
        + END
        + chain("s", "g", "c", "e")
        + chain("g", "a", "e")
    )
    keeper = Keeper(program)
    run = begin(program, wait="P1D")
    do(run, "a", wait="P9D")
    assert keeper.reload(run).timers()[0].due == NOON + timedelta(days=1)


def test_an_interrupting_timer_ends_its_task_and_the_open_task_is_reported(moving):
    program = drawn(hosting(timer("timeDuration", "P10D"), True))
    keeper = Keeper(program)
    run = keeper.reload(begin(program))
    moving.advance(days=11)
    run.fire_timers(clock.now())
    assert names(run) == ["late"]
    assert ("cancelled", "a") in [(change.kind, change.element_id) for change in run.changes()]
    assert run.progress()["a"] == "cancelled"
    do(run, "late")
    assert run.status == "completed"


def test_a_finished_task_takes_its_timer_with_it(moving):
    run = begin(drawn(hosting(timer("timeDuration", "P10D"), True)))
    do(run, "a")
    assert (run.timers(), run.status) == ([], "completed")


def test_five_missed_rounds_are_one_reminder_and_the_reminder_outlives_its_task(moving):
    program = drawn(hosting(timer("timeCycle", "R/P1D"), False))
    keeper = Keeper(program)
    run = keeper.reload(begin(program))
    moving.advance(days=5, hours=1)
    run.fire_timers(clock.now())
    assert names(run) == ["a", "late"]
    assert run.timers()[0].due == NOON + timedelta(days=6)
    run = keeper.reload(run)
    do(run, "a")
    assert names(run) == ["late"]
    do(run, "late")
    assert run.status == "completed"


def test_a_cycle_ends_after_its_number_of_rounds(moving):
    run = begin(drawn(hosting(timer("timeCycle", "R2/P1D"), False)))
    for _ in range(4):
        moving.advance(days=1)
        run.fire_timers(clock.now())
    assert names(run).count("late") == 2
    assert run.timers() == []


def test_a_cycle_of_months_keeps_the_day():
    with clock.running_on(MovableClock(datetime(2026, 1, 31, 1, tzinfo=UTC))):
        run = begin(drawn(hosting(timer("timeCycle", "R/2026-01-31T09:00:00+08:00/P1M"), False)))
        run.fire_timers(clock.now())
        assert run.timers()[0].due == datetime(2026, 2, 28, 1, tzinfo=UTC)


def test_two_timers_behind_one_event_gateway_have_two_deadlines(moving):
    body = START + node("eventBasedGateway", "g") + node("intermediateCatchEvent", "c1", timer("timeDuration", "P9D"))
    body += node("intermediateCatchEvent", "c2", timer("timeDuration", "P2D")) + node(
        "receiveTask", "c3", messageRef="m1"
    )
    body += user("z1") + user("z2") + user("z3") + END
    for number in "123":
        body += chain("g", f"c{number}", f"z{number}", "e")
    program = drawn(body + chain("s", "g"), MAIL)
    keeper = Keeper(program)
    run = keeper.reload(begin(program))
    assert [(wait.element_id, wait.due) for wait in run.timers()] == [
        ("c2", NOON + timedelta(days=2)),
        ("c1", NOON + timedelta(days=9)),
    ]
    moving.advance(days=3)
    run.fire_timers(clock.now())
    assert (names(run), run.timers(), run.messages()) == (["z2"], [], [])
    do(run, "z2")
    assert run.status == "completed"


def test_timers_due_at_once_fire_in_the_order_of_their_deadlines(moving):
    body = START + node("parallelGateway", "g") + END + chain("s", "g")
    for name, text in (("c1", "P3D"), ("c2", "P1D"), ("c3", "P2D")):
        body += node("intermediateCatchEvent", name, timer("timeDuration", text)) + node("serviceTask", f"w{name}")
        body += chain("g", name, f"w{name}", "e")
    house = House()
    run = begin(drawn(body), house)
    moving.advance(days=4)
    run.fire_timers(clock.now())
    assert house.called == ["wc2", "wc3", "wc1"]


def test_a_message_reaches_exactly_the_place_it_was_meant_for():
    body = (
        START
        + node("parallelGateway", "g")
        + node("receiveTask", "r1", messageRef="m1")
        + END
        + user("z1")
        + user("z2")
    )
    body += (
        node("intermediateCatchEvent", "r2", MESSAGE) + chain("s", "g", "r1", "z1", "e") + chain("g", "r2", "z2", "e")
    )
    program = drawn(body, MAIL)
    keeper = Keeper(program)
    run = keeper.reload(begin(program))
    first, second = run.messages()
    assert (first.name, first.element_id, second.element_id) == ("回函", "r1", "r2")
    run.deliver(second.task_id, {"text": "同意"})
    assert names(run) == ["z2"]
    assert run.open_tasks()[0].data["text"] == "同意"
    with pytest.raises(Conflict):
        run.deliver(second.task_id, {})


def test_a_message_that_does_not_interrupt_may_come_any_number_of_times():
    program = drawn(hosting(MESSAGE, False), MAIL)
    keeper = Keeper(program)
    run = begin(program)
    for number in range(3):
        run = keeper.reload(run)
        run.deliver(run.messages()[0].task_id, {"n": number})
    assert names(run) == ["a", "late", "late", "late"]
    assert [task.data["n"] for task in run.open_tasks()[1:]] == [0, 1, 2]


def test_messages_are_thrown_to_the_house_and_never_delivered_inside():
    body = START + node("intermediateThrowEvent", "t", MESSAGE) + node("sendTask", "t2", messageRef="m1")
    body += node("intermediateCatchEvent", "c", MESSAGE) + node("endEvent", "e", MESSAGE)
    run = begin(drawn(body + chain("s", "t", "t2", "c", "e"), MAIL), x=1)
    assert [(sent.kind, sent.name, sent.element_id, sent.data["x"]) for sent in run.take_thrown()] == [
        ("message", "回函", "t", 1),
        ("message", "回函", "t2", 1),
    ]
    run.deliver(run.messages()[0].task_id, {})
    assert [sent.element_id for sent in run.take_thrown()] == ["e"]
    assert run.status == "completed"


def test_a_message_start_is_known_and_begins_there():
    body = (
        START
        + node("startEvent", "s2", MESSAGE)
        + user("a")
        + user("b")
        + END
        + chain("s", "a", "e")
        + chain("s2", "b", "e")
    )
    program = drawn(body, MAIL)
    assert program.message_starts == {"回函": ("p", "s2")}
    assert names(begin(program)) == ["a"]
    run = begin(program, start="s2", text="x")
    assert (names(run), run.open_tasks()[0].data["text"]) == (["b"], "x")


def test_timer_and_signal_starts_are_known():
    body = START + node("startEvent", "s2", SIGNAL) + node("startEvent", "s3", timer("timeCycle", "R/P1Y")) + END
    program = drawn(body + chain("s", "e") + chain("s2", "e") + chain("s3", "e"), MAIL)
    assert program.signal_starts == {"暂停": (("p", "s2"),)}
    assert [(start.element_id, start.form, start.text) for start in program.timer_starts] == [("s3", "cycle", "R/P1Y")]


def test_a_signal_is_heard_inside_and_handed_out_as_well():
    body = START + node("parallelGateway", "g") + user("a") + boundary("b", "a", SIGNAL) + user("halt") + user("c")
    body += node("endEvent", "e", SIGNAL) + END.replace('"e"', '"e2"')
    body += chain("s", "g", "a", "e2") + chain("b", "halt", "e2") + chain("g", "c", "e")
    run = begin(drawn(body, MAIL))
    do(run, "c")
    assert names(run) == ["halt"]
    assert [(sent.kind, sent.name) for sent in run.take_thrown()] == [("signal", "暂停")]


def test_a_signal_from_outside_reaches_all_who_wait_in_the_case():
    body = START + node("parallelGateway", "g") + node("intermediateCatchEvent", "c1", SIGNAL) + user("a")
    body += boundary("b", "a", SIGNAL, False) + user("z1") + user("z2") + END
    run = begin(drawn(body + chain("s", "g", "c1", "z1", "e") + chain("g", "a", "e") + chain("b", "z2", "e"), MAIL))
    assert len(run.signals()) == 2
    run.signal("暂停", {"why": "x"})
    run.signal("别的", {})
    assert sorted(names(run)) == ["a", "z1", "z2"]


def test_a_condition_on_the_variables_of_another_branch_is_noticed_once():
    body = START + node("parallelGateway", "g") + user("a") + user("b") + user("z") + END
    body += boundary(
        "c", "a", "<conditionalEventDefinition><condition>x &gt; 1</condition></conditionalEventDefinition>", False
    )
    program = drawn(body + chain("s", "g", "a", "e") + chain("g", "b", "e") + chain("c", "z", "e"))
    run = begin(program, x=0)
    assert names(run) == ["a", "b"]
    do(run, "b", x=2)
    assert names(run) == ["a", "z"]
    do(run, "z")
    assert names(run) == ["a"]


ERRORS = (
    '<error id="er" name="n" errorCode="E1"/><error id="er2" errorCode="E2"/><escalation id="es" escalationCode="up"/>'
)


def failing(name: str, definition: str) -> str:
    body = node("startEvent", f"s{name}") + user(f"u{name}") + user(f"v{name}") + node("parallelGateway", f"g{name}")
    body += node("endEvent", f"x{name}", definition) + node("endEvent", f"y{name}")
    return body + chain(f"s{name}", f"g{name}", f"u{name}", f"x{name}") + chain(f"g{name}", f"v{name}", f"y{name}")


def test_an_error_ends_its_own_sub_process_and_leaves_the_sibling_alone():
    error = '<errorEventDefinition errorRef="er"/>'
    body = START + node("parallelGateway", "g") + END + chain("s", "g")
    for name in "12":
        body += (
            node("subProcess", f"sp{name}", failing(name, error))
            + user(f"h{name}")
            + boundary(f"b{name}", f"sp{name}", error)
        )
        body += chain("g", f"sp{name}", "e") + chain(f"b{name}", f"h{name}", "e")
    program = drawn(body, ERRORS)
    keeper = Keeper(program)
    run = keeper.reload(begin(program))
    do(run, "u1", reason="x")
    assert sorted(names(run)) == ["h1", "u2", "v2"]
    assert next(t for t in run.open_tasks() if t.element_id == "h1").data["reason"] == "x"
    assert ("cancelled", "v1") in [(change.kind, change.element_id) for change in run.changes()]


@pytest.mark.parametrize(("caught", "expected"), [("er", ["h"]), ("er2", ["outer"])])
def test_an_error_climbs_to_the_first_scope_that_catches_its_code(caught, expected):
    thrown = '<errorEventDefinition errorRef="er"/>'
    middle = (
        node("startEvent", "sm") + node("subProcess", "low", failing("1", thrown)) + node("endEvent", "em") + user("h")
    )
    middle += (
        boundary("bm", "low", f'<errorEventDefinition errorRef="{caught}"/>')
        + chain("sm", "low", "em")
        + chain("bm", "h", "em")
    )
    body = (
        START
        + node("subProcess", "top", middle)
        + boundary("bt", "top", "<errorEventDefinition/>")
        + user("outer")
        + END
    )
    run = begin(drawn(body + chain("s", "top", "e") + chain("bt", "outer", "e"), ERRORS))
    do(run, "u1")
    assert names(run) == expected


def test_an_error_that_nobody_catches_is_handed_to_the_house():
    run = begin(
        drawn(
            START + user("a") + node("endEvent", "e", '<errorEventDefinition errorRef="er"/>') + chain("s", "a", "e"),
            ERRORS,
        )
    )
    do(run, "a")
    assert [(sent.kind, sent.name, sent.element_id) for sent in run.take_thrown()] == [("error", "E1", "e")]


def test_an_escalation_that_does_not_interrupt_lets_the_sub_process_go_on():
    inner = node("startEvent", "s1") + node(
        "intermediateThrowEvent", "t", '<escalationEventDefinition escalationRef="es"/>'
    )
    inner += user("u") + node("endEvent", "e1") + chain("s1", "t", "u", "e1")
    body = START + node("subProcess", "sp", inner) + user("h") + END + chain("s", "sp", "e") + chain("b", "h", "e")
    body += boundary("b", "sp", '<escalationEventDefinition escalationRef="es"/>', False)
    run = begin(drawn(body, ERRORS))
    assert sorted(names(run)) == ["h", "u"]


def test_an_interrupting_escalation_takes_no_further_automatic_step():
    inner = node("startEvent", "s1") + node(
        "intermediateThrowEvent", "t", '<escalationEventDefinition escalationRef="es"/>'
    )
    inner += node("serviceTask", "next") + node("endEvent", "e1") + chain("s1", "t", "next", "e1")
    body = START + node("subProcess", "sp", inner) + user("h") + END + chain("s", "sp", "e") + chain("b", "h", "e")
    house = House()
    run = begin(drawn(body + boundary("b", "sp", "<escalationEventDefinition/>"), ERRORS), house)
    assert (names(run), house.called) == (["h"], [])


def raising(element, data):
    raise ErrorRaised("E1")


def test_an_operation_may_raise_a_bpmn_error_that_its_boundary_event_catches():
    body = (
        START + node("serviceTask", "w") + boundary("b", "w", '<errorEventDefinition errorRef="er"/>') + user("h") + END
    )
    program = drawn(body + chain("s", "w", "e") + chain("b", "h", "e"), ERRORS)
    assert names(begin(program, House(raising))) == ["h"]


def test_any_other_exception_of_an_operation_is_a_failed_step():
    def broken(element, data):
        raise ZeroDivisionError

    program = drawn(START + node("serviceTask", "w", name="计算") + END + chain("s", "w", "e"))
    for operation, cause in ((broken, ZeroDivisionError), (raising, ErrorRaised)):
        with pytest.raises(StepFailed) as failed:
            begin(program, House(operation))
        assert failed.value.element_id == "w"
        assert isinstance(failed.value.cause, cause)
        assert "计算" in str(failed.value.text)


def test_a_send_task_and_a_business_rule_task_with_an_operation_run_it():
    extension = (
        '<extensionElements><spiffworkflow:properties><spiffworkflow:property name="operation" value="decide"/>'
        "</spiffworkflow:properties></extensionElements>"
    )
    body = START + node("businessRuleTask", "r", extension) + node("sendTask", "t", extension, messageRef="m1") + END
    house = House(lambda element, data: {element.id: element.properties["operation"]})
    run = begin(drawn(body + chain("s", "r", "t", "e"), MAIL), house)
    assert dict(run.data) == {"r": "decide", "t": "decide"}
    assert [sent.name for sent in run.take_thrown()] == ["回函"]


def test_a_flow_with_a_function_uses_what_the_house_lends():
    body = START + node("exclusiveGateway", "g", default="g_b") + user("a") + user("b") + END + chain("s", "g")
    body += flow("g", "a", "big(n)") + flow("g", "b") + chain("a", "e") + chain("b", "e")
    assert names(begin(drawn(body), House(big=lambda n: n > 9), n=10)) == ["a"]
