"""What may be chosen in the columns of several imports: organizations, units, people's posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.errors import Invalid, NotFound
from processes.forms.wording import Option, Wording
from processes.identity import people
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person, Unit
from processes.identity.validity import valid_on
from processes.messages import message
from processes.registers.importing.sheets import Offered, Values


def organizations_of(*kinds: str) -> Offered:
    """The organizations of some kinds that exist today, or all of them."""

    def offered(session: Session, actor: Actor) -> Sequence[Option]:
        today = clock.today()
        known = select(Organization).where(
            valid_on(Organization, today),
        )
        if kinds:
            known = known.where(Organization.kind.in_(kinds))
        listed = session.scalars(known.order_by(Organization.kind, Organization.name, Organization.id))
        return [Option(each.id, Wording(each.name, each.name_en)) for each in listed]

    return offered


def every_unit(session: Session, actor: Actor) -> Sequence[Option]:
    """All units, those that were abolished among them."""
    return [_unit(each) for each in session.scalars(select(Unit).order_by(Unit.place, Unit.id))]


def _unit(unit: Unit) -> Option:
    return Option(unit.id, Wording(unit.name, unit.name_en))


def options_of(words: Mapping[str, Wording]) -> tuple[Option, ...]:
    """The values of a register and what people call them."""
    return tuple(Option(value, said) for value, said in words.items())


def person_named(session: Session, values: Values) -> Person:
    """Whose log-in name a row gives; the name beside it must be the same person's."""
    try:
        found = people.person_by_login(session, values["login"])
    except NotFound as missing:
        raise Invalid(missing.text, {"login": missing.text}) from missing
    if found.name != values["name"]:
        problem = message("登录名“%(login)s”的姓名是“%(name)s”，与表中不符。", login=found.login, name=found.name)
        raise Invalid(problem, {"name": problem})
    return found
