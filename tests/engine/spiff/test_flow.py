"""Tokens on sequence flows: splits, joins, gateways, loops."""

from __future__ import annotations

import pytest

from processes.engine.spiff import StepFailed
from processes.errors import Conflict
from tests.engine.spiff.drawn import Keeper, begin, boundary, chain, do, drawn, flow, names, node, timer, user

START, END = node("startEvent", "s"), node("endEvent", "e")


def gate(kind: str, name: str, **attributes: str) -> str:
    return node(f"{kind}Gateway", name, **attributes)


def test_a_parallel_join_keeps_the_value_that_was_set_and_not_the_stale_copy_of_the_other_branch():
    program = drawn(
        START
        + gate("parallel", "g")
        + user("a")
        + user("b")
        + gate("parallel", "j")
        + user("d")
        + END
        + chain("s", "g", "a", "j", "d", "e")
        + chain("g", "b", "j")
    )
    run = begin(program, v=0)
    do(run, "a", v=1)
    do(run, "b", w=2)
    assert dict(run.open_tasks()[0].data) == {"v": 1, "w": 2}


def test_twelve_parallel_blocks_in_a_row_hold_only_the_tokens_there_are():
    body, previous = START + END, "s"
    for block in range(12):
        body += gate("parallel", f"f{block}") + gate("parallel", f"j{block}") + flow(previous, f"f{block}")
        for branch in "abc":
            body += user(f"{branch}{block}") + chain(f"f{block}", f"{branch}{block}", f"j{block}")
        previous = f"j{block}"
    program = drawn(body + flow(previous, "e"))
    keeper = Keeper(program)
    run = begin(program)
    keeper.save(run)
    assert names(run) == ["a0", "b0", "c0"]
    assert len(keeper.skeleton) < 1500


def test_the_order_in_the_xml_and_not_in_the_drawing_decides_between_two_true_conditions():
    shapes = (
        '<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://www.omg.org/spec/DD/20100524/DC">'
        '<d:BPMNPlane><d:BPMNShape bpmnElement="a"><c:Bounds x="0" y="900" width="1" height="1"/></d:BPMNShape>'
        '<d:BPMNShape bpmnElement="b"><c:Bounds x="0" y="1" width="1" height="1"/></d:BPMNShape>'
        "</d:BPMNPlane></d:BPMNDiagram>"
    )
    body = START + gate("exclusive", "g", default="g_c") + user("a") + user("b") + user("c") + END
    body += flow("s", "g") + flow("g", "a", "x &gt; 1") + flow("g", "b", "${x &gt; 0}") + flow("g", "c")
    body += chain("a", "e") + chain("b", "e") + chain("c", "e")
    program = drawn(body, more=shapes)
    assert names(begin(program, x=2)) == ["a"]
    assert names(begin(program, x=1)) == ["b"]
    assert names(begin(program, x=0)) == ["c"]


def test_no_true_condition_and_no_default_is_a_failure_of_that_gateway():
    program = drawn(
        START
        + gate("exclusive", "g")
        + user("a")
        + user("b")
        + END
        + flow("s", "g")
        + flow("g", "a", "x == 1")
        + flow("g", "b", "x == 2")
        + chain("a", "e")
        + chain("b", "e")
    )
    with pytest.raises(StepFailed) as failed:
        begin(program, x=3)
    assert failed.value.element_id == "g"


def test_a_missing_variable_is_a_failure_that_names_the_gateway_and_keeps_its_cause():
    program = drawn(
        START
        + gate("exclusive", "g", default="g_b")
        + user("a")
        + user("b")
        + END
        + flow("s", "g")
        + flow("g", "a", "missing == 1")
        + flow("g", "b")
        + chain("a", "e")
        + chain("b", "e")
    )
    with pytest.raises(StepFailed) as failed:
        begin(program)
    assert failed.value.element_id == "g"
    assert failed.value.cause is not None


