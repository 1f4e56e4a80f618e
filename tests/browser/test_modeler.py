"""The page on which a diagram is drawn, in a real browser over a real desk."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path

import pytest

from processes import clock
from processes.engine import drafts, modeling
from processes.engine.bundles import bundle_at
from processes.errors import Invalid
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization
from processes.identity.people import actor_of, person_by_login

SHOTS = os.environ.get("SHOTS")
ROOT = Path(__file__).parents[2]
BPMN = ROOT / "bpmn"
BUILT = ROOT / "webapp" / "static" / "studio" / "modeler.js"

PLAIN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="sample_definitions"
    xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" targetNamespace="http://example.org/sample">
  <bpmn:collaboration id="together">
    <bpmn:participant id="pool" name="登记" processRef="sample" />
    <bpmn:participant id="outside" name="外单位" />
    <bpmn:messageFlow id="told" sourceRef="outside" targetRef="fill" />
    <bpmn:textAnnotation id="remark"><bpmn:text>第三条</bpmn:text></bpmn:textAnnotation>
    <bpmn:association id="about" sourceRef="remark" targetRef="fill" />
  </bpmn:collaboration>
  <bpmn:process id="sample" name="登记" isExecutable="true">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="lane_clerk" name="经办">
        <bpmn:extensionElements><spiffworkflow:properties>
          <spiffworkflow:property name="role" value="city_bureau.clerk" />
        </spiffworkflow:properties></bpmn:extensionElements>
        <bpmn:flowNodeRef>begun</bpmn:flowNodeRef><bpmn:flowNodeRef>fill</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>how</bpmn:flowNodeRef><bpmn:flowNodeRef>ended</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>refused</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begun" name="开始" />
    <bpmn:sequenceFlow id="begun_fill" sourceRef="begun" targetRef="fill" />
    <bpmn:userTask id="fill" name="填写">
      <bpmn:extensionElements><spiffworkflow:properties>
        <spiffworkflow:property name="form" value="registration" />
        <spiffworkflow:property name="ownRemark" value="保留" />
      </spiffworkflow:properties></bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="fill_how" sourceRef="fill" targetRef="how" />
    <bpmn:exclusiveGateway id="how" name="同意？" default="how_refused" />
    <bpmn:sequenceFlow id="how_ended" name="同意" sourceRef="how" targetRef="ended">
      <bpmn:conditionExpression>decision == "同意"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="how_refused" sourceRef="how" targetRef="refused" />
    <bpmn:endEvent id="ended" name="办结" />
    <bpmn:endEvent id="refused" name="不予办理" />
  </bpmn:process>
</bpmn:definitions>
"""
FORM = {
    "key": "registration",
    "title": {"zh": "登记表", "en": "Registration"},
    "fields": [
        {
            "key": "decision",
            "type": "choice",
            "label": {"zh": "意见", "en": "Decision"},
            "options": ["同意", "不同意"],
        },
        {"key": "amount", "type": "integer", "label": {"zh": "金额", "en": "Amount"}},
    ],
}
FILES = {"process.bpmn": PLAIN.encode(), "forms/registration.json": json.dumps(FORM).encode()}

expect = pytest.importorskip("playwright.sync_api").expect

FOREIGN = """<?xml version="1.0" encoding="GB18030"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI" targetNamespace="http://example.org/foreign" id="foreign">
  <process id="leave" name="请假" isExecutable="true">
    <documentation>第五条：请假三日以上的，由处长审批。</documentation>
    <startEvent id="begin" flowable:initiator="starter" />
    <sequenceFlow id="begin_ask" sourceRef="begin" targetRef="ask" />
    <userTask id="ask" name="填写请假单" flowable:assignee="${starter}">
      <documentation>写明事由</documentation>
      <extensionElements>
        <flowable:formProperty id="reason" name="事由" type="string" required="true" />
        <flowable:taskListener event="create"><flowable:script>x &lt; 1</flowable:script></flowable:taskListener>
      </extensionElements>
    </userTask>
    <sequenceFlow id="ask_done" sourceRef="ask" targetRef="done" />
    <endEvent id="done"><errorEventDefinition errorRef="nowhere" /></endEvent>
  </process>
</definitions>
""".encode("gb18030")

