"""评定等次: the one function through which every grade goes, and the ceiling on 优秀 that it keeps (第十四条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.errors import Conflict, Invalid
from processes.identity.actor import Actor
from processes.messages import Message, message
from processes.registers.appraisals import GRADES, Appraisal, AppraisalEntry, GradeVersion
from processes.registers.switches import Readings, readings_on
from processes.rules.appraisal import Grade, Why
from processes.rules.excellent import EXCELLENT_SHARE, ExcellentBase, RollStatus, check_excellent, excellent_base

SOURCES = ("panel", "decision", "objection", "correction", "import")
"""The ways of giving a grade."""
AFTER_FINAL = ("objection", "correction", "import")
"""The ways of changing a grade that is in force."""
REASON_AT_LEAST = 50
"""Characters of the reason of 不称职 (D)."""


class Given(NamedTuple):
    """A grade as it is given to one planner."""

    grade: str
    reason: str = ""
    votes: str = ""


@dataclass(frozen=True)
class CapStanding:
    """How a year's list stands against the ceiling: shown while people grade, and told where a list is refused."""

    n: int
    """考核人数, the base of the ceiling."""
    cap: int
    used: int
    left: int
    """Places of 优秀 that are free."""
    over: int
    """Names of 优秀 too many."""
    ground: str
    readings_version: int

    @property
    def told(self) -> Message:
        """The line that screens show."""
        facts = {"n": self.n, "cap": self.cap, "used": self.used, "left": self.left, "ground": self.ground}
        if self.cap == 0:
            return message(
                "考核人数%(n)s人，优秀名额上限%(cap)s人，已用%(used)s人，剩余%(left)s人；名额为0（%(ground)s）", **facts
            )
        return message("考核人数%(n)s人，优秀名额上限%(cap)s人，已用%(used)s人，剩余%(left)s人（%(ground)s）", **facts)

    @property
    def sentence(self) -> str:
        """The same line as documents print it."""
        return str(self.told)


def readings_of(session: Session, appraisal: Appraisal) -> Readings:
    """The switches as they were frozen with a year's appraisal."""
    return readings_on(session, appraisal.freeze_on, appraisal.readings_version)


def cap_standing(
    session: Session, appraisal: Appraisal, proposed: Mapping[UUID, str] | None = None, *, lock: bool = False
) -> CapStanding:
    """The ceiling and how much of it the list would use with the grades that are proposed."""
    return _standing(session, appraisal, _roll(session, appraisal, lock), proposed or {})


def give_grades(
    session: Session,
    actor: Actor,
    appraisal: Appraisal,
    given: Mapping[UUID, Given],
    source: str,
    case_id: UUID | None = None,
) -> CapStanding:
    """Give grades with reason and votes; `Invalid` where the whole list would pass the ceiling (第十四条).

    The list is checked as it would stand, whoever gives the grade and on whatever way; versions only grow.
    """
    if source not in SOURCES:
        raise Conflict(message("没有名为“%(source)s”的评定方式。", source=source))
    roll = {each.id: each for each in _roll(session, appraisal, lock=True)}
    for entry_id, one in given.items():
        check_given(roll.get(entry_id), one, source)
    proposed = {entry_id: one.grade for entry_id, one in given.items()}
    standing = _standing(session, appraisal, roll.values(), proposed)
    _keep_the_ceiling(standing)
    for entry_id, one in given.items():
        _write(session, actor, roll[entry_id], one, source, case_id)
    session.flush()
    return standing


def take_out(
    session: Session, actor: Actor, entry: AppraisalEntry, why: Why, reason: str, case_id: UUID | None = None
) -> CapStanding:
    """Somebody is not graded after all: the base falls and the grade goes; the others' grades stay as they are.

    Where 优秀 is above the new ceiling nothing is changed silently: see `cap_warning`.
    """
    entry.roll, entry.why, entry.final = RollStatus.NOT_GRADED, why, False
    _write(session, actor, entry, Given("", reason), "correction", case_id)
    session.flush()
    return cap_standing(session, entry.appraisal)