@pytest.mark.parametrize(("x", "waiting"), [(0, ["c"]), (1, ["a"]), (2, ["a", "b"])])
def test_an_inclusive_gateway_takes_every_true_way_and_its_join_waits_for_just_those(x, waiting):
    body = START + gate("inclusive", "g", default="g_c") + user("a") + user("b") + user("c") + gate("inclusive", "j")
    body += user("d") + END + flow("s", "g") + flow("g", "a", "x &gt; 0") + flow("g", "b", "x &gt; 1") + flow("g", "c")
    body += chain("a", "j") + chain("b", "j") + chain("c", "j", "d", "e")
    program = drawn(body)
    keeper = Keeper(program)
    run = begin(program, x=x)
    assert names(run) == waiting
    for name in waiting:
        assert "d" not in names(run)
        run = keeper.reload(run)
        do(run, name)
    assert names(run) == ["d"]


def test_an_inclusive_join_waits_for_a_sub_process_that_is_still_open():
    inner = node("startEvent", "s2") + user("u") + node("endEvent", "e2") + chain("s2", "u", "e2")
    program = drawn(
        START
        + gate("parallel", "g")
        + node("subProcess", "sp", inner)
        + user("a")
        + gate("inclusive", "j")
        + user("d")
        + END
        + chain("s", "g", "sp", "j", "d", "e")
        + chain("g", "a", "j")
    )
    run = begin(program)
    do(run, "a")
    assert names(run) == ["u"]
    do(run, "u")
    assert names(run) == ["d"]


def test_several_flows_out_of_a_task_are_a_parallel_split():
    program = drawn(START + user("a") + user("b") + user("c") + END + chain("s", "a", "b", "e") + chain("a", "c", "e"))
    run = begin(program)
    do(run, "a")
    assert names(run) == ["b", "c"]
    do(run, "b")
    assert run.status == "running"
    do(run, "c")
    assert run.status == "completed"


def test_conditional_flows_out_of_a_task_are_obeyed_with_their_default():
    body = START + user("a", default="a_d") + user("b") + user("c") + user("d") + END + chain("s", "a")
    body += flow("a", "b", "x == 1") + flow("a", "c", "x &gt; 0") + flow("a", "d")
    program = drawn(body + chain("b", "e") + chain("c", "e") + chain("d", "e"))
    for x, expected in ((1, ["b", "c"]), (2, ["c"]), (0, ["d"])):
        run = begin(program)
        do(run, "a", x=x)
        assert names(run) == expected


def test_a_path_without_an_end_event_ends_where_it_ends():
    program = drawn(START + user("a") + chain("s", "a"))
    run = begin(program)
    do(run, "a", x=1)
    assert (run.status, dict(run.data)) == ("completed", {"x": 1})


def test_flows_without_id_work_and_are_the_same_after_loading():
    program = drawn(
        START
        + user("a")
        + END
        + '<sequenceFlow sourceRef="s" targetRef="a"/>'
        + '<sequenceFlow sourceRef="a" targetRef="e"/>'
    )
    keeper = Keeper(program)
    run = keeper.reload(begin(program))
    do(run, "a")
    assert run.status == "completed"
    assert sum(1 for element in run.progress() if element.startswith("sequenceFlow_")) == 2


@pytest.mark.parametrize("name", ["Start", "End", "Root", "p.EndJoin", "同意"])
def test_an_element_may_have_any_id_even_one_the_library_uses_itself(name):
    program = drawn(START + user(name) + user("z") + END + chain("s", name, "z", "e"))
    run = begin(program)
    assert names(run) == [name]
    do(run, name)
    assert names(run) == ["z"]
    do(run, "z")
    assert run.status == "completed"


def test_a_plain_task_and_a_manual_task_are_done_by_people():
    program = drawn(START + node("task", "a") + node("manualTask", "b") + END + chain("s", "a", "b", "e"))
    run = begin(program)
    do(run, "a")
    do(run, "b")
    assert run.status == "completed"


def test_a_chain_of_two_thousand_tasks_can_be_compiled():
    tasks = [f"t{number}" for number in range(2000)]
    program = drawn(START + END + "".join(user(name) for name in tasks) + chain("s", *tasks, "e"))
    assert names(begin(program)) == ["t0"]


