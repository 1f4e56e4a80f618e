from __future__ import annotations

import io
import re

import pytest
from icalendar import Calendar
from lxml import etree
from openpyxl import load_workbook
from sqlalchemy import func, select

from processes.engine.models import Case, WorkItem
from processes.identity.models import Person
from tests.webapp.pages import letters

PAGES = (
    "/oversight/",
    "/oversight/by/stages",
    "/oversight/by/units",
    "/oversight/by/organizations?sort=-red",
    "/oversight/by/persons",
    "/oversight/by/waits",
    "/oversight/steps/",
    "/oversight/steps/?by=late&from=2020-01-01",
    "/oversight/forecast/",
    "/oversight/map/",
    "/oversight/map/?measure=overdue",
)
FILES = ("/oversight/by/units", "/oversight/by/waits", "/oversight/steps/", "/oversight/forecast/", "/oversight/map/")


@pytest.fixture
def busy(desk):
    """Three letters: one answered by both districts and done, one by one district, one that waits for its draft."""
    letters.deploy(desk)
    done, half = letters.sent(desk), letters.sent(desk)
    for case, units in ((done, ("CQ-500101", "CQ-500102")), (half, ("CQ-500101",))):
        for unit in units:
            letters.complete(desk, f"gov.{unit[3:]}", letters.item(desk, case, "reply", unit), opinion="同意")
    letters.complete(desk, "city.leader", letters.item(desk, done, "sum_up"), comment="已阅")
    letters.begin(desk)
    return desk


@pytest.mark.parametrize("path", PAGES)
def test_every_view_is_drawn_in_both_languages_and_its_links_lead_to_pages(busy, visit, path):
    manager = visit("manager")
    for language in ("zh", "en"):
        page = manager.get(path + ("&" if "?" in path else "?") + f"lang={language}")
        assert page.status_code == 200
    links = set(re.findall(r'<a href="(/(?:waiting|cases|oversight)[^"]*)"', page.text))
    for link in sorted(links)[:12]:
        assert manager.get(link.replace("&amp;", "&")).status_code == 200, link


def test_a_copy_of_a_procedure_has_figures_and_lists_of_its_own(busy, visit):
    letters.deploy(busy, "copy")
    letters.begin(busy, "副本", "copy")
    manager = visit("manager")
    rows = re.findall(
        r"<tr>(?:(?!</tr>).)*?征求意见函（(\w+)）(.*?)</tr>", manager.get("/oversight/by/stages").text, re.S
    )
    stages = [(key, re.findall(r'href="(/(?:cases|waiting)[^"]*)"[^>]*>(\d+)<', row)) for key, row in rows]
    assert [(key, links[0][1], links[1][1]) for key, links in stages] == [
        ("copy", "1", "1"),
        ("letter", "1", "1"),
        ("letter", "1", "1"),
    ]
    for _key, links in stages:
        for address, number in links:
            shown = manager.get(address.replace("&amp;", "&") + "&format=csv").data.decode("utf-8-sig")
            assert len(shown.splitlines()) - 1 == int(number), address
    tasks = re.search(r'href="(/waiting\?[^"]*step=draft[^"]*)"', manager.get("/oversight/steps/?process=copy").text)[1]
    assert "关于副本的函" in manager.get(tasks.replace("&amp;", "&")).text
    tabs = manager.get("/cases/").text
    assert re.search(r"征求意见函（copy）\s*<span[^>]*>1<", tabs)
    assert re.search(r"征求意见函（letter）\s*<span[^>]*>3<", tabs)


@pytest.mark.parametrize("path", FILES)
def test_every_list_is_a_file_for_excel_and_as_csv(busy, visit, path):
    manager = visit("manager")
    book = load_workbook(io.BytesIO(manager.get(path + "?format=xlsx").data))
    text = manager.get(path + "?format=csv").data.decode("utf-8-sig")
    assert len(list(book.active.rows)) == len(text.splitlines())
    assert len(text.splitlines()) > 1


def test_the_totals_are_those_of_the_database(busy, visit):
    with busy.db.reading() as session:
        waiting = session.scalar(select(func.count()).where(WorkItem.status == "open"))
        running = session.scalar(select(func.count()).where(Case.status == "running"))
    page = visit("manager").get("/oversight/").text
    tiles = dict(re.findall(r'<li class="tile[^"]*"><a href="[^"]*">([^<]+)</a><strong>(\d+)</strong>', page))
    assert (tiles["未办任务"], tiles["在办案件"]) == (str(waiting), str(running)) == ("2", "2")
    stages = visit("manager").get("/oversight/by/stages?format=csv").data.decode("utf-8-sig").splitlines()
    assert sorted(line.split(",")[1:4] for line in stages[1:]) == [["复函", "1", "1"], ["起草", "1", "1"]]


def test_a_number_opens_just_the_tasks_that_it_counts(busy, visit):
    manager = visit("manager")
    assert "冯涪" not in manager.get("/waiting?unit=CQ-500101").text
    page = manager.get("/waiting?organization=gov:CQ-500102")
    assert "未办 1 件" in page.text
    assert "未办 0 件" in manager.get("/waiting?card=red").text
    assert manager.get("/waiting?person=nonsense&card=blue").status_code == 200


