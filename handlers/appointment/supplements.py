"""待补正: which applicants must supplement what, as the reviewer has listed it (第六条(二))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from processes.engine.models import Submission
from processes.identity.actor import Actor
from processes.registers.application_statuses import ApplicationStatus
from processes.registers.applications import Application
from processes.registers.reading import READS_ALL

GROUND = "第六条（二）"
FORM = "qualification"


@dataclass(frozen=True)
class Supplement:
    """One thing that an applicant must bring, and by which day."""

    application: Application
    item: str
    """Empty where the reviewer has listed nothing."""
    due: str


def supplements(session: Session, actor: Actor) -> list[Supplement]:
    """What is still to be supplemented, the first due first."""
    actor.need(*READS_ALL)
    wanted = select(Application).where(Application.status == ApplicationStatus.SUPPLEMENT)
    waiting = session.scalars(wanted.options(joinedload(Application.round))).all()
    listed = _listed(session, [each.case_id for each in waiting if each.case_id])
    found = [
        Supplement(each, str(row.get("item") or ""), str(row.get("due") or ""))
        for each in waiting
        for row in (listed.get(each.case_id) or [{}])
    ]
    return sorted(found, key=lambda each: (each.due or "9999", each.application.number))


def _listed(session: Session, case_ids: Sequence[UUID]) -> dict[UUID | None, list[Mapping[str, Any]]]:
    """The rows of the last review of each application."""
    sent = select(Submission).where(Submission.case_id.in_(case_ids), Submission.form_key == FORM)
    reviews = session.scalars(sent.order_by(Submission.at))
    return {each.case_id: each.answers.get("supplement") or [] for each in reviews}
