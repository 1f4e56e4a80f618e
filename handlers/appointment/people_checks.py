"""Whether a person may be put at a post: fit, willing, free of conflict, and not at two posts at once (第四至六条)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from processes.messages import Message, message
from processes.registers.application_statuses import SELECTABLE
from processes.registers.applications import Application
from processes.registers.nominations import NominationStatus, for_post
from processes.registers.planner_posts import PlannerPost


@dataclass(frozen=True)
class Choice:
    """A person put at a post, by the field in which it was done."""

    field: str
    post: PlannerPost
    person: Application


def unfit(session: Session, choice: Choice, recognised: Collection[UUID]) -> Message | None:
    """Why a person cannot be put at a post, with the ground; None if nothing is in the way."""
    person, unit_id = choice.person, choice.post.unit_id
    if person.status not in SELECTABLE or person.round_id != choice.post.round_id:
        label = person.STATUSES[person.status].zh
        return message("%(name)s的报名状态为“%(status)s”，不能列为人选（第六条(三)）。", name=person.name, status=label)
    if person.by_practice and person.id not in recognised:
        return message("%(name)s尚未按实践经验认定，不能列为人选（第四条(二)）。", name=person.name)
    if unit_id in {row.get("unit") for row in person.avoid_units if isinstance(row, dict)}:
        return message("%(name)s需回避该区县，不能列为人选。", name=person.name)
    if unit_id not in person.units_wanted and not person.accept_assign:
        return message("%(name)s未选择该区县且不服从统筹，不能列为人选（第五条(二)）。", name=person.name)
    refused = for_post(session, choice.post.id, NominationStatus.HR_OBJECTED)
    if any(each.application_id == person.id for each in refused):
        return message("市人力社保局不同意%(name)s担任该岗位，请另提人选（第六条(三)）。", name=person.name)
    return None
