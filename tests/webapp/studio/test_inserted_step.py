"""A step that an owner draws between a form and the step that takes its answers to the registers."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import select

from processes import clock
from processes.engine import cases, definitions, work
from processes.engine.bundles import bundle_at
from processes.engine.models import WorkItem
from processes.engine.spiff.reading import MODEL
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.registers.rounds import Round

FOLDER = Path(__file__).resolve().parents[3] / "bpmn" / "appointment"
REPLY_DUE = clock.today() + timedelta(days=15)
NOTICE = {"round_name": "第一轮", "reply_due": REPLY_DUE.isoformat(), "contact": "陈思源", "phone": "023-63672084",
          "scope": "全部服务单元"}  # fmt: skip


def inserted(xml, before, form):
    """A diagram in which a task of the section comes directly before a step."""
    root = etree.fromstring(xml)
    step = next(each for each in root.iter(f"{{{MODEL}}}serviceTask") if each.get("id") == before)
    flow = next(each for each in root.iter(f"{{{MODEL}}}sequenceFlow") if each.get("targetRef") == before)
    flow.set("targetRef", "countersign")
    around = step.getparent()
    task = etree.SubElement(around, f"{{{MODEL}}}userTask", id="countersign", name="处室会签")
    like = next(each for each in root.iter(f"{{{MODEL}}}userTask") if each.get("id") == "draft_survey")
    task.append(etree.fromstring(etree.tostring(like.find(f"{{{MODEL}}}extensionElements"))))
    given = {each.get("name"): each for each in task.iter("{*}property")}
    given["form"].set("value", form)
    given["check"].getparent().remove(given["check"])
    etree.SubElement(around, f"{{{MODEL}}}sequenceFlow", id="countersign_on", sourceRef="countersign", targetRef=before)
    for each in (*step.findall(f"{{{MODEL}}}incoming"),):
        each.text = "countersign_on"
    lane = next(each.getparent() for each in root.iter(f"{{{MODEL}}}flowNodeRef") if each.text == "draft_survey")
    etree.SubElement(lane, f"{{{MODEL}}}flowNodeRef").text = "countersign"
    return etree.tostring(root)


@pytest.mark.parametrize("field", ["opinion", "contact"])
def test_the_answers_that_a_step_takes_are_still_those_of_its_own_form(desk, field):
    form = {
        "key": "countersign", "title": {"zh": "会签", "en": "Countersign"},
        "fields": [{"key": field, "type": "text", "label": {"zh": "意见", "en": "Opinion"}, "required": True}],
    }  # fmt: skip
    files = bundle_at(FOLDER)
    files = {
        **files,
        "process.bpmn": inserted(files["process.bpmn"], "open_round", "countersign"),
        "forms/countersign.json": json.dumps(form).encode(),
    }
    with desk.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "appointment", files)
        owner = acting(session, "owner")
        cases.start(session, desk.house, owner, "appointment", "appointment", {"round_name": "第一轮"})
    done(desk, "draft_survey", NOTICE)
    done(desk, "countersign", {field: "同意"})
    with desk.db.reading() as session:
        assert session.scalars(select(WorkItem.element_id).where(WorkItem.status == "open")).all() == ["sign_survey"]
        opened = session.scalars(select(Round)).one()
        assert (opened.reply_due, opened.contact) == (REPLY_DUE, "陈思源")


def acting(session, login):
    return people.actor_of(session, people.person_by_login(session, login), clock.today())


def done(desk, step, answers):
    with desk.db.transaction() as session:
        item = session.scalars(select(WorkItem).where(WorkItem.status == "open", WorkItem.element_id == step)).one()
        work.complete(session, desk.house, acting(session, "city.clerk"), item.id, answers)
