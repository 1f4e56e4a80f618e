"""Two who take the next number, the same name, the same key."""

from __future__ import annotations

from sqlalchemy import select, text

from processes import clock, operation_keys
from processes.engine.models import Case
from processes.errors import Conflict, Invalid
from processes.identity import people as registry
from processes.identity.models import Person
from processes.registers import applications
from processes.registers.applications import Application
from processes.registers.rounds import Round
from processes.sequences import next_number
from tests.engine.races.scene import ONE, TWO
from tests.engine.races.stepping import in_order


def numbers(scene) -> list[str]:
    with scene.database.reading() as session:
        return sorted(session.scalars(select(Case.number).where(Case.key == "sample")))


def test_two_cases_that_start_together_have_numbers_without_gap(scene, order, people):
    scene.begin(ONE)
    outcomes = order.meet(scene.starts(), scene.starts(actor=people.other))
    assert [each.done for each in outcomes] == [True, True]
    year = clock.today().year
    assert numbers(scene) == [f"函-{year}-{number:04d}" for number in (1, 2, 3)]
    assert in_order(order, outcomes)[0].value.number == f"函-{year}-0002"
    scene.is_sound()


def test_a_start_that_waits_behind_one_that_fails_takes_its_number(scene, race):
    scene.begin(ONE)

    def fails(session):
        scene.starts()(session)
        session.execute(text("SELECT 1"))  # the last statement before it fails
        raise Conflict("材料有误")

    last = race.begin("counts", fails)
    failing = race.begin("fails", fails, until=last.statements)
    waiting = race.begin("waits", scene.starts())
    assert last.outcome().status == failing.outcome().status == 409
    assert waiting.outcome().value.number.endswith("-0002")
    assert [number[-4:] for number in numbers(scene)] == ["0001", "0002"]
    scene.is_sound()


def test_two_documents_never_have_one_number(scene, order):
    name = "document:渝规资函:2026"
    outcomes = order.meet(lambda session: next_number(session, name), lambda session: next_number(session, name))
    assert [each.value for each in in_order(order, outcomes)] == [1, 2]


def test_of_two_who_register_under_one_name_the_second_is_told_that_it_is_taken(scene, order):
    def registers(name):
        return lambda session: registry.create_person(
            session, scene.people.owner, "zhang.san", name, "长长的口令-2026-Xy", mobile="13800000000"
        )

    won, lost = in_order(order, order.meet(registers("张三"), registers("张珊")))
    assert (won.done, lost.status, lost.told) == (True, 422, "登录名“zhang.san”已有人使用。")
    assert isinstance(lost.error, Invalid)
    assert list(lost.error.fields) == ["login"]
    with scene.database.reading() as session:
        assert len(session.scalars(select(Person.id).where(Person.login == "zhang.san")).all()) == 1
    scene.is_sound()


def test_a_person_who_applies_twice_at_once_has_one_application(scene, order, people):
    with scene.database.transaction() as session:
        called = Round(name="2026 年选聘", status="call", opened_at=clock.now(), opened_by="")
        session.add(called)
        session.flush()
        round_id = called.id

    def applies(session):
        person = session.get_one(Person, people.clerk.person_id)
        return applications.apply(session, people.clerk, session.get_one(Round, round_id), person)

    won, lost = in_order(order, order.meet(applies, applies))
    assert (won.done, lost.status) == (True, 409)
    assert lost.told == f"您在本轮已有报名（{won.value.number}），不能重复报名。"
    with scene.database.reading() as session:
        assert session.scalars(select(Application.number)).all() == [won.value.number]


def test_a_key_used_twice_at_the_same_moment_acts_once_and_answers_twice_with_the_first_result(scene, order, people):
    case = scene.begin(TWO)
    item = scene.items(case)["受理"]

    def sends(session):
        earlier = operation_keys.take(session, "k-1", people.clerk.person_id, "/tasks/1", "digest")
        if earlier is not None:
            return earlier.location, earlier.answer
        done = scene.completes(people.clerk, item)(session)
        operation_keys.finish(session, "k-1", 303, f"/tasks/{done.item.id}", "办结")
        return f"/tasks/{done.item.id}", "办结"

    first, second = order.meet(sends, sends)
    assert first.value == second.value == (f"/tasks/{item}", "办结")
    assert scene.submissions(case) == 1
    scene.is_sound()
