"""The page speaks the language of whoever is at it, whatever is drawn."""

from __future__ import annotations

import re

from tests.browser.conftest import picture
from tests.browser.modeler.page import FILES, PLAIN, opened, select

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


def test_the_simulation_speaks_chinese_and_nothing_can_be_changed_meanwhile(open_page, make_draft):
    page = opened(open_page("owner"), make_draft(files=FILES, key="sample"))
    select(page, "fill")
    page.locator("[data-act=simulate]").click()
    assert page.locator("[data-side]").get_by_label("名称", exact=True).is_disabled()
    page.locator(".bts-context-pad:not(.hidden)[title='让它发生']").first.click()
    page.wait_for_timeout(1500)
    picture(page, "simulation", whole=False)
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
        picture(page, f"english-{element}", whole=False)
        assert re.findall("[一-龥]+", page.locator("[data-side]").inner_text()) == []
    for tab in ("steps", "problems"):
        page.locator(f"#tab-{tab}").click()
        assert re.findall("[一-龥]+", page.locator("[data-side]").inner_text()) == []
    titles = page.evaluate("[...document.querySelectorAll('.modeler-body [title]')].map((each) => each.title).join()")
    assert re.findall("[一-龥]+", titles) == []
