"""A change of the appointment procedure from draft to version with 40 cases running, by hand in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import select

from processes import clock
from processes.engine import cases, definitions, drafts, publishing
from processes.engine.background import Background
from processes.engine.bundles import bundle_at
from processes.engine.models import Case, WorkItem
from processes.engine.packages import DIAGRAM
from processes.engine.spiff.reading import MODEL
from processes.identity import people
from processes.identity.actor import SYSTEM
from tests.browser.conftest import fits, picture

FOLDER = Path(__file__).resolve().parents[2] / "bpmn" / "appointment"
RUNNING = 40


def acting(session, login):
    return people.actor_of(session, people.person_by_login(session, login), clock.today())


@pytest.fixture
def appointment(desk):
    """The appointment procedure in force, with 40 rounds that have begun."""
    with desk.db.transaction() as session:
        first = definitions.deploy(session, SYSTEM, "appointment", bundle_at(FOLDER)).id
        publishing.set_approval_needed(session, acting(session, "manager"), True, "两人复核")
    for number in range(RUNNING):
        with desk.db.transaction() as session:
            owner = acting(session, "owner")
            name = f"第{number + 1}轮"
            cases.start(session, desk.house, owner, "appointment", "appointment", {"round_name": name}, by_hand=False)
    return first


@pytest.fixture
def draft(desk, appointment):
    """A draft: the first task goes to the section head, is due in five working days, and a step is added behind it."""
    with desk.db.transaction() as session:
        owner = acting(session, "owner")
        made = drafts.create(session, owner, "appointment", base_id=appointment, title="压缩需求调查时限")
        item = session.scalars(select(WorkItem).where(WorkItem.status == "open")).first()
        xml = changed(drafts.file(session, made.id, DIAGRAM), item.element_id)
        drafts.save_files(session, owner, made.id, {DIAGRAM: xml}, made.revision)
        return made.id


def changed(xml, task_id):
    """Another time limit for the task that is open, and a step behind it."""
    root = etree.fromstring(xml)
    named = {each.get("id"): each for each in root.iter(f"{{{MODEL}}}*")}
    task, flow = named[task_id], next(each for each in named.values() if each.get("sourceRef") == task_id)
    next(each for each in task.iter("{*}property") if each.get("name") == "due").set("value", "3wd")
    around, target = task.getparent(), flow.get("targetRef")
    added = etree.SubElement(around, f"{{{MODEL}}}userTask", id="countersign", name="处室会签")
    flow.set("targetRef", added.get("id"))
    etree.SubElement(
        around, f"{{{MODEL}}}sequenceFlow", id="flow_countersign", sourceRef=added.get("id"), targetRef=target
    )
    lane = next(each.getparent() for each in root.iter(f"{{{MODEL}}}flowNodeRef") if each.text == task_id)
    etree.SubElement(lane, f"{{{MODEL}}}flowNodeRef").text = added.get("id")
    drawn = next(each for each in root.iter("{*}BPMNShape") if each.get("bpmnElement") == task_id)
    bounds = next(drawn.iter("{*}Bounds"))
    shape = etree.SubElement(drawn.getparent(), drawn.tag, id="countersign_di", bpmnElement=added.get("id"))
    etree.SubElement(shape, bounds.tag, x=bounds.get("x"), y=str(float(bounds.get("y")) + 90), width="100", height="60")
    return etree.tostring(root)


@pytest.mark.timeout(300)
def test_a_change_of_the_appointment_procedure_is_published_and_forty_cases_follow(
    desk, open_page, problems, appointment, draft
):
    work = Background(desk.db, desk.house)
    page = open_page("owner")
    page.goto(f"/studio/drafts/{draft}/publishing")
    picture(page, "gate-owner-1")
    page.get_by_role("link", name="先看对照").click()
    picture(page, "comparison")
    assert problems(page) == []
    page.locator("[data-jump]").first.click()
    assert page.locator(".is-shown").count() >= 1
    page.get_by_role("button", name="以上变化已逐条看过").click()
    page.get_by_label("修改的理由").fill("办法修订，缩短需求调查时限")
    page.get_by_label("依据条款").fill("第六条（一）")
    page.get_by_role("button", name="提交审核").click()
    work.work_off()
    page.reload()
    assert page.get_by_text("40 件在办：40 件可以迁移").count() == 1
    picture(page, "gate-owner-2")
    manager = open_page("manager")
    manager.goto("/studio/approvals")
    picture(manager, "approvals")
    assert problems(manager) == []
    manager.get_by_role("link", name="压缩需求调查时限").click()
    manager.get_by_role("link", name="查看对照", exact=True).click()
    manager.get_by_role("button", name="以上变化已逐条看过").click()
    picture(manager, "gate-manager")
    manager.get_by_role("button", name="同意发布").click()
    page.reload()
    picture(page, "gate-owner-3")
    assert problems(page) == []
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("link", name="迁移在办案件").click()
    picture(page, "moving")
    assert problems(page) == []
    page.get_by_label("理由").fill("随新版办理")
    page.get_by_role("button", name="迁移全部 40 件").click()
    picture(page, "batch-1")
    work.work_off()
    page.reload()
    assert page.get_by_text("40 / 40 件").count() == 1
    picture(page, "batch-2")
    assert problems(page) == []
    with desk.db.reading() as session:
        assert {each.definition.version for each in session.scalars(select(Case))} == {2}
    page.goto("/studio/procedures/appointment")
    picture(page, "procedure")
    assert problems(page) == []
    page.get_by_role("link", name="第 2 版").first.click()
    picture(page, "version")
    for size in ("phone",):
        small = open_page("owner", size)
        for name, path in _pages(draft, appointment):
            small.goto(path)
            picture(small, f"{size}-{name}")
            assert fits(small), path
    assert page.complaints == []


def _pages(draft, appointment):
    return (
        ("gate", f"/studio/drafts/{draft}/publishing"),
        ("comparison", f"/studio/drafts/{draft}/comparison"),
        ("procedure", "/studio/procedures/appointment"),
        ("moving", f"/studio/versions/{appointment}/cases"),
        ("approvals", "/studio/approvals"),
    )
