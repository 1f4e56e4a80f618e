"""Whether processes come to their end, found by trying every course."""

from __future__ import annotations

import pytest
from lxml import etree

from processes.engine.check import Surroundings, check_diagram
from processes.engine.check.net import Net
from processes.engine.check.outline import outline
from processes.engine.check.soundness import FAR, explore
from tests.engine.spiff.drawn import boundary, chain, document, flow, node, timer, user

START, END = node("startEvent", "s"), node("endEvent", "e")
A_B = user("a") + user("b")
SOUND = {"deadlock", "livelock", "never-completes", "unreachable", "lack-of-synchronization", "not-decided"}


def gateways(**kinds: str) -> str:
    return "".join(node(f"{kind}Gateway", name) for name, kind in kinds.items())


def found(body: str) -> set[tuple[str, str]]:
    problems = check_diagram(document(body), Surroundings(portable=False))
    assert not {each.code for each in problems} & {"internal", "engine-refuses", "not-covered"}
    return {(each.code, each.element) for each in problems if each.code in SOUND}


def split_and_join(split: str, join: str) -> str:
    body = START + gateways(g=split, h=join) + A_B + END + chain("s", "g") + chain("h", "e")
    for name in ("a", "b"):
        condition = "x" if split in ("exclusive", "inclusive") else None
        body += flow("g", name, condition) + flow(name, "h")
    return body


@pytest.mark.parametrize(
    ("split", "join", "expected"),
    [
        ("exclusive", "exclusive", set()),
        ("parallel", "parallel", set()),
        ("inclusive", "inclusive", set()),
        ("exclusive", "inclusive", set()),
        ("parallel", "inclusive", set()),
        ("exclusive", "parallel", {("deadlock", "h")}),
        ("inclusive", "parallel", {("deadlock", "h")}),
        ("parallel", "exclusive", {("lack-of-synchronization", "e")}),
        ("inclusive", "exclusive", {("lack-of-synchronization", "e")}),
    ],
)
def test_what_is_split_must_be_joined_alike(split, join, expected):
    assert found(split_and_join(split, join)) == expected


def test_a_process_of_a_loop_without_exit_never_completes():
    body = START + gateways(g="exclusive") + user("a") + chain("s", "g", "a", "g")
    assert found(body) == {("never-completes", "p")}


def test_a_loop_without_exit_behind_a_decision_is_a_livelock():
    body = START + gateways(g="exclusive", h="exclusive") + A_B + END + chain("s", "g") + chain("a", "e")
    body += flow("g", "a", "x") + flow("g", "h", "y") + chain("h", "b", "h")
    assert found(body) == {("livelock", "g")}


def test_a_rework_loop_with_an_exit_is_sound():
    body = START + A_B + gateways(g="exclusive") + END + chain("s", "a", "g") + chain("b", "e")
    assert found(body + flow("g", "a", "again") + flow("g", "b", "done")) == set()


def test_a_terminate_event_ends_what_waits_at_a_join():
    body = START + gateways(g="parallel", h="exclusive", j="parallel") + A_B + user("c") + chain("s", "g", "a", "j")
    body += node("endEvent", "e") + node("endEvent", "t", "<terminateEventDefinition/>") + chain("g", "h", "j", "e")
    body = body.replace(flow("h", "j"), flow("h", "j", "x") + flow("h", "c", "y") + flow("c", "t"))
    assert found(body.replace(user("b"), "")) == set()


def test_a_join_that_an_interrupting_event_goes_around_is_a_deadlock():
    body = START + gateways(g="parallel", j="parallel") + A_B + END + node("endEvent", "late")
    body += chain("s", "g", "a", "j", "e") + chain("g", "b", "j")
    body += boundary("t", "a", timer("timeDuration", "P1D")) + chain("t", "late")
    assert found(body) == {("deadlock", "j")}


def test_an_event_that_does_not_interrupt_may_end_on_its_own():
    body = START + user("a") + user("remind") + END + node("endEvent", "e2") + chain("s", "a", "e")
    body += boundary("t", "a", timer("timeDuration", "P1D"), interrupts=False) + chain("t", "remind", "e2")
    assert found(body) == set()


def sub(inside: str) -> str:
    return START + node("subProcess", "q", inside) + END + chain("s", "q", "e")


def test_a_deadlock_inside_a_sub_process_is_told_of_the_gateway_there():
    inside = split_and_join("exclusive", "parallel").replace('"s"', '"s2"').replace('"e"', '"e2"')
    assert found(sub(inside)) == {("deadlock", "h")}


