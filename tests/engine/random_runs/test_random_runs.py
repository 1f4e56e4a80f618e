"""Random diagrams, random acts, saved and loaded at every step: the outcome is that of a case that never left memory.

`RANDOM_RUNS=2000 pytest tests/engine/random_runs` looks at that many on each database, other ones every time.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from processes import clock
from tests.engine.random_runs.blocks import BLOCKS, diagram, most_acts
from tests.engine.random_runs.twins import Ended, Twins

MANY = int(os.environ.get("RANDOM_RUNS", "0"))
QUICK = {"sqlite": 110, "postgresql": 40}
MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
MOST_STEPS = 150
"""Acts after which a diagram must have come to its end, beyond those that its blocks may take."""

LONG = "意见" * 300
"""Too long to be kept in the skeleton of a case."""
VALUES = st.recursive(
    st.sampled_from([True, False, 1, 1.0, "1", 0, -0.0, None, "", "同意", "typename", "$int", 2**70, 1e300, LONG]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["typename", "data_objects", "区县", "$map", "$date", "a"]), inner, max_size=3),
    ),
    max_leaves=4,
)
NAMES = ["a", "b", "意见", "typename", "answer", "data_objects", "merged", "again", "v"]
ANSWERS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4)
GIVEN = st.fixed_dictionaries(
    {name: VALUES for name in ("a", "b", "意见", "typename")},
    optional={"answer": VALUES, "data_objects": VALUES},
)
UNITS = {"万州": 1, "涪陵": {"typename": [True]}, "3": None, "长": [LONG]}


def _profile(dialect: str) -> settings:
    return settings(
        max_examples=MANY or QUICK[dialect],
        derandomize=not MANY,
        database=None,
        deadline=None,
        print_blob=bool(MANY),
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


@pytest.mark.timeout(300 + MANY * 5)
def test_saved_at_every_step_or_never_a_case_takes_the_same_course(database, twins):
    @_profile(database.dialect)
    @given(st.lists(BLOCKS, min_size=1, max_size=3), GIVEN, st.data())
    def run(blocks, start_values, data):
        start_values |= {"again": 0, "units": UNITS, "list": [1, True]}
        now = clock.MovableClock(MORNING)
        with clock.running_on(now), suppress(Ended):
            most = MOST_STEPS + sum(map(most_acts, blocks))
            _run(twins(diagram(*blocks), **start_values), now, data, most)

    run()


def _run(twins: Twins, now: clock.MovableClock, data: st.DataObject, most: int) -> None:
    for _ in range(data.draw(st.integers(1, 10))):
        if twins.memory.status != "running":
            break
        _act(twins, now, data)
    for _ in range(most):
        if twins.memory.status != "running":
            return
        assert not twins.memory.stuck, "a join that should have gone on waits for ever"
        _go_on(twins, now)
    raise AssertionError("the end is not reached")


def _act(twins: Twins, now: clock.MovableClock, data: st.DataObject) -> None:
    """One act out of those that are possible now."""
    tasks, waits = len(twins.open_tasks()), {kind: twins.names_waited_for(kind) for kind in ("message", "signal")}
    possible = [*["answer", "answer", "fill in", "draft"] * bool(tasks), *(kind for kind in waits if waits[kind])]
    kind = data.draw(st.sampled_from([*possible, "time", "stop"]))
    if kind in waits:
        twins.tell(kind, data.draw(st.sampled_from(waits[kind])), data.draw(ANSWERS))
    elif kind == "time":
        twins.let_time_pass(now, now.now() + timedelta(hours=data.draw(st.sampled_from([1, 24, 25, 24 * 8]))))
    elif kind == "stop":
        twins.stop_for_a_time()
    else:
        place = data.draw(st.integers(0, tasks - 1))
        if kind == "answer":
            twins.answer(place, data.draw(ANSWERS))
        elif kind == "fill in":
            twins.fill_in(place, {"comment": data.draw(st.sampled_from(["同意。", "typename", ""]))})
        else:
            twins.keep_draft(place, "未写完")


def _go_on(twins: Twins, now: clock.MovableClock) -> None:
    """Whatever comes first, so that the case reaches its end."""
    if twins.open_tasks():
        twins.answer(0, {"again": 0})
    elif names := twins.names_waited_for("message"):
        twins.tell("message", names[0], {})
    elif names := twins.names_waited_for("signal"):
        twins.tell("signal", names[0], {})
    else:
        twins.let_time_pass(now, max(now.now(), twins.memory.timers()[0].due))
