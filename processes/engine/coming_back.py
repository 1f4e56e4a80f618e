"""A task that comes back to be mended, where its diagram says that what was sent is kept (`again`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.models import Submission, WorkItem
from processes.engine.spiff import Element

KEEP = "keep"


def sent_before(session: Session, element: Element, item: WorkItem) -> Mapping[str, Any] | None:
    """What the same party sent the last time it did this task of this case; None the first time."""
    if element.properties.get("again") != KEEP:
        return None
    same = (WorkItem.element_id, WorkItem.case_id, WorkItem.instance_key, WorkItem.role)
    query = (
        select(Submission.answers)
        .join(WorkItem, Submission.work_item_id == WorkItem.id)
        .where(*(column == getattr(item, column.key) for column in same))
        .where(WorkItem.person_id == item.person_id, WorkItem.organization_id == item.organization_id)
        .where(Submission.form_key == item.form_key)
        .order_by(Submission.at.desc())
    )
    return session.scalars(query).first()
