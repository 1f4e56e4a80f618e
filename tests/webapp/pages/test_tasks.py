from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from processes.engine.models import FormDraft, Incident, Submission, WorkItem
from processes.files import StoredFile
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization
from tests.webapp.pages import letters
from tests.webapp.pages.called import called
from webapp.demo.rounds import PlayedRound

GOOD = {"subject": "首席规划师人选", "copies": "2"}


def state(desk, task):
    with desk.db.reading() as session:
        return session.get(WorkItem, task.id).status


@pytest.fixture
def task(desk):
    """The draft of a letter, open for the clerks of the city bureau."""
    return letters.item(desk, letters.begin(desk), "draft")


def test_a_right_form_completes_the_task_and_leads_to_the_inbox(desk, visit, task):
    clerk = visit("city.clerk")
    answered = clerk.send(f"/tasks/{task.id}/complete", GOOD)
    assert (answered.status_code, answered.location) == (303, "/inbox")
    assert state(desk, task) == "done"
    assert "已办结" in clerk.get("/inbox").text


def test_a_wrong_form_comes_back_with_links_to_its_fields_and_all_that_was_typed(desk, visit, task):
    answered = visit("city.clerk").send(f"/tasks/{task.id}/complete", {"subject": "某", "copies": "100"})
    assert answered.status_code == 422
    assert 'href="#f-subject"' in answered.text
    assert 'href="#f-copies"' in answered.text
    assert 'value="某"' in answered.text
    assert 'value="100"' in answered.text
    assert state(desk, task) == "open"


def test_a_field_the_form_does_not_have_is_refused(desk, visit, task):
    answered = visit("city.clerk").send(f"/tasks/{task.id}/complete", {**GOOD, "approved": "yes"})
    assert answered.status_code == 422
    assert "表单中没有此项" in answered.text


def test_a_file_is_kept_when_another_field_is_refused(desk, visit, task):
    clerk = visit("city.clerk")
    sent = {"subject": "某", "copies": "2", "attachment": (BytesIO(letters.PDF), "附件一.pdf")}
    answered = clerk.send(f"/tasks/{task.id}/complete", sent, content_type="multipart/form-data")
    assert answered.status_code == 422
    with desk.db.reading() as session:
        stored = session.query(StoredFile).one()
    assert f'value="stored:{stored.id}" checked' in answered.text
    again = clerk.send(f"/tasks/{task.id}/complete", {**GOOD, "attachment": f"stored:{stored.id}"})
    assert again.status_code == 303
    with desk.db.reading() as session:
        assert session.query(Submission).one().answers["attachment"] == str(stored.id)


def test_a_script_that_poses_as_a_pdf_is_refused_beside_all_other_errors(desk, visit, task):
    sent = {"subject": "某", "copies": "2", "attachment": (BytesIO(b"<script>alert(1)</script>"), "附件.pdf")}
    answered = visit("city.clerk").send(f"/tasks/{task.id}/complete", sent, content_type="multipart/form-data")
    assert answered.status_code == 422
    assert "内容与文件类型不符" in answered.text
    assert 'href="#f-subject"' in answered.text
    with desk.db.reading() as session:
        assert session.query(StoredFile).count() == 0


