"""Showing a case to others and asking others aside; neither ever blocks it (抄送、传阅、沟通)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, joinedload

from processes import audit, clock, notices
from processes.engine.models import Case, CaseEvent, WorkItem
from processes.engine.permissions import need_part
from processes.engine.task_forms import item_of
from processes.engine.verbs.choosing import several, somebody
from processes.engine.verbs.models import Circulation, waits_for_reader
from processes.engine.verbs.telling import note
from processes.errors import Conflict, Invalid, NotAllowed, NotFound
from processes.identity.actor import Actor
from processes.messages import message
from processes.paging import MOST_BESIDE, Listing, Page, counted, counting, listed

LONGEST_TEXT = 2000
COPY, QUESTION = "copy", "question"
Box = Literal["unread", "read", "questions", "sent"]
"""What waits for me, `unread` copies and open questions; copies I have `read`; all `questions` to me; what I `sent`."""
BOXES: tuple[Box, ...] = ("unread", "read", "questions", "sent")


def copy_to(session: Session, actor: Actor, item_id: UUID, to: Sequence[str], text: str = "") -> list[Circulation]:
    """Show a case to some of the staff; the case does not wait for them (抄送)."""
    item = _of_part(session, actor, item_id)
    made, logins = _show(session, actor, item, to, text, "copied")
    audit.record(session, actor, "work.copy", f"work_item:{item.id}", to=logins)
    return made


def ask(session: Session, actor: Actor, item_id: UUID, to: str, text: str) -> Circulation:
    """Ask somebody a question about a case, aside (沟通)."""
    item = _of_part(session, actor, item_id)
    question = _needed(text)
    asked = somebody(session, actor, to)
    made = _circulate(session, actor, item, QUESTION, asked, question)
    note(session, actor, item, "asked", f"→ {asked.name}：{question}")
    audit.record(session, actor, "work.ask", f"work_item:{item.id}", to=asked.login)
    return made


def pass_on(
    session: Session, actor: Actor, circulation_id: UUID, to: Sequence[str], text: str = ""
) -> list[Circulation]:
    """Show a copy to others as well (传阅)."""
    found = _mine(session, actor, circulation_id)
    if found.kind != COPY or found.work_item_id is None:
        raise Conflict(message("沟通的问题不能传阅。"))
    item = session.get_one(WorkItem, found.work_item_id)
    made, logins = _show(session, actor, item, to, text, "passed_on", passed_on_from=found.id)
    audit.record(session, actor, "work.pass_on", f"circulation:{found.id}", to=logins)
    return made


def read(session: Session, actor: Actor, circulation_id: UUID) -> Circulation:
    """Note that one has read it (已阅); the sender can see when."""
    found = _mine(session, actor, circulation_id)
    if found.read_at is None:
        found.read_at = clock.now()
    return found


def answer(session: Session, actor: Actor, circulation_id: UUID, text: str) -> Circulation:
    """Answer a question, or leave an opinion on a copy; it stays in the history of the case."""
    found = _mine(session, actor, circulation_id)
    said = _needed(text)
    if found.answer:
        raise Conflict(message("您已经回复过。"))
    found.answer, found.answered_at = said, clock.now()
    found.read_at = found.read_at or found.answered_at
    session.add(
        CaseEvent(
            case_id=found.case_id, at=found.answered_at, kind="answered", step=found.step, person_id=actor.person_id,
            person=actor.name, text=said, task_id=_task_id(session, found),
        )
    )  # fmt: skip
    told = message("%(person)s回复了您：%(title)s", person=actor.name, title=_title(session, found))
    notices.notify(
        session, "answer", told, person_id=found.from_id, case_id=found.case_id, work_item_id=found.work_item_id
    )
    audit.record(session, actor, "work.answer", f"circulation:{found.id}")
    return found


def circulations(session: Session, actor: Actor, box: Box, page: Page) -> Listing[Circulation]:
    """One of the boxes of copies and questions, newest first."""
    query = select(Circulation).where(_in_box(actor, box))
    rows = session.scalars(
        query.options(joinedload(Circulation.case), joinedload(Circulation.to))
        .order_by(Circulation.at.desc(), Circulation.id.desc())
        .offset(page.offset)
        .limit(page.rows + 1)
    ).all()
    ids = query.with_only_columns(Circulation.id)
    return listed(rows, page, lambda: counted(session, ids))


def unread(actor: Actor, most: int = MOST_BESIDE) -> object:
    """How many copies one has not read and questions one has not answered, as a part of a larger question."""
    mine = select(Circulation.id).where(Circulation.to_id == actor.person_id, waits_for_reader())
    return counting(mine, most)


def circulation_for(session: Session, actor: Actor, circulation_id: UUID) -> Circulation:
    """A copy or question that the actor has sent or received."""
    found = session.get(Circulation, circulation_id, options=[joinedload(Circulation.case), joinedload(Circulation.to)])
    if found is None or actor.person_id not in (found.to_id, found.from_id):
        raise NotFound(message("没有这份抄送。"))
    return found


def of_case(session: Session, actor: Actor, case_id: UUID) -> Sequence[Circulation]:
    """What was shown to whom in a case and what was asked, with receipts, for those who see the case."""
    query = select(Circulation).where(Circulation.case_id == case_id).options(joinedload(Circulation.to))
    return session.scalars(query.order_by(Circulation.at.desc()).limit(200)).all()


def _in_box(actor: Actor, box: Box) -> ColumnElement[bool]:
    if box == "sent":
        return Circulation.from_id == actor.person_id
    mine = Circulation.to_id == actor.person_id
    if box == "questions":
        return and_(mine, Circulation.kind == QUESTION)
    if box == "unread":
        return and_(mine, waits_for_reader())
    return and_(mine, Circulation.kind == COPY, Circulation.read_at.is_not(None))


def _of_part(session: Session, actor: Actor, item_id: UUID) -> WorkItem:
    item = item_of(session, item_id)
    need_part(session, actor, item)
    if actor.person_id is None or actor.has("auditor"):
        raise NotAllowed(message("监督岗位只能查阅。"))
    return item


def _show(
    session: Session, actor: Actor, item: WorkItem, to: Sequence[str], text: str, kind: str,
    passed_on_from: UUID | None = None,
) -> tuple[list[Circulation], list[str]]:  # fmt: skip
    """The copies, and the log-in names of those who get one: whoever has not read the last one gets no second."""
    said = _short(text)
    readers = [each for each in several(session, actor, to) if not _is_shown(session, item.case_id, each)]
    if not readers:
        raise Conflict(message("所选人员已收到抄送，尚未阅读。"))
    made = [_circulate(session, actor, item, COPY, reader, said, passed_on_from) for reader in readers]
    names = "、".join(each.name for each in readers)
    note(session, actor, item, kind, f"→ {names}" + (f"：{said}" if said else ""))
    return made, [each.login for each in readers]


def _is_shown(session: Session, case_id: UUID, reader: Actor) -> bool:
    """Whether a reader has a copy of the case already that is not read yet."""
    query = select(func.count()).where(
        Circulation.case_id == case_id, Circulation.to_id == reader.person_id, Circulation.kind == COPY,
        Circulation.read_at.is_(None),
    )  # fmt: skip
    return bool(session.scalar(query))


def _circulate(
    session: Session, actor: Actor, item: WorkItem, kind: str, reader: Actor, text: str,
    passed_on_from: UUID | None = None,
) -> Circulation:  # fmt: skip
    assert actor.person_id is not None
    assert reader.person_id is not None
    made = Circulation(
        kind=kind, case_id=item.case_id, work_item_id=item.id, step=item.step, from_id=actor.person_id,
        sender=actor.name, to_id=reader.person_id, at=clock.now(), text=text, passed_on_from=passed_on_from,
    )  # fmt: skip
    session.add(made)
    session.flush()
    told = message("%(from)s向您抄送：%(title)s", **{"from": actor.name, "title": item.title})
    if kind == QUESTION:
        told = message("%(from)s向您询问：%(title)s", **{"from": actor.name, "title": item.title})
    notices.notify(session, kind, told, person_id=reader.person_id, case_id=item.case_id)
    return made


def _mine(session: Session, actor: Actor, circulation_id: UUID) -> Circulation:
    found = session.get(Circulation, circulation_id, with_for_update={"key_share": True})
    if found is None or found.to_id != actor.person_id:
        raise NotFound(message("没有这份抄送。"))
    return found


def _task_id(session: Session, found: Circulation) -> str:
    item = session.get(WorkItem, found.work_item_id) if found.work_item_id else None
    return item.task_id if item is not None else ""


def _title(session: Session, found: Circulation) -> str:
    return session.get_one(Case, found.case_id).title


def _needed(text: str) -> str:
    if not text.strip():
        problem = message("请填写内容。")
        raise Invalid(problem, {"text": problem})
    return _short(text)


def _short(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        problem = message("内容不能超过 %(count)s 字。", count=LONGEST_TEXT)
        raise Invalid(problem, {"text": problem})
    return text.strip()
