from __future__ import annotations

import re

import pytest
from sqlalchemy import event, select

from processes.audit import AuditEntry
from processes.identity.models import Organization

PATHS = ("/organizations/", "/organizations/new", "/organizations/city_bureau", "/organizations/gov:CQ-500101")
BUREAU = "/organizations/bureau:CQ-500101"


@pytest.fixture
def admin(visit):
    return visit("admin")


@pytest.fixture
def clerk(visit):
    return visit("city.clerk")


def send(visitor, path, data=None, page=None):
    page = page or path
    return visitor.send(path, {**visitor.hidden(page), **(data or {})}, page=page)


def names(page):
    return re.findall(r'<td class="cell-title"><a href="/organizations/[^"]+">([^<]+)</a>', page)


def organization(desk, organization_id):
    with desk.db.reading() as session:
        return session.get(Organization, organization_id)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("login", "status"),
    [("admin", 200), ("city.clerk", 200), ("owner", 403), ("auditor", 403), ("city.leader", 403), ("hr.clerk", 403)],
)
def test_organizations_are_for_those_who_keep_them(visit, path, login, status):
    visitor = visit(login)
    assert visitor.get(path).status_code == status
    assert ('href="/organizations/"' in visitor.get("/keys").text) == (status == 200)


@pytest.mark.parametrize("path", ["/organizations/new", BUREAU, f"{BUREAU}/confirm"])
def test_nobody_else_changes_one_with_a_form_of_his_own(visit, path):
    assert visit("city.leader").send(path, {"name": "某院"}).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=万州", {"重庆市万州区人民政府", "重庆市万州区规划和自然资源局"}),
        ("q=BUREAU:cq-500101", {"重庆市万州区规划和自然资源局"}),
        ("unit=CQ-500102&kind=district_government", {"重庆市涪陵区人民政府"}),
        ("kind=employer", set()),
        ("q=万州&state=ended", set()),
    ],
)
def test_the_list_is_narrowed_by_its_address(clerk, query, found):
    assert set(names(clerk.get(f"/organizations/?{query}").text)) == found


def test_the_list_is_paged_and_asks_the_database_a_fixed_number_of_times(admin, desk):
    asked = []
    event.listen(desk.db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    page = admin.get("/organizations/?size=100").text
    assert len(names(page)) > 70
    assert len([each for each in asked if not each.startswith("BEGIN")]) <= 15, asked
    assert len(names(admin.get("/organizations/?page=2").text)) == 20


def test_a_name_is_marked_until_somebody_has_checked_it(admin, desk):
    row = "重庆市万州区规划和自然资源局</a>"
    listed = admin.get("/organizations/?q=万州").text
    assert "名称待核对" in listed.split(row, 1)[1].split("</td>", 1)[0]
    assert "名称待核对" not in admin.get("/organizations/?kind=city_bureau").text.split("<tbody>", 1)[1]
    assert send(admin, f"{BUREAU}/confirm", page=BUREAU).status_code == 303
    assert organization(desk, "bureau:CQ-500101").confirmed
    assert "名称无误" not in admin.get(BUREAU).text
    assert names(admin.get("/organizations/?q=万州&state=unconfirmed").text) == ["重庆市万州区人民政府"]


def test_a_name_is_corrected_and_the_trail_tells_both(admin, visit, desk):
    answered = send(admin, BUREAU, {"name": "万州区规资局", "name_en": "W", "valid_from": "", "valid_to": ""})
    assert (answered.status_code, answered.location) == (303, BUREAU)
    assert "万州区规资局" in admin.get("/people/?organization=bureau:CQ-500101").text
    with desk.db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "organization.change")).one()
    page = visit("auditor").get(f"/audit/{entry.seq}").text
    for each in ("修改单位", "原名称", "重庆市万州区规划和自然资源局", "万州区规资局（bureau:CQ-500101）"):
        assert each in page, each


def test_an_employer_is_added_by_the_clerk_and_chosen_by_applicants(clerk, desk):
    filled = {"name": "渝江规划设计研究院", "name_en": "", "valid_from": "", "valid_to": ""}
    answered = send(clerk, "/organizations/new", filled)
    assert (answered.status_code, answered.location) == (303, "/organizations/employer:1")
    made = organization(desk, "employer:1")
    assert (made.name, made.kind, made.confirmed) == ("渝江规划设计研究院", "employer", True)
    with desk.db.reading() as session:
        offered = desk.house.options["employers"](session, {})
        assert [each.label.zh for each in offered] == ["渝江规划设计研究院"]
    assert send(clerk, "/organizations/employer:1", {**filled, "valid_to": "2020-01-31"}).status_code == 303
    with desk.db.reading() as session:
        assert desk.house.options["employers"](session, {}) == []


def test_a_repeated_click_adds_one_employer(clerk, desk):
    filled = {**clerk.hidden("/organizations/new"), "name": "某院"}
    first = clerk.send("/organizations/new", filled, page="/organizations/new")
    assert clerk.send("/organizations/new", filled, page="/organizations/new").location == first.location
    assert organization(desk, "employer:2") is None


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "某院", "valid_from": "1.2.2026"}, "valid_from"),
        ({"name": "某院", "valid_from": "2026-02-01", "valid_to": "2026-01-31"}, "valid_to"),
    ],
)
def test_what_is_wrong_stands_at_the_field_and_what_was_typed_is_kept(clerk, data, field):
    answered = send(clerk, "/organizations/new", {**data, "name_en": "Some Institute"})
    assert answered.status_code == 422
    assert f'id="{field}-error"' in answered.text
    assert 'value="Some Institute"' in answered.text


def test_the_clerk_reads_other_organizations_and_does_not_change_them(clerk, desk):
    page = clerk.get(BUREAU).text
    assert "由系统管理员维护" in page
    assert f'action="{BUREAU}' not in page
    assert clerk.send(BUREAU, {"name": "x"}).status_code == 403
    assert clerk.send(f"{BUREAU}/confirm").status_code == 403
    assert organization(desk, "bureau:CQ-500101").name == "重庆市万州区规划和自然资源局"


def test_an_organization_that_does_not_exist_is_not_found(admin):
    assert admin.get("/organizations/employer:9").status_code == 404
