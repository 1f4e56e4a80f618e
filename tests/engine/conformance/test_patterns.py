"""The workflow control-flow patterns (WCP 1–43) as far as BPMN draws them: each runs right, or is refused aloud."""

from __future__ import annotations

import pytest

from tests.engine.conformance.playing import (
    catch,
    end,
    found,
    inside,
    on,
    op,
    ops,
    played,
    start,
)
from tests.engine.spiff.drawn import chain, flow, node, user

S, E = start(), end()


def gate(kind: str, name: str, **at: str) -> str:
    return node(f"{kind}Gateway", name, **at)


def split(kind: str, join: str, first: str | None = None, second: str | None = None, **at: str) -> str:
    """Two branches of one operation each between two gateways, then an operation."""
    body = S + E + gate(kind, "g", **at) + gate(join, "j") + ops("a", "b", "z")
    body += chain("s", "g") + flow("g", "a", first) + flow("g", "b", second)
    return body + chain("a", "j") + chain("b", "j") + chain("j", "z", "e")


def loop(inner: str, **at: str) -> str:
    given = "".join(f' {key}="{value}"' for key, value in at.items())
    return f"<standardLoopCharacteristics{given}>{inner}</standardLoopCharacteristics>"


def times(count: str, extra: str = "", **at: str) -> str:
    given = "".join(f' {key}="{value}"' for key, value in at.items())
    number = f"<loopCardinality>{count}</loopCardinality>{extra}"
    return f"<multiInstanceLoopCharacteristics{given}>{number}</multiInstanceLoopCharacteristics>"


def sub(name: str, *steps: str, last: str = "") -> str:
    body = start("", f"{name}s") + "".join(user(each) if each.startswith("u") else op(each) for each in steps)
    return inside(name, body + end(last, f"{name}e") + chain(f"{name}s", *steps, f"{name}e"))


ENOUGH = "<completionCondition>nrOfCompletedInstances >= 2</completionCondition>"
RECURSIVE = (
    S + gate("exclusive", "g", default="g_e") + op("a") + node("callActivity", "c", calledElement="p") + E
    + node("scriptTask", "n", "<script>left = left - 1</script>")
    + chain("s", "a", "n", "g") + flow("g", "c", "left &gt; 0") + flow("g", "e") + chain("c", "e")
)  # fmt: skip
RACE = S + gate("eventBased", "g") + catch("message", "c") + catch("timer", "d") + ops("a", "b") + E
RACE += chain("s", "g", "c", "a", "e") + chain("g", "d", "b", "e")
CYCLE = S + gate("exclusive", "g") + op("a") + user("u") + gate("exclusive", "h", default="h_e") + E
CYCLE += chain("s", "g", "a", "u", "h") + flow("h", "g", "again == 1") + flow("h", "e")
MULTI_MERGE = S + gate("parallel", "g") + ops("a", "b", "z") + gate("exclusive", "j") + E
MULTI_MERGE += chain("s", "g", "a", "j") + chain("g", "b", "j") + chain("j", "z", "e")

