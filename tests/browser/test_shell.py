"""The frame around all pages: log-in, menu, keys, double clicks, with and without script."""

from __future__ import annotations

from datetime import timedelta

import pytest

from processes import clock
from processes.engine.models import Case, Definition, WorkItem
from tests.browser.conftest import SIZES, fits, playwright


def log_in(page):
    try_to_log_in(page, "demo")
    page.wait_for_url("**/inbox")


def try_to_log_in(page, password, login="city.clerk"):
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    page.locator("main").get_by_role("button", name="登录").click()


@pytest.mark.parametrize("size", SIZES)
def test_the_shell_is_accessible_and_fits_at_every_width(open_page, problems, size):
    page = open_page(size=size)
    try_to_log_in(page, "wrong")
    playwright.expect(page.get_by_role("alert")).to_contain_text("登录名或密码不正确")
    assert (problems(page), fits(page)) == ([], True)
    log_in(page)
    for path in ("/account/", "/keys", "/nowhere"):
        page.goto(path)
        assert (path, problems(page), fits(page)) == (path, [], True)
    assert page.complaints == []


def test_the_menu_of_a_phone_opens_and_leads_on(open_page):
    page = open_page(size="phone")
    log_in(page)
    page.locator("details.menu summary").click()
    page.locator("details.menu").get_by_role("link", name="已办").click()
    page.wait_for_url("**/inbox?view=done")


def test_everything_works_without_script(open_page):
    page = open_page(java_script_enabled=False)
    log_in(page)
    page.get_by_role("link", name="键盘操作").click()
    page.wait_for_url("**/keys")
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("header form[action='/log-out'] button").click()
    page.wait_for_url("**/log-in")


def test_keys_lead_to_the_search_and_to_the_help(open_page):
    page = open_page()
    log_in(page)
    page.keyboard.press("/")
    playwright.expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("?j")
    playwright.expect(page.locator("[data-search]")).to_have_value("?j")
    page.locator("main").focus()
    page.keyboard.press("?")
    playwright.expect(page.get_by_role("dialog", name="键盘操作")).to_be_visible()
    page.keyboard.press("Escape")
    playwright.expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_first_stop_of_the_tab_key_leads_to_the_text(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    playwright.expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    playwright.expect(page.locator("main")).to_be_focused()


def test_a_double_click_sends_a_form_once(open_page, desk):
    page = open_page()
    log_in(page)
    page.goto("/account/")
    page.get_by_label("新令牌的用途").fill("统计程序")
    page.get_by_role("button", name="生成令牌").dblclick()
    playwright.expect(page.locator("code.secret")).to_be_visible()
    assert page.locator("#tokens tbody tr").count() == 1


@pytest.fixture
def three_tasks(desk):
    """Three tasks of the city bureau's clerks, one due after the other."""
    with desk.db.transaction() as session:
        now = clock.now()
        of = {"key": "sample", "process_id": "sample", "started_by": "李程", "status": "running", "skeleton": b"{}"}
        definition = Definition(
            key="sample", version=1, title="样例", content_hash="-", deployed_at=now, deployed_by="李程", processes=[]
        )
        session.add(definition)
        session.flush()
        case = Case(number="S-1", title="样例", definition_id=definition.id, started_at=now, changed_at=now, **of)
        session.add(case)
        session.flush()
        for number in range(1, 4):
            session.add(
                WorkItem(
                    **{"case_id": case.id, "task_id": str(number), "element_id": "task", "process_key": "sample"},
                    **{"step": "办理", "title": f"样例 {number}", "form_key": "", "status": "open"},
                    **{"role": "city_bureau.clerk", "organization_id": "city_bureau"},
                    created_at=now,
                    due_at=now + timedelta(days=number),
                )
            )


def test_j_and_k_walk_the_rows_and_enter_opens_one(open_page, three_tasks):
    page = open_page()
    log_in(page)
    at = page.locator("table.list tr.is-at")
    for key, title in (("j", "样例 1"), ("j", "样例 2"), ("j", "样例 3"), ("j", "样例 3"), ("k", "样例 2")):
        page.keyboard.press(key)
        playwright.expect(at).to_have_count(1)
        playwright.expect(at).to_contain_text(title)
    wanted = at.locator(".cell-title a").get_attribute("href")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(wanted)
