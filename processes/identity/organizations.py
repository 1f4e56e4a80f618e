"""The organizations in which people work: their names, as letters and certificates print them, and when they exist."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from processes import audit, clock
from processes.errors import Invalid, NotAllowed, NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person, PostHolding, Unit
from processes.identity.validity import valid_on
from processes.messages import Message, message
from processes.sequences import next_number

MAY_CHANGE_ALL = ("administrator",)
MAY_KEEP_EMPLOYERS = ("administrator", "city_bureau.clerk")
"""Who sees every organization, adds employers and changes them."""
EMPLOYER = "employer"
KINDS: dict[str, Wording] = {
    "city_bureau": Wording("市规划自然资源局", "City bureau"),
    "hr_bureau": Wording("市人力社保局", "HR bureau"),
    "district_government": Wording("区县政府", "District government"),
    "district_bureau": Wording("区县规划自然资源局", "District bureau"),
    EMPLOYER: Wording("所在单位", "Employer"),
}
"""The kinds of organizations, in the order of lists."""
LASTING = frozenset({"city_bureau", "hr_bureau"})
"""Kinds without a first or last day: the desk has no administrator without the city bureau."""
LONGEST_NAME = 100
SORTS: dict[str, ColumnElement[Any]] = {
    "name": Organization.name.expression,
    "kind": Organization.kind.expression,
    "unit": Unit.place.expression,
}
"""How the list may be sorted; a minus before the name turns the order around."""


@dataclass(frozen=True)
class OrganizationFilter:
    """Which organizations a list shows."""

    search: str = ""
    kind: str = ""
    unit_id: str = ""
    state: str = ""
    """`unconfirmed`, `unmanned`, `ended` or empty for all."""


@dataclass(frozen=True)
class Listed:
    """An organization with its unit and the number of people who hold a post at it today."""

    organization: Organization
    unit: Unit | None
    people: int


@dataclass(frozen=True)
class Given:
    """What an office says about an organization."""

    name: str
    name_en: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def listing(
    session: Session, actor: Actor, narrowed: OrganizationFilter, *, sort: str = "", offset: int = 0, limit: int = 20
) -> tuple[Sequence[Listed], int]:
    """Organizations, those of the city first, and how many there are in all."""
    actor.need(*MAY_KEEP_EMPLOYERS)
    wanted = (
        select(Organization, Unit, _people_at(clock.today()))
        .outerjoin(Unit, Organization.unit_id == Unit.id)
        .where(*_conditions(narrowed, clock.today()))
    )
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    usual = (Unit.place.is_not(None), Unit.place, Organization.kind, Organization.id)
    column = SORTS.get(sort.lstrip("-"))
    order = usual if column is None else (column.desc() if sort.startswith("-") else column, *usual)
    rows = session.execute(wanted.order_by(*order).offset(offset).limit(limit))
    return [Listed(*row) for row in rows], total


def _people_at(day: date) -> ColumnElement[int]:
    counted = select(func.count(PostHolding.person_id.distinct())).join(Person).where(
        PostHolding.organization_id == Organization.id,
        Person.disabled.is_(False),
        valid_on(PostHolding, day),
    )  # fmt: skip
    return counted.correlate(Organization).scalar_subquery()


def _conditions(narrowed: OrganizationFilter, day: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.search:
        columns = (Organization.name, Organization.name_en, Organization.id)
        found.append(or_(*(each.icontains(narrowed.search, autoescape=True) for each in columns)))
    if narrowed.kind:
        found.append(Organization.kind == narrowed.kind)
    if narrowed.unit_id:
        found.append(Organization.unit_id == narrowed.unit_id)
    if narrowed.state == "unconfirmed":
        found.append(Organization.confirmed.is_(False))
    elif narrowed.state == "ended":
        found.append(Organization.valid_to < day)
    elif narrowed.state == "unmanned":
        found += [valid_on(Organization, day), _people_at(day) == 0]
    return found


def unconfirmed_count(session: Session, actor: Actor) -> int:
    """How many names nobody has checked yet."""
    actor.need(*MAY_KEEP_EMPLOYERS)
    counted = select(func.count()).select_from(Organization).where(Organization.confirmed.is_(False))
    return session.scalar(counted) or 0


def unmanned_count(session: Session, actor: Actor) -> int:
    """How many have nobody today who could take in a letter or a task (第十条)."""
    actor.need(*MAY_KEEP_EMPLOYERS)
    empty = _conditions(OrganizationFilter(state="unmanned"), clock.today())
    return session.scalar(select(func.count()).select_from(Organization).where(*empty)) or 0


def organization(session: Session, actor: Actor, organization_id: str) -> Organization:
    """One organization, or `NotFound`."""
    actor.need(*MAY_KEEP_EMPLOYERS)
    found = session.get(Organization, organization_id)
    if found is None:
        raise NotFound(message("没有编号为“%(id)s”的单位。", id=organization_id))
    return found


def may_change(actor: Actor, organization: Organization) -> bool:
    """Whether the actor may change an organization: the clerk of the city bureau keeps employers alone."""
    if actor.is_system or actor.has(*MAY_CHANGE_ALL):
        return True
    return organization.kind == EMPLOYER and actor.has(*MAY_KEEP_EMPLOYERS)


def add_employer(session: Session, actor: Actor, given: Given) -> Organization:
    """Let people work at a further employer; its name was written by hand and needs no check."""
    actor.need(*MAY_KEEP_EMPLOYERS)
    given = _checked(session, EMPLOYER, given)
    made = Organization(id=_free_id(session), kind=EMPLOYER, confirmed=True, **vars(given))
    session.add(made)
    session.flush()
    audit.record(session, actor, "organization.add", f"organization:{made.id}", name=made.name)
    return made


def _free_id(session: Session) -> str:
    """The next id of an employer that none has, however the others came in."""
    while True:
        wanted = f"{EMPLOYER}:{next_number(session, EMPLOYER)}"
        if session.get(Organization, wanted) is None:
            return wanted


def change(session: Session, actor: Actor, organization_id: str, given: Given) -> Organization:
    """Correct what is said about an organization; a name that was written by hand is a checked one.

    Papers that were made already keep the name they were made with.
    """
    found = _to_change(session, actor, organization_id)
    given = _checked(session, found.kind, given, found)
    changed = {key: value for key, value in vars(given).items() if value != getattr(found, key)}
    if not changed:
        return found
    before = {f"{key}_before": getattr(found, key) for key in changed}
    for key, value in changed.items():
        setattr(found, key, value)
    found.confirmed = found.confirmed or "name" in changed
    session.flush()
    audit.record(session, actor, "organization.change", f"organization:{found.id}", **_interleaved(changed, before))
    return found


def _interleaved(changed: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    pairs = ((f"{key}_before", key) for key in changed)
    both = {**before, **changed}
    return {name: both[name] for pair in pairs for name in pair}


def confirm(session: Session, actor: Actor, organization_id: str) -> Organization:
    """Note that somebody has checked the name and found it right."""
    found = _to_change(session, actor, organization_id)
    if not found.confirmed:
        found.confirmed = True
        session.flush()
        audit.record(session, actor, "organization.confirm", f"organization:{found.id}", name=found.name)
    return found


def _to_change(session: Session, actor: Actor, organization_id: str) -> Organization:
    found = organization(session, actor, organization_id)
    if not may_change(actor, found):
        raise NotAllowed(message("您的岗位只能登记、修改报名人选的所在单位，其他单位由系统管理员办理。"))
    return found


def _checked(session: Session, kind: str, given: Given, of: Organization | None = None) -> Given:
    """What was given, tidied; `Invalid` with the field that is wrong."""
    name, name_en = (unicodedata.normalize("NFC", text).strip() for text in (given.name, given.name_en))
    for key, text in (("name", name), ("name_en", name_en)):
        if len(text) > LONGEST_NAME or not text.isprintable():
            raise _wrong(key, message("名称应为一行文字，不超过 %(count)s 字。", count=LONGEST_NAME))
    if not name:
        raise _wrong("name", message("请填写单位名称。"))
    if kind in LASTING and (given.valid_from or given.valid_to):
        raise _wrong("valid_to", message("市级机构不设起止日期。"))
    if given.valid_from and given.valid_to and given.valid_to < given.valid_from:
        raise _wrong("valid_to", message("终止日期不能早于起始日期。"))
    same = select(Organization.id).where(Organization.kind == kind, Organization.name == name)
    if session.scalar(same.where(Organization.id != of.id) if of else same) is not None:
        raise _wrong("name", message("已有名为“%(name)s”的单位。", name=name))
    return Given(name, name_en, given.valid_from, given.valid_to)


def _wrong(name: str, text: Message) -> Invalid:
    return Invalid(text, {name: text})
