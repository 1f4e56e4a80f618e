"""法规库: laws and documents on spatial planning, and which planner has read them (第七条(一))."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from processes.db import Base
from processes.errors import NotFound
from processes.files import StoredFile
from processes.forms.wording import Wording
from processes.identity.models import Person
from processes.messages import message
from processes.registers.history import Stateful, life


class LawStatus(StrEnum):
    """Whether a text is in force."""

    IN_FORCE = "in_force"
    REPEALED = "repealed"


LAW_STATUSES: dict[str, Wording] = {
    LawStatus.IN_FORCE: Wording("现行有效", "In force"),
    LawStatus.REPEALED: Wording("已废止", "Repealed"),
}
LAW_KINDS: dict[str, Wording] = {
    "law": Wording("法律", "Act"),
    "regulation": Wording("行政法规", "State regulation"),
    "local": Wording("地方性法规", "Local regulation"),
    "rule": Wording("规章", "Rules"),
    "document": Wording("规范性文件", "Policy document"),
    "standard": Wording("技术标准", "Technical standard"),
}


class Law(Stateful, Base):
    """One text that planners have to know, or may look up."""

    __tablename__ = "law"
    STATUSES = LAW_STATUSES
    LIFE = life((LawStatus.IN_FORCE, (LawStatus.REPEALED,)))

    title: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    """文号 or number of the standard."""
    kind: Mapped[str]
    issuer: Mapped[str]
    in_force_on: Mapped[date]
    summary: Mapped[str]
    """What is new in it for the work of a planner."""
    source: Mapped[str] = mapped_column(default="")
    """Where the full text is published."""
    required: Mapped[bool] = mapped_column(default=False)
    """On the reading list."""
    read_by: Mapped[date | None]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("law.id"))
    case_id: Mapped[UUID] = mapped_column(index=True)
    entered_on: Mapped[date] = mapped_column(index=True)
    entered_by: Mapped[str]

    replaces: Mapped[Law | None] = relationship(remote_side="Law.id")
    files: Mapped[list[LawFile]] = relationship(back_populates="law", order_by="LawFile.place")
    readings: Mapped[list[LawReading]] = relationship(back_populates="law")


class LawFile(Base):
    """A file of the library, readable by everybody who works at the desk."""

    __tablename__ = "law_file"

    law_id: Mapped[UUID] = mapped_column(ForeignKey("law.id"), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"), primary_key=True, index=True)
    place: Mapped[int]

    law: Mapped[Law] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship()


class LawReading(Base):
    """A planner's acknowledgement of a text on the reading list, or of one read on own motion."""

    __tablename__ = "law_reading"
    __table_args__ = (UniqueConstraint("law_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    law_id: Mapped[UUID] = mapped_column(ForeignKey("law.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[date | None]
    """None for one read on own motion."""
    read_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")

    law: Mapped[Law] = relationship(back_populates="readings")
    person: Mapped[Person] = relationship()


@dataclass(frozen=True)
class Read:
    """What a planner has read of the list in a span of days."""

    listed: int
    read: int


def law_of(session: Session, law_id: UUID) -> Law:
    """The text, or `NotFound`."""
    found = session.get(Law, law_id)
    if found is None:
        raise NotFound(message("未找到该法规文件。"))
    return found


def text_in_force(session: Session, title: str) -> Law | None:
    """The text of this name as it is in force, if the library has it; its number and its day stand there alone."""
    named = select(Law).where(Law.title.in_((title, f"《{title}》")), Law.status == LawStatus.IN_FORCE)
    return session.scalars(named.order_by(Law.in_force_on.desc())).first()


def reading_of(session: Session, law_id: UUID, person_id: UUID) -> LawReading | None:
    """A planner's acknowledgement of one text."""
    return session.scalar(select(LawReading).where(LawReading.law_id == law_id, LawReading.person_id == person_id))


def is_library_file(session: Session, file_id: UUID) -> bool:
    """Whether a file belongs to the library."""
    return session.scalar(select(LawFile.file_id).where(LawFile.file_id == file_id).limit(1)) is not None


def unread_laws(session: Session, person_id: UUID) -> Sequence[Law]:
    """The texts in force that a planner has not acknowledged, those on the reading list first."""
    read = select(LawReading.law_id).where(LawReading.person_id == person_id, LawReading.read_on.is_not(None))
    open_ones = select(Law).where(Law.status == LawStatus.IN_FORCE, Law.id.not_in(read))
    return session.scalars(open_ones.order_by(Law.required.desc(), Law.entered_on.desc(), Law.id)).all()


def laws(
    session: Session, *, search: str = "", kind: str = "", status: str = "", offset: int = 0, limit: int = 50
) -> tuple[Sequence[Law], int]:
    """Texts of the library, the newest first, and how many there are."""
    found = select(Law)
    if search:
        like = f"%{search.strip()}%"
        found = found.where(or_(Law.title.ilike(like), Law.number.ilike(like), Law.issuer.ilike(like)))
    if kind:
        found = found.where(Law.kind == kind)
    if status:
        found = found.where(Law.status == status)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ordered = found.order_by(Law.entered_on.desc(), Law.title, Law.id).options(selectinload(Law.files))
    return session.scalars(ordered.offset(offset).limit(limit)).all(), total


def readings_by_law(session: Session, law_ids: Collection[UUID], person_id: UUID | None) -> dict[UUID, LawReading]:
    """One planner's acknowledgements of several texts."""
    if person_id is None or not law_ids:
        return {}
    mine = select(LawReading).where(LawReading.person_id == person_id, LawReading.law_id.in_(list(law_ids)))
    return {each.law_id: each for each in session.scalars(mine)}


def readers_of(session: Session, law_id: UUID) -> Sequence[LawReading]:
    """Who has a text on the list or has read it, those who have not first."""
    found = select(LawReading).join(Person, LawReading.person_id == Person.id).where(LawReading.law_id == law_id)
    ordered = found.order_by(LawReading.read_on.is_not(None), Person.name, LawReading.id)
    return session.scalars(ordered.options(selectinload(LawReading.person))).all()


def read_in(session: Session, person_id: UUID, first: date, last: date) -> Read:
    """What was to be read in a span of days, and what was."""
    mine = (LawReading.person_id == person_id, LawReading.due_on.between(first, last))
    rows = session.execute(select(func.count(LawReading.id), func.count(LawReading.read_on)).where(*mine)).one()
    return Read(rows[0], rows[1])
