from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from processes.db import Database
from processes.engine import cases, definitions, work
from processes.engine.house import House
from processes.engine.models import Case, CaseEvent, Submission, WorkItem
from processes.identity.actor import SYSTEM, Actor
from processes.notices import Notice
from tests.factories import make_house, make_organizations, make_person


@dataclass
class Office:
    """A desk with a few people, on which one case runs."""

    database: Database
    house: House
    people: SimpleNamespace
    case_id: UUID | None = None

    def start(self, xml: str, actor: Actor | None = None, forms: dict[str, bytes] | None = None, **given: Any) -> UUID:
        files = {"process.bpmn": xml.encode(), **{f"forms/{k}.json": v for k, v in (forms or {}).items()}}
        with self.database.transaction() as session:
            definitions.deploy(session, SYSTEM, "sample", files)
        with self.database.transaction() as session:
            case = cases.start(session, self.house, actor or self.people.clerk, "sample", "p", given)
            self.case_id = case.id
        return case.id

    def act(self, verb: Callable[..., Any], actor: Actor, *args: Any, **more: Any) -> Any:
        """One verb in a transaction of its own."""
        with self.database.transaction() as session:
            if verb in WITHOUT_HOUSE:
                return verb(session, actor, *args, **more)
            return verb(session, self.house, actor, *args, **more)

    def do(self, actor: Actor, step: str, answers: dict[str, Any] | None = None, **of: Any) -> WorkItem:
        item = self.item(step, **of)
        return self.act(work.complete, actor, item.id, answers or {}).item

    def items(self, *statuses: str, **of: Any) -> list[WorkItem]:
        query = select(WorkItem).where(WorkItem.case_id == self.case_id, WorkItem.status.in_(statuses or ("open",)))
        for name, value in of.items():
            query = query.where(getattr(WorkItem, name) == value)
        with self.database.reading() as session:
            return list(session.scalars(query.order_by(WorkItem.created_at, WorkItem.task_id)))

    def item(self, step: str, status: str = "open", **of: Any) -> WorkItem:
        (found,) = self.items(status, step=step, **of)
        return found

    def open_steps(self) -> list[str]:
        return sorted(each.step for each in self.items())

    def case(self) -> Case:
        with self.database.reading() as session:
            return session.get_one(Case, self.case_id)

    def told(self, kind: str) -> list[tuple[str, str]]:
        """Person and text of the lines of one kind in the history."""
        query = select(CaseEvent.person, CaseEvent.text).where(
            CaseEvent.case_id == self.case_id, CaseEvent.kind == kind
        )
        with self.database.reading() as session:
            return [tuple(row) for row in session.execute(query.order_by(CaseEvent.id))]

    def opinions(self) -> int:
        with self.database.reading() as session:
            return len(session.scalars(select(Submission.id).where(Submission.case_id == self.case_id)).all())

    def notices(self, actor: Actor) -> list[str]:
        with self.database.reading() as session:
            found = session.scalars(select(Notice).where(Notice.person_id == actor.person_id).order_by(Notice.at))
            return [str(each.message()) for each in found]


WITHOUT_HOUSE: set[Callable[..., Any]] = set()


def office_of(database: Database, tmp_path: Any) -> Office:
    with database.transaction() as session:
        make_organizations(session)
        people = SimpleNamespace(
            owner=make_person(session, "owner", ("process_owner", "city_bureau"), name="流程员"),
            manager=make_person(session, "manager", ("manager", "city_bureau"), name="管理员"),
            admin=make_person(session, "admin", ("administrator", "city_bureau"), name="系统员"),
            auditor=make_person(session, "auditor", ("auditor", "city_bureau"), name="监督员"),
            leader=make_person(session, "leader", ("city_bureau.leader", "city_bureau"), name="局领导"),
            deputy=make_person(session, "deputy", ("city_bureau.leader", "city_bureau"), name="副局长"),
            third=make_person(session, "third", ("city_bureau.leader", "city_bureau"), name="总规划师"),
            section=make_person(session, "section", ("city_bureau.section", "city_bureau"), name="处长"),
            clerk=make_person(session, "clerk", ("city_bureau.clerk", "city_bureau"), name="经办甲"),
            other=make_person(session, "other", ("city_bureau.clerk", "city_bureau"), name="经办乙"),
            hr=make_person(session, "hr", ("hr_bureau.clerk", "hr_bureau"), name="人社经办"),
            wanzhou=make_person(session, "gov.500101", ("district_government.clerk", "gov:CQ-500101"), name="万州"),
            applicant=make_person(session, "applicant", ("applicant", None), name="报名人"),
        )
    return Office(database, make_house(tmp_path), people)


@pytest.fixture
def office(sqlite_database, tmp_path):
    return office_of(sqlite_database, tmp_path)


@pytest.fixture
def office_on_both(database, tmp_path):
    return office_of(database, tmp_path)
