"""Files that come from elsewhere: taken in and told, refused with a sentence, opened and saved without loss."""

from __future__ import annotations

import contextlib
from pathlib import Path

from playwright.sync_api import expect

from processes.engine import modeling
from processes.errors import Invalid
from tests.browser.conftest import picture
from tests.browser.modeler.page import BPMN, FILES, PLAIN, opened, select, until

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
SAMPLES = Path(__file__).parents[4] / "shared" / "bpmn_samples"
ROUND = """async (files) => {
  const { modeler } = window.studio;
  const told = {};
  for (const [name, xml] of Object.entries(files)) {
    await modeler.importXML(xml);
    told[name] = (await modeler.saveXML({ format: true })).xml;
  }
  return told;
}"""


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
    picture(page, "imported", whole=False)
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
