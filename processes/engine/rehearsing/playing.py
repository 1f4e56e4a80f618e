"""Playing a scenario on a scratch database: time goes on, stand-ins act, and in the end all stands as it should."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.audit import AuditEntry
from processes.db import Database
from processes.engine import cases, work
from processes.engine.background import Background
from processes.engine.definitions import active_definition
from processes.engine.failures import CaseFailed
from processes.engine.house import House
from processes.engine.models import UNDONE, Case, WorkItem
from processes.engine.packages import Package, package
from processes.engine.rehearsing.recording import numbered, standings
from processes.engine.rehearsing.repeating import BEGUN, DONE, VERBS, Verb
from processes.engine.rehearsing.scenario import Act, Scenario, Standing
from processes.errors import DeskError, Invalid
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.identity.people import actor_of
from processes.messages import Message, message

MOST_LOOKS = 3_000
"""Times that something is due on the way to a moment; a diagram that goes round for ever is stopped."""
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
"""Stands for a file that somebody uploads."""


STATUSES = {
    "running": message("办理中"), "suspended": message("已挂起"), "completed": message("已办结"),
    "terminated": message("已结束"), "cancelled": message("已终止"),
}  # fmt: skip
NONE = message("无")


@dataclass
class Outcome:
    """What came of playing a scenario."""

    problems: list[Message] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything went and stands as it should."""
        return not self.problems


class Missing(Invalid):
    """There is nothing to which an act of a scenario could be done."""


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


def play(database: Database, house: House, key: str, scenario: Scenario, verbs: Mapping[str, Verb] = VERBS) -> Outcome:
    """Play a scenario on a database that holds the draft; this thread's clock is the scenario's."""
    outcome = Outcome()
    moving = clock.MovableClock(scenario.begins)
    with clock.here(moving):
        for number, act in enumerate(scenario.acts, start=1):
            let_time_pass(database, house, moving, scenario.begins + timedelta(minutes=act.minutes))
            problem = _done(database, house, key, act, verbs)
            if problem is not None:
                outcome.problems.append(message("第 %(number)s 步：%(text)s", number=number, text=problem))
                return outcome
        let_time_pass(database, house, moving, scenario.begins + timedelta(minutes=scenario.lasts))
        with database.reading() as session:
            found = standings(session, numbered(session, key))
            named = _Names(package(session, active_definition(session, key).id))
    outcome.problems += _differences(scenario.expected, found, named)
    return outcome


def _done(database: Database, house: House, key: str, act: Act, verbs: Mapping[str, Verb]) -> Message | None:
    """Let a stand-in act; what kept him from it, if anything did."""
    who = act.login
    try:
        with database.transaction() as session:
            actor = _stand_in(session, act.login)
            who = actor.name
            _act(session, house, actor, key, act, verbs)
    except Missing as missing:
        return missing.text
    except Invalid as refused:
        named = "；".join(f"{name}：{text}" for name, text in refused.fields.items())
        told = message("%(text)s（%(fields)s）", text=refused.text, fields=named) if named else refused.text
        return _refused(act, who, verbs, told)
    except CaseFailed as failure:
        return _refused(act, who, verbs, failure.text)
    except DeskError as refused:
        return _refused(act, who, verbs, refused.text)
    return None


def _act(session: Session, house: House, actor: Actor, key: str, act: Act, verbs: Mapping[str, Verb]) -> None:
    if act.verb:
        verb = verbs.get(act.verb)
        if verb is None:
            raise Missing(message("场景中的“%(verb)s”不能重演。", verb=act.verb))
        subject = _case(session, key, act).id if verb.of == "case" else _item(session, key, act, actor, verb).id
        verb.again(session, house, actor, subject, act.answers or {})
    elif not act.element:
        cases.start(session, house, actor, key, act.process, dict(act.answers or {}))
    else:
        item = _item(session, key, act, actor)
        work.complete(session, house, actor, item.id, _with_files(session, house, actor, item, act.answers or {}))


def _refused(act: Act, who: str, verbs: Mapping[str, Verb], text: Message) -> Message:
    """Who could not do what, and why."""
    verb = verbs[act.verb].name if act.verb else DONE if act.element else BEGUN
    return message(
        "%(person)s不能%(verb)s“%(step)s”：%(text)s",
        person=who, verb=verb, step=act.step or act.element or act.process, text=text,
    )  # fmt: skip


