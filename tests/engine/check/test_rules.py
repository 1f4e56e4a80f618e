"""One small diagram for each reason, and diagrams in which nothing is wrong."""

from __future__ import annotations

import pytest

from processes.engine.check import Surroundings, check_diagram, is_deployable
from processes.engine.check.reasons import REASONS
from tests.engine.spiff.drawn import HEAD, boundary, chain, document, flow, multi, node, timer, user

START, END = node("startEvent", "s"), node("endEvent", "e")
INNER = node("startEvent", "s2") + node("endEvent", "e2") + chain("s2", "e2")
MESSAGE = '<message id="m" name="come"/>'
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
BEHIND = (
    "<intermediateCatchEvent id='{0}'><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
)
BEHIND += "</intermediateCatchEvent>"


def between(element: str, name: str = "q") -> str:
    return START + element + END + chain("s", name, "e")


def ending(element: str, name: str = "q") -> str:
    return START + element + chain("s", name)


def gateway(kind: str, first: str, second: str, **given: str) -> str:
    around = START + node(f"{kind}Gateway", "g", **given) + user("a") + user("b") + END
    return around + chain("s", "g") + first + second + chain("a", "e") + chain("b", "e")


def catch(definition: str) -> str:
    return node("intermediateCatchEvent", "q", definition)


def event_subprocess(definition: str, **given: str) -> str:
    inside = node("startEvent", "s2", definition, **given) + node("endEvent", "e2") + chain("s2", "e2")
    return between(user("a"), "a") + node("subProcess", "q", inside, triggeredByEvent="true")


def called(element: str) -> bytes:
    second = '<process id="other" isExecutable="false">' + INNER + "</process>"
    return document(between(element), more=second)


MESSAGE_START = node("startEvent", "q", "<messageEventDefinition/>") + END + chain("q", "e")
TIMED = "<timerEventDefinition>{}</timerEventDefinition>"

