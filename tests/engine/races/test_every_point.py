"""Wherever one act is interrupted by another one, between any two of its statements, nothing breaks.

`RACES=every pytest tests/engine/races` tries all pairs of acts; otherwise the pairs that meet most often.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

import pytest

from processes import clock
from tests.engine.races.scene import BRANCHES, DEADLINE, MANY, ONE, TWO, WITHDRAWN, Scene
from tests.engine.races.stepping import Act, Outcome

MOST_STATEMENTS = 120
Meeting = Callable[[Scene], tuple[Act, Act]]


def same_task(scene: Scene) -> tuple[Act, Act]:
    item = scene.items(scene.begin(TWO))["受理"]
    return scene.completes(scene.people.clerk, item), scene.completes(scene.people.other, item)


def siblings(scene: Scene) -> tuple[Act, Act]:
    items = scene.items(scene.begin(MANY, units={"区1": 1, "区2": 2}))
    return scene.completes(scene.people.clerk, items["复函:区1"]), scene.completes(
        scene.people.other, items["复函:区2"]
    )


def branches(scene: Scene) -> tuple[Act, Act]:
    items = scene.items(scene.begin(BRANCHES))
    return scene.completes(scene.people.clerk, items["甲"]), scene.completes(scene.people.other, items["乙"])


def deadline(scene: Scene) -> tuple[Act, Act]:
    case = scene.begin(DEADLINE)
    clock._installed[-1].move_to(clock.now() + timedelta(days=1, minutes=1))
    return scene.completes(scene.people.clerk, scene.items(case)["审核"]), scene.fires(case)


def withdrawal(scene: Scene) -> tuple[Act, Act]:
    case = scene.begin(WITHDRAWN)
    return scene.completes(scene.people.clerk, scene.items(case)["审核"]), scene.withdraws(case)


def claim(scene: Scene) -> tuple[Act, Act]:
    item = scene.items(scene.begin(TWO))["受理"]
    return scene.completes(scene.people.clerk, item), scene.claims(scene.people.other, item)


def draft(scene: Scene) -> tuple[Act, Act]:
    item = scene.items(scene.begin(TWO))["受理"]
    return scene.completes(scene.people.clerk, item), scene.drafts(scene.people.other, item, "未写完")


def transfer(scene: Scene) -> tuple[Act, Act]:
    item = scene.items(scene.begin(TWO))["受理"]
    return scene.completes(scene.people.clerk, item), scene.transfers(scene.people.clerk, item, "other")


def cancellation(scene: Scene) -> tuple[Act, Act]:
    case = scene.begin(TWO)
    return scene.completes(scene.people.clerk, scene.items(case)["受理"]), scene.cancels(case)


def claim_in_a_cancelled_case(scene: Scene) -> tuple[Act, Act]:
    case = scene.begin(TWO)
    return scene.claims(scene.people.clerk, scene.items(case)["受理"]), scene.cancels(case)


def suspension(scene: Scene) -> tuple[Act, Act]:
    case = scene.begin(TWO)
    return scene.completes(scene.people.clerk, scene.items(case)["受理"]), scene.suspends(case)


def starts(scene: Scene) -> tuple[Act, Act]:
    scene.begin(ONE)
    return scene.starts(), scene.starts(actor=scene.people.other)


def publication(scene: Scene) -> tuple[Act, Act]:
    scene.begin(ONE)
    return scene.starts(), scene.publishes(TWO)


def publications(scene: Scene) -> tuple[Act, Act]:
    scene.begin(ONE)
    return scene.publishes(TWO), scene.publishes(BRANCHES)


EVERY: list[Meeting] = [
    same_task, siblings, branches, deadline, withdrawal, claim, draft, transfer, cancellation,
    claim_in_a_cancelled_case, suspension, starts, publication, publications,
]  # fmt: skip
OFTEN: list[Meeting] = [same_task, deadline, claim]


@pytest.mark.parametrize(
    "meeting", EVERY if os.environ.get("RACES") == "every" else OFTEN, ids=lambda each: each.__name__
)
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.timeout(300)
def test_wherever_one_act_meets_another_both_end_and_nothing_breaks(scene, race, meeting, first):
    if race.database.dialect == "sqlite":
        pytest.skip("on SQLite one act is never in the middle of another one")
    with clock.running_on(clock.MovableClock(clock.now())):
        for statement in range(1, MOST_STATEMENTS):
            acts = meeting(scene)
            leader = race.begin("the first", acts[first], statement)
            follower = race.begin("the second", acts[1 - first])
            came_so_far = leader.stopped
            _is_fit_for_the_desk(leader.outcome(), follower.outcome())
            if not came_so_far:
                break
        else:
            raise AssertionError("an act of so many statements")
    scene.is_sound()


def _is_fit_for_the_desk(*outcomes: Outcome) -> None:
    assert any(outcome.done for outcome in outcomes)
    assert {outcome.status for outcome in outcomes} <= {200, 409}
    assert all(outcome.done or outcome.told for outcome in outcomes)
