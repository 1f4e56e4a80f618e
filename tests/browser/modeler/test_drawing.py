"""Drawing a procedure and saying what its steps are, in a real browser over a real desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from processes.engine import modeling
from processes.engine.english_names import names_in
from tests.browser.conftest import SIZES, picture
from tests.browser.modeler.page import FILES, PLAIN, opened, select, until


@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_usable_at_both_widths(open_page, make_draft, faults, size):
    page = opened(open_page("owner", size), make_draft())
    page.wait_for_timeout(1500)
    assert faults(page, f"modeler-{size}") == []


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
    unsaid = panel.get_by_text("还没有填写时间，现在等于不限时")
    unsaid.wait_for()
    panel.get_by_label("数量", exact=True).first.fill("10")
    panel.get_by_label("数量", exact=True).first.press("Enter")
    unsaid.wait_for(state="detached")
    panel.get_by_role("button", name="添加提醒").click()
    panel.get_by_role("button", name="添加上报").click()
    panel.get_by_label("上报给").select_option(label="市规划自然资源局领导")
    panel.locator("summary", has_text="会签").click()
    panel.get_by_label("签署方式").select_option(label="会签：都要签")
    panel.get_by_label("通过规则").select_option(label="三分之二")
    panel.get_by_label("办理岗位").select_option(label="市规划自然资源局处室")
    picture(page, "panel-task", whole=False)
    until(page, lambda: "city_bureau.section" in kept(draft))
    said = dict(re.findall(r'spiffworkflow:property name="(\w+)" value="([^"]*)"', kept(draft).split('id="fill"')[1]))
    assert said["due"] == "10wd"
    assert said["remind"] == "-3wd"
    assert said["escalate"] == "city_bureau.leader@+5wd"
    assert (said["sign"], said["pass"], said["role"]) == ("all", "2/3", "city_bureau.section")
    panel.get_by_role("link", name="新建表单").click()
    assert page.locator("#add-form").evaluate("(title) => title.getBoundingClientRect().top < window.innerHeight")
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
    picture(page, "panel-timer", whole=False)
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
    picture(page, "panel-condition", whole=False)
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
    picture(page, "panel-problems", whole=False)
    page.locator(".panel-problems .is-error button").first.click()
    assert page.locator(".panel-head h2").inner_text() == "填写"
    page.locator("[data-side]").get_by_label("表单", exact=True).select_option("registration")
    expect(page.locator(".diagram-problem.is-error")).to_have_count(0)


def test_who_may_not_change_it_looks_at_it(open_page, make_draft, problems):
    page = opened(open_page("manager"), make_draft(files=FILES, key="sample"))
    select(page, "fill")
    assert page.locator("[data-side]").get_by_label("名称", exact=True).is_disabled()
    assert page.locator("[data-act=undo]").count() == 0
    picture(page, "read-only", whole=False)
    assert problems(page) == []


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
    picture(page, "heat", whole=False)
    assert page.complaints == []


def test_an_english_name_is_given_beside_the_diagram(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    for element, name in (("pool", "Registration"), ("lane_clerk", "Clerk"), ("fill", "Fill in")):
        select(page, element)
        field = page.locator("[data-side]").get_by_label("英文名称", exact=True)
        field.fill(name)
        field.blur()
        until(page, lambda name=name: f'name="name_en" value="{name}"' in kept(draft))
    assert names_in(kept(draft).encode()) == {"登记": "Registration", "经办": "Clerk", "填写": "Fill in"}
    select(page, "remark")
    assert not page.locator("[data-side]").get_by_label("英文名称", exact=True).count()
