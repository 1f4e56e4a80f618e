"""What is thrown inside, and who catches it: borders, event sub-processes, other places of the case, other cases."""

from __future__ import annotations

import pytest

from tests.engine.conformance.playing import (
    EVENTS,
    catch,
    end,
    found,
    handler,
    inside,
    on,
    op,
    ops,
    played,
    start,
    throw,
)
from tests.engine.spiff.drawn import chain, node, user

S, E = start(), end()


def sub(name: str, inner: str, kind: str = "subProcess") -> str:
    return inside(name, inner, kind)


def raising(kind: str, how: str) -> str:
    """A sub-process in which an error or escalation is thrown beside a task that is open."""
    thrower = end(kind, "t") if how == "end" else throw(kind, "t")
    after = "" if how == "end" else op("after") + end("", "te") + chain("t", "after", "te")
    inner = start("", "qs") + node("parallelGateway", "pg") + user("u") + end("", "qe") + op("in1")
    return inner + chain("qs", "pg", "u", "qe") + chain("pg", "in1", "t") + thrower + after


@pytest.mark.parametrize(
    ("kind", "how", "interrupts", "trace", "open_"),
    [
        ("error", "end", True, ["in1", "late"], []),
        ("escalation", "end", True, ["in1", "late"], []),
        ("escalation", "end", False, ["in1", "late"], ["u"]),
        ("escalation", "throw", True, ["in1", "late"], []),
        ("escalation", "throw", False, ["in1", "late", "after"], ["u"]),
    ],
)
@pytest.mark.parametrize("tag", ["subProcess", "transaction"])
def test_what_is_thrown_inside_is_caught_at_the_border(kind, how, interrupts, trace, open_, tag):
    body = S + sub("q", raising(kind, how), tag) + on("q", kind, "x", interrupts=interrupts) + ops("late", "next") + E
    body += chain("s", "q", "next", "e") + chain("x", "late", "e")
    assert found(body) == set()
    case = played(body)
    assert (sorted(case.trace), case.open, case.thrown) == (sorted(trace), open_, [])


@pytest.mark.parametrize(
    ("kind", "how", "interrupts", "trace", "open_"),
    [
        ("error", "end", True, ["in1", "hx", "next"], []),
        ("escalation", "end", True, ["in1", "hx", "next"], []),
        ("escalation", "throw", False, ["in1", "hx", "after"], ["u"]),
        ("escalation", "throw", True, ["in1", "hx", "next"], []),
    ],
)
def test_what_is_thrown_inside_starts_the_event_sub_process_beside_it(kind, how, interrupts, trace, open_):
    inner = raising(kind, how) + handler(kind, interrupts=interrupts)
    body = S + sub("q", inner) + op("next") + E + chain("s", "q", "next", "e")
    assert found(body) == set()
    case = played(body)
    assert (sorted(case.trace), case.open) == (sorted(trace), open_)


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_of_two_events_the_one_with_the_code_catches(kind):
    plain = "<errorEventDefinition/>" if kind == "error" else "<escalationEventDefinition/>"
    any_of = node("boundaryEvent", "y", plain, attachedToRef="q")
    body = S + sub("q", raising(kind, "end")) + any_of + on("q", kind, "x") + ops("late", "other", "next") + E
    body += chain("s", "q", "next", "e") + chain("x", "late", "e") + chain("y", "other", "e")
    assert played(body).trace == ["in1", "late"]
    body = body.replace(EVENTS[kind] + "</boundaryEvent>", EVENTS[kind + "2"] + "</boundaryEvent>")
    assert played(body).trace == ["in1", "other"]


def test_an_error_goes_past_borders_that_do_not_match_to_the_one_that_does():
    inner = start("", "qs") + sub("r", start("", "rs") + end("error", "re") + chain("rs", "re")) + end("", "qe")
    inner += on("r", "error2", "y") + op("wrong") + chain("qs", "r", "qe") + chain("y", "wrong", "qe")
    body = S + sub("q", inner) + on("q", "error", "x") + ops("late", "next") + E
    case = played(body + chain("s", "q", "next", "e") + chain("x", "late", "e"))
    assert case.trace == ["late"]


def test_an_error_is_not_caught_by_what_stands_beside():
    thrower = sub("q", start("", "qs") + end("error", "qe") + chain("qs", "qe"))
    other = sub("r", start("", "rs") + user("u") + end("", "re") + chain("rs", "u", "re"))
    body = S + node("parallelGateway", "g") + thrower + other + on("r", "error", "x") + op("late") + E
    case = played(body + chain("s", "g", "q", "e") + chain("g", "r", "e") + chain("x", "late", "e"))
    assert (case.trace, case.open, case.thrown) == ([], ["u"], [("error", "R")])


