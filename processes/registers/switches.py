"""解释口径与开关: how both bureaus read what the text leaves open, from which day, and by whose word (第十六条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from processes import clock
from processes.db import Base
from processes.errors import Invalid
from processes.identity.actor import Actor
from processes.messages import message
from processes.rules.switch_kinds import Setting
from processes.rules.switches import SWITCHES


class Interpretation(Base):
    """A question that the text leaves open and the answer of both bureaus."""

    __tablename__ = "interpretation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `解释-2026-003`."""
    article: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    agreed_on: Mapped[date]
    """Day on which the second bureau agreed."""
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    """The consultation of the HR bureau it came from."""
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    recorded_by: Mapped[str]
    confirmed_by: Mapped[str] = mapped_column(default="")
    """The leader of the city bureau who put it in force."""
    effects: Mapped[list[Any]] = mapped_column(default=list)
    """What the change of a switch was shown to change, before it was confirmed."""
    recorded_at: Mapped[datetime]


class SwitchSetting(Base):
    """A switch set to a value from a day on; written once, a later setting takes its place."""

    __tablename__ = "switch_setting"
    __table_args__ = (Index("ix_switch_setting_code_valid_from", "code", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    """The version of the readings: what was computed keeps the highest one of its day."""
    code: Mapped[str]
    value: Mapped[dict[str, Any]]
    """`{"value": …}`."""
    valid_from: Mapped[date]
    interpretation_id: Mapped[UUID] = mapped_column(ForeignKey("interpretation.id"))
    reason: Mapped[str] = mapped_column(default="")
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    set_by: Mapped[str]
    set_at: Mapped[datetime]

    interpretation: Mapped[Interpretation] = relationship()


@dataclass(frozen=True)
class Readings:
    """All switches as they stand on a day."""

    day: date
    version: int
    """The highest setting that was known; 0 while nothing has been set."""
    values: Mapping[str, Setting]

    def choice(self, code: str) -> str:
        """The reading of a switch that has one of several."""
        return str(self.values[code])

    def number(self, code: str) -> int:
        """The reading of a switch that is a whole number, in the unit that the switch names."""
        return int(cast("int", self.values[code]))

    def on(self, code: str) -> bool:
        """Whether a switch that is yes or no stands at yes."""
        return self.values[code] in ("yes", "on")

    def items(self, code: str) -> tuple[str, ...]:
        """What the list of a switch holds."""
        return tuple(cast("tuple[str, ...]", self.values[code]))

    def parts(self, code: str) -> dict[str, int]:
        """The numbers of a switch made of several, by part (the weights of the score, in percent)."""
        return {key: int(value) for key, value in cast("Mapping[str, int]", self.values[code]).items()}

    def by_key(self, code: str) -> dict[str, str]:
        """The readings of a switch that has one for each of several cases, by case."""
        return {key: str(value) for key, value in cast("Mapping[str, str]", self.values[code]).items()}


def readings_on(session: Session, day: date | None = None, version: int | None = None) -> Readings:
    """The switches as they stand on a day, or as they stood when only settings up to `version` were known."""
    on = day or clock.today()
    known = select(SwitchSetting).where(SwitchSetting.valid_from <= on)
    if version is not None:
        known = known.where(SwitchSetting.id <= version)
    values: dict[str, Setting] = {code: switch.default for code, switch in SWITCHES.items()}
    for setting in session.scalars(known.order_by(SwitchSetting.valid_from, SwitchSetting.id)):
        values[setting.code] = setting.value["value"]
    newest = session.scalar(select(func.max(SwitchSetting.id))) or 0
    return Readings(on, newest if version is None else version, values)


def interpret(session: Session, actor: Actor, **facts: Any) -> Interpretation:
    """Enter what both bureaus have settled."""
    made = Interpretation(recorded_by_id=actor.person_id, recorded_at=clock.now(), **facts)
    session.add(made)
    session.flush()
    return made


def settings_of(session: Session, *codes: str) -> Sequence[SwitchSetting]:
    """The settings of some switches, or of all, each with its interpretation, newest first."""
    found = select(SwitchSetting).options(selectinload(SwitchSetting.interpretation)).order_by(SwitchSetting.id.desc())
    return session.scalars(found.where(SwitchSetting.code.in_(codes)) if codes else found).all()


def set_switch(
    session: Session, actor: Actor, code: str, value: Setting, valid_from: date, ground: Interpretation, reason: str
) -> SwitchSetting:
    """Set a switch from a day on; `Invalid` for an unknown switch, a value it does not accept, or no reason."""
    switch = SWITCHES.get(code)
    if switch is None:
        raise Invalid(message("没有名为“%(code)s”的口径开关。", code=code))
    if not switch.accepts(value):
        problem = message("“%(code)s”不接受这一取值。", code=code)
        raise Invalid(problem, {"value": problem})
    if len(reason.strip()) < 10:
        problem = message("请用至少 10 个字说明调整理由。")
        raise Invalid(problem, {"reason": problem})
    made = SwitchSetting(
        code=code,
        value={"value": value},
        valid_from=valid_from,
        interpretation_id=ground.id,
        reason=reason.strip(),
        set_by_id=actor.person_id,
        set_by=actor.name,
        set_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return made
