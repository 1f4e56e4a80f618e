"""What the races are about: cases in one desk, and what people and the worker do to them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from processes.consistency.snapshot import snapshot
from processes.consistency.whole import check_whole
from processes.db import Database
from processes.engine import cases, definitions, handing_on, messaging, timers, work
from processes.engine.house import House
from processes.engine.models import Case, CaseEvent, Submission, WorkItem
from processes.identity.actor import SYSTEM, Actor
from tests.engine.races.stepping import Act
from tests.engine.spiff.drawn import boundary, chain, multi, node, timer
from tests.engine.test_work import diagram, lane

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
MESSAGE = '<message id="m" name="withdraw"/>'
CLERKS = {"role": "city_bureau.clerk"}


def task(name: str, inner: str = "") -> str:
    return node("userTask", name, inner, name=name)


def of_clerks(body: str, *tasks: str, before: str = "") -> str:
    """A diagram whose tasks are for the clerks of the city bureau."""
    return diagram(body, lane("city", *tasks, **CLERKS), before)


ONE = of_clerks(START + task("审核") + END + chain("s", "审核", "e"), "审核")
TWO = of_clerks(START + task("受理") + task("审核") + END + chain("s", "受理", "审核", "e"), "受理", "审核")
MANY = of_clerks(
    START + task("复函", multi("units", "unit", "replies", "comment")) + END + chain("s", "复函", "e"), "复函"
)
BRANCHES = of_clerks(
    START + node("parallelGateway", "g") + task("甲") + task("乙") + node("parallelGateway", "j") + task("汇总") + END
    + chain("s", "g", "甲", "j", "汇总", "e") + chain("g", "乙", "j"),
    "甲", "乙", "汇总",
)  # fmt: skip
DEADLINE = of_clerks(
    START + task("审核") + boundary("late", "审核", timer("timeDuration", "P1D")) + task("催办") + END
    + chain("s", "审核", "e") + chain("late", "催办", "e"),
    "审核", "催办",
)  # fmt: skip
ELSEWHERE = of_clerks(
    START + node("parallelGateway", "g") + task("审核") + task("公示")
    + boundary("late", "公示", timer("timeDuration", "P1D"), False) + task("提醒") + END + node("endEvent", "e2")
    + node("parallelGateway", "j") + chain("s", "g", "审核", "j", "e") + chain("g", "公示", "j")
    + chain("late", "提醒", "e2"),
    "审核", "公示", "提醒",
)  # fmt: skip
WITHDRAWN = of_clerks(
    START + task("审核") + boundary("out", "审核", '<messageEventDefinition messageRef="m"/>') + task("退件") + END
    + chain("s", "审核", "e") + chain("out", "退件", "e"),
    "审核", "退件", before=MESSAGE,
)  # fmt: skip


class Scene:
    """One desk with a few people."""

    def __init__(self, database: Database, house: House, people: SimpleNamespace) -> None:
        self.database, self.house, self.people = database, house, people
        with database.transaction() as session:  # the first link of the audit trail
            definitions.deploy(session, SYSTEM, "first", {"process.bpmn": ONE.encode()})

    def begin(self, xml: str, key: str = "sample", **variables: Any) -> UUID:
        with self.database.transaction() as session:
            definitions.deploy(session, SYSTEM, key, {"process.bpmn": xml.encode()})
            return cases.start(session, self.house, self.people.clerk, key, "p", variables).id

    # what is done

    def completes(self, actor: Actor, item: UUID, **answers: Any) -> Act:
        return lambda session: work.complete(session, self.house, actor, item, answers)

    def claims(self, actor: Actor, item: UUID) -> Act:
        return lambda session: work.claim(session, actor, item)

    def releases(self, actor: Actor, item: UUID) -> Act:
        return lambda session: work.release(session, actor, item)

    def transfers(self, actor: Actor, item: UUID, to: str) -> Act:
        return lambda session: handing_on.transfer(session, actor, item, to, "外出")

    def drafts(self, actor: Actor, item: UUID, text: str) -> Act:
        return lambda session: work.save_draft(session, self.house, actor, item, {"comment": text})

    def fires(self, case_id: UUID) -> Act:
        return lambda session: timers.fire(session, self.house, case_id)

    def withdraws(self, case_id: UUID) -> Act:
        """The applicant's message, as the worker or the applicant's page delivers it."""
        return lambda session: messaging.deliver(session, self.house, "withdraw", "", {"reason": "另有安排"})

    def cancels(self, case_id: UUID) -> Act:
        return lambda session: cases.cancel(session, self.house, self.people.manager, case_id, "申请人撤回")

    def suspends(self, case_id: UUID) -> Act:
        return lambda session: cases.suspend(session, self.house, self.people.manager, case_id, "核实")

    def resumes(self, case_id: UUID) -> Act:
        return lambda session: cases.resume(session, self.house, self.people.manager, case_id, "核实完毕")

    def starts(self, key: str = "sample", actor: Actor | None = None) -> Act:
        return lambda session: cases.start(session, self.house, actor or self.people.clerk, key, "p", {})

    def publishes(self, xml: str, key: str = "sample") -> Act:
        return lambda session: definitions.deploy(session, self.people.owner, key, {"process.bpmn": xml.encode()})

    # what is there

    def items(self, case_id: UUID, status: str = "open") -> dict[str, UUID]:
        """Work items by step, and where one task is done by several by `step:instance`."""
        with self.database.reading() as session:
            rows = session.scalars(select(WorkItem).where(WorkItem.case_id == case_id, WorkItem.status == status)).all()
            several = len({row.step for row in rows}) < len(rows)
            return {f"{row.step}:{row.instance_key}" if several else row.step: row.id for row in rows}

    def item(self, item_id: UUID) -> WorkItem:
        with self.database.reading() as session:
            return session.get_one(WorkItem, item_id)

    def case(self, case_id: UUID) -> Case:
        with self.database.reading() as session:
            return session.get_one(Case, case_id)

    def told(self, case_id: UUID, *kinds: str) -> list[tuple[str, str]]:
        """The history: kind and step."""
        with self.database.reading() as session:
            events = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id))
            return [(event.kind, event.step) for event in events if event.kind in kinds]

    def submissions(self, case_id: UUID) -> int:
        with self.database.reading() as session:
            count = select(func.count()).select_from(Submission).where(Submission.case_id == case_id)
            return session.scalar(count) or 0

    def is_sound(self) -> None:
        """Everything that must hold in a desk holds: tasks, tables, numbers, audit trail."""
        with snapshot(self.database) as session:
            report = check_whole(session, self.house, b"key", ended=True)
        assert [str(problem.text) for problem in report.problems] == []