pytestmark = pytest.mark.skipif(not BUILT.is_file(), reason="the studio is not built: make setup")


def shot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


@pytest.fixture
def make_draft(desk):
    """A draft of the process owner, of a procedure of this repository or of some files."""

    def make(key="expenses", files=None, title=""):
        with desk.db.transaction() as session:
            actor = actor_of(session, person_by_login(session, "owner"), clock.today())
            found = drafts.create(session, actor, key, files=files or bundle_at(BPMN / key), title=title)
            return found.id

    return make


def opened(page, draft_id, **query):
    page.goto(f"/studio/drafts/{draft_id}/diagram" + ("?lang=en" if query.get("english") else ""))
    page.wait_for_selector("[data-modeler][data-ready]")
    assert page.locator("[data-modeler]").get_attribute("data-ready") == "yes", page.locator("[data-wait]").inner_text()
    return page


@pytest.fixture
def kept(desk):
    """The saved diagram of a draft."""

    def read(draft_id, path="process.bpmn"):
        with desk.db.reading() as session:
            return drafts.file(session, draft_id, path).decode(errors="replace")

    return read


def select(page, element):
    page.evaluate("(id) => window.studio.desk.goTo(id)", element)
    page.wait_for_selector(".panel-head h2")


def until(page, check):
    """Wait until something holds on the server; the page goes on meanwhile."""
    for _ in range(150):
        if check():
            return
        page.wait_for_timeout(100)
    assert check()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_page_is_usable_at_both_widths(open_page, make_draft, problems, size):
    page = opened(open_page("owner", size), make_draft())
    page.wait_for_timeout(1500)
    shot(page, f"modeler-{size}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []
    assert problems(page) == []


KINDS = (
    *("Task", "UserTask", "ManualTask", "ServiceTask", "ScriptTask", "SendTask", "ReceiveTask", "BusinessRuleTask"),
    *("CallActivity", "SubProcess", "Transaction", "AdHocSubProcess", "StartEvent", "EndEvent"),
    *("IntermediateCatchEvent", "IntermediateThrowEvent", "ExclusiveGateway", "ParallelGateway", "InclusiveGateway"),
    *("EventBasedGateway", "ComplexGateway", "DataObjectReference", "DataStoreReference", "TextAnnotation", "Group"),
    *("Participant", "Lane", "SequenceFlow", "MessageFlow", "Association"),
)
TRIGGERS = (
    *("Timer", "Message", "Signal", "Error", "Escalation", "Conditional", "Link", "Terminate", "Compensate", "Cancel"),
)
EVENTS = ("StartEvent", "EndEvent", "IntermediateCatchEvent", "IntermediateThrowEvent", "BoundaryEvent")

VISIT = """async ({ kinds, triggers, events }) => {
  const { modeler, untranslated } = window.studio;
  const get = (name) => modeler.get(name);
  const seen = [];
  const root = () => get("canvas").getRootElement();
  const wait = () => new Promise((done) => setTimeout(done, 15));
  const host = get("elementRegistry").get("fill");
  const look = async (element) => {
    get("selection").select(element);
    get("contextPad").open(element, true);
    for (const menu of ["bpmn-replace", "bpmn-append", "color-picker"]) {
      try {
        if (get("popupMenu").isEmpty(element, menu)) continue;
        get("popupMenu").open(element, menu, { x: 300, y: 300 });
        await wait();
        get("popupMenu").close();
      } catch (error) { if (!/provider|registered/.test(String(error))) throw error; }
    }
    await wait();
    seen.push(document.querySelector(".panel-head p").textContent);
  };
  const pool = get("elementRegistry").get("pool");
  get("modeling").resizeShape(pool, { x: pool.x, y: pool.y, width: pool.width + 400, height: pool.height + 300 });
  const make = (attributes) => get("modeling").createShape(
    get("elementFactory").createShape(attributes),
    { x: pool.x + pool.width - 220, y: pool.y + pool.height - 130 },
    /Group|TextAnnotation/.test(attributes.type) ? root() : pool,
  );
  await look(root());
  for (const kind of kinds) {
    const isOne = (each) => each.businessObject.$type === "bpmn:" + kind && !each.labelTarget;
    const there = get("elementRegistry").find(isOne);
    if (there) { await look(there); continue; }
    if (/Flow$|Association|Lane|Participant/.test(kind)) { seen.push("missing " + kind); continue; }
    await look(make({ type: "bpmn:" + kind, ...(kind === "SubProcess" ? { isExpanded: true } : {}) }));
  }
  for (const event of events) for (const trigger of triggers) {
    const attributes = { type: "bpmn:" + event, eventDefinitionType: `bpmn:${trigger}EventDefinition` };
    const attached = () => get("modeling").createShape(
      get("elementFactory").createShape(attributes), { x: host.x, y: host.y }, host, { attach: true },
    );
    const element = event === "BoundaryEvent" ? attached() : make(attributes);
    await look(element);
    get("modeling").removeElements([element]);
  }
  get("popupMenu").open(root(), "bpmn-create", { x: 300, y: 300 });
  await wait();
  get("popupMenu").close();
  get("selection").select(get("elementRegistry").filter((each) => /Task$/.test(each.type)).slice(0, 3));
  get("contextPad").open(get("selection").get(), true);
  get("popupMenu").open(get("selection").get(), "align-elements", { x: 300, y: 300 });
  await wait();
  get("popupMenu").close();
  get("minimap").open();
  get("searchPad").toggle();
  await wait();
  return { seen, untranslated: [...untranslated] };
}"""


def test_every_kind_of_element_speaks_chinese(open_page, make_draft):
    page = opened(open_page("owner"), make_draft(files=FILES))
    told = page.evaluate(VISIT, {"kinds": KINDS, "triggers": TRIGGERS, "events": EVENTS})
    assert told["untranslated"] == []
    assert not [each for each in told["seen"] if "bpmn:" in each or "missing" in each]
    assert page.complaints == []


def test_the_mark_of_bpmn_io_is_seen_and_nothing_lies_over_it(open_page, make_draft):
    for size in ("desk", "phone"):
        page = opened(open_page("owner", size), make_draft(files=FILES, key=f"mark_{size}"))
        select(page, "fill")
        for act in ("minimap", "simulate"):
            page.locator(f"[data-act={act}]").click()
        assert page.evaluate(
            """() => {
              const mark = document.querySelector(".bjs-powered-by");
              mark.scrollIntoView({ block: "center" });
              const { x, y, width, height } = mark.getBoundingClientRect();
              const spots = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.9], [0.1, 0.9], [0.9, 0.1]];
              const at = ([dx, dy]) => document.elementFromPoint(x + dx * width, y + dy * height);
              return width > 20 && spots.every((spot) => mark.contains(at(spot)));
            }"""
        )


def test_a_step_is_drawn_and_saved_and_undone(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    select(page, "fill")
    page.locator(".djs-context-pad [data-action='append.append-task']").click()
    page.keyboard.press("Escape")
    until(page, lambda: "<bpmn:task " in kept(draft))
    page.locator("[data-act=undo]").click()
    until(page, lambda: "<bpmn:task " not in kept(draft))
    assert 'name="ownRemark" value="保留"' in kept(draft)
    assert kept(draft, "original/process-1.bpmn") == PLAIN
    select(page, "how")
    page.locator("[data-canvas] svg").first.focus()
    page.keyboard.press("Delete")
    until(page, lambda: 'id="how"' not in kept(draft) and 'id="how_ended"' not in kept(draft))
    assert 'id="ended"' in kept(draft)
    assert page.complaints == []


def test_what_a_task_says_is_chosen_in_fields(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    select(page, "fill")
    panel = page.locator("[data-side]")
    panel.get_by_label("办理期限").select_option("wd")
    panel.get_by_label("数量", exact=True).first.fill("10")
    panel.get_by_label("数量", exact=True).first.press("Enter")
    panel.get_by_role("button", name="添加提醒").click()
    panel.get_by_role("button", name="添加上报").click()
    panel.get_by_label("上报给").select_option(label="市规划自然资源局领导")
    panel.locator("summary", has_text="会签").click()
    panel.get_by_label("签署方式").select_option(label="会签：都要签")
    panel.get_by_label("通过规则").select_option(label="三分之二")
    panel.get_by_label("办理岗位").select_option(label="市规划自然资源局处室")
    shot(page, "panel-task")
    until(page, lambda: "city_bureau.section" in kept(draft))
    said = dict(re.findall(r'spiffworkflow:property name="(\w+)" value="([^"]*)"', kept(draft).split('id="fill"')[1]))
    assert said["due"] == "10wd"
    assert said["remind"] == "-3wd"
    assert said["escalate"] == "city_bureau.leader@+5wd"
    assert (said["sign"], said["pass"], said["role"]) == ("all", "2/3", "city_bureau.section")
    assert (said["form"], said["ownRemark"]) == ("registration", "保留")


def test_a_timer_is_said_in_words(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    page.evaluate(
        """() => {
          const get = (name) => window.studio.modeler.get(name);
          const host = get("elementRegistry").get("fill");
          const timer = { type: "bpmn:BoundaryEvent", eventDefinitionType: "bpmn:TimerEventDefinition" };
          const shape = get("elementFactory").createShape(timer);
          const corner = { x: host.x + host.width, y: host.y + host.height };
          get("modeling").createShape(shape, corner, host, { attach: true });
          window.studio.desk.goTo(shape.id);
        }"""
    )
    panel = page.locator("[data-side]")
    panel.get_by_label("数量").fill("5")
    panel.get_by_label("数量").press("Enter")
    assert panel.locator("[data-timer-words]").inner_text() == "5 个工作日后"
    shot(page, "panel-timer")
    until(page, lambda: ">workdays(5)</bpmn:timeDate>" in kept(draft))
    panel.get_by_label("单位").select_option("h")
    assert panel.locator("[data-timer-words]").inner_text() == "5 小时后"
    until(page, lambda: ">PT5H</bpmn:timeDuration>" in kept(draft))
    assert "timeDate" not in kept(draft)


def test_a_condition_is_completed_from_the_form_before_it(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    select(page, "how_ended")
    field = page.locator("[data-side]").get_by_label("条件", exact=True)
    field.fill("")
    field.press_sequentially("am")
    offered = page.locator("[data-side] [role=option]")
    assert offered.first.inner_text() == "amount 金额 · 填写"
    shot(page, "panel-condition")
    field.press("Enter")
    field.press_sequentially(' > 3 and decision == "')
    assert '"不同意"' in offered.all_inner_texts()[1]
    offered.first.click()
    assert field.input_value() == 'amount > 3 and decision == "同意"'
    field.blur()
    until(page, lambda: 'amount &gt; 3 and decision == "同意"' in kept(draft))


def test_operations_offer_their_parameters_as_fields(open_page, make_draft, desk, kept):
    draft = make_draft(files={**FILES, "process.bpmn": PLAIN.replace("userTask", "serviceTask").encode()}, key="sample")
    page = opened(open_page("owner"), draft)
    operation = next(each for _, each in sorted(desk.house.operations.items()) if each.parameters)
    select(page, "fill")
    panel = page.locator("[data-side]")
    panel.get_by_label("执行的操作").select_option(operation.name)
    for parameter in operation.parameters:
        assert panel.get_by_label(parameter.title.zh).count() >= 1
    until(page, lambda: f'name="operation" value="{operation.name}"' in kept(draft))


def test_problems_are_marked_and_the_list_leads_to_them(open_page, make_draft):
    page = opened(
        open_page("owner"),
        make_draft(
            files={**FILES, "process.bpmn": PLAIN.replace('value="registration"', 'value="nowhere"').encode()},
            key="sample",
        ),
    )
    sign = page.locator(".diagram-problem.is-error")
    sign.first.wait_for()
    assert "nowhere" in sign.first.get_attribute("title")
    page.locator("#tab-problems").click()
    shot(page, "panel-problems")
    page.locator(".panel-problems .is-error button").first.click()
    assert page.locator(".panel-head h2").inner_text() == "填写"
    page.locator("[data-side]").get_by_label("表单", exact=True).select_option("registration")
    expect(page.locator(".diagram-problem.is-error")).to_have_count(0)


def test_two_owners_who_save_at_once_lose_nothing(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    one, other = opened(open_page("owner"), draft), opened(open_page("owner"), draft)
    for page, name in ((one, "填写甲"), (other, "填写乙")):
        select(page, "fill")
        field = page.locator("[data-side]").get_by_label("名称", exact=True)
        field.fill(name)
        field.blur()
        if page is one:
            until(one, lambda: "填写甲" in kept(draft))
    dialog = other.get_by_role("dialog")
    dialog.wait_for()
    shot(other, "conflict")
    assert "李程" in dialog.inner_text()
    assert "填写甲" in kept(draft)
    dialog.get_by_role("button", name="用我的，留存对方的").click()
    until(other, lambda: "填写乙" in kept(draft))
    assert "填写甲" in kept(draft, "original/process-2.bpmn")


def test_who_may_not_change_it_looks_at_it(open_page, make_draft, problems):
    page = opened(open_page("manager"), make_draft(files=FILES, key="sample"))
    select(page, "fill")
    assert page.locator("[data-side]").get_by_label("名称", exact=True).is_disabled()
    assert page.locator("[data-act=undo]").count() == 0
    shot(page, "read-only")
    assert problems(page) == []


def test_a_file_in_gb18030_with_chinese_ids_is_imported_and_told(open_page, make_draft, kept, tmp_path):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    text = PLAIN.replace("UTF-8", "GB18030").replace('"fill"', '"填写"').replace(">fill<", ">填写<")
    file = tmp_path / "来文.bpmn"
    file.write_bytes(text.encode("gb18030"))
    with page.expect_file_chooser() as chooser:
        page.locator("[data-act=import]").click()
    chooser.value.set_files(file)
    page.get_by_role("dialog").get_by_role("button", name="导入").click()
    note = page.locator("[data-note=opened]")
    expect(note).to_contain_text("GB18030")
    note.locator("summary").click()
    assert "填写 → userTask_1" in note.inner_text()
    shot(page, "imported")
    select(page, "userTask_1")
    page.locator("[data-side]").get_by_label("名称", exact=True).fill("填写登记表")
    until(page, lambda: 'id="userTask_1" name="填写登记表"' in kept(draft))
    assert kept(draft, "original/process-1.bpmn") == PLAIN


def test_a_file_that_is_no_diagram_is_refused_with_a_sentence(open_page, make_draft, kept, tmp_path):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    file = tmp_path / "bomb.bpmn"
    file.write_text('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with page.expect_file_chooser() as chooser:
        page.locator("[data-act=import]").click()
    chooser.value.set_files(file)
    page.get_by_role("dialog").get_by_role("button", name="导入").click()
    note = page.locator("[data-note=import]")
    note.wait_for()
    assert "没有导入 bomb.bpmn" in note.inner_text()
    assert kept(draft) == PLAIN


def test_the_simulation_speaks_chinese_and_nothing_can_be_changed_meanwhile(open_page, make_draft):
    page = opened(open_page("owner"), make_draft(files=FILES, key="sample"))
    select(page, "fill")
    page.locator("[data-act=simulate]").click()
    assert page.locator("[data-side]").get_by_label("名称", exact=True).is_disabled()
    page.locator(".bts-context-pad:not(.hidden)[title='让它发生']").first.click()
    page.wait_for_timeout(1500)
    shot(page, "simulation")
    written = page.evaluate(
        """() => [...document.querySelectorAll("[class*=bts-]")].flatMap((each) => {
          const words = [...each.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim());
          return [each.getAttribute("title"), each.getAttribute("aria-label"), ...words];
        }).filter((text) => /[A-Za-z]{3}/.test(text || ""))"""
    )
    assert [each for each in written if not re.fullmatch(r"(只看这一次（)?[0-9a-z]{7}）?", each)] == []
    assert page.complaints == []
    page.locator("[data-act=simulate]").click()
    assert page.locator("[data-side]").get_by_label("名称", exact=True).is_enabled()


def test_in_english_no_chinese_is_left_but_the_names_of_the_diagram(open_page, make_draft, problems):
    files = {**FILES, "process.bpmn": re.sub("[一-龥]+", "Words", PLAIN).encode()}
    page = opened(open_page("owner"), make_draft(files=files, key="sample", title="Sample"), english=True)
    for element in ("fill", "how_ended", "lane_clerk", "pool", "begun"):
        select(page, element)
        shot(page, f"english-{element}")
        assert re.findall("[一-龥]+", page.locator("[data-side]").inner_text()) == []
    for tab in ("steps", "problems"):
        page.locator(f"#tab-{tab}").click()
        assert re.findall("[一-龥]+", page.locator("[data-side]").inner_text()) == []
    titles = page.evaluate("[...document.querySelectorAll('.modeler-body [title]')].map((each) => each.title).join()")
    assert re.findall("[一-龥]+", titles) == []


def test_an_interrupted_save_is_made_up_for(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    page.route("**/diagram.json", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    select(page, "fill")
    page.locator("[data-side]").get_by_label("名称", exact=True).fill("断网时的修改")
    expect(page.locator("[data-state]")).to_contain_text("连不上服务器")
    page.locator(".panel-head").click()
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.unroute("**/diagram.json")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, lambda: "断网时的修改" in kept(draft))


def test_who_else_is_at_the_diagram_is_told(open_page, make_draft, desk):
    draft = make_draft(files=FILES, key="sample")
    with desk.db.transaction() as session:
        other = people.create_person(session, SYSTEM, "owner.2", "何图", "demo", demonstration=True)
        people.hold(session, SYSTEM, other, "process_owner", session.get_one(Organization, "city_bureau"))
        drafts.seen(session, actor_of(session, other, clock.today()), draft, "process.bpmn")
    page = opened(open_page("owner"), draft)
    expect(page.locator("[data-people]")).to_have_text("何图 也正在改这张图")
    shot(page, "presence")


def test_what_a_step_says_is_copied_with_it(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    select(page, "fill")
    page.locator("[data-canvas] svg").first.focus()
    page.keyboard.press("Control+c")
    box = page.locator("[data-canvas]").bounding_box()
    page.mouse.move(box["x"] + 560, box["y"] + 300)
    page.keyboard.press("Control+v")
    page.mouse.move(box["x"] + 580, box["y"] + 320)
    page.mouse.click(box["x"] + 580, box["y"] + 320)
    until(page, lambda: kept(draft).count('name="form" value="registration"') == 2)
    assert kept(draft).count('name="ownRemark" value="保留"') == 2


SAMPLES = Path(__file__).parents[3] / "shared" / "bpmn_samples"
ROUND = """async (files) => {
  const { modeler } = window.studio;
  const told = {};
  for (const [name, xml] of Object.entries(files)) {
    await modeler.importXML(xml);
    told[name] = (await modeler.saveXML({ format: true })).xml;
  }
  return told;
}"""


def test_opening_and_saving_in_the_modeler_loses_nothing(open_page, make_draft):
    """Fact by fact over diagrams of this repository and, where they are at hand, of other tools."""
    sources = {
        str(each): each.read_bytes() for each in [*sorted(BPMN.glob("*/process.bpmn"))[:3], *SAMPLES.glob("*.bpmn")]
    }
    before = {"own": modeling.portable(FOREIGN).xml}
    for name, content in sources.items():
        with contextlib.suppress(Invalid):  # a file with a document type is refused before it is opened
            before[name] = modeling.portable(content).xml
    page = opened(open_page("owner"), make_draft(files=FILES, key="sample"))
    page.evaluate("window.studio.saving.stop('')")
    after = page.evaluate(ROUND, {name: xml.decode() for name, xml in before.items()})
    assert len(after) >= 4
    for name, xml in before.items():
        found = modeling.opened(xml, after[name].encode())
        assert found.gone == [], name
        assert [each for each in found.kept if name == "own" and each.kind != "attribute"] == []
        modeling.merged(xml, after[name].encode(), set(), found.kept)


def test_a_diagram_to_look_at_has_tones_counts_and_heat(open_page, make_draft):
    page = opened(open_page("owner"), make_draft(files=FILES, key="sample"))
    told = page.evaluate(
        """async ([xml, address]) => {
          const { show, heat } = await import(address);
          const box = document.createElement("div");
          box.className = "modeler-canvas";
          document.querySelector(".modeler-body").replaceChildren(box);
          const marks = { fill: { tone: "changed", count: 3, title: "3 件" }, nobody: { tone: "added" } };
          const viewer = await show(box, xml, marks);
          heat(viewer, { ended: 12, refused: 3 });
          const has = (id, name) => viewer.get("canvas").hasMarker(id, name);
          return [has("fill", "is-changed"), has("ended", "is-heat-5"), has("refused", "is-heat-2"),
            [...box.querySelectorAll(".diagram-count")].map((each) => each.textContent).sort()];
        }""",
        [modeling.portable(PLAIN.encode()).xml.decode(), "/static/studio/viewer.js"],
    )
    assert told == [True, True, True, ["12", "3", "3"]]
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    shot(page, "heat")
    assert page.complaints == []


def test_a_session_that_has_ended_is_told_and_the_changes_stay(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    select(page, "fill")
    page.locator("[data-side]").get_by_label("名称", exact=True).fill("登录过期时的修改")
    expect(page.locator("[data-state]")).to_contain_text("登录已过期")
    assert kept(draft) == PLAIN
    page.context.add_cookies(cookies)
    page.keyboard.press("Control+s")
    until(page, lambda: "登录过期时的修改" in kept(draft))


def test_a_diagram_that_cannot_be_opened_is_told_and_may_be_replaced(open_page, make_draft, kept, tmp_path):
    draft = make_draft(files={"process.bpmn": b"<definitions"}, key="sample", title="sample")
    page = open_page("owner")
    page.goto(f"/studio/drafts/{draft}/diagram")
    expect(page.locator("[data-wait]")).to_contain_text("不是格式正确的 XML")
    file = tmp_path / "good.bpmn"
    file.write_text(PLAIN)
    with page.expect_file_chooser() as chooser:
        page.locator("[data-act=import]").click()
    chooser.value.set_files(file)
    page.get_by_role("dialog").get_by_role("button", name="导入").click()
    page.wait_for_selector("[data-modeler][data-ready=yes]")
    assert kept(draft) == PLAIN
    assert kept(draft, "original/process-1.bpmn") == "<definitions"
