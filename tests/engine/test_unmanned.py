"""Tasks that nobody can do are found: a post without a holder, a person who may not log in any more."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from processes import clock
from processes.engine import cases, waiting, work
from processes.engine.models import WorkItem
from processes.engine.unmanned import unmanned
from processes.engine.waiting import WaitFilter
from processes.identity.models import Person, PostHolding
from tests.engine.test_work import LETTER, MONDAY, REPLY, UNITS

DAY = date(2026, 11, 2)
WANZHOU = "gov:CQ-500101"


@pytest.fixture
def items(database, house, people, deploy):
    """Two open tasks, of the governments of two districts, by organization."""
    deploy(LETTER, reply=REPLY)
    with clock.running_on(clock.MovableClock(MONDAY)):
        with database.transaction() as session:
            cases.start(session, house, people.clerk, "sample", "p", {"units": UNITS, "round": "首轮"})
        with database.reading() as session:
            found = {each.organization_id: each.id for each in session.scalars(select(WorkItem))}
        yield found


def disable(session, login: str) -> None:
    session.scalars(select(Person).where(Person.login == login)).one().disabled = True


def end_post(session, login: str) -> None:
    who = select(Person.id).where(Person.login == login).scalar_subquery()
    session.scalars(select(PostHolding).where(PostHolding.person_id == who)).one().valid_to = date(2026, 11, 1)


def listed(session, people) -> list:
    return [each.id for each in waiting.waiting_work(session, people.manager, WaitFilter(unmanned=True)).items]


@pytest.mark.parametrize("leave", [disable, end_post])
def test_a_task_of_a_post_that_nobody_holds_is_nobodys(database, people, items, leave):
    with database.transaction() as session:
        assert (unmanned(session, DAY).count, listed(session, people)) == (0, [])
        leave(session, "gov.500101")
    with database.reading() as session:
        assert unmanned(session, DAY).pools == {(WANZHOU, "district_government.clerk"): 1}
        assert listed(session, people) == [items[WANZHOU]]


def test_a_task_that_was_claimed_by_somebody_who_left_is_nobodys(database, people, items):
    with database.transaction() as session:
        work.claim(session, people.wanzhou, items[WANZHOU])
        end_post(session, "gov.500101")
        session.flush()
        assert unmanned(session, DAY).count == 0, "it can be done by the one who holds it"
        disable(session, "gov.500101")
    with database.reading() as session:
        assert unmanned(session, DAY).people == {people.wanzhou.person_id: 1}
        assert listed(session, people) == [items[WANZHOU]]


def test_a_task_of_a_whole_organization_needs_anybody_there(database, people, items):
    with database.transaction() as session:
        session.get_one(WorkItem, items[WANZHOU]).role = ""
        session.flush()
        assert unmanned(session, DAY).count == 0
        disable(session, "gov.500101")
        session.flush()
        assert unmanned(session, DAY).pools == {(WANZHOU, ""): 1}
        assert listed(session, people) == [items[WANZHOU]]
