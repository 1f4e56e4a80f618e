from __future__ import annotations

import pytest

from processes.engine.models import CaseDocument
from processes.registers.applications import Application
from tests.browser.conftest import fits
from tests.webapp.pages.called import called


@pytest.fixture
def round_(desk):
    with called(desk) as found:
        yield found


def register(page) -> None:
    page.get_by_label("姓名").fill("田静宜")
    page.get_by_label("手机").fill("13900000001")
    page.get_by_label("密码", exact=False).first.fill("Qingshan-2026")
    page.get_by_label("再次输入密码").fill("Qingshan-2026")
    page.get_by_label("我已阅读并同意").check()
    page.locator("main").get_by_role("button", name="注册").click()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_from_the_public_page_to_an_application_and_out_of_it(desk, round_, open_page, problems, size):
    page = open_page(size=size)
    seen = []

    def look():
        seen.append(page.url)
        assert problems(page) == [], page.url
        assert fits(page), page.url

    page.goto("/apply/")
    look()
    page.get_by_role("link", name="查看岗位并报名").click()
    look()
    page.get_by_role("link", name="注册账号").click()
    register(page)
    look()
    page.get_by_label("所在单位").select_option("渝江规划设计研究院")
    page.get_by_role("button", name="开始报名").click()
    page.wait_for_url("**/tasks/**")
    look()
    page.get_by_role("button", name="提交").click()
    assert "需要更正" in page.get_by_role("alert").first.inner_text()
    look()
    page.get_by_role("button", name="暂存草稿").click()
    page.goto("/")
    page.wait_for_url("**/my/applications/")
    look()
    page.get_by_role("link", name="单位变更").click()
    look()
    page.go_back()
    page.get_by_role("link", name="退出报名").click()
    look()
    page.get_by_label("退出的理由").fill("工作安排有变化")
    page.get_by_role("button", name="确认退出").click()
    page.wait_for_url("**/my/applications/")
    look()
    with desk.db.reading() as session:
        assert session.query(Application).one().status == "withdrawn"
    assert len(seen) == 9


def test_a_letter_of_the_round_is_read_in_the_page(desk, round_, open_page, problems):
    with desk.db.reading() as session:
        document = session.query(CaseDocument).where(CaseDocument.code == "T01").first()
    page = open_page("city.clerk", "phone")
    page.goto(f"/documents/{document.id}")
    assert page.locator("article.letter").is_visible()
    assert problems(page) == []
    assert fits(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载").click()
    assert taken.value.suggested_filename == f"{document.title}.docx"