def cap_warning(standing: CapStanding) -> Message | None:
    """What the leader is told where a smaller base leaves too many 优秀."""
    if not standing.over:
        return None
    return message(
        "考核人数变为%(n)s人，优秀名额上限为%(cap)s人，现有优秀%(used)s人，超出%(over)s人，请研究处理（第十四条）。",
        **_numbers(standing),
    )


def _roll(session: Session, appraisal: Appraisal, lock: bool) -> list[AppraisalEntry]:
    if lock:
        session.execute(select(Appraisal.id).where(Appraisal.id == appraisal.id).with_for_update())
    mine = select(AppraisalEntry).where(AppraisalEntry.appraisal_id == appraisal.id)
    return list(session.scalars(mine.order_by(AppraisalEntry.id)))


def _standing(
    session: Session, appraisal: Appraisal, roll: Iterable[AppraisalEntry], proposed: Mapping[UUID, str]
) -> CapStanding:
    """One ceiling for the city, or one for each unit where the switch says so (`excellent.pool`)."""
    readings = readings_of(session, appraisal)
    base, by_unit = ExcellentBase(readings.choice("excellent.base")), readings.choice("excellent.pool") == "groups"
    groups: dict[str, list[AppraisalEntry]] = {}
    for each in roll:
        groups.setdefault(each.appointment.unit_id if by_unit else "", []).append(each)
    n = cap = used = left = over = 0
    for group in groups.values():
        graded = excellent_base([RollStatus(each.roll) for each in group], base)
        named = sum(proposed.get(each.id, each.grade) == Grade.EXCELLENT for each in group)
        check = check_excellent(graded, named, appraisal.freeze_on)
        n, cap, used = n + graded, cap + check.cap, used + named
        left, over = left + max(0, check.cap - named), over + check.over_by
    return CapStanding(n, cap, used, left, over, str(EXCELLENT_SHARE.ground), readings.version)


def check_given(entry: AppraisalEntry | None, given: Given, source: str) -> None:
    """What a grade says by itself, whatever the ceiling: on the roll, graded, one of three, with its reason."""
    if entry is None:
        raise Invalid(message("该人员不在本年度考核名册中。"))
    who = entry.person.name
    if entry.roll != RollStatus.GRADED:
        raise Invalid(message("%(who)s不确定等次，不能评定等次。", who=who))
    if given.grade not in GRADES:
        raise Invalid(message("考核等次只有优秀、称职、不称职三个（第十四条）。"))
    if given.grade == Grade.INCOMPETENT and len(given.reason.strip()) < REASON_AT_LEAST:
        raise Invalid(message("评定%(who)s为不称职，理由不少于%(least)s个字。", who=who, least=REASON_AT_LEAST))
    if entry.final and source not in AFTER_FINAL:
        raise Conflict(message("%(who)s的考核结果已生效，只能经异议复核或更正变更。", who=who))


def above_the_ceiling(standing: CapStanding) -> Message | None:
    """Why a list that names too many cannot be saved."""
    if not standing.over:
        return None
    return message(
        "优秀等次超出名额：考核人数%(n)s人，上限%(cap)s人，拟评优秀%(used)s人，超出%(over)s人（第十四条）。",
        **_numbers(standing),
    )


def _keep_the_ceiling(standing: CapStanding) -> None:
    problem = above_the_ceiling(standing)
    if problem is not None:
        raise Invalid(problem, {"grades": problem})


def _numbers(standing: CapStanding) -> dict[str, int]:
    return {"n": standing.n, "cap": standing.cap, "used": standing.used, "over": standing.over}


def _write(
    session: Session, actor: Actor, entry: AppraisalEntry, given: Given, source: str, case_id: UUID | None
) -> None:
    session.add(
        GradeVersion(
            entry_id=entry.id, at=clock.now(), grade=given.grade, source=source, reason=given.reason.strip(),
            votes=given.votes.strip(), by=actor.name, case_id=case_id,
        )
    )  # fmt: skip
    entry.grade = given.grade
