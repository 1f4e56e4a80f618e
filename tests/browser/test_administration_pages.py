from __future__ import annotations

import re
from pathlib import Path

import pytest

from processes import clock
from processes.engine import definitions
from processes.engine.bundles import bundle_at
from processes.identity import people
from tests.browser.conftest import SIZES, fits, playwright
from webapp.guides import GUIDES

FOLDER = Path(__file__).resolve().parents[2] / "bpmn" / "appointment"


@pytest.fixture
def appointment(desk):
    """The appointment procedure in two versions."""
    files = bundle_at(FOLDER)
    with desk.db.transaction() as session:
        owner = people.actor_of(session, people.person_by_login(session, "owner"), clock.today())
        definitions.deploy(session, owner, "appointment", {**files, "forms/need.json": files["forms/need_draft.json"]})
        return definitions.deploy(session, owner, "appointment", files)


def check(page, problems, *paths):
    for path in paths:
        page.goto(path)
        assert (path, problems(page), fits(page)) == (path, [], True)
    assert page.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_pages_about_people_are_accessible_and_fit(open_page, problems, person_of, size):
    page = open_page("admin", size)
    who = f"/people/{person_of('gov.500101').id}"
    check(page, problems, "/people/", "/people/new", who, f"{who}/posts/new", f"{who}/posts/new?role=auditor")
    page.get_by_label("单位").select_option("city_bureau")
    page.get_by_role("button", name="登记", exact=True).click()
    playwright.expect(page.get_by_role("alert")).to_contain_text("三员分立")
    assert problems(page) == []
    page.goto(who)
    page.get_by_text("重设密码").click()
    page.get_by_role("button", name="生成新密码").dblclick()
    playwright.expect(page.locator("code.secret")).to_be_visible()
    assert (problems(page), fits(page)) == ([], True)
    page.goto(who)
    page.get_by_role("link", name=re.compile("^结束任职")).click()
    assert (problems(page), fits(page)) == ([], True)


@pytest.mark.parametrize("size", SIZES)
def test_pages_about_organizations_are_accessible_and_fit(open_page, problems, size):
    page = open_page("admin", size)
    place = "/organizations/bureau:CQ-500101"
    check(page, problems, "/organizations/", "/organizations/?q=nothing", "/organizations/new", place)
    page.get_by_role("button", name="名称无误").dblclick()
    playwright.expect(page.get_by_role("status")).to_contain_text("名称已核对")
    page.get_by_label("终止日期").fill("2020-01-31")
    page.get_by_label("起始日期").fill("2020-02-01")
    page.get_by_role("button", name="保存").click()
    playwright.expect(page.locator("#valid_to-error")).to_be_visible()
    assert (problems(page), fits(page)) == ([], True)
    check(open_page("city.clerk", size), problems, place)


@pytest.mark.parametrize("size", SIZES)
def test_the_guides_are_accessible_and_fit(open_page, problems, size):
    page = open_page(None, size)
    guides = [f"/help/{name}?lang={language}" for name in GUIDES for language in ("zh", "en")]
    check(page, problems, "/log-in", "/help/", *guides, "/help/appointment")
    page.goto("/help/staff")
    page.locator(".guide-contents a").last.click()
    assert page.evaluate("document.querySelector(location.hash).getBoundingClientRect().top < innerHeight")


@pytest.mark.parametrize("size", SIZES)
def test_pages_of_the_audit_trail_are_accessible_and_fit(open_page, problems, size):
    page = open_page("auditor", size)
    check(page, problems, "/audit/", "/audit/3", "/audit/?failures=1&who=nobody")
    page.goto("/audit/")
    page.get_by_role("button", name="校验").click()
    playwright.expect(page.get_by_role("status")).to_contain_text("校验通过")
    assert (problems(page), fits(page)) == ([], True)


@pytest.mark.parametrize("size", SIZES)
def test_pages_about_versions_are_accessible_and_fit(open_page, problems, appointment, size):
    page = open_page("owner", size)
    place = f"/studio/versions/{appointment.id}"
    forms = [f"{place}/forms/{name}" for name in ("application", "deliberation", "final_list")]
    check(page, problems, "/studio/procedures/appointment", place, *forms, f"{place}/cases", "/studio/approvals")


def test_a_form_that_is_looked_at_cannot_be_filled_in(open_page, appointment):
    page = open_page("owner")
    page.goto(f"/studio/versions/{appointment.id}/forms/application")
    controls = page.locator("main form :is(input, select, textarea, button):not([type=hidden])")
    assert controls.count() > 5
    assert all(each.is_disabled() for each in controls.all())