def test_a_double_click_is_one_completion_and_shows_the_first_result(desk, visit, task):
    clerk = visit("city.clerk")
    form = {**GOOD, **clerk.hidden(f"/tasks/{task.id}", f"/tasks/{task.id}/complete")}
    first, second = (clerk.send(f"/tasks/{task.id}/complete", form) for _click in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    with desk.db.reading() as session:
        assert session.query(Submission).count() == 1


def test_whoever_is_second_is_told_who_was_first_and_keeps_the_text(desk, visit, task):
    clerk = visit("city.clerk")
    clerk.get(f"/tasks/{task.id}")
    letters.complete(desk, "city.clerk", task, subject="首席规划师人选", copies=2)
    answered = clerk.send(f"/tasks/{task.id}/complete", {"subject": "写了半天的事由", "copies": "3"})
    assert answered.status_code == 409
    assert "王海燕" in answered.text
    assert "写了半天的事由" in answered.text


@pytest.mark.parametrize("login", ["gov.500101", "hr.clerk", "bureau.500101"])
def test_another_offices_task_is_not_found_by_its_address(desk, visit, task, login):
    visitor = visit(login)
    assert visitor.get(f"/tasks/{task.id}").status_code == 404
    for act in ("complete", "draft", "claim", "release", "comment"):
        assert visitor.send(f"/tasks/{task.id}/{act}", GOOD).status_code == 404, act
    assert state(desk, task) == "open"


def test_a_district_finds_no_task_of_another_district(desk, visit):
    case = letters.sent(desk)
    theirs = letters.item(desk, case, "reply", "CQ-500102")
    wanzhou = visit("gov.500101")
    assert wanzhou.get(f"/tasks/{theirs.id}").status_code == 404
    assert wanzhou.send(f"/tasks/{theirs.id}/complete", {"opinion": "同意"}).status_code == 404
    assert state(desk, theirs) == "open"


def test_who_may_look_but_not_do_sees_no_form_and_may_not_send_one(desk, visit, task):
    manager = visit("city.leader")
    page = manager.get(f"/tasks/{task.id}")
    assert page.status_code == 200
    assert 'action="/tasks/' + str(task.id) + '/complete"' not in page.text
    assert manager.send(f"/tasks/{task.id}/complete", GOOD).status_code == 403


def test_a_step_that_fails_keeps_the_text_as_a_draft_and_becomes_an_incident(desk, visit):
    task = letters.item(desk, letters.begin(desk, letters.BROKEN), "draft")
    answered = visit("city.clerk").send(f"/tasks/{task.id}/complete", {"subject": letters.BROKEN, "copies": "7"})
    assert answered.status_code == 503
    assert "已保留填写内容为草稿，故障已登记" in answered.text
    assert "the post office" not in answered.text
    with desk.db.reading() as session:
        assert session.get(FormDraft, task.id).answers == {"subject": letters.BROKEN, "copies": "7"}
        assert session.query(Incident).one().action["kind"] == "complete"
        assert session.query(Submission).count() == 0
    assert state(desk, task) == "open"


def test_a_done_task_shows_what_was_sent(desk, visit, task):
    letters.complete(desk, "city.clerk", task, subject="首席规划师人选", copies=42)
    page = visit("city.clerk").get(f"/tasks/{task.id}").text
    assert "42" in page
    assert "/complete" not in page


def test_what_was_decided_before_is_on_the_page_of_the_next_task(desk, visit):
    case = letters.sent(desk, "一件要紧的事")
    for login, unit in (("gov.500101", "CQ-500101"), ("gov.500102", "CQ-500102")):
        letters.complete(desk, login, letters.item(desk, case, "reply", unit), opinion="同意")
    page = visit("city.leader").get(f"/tasks/{letters.item(desk, case, 'sum_up').id}").text
    assert "此前的办理意见" in page
    assert "一件要紧的事" in page


def test_a_district_reads_neither_the_reply_nor_the_file_of_another(desk, visit):
    case = letters.sent(desk)
    theirs = letters.item(desk, case, "reply", "CQ-500102")
    letters.complete(desk, "gov.500102", theirs, opinion="不同意", advice="我区另有安排，详见所附说明。")
    mine = letters.item(desk, case, "reply", "CQ-500101")
    for path in (f"/tasks/{mine.id}", f"/cases/{case.id}"):
        assert "另有安排" not in visit("gov.500101").get(path).text


def test_a_remark_goes_into_the_history_and_an_empty_one_is_refused(desk, visit, task):
    clerk = visit("city.clerk")
    assert clerk.send(f"/tasks/{task.id}/comment", {"text": "请处室先看"}).status_code == 303
    assert "请处室先看" in clerk.get(f"/tasks/{task.id}").text
    assert clerk.send(f"/tasks/{task.id}/comment", {"text": " "}).status_code == 422


def test_a_suspended_case_says_so_and_takes_no_form(desk, visit, task):
    visit("manager").send(f"/cases/{task.case_id}/suspend", {"reason": "等待市政府批示"})
    clerk = visit("city.clerk")
    assert "案件已挂起" in clerk.get(f"/tasks/{task.id}").text
    answered = clerk.send(f"/tasks/{task.id}/complete", GOOD)
    assert answered.status_code == 409
    assert "案件已挂起" in answered.text


def test_an_upload_of_200_megabytes_is_refused_before_it_is_read(desk, visit, task):
    answered = visit("city.clerk").client.post(
        f"/tasks/{task.id}/complete",
        input_stream=BytesIO(b""),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(200 * 1024 * 1024)},
    )
    assert answered.status_code == 413
    assert "超过" in answered.text
    assert state(desk, task) == "open"


