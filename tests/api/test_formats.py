from __future__ import annotations

import json
import re

import pytest
from openapi_spec_validator import validate

from processes import clock
from processes.identity import people, tokens
from processes.identity.actor import SYSTEM
from tests.api.programs import DOCUMENT, Program, conforms
from tests.api.test_tasks_and_cases import the_task
from webapp.api.openapi import BASE
from webapp.api.routes import CALLS
from webapp.programs import PROBLEM

DEEP = "[" * 60 + "]" * 60
STRANGE = [
    "", "{", "[]", "1", "null", '"text"', "\x00", "﻿{}", '{"data": NaN}', '{"data": {"a": 1e999}}',
    '{"data": {"opinion": 123456789012345678901234567890}}', '{"data": {"opinion": "\\u0000"}}',
    '{"data": {"opinion": "\\ud800"}}', '{"data": {"\\u0000": 1}}', f'{{"data": {{"a": {DEEP}}}}}',
    '{"data": {"opinion": {"$int": "x"}}}', '{"data": {"opinion": true}}', '{"data": {"advice": -1e308}}',
    '{"data": {"__class__": "x"}}', '{"data": {"": ""}}', '{"data": null, "revision": true}', '{"revision": 1.5}',
    '{"data": {"opinion": [[], [[]]]}}', '{"reason": 5}', '{"to": {}, "reason": []}', '{"process": ["letter"]}',
    '{"process": "letter", "variables": {"units": 7}}', '{"process": "letter", "variables": {"units": [1, null, {}]}}',
    '{"process": "letter", "variables": {"units": {"a": "CQ-1"}, "case_id": 7}}', '{"name": "\\u0001", "data": []}',
    '{"process": "letter", "variables": {"units": {"a": {}}}}',
    '{"process": "\\u2028", "variables": {"a": "' + "x" * 9000 + '"}}',
    '{"name": "n", "correlation": "c", "data": {"": {"": [null]}}}', "[" * 100_000,
]  # fmt: skip


