"""Menus, search and conditions as a mouse, a keyboard and an input method use them."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.modeler.page import FILES, opened, select, until


def test_the_menus_of_an_element_offer_something_and_a_kind_is_chosen_by_mouse(open_page, make_draft, kept):
    draft = make_draft(files=FILES, key="sample")
    page = opened(open_page("owner"), draft)
    select(page, "fill")
    for entry, offered in (("append", "用户任务"), ("replace", "服务任务")):
        page.locator(f".djs-context-pad .entry[data-action={entry}]").click()
        expect(page.locator(".djs-popup .entry", has_text=offered).first).to_be_visible()
        page.keyboard.press("Escape")
    page.locator(".djs-context-pad .entry[data-action=set-color]").click()
    expect(page.locator(".djs-popup .entry").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".djs-context-pad .entry[data-action=replace]").click()
    page.locator(".djs-popup .entry", has_text="服务任务").first.click()
    until(page, lambda: '<bpmn:serviceTask id="fill"' in kept(draft))
    assert page.complaints == []


def test_what_an_input_method_writes_is_searched(open_page, make_draft):
    page = opened(open_page("owner"), make_draft(files=FILES, key="sample"))
    page.locator("[data-act=find]").click()
    expect(page.locator(".djs-search-input input")).to_be_focused()
    page.keyboard.insert_text("填写")  # as an input method does: no key is pressed
    expect(page.locator(".djs-search-result")).to_have_count(1)


def test_a_condition_that_is_whole_is_left_as_it_is(open_page, make_draft):
    page = opened(open_page("owner"), make_draft(files=FILES, key="sample"))
    select(page, "how_ended")
    field = page.get_by_label("条件", exact=True)
    for begun, whole in (
        ("amount > 5 or decision == ", 'amount > 5 or decision == "同意"'),
        ("decision", "decision"),
        ("amount > 5 and ", "amount > 5 and"),
    ):
        field.fill("")
        page.keyboard.type(begun)
        page.keyboard.insert_text(whole.removeprefix(begun.strip()).strip())
        page.keyboard.press("Tab")
        assert field.input_value().strip() == whole
        field.focus()
