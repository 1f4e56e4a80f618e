"""The page on which a diagram is drawn: a small procedure to draw at, and what a hand does there."""

from __future__ import annotations

import json
from pathlib import Path

BPMN = Path(__file__).parents[3] / "bpmn"
BUILT = Path(__file__).parents[3] / "webapp" / "static" / "studio" / "modeler.js"
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


def opened(page, draft_id, **query):
    page.goto(f"/studio/drafts/{draft_id}/diagram" + ("?lang=en" if query.get("english") else ""))
    page.wait_for_selector("[data-modeler][data-ready]")
    assert page.locator("[data-modeler]").get_attribute("data-ready") == "yes", page.locator("[data-wait]").inner_text()
    return page


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
