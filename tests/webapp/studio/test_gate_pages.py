"""The gate in the browser: compare, submit, approve, publish, move running cases, put one back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from processes.engine import cases, definitions, drafts, publishing
from processes.engine.background import Background
from processes.engine.models import Case, WorkItem
from processes.engine.packages import DIAGRAM, package
from processes.identity import people
from tests.webapp.pages import letters

CHANGED = letters.DIAGRAM.replace('name="due" value="10wd"', 'name="due" value="5wd"').replace("起草函件", "起草公函")


@pytest.fixture
def letter(desk):
    letters.deploy(desk)
    with desk.db.transaction() as session:
        first = definitions.active_definition(session, "letter")
        who = people.actor_of(session, people.person_by_login(session, "city.clerk"), first.deployed_at.date())
        for number in range(3):
            cases.start(session, desk.house, who, "letter", "letter", {"subject": f"第{number}件", "units": {}})
    return first.id


@pytest.fixture
def draft(desk, letter):
    with desk.db.transaction() as session:
        who = people.person_by_login(session, "owner")
        owner = people.actor_of(session, who, definitions.definition(session, letter).deployed_at.date())
        made = drafts.create(session, owner, "letter", base_id=letter, title="缩短复函时限")
        drafts.save_files(session, owner, made.id, {DIAGRAM: CHANGED.encode()}, made.revision)
        return made.id


def work(desk):
    Background(desk.db, desk.house).work_off()


def need_approval(visit):
    manager = visit("manager")
    answered = manager.send("/studio/approvals/rule", {"needed": "yes", "reason": "两人复核"}, page="/studio/approvals")
    assert answered.status_code == 303
    return manager


def act(visitor, draft, name, **fields):
    page = f"/studio/drafts/{draft}/publishing"
    return visitor.send(f"{page}/{name}", {**visitor.hidden(page), **fields}, page=page)


def seen(visitor, draft):
    page = f"/studio/drafts/{draft}/comparison"
    return visitor.send(page, visitor.hidden(page), page=page)


def test_a_change_goes_from_draft_to_version_and_running_cases_follow(desk, visit, draft, letter):
    manager, owner = need_approval(visit), visit("owner")
    gate = f"/studio/drafts/{draft}/publishing"
    refused = act(owner, draft, "submit", reason="缩短时限")
    assert refused.status_code == 422
    assert "请先查看与启用版本的对照" in refused.text
    assert "缩短时限" in refused.text
    page = owner.get(f"/studio/drafts/{draft}/comparison").text
    assert re.search(r"办理时限</dt><dd><del>10 个工作日</del>.*?<ins>5 个工作日</ins>", page, re.DOTALL)
    assert seen(owner, draft).location == gate
    assert act(owner, draft, "submit", reason="缩短时限", article="第六条（四）").status_code == 303
    assert "正在推演" in owner.get(gate).text or "已推演" in owner.get(gate).text
    work(desk)
    assert "3 件在办：3 件可以迁移" in owner.get(gate).text
    assert "缩短复函时限" in manager.get("/studio/approvals").text
    assert act(owner, draft, "approve").status_code == 403
    assert act(manager, draft, "approve").status_code == 422
    seen(manager, draft)
    assert act(manager, draft, "approve", note="同意").status_code == 303
    published = act(owner, draft, "publish", when="now")
    assert published.status_code == 303
    assert "已发布第 2 版" in owner.get(gate).text
    assert "<ins>5 个工作日</ins>" in owner.get(f"/studio/drafts/{draft}/comparison").text
    with desk.db.reading() as session:
        second = definitions.active_definition(session, "letter")
        assert second.version == 2
    version = owner.get(f"/studio/versions/{second.id}").text
    for each in ("缩短时限", "第六条（四）", "孙敏", "办理时限由“10 个工作日”改为“5 个工作日”"):
        assert each in version, each
    history = owner.get("/studio/procedures/letter").text
    for each in ("第六条（四）", "孙敏", "迁移在办案件"):
        assert each in history, each
    _moves(desk, owner, second.id)


def _moves(desk, owner, second):
    place = f"/studio/versions/{second}/cases"
    assert owner.get(place).text.count('name="case"') == 3
    looked = owner.send(f"{place}/replay", owner.hidden(place), page=place)
    work(desk)
    assert "可以迁移" in owner.get(looked.location).text
    nothing = owner.send(place, {**owner.hidden(place), "which": "chosen", "reason": "改版"}, page=place)
    assert nothing.status_code == 422
    without = owner.send(place, {**owner.hidden(place), "which": "all", "reason": ""}, page=place)
    assert (without.status_code, "请填写理由" in without.text) == (422, True)
    begun = owner.send(place, {**owner.hidden(place), "which": "all", "reason": "改版"}, page=place)
    assert begun.status_code == 303
    assert 'http-equiv="refresh"' in owner.get(begun.location).text
    work(desk)
    page = owner.get(begun.location).text
    assert "3 / 3 件" in page
    assert page.count("已迁移</span>") == 3
    with desk.db.reading() as session:
        assert {each.definition_id for each in session.scalars(select(Case))} == {second}


def test_one_case_is_looked_at_moved_and_put_back(desk, visit, draft, letter):
    owner = visit("owner")
    seen(owner, draft)
    act(owner, draft, "submit", reason="缩短")
    work(desk)
    act(owner, draft, "publish", when="now")
    with desk.db.reading() as session:
        case = session.scalars(select(Case.id)).first()
        second = definitions.active_definition(session, "letter").id
    place = f"/studio/cases/{case}/move"
    page = owner.get(place).text
    assert "可以迁移" in page
    assert visit("city.clerk").get(place).status_code == 403
    assert owner.send(place, {**owner.hidden(place), "to": str(second), "reason": ""}, page=place).status_code == 422
    moved = owner.send(place, {**owner.hidden(place), "to": str(second), "reason": "改版"}, page=place)
    assert moved.location == f"/cases/{case}"
    with desk.db.reading() as session:
        assert session.scalars(select(WorkItem.step).where(WorkItem.case_id == case)).one() == "起草公函"
    back = f"/studio/cases/{case}/restore"
    assert "恢复到迁移之前" in owner.get(place).text
    assert owner.send(back, {**owner.hidden(place), "reason": "弄错"}, page=place).status_code == 303
    with desk.db.reading() as session:
        assert session.get_one(Case, case).definition_id == letter
    assert owner.send(back, {**owner.hidden(place), "reason": "再来"}, page=place).status_code == 409


def test_a_submission_is_sent_back_withdrawn_and_published_on_a_day(desk, visit, draft):
    manager, owner = need_approval(visit), visit("owner")
    gate = f"/studio/drafts/{draft}/publishing"
    seen(owner, draft)
    act(owner, draft, "submit", reason="缩短时限")
    work(desk)
    assert act(manager, draft, "send-back", reason="").status_code == 422
    assert act(manager, draft, "send-back", reason="过短").status_code == 303
    assert "孙敏退回：过短" in owner.get(gate).text
    act(owner, draft, "submit", reason="再报")
    assert act(owner, draft, "withdraw", reason="再想想").status_code == 303
    act(owner, draft, "submit", reason="三报")
    work(desk)
    seen(manager, draft)
    act(manager, draft, "approve")
    past = act(owner, draft, "publish", when="later", on="2020-01-01")
    assert (past.status_code, "不能早于今天" in past.text) == (422, True)
    wrong = act(owner, draft, "publish", when="later", on="soon")
    assert (wrong.status_code, "2026-01-31" in wrong.text) == (422, True)
    for when, on in (("later", ""), ("now", "2099-01-01")):
        unclear = act(owner, draft, "publish", when=when, on=on)
        assert (unclear.status_code, "日期" in unclear.text) == (422, True), "nothing is published by mistake"
    with desk.db.reading() as session:
        assert definitions.active_definition(session, "letter").version == 1
        day = publishing.open_publication(session, draft).submitted_at.date()
    later = day.replace(year=day.year + 1 if day.month == 12 else day.year, month=day.month % 12 + 1, day=1)
    assert act(owner, draft, "publish", when="later", on=later.isoformat()).status_code == 303
    scheduled = owner.get(gate).text
    assert f"将于 {later.isoformat()} 自动发布" in scheduled
    assert 'value="later" checked' in scheduled, "who moves the day does not publish at once"
    assert f'name="on" value="{later.isoformat()}"' in scheduled
    assert act(owner, draft, "unschedule").status_code == 303
    page = owner.get(gate).text
    for each in ("退回", "撤回", "定期发布", "取消定期"):
        assert each in page, each


def test_an_earlier_version_is_one_click_away_from_the_gate(desk, visit, draft, letter):
    owner = visit("owner")
    seen(owner, draft)
    act(owner, draft, "submit", reason="缩短")
    work(desk)
    act(owner, draft, "publish", when="now")
    page = f"/studio/versions/{letter}"
    action = f"/studio/versions/{letter}/roll-back"
    back = owner.send(action, owner.hidden(page, action), page=page)
    assert re.fullmatch(r"/studio/drafts/[0-9a-f-]+/publishing", back.location)
    made = back.location.split("/")[3]
    seen(owner, made)
    act(owner, made, "submit", reason="恢复")
    work(desk)
    act(owner, made, "publish", when="now")
    with desk.db.reading() as session:
        assert definitions.active_definition(session, "letter").id == letter
        assert package(session, letter).bpmn == letters.DIAGRAM.encode()


@pytest.mark.parametrize("login", ["city.clerk", "auditor", "admin"])
def test_nobody_else_acts_at_the_gate(visit, draft, letter, login):
    visitor = visit(login)
    for name in ("submit", "approve", "send-back", "publish", "withdraw", "unschedule", "replay"):
        answered = visitor.send(f"/studio/drafts/{draft}/publishing/{name}", {"reason": "试"})
        assert answered.status_code == 403, name
    assert visitor.send("/studio/approvals/rule", {"needed": "yes", "reason": "试"}).status_code == 403
    assert visitor.send(f"/studio/versions/{letter}/roll-back").status_code == 403
    assert visitor.send(f"/studio/versions/{letter}/cases", {"which": "all", "reason": "试"}).status_code == 403


def test_the_pages_of_the_gate_are_told_in_english(desk, visit, draft):
    owner = visit("owner")
    for path in ("comparison", "publishing"):
        assert owner.get(f"/studio/drafts/{draft}/{path}?lang=en").status_code == 200
