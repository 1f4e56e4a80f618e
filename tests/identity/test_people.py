from __future__ import annotations

from datetime import date, timedelta

import pytest

from processes import clock
from processes.errors import Conflict, Invalid, NotFound
from processes.identity import people, tokens, units
from processes.identity.actor import SYSTEM, Actor
from processes.identity.models import Organization
from processes.identity.posts import APART, POSTS
from tests.factories import make_organizations
from tests.identity.conftest import PASSWORD

TODAY = date(2026, 3, 9)


@pytest.fixture
def session(sqlite_database, time):
    """The rules are the same on both databases; what asks the database in its own words is tried on both below."""
    with sqlite_database.transaction() as session:
        make_organizations(session)
        yield session


@pytest.fixture
def hold(session, clerk):
    """Give the clerk a post, at an organization of the right kind."""
    places = {"district_government": "gov:CQ-500101", "district_bureau": "bureau:CQ-500101"}
    session.add(Organization(id="employer:1", kind="employer", name="市规划设计研究院"))

    def give(role, valid_from=None, valid_to=None, organization_id=None):
        kind = POSTS[role].organization_kind
        wanted = organization_id or ("employer:1" if kind == "employer" else places.get(kind or "", kind))
        organization = session.get_one(Organization, wanted) if wanted else None
        return people.hold(session, SYSTEM, clerk, role, organization, valid_from, valid_to)

    return give


@pytest.mark.parametrize("role", sorted(POSTS))
def test_every_post_can_be_held(session, clerk, hold, role):
    hold(role)
    assert people.actor_of(session, clerk, TODAY).has(role)


@pytest.mark.parametrize(
    ("apart", "other"), [(apart, other) for apart in sorted(APART) for other in POSTS if other != apart]
)
def test_administrator_and_auditor_hold_no_other_post(hold, apart, other):
    hold(other)
    with pytest.raises(Invalid, match="三员分立"):
        hold(apart)


@pytest.mark.parametrize("apart", sorted(APART))
def test_nothing_is_added_to_a_post_apart(hold, apart):
    hold(apart)
    with pytest.raises(Invalid, match="三员分立"):
        hold("city_bureau.clerk")


def test_an_auditor_may_become_a_clerk_after_the_last_day(session, clerk, hold):
    hold("auditor", valid_to=TODAY)
    hold("city_bureau.clerk", valid_from=TODAY + timedelta(days=1))
    assert not people.actor_of(session, clerk, TODAY).has("city_bureau.clerk")
    assert not people.actor_of(session, clerk, TODAY + timedelta(days=1)).has("auditor")


def test_the_days_of_two_posts_apart_may_not_touch(hold):
    hold("auditor", valid_to=TODAY)
    with pytest.raises(Invalid, match="三员分立"):
        hold("city_bureau.clerk", valid_from=TODAY)


def test_a_person_holds_several_posts_with_their_units(session, clerk, hold):
    hold("district_government.clerk")
    hold("district_bureau.clerk", organization_id="bureau:CQ-500102")
    actor = people.actor_of(session, clerk, TODAY)
    assert actor.units() == {"CQ-500101", "CQ-500102"}
    assert actor.units("district_government.clerk") == {"CQ-500101"}


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "held"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + timedelta(days=1), None, False),
        (None, TODAY - timedelta(days=1), False),
    ],
)
def test_a_post_is_held_from_its_first_to_its_last_day(session, clerk, hold, valid_from, valid_to, held):
    hold("city_bureau.clerk", valid_from, valid_to)
    assert people.actor_of(session, clerk, TODAY).has("city_bureau.clerk") is held


def test_a_post_at_a_dissolved_government_ends_with_it(session, clerk, hold):
    units.load_units(session)
    hold("district_government.clerk", organization_id="gov:CQ-500105")
    assert people.actor_of(session, clerk, date(2026, 1, 24)).has("district_government.clerk")
    assert not people.actor_of(session, clerk, date(2026, 1, 25)).has("district_government.clerk")


def test_the_same_post_is_not_held_twice_at_once(hold):
    hold("city_bureau.clerk", valid_to=TODAY)
    with pytest.raises(Conflict, match="已任该岗位"):
        hold("city_bureau.clerk", valid_from=TODAY)


@pytest.mark.parametrize(
    ("role", "organization_id", "why"),
    [
        ("city_bureau.clerk", "hr_bureau", "相应类别"),
        ("city_bureau.clerk", None, "相应类别"),
        ("district_bureau.clerk", "gov:CQ-500101", "相应类别"),
        ("planner", "city_bureau", "不属于任何单位"),
        ("city_bureau.king", "city_bureau", "没有“city_bureau.king”"),
    ],
)
def test_a_post_belongs_to_its_kind_of_organization(session, clerk, role, organization_id, why):
    organization = session.get(Organization, organization_id) if organization_id else None
    with pytest.raises(Invalid, match=why):
        people.hold(session, SYSTEM, clerk, role, organization)


