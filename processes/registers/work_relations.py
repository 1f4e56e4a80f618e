"""Who works with whom: a reviewer of the applicant's own employer is shown to those who decide."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.identity.models import PostHolding
from processes.registers.experts import Expert


def works_for(session: Session, person_id: UUID | None, organization_id: str | None) -> bool:
    """Whether a person holds a post at an organization, or is in the expert library as its employee."""
    if person_id is None or organization_id is None:
        return False
    holds = (PostHolding.person_id == person_id, PostHolding.organization_id == organization_id)
    known = (Expert.person_id == person_id, Expert.employer_id == organization_id)
    post = session.scalars(select(PostHolding.id).where(*holds).limit(1)).first()
    return bool(post or session.scalars(select(Expert.id).where(*known).limit(1)).first())
