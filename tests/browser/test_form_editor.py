from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from processes.engine import definitions, drafts
from tests.webapp.pages.letters import actor


@pytest.fixture
def draft(letter_desk):
    """A draft of the next version of the letter."""
    with letter_desk.db.transaction() as session:
        base = definitions.active_definition(session, "letter")
        return drafts.create(session, actor(letter_desk, "owner"), "letter", base_id=base.id, title="复函时限延长")


@pytest.fixture
def form(letter_desk, draft):
    """The form of the reply as the draft holds it now."""

    def read():
        with letter_desk.db.reading() as session:
            return json.loads(drafts.file(session, draft.id, "forms/reply.json"))

    return read


@pytest.fixture
def save_as_another(letter_desk, draft):
    """Somebody else saves the form meanwhile."""

    def save(content):
        with letter_desk.db.transaction() as session:
            revision = drafts.draft(session, draft.id).revision
            who = actor(letter_desk, "owner")
            drafts.save_files(session, who, draft.id, {"forms/reply.json": json.dumps(content).encode()}, revision)

    return save


def test_a_form_is_changed_by_keyboard_seen_in_both_languages_saved_and_a_conflict_is_told(
    open_page, draft, form, save_as_another, problems
):
    page = open_page("owner")
    page.goto(f"/studio/drafts/{draft.id}/forms/reply")
    expect(page.locator("[data-shown]")).to_contain_text("意见")

    # A field moves by keyboard, and the one who does not see it is told where to.
    page.get_by_role("button", name=re.compile("^意见")).focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("[data-announce]")).to_have_text("“意见”已移到第 2 位，共 2 位")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.locator("[data-announce]")).to_have_text("已撤销")
    page.get_by_role("button", name="重做", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("^意见"))).to_be_visible()

    # What is wrong stands beside the field, and the preview is the server's own drawing.
    page.get_by_role("button", name=re.compile("^理由")).click()
    page.get_by_label("格式（正则表达式）").fill("(a")
    expect(page.get_by_label("格式（正则表达式）")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("格式（正则表达式）").fill("")
    page.get_by_label("名称 · 中文").fill("不同意的理由")
    page.get_by_role("button", name=re.compile("^意见")).click()
    page.get_by_role("button", name="复制 意见").click()
    page.get_by_label("变量名").first.fill("second_opinion")
    expect(page.locator("[data-state]")).to_contain_text("表单没有问题")
    page.locator("[data-shown]").get_by_label("不同意", exact=True).first.check()
    expect(page.locator("[data-shown]").get_by_label(re.compile("不同意的理由"))).to_be_visible()
    page.get_by_role("tab", name="English").click()
    expect(page.locator("[data-shown]")).to_contain_text("Opinion")
    assert problems(page) == []
    assert page.complaints == []

    # Saved; and what somebody else saved meanwhile is neither lost nor overwritten.
    page.keyboard.press("Control+s")
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    assert [each["key"] for each in form()["fields"]] == ["advice", "opinion", "second_opinion"]
    assert form()["fields"][0]["label"] == {"zh": "不同意的理由", "en": "Reasons"}
    other = form()
    other["fields"].pop()
    save_as_another(other)
    page.get_by_role("button", name="表单本身").click()
    page.get_by_label("标题 · 中文").fill("复函意见")
    page.get_by_role("button", name="保存", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("李程")
    expect(dialog).to_contain_text("second_opinion")
    dialog.get_by_role("button", name="用我的覆盖对方的").click()
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    assert len(form()["fields"]) == 3
    assert form()["title"]["zh"] == "复函意见"


def test_a_field_is_dragged_by_its_handle_and_deleting_it_warns_of_what_the_diagram_reads(open_page, draft, form):
    page = open_page("owner")
    page.goto(f"/studio/drafts/{draft.id}/forms/draft")
    expect(page.locator("[data-state]")).to_have_text("表单没有问题")
    first, last = page.locator(".fe-grip").nth(0), page.locator(".fe-grip").nth(2)
    at, to = first.bounding_box(), last.bounding_box()
    page.mouse.move(at["x"] + 5, at["y"] + 5)
    page.mouse.down()
    page.mouse.move(at["x"] + 5, to["y"] + to["height"] + 10, steps=6)
    page.mouse.up()
    expect(page.locator("[data-announce]")).to_have_text("“事由”已移到第 3 位，共 3 位")
    page.get_by_role("button", name="删除 事由").click()
    expect(page.locator("[data-losses]")).to_contain_text("流程图仍在使用变量“subject”")
    page.keyboard.press("Control+z")
    expect(page.locator("[data-losses]")).to_be_hidden()
    assert page.complaints == []


def test_a_column_of_a_table_is_needed_where_another_column_says_so(open_page, draft, form, save_as_another):
    mended = form()
    way = {"key": "way", "type": "choice", "label": {"zh": "方式", "en": "How"}, "options": ["实地", "书面"]}
    why = {"key": "why", "type": "text", "label": {"zh": "原因", "en": "Why"}}
    label = {"zh": "行程", "en": "Trips"}
    mended["fields"].append({"key": "trips", "type": "table", "label": label, "columns": [way, why]})
    save_as_another(mended)
    page = open_page("owner")
    page.goto(f"/studio/drafts/{draft.id}/forms/reply")
    for name in ("行程", "原因"):
        page.get_by_role("button", name=re.compile(f"^{name}")).click()
    page.get_by_label("名称 · 中文").fill("书面的原因")
    page.get_by_label("必填").select_option(label="按条件必填")
    page.get_by_role("group", name="何时必填").get_by_label("书面", exact=True).check()
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    assert form()["fields"][-1]["columns"][1] == {
        "key": "why",
        "type": "text",
        "label": {"zh": "书面的原因", "en": "Why"},
        "required_if": {"key": "way", "in": ["书面"]},
    }
    assert page.complaints == []


def test_what_is_written_is_saved_by_itself_and_what_did_not_reach_the_server_is_offered_again(open_page, draft, form):
    page = open_page("owner")
    page.goto(f"/studio/drafts/{draft.id}/forms/reply")
    page.get_by_label("标题 · 中文").fill("复函意见表")
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    assert form()["title"]["zh"] == "复函意见表"

    # The server does not answer, and the browser is closed meanwhile: nothing is lost.
    page.route("**/files/**", lambda route: route.abort())
    page.get_by_label("标题 · 中文").fill("复函意见登记表")
    expect(page.locator("[data-saved]")).to_contain_text("服务器没有应答")
    page.unroute("**/files/**")
    page.evaluate("window.studio.state.dirty = false")
    page.reload()
    page.get_by_role("button", name="恢复这些修改").click()
    expect(page.get_by_label("标题 · 中文")).to_have_value("复函意见登记表")
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    assert form()["title"]["zh"] == "复函意见登记表"
    assert page.complaints == []


def test_after_a_conflict_nothing_is_saved_by_itself_until_the_person_decides(open_page, draft, form, save_as_another):
    page = open_page("owner")
    page.goto(f"/studio/drafts/{draft.id}/forms/reply")
    expect(page.locator("[data-state]")).to_have_text("表单没有问题")
    theirs = form()
    theirs["title"]["zh"] = "对方的"
    save_as_another(theirs)
    page.get_by_label("标题 · 中文").fill("我的")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="继续编辑，先不保存").click()
    page.get_by_label("标题 · 中文").fill("我的标题")
    page.wait_for_timeout(2_000)
    assert form()["title"]["zh"] == "对方的"
    page.get_by_role("button", name="保存", exact=True).click()
    dialog.get_by_role("button", name="用我的覆盖对方的").click()
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    assert form()["title"]["zh"] == "我的标题"
