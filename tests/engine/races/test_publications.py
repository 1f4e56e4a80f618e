"""Publishing a diagram meets another publication, and the start of a case."""

from __future__ import annotations

from sqlalchemy import select

from processes.engine import definitions
from processes.engine.models import Definition
from tests.engine.races.scene import ONE, TWO
from tests.engine.races.stepping import in_order

THREE = TWO.replace('name="受理"', 'name="接收"')


def versions(scene, key="sample") -> list[tuple[int, bool]]:
    with scene.database.reading() as session:
        rows = session.execute(
            select(Definition.version, Definition.active).where(Definition.key == key).order_by(Definition.version)
        )
        return [tuple(row) for row in rows]


def test_the_same_diagram_published_twice_at_once_is_one_version(scene, order):
    first, second = order.meet(scene.publishes(TWO), scene.publishes(TWO))
    assert first.done
    assert second.done
    assert first.value.id == second.value.id
    assert versions(scene) == [(1, True)]
    scene.is_sound()


def test_two_diagrams_published_at_once_are_two_versions_and_the_later_one_is_active(scene, order):
    outcomes = order.meet(scene.publishes(TWO), scene.publishes(THREE))
    won, lost = in_order(order, outcomes)
    assert (won.value.version, lost.value.version) == (1, 2)
    assert versions(scene) == [(1, False), (2, True)]
    scene.is_sound()


def test_two_versions_activated_at_once_leave_one_active(scene, order):
    with scene.database.transaction() as session:
        made = [scene.publishes(each)(session).id for each in (ONE, TWO, THREE)]

    def activates(definition_id):
        return lambda session: definitions.make_active(session, definitions.definition(session, definition_id))

    outcomes = order.meet(activates(made[0]), activates(made[1]))
    assert [each.done for each in outcomes] == [True, True]
    assert [active for _, active in versions(scene)] == [order.winner == 1, order.winner == 0, False]
    scene.is_sound()


def test_a_case_starts_on_the_version_that_is_active_when_it_begins(scene, order):
    with scene.database.transaction() as session:
        old = scene.publishes(ONE)(session).id
    started, published = order.meet(scene.starts(), scene.publishes(TWO))
    assert [started.done, published.done] == [True, True]
    case = scene.case(started.value.id)
    read_before = order.race.database.dialect == "postgresql" or order.first == 0  # nothing of the other is visible yet
    assert case.definition_id == (old if read_before else published.value.id)
    assert list(scene.items(case.id)) == (["审核"] if read_before else ["受理"])
    assert versions(scene) == [(1, False), (2, True)]
    scene.is_sound()
