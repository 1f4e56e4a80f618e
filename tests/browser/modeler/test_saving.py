"""Nothing that was drawn is lost: by two at once, without a network, after a session."""

from __future__ import annotations

from playwright.sync_api import expect

from processes import clock
from processes.engine import drafts
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization
from processes.identity.people import actor_of
from tests.browser.conftest import picture
from tests.browser.modeler.page import FILES, PLAIN, opened, select, until


def test_two_owners_who_save_at_once_lose_nothing(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    one, other = opened(open_page("owner"), draft), opened(open_page("owner"), draft)
    for page, name in ((one, "填写甲"), (other, "填写乙")):
        select(page, "fill")
        field = page.locator("[data-side]").get_by_label("名称", exact=True)
        field.fill(name)
        field.blur()
        if page is one:
            until(one, lambda: "填写甲" in kept(draft))
    dialog = other.get_by_role("dialog")
    dialog.wait_for()
    picture(other, "conflict", whole=False)
    assert "李程" in dialog.inner_text()
    assert "填写甲" in kept(draft)
    dialog.get_by_role("button", name="用我的，留存对方的").click()
    until(other, lambda: "填写乙" in kept(draft))
    assert "填写甲" in kept(draft, "original/process-2.bpmn")


def test_an_interrupted_save_is_made_up_for(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    page.route("**/diagram.json", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    select(page, "fill")
    page.locator("[data-side]").get_by_label("名称", exact=True).fill("断网时的修改")
    expect(page.locator("[data-state]")).to_contain_text("连不上服务器")
    page.locator(".panel-head").click()
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.unroute("**/diagram.json")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, lambda: "断网时的修改" in kept(draft))


def test_a_session_that_has_ended_is_told_and_the_changes_stay(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    select(page, "fill")
    page.locator("[data-side]").get_by_label("名称", exact=True).fill("登录过期时的修改")
    expect(page.locator("[data-state]")).to_contain_text("登录已过期")
    assert kept(draft) == PLAIN
    page.context.add_cookies(cookies)
    page.keyboard.press("Control+s")
    until(page, lambda: "登录过期时的修改" in kept(draft))


def test_who_else_is_at_the_diagram_is_told(open_page, make_draft, desk):
    draft = make_draft(files=FILES, key="sample")
    with desk.db.transaction() as session:
        other = people.create_person(session, SYSTEM, "owner.2", "何图", "demo", demonstration=True)
        people.hold(session, SYSTEM, other, "process_owner", session.get_one(Organization, "city_bureau"))
        drafts.seen(session, actor_of(session, other, clock.today()), draft, "process.bpmn")
    page = opened(open_page("owner"), draft)
    expect(page.locator("[data-people]")).to_have_text("何图 也正在改这张图")
    picture(page, "presence", whole=False)
