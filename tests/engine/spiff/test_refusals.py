"""What cannot be executed is refused when the diagram is compiled, with the element's id; nothing is dropped."""

from __future__ import annotations

import pytest

from processes.engine.spiff import compile_program
from processes.errors import Invalid
from tests.engine.spiff.drawn import HEAD, boundary, chain, document, drawn, flow, multi, node, timer, user

START, END = node("startEvent", "s"), node("endEvent", "e")
INNER = node("startEvent", "s2") + node("endEvent", "e2") + chain("s2", "e2")


def between(element: str, name: str = "q") -> str:
    return START + element + END + chain("s", name, "e")


def gateway(kind: str, *flows: str) -> str:
    return (
        START
        + node(f"{kind}Gateway", "q")
        + user("a")
        + user("b")
        + END
        + chain("s", "q")
        + "".join(flows)
        + chain("a", "e")
        + chain("b", "e")
    )


REFUSED = {
    "ad-hoc": between(node("adHocSubProcess", "q")),
    "complex gateway": between(node("complexGateway", "q")),
    "event sub-process without trigger": START
    + END
    + chain("s", "e")
    + node("subProcess", "x", INNER.replace("s2", "q"), triggeredByEvent="true"),
    "compensation": between(user("q", isForCompensation="true")),
    "compensation end": START + node("endEvent", "q", "<compensateEventDefinition/>") + chain("s", "q"),
    "link throw": START + node("intermediateThrowEvent", "q", '<linkEventDefinition name="x"/>') + chain("s", "q"),
    "error start": node("startEvent", "q", "<errorEventDefinition/>") + END + chain("q", "e"),
    "timer throw": between(node("intermediateThrowEvent", "q", timer("timeDuration", "PT1H"))),
    "timer end": START + node("endEvent", "q", timer("timeDuration", "PT1H")) + chain("s", "q"),
    "error in the middle": between(node("intermediateCatchEvent", "q", "<errorEventDefinition/>")),
    "plain catch": between(node("intermediateCatchEvent", "q")),
    "plain boundary": START + user("a") + boundary("q", "a", "") + END + chain("s", "a", "e") + chain("q", "e"),
    "link and timer": between(
        node("intermediateCatchEvent", "q", timer("timeDate", "2026-01-01") + '<linkEventDefinition name="x"/>')
    ),
    "all of two at the start": node("startEvent", "q", timer("timeDate", "2026-01-01") * 2, parallelMultiple="true")
    + END
    + chain("q", "e"),
    "parallel event gateway": between(node("eventBasedGateway", "q", eventGatewayType="Parallel")),
    "definition elsewhere": between(node("intermediateCatchEvent", "q", "<eventDefinitionRef>x</eventDefinitionRef>")),
    "business rule": between(node("businessRuleTask", "q")),
    "token quantity": between(user("q", startQuantity="2")),
    "choreography": START + END + chain("s", "e") + node("choreographyTask", "q"),
    "call without target": between(node("callActivity", "q")),
    "call of an unknown process": between(node("callActivity", "q", calledElement="nowhere")),
    "receive without message": between(node("receiveTask", "q")),
    "message not declared": between(node("receiveTask", "q", messageRef="gone")),
    "script missing": between(node("scriptTask", "q")),
    "timer without text": between(node("intermediateCatchEvent", "q", "<timerEventDefinition/>")),
    "condition missing": between(node("intermediateCatchEvent", "q", "<conditionalEventDefinition/>")),
    "multi-instance without collection": between(user("q", "<multiInstanceLoopCharacteristics/>")),
    "multi-instance behaviour": between(user("q", multi("x", behavior="One"))),
    "loop without end": between(user("q", "<standardLoopCharacteristics/>")),
    "sub-process without start": between(node("subProcess", "q")),
    "sub-process with timer start": between(
        node(
            "subProcess",
            "q",
            node("startEvent", "s2", timer("timeDate", "2026-01-01")) + node("endEvent", "e2") + chain("s2", "e2"),
        )
    ),
    "unreachable": between(user("a"), "a") + user("q") + flow("q", "e"),
    "island": between(user("a"), "a") + user("q") + user("b") + chain("q", "b", "q"),
    "boundary on nothing": START + END + chain("s", "e") + boundary("q", "gone", timer("timeDuration", "PT1H")),
    "boundary on a gateway": between(node("exclusiveGateway", "g"), "g")
    + boundary("q", "g", timer("timeDuration", "PT1H")),
    "dangling flow": START + END + chain("s", "e") + flow("s", "gone", flow_id="q"),
    "flow over a border": START
    + node("subProcess", "sp", INNER)
    + END
    + chain("s", "sp", "e")
    + flow("s", "e2", flow_id="q"),
    "flow after the end": START + END + user("a") + chain("s", "e", "a"),
    "no condition": gateway("exclusive", flow("q", "a", "x"), flow("q", "b", flow_id="q2")),
    "condition on a parallel gateway": gateway("parallel", flow("q", "a", "x", flow_id="q1"), flow("q", "b")),
    "event gateway before a task": gateway("eventBased", flow("q", "a"), flow("q", "b")),
    "default that is no way out": gateway("exclusive", flow("q", "a", "x"), flow("q", "b", "y")).replace(
        'id="q"', 'id="q" default="z"', 1
    ),
    "duplicate id": START + user("q") + user("q") + END + chain("s", "q", "e"),
    "no start": user("q") + END + chain("q", "e"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_and_the_element_is_named(name):
    with pytest.raises(Invalid) as refusal:
        drawn(REFUSED[name])
    params = " ".join(str(value) for value in refusal.value.text.params.values())
    assert "q" in params or name in ("flow after the end", "no start")


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"no xml", b"<a/>", "文".encode(), b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b'<!DOCTYPE a [<!ENTITY x "y">]>' + document(START + END + chain("s", "e")),
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">' + document(START + END + chain("s", "e")),
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a>' + document(START).decode()).encode("utf-16"),
        document(START) + b" " * 2_000_001, f"{HEAD}</definitions>".encode(),
        document(START + END + chain("s", "e")).replace(b'isExecutable="true"', b'isExecutable="false"'),
        document(node("subProcess", "x") * 1 + "<a>" * 300 + "</a>" * 300),
    ],
)  # fmt: skip
def test_a_file_that_is_no_safe_executable_diagram_is_refused(raw):
    with pytest.raises(Invalid):
        compile_program(raw)


def test_comments_cannot_split_an_expression():
    body = START + node("exclusiveGateway", "g", default="g_b") + user("a") + user("b") + END + chain("s", "g")
    body += flow("g", "a", "1 <!-- --> == 2") + flow("g", "b") + chain("a", "e") + chain("b", "e")
    assert drawn(body).scopes["p"].task_specs["g"].routes[0].condition == "1  == 2"


def test_what_only_documents_is_accepted():
    body = START + user("a", "<documentation>x</documentation>") + END + chain("s", "a", "e")
    body += (
        node("textAnnotation", "note", "<text>x</text>")
        + node("association", "as")
        + node("group", "gr")
        + node("dataObject", "do")
    )
    more = '<process id="pool" isExecutable="false"><adHocSubProcess id="x"/></process>'
    more += '<collaboration id="c"><participant id="pa" processRef="p"/></collaboration>'
    assert drawn(body, more=more).processes == ("p",)


def test_a_diagram_of_nothing_but_inclusive_gateways_is_refused_before_it_takes_long():
    names = [f"g{number}" for number in range(500)]
    body = START + END + "".join(node("inclusiveGateway", name) for name in names) + chain("s", *names, "e")
    with pytest.raises(Invalid):
        drawn(body)
