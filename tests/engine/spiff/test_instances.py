"""Multi-instance activities and loops."""

from __future__ import annotations

import pytest

from processes import clock
from processes.clock import MovableClock
from processes.engine.spiff import StepFailed
from tests.engine.spiff.drawn import (
    House,
    Keeper,
    begin,
    boundary,
    chain,
    do,
    drawn,
    flow,
    multi,
    names,
    node,
    timer,
    user,
)

START, END = node("startEvent", "s"), node("endEvent", "e")


def asked(extra: str = "", **attributes: str):
    return drawn(
        START + user("u", multi("units", extra=extra, **attributes)) + user("z") + END + chain("s", "u", "z", "e")
    )


def test_a_mapping_of_parties_gives_a_mapping_of_results_whatever_the_order_of_answers():
    program = asked()
    keeper = Keeper(program)
    run = begin(program, units={"500101": {"name": "万州"}, "500102": {"name": "涪陵"}, "500103": {"name": "渝中"}})
    assert [task.instance_key for task in run.open_tasks()] == ["500101", "500102", "500103"]
    assert run.open_tasks()[1].data["item"] == {"name": "涪陵"}
    for key in ("500103", "500101", "500102"):
        run = keeper.reload(run)
        do(run, "u", key, answer=f"ok {key}")
    assert run.open_tasks()[0].data["results"] == {"500101": "ok 500101", "500102": "ok 500102", "500103": "ok 500103"}
    assert "item" not in run.open_tasks()[0].data
    assert "answer" not in run.open_tasks()[0].data


def test_a_list_gives_results_in_the_order_of_the_items():
    program = asked()
    run = begin(program, units=["a", "b", "c"])
    for key in (2, 0, 1):
        do(run, "u", key, answer=key)
    assert run.open_tasks()[0].data["results"] == [0, 1, 2]


def test_an_expression_may_give_the_collection():
    program = drawn(START + user("u", multi("${districts()}")) + END + chain("s", "u", "e"))
    house = House(districts=lambda: {"x": 1, "y": 2})
    assert [task.instance_key for task in begin(program, house).open_tasks()] == ["x", "y"]


def test_an_instance_that_leaves_no_result_counts_as_none():
    run = begin(asked(), units={"a": 1, "b": 2})
    do(run, "u", "a")
    do(run, "u", "b", answer=True)
    assert run.open_tasks()[0].data["results"] == {"a": None, "b": True}


def test_an_old_variable_with_the_name_of_the_result_is_not_taken_for_an_answer():
    run = begin(asked(), units={"a": 1}, answer="old", item="old")
    assert "answer" not in run.open_tasks()[0].data
    do(run, "u", "a")
    assert run.open_tasks()[0].data["results"] == {"a": None}


def test_an_empty_collection_is_done_at_once():
    run = begin(asked(), units=[])
    assert names(run) == ["z"]
    assert run.open_tasks()[0].data["results"] == []


@pytest.mark.parametrize("units", [None, 5, "text"])
def test_a_collection_that_is_none_is_a_failure_of_the_activity(units):
    with pytest.raises(StepFailed) as failed:
        begin(asked(), units=units)
    assert failed.value.element_id == "u"


def test_going_round_again_resets_the_results():
    body = START + user("u", multi("units")) + node("exclusiveGateway", "g", default="g_e") + user("z") + END
    body += chain("s", "u", "z", "g") + flow("g", "u", "again") + flow("g", "e")
    run = begin(drawn(body), units={"a": 1, "b": 2})
    do(run, "u", "a", answer=1)
    do(run, "u", "b", answer=2)
    do(run, "z", again=True, units={"b": 2})
    do(run, "u", "b", answer=3)
    assert run.open_tasks()[0].data["results"] == {"b": 3}


def test_in_turn_each_instance_waits_for_the_one_before():
    program = asked(isSequential="true")
    keeper = Keeper(program)
    run = begin(program, units={"a": 1, "b": 2, "c": 3})
    for key in "abc":
        run = keeper.reload(run)
        assert [task.instance_key for task in run.open_tasks()] == [key]
        do(run, "u", key, answer=key.upper())
    assert run.open_tasks()[0].data["results"] == {"a": "A", "b": "B", "c": "C"}
    assert sorted(run.data) == ["results", "units"]


