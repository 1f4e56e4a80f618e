from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask, request
from sqlalchemy import select

from processes import clock, operation_keys
from processes.clock import MovableClock
from processes.identity.models import ApiToken
from processes.operation_keys import OperationKey
from webapp.access import signed_in
from webapp.operation_key import once
from webapp.visitors import current_actor

NAME = {"name": "统计程序"}


@pytest.fixture
def names(desk):
    """The tokens in the database, by name: what the form that is tried here makes."""

    def find():
        with desk.db.reading() as session:
            return sorted(session.scalars(select(ApiToken.name)))

    return find


def key_of(visitor, action="/account/tokens"):
    return visitor.hidden("/account/", action)["_operation_key"]


def test_every_form_is_drawn_with_a_key_of_its_own(visit):
    visitor = visit("city.clerk")
    assert key_of(visitor) != key_of(visitor)


def test_a_form_that_is_sent_twice_acts_once_and_shows_the_first_result(visit, names):
    visitor = visit("city.clerk")
    sent = {**NAME, "_operation_key": key_of(visitor)}
    first, second = visitor.send("/account/tokens", sent), visitor.send("/account/tokens", sent)
    assert first.status_code == 200
    assert (second.status_code, second.location) == (303, "/account/#tokens")
    assert names() == ["统计程序"]


def test_two_forms_act_twice(visit, names):
    visitor = visit("city.clerk")
    for _ in range(2):
        visitor.send("/account/tokens", {**NAME, "_operation_key": key_of(visitor)})
    assert names() == ["统计程序", "统计程序"]


def test_a_key_used_again_for_something_else_is_refused_and_the_first_result_is_shown(visit, names):
    visitor = visit("city.clerk")
    key = key_of(visitor)
    visitor.send("/account/tokens", {**NAME, "_operation_key": key})
    changed = visitor.send("/account/tokens", {"name": "另一程序", "_operation_key": key})
    assert changed.status_code == 409
    assert "此表单已经提交过" in changed.text
    assert 'href="/account/#tokens"' in changed.text
    assert names() == ["统计程序"]


def test_the_key_of_another_person_tells_nothing(visit, names):
    visitor, other = visit("city.clerk"), visit("manager")
    sent = {**NAME, "_operation_key": key_of(visitor)}
    visitor.send("/account/tokens", sent)
    refused = other.send("/account/tokens", sent)
    assert refused.status_code == 409
    assert "/account/#tokens" not in refused.text
    assert names() == ["统计程序"]


def test_what_was_refused_may_be_sent_again_with_the_same_key(visit, names):
    visitor = visit("city.clerk")
    key = key_of(visitor)
    assert visitor.send("/account/tokens", {"name": "", "_operation_key": key}).status_code == 422
    assert visitor.send("/account/tokens", {**NAME, "_operation_key": key}).status_code == 200
    assert names() == ["统计程序"]


@pytest.mark.parametrize("key", ["x" * 65, "键", "a\nb"])
def test_a_key_that_is_none_is_refused(visit, names, key):
    assert visit("city.clerk").send("/account/tokens", {**NAME, "_operation_key": key}).status_code == 422
    assert names() == []


def test_eight_clicks_at_once_act_once(app: Flask, visit, names):
    visitor = visit("city.clerk")
    sent = {**NAME, **visitor.hidden("/account/", "/account/tokens")}
    cookie = visitor.client.get_cookie("desk").value
    answers = []

    def click():
        client = app.test_client()
        client.set_cookie("desk", cookie)
        answers.append(client.post("/account/tokens", data=sent).status_code)

    threads = [threading.Thread(target=click) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [200] + [303] * 7
    assert names() == ["统计程序"]


@pytest.fixture
def read_twice(app):
    """A form with a file whose content is read by the action after its key was taken."""
    read = []

    @signed_in
    def take_file():
        with once() as operation:
            read.append((current_actor().login, request.files["file"].read()))
            return operation.done("/done")

    app.add_url_rule("/take-file", "take_file", take_file, methods=["POST"])
    return read


def test_files_are_part_of_what_was_sent_and_still_readable_by_the_action(visit, read_twice):
    visitor = visit("city.clerk")
    key = key_of(visitor)

    def send(content):
        return visitor.send("/take-file", {"_operation_key": key, "file": (BytesIO(content), "a.pdf")})

    assert send(b"first").location == "/done"
    assert send(b"first").location == "/done"
    assert send(b"other").status_code == 409
    assert read_twice == [("city.clerk", b"first")]


def test_a_key_is_taken_once_on_either_database(database):
    with database.transaction() as session:
        assert operation_keys.take(session, "k", None, "/path", "body") is None
        operation_keys.finish(session, "k", 303, "/result")
    with database.transaction() as session:
        earlier = operation_keys.take(session, "k", None, "/path", "body")
        assert earlier.is_of(None, "/path", "body")
        assert not earlier.is_of(None, "/path", "other")
        assert (earlier.status, earlier.location) == (303, "/result")


def test_a_key_of_a_transaction_that_failed_is_free_again(database):
    with suppress(RuntimeError), database.transaction() as session:
        operation_keys.take(session, "k", None, "/path", "body")
        raise RuntimeError
    with database.transaction() as session:
        assert operation_keys.take(session, "k", None, "/path", "body") is None


def test_keys_are_swept_after_thirty_days(database):
    time = MovableClock(datetime(2026, 3, 9, tzinfo=UTC))
    with clock.running_on(time):
        for key, days in (("old", 1), ("new", 30)):
            with database.transaction() as session:
                operation_keys.take(session, key, None, "/path", "body")
            time.advance(days=days)
        with database.transaction() as session:
            operation_keys.sweep(session)
            assert session.scalars(select(OperationKey.key)).all() == ["new"]
