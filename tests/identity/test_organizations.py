from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from processes import audit
from processes.audit import AuditEntry
from processes.errors import Invalid, NotAllowed, NotFound
from processes.identity import organizations, people
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization
from processes.identity.organizations import Given, OrganizationFilter
from processes.sequences import next_number
from tests.factories import make_person

EMPLOYER = "渝江规划设计研究院"


@pytest.fixture
def database(database):
    audit.keep_trail(database, b"a key of the tests")
    return database


@pytest.fixture
def admin(session):
    return make_person(session, "admin", ("administrator", "city_bureau"))


@pytest.fixture
def city_clerk(session):
    return make_person(session, "city.clerk", ("city_bureau.clerk", "city_bureau"))


def shown(session, actor, **narrowed):
    rows, total = organizations.listing(session, actor, OrganizationFilter(**narrowed))
    assert total == len(rows)
    return [each.organization.id for each in rows]


@pytest.mark.parametrize("role", ["city_bureau.leader", "manager", "auditor", "process_owner"])
def test_organizations_are_kept_by_the_administrator_and_the_city_bureau_s_clerk_alone(session, role):
    other = make_person(session, "other", (role, "city_bureau"))
    for act in (
        lambda: organizations.listing(session, other, OrganizationFilter()),
        lambda: organizations.organization(session, other, "city_bureau"),
        lambda: organizations.add_employer(session, other, Given(EMPLOYER)),
        lambda: organizations.change(session, other, "city_bureau", Given("x")),
        lambda: organizations.confirm(session, other, "city_bureau"),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"search": "涪陵"}, ["gov:CQ-500102", "bureau:CQ-500102"]),
        ({"search": "hr_b"}, ["hr_bureau"]),
        ({"search": "%"}, []),
        ({"kind": "city_bureau"}, ["city_bureau"]),
        ({"unit_id": "CQ-500103", "kind": "district_bureau"}, ["bureau:CQ-500103"]),
        ({"state": "ended"}, ["gov:CQ-500103"]),
        ({"state": "unconfirmed", "search": "万州"}, ["bureau:CQ-500101"]),
    ],
)
def test_the_list_is_narrowed(session, admin, narrowed, found):
    session.get_one(Organization, "gov:CQ-500103").valid_to = date(2026, 3, 8)
    organizations.confirm(session, admin, "gov:CQ-500101")
    assert sorted(shown(session, admin, **narrowed)) == sorted(found)


def test_an_organization_where_nobody_could_take_in_a_letter_is_found(session, admin, clerk):
    bureau, gone = session.get_one(Organization, "bureau:CQ-500101"), session.get_one(Organization, "gov:CQ-500103")
    gone.valid_to = date(2026, 3, 8)
    before = shown(session, admin, state="unmanned")
    assert bureau.id in before
    assert gone.id not in before
    people.hold(session, SYSTEM, clerk, "district_bureau.clerk", bureau)
    after = shown(session, admin, state="unmanned")
    assert set(before) - set(after) == {bureau.id}
    assert organizations.unmanned_count(session, admin) == len(before) - 1


def test_the_list_begins_with_the_city_and_says_how_many_people_work_where(session, admin, city_clerk, clerk):
    people.hold(session, SYSTEM, clerk, "district_bureau.clerk", session.get_one(Organization, "bureau:CQ-500101"))
    leader = people.create_person(session, SYSTEM, "gone", "已离", "x", demonstration=True)
    bureau = session.get_one(Organization, "bureau:CQ-500101")
    people.hold(session, SYSTEM, leader, "district_bureau.leader", bureau, None, date(2026, 3, 8))
    rows, total = organizations.listing(session, admin, OrganizationFilter(), limit=4)
    assert total == 8
    assert [(each.organization.id, each.people) for each in rows] == [
        ("city_bureau", 2),
        ("hr_bureau", 0),
        ("bureau:CQ-500101", 1),
        ("gov:CQ-500101", 0),
    ]
    later, _total = organizations.listing(session, admin, OrganizationFilter(), sort="-unit", limit=1)
    assert later[0].unit is None or later[0].unit.id == "CQ-500103"


def test_an_employer_is_added_under_an_id_of_its_own(session, city_clerk):
    session.add(Organization(id="employer:2", kind="employer", name="早先登记的单位"))
    session.flush()
    made = [organizations.add_employer(session, city_clerk, Given(f" {EMPLOYER}{n} ")) for n in (1, 2)]
    assert [(each.id, each.name, each.confirmed) for each in made] == [
        ("employer:1", f"{EMPLOYER}1", True),
        ("employer:3", f"{EMPLOYER}2", True),
    ]
    assert next_number(session, "employer") == 4


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Given("  "), "name"),
        (Given("字" * 101), "name"),
        (Given("两\n行"), "name"),
        (Given("某院", "x\ty"), "name_en"),
        (Given("某院", "", date(2026, 2, 1), date(2026, 1, 31)), "valid_to"),
        (Given("早先登记的单位"), "name"),
    ],
)
def test_what_is_wrong_with_an_employer_is_told_at_the_field(session, city_clerk, given, field):
    organizations.add_employer(session, SYSTEM, Given("早先登记的单位"))
    with pytest.raises(Invalid) as refused:
        organizations.add_employer(session, city_clerk, given)
    assert list(refused.value.fields) == [field]


def test_a_corrected_name_is_a_checked_one_and_both_names_are_in_the_trail(database, time):
    with database.transaction() as session:
        bureau = Organization(id="bureau:x", kind="district_bureau", name="某区规划局", name_en="Bureau")
        session.add(bureau)
        session.flush()
        organizations.change(session, SYSTEM, "bureau:x", Given("某区规划局", "Bureau of X"))
        assert not bureau.confirmed, "the English name is none that papers print"
        organizations.change(session, SYSTEM, "bureau:x", Given("某区规划和自然资源局", "Bureau of X"))
        assert bureau.confirmed
        organizations.change(session, SYSTEM, "bureau:x", Given("某区规划和自然资源局", "Bureau of X"))
    with database.reading() as session:
        found = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        assert [(each.action, each.subject, each.detail) for each in found] == [
            ("organization.change", "organization:bureau:x", {"name_en": "Bureau of X", "name_en_before": "Bureau"}),
            (
                "organization.change",
                "organization:bureau:x",
                {"name": "某区规划和自然资源局", "name_before": "某区规划局"},
            ),
        ]


def test_the_clerk_changes_employers_and_nothing_else(session, city_clerk, admin):
    employer = organizations.add_employer(session, city_clerk, Given(EMPLOYER))
    organizations.change(session, city_clerk, employer.id, Given("新名", "", None, date(2026, 12, 31)))
    assert (employer.name, employer.valid_to) == ("新名", date(2026, 12, 31))
    for act in (organizations.change, organizations.confirm):
        with pytest.raises(NotAllowed, match="系统管理员"):
            act(session, city_clerk, "gov:CQ-500101", *([Given("x")] if act is organizations.change else []))
    organizations.change(session, admin, "gov:CQ-500101", Given("万州区人民政府"))
    assert session.get_one(Organization, "gov:CQ-500101").name == "万州区人民政府"


@pytest.mark.parametrize("kind", ["city_bureau", "hr_bureau"])
def test_a_bureau_of_the_city_never_ends(session, admin, kind):
    with pytest.raises(Invalid, match="不设起止日期"):
        organizations.change(session, admin, kind, Given("新名", "", None, date(2026, 1, 1)))


def test_an_organization_that_does_not_exist_is_not_found(session, admin):
    with pytest.raises(NotFound):
        organizations.change(session, admin, "employer:9", Given("x"))