def test_a_deadlock_inside_a_sub_process_that_can_be_interrupted_is_none():
    inside = split_and_join("exclusive", "parallel").replace('"s"', '"s2"').replace('"e"', '"e2"')
    escape = boundary("t", "q", timer("timeDuration", "P1D")) + chain("t", "e")
    assert ("deadlock", "h") not in found(sub(inside) + escape)


def test_an_error_end_goes_to_the_boundary_event_and_not_past_the_sub_process():
    inside = node("startEvent", "s2") + node("endEvent", "bad", "<errorEventDefinition/>") + chain("s2", "bad")
    body = START + gateways(g="parallel", j="parallel") + user("a") + user("b") + node("subProcess", "q", inside) + END
    body += boundary("t", "q", "<errorEventDefinition/>") + chain("s", "g", "a", "j", "e") + chain("g", "q")
    body += chain("t", "j") + chain("q", "b") + node("endEvent", "e2") + chain("b", "e2")
    problems = check_diagram(document(body), Surroundings(portable=False))
    assert [each for each in problems if each.severity == "error"] == []
    assert {(each.code, each.element) for each in problems} >= {("unreachable", "b"), ("unreachable", "e2")}


def test_steps_behind_a_deadlock_are_not_told_again():
    body = split_and_join("exclusive", "parallel") + user("c") + node("endEvent", "e2") + chain("h", "c", "e2")
    assert found(body) == {("deadlock", "h")}


def test_tokens_that_multiply_without_end_are_told_and_the_search_ends():
    body = (
        START
        + gateways(g="exclusive", h="parallel")
        + user("a")
        + END
        + chain("s", "g", "a", "h", "g")
        + chain("h", "e")
    )
    assert {code for code, _ in found(body)} == {"lack-of-synchronization"}


@pytest.mark.parametrize("branches", [2, 16, 60])
def test_any_number_of_plain_parallel_branches_is_decided(branches):
    names = [f"u{number}" for number in range(branches)]
    body = (
        START
        + gateways(g="parallel", h="parallel")
        + "".join(map(user, names))
        + END
        + chain("s", "g")
        + chain("h", "e")
    )
    assert found(body + "".join(chain("g", name, "h") for name in names)) == set()


def branches_with_a_choice_each(number: int, join: str) -> str:
    body = START + gateways(g="parallel", h=join) + END + chain("s", "g") + chain("h", "e")
    for each in range(number):
        x, y, p, q = (f"{letter}{each}" for letter in "xypq")
        body += gateways(**{x: "exclusive", y: "exclusive"}) + user(p) + user(q) + chain("g", x) + chain(p, y, "h")
        body += flow(x, p, "v") + flow(x, q, "w") + chain(q, y)
    return body


def test_what_is_too_complex_is_called_not_decided():
    assert found(branches_with_a_choice_each(20, "parallel")) == {("not-decided", "p")}


@pytest.mark.parametrize("join", ["parallel", "exclusive"])
def test_a_search_ends_after_so_many_tokens_and_not_after_a_time(join):
    process = outline(etree.fromstring(document(branches_with_a_choice_each(200, join)))).inside
    search = explore(Net(*next(iter(process.items()))), until=float("inf"))
    looked_at, is_complete = search.tokens, search.complete
    assert not is_complete
    assert FAR.tokens < looked_at <= FAR.tokens + 1_000


def test_two_inclusive_joins_that_wait_for_each_other_do_not_hang_the_check():
    body = START + gateways(g="parallel", h="inclusive", k="inclusive") + END + chain("s", "g", "h", "k", "e")
    assert found(body + chain("g", "k") + flow("k", "h")) <= {("deadlock", "h"), ("deadlock", "k")} | {
        ("lack-of-synchronization", name) for name in "hke"
    }


def test_a_conditional_way_out_of_a_task_may_be_taken_or_not():
    body = (
        START + A_B + gateways(j="parallel") + END + chain("s", "a", "j", "e") + flow("a", "b", "x") + chain("b", "j")
    )
    assert found(body) == {("deadlock", "j")}


def test_a_loop_of_automatic_steps_alone_is_warned_of():
    body = START + gateways(g="exclusive") + node("scriptTask", "c", "<script>x = 1</script>") + END + chain("s", "g")
    problems = check_diagram(document(body + flow("g", "c", "x") + flow("g", "e", "y") + chain("c", "g")))
    assert ("automatic-loop", "g") in [(each.code, each.element) for each in problems]


def test_a_loop_with_a_human_task_is_not_warned_of():
    body = START + gateways(g="exclusive") + user("a") + END + chain("s", "g", "a", "g") + flow("g", "e", "x")
    assert "automatic-loop" not in [each.code for each in check_diagram(document(body))]
