"""What a completion costs through HTTP, everything counted: who asks, the operation key, the completion, the trail."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select, update

from processes import clock
from processes.engine import cases, definitions
from processes.engine.models import WorkItem
from processes.identity import log_in, people, tokens
from processes.identity.actor import SYSTEM
from processes.identity.models import ApiToken, LogInSession, Person
from processes.operation_keys import OperationKey
from tests.api.programs import Program
from tests.engine.costs import LETTER, MOST_STATEMENTS, REPLY, TWO_TASKS, Cost, units
from tests.webapp.visiting import Visitor

WAYS = ("page", "password", "token")


class Clerk:
    """Completes tasks in one of the ways, and tells what each request has cost."""

    def __init__(self, app, desk, way):
        self.desk, self.way = desk, way
        with desk.db.transaction() as session:
            who = people.person_by_login(session, "clerk")
            self.actor = people.actor_of(session, who, clock.today())
            token = tokens.create(session, self.actor, "统计程序")
            definitions.deploy(session, SYSTEM, "many", {"process.bpmn": LETTER.encode(), "forms/reply.json": REPLY})
            definitions.deploy(session, SYSTEM, "two", {"process.bpmn": TWO_TASKS.encode(), "forms/reply.json": REPLY})
        self.program = Program(app, token=token) if way == "token" else Program(app, "clerk")
        self.visitor = Visitor(app)
        if way == "page":
            assert self.visitor.log_in("clerk").status_code == 303
            self.csrf = self.visitor.token("/keys")
        for item in self.open(self.begin("many", 2)):  # what a process reads or compares once
            self.complete(item)

    def begin(self, key, count=0):
        with self.desk.db.transaction() as session:
            return cases.start(session, self.desk.house, self.actor, key, "p", {"units": units(count)}).id

    def open(self, case_id):
        query = select(WorkItem.id).where(WorkItem.case_id == case_id, WorkItem.status == "open")
        with self.desk.db.reading() as session:
            return list(session.scalars(query.order_by(WorkItem.instance_key)))

    def send(self, item, key=None):
        key = key or uuid4().hex
        if self.way == "page":
            sent = {"csrf_token": self.csrf, "_operation_key": key, "opinion": "同意", "advice": ""}
            return self.visitor.client.post(f"/tasks/{item}/complete", data=sent)
        body = {"data": {"opinion": "同意"}}
        return self.program.post(f"/tasks/{item}/complete", body, headers={"Idempotency-Key": key})

    def complete(self, item, key=None):
        with Cost(self.desk.db) as cost:
            response = self.send(item, key)
        assert response.status_code in (200, 303), response.text
        return cost


@pytest.fixture(params=WAYS)
def clerk(app, desk, request):
    return Clerk(app, desk, request.param)


def test_a_request_costs_the_same_alone_and_among_four_hundred(clerk):
    alone = clerk.complete(clerk.open(clerk.begin("many", 4))[0])
    (first_of_two,) = clerk.open(clerk.begin("two"))
    many = clerk.open(clerk.begin("many", 400))
    for cost in (alone, clerk.complete(many[0]), clerk.complete(many[1])):
        assert len(cost.statements) == len(alone.statements) <= MOST_STATEMENTS, cost.statements
        assert cost.commits == 1
        assert cost.bytes < alone.bytes + 64
    assert len(clerk.complete(first_of_two).statements) <= MOST_STATEMENTS


def test_no_request_takes_more_than_fifteen_statements_and_one_commit(clerk):
    costs = []
    for case_id in (clerk.begin("many", 38), clerk.begin("two")):
        for _ in range(2):
            costs += [clerk.complete(item) for item in clerk.open(case_id)]
    assert len(costs) == 38 + 1 + 2
    assert max(len(cost.statements) for cost in costs) <= MOST_STATEMENTS
    assert {cost.commits for cost in costs} == {1}


def test_the_use_of_a_session_or_token_is_written_down_in_the_same_commit(clerk, desk):
    long_ago = clock.now() - 2 * log_in.SEEN_EVERY
    with desk.db.transaction() as session:
        session.execute(update(LogInSession).values(seen_at=long_ago))
        session.execute(update(ApiToken).values(last_used_at=long_ago))
    (item,) = clerk.open(clerk.begin("two"))
    assert clerk.complete(item).commits == 1
    with desk.db.reading() as session:
        seen = session.scalar(select(LogInSession.seen_at)) if clerk.way == "page" else None
        used = session.scalar(select(ApiToken.last_used_at)) if clerk.way == "token" else None
    assert clerk.way == "password" or (seen or used) > long_ago


def test_a_request_that_comes_again_is_answered_as_the_first_and_costs_no_commit(clerk, desk):
    (item,) = clerk.open(clerk.begin("two"))
    clerk.complete(item, "a key")
    with Cost(desk.db) as cost:
        again = clerk.send(item, "a key")
    assert again.status_code == (303 if clerk.way == "page" else 200)
    assert cost.commits == 0
    if clerk.way != "page":
        assert again.headers["Idempotency-Replayed"] == "true"
    with desk.db.reading() as session:
        assert [each for each in session.scalars(select(OperationKey.key)) if each.endswith("a key")] != []


def test_a_key_that_was_used_for_another_task_is_refused_and_nothing_is_done(clerk):
    if clerk.way == "page":
        pytest.skip("see tests/webapp/test_operation_key.py")
    (first,), (second,) = clerk.open(clerk.begin("two")), clerk.open(clerk.begin("two"))
    clerk.complete(first, "a key")
    assert clerk.send(second, "a key").status_code == 422
    clerk.complete(second)


def test_of_two_clerks_the_second_is_told_who_was_first(app, clerk):
    (item,) = clerk.open(clerk.begin("two"))
    assert Program(app, "other").post(f"/tasks/{item}/complete", {"data": {"opinion": "同意"}}).status_code == 200
    refused = clerk.send(item)
    assert refused.status_code == 409
    assert "other" in refused.text


def test_a_password_is_compared_once_and_a_new_one_or_a_lock_out_ends_that(app, desk):
    program = Program(app, "clerk")
    costs = []
    for _ in range(3):
        with Cost(desk.db) as cost:
            assert program.get("/me").status_code == 200
        costs.append(len(cost.statements))
        assert cost.commits == 0
    assert costs[0] > costs[1] == costs[2]  # who compares a password asks first whether the name is locked
    assert Program(app, "clerk", password="wrong").get("/me").status_code == 401

    with desk.db.transaction() as session:
        who = people.person_by_login(session, "clerk")
        people.set_password(session, SYSTEM, who, "Gui-Hua-2026-Shi")
    assert program.get("/me").status_code == 401
    changed = Program(app, "clerk", password="Gui-Hua-2026-Shi")
    assert changed.get("/me").status_code == 200
    with desk.db.transaction() as session:
        people.disable(session, SYSTEM, session.get_one(Person, who.id))
    assert changed.get("/me").status_code == 401
