"""What a completion costs, whatever it is one of; times are no matter of tests, see docs/performance.md."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from processes import audit
from processes.engine import cases, work
from processes.engine.door import thawed
from processes.engine.models import Case, CaseValue, FormDraft, WorkItem
from processes.engine.packages import package
from processes.errors import Conflict
from processes.identity.actor import SYSTEM
from tests.engine.costs import LETTER, MOST_STATEMENTS, REPLY, TWO_TASKS, Cost, units

AGREED = {"opinion": "同意"}


@pytest.fixture
def desk(database, house, people, deploy):
    """The two diagrams, a trail, and everything that a process reads once."""
    audit.keep_trail(database, b"key")
    deploy(LETTER, "letter", reply=REPLY)
    deploy(TWO_TASKS, "two", reply=REPLY)

    class Desk:
        def begin(self, key, count=0):
            with database.transaction() as session:
                return cases.start(session, house, people.clerk, key, "p", {"units": units(count)}).id

        def open(self, case_id):
            query = select(WorkItem.id).where(WorkItem.case_id == case_id, WorkItem.status == "open")
            with database.reading() as session:
                return list(session.scalars(query.order_by(WorkItem.instance_key)))

        def complete(self, item_id, answers=None):
            with Cost(database) as cost, database.transaction() as session:
                work.complete(session, house, people.clerk, item_id, answers or AGREED)
            return cost

        def open_tasks(self, case_id):
            with database.reading() as session:
                case = session.get_one(Case, case_id)
                run = thawed(session, house, SYSTEM, case, package(session, case.definition_id))
                return {task.id: (task.instance_key, dict(task.data)) for task in run.open_tasks()}

    made = Desk()
    for item in made.open(made.begin("letter", 2)):
        made.complete(item)
    return made


def complete_all(desk, case_id):
    """The costs of all that are open now, one after the other."""
    return [desk.complete(item) for item in desk.open(case_id)]


def test_a_completion_costs_the_same_alone_and_among_four_hundred(desk):
    alone = desk.complete(desk.open(desk.begin("letter", 4))[0])
    for count in (38, 400):
        case_id = desk.begin("letter", count)
        for item in desk.open(case_id)[:2]:
            cost = desk.complete(item)
            assert [each.split(" WHERE")[0] for each in cost.statements] == [
                each.split(" WHERE")[0] for each in alone.statements
            ]
            assert cost.commits == 1
            assert cost.bytes < alone.bytes + 64  # numbers grow by a digit


def test_no_completion_takes_more_than_fifteen_statements_and_one_commit(desk):
    two = desk.begin("two")
    costs = [*complete_all(desk, two), *complete_all(desk, two)]
    letter = desk.begin("letter", 38)
    costs += complete_all(desk, letter)
    costs += complete_all(desk, letter)
    assert len(costs) == 2 + 38 + 1
    for cost in costs:
        assert len(cost.statements) <= MOST_STATEMENTS - 2, cost.statements  # two are for the request around it
        assert cost.commits == 1


def test_the_skeleton_of_a_case_does_not_grow_with_the_tasks_that_are_open_at_once(database, desk):
    sizes = []
    for count in (4, 38, 400):
        case_id = desk.begin("letter", count)
        desk.complete(desk.open(case_id)[0])
        with database.reading() as session:
            sizes.append(session.scalar(select(func.length(Case.skeleton)).where(Case.id == case_id)))
    assert max(sizes) < 1000
    assert max(sizes) - min(sizes) < 100


def test_what_is_kept_with_work_items_is_restored_exactly(desk, people):
    case_id = desk.begin("letter", 3)
    before = desk.open_tasks(case_id)
    assert sorted(key for key, _ in before.values()) == ["unit-000", "unit-001", "unit-002"]
    desk.complete(desk.open(case_id)[1], {"opinion": "不同意"})
    after = desk.open_tasks(case_id)
    assert after == {task: seen for task, seen in before.items() if seen[0] != "unit-001"}
    complete_all(desk, case_id)
    ((_, data),) = desk.open_tasks(case_id).values()
    assert list(data["replies"].items()) == [("unit-000", "同意"), ("unit-001", "不同意"), ("unit-002", "同意")]


def test_a_case_saved_by_an_earlier_release_moves_its_instances_to_their_work_items(database, house, desk):
    case_id = desk.begin("letter", 3)
    with database.transaction() as session:
        case = session.get_one(Case, case_id)
        case.skeleton = thawed(session, house, SYSTEM, case, package(session, case.definition_id)).freeze().skeleton
        session.execute(update(WorkItem).where(WorkItem.case_id == case_id).values(activity_id=None, instance=None))
    before = desk.open_tasks(case_id)
    desk.complete(desk.open(case_id)[0])
    with database.reading() as session:
        kept = list(session.scalars(select(WorkItem.instance).where(WorkItem.case_id == case_id)))
    assert None not in kept
    assert [seen for seen in desk.open_tasks(case_id).values()] == [*before.values()][1:]
    complete_all(desk, case_id)
    ((_, data),) = desk.open_tasks(case_id).values()
    assert len(data["replies"]) == 3


def test_a_case_that_ends_early_takes_all_its_instances_along(database, house, desk, people):
    case_id = desk.begin("letter", 3)
    desk.complete(desk.open(case_id)[0])
    with database.transaction() as session:
        cases.cancel(session, house, people.manager, case_id, "申请人撤回")
    assert (desk.open(case_id), desk.open_tasks(case_id)) == ([], {})


def test_a_large_value_is_stored_once_however_many_tasks_see_it(database, house, people, desk):
    text = "长" * 20_000
    with database.transaction() as session:
        variables = {"units": units(38), "notice": text}
        case_id = cases.start(session, house, people.clerk, "letter", "p", variables).id
    costs = complete_all(desk, case_id)
    with database.reading() as session:
        contents = list(session.scalars(select(CaseValue.content).where(CaseValue.case_id == case_id)))
    assert sum(text.encode() in bytes(each) for each in contents) == 1
    assert max(cost.bytes for cost in costs) < 8000
    ((_, data),) = desk.open_tasks(case_id).values()
    assert data["notice"] == text


def test_a_completion_locks_the_case_first_and_the_end_of_the_audit_trail_last(database, desk):
    cost = desk.complete(desk.open(desk.begin("letter", 4))[0])
    first, *_, last = cost.statements
    assert "FROM process_case JOIN work_item" in first
    assert [each for each in cost.statements if "audit_head" in each] == [cost.statements[-3], last]
    assert last.startswith("UPDATE audit_head")
    if database.dialect == "postgresql":
        assert first.endswith("FOR NO KEY UPDATE OF process_case, work_item")


def test_who_comes_second_is_told_who_was_first_and_pays_one_statement(database, house, people, desk):
    (item,) = desk.open(desk.begin("two"))
    with database.transaction() as session:
        work.complete(session, house, people.other, item, AGREED)
    with Cost(database) as cost, pytest.raises(Conflict, match="经办乙"), database.transaction() as session:
        work.complete(session, house, people.clerk, item, AGREED)
    assert (len(cost.statements), cost.commits) == (1, 0)


def test_many_tasks_that_come_up_together_cost_no_more_statements_than_few(database, house, people, desk):
    costs = []
    for count in (20, 200):
        with Cost(database) as cost:
            desk.begin("letter", count)
        costs.append(len(cost.statements))
    assert costs[0] == costs[1] <= MOST_STATEMENTS


def test_a_draft_goes_with_the_completion(database, house, people, desk):
    (item,) = desk.open(desk.begin("two"))
    with database.transaction() as session:
        work.save_draft(session, house, people.clerk, item, {"advice": "待核"})
    desk.complete(item)
    with database.reading() as session:
        assert session.get(FormDraft, item) is None
