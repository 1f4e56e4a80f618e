from __future__ import annotations

from datetime import timedelta

import pytest

from processes import clock
from processes.engine.models import FormDraft, Submission, WorkItem
from tests.browser.conftest import fits
from tests.webapp.pages import letters


@pytest.fixture
def case(letter_desk):
    """A letter that waits for two districts, one of them late."""
    found = letters.sent(letter_desk)
    with letter_desk.db.transaction() as session:
        late = session.query(WorkItem).where(WorkItem.case_id == found.id, WorkItem.unit_id == "CQ-500102")
        late.update({"due_at": clock.now() - timedelta(days=9)})
    return found


def state(desk, task) -> str:
    with desk.db.reading() as session:
        return session.get(WorkItem, task.id).status


def test_from_the_log_in_to_the_end_of_a_task(letter_desk, open_page):
    task = letters.item(letter_desk, letters.begin(letter_desk), "draft")
    page = open_page("city.clerk")
    page.get_by_role("link", name="起草：首席规划师人选", exact=True).click()
    page.get_by_label("份数").fill("2")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/inbox")
    assert "已办结" in page.get_by_role("status").inner_text()
    assert page.get_by_text("没有待办任务").is_visible()
    assert state(letter_desk, task) == "done"
    assert page.complaints == []


def test_a_refused_form_puts_the_reader_on_the_summary_and_its_links_lead_to_the_fields(letter_desk, open_page):
    task = letters.item(letter_desk, letters.begin(letter_desk), "draft")
    page = open_page("city.clerk")
    page.goto(f"/tasks/{task.id}")
    page.get_by_label("事由").fill("某")
    page.set_input_files("#f-attachment", {"name": "附件.pdf", "mimeType": "application/pdf", "buffer": letters.PDF})
    page.get_by_role("button", name="提交").click()
    summary = page.get_by_role("alert")
    assert "有 2 处需要更正" in summary.inner_text()
    assert page.evaluate("document.activeElement.id") == "form-errors"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "f-subject"
    assert page.get_by_label("事由").input_value() == "某"
    assert page.get_by_label("附件.pdf").is_checked()


def test_the_inbox_is_worked_by_keys_alone(letter_desk, open_page):
    for subject in ("甲人选", "乙人选"):
        letters.begin(letter_desk, subject)
    page = open_page("city.clerk")
    page.goto("/inbox?sort=title")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "is-at" in page.locator("table.list tbody tr").nth(1).get_attribute("class")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/**")
    page.get_by_label("份数").fill("3")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/inbox")


def test_enter_while_an_input_method_composes_does_not_send_the_form(letter_desk, open_page):
    task = letters.item(letter_desk, letters.begin(letter_desk), "draft")
    page = open_page("city.clerk")
    page.goto(f"/tasks/{task.id}")
    page.get_by_label("份数").fill("3")
    pressed = "{key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true}"
    page.get_by_label("份数").evaluate(f"e => e.dispatchEvent(new KeyboardEvent('keydown', {pressed}))")
    assert page.url.endswith(str(task.id))
    assert state(letter_desk, task) == "open"


def test_a_double_click_sends_once(letter_desk, open_page):
    task = letters.item(letter_desk, letters.begin(letter_desk), "draft")
    page = open_page("city.clerk")
    page.goto(f"/tasks/{task.id}")
    page.get_by_label("份数").fill("2")
    page.get_by_role("button", name="提交").dblclick()
    page.wait_for_url("**/inbox")
    with letter_desk.db.reading() as session:
        assert session.query(Submission).where(Submission.work_item_id == task.id).count() == 1


@pytest.mark.parametrize("claimed", [True, False])
def test_what_is_typed_into_a_task_is_kept_by_itself(letter_desk, open_page, claimed):
    task = letters.item(letter_desk, letters.begin(letter_desk), "draft")
    page = open_page("city.clerk")
    page.goto(f"/tasks/{task.id}")
    if claimed:
        page.get_by_role("button", name="签收").click()
    page.clock.install()
    page.goto(f"/tasks/{task.id}")
    page.get_by_label("事由").fill("写到一半")
    with page.expect_response("**/draft") as kept:
        page.clock.fast_forward(31_000)
    assert kept.value.status == 204
    with letter_desk.db.reading() as session:
        assert session.get(FormDraft, task.id).answers["subject"] == "写到一半"
        assert (session.get(WorkItem, task.id).claimed_by_id is not None) is claimed
    assert "已自动暂存" in page.locator("[data-saved]").inner_text()