def test_an_error_that_nobody_catches_is_told_and_the_path_ends():
    case = played(S + op("a") + end("error", "t") + chain("s", "a", "t"))
    assert (case.thrown, case.run.status) == ([("error", "R")], "completed")


def test_the_error_of_an_operation_is_caught_at_its_border_or_starts_an_event_sub_process():
    body = S + op("q") + on("q", "error", "x") + ops("late", "next") + E
    case = played(body + chain("s", "q", "next", "e") + chain("x", "late", "e"), fails="q")
    assert case.trace == ["q", "late"]
    body = S + op("q") + op("next") + E + chain("s", "q", "next", "e") + handler("error")
    case = played(body, fails="q")
    assert (case.trace, case.run.status) == (["q", "hx"], "completed")


def test_a_cancelled_transaction_ends_and_goes_on_at_its_border():
    inner = start("", "qs") + node("parallelGateway", "pg") + user("u") + end("", "qe") + end("cancel", "qc")
    body = S + sub("q", inner + chain("qs", "pg", "u", "qe") + chain("pg", "qc"), "transaction")
    body += on("q", "cancel", "x") + ops("late", "next") + E + chain("s", "q", "next", "e") + chain("x", "late", "e")
    assert found(body) == set()
    case = played(body)
    assert (case.trace, case.open) == (["late"], [])


@pytest.mark.parametrize("place", ["throw", "end"])
@pytest.mark.parametrize("kind", ["message", "signal"])
def test_what_is_sent_leaves_the_case(kind, place):
    thrower = throw(kind, "t") + E + chain("s", "t", "e") if place == "throw" else end(kind, "t") + chain("s", "t")
    assert found(S + thrower) == set()
    case = played(S + thrower)
    assert (case.thrown, case.run.status) == ([(kind, "M" if kind == "message" else "G")], "completed")


@pytest.mark.parametrize("place", ["throw", "end"])
def test_a_signal_is_heard_by_everything_that_waits_in_the_same_case(place):
    thrower = throw("signal", "t") + end("", "te") + chain("t", "te") if place == "throw" else end("signal", "t")
    body = S + node("parallelGateway", "g") + catch("signal", "c") + user("u") + on("u", "signal", "x") + user("w")
    body += ops("a", "b", "n") + E + thrower + chain("s", "g", "c", "a", "e") + chain("g", "u", "n", "e")
    case = played(body + chain("x", "b", "e") + chain("g", "w", "t"), ("do w",))
    assert (case.trace, case.run.status) == (["a", "b"], "completed")


def test_a_terminating_end_inside_ends_the_sub_process_alone():
    inner = start("", "qs") + node("parallelGateway", "pg") + user("u") + end("", "qe") + end("terminate", "qt")
    body = S + sub("q", inner + chain("qs", "pg", "u", "qe") + chain("pg", "qt")) + op("next") + E
    case = played(body + chain("s", "q", "next", "e"))
    assert (case.trace, case.run.status) == (["next"], "completed")


SETTER = node("scriptTask", "set", "<script>met = 1</script>")


@pytest.mark.parametrize("kind", ["signal", "escalation", "error", "conditional"])
def test_what_interrupts_comes_before_the_next_automatic_step(kind):
    """Inside, something is thrown, or made true, and an operation follows at once."""
    does = {"conditional": SETTER.replace('"set"', '"t"'), "error": op("t")}.get(kind) or throw(kind, "t")
    inner = start("", "qs") + does + op("after") + end("", "qe") + chain("qs", "t", "after", "qe")
    body = S + sub("q", inner) + on("q", kind, "x") + ops("late", "next") + E
    case = played(body + chain("s", "q", "next", "e") + chain("x", "late", "e"), fails="t")
    assert [each for each in case.trace if each != "t"] == ["late"]
    body = S + sub("q", inner + handler(kind)) + op("next") + E + chain("s", "q", "next", "e")
    case = played(body, fails="t")
    assert [each for each in case.trace if each != "t"] == ["hx", "next"]


@pytest.mark.parametrize("place", ["border", "event sub-process"])
def test_a_deadline_that_passes_while_an_operation_works_comes_before_the_next_step(place):
    inner = start("", "qs") + ops("slow", "after") + end("", "qe") + chain("qs", "slow", "after", "qe")
    late = handler("timer") if place == "event sub-process" else ""
    body = S + sub("q", inner + late) + op("next") + E + chain("s", "q", "next", "e")
    if not late:
        body += on("q", "timer", "x") + op("hx") + chain("x", "hx", "e")
    assert played(body, takes=1).trace == (["slow", "hx", "next"] if late else ["slow", "hx"])
    assert played(body, takes=0).trace == ["slow", "after", "next"]
