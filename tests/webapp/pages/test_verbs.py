"""The pages of the verbs: what is offered, what comes back when something is missing, and where one is led."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from processes import clock
from processes.engine import cases, definitions
from processes.engine.models import WorkItem
from processes.identity.actor import SYSTEM
from processes.identity.models import Person
from processes.identity.people import actor_of
from tests.api.test_verbs import ROW
from tests.webapp.pages import letters


@pytest.fixture
def begin(desk):
    """Start the small case as the city's clerk."""
    with desk.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "row", {"process.bpmn": ROW.encode()})

    def start():
        with desk.db.transaction() as session:
            clerk = session.scalars(select(Person).where(Person.login == "city.clerk")).one()
            return cases.start(session, desk.house, actor_of(session, clerk, clock.today()), "row", "p", {}).id

    return start


@pytest.fixture
def case_id(begin):
    return begin()


def item(desk, step, status="open"):
    with desk.db.reading() as session:
        return session.scalars(select(WorkItem).where(WorkItem.step == step, WorkItem.status == status)).first()


def use(visitor, of, verb, **data):
    return visitor.send(f"/tasks/{of.id}/verbs/{verb}", data)


def do(visitor, desk, step):
    of = item(desk, step)
    assert visitor.send(f"/tasks/{of.id}/complete", {}).status_code == 303
    return of


def test_a_task_offers_its_verbs_as_pages_and_each_comes_back_with_what_is_missing(visit, desk, case_id):
    clerk = visit("city.clerk")
    do(clerk, desk, "拟稿")
    of = item(desk, "审核")
    page = clerk.get(f"/tasks/{of.id}").text
    offered = re.findall(rf"/tasks/{of.id}/verbs/([a-z-]+)", page)
    assert {"return", "reject", "delegate", "sign-before", "sign-after", "copy", "ask", "attach", "withdraw"} <= set(
        offered
    )
    for verb in offered:
        shown = clerk.get(f"/tasks/{of.id}/verbs/{verb}")
        assert shown.status_code == 200
        assert f"/tasks/{of.id}" in shown.text
    wrong = use(clerk, of, "return", to="", reason="")
    assert (wrong.status_code, "请填写理由" in wrong.text) == (422, True)
    assert clerk.get(f"/tasks/{of.id}/verbs/nothing").status_code == 404


def test_a_task_is_sent_back_and_the_sheet_keeps_every_opinion(visit, desk, case_id):
    clerk = visit("city.clerk")
    do(clerk, desk, "拟稿")
    of = item(desk, "审核")
    chosen = re.search(r'name="to" value="([^"]+)"', clerk.get(f"/tasks/{of.id}/verbs/return").text)[1]
    assert use(clerk, of, "return", to=chosen, reason="补材料").headers["Location"].endswith("/inbox")
    sheet = clerk.get(f"/cases/{case_id}/sheet").text
    assert "退回" in sheet
    assert "补材料" in sheet
    assert "流转情况" in clerk.get(f"/cases/{case_id}").text


def test_each_answer_on_the_sheet_stands_on_a_line_of_its_own(visit, desk):
    case = letters.sent(desk, "缙云山人选")
    sheet = visit("city.clerk").get(f"/cases/{case.id}/sheet").text
    assert '<div><span class="muted">事由：</span>缙云山人选</div>' in sheet


def test_signers_are_added_and_shown_until_none_is_left(visit, desk, case_id):
    clerk, hr = visit("city.clerk"), visit("hr.clerk")
    do(clerk, desk, "拟稿")
    of = item(desk, "审核")
    assert use(clerk, of, "sign-before", to="吴莉", reason="请看").status_code == 303
    page = clerk.get(f"/tasks/{of.id}").text
    assert "还差：吴莉" in page
    with desk.db.reading() as session:
        asked = session.scalars(select(WorkItem).where(WorkItem.attached_as == "before")).one()
    assert "签署意见" in hr.get(f"/tasks/{asked.id}").text
    assert hr.send(f"/tasks/{asked.id}/complete", {"opinion": "同意"}).status_code == 303
    assert item(desk, "审核").status == "open"


def test_a_question_is_where_the_number_beside_the_place_leads_until_it_is_answered(visit, desk, case_id):
    clerk, hr = visit("city.clerk"), visit("hr.clerk")
    use(clerk, do(clerk, desk, "拟稿"), "ask", to="hr.clerk", reason="名额够吗？")
    waiting = hr.get("/circulations/").text
    assert "名额够吗？" in waiting
    address = re.search(r"/circulations/[0-9a-f-]{36}", waiting)[0]
    assert hr.send(f"{address}/answer", {"text": "够。"}).status_code == 303
    assert "名额够吗？" not in hr.get("/circulations/").text
    assert "名额够吗？" in hr.get("/circulations/?box=questions").text