def test_what_is_sent_after_the_session_has_ended_is_given_back(letter_desk, open_page, problems):
    task = letters.item(letter_desk, letters.begin(letter_desk), "draft")
    page = open_page("city.clerk")
    page.goto(f"/tasks/{task.id}")
    page.get_by_label("事由").fill("写了很久的一段话")
    page.context.clear_cookies()
    page.get_by_role("button", name="提交").click()
    assert page.locator("[data-typed]").get_by_text("写了很久的一段话").is_visible()
    assert problems(page) == []


def test_everything_works_without_script(letter_desk, open_page):
    task = letters.item(letter_desk, letters.begin(letter_desk), "draft")
    page = open_page("city.clerk", java_script_enabled=False)
    page.goto(f"/tasks/{task.id}")
    page.get_by_role("button", name="签收").click()
    page.get_by_label("份数").fill("2")
    page.get_by_role("button", name="暂存草稿").click()
    assert page.get_by_label("份数").input_value() == "2"
    page.get_by_role("button", name="提交").click()
    assert state(letter_desk, task) == "done"
    assert page.locator("[data-print]:visible").count() == 0


def paths(desk, case) -> list[str]:
    reply = letters.item(desk, case, "reply", "CQ-500101")
    return [
        "/inbox",
        "/inbox?view=done",
        f"/tasks/{letters.item(desk, case, 'draft').id}",
        f"/tasks/{reply.id}",
        "/cases/",
        f"/cases/{case.id}",
        f"/cases/{case.id}/waiting?step=reply",
        "/waiting",
        "/registers/",
        "/registers/units",
        "/notices/",
        "/start/",
        "/start/letter/letter",
    ]


def test_no_page_has_an_obstacle(letter_desk, case, open_page, problems):
    page = open_page("city.clerk")
    for path in paths(letter_desk, case):
        page.goto(path)
        assert problems(page) == [], path
    assert page.complaints == []


def test_no_page_scrolls_sideways_on_a_phone(letter_desk, case, open_page, problems):
    page = open_page("city.clerk", "phone")
    for path in paths(letter_desk, case):
        page.goto(path)
        assert fits(page), path
    for path in paths(letter_desk, case)[::3]:
        page.goto(path)
        assert problems(page) == [], path


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_nor_has_a_page_of_a_manager_or_of_an_applicant(letter_desk, case, open_page, problems, size):
    page = open_page("manager", size)
    for path in ("/incidents/?status=all", f"/cases/{case.id}"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        assert problems(page) == [], path
        assert fits(page), path
    stranger = open_page(size=size)
    for path in ("/apply/", "/apply/register"):
        stranger.goto(path)
        assert problems(stranger) == [], path
    stranger.get_by_role("button", name="注册").click()
    assert problems(stranger) == []


def test_a_page_of_errors_has_no_obstacle(letter_desk, open_page, problems):
    task = letters.item(letter_desk, letters.begin(letter_desk), "draft")
    page = open_page("city.clerk", "phone")
    page.goto(f"/tasks/{task.id}")
    page.get_by_role("button", name="提交").click()
    assert problems(page) == []
    letters.complete(letter_desk, "city.clerk", task, subject="首席规划师人选", copies=1)
    page.get_by_label("份数").fill("2")
    page.get_by_role("button", name="提交").click()
    assert page.get_by_text("您的提交未被采用").is_visible()
    assert problems(page) == []


def test_a_case_is_printed_whole(letter_desk, case, open_page):
    page = open_page("manager")
    page.goto(f"/cases/{case.id}")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.get_by_role("cell", name="区县政府").first.is_visible()
    assert not page.locator("nav.side").is_visible()
    assert not page.get_by_role("button", name="打印").is_visible()
    assert page.locator("#control").is_visible() is False
