"""A small procedure for page tests: a clerk drafts a letter, two districts reply, the leader sums up."""

from __future__ import annotations

import json
from typing import Any

from processes.engine import cases, definitions, work
from processes.engine.house import Call, Operation
from processes.engine.models import Case, WorkItem
from processes.forms.wording import Wording
from processes.identity import people
from processes.identity.actor import SYSTEM, Actor
from tests.engine.spiff.drawn import HEAD, chain, multi, node
from webapp.desk import Desk

UNITS = {"CQ-500101": "CQ-500101", "CQ-500102": "CQ-500102"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
BROKEN = "无法发出的函"
"""A letter with this subject cannot be sent: the step behind the draft fails."""


def _properties(**given: str) -> str:
    inner = "".join(f'<spiffworkflow:property name="{name}" value="{value}"/>' for name, value in given.items())
    return f"<extensionElements><spiffworkflow:properties>{inner}</spiffworkflow:properties></extensionElements>"


def _lane(lane_id: str, name: str, *nodes: str, **given: str) -> str:
    refs = "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each in nodes)
    return f'<lane id="{lane_id}" name="{name}">{_properties(**given)}{refs}</lane>'


DIAGRAM = (
    f'{HEAD}<message id="m" name="recalled"/><process id="letter" name="征求意见函" isExecutable="true">'
    + _properties(
        starters="city_bureau.clerk",
        code="函",
        name_en="Consultation letter",
        title="关于{subject}的函",
        stages="draft:起草:Draft; reply:复函:Replies",
    )
    + '<laneSet id="lanes">'
    + _lane("city", "市局经办", "draft", "send", role="city_bureau.clerk")
    + _lane("gov", "区县政府", "reply", role="district_government.clerk", unit="unit")
    + _lane("lead", "市局领导", "sum_up", role="city_bureau.leader")
    + "</laneSet>"
    + '<startEvent id="s"/>'
    + node(
        "userTask",
        "draft",
        _properties(form="draft", stage="draft", title="起草：{subject}", name_en="Draft a letter"),
        name="起草函件",
    )
    + node("serviceTask", "send", _properties(operation="letter.send"), name="发出函件")
    + node(
        "userTask",
        "reply",
        _properties(form="reply", due="10wd", stage="reply") + multi("units", "unit", "replies", "opinion"),
        name="复函",
    )
    + node("userTask", "sum_up", name="汇总意见")
    + '<endEvent id="e" name="办结"/>'
    + chain("s", "draft", "send", "reply", "sum_up", "e")
    + "</process></definitions>"
)
FORMS = {
    "draft": [
        {"key": "subject", "type": "text", "label": {"zh": "事由", "en": "Subject"}, "required": True,
         "default_from": "subject", "min_length": 2},
        {"key": "copies", "type": "integer", "label": {"zh": "份数", "en": "Copies"}, "required": True, "maximum": 99},
        {"key": "attachment", "type": "file", "label": {"zh": "附件", "en": "Attachment"}, "accept": ["pdf"]},
    ],
    "reply": [
        {"key": "opinion", "type": "choice", "label": {"zh": "意见", "en": "Opinion"}, "required": True,
         "options": ["同意", "不同意"]},
        {"key": "advice", "type": "textarea", "label": {"zh": "理由", "en": "Reasons"}, "min_length": 10,
         "show_if": {"key": "opinion", "in": ["不同意"]}, "required": True},
    ],
}  # fmt: skip


def deploy(desk: Desk, key: str = "letter") -> None:
    """Publish the procedure, under its own key or as a copy, and give the house its one operation."""
    forms = {
        f"forms/{name}.json": json.dumps({"key": name, "title": {"zh": name, "en": name}, "fields": fields}).encode()
        for name, fields in FORMS.items()
    }
    send = Operation("letter.send", Wording("发出函件", "Send"), _send)
    desk.house.operations = {**desk.house.operations, send.name: send}
    with desk.db.transaction() as session:
        definitions.deploy(session, SYSTEM, key, {"process.bpmn": DIAGRAM.encode(), **forms})


def _send(call: Call) -> None:
    if call.data["subject"] == BROKEN:
        raise RuntimeError("the post office is closed")


def actor(desk: Desk, login: str) -> Actor:
    """Who a person is today."""
    with desk.db.reading() as session:
        found = people.person_by_login(session, login)
        return people.actor_of(session, found, found.created_at.date())


def begin(desk: Desk, subject: str = "首席规划师人选", key: str = "letter") -> Case:
    """A letter that waits for its draft."""
    with desk.db.transaction() as session:
        clerk = people.person_by_login(session, "city.clerk")
        return cases.start(
            session,
            desk.house,
            people.actor_of(session, clerk, clerk.created_at.date()),
            key,
            "letter",
            {"units": UNITS, "subject": subject},
        )


def item(desk: Desk, case: Case, step: str, unit: str | None = None) -> WorkItem:
    """The newest task of a case at a step."""
    with desk.db.reading() as session:
        found = session.query(WorkItem).where(WorkItem.case_id == case.id, WorkItem.element_id == step)
        if unit is not None:
            found = found.where(WorkItem.unit_id == unit)
        return found.order_by(WorkItem.created_at.desc()).limit(1).one()


def complete(desk: Desk, login: str, done: WorkItem, **answers: Any) -> None:
    """Do a task without a browser."""
    who = actor(desk, login)
    with desk.db.transaction() as session:
        work.complete(session, desk.house, who, done.id, answers)


def sent(desk: Desk, subject: str = "首席规划师人选") -> Case:
    """A letter that waits for the replies of two districts."""
    case = begin(desk, subject)
    complete(desk, "city.clerk", item(desk, case, "draft"), subject=subject, copies=2)
    return case
