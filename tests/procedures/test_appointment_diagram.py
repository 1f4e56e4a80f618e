"""The diagram of P01 as a drawing and as a definition: everything drawn, named, routed and provided for."""

from __future__ import annotations

import json
import re
from itertools import combinations, pairwise

import pytest

from processes.engine.check.checking import check_diagram
from processes.engine.check.problems import Surroundings
from processes.engine.drawing import draw
from processes.forms.definition import Field, FormDefinition
from processes.identity.posts import POSTS
from tests.procedures.diagram_parts import (
    ACTIVITIES,
    BOXES,
    BY_ID,
    FLOWS,
    GATEWAYS,
    LINES,
    NODES,
    ROOT,
    B,
    kind,
    reached,
)
from tests.procedures.diagram_story import DIAGRAM, FOLDER, PROGRAM

SPECIFICATION = (FOLDER.parents[1] / "docs" / "procedures" / "appointment.md").read_text(encoding="utf-8")
FORMS = {path.stem: path.read_bytes() for path in (FOLDER / "forms").glob("*.json")}
USER_TASKS = [node for node in NODES if kind(node) == "userTask"]
CHINESE = re.compile("[\u4e00-\u9fff]")
UNNAMED = {"parallelGateway"}
LISTS = {"units", "employers", "planner_certificates", "candidates", "nominees"}


def told(node, name):
    return PROGRAM.elements[node.get("id")].properties.get(name, "")


def ids(nodes):
    return [node.get("id") for node in nodes]


# the file


def test_the_deploy_check_finds_nothing_to_refuse():
    known = Surroundings(roles=set(POSTS), forms=set(FORMS), functions={"today", "workdays", "date"})
    assert [problem for problem in check_diagram(DIAGRAM, known) if problem.severity == "error"] == []


def test_three_processes_run_and_only_the_round_is_started_by_hand():
    starters = {name: PROGRAM.elements[name].properties.get("starters", "") for name in PROGRAM.processes}
    assert starters == {"appointment": "process_owner", "application": "", "consultation": ""}
    assert PROGRAM.message_starts == {"vacancy": ("appointment", "vacancy_arises")}


def test_the_stages_are_the_five_phases_of_the_regulation_and_each_is_entered():
    stages = [part.split(":")[0].strip() for part in PROGRAM.elements["appointment"].properties["stages"].split(";")]
    assert stages == ["survey", "qualification", "deliberation", "consultation", "appointment"]
    assert {told(node, "stage") for node in NODES} - {""} == set(stages)


def test_ids_are_stable_english_words_and_never_used_twice():
    every = [each.get("id") for each in ROOT.iter() if each.get("id")]
    assert len(every) == len(set(every))
    assert [each for each in every if not re.fullmatch("[a-z][a-z0-9_]*", each)] == []


# the drawing


@pytest.mark.parametrize("name", sorted(BY_ID))
def test_every_node_is_drawn_inside_its_lane_or_sub_process(name):
    node, box = BY_ID[name], BOXES[name]
    holder = node.getparent()
    around = BOXES[holder.get("id")] if kind(holder) == "subProcess" else BOXES[f"pool_{holder.get('id')}"]
    assert around.holds(box.x, box.y, 20)
    assert around.holds(box.x + box.width, box.y + box.height, 20)


def test_no_two_nodes_lie_on_each_other():
    drawn = [node.get("id") for node in NODES if kind(node) not in ("subProcess", "boundaryEvent")]
    assert [pair for pair in combinations(drawn, 2) if not BOXES[pair[0]].apart_from(BOXES[pair[1]])] == []


def test_flows_run_straight_or_at_right_angles_from_one_node_to_the_other():
    for flow in FLOWS:
        line = LINES[flow.get("id")]
        assert BOXES[flow.get("sourceRef")].holds(*line[0]), flow.get("id")
        assert BOXES[flow.get("targetRef")].holds(*line[-1]), flow.get("id")
        for (ax, ay), (bx, by) in pairwise(line):
            assert abs(ax - bx) < 1 or abs(ay - by) < 1, flow.get("id")


