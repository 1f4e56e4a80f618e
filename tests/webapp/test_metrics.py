from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from processes import clock, workers
from processes.engine import cases, definitions
from processes.engine.models import Case, Incident, WorkItem
from processes.identity.actor import SYSTEM, Actor
from tests.engine.test_work import LETTER, REPLY
from tests.webapp.visiting import Visitor
from webapp.app import create_app

MOST_QUERIES = 12
LABELS = {"endpoint", "method", "status", "action", "le", "version", "python", "database"}


def figures(visitor, **headers):
    answered = visitor.get("/metrics", headers=headers)
    assert answered.status_code == 200
    assert answered.content_type.startswith("text/plain; version=")
    lines = (line.rpartition(" ") for line in answered.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _space, value in lines}


@pytest.fixture
def letter(desk):
    """A letter to two districts, one of whose answers is late."""
    with desk.db.transaction() as session:
        bundle = {"process.bpmn": LETTER.encode(), "forms/reply.json": REPLY}
        definitions.deploy(session, SYSTEM, "letter", bundle)
        units = {"CQ-500101": "CQ-500101", "CQ-500102": "CQ-500102"}
        case = cases.start(session, desk.house, SYSTEM, "letter", "p", {"units": units, "round": "首轮"})
        session.flush()
        items = session.query(WorkItem).filter_by(case_id=case.id).all()
        items[0].due_at = clock.now() - timedelta(days=1)
        session.get_one(Case, case.id).next_due = clock.now() - timedelta(seconds=60)
        session.add(
            Incident(case_id=case.id, at=clock.now(), status="open", element_id="reply", text="", action={})
        )  # fmt: skip
    return case


def test_what_stands_in_the_database_is_counted(visit, desk, letter):
    workers.Heartbeat(desk.db.engine, "here:1").beat()
    shown = figures(visit())
    assert shown['chief_planner_cases{status="running"}'] == 1
    assert shown['chief_planner_cases{status="completed"}'] == 0
    assert shown["chief_planner_work_items_open"] == 2
    assert shown["chief_planner_work_items_overdue"] == 1
    assert shown["chief_planner_incidents_open"] == 1
    assert 60 <= shown["chief_planner_timers_late_seconds"] < 120
    assert shown['chief_planner_jobs{status="waiting"}'] >= 2, "reminders"
    assert shown['chief_planner_jobs{status="failed"}'] == 0
    assert shown["chief_planner_workers"] == 1
    assert shown["chief_planner_worker_last_seen_timestamp_seconds"] > 0
    assert shown["chief_planner_database_up"] == 1
    (build,) = [name for name in shown if name.startswith("chief_planner_build_info")]
    assert 'database="sqlite"' in build


def test_requests_are_counted_by_the_name_of_the_view_and_nothing_else(visit):
    visitor = visit("city.clerk")
    before = figures(visitor)
    for path in ("/log-in?next=/a", "/keys?q=王海燕", "/nowhere/1", "/nowhere/2", "/tasks/no-id"):
        visitor.get(path)
    visitor.client.open("/keys", method="BREW")
    after = figures(visitor)
    new = {name: after[name] - before.get(name, 0) for name in after if name.startswith("chief_planner_requests")}
    assert new['chief_planner_requests_total{endpoint="home.keys",method="GET",status="200"}'] == 1
    assert new['chief_planner_requests_total{endpoint="none",method="GET",status="404"}'] == 3
    assert new['chief_planner_requests_total{endpoint="none",method="OTHER",status="405"}'] == 1
    assert after['chief_planner_request_seconds_count{endpoint="home.keys"}'] == 1


def test_acts_are_counted_when_they_are_committed(visit, desk, app):
    stranger = visit()
    before = figures(stranger).get('chief_planner_acts_total{action="person.log_in"}', 0)
    visit("city.clerk")
    kept = figures(stranger)['chief_planner_acts_total{action="person.log_in"}']
    assert kept - before == 1

    def refuse(_session):
        raise RuntimeError

    desk.db.before_commit.append(refuse)
    Visitor(app).log_in("city.clerk")
    desk.db.before_commit.remove(refuse)
    assert figures(stranger)['chief_planner_acts_total{action="person.log_in"}'] == kept


def test_no_label_says_anything_of_a_person(visit, desk, letter):
    visit("city.clerk").get("/keys?q=王海燕")
    text = visit().get("/metrics").text
    assert set(re.findall(r"[{,](\w+)=", text)) <= LABELS
    for secret in ("王海燕", "city.clerk", "500101", "127.0.0.1"):
        assert secret not in text


def test_the_figures_cost_a_few_queries(visit, desk, letter):
    stranger, asked = visit(), []
    event.listen(desk.db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    figures(stranger)
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)


def test_without_a_token_this_machine_alone_may_read_them_and_no_proxy_for_it(app):
    assert Visitor(app).get("/metrics").status_code == 200
    assert Visitor(app, address="10.0.0.7").get("/metrics").status_code == 403
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert Visitor(app).get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize(
    ("shown", "status"),
    [("Bearer right", 200), ("Bearer wrong", 401), ("Bearer ", 401), ("Basic cmlnaHQ6", 401), ("", 401)],
)
def test_with_a_token_whoever_shows_it_may_read_them(desk, shown, status):
    desk.settings = replace(desk.settings, metrics_token="right")
    visitor = Visitor(create_app(desk), address="10.0.0.7")
    assert visitor.get("/metrics", headers={"Authorization": shown} if shown else {}).status_code == status


def test_a_database_that_does_not_answer_takes_only_its_own_figures_away(visit, desk, monkeypatch):
    stranger = visit()
    desk.db.close()
    (desk.settings.home / "desk.db").unlink()
    (desk.settings.home / "desk.db").mkdir()
    shown = figures(stranger)
    assert shown["chief_planner_database_up"] == 0
    assert "chief_planner_work_items_open" not in shown
    assert shown["chief_planner_database_connections_in_use"] == 0


def test_connections_in_use_are_given_back(visit):
    visitor = visit("city.clerk")
    visitor.get("/inbox")
    shown = figures(visitor)
    assert shown["chief_planner_database_connections_in_use"] == 0
    assert shown["chief_planner_database_connections_most"] > 0


def test_an_act_of_somebody_is_counted_without_who(desk, visit):
    stranger = visit()
    with desk.db.transaction() as session:
        from_here = Actor(None, "某人")
        definitions.deploy(session, from_here, "letter", {"process.bpmn": LETTER.encode(), "forms/reply.json": REPLY})
    assert figures(stranger)['chief_planner_acts_total{action="definition.deploy"}'] == 1
