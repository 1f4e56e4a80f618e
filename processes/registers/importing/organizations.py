"""机构: employers that are added, and names that are corrected, many at once."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.forms.wording import Wording
from processes.identity import organizations
from processes.identity.actor import Actor
from processes.identity.models import Organization
from processes.identity.organizations import EMPLOYER, LONGEST_NAME, MAY_KEEP_EMPLOYERS, Given
from processes.registers.importing.sheets import Import, SheetColumn, Values

_FACTS = ("name", "name_en", "valid_from", "valid_to")


def _standing(session: Session, actor: Actor, values: Values) -> Values | None:
    found = _found(session, actor, values)
    return None if found is None else {"id": found.id, **{key: getattr(found, key) for key in _FACTS}}


def _found(session: Session, actor: Actor, values: Values) -> Organization | None:
    """The organization of a row: by its number, or an employer by its name."""
    if "id" in values:
        return organizations.organization(session, actor, values["id"])
    same = select(Organization).where(Organization.kind == EMPLOYER, Organization.name == values["name"])
    return session.scalars(same).first()


def _carry_out(session: Session, actor: Actor, values: Values) -> None:
    found = _found(session, actor, values)
    if found is None:
        organizations.add_employer(session, actor, Given(**{key: values[key] for key in _FACTS if key in values}))
        return
    given = {key: values.get(key, getattr(found, key)) for key in _FACTS}
    organizations.change(session, actor, found.id, Given(**given))


def _present(session: Session, actor: Actor) -> Iterable[Values]:
    """The organizations that the reader may change."""
    for each in session.scalars(select(Organization).order_by(Organization.kind, Organization.id)):
        if organizations.may_change(actor, each):
            yield {"id": each.id, **{key: getattr(each, key) for key in _FACTS}}


ORGANIZATIONS = Import(
    "organizations",
    Wording("机构", "Organizations"),
    Wording(
        "编号留空的登记为新的所在单位；填写编号的更正该单位的名称和起止日期，更正的名称视为已核对。",
        "A row without a number is a new employer; one with a number corrects that organization.",
    ),
    MAY_KEEP_EMPLOYERS,
    (
        SheetColumn("id", Wording("编号", "Number"), longest=60,
                    hint=Wording("如 employer:1；新单位留空", "E.g. employer:1; empty for a new one")),
        SheetColumn("name", Wording("名称", "Name"), required=True, longest=LONGEST_NAME),
        SheetColumn("name_en", Wording("英文名称", "English name"), longest=LONGEST_NAME),
        SheetColumn("valid_from", Wording("起", "From"), "day"),
        SheetColumn("valid_to", Wording("止", "Until"), "day"),
    ),
    ("id", "name"),
    _standing,
    _carry_out,
    present=_present,
)  # fmt: skip
"""Organizations."""