def test_a_copy_is_read_with_a_receipt_and_answered(visit, desk, case_id):
    clerk, hr = visit("city.clerk"), visit("hr.clerk")
    of = do(clerk, desk, "拟稿")
    use(clerk, of, "copy", to="hr.clerk", reason="请阅")
    address = re.search(r"/circulations/[0-9a-f-]{36}", hr.get("/circulations/").text)[0]
    shown = hr.get(address).text
    assert "请阅" in shown
    hr.send(f"{address}/read", {})
    assert hr.send(f"{address}/answer", {"text": "阅"}).status_code == 303
    assert hr.send(f"{address}/answer", {"text": "再阅"}).status_code == 409
    assert "阅" in clerk.get("/circulations/?box=sent").text
    assert visit("gov.500101").get(address).status_code == 404


def test_what_was_sent_is_recalled_from_its_page(visit, desk, case_id):
    clerk = visit("city.clerk")
    of = do(clerk, desk, "拟稿")
    assert "verbs/recall" in clerk.get(f"/tasks/{of.id}").text
    assert use(clerk, of, "recall", reason="").status_code == 303
    assert item(desk, "拟稿").claimed_by == "王海燕"


def test_opening_a_task_is_written_down_once(visit, desk, case_id):
    visit("auditor").get(f"/tasks/{item(desk, '拟稿').id}")
    assert item(desk, "拟稿").opened_at is None
    visit("city.clerk").get(f"/tasks/{item(desk, '拟稿').id}")
    assert item(desk, "拟稿").opened_by == "王海燕"


def test_attachments_keep_their_versions(visit, desk, case_id):
    clerk, of = visit("city.clerk"), item(desk, "拟稿")
    for number in (b"1", b"2"):
        sent = {"file": (io.BytesIO(b"%PDF-1.4 " + number), "说明.pdf"), "reason": ""}
        assert use(clerk, of, "attach", **sent).status_code == 303
    page = clerk.get(f"/tasks/{of.id}").text
    assert "第 2 版" in page
    address = re.search(r"/files/[0-9a-f-]{36}", page.split('id="attachments"')[1])[0]
    assert clerk.get(address, buffered=True).data == b"%PDF-1.4 2"
    assert visit("gov.500101").get(address).status_code == 404
    assert use(clerk, of, "attach", reason="").status_code == 422


def test_ticked_tasks_are_done_together_with_a_result_for_each(visit, desk, begin):
    clerk = visit("city.clerk")
    begin(), begin()
    with desk.db.reading() as session:
        ids = [str(each) for each in session.scalars(select(WorkItem.id))]
    assert 'form="batch"' in clerk.get("/inbox").text
    assert clerk.get("/tasks/batch/?" + "&".join(f"task={each}" for each in ids)).status_code == 200
    for _time in range(2):
        done = clerk.send("/tasks/batch/", {"_task": ids, "_operation_key": "once"})
        assert "办结 2 件" in done.text
    assert clerk.get("/tasks/batch/").status_code == 200


def test_standing_in_is_arranged_used_and_ended(visit, desk, case_id):
    manager, leader, clerk = visit("manager"), visit("city.leader"), visit("city.clerk")
    today = clock.today()
    days = {"valid_from": today.isoformat(), "valid_to": (today + timedelta(days=3)).isoformat()}
    assert leader.send("/stand-ins/", {"person": "city.clerk"}).status_code == 422
    assert leader.send("/stand-ins/", {"person": "manager", **days}).status_code == 303
    do(clerk, desk, "拟稿")
    do(clerk, desk, "审核")
    of = item(desk, "会签")
    assert "代周建国" in manager.get("/inbox?view=stand_in").text
    assert manager.send(f"/tasks/{of.id}/complete", {}).status_code == 303
    assert item(desk, "会签", "done").completed_by == "孙敏（代周建国）"
    address = re.search(r"/stand-ins/[0-9a-f-]{36}/end", leader.get("/stand-ins/").text)[0]
    assert leader.send(address, {}).status_code == 303
    assert "已结束" in leader.get("/stand-ins/").text


def test_phrases_are_kept_and_put_into_a_form_without_a_script(visit, desk, case_id):
    clerk, of = visit("city.clerk"), item(desk, "拟稿")
    assert clerk.send("/phrases/", {"text": ""}).status_code == 422
    clerk.send("/phrases/", {"text": "拟同意，请审定。"})
    page = clerk.get(f"/tasks/{of.id}").text
    phrase = re.search(r'name="_phrase" value="([^"]+)"', page)[1]
    assert clerk.send(f"/tasks/{of.id}/verbs/phrase", {"_phrase": phrase, "comment": "已核。"}).status_code == 303
    assert "已核。\n拟同意，请审定。" in clerk.get(f"/tasks/{of.id}").text.replace("\r", "")
    address = re.search(r"/phrases/[0-9a-f-]{36}/remove", clerk.get("/phrases/").text)[0]
    assert clerk.send(address, {}).status_code == 303


