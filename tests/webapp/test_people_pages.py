from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from processes import clock
from processes.audit import AuditEntry
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization, Person

PATHS = ("/people/", "/people/new", "/people/{id}", "/people/{id}/posts/new")
SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


@pytest.fixture
def admin(visit):
    return visit("admin")


def send(visitor, path, data=None, page=None):
    """Send a form as the page that holds it would."""
    return visitor.send(path, {**visitor.hidden(page or path), **(data or {})}, page=page or path)


def rows(page):
    return re.findall(r'<td class="cell-title"><a href="/people/[^"]+">([^<]+)</a>', page)


def acts(desk, login):
    with desk.db.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.subject == f"person:{login}", AuditEntry.actor == "赵管")
        return list(session.scalars(query.order_by(AuditEntry.seq)))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("login", ["owner", "manager", "auditor", "city.leader", "gov.500101"])
def test_people_are_for_the_administrator_alone(visit, person_of, path, login):
    assert visit(login).get(path.format(id=person_of("hr.clerk").id)).status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_the_administrator_opens_every_page_about_people(admin, person_of, path):
    assert admin.get(path.format(id=person_of("hr.clerk").id)).status_code == 200


@pytest.mark.parametrize("act", ["password", "disable", "enable", "sessions/end"])
def test_nobody_else_changes_an_account_even_with_a_form_of_his_own(visit, person_of, act):
    who = person_of("hr.clerk")
    assert visit("manager").send(f"/people/{who.id}/{act}").status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=吴莉", {"吴莉"}),
        ("q=HR.CLERK", {"吴莉"}),
        ("q=%25", set()),
        ("post=district_government.clerk", {"郑万", "冯涪"}),
        ("organization=gov:CQ-500101", {"郑万"}),
        ("post=district_bureau.clerk&organization=gov:CQ-500101", set()),
        ("state=disabled", {"孙敏"}),
        ("state=without_post", {"吴莉"}),
        ("post=hr_bureau.clerk", set()),
    ],
)
def test_the_list_is_narrowed_by_its_address(admin, desk, query, found):
    with desk.db.transaction() as session:
        people.disable(session, SYSTEM, people.person_by_login(session, "manager"))
        former = people.person_by_login(session, "hr.clerk")
        people.end_holding(session, SYSTEM, former.holdings[0], clock.today() - timedelta(days=1))
    assert set(rows(admin.get(f"/people/?{query}").text)) == found


@pytest.mark.parametrize(("sort", "first"), [("login", "赵管"), ("-login", "吴莉|孙敏|李程"), ("nonsense", "赵管")])
def test_the_list_is_sorted_by_its_address(admin, sort, first):
    assert re.fullmatch(first, rows(admin.get(f"/people/?sort={sort}").text)[0])


