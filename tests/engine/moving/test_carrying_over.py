"""A running case in another version of its diagram: what goes on, what is refused, by what is open and what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from processes import clock
from tests.engine.moving.carried import Desk
from tests.engine.spiff.drawn import boundary, chain, do, flow, multi, names, node, timer, user

START, END = node("startEvent", "s"), node("endEvent", "e")
MESSAGES = '<message id="m" name="回函"/><message id="n" name="答复"/>'
MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)


def row(*steps: str, more: str = "") -> str:
    """User tasks one after the other."""
    return START + "".join(map(user, steps)) + END + chain("s", *steps, "e") + more


def fork(*branches: str, kind: str = "parallelGateway") -> str:
    body = START + node(kind, "fork") + node(kind, "join") + END + chain("s", "fork") + chain("join", "e")
    return body + "".join(user(each) + chain("fork", each, "join") for each in branches)


def test_a_case_goes_on_with_a_step_that_was_added_behind_it():
    desk = Desk(row("a", "b"))
    run = desk.start(x=1)
    task = run.open_tasks()[0].id
    run, said = desk.carry(run, row("a", "n", "b"))
    assert [each.id for each in run.open_tasks()] == [task]
    assert said == []
    for step in ("a", "n", "b"):
        assert names(run) == [step]
        do(run, step, **{step: step})
    assert run.status == "completed"
    assert dict(run.data) == {"x": 1, "a": "a", "n": "n", "b": "b"}


def test_a_step_that_has_been_done_may_be_gone():
    desk = Desk(row("a", "b", "c"))
    run = desk.start()
    do(run, "a", found="yes")
    run, said = desk.carry(run, row("b", "c"))
    assert said == ["a"]
    assert run.data["found"] == "yes"
    do(run, "b")
    do(run, "c")
    assert run.status == "completed"


def test_an_open_step_that_is_gone_keeps_the_case_where_it_is():
    desk = Desk(row("a", "b"))
    assert desk.refusals(desk.start(), row("b")) == ["a"]


def test_an_open_step_of_another_kind_keeps_the_case_where_it_is():
    desk = Desk(row("a"))
    run = desk.start()
    script = START + node("scriptTask", "a", "<script>x = 1</script>") + END + chain("s", "a", "e")
    assert desk.refusals(run, script) == ["a"]


@pytest.mark.parametrize("changed", ["parallel", "in turn", "loop"])
def test_a_single_task_cannot_become_many_while_it_is_open(changed):
    desk = Desk(row("a"))
    inner = {
        "parallel": multi("units"),
        "in turn": multi("units", isSequential="true"),
        "loop": "<standardLoopCharacteristics><loopCondition>again</loopCondition></standardLoopCharacteristics>",
    }[changed]
    assert desk.refusals(desk.start(), START + user("a", inner) + END + chain("s", "a", "e")) == ["a"]


def several(inner: str, more: str = "") -> str:
    steps = ("a", "n", "e") if more else ("a", "e")
    return START + user("a", inner) + more + END + chain("s", *steps)


def test_answers_that_have_been_given_survive():
    desk = Desk(several(multi("units")))
    run = desk.start(units={"x": 1, "y": 2, "z": 3})
    do(run, "a", "x", answer="first")
    run = desk.keeper.reload(run)
    do(run, "a", "y", answer="second")
    run, _ = desk.carry(run, several(multi("units"), user("n")))
    do(run, "a", "z", answer="third")
    assert names(run) == ["n"]
    assert run.data["results"] == {"x": "first", "y": "second", "z": "third"}
    do(run, "n")
    assert run.status == "completed"


@pytest.mark.parametrize(
    "changed",
    [
        multi("units", isSequential="true"),
        multi("units", item="other"),
        multi("units", output="others"),
        multi("units", result="reply"),
        "",
    ],
    ids=["in turn", "another item", "another output", "another result", "single"],
)
def test_answers_that_could_not_be_told_apart_keep_the_case_where_it_is(changed):
    desk = Desk(several(multi("units")))
    run = desk.start(units=["x", "y"])
    do(run, "a", 0, answer="first")
    assert desk.refusals(run, several(changed)) == ["a"]


def test_another_collection_or_condition_is_remarked_and_counts_from_now_on():
    desk = Desk(several(multi("units")))
    run = desk.start(units=["x", "y", "z"], others=["o"])
    enough = "<completionCondition>nrOfCompletedInstances &gt;= 2</completionCondition>"
    run, said = desk.carry(run, several(multi("others", extra=enough)))
    assert said == ["a", "a"]
    do(run, "a", 0, answer="1")
    assert len(names(run)) == 2
    do(run, "a", 1, answer="2")
    assert run.status == "completed"


def test_a_third_branch_behind_a_fork_that_has_been_passed_keeps_the_case_where_it_is():
    desk = Desk(fork("a", "b"))
    assert desk.refusals(desk.start(), fork("a", "b", "c")) == ["join"]


def test_a_third_branch_is_no_matter_before_the_fork():
    before = node("userTask", "w") + chain("s", "w")
    desk = Desk(fork("a", "b").replace(chain("s", "fork"), before + chain("w", "fork")))
    run, _ = desk.carry(desk.start(), fork("a", "b", "c").replace(chain("s", "fork"), before + chain("w", "fork")))
    for step in ("w", "a", "b", "c"):
        do(run, step)
    assert run.status == "completed"


def joined_as(kind: str, body: str) -> str:
    return body.replace('<parallelGateway id="join"></parallelGateway>', f'<{kind} id="join"></{kind}>')


def test_a_third_branch_is_no_matter_to_an_inclusive_join():
    desk = Desk(joined_as("inclusiveGateway", fork("a", "b")))
    run, _ = desk.carry(desk.start(), joined_as("inclusiveGateway", fork("a", "b", "c")))
    do(run, "a")
    do(run, "b")
    assert run.status == "completed"


def test_a_branch_that_has_arrived_and_leads_there_no_longer_keeps_the_case_where_it_is():
    desk = Desk(fork("a", "b", "c"))
    run = desk.start()
    do(run, "a")
    other = fork("b", "c") + user("a") + node("endEvent", "e2") + chain("fork", "a", "e2")
    assert desk.refusals(run, other) == ["join"]


def test_branches_that_are_joined_no_longer_would_go_on_twice():
    desk = Desk(fork("a", "b"))
    after = START + node("exclusiveGateway", "fork", default="fork_a") + user("a") + user("b")
    after += node("exclusiveGateway", "join") + user("n") + END + chain("s", "fork", "a", "join", "n", "e")
    after += flow("fork", "b", "x") + chain("b", "join")
    assert desk.refusals(desk.start(), after) == ["e"]


def inside(*steps: str, after: tuple[str, ...] = ()) -> str:
    inner = node("startEvent", "is") + "".join(map(user, steps)) + node("endEvent", "ie") + chain("is", *steps, "ie")
    return START + node("subProcess", "sub", inner) + "".join(map(user, after)) + END + chain("s", "sub", *after, "e")


def test_steps_may_be_added_inside_and_behind_an_open_sub_process():
    desk = Desk(inside("a"))
    run, _ = desk.carry(desk.start(), inside("a", "b", after=("c",)))
    for step in ("a", "b", "c"):
        do(run, step)
    assert run.status == "completed"


def test_a_step_that_has_gone_into_a_sub_process_keeps_the_case_where_it_is():
    desk = Desk(row("a"))
    assert desk.refusals(desk.start(), inside("a")) == ["a"]
    desk = Desk(inside("a"))
    assert set(desk.refusals(desk.start(), row("a"))) == {"sub", "a"}


def timed(text: str, kind: str = "timeDuration", interrupts: bool = True, host: str = "a") -> str:
    more = user("late") + node("endEvent", "e2") + chain("late", "e2") + chain("t", "late")
    return row("a", "b") + boundary("t", host, timer(kind, text), interrupts) + more


def test_a_deadline_that_runs_does_not_begin_anew():
    now = clock.MovableClock(MONDAY)
    with clock.running_on(now):
        desk = Desk(timed("P10D"))
        run = desk.start()
        due = run.timers()[0].due
        now.move_to(MONDAY + timedelta(days=4))
        run, said = desk.carry(run, timed("P3D"))
        assert [each.due for each in run.timers()] == [due]
        assert said == ["t"]
        run.fire_timers(due)
        assert names(run) == ["late"]


def test_a_new_deadline_runs_from_the_move_on_and_one_that_is_gone_stops():
    now = clock.MovableClock(MONDAY)
    with clock.running_on(now):
        desk = Desk(row("a", "b"))
        now.move_to(MONDAY + timedelta(days=4))
        run, said = desk.carry(desk.start(), timed("P3D"))
        assert said == ["t"]
        assert [each.due for each in run.timers()] == [MONDAY + timedelta(days=7)]
        run, said = desk.carry(run, row("a", "b"))
        assert said == ["t"]
        assert run.timers() == []
        do(run, "a")
        do(run, "b")
        assert run.status == "completed"


def test_a_deadline_that_has_passed_once_does_not_come_again():
    with clock.running_on(clock.MovableClock(MONDAY)):
        desk = Desk(timed("P3D", interrupts=False))
        run = desk.start()
        run.fire_timers(MONDAY + timedelta(days=3))
        assert names(run) == ["a", "late"]
        run, _ = desk.carry(run, timed("P5D", interrupts=False))
        assert run.timers() == []


def test_a_deadline_that_is_attached_elsewhere_stops_here():
    with clock.running_on(clock.MovableClock(MONDAY)):
        desk = Desk(timed("P3D"))
        run, said = desk.carry(desk.start(), timed("P3D", host="b"))
        assert said == ["t"]
        assert run.timers() == []
        do(run, "a")
        assert len(run.timers()) == 1


def test_a_deadline_that_becomes_a_cycle_keeps_the_case_where_it_is():
    with clock.running_on(clock.MovableClock(MONDAY)):
        desk = Desk(timed("P3D"))
        assert desk.refusals(desk.start(), timed("R/P3D", "timeCycle")) == ["t"]


def waiting(message: str, kind: str = "messageEventDefinition") -> str:
    definition = f'<{kind} messageRef="{message}"/>' if kind.startswith("message") else timer("timeDuration", "P1D")
    return START + node("intermediateCatchEvent", "c", definition) + END + chain("s", "c", "e")


def test_a_case_waits_for_the_message_that_the_new_version_names():
    desk = Desk(waiting("m"), MESSAGES)
    run, said = desk.carry(desk.start(), waiting("n"))
    assert said == ["c"]
    assert [each.name for each in run.messages()] == ["答复"]
    run.deliver(run.messages()[0].task_id, {"text": "好"})
    assert run.status == "completed"


def test_a_wait_of_another_kind_keeps_the_case_where_it_is():
    desk = Desk(waiting("m"), MESSAGES)
    assert desk.refusals(desk.start(), waiting("", "timer")) == ["c"]


def race(*events: str) -> str:
    body = START + node("eventBasedGateway", "g") + END + chain("s", "g")
    for each in events:
        message = f'<messageEventDefinition messageRef="{each}"/>'
        definition = timer("timeDuration", each) if each.startswith("P") else message
        body += node("intermediateCatchEvent", f"on_{each}", definition) + chain("g", f"on_{each}", "e")
    return body


def test_events_that_race_must_be_the_same():
    desk = Desk(race("m", "P1D"), MESSAGES)
    run = desk.start()
    assert desk.refusals(run, race("m", "P1D", "n")) == ["g"]
    run, _ = desk.carry(run, race("m", "P1D") + node("textAnnotation", "hint"))
    run.deliver(run.messages()[0].task_id, {})
    assert run.status == "completed"
