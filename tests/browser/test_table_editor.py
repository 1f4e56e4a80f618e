from __future__ import annotations

import pytest
from playwright.sync_api import expect

from processes.engine import definitions, drafts, tables
from tests.webapp.pages.letters import actor
from tests.webapp.studio.test_tables import LEVELS


@pytest.fixture
def draft(letter_desk):
    """A draft with a decision table."""
    with letter_desk.db.transaction() as session:
        base, who = definitions.active_definition(session, "letter"), actor(letter_desk, "owner")
        made = drafts.create(session, who, "letter", base_id=base.id)
        return drafts.save_files(session, who, made.id, {"tables/levels.dmn": tables.write_table(LEVELS)}, 1)


def test_a_table_is_changed_by_keyboard_checked_as_it_is_typed_tried_and_saved(open_page, draft, letter_desk, problems):
    page = open_page("owner")
    page.goto(f"/studio/drafts/{draft.id}/tables/levels")
    expect(page.locator("[data-state]")).to_contain_text("没有遗漏")

    # Gaps, wrong cells and overlaps are told while somebody types; Enter goes on to the next rule, or makes one.
    page.get_by_label("金额，第 1 条规则").fill("< 500")
    expect(page.locator("[data-state]")).to_contain_text("500、500 ~ 1000")
    page.get_by_label("金额，第 1 条规则").fill("< <")
    expect(page.get_by_label("金额，第 1 条规则")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("金额，第 1 条规则").fill("< 500")
    page.keyboard.press("Enter")
    expect(page.get_by_label("金额，第 2 条规则")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("金额，第 3 条规则").fill("[500..1000)")
    page.get_by_label("层级，第 3 条规则").fill('"处长"')
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-announce]")).to_contain_text("第 2 位")
    expect(page.get_by_label("层级，第 2 条规则")).to_have_value('"处长"')
    expect(page.locator("[data-state]")).to_contain_text("没有遗漏")

    # Rows of inputs and expected outputs are tried at once, and kept beside the table.
    page.get_by_role("button", name="添加用例").click()
    page.get_by_label("用例名称，第 1 个用例").fill("中额")
    page.get_by_label("金额，第 1 个用例").fill("500")
    page.get_by_label("应为 层级，第 1 个用例").fill("科长")
    expect(page.locator("[data-outcome]")).to_contain_text("✗ 实为 处长")
    page.get_by_label("应为 层级，第 1 个用例").fill("处长")
    expect(page.locator("[data-outcome]")).to_contain_text("✓ 相符 · 规则 2")
    assert problems(page) == []
    assert page.complaints == []
    page.keyboard.press("Control+s")
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    with letter_desk.db.reading() as session:
        files = drafts.files(session, draft.id)
    saved = tables.read_table(files["tables/levels.dmn"])
    assert [each.inputs[0] for each in saved.rules] == ["< 500", "[500..1000)", ">= 1000"]
    (verdict,) = tables.run_trials(saved, tables.read_trials(files["tables/levels.tests.json"]))
    assert verdict.passed
