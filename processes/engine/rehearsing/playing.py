"""Playing a scenario on a scratch database: time goes on, stand-ins act, and in the end all stands as it should."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.db import Database
from processes.engine import cases, work
from processes.engine.background import Background
from processes.engine.failures import CaseFailed
from processes.engine.house import House
from processes.engine.models import Case, WorkItem
from processes.engine.rehearsing.recording import numbered, standings
from processes.engine.rehearsing.scenario import Act, Scenario, Standing
from processes.errors import DeskError, Invalid
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.identity.people import actor_of
from processes.messages import Message, message

MOST_LOOKS = 3_000
"""Times that something is due on the way to a moment; a diagram that goes round for ever is stopped."""
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
"""Stands for a file that somebody uploads."""


@dataclass
class Outcome:
    """What came of playing a scenario."""

    problems: list[Message] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything went and stands as it should."""
        return not self.problems


class Endless(DeskError):
    """More is due on the way than a rehearsal goes through."""

    status = 422
    code = "endless"

    def __init__(self) -> None:
        super().__init__(message("到该时间前到时的事项过多（可能有循环的定时器），请分几次推进。"))


def let_time_pass(database: Database, house: House, moving: clock.MovableClock, to: datetime) -> int:
    """Let everything happen that is due until a moment, each at its own time; how often something was due.

    Raises `Endless` when there is too much of it; the clock then stands where it came to.
    """
    background, looks = Background(database, house), 0
    while True:
        background.work_off()
        with database.reading() as session:
            due = background.next_due(session)
        if due is None or due > to:
            break
        looks += 1
        if looks > MOST_LOOKS:
            raise Endless
        moving.move_to(max(due, moving.now() + timedelta(milliseconds=1)))
    moving.move_to(max(to, moving.now()))
    background.work_off()
    return looks


def play(database: Database, house: House, key: str, scenario: Scenario) -> Outcome:
    """Play a scenario on a database that holds the draft; this thread's clock is the scenario's."""
    outcome = Outcome()
    moving = clock.MovableClock(scenario.begins)
    with clock.here(moving):
        for number, act in enumerate(scenario.acts, start=1):
            let_time_pass(database, house, moving, scenario.begins + timedelta(minutes=act.minutes))
            problem = _done(database, house, key, act)
            if problem is not None:
                outcome.problems.append(message("第 %(number)s 步：%(text)s", number=number, text=problem))
                return outcome
        let_time_pass(database, house, moving, scenario.begins + timedelta(minutes=scenario.lasts))
        with database.reading() as session:
            found = standings(session, numbered(session, key))
    outcome.problems += _differences(scenario.expected, found)
    return outcome


def _done(database: Database, house: House, key: str, act: Act) -> Message | None:
    """Let a stand-in act; what kept him from it, if anything did."""
    try:
        with database.transaction() as session:
            actor = _stand_in(session, act.login)
            if not act.element:
                cases.start(session, house, actor, key, act.process, dict(act.answers or {}))
                return None
            item = _item(session, key, act)
            answers = _with_files(session, house, actor, item, act.answers or {})
            work.complete(session, house, actor, item.id, answers)
    except Invalid as refused:
        named = "；".join(f"{name}：{text}" for name, text in refused.fields.items())
        return message("%(text)s（%(fields)s）", text=refused.text, fields=named) if named else refused.text
    except CaseFailed as failure:
        return failure.text
    except DeskError as refused:
        return refused.text
    return None


def _stand_in(session: Session, login: str) -> Actor:
    person = session.scalars(select(Person).where(Person.login == login)).one_or_none()
    if person is None:
        raise Invalid(message("彩排环境中没有登录名为“%(login)s”的替身。", login=login))
    return actor_of(session, person, clock.today())


def _item(session: Session, key: str, act: Act) -> WorkItem:
    case_id = next((case for case, place in numbered(session, key).items() if place == (act.process, act.case)), None)
    query = select(WorkItem).where(
        WorkItem.case_id == case_id,
        WorkItem.element_id == act.element,
        WorkItem.instance_key == act.instance,
        WorkItem.status == "open",
    )
    found = session.scalars(query.order_by(WorkItem.created_at).limit(1)).first() if case_id else None
    if found is None:
        case = session.get(Case, case_id) if case_id else None
        raise Invalid(
            message(
                "%(login)s 应办理“%(element)s”，但%(case)s没有这项待办。",
                login=act.login, element=act.element, case=case.title if case else message("案件"),
            )
        )  # fmt: skip
    return found


def _with_files(
    session: Session, house: House, actor: Actor, item: WorkItem, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers with the files of a scenario uploaded anew, beside the task that they belong to."""

    def uploaded(value: object) -> object:
        if isinstance(value, list):
            return [uploaded(each) for each in value]
        if not isinstance(value, Mapping) or "file" not in value or set(value) - {"file", "content"}:
            return value
        name, content = str(value["file"]), _content(value.get("content"))
        return str(house.files.put(session, actor, name, content, case_id=item.case_id, work_item_id=item.id).id)

    return {key: uploaded(value) for key, value in answers.items()}


def _content(kept: object) -> bytes:
    """What is in a file of a scenario: as it was recorded, else a document that stands for it."""
    if kept is None:
        return PDF
    try:
        return b64decode(str(kept), validate=True)
    except ValueError as cause:
        raise Invalid(message("场景中的附件无法读取。")) from cause


def _differences(expected: tuple[Standing, ...], found: list[Standing]) -> list[Message]:
    """In sentences: what stands otherwise than it did when the scenario was kept."""
    told: list[Message] = []
    now = {(each.process, each.case): each for each in found}
    for each in expected:
        case = message("%(process)s 第 %(number)s 件", process=each.process, number=each.case)
        other = now.pop((each.process, each.case), None)
        if other is None:
            told.append(message("%(case)s没有产生。", case=case))
            continue
        pairs = (
            (message("状态"), each.status, other.status), (message("结果"), each.outcome, other.outcome),
            (message("阶段"), each.stage, other.stage), (message("待办"), _open(each), _open(other)),
            (message("公文"), "、".join(each.documents), "、".join(other.documents)),
        )  # fmt: skip
        told += [
            message("%(case)s的%(what)s应为“%(should)s”，现为“%(is_)s”。", case=case, what=what, should=should, is_=is_)
            for what, should, is_ in pairs
            if should != is_
        ]
    told += [
        message("多出了 %(process)s 第 %(number)s 件。", process=process, number=number) for process, number in now
    ]
    return told


def _open(standing: Standing) -> str:
    return "、".join(f"{element}×{count}" for element, count in sorted(standing.open.items()))
