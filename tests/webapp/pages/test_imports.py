"""A workbook through the pages: template, upload, preview, one confirmation, the trail."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from processes.audit import AuditEntry
from processes.identity.models import Organization, Person
from processes.registers.importing.organizations import ORGANIZATIONS
from processes.registers.importing.people import PEOPLE
from tests.registers.importing.books import book_of

EMPLOYERS = [{"name": "长江生态规划院"}, {"name": "渝江规划设计研究院"}]


def upload(visitor, name, content, filename="导入.xlsx"):
    page = f"/imports/{name}"
    data = {**visitor.hidden(page, page), "file": (BytesIO(content), filename)}
    return visitor.send(page, data, page=page, content_type="multipart/form-data")


def confirm(visitor, preview):
    return visitor.send(preview, visitor.hidden(preview, preview), page=preview)


def test_an_import_goes_from_the_template_to_the_register_in_one_confirmation(desk, visit):
    clerk = visit("city.clerk")
    assert "机构" in clerk.get("/imports/").text
    assert load_workbook(BytesIO(clerk.get("/imports/organizations/template.xlsx").data)).sheetnames[0] == "机构"
    preview = upload(clerk, "organizations", book_of(ORGANIZATIONS, *EMPLOYERS)).headers["Location"]
    page = clerk.get(preview).text
    assert "新增 2 条，更改 0 条" in page
    assert "长江生态规划院" in page
    with desk.db.reading() as session:
        assert session.scalars(select(Organization).where(Organization.kind == "employer")).all() == []
    done = confirm(clerk, preview)
    assert done.headers["Location"].endswith("/organizations/")
    assert "新增 2 条" in clerk.get("/organizations/").text
    assert "文件与台账一致" in clerk.get(preview).text
    with desk.db.reading() as session:
        assert len(session.scalars(select(Organization).where(Organization.kind == "employer")).all()) == 2
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "register.import")).one()
        assert (entry.actor, entry.detail["new"]) == ("王海燕", 2)
    assert "导入台账" in visit("auditor").get("/audit/").text


def test_one_refused_row_keeps_the_whole_file_out_and_is_told_with_its_cell(desk, visit):
    clerk = visit("city.clerk")
    book = book_of(ORGANIZATIONS, *EMPLOYERS, {"id": "employer:99", "name": "没有的单位"})
    preview = upload(clerk, "organizations", book).headers["Location"]
    page = clerk.get(preview).text
    assert "有不予导入的内容，暂不能确认" in page
    assert "<code>A4</code> 没有编号为“employer:99”的单位。" in page
    assert "确认导入" not in page
    assert "没有编号" in clerk.get(f"{preview}?outcome=refused").text
    assert "长江生态规划院" not in clerk.get(f"{preview}?outcome=refused").text
    with ZipFile(BytesIO(clerk.get(f"{preview}/report.xlsx").data)) as package:
        assert "没有编号" in package.read("xl/worksheets/sheet1.xml").decode()
    sent = clerk.send(preview, {"seen": "0" * 64}, page="/imports/organizations")
    assert sent.status_code == 409
    with desk.db.reading() as session:
        assert session.scalars(select(Organization).where(Organization.kind == "employer")).all() == []


@pytest.mark.parametrize(
    ("content", "filename", "told"),
    [
        (b"", "", "请选择要导入的文件。"),
        (b"a,b", "导入.csv", "只接收 Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0 old", "导入.xlsx", "内容与文件类型不符"),
    ],
)
def test_what_is_no_workbook_is_refused_on_the_spot(desk, visit, content, filename, told):
    answered = upload(visit("city.clerk"), "organizations", content, filename)
    assert answered.status_code == 422
    assert told in answered.text


def test_a_workbook_of_something_else_says_so_and_offers_another_try(desk, visit):
    clerk = visit("city.clerk")
    preview = upload(clerk, "organizations", book_of(PEOPLE, {"login": "ab", "name": "甲"})).headers["Location"]
    page = clerk.get(preview)
    assert page.status_code == 422
    assert "没有名为“机构”的工作表" in page.text
    assert "上传并预览" in page.text


def test_an_import_is_for_its_posts_and_a_file_for_its_sender(desk, visit):
    clerk, admin = visit("city.clerk"), visit("admin")
    assert clerk.get("/imports/people").status_code == 403
    assert visit("hr.clerk").get("/imports/").status_code == 403
    preview = upload(clerk, "organizations", book_of(ORGANIZATIONS, *EMPLOYERS)).headers["Location"]
    assert admin.get(preview).status_code == 404
    assert clerk.get("/imports/nothing").status_code == 404


def test_new_accounts_come_with_passwords_that_are_told_once(desk, visit):
    admin = visit("admin")
    rows = [
        {"login": "new.one", "name": "新一", "role": "市规划自然资源局经办", "organization": "重庆市规划和自然资源局"},
        {"login": "new.two", "name": "新二"},
    ]
    preview = upload(admin, "people", book_of(PEOPLE, *rows)).headers["Location"]
    assert "一次性密码随确认下载" in admin.get(preview).text
    hidden = admin.hidden(preview, preview)
    told = admin.send(preview, hidden, page=preview)
    sheet = load_workbook(BytesIO(told.data)).active
    passwords = {row[0]: row[2] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert set(passwords) == {"new.one", "new.two"}
    again = admin.send(preview, hidden, page="/imports/people")
    assert again.status_code == 303
    with desk.db.reading() as session:
        assert all(each.password_once for each in session.scalars(select(Person).where(Person.login.like("new.%"))))
    stranger = visit()
    assert stranger.log_in("new.one", passwords["new.one"]).status_code == 303
    assert "您的密码由管理员设置" in stranger.get("/", follow_redirects=True).text


def test_pages_of_an_import_are_english_too(desk, visit):
    clerk = visit("city.clerk")
    page = clerk.get("/imports/organizations?lang=en").text
    assert "Organizations" in page
    assert load_workbook(BytesIO(clerk.get("/imports/organizations/template.xlsx?lang=en").data)).sheetnames[0] == (
        "Organizations"
    )
