"""专家库维护: personal data removed at the person's wish, two records of one person made one (第十条)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from processes import clock
from processes.db import Base
from processes.errors import Conflict
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.messages import message
from processes.registers.application_statuses import ENDED
from processes.registers.applications import Application
from processes.registers.appointments import Appointment
from processes.registers.experts import Expert, ExpertStatus, note
from processes.registers.history import change_status
from processes.registers.only_growing import ONLY_GROWING
from processes.registers.rounds import Round, RoundStatus

REMOVED = "已删除个人信息"
"""What a person is called who never served and asked for removal."""
RECORDS = {
    "application": "报名",
    "appointment": "聘任",
    "attendance": "活动出席",
    "appraisal_entry": "年度考核",
    "annual_report": "年度工作报告",
    "benefit": "政策待遇",
    "dismissal": "解聘案卷",
    "withdrawal": "退出申请",
    "material_request": "资料需求",
    "suggestion": "工作建议",
}
"""Records about a person, by their table; others are called by the table's name."""
NOT_MOVED = frozenset({"expert", "status_change"})


@dataclass(frozen=True)
class Moved:
    """How many records of a register pass from one record of a person to the other."""

    register: str
    count: int


def subjects() -> Iterator[Table]:
    """The tables of the registers whose rows are about a person."""
    for mapper in sorted(Base.registry.mappers, key=lambda each: each.class_.__name__):
        table = mapper.local_table
        known = mapper.class_.__module__.startswith("processes.registers.")
        if not known or not isinstance(table, Table) or table.name in (*NOT_MOVED, *ONLY_GROWING):
            continue
        if "person_id" in table.columns and not table.columns["person_id"].nullable:
            yield table


def records_about(session: Session, person_id: UUID) -> list[Moved]:
    """What the registers hold about a person."""
    found = []
    for table in subjects():
        query = select(func.count()).select_from(table).where(table.columns["person_id"] == person_id)
        count = session.scalar(query) or 0
        if count:
            found.append(Moved(RECORDS.get(table.name, table.name), count))
    return found


def merge(session: Session, actor: Actor, keep: Expert, drop: Expert, reason: str) -> list[Moved]:
    """Make two records of one person one: what was recorded about the second is the first's, with a trace in both."""
    moved = records_about(session, drop.person_id)
    try:
        with session.begin_nested():
            for table in subjects():
                mine = table.columns["person_id"] == drop.person_id
                session.execute(update(table).where(mine).values(person_id=keep.person_id))
    except IntegrityError as cause:
        raise Conflict(message("两条记录在同一活动或年度均有登记，请先办理记录更正，再合并。")) from cause
    session.expire_all()
    _fill(keep, drop)
    told = "、".join(f"{each.register}{each.count}条" for each in moved) or "无业务记录"
    change_status(session, actor, drop, ExpertStatus.INACTIVE, f"与{keep.name}的记录合并：{reason}")
    drop.merged_into_id, drop.changed_at = keep.id, clock.now()
    entered = clock.local(drop.entered_at).date()
    note(session, actor, keep, f"并入重复记录（{drop.name}，{entered}入库）：{told}。{reason}")
    note(session, actor, drop, f"并入{keep.name}的记录：{told}。{reason}")
    session.flush()
    return moved


def _fill(keep: Expert, drop: Expert) -> None:
    """What the record that stays does not know is taken from the other."""
    for name in ("employer_id", "title_level", "title_name", "planner_cert", "planner_cert_no", "specialties", "route"):
        if not getattr(keep, name):
            setattr(keep, name, getattr(drop, name))
    keep.cert_valid_until = keep.cert_valid_until or drop.cert_valid_until
    keep.changed_at = clock.now()


def application_going_on(session: Session, person_id: UUID) -> Application | None:
    """An application of a person in a round that is not over."""
    over = (RoundStatus.COMPLETED, RoundStatus.CANCELLED)
    mine = (
        select(Application)
        .join(Application.round)
        .where(Application.person_id == person_id, Application.status.not_in(ENDED), Round.status.not_in(over))
    )
    return session.scalars(mine.limit(1)).first()


def minimise(session: Session, actor: Actor, expert: Expert, reason: str) -> None:
    """Take a person out of the choice and remove what only concerns him; appointments stay as official records."""
    if expert.status == ExpertStatus.IN_OFFICE:
        raise Conflict(message("在聘期间的履职信息不能删除，请在离任后申请。"))
    change_status(session, actor, expert, ExpertStatus.INACTIVE, f"本人申请删除个人信息：{reason or '未说明'}")
    person = session.get_one(Person, expert.person_id)
    _clear(expert, title_level="", title_name="", planner_cert="", planner_cert_no="", specialties=[], route="")
    expert.employer_id, expert.cert_valid_until = None, None
    expert.minimised_on, expert.changed_at = clock.today(), clock.now()
    _clear(person, mobile="", email="")
    served = session.scalar(select(Appointment.id).where(Appointment.person_id == person.id).limit(1)) is not None
    if not served:
        expert.name = person.name = REMOVED
    for application in session.scalars(select(Application).where(Application.person_id == person.id)):
        _clear(application, mobile="", birth="", title_cert_no="", planner_cert_no="", practical_reasons="")
        application.answers = {}
        application.name = application.name if served else REMOVED
    for each in expert.notes:
        session.delete(each)
    session.flush()
    session.expire(expert, ["notes"])
    note(session, actor, expert, "已按本人申请停用并删减个人信息，聘任等履职记录保留。")


def _clear(record: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(record, name, value)
