"""Random diagrams, random verbs, saved and loaded at every step: nothing is lost, and every case comes to its end.

`RANDOM_VERBS=2000 pytest tests/engine/verbs/test_random_verbs.py` looks at that many on each database.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from processes import clock
from processes.consistency.cases import engine_states
from tests.engine.random_runs.blocks import COMPOUNDS, DRAWN, LEAVES, Block, diagram
from tests.engine.verbs.ruled_case import Ended, RuledCase, draw_signed

MANY = int(os.environ.get("RANDOM_VERBS", "0"))
QUICK = {"sqlite": 40, "postgresql": 8}
MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
MOST_STEPS = 250
DRAWN.setdefault("signed", draw_signed)
BLOCKS = st.recursive(
    st.builds(Block, st.sampled_from([*LEAVES, "user", "user", "signed"]), st.just(()), st.integers(0, 3)),
    lambda inner: st.builds(
        Block,
        st.sampled_from([*COMPOUNDS, "parallel", "parallel"]),
        st.lists(inner, min_size=1, max_size=3).map(tuple),
        st.integers(0, 3),
    ),
    max_leaves=6,
)
GIVEN = {
    "a": 1,
    "b": True,
    "意见": "同意",
    "typename": "x",
    "again": 0,
    "units": {"万州": 1, "涪陵": 2, "3": None},
    "list": [1, 2],
}
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.sampled_from([0, 1, "1"]), "b": st.booleans(), "意见": st.sampled_from(["同意", "不同意"]),
        "again": st.sampled_from([0, 0, 1]), "opinion": st.sampled_from(["同意", "不同意"]),
        "answer": st.integers(0, 3),
    },
)  # fmt: skip


@pytest.mark.timeout(300 + MANY * 30)  # a run cut off in the middle is told as flaky: nothing was wrong with it
def test_whatever_people_do_to_a_case_nothing_is_lost_and_it_comes_to_its_end(office_on_both):
    office = office_on_both

    @settings(
        max_examples=MANY or QUICK[office.database.dialect], derandomize=not MANY, database=None, deadline=None,
        print_blob=bool(MANY), phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )  # fmt: skip
    @given(st.lists(BLOCKS, min_size=1, max_size=3), st.data())
    def run(blocks, data):
        now = clock.MovableClock(MORNING)
        with clock.running_on(now), suppress(Ended):
            case = RuledCase(office, diagram(Block("user"), *blocks, Block("user")), GIVEN)
            for _ in range(data.draw(st.integers(3, 14))):
                if not case.runs:
                    return
                _act(case, now, data)
            _finish(case, now)

    run()
    with office.database.reading() as session:
        found = engine_states(session, office.house, ended=True, count=lambda count: None)
        assert [str(each.text) for each in found] == []


def _act(case: RuledCase, now: clock.MovableClock, data: st.DataObject) -> None:
    """One thing that people, time or other cases do."""
    now.move_to(now.now() + timedelta(minutes=1))
    items = case.items()
    kind = data.draw(st.sampled_from(case.possible(items)))
    if kind == "time":
        case.let_time_pass(now, data.draw(st.sampled_from([1, 24, 25, 24 * 8])))
    elif kind in ("message", "signal"):
        case.tell(kind)
    elif kind == "complete":
        case.complete(data.draw(st.sampled_from(items)), data.draw(ANSWERS))
    else:
        case.use(kind, data)


def _finish(case: RuledCase, now: clock.MovableClock) -> None:
    """Do whatever is open, so that the case reaches its end: a join that waits for ever would be found here."""
    for _ in range(MOST_STEPS):
        if not case.runs:
            return
        now.move_to(now.now() + timedelta(minutes=1))
        items = case.items()
        if items:
            case.complete(items[0], {"again": 0, "opinion": "同意"})
        elif not case.tell("message") and not case.tell("signal"):
            case.let_time_pass(now, 24 * 40)
    raise AssertionError("the end is not reached")
