"""What is open at an office whose unit is abolished goes on at the unit that follows it, and is never nobody's."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from processes.engine import cases, inbox, work
from processes.engine.background import Background
from processes.engine.models import Case, CaseEvent, FormDraft, WorkItem
from processes.engine.succession import UNIT_SUCCEEDED
from processes.identity.models import Organization, Unit
from processes.notices import Notice
from tests.engine.spiff.drawn import chain, flow, node
from tests.engine.test_work import LETTER, REPLY, UNITS, diagram, lane, properties

WANZHOU, FULING = UNITS
LAST_DAY = date(2026, 11, 4)
HEARS = diagram(
    '<startEvent id="s"/>'
    + node("userTask", "ask", properties(form="reply"), name="复函")
    + '<boundaryEvent id="followed" attachedToRef="ask"><messageEventDefinition messageRef="m"/>'
    + properties(correlation="unit")
    + "</boundaryEvent>"
    + node("userTask", "again", name="改发承接单位")
    + '<endEvent id="e"/>'
    + chain("s", "ask", "e")
    + flow("followed", "again")
    + flow("again", "e"),
    lane("gov", "ask", role="district_government.clerk", unit="unit")
    + lane("next", "again", role="district_government.clerk", unit="successor_unit_id"),
    before=f'<message id="m" name="{UNIT_SUCCEEDED}"/>',
)


@pytest.fixture
def begin(database, house, people, deploy, moving):
    """A case, begun two days before the first of the units ends."""

    def do(xml: str, **variables):
        deploy(xml, reply=REPLY)
        with database.transaction() as session:
            session.get_one(Unit, WANZHOU).valid_to = LAST_DAY
            session.get_one(Organization, f"gov:{WANZHOU}").valid_to = LAST_DAY
            return cases.start(session, house, people.clerk, "sample", "p", variables).id

    return do


def followed_by(database, unit: str | None) -> None:
    with database.transaction() as session:
        session.get_one(Unit, WANZHOU).successor_id = unit


def offices(database, case_id) -> list[tuple[str, str]]:
    """Offices and steps of the open tasks of a case."""
    query = select(WorkItem.organization_id, WorkItem.element_id).where(WorkItem.case_id == case_id)
    with database.reading() as session:
        return [tuple(row) for row in session.execute(query.where(WorkItem.status == "open").order_by(WorkItem.id))]


def test_open_tasks_go_to_the_office_that_follows_with_their_drafts(database, house, people, begin, moving):
    case_id = begin(LETTER, units=UNITS, round="首轮")
    followed_by(database, FULING)
    with database.transaction() as session:
        (mine,) = inbox.work(session, people.wanzhou, "todo").items
        work.claim(session, people.wanzhou, mine.id)
        work.save_draft(session, house, people.wanzhou, mine.id, {"opinion": "同意"})
    moving.advance(days=2)
    background = Background(database, house)
    background.work_off()
    assert sorted(offices(database, case_id)) == [(f"gov:{WANZHOU}", "reply"), (f"gov:{FULING}", "reply")]
    moving.advance(days=1)
    background.work_off()
    background.work_off()
    assert offices(database, case_id) == [(f"gov:{FULING}", "reply")] * 2
    with database.transaction() as session:
        assert session.get_one(FormDraft, mine.id).answers == {"opinion": "同意"}
        (told,) = session.scalars(select(CaseEvent).where(CaseEvent.kind == "handed_over"))
        assert told.text == "重庆市万州区人民政府 → 重庆市涪陵区人民政府：服务单元撤并"
        (notice,) = session.scalars(select(Notice).where(Notice.kind == "hand_over"))
        assert (notice.organization_id, notice.work_item_id) == (f"gov:{FULING}", mine.id)
        work.complete(session, house, people.fuling, mine.id, {"opinion": "同意"})


def test_a_case_that_waits_to_hear_of_it_is_told_and_its_diagram_says_what_becomes_of_its_tasks(
    database, house, begin, moving
):
    case_id = begin(HEARS, unit=WANZHOU)
    followed_by(database, FULING)
    moving.advance(days=3)
    Background(database, house).work_off()
    assert offices(database, case_id) == [(f"gov:{FULING}", "again")]
    with database.reading() as session:
        assert list(session.scalars(select(CaseEvent.kind).where(CaseEvent.kind == "handed_over"))) == []


@pytest.mark.parametrize("xml", [LETTER, HEARS], ids=["a task", "a message"])
def test_where_nobody_follows_all_stays_as_it_is(database, house, begin, moving, xml):
    case_id = begin(xml, unit=WANZHOU, units=UNITS, round="首轮")
    before = offices(database, case_id)
    moving.advance(days=3)
    Background(database, house).work_off()
    assert offices(database, case_id) == before
    with database.reading() as session:
        assert session.get_one(Case, case_id).status == "running"
