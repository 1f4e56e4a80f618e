"""Whatever place of a diagram holds an expression or a script, Python is not behind it."""

from __future__ import annotations

import pytest

from processes.engine.spiff import StepFailed
from tests.engine.spiff.drawn import House, Keeper, begin, boundary, chain, do, drawn, flow, multi, node, timer, user

START, END = node("startEvent", "s"), node("endEvent", "e")
EVIL = "().__class__.__base__.__subclasses__()"


def gateway(kind: str) -> str:
    body = START + node(f"{kind}Gateway", "x", default="x_b") + user("a") + user("b") + END + chain("s", "x")
    return body + flow("x", "a", EVIL) + flow("x", "b") + chain("a", "e") + chain("b", "e")


def single(element: str) -> str:
    return START + element + END + chain("s", "x", "e")


def repeated(inner: str) -> str:
    return user("x", f"<multiInstanceLoopCharacteristics>{inner}</multiInstanceLoopCharacteristics>")


PLACES = {
    "exclusive condition": gateway("exclusive"),
    "inclusive condition": gateway("inclusive"),
    "script": single(node("scriptTask", "x", f"<script>y = {EVIL}</script>")),
    "import": single(node("scriptTask", "x", "<script>__import__('os')</script>")),
    "date": single(node("intermediateCatchEvent", "x", timer("timeDate", EVIL))),
    "duration": single(node("intermediateCatchEvent", "x", timer("timeDuration", EVIL))),
    "cycle": single(node("intermediateCatchEvent", "x", timer("timeCycle", EVIL))),
    "boundary timer": START
    + user("u")
    + boundary("x", "u", timer("timeDuration", EVIL))
    + END
    + chain("s", "u", "e")
    + chain("x", "e"),
    "collection": single(user("x", multi(EVIL))),
    "cardinality": single(repeated(f"<loopCardinality>{EVIL}</loopCardinality>")),
    "loop condition": single(
        user(
            "x",
            f'<standardLoopCharacteristics testBefore="true"><loopCondition>{EVIL}</loopCondition>'
            "</standardLoopCharacteristics>",
        )
    ),
    "conditional event": single(
        node(
            "intermediateCatchEvent",
            "x",
            f"<conditionalEventDefinition><condition>{EVIL}</condition></conditionalEventDefinition>",
        )
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_python_is_refused_and_the_element_is_named(place):
    with pytest.raises(StepFailed) as failed:
        begin(drawn(PLACES[place]))
    assert failed.value.element_id == "x"


def test_a_case_that_was_loaded_is_as_safe_as_a_new_one():
    body = START + user("u") + node("exclusiveGateway", "x", default="x_b") + user("a") + user("b") + END
    body += chain("s", "u", "x") + flow("x", "a", EVIL) + flow("x", "b") + chain("a", "e") + chain("b", "e")
    keeper = Keeper(drawn(body), House())
    run = keeper.reload(begin(keeper.program))
    with pytest.raises(StepFailed):
        do(run, "u")


def test_a_completion_condition_is_no_way_around():
    inner = f"<loopCardinality>2</loopCardinality><completionCondition>{EVIL}</completionCondition>"
    run = begin(drawn(single(repeated(inner))))
    with pytest.raises(StepFailed):
        do(run, "x")


def test_a_variable_cannot_take_the_place_of_a_function():
    body = START + node("exclusiveGateway", "x", default="x_b") + user("a") + user("b") + END + chain("s", "x")
    body += flow("x", "a", "allowed(n)") + flow("x", "b") + chain("a", "e") + chain("b", "e")
    run = begin(drawn(body), House(allowed=lambda n: n > 1), n=2, allowed="no", len=3, today=None)
    assert [task.element_id for task in run.open_tasks()] == ["a"]