def test_a_post_does_not_end_before_it_begins(session, hold):
    with pytest.raises(Invalid, match="不能早于"):
        hold("manager", TODAY, TODAY - timedelta(days=1))
    with pytest.raises(Invalid, match="不能早于"):
        people.end_holding(session, SYSTEM, hold("manager", TODAY), TODAY - timedelta(days=1))


def test_an_ended_post_is_held_through_its_last_day(session, clerk, hold):
    people.end_holding(session, SYSTEM, hold("manager"), TODAY)
    assert people.actor_of(session, clerk, TODAY).has("manager")
    assert not people.actor_of(session, clerk, TODAY + timedelta(days=1)).has("manager")


def test_the_holders_of_a_post_are_those_of_the_day_who_may_log_in(database):
    role, place, tomorrow = "city_bureau.clerk", "city_bureau", TODAY + timedelta(days=1)
    with database.transaction() as session:
        make_organizations(session)
        bureau = session.get_one(Organization, place)
        who = people.create_person(session, SYSTEM, "Wang.Haiyan", "王海燕", PASSWORD)
        people.hold(session, SYSTEM, who, role, bureau, valid_to=TODAY)
        assert people.person_by_login(session, "wang.haiyan") is who
        assert people.holders(session, role, place, TODAY) == [who]
        assert people.holders(session, role, place, tomorrow) == []
        assert people.actor_of(session, who, TODAY).has(role)
        assert not people.actor_of(session, who, tomorrow).has(role)
        people.disable(session, SYSTEM, who)
        assert people.holders(session, role, place, TODAY) == []


@pytest.mark.parametrize("login", ["", "a", "a b", "名字", "-a", "a" * 64, "a/b"])
def test_a_log_in_name_is_plain(session, login):
    with pytest.raises(Invalid) as refused:
        people.create_person(session, SYSTEM, login, "李程", PASSWORD)
    assert set(refused.value.fields) == {"login"}


def test_two_people_do_not_share_a_log_in_name(session, clerk):
    with pytest.raises(Invalid, match="已有人使用"):
        people.create_person(session, SYSTEM, " Wang.Haiyan ", "王海雁", PASSWORD)


def test_a_weak_password_is_for_a_demonstration_alone(session):
    with pytest.raises(Invalid):
        people.create_person(session, SYSTEM, "li.cheng", "李程", "demo")
    assert people.create_person(session, SYSTEM, "li.cheng", "李程", "demo", demonstration=True).login == "li.cheng"


def test_who_changes_a_password_must_know_the_old_one(session, clerk):
    me = Actor(clerk.id, clerk.name, clerk.login)
    with pytest.raises(Invalid) as refused:
        people.change_password(session, me, "a guess", "Jialing-1949")
    assert set(refused.value.fields) == {"old_password"}
    people.change_password(session, me, PASSWORD, "Jialing-1949")
    with pytest.raises(Invalid, match="不能与原密码相同"):
        people.change_password(session, me, "Jialing-1949", "Jialing-1949")


def test_an_unknown_person_is_not_found(session):
    with pytest.raises(NotFound, match=r"nobody"):
        people.person_by_login(session, "nobody")


def test_a_token_lets_a_program_act_until_it_is_taken_back(session, clerk, time):
    me = Actor(clerk.id, clerk.name, clerk.login)
    token = tokens.create(session, me, "统计程序")
    assert tokens.token_person(session, token) == (clerk, True)
    tokens.used(session, token)
    assert tokens.token_person(session, token) == (clerk, False)
    time.advance(minutes=1)
    assert tokens.token_person(session, token) == (clerk, True)
    (kept,) = tokens.tokens_of(session, me)
    assert kept.last_used_at == clock.now() - timedelta(minutes=1)
    assert token not in kept.token_hash
    tokens.revoke(session, me, kept.token_hash)
    session.flush()
    assert tokens.token_person(session, token) is None


def test_nobody_takes_back_the_token_of_another(session, clerk):
    tokens.create(session, Actor(clerk.id, clerk.name, clerk.login), "统计程序")
    other = people.create_person(session, SYSTEM, "li.cheng", "李程", PASSWORD)
    (kept,) = tokens.tokens_of(session, Actor(clerk.id, clerk.name))
    with pytest.raises(NotFound):
        tokens.revoke(session, Actor(other.id, other.name), kept.token_hash)


def test_the_tokens_of_a_disabled_person_open_nothing(session, clerk):
    token = tokens.create(session, Actor(clerk.id, clerk.name), "统计程序")
    people.disable(session, SYSTEM, clerk)
    people.enable(session, SYSTEM, clerk)
    session.flush()
    assert tokens.token_person(session, token) is None


@pytest.mark.parametrize("name", ["", "   ", "长" * 61])
def test_a_token_says_what_it_is_for(session, clerk, name):
    with pytest.raises(Invalid):
        tokens.create(session, Actor(clerk.id, clerk.name), name)


def test_a_person_has_twenty_tokens_at_most(session, clerk):
    me = Actor(clerk.id, clerk.name)
    for number in range(20):
        tokens.create(session, me, f"程序 {number}")
    with pytest.raises(Invalid, match="最多 20 个"):
        tokens.create(session, me, "又一个")
