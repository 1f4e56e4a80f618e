from __future__ import annotations

import logging

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from processes.errors import Conflict, Invalid, NotAllowed, NotFound
from processes.messages import message
from webapp.access import public
from webapp.limits import LARGEST_REQUEST


@pytest.fixture
def raising(app):
    """Let a page and the API raise what a test gives."""

    def make(error):
        @public
        def view():
            raise error

        app.add_url_rule("/raise", "raise", view)
        app.add_url_rule("/api/v1/raise", "api_raise", view)

    return make


ERRORS = [
    (Invalid(message("截止日期不能早于今天。"), {"due": message("不能早于今天")}), 422),
    (NotAllowed(), 403),
    (NotFound(), 404),
    (Conflict(message("%(who)s已办结此任务。", who="李程")), 409),
]


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_a_person_reads_the_sentence_on_a_page_that_leads_on(visit, raising, error, status):
    raising(error)
    answered = visit().get("/raise", headers={"Referer": "http://localhost/keys?q=1"})
    assert answered.status_code == status
    assert str(error.text) in answered.text
    assert 'href="/keys?q=1"' in answered.text


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_a_program_reads_the_same_sentence_as_a_problem(visit, raising, error, status):
    raising(error)
    answered = visit().get("/api/v1/raise")
    assert (answered.status_code, answered.content_type) == (status, "application/problem+json")
    assert answered.json["detail"] == str(error.text)
    assert answered.json["type"] == f"urn:chief-planner:{error.code}"


def test_a_problem_names_the_field_of_each_error(visit, raising):
    raising(ERRORS[0][0])
    assert visit().get("/api/v1/raise").json["errors"] == {"due": "不能早于今天"}


def test_a_referrer_elsewhere_is_no_way_back(visit, raising):
    raising(NotFound())
    assert "evil.example" not in visit().get("/raise", headers={"Referer": "https://evil.example/x"}).text


def test_a_fault_gets_a_number_that_the_log_knows_and_keeps_what_was_typed_to_itself(visit, raising, caplog):
    raising(RuntimeError("身份证号 500101199001011234"))
    with caplog.at_level(logging.ERROR):
        answered = visit().get("/raise?q=秘密")
    assert answered.status_code == 500
    (record,) = [each for each in caplog.records if each.name == "webapp.errors"]
    reference = record.getMessage().split()[0]
    assert reference in answered.text
    assert "RuntimeError" in record.getMessage()
    for secret in ("500101199001011234", "秘密"):
        assert secret not in record.getMessage() + answered.text


@pytest.mark.parametrize(
    ("path", "status", "text"), [("/nowhere", 404, "未找到所请求的页面"), ("/log-out", 405, "不接受这种请求方式")]
)
def test_an_address_that_does_not_exist_or_does_not_listen(visit, path, status, text):
    answered = visit("city.clerk").get(path)
    assert answered.status_code == status
    assert text in answered.text
    assert "王海燕" in answered.text


def test_what_is_not_found_in_the_api_is_a_problem(visit):
    assert visit().get("/api/v1/nowhere").content_type == "application/problem+json"


def test_more_than_64_megabytes_are_refused_before_they_are_read(app):
    given = {**EnvironBuilder("/log-in", method="POST").get_environ(), "CONTENT_LENGTH": str(LARGEST_REQUEST + 1)}
    given["wsgi.input"] = Endless()
    given["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
    answered = run_wsgi_app(app.wsgi_app, given)
    assert answered[1].startswith("413")
    assert "超过 64 MB" in b"".join(answered[0]).decode()


class Endless:
    """An upload of which nothing may be read."""

    def read(self, size=-1):
        raise AssertionError("it was read")

    readline = read