def test_two_officers_cannot_both_claim_a_task(desk, visit, task):
    assert visit("city.clerk").send(f"/tasks/{task.id}/claim").status_code == 303
    with desk.db.transaction() as session:
        session.get(WorkItem, task.id).claimed_by_id = people.person_by_login(session, "city.leader").id
        session.get(WorkItem, task.id).claimed_by = "周建国"
    second = visit("city.clerk").send(f"/tasks/{task.id}/claim")
    assert second.status_code == 409
    assert "周建国" in second.text
    assert "周建国签收，正在办理" in visit("city.clerk").get(f"/tasks/{task.id}").text.replace("已由", "")


def test_a_task_is_handed_to_a_colleague_with_a_reason(desk, visit, task):
    with desk.db.transaction() as session:
        colleague = people.create_person(session, SYSTEM, "city.second", "周同事", "demo", demonstration=True)
        people.hold(session, SYSTEM, colleague, "city_bureau.clerk", session.get_one(Organization, "city_bureau"))
    clerk = visit("city.clerk")
    assert '<option value="city.second">周同事</option>' in clerk.get(f"/tasks/{task.id}").text
    path = f"/tasks/{task.id}/transfer"
    assert clerk.send(path, {"to": "city.second", "reason": " "}).status_code == 422
    assert clerk.send(path, {"to": "gov.500101", "reason": "出差"}).status_code == 422
    assert clerk.send(path, {"to": "city.second", "reason": "出差"}).status_code == 303
    page = clerk.get(f"/tasks/{task.id}").text
    assert "该任务已由周同事签收" in page
    assert "转办" in page
    assert "出差" in page


def test_a_district_is_asked_to_hurry_once_an_hour(desk, visit):
    reply = letters.item(desk, letters.sent(desk), "reply", "CQ-500102")
    manager = visit("manager")
    assert f'action="/tasks/{reply.id}/remind"' in manager.get(f"/tasks/{reply.id}").text
    assert manager.send(f"/tasks/{reply.id}/remind", {"reason": ""}).status_code == 303
    assert manager.send(f"/tasks/{reply.id}/remind", {"reason": ""}).status_code == 409
    assert "请您办理" in visit("gov.500102").get("/notices/").text
    assert "/remind" not in visit("gov.500102").get(f"/tasks/{reply.id}").text


def test_what_was_found_about_one_district_is_not_shown_with_another(desk, visit):
    with called(desk) as going_on:
        player = going_on.player
        second = PlayedRound(player, "2027年增补", going_on.played.units)
        second.open(date(2026, 11, 16))
        player.at(date(2026, 11, 20))
        first, other = player.open_items("call_unit", second.case_id)
        said = {"called_person": "办公室", "called_on": "2026-11-20", "finding": "本周内报送", "next_step": "继续等待"}
        player.do("city.clerk", "call_unit", said, item_id=first.id)
        clerk = visit("city.clerk")
        assert "本周内报送" not in clerk.get(f"/tasks/{other.id}").text
        player.at(date(2026, 11, 27))
        again = next(each for each in player.open_items("call_unit", second.case_id) if each.id != other.id)
        assert again.instance_key == first.instance_key
        assert "本周内报送" in visit("city.clerk").get(f"/tasks/{again.id}").text
