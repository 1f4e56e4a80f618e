from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from processes import clock
from processes.clock import MovableClock
from processes.identity import people, tokens
from processes.identity.actor import SYSTEM
from webapp.access import signed_in
from webapp.app import create_app
from webapp.settings import Settings
from webapp.visitors import current_actor


@pytest.fixture
def https_app(desk):
    desk.settings = Settings(**{**vars(desk.settings), "https": True, "proxies": (ip_network("127.0.0.1"),)})
    return create_app(desk)


@pytest.fixture
def program(app):
    """A program that asks who it is."""

    @signed_in
    def who():
        return {"login": current_actor().login}

    app.add_url_rule("/api/v1/who", "who", who, methods=["GET", "POST"])
    return app.test_client()


def basic(login, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()}


@pytest.mark.parametrize("path", ["/log-in", "/account/", "/nowhere", "/healthz", "/static/desk.css"])
def test_every_answer_carries_the_headers(visit, path):
    with visit("city.clerk").get(path) as answered:
        headers = answered.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", ["/log-in", "/account/", "/keys", "/nowhere"])
def test_pages_are_not_kept_by_browsers(visit, path):
    assert visit("city.clerk").get(path).headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_under_an_address_that_changes_with_them(visit):
    page = visit().get("/log-in").text
    address = re.search(r"/static/desk\.css\?v=[0-9a-f]{12}", page).group()
    with visit().get(address) as file:
        assert "max-age=31536000" in file.headers["Cache-Control"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visit):
    answered = visit().get("/log-in")
    (cookie,) = answered.headers.getlist("Set-Cookie")
    assert cookie.startswith("desk=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_behind_tls_the_cookie_is_bound_to_the_host(https_app):
    answered = https_app.test_client().get("/log-in", base_url="https://desk.example")
    (cookie,) = answered.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-desk=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert "max-age=31536000" in answered.headers["Strict-Transport-Security"]


def test_behind_tls_the_visitor_s_address_is_the_proxy_s_word(https_app, desk):
    client = https_app.test_client()
    token = re.search(
        r'csrf_token" value="([^"]+)"', client.get("/log-in", base_url="https://desk.example").text
    ).group(1)
    client.post(
        "/log-in",
        data={"login": "city.clerk", "password": "demo", "csrf_token": token},
        base_url="https://desk.example",
        headers={"X-Forwarded-For": "6.6.6.6, 10.7.7.7", "Referer": "https://desk.example/log-in"},
    )
    assert "10.7.7.7" in client.get("/account/", base_url="https://desk.example").text


def test_without_a_proxy_its_headers_are_not_believed(visit):
    visitor = visit("city.clerk")
    page = visitor.get("/account/", headers={"X-Forwarded-For": "6.6.6.6"}).text
    assert "6.6.6.6" not in page


@pytest.mark.parametrize("token", [None, "made-up"])
def test_a_forged_post_changes_nothing_and_is_told_kindly(visit, token):
    visitor = visit("city.clerk")
    answered = visitor.client.post("/log-out", data={"csrf_token": token} if token else {})
    assert answered.status_code == 400
    assert "页面已过期，未作任何更改" in answered.text
    assert visitor.get("/account/").status_code == 200


@pytest.mark.parametrize(("came", "given_back"), [("same-origin", True), ("cross-site", False), (None, False)])
def test_what_was_typed_while_the_session_ended_is_given_back(visit, came, given_back):
    visitor = visit()
    headers = {"Sec-Fetch-Site": came} if came else {}
    typed = {"csrf_token": "of another session", "advice": "建议增加<地质>专家", "agreed": "true"}
    answered = visitor.client.post("/tasks/00000000-0000-0000-0000-000000000000/complete", data=typed, headers=headers)
    assert answered.status_code == 400
    assert ("建议增加&lt;地质&gt;专家" in answered.text) is given_back
    assert "of another session" not in answered.text


def test_the_token_of_one_visitor_is_of_no_use_to_another(visit):
    mine, other = visit("city.clerk"), visit("manager")
    assert mine.client.post("/log-out", data={"csrf_token": other.token("/keys")}).status_code == 400


def test_every_post_form_hides_its_token(visit):
    for page in ("/account/", "/keys"):
        forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", visit("city.clerk").get(page).text, re.S)
        assert forms
        assert [each for each in forms if 'name="csrf_token"' not in each] == []


def test_pages_carry_no_script_and_no_style_of_their_own(visit):
    for page in ("/account/", "/keys", "/nowhere"):
        text = visit("city.clerk").get(page).text
        assert re.findall(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=|javascript:", text) == []


def test_a_program_shows_its_password_with_each_request(program):
    assert program.get("/api/v1/who", headers=basic("city.clerk", "demo")).json == {"login": "city.clerk"}
    assert program.post("/api/v1/who", headers=basic("city.clerk", "demo")).json == {"login": "city.clerk"}


def test_a_program_without_a_right_password_is_told_so_in_its_own_format(program):
    for headers in (
        {},
        basic("city.clerk", "wrong"),
        {"Authorization": "Bearer nothing"},
        {"Authorization": "Digest x"},
    ):
        answered = program.get("/api/v1/who", headers=headers)
        assert answered.status_code == 401
        assert answered.content_type == "application/problem+json"
        assert answered.headers["WWW-Authenticate"].startswith("Basic ")
        assert {"type", "title", "status", "detail"} <= set(answered.json)


def test_wrong_passwords_of_a_program_are_counted_too(program):
    for _ in range(5):
        program.get("/api/v1/who", headers=basic("city.clerk", "wrong"))
    assert "已暂停登录" in program.get("/api/v1/who", headers=basic("city.clerk", "demo")).json["detail"]


def test_a_password_that_was_right_is_not_right_after_it_was_changed(program, desk):
    assert program.get("/api/v1/who", headers=basic("manager", "demo")).status_code == 200
    with desk.db.transaction() as session:
        people.set_password(session, SYSTEM, people.person_by_login(session, "manager"), "Jialing-1949")
    assert program.get("/api/v1/who", headers=basic("manager", "demo")).status_code == 401
    assert program.get("/api/v1/who", headers=basic("manager", "Jialing-1949")).status_code == 200


def test_a_password_remembered_for_a_program_does_not_let_a_disabled_person_in(program, desk):
    program.get("/api/v1/who", headers=basic("manager", "demo"))
    with desk.db.transaction() as session:
        people.disable(session, SYSTEM, people.person_by_login(session, "manager"))
    assert program.get("/api/v1/who", headers=basic("manager", "demo")).status_code == 401


def test_a_bearer_token_opens_the_api_and_needs_no_form_token(program, desk):
    with desk.db.transaction() as session:
        who = people.person_by_login(session, "manager")
        token = tokens.create(session, people.actor_of(session, who, clock.today()), "统计程序")
    assert program.post("/api/v1/who", headers={"Authorization": f"Bearer {token}"}).json == {"login": "manager"}


def test_a_page_elsewhere_cannot_use_the_cookie_against_the_api(program, visit):
    visitor = visit("city.clerk")
    assert visitor.get("/api/v1/who").json == {"login": "city.clerk"}
    refused = visitor.client.post("/api/v1/who")
    assert refused.status_code == 400
    assert refused.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 400), ("same-site", 400), ("same-origin", 200), (None, 200)]
)
def test_a_password_that_a_browser_has_kept_cannot_be_used_by_another_site(program, site, status):
    headers = {**basic("city.clerk", "demo"), **({"Sec-Fetch-Site": site} if site else {})}
    assert program.post("/api/v1/who", headers=headers).status_code == status


def test_a_browser_is_not_asked_for_a_password_by_the_api(program):
    asked = program.get("/api/v1/who", headers={"Sec-Fetch-Mode": "cors"}).headers["WWW-Authenticate"]
    assert asked.startswith("Bearer ")


def test_a_wrong_authorization_is_not_healed_by_a_cookie(program, visit):
    assert visit("city.clerk").get("/api/v1/who", headers={"Authorization": "Bearer nothing"}).status_code == 401


def test_the_remembered_password_is_forgotten_after_five_minutes(program, monkeypatch):
    stopped = MovableClock(datetime(2026, 3, 9, 1, 0, tzinfo=UTC))
    compared = []
    matches = people.passwords.matches
    monkeypatch.setattr(people.passwords, "matches", lambda *given: compared.append(1) or matches(*given))
    with clock.running_on(stopped):
        for minutes in (0, 4, 2):
            stopped.advance(minutes=minutes)
            assert program.get("/api/v1/who", headers=basic("owner", "demo")).status_code == 200
    assert len(compared) == 2
