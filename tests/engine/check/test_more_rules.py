"""Reasons that came with what this engine executes, each at its element, and the words in which they are told here."""

from __future__ import annotations

import pytest

from processes.engine.check import Surroundings, check_diagram, first_process, is_deployable
from processes.engine.check.reasons import HERE
from tests.engine.check.test_house import with_properties
from tests.engine.spiff.drawn import chain, document, flow, node, timer, user

START, END = node("startEvent", "s"), node("endEvent", "e")
LINK = '<linkEventDefinition name="x"/>'
KNOWN = Surroundings(portable=False, checks={"need.complete"}, tables={"grades"}, operations={"log": ()})


THREE = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"


def found(body: str | bytes, around: Surroundings = KNOWN, **more: str) -> set[tuple[str, str, str]]:
    xml = body if isinstance(body, bytes) else document(body, **more)
    return {(each.severity, each.code, each.element) for each in check_diagram(xml, around)}


def between(element: str, name: str = "q") -> str:
    return START + element + END + chain("s", name, "e")


def deep(levels: int) -> str:
    body = node("startEvent", "s") + node("endEvent", "e") + chain("s", "e")
    for level in range(levels):
        body = node("startEvent", f"s{level}") + node("endEvent", f"e{level}") + node("subProcess", f"p{level}", body)
        body += chain(f"s{level}", f"p{level}", f"e{level}")
    return body


def handler(inner: str, definition: str = timer("timeDuration", "P1D"), **at: str) -> str:
    return node("subProcess", "h", node("startEvent", "hs", definition, **at) + inner, triggeredByEvent="true")