def test_a_number_may_stand_for_a_collection():
    inner = (
        "<multiInstanceLoopCharacteristics><loopCardinality>n + 1</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    run = begin(drawn(START + user("u", inner) + END + chain("s", "u", "e")), n=2)
    assert [task.instance_key for task in run.open_tasks()] == [0, 1, 2]


def test_without_an_output_collection_what_is_set_stays_and_the_latest_wins():
    inner = '<loopDataInputRef>units</loopDataInputRef><inputDataItem id="unit"/>'
    inner = f"<multiInstanceLoopCharacteristics>{inner}</multiInstanceLoopCharacteristics>"
    run = begin(drawn(START + user("u", inner) + user("z") + END + chain("s", "u", "z", "e")), units=["a", "b"], v=0)
    do(run, "u", 1, v=1)
    do(run, "u", 0, w=2)
    assert dict(run.open_tasks()[0].data) == {"units": ["a", "b"], "v": 1, "w": 2}


TWO_OF_FIVE = (
    "<completionCondition>nrOfCompletedInstances &gt;= 2 and nrOfInstances == 5 and nrOfActiveInstances == 3"
    "</completionCondition>"
)


def test_two_of_five_are_enough_and_the_others_are_cancelled_and_reported():
    program = asked(TWO_OF_FIVE)
    keeper = Keeper(program)
    run = begin(program, units=list("abcde"))
    do(run, "u", 3, answer="d")
    run = keeper.reload(run)
    do(run, "u", 1, answer="b")
    assert names(run) == ["z"]
    assert run.open_tasks()[0].data["results"] == ["b", "d"]
    cancelled = [change.instance_key for change in run.changes() if change.kind == "cancelled"]
    assert cancelled == [0, 2, 4]


def test_a_veto_can_be_expressed_over_the_results_so_far():
    program = asked("<completionCondition>'no' in results</completionCondition>")
    run = begin(program, units=list("abc"))
    do(run, "u", 0, answer="yes")
    assert names(run) == ["u", "u"]
    do(run, "u", 2, answer="no")
    assert names(run) == ["z"]


def inner_body() -> str:
    """A user task, an operation, and an early end that stops the whole sub-process."""
    body = node("startEvent", "s2") + node("parallelGateway", "g2") + user("ask") + user("check")
    body += node("exclusiveGateway", "x", default="x_work") + node("endEvent", "stop", "<terminateEventDefinition/>")
    body += node("serviceTask", "work") + node("endEvent", "e2") + node("endEvent", "e3")
    body += (
        boundary("late", "ask", timer("timeDuration", "P10D"), interrupts=False)
        + user("remind")
        + node("endEvent", "e4")
    )
    body += (
        chain("s2", "g2", "ask", "x") + flow("x", "stop", "answer == 'none'") + flow("x", "work") + chain("work", "e2")
    )
    return body + chain("g2", "check", "e3") + chain("late", "remind", "e4")


def districts(number: int) -> dict[str, dict[str, str]]:
    return {f"5001{place:02}": {"name": f"区县{place}"} for place in range(number)}


def consultation():
    sub = node("subProcess", "sp", inner_body() + multi("units"))
    return drawn(START + sub + user("z") + END + chain("s", "sp", "z", "e"))


def test_thirty_eight_sub_processes_each_end_on_their_own():
    program, units = consultation(), districts(38)
    house = House(lambda element, data: {"answer": f"{data['item']['name']}:{data['answer']}"})
    keeper = Keeper(program, house)
    run = begin(program, house, units=units)
    assert len(run.open_tasks()) == 76
    assert len(run.timers()) == 38
    for key in units:
        run = keeper.reload(run)
        if key.endswith("7"):
            do(run, "ask", key, answer="none")
            gone = [(change.element_id, change.instance_key) for change in run.changes() if change.kind == "cancelled"]
            assert gone == [("check", key)]
            continue
        do(run, "check", key)
        do(run, "ask", key, answer="yes")
    results = run.open_tasks()[0].data["results"]
    assert names(run) == ["z"]
    assert list(results) == list(units)
    assert results["500107"] == "none"
    assert results["500108"] == "区县8:yes"
    assert len(house.called) == 38 - 4
    assert run.timers() == []


def test_a_task_inside_an_instance_knows_the_instance_it_belongs_to():
    run = begin(consultation(), units=districts(2))
    task = run.open_tasks()[-1]
    assert (task.element_id, task.instance_key, task.instance_path) == ("check", "500101", ("500101",))
    assert task.data["item"] == {"name": "区县1"}


def test_a_deadline_ends_all_instances_reports_them_and_hands_on_the_answers_so_far():
    moving = MovableClock(clock.now())
    program = drawn(
        START
        + node("subProcess", "sp", inner_body() + multi("units"))
        + boundary("deadline", "sp", timer("timeDuration", "P5D"))
        + user("z")
        + user("late_z")
        + END
        + chain("s", "sp", "z", "e")
        + chain("deadline", "late_z", "e")
    )
    house = House()
    keeper = Keeper(program, house)
    with clock.running_on(moving):
        run = begin(program, house, units=districts(5))
        do(run, "check", "500102")
        do(run, "ask", "500102", answer="yes")
        do(run, "ask", "500103", answer="yes")
        run = keeper.reload(run)
        moving.advance(days=6)
        run.fire_timers(clock.now())
    assert names(run) == ["late_z"]
    assert run.open_tasks()[0].data["results"] == {"500102": "yes"}
    gone = sorted(
        (c.element_id, c.instance_key)
        for c in run.changes()
        if c.kind == "cancelled" and c.element_id in ("ask", "check")
    )
    assert gone == [
        ("ask", "500100"),
        ("ask", "500101"),
        ("ask", "500104"),
        ("check", "500100"),
        ("check", "500101"),
        ("check", "500103"),
        ("check", "500104"),
    ]
    run = keeper.reload(run)
    do(run, "late_z")
    assert run.status == "completed"


def test_four_hundred_instances_cost_hardly_more_than_one_value_a_step():
    program = asked()
    keeper = Keeper(program)
    units = {f"u{place}": {"text": "x" * 2000, "place": place} for place in range(400)}
    keeper.save(begin(program, units=units, common={"text": "y" * 5000}))
    run = keeper.load()
    do(run, "u", "u200", answer={"text": "z" * 1000})
    keeper.save(run)
    assert len(keeper.written) == 1
    assert keeper.fetched == []


def test_reading_one_task_fetches_its_own_values_only():
    program = asked()
    keeper = Keeper(program)
    keeper.save(begin(program, units={f"u{place}": f"{place:0300}" for place in range(100)}))
    run = keeper.load()
    assert int(run.open_tasks()[40].data["item"]) == 40
    assert len(keeper.fetched) == 2


def test_a_loop_goes_on_while_its_condition_holds():
    condition = "<loopCondition>n &lt; 3</loopCondition>"
    inner = f'<standardLoopCharacteristics testBefore="true">{condition}</standardLoopCharacteristics>'
    program = drawn(START + node("serviceTask", "w", inner) + user("z") + END + chain("s", "w", "z", "e"))
    house = House(lambda element, data: {"n": data["n"] + 1})
    run = begin(program, house, n=0)
    assert (house.called, run.open_tasks()[0].data["n"]) == (["w"] * 3, 3)
    assert names(begin(program, house, n=9)) == ["z"]


def test_a_loop_with_a_largest_number_stops_there():
    run = begin(drawn(START + user("u", '<standardLoopCharacteristics loopMaximum="2"/>') + END + chain("s", "u", "e")))
    do(run, "u")
    do(run, "u")
    assert run.status == "completed"


def test_a_completion_condition_that_fails_is_told_with_its_activity():
    run = begin(asked("<completionCondition>nothing &gt; 1</completionCondition>"), units=[1, 2])
    with pytest.raises(StepFailed) as failed:
        do(run, "u", 0)
    assert failed.value.element_id == "u"


def test_who_handles_the_error_of_one_instance_knows_which_it_was():
    inner = node("startEvent", "s2") + user("ask") + node("endEvent", "x", '<errorEventDefinition errorRef="er"/>')
    sub = node("subProcess", "sp", inner + chain("s2", "ask", "x") + multi("units"))
    body = START + sub + boundary("b", "sp", "<errorEventDefinition/>") + user("h") + END
    run = begin(
        drawn(body + chain("s", "sp", "e") + chain("b", "h", "e"), '<error id="er"/>'), units={"a": "A", "b": "B"}
    )
    do(run, "ask", "b", why="x")
    assert names(run) == ["h"]
    assert (run.open_tasks()[0].data["item"], run.open_tasks()[0].data["why"]) == ("B", "x")


def test_a_multi_instance_of_four_hundred_automatic_sub_processes_is_no_endless_loop():
    inner = node("startEvent", "s2") + "".join(node("serviceTask", f"w{place}") for place in range(8))
    inner += node("endEvent", "e2") + chain("s2", *(f"w{place}" for place in range(8)), "e2")
    program = drawn(START + node("subProcess", "sp", inner + multi("units")) + END + chain("s", "sp", "e"))
    house = House()
    assert begin(program, house, units=list(range(400))).status == "completed"
    assert len(house.called) == 3200


def test_a_collection_larger_than_an_expression_may_give_can_be_named_as_a_variable():
    units = {f"u{place}": "x" * 20_000 for place in range(60)}
    assert len(begin(asked(), units=units).open_tasks()) == 60


def test_instances_that_multiply_within_one_another_are_bounded():
    inner = node("startEvent", "s2") + user("u", multi("units")) + node("endEvent", "e2") + chain("s2", "u", "e2")
    program = drawn(START + node("subProcess", "sp", inner + multi("units")) + END + chain("s", "sp", "e"))
    with pytest.raises(StepFailed, match="5000"):
        begin(program, units=list(range(200)))