def test_a_leavers_work_is_looked_through_and_moved_with_a_receipt(visit, desk, case_id):
    clerk, admin = visit("city.clerk"), visit("admin")
    clerk.send(f"/tasks/{item(desk, '拟稿').id}/claim", {})
    assert "退回同岗位人员" in admin.get("/hand-overs/?leaver=city.clerk&successor=manager").text
    assert admin.send("/hand-overs/", {"leaver": "city.clerk", "successor": "manager", "reason": ""}).status_code == 422
    moved = admin.send("/hand-overs/", {"leaver": "city.clerk", "successor": "manager", "reason": "退休"})
    receipt = moved.headers["Location"]
    assert "移交人签字" in admin.get(receipt).text
    assert visit("hr.clerk").get(receipt).status_code == 404
    assert item(desk, "拟稿").claimed_by_id is None


def test_the_owner_of_a_process_moves_a_token_with_a_reason(visit, desk, case_id):
    owner, of = visit("owner"), item(desk, "拟稿")
    assert "移动环节" in owner.get(f"/tasks/{of.id}/verbs/move").text
    assert use(owner, of, "move", to="sign", reason="").status_code == 422
    assert use(owner, of, "move", to="sign", reason="误派").status_code == 303
    assert item(desk, "会签") is not None
    assert use(visit("hr.clerk"), of, "move", to="sign", reason="x").status_code in (403, 404)


def test_signers_are_brought_in_and_left_out_on_pages(visit, desk, begin):
    """In turn: who is added comes last or next; whose turn has not come has a link of its own."""
    in_turn = ROW.replace('value="all"', 'value="sequence"').replace('"1/2"', '"1/1"')
    with desk.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "row", {"process.bpmn": in_turn.encode()})
    begin()
    clerk = visit("city.clerk")
    do(clerk, desk, "拟稿")
    do(clerk, desk, "审核")
    of = item(desk, "会签")
    shown = clerk.get(f"/tasks/{of.id}/verbs/sign-with").text
    assert "排在下一位" in shown
    wrong = use(clerk, of, "sign-with", to="", reason="请会签", place="next")
    assert (wrong.status_code, "请选择人员" in wrong.text) == (422, True)
    assert re.search(r'value="next" checked', wrong.text)
    assert use(clerk, of, "sign-with", to="hr.clerk", reason="请会签", place="next").status_code == 303
    page = clerk.get(f"/tasks/{of.id}").text
    assert "未轮到" in page
    address = re.search(r"/tasks/[0-9a-f-]{36}/verbs/remove-signer\?signer=[^\"]+", page)[0]
    shown = clerk.get(address).text
    key = re.search(r'name="signer" value="([^"]+)" checked', shown)[1]
    assert use(clerk, of, "remove-signer", signer=key, reason="").status_code == 422
    assert use(clerk, of, "remove-signer", signer=key, reason="出差").status_code == 303
    assert "未轮到" not in clerk.get(f"/tasks/{of.id}").text


def test_a_task_that_cannot_be_handed_on_or_urged_comes_back_with_why_and_what_was_typed(visit, desk, case_id):
    of = item(desk, "拟稿")
    clerk, manager = visit("city.clerk"), visit("manager")
    refused = clerk.send(f"/tasks/{of.id}/transfer", {"to": "city.clerk", "reason": ""})
    assert (refused.status_code, "办理意见" in refused.text) == (422, True)
    assert manager.send(f"/tasks/{of.id}/remind", {"reason": "急件"}).status_code == 303
    again = manager.send(f"/tasks/{of.id}/remind", {"reason": "还没办"})
    assert (again.status_code, "一小时内已经催办过" in again.text, "还没办" in again.text) == (409, True, True)


def test_what_waits_is_found_with_who_has_it_and_how_long_is_left(visit, desk, case_id):
    clerk = visit("city.clerk")
    do(clerk, desk, "拟稿")
    of = item(desk, "审核")
    use(clerk, of, "sign-before", to="吴莉", reason="请看")
    page = clerk.get("/inbox?view=held").text
    assert all(text in page for text in ("等待他人意见", "吴莉", "前加签", "时限照常计算"))
    assert "没有等待中的任务" in visit("gov.500101").get("/inbox?view=held&sort=title").text
    assert "正在等待" in clerk.get(f"/tasks/{of.id}").text
    with desk.db.reading() as session:
        asked = session.scalars(select(WorkItem).where(WorkItem.attached_as == "before")).one()
    assert f"/tasks/{asked.id}/remind" in clerk.get(f"/tasks/{asked.id}").text
    manager = visit("manager")
    manager.send(f"/cases/{case_id}/suspend", {"reason": "等批复"})
    assert "等批复" in clerk.get("/inbox?view=held").text
