"""What a diagram asks of the installation: posts, forms, operations, deadlines."""

from __future__ import annotations

import pytest

from processes.engine.check import Problem, Surroundings, as_report, check_diagram, is_deployable
from tests.engine.spiff.drawn import chain, document, node, user

START, END = node("startEvent", "s"), node("endEvent", "e")
KNOWN = Surroundings(
    operations={"letter.send": {"template"}, "round.close": ()},
    parameters={"letter.send": {"template", "copies"}, "round.close": ()},
    roles={"city_bureau.clerk", "city_bureau.leader"},
    lane_names={"巴南区政府"},
    forms={"need"},
    documents={"T01"},
    functions={"workdays", "today"},
)


def with_properties(**given: str) -> str:
    inside = "".join(f'<spiffworkflow:property name="{name}" value="{value}"/>' for name, value in given.items())
    return f"<extensionElements><spiffworkflow:properties>{inside}</spiffworkflow:properties></extensionElements>"


def between(element: str) -> str:
    return START + element + END + chain("s", "q", "e")


def told(body: str, around: Surroundings = KNOWN) -> set[tuple[str, str, str]]:
    quiet = {"no-diagram", "user-task-without-lane"}
    problems = check_diagram(document(body), around)
    return {(each.severity, each.code, each.element) for each in problems if each.code not in quiet}


GOOD = [
    {"form": "need", "due": "10wd", "remind": "-3wd, 0wd, +3wd", "escalate": "city_bureau.leader@+5wd"},
    {"due": "P10D", "escalate": "city_bureau.leader, city_bureau.clerk@+1wd"},
    {"due": "workdays(5)", "title": "关于{unit_name}的函（{len(units)}）", "result": "{opinion}"},
    {"due": "reply_due", "sign": "one", "role": "city_bureau.clerk", "unit": "party['unit_id']", "person": "person_id"},
    {"document": "T01", "carry": "*", "check": "need.complete"},
    {"sign": "all", "pass": "2/3", "signers": "members", "agree": "opinion == '同意'", "return": "any", "reject": "no"},
    {"sign": "sequence", "pass": "60%"},
    {"sign": "2/3"},
]
BAD = [
    ({"form": "gone"}, "form-unknown"),
    ({"document": "T99"}, "document-unknown"),
    ({"role": "king"}, "role-unknown"),
    ({"due": "10 days"}, "due-malformed"),
    ({"due": "10d"}, "due-malformed"),
    ({"due": "P10"}, "due-malformed"),
    ({"due": "P1H"}, "due-malformed"),
    ({"due": "soon();"}, "due-malformed"),
    ({"due": "5wd", "remind": "3 days before"}, "remind-malformed"),
    ({"due": "5wd", "remind": "-3wd,,0wd"}, "remind-malformed"),
    ({"due": "5wd", "escalate": "city_bureau.leader@soon"}, "escalate-malformed"),
    ({"due": "5wd", "escalate": "@+1wd"}, "escalate-malformed"),
    ({"due": "5wd", "escalate": "king@+1wd"}, "role-unknown"),
    ({"sign": "all", "pass": "3/2"}, "sign-malformed"),
    ({"sign": "all", "signers": "a b"}, "expression-invalid"),
    ({"return": "sometimes"}, "verb-rule-malformed"),
    ({"reject": "maybe"}, "verb-rule-malformed"),
    ({"sign": "most"}, "sign-malformed"),
    ({"sign": "3/2"}, "sign-malformed"),
    ({"sign": "1/0"}, "sign-malformed"),
    ({"unit": "unit id"}, "expression-invalid"),
    ({"person": "import os"}, "expression-invalid"),
    ({"correlation": "nobody_knows(1)"}, "expression-invalid"),
    ({"title": "关于{unit_name的函"}, "template-invalid"),
    ({"result": "{}"}, "template-invalid"),
]


@pytest.mark.parametrize("given", GOOD)
def test_properties_in_order_are_not_told(given):
    assert told(between(user("q", with_properties(**given)))) == set()


@pytest.mark.parametrize(("given", "code"), BAD)
def test_a_property_that_cannot_work_is_an_error(given, code):
    assert told(between(user("q", with_properties(**given)))) == {("error", code, "q")}


def test_a_misspelt_property_is_a_warning():
    assert told(between(user("q", with_properties(frm="need")))) == {("warning", "property-unknown", "q")}


def test_what_a_message_carries_may_be_said_where_it_is_sent():
    thrown = node("sendTask", "q", with_properties(payload="need_id", correlation="round_id"), messageRef="m")
    problems = check_diagram(document(between(thrown), before='<message id="m" name="n"/>'), KNOWN)
    assert "property-unknown" not in {each.code for each in problems}


def test_reminders_without_a_deadline_are_a_warning():
    assert told(between(user("q", with_properties(remind="0wd")))) == {("warning", "remind-without-due", "q")}


