from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from processes import clock
from processes.audit import AuditEntry
from processes.clock import MovableClock
from processes.identity import people
from processes.identity.actor import SYSTEM
from processes.identity.models import LogInSession
from webapp.addresses import own_address
from webapp.app import create_app

ACCOUNT = "/account/"


@pytest.fixture
def time():
    stopped = MovableClock(datetime(2026, 3, 9, 1, 0, tzinfo=UTC))
    with clock.running_on(stopped):
        yield stopped


def test_a_stranger_is_led_to_the_log_in_page_and_then_to_where_he_wanted(visit):
    stranger = visit()
    led = stranger.get(ACCOUNT + "?lang=zh")
    assert (led.status_code, led.location) == (303, "/log-in?next=/account/?lang%3Dzh")
    wanted = stranger.hidden(led.location)["next"]
    entered = stranger.log_in("city.clerk", next=wanted)
    assert (entered.status_code, entered.location) == (303, "/account/?lang=zh")
    assert "王海燕" in stranger.get(entered.location).text


def test_who_is_logged_in_is_not_asked_again(visit):
    assert visit("city.clerk").get("/log-in").location == "/"


@pytest.mark.parametrize(("login", "password"), [("city.clerk", "Guess-2026"), ("nobody", "Guess-2026")])
def test_a_wrong_password_and_an_unknown_name_get_the_same_page(visit, login, password):
    answered = visit().log_in(login, password)
    assert answered.status_code == 422
    assert "登录名或密码不正确。" in answered.text
    assert f'value="{login}"' in answered.text
    assert password not in answered.text


@pytest.mark.parametrize(
    ("login", "password", "missing"), [("", "", "登录名"), ("", "demo", "登录名"), ("city.clerk", "", "密码")]
)
def test_an_empty_field_is_named(visit, login, password, missing):
    answered = visit().log_in(login, password)
    assert answered.status_code == 422
    assert f"请填写{missing}</p>" in answered.text


def test_five_wrong_passwords_lock_the_name_and_the_lock_outlives_the_request(visit, time):
    for _ in range(5):
        visit().log_in("city.clerk", "wrong")
    assert "已暂停登录 10 分钟" in visit(address="10.1.1.1").log_in("city.clerk").text
    assert visit().log_in("manager").status_code == 303
    time.advance(minutes=10)
    assert visit().log_in("city.clerk").status_code == 303


def test_a_new_log_in_gets_a_new_session_and_ends_the_one_before(visit, desk):
    visitor = visit("city.clerk")
    earlier = visitor.client.get_cookie("desk").value
    visitor.client.post("/log-in", data={"login": "manager", "password": "demo", "csrf_token": visitor.token("/keys")})
    assert visitor.client.get_cookie("desk").value != earlier
    with desk.db.reading() as session:
        assert len(session.scalars(select(LogInSession)).all()) == 1


def test_a_cookie_from_before_the_log_in_opens_nothing(visit):
    visitor = visit()
    visitor.get("/log-in")
    planted = visitor.client.get_cookie("desk").value
    visitor.log_in("city.clerk")
    attacker = visit()
    attacker.client.set_cookie("desk", planted)
    assert attacker.get(ACCOUNT).status_code == 303


def test_logging_out_ends_the_session_in_the_database_too(visit):
    visitor = visit("city.clerk")
    stolen = visitor.client.get_cookie("desk").value
    out = visitor.send("/log-out")
    assert (out.status_code, out.location) == (303, "/log-in")
    assert out.headers["Clear-Site-Data"] == '"cache"'
    assert "您已退出。" in visitor.get("/log-in").text
    thief = visit()
    thief.client.set_cookie("desk", stolen)
    assert thief.get(ACCOUNT).status_code == 303


def test_half_an_hour_without_use_asks_to_log_in_again_and_says_why(visit, time):
    visitor = visit("city.clerk")
    time.advance(minutes=29)
    assert visitor.get(ACCOUNT).status_code == 200
    time.advance(minutes=29)
    assert visitor.get(ACCOUNT).status_code == 200
    time.advance(minutes=30)
    assert "登录已超时" in visitor.get(ACCOUNT, follow_redirects=True).text


def test_a_person_disabled_meanwhile_is_out_with_the_next_click(visit, desk):
    visitor = visit("city.clerk")
    with desk.db.transaction() as session:
        people.disable(session, SYSTEM, people.person_by_login(session, "city.clerk"))
    assert visitor.get(ACCOUNT).status_code == 303


def test_the_trail_names_who_logged_in_and_from_where(visit, desk):
    visit("city.clerk", address="10.2.3.4")
    with desk.db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.log_in")).one()
    assert (entry.actor, entry.subject, entry.address) == ("王海燕", "person:city.clerk", "10.2.3.4")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "log-in",
        "",
        None,
    ],
)
def test_an_address_outside_the_desk_is_not_followed(wanted):
    assert own_address(wanted) is None


def test_a_forged_way_on_leads_to_the_front_page(visit):
    assert visit().log_in("city.clerk", next="//evil.example/").location == "/"


def test_only_the_demonstration_shows_log_ins(desk, visit):
    assert "gov.500101" not in visit().get("/log-in").text
    desk.settings = type(desk.settings)(**{**vars(desk.settings), "demonstration": True})
    page = create_app(desk).test_client().get("/log-in").text
    assert "gov.500101" in page
    assert "planner.CP001" not in page  # nobody of that name is in this database
    assert "演示环境" in page


def test_a_demonstration_log_in_is_filled_in_by_a_click(visit):
    assert 'value="gov.500101"' in visit().get("/log-in?login=gov.500101").text
