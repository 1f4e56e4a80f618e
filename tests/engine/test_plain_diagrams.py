"""Diagrams from any tool: who may start them, to whom their tasks go, what their tasks ask."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from processes.engine import cases, definitions, incidents, work
from processes.engine.failures import CaseFailed
from processes.engine.models import Case, Incident
from processes.engine.packages import Package
from processes.engine.task_forms import form_for
from processes.errors import Invalid, NotAllowed
from tests.engine.spiff.drawn import HEAD, chain, flow, node
from tests.engine.test_work import items, lane, only, properties

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'


def plain(body: str, lanes: str = "", own: str = "") -> str:
    lane_set = f'<laneSet id="lanes">{lanes}</laneSet>' if lanes else ""
    return f'{HEAD}<process id="p" name="请示" isExecutable="true">{own}{lane_set}{body}</process></definitions>'


def task(**given: str) -> str:
    return START + node("userTask", "t", properties(**given) if given else "", name="办理") + END + chain("s", "t", "e")


@pytest.fixture
def start(database, house):
    def do(actor, key: str = "sample", **variables: object) -> Case:
        with database.transaction() as session:
            return cases.start(session, house, actor, key, "p", variables)

    return do


@pytest.fixture
def complete(database, house):
    def do(actor, item, **answers: object) -> None:
        with database.transaction() as session:
            work.complete(session, house, actor, item.id, answers)

    return do


def test_where_no_process_says_who_starts_it_any_member_of_staff_does(people, deploy, start):
    deploy(plain(task(due="3wd")))
    for actor in (people.owner, people.clerk, people.wanzhou):
        start(actor)
    deploy(plain(task(due="3wd"), own=properties(starters="city_bureau.leader")), "named")
    with pytest.raises(NotAllowed):
        start(people.clerk, "named")


def test_what_only_the_calendar_begins_is_offered_to_nobody(people, database, deploy, start):
    deploy(plain(task(due="3wd"), own=properties(starters="none")))
    with database.transaction() as session:
        assert definitions.startable(session, people.clerk) == []
    with pytest.raises(NotAllowed):
        start(people.clerk)


@pytest.mark.parametrize(
    ("body", "lanes"),
    [
        (task(unit="unit_id"), lane("区县政府经办", "t")),
        (task(), lane("区县政府经办", "t", unit="unit_id")),
        (task(unit="unit_id"), ""),
        (task(unit="unit_id"), lane("经办", "t")),
        (task(), lane("涪陵区政府", "t")),
        (task(), lane("重庆市涪陵区人民政府", "t")),
        (task(role="district_government.clerk", unit="'bureau:' + unit_id"), ""),
    ],
)
def test_a_unit_or_the_name_of_a_lane_leads_to_the_district(people, database, deploy, start, body, lanes):
    deploy(plain(body, lanes))
    start(people.clerk, unit_id="CQ-500102")
    assert only(database, people.fuling).organization_id == "gov:CQ-500102"
    assert items(database, people.wanzhou) == items(database, people.clerk) == []


@pytest.mark.parametrize("given", [{"role": "district_government.clerk"}, {}])
def test_a_post_of_a_district_without_a_unit_is_that_of_the_starters_district(people, database, deploy, start, given):
    deploy(plain(task(**given), lane("区县政府经办", "t")))
    start(people.wanzhou)
    assert only(database, people.wanzhou).organization_id == "gov:CQ-500101"


def test_without_a_district_the_name_of_a_districts_post_leaves_the_task_with_the_starter(
    people, database, deploy, start
):
    deploy(plain(task(), lane("区县政府经办", "t")))
    start(people.clerk)
    assert only(database, people.clerk).person_id == people.clerk.person_id


DAYS = plain(
    START
    + node("userTask", "t", name="审批")
    + node("exclusiveGateway", "g")
    + node("userTask", "long", name="长假")
    + END
    + chain("s", "t", "g")
    + flow("g", "long", "days &gt; 3")
    + flow("g", "e", "days &lt; 3")
    + chain("long", "e")
)


def test_an_answer_that_a_condition_needs_is_asked_for_when_it_is_missing(people, database, deploy, start, complete):
    deploy(DAYS)
    start(people.clerk)
    with pytest.raises(Invalid) as refused:
        complete(people.clerk, only(database, people.clerk))
    assert list(refused.value.fields) == ["days"]
    complete(people.clerk, only(database, people.clerk), days=5)
    assert only(database, people.clerk).element_id == "long"


def test_a_variable_that_is_known_is_shown_and_stays_when_nothing_is_sent(
    people, database, house, deploy, start, complete
):
    deploy(DAYS)
    start(people.clerk, days=5)
    item = only(database, people.clerk)
    with database.reading() as session:
        assert form_for(session, house, people.clerk, item.id).values == {"days": 5}
    complete(people.clerk, item)
    assert only(database, people.clerk).element_id == "long"


MULTI = (
    "<multiInstanceLoopCharacteristics><loopDataInputRef>parties</loopDataInputRef>"
    "<loopDataOutputRef>votes</loopDataOutputRef>"
    '<inputDataItem id="item_1" name="party"/><outputDataItem id="item_2" name="vote"/>'
    "<completionCondition>len(votes) == 2 and stop == True</completionCondition></multiInstanceLoopCharacteristics>"
)


def test_a_task_done_by_several_asks_for_its_result_and_knows_its_item_by_name(
    people, database, house, deploy, start, complete
):
    body = (
        START
        + node("userTask", "t", properties(title="请{party}表决") + MULTI, name="表决")
        + END
        + chain("s", "t", "e")
    )
    deploy(plain(body))
    case = start(people.clerk, parties={"a": "甲方", "b": "乙方", "c": "丙方"})
    found = items(database, people.clerk)
    assert {each.title for each in found} == {"请甲方表决", "请乙方表决", "请丙方表决"}
    with database.reading() as session:
        form = form_for(session, house, people.clerk, found[0].id).form
    assert [(each.key, each.type) for each in form.fields] == [
        ("stop", "boolean"), ("vote", "text"), ("comment", "textarea"),
    ]  # fmt: skip
    for each in sorted(found, key=lambda item: item.instance_key)[:2]:
        complete(people.clerk, each, vote=f"同意{each.instance_key}", stop=True)
    with database.reading() as session:
        assert session.get(Case, case.id).status == "completed"


def test_what_failed_is_one_incident_however_often_it_is_tried_and_over_when_the_task_is_done(
    people, database, deploy, start, complete
):
    deploy(DAYS)
    case = start(people.clerk)
    item = only(database, people.clerk)
    for comment in ("一", "二"):
        given = {"days": 3, "comment": comment}
        with pytest.raises(CaseFailed) as failed:
            complete(people.clerk, item, **given)
        with database.transaction() as session:
            incidents.record(session, failed.value, incidents.complete_again(people.clerk, item.id, given))
    with database.reading() as session:
        incident = session.scalars(select(Incident)).one()
        assert (incident.attempts, incident.action["answers"]["comment"]) == (2, "二")
    complete(people.clerk, item, days=5)
    with database.reading() as session:
        assert session.get(Incident, incident.id).status == "resolved"
        assert session.get(Case, case.id).open_incidents == 0


def test_a_cancelled_case_has_no_open_incidents(people, database, house, deploy, start, complete):
    deploy(DAYS)
    case = start(people.clerk)
    item = only(database, people.clerk)
    with pytest.raises(CaseFailed) as failed:
        complete(people.clerk, item, days=3)
    with database.transaction() as session:
        incidents.record(session, failed.value, incidents.complete_again(people.clerk, item.id, {"days": 3}))
    with database.transaction() as session:
        cases.cancel(session, house, people.manager, case.id, "图有误")
    with database.reading() as session:
        assert session.scalars(select(Incident.status)).all() == ["resolved"]
        assert session.get(Case, case.id).open_incidents == 0


FOREIGN = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
OWNER = (
    "<potentialOwner><resourceAssignmentExpression><formalExpression>{}</formalExpression>"
    "</resourceAssignmentExpression></potentialOwner>"
)


@pytest.mark.parametrize(
    "node_",
    [
        f'<userTask id="t" {FOREIGN} camunda:assignee="gov.500102"/>',
        f'<userTask id="t" {FOREIGN} camunda:assignee="${{who}}"/>',
        f'<userTask id="t" {FOREIGN} camunda:candidateGroups="nobody, 涪陵区政府"/>',
        f'<userTask id="t" {FOREIGN} camunda:assignee="${{gone.one()}}" camunda:candidateGroups="涪陵区政府"/>',
        f'<userTask id="t">{OWNER.format("group(涪陵区政府)")}</userTask>',
        f'<userTask id="t">{OWNER.format("user(gov.500102)")}</userTask>',
    ],
)
def test_a_task_goes_to_whom_a_diagram_of_another_tool_names(people, database, deploy, start, node_):
    deploy(plain(START + node_ + END + chain("s", "t", "e")))
    start(people.clerk, who="gov.500102")
    assert len(items(database, people.fuling)) == 1
    assert items(database, people.clerk) == []


@pytest.mark.parametrize("named", ["${initiator}", "nobody", "kermit,fozzie"])
def test_where_another_tool_names_nobody_of_here_the_starter_gets_the_task(people, database, deploy, start, named):
    written = f'<userTask id="t" {FOREIGN} camunda:assignee="{named}"/>'
    deploy(plain(START + written + END + chain("s", "t", "e")))
    start(people.clerk)
    assert len(items(database, people.clerk)) == 1


@pytest.mark.parametrize(
    ("conditions", "kind"),
    [
        (("${!approved}", "${approved}"), "boolean"),
        (("${approved == true}", "${approved == false}"), "boolean"),
        (("not approved", "approved"), "boolean"),
        (("${approved == 'yes'}", "${approved == 'no'}"), "text"),
        (("${approved &gt;= 2}", "${approved &lt; 2}"), "decimal"),
    ],
)
def test_the_form_of_a_plain_task_asks_in_the_type_that_its_conditions_show(conditions, kind):
    first, second = conditions
    body = START + node("userTask", "t") + node("exclusiveGateway", "g") + END + chain("s", "t", "g")
    body += node("userTask", "b") + flow("g", "e", first) + flow("g", "b", second) + chain("b", "e")
    whole = Package({"process.bpmn": plain(body).encode()})
    form = whole.form("", whole.program.elements["t"])
    assert form.field("approved").type == kind
