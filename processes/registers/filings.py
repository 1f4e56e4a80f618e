"""存档回执: which results of the appraisal an employer has filed in the person's archive (第十四条)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.experts import Expert
from processes.rules.excellent import RollStatus

GROUND = "第十四条"
KEEPERS = ("employer.clerk",)
"""Who files the results of the own people."""


@dataclass(frozen=True)
class Filing:
    """A planner sent by an employer, and the latest result that is to be filed."""

    expert: Expert
    entry: AppraisalEntry | None
    """None: no appraisal yet."""

    @property
    def owed(self) -> bool:
        """Whether a final result waits for its receipt."""
        return self.entry is not None and self.entry.final and self.entry.filed_on is None


def filings_of(session: Session, employers: Collection[str]) -> list[Filing]:
    """The people of some employers, those whose receipt is owed first."""
    people = select(Expert).where(Expert.employer_id.in_(sorted(employers)), Expert.merged_into_id.is_(None))
    experts = session.scalars(people.order_by(Expert.name, Expert.id)).all()
    latest = _latest(session, experts)
    found = [Filing(each, latest.get(each.person_id)) for each in experts]
    return sorted(found, key=lambda each: (not each.owed, each.entry is None, each.expert.name))


def _latest(session: Session, experts: Sequence[Expert]) -> dict[UUID, AppraisalEntry]:
    """The newest result of each person; an older one whose receipt is owed comes before it."""
    mine = (
        select(AppraisalEntry)
        .join(AppraisalEntry.appraisal)
        .where(
            AppraisalEntry.person_id.in_([each.person_id for each in experts]),
            AppraisalEntry.roll == RollStatus.GRADED,
        )
        .options(joinedload(AppraisalEntry.appraisal))
        .order_by(AppraisalEntry.final & AppraisalEntry.filed_on.is_(None), Appraisal.year)
    )
    return {each.person_id: each for each in session.scalars(mine)}
