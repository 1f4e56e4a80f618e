from __future__ import annotations

import json
import logging
import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.webapp.visiting import Visitor
from webapp import logs
from webapp.access import public
from webapp.app import create_app

PERSONAL = "王海燕 500101199001011234"
NUMBER = re.compile(r"[2-9a-hjkmnp-z]{10}")


@pytest.fixture
def logged(capsys, settings):
    """Let logging write as it does for these settings; gives the lines so far."""
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in ("webapp", "processes", "handlers")}
    found = []

    def lines():
        found.extend(capsys.readouterr().err.splitlines())
        return found

    def begin(log):
        logs.configure(replace(settings, log=log))
        found.clear()
        return lines

    yield begin
    root.handlers, root.level = kept, level
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)


def requests(lines):
    return [each for each in map(json.loads, lines) if each["event"] == "request"]


def test_a_request_is_one_line_without_what_was_looked_for_or_written(visit, logged):
    lines = logged("json")
    visitor = visit("city.clerk", address="10.9.8.7")
    answered = visitor.get("/cases/?q=王海燕")
    last = requests(lines())[-1]
    assert set(last) == {
        *("time", "level", "logger", "process", "event"),
        *("request", "method", "endpoint", "user", "status", "ms"),
    }
    assert (last["method"], last["endpoint"], last["status"]) == ("GET", "cases.index", 200)
    assert last["request"] == answered.headers["X-Request-ID"]
    assert NUMBER.fullmatch(last["request"])
    assert last["time"].endswith("+00:00")
    whole = "\n".join(lines())
    for secret in ("王海燕", "q=", "city.clerk", "demo", "10.9.8.7", "csrf"):
        assert secret not in whole


def test_the_same_person_has_the_same_mark_which_is_not_the_id(visit, person_of, logged):
    lines = logged("json")
    for login in ("city.clerk", "city.clerk", "manager"):
        visit(login).get("/keys")
    visit().get("/log-in")
    marks = [each["user"] for each in requests(lines()) if each["endpoint"] in ("home.keys",)]
    clerk, again, manager = marks
    assert clerk == again != manager
    assert re.fullmatch("[0-9a-f]{12}", clerk)
    assert clerk not in str(person_of("city.clerk").id).replace("-", "")
    assert requests(lines())[-1]["user"] is None


def test_another_secret_makes_other_marks(settings):
    other = replace(settings, secret="another secret")
    assert logs.pseudonym(settings, 1) != logs.pseudonym(other, 1)


def test_addresses_are_logged_only_when_asked_for(desk, logged):
    desk.settings = replace(desk.settings, log_addresses=True)
    lines = logged("json")
    Visitor(create_app(desk), address="10.9.8.7").get("/log-in")
    assert requests(lines())[-1]["address"] == "10.9.8.7"


def test_a_terminal_gets_lines_for_people(visit, logged):
    lines = logged("text")
    visit().get("/log-in?q=王海燕")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GET log_in.form 200 [0-9.]+ ms [0-9a-z]{10} -", lines()[-1])


def test_without_the_setting_faults_alone_are_logged(visit, logged):
    lines = logged("errors")
    visit("city.clerk").get("/keys")
    assert lines() == []


def test_what_machines_ask_every_few_seconds_is_logged_only_when_it_goes_wrong(visit, logged):
    lines = logged("json")
    for path in ("/healthz", "/metrics", "/readyz"):
        visit().get(path)
    assert [each["endpoint"] for each in requests(lines())] == ["health.ready"], "no worker, and no migration"


def test_every_answer_has_a_number_of_its_own_and_an_error_page_shows_it(visit):
    visitor = visit("city.clerk")
    pages = [visitor.get(path) for path in ("/keys", "/nowhere", "/people/", "/api/v1/nowhere")]
    numbers = [each.headers["X-Request-ID"] for each in pages]
    assert all(NUMBER.fullmatch(each) for each in numbers)
    assert len(set(numbers)) == len(numbers)
    for page in pages[1:3]:
        assert page.status_code >= 400
        assert "请求编号" in page.text
        assert page.headers["X-Request-ID"] in page.text


def test_a_number_that_a_visitor_brings_along_is_not_taken(visit):
    assert visit().get("/log-in", headers={"X-Request-ID": "mine"}).headers["X-Request-ID"] != "mine"


@pytest.mark.parametrize("log", ["json", "text", "errors"])
def test_a_fault_is_logged_with_its_place_and_without_its_words(app, visit, desk, logged, log):
    @public
    def view():
        with desk.db.reading() as session:
            session.execute(text("SELECT :name FROM nowhere"), {"name": PERSONAL})

    app.add_url_rule("/raise", "raise", view)
    lines = logged(log)
    answered = visit().get("/raise?q=秘密")
    assert answered.status_code == 500
    whole = "\n".join(lines())
    assert answered.headers["X-Request-ID"] in whole
    assert "OperationalError" in whole
    assert "test_logs.py" in whole
    for secret in (PERSONAL, "秘密"):
        assert secret not in whole


def test_what_a_library_logs_keeps_its_place_and_loses_its_words(logged):
    lines = logged("json")
    try:
        raise ValueError(PERSONAL) from KeyError(PERSONAL)
    except ValueError:
        logging.getLogger("some.library").exception("it failed")
    (line,) = lines()
    assert json.loads(line)["text"] == "it failed"
    assert "KeyError" in line
    assert PERSONAL not in line


def test_an_error_of_the_database_does_not_repeat_what_was_sent_to_it(database):
    with pytest.raises(Exception, match="hidden") as raised, database.reading() as session:
        session.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": PERSONAL})
    assert PERSONAL not in str(raised.value)
