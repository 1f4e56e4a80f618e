"""The regulation on the running desk: its own text, article by article, and where each article is at work."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import uuid4

import pytest

from processes import clock
from processes.engine import definitions
from processes.engine.bundles import bundle_at
from processes.identity.actor import SYSTEM
from processes.registers.catalogue import REGISTERS
from processes.registers.laws import Law
from tests.webapp.pages.test_questions import BPMN
from webapp.regulation.places import AT_WORK, WARNINGS
from webapp.regulation.text import regulation


def articles():
    return [each for chapter in regulation().chapters for each in chapter.articles]


def test_the_text_has_seventeen_articles_in_five_chapters_and_no_traces_of_print():
    told = regulation()
    assert [len(chapter.articles) for chapter in told.chapters] == [3, 3, 3, 6, 2]
    assert [each.number for each in articles()] == list(range(1, 18))
    assert {each.number: len(each.items) for each in articles() if each.items} == {
        4: 3, 5: 3, 6: 5, 7: 6, 8: 6, 9: 6, 14: 3, 15: 5,
    }  # fmt: skip
    whole = "".join(each.text + "".join(each.items) for each in articles())
    assert not re.search(r"— \d+ —|bookmark|_GoBack|\s", whole)
    assert "优秀等次不超过考核人数的30%" in whole
    assert "派出单位应优先推荐" in whole


def test_every_article_is_at_work_somewhere_that_exists():
    assert sorted(AT_WORK) == list(range(1, 18))
    known = {each.name for each in BPMN.iterdir()}
    for number, found in AT_WORK.items():
        assert set(found.procedures) <= known, number
        assert set(found.registers) <= set(REGISTERS), number
        assert set(found.warnings) <= set(WARNINGS), number


def test_every_warning_that_is_named_has_its_page(desk, visit):
    clerk = visit("city.clerk")
    whole = clerk.get("/warnings/").text
    for name in WARNINGS:
        assert clerk.get(f"/warnings/{name}").status_code == 200, name
        assert f'id="{name}"' in whole


@pytest.mark.parametrize("login", ["city.clerk", "gov.500101", "city.leader", "admin"])
def test_whoever_is_signed_in_reads_the_text_and_goes_where_it_is_at_work(desk, visit, login):
    with desk.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "appointment", bundle_at(BPMN / "appointment"))
    reader = visit(login)
    page = reader.get("/laws/regulation").text
    assert page.count('<section class="panel" id="article-') == 17
    assert "印发文号和施行日期尚未登记" in page
    main = page.split("<main", 1)[1]
    links = {unescape(url) for url in re.findall(r'href="(/[^"#]*)', main)}
    for url in links:
        assert reader.get(url, follow_redirects=True).status_code == 200, url


def test_the_day_and_the_number_are_those_that_were_registered_never_invented(desk, visit):
    with desk.db.transaction() as session:
        session.add(
            Law(status="in_force", title="重庆市区县首席规划师管理办法", number="渝人社发〔2025〕1号", kind="document",
                issuer="市人力社保局、市规划自然资源局", in_force_on=date(2025, 3, 1), summary="全文", source="",
                required=False, case_id=uuid4(), entered_on=clock.today(), entered_by="陈思源")
        )  # fmt: skip
    page = visit("city.clerk").get("/laws/regulation").text
    assert "渝人社发〔2025〕1号，自 2025-03-01 起施行" in page
    assert "尚未登记" not in page


def test_the_ground_of_a_table_leads_to_its_article(desk, visit):
    page = visit("city.clerk").get("/warnings/").text
    assert '<a href="/laws/regulation#article-8">依据 第八条(六)</a>' in page
    assert visit("city.clerk").get("/laws/").text.count('href="/laws/regulation"') == 1
