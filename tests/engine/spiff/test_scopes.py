"""Sub-processes, called processes, terminate; lanes and properties of elements."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from processes.engine.spiff import StepFailed, compile_program
from tests.engine.spiff.drawn import (
    HEAD,
    House,
    Keeper,
    begin,
    boundary,
    chain,
    do,
    document,
    drawn,
    flow,
    multi,
    names,
    node,
    user,
)

START, END = node("startEvent", "s"), node("endEvent", "e")
STOP = "<terminateEventDefinition/>"


def test_what_a_sub_process_sets_is_known_after_it_from_all_its_branches():
    inner = node("startEvent", "s2") + node("parallelGateway", "g") + user("a") + user("b") + node("endEvent", "e2")
    inner += node("endEvent", "e3") + chain("s2", "g", "a", "e2") + chain("g", "b", "e3")
    program = drawn(START + node("subProcess", "sp", inner) + user("z") + END + chain("s", "sp", "z", "e"))
    keeper = Keeper(program)
    run = keeper.reload(begin(program, v=0))
    do(run, "a", v=1)
    run = keeper.reload(run)
    do(run, "b", w=2)
    assert dict(run.open_tasks()[0].data) == {"v": 1, "w": 2}


def test_a_terminate_end_at_the_top_ends_the_case_and_what_is_open_inside():
    inner = node("startEvent", "s2") + user("a") + node("endEvent", "e2") + chain("s2", "a", "e2")
    body = (
        START
        + node("parallelGateway", "g")
        + node("subProcess", "sp", inner)
        + user("b")
        + node("endEvent", "x", STOP)
        + END
    )
    program = drawn(body + chain("s", "g", "sp", "e") + chain("g", "b", "x"))
    keeper = Keeper(program)
    run = keeper.reload(begin(program))
    do(run, "b", why="x")
    assert (run.status, names(run), run.data["why"]) == ("terminated", [], "x")
    assert [c.element_id for c in run.changes() if c.kind == "cancelled"] == ["sp", "a"]
    assert keeper.reload(run).status == "terminated"


def test_a_called_process_runs_with_the_variables_of_the_caller_and_gives_back_its_own():
    called = '<process id="q" isExecutable="false">' + node("startEvent", "qs") + user("qa") + node("endEvent", "qe")
    called += chain("qs", "qa", "qe") + "</process>"
    body = START + node("callActivity", "c", calledElement="q") + user("z") + END + chain("s", "c", "z", "e")
    program = drawn(body, more=called)
    assert program.processes == ("p",)
    keeper = Keeper(program)
    run = keeper.reload(begin(program, x=1))
    assert run.open_tasks()[0].data["x"] == 1
    do(run, "qa", y=2)
    assert dict(run.open_tasks()[0].data) == {"x": 1, "y": 2}


def test_a_process_that_calls_itself_without_end_is_stopped():
    body = START + node("callActivity", "c", calledElement="p") + END + chain("s", "c", "e")
    with pytest.raises(StepFailed):
        begin(drawn(body))


def test_an_interrupted_sub_process_hands_on_what_was_set_in_it():
    inner = node("startEvent", "s2") + user("a") + user("b") + node("endEvent", "e2") + chain("s2", "a", "b", "e2")
    body = START + node("subProcess", "sp", inner) + user("h") + END + chain("s", "sp", "e") + chain("t", "h", "e")
    program = drawn(
        body + boundary("t", "sp", '<messageEventDefinition messageRef="m"/>'), '<message id="m" name="m"/>'
    )
    run = begin(program)
    do(run, "a", v=1)
    run.deliver(run.messages()[0].task_id, {"w": 2})
    assert dict(run.open_tasks()[0].data) == {"v": 1, "w": 2}
    assert [(c.element_id, c.kind) for c in run.changes()][-2:] == [("t", "completed"), ("h", "entered")]


def test_changes_inside_sub_processes_tell_their_scope():
    inner = node("startEvent", "s2") + user("a") + node("endEvent", "e2") + chain("s2", "a", "e2")
    run = begin(drawn(START + node("subProcess", "sp", inner) + END + chain("s", "sp", "e")))
    host = next(change.task_id for change in run.changes() if change.element_id == "sp")
    entered = next(change for change in run.changes() if change.element_id == "a")
    assert entered.scope == (host,)


PROPERTIES = (
    "<extensionElements><spiffworkflow:properties><spiffworkflow:property name='k' value='{}'/>"
    "</spiffworkflow:properties></extensionElements>"
)


def annotated():
    inner_lane = f"<lane id='l2' name=''>{PROPERTIES.format('l2')}<flowNodeRef>a</flowNodeRef></lane>"
    lanes = (
        f"<laneSet><lane id='l1' name='市局'>{PROPERTIES.format('l1')}<flowNodeRef> a </flowNodeRef>"
        f"<flowNodeRef>sp</flowNodeRef><childLaneSet>{inner_lane}</childLaneSet></lane></laneSet>"
    )
    inner = node("startEvent", "s2") + user("b") + node("endEvent", "e2") + chain("s2", "b", "e2")
    body = (
        PROPERTIES.format("process")
        + lanes
        + START
        + user("a", "<documentation>说明</documentation>" + PROPERTIES.format("a"), name="办理")
    )
    body += boundary("t", "a", PROPERTIES.format("t") + '<messageEventDefinition messageRef="m"/>', False)
    body += node("subProcess", "sp", inner) + node("exclusiveGateway", "g", PROPERTIES.format("g")) + END
    body += (
        chain("s", "a", "sp", "g")
        + flow("g", "e").replace("</seq", PROPERTIES.format("flow") + "</seq")
        + chain("t", "e")
    )
    return drawn(body, '<message id="m" name="m"/>')


def test_every_element_carries_its_properties_its_lane_and_its_place():
    program = annotated()
    found = {key: element.properties.get("k") for key, element in program.elements.items() if element.properties}
    assert found == {"p": "process", "a": "a", "t": "t", "g": "g", "g_e": "flow"}
    assert {lane.id: (lane.name, lane.parent, lane.properties["k"]) for lane in program.lanes.values()} == {
        "l1": ("市局", None, "l1"),
        "l2": ("", "l1", "l2"),
    }
    a, b, t = (program.elements[name] for name in ("a", "b", "t"))
    assert (a.lane, a.kind, a.name, a.documentation, a.scope) == ("l2", "userTask", "办理", "说明", "p")
    assert (b.lane, b.scope, b.process_id) == ("l1", "sp", "p")
    assert (t.lane, t.attached_to, t.event) == ("l2", "a", "message")


def test_a_compiled_diagram_is_not_changed_by_the_cases_that_run_on_it():
    inner = node("startEvent", "s2") + user("b") + node("endEvent", "e2") + chain("s2", "b", "e2")
    body = START + node(
        "subProcess",
        "sp",
        inner
        + "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>",
    )
    body += (
        node("eventBasedGateway", "g")
        + node("receiveTask", "r1", messageRef="m")
        + node("receiveTask", "r2", messageRef="m")
    )
    body += END + chain("s", "sp", "g", "r1", "e") + chain("g", "r2", "e")
    program = drawn(body, '<message id="m" name="m"/>')
    before = pickle.dumps(program)
    keeper = Keeper(program)
    for _ in range(2):
        run = keeper.reload(begin(program))
        for _ in range(3):
            do(run, "b")
        run.deliver(run.messages()[1].task_id, {"x": 1})
        assert run.status == "completed"
    assert pickle.dumps(program) == before


def test_two_processes_of_one_file_are_told_in_document_order():
    second = (
        '<process id="q" isExecutable="true" name="乙">'
        + node("startEvent", "qs")
        + node("endEvent", "qe")
        + chain("qs", "qe")
        + "</process>"
    )
    program = drawn(START + END + chain("s", "e"), more=second)
    assert program.processes == ("p", "q")
    assert program.names == {"p": "p", "q": "乙"}


def test_a_file_in_another_encoding_is_read():
    text = document(START + user("a", name="区县意见") + END + chain("s", "a", "e")).decode()
    for encoding in ("gb18030", "utf-16"):
        raw = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
        assert compile_program(raw).elements["a"].name == "区县意见"
    assert HEAD in text


def test_a_script_sets_variables_and_never_reaches_the_house():
    program = drawn(
        START + node("scriptTask", "c", "<script>x = y + 1</script>") + user("z") + END + chain("s", "c", "z", "e")
    )
    assert dict(begin(program, House(), y=1).open_tasks()[0].data) == {"y": 1, "x": 2}


def test_threads_may_share_a_compiled_diagram():
    inner = node("startEvent", "s2") + user("b") + node("endEvent", "e2") + chain("s2", "b", "e2")
    program = drawn(START + node("subProcess", "sp", inner + multi("units")) + END + chain("s", "sp", "e"))

    def one_case(number: int) -> dict:
        keeper = Keeper(program)
        run = begin(program, units=list(range(10)))
        for key in range(10):
            run = keeper.reload(run)
            do(run, "b", key, answer=[number, key])
        return dict(run.data)

    with ThreadPoolExecutor(4) as pool:
        for number, data in enumerate(pool.map(one_case, range(12))):
            assert data["results"] == [[number, key] for key in range(10)]