def test_what_is_not_known_of_the_installation_is_not_checked():
    given = with_properties(form="gone", document="T99", role="king", escalate="king@+1wd", due="5wd")
    assert told(between(user("q", given)), Surroundings()) == set()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"operation": "letter.send", "template": "T01"}, set()),
        (
            {"operation": "letter.send", "template": "T01", "copies": "2", "stage": "x"},
            {("warning", "stage-unknown", "q")},
        ),
        ({"operation": "letter.send"}, {("error", "parameter-missing", "q")}),
        ({"operation": "round.close", "extra": "1"}, {("warning", "parameter-unknown", "q")}),
        ({"operation": "gone"}, {("error", "service-task-unknown", "q")}),
        ({"template": "T01"}, {("error", "service-task-unknown", "q"), ("warning", "property-unknown", "q")}),
    ],
)
def test_a_service_task_names_an_operation_with_its_parameters(given, expected):
    assert told(between(node("serviceTask", "q", with_properties(**given)))) == expected


@pytest.mark.parametrize(
    ("lane", "expected"),
    [
        ({"name": "甲", "role": "city_bureau.clerk"}, set()),
        ({"name": "甲", "role": "king"}, {("error", "role-unknown", "l")}),
        ({"name": "巴南区政府"}, set()),
        ({"name": "无此机构"}, {("warning", "lane-unknown", "l")}),
        ({"name": ""}, {("warning", "lane-without-name", "l")}),
        ({"name": "", "person": "planner_id"}, set()),
        ({"name": "甲", "unit": "a b"}, {("error", "expression-invalid", "l")}),
    ],
)
def test_a_lane_names_who_works_there(lane, expected):
    given = with_properties(**{key: value for key, value in lane.items() if key != "name"})
    lanes = f'<laneSet id="ls"><lane id="l" name="{lane["name"]}">{given}<flowNodeRef>q</flowNodeRef></lane></laneSet>'
    assert told(lanes + between(user("q"))) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"title": "{round_name}选聘", "starters": "city_bureau.clerk", "stages": "a:甲:A; b:乙:B"}, set()),
        ({"starters": "city_bureau.clerk, king"}, {("error", "role-unknown", "p")}),
        ({"starters": "none"}, set()),
        ({"stages": "a:甲; a:乙"}, {("error", "stages-malformed", "p")}),
        ({"title": "{"}, {("error", "template-invalid", "p")}),
    ],
)
def test_the_properties_of_a_process_are_checked(given, expected):
    assert told(with_properties(**given) + between(user("q"))) == expected


def test_a_stage_that_the_process_does_not_list_is_a_warning():
    body = with_properties(stages="a:甲:A") + between(user("q", with_properties(stage="b")))
    assert told(body) == {("warning", "stage-unknown", "q")}


@pytest.mark.parametrize(
    ("body", "code", "element"),
    [
        (between(node("task", "q")), "abstract-task", "q"),
        (between(user("q")), "user-task-without-lane", "q"),
        (between(user("q")), "no-diagram", "p"),
        (between(user("q", colour="red")), "unknown-attribute", "q"),
        (between(user("q", "<potentialOwner/>")), "resource-role-not-executed", "q"),
        (between(user("q", "<dataInputAssociation/>")), "data-association-not-executed", "q"),
        (
            between(user("q").replace("<userTask", '<userTask xmlns:c="urn:c" c:assignee="x"')),
            "vendor-extension-not-executed",
            "q",
        ),
        (START + node("exclusiveGateway", "q") + END + chain("s", "q", "e") + chain("q", "e"), "repeated-flow", "q_e"),
        (between(user("q", "<incoming>gone</incoming>")), "reference-dangling", "q"),
    ],
)
def test_what_is_drawn_but_not_executed_is_a_warning(body, code, element):
    body = body.replace('<sequenceFlow id="q_e"', '<sequenceFlow id="other"', 1) if code == "repeated-flow" else body
    found = check_diagram(document(body))
    assert ("warning", code, element) in [(each.severity, each.code, each.element) for each in found]


def test_a_message_flow_and_a_pool_of_another_are_warnings():
    more = (
        '<collaboration id="c"><participant id="x"/><messageFlow id="mf" sourceRef="q" targetRef="x"/></collaboration>'
    )
    found = {(each.code, each.element) for each in check_diagram(document(between(user("q")), more=more))}
    assert {("black-box-pool", "x"), ("message-flow-not-executed", "mf")} <= found


def test_a_process_that_calls_itself_is_warned_of():
    found = check_diagram(document(between(node("callActivity", "q", calledElement="p"))))
    assert ("call-activity-recursive", "q") in [(each.code, each.element) for each in found]


def test_the_report_says_whether_a_file_can_be_deployed():
    problem = Problem("error", "q", "发函", "service-task-unknown", "中文", "English")
    rejected = as_report("a.bpmn", [problem])
    assert rejected["verdict"] == "rejected"
    assert rejected["problems"] == [problem.__dict__]
    assert as_report("b.bpmn", [])["verdict"] == "deployable"
    assert is_deployable([Problem("warning", "", "", "x", "", "")])
