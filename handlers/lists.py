"""Lists that forms offer to choose from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from handlers.registry import names, options
from processes import clock
from processes.forms.wording import Option, Wording
from processes.identity.models import Organization, Person
from processes.identity.units import units_on
from processes.registers.application_statuses import ApplicationStatus
from processes.registers.applications import Application, applications_of, selectable_applications
from processes.registers.letters import Letter
from processes.registers.nominations import CURRENT, Nomination, nominations_of
from processes.registers.switches import readings_on

Variables = Mapping[str, Any]
NO_CERTIFICATE = "无"
CERTIFICATES: Mapping[str, Wording] = {
    "注册城市规划师": Wording("注册城市规划师", "Registered urban planner"),
    "注册城乡规划师": Wording("注册城乡规划师", "Registered urban and rural planner"),
    NO_CERTIFICATE: Wording(NO_CERTIFICATE, "None"),
}
"""Names of qualifications in both languages; others are named as the bureaus enter them."""


@options("units")
def units(session: Session, variables: Variables) -> Sequence[Option]:
    """The units served today."""
    return [Option(unit.id, Wording(unit.name, unit.name_en)) for unit in units_on(session, clock.today())]


@options("people")
def people(session: Session, variables: Variables) -> Sequence[Option]:
    """Everybody who may log in."""
    known = select(Person).where(Person.disabled.is_(False)).order_by(Person.name, Person.login)
    return [Option(str(person.id), person.name) for person in session.scalars(known)]


@options("organizations")
def organizations(session: Session, variables: Variables) -> Sequence[Option]:
    """All bureaus, governments and employers that exist today."""
    return _organizations(session)


@options("employers")
def employers(session: Session, variables: Variables) -> Sequence[Option]:
    """The employers from which planners come."""
    return _organizations(session, "employer")


@options("planner_certificates")
def planner_certificates(session: Session, variables: Variables) -> Sequence[Option]:
    """The planner's qualifications that are accepted today, and none (第四条(二))."""
    accepted = readings_on(session).items("eligibility.cert")
    return [Option(each, CERTIFICATES.get(each, each)) for each in (*accepted, NO_CERTIFICATE)]


def _organizations(session: Session, *kinds: str) -> Sequence[Option]:
    going_on = or_(Organization.valid_to.is_(None), Organization.valid_to >= clock.today())
    known = select(Organization).where(going_on).order_by(Organization.kind, Organization.name, Organization.id)
    if kinds:
        known = known.where(Organization.kind.in_(kinds))
    return [Option(each.id, Wording(each.name, each.name_en)) for each in session.scalars(known)]


@options("candidates")
def candidates(session: Session, variables: Variables) -> Sequence[Option]:
    """The people of the round whom the panel may name, by application."""
    round_id = _id(variables.get("round_id"))
    listed = selectable_applications(session, round_id) if round_id else []
    return [Option(str(each.id), _candidate(each)) for each in listed]


def _candidate(application: Application) -> str:
    return f"{application.name}（{application.employer_name or application.number}）"


@names("candidates", "applicants")
def application_names(session: Session, values: Collection[str]) -> Mapping[str, str]:
    """The people chosen, whatever has become of their applications since."""
    chosen = select(Application).options(joinedload(Application.employer)).where(Application.id.in_(_ids(values)))
    return {str(each.id): _candidate(each) for each in session.scalars(chosen)}


@options("applicants")
def applicants(session: Session, variables: Variables) -> Sequence[Option]:
    """Everybody who has applied in the round, by application."""
    round_id = _id(variables.get("round_id"))
    listed = applications_of(session, round_id) if round_id else []
    sent = [each for each in listed if each.status != ApplicationStatus.DRAFT]
    return [Option(str(each.id), f"{each.name}（{each.number}）") for each in sent]


@options("nominees")
def nominees(session: Session, variables: Variables) -> Sequence[Option]:
    """The people of the letter, where the case has one; else all who stand in the round, by nomination."""
    party = variables.get("party")
    letter_id = _id(party.get("letter_id")) if isinstance(party, Mapping) else None
    letter = session.get(Letter, letter_id) if letter_id else None
    if letter is not None:
        return [_nominee(each.nomination) for each in letter.nominations]
    round_id = _id(variables.get("round_id"))
    return [_nominee(each) for each in nominations_of(session, round_id, *CURRENT)] if round_id else []


def _nominee(nomination: Nomination) -> Option:
    return Option(str(nomination.id), f"{nomination.application.name}（{nomination.post.label}）")


@names("nominees")
def nomination_names(session: Session, values: Collection[str]) -> Mapping[str, str]:
    """The nominations chosen, whether or not they still stand."""
    chosen = select(Nomination).where(Nomination.id.in_(_ids(values)))
    return {option.value: option.text("zh") for option in map(_nominee, session.scalars(chosen))}


def _ids(values: Collection[str]) -> list[UUID]:
    return [found for found in map(_id, values) if found]


def _id(value: Any) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None