def test_no_flow_runs_through_a_node_that_is_not_its_own():
    solid = [node.get("id") for node in NODES if kind(node) in ACTIVITIES and kind(node) != "subProcess"]
    crossed = []
    for flow in FLOWS:
        line = LINES[flow.get("id")]
        for (ax, ay), (bx, by) in pairwise(line):
            steps = max(int(max(abs(ax - bx), abs(ay - by)) // 8), 1)
            way = [(ax + (bx - ax) * step / steps, ay + (by - ay) * step / steps) for step in range(steps + 1)]
            for name in solid:
                own = name in (flow.get("sourceRef"), flow.get("targetRef"))
                if not own and any(BOXES[name].holds(x, y, -1) for x, y in way):
                    crossed.append((flow.get("id"), name))
    assert crossed == []


def test_every_name_is_chinese_and_every_choice_is_a_question_with_named_ways_out():
    named = [node for node in NODES if kind(node) not in UNNAMED and node.get("name")]
    assert [node.get("id") for node in named if not CHINESE.search(node.get("name"))] == []
    nameless = {node.get("id") for node in NODES if not node.get("name")}
    inner_starts = {
        node.get("id") for node in NODES if kind(node) == "startEvent" and kind(node.getparent()) == "subProcess"
    }
    assert nameless <= inner_starts | {node.get("id") for node in NODES if kind(node) in UNNAMED}
    for gateway in ROOT.iter(f"{B}exclusiveGateway"):
        ways = [flow for flow in FLOWS if flow.get("sourceRef") == gateway.get("id")]
        assert gateway.get("name").endswith("？"), gateway.get("id")
        assert all(flow.get("name") for flow in ways), gateway.get("id")
        assert gateway.get("default") in ids(ways), gateway.get("id")


def test_the_picture_can_be_drawn_with_every_node_in_it():
    picture = draw(DIAGRAM, title="选聘")
    assert [name for name in BY_ID if f'data-element="{name}"' not in picture] == []


def test_the_articles_stand_on_the_steps_they_govern():
    cited = {name: PROGRAM.elements[name].documentation for name in PROGRAM.elements}
    for name, article in {
        "draft_survey": "第六条（一）", "state_need": "第五条（一）", "publish_call": "第六条（二）", "apply": "第四条",
        "qualify": "第六条（二）", "employer_opinion": "第九条（四）", "deliberate": "第六条（三）",
        "hr_confirm": "第十条", "sign_letters": "第六条（四）", "reply": "第六条（四）",
        "silent_decision": "第六条（四）",
        "decide_list": "第六条（五）", "make_certificates": "第六条（五）", "enter_registers": "第十条",
    }.items():  # fmt: skip
        assert article in cited[name], name


# who, with what, until when


@pytest.mark.parametrize("name", ids(USER_TASKS))
def test_every_user_task_has_a_post_a_form_and_a_due_day(name):
    element = PROGRAM.elements[name]
    role = element.properties.get("role") or PROGRAM.lanes[element.lane or ""].properties["role"]
    assert role in POSTS
    assert element.properties["form"] in FORMS
    assert element.properties["due"]
    if POSTS[role].organization_kind in ("district_government", "district_bureau", "employer"):
        assert element.properties["unit"]
    if POSTS[role].organization_kind is None:
        assert element.properties["person"]


def test_lanes_have_posts():
    assert {lane.properties["role"] for lane in PROGRAM.lanes.values()} <= set(POSTS)


def test_a_task_stands_in_the_lane_of_the_post_that_does_it():
    for node in USER_TASKS:
        role, lane = told(node, "role"), PROGRAM.elements[node.get("id")].lane
        if role and node.get("id") != "hr_leader_view":
            assert PROGRAM.lanes[lane].properties["role"] == role, node.get("id")


def test_every_operation_is_one_of_the_specification_and_every_one_of_these_is_drawn():
    drawn = {told(node, "operation") for node in NODES if kind(node) == "serviceTask"}
    listed = set(re.findall(r"^\| `((?:appointment|application)\.\w+)`", SPECIFICATION, re.MULTILINE))
    assert drawn == listed


def test_every_element_of_consequence_is_in_the_specification():
    wanted = [n for n in NODES if kind(n) in (*ACTIVITIES, *GATEWAYS) and n.get("name") and told(n, "operation") == ""]
    silent = {"survey_signed", "letters_signed", "who_drafts", "call_result", "close_decision", "replace_how"}
    silent |= {"reserve_signed", "reserve_heard", "reserve_decided", "silence_how", "any_reserve", "new_letter_signed"}
    silent |= {"late_ok", "look_choice", "was_nominated", "was_last"}
    assert [n.get("id") for n in wanted if f"`{n.get('id')}`" not in SPECIFICATION and n.get("id") not in silent] == []


# the order of the phases (第六条)


@pytest.mark.parametrize(
    ("start", "gate", "target"),
    [
        ("round_opened", "send_survey", "publish_call"),
        ("round_opened", "survey_units", "fix_posts"),
        ("round_opened", "create_posts", "publish_call"),
        *[
            (start, gate, target)
            for start in ("round_opened", "vacancy_arises")
            for gate, target in [
                ("publish_call", "build_book"), ("close_call", "deliberate"), ("build_book", "record_deliberation"),
                ("deliberate", "draft_letters"), ("record_deliberation", "issue_letters"),
                ("hr_confirm", "issue_letters"), ("hr_agrees", "issue_letters"), ("sign_letters", "issue_letters"),
                ("issue_letters", "consult_units"), ("consult_units", "decide_list"), ("sum_replies", "decide_list"),
                ("decide_list", "publish_list"), ("record_decision", "publish_list"), ("all_consulted", "publish_list"),
                ("publish_list", "make_certificates"), ("make_certificates", "receive_certificates"),
                ("receive_certificates", "enter_registers"), ("receive_certificates", "close_round"),
            ]
        ],
        ("certificate_made", "accept", "enter_registers"),
        ("certificate_made", "record_decline", "replace"),
        ("certificate_made", "consult_reserve", "make_certificate"),
        ("certificate_made", "decide_reserve", "make_certificate"),
        ("certificate_made", "sign_reserve", "issue_reserve"),
        ("filling_begins", "close_unanswered", "record_unanswered"),
        ("waiting_begins", "silent_decision", "record_silence"),
        ("consult_begins", "sign_new_letter", "issue_reserve_letter"),
        ("handling_begins", "employer_opinion", "settle_eligible"),
        ("handling_begins", "check_again", "settle_recognition"),
        ("handling_begins", "finding", "settle_eligible"),
        ("handling_begins", "late_decision", "settle_late"),
    ],
)  # fmt: skip
def test_no_way_leads_past(start, gate, target):
    assert target in reached(start)
    assert target not in reached(start, without=gate)


# the forms


@pytest.mark.parametrize("key", sorted(FORMS))
def test_a_form_can_be_read_and_speaks_both_languages(key):
    form = FormDefinition.parse(FORMS[key])
    assert form.key == key
    assert form.title.en
    assert [path for path, text in _wordings(json.loads(FORMS[key]), "") if not text.get("en", "").strip()] == []


def _wordings(data, path):
    if isinstance(data, dict):
        if "zh" in data:
            yield path, data
        for name, value in data.items():
            yield from _wordings(value, f"{path}.{name}")
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from _wordings(value, f"{path}[{place}]")


def test_every_form_is_used_and_every_option_has_an_english_name():
    assert {told(node, "form") for node in USER_TASKS} == set(FORMS)
    for key, content in FORMS.items():
        for field in _fields(FormDefinition.parse(content)):
            assert all(not isinstance(option.label, str) for option in field.options), f"{key}.{field.key}"


def _fields(form) -> list[Field]:
    return [each for field in form.fields for each in (field, *field.columns)]


def test_lists_and_rows_that_forms_name_are_those_of_the_specification():
    fields = [field for content in FORMS.values() for field in _fields(FormDefinition.parse(content))]
    assert {field.options_from for field in fields} - {None} == LISTS
    assert [each.rows_from for each in fields if each.rows_from and f"`{each.rows_from}`" not in SPECIFICATION] == []


@pytest.mark.parametrize("name", ids(USER_TASKS))
def test_carried_answers_are_fields_of_the_form(name):
    properties = PROGRAM.elements[name].properties
    form = FormDefinition.parse(FORMS[properties["form"]])
    carried = {each.strip() for each in properties.get("carry", "").split(",")} - {"", "*"}
    assert carried <= set(form.answer_keys)


def test_identity_and_mobile_numbers_stay_out_of_the_case_and_out_of_letters():
    for name in ("apply", "supplement"):
        assert not {"id_no", "mobile"} & set(PROGRAM.elements[name].properties["carry"].split(","))
    for key in ("sign_letters", "reply", "deliberation", "final_list"):
        columns = {field.key for field in _fields(FormDefinition.parse(FORMS[key]))}
        assert not {"id_no", "mobile", "phone"} & columns