def test_the_document_is_valid_and_has_an_entry_for_each_route(app):
    validate(DOCUMENT)
    served = {
        (rule.rule.removeprefix(BASE).replace("<uuid:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.openapi"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert served == described
    assert len(described) == len(CALLS)


def test_the_document_is_for_everybody(programs):
    assert programs.nobody.get("/openapi.json").json == json.loads(json.dumps(DOCUMENT))


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_nobody_gets_nothing(app, call):
    path = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", call.path).replace("<name>", "units")
    response = Program(app).ask(call.method, path)
    assert (response.status_code, response.headers["WWW-Authenticate"][:5]) == (401, "Basic")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/tasks/not-an-id", 404),
        ("GET", "/tasks/00000000-0000-4000-8000-000000000000", 404),
        ("GET", "/cases/00000000-0000-4000-8000-000000000000", 404),
        ("GET", "/files/00000000-0000-4000-8000-000000000000", 404),
        ("GET", "/documents/00000000-0000-4000-8000-000000000000", 404),
        ("GET", "/definitions/00000000-0000-4000-8000-000000000000/diagram", 404),
        ("POST", "/tasks/00000000-0000-4000-8000-000000000000/claim", 404),
        ("GET", "/registers/nothing", 404),
        ("DELETE", "/tasks", 405),
        ("PUT", "/cases", 405),
        ("POST", "/me", 405),
    ],
)
def test_what_is_not_there_is_a_problem_too(programs, method, path, status):
    response = programs.owner.ask(method, path)
    assert response.status_code == status
    assert response.json["detail"]


def test_a_body_of_another_type_or_size_is_refused(programs, letter):
    path = f"/tasks/{the_task(programs.wanzhou)['id']}/complete"
    form = programs.wanzhou.ask("POST", path, data={"opinion": "同意"})
    assert form.status_code == 415
    large = programs.wanzhou.ask("POST", path, data=b" " * (9 * 1024 * 1024), content_type="application/json")
    assert large.status_code == 413
    assert programs.wanzhou.ask("POST", path, data=b"{", content_type="application/json").status_code == 400


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_strange_json_is_refused_and_never_a_fault(programs, letter, text):
    task, case = the_task(programs.wanzhou)["id"], letter["id"]
    calls = [
        (programs.wanzhou, f"/tasks/{task}/{act}")
        for act in ("draft", "complete", "transfer", "remind", "comment", "claim")
    ]
    calls += [(programs.clerk, "/cases"), (programs.owner, "/messages"), (programs.manager, f"/cases/{case}/suspend")]
    for program, path in calls:
        program.ask("POST", path, data=text.encode(errors="surrogatepass"), content_type="application/json")


@pytest.mark.parametrize(
    "value", ["%00", "%ff", "'", "%", "_", "\\", "x" * 600, "1e9", "-1", "💥", "%F0%9F", "2026-13-45"]
)
def test_strange_parameters_are_never_a_fault(programs, letter, value):
    names = {"/tasks": ("q", "process", "unit", "sort", "limit", "cursor", "overdue"),
             "/cases": ("q", "process", "stage", "parent", "sort"),
             "/registers/posts": ("q", "sort", "unit_id", "round_id", "seats", "case_id", "status", "nothing"),
             "/definitions": ("key", "cursor")}  # fmt: skip
    for path, each in names.items():
        for name in each:
            programs.owner.get(f"{path}?{name}={value}")


def test_a_token_is_as_good_as_the_password_until_it_is_taken_back(app, desk, programs):
    with desk.db.transaction() as session:
        clerk = people.actor_of(session, people.person_by_login(session, "clerk"), clock.today())
        token = tokens.create(session, clerk, "script")
    program = Program(app, token=token)
    assert program.get("/me").json["login"] == "clerk"
    with desk.db.transaction() as session:
        tokens.revoke(session, clerk, tokens.token_hash(token))
    assert program.get("/me").status_code == 401


def test_wrong_passwords_are_counted_and_lock(app, programs):
    assert programs.clerk.get("/me").status_code == 200
    wrong = Program(app, "clerk", "guess")
    for _ in range(5):
        assert wrong.get("/me").status_code == 401
    assert "暂停" in wrong.get("/me").json["detail"]
    assert programs.clerk.get("/me").status_code == 200, "a program that was right a moment ago goes on"


def test_a_new_password_ends_the_old_one_at_once(app, desk, programs):
    assert programs.clerk.get("/me").status_code == 200
    with desk.db.transaction() as session:
        people.set_password(session, SYSTEM, people.person_by_login(session, "clerk"), "Neues-Wort-77")
    assert programs.clerk.get("/me").status_code == 401
    assert Program(app, "clerk", "Neues-Wort-77").get("/me").status_code == 200


def test_strange_credentials_are_refused(app):
    for header in ("Basic", "Basic !!", "Basic AA==", "Basic AAAAOgA=", "Bearer", "Bearer x\xff", "Digest a=b", "x"):
        response = app.test_client().get(f"{BASE}/me", headers={"Authorization": header})
        assert response.status_code == 401, header
        conforms(app, "GET", "/me", response)


def test_a_cookie_changes_nothing_without_the_token_of_a_page(app, desk):
    browser = app.test_client()
    page = browser.get("/log-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    browser.post("/log-in", data={"csrf_token": token, "login": "clerk", "password": "demo"})
    assert browser.get(f"{BASE}/me").json["login"] == "clerk"
    forged = browser.post(f"{BASE}/cases", json={"process": "letter"})
    assert (forged.status_code, forged.content_type) == (400, PROBLEM)


def test_sentences_follow_the_language_of_the_program(programs):
    assert programs.owner.get("/tasks/00000000-0000-4000-8000-000000000000").json["detail"] == "没有这项任务。"
    english = programs.owner.get("/registers", headers={"Accept-Language": "en-GB,en;q=0.9"}).json["items"]
    chinese = programs.owner.get("/registers", headers={"Accept-Language": "zh-CN"}).json["items"]
    assert english[0]["title"].isascii()
    assert not chinese[0]["title"].isascii()


@pytest.mark.parametrize("path", ["/inbox?q=%00", "/cases/?q=%00", "/registers/posts?unit_id=%00"])
def test_a_page_refuses_what_no_database_takes(app, path):
    browser = app.test_client()
    token = browser.get("/log-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    browser.post("/log-in", data={"csrf_token": token, "login": "clerk", "password": "demo"})
    assert browser.get(path).status_code == 400
    assert browser.post("/log-in", data={"csrf_token": token, "login": "a\0b", "password": "x"}).status_code == 400