ERRORS = {
    "nested too deep": (deep(21), "nested-too-deep", "p0"),
    "a long name": (between(user("q", name="长" * 1_001)), "text-too-long", "q"),
    "a long id": (between(user("q" * 201), "q" * 201), "text-too-long", "q" * 200),
    "an unknown check": (between(user("q", with_properties(check="need.complete, gone"))), "check-unknown", "q"),
    "an unknown table": (between(node("businessRuleTask", "q", with_properties(table="gone"))), "table-unknown", "q"),
    "a loop on a gateway": (
        between(node("exclusiveGateway", "q", '<standardLoopCharacteristics loopMaximum="2"/>')),
        "element-not-supported",
        "q",
    ),
    "an event in a task": (between(user("q", timer("timeDate", "2026-01-01"))), "element-not-supported", "q"),
    "a script in a task of a person": (between(user("q", "<script>x = 1</script>")), "element-not-supported", "q"),
    "a parallel event gateway": (
        START
        + node("eventBasedGateway", "q", eventGatewayType="Parallel")
        + "".join(node("intermediateCatchEvent", name, timer("timeDuration", "P1D")) for name in "ab")
        + END
        + chain("s", "q", "a", "e")
        + chain("q", "b", "e"),
        "element-not-supported",
        "q",
    ),
    "a receive task with a border behind an event gateway": (
        START + node("eventBasedGateway", "q") + node("receiveTask", "r", messageRef="m")
        + node("boundaryEvent", "x", timer("timeDuration", "P1D"), attachedToRef="r")
        + node("intermediateCatchEvent", "c", timer("timeDuration", "P2D")) + END
        + chain("s", "q", "r", "e") + chain("q", "c", "e") + chain("x", "e"),
        "event-based-gateway-target",
        "q",
    ),
    "a receive task done several times behind an event gateway": (
        START + node("eventBasedGateway", "q") + node("receiveTask", "r", THREE, messageRef="m")
        + node("intermediateCatchEvent", "c", timer("timeDuration", "P2D")) + END
        + chain("s", "q", "r", "e") + chain("q", "c", "e"),
        "event-based-gateway-target",
        "q",
    ),
    "two loop markers": (
        between(user("q", f'<standardLoopCharacteristics loopMaximum="2"/>{THREE}')),
        "element-not-supported",
        "q",
    ),
    "two markers of several instances": (between(user("q", THREE + THREE)), "element-not-supported", "q"),
    "two scripts": (
        between(node("scriptTask", "q", "<script>x = 1</script><script>x = 2</script>")),
        "element-not-supported",
        "q",
    ),
    "two conditions of a loop": (
        between(user("q", f"<standardLoopCharacteristics>{'<loopCondition>x</loopCondition>' * 2}"
                     "</standardLoopCharacteristics>")),
        "element-not-supported",
        "q",
    ),
    "two conditions on a flow": (
        START + node("exclusiveGateway", "g", default="g_e") + user("q") + END + chain("s", "g", "e") + chain("q", "e")
        + flow("g", "q", "x</conditionExpression><conditionExpression>y"),
        "element-not-supported",
        "g_q",
    ),
    "a deadlock in an event sub-process": (
        between(user("q"))
        + handler(
            node("exclusiveGateway", "g")
            + user("a")
            + user("b")
            + node("parallelGateway", "j")
            + node("endEvent", "he")
            + chain("hs", "g")
            + flow("g", "a", "x")
            + flow("g", "b", "y")
            + chain("a", "j", "he")
            + chain("b", "j")
        ),
        "deadlock",
        "j",
    ),
    "two starts of an event sub-process": (
        between(user("q"))
        + handler(
            node("startEvent", "hs2", timer("timeDuration", "P2D")) + node("endEvent", "he") + chain("hs", "he")
            + chain("hs2", "he")
        ),
        "subprocess-start-events",
        "h",
    ),
    "a border on an event sub-process": (
        between(user("q"))
        + handler(node("endEvent", "he") + chain("hs", "he"))
        + node("boundaryEvent", "x", timer("timeDuration", "P1D"), attachedToRef="h")
        + flow("x", "e"),
        "boundary-not-on-activity",
        "x",
    ),
    "a definition elsewhere that is not there": (
        between(node("intermediateCatchEvent", "q", "<eventDefinitionRef>gone</eventDefinitionRef>")),
        "dangling-reference",
        "q",
    ),
    "a definition elsewhere that says nothing": (
        document(
            between(node("intermediateCatchEvent", "q", "<eventDefinitionRef>t</eventDefinitionRef>")),
            more='<timerEventDefinition id="t"/>',
        ),
        "timer-missing",
        "q",
    ),
}  # fmt: skip
WARNINGS = {
    "in two lanes": (
        between(user("q"))
        + '<laneSet id="ls"><lane id="l" name="甲"><flowNodeRef>q</flowNodeRef></lane>'
        + '<lane id="k" name="乙"><flowNodeRef>q</flowNodeRef></lane></laneSet>',
        "lane-repeated",
        "q",
    ),
    "starts itself": (
        document(
            node("startEvent", "s", '<messageEventDefinition messageRef="m"/>')
            + node("endEvent", "e", '<messageEventDefinition messageRef="m"/>')
            + chain("s", "e"),
            before='<message id="m" name="M"/>',
        ),
        "starts-itself",
        "p",
    ),
    "an error at a border that is drawn as if it did not interrupt": (
        between(user("q"))
        + node("boundaryEvent", "x", "<errorEventDefinition/>", attachedToRef="q", cancelActivity="false")
        + flow("x", "e"),
        "event-illegal-here",
        "x",
    ),
    "an error in an event sub-process that is drawn as if it did not interrupt": (
        between(user("q"))
        + handler(node("endEvent", "he") + chain("hs", "he"), "<errorEventDefinition/>", isInterrupting="false"),
        "event-illegal-here",
        "hs",
    ),
    "a called process that waits for its start": (
        document(
            between(node("callActivity", "q", calledElement="other")),
            more='<process id="other"><startEvent id="os"><timerEventDefinition><timeDuration>P1D</timeDuration>'
            '</timerEventDefinition></startEvent><endEvent id="oe"/>' + chain("os", "oe") + "</process>",
        ),
        "called-start-waits",
        "q",
    ),
    "a cycle on the way": (
        between(node("intermediateCatchEvent", "q", timer("timeCycle", "R3/P1D"))),
        "timer-repeats",
        "q",
    ),
    "a step that no course comes by": (
        between(
            node(
                "subProcess",
                "q",
                node("startEvent", "s2") + node("endEvent", "e2", "<errorEventDefinition/>") + chain("s2", "e2"),
            )
        )
        + node("boundaryEvent", "x", "<errorEventDefinition/>", attachedToRef="q")
        + node("endEvent", "e3")
        + flow("x", "e3"),
        "unreachable",
        "e",
    ),
    "a second start without a trigger": (
        between(user("q")) + node("startEvent", "s2") + flow("s2", "q"),
        "second-plain-start",
        "s2",
    ),
    "a data store": (between(user("q")) + node("dataStoreReference", "d"), "data-store-without-implementation", "d"),
    "a link": (
        START
        + node("intermediateThrowEvent", "t", LINK)
        + node("intermediateCatchEvent", "c", LINK)
        + END
        + chain("s", "t")
        + chain("c", "e"),
        "event-not-supported",
        "t",
    ),
    "an interrupting event sub-process": (
        between(user("q")) + handler(node("endEvent", "he") + chain("hs", "he")),
        "event-subprocess-interrupting-not-honoured",
        "hs",
    ),
    "an event sub-process by an error": (
        between(user("q")) + handler(node("endEvent", "he") + chain("hs", "he"), "<errorEventDefinition/>"),
        "event-not-supported",
        "hs",
    ),
    "a nested event sub-process": (
        between(
            node(
                "subProcess",
                "q",
                node("startEvent", "s2")
                + user("a")
                + node("endEvent", "e2")
                + chain("s2", "a", "e2")
                + handler(node("endEvent", "he") + chain("hs", "he"), isInterrupting="false"),
            )
        ),
        "event-subprocess-nested",
        "h",
    ),
    "a definition elsewhere": (
        document(
            between(node("intermediateCatchEvent", "q", "<eventDefinitionRef>t</eventDefinitionRef>")),
            more=timer("timeDuration", "P1D").replace("<timerEventDefinition>", '<timerEventDefinition id="t">'),
        ),
        "event-definition-ref-ignored",
        "q",
    ),
    "properties of another tool": (
        between(
            '<userTask id="q" xmlns:c="urn:c"><extensionElements><c:properties><c:property name="role" value="king"/>'
            "</c:properties></extensionElements></userTask>"
        ),
        "vendor-extension-not-executed",
        "q",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_it_is_an_error_at_its_element(name):
    body, code, element = ERRORS[name]
    assert ("error", code, element) in found(body)


@pytest.mark.parametrize("name", WARNINGS)
def test_it_is_told_and_deployed(name):
    body, code, element = WARNINGS[name]
    xml = body if isinstance(body, bytes) else document(body)
    told = check_diagram(xml, KNOWN)
    assert ("warning", code, element) in {(each.severity, each.code, each.element) for each in told}
    assert is_deployable(told)


@pytest.mark.parametrize("name", [name for name, (_, code, _) in WARNINGS.items() if code in HERE])
def test_for_other_engines_it_is_an_error_in_other_words(name):
    body, code, element = WARNINGS[name]
    xml = body if isinstance(body, bytes) else document(body)
    here = next(each for each in check_diagram(xml, KNOWN) if (each.code, each.element) == (code, element))
    there = next(each for each in check_diagram(xml) if (each.code, each.element) == (code, element))
    assert there.severity == "error"
    assert (here.message_zh, here.message_en) != (there.message_zh, there.message_en)


def test_an_event_sub_process_that_does_not_interrupt_is_nothing_special():
    body = between(user("q")) + handler(node("endEvent", "he") + chain("hs", "he"), isInterrupting="false")
    assert {code for _, code, _ in found(body)} <= {"user-task-without-lane", "no-diagram"}


def test_a_nested_lane_is_no_second_lane():
    lanes = (
        '<laneSet id="ls"><lane id="l" name="甲"><flowNodeRef>q</flowNodeRef><childLaneSet id="cs">'
        '<lane id="k" name="乙"><flowNodeRef>q</flowNodeRef></lane></childLaneSet></lane></laneSet>'
    )
    assert "lane-repeated" not in {code for _, code, _ in found(between(user("q")) + lanes)}


def test_the_first_process_of_a_file_is_found_without_compiling_it():
    assert first_process(document(between(user("q")), process="letter")) == "letter"
    assert first_process(b"<a/>") == first_process(b"") == ""


@pytest.mark.parametrize(
    ("text", "severity", "code"),
    [
        ("{approved}", "error", "condition-language"),
        ("[approved]", "error", "condition-language"),
        ("'同意'", "error", "condition-language"),
        ("${'同意'}", "error", "condition-language"),
        ("true", "warning", "bare-word-condition"),
        ("1 == 1", "warning", "bare-word-condition"),
        ("同意", "warning", "bare-word-condition"),
    ],
)
def test_a_condition_that_asks_nothing_is_told(text, severity, code):
    body = START + node("exclusiveGateway", "g", default="g_e") + user("q") + END
    body += chain("s", "g", "e") + chain("q", "e") + flow("g", "q", text)
    assert (severity, code, "g_q") in found(body)


def test_a_condition_that_always_comes_out_the_same_is_not_said_to_be_read_as_a_variable():
    body = START + node("exclusiveGateway", "g", default="g_e") + user("q") + END
    xml = document(body + chain("s", "g", "e") + chain("q", "e") + flow("g", "q", "true"))
    (told,) = [each for each in check_diagram(xml, KNOWN) if each.element == "g_q"]
    assert "变量名" not in told.message_zh


def test_a_process_of_another_file_is_not_mistaken_for_one_of_this_file():
    body = between(node("callActivity", "q", calledElement="o:other"))
    plain = '<process id="other"><startEvent id="os"/><endEvent id="oe"/>' + chain("os", "oe") + "</process>"
    here = document(body.replace("o:other", "other"), more=plain)
    assert {code for _, code, _ in found(here)} == {"no-diagram"}
    there = document(body, more=plain).replace(b"<definitions ", b'<definitions xmlns:o="urn:elsewhere" ')
    assert ("error", "call-activity-unknown-process", "q") in found(there)
    of_this = there.replace(b"urn:elsewhere", b"test")
    assert {code for _, code, _ in found(of_this)} == {"no-diagram"}


def test_a_time_that_means_nothing_is_told_once():
    body = between(node("intermediateCatchEvent", "q", timer("timeCycle", "500ms###1s")))
    assert {(code, element) for _, code, element in found(body)} == {("timer-malformed", "q"), ("no-diagram", "p")}