def _stand_in(session: Session, login: str) -> Actor:
    person = session.scalars(select(Person).where(Person.login == login)).one_or_none()
    if person is None:
        raise Invalid(message("彩排环境中没有登录名为“%(login)s”的替身。", login=login))
    return actor_of(session, person, clock.today())


def _case(session: Session, key: str, act: Act) -> Case:
    found = next((case for case, place in numbered(session, key).items() if place == (act.process, act.case)), None)
    if found is None:
        raise Missing(message("要办理的%(process)s 第 %(number)s 件没有产生。", process=act.process, number=act.case))
    return session.get_one(Case, found)


def _item(session: Session, key: str, act: Act, actor: Actor, verb: Verb | None = None) -> WorkItem:
    """The task that an act is about, the one of the same person and instance where there are several."""
    case = _case(session, key, act)
    of = verb.of if verb is not None else "open"
    statuses = {"undone": UNDONE, "sent": ("done", "held")}.get(of, ("open",))
    query = select(WorkItem).where(
        WorkItem.case_id == case.id,
        WorkItem.element_id == act.element,
        WorkItem.attached_as == act.aside,
        WorkItem.status.in_(statuses),
    )
    if of == "sent":
        query = query.where(WorkItem.completed_by_id == actor.person_id)
    found = list(session.scalars(query.order_by(WorkItem.created_at)))
    same = [each for each in found if each.instance_key == act.instance]
    if act.whose:
        person_id = _stand_in(session, act.whose).person_id
        of_person = [each for each in found if each.person_id == person_id]
        same = [each for each in of_person if each in same] or of_person or same
    if not same:
        name = verb.name if verb is not None else DONE
        raise Missing(
            message(
                "%(person)s应%(verb)s“%(step)s”（%(element)s），但“%(case)s”没有这项任务。",
                person=actor.name, verb=name, step=act.step or act.element, element=act.element, case=case.title,
            )
        )  # fmt: skip
    return _sent_last(session, same) if of == "sent" else same[0]


def _sent_last(session: Session, items: Sequence[WorkItem]) -> WorkItem:
    """The one that was completed last: the trail knows it, on a clock that stands still."""
    subjects = {f"work_item:{each.id}": each for each in items}
    query = select(AuditEntry.subject).where(AuditEntry.action == "work.complete", AuditEntry.subject.in_(subjects))
    last = session.scalars(query.order_by(AuditEntry.seq.desc()).limit(1)).first()
    return subjects[last] if last is not None else items[-1]


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


class _Names:
    """What the things of a standing are called, in the diagram as it is now."""

    def __init__(self, of: Package) -> None:
        self._of = of

    def case(self, process: str, number: int) -> Message:
        facts = self._of.processes.get(process)
        return message("“%(process)s”第 %(number)s 件", process=facts.name if facts else process, number=number)

    def stage(self, each: Standing) -> Wording | str:
        facts = self._of.processes.get(each.process)
        stages = facts.stages if facts else ()
        return next((stage.title for stage in stages if stage.key == each.stage), each.stage)

    def opened(self, each: Standing) -> str:
        elements = self._of.program.elements
        return "、".join(
            f"{elements[element].name or element if element in elements else element}×{count}"
            for element, count in sorted(each.open.items())
        )


def _differences(expected: tuple[Standing, ...], found: list[Standing], named: _Names) -> list[Message]:
    """In sentences: what stands otherwise than it did when the scenario was kept."""
    told: list[Message] = []
    now = {(each.process, each.case): each for each in found}
    for each in expected:
        case = named.case(each.process, each.case)
        other = now.pop((each.process, each.case), None)
        if other is None:
            told.append(message("%(case)s没有产生。", case=case))
            continue
        pairs = (
            (message("状态"), STATUSES.get(each.status, each.status), STATUSES.get(other.status, other.status)),
            (message("结果"), each.outcome, other.outcome),
            (message("阶段"), named.stage(each), named.stage(other)),
            (message("待办"), named.opened(each), named.opened(other)),
            (message("公文"), "、".join(each.documents), "、".join(other.documents)),
        )  # fmt: skip
        told += [
            message("%(case)s的%(what)s应为“%(should)s”，现为“%(is_)s”。", case=case, what=what,
                    should=should or NONE, is_=is_ or NONE)
            for what, should, is_ in pairs
            if should != is_
        ]  # fmt: skip
    return told + [message("多出了%(case)s。", case=named.case(*place)) for place in now]
