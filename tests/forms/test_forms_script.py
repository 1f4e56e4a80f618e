"""The page in a real browser; skipped where there is none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import sync_playwright

from processes.forms.beginning import initial_values

WEBAPP = Path(__file__).parents[2] / "webapp"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
PAGE = """{% from "forms/form.html" import draw_form %}<!doctype html><html lang="zh-CN"><title>x</title>
<style>{{ css }}</style><form>{{ draw_form(form, values, {}, context, 'zh') }}<button>提交</button></form></html>"""
FIELDS = [
    {"key": "need", "type": "choice", "options": ["需要", "不需要"], "required": True},
    {"key": "reason", "type": "textarea", "max_length": 5, "show_if": {"key": "need", "in": ["不需要"]}},
    {"key": "rows", "type": "table", "max_rows": 3, "columns": [{"key": "item", "type": "text", "label": "名称"}]},
    {"key": "wished", "type": "units"},
    {"key": "scan", "type": "files"},
]


@pytest.fixture
def opened(form, context):
    if not CHROMIUM:
        pytest.skip("apt-get install -y --no-install-recommends chromium fonts-noto-cjk")
    jinja = Environment(loader=FileSystemLoader(WEBAPP / "templates"), autoescape=True)
    jinja.globals["_"] = lambda text, **values: text % values
    definition = form(*FIELDS)
    values = initial_values(definition, context, {"wished": ["500101", "500102"], "scan": ["f1"]})
    css = (WEBAPP / "static" / "forms.css").read_text()
    text = jinja.from_string(PAGE).render(form=definition, values=values, context=context, css=css)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_content(text)
        page.evaluate((WEBAPP / "static" / "forms.js").read_text())
        yield page
        browser.close()


def test_the_script_shows_hides_counts_and_numbers(opened):
    reason = opened.locator("#f-reason")
    assert reason.is_hidden()
    assert reason.is_disabled()
    opened.get_by_label("不需要", exact=True).check()
    assert reason.is_visible()
    assert reason.is_enabled()
    reason.fill("一二三四五六")
    assert opened.locator(".form-count.is-over").inner_text() == "6 / 5 字"

    assert opened.locator("#f-rows tbody tr").count() == 1
    opened.locator("#f-rows-0-item").fill("甲")
    opened.locator("#f-rows-0-item").press("Enter")
    opened.keyboard.type("乙")
    opened.get_by_role("button", name="添加一行").click()
    assert opened.get_by_role("button", name="添加一行").is_disabled()
    opened.get_by_role("button", name="删除第 1 行").click()
    assert [each.get_attribute("name") for each in opened.locator("#f-rows input").all()] == [
        "rows-0-item",
        "rows-1-item",
    ]
    assert opened.locator("#f-rows-0-item").input_value() == "乙"


def test_the_script_moves_ordered_choices(opened):
    def chosen():
        return [each.input_value() for each in opened.locator("select[name=wished]").all()]

    assert chosen() == ["500101", "500102"]
    opened.get_by_role("button", name="上移 wished 第 2 位").click()
    assert chosen() == ["500102", "500101"]
    assert opened.locator("select[name=wished]").first.get_attribute("id") == "f-wished"
    opened.get_by_role("button", name="添加一项").click()
    assert chosen() == ["500102", "500101", ""]
    opened.get_by_role("button", name="删除 wished 第 1 位").click()
    assert chosen() == ["500101", ""]


def test_chosen_files_are_listed_and_can_be_taken_away(opened):
    files = [{"name": name, "mimeType": "application/pdf", "buffer": b"x"} for name in ("a.pdf", "b.pdf")]
    opened.locator("#f-scan").set_input_files(files)
    opened.get_by_role("button", name="删除 a.pdf").click()
    assert opened.evaluate("[...document.querySelector('#f-scan').files].map(f => f.name)") == ["b.pdf"]


def test_a_phone_shows_rows_as_cards_without_scrolling_sideways(opened):
    opened.set_viewport_size({"width": 390, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.locator("#f-rows tbody .form-cell-label").first.is_visible()
