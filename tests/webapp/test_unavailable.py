from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from processes.db import sqlite_driver
from webapp.access import public


@pytest.fixture
def raising(app) -> Callable[[Exception], None]:
    """Let a page and the API raise what the database said."""

    def make(error):
        @public
        def view():
            raise error

        for path in ("/raise", "/api/v1/raise"):
            app.add_url_rule(path, path, view, methods=["GET", "POST"])

    return make


def said(text: str) -> OperationalError:
    return OperationalError("SELECT 1", {}, sqlite_driver.OperationalError(text))


PASSING = [
    said("database is locked"),
    said("write queue: timed out"),
    said("unable to open database file"),
    OperationalError("SELECT 1", {}, ConnectionError("server closed the connection unexpectedly")),
    NoConnectionFree("QueuePool limit of size 1 overflow 0 reached"),
]


@pytest.mark.parametrize("error", PASSING, ids=lambda each: type(each).__name__)
def test_a_database_that_does_not_answer_is_a_page_that_says_when_to_come_again(visit, raising, error):
    raising(error)
    for login in (None, "city.clerk"):
        page = visit(login).get("/raise")
        assert (page.status_code, page.headers["Retry-After"]) == (503, "3")
        assert "数据库暂时无法使用" in page.text
        assert page.headers["X-Request-ID"] in page.text
        assert "确认本次操作" not in page.text


def test_whoever_sent_a_form_is_told_that_it_may_be_sent_again_and_gets_the_words_back(visit, raising):
    raising(PASSING[0])
    page = visit("city.clerk").send("/raise", {"reason": "写了很久的理由"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 503
    assert "不会重复办理" in page.text
    assert "写了很久的理由" in page.text


def test_the_page_is_in_the_language_of_the_reader(visit, raising):
    raising(PASSING[0])
    assert 'lang="en"' in visit("city.clerk").get("/raise?lang=en").text


def test_a_program_is_told_by_a_problem(visit, raising):
    raising(PASSING[0])
    problem = visit().get("/api/v1/raise")
    assert (problem.status_code, problem.headers["Retry-After"]) == (503, "3")
    assert problem.json["type"] == "urn:chief-planner:database-unavailable"
    assert problem.json["reference"] == problem.headers["X-Request-ID"]


@pytest.mark.parametrize("driver", [sqlite_driver, sqlite3])
def test_a_mistake_of_the_program_is_a_fault_and_not_a_database_that_is_away(visit, raising, driver):
    raising(OperationalError("SELECT 1", {}, driver.OperationalError("no such table: nowhere")))
    assert visit().get("/raise").status_code == 500


def test_refusals_are_counted(visit, raising):
    raising(PASSING[0])
    visitor = visit()
    visitor.get("/raise")
    assert "chief_planner_database_unavailable_total 1.0" in visitor.get("/metrics").text


def test_a_full_disk_is_told_as_such(visit, raising):
    raising(said("database or disk is full"))
    page = visit("city.clerk").get("/raise")
    assert page.status_code == 507
    assert "磁盘空间不足" in page.text
    assert page.headers["X-Request-ID"] in page.text