def test_the_list_asks_the_database_a_fixed_number_of_times_and_is_paged(admin, desk):
    with desk.db.transaction() as session:
        for number in range(30):
            who = people.create_person(session, SYSTEM, f"more{number:02}", f"人员{number:02}", "x", demonstration=True)
            people.hold(session, SYSTEM, who, "hr_bureau.clerk", session.get_one(Organization, "hr_bureau"))
    asked = []
    event.listen(desk.db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    page = admin.get("/people/?size=50").text
    assert len(rows(page)) == 40
    assert len([each for each in asked if not each.startswith("BEGIN")]) <= 15, asked
    assert len(rows(admin.get("/people/?page=2").text)) == 20


def test_a_person_is_added_with_a_password_that_is_told_once_and_lets_in(admin, visit, desk):
    answered = send(admin, "/people/new", {"login": "new.clerk", "name": "何新", "email": "", "mobile": ""})
    password = SECRET.search(answered.text)[1]
    place = re.search(r'href="(/people/[0-9a-f-]{36})/posts/new"', answered.text)[1]
    assert password not in admin.get(place).text
    assert visit().log_in("new.clerk", password).status_code == 303
    assert acts(desk, "new.clerk") == ["person.create"]


def test_a_repeated_click_adds_one_person(admin, desk):
    filled = {**admin.hidden("/people/new"), "login": "once", "name": "一次"}
    admin.send("/people/new", filled, page="/people/new")
    again = admin.send("/people/new", filled, page="/people/new")
    assert again.status_code == 303
    with desk.db.reading() as session:
        assert len(session.scalars(select(Person).where(Person.login == "once")).all()) == 1


@pytest.mark.parametrize(
    ("login", "name", "field"),
    [("x", "某人", "login"), ("admin", "某人", "login"), ("ADMIN", "某人", "login"), ("some", "  ", "name")],
)
def test_what_is_wrong_with_a_new_person_stands_at_the_field(admin, login, name, field):
    answered = send(admin, "/people/new", {"login": login, "name": name})
    assert answered.status_code == 422
    assert f'id="{field}-error"' in answered.text


def test_a_new_password_is_told_once_and_ends_all_sessions(admin, visit, person_of, desk):
    clerk, who = visit("hr.clerk"), person_of("hr.clerk")
    answered = send(admin, f"/people/{who.id}/password", page=f"/people/{who.id}")
    password = SECRET.search(answered.text)[1]
    assert clerk.get("/account/").status_code == 303
    assert visit().log_in("hr.clerk", "demo").status_code == 422
    assert visit().log_in("hr.clerk", password).status_code == 303
    assert password not in str(acts(desk, "hr.clerk"))
    assert acts(desk, "hr.clerk") == ["person.set_password"]


def test_somebody_who_is_disabled_is_out_at_once_and_may_be_let_in_again(admin, visit, person_of, desk):
    clerk, who = visit("hr.clerk"), person_of("hr.clerk")
    place = f"/people/{who.id}"
    send(admin, f"{place}/disable", page=place)
    assert clerk.get("/account/").status_code == 303
    assert visit().log_in("hr.clerk").status_code == 422
    send(admin, f"{place}/enable", page=place)
    assert visit().log_in("hr.clerk").status_code == 303
    assert acts(desk, "hr.clerk") == ["person.disable", "person.enable"]


def test_sessions_are_ended_from_outside(admin, visit, person_of, desk):
    clerk, who = visit("hr.clerk"), person_of("hr.clerk")
    place = f"/people/{who.id}"
    send(admin, f"{place}/sessions/end", page=place)
    assert clerk.get("/account/").status_code == 303
    assert acts(desk, "hr.clerk") == ["person.end_sessions"]


@pytest.mark.parametrize("act", ["password", "disable", "sessions/end"])
def test_nobody_locks_himself_out(admin, person_of, act):
    place = f"/people/{person_of('admin').id}"
    assert act not in admin.get(place).text
    assert admin.send(f"{place}/{act}").status_code == 409
    assert admin.get("/people/").status_code == 200


def test_a_post_is_offered_with_the_organizations_of_its_kind_alone(admin, person_of):
    place = f"/people/{person_of('gov.500101').id}/posts/new"
    page = admin.get(f"{place}?role=hr_bureau.leader").text
    assert re.findall(r'<option value="([^"]+)"', page) == ["hr_bureau"]
    districts = re.findall(r'<option value="([^"]+)"', admin.get(f"{place}?role=district_government.leader").text)
    assert len(districts) > 30
    assert all(each.startswith("gov:") for each in districts)
    assert "<select" not in admin.get(f"{place}?role=planner").text


def test_a_further_post_opens_its_places_from_its_first_day(admin, visit, person_of, desk):
    who = person_of("hr.clerk")
    place = f"/people/{who.id}/posts/new"
    tomorrow = clock.today() + timedelta(days=1)
    for role, first in (("manager", clock.today()), ("process_owner", tomorrow)):
        data = {"organization": "city_bureau", "valid_from": first.isoformat(), "valid_to": ""}
        assert send(admin, place, data, page=f"{place}?role={role}").status_code == 303
    assert visit("hr.clerk").get("/incidents/").status_code == 200
    assert visit("hr.clerk").get("/definitions/new").status_code == 403
    page = admin.get(f"/people/{who.id}").text
    assert "未到任" in page
    assert acts(desk, "hr.clerk") == ["post.hold", "post.hold"]


@pytest.mark.parametrize(
    ("login", "role"), [("hr.clerk", "administrator"), ("hr.clerk", "auditor"), ("auditor", "manager")]
)
def test_duties_apart_are_refused_at_the_field(admin, person_of, desk, login, role):
    who = person_of(login)
    place = f"/people/{who.id}/posts/new"
    data = {"organization": "city_bureau", "valid_from": "", "valid_to": ""}
    answered = send(admin, place, data, page=f"{place}?role={role}")
    assert answered.status_code == 422
    assert "三员分立" in answered.text.split('<p class="error">', 1)[1].split("</p>", 1)[0]
    with desk.db.reading() as session:
        assert len(session.get_one(Person, who.id).holdings) == 1


@pytest.mark.parametrize(
    ("data", "status", "text"),
    [
        ({"organization": "city_bureau"}, 422, "须设在相应类别的单位"),
        ({"organization": "hr_bureau", "valid_from": "2026-02-01", "valid_to": "2026-01-31"}, 422, "不能早于"),
        ({"organization": "hr_bureau", "valid_from": "1.2.2026"}, 422, "2026-01-31 的形式"),
        ({"organization": "nowhere"}, 422, "未找到该单位"),
        ({"organization": "hr_bureau"}, 409, "已任该岗位"),
    ],
)
def test_what_is_wrong_with_a_post_is_told(admin, person_of, data, status, text):
    place = f"/people/{person_of('hr.clerk').id}/posts/new"
    answered = send(admin, place, data, page=f"{place}?role=hr_bureau.clerk")
    assert answered.status_code == status
    assert text in answered.text


def test_a_post_ends_on_the_day_that_is_said(admin, person_of, desk):
    who = person_of("hr.clerk")
    page = admin.get(f"/people/{who.id}").text
    ending = re.search(rf'href="(/people/{who.id}/posts/[0-9a-f-]+/end)"', page)[1]
    assert "最后任职日" in admin.get(ending).text
    assert send(admin, ending, {"valid_to": ""}).status_code == 422
    yesterday = clock.today() - timedelta(days=1)
    assert send(admin, ending, {"valid_to": yesterday.isoformat()}).status_code == 303
    assert "已止" in admin.get(f"/people/{who.id}").text
    assert acts(desk, "hr.clerk") == ["post.end"]


def test_the_administrator_does_not_end_the_own_post(admin, person_of, desk):
    who = person_of("admin")
    with desk.db.reading() as session:
        holding = session.get_one(Person, who.id).holdings[0].id
    path = f"/people/{who.id}/posts/{holding}/end"
    assert send(admin, path, {"valid_to": "2026-01-31"}).status_code == 409
    assert admin.get("/people/").status_code == 200


def test_a_post_of_somebody_else_is_not_found_under_a_person(admin, person_of, desk):
    with desk.db.reading() as session:
        holding = session.get_one(Person, person_of("manager").id).holdings[0].id
    assert admin.get(f"/people/{person_of('hr.clerk').id}/posts/{holding}/end").status_code == 404


def test_a_password_of_the_administrator_s_making_opens_nothing_but_its_change(admin, visit, person_of):
    place = f"/people/{person_of('hr.clerk').id}"
    password = SECRET.search(send(admin, f"{place}/password", page=place).text)[1]
    clerk = visit()
    clerk.log_in("hr.clerk", password)
    assert clerk.get("/inbox").location == "/account/#password"
    assert "请先更改" in clerk.get("/account/").text
    basic = {"Authorization": "Basic " + b64encode(f"hr.clerk:{password}".encode()).decode()}
    assert visit().get("/api/v1/tasks", headers=basic).status_code == 403
    own = {"old_password": password, "password": "Weiyi-2026-x", "repeated": "Weiyi-2026-x"}
    assert "待本人更改" in admin.get(place).text
    assert send(clerk, "/account/password", own, page="/account/").status_code == 303
    assert clerk.get("/inbox").status_code == 200
    assert "待本人更改" not in admin.get(place).text
