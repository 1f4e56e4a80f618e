from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import render_template_string
from sqlalchemy import event

from processes import clock
from processes.engine import cases
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization
from tests.webapp.pages import letters
from webapp.access import access_of
from webapp.drawing import moment, page_numbers
from webapp.navigation import NAVIGATION

IMPORT = '{% from "macros.html" import pager, sort_header, field, badge with context %}'


def places(page):
    side = page.split('<nav class="side"', 1)[1].split("</nav>", 1)[0]
    return [
        re.sub(r"<[^>]+>.*", "", each, flags=re.S).strip()
        for each in re.findall(r'class="side-link"[^>]*>(.*?)</a>', side, re.S)
    ]


@pytest.mark.parametrize(
    ("login", "seen", "unseen"),
    [
        ("city.clerk", {"待办", "已办", "我发起的", "草稿", "案件", "台账"}, {"故障"}),
        ("owner", {"待办", "故障"}, set()),
        ("gov.500101", {"待办", "案件"}, {"故障", "机构"}),
        ("admin", {"人员与岗位", "机构", "故障", "台账"}, {"案件", "各单位待办", "流程工作室"}),
        ("auditor", {"审计日志", "案件", "各单位待办"}, {"人员与岗位", "机构"}),
    ],
)
def test_a_person_sees_the_places_that_the_posts_open(visit, login, seen, unseen):
    found = set(places(visit(login).get("/account/").text))
    assert seen <= found
    assert not unseen & found


@pytest.mark.parametrize(
    ("login", "place"),
    [
        ("city.clerk", "/inbox"),
        ("owner", "/inbox"),
        ("manager", "/waiting"),
        ("auditor", "/audit/"),
        ("admin", "/people/"),
    ],
)
def test_a_person_lands_where_the_work_of_the_post_is(visit, login, place):
    assert visit(login).get("/").location == place


def test_a_manager_with_tasks_of_another_post_lands_in_the_inbox(visit, desk):
    letters.deploy(desk)
    with desk.db.transaction() as session:
        clerk = people.person_by_login(session, "city.clerk")
        people.hold(session, SYSTEM, clerk, "manager", session.get_one(Organization, "city_bureau"))
    assert visit("city.clerk").get("/").location == "/waiting"
    with desk.db.transaction() as session:
        who = people.actor_of(session, people.person_by_login(session, "city.clerk"), clock.today())
        cases.start(session, desk.house, who, "letter", "letter", {"subject": "绿心保护", "units": {}})
    assert visit("city.clerk").get("/").location == "/inbox"


def test_every_place_that_is_shown_can_be_opened(visit, desk):
    for login in ("city.clerk", "owner", "admin", "auditor", "gov.500101"):
        visitor = visit(login)
        for address in set(re.findall(r'class="side-link" href="([^"]+)"', visitor.get("/account/").text)):
            assert visitor.get(address.replace("&amp;", "&")).status_code == 200, (login, address)


def test_the_place_one_is_at_is_marked(visit):
    page = visit("city.clerk").get("/inbox?view=done").text
    marked = re.findall(r'class="side-link"[^>]*aria-current="page"[^>]*>([^<]+)', page)
    assert {each.strip() for each in marked} == {"已办"}


def test_a_place_of_the_table_names_a_view_that_says_for_whom_it_is(app):
    for place in (place for section in NAVIGATION for place in section.places):
        view = app.view_functions.get(place.endpoint)
        assert view is None or access_of(view) is not None


def test_a_stranger_sees_no_places(visit):
    assert "side-link" not in visit().get("/log-in").text


def test_drawing_a_page_asks_the_database_a_fixed_number_of_times(visit, desk):
    visitor = visit("city.clerk")
    visitor.get("/account/")
    asked = []
    event.listen(desk.db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    visitor.get("/keys")
    assert len(asked) <= 16, asked


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, [1]),
        (1, 5, [1, 2, 3, None, 5]),
        (5, 10, [1, None, 3, 4, 5, 6, 7, None, 10]),
        (10, 10, [1, None, 8, 9, 10]),
    ],
)
def test_a_pager_names_the_pages_around(page, pages, numbers):
    assert list(page_numbers(page, pages)) == numbers


@pytest.mark.parametrize(
    ("sort", "state", "leads_to"), [("due", "ascending", "-due"), ("-due", "descending", "due"), ("title", None, "due")]
)
def test_a_head_cell_says_how_the_list_is_sorted_and_leads_to_the_other_way(app, sort, state, leads_to):
    with app.test_request_context("/inbox?view=done&page=3"):
        drawn = render_template_string(IMPORT + "{{ sort_header('时限', 'due', sort) }}", sort=sort)
    assert (f'aria-sort="{state}"' in drawn) if state else ("aria-sort" not in drawn)
    assert f'href="/inbox?view=done&amp;sort={leads_to}"' in drawn


def test_a_field_with_what_was_typed_is_safe_to_draw(app):
    with app.test_request_context():
        drawn = render_template_string(IMPORT + "{{ field('a', '甲', value=typed) }}", typed='"><script>')
    assert "<script>" not in drawn


def test_a_moment_is_shown_by_the_city_s_clock():
    assert moment(datetime(2001, 1, 1, 16, 30, tzinfo=UTC)) == "2001-01-02 00:30"
    assert moment(None) == "—"