def test_a_task_that_nobody_can_do_is_counted_and_listed(busy, visit):
    manager = visit("manager")
    assert re.search(r'<a href="/waiting\?unmanned=1">无人可办</a><strong>0</strong>', manager.get("/oversight/").text)
    with busy.db.transaction() as session:
        session.scalars(select(Person).where(Person.login == "gov.500102")).one().disabled = True
    assert re.search(r'<a href="/waiting\?unmanned=1">无人可办</a><strong>1</strong>', manager.get("/oversight/").text)
    assert "未办 1 件" in manager.get("/waiting?unmanned=1").text


@pytest.mark.parametrize("login", ["gov.500101", "hr.clerk", "admin"])
def test_who_does_not_see_all_cases_does_not_see_their_figures(busy, visit, login):
    visitor = visit(login)
    assert {visitor.get(path).status_code for path in PAGES} == {403}
    assert visitor.get("/oversight/event-log/cases.xes").status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/oversight/steps/?process=nothing", 404),
        ("/oversight/steps/?from=2026-13-01", 422),
        ("/oversight/steps/?from=2026-02-01&to=2026-01-01", 422),
        ("/oversight/steps/?version=nonsense", 404),
        ("/oversight/by/nothing", 404),
        ("/oversight/event-log/cases.xes?from=yesterday", 422),
        ("/oversight/map/?year=1900&measure=nothing", 200),
    ],
)
def test_an_address_that_was_mistyped_gets_a_sentence(busy, visit, path, status):
    assert visit("manager").get(path).status_code == status


def test_the_event_log_is_xes_and_that_it_was_taken_is_in_the_trail(busy, visit):
    manager = visit("manager")
    tree = etree.fromstring(manager.get("/oversight/event-log/cases.xes").data)
    names = {"x": "http://www.xes-standard.org/"}
    assert len(tree.xpath("//x:trace", namespaces=names)) == 3
    assert tree.xpath("//x:event/x:string[@key='concept:name'][@value='复函']", namespaces=names)
    assert "王海燕" not in etree.tostring(tree, encoding="unicode")
    assert "王海燕" in manager.get("/oversight/event-log/cases.csv?names=1").data.decode()
    assert "导出事件日志" in visit("auditor").get("/audit/").text


def test_a_case_is_played_back_line_by_line(busy, visit):
    manager = visit("manager")
    with busy.db.reading() as session:
        case = session.scalars(select(Case).where(Case.status == "completed")).one()
    last = manager.get(f"/cases/{case.id}/replay").text
    assert 'data-element="reply" data-state="done"' in last
    first = manager.get(f"/cases/{case.id}/replay?at=1").text
    assert 'data-element="reply" data-state' not in first
    assert visit("hr.clerk").get(f"/cases/{case.id}/replay").status_code == 404


def test_a_view_is_kept_under_a_name_by_its_owner_alone(busy, visit):
    manager, clerk = visit("manager"), visit("city.clerk")
    address = "/oversight/steps/?process=letter&by=late"
    assert manager.send("/views/", {"name": "逾期环节", "address": address}).location == address
    assert address.replace("&", "&amp;") in manager.get("/views/").text
    assert "逾期环节" not in clerk.get("/views/").text
    drop = re.search(r'action="(/views/[^"]+/drop)"', manager.get("/views/").text)[1]
    assert clerk.send(drop).status_code == 404
    assert manager.send(drop).status_code == 303
    for bad in ("//evil.test/", "https://evil.test/", "/\\evil.test", ""):
        manager.send("/views/", {"name": "坏", "address": bad})
    assert "坏" not in manager.get("/views/").text


def test_due_days_are_read_by_a_calendar_under_a_secret_address_that_can_be_ended(busy, visit):
    district = visit("gov.500102")
    district.send("/account/calendar", page="/account/")
    shown = district.get("/account/").text
    path = re.search(r"http://localhost(/calendar/[\w-]+\.ics)", shown)[1]
    stranger = visit()
    calendar = Calendar.from_ical(stranger.get(path).data)
    assert [str(each["summary"]) for each in calendar.walk("vevent")] == ["复函：关于首席规划师人选的函"]
    district.send("/account/calendar/end", page="/account/")
    assert stranger.get(path).status_code == 404


def test_how_to_be_told_is_chosen_on_the_account_page(busy, visit):
    clerk = visit("city.clerk")
    refused = clerk.send("/account/notices", {"mail": "daily", "quiet_from": "22:00"}, page="/account/")
    assert refused.status_code == 422
    clerk.send("/account/notices", {"mail": "daily", "quiet_from": "22:00", "quiet_to": "07:30"}, page="/account/")
    page = clerk.get("/account/").text
    assert '<option value="daily" selected>' in page
    assert 'value="07:30"' in page


def test_the_administrator_keeps_web_hooks_and_sees_what_was_sent(busy, visit):
    admin = visit("admin")
    made = admin.send(
        "/hooks/", {"name": "办公系统", "url": "https://office.test/in", "kinds": "reminder"}, page="/hooks/"
    )
    assert "签名密钥只显示这一次" in made.text
    assert "签名密钥只显示这一次" not in admin.get("/hooks/").text
    assert admin.send("/hooks/", {"name": "办公系统", "url": "nonsense"}, page="/hooks/").status_code == 422
    assert admin.get("/hooks/deliveries").status_code == 200
    assert visit("auditor").get("/hooks/deliveries").status_code == 200
    assert visit("manager").get("/hooks/").status_code == 403
