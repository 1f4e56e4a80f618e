"""Every event at every place BPMN allows it: thrown, caught, on a border, starting an event sub-process."""

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
from tests.engine.spiff.drawn import chain, flow, node, user

S, E = start(), end()
HAPPENS = {
    "message": "message M",
    "signal": "signal G",
    "timer": "days 1",
    "conditional": "do k met=1",
}
"""How each of the events that come from outside is brought about; the condition by a task beside."""


def beside(body: str) -> str:
    """A branch beside with a task `k`, by which a condition can be made true."""
    fork = node("parallelGateway", "fork") + user("k") + node("endEvent", "ke")
    return S + fork + chain("s", "fork", "k", "ke") + body


def hosted(host: str, kind: str, *, interrupts: bool) -> str:
    """`host` called `q` with an event at its border, and an operation behind each."""
    body = host + on("q", kind, "x", interrupts=interrupts) + ops("late", "next") + E
    return beside(body + chain("fork", "q", "next", "e") + chain("x", "late", "e"))


def sub(name: str, inner: str, kind: str = "subProcess") -> str:
    return inside(name, inner, kind)


WAITING = {
    "user task": user("q"),
    "receive task": node("receiveTask", "q", messageRef="_m2"),
    "sub-process": sub("q", start("", "qs") + op("in1") + user("u") + end("", "qe") + chain("qs", "in1", "u", "qe")),
    "transaction": sub(
        "q", start("", "qs") + op("in1") + user("u") + end("", "qe") + chain("qs", "in1", "u", "qe"), "transaction"
    ),
    "several instances": user(
        "q", "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    ),
    "sub-process several times": sub(
        "q",
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
        + start("", "qs") + user("u") + end("", "qe") + chain("qs", "u", "qe"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("host", WAITING)
@pytest.mark.parametrize("kind", HAPPENS)
def test_an_interrupting_event_at_a_border_ends_the_activity(kind, host):
    body = hosted(WAITING[host], kind, interrupts=True)
    assert found(body) == set()
    case = played(body, (HAPPENS[kind],))
    assert [each for each in case.trace if each != "in1"] == ["late"]
    assert case.open == [each for each in ("k",) if kind != "conditional"]
    assert case.run.progress()["q"] == "cancelled"


@pytest.mark.parametrize("host", WAITING)
@pytest.mark.parametrize("kind", HAPPENS)
def test_an_event_at_a_border_that_does_not_interrupt_lets_the_activity_go_on(kind, host):
    body = hosted(WAITING[host], kind, interrupts=False)
    assert found(body) == set()
    case = played(body, (HAPPENS[kind],))
    assert [each for each in case.trace if each != "in1"] == ["late"]
    assert case.run.progress()["q"] == "current"


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_what_does_not_interrupt_happens_as_often_as_it_comes(kind):
    case = played(hosted(user("q"), kind, interrupts=False), (HAPPENS[kind],) * 3)
    assert case.trace == ["late", "late", "late"]


def test_a_repeated_timer_at_a_border_goes_off_three_times_and_no_more():
    case = played(hosted(user("q"), "cycle", interrupts=False), ("days 1", "days 1", "days 1", "days 1"))
    assert case.trace == ["late", "late", "late"]
    case.run.complete(next(each.id for each in case.run.open_tasks() if each.element_id == "q"), {})


@pytest.mark.parametrize("kind", HAPPENS)
def test_a_case_waits_for_an_event_in_its_way(kind):
    body = beside(catch(kind, "c") + op("a") + E + chain("fork", "c", "a", "e"))
    assert found(body) == set()
    assert played(body).trace == []
    assert played(body, (HAPPENS[kind],)).trace == ["a"]


@pytest.mark.parametrize("kind", HAPPENS)
@pytest.mark.parametrize("interrupts", [True, False])
def test_an_event_starts_an_event_sub_process(kind, interrupts):
    body = beside(user("q") + op("next") + E + chain("fork", "q", "next", "e") + handler(kind, interrupts=interrupts))
    assert found(body) == set()
    case = played(body, (HAPPENS[kind],))
    assert case.trace == ["hx"]
    still_open = {"q"} if kind == "conditional" else {"k", "q"}
    assert case.open == ([] if interrupts else sorted(still_open))
    assert case.run.status == ("completed" if interrupts else "running")


@pytest.mark.parametrize("kind", HAPPENS)
@pytest.mark.parametrize("interrupts", [True, False])
def test_an_event_sub_process_inside_a_sub_process_is_of_that_alone(kind, interrupts):
    inner = start("", "qs") + user("u") + end("", "qe") + chain("qs", "u", "qe") + handler(kind, interrupts=interrupts)
    body = beside(sub("q", inner) + op("next") + E + chain("fork", "q", "next", "e"))
    assert found(body) == set()
    case = played(body, (HAPPENS[kind],))
    assert case.trace == (["hx", "next"] if interrupts else ["hx"])
    if not interrupts:
        case.act("do u")
        assert case.trace == ["hx", "next"]


def test_an_event_sub_process_listens_no_longer_than_its_scope_is_open():
    body = S + user("q") + E + chain("s", "q", "e") + handler("timer")
    case = played(body, ("do q",))
    assert (case.run.status, case.run.timers(), case.trace) == ("completed", [], [])


def test_a_message_starts_an_event_sub_process_as_often_as_it_comes_and_the_scope_waits_for_all_of_them():
    two = start("message", "hs", isInterrupting="false") + user("hu") + end("", "he") + chain("hs", "hu", "he")
    body = S + user("q") + E + chain("s", "q", "e") + inside("h", two, triggeredByEvent="true")
    case = played(body, ("message M", "message M", "do q"))
    assert (case.open, case.run.status) == (["hu", "hu"], "running")
    case = played(body, ("message M", "message M", "do q", "do hu", "do hu"))
    assert case.run.status == "completed"


@pytest.mark.parametrize(("place", "first"), [("one", "a"), ("other", "b")])
def test_a_link_goes_on_where_its_name_is_caught(place, first):
    jump = "".join(
        node("intermediateThrowEvent", f"t{n}", f'<linkEventDefinition name="L{n}"/>')
        + node("intermediateCatchEvent", f"c{n}", f'<linkEventDefinition name="L{n}"/>')
        for n in (1, 2)
    )
    body = S + node("exclusiveGateway", "g", default="g_t2") + jump + ops("a", "b") + E + chain("s", "g")
    body += flow("g", "t1", "way == 1") + flow("g", "t2") + chain("c1", "a", "e") + chain("c2", "b", "e")
    assert found(body) == set()
    assert played(body, way=1 if place == "one" else 2).trace == [first]


def test_two_links_of_one_name_lead_to_the_same_place_and_back_before_a_join():
    jump = "".join(throw("link", name) for name in ("t1", "t2")) + catch("link", "c")
    body = S + node("parallelGateway", "g") + user("u") + jump + node("inclusiveGateway", "j") + op("z") + E
    case = played(body + chain("s", "g", "u", "t1") + chain("g", "t2") + chain("c", "j", "z", "e"), ("do u",))
    assert case.trace == ["z", "z"]


BOTH = EVENTS["message"] + EVENTS["signal"]


@pytest.mark.parametrize("acts", [("message M",), ("signal G",)])
def test_one_of_several_events_is_enough(acts):
    body = S + node("intermediateCatchEvent", "c", BOTH) + op("a") + E + chain("s", "c", "a", "e")
    assert found(body) == set()
    case = played(body, acts)
    assert (case.trace, case.run.status, case.run.messages()) == (["a"], "completed", [])


@pytest.mark.parametrize("acts", [("message M", "signal G"), ("signal G", "message M")])
def test_all_of_several_events_must_happen_where_the_diagram_says_so(acts):
    body = S + node("intermediateCatchEvent", "c", BOTH, parallelMultiple="true") + op("a") + E
    body += chain("s", "c", "a", "e")
    assert found(body) == set()
    assert played(body, acts[:1]).trace == []
    assert played(body, acts).trace == ["a"]
    border = node("boundaryEvent", "x", BOTH, attachedToRef="q", parallelMultiple="true")
    body = S + user("q") + border + ops("late", "next") + E + chain("s", "q", "next", "e") + chain("x", "late", "e")
    assert played(body, acts[:1]).open == ["q"]
    case = played(body, acts)
    assert (case.trace, case.open) == (["late"], [])


def test_several_events_at_one_border():
    border = node("boundaryEvent", "x", BOTH + EVENTS["timer"], attachedToRef="q", cancelActivity="false")
    body = S + user("q") + border + ops("late", "next") + E + chain("s", "q", "next", "e") + chain("x", "late", "e")
    assert found(body) == set()
    case = played(body, ("message M", "signal G", "days 1", "message M", "do q"))
    assert case.trace == ["late", "late", "late", "late", "next"]


def test_several_things_are_thrown_by_one_event():
    thrower = node("intermediateThrowEvent", "t", BOTH + EVENTS["escalation"])
    body = S + sub("q", start("", "qs") + thrower + op("in1") + end("", "qe") + chain("qs", "t", "in1", "qe"))
    body += on("q", "escalation", "x", interrupts=False) + op("late") + E
    body += chain("s", "q", "e") + chain("x", "late", "e")
    assert found(body) == set()
    case = played(body)
    assert (sorted(case.thrown), sorted(case.trace)) == ([("message", "M"), ("signal", "G")], ["in1", "late"])


@pytest.mark.parametrize("acts", [("message M",), ("signal G",)])
def test_several_events_start_an_event_sub_process(acts):
    body = S + user("q") + E + chain("s", "q", "e") + handler("message").replace(EVENTS["message"], BOTH)
    assert found(body) == set()
    assert played(body, acts).trace == ["hx"]


def test_an_event_that_is_defined_elsewhere_is_that_event():
    shared = '<timerEventDefinition id="shared"><timeDuration>P1D</timeDuration></timerEventDefinition>'
    body = S + node("intermediateCatchEvent", "c", "<eventDefinitionRef>shared</eventDefinitionRef>") + op("a") + E
    body += chain("s", "c", "a", "e")
    assert found(body, shared) == set()
    assert played(body, more=shared).trace == []
    assert played(body, ("days 1",), more=shared).trace == ["a"]
    assert ("dangling-reference", "c") in found(body)


def test_a_case_begun_on_a_condition_waits_until_it_holds():
    body = start("conditional") + op("a") + E + chain("s", "a", "e")
    assert found(body) == set()
    assert played(body, met=0).trace == []
    assert played(body, met=1).trace == ["a"]


@pytest.mark.parametrize("begin", ["s", "s2", "s3"])
def test_a_process_with_several_starts_begins_at_the_one_that_is_named(begin):
    body = start() + start("message", "s2") + start("timer", "s3") + ops("a", "b", "c") + E
    body += chain("s", "a", "e") + chain("s2", "b", "e") + chain("s3", "c", "e")
    assert found(body) == set()
    assert played(body, begin=begin).trace == [{"s": "a", "s2": "b", "s3": "c"}[begin]]


COMPENSATED = op("q") + node("boundaryEvent", "x", "<compensateEventDefinition/>", attachedToRef="q")
REFUSED = {
    "compensation at a border": (S + COMPENSATED + E + chain("s", "q", "e"), ("event-not-supported", "x")),
    "compensation thrown": (
        S + op("q") + node("intermediateThrowEvent", "x", "<compensateEventDefinition/>") + E
        + chain("s", "q", "x", "e"), ("event-not-supported", "x"),
    ),
    "compensation at the end": (
        S + node("endEvent", "x", "<compensateEventDefinition/>") + chain("s", "x"), ("event-not-supported", "x"),
    ),
    "a handler of compensation": (
        S + op("q") + E + chain("s", "q", "e") + op("x", isForCompensation="true"), ("compensation-not-supported", "x"),
    ),
    "an event sub-process that compensates": (
        S + op("q") + E + chain("s", "q", "e") + handler("").replace('id="hs"', 'id="hs"').replace(
            "<startEvent id=\"hs\" isInterrupting=\"true\">", '<startEvent id="hs"><compensateEventDefinition/>'
        ), ("event-not-supported", "hs"),
    ),
    "a timer that is thrown": (S + throw("timer", "x") + E + chain("s", "x", "e"), ("event-illegal-here", "x")),
    "an error in the way": (S + catch("error", "x") + E + chain("s", "x", "e"), ("event-illegal-here", "x")),
    "a start by an error": (start("error", "x") + E + chain("x", "e"), ("event-illegal-here", "x")),
    "a terminating border": (
        S + user("q") + on("q", "terminate", "x") + E + chain("s", "q", "e") + chain("x", "e"),
        ("event-illegal-here", "x"),
    ),
    "all of several at the start": (
        node("startEvent", "x", BOTH, parallelMultiple="true") + E + chain("x", "e"), ("event-not-supported", "x"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_executed_is_refused_at_its_element(name):
    body, finding = REFUSED[name]
    assert finding in found(body)


def test_missed_rounds_of_a_counted_timer_are_made_up_in_the_order_of_the_times():
    wait = EVENTS["timer2"].replace("P2D", "P2DT12H")
    inner = start("", "qs") + node("intermediateCatchEvent", "c", wait) + op("in1") + end("", "qe")
    body = S + sub("q", inner + chain("qs", "c", "in1", "qe")) + on("q", "cycle", "x", interrupts=False)
    body += ops("late", "next") + E + chain("s", "q", "next", "e") + chain("x", "late", "e")
    assert played(body, ("days 9",)).trace == ["late", "late", "in1", "next"]
    assert played(hosted(user("q"), "cycle", interrupts=False), ("days 9",)).trace == ["late", "late", "late"]
