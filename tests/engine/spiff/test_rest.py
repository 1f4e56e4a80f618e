"""A case at rest and awake again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from processes.engine.spiff import Apart, Run, compile_program
from processes.errors import Invalid
from tests.engine.spiff.drawn import House, Keeper, begin, chain, do, drawn, multi, names, node, user

START, END = node("startEvent", "s"), node("endEvent", "e")


def two_steps():
    return drawn(START + user("a") + user("b") + END + chain("s", "a", "b", "e"))


@pytest.mark.parametrize("name", ["typename", "data_objects", "merged", "__builtins__", "len", "Start", "$items", ""])
def test_any_name_is_harmless_as_a_variable_or_inside_one(name):
    program = two_steps()
    keeper = Keeper(program)
    run = keeper.reload(begin(program))
    do(run, "a", **{name: {name: "x"}})
    run = keeper.reload(run)
    assert run.open_tasks()[0].data[name] == {name: "x"}
    do(run, "b")
    assert keeper.reload(run).status == "completed"


def test_dates_decimals_and_kinds_of_number_survive():
    program = two_steps()
    keeper = Keeper(program)
    data = {"d": date(2026, 1, 1), "m": Decimal("1.50"), "t": True, "i": 1, "f": 1.0, "k": {1: "one"}}
    seen = keeper.reload(begin(program, **data)).open_tasks()[0].data
    assert {name: repr(seen[name]) for name in seen} == {name: repr(value) for name, value in data.items()}


def test_a_change_from_one_to_true_is_kept():
    program = two_steps()
    keeper = Keeper(program)
    run = keeper.reload(begin(program, x=1))
    do(run, "a", x=True)
    assert keeper.reload(run).open_tasks()[0].data["x"] is True


def test_nobody_can_change_what_a_task_has_seen():
    program = drawn(
        START + user("a", multi("units")) + END + chain("s", "a", "e"),
    )
    given = {"deep": {"x": 1}}
    run = begin(program, units=["a", "b"], form=given)
    given["deep"]["x"] = 99
    first, second = run.open_tasks()
    first.data["form"]["deep"]["x"] = 98
    run.complete(first.id, {"answer": first.data["form"]})
    assert second.data["form"] == first.data["form"] == {"deep": {"x": 1}}


def test_an_operation_gets_a_copy_of_the_variables():
    def scribble(element, data):
        data["form"]["x"] = 2
        data["new"] = 1

    program = drawn(START + node("serviceTask", "w") + user("z") + END + chain("s", "w", "z", "e"))
    assert dict(begin(program, House(scribble), form={"x": 1}).open_tasks()[0].data) == {"form": {"x": 1}}


def test_values_are_written_once_and_untouched_ones_are_neither_read_nor_written_again():
    program = two_steps()
    keeper = Keeper(program)
    keeper.save(begin(program, big="x" * 10_000))
    run = keeper.load()
    do(run, "a", other="y" * 1000)
    keeper.save(run)
    assert (len(keeper.written), keeper.fetched) == (1, [])
    assert len(keeper.skeleton) < 1000
    run = keeper.load()
    do(run, "b", big="x" * 10_000)
    keeper.save(run)
    assert keeper.written == {}


def test_a_small_value_is_written_in_place_of_a_reference():
    program = two_steps()
    keeper = Keeper(program)
    keeper.save(begin(program, x="短", n=1.5, d=date(2026, 1, 1)))
    assert keeper.values == {}
    run = keeper.load()
    assert dict(run.open_tasks()[0].data) == {"x": "短", "n": 1.5, "d": date(2026, 1, 1)}
    assert keeper.reload(run).freeze(apart=True).skeleton == keeper.skeleton


def test_all_values_in_use_are_named():
    program = two_steps()
    keeper = Keeper(program)
    run = begin(program, x="old" * 100)
    first = keeper.save(run)
    do(run, "a", x="new" * 100)
    assert first.used < run.freeze().used


def test_saving_changes_nothing_and_can_be_repeated():
    run = begin(two_steps(), x=1)
    assert run.freeze() == run.freeze()


@pytest.mark.parametrize("version", [0, 4, "1", None])
def test_a_state_of_an_unknown_version_is_refused(version):
    program = two_steps()
    frozen = begin(program).freeze()
    changed = orjson.dumps({**orjson.loads(frozen.skeleton), "version": version})
    with pytest.raises(Invalid):
        Run.thaw(program, "p", changed, lambda keys: {}, House())


@pytest.mark.parametrize("skeleton", [b"", b"[]", b"{}", b'"x"', b"\xff"])
def test_a_damaged_state_is_refused(skeleton):
    with pytest.raises(Invalid):
        Run.thaw(two_steps(), "p", skeleton, lambda keys: {}, House())


def test_a_state_is_not_loaded_into_another_process_or_a_diagram_without_its_elements():
    program, other = two_steps(), drawn(START + user("b") + END + chain("s", "b", "e"))
    frozen = begin(program).freeze()
    with pytest.raises(Invalid):
        Run.thaw(other, "p", frozen.skeleton, lambda keys: {}, House())
    with pytest.raises(Invalid):
        Run.thaw(program, "q", frozen.skeleton, lambda keys: {}, House())


def test_a_value_that_is_missing_in_storage_is_told():
    program = two_steps()
    run = Run.thaw(program, "p", begin(program, x="x" * 300).freeze().skeleton, lambda keys: {}, House())
    with pytest.raises(Invalid):
        dict(run.open_tasks()[0].data)


def test_a_case_saved_between_a_completed_task_and_the_next_step_goes_on():
    program = two_steps()
    keeper = Keeper(program)
    run = begin(program)
    run.complete(run.open_tasks()[0].id, {})
    run = keeper.reload(run)
    run.advance()
    assert names(run) == ["b"]
    run.complete(run.open_tasks()[0].id, {})
    run = keeper.reload(run)
    run.advance()
    assert run.status == "completed"


def test_a_case_that_was_only_started_can_be_saved():
    program = two_steps()
    keeper = Keeper(program)
    run = keeper.reload(Run.start(program, "p", {}, House()))
    run.advance()
    assert names(run) == ["a"]


def test_no_personal_data_is_logged(caplog):
    caplog.set_level(0)
    run = begin(two_steps(), name="张三")
    do(run, "a", phone="138")
    assert caplog.records == []


def test_a_case_waiting_at_a_join_is_not_moved_to_a_diagram_without_its_flow():
    body = START + node("parallelGateway", "g") + user("a") + user("b") + node("parallelGateway", "j") + END
    body += chain("s", "g", "a", "j", "e") + chain("g", "b", "j")
    run = begin(drawn(body))
    do(run, "a")
    frozen = run.freeze()
    other = drawn(body.replace('"a_j"', '"renamed"'))
    with pytest.raises(Invalid):
        Run.thaw(other, "p", frozen.skeleton, lambda keys: {}, House())
    assert Run.thaw(drawn(body.replace('"g_b"', '"renamed"')), "p", frozen.skeleton, frozen.values.get, House())


def letter_to_three():
    program = drawn(
        START + user("a", multi("units", "unit", "replies", "reply")) + user("b") + END + chain("s", "a", "b", "e")
    )
    keeper = Keeper(program)
    keeper.save(begin(program, units=["x", "y", "z"]))
    return keeper


def test_one_instance_is_fetched_and_written_for_one_answer_and_all_for_the_last():
    keeper = letter_to_three()
    first, second, third = keeper.load().open_tasks()
    run = keeper.load()
    for task in (second, first):
        run.complete(task.id, {"reply": task.data["unit"]})
        run.advance()
        assert keeper.fetched_instances == [task.id]
        run = keeper.reload(run)
        assert keeper.written_instances == [task.id]
    run.complete(third.id, {"reply": "z"})
    run.advance()
    assert set(keeper.fetched_instances) == {first.id, second.id, third.id}
    run = keeper.reload(run)
    assert keeper.written_instances == []
    assert dict(run.open_tasks()[0].data)["replies"] == ["x", "y", "z"]


def test_a_case_that_lacks_an_instance_is_not_taken_for_a_smaller_one():
    keeper = letter_to_three()
    keeper.instances.popitem()
    with pytest.raises(Invalid):
        keeper.load().open_tasks()
    with pytest.raises(Invalid):
        Run.thaw(keeper.program, "p", keeper.skeleton, keeper.fetch, House()).open_tasks()


SAVED = sorted((Path(__file__).parent / "saved_cases").glob("*.json"))


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_a_case_saved_by_an_earlier_release_is_loaded_and_finished(path):
    saved = orjson.loads(path.read_bytes())
    keeper = Keeper(compile_program(saved["diagram"].encode()))
    keeper.values = {key: value.encode() for key, value in saved["values"].items()}
    keeper.instances = {
        task: Apart(activity, content.encode()) for task, (activity, content) in saved.get("instances", {}).items()
    }
    keeper.skeleton = orjson.dumps(saved["skeleton"])
    run = keeper.load()
    assert names(run) == saved["open"]
    assert [wait.due.isoformat() for wait in run.timers()] == saved["due"]
    run.fire_timers(run.timers()[0].due)
    while run.open_tasks():
        do(run, run.open_tasks()[0].element_id, answer="late")
        run = keeper.reload(run)
    assert run.status == "completed"
    assert run.data["results"] == saved["results"]


def test_a_case_that_was_loaded_is_written_as_it_was():
    body = node("parallelGateway", "fork") + node("parallelGateway", "join")

    def inside(name):
        start, work, end = f"{name}_start", f"{name}_work", f"{name}_end"
        return node("startEvent", start) + user(work) + node("endEvent", end) + chain(start, work, end)

    body += node("subProcess", "several", inside("several") + multi("units", "one", "all", "answer"))
    body += node("subProcess", "single", inside("single"))
    body += chain("fork", "several", "join") + chain("fork", "single", "join")
    program = drawn(node("startEvent", "s") + body + node("endEvent", "e") + chain("s", "fork") + chain("join", "e"))
    keeper = Keeper(program)
    loaded = keeper.reload(begin(program, units={"x": 1, "y": 2}))
    assert loaded.freeze(apart=True).skeleton == keeper.skeleton