RUN = {
    "WCP01 sequence": (S + ops("a", "b") + E + chain("s", "a", "b", "e"), {}, (), ["a", "b"]),
    "WCP02 and 03 parallel split, synchronisation": (split("parallel", "parallel"), {}, (), ["a", "b", "z"]),
    "WCP04 exclusive choice": (split("exclusive", "exclusive", "n == 1", "n == 2"), {"n": 2}, (), ["b", "z"]),
    "WCP04 the first condition in the file wins": (split("exclusive", "exclusive", "n", "n"), {"n": 2}, (), ["a", "z"]),
    "WCP04 the default": (
        split("exclusive", "exclusive", "n == 1", None, default="g_b"), {"n": 7}, (), ["b", "z"],
    ),
    "WCP05 simple merge": (split("exclusive", "exclusive", "n", "not n"), {"n": 1}, (), ["a", "z"]),
    "WCP06 and 07 multi-choice, one": (
        split("inclusive", "inclusive", "n &lt; 5", "n &lt; 2"), {"n": 3}, (), ["a", "z"],
    ),
    "WCP06 and 07 multi-choice, all": (
        split("inclusive", "inclusive", "n &lt; 5", "n &lt; 2"), {"n": 1}, (), ["a", "b", "z"],
    ),
    "WCP06 multi-choice, default": (
        split("inclusive", "inclusive", "n &lt; 5", None, default="g_b"), {"n": 9}, (), ["b", "z"],
    ),
    "WCP06 drawn without a gateway": (
        S + ops("q", "a", "b", "z") + gate("inclusive", "j") + E + chain("s", "q") + flow("q", "a", "n &lt; 5")
        + flow("q", "b", "n &lt; 2") + chain("a", "j") + chain("b", "j") + chain("j", "z", "e"),
        {"n": 1}, (), ["q", "a", "b", "z"],
    ),
    "WCP06 without a gateway, the default": (
        S + op("q", default="q_b") + ops("a", "b") + E + chain("s", "q") + flow("q", "a", "n &lt; 5")
        + chain("q", "b", "e") + chain("a", "e"), {"n": 9}, (), ["q", "b"],
    ),
    "WCP08 multi-merge": (MULTI_MERGE, {}, (), ["a", "b", "z", "z"]),
    "WCP10 arbitrary cycles": (CYCLE, {}, ("do u again=1", "do u again=1", "do u again=0"), ["a", "a", "a"]),
    "WCP11 implicit termination": (
        S + gate("parallel", "g") + ops("a", "b") + chain("s", "g", "a") + chain("g", "b"), {}, (), ["a", "b"],
    ),
    "WCP13 several instances, number drawn": (
        S + op("a", times("3")) + op("z") + E + chain("s", "a", "z", "e"), {}, (), ["a", "a", "a", "z"],
    ),
    "WCP13 one after the other": (
        S + op("a", times("3", isSequential="true")) + op("z") + E + chain("s", "a", "z", "e"),
        {}, (), ["a", "a", "a", "z"],
    ),
    "WCP14 several instances, number known when running": (
        S + op("a", times("n + 1")) + op("z") + E + chain("s", "a", "z", "e"), {"n": 1}, (), ["a", "a", "z"],
    ),
    "WCP14 none": (S + op("a", times("0")) + op("z") + E + chain("s", "a", "z", "e"), {}, (), ["z"]),
    "WCP16 deferred choice, message": (RACE, {}, ("message M",), ["a"]),
    "WCP16 deferred choice, timer": (RACE, {}, ("days 1",), ["b"]),
    "WCP19 cancel task": (
        S + user("u") + on("u", "signal", "x") + ops("a", "b") + E + chain("s", "u", "a", "e") + chain("x", "b", "e"),
        {}, ("signal G",), ["b"],
    ),
    "WCP19 with ids that other engines keep for themselves": (
        node("startEvent", "Start") + user("u") + on("u", "signal", "x") + ops("a", "b") + node("endEvent", "End")
        + chain("Start", "u", "a", "End") + chain("x", "b", "End"), {}, ("signal G",), ["b"],
    ),
    "WCP20 and 43 cancel case, explicit termination": (
        S + gate("parallel", "g") + user("u") + op("a") + end("terminate", "t") + E + chain("s", "g", "u", "e")
        + chain("g", "a", "t"), {}, (), ["a"],
    ),
    "WCP21 structured loop, repeat": (
        S + op("a", loop("<loopCondition>loopCounter &lt; 3</loopCondition>")) + E + chain("s", "a", "e"),
        {}, (), ["a", "a", "a"],
    ),
    "WCP21 structured loop, while": (
        S + op("a", loop("<loopCondition>n == 1</loopCondition>", testBefore="true")) + op("z") + E
        + chain("s", "a", "z", "e"), {"n": 2}, (), ["z"],
    ),
    "WCP21 repeat at least once": (
        S + op("a", loop("<loopCondition>n == 1</loopCondition>")) + E + chain("s", "a", "e"), {"n": 2}, (), ["a"],
    ),
    "WCP21 at most": (
        S + op("a", loop("<loopCondition>True</loopCondition>", loopMaximum="2")) + E + chain("s", "a", "e"),
        {}, (), ["a", "a"],
    ),
    "WCP22 recursion": (RECURSIVE, {"left": 3}, (), ["a", "a", "a"]),
    "WCP23 transient trigger": (
        S + catch("signal", "c") + op("a") + E + chain("s", "c", "a", "e"), {}, ("signal G2", "signal G"), ["a"],
    ),
    "WCP24 persistent trigger": (
        S + node("receiveTask", "c", messageRef="_m") + op("a") + E + chain("s", "c", "a", "e"),
        {}, ("message M",), ["a"],
    ),
    "WCP25 cancel region": (
        S + sub("p1", "a", "u1") + on("p1", "message", "x") + ops("b", "z") + E + chain("s", "p1", "z", "e")
        + chain("x", "b", "e"), {}, ("message M",), ["a", "b"],
    ),
    "WCP26 cancel several instances": (
        S + user("u", times("3")) + on("u", "timer", "x") + ops("b", "z") + E + chain("s", "u", "z", "e")
        + chain("x", "b", "e"), {}, ("do u", "days 1"), ["b"],
    ),
    "WCP27 and 34 enough instances": (
        S + user("u", times("4", ENOUGH)) + op("z") + E + chain("s", "u", "z", "e"), {}, ("do u", "do u"), ["z"],
    ),
    "WCP34 enough automatic instances in turn": (
        S + op("a", times("4", ENOUGH, isSequential="true")) + op("z") + E + chain("s", "a", "z", "e"),
        {}, (), ["a", "a", "z"],
    ),
    "WCP33 a join in a loop keeps a spare token": (
        S + gate("parallel", "g") + op("a") + gate("exclusive", "m") + user("u") + gate("exclusive", "h", default="h_j")
        + gate("parallel", "j") + op("z") + E + chain("s", "g", "a", "j", "z", "e") + chain("g", "m", "u", "h")
        + flow("h", "m", "again == 1") + flow("h", "j"), {}, ("do u again=1", "do u again=0"), ["a", "z"],
    ),
    "WCP37 and 38 synchronising merge with a branch that ends early": (
        S + gate("inclusive", "g") + op("a") + user("u") + gate("exclusive", "x", default="x_j") + E + end("", "e2")
        + gate("inclusive", "j") + op("z") + chain("s", "g") + flow("g", "a", "True") + flow("g", "u", "True")
        + chain("a", "j", "z", "e") + chain("u", "x") + flow("x", "e2", "stop == 1") + flow("x", "j"),
        {}, ("do u stop=1",), ["a", "z"],
    ),
}  # fmt: skip
COMPLEX = S + gate("parallel", "g") + ops("a", "b", "z") + gate("complex", "j") + E
COMPLEX += chain("s", "g", "a", "j") + chain("g", "b", "j") + chain("j", "z", "e")
REFUSED = {
    "WCP09, 28–32 discriminators and partial joins": (COMPLEX, ("element-not-supported", "j")),
    "WCP12 instances that are not waited for": (
        S + op("a", times("3", behavior="None", noneBehaviorEventRef="q")) + E + chain("s", "a", "e"),
        ("multi-instance-incomplete", "a"),
    ),
    "WCP09 with instances, the first is enough": (
        S + op("a", times("3", behavior="One")) + E + chain("s", "a", "e"), ("multi-instance-incomplete", "a"),
    ),
    "WCP17 and 40 interleaved routing": (
        S + node("adHocSubProcess", "a", ops("b", "c") + "<completionCondition>x</completionCondition>") + E
        + chain("s", "a", "e"), ("element-not-supported", "a"),
    ),
    "WCP41 thread merge": (
        S + op("a", startQuantity="2") + E + chain("s", "a", "e"), ("token-quantity-ignored", "a"),
    ),
    "WCP42 thread split": (
        S + op("a", completionQuantity="2") + E + chain("s", "a", "e"), ("token-quantity-ignored", "a"),
    ),
    "a split that is never joined rightly": (split("exclusive", "parallel", "n", "not n"), ("deadlock", "j")),
    "a loop of a negative number": (
        S + op("a", loop("", loopMaximum="-1")) + E + chain("s", "a", "e"), ("loop-incomplete", "a"),
    ),
    "a negative number of instances": (
        S + op("a", times("-1")) + E + chain("s", "a", "e"), ("multi-instance-incomplete", "a"),
    ),
    "a number of instances that is none": (
        S + op("a", times("2.5")) + E + chain("s", "a", "e"), ("multi-instance-incomplete", "a"),
    ),
    "a number of tokens below one": (
        S + op("a", startQuantity="0") + E + chain("s", "a", "e"), ("token-quantity-ignored", "a"),
    ),
    "a global task that is called": (
        S + node("callActivity", "c", calledElement="gt") + E + chain("s", "c", "e"),
        ("call-activity-unknown-process", "c"),
    ),
    "a receive task that starts the process": (
        S + E + node("receiveTask", "a", messageRef="_m", instantiate="true") + chain("s", "a", "e"),
        ("element-not-supported", "a"),
    ),
    "an event gateway that starts the process": (
        S + E + gate("eventBased", "a", instantiate="true") + catch("message", "b") + catch("timer", "c")
        + chain("s", "a", "b", "e") + chain("a", "c", "e"), ("element-not-supported", "a"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RUN)
def test_the_pattern_leaves_the_trace_of_the_standard(name):
    body, data, acts, trace = RUN[name]
    assert found(body) == set()
    case = played(body, acts, **data)
    assert case.trace == trace
    assert case.run.status == ("terminated" if "terminate" in body else "completed")


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_executed_is_refused_at_its_element(name):
    body, finding = REFUSED[name]
    assert finding in found(body)


def test_a_message_before_it_is_waited_for_does_not_move_the_case():
    body = S + user("u") + catch("message", "c") + op("a") + E + chain("s", "u", "c", "a", "e")
    case = played(body)
    assert case.run.messages() == []
    case = played(body, ("do u", "message M"))
    assert case.trace == ["a"]


COUNT = "<script>count = count + 1</script>"


def counts(*names: str, inner: str = "") -> str:
    return "".join(node("scriptTask", name, inner + COUNT) for name in names)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (S + gate("parallel", "g") + counts("a", "b") + gate("parallel", "j") + E
         + chain("s", "g", "a", "j", "e") + chain("g", "b", "j"), 2),
        (S + gate("parallel", "g") + counts("a", "b") + E + end("", "e2") + chain("s", "g", "a", "e")
         + chain("g", "b", "e2"), 2),
        (S + counts("a", inner=times("3")) + E + chain("s", "a", "e"), 3),
        (S + inside("q", times("3") + start("", "qs") + counts("a") + end("", "qe") + chain("qs", "a", "qe")) + E
         + chain("s", "q", "e"), 1),
        (S + gate("parallel", "g") + counts("a") + E + chain("s", "g", "a", "e") + inside(
            "q", start("", "qs") + counts("b", "c") + end("", "qe") + chain("qs", "b", "c", "qe")
        ) + chain("g", "q", "e"), 3),
    ],
    ids=["joined", "not joined", "instances", "instances of a sub-process", "inside and outside"],
)  # fmt: skip
def test_a_script_reads_what_other_paths_have_set_but_no_other_instance(body, count):
    assert found(body) == set()
    assert played(body, count=0).run.data["count"] == count


def test_a_repeated_timer_on_the_way_lets_a_token_go_on_in_every_round():
    body = S + catch("cycle", "c") + op("a") + E + chain("s", "c", "a", "e")
    assert found(body) == set()
    assert played(body, ("days 1",)).run.status == "running"
    case = played(body, ("days 1", "days 1", "days 1"))
    assert (case.trace, case.run.status) == (["a", "a", "a"], "completed")


def test_behind_an_event_gateway_the_first_round_of_a_repeated_timer_decides():
    body = S + gate("eventBased", "g") + catch("message", "c") + catch("cycle", "d") + ops("a", "b") + E
    case = played(body + chain("s", "g", "c", "a", "e") + chain("g", "d", "b", "e"), ("days 1",))
    assert (case.trace, case.run.status) == (["b"], "completed")
