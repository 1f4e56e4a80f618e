from __future__ import annotations

import pytest

from processes.identity.posts import POSTS
from webapp.access import access_of, post_needed

PUBLIC = {
    "static",
    "calendar_feed.read",  # the address holds the secret of its owner
    "health.alive",
    "health.ready",
    "home.index",
    "home.language",
    "log_in.form",
    "log_in.submit",
    "monitoring.metrics",
    "rehearsal_entry.enter_as",  # on scratch desks alone, behind the door of the real one
}
"""What a stranger may see; a route that joins these is a decision, made here as well as there."""
PUBLIC_PARTS = ("apply.", "api.openapi", "help.")
"""Applicants come in by a public page, programs read what the API can do, and whoever cannot log in reads how."""


def test_every_route_says_for_whom_it_is(app):
    silent = [name for name, view in app.view_functions.items() if access_of(view) is None]
    assert silent == []


def test_what_is_public_is_on_the_list(app):
    public = {name for name, view in app.view_functions.items() if access_of(view).public}
    assert {name for name in public if not name.startswith(PUBLIC_PARTS)} == PUBLIC


def test_every_post_that_a_route_names_exists(app):
    named = {post for view in app.view_functions.values() for post in access_of(view).posts}
    assert named <= set(POSTS)


def test_a_stranger_gets_past_none_of_the_guarded_routes(app):
    client = app.test_client()
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if access_of(app.view_functions[rule.endpoint]).public or "GET" not in rule.methods:
            continue
        path = adapter.build(rule.endpoint, {name: _example(rule, name) for name in rule.arguments})
        answered = client.get(path)
        assert answered.status_code == (401 if path.startswith("/api/") else 303), path


def test_a_route_that_says_nothing_is_served_to_nobody(app, visit):
    app.add_url_rule("/silent", "silent", lambda: "secret")
    answered = visit("manager").get("/silent")
    assert answered.status_code == 500
    assert "secret" not in answered.text


@pytest.mark.parametrize(("login", "status"), [("owner", 200), ("manager", 403), (None, 303)])
def test_a_route_for_a_post_is_for_its_holders_alone(app, visit, login, status):
    app.add_url_rule("/owners", "owners", post_needed("process_owner")(lambda: "come in"))
    assert visit(login).get("/owners").status_code == status


def _example(rule, name):
    converter = rule._converters[name]
    examples = {"UUIDConverter": "00000000-0000-0000-0000-000000000001", "IntegerConverter": 1}
    return min(converter.items) if hasattr(converter, "items") else examples.get(type(converter).__name__, "x")