def rework() -> str:
    body = START + user("a") + gate("exclusive", "g", default="g_e") + END
    return body + chain("s", "a", "g") + flow("g", "a", "again") + flow("g", "e")


def test_a_rework_loop_goes_on_far_beyond_the_depth_where_the_library_loses_tasks():
    program = drawn(rework())
    run = begin(program)
    for _ in range(390):
        do(run, "a", again=True)
    keeper = Keeper(program)
    run = keeper.reload(run)
    do(run, "a", again=False)
    assert run.status == "completed"


def test_an_element_entered_more_than_four_hundred_times_is_an_incident_also_across_saves():
    program = drawn(rework())
    keeper = Keeper(program)
    run = begin(program)
    for _ in range(399):
        do(run, "a", again=True)
    run = keeper.reload(run)
    with pytest.raises(StepFailed) as failed:
        do(run, "a", again=True)
    assert failed.value.element_id == "a"


def test_an_automatic_loop_stops_at_the_step_budget():
    body = START + gate("exclusive", "g", default="g_h") + gate("exclusive", "h") + user("z") + END
    program = drawn(body + chain("s", "g", "h", "g") + flow("g", "z", "False") + chain("z", "e"))
    with pytest.raises(StepFailed):
        begin(program)


def test_two_tokens_on_one_flow_of_a_parallel_join_are_not_swallowed():
    body = (
        START
        + gate("parallel", "g")
        + user("a1")
        + user("a2")
        + gate("exclusive", "m")
        + user("b")
        + gate("exclusive", "n")
    )
    body += user("b2") + gate("parallel", "j") + user("d") + END
    body += (
        chain("s", "g", "a1", "m", "j", "d", "e")
        + chain("g", "a2", "m")
        + chain("g", "b", "n", "j")
        + chain("g", "b2", "n")
    )
    run = begin(drawn(body))
    do(run, "a1")
    do(run, "a2")
    assert "d" not in names(run)
    do(run, "b")
    assert names(run).count("d") == 1
    do(run, "b2")
    assert names(run).count("d") == 2


def test_a_join_that_waits_for_a_token_that_cannot_come_shows_as_stuck():
    body = START + gate("exclusive", "g", default="g_b") + user("a") + user("b") + gate("parallel", "j") + END
    body += flow("s", "g") + flow("g", "a", "False") + flow("g", "b") + chain("a", "j", "e") + chain("b", "j")
    run = begin(drawn(body))
    assert not run.stuck
    do(run, "b")
    assert run.stuck
    assert run.status == "running"


def test_a_task_can_be_completed_once_and_only_when_it_is_its_turn():
    program = drawn(START + user("a") + node("serviceTask", "b") + user("c") + END + chain("s", "a", "b", "c", "e"))
    run = begin(program)
    task = run.open_tasks()[0].id
    run.complete(task, {})
    for wrong in (task, "no-such-task"):
        with pytest.raises(Conflict):
            run.complete(wrong, {})
    run.advance()
    assert names(run) == ["c"]


def test_changes_tell_every_step_in_order_and_progress_shows_the_flows_taken():
    program = drawn(START + user("a") + user("b") + END + chain("s", "a", "b", "e"))
    keeper = Keeper(program)
    run = keeper.reload(begin(program))
    assert run.changes() == []
    do(run, "a")
    assert [(change.kind, change.element_id) for change in run.changes()] == [("completed", "a"), ("entered", "b")]
    assert run.progress() == {"s": "done", "s_a": "done", "a": "done", "a_b": "done", "b": "current"}


def test_cancelling_a_case_cancels_what_is_open_and_reports_it():
    program = drawn(
        START
        + user("a")
        + boundary("t", "a", timer("timeDuration", "P1D"))
        + END
        + chain("s", "a", "e")
        + chain("t", "e")
    )
    keeper = Keeper(program)
    run = keeper.reload(begin(program))
    run.cancel()
    run = keeper.reload(run)
    assert (run.status, run.open_tasks(), run.timers()) == ("terminated", [], [])
    assert run.progress()["a"] == "cancelled"
