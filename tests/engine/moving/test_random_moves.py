"""Random diagrams changed at random while a case stands at a random place: it completes in the new version, or stays.

`RANDOM_MOVES=2000 pytest tests/engine/moving` looks at that many, other ones every time.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from processes import clock
from processes.engine.moving.courses import Courses, explored
from processes.engine.spiff import Run, compile_program
from processes.engine.spiff.moving import adopt, plan
from processes.engine.spiff.positions import positions
from processes.errors import Invalid
from tests.engine.moving.changes import changed
from tests.engine.random_runs.blocks import BLOCKS, diagram
from tests.engine.spiff.drawn import House, Keeper

MANY = int(os.environ.get("RANDOM_MOVES", "0"))
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
MOST_STEPS = 150
GIVEN = {"a": 1, "b": 0, "意见": "同意", "typename": "", "again": 0, "units": {"x": 1, "y": 2}, "list": [1, 2]}


class Signing(House):
    def signers(self, element, data):
        return ()


def act(run: Run, draw) -> None:
    """Something that may happen next."""
    ways = ["task"] * bool(run.open_tasks()) + ["timer"] * bool(run.timers()) + ["message"] * bool(run.messages())
    go_on(run, draw(st.sampled_from(ways)) if ways else "", draw(st.integers(0, 5)))


def go_on(run: Run, way: str, which: int = 0) -> None:
    if way == "task":
        tasks = run.open_tasks()
        run.complete(tasks[which % len(tasks)].id, {"answer": which, "again": 0})
        run.advance()
    elif way == "timer":
        run.fire_timers(run.timers()[0].due)
    elif way == "message":
        run.deliver(run.messages()[which % len(run.messages())].task_id, {})
    else:
        for name in {each.name for each in run.signals()}:
            run.signal(name, {})


def to_the_end(run: Run) -> None:
    for _ in range(MOST_STEPS):
        if run.status != "running":
            return
        assert not run.stuck, "the case waits for ever"
        ways = ["task"] * bool(run.open_tasks()) + ["message"] * bool(run.messages()) + ["timer"] * bool(run.timers())
        go_on(run, ways[0] if ways else "")
    raise AssertionError("the end is not reached")


def is_sound(courses: Courses) -> bool:
    """Whether the check of a diagram lets it through: no course from the start waits for ever or goes on twice."""
    for process, scopes in courses.outline.inside.items():
        net = courses._net(process.id)
        assert scopes
        if net is None:
            return False
        ending = explored(net, [marking for start in process.starts for marking in net.begin(start)])
        if ending.blocked or ending.crowded or not ending.complete:
            return False
    return True


OUTCOMES = {"moved": 0, "refused": 0}


@pytest.mark.timeout(300 + MANY)
def test_a_case_completes_in_the_version_it_was_moved_to_or_was_refused():
    @settings(
        max_examples=MANY or 250,
        derandomize=not MANY,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(st.lists(BLOCKS, min_size=1, max_size=3), st.data())
    def run(blocks, data):
        with clock.running_on(clock.MovableClock(MONDAY)):
            xml = diagram(*blocks)
            after = changed(xml, data.draw)
            with suppress(Invalid):
                _once(xml.encode(), after, data.draw)

    run()
    assert OUTCOMES["moved"] > 20
    assert OUTCOMES["refused"] > 5


def _once(before: bytes, after: bytes, draw) -> None:
    keeper = Keeper(compile_program(before), Signing(today=lambda: MONDAY.date()))
    program, courses = compile_program(after), Courses(after)
    if not is_sound(courses):
        return
    case = Run.start(keeper.program, "p", GIVEN, keeper.house)
    case.advance()
    for _ in range(draw(st.integers(0, 8))):
        if case.status == "running":
            act(case, draw)
            case = keeper.reload(case)
    if case.status != "running":
        return
    keeper.save(case)
    timers = {each.element_id: each.due for each in case.timers()}
    open_before = {each.id for each in case.open_tasks()}
    found = plan(keeper.skeleton, "p", keeper.program, program)
    if found.obstacles or courses.obstacles("p", positions(found.document, program)):
        OUTCOMES["refused"] += 1
        return
    keeper.skeleton, keeper.program = found.skeleton, program
    moved = keeper.load()
    adopt(moved)
    assert {each.id for each in moved.open_tasks()} == open_before
    assert all(timers.get(each.element_id, each.due) == each.due for each in moved.timers())
    moved.advance()
    moved = keeper.reload(moved)
    OUTCOMES["moved"] += 1
    to_the_end(moved)