ERRORS: dict[str, tuple[str, str, str | bytes]] = {
    "not wellformed": ("xml-not-wellformed", "", b"<definitions"),
    "empty file": ("xml-not-wellformed", "", b""),
    "document type": ("dtd-or-entity", "", b'<!DOCTYPE a [<!ENTITY x "y">]>' + document(between(user("q")))),
    "broken with document type": ("dtd-or-entity", "", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&z;</a>'),
    "document type in UTF-16": ("dtd-or-entity", "", '<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16")),
    "too large": ("file-too-large", "", document(between(user("q"))) + b" " * 2_000_001),
    "scripts of 240,000 characters": (
        "scripts-too-long",
        "",
        document("".join(node("scriptTask", f"t{n}", f"<script>{'a = 1 ' * 2_000}</script>") for n in range(20))),
    ),
    "too many elements": ("file-too-complex", "", document("<task/>" * 45_000)),
    "another format": ("not-bpmn-definitions", "", b'<definitions xmlns="http://www.omg.org/spec/CMMN"/>'),
    "no process": ("no-process", "", f"{HEAD}</definitions>".encode()),
    "empty process": ("empty-process", "p", ""),
    "not executable": (
        "process-not-executable",
        "p",
        document(between(user("q"))).replace(b'isExecutable="true"', b'isExecutable="false"'),
    ),
    "duplicate id": ("duplicate-id", "q", between(user("q") + user("q"))),
    "Chinese id": ("id-not-portable", "任务", between(user("任务"), "任务")),
    "id with a blank": ("id-not-portable", "q", between(user("q ", "")).replace('"s_q', '"f" name="s_q')),
    "id with a digit first": ("id-not-portable", "1q", between(user("1q"), "1q").replace('id="1q_e"', 'id="f"')),
    "reserved id": ("reserved-id", "Start", node("startEvent", "Start") + END + chain("Start", "e")),
    "flow without id": (
        "sequence-flow-without-id",
        "s->e",
        START + END + '<sequenceFlow sourceRef="s" targetRef="e"/>',
    ),
    "dangling flow": ("dangling-reference", "q", between(user("a"), "a") + flow("a", "gone", flow_id="q")),
    "flow to a note": (
        "dangling-reference",
        "q",
        between(user("a"), "a") + node("textAnnotation", "t") + flow("a", "t", flow_id="q"),
    ),
    "default that is no way out": (
        "dangling-reference",
        "g",
        gateway("exclusive", flow("g", "a", "x"), flow("g", "b", "y"), default="z"),
    ),
    "message not declared": ("dangling-reference", "q", between(node("receiveTask", "q", messageRef="gone"))),
    "error not declared": (
        "dangling-reference",
        "q",
        ending(node("endEvent", "q", '<errorEventDefinition errorRef="gone"/>')),
    ),
    "message of another kind": (
        "dangling-reference",
        "q",
        document(between(node("receiveTask", "q", messageRef="x")), before='<signal id="x" name="n"/>'),
    ),
    "boundary event on nothing": (
        "dangling-reference",
        "q",
        between(user("a"), "a") + boundary("q", "gone", timer("timeDuration", "P1D")) + flow("q", "e"),
    ),
    "pool of no process": (
        "dangling-reference",
        "q",
        document(
            between(user("a"), "a"),
            more='<collaboration id="c"><participant id="q" processRef="gone"/></collaboration>',
        ),
    ),
    "flow over a border": (
        "flow-crosses-scope",
        "q",
        between(node("subProcess", "sp", INNER), "sp") + flow("s", "e2", flow_id="q"),
    ),
    "no start": ("no-start-event", "p", user("q") + END + chain("q", "e")),
    "no end": ("no-end-event", "p", ending(user("q"))),
    "implicit end": ("implicit-end", "q", between(user("a"), "a") + user("q") + flow("s", "q")),
    "implicit split": ("implicit-split", "q", between(user("q")) + user("b") + chain("q", "b", "e")),
    "no incoming": ("no-incoming-flow", "q", between(user("a"), "a") + user("q") + flow("q", "e")),
    "island": ("unreachable", "q", between(user("a"), "a") + user("q") + user("b") + chain("q", "b", "q")),
    "sub-process without start": (
        "subprocess-start-events",
        "q",
        between(node("subProcess", "q", user("a") + node("endEvent", "e2") + chain("a", "e2"))),
    ),
    "empty sub-process": ("subprocess-start-events", "q", between(node("subProcess", "q"))),
    "sub-process without end": (
        "subprocess-no-end-event",
        "q",
        between(node("subProcess", "q", node("startEvent", "s2") + user("a") + chain("s2", "a"))),
    ),
    "boundary event on a gateway": (
        "boundary-not-on-activity",
        "q",
        between(node("exclusiveGateway", "g"), "g") + boundary("q", "g", timer("timeDuration", "P1D")) + flow("q", "e"),
    ),
    "gateway without condition": (
        "gateway-flow-without-condition",
        "q",
        gateway("exclusive", flow("g", "a", "x"), flow("g", "b", flow_id="q")),
    ),
    "inclusive gateway without condition": (
        "gateway-flow-without-condition",
        "q",
        gateway("inclusive", flow("g", "a", "x"), flow("g", "b", flow_id="q")),
    ),
    "condition in Java": (
        "condition-language",
        "q",
        gateway("exclusive", flow("g", "a", "return x;", "q"), flow("g", "b", "y")),
    ),
    "condition in JUEL": (
        "condition-language",
        "q",
        gateway("exclusive", flow("g", "a", "${x == 1}", "q"), flow("g", "b", "y")),
    ),
    "condition in FEEL": (
        "condition-language",
        "q",
        gateway("exclusive", flow("g", "a", "= x = 1", "q"), flow("g", "b", "y")),
    ),
    "condition that says it is Java": (
        "condition-language",
        "q",
        gateway("exclusive", flow("g", "a", "x == 1", "q"), flow("g", "b", "y")).replace(
            "<conditionExpression>x ==", '<conditionExpression language="http://www.java.com/java">x =='
        ),
    ),
    "condition that calls what nobody knows": (
        "condition-language",
        "q",
        gateway("exclusive", flow("g", "a", "os_system('x')", "q"), flow("g", "b", "y")),
    ),
    "condition behind a task": (
        "condition-not-on-gateway",
        "q",
        START + user("a") + END + chain("s", "a") + flow("a", "e", "x == 1", "q"),
    ),
    "condition behind a parallel gateway": (
        "condition-not-on-gateway",
        "q",
        gateway("parallel", flow("g", "a", "x == 1", "q"), flow("g", "b")),
    ),
    "event gateway before a task": (
        "event-based-gateway-target",
        "g",
        gateway("eventBased", flow("g", "a"), flow("g", "b")),
    ),
    "event gateway with one way": (
        "event-based-gateway-outgoing",
        "g",
        between(node("eventBasedGateway", "g") + BEHIND.format("t"), "g").replace(flow("g", "e"), chain("g", "t", "e")),
    ),
    "compensation event": ("event-not-supported", "q", ending(node("endEvent", "q", "<compensateEventDefinition/>"))),
    "link event": (
        "event-not-supported",
        "q",
        ending(node("intermediateThrowEvent", "q", '<linkEventDefinition name="x"/>')),
    ),
    "link and timer": (
        "event-not-supported",
        "q",
        between(catch(timer("timeDate", "2026-01-01") + '<linkEventDefinition name="x"/>')),
    ),
    "link without the other end": (
        "link-unmatched",
        "q",
        ending(node("intermediateThrowEvent", "q", '<linkEventDefinition name="x"/>')),
    ),
    "two ends of a link": (
        "link-unmatched",
        "q",
        START
        + node("intermediateThrowEvent", "t", '<linkEventDefinition name="x"/>')
        + "".join(node("intermediateCatchEvent", n, '<linkEventDefinition name="x"/>') for n in "qc")
        + END
        + chain("s", "t")
        + chain("q", "e")
        + chain("c", "e"),
    ),
    "flow behind a thrown link": (
        "event-illegal-here",
        "q",
        between(node("intermediateThrowEvent", "q", '<linkEventDefinition name="x"/>')),
    ),
    "error start": (
        "event-illegal-here",
        "q",
        node("startEvent", "q", "<errorEventDefinition/>") + END + chain("q", "e"),
    ),
    "timer end": ("event-illegal-here", "q", ending(node("endEvent", "q", timer("timeDuration", "P1D")))),
    "cancel end outside a transaction": (
        "event-illegal-here",
        "q",
        ending(node("endEvent", "q", "<cancelEventDefinition/>")),
    ),
    "cancel boundary on a task": (
        "event-illegal-here",
        "q",
        between(user("a"), "a") + boundary("q", "a", "<cancelEventDefinition/>") + flow("q", "e"),
    ),
    "flow into a start": ("event-illegal-here", "s", between(user("q")) + flow("q", "s")),
    "flow out of an end": ("event-illegal-here", "e", between(user("q")) + user("b") + chain("e", "b", "e")),
    "timer start in a sub-process": (
        "event-illegal-here",
        "s3",
        between(
            node(
                "subProcess",
                "q",
                node("startEvent", "s3", timer("timeDuration", "P1D")) + node("endEvent", "e2") + chain("s3", "e2"),
            )
        ),
    ),
    "definition elsewhere": (
        "event-definition-ref-ignored",
        "q",
        between(catch("<eventDefinitionRef>x</eventDefinitionRef>")),
    ),
    "message start without message": ("event-reference-missing", "q", MESSAGE_START),
    "signal without signal": ("event-reference-missing", "q", between(catch("<signalEventDefinition/>"))),
    "message without name": (
        "message-without-name",
        "m",
        document(between(node("receiveTask", "q", messageRef="m")), before='<message id="m"/>'),
    ),
    "plain catch": ("catch-event-without-definition", "q", between(catch(""))),
    "interrupting event sub-process": (
        "event-subprocess-interrupting-not-honoured",
        "s2",
        event_subprocess(timer("timeDuration", "P1D")),
    ),
    "event sub-process with a flow": (
        "event-illegal-here",
        "q",
        event_subprocess(timer("timeDuration", "P1D"), isInterrupting="false") + flow("a", "q"),
    ),
    "compensating event sub-process": ("event-not-supported", "s2", event_subprocess("<compensateEventDefinition/>")),
    "terminating event sub-process": ("event-illegal-here", "s2", event_subprocess("<terminateEventDefinition/>")),
    "event sub-process that repeats": (
        "element-not-supported",
        "q",
        event_subprocess(timer("timeDuration", "P1D")).replace(
            'triggeredByEvent="true">',
            'triggeredByEvent="true"><standardLoopCharacteristics loopMaximum="2"/>',
        ),
    ),
    "event sub-process without trigger": ("event-subprocess-untyped-start", "s2", event_subprocess("")),
    "nested event sub-process": (
        "event-subprocess-nested",
        "q",
        between(
            node(
                "subProcess",
                "sp",
                INNER + node("subProcess", "q", INNER.replace("2", "3"), triggeredByEvent="true"),
            ),
            "sp",
        ),
    ),
    "timer without time": ("timer-missing", "q", between(catch("<timerEventDefinition/>"))),
    "timer with empty time": ("timer-missing", "q", between(catch(TIMED.format("<timeDuration/>")))),
    "conditional event without condition": (
        "conditional-event-without-condition",
        "q",
        between(catch("<conditionalEventDefinition/>")),
    ),
    "conditional event in Java": (
        "condition-language",
        "q",
        between(
            catch("<conditionalEventDefinition><condition>x &amp;&amp; y;</condition></conditionalEventDefinition>")
        ),
    ),
    "complex gateway": ("element-not-supported", "q", between(node("complexGateway", "q"))),
    "choreography": ("element-not-supported", "q", between(user("a"), "a") + node("choreographyTask", "q")),
    "unknown tag": ("element-not-supported", "q", between(user("a"), "a") + node("superTask", "q")),
    "unknown tag in a task": ("element-not-supported", "q", between(user("q", "<escalation2/>"))),
    "unknown tag in a flow": (
        "element-not-supported",
        "f",
        between(user("q")).replace('id="s_q" sourceRef="s" targetRef="q">', 'id="f" sourceRef="s" targetRef="q"><x/>'),
    ),
    "unknown root": ("element-not-supported", "q", document(between(user("a"), "a"), more='<magic id="q"/>')),
    "instantiating receive task": (
        "element-not-supported",
        "q",
        document(between(node("receiveTask", "q", messageRef="m", instantiate="true")), before=MESSAGE),
    ),
    "compensation task": (
        "compensation-not-supported",
        "q",
        between(user("a"), "a") + user("q", isForCompensation="true"),
    ),
    "service task": ("service-task-unknown", "q", between(node("serviceTask", "q"))),
    "business rule task": ("business-rule-task-unknown", "q", between(node("businessRuleTask", "q"))),
    "script of another language": (
        "script-language",
        "q",
        between(node("scriptTask", "q", "<script>x = 1</script>", scriptFormat="javascript")),
    ),
    "script that imports": ("script-language", "q", between(node("scriptTask", "q", "<script>import os</script>"))),
    "script missing": ("script-missing", "q", between(node("scriptTask", "q"))),
    "call of an unknown process": (
        "call-activity-unknown-process",
        "q",
        between(node("callActivity", "q", calledElement="nowhere")),
    ),
    "call of nothing": ("call-activity-without-process", "q", between(node("callActivity", "q"))),
    "send task without message": ("message-task-without-message", "q", between(node("sendTask", "q"))),
    "receive task without message": ("message-task-without-message", "q", between(node("receiveTask", "q"))),
    "multi-instance of nothing": (
        "multi-instance-incomplete",
        "q",
        between(user("q", "<multiInstanceLoopCharacteristics/>")),
    ),
    "multi-instance in Camunda's way": (
        "multi-instance-incomplete",
        "q",
        between(user("q", f'<multiInstanceLoopCharacteristics {CAMUNDA} camunda:collection="users"/>')),
    ),
    "multi-instance with output but no item": (
        "multi-instance-incomplete",
        "q",
        between(user("q", multi("xs").replace('<outputDataItem id="answer"/>', ""))),
    ),
    "multi-instance behaviour": ("multi-instance-incomplete", "q", between(user("q", multi("xs", behavior="One")))),
    "counter of another engine": (
        "multi-instance-counter-unknown",
        "q",
        between(
            user(
                "q",
                multi("xs", extra="<completionCondition>numberOfCompletedInstances > 1</completionCondition>").replace(
                    "s > 1", "s &gt; 1"
                ),
            )
        ),
    ),
    "loop without end": ("loop-incomplete", "q", between(user("q", "<standardLoopCharacteristics/>"))),
    "loop with a word as maximum": (
        "loop-incomplete",
        "q",
        between(user("q", '<standardLoopCharacteristics loopMaximum="many"/>')),
    ),
    "token quantity": ("token-quantity-ignored", "q", between(user("q", completionQuantity="2"))),
    "ad-hoc": ("adhoc-without-completion-condition", "q", between(node("adHocSubProcess", "q", user("a")))),
    "ad-hoc with completion": (
        "element-not-supported",
        "q",
        between(node("adHocSubProcess", "q", "<completionCondition>x</completionCondition>")),
    ),
    "data store": (
        "data-store-without-implementation",
        "q",
        document(between(user("a"), "a"), more='<dataStore id="q" name="x"/>'),
    ),
    "data mapping": (
        "data-mapping-ignored",
        "q",
        between(
            user("q", "<dataInputAssociation><assignment><from>x</from><to>y</to></assignment></dataInputAssociation>")
        ),
    ),
}

MALFORMED_TIMES = [
    ("timeDuration", "三个工作日"),
    ("timeDate", "十天后"),
    ("timeCycle", "半小时"),
    *(("timeDuration", text) for text in ("5 days", "P", "PT", "-PT1H", "2026-01-01", "P1X", "10", '"PT1X"', "P0.5M")),
    *(("timeDate", text) for text in ("P1D", "2026-13-01", "01.02.2026", "'2026-02-30'", "2026-01-01T25:00:00")),
    *(("timeCycle", text) for text in ("PT1H", "R/", "R3/P", "0 0/5 * * * ?", "R/PT0S", "R/2026-01-01/P1D/x")),
]
FOREIGN_TIMES = ["${due}", "#{due}", "= now()", "PT${hours}H", "new Date();"]
GOOD_TIMES = [
    *(("timeDuration", text) for text in ("PT1H", '"P3D"', "'P1Y2M3DT4H5M6.5S'", "P2W", "hours", "'PT' + hours")),
    *(("timeDate", text) for text in ("2026-03-01", "2026-03-01T09:00:00+08:00", '"2026-03-01T09:00:00Z"', "due")),
    *(("timeCycle", text) for text in ("R3/PT24H", "R/P1M", '"R/2026-01-01T00:00:00+08:00/P1M"', "cycle_of(3)")),
]


def encoded(encoding: str) -> bytes:
    text = document(between(user("q", name="审批"))).decode()
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)


LOOP = "standardLoopCharacteristics"
BODY = user("a") + user("b") + END
VALID: dict[str, str | bytes] = {
    "user task": between(user("q", name="审批")),
    "decision": gateway("exclusive", flow("g", "a", "x == 1"), flow("g", "b"), default="g_b"),
    "parallel": START
    + node("parallelGateway", "g")
    + node("parallelGateway", "h")
    + BODY
    + chain("s", "g", "a", "h", "e")
    + chain("g", "b", "h"),
    "inclusive": START
    + node("inclusiveGateway", "g", default="g_b")
    + node("inclusiveGateway", "h")
    + BODY
    + chain("s", "g")
    + flow("g", "a", "x")
    + flow("g", "b")
    + chain("a", "h", "e")
    + chain("b", "h"),
    "rework": START
    + BODY
    + node("exclusiveGateway", "g", default="g_b")
    + chain("s", "a", "g", "b", "e")
    + flow("g", "a", "not good"),
    "sub-process": between(node("subProcess", "q", INNER)),
    "boundary timers": between(user("q"))
    + boundary("t", "q", timer("timeDuration", "P1D"), interrupts=False)
    + boundary("u", "q", timer("timeDate", "day"))
    + user("c")
    + chain("t", "c", "e")
    + chain("u", "e"),
    "error in a sub-process": document(
        START
        + node(
            "subProcess",
            "q",
            node("startEvent", "s2")
            + node("endEvent", "e2", '<errorEventDefinition errorRef="x"/>')
            + chain("s2", "e2"),
        )
        + boundary("b2", "q", '<errorEventDefinition errorRef="x"/>')
        + END
        + chain("s", "q", "e")
        + flow("b2", "e"),
        before='<error id="x" errorCode="x"/>',
    ),
    "message": document(
        between(node("receiveTask", "q", messageRef="m"))
        + node("startEvent", "s3", '<messageEventDefinition messageRef="m"/>')
        + flow("s3", "q"),
        before=MESSAGE,
    ),
    "event gateway": START
    + node("eventBasedGateway", "g")
    + BEHIND.format("t1")
    + BEHIND.format("t2")
    + END
    + chain("s", "g", "t1", "e")
    + chain("g", "t2", "e"),
    "script": between(node("scriptTask", "q", "<script>total = sum(votes)\nif total:\n    ok = True</script>")),
    "script that says Python": between(node("scriptTask", "q", "<script>x = 1</script>", scriptFormat="text/python")),
    "operation": between(
        node(
            "serviceTask",
            "q",
            "<extensionElements><spiffworkflow:properties><spiffworkflow:property name='operation' value='make'/>"
            "</spiffworkflow:properties></extensionElements>",
        )
    ),
    "call": called(node("callActivity", "q", calledElement="other")),
    "multi-instance": between(
        user("q", multi("xs", extra="<completionCondition>nrOfCompletedInstances == 2</completionCondition>"))
    ),
    "loop": between(user("q", f"<{LOOP}><loopCondition>again</loopCondition></{LOOP}>")),
    "terminate": START
    + node("parallelGateway", "g")
    + BODY
    + node("endEvent", "e2", "<terminateEventDefinition/>")
    + chain("s", "g", "a", "e")
    + chain("g", "b", "e2"),
    "documentation": between(user("q", "<documentation>x</documentation>"))
    + node("textAnnotation", "note", "<text>x</text>")
    + node("association", "as", sourceRef="q", targetRef="note")
    + node("group", "gr")
    + node("dataObject", "do"),
    "lanes": between(user("q"))
    + '<laneSet id="ls"><lane id="l" name="科员"><flowNodeRef>q</flowNodeRef></lane></laneSet>',
    "pool beside": document(
        between(user("q")),
        more='<process id="x" isExecutable="false"><adHocSubProcess id="y"/></process><collaboration id="c">'
        '<participant id="pa" processRef="p"/><participant id="pb" name="市民"/></collaboration>',
    ),
    "GB18030": encoded("GB18030"),
    "UTF-16": encoded("UTF-16"),
    "byte order mark": document(between(user("q"))).decode().encode("utf-8-sig"),
}


def drawn(body: str | bytes) -> bytes:
    return body if isinstance(body, bytes) else document(body)


def problems_of(body: str | bytes, around: Surroundings | None = None):
    return check_diagram(drawn(body), around or Surroundings(functions=["cycle_of"]))


@pytest.mark.parametrize("case", ERRORS)
def test_each_reason_is_found_at_its_element(case):
    code, element, body = ERRORS[case]
    found = problems_of(body)
    assert (code, element, "error") in [(each.code, each.element, each.severity) for each in found]
    assert not {each.code for each in found} & {"internal", "engine-refuses", "not-covered"}


@pytest.mark.parametrize("case", VALID)
def test_a_diagram_in_order_has_no_error(case):
    assert [each for each in problems_of(VALID[case]) if each.severity == "error"] == []


def test_a_node_without_id_is_named_by_its_tag():
    found = problems_of(between(user("q")).replace('<endEvent id="e"', "<endEvent"))
    assert ("node-without-id", "endEvent") in [(each.code, each.element) for each in found]


@pytest.mark.parametrize(("form", "text"), MALFORMED_TIMES)
def test_a_time_that_is_none_is_malformed(form, text):
    found = problems_of(between(catch(timer(form, text))))
    assert [(each.code, each.element) for each in found if each.severity == "error"] == [("timer-malformed", "q")]


@pytest.mark.parametrize("text", FOREIGN_TIMES)
def test_a_time_in_a_foreign_notation_is_refused(text):
    found = problems_of(between(catch(timer("timeDuration", text))))
    codes = {each.code for each in found if each.severity == "error"}
    assert codes <= {"timer-language", "timer-malformed"}
    assert codes


@pytest.mark.parametrize(("form", "text"), GOOD_TIMES)
def test_a_time_may_be_bare_or_quoted_or_an_expression(form, text):
    assert is_deployable(problems_of(between(catch(timer(form, text)))))


def test_all_problems_are_told_in_one_pass_errors_first_then_as_in_the_document():
    body = START + user("a") + node("serviceTask", "b") + node("scriptTask", "c") + chain("s", "a", "b", "c")
    found = problems_of(body)
    assert [each.element for each in found if each.code in ("service-task-unknown", "script-missing")] == ["b", "c"]
    severities = [each.severity for each in found]
    assert severities == sorted(severities)


def test_every_problem_is_told_in_both_languages_with_the_name():
    found = problems_of(between(node("serviceTask", "q", name="发函")))
    [problem] = [each for each in found if each.severity == "error"]
    assert problem.name == "发函"
    assert "发函" in problem.message_zh
    assert "发函" in problem.message_en


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_has_words_in_both_languages(code):
    severity, zh, en = REASONS[code]
    words = {"it": "“甲”（a）", "id": "a", "note": "{x}"}
    assert severity in ("error", "warning")
    assert zh.format(**words) != en.format(**words)
    assert en.format(**words).replace("“甲”（a）", "").replace("“executable”", "").replace("…", "").isprintable()
