"""What holds for some days only: units, organizations and posts, each from its first day to its last, both included."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, or_

from processes.identity.models import Organization, PostHolding, Unit


def valid_on(what: type[Organization] | type[PostHolding] | type[Unit], day: date) -> ColumnElement[bool]:
    """Whether it is valid on a day; without a first day it always was, without a last one it still is."""
    return and_(
        or_(what.valid_from.is_(None), what.valid_from <= day), or_(what.valid_to.is_(None), what.valid_to >= day)
    )
